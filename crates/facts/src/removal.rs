//! What was removed from a calendar, or would be: one value, from the plan to the page.

use clearing::{Advantage, Because};
use ical::{Moment, Zone};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use crate::event::{Event, KeptEvent};
use crate::kind::RemovalKind;
use crate::time::Rfc3339;

/// An occurrence that is to be removed, was removed, or is kept, with what decided that.
#[derive(Clone, Debug, PartialEq, Eq, DeriveSerialize, Deserialize)]
#[serde(into = "Kept", try_from = "Kept")]
pub struct Removal {
    /// How it goes.
    pub kind: RemovalKind,
    /// What goes.
    pub event: Event,
    /// Why the first of `conflicts` is stronger; `None` where it is cancelled and nobody is, or free.
    pub because: Option<Because>,
    /// Whether an administrator prioritised it.
    pub is_prioritized: bool,
    /// Whether it lost to a prioritised event although it was created earlier.
    pub is_deprioritized: bool,
    /// The staying events that it overlaps, strongest first.
    pub conflicts: Vec<Conflict>,
    /// What names this decision, as long as nothing that it rests on changes; empty where it was read back
    /// from the database.
    pub key: String,
    /// The pending removal that it ends, where there was a warning.
    pub pending: Option<i64>,
}

/// A staying event beside one that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The event.
    pub event: Event,
    /// Whether an administrator prioritised it.
    pub is_prioritized: bool,
    /// Why it is the stronger of both; `None` where it is not, as beside an event that is free.
    pub because: Option<Because>,
}

impl Removal {
    /// What somebody takes out by hand: nothing stands against it.
    pub fn by_hand(kind: RemovalKind, event: Event) -> Removal {
        Removal {
            kind,
            event,
            because: None,
            is_prioritized: false,
            is_deprioritized: false,
            conflicts: Vec::new(),
            key: String::new(),
            pending: None,
        }
    }

    /// The event that it gives way to: the strongest that stays.
    pub fn winner(&self) -> Option<&Event> {
        self.conflicts.first().map(|it| &it.event)
    }

    /// As the database keeps it: JSON with its version.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// What a line of the history keeps. Where that cannot be read, because it is damaged or of a later version,
    /// it is what the line's other columns say, without a name: one such line neither hides the others nor
    /// keeps its event from being restored. `start` and `end` are in seconds since 1970.
    pub fn kept(fact: &str, kind: RemovalKind, (start, end): (i64, i64)) -> Removal {
        Removal::from_json(fact).unwrap_or_else(|error| {
            tracing::warn!(%error, "a line of the history cannot be read");
            let (start, end) = (Moment(start), Moment(end));
            let event = Event { start, end, original: start, ..Event::default() };
            Removal::by_hand(kind, event)
        })
    }

    /// What [`Removal::to_json`] wrote.
    ///
    /// # Errors
    ///
    /// If the text is no such removal, or of a version that this program does not know.
    pub fn from_json(json: &str) -> serde_json::Result<Removal> {
        serde_json::from_str(json)
    }
}

/// The version of [`Kept`].
const VERSION: u32 = 1;

/// A removal as the database keeps it.
#[derive(DeriveSerialize, Deserialize)]
struct Kept {
    version: u32,
    kind: String,
    event: KeptEvent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    because: Option<KeptBecause>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_prioritized: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_deprioritized: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    conflicts: Vec<KeptConflict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending: Option<i64>,
}

#[derive(DeriveSerialize, Deserialize)]
struct KeptConflict {
    event: KeptEvent,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_prioritized: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    because: Option<KeptBecause>,
}

#[derive(DeriveSerialize, Deserialize)]
struct KeptBecause {
    rule: String,
    winner_since: i64,
    loser_since: i64,
    witnessed: bool,
}

impl From<Removal> for Kept {
    fn from(removal: Removal) -> Kept {
        let conflict = |it: Conflict| KeptConflict {
            event: it.event.into(),
            is_prioritized: it.is_prioritized,
            because: it.because.map(KeptBecause::from),
        };
        Kept {
            version: VERSION,
            kind: removal.kind.as_str().to_owned(),
            event: removal.event.into(),
            because: removal.because.map(KeptBecause::from),
            is_prioritized: removal.is_prioritized,
            is_deprioritized: removal.is_deprioritized,
            conflicts: removal.conflicts.into_iter().map(conflict).collect(),
            pending: removal.pending,
        }
    }
}

impl TryFrom<Kept> for Removal {
    type Error = String;

    fn try_from(kept: Kept) -> Result<Removal, String> {
        if kept.version != VERSION {
            return Err(format!("a removal of version {}", kept.version));
        }
        let conflict = |it: KeptConflict| {
            Ok(Conflict {
                event: it.event.into(),
                is_prioritized: it.is_prioritized,
                because: it.because.map(Because::try_from).transpose()?,
            })
        };
        Ok(Removal {
            kind: RemovalKind::parse(&kept.kind)
                .ok_or_else(|| format!("a removal of the kind {:?}", kept.kind))?,
            event: kept.event.into(),
            because: kept.because.map(Because::try_from).transpose()?,
            is_prioritized: kept.is_prioritized,
            is_deprioritized: kept.is_deprioritized,
            conflicts: kept.conflicts.into_iter().map(conflict).collect::<Result<_, String>>()?,
            key: String::new(),
            pending: kept.pending,
        })
    }
}

impl From<Because> for KeptBecause {
    fn from(because: Because) -> KeptBecause {
        KeptBecause {
            rule: because.rule.as_str().to_owned(),
            winner_since: because.winner_since.0,
            loser_since: because.loser_since.0,
            witnessed: because.witnessed,
        }
    }
}

impl TryFrom<KeptBecause> for Because {
    type Error = String;

    fn try_from(kept: KeptBecause) -> Result<Because, String> {
        let rule = Advantage::ALL.into_iter().find(|it| it.as_str() == kept.rule);
        Ok(Because {
            rule: rule.ok_or_else(|| format!("a removal because of {:?}", kept.rule))?,
            winner_since: Moment(kept.winner_since),
            loser_since: Moment(kept.loser_since),
            witnessed: kept.witnessed,
        })
    }
}

/// `because` of an answer (section 2 of the contract): it serializes with times on the clock of `zone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownBecause {
    /// What decided.
    pub because: Because,
    /// The calendar's zone.
    pub zone: Zone,
}

impl Serialize for ShownBecause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Because { rule, winner_since, loser_since, witnessed } = self.because;
        let printed = |moment| Rfc3339::of(&self.zone, moment);
        let mut because = serializer.serialize_struct("Because", 4)?;
        because.serialize_field("rule", rule.as_str())?;
        because.serialize_field("winner_since", &printed(winner_since))?;
        because.serialize_field("loser_since", &printed(loser_since))?;
        because.serialize_field("witnessed", &witnessed)?;
        because.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{AuthorId, Privacy};

    fn event(uid: &str) -> Event {
        Event {
            uid: uid.to_owned(),
            name: "Ü \u{202E}".to_owned(),
            start: Moment(1_772_449_200),
            end: Moment(1_772_452_800),
            original: Moment(-3),
            is_all_day: true,
            created: Some(Moment(7)),
            organizer: Some("ann@example.org".to_owned()),
            privacy: Privacy {
                is_private: true,
                author: Some(AuthorId(3)),
                author_address: Some("bob@example.org".to_owned()),
                is_hidden: false,
            },
            zone: Zone::iana("Europe/Berlin").unwrap(),
        }
    }

    fn removal(kind: RemovalKind, rule: Advantage) -> Removal {
        let because = Because {
            rule,
            winner_since: Moment(-1),
            loser_since: Moment(1_772_323_200),
            witnessed: rule == Advantage::HeldSince,
        };
        let conflict = Conflict { event: event("b"), is_prioritized: true, because: Some(because) };
        Removal {
            kind,
            event: event("a"),
            because: Some(because),
            is_prioritized: true,
            is_deprioritized: true,
            conflicts: vec![conflict, Conflict { because: None, ..conflict_of(event("c")) }],
            key: String::new(),
            pending: Some(7),
        }
    }

    fn conflict_of(event: Event) -> Conflict {
        Conflict { event, is_prioritized: false, because: None }
    }

    #[test]
    fn what_the_history_keeps_is_read_back_as_it_was_written() {
        for kind in RemovalKind::ALL {
            for rule in Advantage::ALL {
                let removal = removal(kind, rule);
                assert_eq!(Removal::from_json(&removal.to_json().unwrap()).unwrap(), removal);
            }
        }
        let plain = Removal::by_hand(RemovalKind::DeletedByRequest, Event::default());
        assert_eq!(Removal::from_json(&plain.to_json().unwrap()).unwrap(), plain);
    }

    #[test]
    fn what_is_no_removal_or_of_a_later_version_is_an_error() {
        let json = removal(RemovalKind::Changed, Advantage::Uid).to_json().unwrap();
        for text in [
            String::new(),
            "{}".to_owned(),
            json.replace("\"version\":1", "\"version\":2"),
            json.replace("changed by request", "x"),
            json.replace("\"uid\",\"winner", "\"x\",\"winner"),
        ] {
            assert_ne!(text, json);
            assert!(Removal::from_json(&text).is_err(), "{text}");
            let kept = Removal::kept(&text, RemovalKind::DeletedOverlapping, (5, 7));
            assert_eq!((kept.event.start, kept.event.end), (Moment(5), Moment(7)));
            assert_eq!(
                (kept.kind, kept.event.name.as_str()),
                (RemovalKind::DeletedOverlapping, "")
            );
        }
    }

    #[test]
    fn answers_print_times_on_the_clock_of_the_calendar() {
        let Removal { event, because, .. } = removal(RemovalKind::Changed, Advantage::Created);
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["start"], "2026-03-02T12:00:00+01:00");
        assert_eq!(json["created"], "1970-01-01T01:00:07+01:00");
        assert_eq!(json.as_object().unwrap().len(), 6, "exactly the keys of EVENT: {json}");
        let because = ShownBecause { because: because.unwrap(), zone: event.zone };
        let json = serde_json::to_value(because).unwrap();
        assert_eq!(json["loser_since"], "2026-03-01T01:00:00+01:00");
        assert_eq!(json["rule"], "created");
    }
}
