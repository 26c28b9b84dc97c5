//! The sync state of a calendar on a CalDAV server. The mirrored objects are in [`crate::objects`].
//!
//! These rows are separate from those of [`crate::calendars`], so that writing the sync state does
//! not wait for changes of the calendar's content. A transaction that writes both locks the
//! calendar first.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, DatabaseKind, Result, Transaction};

/// The state of a mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Mirror {
    /// The server's sync-token of the mirrored state (RFC 6578), if it has one.
    pub sync_token: Option<String>,
    /// The server's ctag, on servers without sync-collection.
    pub ctag: Option<String>,
    /// When the mirror was last known to match the server, in seconds since 1970; `None` before the
    /// first fetch is complete.
    pub synced_at: Option<i64>,
    /// The number of objects that the first fetch has read.
    pub fetched: Option<i64>,
    /// The total number of objects of the first fetch.
    pub to_fetch: Option<i64>,
    /// The number of objects when the state was last written.
    pub mirrored: i64,
    /// The number of objects whose version was unknown then.
    pub unread: i64,
    /// The number of syncs; 0 before the first fetch is complete.
    pub generation: i64,
    /// When the last look at the whole content began, in seconds since 1970: what it did not see
    /// did not exist then. `None` before the first one is complete.
    pub listed_at: Option<i64>,
    /// The number of looks at the whole content.
    pub looks: i64,
    /// When it was last compared with the server's complete list of ETags, in seconds since 1970.
    pub audited_at: Option<i64>,
    /// The number of objects that differed then.
    pub audit_found: i64,
    /// The number of doubts about the mirror.
    pub doubts: i64,
    /// The number of doubts that a comparison has resolved.
    pub doubts_ended: i64,
}

impl Mirror {
    /// Whether it has to be compared with the server's complete list of ETags before it is used.
    pub fn is_in_doubt(&self) -> bool {
        self.doubts > self.doubts_ended
    }
}

/// The state of a calendar's mirror; `None` if there is no such calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn state(access: &impl Access, id: CalendarId) -> Result<Option<Mirror>> {
    let sql = "SELECT sync_token, ctag, synced_at, fetched, to_fetch, mirrored, unread, \
               generation, listed_at, looks, audited_at, audit_found, doubts, doubts_ended \
               FROM calendar_sync WHERE calendar_id = $1";
    sql::one(access, sql, values![id]).await
}

/// The state of the server that a mirror matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The server's sync-token.
    pub sync_token: Option<String>,
    /// The server's ctag.
    pub ctag: Option<String>,
}

/// Locks the state, so that the next count includes those of other transactions. On SQLite, the
/// transaction is already such a lock.
async fn hold(transaction: &Transaction, id: CalendarId) -> Result<()> {
    if transaction.kind() == DatabaseKind::Postgres {
        let sql = "SELECT calendar_id FROM calendar_sync WHERE calendar_id = $1 FOR UPDATE";
        sql::value::<i64>(transaction, sql, values![id]).await?;
    }
    Ok(())
}

/// Records that the mirror matches the server as seen by a look that began at a moment and has
/// ended now, unless its state is no longer `from`; returns whether it still was.
///
/// # Errors
///
/// When the database fails.
pub async fn advance(
    transaction: &Transaction,
    id: CalendarId,
    from: &Mirror,
    to: &Mark,
    (begun, now): (i64, i64),
) -> Result<bool> {
    hold(transaction, id).await?;
    let sql = "UPDATE calendar_sync SET sync_token = $3, ctag = $4, synced_at = $5, listed_at = $6, \
               fetched = NULL, \
               to_fetch = NULL, generation = generation + 1, looks = looks + 1, \
               mirrored = (SELECT COUNT(*) FROM objects WHERE calendar_id = $1), \
               unread = (SELECT COUNT(*) FROM objects WHERE calendar_id = $1 AND etag = '') \
               WHERE calendar_id = $1 AND generation = $2";
    let values = values![id, from.generation, to.sync_token.clone(), to.ctag.clone(), now, begun];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Records that a look that began at a moment saw nothing new, unless the state has changed
/// meanwhile.
///
/// # Errors
///
/// When the database fails.
pub async fn note_look(
    transaction: &Transaction,
    id: CalendarId,
    from: &Mirror,
    begun: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_sync SET looks = looks + 1, \
               listed_at = CASE WHEN listed_at < $3 THEN $3 ELSE listed_at END \
               WHERE calendar_id = $1 AND generation = $2 AND listed_at IS NOT NULL";
    sql::run(transaction, sql, values![id, from.generation, begun]).await?;
    Ok(())
}

/// Whether a mirror is still in the state that was read; its objects are counted anew. For parts of
/// a sync.
///
/// # Errors
///
/// When the database fails.
pub async fn is_current(transaction: &Transaction, id: CalendarId, from: &Mirror) -> Result<bool> {
    hold(transaction, id).await?;
    let sql = "UPDATE calendar_sync SET \
               mirrored = (SELECT COUNT(*) FROM objects WHERE calendar_id = $1) \
               WHERE calendar_id = $1 AND generation = $2";
    Ok(sql::run(transaction, sql, values![id, from.generation]).await? > 0)
}

/// Records that our own change added or removed a number of objects.
///
/// # Errors
///
/// When the database fails.
pub async fn count_change(transaction: &Transaction, id: CalendarId, by: i64) -> Result<()> {
    let sql = "UPDATE calendar_sync SET mirrored = mirrored + $2 WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, by]).await?;
    Ok(())
}

/// Records that an object without a known version was written, outside of [`advance`].
///
/// # Errors
///
/// When the database fails.
pub async fn count_unread(transaction: &Transaction, id: CalendarId) -> Result<()> {
    let sql = "UPDATE calendar_sync SET unread = unread + 1 WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}

/// Records the progress of the first fetch: the number of objects that were read, and the total.
///
/// # Errors
///
/// When the database fails.
pub async fn set_progress(
    transaction: &Transaction,
    id: CalendarId,
    fetched: i64,
    to_fetch: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_sync SET fetched = $2, to_fetch = $3 WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, fetched, to_fetch]).await?;
    Ok(())
}

/// Records a comparison with the server's complete list of ETags, and the number of objects that
/// differed. It resolves the doubts that existed in the state `from`, in which it was made, and
/// none that arose since.
///
/// # Errors
///
/// When the database fails.
pub async fn set_audited(
    transaction: &Transaction,
    id: CalendarId,
    from: &Mirror,
    now: i64,
    found: i64,
) -> Result<()> {
    let sql = "UPDATE calendar_sync SET audited_at = $2, audit_found = $3, \
               doubts_ended = CASE WHEN doubts_ended < $4 THEN $4 ELSE doubts_ended END \
               WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, now, found, from.doubts]).await?;
    Ok(())
}

/// Records a doubt about the mirror, until it is compared with the server's complete list of ETags.
///
/// # Errors
///
/// When the database fails.
pub async fn doubt(transaction: &Transaction, id: CalendarId) -> Result<()> {
    let sql = "UPDATE calendar_sync SET doubts = doubts + 1 WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}

/// Resets the state: the next look compares all objects with the server. Objects and the metadata
/// of their UIDs stay.
///
/// # Errors
///
/// When the database fails.
pub async fn distrust(transaction: &Transaction, id: CalendarId) -> Result<()> {
    let sql = "UPDATE calendar_sync SET sync_token = NULL, ctag = NULL, synced_at = NULL \
               WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}
