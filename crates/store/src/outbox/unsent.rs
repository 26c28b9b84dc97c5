//! Messages that are not sent because what they say is no longer so.

use super::MessageKind;
use crate::history::Change;
use crate::sql::{self, values};
use crate::{Access, CalendarId, OutboxId, Result, Transaction};

/// The condition of messages that no recipient can have: they wait, and no attempt came as far as their text. A
/// mail server that was down has them no more than one that was never asked.
const UNSENT: &str = "state IN ('waiting', 'gathered', 'over limit', 'held') AND holder IS NULL \
                      AND transmission_started_at IS NULL AND answers_lost = 0 AND sent_at IS NULL";

/// Discards the messages to an address about a change that were not sent yet, because everything in
/// them was restored, as `why` says. Returns whether there was any. Messages that had joined them
/// are gathered again.
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
    let drop = |kind: MessageKind| {
        let sql = format!(
            "UPDATE outbox SET state = 'discarded', detail = $4 \
             WHERE change_id = $1 AND address = $2 AND kind = $3 AND {UNSENT}"
        );
        let kind = kind.as_str().to_owned();
        let values = values![change.id, address.to_owned(), kind, why.to_owned()];
        async move { sql::run(transaction, &sql, values).await }
    };
    if drop(MessageKind::Removed).await? == 0 {
        return Ok(false);
    }
    drop(MessageKind::Restored).await?;
    let sql = "UPDATE outbox SET state = 'gathered' \
               WHERE calendar_id = $1 AND uid = $2 AND address = $3 AND state = 'joined' \
               AND id > (SELECT COALESCE(MAX(id), 0) FROM outbox \
                 WHERE calendar_id = $1 AND uid = $2 AND address = $3 AND kind = 'removed' \
                 AND state IN ('waiting', 'sent', 'over limit', 'held', 'failed'))";
    let values = values![change.calendar_id, sql::uid_key(&change.uid), address.to_owned()];
    sql::run(transaction, sql, values).await?;
    Ok(true)
}

/// The messages of an object, by where it lies, that say that its occurrence of `$3` was restored.
const RESTORED: &str = "kind = 'restored' AND meets_at = $3 AND change_id IN \
                        (SELECT id FROM changes WHERE calendar_id = $1 AND href = $2)";

/// Discards the messages that say that an occurrence was restored, by where its object lies and when it starts in
/// seconds since 1970, and that were not sent yet, because it was removed again, as `why` says.
///
/// # Errors
///
/// When the database fails.
pub async fn drop_restored(
    transaction: &Transaction,
    (calendar, href): (CalendarId, &str),
    start: i64,
    why: &str,
) -> Result<()> {
    let sql =
        format!("UPDATE outbox SET state = 'discarded', detail = $4 WHERE {RESTORED} AND {UNSENT}");
    let values = values![calendar, href.to_owned(), start, why.to_owned()];
    sql::run(transaction, &sql, values).await?;
    Ok(())
}

/// Takes back that the last message to an address that an occurrence was restored was discarded for `why`
/// ([`drop_restored`]): it is so again.
///
/// # Errors
///
/// When the database fails.
pub async fn revive_restored(
    transaction: &Transaction,
    (calendar, href): (CalendarId, &str),
    (address, start): (&str, i64),
    why: &str,
    now: i64,
) -> Result<()> {
    let sql = format!(
        "UPDATE outbox SET state = 'waiting', detail = NULL, due_at = $6 WHERE id = \
         (SELECT MAX(id) FROM outbox WHERE {RESTORED} AND address = $5) \
         AND state = 'discarded' AND detail = $4"
    );
    let values = values![calendar, href.to_owned(), start, why.to_owned(), address.to_owned(), now];
    sql::run(transaction, &sql, values).await?;
    Ok(())
}

/// Discards the messages that ask administrators for a confirmation and that were not sent yet, because the request is
/// closed, as `why` says.
///
/// # Errors
///
/// When the database fails.
pub async fn drop_confirmations(
    transaction: &Transaction,
    calendar: CalendarId,
    why: &str,
) -> Result<()> {
    let sql = format!(
        "UPDATE outbox SET state = 'discarded', detail = $2 WHERE calendar_id = $1 \
         AND kind = 'confirmation wanted' AND {UNSENT}"
    );
    sql::run(transaction, &sql, values![calendar, why.to_owned()]).await?;
    Ok(())
}

/// Discards a warning that was not sent yet, because it has ended, as `why` says.
///
/// # Errors
///
/// When the database fails.
pub async fn drop_warning(transaction: &Transaction, id: OutboxId, why: &str) -> Result<()> {
    let sql =
        format!("UPDATE outbox SET state = 'discarded', detail = $2 WHERE id = $1 AND {UNSENT}");
    sql::run(transaction, &sql, values![id, why.to_owned()]).await?;
    Ok(())
}

/// The address of a message that its recipient has, or may have.
///
/// # Errors
///
/// When the database fails.
pub async fn address_reached(access: &impl Access, id: OutboxId) -> Result<Option<String>> {
    let sql = "SELECT address FROM outbox WHERE id = $1 AND (sent_at IS NOT NULL OR answers_lost > 0 \
               OR transmission_started_at IS NOT NULL OR holder IS NOT NULL)";
    sql::value(access, sql, values![id]).await
}
