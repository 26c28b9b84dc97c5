//! What the claims of a calendar are kept with (rule 4): its policy, the keys of its objects, and what these hold.

use std::collections::{HashMap, HashSet};

use clearing::{Held, Policy};
use ical::{Calendar as Objects, Moment, Zones};
use store::calendars::Calendar;
use store::objects::Resource;
use store::uid_metadata::{self, LastText};
use store::{Access, Transaction};

use crate::Result;
use crate::room::claim_key::ClaimKeys;
use crate::room::snapshot::zones_of;

/// What the program makes of objects that it sees or writes, in one calendar.
pub(crate) struct ClaimKeeper<'k> {
    pub(super) transaction: &'k Transaction,
    pub(super) calendar: &'k Calendar,
    pub(super) policy: Policy,
    pub(super) keys: ClaimKeys<'k>,
}

/// An object with the text by which it holds its time.
pub(super) struct Holding {
    pub href: String,
    /// The keys under which its claims may be.
    pub keys: Vec<String>,
    pub text: Vec<u8>,
}

impl<'k> ClaimKeeper<'k> {
    pub fn new(transaction: &'k Transaction, calendar: &'k Calendar) -> ClaimKeeper<'k> {
        let policy = calendar.plain_policy();
        let keys = ClaimKeys { transaction, calendar: calendar.id, leaving: HashSet::new() };
        ClaimKeeper { transaction, calendar, policy, keys }
    }

    /// The same; what lies at these places in the mirror is on its way out.
    pub fn leaving(mut self, leaving: &HashSet<String>) -> ClaimKeeper<'k> {
        self.keys.leaving.clone_from(leaving);
        self
    }
}

impl ClaimKeeper<'_> {
    /// What the objects of a text hold.
    pub(super) fn intervals(&self, text: &[u8], now: Moment) -> Vec<(Moment, Moment)> {
        let Ok(parsed) = Objects::parse(text) else { return Vec::new() };
        let held = parsed.objects().iter().flat_map(|object| {
            let it = Held { calendar: &parsed, object };
            clearing::held_intervals(it, now, &mut self.zones(), &self.policy)
        });
        held.collect()
    }

    /// The texts by which objects of the mirror hold their time. Of one that cannot be read at present, or is not
    /// given, that is the last one that could be read, as for its claims.
    pub(super) async fn holding(&self, there: Vec<Resource>, now: Moment) -> Result<Vec<Holding>> {
        let hrefs: Vec<String> = there.iter().map(|it| it.href.clone()).collect();
        let last = uid_metadata::last_texts_at(self.transaction, self.calendar.id, &hrefs).await?;
        let mut last_at: HashMap<String, Vec<Holding>> = HashMap::new();
        for LastText { uid, href, text } in last {
            let holding = Holding { href: href.clone(), keys: vec![uid], text };
            last_at.entry(href).or_default().push(holding);
        }
        let mut holding = Vec::with_capacity(there.len());
        for Resource { uid, href, text, .. } in there {
            match last_at.remove(&href) {
                Some(last) if !self.can_be_read(&text, now) => holding.extend(last),
                _ => {
                    let of_place = uid_metadata::key_of_place(&uid, &href);
                    let keys = vec![of_place, uid_metadata::key_of(&uid, &text).into_owned()];
                    holding.push(Holding { href, keys, text });
                }
            }
        }
        Ok(holding)
    }

    fn can_be_read(&self, text: &[u8], now: Moment) -> bool {
        let Ok(parsed) = Objects::parse(text) else { return false };
        let zones = &mut self.zones();
        let mut objects = parsed.objects().iter().map(|object| Held { calendar: &parsed, object });
        !parsed.objects().is_empty()
            && objects.all(|it| clearing::can_be_read(it, now, zones, &self.policy))
    }

    pub(super) async fn author(&self, uid: &str) -> Result<Option<String>> {
        let known = uid_metadata::of_uid(self.transaction, self.calendar.id, uid).await?;
        Ok(known.authors.get(uid).cloned())
    }

    pub(super) fn zones(&self) -> Zones {
        zones_of(self.calendar)
    }
}

/// When the first request of the last look at a calendar on a server began, and its number; the beginning
/// of time and 0 before the first has ended.
pub(crate) async fn last_look(access: &impl Access, calendar: &Calendar) -> Result<(Moment, i64)> {
    let state = store::mirror::state(access, calendar.id).await?.unwrap_or_default();
    Ok((state.listed_at.map_or(Moment::MIN, Moment), state.looks))
}
