//! Why an event stays, goes or is left alone, in words.

use clearing::{Advantage, Because, Reason};
use ical::Zone;
use operations::facts::Event;
use operations::{Fate, Standing};

use super::format::{name, stamp};
use super::text::{Text, Texts};

/// By what the winner is stronger (rule 4).
fn advantage(t: &Texts, by: Advantage) -> Text {
    match by {
        Advantage::Priority => t.by_priority,
        Advantage::HeldSince => t.by_held_since,
        Advantage::Created => t.by_created,
        Advantage::Uid => t.by_uid,
        Advantage::OriginalStart => t.by_original_start,
    }
}

/// Why the winner is stronger: by what, who has held the hour since when, and whether the program saw it
/// itself.
pub fn because(t: &Texts, zone: &Zone, because: &Because) -> String {
    format!("{} {}", advantage(t, because.rule), order(t, zone, because))
}

/// Who has held the hour since when, and whether the program saw it itself.
fn order(t: &Texts, zone: &Zone, because: &Because) -> String {
    let winner = stamp(t, zone, because.winner_since.0);
    let loser = stamp(t, zone, because.loser_since.0);
    let by = if because.witnessed { t.is_witnessed } else { t.is_by_word };
    format!("{} {by}", t.since_both(winner, loser))
}

/// Why it is left alone (rule 7).
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

/// What an event is and what becomes of it: a class for its looks, a word, and a sentence.
pub struct Verdict {
    /// `stays`, `wins`, `goes`, `alone`, `cancelled`, `free`, `declined` or `over`.
    pub class: &'static str,
    /// A word, where there is something to say.
    pub word: Option<Text>,
    /// Why.
    pub why: String,
}

/// What is said about an event of a week.
pub fn verdict(t: &Texts, zone: &Zone, standing: Standing, fate: &Fate) -> Verdict {
    let verdict = |class, word: Option<Text>, why: String| Verdict { class, word, why };
    match (standing, fate) {
        (Standing::Cancelled, Fate::Leftover) => {
            verdict("cancelled", Some(t.word_cancelled), t.why_leftover.to_string())
        }
        (Standing::Cancelled, _) => {
            verdict("cancelled", Some(t.word_cancelled), t.why_cancelled.to_string())
        }
        (Standing::Free, Fate::LeftAlone { beside, .. }) => {
            verdict("free", Some(t.word_free), t.why_free_beside(name(t, beside)))
        }
        (Standing::Free, _) => verdict("free", Some(t.word_free), t.why_free.to_string()),
        (Standing::Declined, _) => {
            verdict("declined", Some(t.word_declined), t.why_declined.to_string())
        }
        (Standing::NoLength, _) => verdict("free", None, t.why_no_length.to_string()),
        (Standing::Holds, Fate::Over) => verdict("over", None, t.why_over.to_string()),
        (Standing::Holds, Fate::Goes { beside, by }) => verdict(
            "goes",
            Some(t.word_goes),
            format!("{} {}", t.why_goes(name(t, beside)), because(t, zone, by)),
        ),
        (Standing::Holds, Fate::LeftAlone { beside, reason, by }) => {
            let why = format!("{} {}", t.why_alone(name(t, beside)), left_alone(t, *reason));
            let by = by.as_ref().map(|by| format!(" {}", because(t, zone, by)));
            verdict("alone", Some(t.word_alone), why + &by.unwrap_or_default())
        }
        (Standing::Holds, Fate::Wins { over, by, more }) => {
            let why = t.why_wins(others(t, over, *more));
            let why = format!("{why} {}", advantage_of_winner(t, zone, by));
            verdict("wins", Some(t.word_wins), why)
        }
        (Standing::Holds, Fate::Stronger { than, by, reason, more }) => {
            let still = if *reason == Reason::Limit { t.stronger_limit } else { t.stronger_stays };
            let why = t.why_stronger(others(t, than, *more));
            let why = format!("{why} {} {still}", advantage_of_winner(t, zone, by));
            verdict("wins", Some(t.word_wins), why)
        }
        (Standing::Holds, Fate::FarAhead { beside: Some(beside) }) => {
            verdict("alone", Some(t.word_far), t.why_far_beside(name(t, beside)))
        }
        (Standing::Holds, Fate::FarAhead { beside: None }) => {
            verdict("stays", None, t.why_far.to_string())
        }
        (Standing::Holds, Fate::Stays | Fate::Leftover) => {
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
