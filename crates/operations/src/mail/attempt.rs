//! What an attempt to send a message comes to, in the log.

use store::delivery::{ClaimedMessage, DeliveryOutcome};
use tracing::Span;
use tracing::field::Empty;

use crate::Message;

/// What an attempt comes to of a message that was sent, and of which blind copies were left.
pub(super) fn of_copies(outcome: DeliveryOutcome) -> DeliveryOutcome {
    use DeliveryOutcome::{Discarded, Failed, FailedAnswerLost, Refused, Sent};
    match outcome {
        Failed(why) | FailedAnswerLost(why) | Refused(why) | Discarded(why) => Sent(Some(why)),
        outcome => outcome,
    }
}

/// The span of an attempt that is traced.
pub(super) fn traced(taken: &ClaimedMessage) -> Span {
    tracing::info_span!(
        target: "otel",
        "message",
        otel.kind = "client",
        otel.status_code = Empty,
        room_booking.message.id = taken.id.0,
        room_booking.message.kind = taken.kind.as_str(),
    )
}

pub(super) fn log(taken: &ClaimedMessage, outcome: &DeliveryOutcome) {
    let (message, attempts) = (taken.id.0, taken.attempts);
    let words = |stored: &str| Message::of_stored(stored).to_string();
    match outcome {
        DeliveryOutcome::Sent(_) => tracing::info!(message, attempts, "message sent"),
        DeliveryOutcome::CopiesPutOff(_, why, _) => {
            tracing::warn!(message, attempts, why = words(why), "message sent, blind copy put off")
        }
        DeliveryOutcome::PutOff(_, why) => {
            tracing::warn!(message, attempts, why = words(why), "message put off")
        }
        DeliveryOutcome::AnswerLost(_, why) | DeliveryOutcome::FailedAnswerLost(why) => {
            tracing::warn!(message, attempts, why = words(why), "mail server's answer lost");
        }
        DeliveryOutcome::Failed(why) => {
            tracing::warn!(message, attempts, why = words(why), "message failed")
        }
        DeliveryOutcome::Refused(why) | DeliveryOutcome::Discarded(why) => {
            tracing::info!(message, why = words(why), "message not sent");
        }
    }
}
