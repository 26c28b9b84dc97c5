//! Changes of objects, with the texts before and after.

use std::collections::HashSet;

use sea_orm::FromQueryResult;

use super::{Starter, Way};
use crate::sql::{self, values};
use crate::{
    Access, CalendarId, ChangeId, KeyId, Result, RunId, Stored, Transaction, UserId, texts,
};

facts::words! {
    /// Why an object was changed.
    pub enum Cause {
        /// A clear.
        Clear = "clear",
        /// A person or an API client deleted or changed it.
        Request = "request",
        /// A removed event was restored.
        Restore = "restore",
        /// A file was imported.
        Import = "import",
        /// An event is booked on a server. The change is stored only while its outcome is unknown.
        Booking = "booking",
    }
}

/// The run that makes a change.
#[derive(Clone, Copy, Debug)]
pub struct ByRun {
    /// The run's id.
    pub run: RunId,
    /// Whether the safety limit is reached, so that this change is one of the few that are made
    /// nevertheless (rule 7).
    pub is_at_limit: bool,
}

/// A change to insert.
#[derive(Clone, Copy, Debug)]
pub struct NewChange<'n> {
    /// The run that makes it.
    pub run: Option<ByRun>,
    /// The calendar of the object.
    pub calendar: CalendarId,
    /// The object's href.
    pub href: &'n str,
    /// Its UID.
    pub uid: &'n str,
    /// The cause.
    pub cause: Cause,
    /// Who requested it, and how; `None` for a run.
    pub asked: Option<Starter>,
    /// The object before, with its ETag; `None` where there was none.
    pub before: Option<(&'n [u8], &'n str)>,
    /// The object after, with its ETag if it is known; `None` if it is deleted.
    pub after: Option<(&'n [u8], Option<&'n str>)>,
    /// When, in seconds since 1970.
    pub now: i64,
}

facts::words! {
    /// The state of a change.
    pub enum ChangeState {
        /// It is recorded, and the request to the server follows.
        Prepared = "prepared",
        /// It was made.
        Done = "done",
        /// It was not made, because the object had changed.
        Changed = "changed",
        /// The server refused it.
        Refused = "refused",
        /// It was not made, and was given up.
        Abandoned = "abandoned",
    }
}

/// Inserts a change that is made in the same transaction.
///
/// # Errors
///
/// When the database fails.
pub async fn insert_change(transaction: &Transaction, change: &NewChange<'_>) -> Result<ChangeId> {
    insert(transaction, change, ChangeState::Done, None).await
}

/// Inserts a change before a server is asked to make it, with the removals and messages that follow
/// from it.
///
/// # Errors
///
/// When the database fails.
pub async fn prepare_change(
    transaction: &Transaction,
    change: &NewChange<'_>,
    intent: &str,
) -> Result<ChangeId> {
    insert(transaction, change, ChangeState::Prepared, Some(intent.to_owned())).await
}

async fn insert(
    transaction: &Transaction,
    change: &NewChange<'_>,
    state: ChangeState,
    intent: Option<String>,
) -> Result<ChangeId> {
    let (before, after) = (change.before.map(|it| it.0), change.after.map(|it| it.0));
    let [before, after] = texts::keep(transaction, change.calendar, [before, after]).await?;
    sql::insert(
        transaction,
        "INSERT INTO changes (run_id, calendar_id, href, uid, cause, user_id, before_text, \
         before_etag, after_text, after_etag, state, intent, made_at, asked_by, key_id, \
         is_at_limit, is_overtaken, not_confirmed, has_twin) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, \
         EXISTS (SELECT 1 FROM objects WHERE calendar_id = $2 AND uid = $4 AND href <> $3)) \
         RETURNING id",
        values![
            change.run.map(|it| it.run.0),
            change.calendar,
            change.href.to_owned(),
            sql::uid_key(change.uid),
            change.cause.as_str().to_owned(),
            change.asked.and_then(|it| it.user).map(|user| user.0),
            before,
            change.before.map(|(_, etag)| etag.to_owned()),
            after,
            change.after.and_then(|(_, etag)| etag).map(str::to_owned),
            state.as_str().to_owned(),
            intent,
            change.now,
            change.asked.map(|it| it.by.as_str().to_owned()),
            change.asked.and_then(|it| it.key).map(|key| key.0),
            change.run.is_some_and(|it| it.is_at_limit),
            false
        ],
    )
    .await
}

/// Records the end of a prepared change, and whether only its effect was seen (`not_confirmed`). Returns whether
/// it had no end yet. An abandoned change can still be recorded as made: a request may be carried
/// out after everybody stopped waiting for it.
///
/// # Errors
///
/// When the database fails.
pub async fn finish_change(
    transaction: &Transaction,
    change: ChangeId,
    state: ChangeState,
    not_confirmed: bool,
) -> Result<bool> {
    let sql = "UPDATE changes SET state = $2, not_confirmed = $3, intent = NULL \
               WHERE id = $1 AND (state = 'prepared' OR $2 = 'done' AND state <> 'done')";
    let values = values![change, state.as_str().to_owned(), not_confirmed];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Marks the other in-doubt changes of an object as overtaken, because one was made that has the same
/// effect. They stay in doubt: the server may carry them out yet.
///
/// # Errors
///
/// When the database fails.
pub async fn overtake_others(
    transaction: &Transaction,
    calendar: CalendarId,
    href: &str,
    made: ChangeId,
) -> Result<()> {
    let sql = "UPDATE changes SET is_overtaken = $4 \
               WHERE calendar_id = $1 AND href = $2 AND id <> $3 AND state = 'prepared'";
    sql::run(transaction, sql, values![calendar, href.to_owned(), made, true]).await?;
    Ok(())
}

/// Marks an in-doubt change as overtaken.
///
/// # Errors
///
/// When the database fails.
pub async fn set_overtaken(transaction: &Transaction, change: ChangeId) -> Result<()> {
    let sql = "UPDATE changes SET is_overtaken = $2 WHERE id = $1";
    sql::run(transaction, sql, values![change, true]).await?;
    Ok(())
}

/// Deletes the in-doubt bookings of an object, or one of them, because their outcome is known: a
/// new event has no history.
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

/// A change whose outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDoubtChange {
    /// The change.
    pub change: Change,
    /// The removals and messages that follow from it, as JSON.
    pub intent: String,
    /// Who requested it, and how.
    pub asked: Option<Starter>,
    /// Whether a later request for the same was carried out.
    pub is_overtaken: bool,
}

/// The in-doubt changes of a calendar, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn changes_in_doubt(
    access: &impl Access,
    calendar: CalendarId,
) -> Result<Vec<InDoubtChange>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ChangeId,
        intent: Option<String>,
        user_id: Option<UserId>,
        asked_by: Option<Stored<Way>>,
        key_id: Option<KeyId>,
        is_overtaken: bool,
    }
    let sql = "SELECT id, intent, user_id, asked_by, key_id, is_overtaken FROM changes \
               WHERE calendar_id = $1 AND state = 'prepared' ORDER BY id";
    let mut found = Vec::new();
    for row in sql::all::<Row>(access, sql, values![calendar]).await? {
        let Row { id, intent, user_id: user, asked_by, key_id: key, is_overtaken } = row;
        let asked = asked_by.map(|by| Starter { by: *by, user, key });
        if let Some(change) = change(access, id).await? {
            let intent = intent.unwrap_or_default();
            found.push(InDoubtChange { change, intent, asked, is_overtaken });
        }
    }
    Ok(found)
}

/// The calendars that have in-doubt changes.
///
/// # Errors
///
/// When the database fails.
pub async fn calendars_in_doubt(access: &impl Access) -> Result<Vec<CalendarId>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
    }
    let sql = "SELECT DISTINCT calendar_id FROM changes WHERE state = 'prepared'";
    let rows = sql::all::<Row>(access, sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| row.calendar_id).collect())
}

/// Records the ETag of the object after a change.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub id: ChangeId,
    /// The run that made it.
    pub run_id: Option<RunId>,
    /// The calendar of the object.
    pub calendar_id: CalendarId,
    /// The object's href.
    pub href: String,
    /// Its UID.
    pub uid: String,
    /// The cause.
    pub cause: Stored<Cause>,
    /// The object before.
    pub before_text: Option<Vec<u8>>,
    /// Its ETag.
    pub before_etag: Option<String>,
    /// The object after.
    pub after_text: Option<Vec<u8>>,
    /// Its ETag, where it is known.
    pub after_etag: Option<String>,
    /// The state.
    pub state: Stored<ChangeState>,
    /// When, in seconds since 1970.
    pub made_at: i64,
    /// Whether another object of its UID was in the calendar then.
    pub has_twin: bool,
    /// The UID of the object that has the rest of the series that it has ended, if one has.
    pub next_uid: Option<String>,
}

/// A row of a change, with compressed texts.
#[derive(FromQueryResult)]
struct Row {
    id: ChangeId,
    run_id: Option<RunId>,
    calendar_id: CalendarId,
    href: String,
    uid: String,
    cause: Stored<Cause>,
    before_size: Option<i64>,
    before_data: Option<Vec<u8>>,
    before_etag: Option<String>,
    after_size: Option<i64>,
    after_data: Option<Vec<u8>>,
    after_etag: Option<String>,
    state: Stored<ChangeState>,
    made_at: i64,
    has_twin: bool,
    next_uid: Option<String>,
}

impl TryFrom<Row> for Change {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Change> {
        Ok(Change {
            before_text: texts::unpack(row.before_size, row.before_data)?,
            after_text: texts::unpack(row.after_size, row.after_data)?,
            id: row.id,
            run_id: row.run_id,
            calendar_id: row.calendar_id,
            href: row.href,
            uid: row.uid,
            cause: row.cause,
            before_etag: row.before_etag,
            after_etag: row.after_etag,
            state: row.state,
            made_at: row.made_at,
            has_twin: row.has_twin,
            next_uid: row.next_uid,
        })
    }
}

const CHANGES: &str = "SELECT id, run_id, calendar_id, href, uid, cause, \
                         befores.size AS before_size, befores.data AS before_data, before_etag, \
                         afters.size AS after_size, afters.data AS after_data, after_etag, \
                         state, made_at, has_twin, next_uid \
                       FROM changes LEFT JOIN texts befores ON befores.digest = before_text \
                         LEFT JOIN texts afters ON afters.digest = after_text";

/// The change of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn change(access: &impl Access, id: ChangeId) -> Result<Option<Change>> {
    let sql = format!("{CHANGES} WHERE id = $1");
    sql::one::<Row>(access, &sql, values![id]).await?.map(Change::try_from).transpose()
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
    let sql =
        format!("{CHANGES} WHERE calendar_id = $1 AND href = $2 AND state = 'done' ORDER BY id");
    let rows: Vec<Row> = sql::all(access, &sql, values![calendar, href.to_owned()]).await?;
    rows.into_iter().map(Change::try_from).collect()
}

/// The object before the room's latest answer to it since a moment (seconds since 1970), if it answered.
///
/// # Errors
///
/// When the database fails.
pub async fn answered_text(
    access: &impl Access,
    calendar: CalendarId,
    href: &str,
    since: i64,
) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT changes.id FROM changes WHERE calendar_id = $1 AND href = $2 AND state = 'done' \
                 AND made_at > $3 AND EXISTS (SELECT 1 FROM removals \
                   WHERE change_id = changes.id AND kind = 'accepted invitation') \
               ORDER BY id DESC LIMIT 1";
    let values = values![calendar, href.to_owned(), since];
    match sql::value::<ChangeId>(access, sql, values).await? {
        Some(id) => Ok(change(access, id).await?.and_then(|it| it.before_text)),
        None => Ok(None),
    }
}

/// The UIDs of a calendar's objects that the program restored, wholly or in part.
///
/// # Errors
///
/// When the database fails.
pub async fn restored_uids(access: &impl Access, calendar: CalendarId) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
    }
    let sql = "SELECT DISTINCT uid FROM changes WHERE calendar_id = $1 AND cause = $2";
    let cause = Cause::Restore.as_str().to_owned();
    let rows: Vec<Row> = sql::all(access, sql, values![calendar, cause]).await?;
    Ok(rows.into_iter().map(|it| it.uid).collect())
}
