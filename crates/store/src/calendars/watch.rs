//! Watched calendars: which there are, and what their mirrors were like at the last sync.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, AccountId, CalendarId, Result, Transaction};

/// A calendar that is watched.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Watched {
    /// Its id.
    pub id: CalendarId,
    /// The account by which it is accessed.
    pub account_id: AccountId,
    /// The address of its collection.
    pub collection_url: String,
    /// How often it is looked at, in seconds.
    pub watch_seconds: i64,
}

/// All calendars that are watched.
///
/// # Errors
///
/// When the database fails.
pub async fn watched(access: &impl Access) -> Result<Vec<Watched>> {
    let sql = "SELECT id, account_id, collection_url, watch_seconds FROM calendars \
               WHERE watch_seconds IS NOT NULL AND account_id IS NOT NULL \
                 AND collection_url IS NOT NULL ORDER BY id";
    sql::all(access, sql, Vec::new()).await
}

/// What is known of a watched calendar.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WatchedState {
    /// Its id.
    pub id: CalendarId,
    /// The address of its collection.
    pub collection_url: String,
    /// The state of its mirror; neither is known before the first sync.
    pub sync_token: Option<String>,
    /// The same on servers without sync-collection.
    pub ctag: Option<String>,
    /// Whether the mirror is to be compared with the whole calendar.
    pub is_in_doubt: bool,
    /// Whether a change was noted already.
    pub is_changed: bool,
    /// Since when its runs have failed.
    pub failing_since: Option<i64>,
    /// When its last run by schedule began.
    pub last_scheduled_at: Option<i64>,
    /// The minutes between two runs by a schedule of its own.
    pub schedule_minutes: Option<i64>,
    /// When its mirror was last compared with the whole calendar.
    pub audited_at: Option<i64>,
}

/// What is known of the watched calendars of an account.
///
/// # Errors
///
/// When the database fails.
pub async fn watched_states(access: &impl Access, account: AccountId) -> Result<Vec<WatchedState>> {
    let sql = "SELECT id, collection_url, sync_token, ctag, doubts > doubts_ended AS is_in_doubt, \
                 is_changed, failing_since, last_scheduled_at, schedule_minutes, audited_at \
               FROM calendars JOIN calendar_sync ON calendar_sync.calendar_id = id \
                 JOIN calendar_health ON calendar_health.calendar_id = id \
               WHERE watch_seconds IS NOT NULL AND account_id = $1 AND collection_url IS NOT NULL \
               ORDER BY id";
    sql::all(access, sql, values![account]).await
}

/// Notes that calendars have changed: they are due.
///
/// # Errors
///
/// When the database fails.
pub async fn set_changed(transaction: &Transaction, ids: &[CalendarId]) -> Result<()> {
    let sql = "UPDATE calendar_health SET is_changed = TRUE WHERE calendar_id = $1";
    for id in ids {
        sql::run(transaction, sql, values![*id]).await?;
    }
    Ok(())
}
