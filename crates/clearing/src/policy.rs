//! The policy that an administrator sets for a calendar, and the program's memory of its objects.

use hashbrown::{HashMap, HashSet};
use ical::Moment;

use crate::address::Address;
use crate::held::Claims;
use crate::priority::{Priorities, Ties};
use crate::warned::Pending;

/// The settings of one calendar (section 3 of the contract).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How far ahead the rules look, in days of 24 hours from `now` on.
    pub horizon_days: u32,
    /// Longest overlap at an edge that is tolerated, in minutes.
    pub tolerance_minutes: u32,
    /// The number of objects of which overlaps may be removed in 24 hours; `None` for no limit, or
    /// for a run that an administrator confirmed.
    pub limit: Option<usize>,
    /// Whether free events (TRANSP:TRANSPARENT) block like others.
    pub free_blocks: bool,
    /// What makes an occurrence older than another.
    pub rank_by: RankBy,
    /// The room's own address: it may decline as an attendee, and does not count as an organizer.
    pub room_address: Option<Address>,
    /// Whether the room answers invitations (section 7).
    pub answers: bool,
    /// The priorities, except for tokens that are bound to events: [`Memory::bindings`].
    pub priorities: Priorities,
    /// UIDs whose events are never removed.
    pub protected: HashSet<String>,
    /// What becomes of a conflict.
    pub conflicts: ConflictHandling,
    /// How long before a removal its warning goes out, in hours.
    pub grace_hours: u32,
}

impl Policy {
    /// The default grace in hours.
    pub const DEFAULT_GRACE_HOURS: u32 = 24;
    /// The longest grace: four weeks.
    pub const MAX_GRACE_HOURS: u32 = 672;

    /// The default horizon in days.
    pub const DEFAULT_HORIZON_DAYS: u32 = 365;
    /// The longest horizon: a hundred years.
    pub const MAX_HORIZON_DAYS: u32 = 36_525;
}

impl Default for Policy {
    /// A horizon of 365 days, no tolerance, no limit, rank by held since, nothing prioritised.
    fn default() -> Policy {
        Policy {
            horizon_days: Policy::DEFAULT_HORIZON_DAYS,
            tolerance_minutes: 0,
            limit: None,
            free_blocks: false,
            rank_by: RankBy::HeldSince,
            room_address: None,
            answers: false,
            priorities: Priorities::default(),
            protected: HashSet::new(),
            conflicts: ConflictHandling::Remove,
            grace_hours: Policy::DEFAULT_GRACE_HOURS,
        }
    }
}

/// What becomes of the weaker of two occurrences that overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConflictHandling {
    /// It is removed at once.
    #[default]
    Remove,
    /// Both organizers are warned, and it is removed when the grace is over.
    Warn,
    /// It is reported and kept.
    Report,
}

/// What makes an occurrence older than another (rule 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RankBy {
    /// Since when its object holds the occurrence's interval, as far as the program witnessed it;
    /// then `created`.
    #[default]
    HeldSince,
    /// When its object was created, according to the object.
    Created,
}

/// The program's memory of a calendar's objects, by UID, and of recent removals.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// When the program first saw each object; an object that is missing here is seen now for the
    /// first time.
    pub first_seen: HashMap<String, Moment>,
    /// The claims of each object, by [`crate::first_claims`] and [`crate::renewed_claims`]; an
    /// object that is missing here counts as seen by a first look. Not used if `of_resources` is
    /// set.
    pub claims: HashMap<String, Claims>,
    /// The claims for each resource of a calendar that is looked at repeatedly, in the order of
    /// [`Calendar::parse_resources`](ical::Calendar::parse_resources). An object without stored
    /// claims (its text differs from the recorded one, or its resource holds several objects) is
    /// held since now; its own dates do not count, because every client can write them. `None` if
    /// nothing is stored between looks, as in `check`.
    pub of_resources: Option<Vec<Option<Claims>>>,
    /// The intervals in which an object is prioritised by a token.
    pub bindings: HashMap<String, Vec<Binding>>,
    /// The objects that hold a used-up token, and its label.
    pub used_up: HashMap<String, String>,
    /// The objects that lost something to an overlap in the 24 hours before the run.
    pub removed: HashSet<String>,
    /// Those of them that lost it in a run that had reached the safety limit.
    pub removed_at_limit: HashSet<String>,
    /// Whether a request for a confirmation is open.
    pub is_limit_open: bool,
    /// The UIDs that the open request is about; `None` if unknown: it then counts as being about
    /// any.
    pub limit_open_for: Option<HashSet<String>>,
    /// The pending removals: warnings that are out.
    pub pending: Vec<Pending>,
    /// The occurrences, by resource and original start, that the run at work removes from invitations of which it has
    /// just accepted the rest: they count as not accepted.
    pub half_answered: HashSet<(usize, Moment)>,
    /// The present of a clock that is not ahead, by which a pending removal becomes due; `None` for that of the run.
    pub settled: Option<Moment>,
}

impl Memory {
    /// When the object of a UID was first seen. Objects without UID are not remembered.
    pub(crate) fn first_seen(&self, uid: &str) -> Option<Moment> {
        self.first_seen.get(uid).copied().filter(|_| !uid.is_empty())
    }

    /// The claims of the only object of a resource, or of the object of a UID.
    pub(crate) fn claims(&self, resource: Option<usize>, uid: &str) -> Option<&Claims> {
        match &self.of_resources {
            Some(all) => all.get(resource?)?.as_ref(),
            None => self.claims.get(uid).filter(|_| !uid.is_empty()),
        }
    }

    /// How the object of a UID is prioritised in `[start, end)` by tokens.
    pub(crate) fn bound(&self, uid: &str, start: Moment, end: Moment) -> Option<Ties> {
        let bindings = self.bindings.get(uid).filter(|_| !uid.is_empty())?;
        let holds =
            |it: &&Binding| it.intervals.iter().any(|(from, to)| *from <= start && end <= *to);
        bindings.iter().filter(holds).map(|it| it.ties).max()
    }
}

/// What a token prioritises: an object, in the intervals that it held when the token was first seen
/// in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The intervals, by [`crate::held_intervals`].
    pub intervals: Vec<(Moment, Moment)>,
    /// What applies if it meets another prioritised one.
    pub ties: Ties,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held::{HeldSince, Source};

    #[test]
    fn addresses_compare_without_scheme_and_case() {
        assert_eq!(Address::new(" MailTo:Board@Example.ORG "), Address::new("board@example.org"));
        assert_ne!(Address::new("é:mailto"), Address::new("mailto"));
    }

    #[test]
    fn a_token_holds_in_the_intervals_that_it_was_bound_to_only() {
        let mut memory = Memory::default();
        let binding = |start, end, ties| Binding {
            intervals: vec![(Moment(start), Moment(end)), (Moment(90), Moment(95))],
            ties,
        };
        memory
            .bindings
            .insert("a".to_owned(), vec![binding(10, 20, Ties::Rank), binding(15, 30, Ties::Keep)]);
        memory.bindings.insert(String::new(), vec![binding(10, 20, Ties::Keep)]);
        let bound = |uid, start, end| memory.bound(uid, Moment(start), Moment(end));
        assert_eq!(bound("a", 10, 20), Some(Ties::Rank));
        assert_eq!(bound("a", 12, 14), Some(Ties::Rank), "it was made shorter");
        assert_eq!(bound("a", 15, 20), Some(Ties::Keep), "one of the entries says so");
        assert_eq!(bound("a", 90, 95), Some(Ties::Rank.max(Ties::Keep)));
        assert_eq!(bound("a", 9, 20), None);
        assert_eq!(bound("a", 10, 21), None);
        assert_eq!(bound("a", 25, 31), None);
        assert_eq!(bound("b", 10, 20), None);
        assert_eq!(bound("", 10, 20), None);
    }

    #[test]
    fn of_objects_without_uid_nothing_is_remembered() {
        let mut memory = Memory::default();
        memory.first_seen.insert(String::new(), Moment(1));
        memory.first_seen.insert("a".to_owned(), Moment(2));
        let base = HeldSince { since: Moment(1), unseen_look: 0, source: Source::Look };
        memory.claims.insert(String::new(), Claims::since(base));
        memory.claims.insert("a".to_owned(), Claims::since(base));
        assert_eq!((memory.first_seen(""), memory.first_seen("a")), (None, Some(Moment(2))));
        assert!(memory.claims(Some(0), "").is_none() && memory.claims(Some(0), "a").is_some());
        assert!(memory.claims(Some(0), "b").is_none());
    }

    #[test]
    fn where_claims_are_kept_by_resource_no_uid_gets_at_those_of_another() {
        let base = HeldSince { since: Moment(1), unseen_look: 0, source: Source::Look };
        let claims = Claims::since(base);
        let memory = Memory {
            claims: HashMap::from([("a".to_owned(), claims.clone())]),
            of_resources: Some(vec![None, Some(claims)]),
            ..Memory::default()
        };
        assert!(memory.claims(Some(0), "a").is_none());
        assert!(memory.claims(Some(1), "a").is_some());
        assert!(memory.claims(Some(2), "a").is_none());
        assert!(memory.claims(None, "a").is_none(), "it is not alone in its resource");
    }
}
