//! Messages that are to be sent, and what became of them.

use super::text::{Text, Texts};

/// The state of a message in words.
pub fn state(t: &Texts, word: &str) -> Text {
    match word {
        "waiting" => t.mail_waiting,
        "gathered" => t.mail_gathered,
        "joined" => t.mail_joined,
        "over limit" => t.mail_over_limit,
        "refused" => t.mail_refused,
        "sent" => t.mail_sent,
        "failed" => t.mail_failed,
        "discarded" => t.mail_discarded,
        _ => t.mail_other,
    }
}
