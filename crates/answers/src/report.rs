//! What a run of clearing did or would do: the answer of `DELETE /api/clear-bookings` (section 2 of
//! the contract), which the API, `clear`, `check --json` and the site all print.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use clearing::{Because, How, Plan, Reason, Slot};
use facts::{Event, KeptConflict, Loss, Ordered, Removal, RemovalKind, ShownBecause};
use hashbrown::HashMap;
use ical::Occurrence;
use serde::Serialize;
use wording::Message;

use crate::contents::{Contents, EventView};
use crate::entry_key::{EntryKey, Named};
use crate::reader::Reader;
use crate::warnings::{self, Warning};

/// What a run did or would do, list by list. Events are of type `E`: borrowed from calendars, so that
/// an answer of a hundred thousand is written without being held, or owned.
#[derive(Clone, Debug, Serialize)]
pub struct Report<E> {
    /// Rule 2: cancelled objects that were deleted.
    pub deleted_cancelled_events: Vec<Entry<E>>,
    /// Rule 6: overlapping events that were deleted.
    pub deleted_overlapping_events: Vec<Entry<E>>,
    /// Rule 6: overlapping occurrences of series that were cancelled.
    pub cancelled_overlapping_recurring_events: Vec<Entry<E>>,
    /// Rule 7: overlapping events that were kept.
    pub ignored_overlapping_events: Vec<Entry<E>>,
    /// Rule 7: cancelled objects that could not be deleted.
    pub ignored_cancelled_events: Vec<Entry<E>>,
    /// Calendars of which nothing could be done.
    pub failed_calendars: Vec<FailedCalendar>,
    /// Objects that cannot be read, and were kept.
    pub unreadable_objects: Vec<UnreadableObject>,
    /// What was read, but perhaps not as its writer meant it.
    pub warnings: Vec<Warning>,
    /// Section 7: invitations that the room accepted, without what was removed of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted_invitations: Vec<Accepted<E>>,
    /// Whether nothing was changed.
    pub test_mode: bool,
    /// Where only chosen entries are done: the other decisions of the run.
    #[serde(skip)]
    pub not_chosen: Vec<Entry<E>>,
    /// Of how many calendars it speaks.
    #[serde(skip)]
    pub calendars: usize,
}

/// One line of a list: what happened to which event, and beside which other.
#[derive(Clone, Debug, Serialize)]
pub struct Entry<E> {
    /// The event.
    pub event: E,
    /// The strongest staying event that it overlaps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlaps_with: Option<E>,
    /// Why that one is the stronger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<ShownBecause>,
    /// The calendar's name.
    pub calendar: Arc<str>,
    /// Rule 7: why it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "reason_text")]
    pub reason: Option<Reason>,
    /// The server's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Message>,
    /// What names the entry in a later call.
    #[serde(serialize_with = "key_text")]
    pub key: EntryKey,
}

/// An invitation that the room accepted.
#[derive(Clone, Debug, Serialize)]
pub struct Accepted<E> {
    /// Its first date that waited for an answer and was kept.
    pub event: E,
    /// The calendar's name.
    pub calendar: Arc<str>,
    /// How many of its dates were removed by the same run.
    pub removed_dates: usize,
}

fn key_text<S: serde::Serializer>(key: &EntryKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&key.text())
}

fn reason_text<S: serde::Serializer>(
    reason: &Option<Reason>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    reason.map(Reason::as_str).serialize(serializer)
}

/// A calendar of which nothing could be done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FailedCalendar {
    /// Its name.
    pub calendar: Arc<str>,
    /// Why.
    pub error: Message,
}

/// An object that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnreadableObject {
    /// The calendar's name.
    pub calendar: Arc<str>,
    /// Its UID, or where it lies.
    pub object: String,
    /// Why.
    pub error: Message,
    /// Why, without what stands in it.
    #[serde(skip)]
    pub without_value: Message,
    /// Whether it is PRIVATE or CONFIDENTIAL.
    #[serde(skip)]
    pub is_private: bool,
}

impl Entry<Event> {
    /// What is said of a removal, or of what was kept for a `reason`.
    fn of(
        slug: &Arc<str>,
        removal: &Removal,
        reason: Option<Reason>,
        detail: Option<Message>,
    ) -> Entry<Event> {
        Entry {
            event: removal.event.clone(),
            overlaps_with: removal.winner().cloned(),
            because: removal
                .because
                .map(|because| ShownBecause { because, zone: removal.event.zone.clone() }),
            calendar: Arc::clone(slug),
            reason,
            detail,
            key: EntryKey::of(slug, removal),
        }
    }
}

impl<E> Report<E> {
    /// A report with nothing in it.
    pub fn new(test_mode: bool) -> Report<E> {
        Report {
            deleted_cancelled_events: Vec::new(),
            deleted_overlapping_events: Vec::new(),
            cancelled_overlapping_recurring_events: Vec::new(),
            ignored_overlapping_events: Vec::new(),
            ignored_cancelled_events: Vec::new(),
            failed_calendars: Vec::new(),
            unreadable_objects: Vec::new(),
            warnings: Vec::new(),
            accepted_invitations: Vec::new(),
            test_mode,
            not_chosen: Vec::new(),
            calendars: 0,
        }
    }

    /// All lists of events.
    pub fn lists(&self) -> [&Vec<Entry<E>>; 5] {
        [
            &self.deleted_cancelled_events,
            &self.deleted_overlapping_events,
            &self.cancelled_overlapping_recurring_events,
            &self.ignored_overlapping_events,
            &self.ignored_cancelled_events,
        ]
    }

    /// All lists of events, to be changed.
    pub fn lists_mut(&mut self) -> [&mut Vec<Entry<E>>; 5] {
        [
            &mut self.deleted_cancelled_events,
            &mut self.deleted_overlapping_events,
            &mut self.cancelled_overlapping_recurring_events,
            &mut self.ignored_overlapping_events,
            &mut self.ignored_cancelled_events,
        ]
    }

    /// Whether there were calendars, and nothing could be done of any.
    pub fn all_failed(&self) -> bool {
        !self.failed_calendars.is_empty() && self.calendars == self.failed_calendars.len()
    }

    /// Adds what another run says.
    pub fn append(&mut self, other: Report<E>) {
        self.deleted_cancelled_events.extend(other.deleted_cancelled_events);
        self.deleted_overlapping_events.extend(other.deleted_overlapping_events);
        self.cancelled_overlapping_recurring_events
            .extend(other.cancelled_overlapping_recurring_events);
        self.ignored_overlapping_events.extend(other.ignored_overlapping_events);
        self.ignored_cancelled_events.extend(other.ignored_cancelled_events);
        self.failed_calendars.extend(other.failed_calendars);
        self.unreadable_objects.extend(other.unreadable_objects);
        self.warnings.extend(other.warnings);
        self.accepted_invitations.extend(other.accepted_invitations);
        self.not_chosen.extend(other.not_chosen);
        self.calendars += other.calendars;
    }
}

impl Report<Event> {
    /// Adds what a change took out of a calendar.
    pub fn add_loss(&mut self, slug: &Arc<str>, loss: &Loss) {
        for removal in &loss.removals {
            let list = match removal.kind {
                RemovalKind::DeletedCancelled => &mut self.deleted_cancelled_events,
                RemovalKind::CancelledOverlapping => {
                    &mut self.cancelled_overlapping_recurring_events
                }
                _ => &mut self.deleted_overlapping_events,
            };
            list.push(Entry::of(slug, removal, None, None));
        }
    }

    /// Adds an invitation that was accepted, without some of its dates.
    pub fn add_accepted(&mut self, slug: &Arc<str>, accepted: &Removal, removed_dates: usize) {
        let (event, calendar) = (accepted.event.clone(), Arc::clone(slug));
        self.accepted_invitations.push(Accepted { event, calendar, removed_dates });
    }

    /// Adds a kept conflict.
    pub fn add_kept(&mut self, slug: &Arc<str>, it: &KeptConflict) {
        let list = match it.removal.kind {
            RemovalKind::DeletedCancelled => &mut self.ignored_cancelled_events,
            _ => &mut self.ignored_overlapping_events,
        };
        list.push(Entry::of(slug, &it.removal, Some(it.reason), it.detail.clone()));
    }

    /// Adds a decision that was not chosen.
    pub fn add_not_chosen(&mut self, slug: &Arc<str>, removal: &Removal) {
        self.not_chosen.push(Entry::of(slug, removal, None, None));
    }

    /// The report as a reader may see it.
    pub fn shown_to(mut self, reader: &Reader) -> Report<Event> {
        for entry in self.lists_mut().into_iter().flatten() {
            reader.hide(&mut entry.event);
            entry.overlaps_with.iter_mut().for_each(|event| reader.hide(event));
        }
        self.accepted_invitations.iter_mut().for_each(|it| reader.hide(&mut it.event));
        let may_see = |is_private| match is_private {
            true => reader.sees_everything(),
            false => reader.sees_names(),
        };
        let hidden = self.warnings.iter_mut().filter(|it| !may_see(it.is_private));
        hidden.for_each(Warning::hide);
        for it in self.unreadable_objects.iter_mut().filter(|it| !may_see(it.is_private)) {
            it.error = it.without_value.clone();
        }
        self
    }
}

impl<E: Ordered> Report<E> {
    /// Brings each list into the order of the contract: by calendar, then start, then UID; text by
    /// bytes.
    pub fn sort(&mut self) {
        for list in self.lists_mut() {
            list.sort_by(|one, other| {
                (&one.calendar, one.event.order()).cmp(&(&other.calendar, other.event.order()))
            });
        }
        self.accepted_invitations.sort_by(|one, other| {
            (&one.calendar, one.event.order()).cmp(&(&other.calendar, other.event.order()))
        });
        self.failed_calendars.sort();
        self.unreadable_objects.sort();
        self.warnings.sort();
    }
}

/// A room's calendar with its plan.
pub struct Planned<'a> {
    /// The room.
    pub room: Contents<'a>,
    /// What a clear would do.
    pub plan: Plan,
    /// What there is to say about the file as a whole.
    pub of_file: Vec<ical::Warning>,
}

impl Planned<'_> {
    /// All warnings in words, in the order of answers.
    pub fn warnings(&self) -> Vec<Warning> {
        warnings::in_words(&self.room, &self.plan.warnings, &self.of_file)
    }
}

/// Makes the keys of entries about the objects of a file, which have no versions: their texts stand for
/// them.
struct FileKeys<'k, 'r, 'a> {
    room: &'r Contents<'a>,
    slug: &'k str,
    /// The hashes of texts, by object. Nobody acts on the keys of a file, so they need not withstand attacks.
    hashes: HashMap<usize, u64>,
}

impl<'r, 'a> FileKeys<'_, 'r, 'a> {
    fn key(
        &mut self,
        event: &EventView<'r, 'a>,
        winner: Option<&EventView<'r, 'a>>,
        reason: Option<Reason>,
    ) -> EntryKey {
        let mut hasher = DefaultHasher::new();
        for it in std::iter::once(event).chain(winner) {
            let Occurrence { start, end, original, .. } = it.occurrence;
            (self.hash(it.object), start.0, end.0, original.0).hash(&mut hasher);
        }
        reason.map(Reason::as_str).hash(&mut hasher);
        let hash = format!("{:016x}", hasher.finish());
        let named = |it: &EventView<'_, '_>| {
            let Occurrence { start, end, original, .. } = it.occurrence;
            Named::of(&self.room.calendar.objects()[it.object].uid(), original, start, end)
        };
        let winner = winner.map(named);
        EntryKey::new(self.slug, &hash, winner.is_none(), named(event), winner)
    }

    fn hash(&mut self, object: usize) -> u64 {
        let calendar = &self.room.calendar;
        *self.hashes.entry(object).or_insert_with(|| {
            let mut hasher = DefaultHasher::new();
            for component in calendar.objects()[object].components() {
                hasher.write(calendar.event(component).text());
            }
            hasher.finish()
        })
    }
}

impl<'r, 'a> Report<EventView<'r, 'a>> {
    /// What a clear of these calendars would do.
    pub fn of_plans(calendars: &'r [Planned<'a>]) -> Report<EventView<'r, 'a>> {
        let mut report = Report::new(true);
        for planned in calendars {
            let Planned { room, plan, .. } = planned;
            let calendar: Arc<str> = room.name.as_str().into();
            let places = room.places(plan.unreadable.iter().map(|it| it.object));
            report.add_plan(room, &calendar, plan, places);
            report.warnings.extend(planned.warnings());
        }
        report.sort();
        report
    }

    fn add_plan(
        &mut self,
        room: &'r Contents<'a>,
        calendar: &Arc<str>,
        plan: &Plan,
        places: Vec<String>,
    ) {
        let view = |object, occurrence| EventView { room, object, occurrence };
        let of_slot = |slot: &Slot| view(slot.object, slot.occurrence);
        let zone = room.zones.calendar_zone();
        let mut keys = FileKeys { room, slug: calendar, hashes: HashMap::new() };
        type Other<'r, 'a> = Option<EventView<'r, 'a>>;
        let mut entry = |event: EventView<'r, 'a>,
                         overlaps_with: Other<'r, 'a>,
                         because: Option<Because>,
                         reason| Entry {
            key: keys.key(&event, overlaps_with.as_ref(), reason),
            event,
            overlaps_with,
            because: because.map(|because| ShownBecause { because, zone: zone.clone() }),
            calendar: Arc::clone(calendar),
            reason,
            detail: None,
        };
        let leftovers = plan.leftovers.iter();
        self.deleted_cancelled_events
            .extend(leftovers.map(|it| entry(view(it.object, it.occurrence), None, None, None)));
        for removal in &plan.removals {
            let list = match removal.how {
                How::Delete => &mut self.deleted_overlapping_events,
                How::CancelOccurrence => &mut self.cancelled_overlapping_recurring_events,
            };
            let winner = Some(of_slot(&removal.winner));
            list.push(entry(of_slot(&removal.loser), winner, removal.because, None));
        }
        self.ignored_overlapping_events.extend(plan.ignored.iter().map(|it| {
            let (winner, reason) = (Some(of_slot(&it.winner)), Some(it.reason));
            entry(of_slot(&it.weaker), winner, it.because, reason)
        }));
        let unreadable = places.into_iter().zip(&plan.unreadable);
        self.unreadable_objects.extend(unreadable.map(|(object, it)| UnreadableObject {
            calendar: Arc::clone(calendar),
            object,
            error: wording::unreadable(&it.error),
            without_value: wording::unreadable_without_value(&it.error),
            is_private: room.is_private(it.object),
        }));
    }
}
