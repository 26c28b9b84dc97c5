//! What an administrator decides for a calendar, and what the program remembers of its objects.

use hashbrown::{HashMap, HashSet};
use ical::Moment;

/// The settings of one calendar (section 3 of the contract).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How far ahead the rules look, in days of 24 hours from `now` on.
    pub horizon_days: u32,
    /// Longest overlap at an edge that is tolerated, in minutes.
    pub tolerance_minutes: u32,
    /// From how many objects one run may remove overlaps; `None` for no limit, or for a run that an
    /// administrator has confirmed.
    pub limit: Option<usize>,
    /// Whether events that are free (TRANSP:TRANSPARENT) block like others.
    pub free_blocks: bool,
    /// What makes an occurrence older than another.
    pub rank_by: RankBy,
    /// The room's own address, by which it declines and by which it is no organizer.
    pub room_address: Option<Address>,
    /// What is prioritised.
    pub priorities: Priorities,
    /// UIDs whose events are never removed.
    pub protected: HashSet<String>,
}

impl Policy {
    /// Days that a calendar looks ahead if nobody set anything else.
    pub const DEFAULT_HORIZON_DAYS: u32 = 365;
    /// The longest horizon: a hundred years.
    pub const MAX_HORIZON_DAYS: u32 = 36_525;
}

impl Default for Policy {
    /// A horizon of 365 days, no tolerance, no limit, rank by `created`, nothing prioritised.
    fn default() -> Policy {
        Policy {
            horizon_days: Policy::DEFAULT_HORIZON_DAYS,
            tolerance_minutes: 0,
            limit: None,
            free_blocks: false,
            rank_by: RankBy::Created,
            room_address: None,
            priorities: Priorities::default(),
            protected: HashSet::new(),
        }
    }
}

/// What makes an occurrence older than another (rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankBy {
    /// When its object was created.
    Created,
    /// Since when its object has continuously held the occurrence's interval; then `created`.
    Claim,
}

/// A mail address as addresses compare: without `mailto:` and without case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(String);

impl Address {
    /// The address in `text`.
    pub fn new(text: &str) -> Address {
        let text = text.trim();
        let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        Address(text[scheme.map_or(0, str::len)..].to_lowercase())
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is prioritised on a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Priorities {
    /// Organizers' addresses, in lower case.
    addresses: HashSet<String>,
    /// Organizers' domains, in lower case and without `@`.
    domains: HashSet<String>,
    /// Texts in the name, in lower case.
    names: Vec<String>,
    uids: HashSet<String>,
}

impl Priorities {
    /// Prioritises an organizer's address, or, with a leading `@`, exactly that domain. ORGANIZER is
    /// set by whoever writes the event: this is a courtesy and no protection.
    pub fn add_organizer(&mut self, organizer: &str) {
        let address = Address::new(organizer);
        match address.0.strip_prefix('@') {
            Some(domain) => self.domains.insert(domain.to_owned()),
            None => self.addresses.insert(address.0),
        };
    }

    /// Prioritises events whose name holds `text`, without case. An empty text prioritises nothing.
    pub fn add_name(&mut self, text: &str) {
        if !text.is_empty() {
            self.names.push(text.to_lowercase());
        }
    }

    /// Prioritises the event of that UID.
    pub fn add_uid(&mut self, uid: &str) {
        self.uids.insert(uid.to_owned());
    }

    /// Whether nothing is prioritised.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
            && self.domains.is_empty()
            && self.names.is_empty()
            && self.uids.is_empty()
    }

    /// Whether the object of that UID is prioritised as a whole.
    pub fn has_uid(&self, uid: &str) -> bool {
        self.uids.contains(uid)
    }

    /// Whether an occurrence is prioritised by its own organizer or its own name.
    pub fn has_event(&self, event: &ical::Event<'_, '_>) -> bool {
        if !self.names.is_empty() {
            let name = event.summary().to_lowercase();
            if self.names.iter().any(|text| name.contains(text)) {
                return true;
            }
        }
        if self.addresses.is_empty() && self.domains.is_empty() {
            return false;
        }
        let Some(organizer) = event.organizer() else {
            return false;
        };
        let organizer = Address::new(&organizer).0;
        let domain = organizer.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.addresses.contains(&organizer) || self.domains.contains(domain)
    }
}

/// What the program remembers of a calendar's objects, by UID.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// When the program first saw an object; one that is not here is seen for the first time now.
    pub first_seen: HashMap<String, Moment>,
    /// What an object has come to hold after it was created, by [`crate::renewed_claims`]; what is not
    /// here it has held since it was created.
    pub claims: HashMap<String, Vec<Claim>>,
}

/// An interval, `[start, end)`, that an object has held since some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Inclusive.
    pub start: Moment,
    /// Exclusive.
    pub end: Moment,
    /// Since when it has been held without a break.
    pub since: Moment,
}

impl Memory {
    /// What is remembered of the object of a UID. Objects without UID share none, so of them nothing
    /// is.
    pub(crate) fn of(&self, uid: &str) -> Remembered {
        let known = !uid.is_empty();
        let first_seen = self.first_seen.get(uid).copied().filter(|_| known);
        let mut claims = self.claims.get(uid).filter(|_| known).cloned().unwrap_or_default();
        claims.sort_unstable_by_key(|claim| claim.start);
        let latest_ends = claims
            .iter()
            .scan(Moment::MIN, |latest, claim| {
                *latest = claim.end.max(*latest);
                Some(*latest)
            })
            .collect();
        Remembered { first_seen, claims, latest_ends }
    }
}

/// What is remembered of one object.
pub(crate) struct Remembered {
    pub first_seen: Option<Moment>,
    /// Ascending by start.
    claims: Vec<Claim>,
    /// For each claim, the latest end up to it.
    latest_ends: Vec<Moment>,
}

impl Remembered {
    /// Since when `[start, end)` has been held as a whole: a part that no claim covers has been held
    /// since the object was created, and the youngest part counts. `None` where no claim says
    /// anything about it.
    pub fn held_since(&self, start: Moment, end: Moment) -> Option<Moment> {
        let begun = self.claims.partition_point(|claim| claim.start < end);
        (0..begun)
            .rev()
            .take_while(|index| self.latest_ends[*index] > start)
            .map(|index| &self.claims[index])
            .filter(|claim| claim.end > start)
            .map(|claim| claim.since)
            .max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_compare_without_scheme_and_case() {
        assert_eq!(Address::new(" MailTo:Board@Example.ORG "), Address::new("board@example.org"));
        assert_ne!(Address::new("é:mailto"), Address::new("mailto"));
    }

    #[test]
    fn an_interval_is_held_since_its_youngest_part() {
        let claim = |start, end, since| Claim {
            start: Moment(start),
            end: Moment(end),
            since: Moment(since),
        };
        let mut memory = Memory::default();
        memory
            .claims
            .insert("a".to_owned(), vec![claim(10, 20, 1), claim(20, 30, 5), claim(40, 50, 2)]);
        let held = |start, end| memory.of("a").held_since(Moment(start), Moment(end));
        assert_eq!(held(10, 20), Some(Moment(1)));
        assert_eq!(held(12, 28), Some(Moment(5)));
        assert_eq!(held(10, 30), Some(Moment(5)));
        assert_eq!(held(40, 51), Some(Moment(2)), "the rest is as old as the object");
        assert_eq!(held(30, 40), None);
        assert_eq!(memory.of("b").held_since(Moment(0), Moment(1)), None);
    }
}
