//! Removes occurrences from an object; every other byte stays as it was.
//!
//! An instance is removed from a series by an EXDATE in the form and zone of its DTSTART, and no
//! override of it remains. An override that is cancelled instead would tell the organizer nothing,
//! or cancel the whole series for everybody, depending on whose copy it is: measured on Nextcloud
//! and sabre/dav.

mod accept;
mod change;
mod include;
mod lines;
mod search;
mod split;
mod times;

pub use accept::{accept, accept_unanswered, unanswer};
pub use include::{IncludeError, Included, include};

use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY, date_text, local_text};
use crate::event::Event;
use crate::expand::{Base, expand};
use crate::moment::{Moment, Window};
use crate::property::Property;
use crate::scan::{Calendar, Object};
use crate::series::{Master, Override, Series, When};
use crate::zones::{ZoneId, Zones};
pub use change::{Changes, change};
use lines::{Edits, form_of, stamp_text};
use search::Search;
pub use split::{Divided, change_from_first, end_before, next_part, split};
pub use times::times;

/// The author and the moment of a change.
#[derive(Clone, Copy, Debug)]
pub struct Editor<'e> {
    /// The moment of the change, for DTSTAMP and LAST-MODIFIED.
    pub now: Moment,
    /// The room's own address, in lower case. If it is the ORGANIZER, or there is none, the change
    /// is the owner's and raises SEQUENCE; otherwise it is an attendee's and does not (RFC 5546
    /// section 2.1.4).
    pub room_address: Option<&'e str>,
}

/// The result of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The text of the calendar with the object changed.
    Text(Vec<u8>),
    /// No instance that takes place would remain, past ones included: the object is to be deleted.
    NothingRemains,
}

/// Why an object cannot be edited. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The object cannot be read or expanded.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// One of the instances does not exist in the object, or is removed already.
    #[error("the event has no occurrence at {0:?}")]
    NoSuchInstance(Moment),
    /// The rule of the series does not produce that start.
    #[error("the rule of the series gives no occurrence at that start")]
    OffTheRule,
    /// A series cannot change between whole days and times.
    #[error("a series of whole days cannot become one of times, nor the other way round")]
    OtherKind,
    /// iCalendar has no way to write the change that leaves all other occurrences as they are.
    #[error("it cannot be written without changing other occurrences")]
    WouldChangeOthers,
}

/// Cancels the instances of `object` whose original starts (see [`crate::Occurrence::original`]) are
/// `instances`.
///
/// In an object that has an ORGANIZER, overrides that were cancelled before become EXDATEs in the
/// same edit, because servers with scheduling tell the organizer nothing while one of them remains.
/// An override with RANGE=THISANDFUTURE whose instance is removed is carried on to the next
/// instance that remains. An object without a master loses the overrides of these instances.
///
/// The result is the whole text of the calendar. Use it on a calendar that was parsed from the
/// object's resource alone ([`Calendar::parse`]), not on one of many resources
/// ([`Calendar::parse_resources`]): there the edit of one would be the text of all of them.
///
/// # Errors
///
/// [`EditError::NoSuchInstance`] for an instance that the object does not have;
/// [`EditError::Unreadable`] where it cannot be read or is out of bounds;
/// [`EditError::WouldChangeOthers`] where the result, read again, is not the old recurrence set less
/// exactly these instances.
pub fn cancel(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    instances: &[Moment],
    editor: &Editor<'_>,
) -> Result<Edited, EditError> {
    let mut budget = Budget::new();
    let series = Series::read(calendar, object, zones, &mut budget)?;
    let mut going = instances.to_vec();
    going.sort_unstable();
    going.dedup();
    let is_owners = is_owners(calendar, object, editor);
    let edit = Edit { calendar, object, series: &series, zones, going, now: editor.now, is_owners };
    let edited = match &series.master {
        Some(master) => edit.of_series(master, &mut budget)?,
        None => edit.of_overrides()?,
    };
    if let Edited::Text(text) = &edited {
        let going = edit.going;
        verify(calendar, object, zones, &going, text)?;
    }
    Ok(edited)
}

struct Edit<'e, 'a> {
    calendar: &'e Calendar<'a>,
    object: &'e Object<'a>,
    series: &'e Series,
    zones: &'e Zones,
    /// Ascending, each once.
    going: Vec<Moment>,
    now: Moment,
    /// Whether the change raises SEQUENCE.
    is_owners: bool,
}

impl<'e, 'a> Edit<'e, 'a> {
    fn event(&self, component: u32) -> Event<'e, 'a> {
        self.calendar.event(component as usize)
    }

    /// Removes the components of these instances from an object that has no master.
    fn of_overrides(&self) -> Result<Edited, EditError> {
        for instance in &self.going {
            let overrides = &self.series.overrides;
            if overrides.binary_search_by_key(instance, |it| it.instance).is_err() {
                return Err(EditError::NoSuchInstance(*instance));
            }
        }
        let is_going = |instance: &Moment| self.going.binary_search(instance).is_ok();
        let lives =
            |it: &Override| !is_going(&it.instance) && !self.event(it.component).is_cancelled();
        if !self.series.overrides.iter().any(lives) {
            return Ok(Edited::NothingRemains);
        }
        let mut edits = Edits::new(self.calendar);
        for (component, instance) in &self.series.all_overrides {
            if is_going(instance) {
                edits.remove(self.event(*component).component.bytes.clone());
            }
        }
        Ok(Edited::Text(edits.apply()))
    }

    fn of_series(&self, master: &Master, budget: &mut Budget) -> Result<Edited, EditError> {
        let search = Search { series: self.series, master, zones: self.zones };
        let mut excluded = search.instances(&self.going, budget)?;
        // Older cancelled overrides are removed in the same edit.
        if self.calendar.events_of(self.object).any(|event| event.has_organizer()) {
            for it in self.series.overrides.iter().filter(|it| !it.is_following) {
                let is_new = self.going.binary_search(&it.instance).is_err();
                if is_new && self.event(it.component).is_cancelled() {
                    excluded.push((it.instance, it.instance_civil));
                }
            }
        }
        excluded.sort_unstable();
        let is_excluded = |instance: &Moment| {
            excluded.binary_search_by_key(instance, |(moment, _)| *moment).is_ok()
        };
        if !self.something_remains(&search, &is_excluded, budget)? {
            return Ok(Edited::NothingRemains);
        }

        let mut edits = Edits::new(self.calendar);
        for (component, instance) in &self.series.all_overrides {
            let event = self.event(*component);
            let following = &self.series.following;
            let at = following
                .binary_search_by_key(instance, |it| it.instance)
                .ok()
                .filter(|at| following[*at].component == *component);
            match at {
                Some(at) if self.going.binary_search(instance).is_ok() => {
                    match self.next_of(at, &search, &is_excluded, budget)? {
                        Some(next) => {
                            self.carry_on(&event, &following[at], &search, &next, &mut edits);
                        }
                        None => edits.remove(event.component.bytes.clone()),
                    }
                }
                None if is_excluded(instance) => edits.remove(event.component.bytes.clone()),
                _ => {}
            }
        }
        let event = self.event(master.component);
        let dates: Vec<_> = excluded
            .iter()
            .filter(|(moment, _)| master.excluded.binary_search(moment).is_err())
            .copied()
            .collect();
        edits.exclude(&event, &self.exdate_lines(master, &event, &dates));
        self.stamp(&event, &mut edits);
        Ok(Edited::Text(edits.apply()))
    }

    /// Whether an instance that takes place remains after the exclusion.
    fn something_remains(
        &self,
        search: &Search<'_>,
        is_excluded: &dyn Fn(&Moment) -> bool,
        budget: &mut Budget,
    ) -> Result<bool, Unreadable> {
        for it in &self.series.overrides {
            let lives = !is_excluded(&it.instance) && !self.event(it.component).is_cancelled();
            if lives && !self.series.is_excluded(it, self.zones, budget)? {
                return Ok(true);
            }
        }
        // From the last THISANDFUTURE on, all instances have its properties.
        let last = self.series.following.last();
        let speaker = last.map_or(search.master.component, |it| it.component);
        let end = match last {
            // A clock change may reverse the order of instances, so look a day further.
            Some(last) if self.event(speaker).is_cancelled() => last.instance_civil.plus(DAY),
            None if self.event(speaker).is_cancelled() => return Ok(false),
            _ => Civil(i64::MAX),
        };
        let first = search.first_instance(end, budget, &mut |base| {
            let occurrence = self.series.occurrence(search.master, self.zones, base);
            !is_excluded(&base.moment) && !self.event(occurrence.component).is_cancelled()
        });
        match first {
            Ok(first) => Ok(first.is_some()),
            // A rule without an instance for that long keeps its EXDATEs instead of being deleted.
            Err(Unreadable::TooManySteps | Unreadable::CalendarTooManySteps) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The instance that a THISANDFUTURE override is carried on to: the next one that remains, has no
    /// override of its own, and comes before the next THISANDFUTURE.
    fn next_of(
        &self,
        at: usize,
        search: &Search<'_>,
        is_excluded: &dyn Fn(&Moment) -> bool,
        budget: &mut Budget,
    ) -> Result<Option<Base>, Unreadable> {
        let this = &self.series.following[at];
        let after = self.series.following.get(at + 1);
        let is_next = |moment: Moment| {
            moment > this.instance && after.is_none_or(|after| moment < after.instance)
        };
        search.first_instance_from(
            this.instance_civil,
            after.map_or(Civil(i64::MAX), |after| after.instance_civil.plus(DAY)),
            budget,
            &mut |base| is_next(base.moment) && !is_excluded(&base.moment),
        )
    }

    /// Rewrites a THISANDFUTURE override so that it overrides `next` as it did before.
    fn carry_on(
        &self,
        event: &Event<'e, 'a>,
        following: &Override,
        search: &Search<'_>,
        next: &Base,
        edits: &mut Edits<'e>,
    ) {
        let occurrence = self.series.occurrence(search.master, self.zones, next);
        let clock = search.master.start.zone;
        // The times are written on the clock of the series, as the rule has them: a clock change
        // may skip one of them, and its moment would be shown as another time.
        let text = |form: &When, civil: Civil, moment: Moment| {
            let on_clock = form.zone == clock && clock != ZoneId::UTC && !form.is_date;
            if on_clock && self.zones.zone(clock).moment(civil) == moment {
                local_text(civil)
            } else {
                stamp_text(self.zones, form.zone, form.is_date, moment)
            }
        };
        let instance = match following.written.is_date {
            true => date_text(next.civil),
            false => text(&following.written, next.civil, next.moment),
        };
        edits.replace_value(event, Property::RecurrenceId, &instance);
        let start = text(&following.start, next.civil.plus(following.shift), occurrence.start);
        edits.replace_value(event, Property::DtStart, &start);
        if let Some(end) = &following.end {
            let end = stamp_text(self.zones, end.zone, end.is_date, occurrence.end);
            edits.replace_value(event, Property::DtEnd, &end);
        }
        self.stamp(event, edits);
    }

    /// One EXDATE line for each instance, in the form and zone of DTSTART.
    ///
    /// An instance at a skipped local time is written as the time that clocks show at that moment:
    /// programs disagree about times that do not exist.
    fn exdate_lines(
        &self,
        master: &Master,
        event: &Event<'e, 'a>,
        dates: &[(Moment, Civil)],
    ) -> Vec<Vec<u8>> {
        let zone = self.zones.zone(master.start.zone);
        let form = form_of(event);
        let in_utc = |moment: Moment| format!("EXDATE:{}Z", local_text(Civil(moment.0)));
        dates
            .iter()
            .map(|(moment, civil)| {
                if master.start.is_date {
                    return format!("EXDATE;VALUE=DATE:{}", date_text(*civil)).into_bytes();
                }
                let shown = zone.civil(*moment);
                // The second of two equal clock times cannot be written as a local time.
                if master.start.zone == ZoneId::UTC || zone.moment(shown) != *moment {
                    return in_utc(*moment).into_bytes();
                }
                [b"EXDATE", &*form, b":", local_text(shown).as_bytes()].concat()
            })
            .collect()
    }

    /// Notes the change in a component.
    fn stamp(&self, event: &Event<'e, 'a>, edits: &mut Edits<'e>) {
        stamp(event, (self.now, self.is_owners), edits);
    }
}

/// Updates DTSTAMP and LAST-MODIFIED of a component and, if the owner makes the change, SEQUENCE.
fn stamp(event: &Event<'_, '_>, (now, is_owners): (Moment, bool), edits: &mut Edits<'_>) {
    let now = format!("{}Z", local_text(Civil(now.0)));
    edits.set_dtstamp(event, &now);
    if event.line(Property::LastModified).is_some() {
        edits.replace_value(event, Property::LastModified, &now);
    }
    if is_owners {
        let next = event.sequence().saturating_add(1).to_string();
        edits.set_sequence(event, &next);
    }
}

/// Whether a change by the room is one by the owner of an object: the room is its ORGANIZER, or there
/// is none.
fn is_owners(calendar: &Calendar<'_>, object: &Object<'_>, editor: &Editor<'_>) -> bool {
    let organizer = calendar.events_of(object).find_map(|event| event.organizer());
    match organizer.zip(editor.room_address) {
        Some((organizer, room)) => organizer.to_lowercase() == room,
        None => !calendar.events_of(object).any(|event| event.has_organizer()),
    }
}

/// How far around the cancelled instances the result is read again, in seconds: 40 days before the
/// first and 400 days after the last.
const VERIFIED: (i64, i64) = (40 * 86_400, 400 * 86_400);

/// Reads the edited text again: its recurrence set must be the old one less the instances.
fn verify(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    going: &[Moment],
    text: &[u8],
) -> Result<(), EditError> {
    let (Some(first), Some(last)) = (going.first(), going.last()) else {
        return Ok(());
    };
    let window = Window { start: first.plus(-VERIFIED.0), end: last.plus(VERIFIED.1) };
    let mut before = taking_place(calendar, object, zones, window)?;
    before.retain(|it| going.binary_search(&it.0).is_err());
    let changed = Calendar::parse(text).map_err(|_| EditError::WouldChangeOthers)?;
    let same_uid = |it: &&Object<'_>| it.uid_bytes() == object.uid_bytes();
    let place = calendar.objects().iter().filter(same_uid).position(|it| std::ptr::eq(it, object));
    let changed_object = changed.objects().iter().filter(same_uid).nth(place.unwrap_or(0));
    let changed_object = changed_object.ok_or(EditError::WouldChangeOthers)?;
    let after = taking_place(&changed, changed_object, zones, window)
        .map_err(|_| EditError::WouldChangeOthers)?;
    if before == after { Ok(()) } else { Err(EditError::WouldChangeOthers) }
}

/// Original start, start, end and name of each occurrence that is not cancelled, in order.
fn taking_place(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    window: Window,
) -> Result<Vec<(Moment, Moment, Moment, String)>, Unreadable> {
    let mut occurrences = Vec::new();
    let budget = &mut Budget::of_verification();
    expand(calendar, object, zones, window, budget, &mut occurrences)?;
    let mut rows: Vec<_> = occurrences
        .into_iter()
        .filter_map(|it| {
            let event = calendar.event(it.component as usize);
            let name = event.summary().into_owned();
            (!event.is_cancelled()).then_some((it.original, it.start, it.end, name))
        })
        .collect();
    rows.sort();
    Ok(rows)
}
