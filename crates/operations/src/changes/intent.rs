//! The record and the messages of a change in progress on a server, as the
//! database keeps it: so that a crash in between loses neither.

use facts::{Event, KeptEvent, Loss, Removal};
use serde::{Deserialize, Serialize};
use store::{LinkId, RemovalId, UserId};

use crate::{Error, Result};

/// What a change is made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Intent {
    /// A run takes something out of a calendar.
    Clear(Loss),
    /// A run accepts an invitation, with what it takes out of it by the same write, if anything.
    Answer {
        /// What is accepted.
        accepted: Removal,
        /// What goes.
        loss: Option<Loss>,
    },
    /// Somebody deletes or changes an event, or cancels an occurrence of it.
    Request(Removal),
    /// Somebody ends a series before one of its dates.
    EndSeries {
        /// The first date that is removed, or is in the next object.
        removal: Removal,
        /// The UID of the object that has the rest, if there is one.
        next: Option<String>,
    },
    /// A person with a link of a message takes an event, or dates of it, out of the room.
    Link {
        /// The link. It is used up by that.
        link: LinkId,
        /// What goes.
        removals: Vec<Removal>,
    },
    /// A line of the history is restored.
    Restore {
        /// Which.
        removal: RemovalId,
        /// What is back, where that is another than what the line says: the series was changed since.
        #[serde(with = "kept")]
        back: Option<Event>,
    },
    /// A file is imported into a built-in calendar. It is never in doubt.
    Import {
        /// Whether the calendar was empty: each event holds its time since it was created.
        is_first: bool,
        /// What was there in another version.
        replaced: Option<Removal>,
    },
    /// Somebody books an event. It has no line in the history.
    Book {
        /// Who; nobody knows of what a link moves.
        user: Option<UserId>,
        /// What tells that it is asked for again: the key, and the SHA-256 of the request.
        idempotency_key: Option<(String, Vec<u8>)>,
        /// The link that moves it here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moved_by: Option<LinkId>,
        /// The series that it is the rest of: it holds its time since that does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rest_of: Option<RestOf>,
    },
}

/// The series of which a new object has the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RestOf {
    /// Its UID.
    pub uid: String,
    /// Where it lies.
    pub href: String,
    /// The original start of the first date of the rest, in seconds since 1970.
    pub original: i64,
}

/// An event as the database keeps it, where there may be none.
mod kept {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{Event, KeptEvent};

    pub fn serialize<S: Serializer>(
        event: &Option<Event>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        event.clone().map(KeptEvent::from).serialize(serializer)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(
        deserializer: D,
    ) -> Result<Option<Event>, D::Error> {
        Ok(Option::<KeptEvent>::deserialize(deserializer)?.map(Event::from))
    }
}

impl Intent {
    /// Whether the history keeps the change. What is new has no line there.
    pub fn is_kept(&self) -> bool {
        !matches!(self, Intent::Book { .. } | Intent::Import { replaced: None, .. })
    }

    /// What a run takes out of the object, if it does.
    pub fn loss(&self) -> Option<&Loss> {
        match self {
            Intent::Clear(loss) | Intent::Answer { loss: Some(loss), .. } => Some(loss),
            _ => None,
        }
    }

    /// What somebody takes out of the room, if this is about that.
    pub fn requested(&self) -> &[Removal] {
        match self {
            Intent::Request(removal) | Intent::EndSeries { removal, .. } => {
                std::slice::from_ref(removal)
            }
            Intent::Link { removals, .. } => removals,
            _ => &[],
        }
    }

    /// As the database keeps it.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::Internal(error.to_string()))
    }

    /// What [`Intent::to_json`] wrote.
    pub fn from_json(json: &str) -> Result<Intent> {
        Ok(serde_json::from_str(json).map_err(store::Error::from)?)
    }
}

#[cfg(test)]
mod tests {
    use facts::RemovalKind;

    use super::*;

    fn event(uid: &str) -> Event {
        Event {
            uid: uid.to_owned(),
            name: "Ü \u{202E}".to_owned(),
            start: ical::Moment(5),
            end: ical::Moment(7),
            original: ical::Moment(-3),
            ..Event::default()
        }
    }

    #[test]
    fn an_intent_is_read_back_as_it_was_written() {
        let kinds = [
            RemovalKind::DeletedCancelled,
            RemovalKind::DeletedOverlapping,
            RemovalKind::CancelledOverlapping,
        ];
        let removals = kinds.map(|kind| Removal::by_hand(kind, event("a"))).into();
        let loss = Loss { uid: "a".to_owned(), is_recurring: true, is_deleted: false, removals };
        let request = |kind| Intent::Request(Removal::by_hand(kind, event("d")));
        let book = Intent::Book {
            user: Some(UserId(4)),
            idempotency_key: Some(("k".to_owned(), vec![1; 32])),
            moved_by: Some(LinkId(2)),
            rest_of: None,
        };
        let of = RestOf { uid: "a".to_owned(), href: "a.ics".to_owned(), original: -3 };
        let rest =
            Intent::Book { user: None, idempotency_key: None, moved_by: None, rest_of: Some(of) };
        let restore = |back| Intent::Restore { removal: RemovalId(7), back };
        let answer = |loss| Intent::Answer {
            accepted: Removal::by_hand(RemovalKind::Accepted, event("f")),
            loss,
        };
        for intent in [
            answer(Some(loss.clone())),
            answer(None),
            Intent::Clear(loss),
            request(RemovalKind::DeletedByRequest),
            request(RemovalKind::Changed),
            Intent::Link {
                link: LinkId(9),
                removals: vec![Removal::by_hand(RemovalKind::CancelledByRequest, event("g"))],
            },
            book,
            rest,
            Intent::EndSeries {
                removal: Removal::by_hand(RemovalKind::Ended, event("h")),
                next: None,
            },
            restore(None),
            restore(Some(event("e"))),
        ] {
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
