//! What is measured of what the program does, where a recorder of metrics is installed.

use store::delivery::DeliveryOutcome;

/// Runs on a calendar, by `started_by` and `outcome`.
pub const RUNS: &str = "room_booking_runs_total";
/// Removed events and occurrences, by `kind`.
pub const REMOVALS: &str = "room_booking_removals_total";
/// Restored events and occurrences.
pub const RESTORES: &str = "room_booking_restores_total";
/// Warnings that an event will be removed.
pub const WARNINGS: &str = "room_booking_warnings_total";
/// Attempts to send a message, by `outcome`.
pub const MESSAGES: &str = "room_booking_messages_total";
/// Attempts to send a webhook, by `outcome`.
pub const WEBHOOKS: &str = "room_booking_webhooks_total";
/// Comparisons of a mirror with its server, by `result`.
pub const AUDITS: &str = "room_booking_mirror_audits_total";
/// Objects that such comparisons found to differ.
pub const AUDIT_DIFFERENCES: &str = "room_booking_mirror_audit_differences_total";

/// Counts one thing.
pub(crate) fn count(name: &'static str) {
    metrics::counter!(name).increment(1);
}

/// Counts one thing of a kind.
pub(crate) fn count_of(name: &'static str, label: &'static str, value: &'static str) {
    metrics::counter!(name, label => value).increment(1);
}

/// Counts a run on a calendar.
pub(crate) fn count_run(started_by: &'static str, is_done: bool) {
    let outcome = if is_done { "done" } else { "failed" };
    metrics::counter!(RUNS, "started_by" => started_by, "outcome" => outcome).increment(1);
}

/// Counts a comparison of a mirror with its server.
pub(crate) fn count_audit(found: usize) {
    count_of(AUDITS, "result", if found == 0 { "equal" } else { "different" });
    metrics::counter!(AUDIT_DIFFERENCES).increment(found as u64);
}

/// Counts an attempt to send a message.
pub(crate) fn count_message(outcome: &DeliveryOutcome) {
    let outcome = match outcome {
        DeliveryOutcome::Sent(_) | DeliveryOutcome::CopiesPutOff(..) => "sent",
        DeliveryOutcome::PutOff(..) => "put off",
        DeliveryOutcome::AnswerLost(..) | DeliveryOutcome::FailedAnswerLost(_) => "answer lost",
        DeliveryOutcome::Failed(_) => "failed",
        DeliveryOutcome::Refused(_) => "refused",
        DeliveryOutcome::Discarded(_) => "discarded",
    };
    count_of(MESSAGES, "outcome", outcome);
}
