//! Webhooks: messages to addresses of programs, and what came of them. Rows are written in the transaction that records what they
//! are about.

use sea_orm::FromQueryResult;

use crate::delivery::MAX_CLAIM_SECONDS;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Stored, Transaction, WebhookId};

facts::words! {
    /// What it is about.
    pub enum WebhookKind {
        /// An event or an occurrence was removed.
        Removed = "booking.removed",
        /// Its organizer gave its room up.
        Released = "booking.released",
        /// It was restored.
        Restored = "booking.restored",
        /// It will be removed.
        Warned = "booking.warned",
        /// A calendar has failed for an hour.
        Failed = "calendar.failed",
        /// It works again.
        Recovered = "calendar.recovered",
        /// An administrator tries it.
        Test = "webhook.test",
    }
}

facts::words! {
    /// The state of a webhook.
    pub enum WebhookState {
        /// It is waiting to be sent.
        Waiting = "waiting",
        /// It was waiting in a backup that was restored; an administrator decides.
        Held = "held",
        /// The receiver has it.
        Sent = "sent",
        /// It is not tried again.
        Failed = "failed",
        /// An administrator discarded it.
        Discarded = "discarded",
    }
}

/// A webhook, to insert.
#[derive(Clone, Debug)]
pub struct NewWebhook<'w> {
    /// What names it; the same for all addresses and attempts.
    pub message_id: &'w str,
    /// What it is about.
    pub kind: WebhookKind,
    /// The calendar that it is about.
    pub calendar: Option<CalendarId>,
    /// The body, as JSON.
    pub payload: &'w str,
    /// The present, in seconds since 1970.
    pub now: i64,
}

/// Inserts a webhook for each of these addresses, once.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(
    transaction: &Transaction,
    new: &NewWebhook<'_>,
    endpoints: &[String],
) -> Result<()> {
    for endpoint in endpoints {
        let sql = "INSERT INTO webhooks (message_id, kind, endpoint, calendar_id, payload, state, \
                   due_at, attempts, created_at) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, 0, $6) \
                   ON CONFLICT (message_id, endpoint) DO NOTHING";
        let (message, payload) = (new.message_id.to_owned(), new.payload.to_owned());
        let values = values![
            message,
            new.kind.as_str(),
            endpoint.clone(),
            new.calendar.map(|it| it.0),
            payload,
            new.now
        ];
        sql::run(transaction, sql, values).await?;
    }
    Ok(())
}

/// A webhook that a process has claimed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ClaimedWebhook {
    /// Its row.
    pub id: WebhookId,
    /// What names it.
    pub message_id: String,
    /// What it is about.
    pub kind: Stored<WebhookKind>,
    /// Its address.
    pub endpoint: String,
    /// The body.
    pub payload: String,
    /// The number of attempts, including this one.
    pub attempts: i64,
    /// When it was written down, in seconds since 1970.
    pub created_at: i64,
}

/// Claims the webhook to one of these addresses that has been due longest at `now`, for a number of seconds.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(
    transaction: &Transaction,
    (holder, seconds): (&str, i64),
    endpoints: &[String],
    now: i64,
) -> Result<Option<ClaimedWebhook>> {
    let database_now = transaction.now();
    let sql = format!(
        "UPDATE webhooks SET holder = $3, held_until = {database_now} + $4, attempts = attempts + 1, \
           tried_at = $1 \
         WHERE id = (SELECT id FROM webhooks WHERE state = 'waiting' AND due_at <= $1 AND {is_one} \
           AND (held_until IS NULL OR held_until <= {database_now} OR held_until > {database_now} + $5) \
           ORDER BY due_at, id LIMIT 1 {skipping}) \
         RETURNING id, message_id, kind, endpoint, payload, attempts, created_at",
        is_one = transaction.is_one_of("endpoint", "$2"),
        skipping = transaction.skipping_locked(),
    );
    let endpoints = serde_json::to_string(endpoints)?;
    let values = values![now, endpoints, holder.to_owned(), seconds, MAX_CLAIM_SECONDS];
    sql::one(transaction, &sql, values).await
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookOutcome {
    /// Its state from now on.
    pub state: WebhookState,
    /// When it is tried again, in seconds since 1970.
    pub due_at: Option<i64>,
    /// The status that the receiver answered with.
    pub status: Option<i64>,
    /// What is to be said of it.
    pub detail: Option<String>,
}

/// Records what came of an attempt if the process still has the claim; returns whether it does.
///
/// # Errors
///
/// When the database fails.
pub async fn record(
    transaction: &Transaction,
    id: WebhookId,
    holder: &str,
    outcome: &WebhookOutcome,
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE webhooks SET state = $3, due_at = COALESCE($4, due_at), status = $5, detail = $6, \
                 sent_at = $7, holder = NULL, held_until = NULL \
               WHERE id = $1 AND holder = $2";
    let WebhookOutcome { state, due_at, status, detail } = outcome.clone();
    let sent_at = (state == WebhookState::Sent).then_some(now);
    let values = values![id, holder.to_owned(), state.as_str(), due_at, status, detail, sent_at];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// A webhook with the state of its delivery.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WebhookRow {
    /// Its row.
    pub id: WebhookId,
    /// What names it.
    pub message_id: String,
    /// What it is about.
    pub kind: Stored<WebhookKind>,
    /// Its address.
    pub endpoint: String,
    /// The calendar's slug.
    pub slug: Option<String>,
    /// The body.
    pub payload: String,
    /// Its state.
    pub state: Stored<WebhookState>,
    /// When the next attempt is due, in seconds since 1970, as all moments.
    pub due_at: i64,
    /// The number of attempts.
    pub attempts: i64,
    /// The status of the last answer.
    pub status: Option<i64>,
    /// What is to be said of the last attempt.
    pub detail: Option<String>,
    /// When it was written down.
    pub created_at: i64,
    /// When the receiver had it.
    pub sent_at: Option<i64>,
}

const ROWS: &str = "SELECT webhooks.id, message_id, kind, endpoint, slug, payload, state, due_at, attempts, \
                      status, detail, created_at, sent_at \
                    FROM webhooks LEFT JOIN calendars ON calendars.id = webhooks.calendar_id";

/// The latest webhooks before a row, at most `most`, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn page(
    access: &impl Access,
    before: Option<WebhookId>,
    most: u32,
) -> Result<Vec<WebhookRow>> {
    let sql = format!("{ROWS} WHERE webhooks.id < $1 ORDER BY webhooks.id DESC LIMIT $2");
    let before = before.map_or(i64::MAX, |it| it.0);
    sql::all(access, &sql, values![before, i64::from(most)]).await
}

/// Whether there is a webhook of that row.
///
/// # Errors
///
/// When the database fails.
pub async fn is_there(access: &impl Access, id: WebhookId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM webhooks WHERE id = $1";
    Ok(sql::value::<i64>(access, sql, values![id]).await?.unwrap_or_default() > 0)
}

/// Makes a webhook due at `now`, with attempts counted anew. Returns whether it could be: one that the receiver has, or
/// that is being sent, cannot.
///
/// # Errors
///
/// When the database fails.
pub async fn retry(transaction: &Transaction, id: WebhookId, now: i64) -> Result<bool> {
    let sql = format!(
        "UPDATE webhooks SET state = 'waiting', due_at = $2, created_at = $2, attempts = 0, detail = NULL, \
           holder = NULL, held_until = NULL \
         WHERE id = $1 AND state <> 'sent' AND (held_until IS NULL OR held_until <= {})",
        transaction.now()
    );
    Ok(sql::run(transaction, &sql, values![id, now]).await? > 0)
}

/// Discards a webhook. Returns whether it could be: one that the receiver has, or that is being sent, cannot.
///
/// # Errors
///
/// When the database fails.
pub async fn discard(transaction: &Transaction, id: WebhookId) -> Result<bool> {
    let sql = format!(
        "UPDATE webhooks SET state = 'discarded' WHERE id = $1 AND state <> 'sent' \
           AND (held_until IS NULL OR held_until <= {})",
        transaction.now()
    );
    Ok(sql::run(transaction, &sql, values![id]).await? > 0)
}

/// Seconds after which nothing is tried any more; attempts end after three days.
const GIVEN_UP: i64 = 4 * 86_400;

/// Deletes webhooks that were written down before a moment, at most `most`; returns their number. Those that wait are given
/// up after three days: what is older waits for an address that is not set any more.
///
/// # Errors
///
/// When the database fails.
pub async fn forget(transaction: &Transaction, before: i64, now: i64, most: i64) -> Result<u64> {
    let sql = "DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks WHERE created_at < $1 \
               AND (created_at < $3 OR state NOT IN ('waiting', 'held')) ORDER BY created_at LIMIT $2)";
    sql::run(transaction, sql, values![before, most, before.min(now - GIVEN_UP)]).await
}
