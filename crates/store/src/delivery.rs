//! Delivery of the outbox's messages: which process works on which message, and the outcome. Leases
//! of messages use the database's clock, like all leases.

use sea_orm::FromQueryResult;

use crate::outbox::{MessageKind, MessageState};
use crate::sql::{self, values};
use crate::{
    Access, CalendarId, ChangeId, DatabaseKind, OutboxId, Result, Stored, Transaction, UserId,
};

/// The advisory lock under which PostgreSQL lets one process at a time claim a message.
const CLAIM_LOCK: i64 = 0x4d41_494c;

/// A message that a process has claimed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ClaimedMessage {
    /// Its id.
    pub id: OutboxId,
    /// What it is about.
    pub kind: Stored<MessageKind>,
    /// The calendar that the message is about.
    pub calendar_id: Option<CalendarId>,
    /// The change that the message is about.
    pub change_id: Option<ChangeId>,
    /// The UID of the event that it is about.
    pub uid: String,
    /// Whether the event is a series.
    pub is_recurring: bool,
    /// When the first meeting begins that it is about, in seconds since 1970.
    pub meets_at: Option<i64>,
    /// The recipient's address.
    pub address: String,
    /// The template's data, as JSON.
    pub data: String,
    /// The Message-ID, the same at each attempt.
    pub message_id: String,
    /// When this attempt was due, in seconds since 1970.
    pub due_at: i64,
    /// The number of attempts, including this one.
    pub attempts: i64,
    /// When the first attempt began, in seconds since 1970.
    pub first_tried_at: i64,
    /// The user who caused it.
    pub caused_by_user: Option<UserId>,
    /// When it was let out to an address outside the sender's domain, in seconds since 1970.
    pub admitted_at: Option<i64>,
    /// The blind copies that are tried again, with commas between; the message itself was sent then.
    pub copies: Option<String>,
}

/// A meeting that begins within this many seconds is urgent.
const URGENT: i64 = 86_400;
/// The longest time for which a message is claimed, in seconds. A claim that is longer was made by a clock that was
/// ahead, and counts as none.
pub const MAX_CLAIM_SECONDS: i64 = 180;

/// SQL for "due at `$1`, and claimed by no process", where `$2` is [`MAX_CLAIM_SECONDS`].
fn is_due(database_now: &str) -> String {
    format!(
        "state = 'waiting' AND due_at <= $1 AND (held_until IS NULL OR held_until <= {database_now} \
         OR held_until > {database_now} + $2)"
    )
}

/// The number of messages that are due at `now` and claimed by no process; more than `most` are not counted.
///
/// # Errors
///
/// When the database fails.
pub async fn count_due(access: &impl Access, now: i64, most: u32) -> Result<i64> {
    let is_due = is_due(access.now());
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM outbox WHERE {is_due} LIMIT $3) AS due"
    );
    let values = values![now, MAX_CLAIM_SECONDS, i64::from(most)];
    Ok(sql::value(access, &sql, values).await?.unwrap_or_default())
}

/// Claims the next message for a number of seconds, unless `a_minute` messages were tried in the last minute: of
/// those that are due at `now` the one about the next meeting within 24 hours, otherwise the one that has been due
/// longest. If another process had begun to transmit it and did not record the outcome, the server's answer was lost,
/// which is counted.
///
/// The cost does not depend on how many messages are waiting.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(
    transaction: &Transaction,
    holder: &str,
    seconds: i64,
    a_minute: u32,
    now: i64,
) -> Result<Option<ClaimedMessage>> {
    if count_due(transaction, now, 1).await? == 0 {
        return Ok(None);
    }
    alone(transaction).await?;
    let tried = "SELECT COUNT(*) FROM outbox WHERE tried_at > $1 AND tried_at <= $2";
    let tried: Option<i64> = sql::value(transaction, tried, values![now - 60, now]).await?;
    if tried.unwrap_or_default() >= i64::from(a_minute) {
        return Ok(None);
    }
    let Some(id) = next_due(transaction, now).await? else { return Ok(None) };
    let database_now = transaction.now();
    let sql = format!(
        "UPDATE outbox SET holder = $1, held_until = {database_now} + $2, attempts = attempts + 1, \
           tried_at = $3, first_tried_at = COALESCE(first_tried_at, $3), \
           answers_lost = answers_lost + CASE WHEN transmission_started_at IS NULL THEN 0 ELSE 1 END, \
           transmission_started_at = NULL \
         WHERE id = $4 \
         RETURNING id, kind, calendar_id, change_id, uid, is_recurring, meets_at, address, data, message_id, due_at, attempts, \
           first_tried_at, caused_by_user, admitted_at, copies"
    );
    sql::one(transaction, &sql, values![holder.to_owned(), seconds, now, id]).await
}

/// The message that goes next, locked; one that another transaction has locked is passed over.
async fn next_due(transaction: &Transaction, now: i64) -> Result<Option<OutboxId>> {
    let is_due = is_due(transaction.now());
    let skipping = transaction.skipping_locked();
    // Without help, SQLite would look through all that waits.
    let outbox = match transaction.kind() {
        DatabaseKind::Sqlite => "outbox INDEXED BY outbox_by_meeting",
        DatabaseKind::Postgres => "outbox",
    };
    let urgent = format!(
        "SELECT id FROM {outbox} WHERE {is_due} AND meets_at > $1 AND meets_at <= $3 \
         ORDER BY meets_at, due_at, id LIMIT 1 {skipping}"
    );
    let values = values![now, MAX_CLAIM_SECONDS, now.saturating_add(URGENT)];
    if let Some(id) = sql::value(transaction, &urgent, values).await? {
        return Ok(Some(id));
    }
    let oldest =
        format!("SELECT id FROM outbox WHERE {is_due} ORDER BY due_at, id LIMIT 1 {skipping}");
    sql::value(transaction, &oldest, values![now, MAX_CLAIM_SECONDS]).await
}

/// Waits until no other process claims a message, or counts one, in a transaction: each sees what the
/// others have counted.
pub(crate) async fn alone(transaction: &Transaction) -> Result<()> {
    // SQLite has one writer.
    if transaction.kind() == DatabaseKind::Postgres {
        sql::run(transaction, "SELECT pg_advisory_xact_lock($1)", values![CLAIM_LOCK]).await?;
    }
    Ok(())
}

/// Records that the transmission of a message begins, and extends the claim by a number of seconds.
/// Returns whether the process still has the claim. If not, it must not transmit: another process
/// may do so.
///
/// # Errors
///
/// When the database fails.
pub async fn start_transmission(
    transaction: &Transaction,
    id: OutboxId,
    holder: &str,
    seconds: i64,
    now: i64,
) -> Result<bool> {
    let sql = format!(
        "UPDATE outbox SET transmission_started_at = $3, held_until = {database_now} + $4 \
         WHERE id = $1 AND holder = $2 AND state = 'waiting' AND held_until > {database_now}",
        database_now = transaction.now()
    );
    let values = values![id, holder.to_owned(), now, seconds];
    Ok(sql::run(transaction, &sql, values).await? > 0)
}

/// The outcome of an attempt to send a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The server accepted the message; notes, if any.
    Sent(Option<String>),
    /// The message is tried again at a moment, in seconds since 1970; the reason.
    PutOff(i64, String),
    /// Like [`DeliveryOutcome::PutOff`], but the server may have accepted the message.
    AnswerLost(i64, String),
    /// The server accepted the message, but not these blind copies, which alone are tried again at a
    /// moment, in seconds since 1970; the reason.
    CopiesPutOff(i64, String, Vec<String>),
    /// The message is not tried again; the server's answer.
    Failed(String),
    /// Like [`DeliveryOutcome::Failed`], but the server may have accepted the message.
    FailedAnswerLost(String),
    /// No mail may be sent to the address; the reason.
    Refused(String),
    /// There is nothing to send; the reason.
    Discarded(String),
}

impl DeliveryOutcome {
    /// Whether the message was not delivered, as far as is known, and is not tried again.
    pub fn is_failure(&self) -> bool {
        use DeliveryOutcome::{Failed, FailedAnswerLost, Refused};
        matches!(self, Failed(_) | FailedAnswerLost(_) | Refused(_))
    }
}

/// Records the outcome of an attempt if the process still has the claim; returns whether it does.
///
/// # Errors
///
/// When the database fails.
pub async fn record_outcome(
    transaction: &Transaction,
    id: OutboxId,
    holder: &str,
    outcome: &DeliveryOutcome,
    now: i64,
) -> Result<bool> {
    let (state, detail, due_at, lost) = match outcome {
        DeliveryOutcome::Sent(detail) => (MessageState::Sent, detail.clone(), None, 0_i64),
        DeliveryOutcome::PutOff(due_at, why) => {
            (MessageState::Waiting, Some(why.clone()), Some(*due_at), 0)
        }
        DeliveryOutcome::AnswerLost(due_at, why) => {
            (MessageState::Waiting, Some(why.clone()), Some(*due_at), 1)
        }
        DeliveryOutcome::CopiesPutOff(due_at, why, _) => {
            (MessageState::Waiting, Some(why.clone()), Some(*due_at), 0)
        }
        DeliveryOutcome::Failed(why) => (MessageState::Failed, Some(why.clone()), None, 0),
        DeliveryOutcome::FailedAnswerLost(why) => {
            (MessageState::Failed, Some(why.clone()), None, 1)
        }
        DeliveryOutcome::Refused(why) => (MessageState::Refused, Some(why.clone()), None, 0),
        DeliveryOutcome::Discarded(why) => (MessageState::Discarded, Some(why.clone()), None, 0),
    };
    let copies = match outcome {
        DeliveryOutcome::CopiesPutOff(_, _, copies) => Some(copies.join(",")),
        _ => None,
    };
    // What was sent stays so while its copies are tried again.
    let sent_at = (state == MessageState::Sent || copies.is_some()).then_some(now);
    let is_over = state != MessageState::Waiting;
    let sql = "UPDATE outbox SET state = $3, detail = $4, due_at = COALESCE($5, due_at), \
                 sent_at = COALESCE(sent_at, $6), \
                 copies = CASE WHEN $8 THEN NULL ELSE COALESCE($9, copies) END, answers_lost = answers_lost + $7, transmission_started_at = NULL, \
                 holder = NULL, held_until = NULL \
               WHERE id = $1 AND holder = $2";
    let state = state.as_str().to_owned();
    let holder = holder.to_owned();
    let values = values![id, holder, state, detail, due_at, sent_at, lost, is_over, copies];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// A message that is held for the next message about its series.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Gathered {
    /// Its id.
    pub id: OutboxId,
    /// The calendar that the message is about.
    pub calendar_id: CalendarId,
    /// The UID of the series.
    pub uid: String,
    /// The recipient's address.
    pub address: String,
}

/// The gathered message that has been due longest at `now`.
///
/// # Errors
///
/// When the database fails.
pub async fn due_gathered(access: &impl Access, now: i64) -> Result<Option<Gathered>> {
    let sql = "SELECT id, calendar_id, uid, address FROM outbox WHERE state = 'gathered' \
               AND due_at <= $1 AND calendar_id IS NOT NULL ORDER BY due_at, id LIMIT 1";
    sql::one(access, sql, values![now]).await
}

/// Releases a gathered message that now stands for all gathered messages of its series, with their
/// data, in the given state.
///
/// # Errors
///
/// When the database fails.
pub async fn release(
    transaction: &Transaction,
    id: OutboxId,
    data: &str,
    state: MessageState,
    detail: Option<&str>,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE outbox SET state = $2, data = $3, due_at = $4, created_at = $4, detail = $5 \
               WHERE id = $1 AND state = 'joined'";
    let detail = detail.map(str::to_owned);
    let values = values![id, state.as_str().to_owned(), data.to_owned(), now, detail];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// A message of the outbox with the state of its delivery.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OutboxRow {
    /// Its id.
    pub id: OutboxId,
    /// What it is about.
    pub kind: Stored<MessageKind>,
    /// Its calendar.
    pub calendar_id: Option<CalendarId>,
    /// The calendar's name for people.
    pub calendar: Option<String>,
    /// The calendar's slug; `None` also if it was removed.
    pub slug: Option<String>,
    /// The UID of the event that it is about.
    pub uid: String,
    /// The recipient's address.
    pub address: String,
    /// The template's data, as JSON.
    pub data: String,
    /// Its state.
    pub state: Stored<MessageState>,
    /// When the next attempt is due, in seconds since 1970.
    pub due_at: i64,
    /// The number of attempts.
    pub attempts: i64,
    /// The number of attempts whose answer was lost.
    pub answers_lost: i64,
    /// The Message-ID, the same at each attempt.
    pub message_id: String,
    /// The server's answer, or why the message is not sent.
    pub detail: Option<String>,
    /// When it was created, in seconds since 1970.
    pub created_at: i64,
    /// When the server accepted it, in seconds since 1970.
    pub sent_at: Option<i64>,
    /// The name of the user who caused it.
    pub user_name: Option<String>,
    /// The name of the key that caused it.
    pub key_name: Option<String>,
}

const ROWS: &str = "SELECT outbox.id, outbox.kind, outbox.calendar_id, calendars.name AS calendar, \
                         CASE WHEN calendars.removed_at IS NULL THEN slug END AS slug, \
                         outbox.uid, outbox.address, outbox.data, \
                         outbox.state, outbox.due_at, outbox.attempts, outbox.answers_lost, \
                         outbox.message_id, outbox.detail, outbox.created_at, outbox.sent_at, \
                         users.name AS user_name, api_keys.name AS key_name \
                       FROM outbox LEFT JOIN calendars ON calendars.id = outbox.calendar_id \
                         LEFT JOIN users ON users.id = outbox.caused_by_user \
                         LEFT JOIN api_keys ON api_keys.id = outbox.caused_by_key";

/// The latest messages, in one state or in any, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn messages(
    access: &impl Access,
    state: Option<MessageState>,
    most: u32,
) -> Result<Vec<OutboxRow>> {
    let sql = format!(
        "{ROWS} WHERE outbox.state = COALESCE($1, outbox.state) ORDER BY outbox.id DESC LIMIT $2"
    );
    sql::all(access, &sql, values![state.map(MessageState::as_str), i64::from(most)]).await
}

/// The latest messages after one in the list, in one state or in any, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn page(
    access: &impl Access,
    state: Option<MessageState>,
    before: Option<OutboxId>,
    most: u32,
) -> Result<Vec<OutboxRow>> {
    let before = before.map_or(i64::MAX, |it| it.0);
    let (of_state, state) = match state {
        Some(state) => ("AND outbox.state = $3", state.as_str()),
        None => ("AND $3 = ''", ""),
    };
    let sql = format!("{ROWS} WHERE outbox.id < $1 {of_state} ORDER BY outbox.id DESC LIMIT $2");
    sql::all(access, &sql, values![before, i64::from(most), state.to_owned()]).await
}

/// The message of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn message(access: &impl Access, id: OutboxId) -> Result<Option<OutboxRow>> {
    sql::one(access, &format!("{ROWS} WHERE outbox.id = $1"), values![id]).await
}

/// The number of messages in each state.
///
/// # Errors
///
/// When the database fails.
pub async fn counts(access: &impl Access) -> Result<Vec<(MessageState, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        state: Stored<MessageState>,
        number: i64,
    }
    let sql = "SELECT state, COUNT(*) AS number FROM outbox GROUP BY state ORDER BY state";
    let rows = sql::all::<Row>(access, sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| (*row.state, row.number)).collect())
}

/// Makes a message due at `now`, with attempts counted anew. Returns whether it could be: a message
/// that was sent, joined another message or is being sent cannot.
///
/// # Errors
///
/// When the database fails.
pub async fn retry(transaction: &Transaction, id: OutboxId, now: i64) -> Result<bool> {
    let sql = format!(
        "UPDATE outbox SET state = 'waiting', due_at = $2, attempts = 0, first_tried_at = NULL, \
           detail = NULL, holder = NULL, held_until = NULL \
         WHERE id = $1 AND state IN ('waiting', 'failed', 'over limit', 'refused', 'discarded') \
           AND (held_until IS NULL OR held_until <= {})",
        transaction.now()
    );
    Ok(sql::run(transaction, &sql, values![id, now]).await? > 0)
}

/// Discards a message. Returns whether it could be: a message that was sent, joined another message
/// or is being sent cannot. Of a message whose blind copies alone are waiting, they are discarded.
///
/// # Errors
///
/// When the database fails.
pub async fn discard(transaction: &Transaction, id: OutboxId, why: &str) -> Result<bool> {
    let sql = format!(
        "UPDATE outbox SET detail = $2, copies = NULL, \
           state = CASE WHEN copies IS NULL THEN 'discarded' ELSE 'sent' END \
         WHERE id = $1 \
           AND state IN ('waiting', 'gathered', 'failed', 'over limit', 'held', 'refused') \
           AND (held_until IS NULL OR held_until <= {})",
        transaction.now()
    );
    Ok(sql::run(transaction, &sql, values![id, why.to_owned()]).await? > 0)
}
