//! What a clear does to one calendar, worked out without touching it: the plan, the texts that its
//! changes would write, and what is to be said about each.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use clearing::{Advantage, How, Plan, Slot, plan};
use ical::{Calendar as Objects, Moment, Occurrence, Zones};
use store::history::Kind;

use crate::report::{Entry, Report, ShownEvent, UnreadableObject};
use crate::room::{EventView, Room};
use crate::snapshot::{Snapshot, without};

/// What a clear of one calendar comes to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Object by object what changes.
    pub changes: Vec<ChangeOfOne>,
    /// Conflicts that are left alone.
    pub ignored: Vec<LeftAlone>,
    /// What a report says, as if all changes were made.
    pub report: Report<ShownEvent>,
    /// How many objects would lose an overlap, if those are more than the safety limit.
    pub beyond_limit: Option<usize>,
}

/// What changes in one object.
#[derive(Debug)]
pub(crate) struct ChangeOfOne {
    /// Index of its resource in the snapshot.
    pub resource: usize,
    /// Its UID.
    pub uid: String,
    /// Whether it is a series.
    pub is_recurring: bool,
    /// The text that is to be written; `None` to delete the resource.
    pub text: Option<Vec<u8>>,
    /// What goes by it.
    pub removals: Vec<RemovalOfOne>,
}

/// An occurrence that goes.
#[derive(Clone, Debug)]
pub(crate) struct RemovalOfOne {
    /// How it goes.
    pub kind: Kind,
    /// What goes.
    pub event: ShownEvent,
    /// By what the first of `beside` is stronger; `None` where it is cancelled and nobody is.
    pub won_by: Option<Advantage>,
    /// Whether an administrator prioritised it.
    pub is_prioritized: bool,
    /// Whether it lost to a prioritised event although it was created earlier.
    pub is_deprioritized: bool,
    /// The staying events that it overlaps, strongest first.
    pub beside: Vec<Beside>,
}

/// A conflict that is left alone.
#[derive(Clone, Debug)]
pub(crate) struct LeftAlone {
    /// The weaker.
    pub removal: RemovalOfOne,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// Why.
    pub reason: &'static str,
}

/// A staying event beside one that goes.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    /// The event.
    pub event: ShownEvent,
    /// Index of its resource in the snapshot.
    pub resource: usize,
    /// Whether an administrator prioritised it.
    pub is_prioritized: bool,
    /// Whether others may not read its name (CLASS, RFC 5545 section 3.8.1.3).
    pub is_private: bool,
}

/// Staying events beside one that goes, of which the history and the mail speak.
const MAX_BESIDE: usize = 20;

impl Outcome {
    /// Works out what a clear at `now` does to a calendar.
    pub fn of(snapshot: &Snapshot, now: Moment) -> Outcome {
        let room = snapshot.room();
        let mut zones = Zones::new(snapshot.zone.clone());
        let plan = plan(&room.calendar, &mut zones, &snapshot.policy, &snapshot.memory, now);
        Working { snapshot, room: &room, plan: &plan, now }.outcome()
    }
}

struct Working<'w, 'a> {
    snapshot: &'w Snapshot,
    room: &'w Room<'a>,
    plan: &'w Plan,
    now: Moment,
}

impl Working<'_, '_> {
    fn outcome(&self) -> Outcome {
        let slug: Arc<str> = self.snapshot.calendar.slug.as_str().into();
        let mut report = Report::new(false);
        let mut changes = Vec::new();
        let mut refused = Vec::new();
        for (object, mut removals) in self.by_object() {
            if let Some(only) = &self.snapshot.only {
                removals.retain(|it| only.contains(&self.line_key(object, it)));
                if removals.is_empty() {
                    continue;
                }
            }
            match self.text_without(object, &removals) {
                Ok(text) => changes.push(ChangeOfOne {
                    resource: self.room.calendar.objects()[object].resource(),
                    uid: self.uid(object),
                    is_recurring: self.is_recurring(object),
                    text,
                    removals,
                }),
                Err(detail) => {
                    refused.extend(removals.into_iter().map(|it| (it, detail.clone())));
                }
            }
        }
        let entry = |removal: &RemovalOfOne, reason, detail| Entry {
            event: removal.event.clone(),
            overlaps_with: removal.beside.first().map(|it| it.event.clone()),
            calendar: Arc::clone(&slug),
            reason,
            detail,
        };
        for change in &changes {
            for removal in &change.removals {
                let list = match removal.kind {
                    Kind::DeletedCancelled => &mut report.deleted_cancelled_events,
                    Kind::CancelledOverlapping => {
                        &mut report.cancelled_overlapping_recurring_events
                    }
                    _ => &mut report.deleted_overlapping_events,
                };
                list.push(entry(removal, None, None));
            }
        }
        for (removal, detail) in refused {
            let list = match removal.kind {
                Kind::DeletedCancelled => &mut report.ignored_cancelled_events,
                _ => &mut report.ignored_overlapping_events,
            };
            list.push(entry(&removal, Some("refused"), Some(detail)));
        }
        let ignored: Vec<_> = self.ignored().collect();
        report
            .ignored_overlapping_events
            .extend(ignored.iter().map(|it| entry(&it.removal, Some(it.reason), None)));
        report.unreadable_objects =
            self.plan.unreadable.iter().map(|it| self.unreadable(&slug, it)).collect();
        // Whole resources that are no calendar have no objects for the plan to find.
        let not_calendars = self.room.calendar.not_calendars().iter();
        report.unreadable_objects.extend(not_calendars.map(|resource| UnreadableObject {
            calendar: Arc::clone(&slug),
            object: self.snapshot.places[*resource as usize].href.clone(),
            error: ical::NotCalendar.to_string(),
        }));
        report.sort();
        Outcome { changes, ignored, report, beyond_limit: self.beyond_limit() }
    }

    /// What goes, object by object.
    fn by_object(&self) -> BTreeMap<usize, Vec<RemovalOfOne>> {
        let mut by_object: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for leftover in &self.plan.leftovers {
            let removal = RemovalOfOne {
                kind: Kind::DeletedCancelled,
                event: self.shown(leftover.object, leftover.occurrence),
                won_by: None,
                is_prioritized: false,
                is_deprioritized: false,
                beside: Vec::new(),
            };
            by_object.entry(leftover.object).or_default().push(removal);
        }
        for it in &self.plan.removals {
            let kind = match it.how {
                How::Delete => Kind::DeletedOverlapping,
                How::CancelOccurrence => Kind::CancelledOverlapping,
            };
            let removal = self.removal(kind, &it.loser, &it.winner);
            by_object.entry(it.loser.object).or_default().push(removal);
        }
        by_object
    }

    fn removal(&self, kind: Kind, loser: &Slot, winner: &Slot) -> RemovalOfOne {
        let mut beside: Vec<_> = self.plan.staying_beside(loser).take(MAX_BESIDE).collect();
        beside.retain(|it| *it != winner);
        beside.sort_by(|one, other| clearing::compare(&self.room.calendar, one, other).0);
        beside.insert(0, winner);
        beside.truncate(MAX_BESIDE);
        let was_first = loser.rank.created < winner.rank.created;
        RemovalOfOne {
            kind,
            event: self.shown(loser.object, loser.occurrence),
            won_by: Some(clearing::compare(&self.room.calendar, winner, loser).1),
            is_prioritized: loser.rank.prioritised,
            is_deprioritized: winner.rank.prioritised && !loser.rank.prioritised && was_first,
            beside: beside
                .into_iter()
                .map(|slot| {
                    let event = self.room.calendar.event(slot.occurrence.component as usize);
                    Beside {
                        event: self.shown(slot.object, slot.occurrence),
                        resource: self.room.calendar.objects()[slot.object].resource(),
                        is_prioritized: slot.rank.prioritised,
                        is_private: event.is_private(&self.room.calendar),
                    }
                })
                .collect(),
        }
    }

    fn ignored(&self) -> impl Iterator<Item = LeftAlone> {
        self.plan.ignored.iter().map(|it| LeftAlone {
            removal: self.removal(Kind::DeletedOverlapping, &it.weaker, &it.winner),
            is_recurring: self.is_recurring(it.weaker.object),
            reason: it.reason.as_str(),
        })
    }

    /// The text of an object's resource without what goes; `None` if nothing is left of it.
    fn text_without(
        &self,
        object: usize,
        removals: &[RemovalOfOne],
    ) -> Result<Option<Vec<u8>>, String> {
        let text = self.snapshot.text_of(self.room.calendar.objects()[object].resource());
        let originals: Vec<_> = removals.iter().map(|it| it.event.lies.original).collect();
        let is_cancelled = |it: &RemovalOfOne| it.kind == Kind::CancelledOverlapping;
        if removals.iter().all(is_cancelled) {
            return without(&self.snapshot.calendar, text, &originals, self.now);
        }
        match Objects::parse(text) {
            Ok(parsed) if parsed.objects().len() == 1 => Ok(None),
            _ => Err("other events stand in the same calendar object resource".to_owned()),
        }
    }

    /// Rule 7: how many objects would have lost something, if the limit keeps them.
    fn beyond_limit(&self) -> Option<usize> {
        let kept = self.plan.ignored.iter().filter(|it| it.reason == clearing::Reason::Limit);
        let objects: HashSet<_> = kept.map(|it| it.weaker.object).collect();
        (!objects.is_empty()).then_some(objects.len())
    }

    fn unreadable(&self, slug: &Arc<str>, it: &clearing::UnreadableObject) -> UnreadableObject {
        let object = &self.room.calendar.objects()[it.object];
        let place = match object.uid() {
            uid if uid.is_empty() => self.snapshot.places[object.resource()].href.clone(),
            _ => self.room.place(it.object, &mut self.room.calendar.line_numbers()),
        };
        UnreadableObject { calendar: Arc::clone(slug), object: place, error: it.error.to_string() }
    }

    /// What names a line of a preview: the versions of the objects that it is about, and which of their
    /// occurrences. A line of the same name is the same decision on the same texts.
    fn line_key(&self, object: usize, removal: &RemovalOfOne) -> String {
        line_key(self.snapshot, self.room.calendar.objects()[object].resource(), removal)
    }

    fn shown(&self, object: usize, occurrence: Occurrence) -> ShownEvent {
        EventView { room: self.room, object, occurrence }.into()
    }

    fn uid(&self, object: usize) -> String {
        self.room.calendar.objects()[object].uid().into_owned()
    }

    fn is_recurring(&self, object: usize) -> bool {
        ical::is_recurring(&self.room.calendar, &self.room.calendar.objects()[object])
    }
}

/// See [`Working::line_key`].
pub(crate) fn line_key(snapshot: &Snapshot, resource: usize, removal: &RemovalOfOne) -> String {
    let version = |resource: usize| {
        let place = &snapshot.places[resource];
        (place.href.clone(), place.etag.clone())
    };
    let winner = removal.beside.first();
    let winner = winner.map(|it| (version(it.resource), it.event.lies.start, it.event.lies.end));
    let lies = &removal.event.lies;
    let all = format!(
        "{:?}",
        (removal.kind, version(resource), lies.original, lies.start, lies.end, winner)
    );
    let hash = store::secrets::sha256(all.as_bytes());
    hash[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}
