//! Removed occurrences.

use facts::{Removal, RemovalKind};
use sea_orm::FromQueryResult;
use wording::Message;

use super::ChangeState;
use crate::history::runs::Starter;
use crate::sql::{self, values};
use crate::{Access, CalendarId, ChangeId, RemovalId, Result, Stored, Transaction};

/// The objects of a calendar, by UID, that lost something to an overlap since a moment, in seconds
/// since 1970, and whether in a run that had reached the safety limit. Removals of a run
/// by which an administrator confirmed all that waited do not count.
///
/// # Errors
///
/// When the database fails.
pub async fn removed_since(
    access: &impl Access,
    calendar: CalendarId,
    since: i64,
) -> Result<Vec<(String, bool)>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
        at_limit: i64,
    }
    let sql = "SELECT uid, CAST(SUM(CASE WHEN is_at_limit THEN 1 ELSE 0 END) AS BIGINT) AS at_limit \
               FROM changes LEFT JOIN runs ON runs.id = changes.run_id \
               WHERE calendar_id = $1 AND made_at > $2 AND state = 'done' \
                 AND COALESCE(runs.is_confirmed, FALSE) = FALSE \
                 AND EXISTS (SELECT 1 FROM removals WHERE change_id = changes.id \
                   AND kind IN ('deleted overlapping', 'cancelled overlapping')) \
               GROUP BY uid";
    let rows = sql::all::<Row>(access, sql, values![calendar, since]).await?;
    Ok(rows.into_iter().map(|row| (row.uid, row.at_limit > 0)).collect())
}

/// A removed occurrence to insert.
#[derive(Clone, Debug)]
pub struct NewRemoval {
    /// How it was removed.
    pub kind: RemovalKind,
    /// Its original start, in seconds since 1970.
    pub original: i64,
    /// When it began.
    pub starts_at: i64,
    /// When it ended, exclusive.
    pub ends_at: i64,
    /// The event's UID, for searching.
    pub uid: String,
    /// The event's name, for searching.
    pub name: String,
    /// The event's organizer, for searching.
    pub organizer: Option<String>,
    /// Whether its name is hidden from others.
    pub is_private: bool,
    /// The removed event and the reason, as [`Removal::to_json`] writes it.
    pub fact: String,
    /// Why nobody is notified; `None` if somebody is.
    pub not_notified_reason: Option<String>,
}

impl NewRemoval {
    /// A line of the history about a removal; `not_notified` says why nobody is notified.
    ///
    /// # Errors
    ///
    /// As [`Removal::to_json`].
    pub fn of(removal: &Removal, not_notified: Option<Message>) -> Result<NewRemoval> {
        let Removal { kind, event, .. } = removal;
        Ok(NewRemoval {
            kind: *kind,
            uid: event.uid.clone(),
            name: event.name.clone(),
            organizer: event.organizer.clone(),
            is_private: event.privacy.is_private,
            original: event.original.0,
            starts_at: event.start.0,
            ends_at: event.end.0,
            fact: removal.to_json()?,
            not_notified_reason: not_notified.map(|it| it.to_stored()),
        })
    }
}

/// Inserts a removed occurrence.
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
        "INSERT INTO removals (change_id, kind, original, starts_at, ends_at, uid, name, \
         organizer, is_private, fact, not_notified_reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        values![
            change,
            removal.kind.as_str().to_owned(),
            removal.original,
            removal.starts_at,
            removal.ends_at,
            sql::uid_key(&removal.uid),
            removal.name.clone(),
            removal.organizer.clone(),
            removal.is_private,
            removal.fact.clone(),
            removal.not_notified_reason.clone()
        ],
    )
    .await
}

/// A removed occurrence.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RemovalRow {
    /// Its number.
    pub id: RemovalId,
    /// The change that removed it.
    pub change_id: ChangeId,
    /// How it was removed.
    pub kind: Stored<RemovalKind>,
    /// Its original start, in seconds since 1970.
    pub original: i64,
    /// When it began.
    pub starts_at: i64,
    /// When it ended, exclusive.
    pub ends_at: i64,
    /// The removed event and the reason, as [`Removal::to_json`] wrote it.
    pub fact: String,
    /// Why nobody was notified; `None` if somebody was.
    pub not_notified_reason: Option<String>,
    /// When it was restored, in seconds since 1970.
    pub restored_at: Option<i64>,
    /// Whether only its effect was seen: the event was gone while a request to delete it was in doubt.
    pub not_confirmed: bool,
    /// The state of its change: [`ChangeState::Done`].
    pub state: Stored<ChangeState>,
    /// When it was removed, in seconds since 1970.
    pub made_at: i64,
    /// The calendar that it was in.
    pub calendar_id: CalendarId,
}

impl RemovalRow {
    /// What the line was about.
    pub fn removal(&self) -> Removal {
        Removal::kept(&self.fact, *self.kind, (self.starts_at, self.ends_at))
    }
}

const REMOVALS: &str = "SELECT removals.id, change_id, kind, original, starts_at, ends_at, fact, \
                          not_notified_reason, restored_at, not_confirmed, state, made_at, calendar_id \
                        FROM removals JOIN changes ON changes.id = change_id";

/// The removal of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn removal(access: &impl Access, id: RemovalId) -> Result<Option<RemovalRow>> {
    sql::one(access, &format!("{REMOVALS} WHERE removals.id = $1"), values![id]).await
}

/// The occurrences that a change removed.
///
/// # Errors
///
/// When the database fails.
pub async fn removals_of(access: &impl Access, change: ChangeId) -> Result<Vec<RemovalRow>> {
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
) -> Result<Vec<RemovalRow>> {
    let sql = format!(
        "{REMOVALS} WHERE calendar_id = COALESCE($1, calendar_id) ORDER BY removals.id DESC LIMIT $2"
    );
    sql::all(access, &sql, values![calendar.map(|it| it.0), i64::from(most)]).await
}

/// Records that a removal was restored, and who asked for it; returns whether it was not before.
///
/// # Errors
///
/// When the database fails.
pub async fn set_restored(
    transaction: &Transaction,
    id: RemovalId,
    by: &Starter,
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE removals SET restored_at = $2, restored_by = $3, restored_as = $4 \
               WHERE id = $1 AND restored_at IS NULL";
    let values = values![id, now, by.user.map(|user| user.0), by.by.as_str()];
    Ok(sql::run(transaction, sql, values).await? > 0)
}
