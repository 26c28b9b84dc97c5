//! What a change that is under way on a server has to record and to say once it is made, as the
//! database keeps it: so that a crash in between loses neither.

use ical::Moment;
use serde::{Deserialize, Serialize};
use store::history::Kind;
use store::{RemovalId, UserId};

use crate::because::{because_from_json, because_to_json};
use crate::clearing_of_one::{Beside, Loss, RemovalOfOne};
use crate::reader::Privacy;
use crate::report::{Lies, ShownEvent};
use crate::{Error, Result};

/// What a change is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// A run takes something out of a calendar.
    Clear(Loss),
    /// Somebody deletes an event.
    Delete(ShownEvent),
    /// Somebody changes an event, or cancels an occurrence of it.
    Request {
        /// Which of both.
        kind: Kind,
        /// What is changed, as it was.
        event: ShownEvent,
    },
    /// A line of the history is put back.
    PutBack {
        /// Which.
        removal: RemovalId,
        /// What is back, where that is another than what the line says: the series was changed since.
        back: Option<ShownEvent>,
    },
    /// Somebody books an event. It has no line in the history.
    Book {
        /// Who.
        user: UserId,
        /// What tells that it is asked for again.
        idempotency_key: Option<String>,
    },
}

/// The same as JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stored {
    Clear { uid: String, is_recurring: bool, is_deleted: bool, removals: Vec<StoredRemoval> },
    Delete { event: StoredEvent },
    Request { kind: String, event: StoredEvent },
    PutBack { removal: RemovalId, back: Option<StoredEvent> },
    Book { user: UserId, idempotency_key: Option<String> },
}

#[derive(Serialize, Deserialize)]
struct StoredRemoval {
    kind: String,
    event: StoredEvent,
    is_prioritized: bool,
    is_deprioritized: bool,
    #[serde(default)]
    because: Option<String>,
    beside: Vec<StoredBeside>,
}

#[derive(Serialize, Deserialize)]
struct StoredBeside {
    event: StoredEvent,
    is_prioritized: bool,
    because: Option<String>,
}

/// An event with where it lies: start, end and original start in seconds since 1970.
#[derive(Serialize, Deserialize)]
struct StoredEvent {
    #[serde(flatten)]
    shown: ShownEvent,
    lies: [i64; 3],
    is_all_day: bool,
    privacy: Privacy,
}

impl Intent {
    /// As the database keeps it.
    pub fn to_json(&self) -> Result<String> {
        let stored = match self {
            Intent::Clear(loss) => Stored::Clear {
                uid: loss.uid.clone(),
                is_recurring: loss.is_recurring,
                is_deleted: loss.is_deleted,
                removals: loss.removals.iter().map(StoredRemoval::from).collect(),
            },
            Intent::Delete(event) => Stored::Delete { event: event.into() },
            Intent::Request { kind, event } => {
                Stored::Request { kind: kind.as_str().to_owned(), event: event.into() }
            }
            Intent::PutBack { removal, back } => {
                Stored::PutBack { removal: *removal, back: back.as_ref().map(StoredEvent::from) }
            }
            Intent::Book { user, idempotency_key } => {
                Stored::Book { user: *user, idempotency_key: idempotency_key.clone() }
            }
        };
        serde_json::to_string(&stored).map_err(|error| Error::Internal(error.to_string()))
    }

    /// What [`Intent::to_json`] wrote.
    pub fn from_json(json: &str) -> Result<Intent> {
        let stored: Stored = serde_json::from_str(json).map_err(store::Error::from)?;
        Ok(match stored {
            Stored::Clear { uid, is_recurring, is_deleted, removals } => {
                let removals: Result<_> =
                    removals.into_iter().map(RemovalOfOne::try_from).collect();
                Intent::Clear(Loss { uid, is_recurring, is_deleted, removals: removals? })
            }
            Stored::Delete { event } => Intent::Delete(event.into()),
            Stored::Request { kind, event } => {
                Intent::Request { kind: kind_of(&kind)?, event: event.into() }
            }
            Stored::PutBack { removal, back } => {
                Intent::PutBack { removal, back: back.map(ShownEvent::from) }
            }
            Stored::Book { user, idempotency_key } => Intent::Book { user, idempotency_key },
        })
    }
}

impl From<&ShownEvent> for StoredEvent {
    fn from(event: &ShownEvent) -> StoredEvent {
        let Lies { start, end, original, is_all_day } = event.lies;
        StoredEvent {
            shown: event.clone(),
            lies: [start.0, end.0, original.0],
            is_all_day,
            privacy: event.privacy.clone(),
        }
    }
}

impl From<StoredEvent> for ShownEvent {
    fn from(stored: StoredEvent) -> ShownEvent {
        let [start, end, original] = stored.lies.map(Moment);
        let lies = Lies { start, end, original, is_all_day: stored.is_all_day };
        ShownEvent { lies, privacy: stored.privacy, ..stored.shown }
    }
}

impl From<&RemovalOfOne> for StoredRemoval {
    fn from(removal: &RemovalOfOne) -> StoredRemoval {
        let beside = removal.beside.iter().map(|it| StoredBeside {
            event: (&it.event).into(),
            is_prioritized: it.is_prioritized,
            because: it.because.as_ref().map(because_to_json),
        });
        StoredRemoval {
            kind: removal.kind.as_str().to_owned(),
            event: (&removal.event).into(),
            is_prioritized: removal.is_prioritized,
            is_deprioritized: removal.is_deprioritized,
            because: removal.because.as_ref().map(because_to_json),
            beside: beside.collect(),
        }
    }
}

fn kind_of(word: &str) -> Result<Kind> {
    let unknown = || store::Error::Damaged(format!("a removal of the kind {word:?}"));
    Ok(Kind::parse(word).ok_or_else(unknown)?)
}

impl TryFrom<StoredRemoval> for RemovalOfOne {
    type Error = Error;

    fn try_from(stored: StoredRemoval) -> Result<RemovalOfOne> {
        let kind = kind_of(&stored.kind)?;
        let beside = stored.beside.into_iter().map(|it| Beside {
            event: it.event.into(),
            is_prioritized: it.is_prioritized,
            because: it.because.as_deref().and_then(because_from_json),
        });
        Ok(RemovalOfOne {
            kind,
            event: stored.event.into(),
            is_prioritized: stored.is_prioritized,
            is_deprioritized: stored.is_deprioritized,
            because: stored.because.as_deref().and_then(because_from_json),
            beside: beside.collect(),
            key: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(uid: &str) -> ShownEvent {
        ShownEvent {
            uid: uid.to_owned(),
            name: "Ü \u{202E}".to_owned(),
            start: "2026-03-02T12:00:00+01:00".to_owned(),
            end: "2026-03-02T13:00:00+01:00".to_owned(),
            created: None,
            organizer: Some("ann@example.org".to_owned()),
            lies: Lies { start: Moment(5), end: Moment(7), original: Moment(-3), is_all_day: true },
            privacy: Privacy {
                is_private: true,
                author: Some(UserId(3)),
                author_address: Some("bob@example.org".to_owned()),
                is_hidden: false,
            },
        }
    }

    #[test]
    fn an_intent_is_read_back_as_it_was_written() {
        let kinds = [Kind::DeletedCancelled, Kind::DeletedOverlapping, Kind::CancelledOverlapping];
        let because = clearing::Because {
            rule: clearing::Advantage::HeldSince,
            winner_since: Moment(1),
            loser_since: Moment(2),
            witnessed: true,
        };
        let beside = Beside { event: event("b"), is_prioritized: false, because: Some(because) };
        let removals = kinds.map(|kind| RemovalOfOne {
            kind,
            event: event("a"),
            is_prioritized: true,
            is_deprioritized: false,
            because: Some(because),
            beside: vec![beside.clone()],
            key: String::new(),
        });
        let loss = Loss {
            uid: "a".to_owned(),
            is_recurring: true,
            is_deleted: false,
            removals: removals.into(),
        };
        let request = Intent::Request { kind: Kind::Changed, event: event("d") };
        let delete = Intent::Delete(event("c"));
        let book = Intent::Book { user: UserId(4), idempotency_key: Some("k".to_owned()) };
        let put_back = |back| Intent::PutBack { removal: RemovalId(7), back };
        let intents = [Intent::Clear(loss), delete, request, put_back(None), book];
        for intent in intents.into_iter().chain([put_back(Some(event("e")))]) {
            assert_eq!(Intent::from_json(&intent.to_json().unwrap()).unwrap(), intent);
        }
    }

    #[test]
    fn what_is_no_intent_is_an_error() {
        for json in ["", "{}", r#"{"clear":{}}"#, "nonsense"] {
            assert!(Intent::from_json(json).is_err(), "{json}");
        }
    }
}
