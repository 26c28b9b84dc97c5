//! Sending webhooks: one at a time to each address, so that they arrive in their order and an address that hangs holds up
//! no other.

use std::time::Duration;

use ::webhooks::SendResult;
use store::webhooks::{self, ClaimedWebhook, WebhookOutcome, WebhookState};
use tokio::time::sleep;
use tracing::Instrument as _;
use tracing::field::Empty;

use crate::{Message, MessageId, Result, Service, Stage, metrics};

/// For how long a process claims a webhook, in seconds: longer than an attempt takes.
const HELD: i64 = 60;
/// The pauses after failed attempts, in seconds, as Standard Webhooks recommends: three days in all.
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The longest pause that a receiver can ask for, in seconds.
const MAX_PAUSE: u64 = 86_400;
/// How often the record of an attempt is tried while the database does not answer, and the pause between.
const RECORDED: usize = 10;
const RECORD_PAUSE: Duration = Duration::from_secs(2);
/// Webhooks that one call sends.
const MAX_SENT: usize = 1_000;

impl Service {
    /// Sends what is due to the address of that number, one after the other. Returns how many attempts there were.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn deliver_webhooks(&self, number: usize) -> Result<usize> {
        let Some((client, secret)) = &self.webhooks.sender else { return Ok(0) };
        let Some(endpoint) = self.webhooks.endpoints.get(number) else { return Ok(0) };
        let ids = [endpoint.id()];
        let mut attempts = 0;
        while attempts < MAX_SENT && !self.stopping.has_come(Stage::Draining) {
            let transaction = self.store.begin().await?;
            let holder = (&*self.process, HELD);
            let claimed = webhooks::claim(&transaction, holder, &ids, self.now().0).await?;
            transaction.commit().await?;
            let Some(claimed) = claimed else { break };
            attempts += 1;
            let message = (claimed.message_id.as_str(), claimed.payload.as_str());
            let span = tracing::info_span!(
                target: "otel",
                "webhook",
                otel.kind = "client",
                otel.status_code = Empty,
                server.address = endpoint.shown(),
            );
            let sent = client.send((endpoint, secret), message, self.now().0);
            let sent = sent.instrument(span.clone()).await;
            if matches!(sent, SendResult::Refused(..) | SendResult::NoAnswer(_)) {
                span.record("otel.status_code", "ERROR");
            }
            let outcome = outcome(&claimed, sent, self.now().0);
            metrics::count_of(
                metrics::WEBHOOKS,
                "outcome",
                match outcome.state {
                    WebhookState::Sent => "sent",
                    WebhookState::Failed => "failed",
                    _ => "put off",
                },
            );
            self.record_webhook(&claimed, &outcome).await?;
        }
        Ok(attempts)
    }

    /// Writes down what came of an attempt, also if the database is away for a moment: otherwise the receiver gets it
    /// again.
    async fn record_webhook(
        &self,
        claimed: &ClaimedWebhook,
        outcome: &WebhookOutcome,
    ) -> Result<()> {
        let mut tries = 0;
        loop {
            let recorded: store::Result<bool> = async {
                let transaction = self.store.begin().await?;
                let (id, now) = (claimed.id, self.now().0);
                let recorded =
                    webhooks::record(&transaction, id, &self.process, outcome, now).await?;
                transaction.commit().await?;
                Ok(recorded)
            }
            .await;
            tries += 1;
            match recorded {
                Err(store::Error::Unavailable(_)) if tries < RECORDED => sleep(RECORD_PAUSE).await,
                Err(error) => return Err(error.into()),
                Ok(is_recorded) => {
                    if !is_recorded {
                        tracing::warn!(webhook = claimed.id.0, "another process has the webhook");
                    }
                    return Ok(());
                }
            }
        }
    }
}

/// What becomes of a webhook after an attempt.
fn outcome(claimed: &ClaimedWebhook, sent: SendResult, now: i64) -> WebhookOutcome {
    let said = |it: Message| Some(it.to_stored());
    let pause = usize::try_from(claimed.attempts - 1).ok().and_then(|it| PAUSES.get(it)).copied();
    let later = |status: Option<u16>, said: Message, asked: Option<u64>| {
        let asked = asked.unwrap_or_default().min(MAX_PAUSE).cast_signed();
        let (state, due_at) = match pause {
            Some(pause) => (WebhookState::Waiting, Some(now + pause.max(asked))),
            None => (WebhookState::Failed, None),
        };
        let status = status.map(i64::from);
        WebhookOutcome { state, due_at, status, detail: Some(said.to_stored()) }
    };
    match sent {
        SendResult::Received(status) => WebhookOutcome {
            state: WebhookState::Sent,
            due_at: None,
            status: Some(i64::from(status)),
            detail: None,
        },
        SendResult::Gone => WebhookOutcome {
            state: WebhookState::Failed,
            due_at: None,
            status: Some(410),
            detail: said(MessageId::WebhookGone.into()),
        },
        SendResult::Refused(status, words, asked) => {
            let said = MessageId::webhook_refused(i64::from(status), words);
            later(Some(status), said, asked)
        }
        SendResult::NoAnswer(reason) => later(None, MessageId::webhook_no_answer(reason), None),
    }
}
