//! The sync state of a calendar on a CalDAV server: how far its mirror is. The mirrored objects are in
//! [`crate::objects`].
//!
//! These rows are apart from those of [`crate::calendars`], so that writing how far a mirror is waits for
//! nobody who changes the calendar's content. Who writes both locks the calendar first.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, DatabaseKind, Result, Transaction};

/// The state of a mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Mirror {
    /// What the server calls the state that is mirrored (RFC 6578), where it does.
    pub sync_token: Option<String>,
    /// Likewise, on servers without sync-collection.
    pub ctag: Option<String>,
    /// When it was last known to be the server's content, in seconds since 1970; `None` before the
    /// first fetch has ended.
    pub synced_at: Option<i64>,
    /// How many objects a first fetch has brought.
    pub fetched: Option<i64>,
    /// And of how many.
    pub to_fetch: Option<i64>,
    /// How many objects it held when it was last written.
    pub mirrored: i64,
    /// Of how many of them the version was not known.
    pub unread: i64,
    /// How often it was brought up to date; 0 before the first fetch has ended.
    pub generation: i64,
    /// When the last look at the whole content began, in seconds since 1970: what it did not see was not
    /// there then. `None` before the first has ended.
    pub listed_at: Option<i64>,
    /// How many looks at the whole content there were.
    pub looks: i64,
    /// When it was last compared with the server's whole list of ETags, in seconds since 1970.
    pub audited_at: Option<i64>,
    /// How many objects differed then.
    pub audit_found: i64,
    /// How often the mirror came to be in doubt.
    pub doubts: i64,
    /// How many of these doubts such a comparison has ended.
    pub doubts_ended: i64,
}

impl Mirror {
    /// Whether it has to be compared with the server's whole list of ETags before it is believed.
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

/// What a mirror that is the server's content now is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The server's sync-token.
    pub sync_token: Option<String>,
    /// The server's ctag.
    pub ctag: Option<String>,
}

/// Waits until nobody else writes the state, so that what is counted next includes what was counted there.
/// SQLite's transaction is such a lock already.
async fn hold(transaction: &Transaction, id: CalendarId) -> Result<()> {
    if transaction.kind() == DatabaseKind::Postgres {
        let sql = "SELECT calendar_id FROM calendar_sync WHERE calendar_id = $1 FOR UPDATE";
        sql::value::<i64>(transaction, sql, values![id]).await?;
    }
    Ok(())
}

/// Writes down that the mirror is the server's content as a look saw it that began at a moment and has
/// ended now, unless it has gone on from `from` meanwhile: whether it had not.
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

/// Writes down that a look that began at a moment saw nothing new, unless the mirror has gone on
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

/// Whether a mirror is still the one that was read, and how many objects it holds is counted anew: for a
/// part of the work of bringing it up to date.
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

/// Writes down that the mirror holds so many objects more, or fewer, by a change of ours.
///
/// # Errors
///
/// When the database fails.
pub async fn count_change(transaction: &Transaction, id: CalendarId, by: i64) -> Result<()> {
    let sql = "UPDATE calendar_sync SET mirrored = mirrored + $2 WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id, by]).await?;
    Ok(())
}

/// Writes down that an object whose version is not known was written, past [`advance`].
///
/// # Errors
///
/// When the database fails.
pub async fn count_unread(transaction: &Transaction, id: CalendarId) -> Result<()> {
    let sql = "UPDATE calendar_sync SET unread = unread + 1 WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}

/// Writes down how far a first fetch is: so many objects of so many.
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

/// Writes down that the mirror was compared with the server's whole list of ETags, and how many objects
/// differed. That ends the doubts that there were in the state `from`, which it was compared in, and none
/// that came up since.
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

/// Writes down that the mirror is in doubt, until it was compared with the server's whole list of ETags.
///
/// # Errors
///
/// When the database fails.
pub async fn doubt(transaction: &Transaction, id: CalendarId) -> Result<()> {
    let sql = "UPDATE calendar_sync SET doubts = doubts + 1 WHERE calendar_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}

/// Forgets what the mirror is known by: the next look compares all objects of the server with it.
/// Objects, and what is known of their UIDs, stay.
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
