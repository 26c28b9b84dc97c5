//! The outbox: messages to send, and what was announced before. Rows are written in the transaction
//! that records the change that they are about.

mod unsent;

use sea_orm::FromQueryResult;
use wording::{Message, MessageId};

use crate::sql::{self, values};
use crate::{Access, CalendarId, ChangeId, KeyId, OutboxId, Result, Stored, Transaction, UserId};

pub use self::unsent::{
    address_reached, drop_confirmations, drop_restored, drop_unsent, drop_warning, revive_restored,
};

facts::words! {
    /// The subject of a message.
    pub enum MessageKind {
        /// An event was removed.
        Removed = "removed",
        /// A conflict was kept.
        Kept = "kept",
        /// A removed event was restored.
        Restored = "restored",
        /// An event loses its room later.
        Warning = "warning",
        /// It does not after all.
        WarningEnded = "warning ended",
        /// An hour that an event lost is free again.
        Offer = "offer",
        /// Conflicts of a calendar that only reports.
        ConflictsFound = "conflicts found",
        /// A run reached a calendar's safety limit.
        ConfirmationWanted = "confirmation wanted",
        /// A calendar has failed for an hour.
        CalendarFails = "calendar fails",
        /// A calendar that failed works again.
        CalendarWorks = "calendar works again",
        /// Messages to addresses outside the sender's domain are held.
        MessagesHeld = "messages held",
        /// The report of a month.
        MonthlyReport = "monthly report",
    }
}

impl MessageKind {
    /// Whether it is for administrators and says nothing that others wrote.
    pub fn is_note(self) -> bool {
        use MessageKind::*;
        match self {
            Removed | Kept | Restored | Warning | WarningEnded | Offer | ConflictsFound => false,
            ConfirmationWanted | CalendarFails | CalendarWorks | MessagesHeld | MonthlyReport => {
                true
            }
        }
    }
}

facts::words! {
    /// The state of a message.
    pub enum MessageState {
        /// It is waiting to be sent.
        Waiting = "waiting",
        /// It is held for the next message about its series.
        Gathered = "gathered",
        /// It was sent together with another message.
        Joined = "joined",
        /// The recipient has reached the daily limit.
        OverLimit = "over limit",
        /// It would exceed what may go outside the sender's domain in a day, or was waiting in a backup that was
        /// restored; an administrator decides.
        Held = "held",
        /// No mail may be sent to the address.
        Refused = "refused",
        /// The server accepted it.
        Sent = "sent",
        /// Sending failed for good.
        Failed = "failed",
        /// It was discarded, or there was nothing to send.
        Discarded = "discarded",
    }
}

/// A message to insert.
#[derive(Clone, Debug)]
pub struct NewMessage<'n> {
    /// What the message is about.
    pub kind: MessageKind,
    /// The calendar that the message is about.
    pub calendar: Option<CalendarId>,
    /// The change that the message is about.
    pub change: Option<ChangeId>,
    /// The UID of the event that it is about; empty if there is none.
    pub uid: &'n str,
    /// Whether the event is a series.
    pub is_recurring: bool,
    /// The recipient's address.
    pub address: &'n str,
    /// The template's data, as JSON.
    pub data: String,
    /// Its state.
    pub state: MessageState,
    /// When it is due, in seconds since 1970; for a gathered message, at the latest.
    pub due_at: i64,
    /// When the first meeting begins that it is about, in seconds since 1970.
    pub meets_at: Option<i64>,
    /// The Message-ID, unique and the same at each attempt.
    pub message_id: &'n str,
    /// Why it is not sent.
    pub detail: Option<&'n str>,
    /// The present, in seconds since 1970.
    pub now: i64,
}

/// Inserts a message. One about the removal by a change that was in doubt in a backup that was restored is held: it may
/// have been sent by what the backup replaced.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, message: &NewMessage<'_>) -> Result<OutboxId> {
    let Cause { user, key, is_of_backup } = cause(transaction, message).await?;
    use MessageState::{Gathered, Held, Waiting};
    let is_held = is_of_backup
        && message.kind == MessageKind::Removed
        && matches!(message.state, Waiting | Gathered);
    let state = if is_held { Held } else { message.state };
    let held = is_held.then(|| Message::from(MessageId::HeldAfterRestore).to_stored());
    sql::insert(
        transaction,
        "INSERT INTO outbox (kind, calendar_id, change_id, uid, is_recurring, address, data, \
         state, due_at, attempts, answers_lost, message_id, detail, created_at, \
         caused_by_user, caused_by_key, meets_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $11, $12, $13, $14, $15) RETURNING id",
        values![
            message.kind.as_str().to_owned(),
            message.calendar.map(|it| it.0),
            message.change.map(|it| it.0),
            sql::uid_key(message.uid),
            message.is_recurring,
            message.address.to_owned(),
            message.data.clone(),
            state.as_str().to_owned(),
            message.due_at,
            message.message_id.to_owned(),
            held.or_else(|| message.detail.map(str::to_owned)),
            message.now,
            user,
            key,
            message.meets_at
        ],
    )
    .await
}

/// Whether there is a message of this kind to this address that says the same of the same event.
///
/// # Errors
///
/// When the database fails.
pub async fn is_there(
    access: &impl Access,
    (calendar, uid): (CalendarId, &str),
    (kind, address): (MessageKind, &str),
    data: &str,
) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM outbox \
               WHERE calendar_id = $1 AND uid = $2 AND kind = $3 AND address = $4 AND data = $5";
    let (kind, address) = (kind.as_str().to_owned(), address.to_owned());
    let values = values![calendar, sql::uid_key(uid), kind, address, data.to_owned()];
    Ok(sql::value::<i64>(access, sql, values).await?.unwrap_or_default() > 0)
}

/// Who causes a message.
struct Cause {
    user: Option<UserId>,
    key: Option<KeyId>,
    /// Whether its change was written down before a restore.
    is_of_backup: bool,
}

/// Who causes a message about an event: the user who booked it; otherwise the user, with the key, of
/// the request or the run that changed it; otherwise nobody that is known here.
async fn cause(transaction: &Transaction, message: &NewMessage<'_>) -> Result<Cause> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Option<UserId>,
        key_id: Option<KeyId>,
        is_of_backup: Option<bool>,
    }
    let sql = "SELECT COALESCE(changes.user_id, runs.user_id) AS user_id, \
                 COALESCE(changes.key_id, runs.key_id) AS key_id, \
                 changes.made_at < (SELECT MAX(restored_at) FROM restores) AS is_of_backup \
               FROM changes LEFT JOIN runs ON runs.id = changes.run_id WHERE changes.id = $1";
    let of_change = match message.change {
        Some(change) => sql::one::<Row>(transaction, sql, values![change]).await?,
        None => None,
    };
    let of_change = of_change.unwrap_or(Row { user_id: None, key_id: None, is_of_backup: None });
    let is_of_backup = of_change.is_of_backup.unwrap_or_default();
    let author = match message.calendar {
        Some(calendar) => {
            let sql = "SELECT author_id FROM uid_metadata WHERE calendar_id = $1 AND uid = $2";
            let values = values![calendar, sql::uid_key(message.uid)];
            sql::value::<Option<UserId>>(transaction, sql, values).await?.flatten()
        }
        None => None,
    };
    let (user, key) = match author {
        Some(author) => {
            (Some(author), of_change.key_id.filter(|_| of_change.user_id == Some(author)))
        }
        None => (of_change.user_id, of_change.key_id),
    };
    Ok(Cause { user, key, is_of_backup })
}

/// A message of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OutboxMessage {
    /// Its id.
    pub id: OutboxId,
    /// What it is about.
    pub kind: Stored<MessageKind>,
    /// The change that the message is about.
    pub change_id: Option<ChangeId>,
    /// The UID of the event that it is about.
    pub uid: String,
    /// The recipient's address.
    pub address: String,
    /// The template's data, as JSON.
    pub data: String,
    /// Its state.
    pub state: Stored<MessageState>,
    /// When it is due, in seconds since 1970. A gathered message is sent at that time at the
    /// latest.
    pub due_at: i64,
    /// The Message-ID, the same at each attempt.
    pub message_id: String,
    /// The server's answer, or why it is not sent.
    pub detail: Option<String>,
    /// When it was created, in seconds since 1970.
    pub created_at: i64,
}

const COLUMNS: &str =
    "id, kind, change_id, uid, address, data, state, due_at, message_id, detail, created_at";

/// The latest messages, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn latest(access: &impl Access, most: u32) -> Result<Vec<OutboxMessage>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox ORDER BY id DESC LIMIT $1");
    sql::all(access, &sql, values![i64::from(most)]).await
}

/// The messages about a change, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn of_change(access: &impl Access, change: ChangeId) -> Result<Vec<OutboxMessage>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE change_id = $1 ORDER BY id");
    sql::all(access, &sql, values![change]).await
}

/// When a message of a kind about a calendar as a whole was last made, in seconds since 1970.
///
/// # Errors
///
/// When the database fails.
pub async fn last_about_calendar(
    access: &impl Access,
    calendar: CalendarId,
    kind: MessageKind,
) -> Result<Option<i64>> {
    let sql =
        "SELECT MAX(created_at) FROM outbox WHERE calendar_id = $1 AND uid = '' AND kind = $2";
    Ok(sql::value::<Option<i64>>(access, sql, values![calendar, kind.as_str()]).await?.flatten())
}

/// When a removal in a series was last announced to an address, in seconds since 1970.
///
/// # Errors
///
/// When the database fails.
pub async fn series_announced_at(
    access: &impl Access,
    calendar: CalendarId,
    uid: &str,
    address: &str,
) -> Result<Option<i64>> {
    let sql = "SELECT MAX(created_at) FROM outbox WHERE calendar_id = $1 AND uid = $2 \
               AND address = $3 AND kind = 'removed' AND is_recurring \
               AND state IN ('waiting', 'sent', 'over limit', 'held', 'failed')";
    let values = values![calendar, sql::uid_key(uid), address.to_owned()];
    Ok(sql::value::<Option<i64>>(access, sql, values).await?.flatten())
}

/// Joins the messages that were gathered for the next message about a series to an address, and
/// returns their data, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn join_gathered(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    address: &str,
) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: OutboxId,
        data: String,
    }
    let sql = "SELECT id, data FROM outbox WHERE calendar_id = $1 AND uid = $2 AND address = $3 \
               AND state = 'gathered' ORDER BY id";
    let values = values![calendar, sql::uid_key(uid), address.to_owned()];
    let rows = sql::all::<Row>(transaction, sql, values).await?;
    let mut joined = Vec::new();
    for row in rows {
        // Another process may have released it meanwhile.
        let sql = "UPDATE outbox SET state = 'joined' WHERE id = $1 AND state = 'gathered'";
        if sql::run(transaction, sql, values![row.id]).await? > 0 {
            joined.push(row.data);
        }
    }
    Ok(joined)
}

/// The number of messages to an address, sent or to be sent, since a moment.
///
/// # Errors
///
/// When the database fails.
pub async fn count_since(access: &impl Access, address: &str, since: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM outbox WHERE address = $1 AND created_at >= $2 \
               AND state IN ('waiting', 'held', 'sent', 'failed')";
    let found = sql::value(access, sql, values![address.to_owned(), since]).await?;
    Ok(found.unwrap_or_default())
}

/// An announcement of one occurrence.
#[derive(Clone, Copy, Debug)]
pub struct Announcement<'a> {
    /// The event's UID.
    pub uid: &'a str,
    /// The occurrence's original start, in seconds since 1970.
    pub original: i64,
    /// `removed`, or the reason why it was kept.
    pub reason: &'a str,
    /// The UID of the event that has the room.
    pub winner_uid: &'a str,
    /// The address that was notified; empty if there was none.
    pub address: &'a str,
}

/// When the same was last announced, in seconds since 1970.
///
/// # Errors
///
/// When the database fails.
pub async fn announced_at(
    access: &impl Access,
    calendar: CalendarId,
    it: &Announcement<'_>,
) -> Result<Option<i64>> {
    let sql = "SELECT announced_at FROM announced WHERE calendar_id = $1 AND uid = $2 \
               AND original = $3 AND reason = $4 AND winner_uid = $5 AND address = $6";
    sql::value(access, sql, announcement(calendar, it)).await
}

/// Records an announcement.
///
/// # Errors
///
/// When the database fails.
pub async fn set_announced(
    transaction: &Transaction,
    calendar: CalendarId,
    it: &Announcement<'_>,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO announced \
               (calendar_id, uid, original, reason, winner_uid, address, announced_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (calendar_id, uid, original, reason, winner_uid, address) \
               DO UPDATE SET announced_at = excluded.announced_at";
    let mut values = announcement(calendar, it);
    values.push(now.into());
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Deletes the record that removals of an occurrence were announced: it was restored, and can be
/// removed again.
///
/// # Errors
///
/// When the database fails.
pub async fn forget_announced(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    original: i64,
) -> Result<()> {
    let sql = "DELETE FROM announced WHERE calendar_id = $1 AND uid = $2 AND original = $3 \
               AND reason = 'removed'";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid), original]).await?;
    Ok(())
}

fn announcement(calendar: CalendarId, it: &Announcement<'_>) -> Vec<sea_orm::Value> {
    values![
        calendar,
        sql::uid_key(it.uid),
        it.original,
        it.reason.to_owned(),
        sql::uid_key(it.winner_uid),
        it.address.to_owned()
    ]
}

/// Whether a message waits to be sent.
///
/// # Errors
///
/// When the database fails.
pub async fn is_waiting(access: &impl Access, id: OutboxId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM outbox WHERE id = $1 AND state = 'waiting'";
    Ok(sql::value::<i64>(access, sql, values![id]).await?.unwrap_or_default() > 0)
}
