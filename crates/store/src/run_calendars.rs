//! How each calendar of a run came out.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, RunId, Transaction};

/// How a run on a calendar came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// All that the run was asked for is done.
    Cleared,
    /// Something was left that somebody should look at.
    Left,
    /// It met the safety limit.
    Limit,
    /// It failed.
    Failed,
}

impl RunOutcome {
    /// All of them.
    pub const ALL: [RunOutcome; 4] =
        [RunOutcome::Cleared, RunOutcome::Left, RunOutcome::Limit, RunOutcome::Failed];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            RunOutcome::Cleared => "cleared",
            RunOutcome::Left => "left",
            RunOutcome::Limit => "limit",
            RunOutcome::Failed => "failed",
        }
    }

    /// The outcome that a word stands for.
    pub fn parse(word: &str) -> Option<RunOutcome> {
        RunOutcome::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// How a calendar of a run came out, to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRunCalendar {
    /// The calendar.
    pub calendar: CalendarId,
    /// How it came out.
    pub outcome: RunOutcome,
    /// How many events were left, or met the safety limit.
    pub events: i64,
    /// Why it failed.
    pub detail: Option<String>,
}

/// Writes down how a calendar of a run came out.
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

/// How a calendar of a run came out, as its page says it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RunCalendar {
    /// The calendar's name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// [`RunOutcome`] as a word.
    pub outcome: String,
    /// How many events were left, or met the safety limit.
    pub events: i64,
    /// Why it failed.
    pub detail: Option<String>,
}

/// How the calendars of a run came out, at most `most`: those that failed first, then those that met the
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
