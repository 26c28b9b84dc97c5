//! How many messages a day go to addresses outside the sender's domain: what exceeds it is held
//! until an administrator decides.

use crate::delivery::ClaimedMessage;
use crate::outbox::MessageKind;
use crate::sql::{self, values};
use crate::{OutboxId, Result, Transaction, UserId, delivery};

/// The largest numbers of messages to such addresses in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// That one user caused, with all keys.
    pub of_user: i64,
    /// In all.
    pub in_all: i64,
    /// The beginning of the span, in seconds since 1970.
    pub since: i64,
}

/// Whether a message may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may, and is counted.
    Admitted,
    /// Its user has caused too many.
    UserCap,
    /// There were too many in all.
    CapInAll,
}

/// Lets a message out to an address outside the sender's domain if the caps allow it, and counts it.
/// A message counts once, however often it is tried, and once it was let out, it stays so.
///
/// The caller has claimed the message in the same transaction ([`crate::delivery::claim`]); only one
/// process at a time does so, so that each sees what the others have counted.
///
/// # Errors
///
/// When the database fails.
pub async fn admit(
    transaction: &Transaction,
    message: &ClaimedMessage,
    caps: Caps,
    now: i64,
) -> Result<Admission> {
    if message.admitted_at.is_some() {
        return Ok(Admission::Admitted);
    }
    let admission = has_room(transaction, message.caused_by_user, caps).await?;
    if admission == Admission::Admitted {
        let sql = "UPDATE outbox SET admitted_at = $2 WHERE id = $1";
        sql::run(transaction, sql, values![message.id, now]).await?;
    }
    Ok(admission)
}

/// Lets a test message out to an address outside the sender's domain if the caps allow it, and counts it.
/// It goes past the outbox.
///
/// # Errors
///
/// When the database fails.
pub async fn admit_test(
    transaction: &Transaction,
    user: Option<UserId>,
    caps: Caps,
    now: i64,
) -> Result<Admission> {
    delivery::alone(transaction).await?;
    let admission = has_room(transaction, user, caps).await?;
    if admission == Admission::Admitted {
        let sql = "DELETE FROM test_messages WHERE admitted_at <= $1";
        sql::run(transaction, sql, values![caps.since]).await?;
        let sql = "INSERT INTO test_messages (caused_by_user, admitted_at) VALUES ($1, $2)";
        sql::run(transaction, sql, values![user, now]).await?;
    }
    Ok(admission)
}

/// Whether the caps allow another message.
async fn has_room(
    transaction: &Transaction,
    user: Option<UserId>,
    caps: Caps,
) -> Result<Admission> {
    let sql = "SELECT (SELECT COUNT(*) FROM outbox WHERE admitted_at > $1) + \
               (SELECT COUNT(*) FROM test_messages WHERE admitted_at > $1)";
    let in_all: Option<i64> = sql::value(transaction, sql, values![caps.since]).await?;
    if in_all.unwrap_or_default() >= caps.in_all {
        return Ok(Admission::CapInAll);
    }
    let Some(user) = user else { return Ok(Admission::Admitted) };
    let sql = "SELECT (SELECT COUNT(*) FROM outbox WHERE caused_by_user = $1 AND admitted_at > $2) + \
               (SELECT COUNT(*) FROM test_messages WHERE caused_by_user = $1 AND admitted_at > $2)";
    let of_user: Option<i64> = sql::value(transaction, sql, values![user, caps.since]).await?;
    match of_user.unwrap_or_default() >= caps.of_user {
        true => Ok(Admission::UserCap),
        false => Ok(Admission::Admitted),
    }
}

/// Holds a message that was just claimed, as if it had not been tried. Returns whether administrators
/// are to be asked: whether they were not since `since`.
///
/// # Errors
///
/// When the database fails.
pub async fn hold(transaction: &Transaction, id: OutboxId, why: &str, since: i64) -> Result<bool> {
    let sql = "UPDATE outbox SET state = 'held', detail = $2, attempts = 0, tried_at = NULL, \
               first_tried_at = NULL, holder = NULL, held_until = NULL WHERE id = $1";
    sql::run(transaction, sql, values![id, why.to_owned()]).await?;
    let sql = "SELECT COUNT(*) FROM outbox WHERE kind = $1 AND created_at > $2";
    let kind = MessageKind::MessagesHeld.as_str().to_owned();
    let asked: Option<i64> = sql::value(transaction, sql, values![kind, since]).await?;
    Ok(asked.unwrap_or_default() == 0)
}

/// Lets a held message out, which counts. Returns whether it was held.
///
/// # Errors
///
/// When the database fails.
pub async fn release(transaction: &Transaction, id: OutboxId, now: i64) -> Result<bool> {
    let sql = "UPDATE outbox SET state = 'waiting', due_at = $2, admitted_at = $2, detail = NULL \
               WHERE id = $1 AND state = 'held'";
    Ok(sql::run(transaction, sql, values![id, now]).await? > 0)
}
