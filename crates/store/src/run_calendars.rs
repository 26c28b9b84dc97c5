//! The outcome of a run for each of its calendars.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, RunId, Stored, Transaction};

facts::words! {
    /// The outcome of a run on a calendar.
    pub enum RunOutcome {
        /// Everything was done.
        Cleared = "cleared",
        /// Some events were left that need attention.
        Left = "left",
        /// It reached the safety limit.
        Limit = "limit",
        /// It failed.
        Failed = "failed",
    }
}

/// The outcome of a run on a calendar, to insert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRunCalendar {
    /// The calendar.
    pub calendar: CalendarId,
    /// The outcome.
    pub outcome: RunOutcome,
    /// The number of events that were left, or that exceed the safety limit.
    pub events: i64,
    /// Why it failed.
    pub detail: Option<String>,
}

/// Inserts the outcome of a run on a calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, run: RunId, it: &NewRunCalendar) -> Result<()> {
    let sql = "INSERT INTO run_calendars (run_id, calendar_id, outcome, events, detail) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let outcome = it.outcome.as_str().to_owned();
    let values = values![run, it.calendar, outcome, it.events, it.detail.clone()];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// The outcome of a run on a calendar, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RunCalendar {
    /// The calendar's slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The outcome.
    pub outcome: Stored<RunOutcome>,
    /// The number of events that were left, or that exceed the safety limit.
    pub events: i64,
    /// Why it failed.
    pub detail: Option<String>,
}

/// The outcomes of a run, at most `most`: failed calendars first, then those that reached the
/// safety limit, then the others.
///
/// # Errors
///
/// When the database fails.
pub async fn of_run(access: &impl Access, run: RunId, most: u32) -> Result<Vec<RunCalendar>> {
    let sql = "SELECT slug, name, outcome, events, detail FROM run_calendars \
                 JOIN calendars ON calendars.id = calendar_id \
               WHERE run_id = $1 ORDER BY CASE outcome WHEN 'failed' THEN 0 WHEN 'limit' THEN 1 \
                 WHEN 'left' THEN 2 ELSE 3 END, slug LIMIT $2";
    sql::all(access, sql, values![run, i64::from(most)]).await
}
