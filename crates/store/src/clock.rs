//! Moments that a clock wrote that was ahead. They count as none: where they would hold something up for as long as
//! the clock was wrong, they are replaced by the present.
//!
//! Leases and turns use the database's clock and bound themselves ([`crate::leases::MAX_SECONDS`],
//! [`crate::calendars::MAX_TURN_SECONDS`]).

use crate::sql::{self, values};
use crate::{Access, Result, Transaction};

/// How far ahead of the present a moment may lie before it counts as none, in seconds: the clocks of two machines
/// differ.
pub const MAX_AHEAD: i64 = 300;
/// The longest time for which something of the outbox is put off, in seconds: a day, for messages about a series.
const MAX_PUT_OFF: i64 = 86_400;
/// The longest time for which a session or a one-time link is good, in seconds: a week.
const MAX_VALID: i64 = 7 * 86_400;
/// The longest pause of a server, in seconds.
const MAX_PAUSE: i64 = 3_600;
/// The length of a step of the second factor (RFC 6238), in seconds.
const STEP: i64 = 30;

/// A column with moments, and what is done about one that lies in the future.
struct Column {
    table: &'static str,
    column: &'static str,
    /// How far ahead it lies when nothing is wrong, in seconds.
    ahead: i64,
    mend: Mend,
}

/// What is done about a moment in the future.
enum Mend {
    /// It becomes the present.
    Now,
    /// It becomes none.
    None,
    /// Its row goes: what it allows was allowed by a wrong clock.
    Delete,
}

impl Column {
    /// The latest moment that may be, in seconds since 1970.
    fn latest(&self, now: i64) -> i64 {
        now.saturating_add(self.ahead).saturating_add(MAX_AHEAD)
    }
}

const fn now(table: &'static str, column: &'static str) -> Column {
    Column { table, column, ahead: 0, mend: Mend::Now }
}

/// What a process does next, or keeps from doing, goes by these. Others are only shown.
const COLUMNS: [Column; 46] = [
    Column { table: "outbox", column: "due_at", ahead: MAX_PUT_OFF, mend: Mend::Now },
    Column { table: "outbox", column: "tried_at", ahead: 0, mend: Mend::None },
    now("outbox", "created_at"),
    now("outbox", "first_tried_at"),
    now("outbox", "admitted_at"),
    now("test_messages", "admitted_at"),
    Column { table: "webhooks", column: "due_at", ahead: MAX_PUT_OFF, mend: Mend::Now },
    Column { table: "webhooks", column: "tried_at", ahead: 0, mend: Mend::None },
    now("webhooks", "created_at"),
    now("announced", "announced_at"),
    now("pending_removals", "made_at"),
    now("pending_removals", "warned_at"),
    now("pending_removals", "ended_at"),
    Column { table: "pending_removals", column: "tried_at", ahead: 0, mend: Mend::None },
    now("kept_conflicts", "found_at"),
    now("kept_conflicts", "ended_at"),
    now("monthly_reports", "made_at"),
    now("scheduled_backups", "tried_at"),
    now("scheduled_backups", "made_at"),
    now("changes", "made_at"),
    now("runs", "started_at"),
    now("runs", "finished_at"),
    Column { table: "calendar_health", column: "last_scheduled_at", ahead: 0, mend: Mend::None },
    Column { table: "calendar_health", column: "scan_tried_at", ahead: 0, mend: Mend::None },
    now("calendar_health", "scanned_at"),
    now("calendar_health", "cleared_at"),
    now("calendar_health", "failing_since"),
    Column { table: "calendar_sync", column: "audited_at", ahead: 0, mend: Mend::None },
    now("calendar_sync", "listed_at"),
    now("calendar_sync", "synced_at"),
    now("uid_metadata", "first_seen"),
    now("uid_metadata", "vanished_at"),
    now("uid_metadata", "absent_at"),
    now("uid_metadata", "ended_at"),
    Column { table: "uid_metadata", column: "author_asked_at", ahead: 0, mend: Mend::None },
    now("token_bindings", "bound_at"),
    now("token_bindings", "gone_at"),
    now("idempotency_keys", "created_at"),
    now("retention", "backlog_since"),
    now("api_keys", "last_used_at"),
    now("users", "browsers_forgotten_at"),
    now("users", "removed_at"),
    now("calendars", "removed_at"),
    Column { table: "server_pauses", column: "until_at", ahead: MAX_PAUSE, mend: Mend::Delete },
    Column { table: "sessions", column: "expires_at", ahead: MAX_VALID, mend: Mend::Delete },
    Column { table: "one_time_links", column: "expires_at", ahead: MAX_VALID, mend: Mend::Delete },
];

/// Steps and days of the same clock: table, column, seconds in one.
const UNITS: [(&str, &str, i64); 2] =
    [("second_factors", "last_step", STEP), ("api_key_events", "day", 86_400)];

/// The moments of a column that lie in the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// In how many rows.
    pub rows: u64,
}

/// All moments that lie more than [`MAX_AHEAD`] after `now` (seconds since 1970), or further ahead than they can.
///
/// # Errors
///
/// When the database fails.
pub async fn ahead(access: &impl Access, now: i64) -> Result<Vec<Ahead>> {
    let columns = COLUMNS.iter().map(|it| (it.table, it.column, it.latest(now)));
    let units = UNITS.map(|(table, column, unit)| (table, column, (now + MAX_AHEAD) / unit));
    let mut found = Vec::new();
    for (table, column, latest) in columns.chain(units) {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} > $1");
        let rows: Option<i64> = sql::value(access, &sql, values![latest]).await?;
        let rows = u64::try_from(rows.unwrap_or_default()).unwrap_or_default();
        found.push(Ahead { table, column, rows });
    }
    found.retain(|it| it.rows > 0);
    Ok(found)
}

/// Mends what [`ahead`] finds; returns what was mended.
///
/// # Errors
///
/// When the database fails.
pub async fn mend(transaction: &Transaction, now: i64) -> Result<Vec<Ahead>> {
    let mut mended = Vec::new();
    // It was given up by a clock that was ahead: as too old, or after too many days.
    let sql = "UPDATE outbox SET state = 'waiting', due_at = $1, attempts = 0, first_tried_at = NULL, detail = NULL \
               WHERE state = 'failed' AND tried_at > $2";
    let rows = sql::run(transaction, sql, values![now, now.saturating_add(MAX_AHEAD)]).await?;
    mended.push(Ahead { table: "outbox", column: "state", rows });
    for it in &COLUMNS {
        let Column { table, column, .. } = *it;
        // PostgreSQL wants to know the type of every parameter that it is given.
        let (sql, values) = match it.mend {
            Mend::Now => (
                format!("UPDATE {table} SET {column} = $1 WHERE {column} > $2"),
                values![now, it.latest(now)],
            ),
            Mend::None => (
                format!("UPDATE {table} SET {column} = NULL WHERE {column} > $1"),
                values![it.latest(now)],
            ),
            Mend::Delete => {
                (format!("DELETE FROM {table} WHERE {column} > $1"), values![it.latest(now)])
            }
        };
        mended.push(Ahead { table, column, rows: sql::run(transaction, &sql, values).await? });
    }
    for (table, column, unit) in UNITS {
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE {column} > $2");
        let values = values![now / unit, (now + MAX_AHEAD) / unit];
        mended.push(Ahead { table, column, rows: sql::run(transaction, &sql, values).await? });
    }
    mended.retain(|it| it.rows > 0);
    Ok(mended)
}

/// The present by the database's clock, in seconds since 1970.
///
/// # Errors
///
/// When the database fails.
pub async fn of_database(access: &impl Access) -> Result<i64> {
    let sql = format!("SELECT {}", access.now());
    let now = sql::value(access, &sql, Vec::new()).await?;
    now.ok_or_else(|| crate::Error::Damaged("no present".to_owned()))
}
