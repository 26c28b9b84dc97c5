//! Pending removals: of calendars that warn, the occurrences that lose their room when the grace is over.

pub mod asked;
mod carried;

pub use carried::carry_on;

use clearing::{Decision, EndReason, Party, Pending, REMOVAL_FLOOR};
use facts::{Event, Removal, RemovalKind};
use ical::Moment;
use sea_orm::FromQueryResult;

use crate::outbox::MessageState;
use crate::sql::{self, values};
use crate::{Access, CalendarId, OutboxId, PendingId, Result, RunId, Stored, Transaction, UserId};

/// Calendars that one call of [`claim_due`] names.
const MAX_DUE: i64 = 20;

facts::words! {
    /// What an administrator decided about a pending removal.
    pub enum PendingDecision {
        /// The event is kept.
        Keep = "keep",
        /// It is removed at once.
        Now = "now",
        /// Its organizer asks for a decision: nothing is removed until an administrator decides.
        Ask = "ask",
    }
}

facts::words! {
    /// How a pending removal ended.
    pub enum PendingOutcome {
        /// The event was removed.
        Removed = "removed",
        /// It was cancelled, deleted, or does not take the room any more.
        Gone = "gone",
        /// It does not overlap a stronger one any more.
        Settled = "settled",
        /// A rule keeps it.
        Kept = "kept",
        /// It is over.
        Over = "over",
        /// Another warning about it has taken its place.
        Replaced = "replaced",
    }
}

impl From<EndReason> for PendingOutcome {
    fn from(reason: EndReason) -> PendingOutcome {
        match reason {
            EndReason::LoserGone => PendingOutcome::Gone,
            EndReason::NoConflict => PendingOutcome::Settled,
            EndReason::Kept(_) => PendingOutcome::Kept,
            EndReason::Over => PendingOutcome::Over,
            EndReason::Replaced => PendingOutcome::Replaced,
        }
    }
}

impl From<PendingDecision> for Decision {
    fn from(decision: PendingDecision) -> Decision {
        match decision {
            PendingDecision::Keep => Decision::Keep,
            PendingDecision::Now => Decision::RemoveNow,
            PendingDecision::Ask => Decision::Ask,
        }
    }
}

/// A pending removal, to insert.
#[derive(Clone, Debug)]
pub struct NewPending<'n> {
    /// The calendar.
    pub calendar: CalendarId,
    /// The run that warns.
    pub run: RunId,
    /// Where the object lies.
    pub href: &'n str,
    /// What is to be removed.
    pub removal: &'n Removal,
    /// The versions of the two objects.
    pub versions: [&'n str; 2],
    /// Whether it is an occurrence of a series.
    pub is_recurring: bool,
    /// Whether the run had reached the safety limit.
    pub is_at_limit: bool,
    /// The hours of grace.
    pub grace_hours: u32,
    /// The messages to the organizers of the loser and of the winner.
    pub messages: [Option<OutboxId>; 2],
    /// The present, in seconds since 1970.
    pub now: i64,
}

/// A pending removal.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PendingRow {
    /// Its id.
    pub id: PendingId,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// Where the object lies.
    pub href: String,
    /// When the occurrence begins, in seconds since 1970, as all moments.
    pub starts_at: i64,
    /// When it ends, exclusive.
    pub ends_at: i64,
    /// The version of the object that loses it.
    pub version: String,
    /// The version of the winner's object.
    pub winner_version: String,
    /// Whether it is an occurrence of a series.
    pub is_recurring: bool,
    /// What is to be removed, as [`Removal::to_json`] writes it.
    pub fact: String,
    /// The hours of grace.
    pub grace_hours: i64,
    /// When the warning was made.
    pub made_at: i64,
    /// The message to the organizer of the loser, or to the contact address.
    pub message_id: Option<OutboxId>,
    /// The message to the organizer of the winner.
    pub winner_message_id: Option<OutboxId>,
    /// When the mail server took the former.
    pub warned_at: Option<i64>,
    /// What an administrator decided.
    pub decision: Option<Stored<PendingDecision>>,
    /// The state of the message to the loser.
    pub message_state: Option<Stored<MessageState>>,
    /// To which address it goes.
    pub message_address: Option<String>,
    /// When it ended; `None` while it is pending.
    pub ended_at: Option<i64>,
}

const ROWS: &str = "SELECT pending_removals.id, pending_removals.calendar_id, href, starts_at, ends_at, \
                      version, winner_version, pending_removals.is_recurring, fact, grace_hours, \
                      made_at, pending_removals.message_id, winner_message_id, warned_at, decision, \
                      outbox.state AS message_state, outbox.address AS message_address, ended_at \
                    FROM pending_removals LEFT JOIN outbox ON outbox.id = pending_removals.message_id";

impl PendingRow {
    /// What is to be removed.
    pub fn removal(&self) -> Removal {
        Removal::kept(&self.fact, RemovalKind::DeletedOverlapping, (self.starts_at, self.ends_at))
    }

    /// What the rules know of it. `resource` is the object's, as the calendar is now.
    pub fn pending(&self, resource: Option<usize>) -> Pending {
        let removal = self.removal();
        let party = |it: &Event| Party {
            uid: it.uid.clone(),
            original: it.original,
            start: it.start,
            end: it.end,
        };
        Pending {
            id: self.id.0,
            loser: party(&removal.event),
            resource,
            winner: party(removal.winner().unwrap_or(&Event::default())),
            grace_hours: u32::try_from(self.grace_hours).unwrap_or_default(),
            warned_at: self.warned_at.map(Moment),
            decision: self.decision.map(|it| (*it).into()),
        }
    }
}

/// Inserts a pending removal.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, new: &NewPending<'_>) -> Result<PendingId> {
    let event = &new.removal.event;
    sql::insert(
        transaction,
        "INSERT INTO pending_removals (calendar_id, run_id, href, uid, starts_at, ends_at, version, \
         winner_version, is_recurring, is_at_limit, fact, grace_hours, made_at, message_id, \
         winner_message_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id",
        values![
            new.calendar,
            new.run,
            new.href.to_owned(),
            event.uid.clone(),
            event.start.0,
            event.end.0,
            new.versions[0].to_owned(),
            new.versions[1].to_owned(),
            new.is_recurring,
            new.is_at_limit,
            new.removal.to_json()?,
            i64::from(new.grace_hours),
            new.now,
            new.messages[0].map(|it| it.0),
            new.messages[1].map(|it| it.0)
        ],
    )
    .await
}

/// The pending removals of a calendar, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn open(access: &impl Access, calendar: CalendarId) -> Result<Vec<PendingRow>> {
    let sql = format!(
        "{ROWS} WHERE pending_removals.calendar_id = $1 AND ended_at IS NULL \
         ORDER BY pending_removals.id"
    );
    sql::all(access, &sql, values![calendar]).await
}

/// Whether a calendar has pending removals.
///
/// # Errors
///
/// When the database fails.
pub async fn has_open(access: &impl Access, calendar: CalendarId) -> Result<bool> {
    let sql = "SELECT id FROM pending_removals WHERE calendar_id = $1 AND ended_at IS NULL LIMIT 1";
    Ok(sql::value::<PendingId>(access, sql, values![calendar]).await?.is_some())
}

/// All pending removals, by start.
///
/// # Errors
///
/// When the database fails.
pub async fn all_open(access: &impl Access) -> Result<Vec<PendingRow>> {
    let sql = format!("{ROWS} WHERE ended_at IS NULL ORDER BY starts_at, pending_removals.id");
    sql::all(access, &sql, Vec::new()).await
}

/// The pending removal of an id, ended or not.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: PendingId) -> Result<Option<PendingRow>> {
    sql::one(access, &format!("{ROWS} WHERE pending_removals.id = $1"), values![id]).await
}

/// The objects of a calendar, by UID, that were warned since a moment (seconds since 1970), and whether in a run that
/// had reached the safety limit; runs that an administrator confirmed do not count. Then those that were removed since
/// after a warning.
///
/// # Errors
///
/// When the database fails.
pub async fn of_limit(
    access: &impl Access,
    calendar: CalendarId,
    since: i64,
) -> Result<(Vec<(String, bool)>, Vec<String>)> {
    #[derive(FromQueryResult)]
    struct Warned {
        uid: String,
        is_at_limit: bool,
    }
    #[derive(FromQueryResult)]
    struct Removed {
        uid: String,
    }
    let sql = "SELECT uid, is_at_limit FROM pending_removals \
                 LEFT JOIN runs ON runs.id = pending_removals.run_id \
               WHERE calendar_id = $1 AND made_at > $2 AND COALESCE(runs.is_confirmed, FALSE) = FALSE";
    let warned = sql::all::<Warned>(access, sql, values![calendar, since]).await?;
    let sql = "SELECT uid FROM pending_removals \
               WHERE calendar_id = $1 AND ended_at > $2 AND outcome = 'removed'";
    let removed = sql::all::<Removed>(access, sql, values![calendar, since]).await?;
    let warned = warned.into_iter().map(|it| (it.uid, it.is_at_limit)).collect();
    Ok((warned, removed.into_iter().map(|it| it.uid).collect()))
}

/// Records the versions of the two objects of a pending removal, where the first lies, and what is to be removed as they
/// are now.
///
/// # Errors
///
/// When the database fails.
pub async fn renew(
    transaction: &Transaction,
    id: PendingId,
    href: &str,
    versions: [&str; 2],
    removal: &Removal,
) -> Result<()> {
    let sql = "UPDATE pending_removals SET href = $2, version = $3, winner_version = $4, fact = $5 \
               WHERE id = $1";
    let [version, winner] = versions.map(str::to_owned);
    let values = values![id, href.to_owned(), version, winner, removal.to_json()?];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Records another message about pending removals, because the first one reached nobody.
///
/// # Errors
///
/// When the database fails.
pub async fn set_message(
    transaction: &Transaction,
    ids: &[PendingId],
    message: OutboxId,
) -> Result<()> {
    for id in ids {
        let sql = "UPDATE pending_removals SET message_id = $2 \
                   WHERE id = $1 AND warned_at IS NULL AND ended_at IS NULL";
        sql::run(transaction, sql, values![*id, message]).await?;
    }
    Ok(())
}

/// Records that a message takes the place of another one, which reached nobody.
///
/// # Errors
///
/// When the database fails.
pub async fn replace_message(
    transaction: &Transaction,
    failed: OutboxId,
    message: OutboxId,
) -> Result<()> {
    for column in ["message_id", "winner_message_id"] {
        let sql = format!(
            "UPDATE pending_removals SET {column} = $2 WHERE {column} = $1 AND ended_at IS NULL"
        );
        sql::run(transaction, &sql, values![failed, message]).await?;
    }
    Ok(())
}

/// Records that the mail server took the warning of a message at a moment, in seconds since 1970.
///
/// # Errors
///
/// When the database fails.
pub async fn set_warned(transaction: &Transaction, message: OutboxId, now: i64) -> Result<()> {
    let sql =
        "UPDATE pending_removals SET warned_at = $2 WHERE message_id = $1 AND warned_at IS NULL";
    sql::run(transaction, sql, values![message, now]).await?;
    Ok(())
}

/// Records what an administrator decided; returns whether the removal is pending.
///
/// # Errors
///
/// When the database fails.
pub async fn decide(
    transaction: &Transaction,
    id: PendingId,
    decision: PendingDecision,
    by: Option<UserId>,
) -> Result<bool> {
    let sql = "UPDATE pending_removals SET decision = $2, decided_by = $3, tried_at = NULL \
               WHERE id = $1 AND ended_at IS NULL";
    let values = values![id, decision.as_str(), by];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Records how a pending removal ended; returns whether it was pending.
///
/// # Errors
///
/// When the database fails.
pub async fn end(
    transaction: &Transaction,
    id: PendingId,
    outcome: PendingOutcome,
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE pending_removals SET ended_at = $2, outcome = $3 \
               WHERE id = $1 AND ended_at IS NULL";
    Ok(sql::run(transaction, sql, values![id, now, outcome.as_str()]).await? > 0)
}

/// Whether a removal is pending that a message is about.
///
/// # Errors
///
/// When the database fails.
pub async fn is_message_needed(access: &impl Access, message: OutboxId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM pending_removals \
               WHERE (message_id = $1 OR winner_message_id = $1) AND ended_at IS NULL \
                 AND (decision IS NULL OR decision <> 'keep')";
    let open = sql::value::<i64>(access, sql, values![message]).await?;
    Ok(open.unwrap_or_default() > 0)
}

/// The calendars that have a removal that is due at `now` (seconds since 1970) and that no process has begun in the
/// last `pause` seconds. They are claimed by that.
///
/// # Errors
///
/// When the database fails.
pub async fn claim_due(transaction: &Transaction, now: i64, pause: i64) -> Result<Vec<CalendarId>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
    }
    // The floor comes first: an event that begins late keeps none from being found.
    let is_due = "ended_at IS NULL AND ends_at > $1 AND (decision = 'now' OR decision IS NULL \
                  AND warned_at <= $1 AND (warned_at + grace_hours * 3600 <= $1 OR starts_at <= $3)) \
                  AND (tried_at IS NULL OR tried_at <= $1 - $2 OR tried_at > $1)";
    let sql = format!(
        "UPDATE pending_removals SET tried_at = $1 WHERE {is_due} AND calendar_id IN \
         (SELECT DISTINCT calendar_id FROM pending_removals WHERE {is_due} LIMIT $4) \
         RETURNING calendar_id"
    );
    let values = values![now, pause, now.saturating_add(REMOVAL_FLOOR), MAX_DUE];
    let found = sql::all::<Row>(transaction, &sql, values).await?;
    let mut calendars: Vec<CalendarId> = found.into_iter().map(|it| it.calendar_id).collect();
    calendars.sort_unstable();
    calendars.dedup();
    Ok(calendars)
}

/// How many removals are pending, and how many of them have not been told yet to anybody who loses by them: those of a
/// user's calendars, or of all; and of how many the organizer asks for a decision. Those that an administrator keeps do
/// not count.
///
/// # Errors
///
/// When the database fails.
pub async fn counts(access: &impl Access, user: Option<UserId>) -> Result<[i64; 3]> {
    #[derive(FromQueryResult)]
    struct Row {
        pending: i64,
        untold: i64,
        asked: i64,
    }
    let sql = "SELECT COUNT(*) AS pending, \
                 COUNT(CASE WHEN warned_at IS NULL AND decision IS NULL THEN 1 END) AS untold, \
                 COUNT(CASE WHEN decision = 'ask' THEN 1 END) AS asked \
               FROM pending_removals WHERE ended_at IS NULL AND (decision IS NULL OR decision <> 'keep') \
                 AND ($1 = 0 OR calendar_id IN (SELECT calendar_id FROM calendar_users WHERE user_id = $1))";
    let row = sql::one::<Row>(access, sql, values![user.map_or(0, |it| it.0)]).await?;
    Ok(row.map_or([0; 3], |it| [it.pending, it.untold, it.asked]))
}
