//! Pages of the history: 50 rows of hundreds of thousands, latest first.

use std::cmp::Reverse;

use sea_orm::FromQueryResult;

use crate::history::{Cause, RemovalKind, RunEnd, Way};
use crate::sql::{self, values};
use crate::{Access, CalendarId, ChangeId, RemovalId, Result, RunId, Stored, texts};

/// A removed occurrence, with all that a list shows.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RemovalLine {
    /// Its id.
    pub id: RemovalId,
    /// The change that removed it.
    pub change_id: ChangeId,
    /// How it was removed.
    pub kind: Stored<RemovalKind>,
    /// The removed event and the reason, as `operations` wrote it.
    pub fact: String,
    /// When it began, in seconds since 1970, like all moments here.
    pub starts_at: i64,
    /// When it ended, exclusive.
    pub ends_at: i64,
    /// Why nobody was notified; `None` if somebody was.
    pub not_notified_reason: Option<String>,
    /// Whether only its effect was seen, as in [`crate::history::RemovalRow::not_confirmed`].
    pub not_confirmed: bool,
    /// When it was restored.
    pub restored_at: Option<i64>,
    /// When it was removed.
    pub made_at: i64,
    /// The cause.
    pub cause: Stored<Cause>,
    /// The run that removed it.
    pub run_id: Option<RunId>,
    /// How the run was started, or how the change was requested; `None` if unknown.
    pub started_by: Option<Stored<Way>>,
    /// The user who requested it.
    pub user: Option<String>,
    /// The name of the key.
    pub key: Option<String>,
    /// The address that got the link by which it was requested.
    pub link: Option<String>,
    /// The user who restored it; `None` also for the command line.
    pub restored_by: Option<String>,
    /// How that was requested.
    pub restored_as: Option<Stored<Way>>,
    /// The slug of its calendar.
    pub slug: String,
    /// Its name for people.
    pub calendar: String,
    /// Whether the calendar was removed since.
    pub is_calendar_removed: bool,
    /// The calendar's time zone.
    pub zone: String,
}

/// A filter of removals.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those of these calendars.
    pub calendars: Option<Vec<CalendarId>>,
    /// Only those of this kind.
    pub kind: Option<RemovalKind>,
    /// Only those of this run.
    pub run: Option<RunId>,
    /// Only those whose name, organizer or UID contains this text, ignoring case.
    pub text: Option<String>,
    /// The text is not searched in private events, except in those that this address organized;
    /// `None` for administrators.
    pub private_of: Option<String>,
    /// Only those removed from this moment on, in seconds since 1970.
    pub from: Option<i64>,
    /// Only those removed before this moment.
    pub until: Option<i64>,
    /// Only those that were not restored.
    pub is_out: bool,
    /// Only those after this one in the list.
    pub before: Option<(ChangeId, RemovalId)>,
}

const LINES: &str = "SELECT removals.id, removals.change_id, kind, fact, starts_at, ends_at, \
                       not_notified_reason, not_confirmed, restored_at, made_at, cause, run_id, \
                       COALESCE(started_by, asked_by) AS started_by, \
                       users.name AS \"user\", api_keys.name AS \"key\", \
                       backs.name AS restored_by, restored_as, \
                       (SELECT address FROM mail_links WHERE mail_links.change_id = changes.id \
                        LIMIT 1) AS link, calendars.slug, calendars.name AS calendar, \
                       calendars.removed_at IS NOT NULL AS is_calendar_removed, \
                       calendars.zone \
                     FROM changes JOIN removals ON removals.change_id = changes.id \
                       JOIN calendars ON calendars.id = changes.calendar_id \
                       LEFT JOIN runs ON runs.id = run_id \
                       LEFT JOIN users ON users.id = COALESCE(changes.user_id, runs.user_id) \
                       LEFT JOIN api_keys ON api_keys.id = COALESCE(changes.key_id, runs.key_id) \
                       LEFT JOIN users backs ON backs.id = restored_by";

/// With more calendars than this, scanning the history from its end finds enough rows quickly.
const MOST_CALENDARS: usize = 200;

/// The position of a removal in the order of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
pub struct Place {
    /// The change that removed it.
    pub change_id: ChangeId,
    /// The removal.
    pub id: RemovalId,
}

/// A page of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its removals, latest first.
    pub lines: Vec<RemovalLine>,
    /// The position after which the next page begins; `None` if there is no more.
    pub next: Option<Place>,
}

/// The number of removals that one page of a search covers; the next page continues after them.
pub const MOST_SEARCHED: i64 = 20_000;

/// The latest removals, at most `most`, latest first; a text is searched in the next `searched`
/// ones. The positions are read first, from indexes; then only the shown removals are read.
///
/// # Errors
///
/// When the database fails.
pub async fn lines(
    access: &impl Access,
    filter: &Filter,
    most: u32,
    searched: i64,
) -> Result<Page> {
    let Some(times) = Times::of(access, filter).await? else { return Ok(Page::default()) };
    let one_more = most.saturating_add(1);
    let (mut end, mut is_by_change) = (None, true);
    let mut places = match &filter.calendars {
        // The total number of removals that are searched.
        Some(calendars) if calendars.len() <= MOST_CALENDARS && filter.text.is_none() => {
            let mut places = Vec::new();
            for calendar in calendars {
                let shape = Shape::of(filter, times, Some(*calendar));
                places.extend(shape.places(access, one_more).await?);
            }
            places
        }
        calendars => {
            let only = calendars.as_deref().and_then(|it| match it {
                [one] => Some(*one),
                _ => None,
            });
            let mut shape = Shape::of(filter, times, only);
            is_by_change = shape.is_by_change;
            if let Some(text) = &filter.text {
                end = shape.place_at(access, searched).await?;
                shape.search(text, end);
                if let Some(address) = &filter.private_of {
                    shape.without_private(address);
                }
            }
            shape.places(access, one_more).await?
        }
    };
    // In the order of the positions, by which the next page continues: a change on a server may be
    // recorded long after a later one.
    let order = |it: &Place| (if is_by_change { it.change_id } else { ChangeId(0) }, it.id);
    places.sort_unstable_by_key(|place| Reverse(order(place)));
    let has_more = places.len() > most as usize;
    places.truncate(most as usize);
    let next = if has_more { places.last().copied() } else { end };
    if places.is_empty() {
        return Ok(Page { lines: Vec::new(), next });
    }
    let ids: Vec<String> = places.iter().map(|place| place.id.to_string()).collect();
    let sql = format!("{LINES} WHERE removals.id IN ({})", ids.join(", "));
    let mut lines: Vec<RemovalLine> = sql::all(access, &sql, Vec::new()).await?;
    lines.sort_by_key(|it| Reverse(order(&Place { change_id: it.change_id, id: it.id })));
    Ok(Page { lines, next })
}

/// The range of changes between the times of a filter.
#[derive(Clone, Copy)]
struct Times(Option<(i64, i64)>);

impl Times {
    /// `None` if it contains no changes.
    async fn of(access: &impl Access, filter: &Filter) -> Result<Option<Times>> {
        #[derive(FromQueryResult)]
        struct Ends {
            first: Option<i64>,
            last: Option<i64>,
        }
        if filter.from.is_none() && filter.until.is_none() {
            return Ok(Some(Times(None)));
        }
        let sql = "SELECT MIN(id) AS first, MAX(id) AS last FROM changes \
                   WHERE made_at >= $1 AND made_at < $2";
        let values = values![filter.from.unwrap_or(i64::MIN), filter.until.unwrap_or(i64::MAX)];
        let ends: Option<Ends> = sql::one(access, sql, values).await?;
        Ok(ends.and_then(|it| Some(Times(Some((it.first?, it.last?))))))
    }
}

/// A query for positions: the order of the tables, and the conditions on each row.
struct Shape {
    tables: &'static str,
    order: &'static str,
    wheres: String,
    values: Vec<sea_orm::Value>,
    is_by_change: bool,
}

impl Shape {
    /// The removals of one calendar, of one run, of a period, or all.
    fn of(filter: &Filter, Times(times): Times, calendar: Option<CalendarId>) -> Shape {
        // For one calendar or run, its own index is scanned from its end; `COALESCE` keeps the
        // planner from using the index of kinds, which would be scanned as a whole.
        let is_by_change = calendar.is_some() || filter.run.is_some() || times.is_some();
        // SQLite scans the first table of a cross join first.
        let (tables, order, joined) = match (is_by_change, &filter.calendars) {
            (true, _) => (
                "changes CROSS JOIN removals",
                "changes.id DESC, removals.id DESC",
                "change_id = changes.id",
            ),
            (false, Some(_)) => {
                ("removals CROSS JOIN changes", "removals.id DESC", "change_id = changes.id")
            }
            (false, None) => ("removals", "removals.id DESC", "TRUE"),
        };
        let values = Vec::new();
        let mut shape = Shape { tables, order, wheres: joined.to_owned(), values, is_by_change };
        if let Some(calendar) = calendar {
            shape.add(" AND changes.calendar_id = $n", calendar.0);
        } else if let Some(calendars) = &filter.calendars {
            let list: Vec<String> = calendars.iter().map(|it| it.0.to_string()).collect();
            // No calendar has this id.
            let list = if list.is_empty() { "0".to_owned() } else { list.join(", ") };
            shape.wheres.push_str(&format!(" AND changes.calendar_id IN ({list})"));
        }
        if let Some(run) = filter.run {
            shape.add(" AND run_id = $n", run.0);
        }
        if let Some((first, last)) = times {
            shape.add(" AND changes.id >= $n", first);
            shape.add(" AND changes.id <= $n", last);
            shape.add(" AND made_at >= $n", filter.from.unwrap_or(i64::MIN));
            shape.add(" AND made_at < $n", filter.until.unwrap_or(i64::MAX));
        }
        if let Some(kind) = filter.kind {
            let column = if is_by_change { "COALESCE(kind, '')" } else { "kind" };
            shape.add(&format!(" AND {column} = $n"), kind.as_str());
        }
        if filter.is_out {
            shape.wheres.push_str(
                " AND restored_at IS NULL AND COALESCE(kind, '') <> 'accepted invitation'",
            );
        }
        if let Some((change, removal)) = filter.before {
            if is_by_change {
                shape.add(" AND changes.id <= $n", change.0);
                shape.add(" AND (changes.id < $n", change.0);
                shape.add(" OR removals.id < $n)", removal.0);
            } else {
                shape.add(" AND removals.id < $n", removal.0);
            }
        }
        shape
    }

    fn add(&mut self, sql: &str, value: impl Into<sea_orm::Value>) {
        self.values.push(value.into());
        self.wheres.push_str(&sql.replace("$n", &format!("${}", self.values.len())));
    }

    /// Only removals whose name, organizer or UID contains a text, down to a position.
    fn search(&mut self, text: &str, end: Option<Place>) {
        let pattern = format!("%{}%", sql::like(text));
        for (index, column) in ["name", "organizer", "uid"].into_iter().enumerate() {
            let word = if index == 0 { " AND (" } else { " OR " };
            let is_in = format!("{word}LOWER(removals.{column}) LIKE $n ESCAPE '!'");
            self.add(&is_in, pattern.clone());
        }
        self.wheres.push(')');
        match end {
            Some(end) if self.is_by_change => {
                self.add(" AND changes.id >= $n", end.change_id.0);
                self.add(" AND (changes.id > $n", end.change_id.0);
                self.add(" OR removals.id >= $n)", end.id.0);
            }
            Some(end) => self.add(" AND removals.id >= $n", end.id.0),
            None => {}
        }
    }

    /// Excludes private events except those that an address organized: finding one by its name
    /// would reveal the name.
    fn without_private(&mut self, address: &str) {
        // No event has an empty organizer.
        self.add(
            " AND (NOT removals.is_private OR organizer <> '' AND LOWER(organizer) = $n)",
            address.to_lowercase(),
        );
    }

    /// The first positions.
    async fn places(&self, access: &impl Access, most: u32) -> Result<Vec<Place>> {
        self.query(access, i64::from(most), 0).await
    }

    /// The position after a number of others, if there are that many.
    async fn place_at(&self, access: &impl Access, number: i64) -> Result<Option<Place>> {
        Ok(self.query(access, 1, number).await?.pop())
    }

    async fn query(&self, access: &impl Access, most: i64, behind: i64) -> Result<Vec<Place>> {
        let Shape { tables, order, wheres, .. } = self;
        let sql = format!(
            "SELECT change_id, removals.id FROM {tables} WHERE {wheres} \
             ORDER BY {order} LIMIT {most} OFFSET {behind}"
        );
        sql::all(access, &sql, self.values.clone()).await
    }
}

/// The removal of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn line(access: &impl Access, id: RemovalId) -> Result<Option<RemovalLine>> {
    sql::one(access, &format!("{LINES} WHERE removals.id = $1"), values![id]).await
}

/// A run, with all that a list shows.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RunLine {
    /// Its id.
    pub id: RunId,
    /// How it was started.
    pub started_by: Stored<Way>,
    /// Whose key or session it was.
    pub user: Option<String>,
    /// The name of the key.
    pub key: Option<String>,
    /// When it began, in seconds since 1970.
    pub started_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// How it ended; `None` while it is running.
    pub ended_as: Option<Stored<RunEnd>>,
    /// Whether it was allowed to exceed the safety limit.
    pub is_confirmed: bool,
    /// The number of objects that it changed.
    pub changes: i64,
    /// The number of calendars that it changed.
    pub calendars: i64,
    /// The first calendar with a stored outcome: a failed one, if there is one.
    pub named: Option<String>,
    /// The number of calendars with a stored outcome.
    pub kept: i64,
    /// The number of its calendars; `None` if unknown.
    pub of_calendars: Option<i64>,
    /// How many of them failed.
    pub failed: i64,
    /// How many of them reached the safety limit.
    pub beyond_limit: i64,
    /// In how many of them events were left that need attention.
    pub left_in: i64,
}

const RUNS: &str = "SELECT runs.id, started_by, users.name AS \"user\", api_keys.name AS \"key\", \
                      started_at, finished_at, ended_as, is_confirmed, \
                      (SELECT COUNT(*) FROM changes WHERE run_id = runs.id) AS changes, \
                      (SELECT COUNT(DISTINCT calendar_id) FROM changes WHERE run_id = runs.id) \
                        AS calendars, \
                      (SELECT name FROM run_calendars \
                        JOIN calendars ON calendars.id = run_calendars.calendar_id \
                        WHERE run_id = runs.id ORDER BY CASE outcome WHEN 'failed' THEN 0 \
                          WHEN 'limit' THEN 1 WHEN 'left' THEN 2 ELSE 3 END, slug LIMIT 1) AS named, \
                      (SELECT COUNT(*) FROM run_calendars WHERE run_id = runs.id) AS kept, \
                      runs.calendars AS of_calendars, \
                      (SELECT COUNT(*) FROM run_calendars WHERE run_id = runs.id \
                        AND outcome = 'failed') AS failed, \
                      (SELECT COUNT(*) FROM run_calendars WHERE run_id = runs.id \
                        AND outcome = 'limit') AS beyond_limit, \
                      (SELECT COUNT(*) FROM run_calendars WHERE run_id = runs.id \
                        AND outcome = 'left') AS left_in \
                    FROM runs LEFT JOIN users ON users.id = runs.user_id \
                      LEFT JOIN api_keys ON api_keys.id = runs.key_id";

/// The latest runs after a position, at most `most`, latest first, optionally by how they were
/// started and by calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn runs(
    access: &impl Access,
    started_by: Option<Way>,
    calendar: Option<CalendarId>,
    before: Option<RunId>,
    most: u32,
) -> Result<Vec<RunLine>> {
    let of_calendar = match calendar {
        Some(_) => "runs.id IN (SELECT run_id FROM run_calendars WHERE calendar_id = $4)",
        None => "$4 = 0",
    };
    let sql = format!(
        "{RUNS} WHERE runs.id < $1 AND started_by = COALESCE($2, started_by) AND {of_calendar} \
         ORDER BY runs.id DESC LIMIT $3"
    );
    let before = before.map_or(i64::MAX, |run| run.0);
    let calendar = calendar.map_or(0, |it| it.0);
    let values = values![before, started_by.map(Way::as_str), i64::from(most), calendar];
    sql::all(access, &sql, values).await
}

/// The run of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn run(access: &impl Access, id: RunId) -> Result<Option<RunLine>> {
    sql::one(access, &format!("{RUNS} WHERE runs.id = $1"), values![id]).await
}

/// The object before a change.
///
/// # Errors
///
/// When the database fails.
pub async fn text_before(access: &impl Access, change: ChangeId) -> Result<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Row {
        size: i64,
        data: Vec<u8>,
    }
    let sql = "SELECT size, data FROM changes JOIN texts ON digest = before_text WHERE id = $1";
    let row: Option<Row> = sql::one(access, sql, values![change]).await?;
    let (size, data) = row.map(|it| (it.size, it.data)).unzip();
    texts::unpack(size, data)
}
