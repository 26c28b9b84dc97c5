//! Sending what stands in the outbox: which process works on which message, and what came of it. The
//! clock of what is held is the database's, as that of all leases.

use sea_orm::FromQueryResult;

use crate::outbox::State;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Kind, OutboxId, Result, Transaction};

/// The number under which PostgreSQL lets one process take on a message at a time.
const TAKING: i64 = 0x4d41_494c;

/// A message that a process has taken on.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Taken {
    /// Its number.
    pub id: OutboxId,
    /// [`crate::outbox::Kind`] as a word.
    pub kind: String,
    /// The calendar that it is about.
    pub calendar_id: Option<CalendarId>,
    /// Who it goes to.
    pub address: String,
    /// What the template is told, as JSON.
    pub data: String,
    /// The same at each try.
    pub message_id: String,
    /// Since when it has waited for this try, in seconds since 1970.
    pub due_at: i64,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was first tried.
    pub first_tried_at: i64,
}

/// How many messages are due at `now`, and nobody's.
///
/// # Errors
///
/// When the database fails.
pub async fn count_due(access: &impl Access, now: i64) -> Result<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND due_at <= $1 \
         AND (held_until IS NULL OR held_until <= {})",
        access.now()
    );
    Ok(sql::value(access, &sql, values![now]).await?.unwrap_or_default())
}

/// Takes on the message that has been due longest at `now`, for so many seconds, unless `a_minute`
/// messages were tried in the minute before. If another process handed it over and was not seen again,
/// the server's answer was lost, which is counted.
///
/// # Errors
///
/// When the database fails.
pub async fn take(
    transaction: &Transaction,
    holder: &str,
    seconds: i64,
    a_minute: u32,
    now: i64,
) -> Result<Option<Taken>> {
    if count_due(transaction, now).await? == 0 {
        return Ok(None);
    }
    if transaction.kind() == Kind::Postgres {
        // One at a time, or several would count before any has tried.
        sql::run(transaction, "SELECT pg_advisory_xact_lock($1)", values![TAKING]).await?;
    }
    let tried = "SELECT COUNT(*) FROM outbox WHERE tried_at > $1 AND tried_at <= $2";
    let tried: Option<i64> = sql::value(transaction, tried, values![now - 60, now]).await?;
    if tried.unwrap_or_default() >= i64::from(a_minute) {
        return Ok(None);
    }
    let database_now = transaction.now();
    let sql = format!(
        "UPDATE outbox SET holder = $1, held_until = {database_now} + $2, attempts = attempts + 1, \
           tried_at = $3, first_tried_at = COALESCE(first_tried_at, $3), \
           answers_lost = answers_lost + CASE WHEN handed_over_at IS NULL THEN 0 ELSE 1 END, \
           handed_over_at = NULL \
         WHERE id = (SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $3 \
             AND (held_until IS NULL OR held_until <= {database_now}) ORDER BY due_at, id LIMIT 1) \
           AND state = 'waiting' AND (held_until IS NULL OR held_until <= {database_now}) \
         RETURNING id, kind, calendar_id, address, data, message_id, due_at, attempts, \
           first_tried_at"
    );
    sql::one(transaction, &sql, values![holder.to_owned(), seconds, now]).await
}

/// Writes down that a letter is about to be handed over, and keeps it for so many seconds more; whether
/// the process still has it. If not, another one may, and it must not be handed over.
///
/// # Errors
///
/// When the database fails.
pub async fn hand_over(
    transaction: &Transaction,
    id: OutboxId,
    holder: &str,
    seconds: i64,
    now: i64,
) -> Result<bool> {
    let sql = format!(
        "UPDATE outbox SET handed_over_at = $3, held_until = {database_now} + $4 \
         WHERE id = $1 AND holder = $2 AND state = 'waiting' AND held_until > {database_now}",
        database_now = transaction.now()
    );
    let values = values![id, holder.to_owned(), now, seconds];
    Ok(sql::run(transaction, &sql, values).await? > 0)
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it. What there is to say beside.
    Sent(Option<String>),
    /// It is tried again at a moment, in seconds since 1970; why.
    PutOff(i64, String),
    /// As that; the server may have it.
    AnswerLost(i64, String),
    /// It is not tried again: the server's words.
    Failed(String),
    /// As that, and the server may have it.
    FailedAnswerLost(String),
    /// Its address may not be written to, and why.
    Refused(String),
    /// There is nothing to send, and why.
    Discarded(String),
}

/// Writes down what came of a message, if the process still has it; whether it does.
///
/// # Errors
///
/// When the database fails.
pub async fn settle(
    transaction: &Transaction,
    id: OutboxId,
    holder: &str,
    outcome: &Outcome,
    now: i64,
) -> Result<bool> {
    let (state, detail, due_at, lost) = match outcome {
        Outcome::Sent(detail) => (State::Sent, detail.clone(), None, 0_i64),
        Outcome::PutOff(due_at, why) => (State::Waiting, Some(why.clone()), Some(*due_at), 0),
        Outcome::AnswerLost(due_at, why) => (State::Waiting, Some(why.clone()), Some(*due_at), 1),
        Outcome::Failed(why) => (State::Failed, Some(why.clone()), None, 0),
        Outcome::FailedAnswerLost(why) => (State::Failed, Some(why.clone()), None, 1),
        Outcome::Refused(why) => (State::Refused, Some(why.clone()), None, 0),
        Outcome::Discarded(why) => (State::Discarded, Some(why.clone()), None, 0),
    };
    let sent_at = (state == State::Sent).then_some(now);
    let sql = "UPDATE outbox SET state = $3, detail = $4, due_at = COALESCE($5, due_at), \
                 sent_at = $6, answers_lost = answers_lost + $7, handed_over_at = NULL, \
                 holder = NULL, held_until = NULL \
               WHERE id = $1 AND holder = $2";
    let state = state.as_str().to_owned();
    let values = values![id, holder.to_owned(), state, detail, due_at, sent_at, lost];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// A message that was gathered for its series' next one.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Gathered {
    /// Its number.
    pub id: OutboxId,
    /// The calendar that it is about.
    pub calendar_id: CalendarId,
    /// The series.
    pub uid: String,
    /// Who it goes to.
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

/// Sends a message on its way that was gathered and now goes for all of its series, with their data; or
/// into another state.
///
/// # Errors
///
/// When the database fails.
pub async fn release(
    transaction: &Transaction,
    id: OutboxId,
    data: &str,
    state: State,
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

/// A message with all that is known of its way.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Letter {
    /// Its number.
    pub id: OutboxId,
    /// [`crate::outbox::Kind`] as a word.
    pub kind: String,
    /// The calendar's name in paths.
    pub slug: Option<String>,
    /// The event that it is about.
    pub uid: String,
    /// Who it goes to.
    pub address: String,
    /// What the template is told, as JSON.
    pub data: String,
    /// [`crate::outbox::State`] as a word.
    pub state: String,
    /// Not before, in seconds since 1970.
    pub due_at: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// How often the server's answer was lost.
    pub answers_lost: i64,
    /// The same at each try.
    pub message_id: String,
    /// The server's words, or why it does not go.
    pub detail: Option<String>,
    /// When it was written down.
    pub created_at: i64,
    /// When the server took it.
    pub sent_at: Option<i64>,
}

const LETTERS: &str = "SELECT outbox.id, kind, slug, uid, address, data, state, due_at, attempts, \
                         answers_lost, message_id, detail, outbox.created_at, sent_at \
                       FROM outbox LEFT JOIN calendars ON calendars.id = calendar_id";

/// The latest messages, of one state or of all, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn letters(access: &impl Access, state: Option<&str>, most: u32) -> Result<Vec<Letter>> {
    let sql =
        format!("{LETTERS} WHERE state = COALESCE($1, state) ORDER BY outbox.id DESC LIMIT $2");
    sql::all(access, &sql, values![state.map(str::to_owned), i64::from(most)]).await
}

/// The latest messages behind one, of one state or of all, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn page(
    access: &impl Access,
    state: Option<&str>,
    before: Option<OutboxId>,
    most: u32,
) -> Result<Vec<Letter>> {
    let before = before.map_or(i64::MAX, |it| it.0);
    let (of_state, state) = match state {
        Some(state) => ("AND state = $3", state),
        None => ("AND $3 = ''", ""),
    };
    let sql = format!("{LETTERS} WHERE outbox.id < $1 {of_state} ORDER BY outbox.id DESC LIMIT $2");
    sql::all(access, &sql, values![before, i64::from(most), state.to_owned()]).await
}

/// The message of that number.
///
/// # Errors
///
/// When the database fails.
pub async fn letter(access: &impl Access, id: OutboxId) -> Result<Option<Letter>> {
    sql::one(access, &format!("{LETTERS} WHERE outbox.id = $1"), values![id]).await
}

/// How many messages are in each state, by its word.
///
/// # Errors
///
/// When the database fails.
pub async fn counts(access: &impl Access) -> Result<Vec<(String, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        state: String,
        number: i64,
    }
    let sql = "SELECT state, COUNT(*) AS number FROM outbox GROUP BY state ORDER BY state";
    let rows = sql::all::<Row>(access, sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| (row.state, row.number)).collect())
}

/// Lets a message be tried again from `now` on, as if for the first time; whether it could: one that was
/// sent, went with another, or is being sent, cannot.
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

/// Gives a message up; whether it could be: one that was sent, went with another, or is being sent,
/// cannot.
///
/// # Errors
///
/// When the database fails.
pub async fn discard(transaction: &Transaction, id: OutboxId, why: &str) -> Result<bool> {
    let sql = format!(
        "UPDATE outbox SET state = 'discarded', detail = $2 \
         WHERE id = $1 AND state IN ('waiting', 'gathered', 'failed', 'over limit', 'refused') \
           AND (held_until IS NULL OR held_until <= {})",
        transaction.now()
    );
    Ok(sql::run(transaction, &sql, values![id, why.to_owned()]).await? > 0)
}
