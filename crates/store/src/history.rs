//! What the program did: runs of clearing, changes of objects with the object as it was before and
//! after, and the occurrences that each took out.

use std::collections::HashSet;

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, ChangeId, KeyId, RemovalId, Result, RunId, Transaction, UserId};

/// Who started a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starter {
    /// `api`, `command line`, `schedule` or `site`.
    pub by: &'static str,
    /// Whose key or session it was.
    pub user: Option<UserId>,
    /// Which key it was.
    pub key: Option<KeyId>,
}

impl Starter {
    /// Somebody who is signed in on the site; nobody is one at the command line.
    pub fn person(user: Option<UserId>) -> Starter {
        let by = if user.is_some() { SITE } else { COMMAND_LINE };
        Starter { by, user, key: None }
    }

    /// The way that a word of the database stands for.
    fn way(word: &str) -> &'static str {
        [API, SITE].into_iter().find(|it| *it == word).unwrap_or(COMMAND_LINE)
    }
}

/// What [`Starter::by`] is of the API.
pub const API: &str = "api";
/// What it is of the site.
pub const SITE: &str = "site";
/// What it is of the command line.
pub const COMMAND_LINE: &str = "command line";

/// Begins a run on so many calendars.
///
/// # Errors
///
/// When the database fails.
pub async fn begin_run(
    transaction: &Transaction,
    starter: &Starter,
    is_confirmed: bool,
    calendars: usize,
    now: i64,
) -> Result<RunId> {
    sql::insert(
        transaction,
        "INSERT INTO runs (started_by, user_id, key_id, started_at, is_confirmed, calendars) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        values![
            starter.by.to_owned(),
            starter.user.map(|user| user.0),
            starter.key.map(|key| key.0),
            now,
            is_confirmed,
            i64::try_from(calendars).unwrap_or(i64::MAX)
        ],
    )
    .await
}

/// Deletes a run that changed nothing, met no limit and did not fail: a schedule has hundreds of them a
/// day.
///
/// # Errors
///
/// When the database fails.
pub async fn drop_run(transaction: &Transaction, run: RunId) -> Result<()> {
    let sql = "DELETE FROM runs WHERE id = $1 \
               AND NOT EXISTS (SELECT 1 FROM changes WHERE run_id = $1) \
               AND NOT EXISTS (SELECT 1 FROM confirmations WHERE run_id = $1) \
               AND NOT EXISTS (SELECT 1 FROM run_calendars \
                 WHERE run_id = $1 AND outcome IN ('failed', 'limit'))";
    sql::run(transaction, sql, values![run]).await?;
    Ok(())
}

/// Ends a run.
///
/// # Errors
///
/// When the database fails.
pub async fn end_run(transaction: &Transaction, run: RunId, now: i64) -> Result<()> {
    let sql = "UPDATE runs SET finished_at = $2 WHERE id = $1";
    sql::run(transaction, sql, values![run, now]).await?;
    Ok(())
}

/// Ends the runs that began before a moment and never ended: their processes are gone. Their number.
///
/// # Errors
///
/// When the database fails.
pub async fn end_lost_runs(transaction: &Transaction, before: i64, now: i64) -> Result<u64> {
    let sql = "UPDATE runs SET finished_at = $2 WHERE finished_at IS NULL AND started_at < $1";
    sql::run(transaction, sql, values![before, now]).await
}

/// Why an object was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A run of clearing.
    Clear,
    /// Somebody deleted or changed it.
    Request,
    /// Something that was removed was put back.
    PutBack,
    /// A file was imported.
    Import,
    /// An event is booked on a server. It is written down only as long as it is not known whether it
    /// was.
    Booking,
}

impl Cause {
    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Clear => "clear",
            Cause::Request => "request",
            Cause::PutBack => "put back",
            Cause::Import => "import",
            Cause::Booking => "booking",
        }
    }

    /// The cause that a word stands for.
    pub fn parse(word: &str) -> Option<Cause> {
        let all = [Cause::Clear, Cause::Request, Cause::PutBack, Cause::Import, Cause::Booking];
        all.into_iter().find(|cause| cause.as_str() == word)
    }
}

/// A change that is to be written down.
#[derive(Clone, Copy, Debug)]
pub struct NewChange<'n> {
    /// The run that makes it.
    pub run: Option<RunId>,
    /// Whose object it is.
    pub calendar: CalendarId,
    /// Where the object lies.
    pub href: &'n str,
    /// Its UID.
    pub uid: &'n str,
    /// Why.
    pub cause: Cause,
    /// Who asked for it, and how; `None` of a run.
    pub asked: Option<Starter>,
    /// The object before, with its ETag; `None` where there was none.
    pub before: Option<(&'n [u8], &'n str)>,
    /// The object after, with its ETag where it is known; `None` where none is left.
    pub after: Option<(&'n [u8], Option<&'n str>)>,
    /// When, in seconds since 1970.
    pub now: i64,
}

/// How far a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is written down, and the server is about to be asked.
    Prepared,
    /// It was made.
    Done,
    /// The object had changed meanwhile, so it was not made.
    Changed,
    /// The server refused it.
    Refused,
    /// It was not made, and is not wanted any more.
    Abandoned,
}

impl State {
    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Prepared => "prepared",
            State::Done => "done",
            State::Changed => "changed",
            State::Refused => "refused",
            State::Abandoned => "abandoned",
        }
    }
}

/// Writes a change down that is made in the same transaction.
///
/// # Errors
///
/// When the database fails.
pub async fn insert_change(transaction: &Transaction, change: &NewChange<'_>) -> Result<ChangeId> {
    insert(transaction, change, State::Done, None).await
}

/// Writes a change down before a server is asked to make it, with what it has to record and to say
/// once it is made.
///
/// # Errors
///
/// When the database fails.
pub async fn prepare_change(
    transaction: &Transaction,
    change: &NewChange<'_>,
    intent: &str,
) -> Result<ChangeId> {
    insert(transaction, change, State::Prepared, Some(intent.to_owned())).await
}

async fn insert(
    transaction: &Transaction,
    change: &NewChange<'_>,
    state: State,
    intent: Option<String>,
) -> Result<ChangeId> {
    sql::insert(
        transaction,
        "INSERT INTO changes (run_id, calendar_id, href, uid, cause, user_id, before_text, \
         before_etag, after_text, after_etag, state, intent, made_at, asked_by, key_id, has_twin) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         EXISTS (SELECT 1 FROM objects WHERE calendar_id = $2 AND uid = $4 AND href <> $3)) \
         RETURNING id",
        values![
            change.run.map(|run| run.0),
            change.calendar,
            change.href.to_owned(),
            sql::uid_key(change.uid),
            change.cause.as_str().to_owned(),
            change.asked.and_then(|it| it.user).map(|user| user.0),
            change.before.map(|(text, _)| text.to_vec()),
            change.before.map(|(_, etag)| etag.to_owned()),
            change.after.map(|(text, _)| text.to_vec()),
            change.after.and_then(|(_, etag)| etag).map(str::to_owned),
            state.as_str().to_owned(),
            intent,
            change.now,
            change.asked.map(|it| it.by.to_owned()),
            change.asked.and_then(|it| it.key).map(|key| key.0)
        ],
    )
    .await
}

/// Writes down what became of a prepared change, with the server's words where it has some: whether
/// nobody else had settled it. That it was made is written down also of one that was given up: a request
/// may be on its way for longer than anybody waits for it, and then it is made after all.
///
/// # Errors
///
/// When the database fails.
pub async fn settle(
    transaction: &Transaction,
    change: ChangeId,
    state: State,
    detail: Option<&str>,
) -> Result<bool> {
    let sql = "UPDATE changes SET state = $2, detail = $3, intent = NULL \
               WHERE id = $1 AND (state = 'prepared' OR $2 = 'done' AND state <> 'done')";
    let values = values![change, state.as_str().to_owned(), detail.map(str::to_owned)];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Gives up the other changes of an object that are in doubt, because one was made that does what they
/// were to do.
///
/// # Errors
///
/// When the database fails.
pub async fn abandon_others(
    transaction: &Transaction,
    calendar: CalendarId,
    href: &str,
    made: ChangeId,
) -> Result<()> {
    let sql = "UPDATE changes SET state = 'abandoned', intent = NULL \
               WHERE calendar_id = $1 AND href = $2 AND id <> $3 AND state = 'prepared'";
    sql::run(transaction, sql, values![calendar, href.to_owned(), made]).await?;
    Ok(())
}

/// Forgets the bookings of an object, or one of them, because it is known what became of them: a new event
/// has no history.
///
/// # Errors
///
/// When the database fails.
pub async fn forget_bookings(
    transaction: &Transaction,
    calendar: CalendarId,
    href: &str,
    only: Option<ChangeId>,
) -> Result<()> {
    let sql = "DELETE FROM changes WHERE calendar_id = $1 AND href = $2 AND cause = $3 \
               AND id = COALESCE($4, id)";
    let cause = Cause::Booking.as_str().to_owned();
    let values = values![calendar, href.to_owned(), cause, only.map(|it| it.0)];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// A change of which it is not known whether it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    /// The change.
    pub change: Change,
    /// What it has to record and to say, as JSON.
    pub intent: String,
    /// Who asked for it, and how.
    pub asked: Option<Starter>,
}

/// The changes of a calendar of which it is not known whether they were made, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn unsettled(access: &impl Access, calendar: CalendarId) -> Result<Vec<Unsettled>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ChangeId,
        intent: Option<String>,
        user_id: Option<UserId>,
        asked_by: Option<String>,
        key_id: Option<KeyId>,
    }
    let sql = "SELECT id, intent, user_id, asked_by, key_id FROM changes \
               WHERE calendar_id = $1 AND state = 'prepared' ORDER BY id";
    let mut found = Vec::new();
    for row in sql::all::<Row>(access, sql, values![calendar]).await? {
        let Row { id, intent, user_id: user, asked_by, key_id: key } = row;
        let asked = asked_by.map(|word| Starter { by: Starter::way(&word), user, key });
        // Of one that an earlier release began, only the user is known.
        let asked = asked.or(user.map(|user| Starter::person(Some(user))));
        if let Some(change) = change(access, id).await? {
            let intent = intent.unwrap_or_default();
            found.push(Unsettled { change, intent, asked });
        }
    }
    Ok(found)
}

/// The calendars that have changes of which it is not known whether they were made.
///
/// # Errors
///
/// When the database fails.
pub async fn unsettled_calendars(access: &impl Access) -> Result<Vec<CalendarId>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
    }
    let sql = "SELECT DISTINCT calendar_id FROM changes WHERE state = 'prepared'";
    let rows = sql::all::<Row>(access, sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| row.calendar_id).collect())
}

/// Writes down the ETag that the server gave the object after a change.
///
/// # Errors
///
/// When the database fails.
pub async fn set_etag(transaction: &Transaction, change: ChangeId, etag: &str) -> Result<()> {
    let sql = "UPDATE changes SET after_etag = $2 WHERE id = $1";
    sql::run(transaction, sql, values![change, etag.to_owned()]).await?;
    Ok(())
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Change {
    /// Its number.
    pub id: ChangeId,
    /// The run that made it.
    pub run_id: Option<RunId>,
    /// Whose object it is.
    pub calendar_id: CalendarId,
    /// Where the object lies.
    pub href: String,
    /// Its UID.
    pub uid: String,
    /// [`Cause`] as a word.
    pub cause: String,
    /// The object before.
    pub before_text: Option<Vec<u8>>,
    /// Its ETag.
    pub before_etag: Option<String>,
    /// The object after.
    pub after_text: Option<Vec<u8>>,
    /// Its ETag, where it is known.
    pub after_etag: Option<String>,
    /// [`State`] as a word.
    pub state: String,
    /// When, in seconds since 1970.
    pub made_at: i64,
    /// Whether another object of its UID was in the calendar then.
    pub has_twin: bool,
}

const CHANGE_COLUMNS: &str = "id, run_id, calendar_id, href, uid, cause, before_text, before_etag, \
                              after_text, after_etag, state, made_at, has_twin";

/// The change of that number.
///
/// # Errors
///
/// When the database fails.
pub async fn change(access: &impl Access, id: ChangeId) -> Result<Option<Change>> {
    let sql = format!("SELECT {CHANGE_COLUMNS} FROM changes WHERE id = $1");
    sql::one(access, &sql, values![id]).await
}

/// The changes of an object that were made, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn changes_of(
    access: &impl Access,
    calendar: CalendarId,
    href: &str,
) -> Result<Vec<Change>> {
    let sql = format!(
        "SELECT {CHANGE_COLUMNS} FROM changes \
         WHERE calendar_id = $1 AND href = $2 AND state = 'done' ORDER BY id"
    );
    sql::all(access, &sql, values![calendar, href.to_owned()]).await
}

/// What became of an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A cancelled leftover was deleted.
    DeletedCancelled,
    /// An overlapping event was deleted.
    DeletedOverlapping,
    /// An overlapping occurrence of a series was cancelled.
    CancelledOverlapping,
    /// Somebody deleted the event.
    DeletedByRequest,
    /// An import wrote another version over it.
    Replaced,
    /// Somebody cancelled one occurrence of a series.
    CancelledByRequest,
    /// Somebody changed it: this is how it was.
    Changed,
}

impl Kind {
    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::DeletedCancelled => "deleted cancelled",
            Kind::DeletedOverlapping => "deleted overlapping",
            Kind::CancelledOverlapping => "cancelled overlapping",
            Kind::DeletedByRequest => "deleted by request",
            Kind::Replaced => "replaced by an import",
            Kind::CancelledByRequest => "cancelled by request",
            Kind::Changed => "changed by request",
        }
    }

    /// The kind that a word stands for.
    pub fn parse(word: &str) -> Option<Kind> {
        let all = [
            Kind::DeletedCancelled,
            Kind::DeletedOverlapping,
            Kind::CancelledOverlapping,
            Kind::DeletedByRequest,
            Kind::Replaced,
            Kind::CancelledByRequest,
            Kind::Changed,
        ];
        all.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The UIDs of a calendar's objects that the program put back, whole or in part.
///
/// # Errors
///
/// When the database fails.
pub async fn uids_put_back(access: &impl Access, calendar: CalendarId) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
    }
    let sql = "SELECT DISTINCT uid FROM changes WHERE calendar_id = $1 AND cause = $2";
    let cause = Cause::PutBack.as_str().to_owned();
    let rows: Vec<Row> = sql::all(access, sql, values![calendar, cause]).await?;
    Ok(rows.into_iter().map(|it| it.uid).collect())
}

/// The objects of a calendar, by UID, that lost something to an overlap since a moment, and when they
/// last did, in seconds since 1970; but for what a run took out that an administrator had confirmed.
///
/// # Errors
///
/// When the database fails.
pub async fn removed_since(
    access: &impl Access,
    calendar: CalendarId,
    since: i64,
) -> Result<Vec<(String, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
        at: i64,
    }
    let sql = "SELECT uid, MAX(made_at) AS at FROM changes \
               LEFT JOIN runs ON runs.id = changes.run_id \
               WHERE calendar_id = $1 AND made_at > $2 AND state = 'done' \
                 AND COALESCE(runs.is_confirmed, FALSE) = FALSE \
                 AND EXISTS (SELECT 1 FROM removals WHERE change_id = changes.id \
                   AND kind IN ('deleted overlapping', 'cancelled overlapping')) \
               GROUP BY uid";
    let rows = sql::all::<Row>(access, sql, values![calendar, since]).await?;
    Ok(rows.into_iter().map(|row| (row.uid, row.at)).collect())
}

/// An occurrence that a change takes out.
#[derive(Clone, Debug)]
pub struct NewRemoval {
    /// What became of it.
    pub kind: Kind,
    /// Its original start, in seconds since 1970.
    pub original: i64,
    /// When it began.
    pub starts_at: i64,
    /// When it ended, exclusive.
    pub ends_at: i64,
    /// The event as reports show it, as JSON.
    pub event: String,
    /// The staying events that it overlaps, strongest first, as JSON.
    pub beside: String,
    /// Why nobody is told of it.
    pub untold: Option<&'static str>,
    /// Why the first of `beside` is stronger, as JSON.
    pub because: Option<String>,
}

/// Writes down an occurrence that a change takes out.
///
/// # Errors
///
/// When the database fails.
pub async fn insert_removal(
    transaction: &Transaction,
    change: ChangeId,
    removal: &NewRemoval,
) -> Result<RemovalId> {
    sql::insert(
        transaction,
        "INSERT INTO removals (change_id, kind, original, starts_at, ends_at, event, beside, \
         untold, because) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        values![
            change,
            removal.kind.as_str().to_owned(),
            removal.original,
            removal.starts_at,
            removal.ends_at,
            removal.event.clone(),
            removal.beside.clone(),
            removal.untold.map(str::to_owned),
            removal.because.clone()
        ],
    )
    .await
}

/// An occurrence that a change took out.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Removal {
    /// Its number.
    pub id: RemovalId,
    /// The change that took it out.
    pub change_id: ChangeId,
    /// [`Kind`] as a word.
    pub kind: String,
    /// Its original start, in seconds since 1970.
    pub original: i64,
    /// When it began.
    pub starts_at: i64,
    /// When it ended, exclusive.
    pub ends_at: i64,
    /// The event as reports show it, as JSON.
    pub event: String,
    /// The staying events that it overlapped, strongest first, as JSON.
    pub beside: String,
    /// Why nobody was told of it.
    pub untold: Option<String>,
    /// When it was put back.
    pub put_back_at: Option<i64>,
    /// Why the strongest of them is the stronger one, as JSON.
    pub because: Option<String>,
    /// What is known of the change beside that it was made; `not confirmed` where the event was gone while
    /// a request of ours to delete it was in doubt.
    pub detail: Option<String>,
    /// How far its change came: `done`.
    pub state: String,
    /// When it was taken out.
    pub made_at: i64,
    /// Whose it was.
    pub calendar_id: CalendarId,
}

const REMOVALS: &str = "SELECT removals.id, change_id, kind, original, starts_at, ends_at, event, \
                          beside, untold, put_back_at, because, detail, state, made_at, calendar_id \
                        FROM removals JOIN changes ON changes.id = change_id";

/// The removal of that number.
///
/// # Errors
///
/// When the database fails.
pub async fn removal(access: &impl Access, id: RemovalId) -> Result<Option<Removal>> {
    sql::one(access, &format!("{REMOVALS} WHERE removals.id = $1"), values![id]).await
}

/// The occurrences that a change took out.
///
/// # Errors
///
/// When the database fails.
pub async fn removals_of(access: &impl Access, change: ChangeId) -> Result<Vec<Removal>> {
    let sql = format!("{REMOVALS} WHERE change_id = $1 ORDER BY removals.id");
    sql::all(access, &sql, values![change]).await
}

/// The latest removals, of a calendar or of all, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn latest_removals(
    access: &impl Access,
    calendar: Option<CalendarId>,
    most: u32,
) -> Result<Vec<Removal>> {
    let sql = format!(
        "{REMOVALS} WHERE calendar_id = COALESCE($1, calendar_id) ORDER BY removals.id DESC LIMIT $2"
    );
    sql::all(access, &sql, values![calendar.map(|it| it.0), i64::from(most)]).await
}

/// Writes down that a removal was put back; whether it was not already.
///
/// # Errors
///
/// When the database fails.
pub async fn set_put_back(
    transaction: &Transaction,
    id: RemovalId,
    user: Option<UserId>,
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE removals SET put_back_at = $2, put_back_by = $3 \
               WHERE id = $1 AND put_back_at IS NULL";
    Ok(sql::run(transaction, sql, values![id, now, user.map(|user| user.0)]).await? > 0)
}

/// Deletes what is older than a moment: runs with their changes, messages that went or never will, and
/// what is known of events that have ended. Of an event that was only reported to be gone its text goes.
/// Changes in doubt stay, and the runs that they belong to. The number of rows.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, before: i64) -> Result<u64> {
    let mut forgotten = 0;
    for sql in [
        "DELETE FROM changes WHERE made_at < $1 AND state <> 'prepared'",
        // A run takes its changes along, also those that are in doubt.
        "DELETE FROM runs WHERE started_at < $1 AND finished_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM changes WHERE run_id = runs.id)",
        "DELETE FROM outbox WHERE created_at < $1 AND state NOT IN ('waiting', 'gathered')",
        "DELETE FROM announced WHERE announced_at < $1",
        "DELETE FROM audit WHERE happened_at < $1",
        // Its text, its author and its claim: a claim that has ended begins anew anyway.
        "DELETE FROM known_uids WHERE ended_at < $1 AND NOT EXISTS (SELECT 1 FROM objects \
         WHERE objects.calendar_id = known_uids.calendar_id AND objects.uid = known_uids.uid)",
        "UPDATE known_uids SET last_text = NULL \
         WHERE last_text IS NOT NULL AND COALESCE(ended_at, vanished_at) < $1",
    ] {
        forgotten += sql::run(transaction, sql, values![before]).await?;
    }
    Ok(forgotten)
}
