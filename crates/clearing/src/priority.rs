//! Priority (section 3 of the contract): the entries that an administrator sets.

use hashbrown::{HashMap, HashSet};
use ical::{Calendar, Event, Object};

use crate::address::Address;
use crate::token;
use crate::words::{Phrase, words_of};

/// What applies if two prioritised occurrences overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ties {
    /// Rule 4 continues.
    Rank,
    /// Both stay; their organizers agree among themselves.
    Keep,
}

impl Ties {
    /// The default for words of the name.
    pub const USUAL_OF_NAMES: Ties = Ties::Rank;
    /// The default for UIDs.
    pub const USUAL_OF_UIDS: Ties = Ties::Keep;

    /// The default for an organizer: an address keeps, a domain with its `@` ranks.
    pub fn usual_of_organizer(organizer: &str) -> Ties {
        if Address::new(organizer).as_str().starts_with('@') { Ties::Rank } else { Ties::Keep }
    }
}

/// The priorities of a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Priorities {
    /// Organizers' addresses, in lower case.
    addresses: HashMap<String, Ties>,
    /// Organizers' domains, in lower case and without `@`.
    domains: HashMap<String, Ties>,
    /// Words of the name.
    names: Vec<(Phrase, Ties)>,
    uids: HashMap<String, Ties>,
    /// Texts in the description.
    tokens: HashSet<String>,
    /// Overrides the ties of all entries and bound tokens.
    overruled: Option<Ties>,
}

impl Priorities {
    /// Prioritises an organizer's address, or, with a leading `@`, exactly that domain. Everybody
    /// who writes an event sets its ORGANIZER, so this is no protection. Without `ties`, an address
    /// keeps and a domain ranks.
    pub fn add_organizer(&mut self, organizer: &str, ties: Option<Ties>) {
        let address = Address::new(organizer);
        let usual = Ties::usual_of_organizer(organizer);
        let (list, key) = match address.as_str().strip_prefix('@') {
            Some(domain) => (&mut self.domains, domain),
            None => (&mut self.addresses, address.as_str()),
        };
        insert(list, key, ties.unwrap_or(usual));
    }

    /// Prioritises events whose name contains all words of `text` in sequence; a `*` at the end
    /// matches the rest of a word. A text without words prioritises nothing. Without `ties`, it
    /// ranks.
    pub fn add_name(&mut self, text: &str, ties: Option<Ties>) {
        if let Some(phrase) = Phrase::new(text) {
            self.names.push((phrase, ties.unwrap_or(Ties::USUAL_OF_NAMES)));
        }
    }

    /// Prioritises the event of that UID. Without `ties`, it keeps.
    pub fn add_uid(&mut self, uid: &str, ties: Option<Ties>) {
        insert(&mut self.uids, uid, ties.unwrap_or(Ties::USUAL_OF_UIDS));
    }

    /// Prioritises every object with that text in a DESCRIPTION, as `check` does, which knows no
    /// order of first sight. It keeps.
    pub fn add_token(&mut self, text: &str) {
        self.tokens.insert(text.to_owned());
    }

    /// Overrides the ties of all entries, and of tokens that are bound to events.
    pub fn overrule_ties(&mut self, ties: Ties) {
        self.overruled = Some(ties);
    }

    /// Whether nothing is prioritised.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
            && self.domains.is_empty()
            && self.names.is_empty()
            && self.uids.is_empty()
            && self.tokens.is_empty()
    }

    /// How an object is prioritised as a whole: by its UID, or by a token in one of its descriptions.
    pub(crate) fn of_object(&self, calendar: &Calendar<'_>, object: &Object<'_>) -> Option<Ties> {
        let by_uid = if self.uids.is_empty() { None } else { self.uids.get(&*object.uid()) };
        let has_token = !self.tokens.is_empty()
            && calendar.events_of(object).any(|event| {
                let description = event.description();
                token::tokens_in(&description).any(|text| self.tokens.contains(text))
            });
        by_uid.copied().max(has_token.then_some(Ties::Keep))
    }

    /// How an occurrence is prioritised by its own organizer or its own name.
    pub(crate) fn of_event(&self, event: &Event<'_, '_>) -> Option<Ties> {
        self.by_name(event).max(self.by_organizer(event))
    }

    fn by_name(&self, event: &Event<'_, '_>) -> Option<Ties> {
        if self.names.is_empty() {
            return None;
        }
        let words = words_of(&event.summary());
        let found = self.names.iter().filter(|(phrase, _)| phrase.is_in(&words));
        found.map(|(_, ties)| *ties).max()
    }

    fn by_organizer(&self, event: &Event<'_, '_>) -> Option<Ties> {
        if self.addresses.is_empty() && self.domains.is_empty() {
            return None;
        }
        let organizer = Address::new(&event.organizer()?);
        let domain = organizer.as_str().rsplit_once('@').map(|(_, domain)| domain);
        let by_address = self.addresses.get(organizer.as_str()).copied();
        by_address.max(domain.and_then(|domain| self.domains.get(domain)).copied())
    }

    /// What applies if it meets another prioritised one.
    pub(crate) fn ties(&self, found: Option<Ties>) -> Option<Ties> {
        found.map(|ties| self.overruled.unwrap_or(ties))
    }
}

/// An entry that keeps takes precedence over one that ranks.
fn insert(list: &mut HashMap<String, Ties>, key: &str, ties: Ties) {
    let entry = list.entry(key.to_owned()).or_insert(ties);
    *entry = ties.max(*entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(priorities: &Priorities, lines: &str) -> Option<Ties> {
        let lines = lines.replace('|', "\r\n");
        let text = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let object = &calendar.objects()[0];
        let event = calendar.events_of(object).next().unwrap();
        priorities.ties(priorities.of_object(&calendar, object).max(priorities.of_event(&event)))
    }

    #[test]
    fn each_kind_of_entry_has_its_own_default_for_ties() {
        let with = |add: &dyn Fn(&mut Priorities)| {
            let mut priorities = Priorities::default();
            add(&mut priorities);
            assert!(!priorities.is_empty());
            of(
                &priorities,
                "SUMMARY:Board|ORGANIZER:mailto:A@B.example|DESCRIPTION:RB-2222222222222222222222",
            )
        };
        assert_eq!(with(&|it| it.add_organizer("a@b.example", None)), Some(Ties::Keep));
        assert_eq!(with(&|it| it.add_organizer("@b.example", None)), Some(Ties::Rank));
        assert_eq!(with(&|it| it.add_name("board", None)), Some(Ties::Rank));
        assert_eq!(with(&|it| it.add_uid("u", None)), Some(Ties::Keep));
        assert_eq!(with(&|it| it.add_token("RB-2222222222222222222222")), Some(Ties::Keep));
        assert_eq!(with(&|it| it.add_organizer("a@b.example", Some(Ties::Rank))), Some(Ties::Rank));
        assert_eq!(with(&|it| it.add_organizer("@b.example", Some(Ties::Keep))), Some(Ties::Keep));
        assert_eq!(with(&|it| it.add_name("board", Some(Ties::Keep))), Some(Ties::Keep));
        assert_eq!(with(&|it| it.add_uid("u", Some(Ties::Rank))), Some(Ties::Rank));
        assert_eq!(with(&|it| it.add_uid("other", None)), None);
        assert_eq!(with(&|it| it.add_token("RB-3222222222222222222222")), None);
    }

    #[test]
    fn of_several_entries_one_that_keeps_is_enough_and_all_can_be_overruled() {
        let mut priorities = Priorities::default();
        assert!(priorities.is_empty());
        priorities.add_organizer("@b.example", None);
        priorities.add_uid("u", None);
        priorities.add_uid("u", Some(Ties::Rank));
        let event = "ORGANIZER:mailto:a@b.example";
        assert_eq!(of(&priorities, event), Some(Ties::Keep));
        priorities.overrule_ties(Ties::Rank);
        assert_eq!(of(&priorities, event), Some(Ties::Rank));
    }

    #[test]
    fn a_domain_is_exact() {
        let mut priorities = Priorities::default();
        priorities.add_organizer("@B.example", None);
        for (organizer, is) in [
            ("a@b.example", true),
            ("a@c.b.example", false),
            ("a@ab.example", false),
            ("b.example", false),
        ] {
            let line = format!("ORGANIZER:mailto:{organizer}");
            assert_eq!(of(&priorities, &line).is_some(), is, "{organizer}");
        }
        assert_eq!(of(&priorities, "SUMMARY:x"), None);
    }

    #[test]
    fn a_name_without_words_prioritises_nothing() {
        let mut priorities = Priorities::default();
        priorities.add_name(" *-! ", None);
        assert!(priorities.is_empty());
        assert_eq!(of(&priorities, "SUMMARY:a"), None);
    }
}
