//! Conflicts that runs found and kept, and what became of them: for the monthly report.

use std::collections::HashMap;

use clearing::Reason;
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Stored, Transaction};

/// Open conflicts of one calendar that are kept at most; further ones are not counted.
pub const MAX_OPEN: usize = 10_000;
/// Rows that one statement writes at most.
const AT_ONCE: usize = 200;

facts::words! {
    /// How a kept conflict ended.
    pub enum ConflictEnd {
        /// A run removed the event after all.
        Removed = "removed",
        /// Before it took place, it was no conflict any more: somebody moved or deleted one of the events.
        Settled = "settled",
        /// It took place beside the other event.
        Over = "over",
    }
}

/// An occurrence that is kept although it overlaps a stronger event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptConflict {
    /// The UID of its event.
    pub uid: String,
    /// Its original start, in seconds since 1970, like all moments here.
    pub original: i64,
    /// When it begins.
    pub starts_at: i64,
    /// When it ends, exclusive.
    pub ends_at: i64,
    /// Why it is kept.
    pub reason: Reason,
}

/// A kept conflict that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OpenConflict {
    /// Its id.
    pub id: i64,
    /// The [`key`] of its UID.
    pub uid: String,
    /// Its original start.
    pub original: i64,
    /// When it begins.
    pub starts_at: i64,
    /// When it ends, exclusive.
    pub ends_at: i64,
    /// Why the last run kept it.
    pub reason: Stored<Reason>,
}

/// The form in which a UID stands in the table.
pub fn key(uid: &str) -> String {
    sql::uid_key(uid)
}

/// The open conflicts of a calendar, at most [`MAX_OPEN`].
///
/// # Errors
///
/// When the database fails.
pub async fn open(access: &impl Access, calendar: CalendarId) -> Result<Vec<OpenConflict>> {
    let sql = "SELECT id, uid, original, starts_at, ends_at, reason FROM kept_conflicts \
               WHERE calendar_id = $1 AND ended_at IS NULL ORDER BY uid, original LIMIT $2";
    sql::all(access, sql, values![calendar, MAX_OPEN as i64]).await
}

/// Records conflicts that a run found for the first time.
///
/// # Errors
///
/// When the database fails.
pub async fn begin(
    transaction: &Transaction,
    calendar: CalendarId,
    found: &[KeptConflict],
    now: i64,
) -> Result<()> {
    for part in found.chunks(AT_ONCE) {
        let sql = format!(
            "INSERT INTO kept_conflicts (calendar_id, uid, original, starts_at, ends_at, reason, found_at) \
             VALUES {} ON CONFLICT DO NOTHING",
            sql::rows(part.len(), 7)
        );
        let values = part.iter().flat_map(|it| {
            let reason = it.reason.as_str().to_owned();
            values![calendar, key(&it.uid), it.original, it.starts_at, it.ends_at, reason, now]
        });
        sql::run(transaction, &sql, values.collect()).await?;
    }
    Ok(())
}

/// Records that an open conflict is now kept for another reason, or takes place at another time.
///
/// # Errors
///
/// When the database fails.
pub async fn change(transaction: &Transaction, id: i64, it: &KeptConflict) -> Result<()> {
    let sql = "UPDATE kept_conflicts SET starts_at = $2, ends_at = $3, reason = $4 WHERE id = $1";
    let values = values![id, it.starts_at, it.ends_at, it.reason.as_str().to_owned()];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Records that open conflicts have ended.
///
/// # Errors
///
/// When the database fails.
pub async fn end(
    transaction: &Transaction,
    ids: &[i64],
    outcome: ConflictEnd,
    now: i64,
) -> Result<()> {
    for part in ids.chunks(AT_ONCE) {
        let ids: Vec<String> = part.iter().map(i64::to_string).collect();
        let sql = format!(
            "UPDATE kept_conflicts SET ended_at = $1, outcome = $2 \
             WHERE ended_at IS NULL AND id IN ({})",
            ids.join(", ")
        );
        sql::run(transaction, &sql, values![now, outcome.as_str().to_owned()]).await?;
    }
    Ok(())
}

/// What became of the conflicts of a calendar in some time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConflictCounts {
    /// Occurrences that were removed for an overlap.
    pub removed: i64,
    /// Cancelled objects that were deleted.
    pub leftovers: i64,
    /// Removed occurrences that were restored, whenever they were removed.
    pub restored: i64,
    /// Conflicts that were first kept.
    pub kept_first: i64,
    /// Those of the removed ones that had been kept before.
    pub removed_later: i64,
    /// Kept conflicts that were no conflicts any more before they took place.
    pub settled: i64,
    /// Kept conflicts that took place, or are open at the end, by the last reason.
    pub kept: Vec<(Reason, i64)>,
}

/// What became of the conflicts of all calendars in `[start, end)`; calendars without any are left out.
///
/// # Errors
///
/// When the database fails.
pub async fn counts(
    access: &impl Access,
    (start, end): (i64, i64),
) -> Result<HashMap<CalendarId, ConflictCounts>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
        word: String,
        reason: Option<Stored<Reason>>,
        number: i64,
    }
    // Each reads an interval of an index of times. A CROSS JOIN keeps SQLite to that: it would begin with all removals of
    // a kind otherwise, and with all changes where it groups by their calendar first.
    const QUERIES: [&str; 5] = [
        "SELECT calendar_id, kind AS word, NULL AS reason, COUNT(*) AS number \
         FROM changes CROSS JOIN removals \
         WHERE change_id = changes.id AND made_at >= $1 AND made_at < $2 AND state = 'done' \
           AND kind IN ('deleted overlapping', 'cancelled overlapping', 'deleted cancelled') \
         GROUP BY kind, calendar_id",
        "SELECT calendar_id, 'restored' AS word, NULL AS reason, COUNT(*) AS number \
         FROM removals JOIN changes ON changes.id = change_id \
         WHERE restored_at >= $1 AND restored_at < $2 GROUP BY calendar_id",
        "SELECT calendar_id, 'found' AS word, NULL AS reason, COUNT(*) AS number \
         FROM kept_conflicts WHERE found_at >= $1 AND found_at < $2 GROUP BY calendar_id",
        "SELECT calendar_id, outcome AS word, reason, COUNT(*) AS number FROM kept_conflicts \
         WHERE ended_at >= $1 AND ended_at < $2 GROUP BY calendar_id, outcome, reason",
        "SELECT calendar_id, 'open' AS word, reason, COUNT(*) AS number FROM kept_conflicts \
         WHERE found_at < $2 AND (ended_at IS NULL OR ended_at >= $2) AND ends_at >= $1 \
         GROUP BY calendar_id, reason",
    ];
    let mut found: HashMap<CalendarId, ConflictCounts> = HashMap::new();
    for sql in QUERIES {
        for row in sql::all::<Row>(access, sql, values![start, end]).await? {
            let counts = found.entry(row.calendar_id).or_default();
            match (row.word.as_str(), row.reason) {
                ("deleted cancelled", _) => counts.leftovers += row.number,
                ("deleted overlapping" | "cancelled overlapping", _) => {
                    counts.removed += row.number;
                }
                ("restored", _) => counts.restored += row.number,
                ("found", _) => counts.kept_first += row.number,
                ("removed", _) => counts.removed_later += row.number,
                ("settled", _) => counts.settled += row.number,
                (_, Some(Stored(reason))) => counts.keep(reason, row.number),
                (_, None) => {}
            }
        }
    }
    Ok(found)
}

impl ConflictCounts {
    fn keep(&mut self, reason: Reason, number: i64) {
        match self.kept.iter_mut().find(|(it, _)| *it == reason) {
            Some((_, sum)) => *sum += number,
            None => self.kept.push((reason, number)),
        }
    }
}
