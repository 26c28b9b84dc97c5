//! Why the stronger of two events stays, in the forms that answers, the history and messages have of it.

use clearing::{Advantage, Because};
use ical::{Moment, Zone};
use serde::{Deserialize, Serialize};

use crate::time;

/// `because` of an answer (section 2 of the contract).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownBecause {
    /// What decided: `priority`, `held_since`, `created`, `uid` or `original_start`.
    pub rule: &'static str,
    /// Since when the stronger has held the hour, with the offset of the calendar's zone.
    pub winner_since: String,
    /// Since when the weaker has.
    pub loser_since: String,
    /// Whether the program saw the order itself.
    pub witnessed: bool,
    /// The same with its moments.
    #[serde(skip)]
    pub because: Because,
}

impl ShownBecause {
    /// What answers say of it.
    pub fn of(because: Because, zone: &Zone) -> ShownBecause {
        ShownBecause {
            rule: because.rule.as_str(),
            winner_since: time::rfc3339(zone, because.winner_since),
            loser_since: time::rfc3339(zone, because.loser_since),
            witnessed: because.witnessed,
            because,
        }
    }
}

/// As the database keeps it: moments in seconds since 1970.
#[derive(Serialize, Deserialize)]
struct Stored {
    rule: String,
    winner_since: i64,
    loser_since: i64,
    witnessed: bool,
}

/// As the database keeps it, as JSON.
pub fn because_to_json(because: &Because) -> String {
    let stored = serde_json::json!({
        "rule": because.rule.as_str(),
        "winner_since": because.winner_since.0,
        "loser_since": because.loser_since.0,
        "witnessed": because.witnessed,
    });
    stored.to_string()
}

/// What [`because_to_json`] wrote; `None` of anything else.
pub fn because_from_json(json: &str) -> Option<Because> {
    let Stored { rule, winner_since, loser_since, witnessed } = serde_json::from_str(json).ok()?;
    let rule = Advantage::ALL.into_iter().find(|it| it.as_str() == rule)?;
    let (winner_since, loser_since) = (Moment(winner_since), Moment(loser_since));
    Some(Because { rule, winner_since, loser_since, witnessed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_history_keeps_is_read_back_as_it_was_written() {
        for rule in Advantage::ALL {
            let because = Because {
                rule,
                winner_since: Moment(-1),
                loser_since: Moment(1_772_323_200),
                witnessed: rule == Advantage::HeldSince,
            };
            assert_eq!(because_from_json(&because_to_json(&because)), Some(because));
        }
        for json in [
            "",
            "{}",
            "created",
            r#"{"rule":"x","winner_since":1,"loser_since":1,"witnessed":true}"#,
        ] {
            assert_eq!(because_from_json(json), None, "{json}");
        }
    }
}
