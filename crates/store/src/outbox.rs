//! Messages that are to be sent, and what was announced already. They are written in the transaction
//! that records what they are about.

use sea_orm::FromQueryResult;

use crate::history::Change;
use crate::sql::{self, values};
use crate::{Access, CalendarId, ChangeId, OutboxId, Result, Transaction};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something was removed.
    Removed,
    /// A conflict was left alone.
    LeftAlone,
    /// Something that was removed was put back.
    PutBack,
    /// A run met a calendar's safety limit.
    ConfirmationWanted,
    /// A calendar has failed for an hour.
    CalendarFails,
    /// A calendar that failed works again.
    CalendarWorks,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 6] = [
        Kind::Removed,
        Kind::LeftAlone,
        Kind::PutBack,
        Kind::ConfirmationWanted,
        Kind::CalendarFails,
        Kind::CalendarWorks,
    ];

    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Removed => "removed",
            Kind::LeftAlone => "left alone",
            Kind::PutBack => "put back",
            Kind::ConfirmationWanted => "confirmation wanted",
            Kind::CalendarFails => "calendar fails",
            Kind::CalendarWorks => "calendar works again",
        }
    }
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is to be sent.
    Waiting,
    /// It is kept for its series' next message.
    Gathered,
    /// It went with another message.
    Joined,
    /// Its address has had enough messages that day.
    OverLimit,
    /// Its address may not be written to.
    Refused,
    /// The server has it.
    Sent,
    /// It is not tried again.
    Failed,
    /// It was given up, or there was nothing to send.
    Discarded,
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Waiting,
        State::Gathered,
        State::Joined,
        State::OverLimit,
        State::Refused,
        State::Sent,
        State::Failed,
        State::Discarded,
    ];

    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Gathered => "gathered",
            State::Joined => "joined",
            State::OverLimit => "over limit",
            State::Refused => "refused",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Discarded => "discarded",
        }
    }
}

/// A message that is to be written down.
#[derive(Clone, Debug)]
pub struct NewMessage<'n> {
    /// What it is about.
    pub kind: Kind,
    /// The calendar that it is about.
    pub calendar: Option<CalendarId>,
    /// The change that it is about.
    pub change: Option<ChangeId>,
    /// The event that it is about; empty for none.
    pub uid: &'n str,
    /// Whether that is a series.
    pub is_recurring: bool,
    /// Who it goes to.
    pub address: &'n str,
    /// What the template is told, as JSON.
    pub data: String,
    /// Where it stands.
    pub state: State,
    /// Not before, in seconds since 1970; for what is gathered, at the latest.
    pub due_at: i64,
    /// The same at each try, and never twice.
    pub message_id: &'n str,
    /// Why it does not go.
    pub detail: Option<&'n str>,
    /// When, in seconds since 1970.
    pub now: i64,
}

/// Writes a message down.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, message: &NewMessage<'_>) -> Result<OutboxId> {
    sql::insert(
        transaction,
        "INSERT INTO outbox (kind, calendar_id, change_id, uid, is_recurring, address, data, \
         state, due_at, attempts, answers_lost, message_id, detail, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $11, $12) RETURNING id",
        values![
            message.kind.as_str().to_owned(),
            message.calendar.map(|it| it.0),
            message.change.map(|it| it.0),
            sql::uid_key(message.uid),
            message.is_recurring,
            message.address.to_owned(),
            message.data.clone(),
            message.state.as_str().to_owned(),
            message.due_at,
            message.message_id.to_owned(),
            message.detail.map(str::to_owned),
            message.now
        ],
    )
    .await
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Message {
    /// Its number.
    pub id: OutboxId,
    /// [`Kind`] as a word.
    pub kind: String,
    /// The change that it is about.
    pub change_id: Option<ChangeId>,
    /// The event that it is about.
    pub uid: String,
    /// Who it goes to.
    pub address: String,
    /// What the template is told, as JSON.
    pub data: String,
    /// [`State`] as a word.
    pub state: String,
    /// Not before, in seconds since 1970; for what is gathered, at the latest.
    pub due_at: i64,
    /// The same at each try.
    pub message_id: String,
    /// The server's words, or why it does not go.
    pub detail: Option<String>,
    /// When it was written down.
    pub created_at: i64,
}

const COLUMNS: &str =
    "id, kind, change_id, uid, address, data, state, due_at, message_id, detail, created_at";

/// The latest messages, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn latest(access: &impl Access, most: u32) -> Result<Vec<Message>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox ORDER BY id DESC LIMIT $1");
    sql::all(access, &sql, values![i64::from(most)]).await
}

/// The messages about a change, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn of_change(access: &impl Access, change: ChangeId) -> Result<Vec<Message>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE change_id = $1 ORDER BY id");
    sql::all(access, &sql, values![change]).await
}

/// When a series was last announced to an address, in seconds since 1970.
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
               AND state IN ('waiting', 'sent', 'over limit', 'failed')";
    let values = values![calendar, sql::uid_key(uid), address.to_owned()];
    Ok(sql::value::<Option<i64>>(access, sql, values).await?.flatten())
}

/// What was gathered for a series' next message to an address, oldest first, and now goes with it.
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
        // Another process may have sent it on its way meanwhile.
        let sql = "UPDATE outbox SET state = 'joined' WHERE id = $1 AND state = 'gathered'";
        if sql::run(transaction, sql, values![row.id]).await? > 0 {
            joined.push(row.data);
        }
    }
    Ok(joined)
}

/// Drops what is to be said to an address about a change but was not said yet: all of it was put back, as
/// `why` says.
/// Whether there was any. What had been gathered into it waits for the next message again.
///
/// # Errors
///
/// When the database fails.
pub async fn drop_unsent(
    transaction: &Transaction,
    change: &Change,
    address: &str,
    why: &str,
) -> Result<bool> {
    let drop = |kind: Kind| {
        let sql = "UPDATE outbox SET state = 'discarded', detail = $4 \
                   WHERE change_id = $1 AND address = $2 AND kind = $3 \
                   AND state IN ('waiting', 'gathered', 'over limit') \
                   AND holder IS NULL AND attempts = 0";
        let kind = kind.as_str().to_owned();
        let values = values![change.id, address.to_owned(), kind, why.to_owned()];
        sql::run(transaction, sql, values)
    };
    if drop(Kind::Removed).await? == 0 {
        return Ok(false);
    }
    drop(Kind::PutBack).await?;
    let sql = "UPDATE outbox SET state = 'gathered' \
               WHERE calendar_id = $1 AND uid = $2 AND address = $3 AND state = 'joined' \
               AND id > (SELECT COALESCE(MAX(id), 0) FROM outbox \
                 WHERE calendar_id = $1 AND uid = $2 AND address = $3 AND kind = 'removed' \
                 AND state IN ('waiting', 'sent', 'over limit', 'failed'))";
    let values = values![change.calendar_id, sql::uid_key(&change.uid), address.to_owned()];
    sql::run(transaction, sql, values).await?;
    Ok(true)
}

/// How many messages go, or went, to an address since a moment.
///
/// # Errors
///
/// When the database fails.
pub async fn count_since(access: &impl Access, address: &str, since: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM outbox WHERE address = $1 AND created_at >= $2 \
               AND state IN ('waiting', 'sent', 'failed')";
    let found = sql::value(access, sql, values![address.to_owned(), since]).await?;
    Ok(found.unwrap_or_default())
}

/// What an announcement says of one occurrence.
#[derive(Clone, Copy, Debug)]
pub struct Announcement<'a> {
    /// The event.
    pub uid: &'a str,
    /// The occurrence's original start, in seconds since 1970.
    pub original: i64,
    /// `removed`, or the reason why it was left alone.
    pub reason: &'a str,
    /// Who has the room instead.
    pub winner_uid: &'a str,
    /// Who was told; empty if nobody could be.
    pub address: &'a str,
}

/// When the same was announced last, in seconds since 1970.
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

/// Remembers that it was announced.
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

/// Forgets that removals of an occurrence were announced: it was put back, and may be lost anew.
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
