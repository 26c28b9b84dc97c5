//! Who reads an answer, a page or a mail, and what of an event that one may see (contract section 2):
//! names of PRIVATE and CONFIDENTIAL events are for administrators and for the event's own organizer
//! and author, and a key without the right to read learns times only.

use clearing::Address;
use facts::{AuthorId, Event, Privacy, Removal};

/// What an event that others may not read is called in answers and mails (pages word it in their
/// reader's language).
pub const PRIVATE: &str = "Private";

/// How much of events somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    /// Everything: an administrator, the command line, a schedule.
    Everything,
    /// Names, but not those of other people's private events.
    Names,
    /// Times only.
    Times,
}

/// Somebody who reads.
#[derive(Clone, Debug)]
pub struct Reader {
    sight: Sight,
    user: Option<AuthorId>,
    address: Option<Address>,
}

impl Reader {
    /// Sees everything: the command line, and what is kept for administrators.
    pub fn administrator() -> Reader {
        Reader { sight: Sight::Everything, user: None, address: None }
    }

    /// A user of the site.
    pub fn of_user(
        user: impl Into<AuthorId>,
        address: Option<&str>,
        is_administrator: bool,
    ) -> Reader {
        Reader::of_key(user, address, true, is_administrator)
    }

    /// The person with an email address.
    pub fn of_address(address: &str) -> Reader {
        Reader { sight: Sight::Names, user: None, address: Some(Address::new(address)) }
    }

    /// The key of a user with that address. Without the right to read it learns times only, also an
    /// administrator's.
    pub fn of_key(
        user: impl Into<AuthorId>,
        address: Option<&str>,
        may_read: bool,
        is_administrator: bool,
    ) -> Reader {
        let sight = match (may_read, is_administrator) {
            (false, _) => Sight::Times,
            (true, true) => Sight::Everything,
            (true, false) => Sight::Names,
        };
        Reader { sight, user: Some(user.into()), address: address.map(Address::new) }
    }

    /// Whether the reader sees everything of every event.
    pub fn sees_everything(&self) -> bool {
        self.sight == Sight::Everything
    }

    /// Whether an event of that privacy and organizer is shown with its name, organizer and text.
    pub fn may_read(&self, privacy: &Privacy, organizer: Option<&str>) -> bool {
        let is_own_address = |it: Option<&str>| {
            it.is_some_and(|it| self.address.as_ref() == Some(&Address::new(it)))
        };
        match self.sight {
            Sight::Everything => true,
            Sight::Times => false,
            Sight::Names => {
                !privacy.is_private
                    || (self.user.is_some() && self.user == privacy.author)
                    || is_own_address(organizer)
                    || is_own_address(privacy.author_address.as_deref())
            }
        }
    }

    /// Whether the reader sees names that people gave to anything.
    pub fn sees_names(&self) -> bool {
        self.sight != Sight::Times
    }

    /// What an event that the reader may not read is called.
    pub fn hidden_name(&self) -> &'static str {
        if self.sight == Sight::Times { "" } else { PRIVATE }
    }

    /// An event as the reader may see it.
    pub fn shown(&self, mut event: Event) -> Event {
        self.hide(&mut event);
        event
    }

    /// Takes out of an event what the reader may not see.
    pub fn hide(&self, event: &mut Event) {
        if !self.may_read(&event.privacy, event.organizer.as_deref()) {
            self.hidden_name().clone_into(&mut event.name);
            event.organizer = None;
            event.privacy.is_hidden = self.sight != Sight::Times;
        }
    }

    /// A removal as the reader may see it.
    pub fn shown_removal(&self, mut removal: Removal) -> Removal {
        self.hide(&mut removal.event);
        removal.conflicts.iter_mut().for_each(|it| self.hide(&mut it.event));
        removal
    }

    /// Events as the reader may see them.
    pub fn all_shown(&self, events: Vec<Event>) -> Vec<Event> {
        events.into_iter().map(|event| self.shown(event)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(sight: Sight) -> Reader {
        Reader { sight, user: Some(AuthorId(1)), address: Some(Address::new("ann@example.org")) }
    }

    fn event(is_private: bool, organizer: Option<&str>) -> Event {
        Event {
            name: "Review".to_owned(),
            organizer: organizer.map(str::to_owned),
            privacy: Privacy { is_private, ..Privacy::default() },
            ..Event::default()
        }
    }

    #[test]
    fn a_private_event_is_read_by_its_organizer_its_author_and_administrators() {
        let others = event(true, Some("bob@example.org"));
        let shown = reader(Sight::Names).shown(others.clone());
        assert_eq!((shown.name.as_str(), shown.organizer), (PRIVATE, None));
        assert!(shown.privacy.is_hidden);
        assert_eq!(reader(Sight::Everything).shown(others.clone()), others);
        let own = event(true, Some("mailto:ANN@example.org"));
        assert_eq!(reader(Sight::Names).shown(own.clone()), own);
        for privacy in [
            Privacy { author: Some(AuthorId(1)), ..others.privacy.clone() },
            Privacy {
                author_address: Some("Ann@Example.org".to_owned()),
                ..others.privacy.clone()
            },
        ] {
            let booked = Event { privacy, ..others.clone() };
            assert_eq!(reader(Sight::Names).shown(booked.clone()), booked);
        }
        let public = event(false, Some("bob@example.org"));
        assert_eq!(reader(Sight::Names).shown(public.clone()), public);
    }

    #[test]
    fn nobody_without_an_address_is_the_organizer_of_what_has_none() {
        let reader = Reader { sight: Sight::Names, user: None, address: None };
        assert_eq!(reader.shown(event(true, None)).name, PRIVATE);
    }

    #[test]
    fn who_may_not_read_learns_times_only() {
        for is_private in [false, true] {
            let shown = reader(Sight::Times).shown(event(is_private, Some("ann@example.org")));
            assert_eq!((shown.name.as_str(), shown.organizer), ("", None));
        }
    }
}
