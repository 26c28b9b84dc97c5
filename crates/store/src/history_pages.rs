//! Pages of the history: rows of 50 out of hundreds of thousands, latest first.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, ChangeId, RemovalId, Result, RunId};

/// An occurrence that a change took out, with all that a list says of it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Line {
    /// Its number.
    pub id: RemovalId,
    /// The change that took it out.
    pub change_id: ChangeId,
    /// What became of it, as a word of [`crate::history::Kind`].
    pub kind: String,
    /// The event as reports show it, as JSON.
    pub event: String,
    /// When it began, in seconds since 1970, as the other moments.
    pub starts_at: i64,
    /// When it ended, exclusive.
    pub ends_at: i64,
    /// The staying events that it overlapped, strongest first, as JSON.
    pub beside: String,
    /// By what the first of them is stronger.
    pub won_by: Option<String>,
    /// Why nobody was told of it.
    pub untold: Option<String>,
    /// When it was put back.
    pub put_back_at: Option<i64>,
    /// When it was taken out.
    pub made_at: i64,
    /// Why, as a word of [`crate::history::Cause`].
    pub cause: String,
    /// The run that took it out.
    pub run_id: Option<RunId>,
    /// How that was started.
    pub started_by: Option<String>,
    /// Who asked for it.
    pub user: Option<String>,
    /// Whose it was: the calendar's name in paths.
    pub slug: String,
    /// Its name for people.
    pub calendar: String,
    /// Its zone.
    pub zone: String,
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of these calendars only.
    pub calendars: Option<Vec<CalendarId>>,
    /// Those of this kind only.
    pub kind: Option<String>,
    /// Those of this run only.
    pub run: Option<RunId>,
    /// Those behind this one.
    pub before: Option<(ChangeId, RemovalId)>,
}

const LINES: &str = "SELECT removals.id, change_id, kind, event, starts_at, ends_at, beside, won_by, \
                       untold, put_back_at, made_at, cause, run_id, started_by, \
                       users.name AS \"user\", calendars.slug, calendars.name AS calendar, \
                       calendars.zone \
                     FROM changes JOIN removals ON change_id = changes.id \
                       JOIN calendars ON calendars.id = changes.calendar_id \
                       LEFT JOIN runs ON runs.id = run_id \
                       LEFT JOIN users ON users.id = COALESCE(changes.user_id, runs.user_id)";

/// With more calendars than these, going through the history from its end finds enough soon.
const MOST_CALENDARS: usize = 200;

/// Where a line stands in the order of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
struct Place {
    change_id: ChangeId,
    id: RemovalId,
}

/// The latest lines, at most `most`, latest first. First where they stand, which indexes know; then only
/// those that are shown are read.
///
/// # Errors
///
/// When the database fails.
pub async fn lines(access: &impl Access, filter: &Filter, most: u32) -> Result<Vec<Line>> {
    let mut places = match &filter.calendars {
        Some(calendars) if calendars.len() <= MOST_CALENDARS => {
            let mut places = Vec::new();
            for calendar in calendars {
                places.extend(places_of(access, filter, Some(*calendar), most).await?);
            }
            places
        }
        _ => places_of(access, filter, None, most).await?,
    };
    places.sort_unstable_by(|one, other| other.cmp(one));
    places.truncate(most as usize);
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = places.iter().map(|place| place.id.to_string()).collect();
    let sql = format!("{LINES} WHERE removals.id IN ({})", ids.join(", "));
    let mut lines: Vec<Line> = sql::all(access, &sql, Vec::new()).await?;
    lines.sort_by_key(|line| std::cmp::Reverse((line.change_id, line.id)));
    Ok(lines)
}

/// Where the latest lines of one calendar, of one run, or of all stand.
async fn places_of(
    access: &impl Access,
    filter: &Filter,
    calendar: Option<CalendarId>,
    most: u32,
) -> Result<Vec<Place>> {
    let mut values = values![i64::from(most)];
    let mut wheres = String::new();
    let mut add = |sql: &str, value: sea_orm::Value| {
        values.push(value);
        wheres.push_str(&sql.replace("$n", &format!("${}", values.len())));
    };
    // Of one calendar or run, its own index is gone through from its end; `COALESCE` keeps the one of
    // kinds out of it, which would be gone through as a whole.
    let is_of_one = calendar.is_some() || filter.run.is_some();
    if let Some(calendar) = calendar {
        add(" AND changes.calendar_id = $n", calendar.0.into());
    }
    if let Some(run) = filter.run {
        add(" AND run_id = $n", run.0.into());
    }
    if let Some(kind) = &filter.kind {
        let column = if is_of_one { "COALESCE(kind, '')" } else { "kind" };
        add(&format!(" AND {column} = $n"), kind.clone().into());
    }
    if let Some((change, removal)) = filter.before {
        if is_of_one {
            add(" AND changes.id <= $n", change.0.into());
            add(" AND (changes.id < $n", change.0.into());
            add(" OR removals.id < $n)", removal.0.into());
        } else {
            add(" AND removals.id < $n", removal.0.into());
        }
    }
    if let (false, Some(calendars)) = (is_of_one, &filter.calendars) {
        let list: Vec<String> = calendars.iter().map(|it| it.0.to_string()).collect();
        wheres.push_str(&format!(" AND changes.calendar_id IN ({})", list.join(", ")));
    }
    // The one that a cross join names first is gone through first.
    let (tables, order) = match (is_of_one, &filter.calendars) {
        (true, _) => ("changes CROSS JOIN removals", "changes.id DESC, removals.id DESC"),
        (false, Some(_)) => ("removals CROSS JOIN changes", "removals.id DESC"),
        (false, None) => ("removals", "removals.id DESC"),
    };
    let joined = if tables == "removals" { "TRUE" } else { "change_id = changes.id" };
    let sql = format!(
        "SELECT change_id, removals.id FROM {tables} WHERE {joined}{wheres} \
         ORDER BY {order} LIMIT $1"
    );
    sql::all(access, &sql, values).await
}

/// The line of that number.
///
/// # Errors
///
/// When the database fails.
pub async fn line(access: &impl Access, id: RemovalId) -> Result<Option<Line>> {
    sql::one(access, &format!("{LINES} WHERE removals.id = $1"), values![id]).await
}

/// A run, with all that a list says of it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RunLine {
    /// Its number.
    pub id: RunId,
    /// `api`, `command line`, `schedule` or `site`.
    pub started_by: String,
    /// Whose key or session it was.
    pub user: Option<String>,
    /// What its user calls the key.
    pub key: Option<String>,
    /// When it began, in seconds since 1970.
    pub started_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// Whether it was allowed to go beyond the safety limit.
    pub is_confirmed: bool,
    /// How many objects it changed.
    pub changes: i64,
    /// In how many calendars.
    pub calendars: i64,
}

const RUNS: &str = "SELECT runs.id, started_by, users.name AS \"user\", api_keys.name AS \"key\", \
                      started_at, finished_at, is_confirmed, \
                      (SELECT COUNT(*) FROM changes WHERE run_id = runs.id) AS changes, \
                      (SELECT COUNT(DISTINCT calendar_id) FROM changes WHERE run_id = runs.id) \
                        AS calendars \
                    FROM runs LEFT JOIN users ON users.id = runs.user_id \
                      LEFT JOIN api_keys ON api_keys.id = runs.key_id";

/// The latest runs, at most `most`, latest first: those that were started so, behind that one.
///
/// # Errors
///
/// When the database fails.
pub async fn runs(
    access: &impl Access,
    started_by: Option<&str>,
    before: Option<RunId>,
    most: u32,
) -> Result<Vec<RunLine>> {
    let sql = format!(
        "{RUNS} WHERE runs.id < $1 AND started_by = COALESCE($2, started_by) \
         ORDER BY runs.id DESC LIMIT $3"
    );
    let before = before.map_or(i64::MAX, |run| run.0);
    sql::all(access, &sql, values![before, started_by.map(str::to_owned), i64::from(most)]).await
}

/// The run of that number.
///
/// # Errors
///
/// When the database fails.
pub async fn run(access: &impl Access, id: RunId) -> Result<Option<RunLine>> {
    sql::one(access, &format!("{RUNS} WHERE runs.id = $1"), values![id]).await
}

/// A line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AuditLine {
    /// Its number.
    pub id: i64,
    /// When, in seconds since 1970.
    pub happened_at: i64,
    /// By whom, in words.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Anything else that tells people something.
    pub detail: String,
}

/// The latest lines of the audit trail, at most `most`, latest first: those behind that one, and with
/// a text only those whose actor or subject it is.
///
/// # Errors
///
/// When the database fails.
pub async fn audit(
    access: &impl Access,
    about: Option<&str>,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<AuditLine>> {
    let sql = "SELECT id, happened_at, actor, action, subject, detail FROM audit \
               WHERE id < $1 AND ($2 = '' OR actor = $2 OR subject = $2) \
               ORDER BY id DESC LIMIT $3";
    let about = about.unwrap_or_default().to_owned();
    sql::all(access, sql, values![before.unwrap_or(i64::MAX), about, i64::from(most)]).await
}

/// The object of a change as it was before.
///
/// # Errors
///
/// When the database fails.
pub async fn text_before(access: &impl Access, change: ChangeId) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT before_text FROM changes WHERE id = $1";
    Ok(sql::value::<Option<Vec<u8>>>(access, sql, values![change]).await?.flatten())
}
