//! Why an event stays, is removed or is kept, in words.

use clearing::{Advantage, Because, Reason};
use facts::Event;
use ical::Zone;
use operations::{Standing, WeekOutcome};

use crate::web::admin::frame::format::{name, stamp};
use crate::web::admin::frame::text::{Text, Texts};

/// The rule that decides for the winner (rule 4).
fn advantage(t: &Texts, by: Advantage) -> Text {
    match by {
        Advantage::Priority => t.by_priority,
        Advantage::HeldSince => t.by_held_since,
        Advantage::Created => t.by_created,
        Advantage::Uid => t.by_uid,
        Advantage::OriginalStart => t.by_original_start,
    }
}

/// Why the winner is stronger: the rule, since when each has held the time, and whether the program
/// witnessed it.
pub fn because(t: &Texts, zone: &Zone, because: &Because) -> String {
    format!("{} {}", advantage(t, because.rule), order(t, zone, because))
}

/// Since when each has held the time, and whether the program witnessed it.
fn order(t: &Texts, zone: &Zone, because: &Because) -> String {
    let winner = stamp(t, zone, because.winner_since.0);
    let loser = stamp(t, zone, because.loser_since.0);
    let since = t.since_both(winner, loser);
    match (because.witnessed, because.rule) {
        (true, _) => format!("{since} {}", t.is_witnessed),
        // The order decides nothing then, and may have been seen the other way round.
        (false, Advantage::Priority) => since.to_string(),
        (false, _) => format!("{since} {}", t.is_by_word),
    }
}

/// Why it is kept (rule 7).
pub fn left_alone(t: &Texts, reason: Reason) -> Text {
    match reason {
        Reason::Started => t.left_started,
        Reason::Prioritised => t.left_prioritised,
        Reason::Pending => t.left_pending,
        Reason::Report => t.left_report,
        Reason::Protected => t.left_protected,
        Reason::Tolerated => t.left_tolerated,
        Reason::Free => t.left_free,
        Reason::Changed => t.left_changed,
        Reason::Refused => t.left_refused,
        Reason::Limit => t.left_limit,
    }
}

/// The state of an event: a CSS class, a word, and a sentence.
pub struct Verdict {
    /// `stays`, `wins`, `goes`, `alone`, `cancelled`, `free`, `declined` or `over`.
    pub class: &'static str,
    /// A word, if any.
    pub word: Option<Text>,
    /// The reason.
    pub why: String,
}

/// The state of an event in a week.
pub fn verdict(t: &Texts, zone: &Zone, standing: Standing, fate: &WeekOutcome) -> Verdict {
    let verdict = |class, word: Option<Text>, why: String| Verdict { class, word, why };
    match (standing, fate) {
        (Standing::Cancelled, WeekOutcome::Leftover) => {
            verdict("cancelled", Some(t.word_cancelled), t.why_leftover.to_string())
        }
        (Standing::Cancelled, _) => {
            verdict("cancelled", Some(t.word_cancelled), t.why_cancelled.to_string())
        }
        (Standing::Free, WeekOutcome::Kept { conflicts_with, .. }) => {
            verdict("free", Some(t.word_free), t.why_free_beside(name(t, conflicts_with)))
        }
        (Standing::Free, _) => verdict("free", Some(t.word_free), t.why_free.to_string()),
        (Standing::Declined, _) => {
            verdict("declined", Some(t.word_declined), t.why_declined.to_string())
        }
        (Standing::NoLength, _) => verdict("free", None, t.why_no_length.to_string()),
        (Standing::Holds, WeekOutcome::Over) => verdict("over", None, t.why_over.to_string()),
        (Standing::Holds, WeekOutcome::Removed { conflicts_with, by }) => verdict(
            "goes",
            Some(t.word_goes),
            format!("{} {}", t.why_goes(name(t, conflicts_with)), because(t, zone, by)),
        ),
        (Standing::Holds, WeekOutcome::Kept { conflicts_with, reason, by }) => {
            let why =
                format!("{} {}", t.why_alone(name(t, conflicts_with)), left_alone(t, *reason));
            let by = by.as_ref().map(|by| format!(" {}", because(t, zone, by)));
            verdict("alone", Some(t.word_alone), why + &by.unwrap_or_default())
        }
        (Standing::Holds, WeekOutcome::Wins { over, by, more }) => {
            let why = t.why_wins(others(t, over, *more));
            let why = format!("{why} {}", advantage_of_winner(t, zone, by));
            verdict("wins", Some(t.word_wins), why)
        }
        (Standing::Holds, WeekOutcome::Stronger { than, by, reason, more }) => {
            let still = if *reason == Reason::Limit { t.stronger_limit } else { t.stronger_stays };
            let why = t.why_stronger(others(t, than, *more));
            let why = format!("{why} {} {still}", advantage_of_winner(t, zone, by));
            verdict("wins", Some(t.word_wins), why)
        }
        (Standing::Holds, WeekOutcome::FarAhead { conflicts_with: Some(conflicts_with) }) => {
            verdict("alone", Some(t.word_far), t.why_far_beside(name(t, conflicts_with)))
        }
        (Standing::Holds, WeekOutcome::FarAhead { conflicts_with: None }) => {
            verdict("stays", None, t.why_far.to_string())
        }
        (Standing::Holds, WeekOutcome::Stays | WeekOutcome::Leftover) => {
            verdict("stays", None, t.why_stays.to_string())
        }
    }
}

/// An event, and how many more there are.
fn others(t: &Texts, first: &Event, more: usize) -> String {
    match more {
        0 => t.quoted(&name(t, first)),
        more => t.and_more(name(t, first), more),
    }
}

fn advantage_of_winner(t: &Texts, zone: &Zone, because: &Because) -> String {
    let by = match because.rule {
        Advantage::Priority => t.wins_by_priority,
        Advantage::HeldSince => t.wins_by_held_since,
        Advantage::Created => t.wins_by_created,
        Advantage::Uid | Advantage::OriginalStart => t.wins_by_uid,
    };
    format!("{by} {}", order(t, zone, because))
}
