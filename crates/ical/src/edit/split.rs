//! Divides a series at one of its dates, for changes of this date and all that follow: the object keeps
//! what comes before, and a second object of another UID has the rest.
//!
//! RFC 5545 would write such a change as an override with RANGE=THISANDFUTURE, which most clients do
//! not read. They divide the series instead, and so does this. The two objects name each other by
//! RELATED-TO (RFC 9253 section 5: RELTYPE=FIRST and NEXT).

mod division;

use super::change::{Changes, change};
use super::lines::{Edits, OwnLine};
use super::times::times;
use super::{EditError, Edited, Editor, VERIFIED, taking_place};
use crate::budget::Budget;
use crate::line::{parameter, split_value, unfold};
use crate::moment::{Moment, Window};
use crate::new_times::NewTimes;
use crate::scan::{Calendar, Object};
use crate::series::Series;
use crate::text::unescape;
use crate::zones::Zones;
use division::{Rest, Side, divide};

/// A series that was divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divided {
    /// The text of the calendar with the object as it ends before the date.
    pub before: Vec<u8>,
    /// The text of a calendar with the rest, changed.
    pub rest: Vec<u8>,
}

/// Ends a series before the occurrence whose original start is `at`: that one and all later ones are
/// removed. What was changed or cancelled alone before it stays so. `next` is the UID of the object that has
/// the rest, if there is one.
///
/// The rules get an UNTIL before it, or a smaller COUNT if they have one; RDATEs, EXDATEs and overrides
/// from it on are removed. Like [`super::cancel`], it needs a calendar that was parsed from the object's
/// resource alone.
///
/// # Errors
///
/// [`EditError::NoSuchInstance`] for an occurrence that the object does not have;
/// [`EditError::Unreadable`] where it cannot be read or is out of bounds;
/// [`EditError::WouldChangeOthers`] for an object without a master, and where the result, read again, is
/// not the old recurrence set before that occurrence.
pub fn end_before(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    at: Moment,
    next: Option<&str>,
    editor: &Editor<'_>,
) -> Result<Edited, EditError> {
    let text = divide(calendar, object, zones, at, (next, editor), |division, budget| {
        let is_something = division.something_is_before(budget)?;
        is_something.then(|| division.before(budget)).transpose()
    })?;
    let Some(text) = text else { return Ok(Edited::NothingRemains) };
    verify((calendar, object), zones, at, (&text, Side::Before))?;
    Ok(Edited::Text(text))
}

/// Divides a series at the occurrence whose original start is `at`, and changes the rest, which gets the
/// UID `uid`. `None` if no occurrence takes place before it: then the whole series is to be changed
/// ([`change`]).
///
/// The times of the `changes` are those of that occurrence; the rest moves by the same difference on the
/// clock of the series, with the exceptions that belong to it. It has the same rules, with what remains of
/// a COUNT. An occurrence that was changed alone stays so, but for the one at `at`, which is changed too.
///
/// # Errors
///
/// As [`end_before`] and [`change`]; [`EditError::WouldChangeOthers`] also for a series with an EXRULE, with
/// several rules, or with an override with RANGE=THISANDFUTURE at or before that occurrence.
pub fn split(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    at: Moment,
    (uid, changes): (&str, &Changes<'_>),
    editor: &Editor<'_>,
) -> Result<Option<Divided>, EditError> {
    let current = times(calendar, object, zones, Some(at))?;
    let found = divide(calendar, object, zones, at, (Some(uid), editor), |division, budget| {
        if !division.something_is_before(budget)? {
            return Ok(None);
        }
        let (before, rest) = (division.before(budget)?, division.rest(uid, budget)?);
        let zone = division.zones.zone(division.master.start.zone).clone();
        let own = division.series.overrides.iter().any(|it| it.instance == at);
        Ok(Some((before, rest, zone, own.then_some(division.civil))))
    })?;
    let Some((before, Rest { text, begins }, zone, own)) = found else { return Ok(None) };
    verify((calendar, object), zones, at, (&before, Side::Before))?;
    verify((calendar, object), zones, at, (&text, Side::Rest))?;
    if changes.name.is_none() && changes.description.is_none() && changes.times.is_none() {
        return Ok(Some(Divided { before, rest: text }));
    }
    if changes.times.is_some_and(|to| to.is_all_day() != current.is_all_day()) {
        return Err(EditError::OtherKind);
    }
    let moved = changes.times.map_or(0, |to| current.shift_to(to, &zone));
    let times = changes.times.map(|to| to.beginning_at(begins.plus(moved), &zone));
    let text = changed(&text, zones, &Changes { times, ..*changes }, None, editor)?;
    let text = match own {
        Some(civil) => {
            let own = zone.moment(civil.plus(moved));
            changed(&text, zones, changes, Some(own), editor).map_err(|error| match error {
                EditError::NoSuchInstance(_) => EditError::WouldChangeOthers,
                error => error,
            })?
        }
        None => text,
    };
    if let Some(times) = changes.times {
        takes_place(&text, zones, times)?;
    }
    Ok(Some(Divided { before, rest: text }))
}

/// Changes a series of which nothing takes place before the occurrence whose original start is `at` ([`split`] has said
/// so). `all` are the changes of the series, `own` those of that occurrence: if it was changed alone, it is changed too.
///
/// # Errors
///
/// As [`change`]; [`EditError::WouldChangeOthers`] also if that occurrence is an override with RANGE=THISANDFUTURE.
pub fn change_from_first(
    (calendar, object): (&Calendar<'_>, &Object<'_>),
    zones: &mut Zones,
    at: Moment,
    (all, own): (&Changes<'_>, &Changes<'_>),
    editor: &Editor<'_>,
) -> Result<Vec<u8>, EditError> {
    let text = change(calendar, object, zones, all, None, editor)?;
    let series = Series::read(calendar, object, zones, &mut Budget::new())?;
    let overriding = series.overrides.iter().find(|it| it.instance == at);
    let (Some(overriding), Some(master)) = (overriding, &series.master) else { return Ok(text) };
    if overriding.is_following {
        return Err(EditError::WouldChangeOthers);
    }
    let zone = zones.zone(master.start.zone).clone();
    let moved = match all.times {
        Some(to) => times(calendar, object, zones, None)?.shift_to(to, &zone),
        None => 0,
    };
    let instance = zone.moment(zone.civil(at).plus(moved));
    let text = changed(&text, zones, own, Some(instance), editor).map_err(|error| match error {
        EditError::NoSuchInstance(_) => EditError::WouldChangeOthers,
        error => error,
    })?;
    if let Some(times) = own.times {
        takes_place(&text, zones, times)?;
    }
    Ok(text)
}

/// A text with its only object changed.
fn changed(
    text: &[u8],
    zones: &mut Zones,
    changes: &Changes<'_>,
    occurrence: Option<Moment>,
    editor: &Editor<'_>,
) -> Result<Vec<u8>, EditError> {
    let parsed = Calendar::parse(text).map_err(|_| EditError::WouldChangeOthers)?;
    let object = parsed.objects().first().ok_or(EditError::WouldChangeOthers)?;
    change(&parsed, object, zones, changes, occurrence, editor)
}

/// The UID of the object that has the rest of a series that was divided (RELATED-TO with RELTYPE=NEXT).
pub fn next_part(calendar: &Calendar<'_>, object: &Object<'_>) -> Option<String> {
    let edits = Edits::new(calendar);
    let mut masters = calendar.events_of(object).filter(|it| !it.is_override());
    let lines = edits.own_lines(&masters.next()?);
    let next = lines.iter().find(|own| is_next(own))?;
    let whole = unfold(next.line.bytes);
    let (_, value) = split_value(&whole[next.name.len()..])?;
    Some(unescape(value.trim_ascii()).into_owned())
}

/// Whether a line says which part of a series comes next.
fn is_next(own: &OwnLine<'_>) -> bool {
    is_related(own, b"NEXT")
}

fn is_related(own: &OwnLine<'_>, how: &[u8]) -> bool {
    let whole = unfold(own.line.bytes);
    own.name == b"RELATED-TO"
        && split_value(whole.get(own.name.len()..).unwrap_or_default())
            .and_then(|(parameters, _)| parameter(parameters, "RELTYPE"))
            .is_some_and(|it| it.eq_ignore_ascii_case(how))
}

/// Reads one side again: it must be the old recurrence set on that side of the date.
fn verify(
    (calendar, object): (&Calendar<'_>, &Object<'_>),
    zones: &mut Zones,
    at: Moment,
    (text, side): (&[u8], Side),
) -> Result<(), EditError> {
    let window = Window { start: at.plus(-VERIFIED.1), end: at.plus(VERIFIED.1) };
    let mut expected = taking_place(calendar, object, zones, window)?;
    expected.retain(|it| (it.0 < at) == (side == Side::Before));
    let divided = Calendar::parse(text).map_err(|_| EditError::WouldChangeOthers)?;
    let [object] = divided.objects() else { return Err(EditError::WouldChangeOthers) };
    let found = taking_place(&divided, object, zones, window);
    let found = found.map_err(|_| EditError::WouldChangeOthers)?;
    if found == expected { Ok(()) } else { Err(EditError::WouldChangeOthers) }
}

/// Makes sure that the rest takes place when the date that was changed is to: clocks may skip the new time of
/// the series, or show it twice.
fn takes_place(text: &[u8], zones: &mut Zones, times: NewTimes) -> Result<(), EditError> {
    let (start, end) = times.moments(zones.calendar_zone());
    let window = Window { start, end: end.max(start.plus(1)) };
    let parsed = Calendar::parse(text).map_err(|_| EditError::WouldChangeOthers)?;
    let object = parsed.objects().first().ok_or(EditError::WouldChangeOthers)?;
    let found = taking_place(&parsed, object, zones, window)?;
    let is_there = found.iter().any(|it| (it.1, it.2) == (start, end));
    if is_there { Ok(()) } else { Err(EditError::WouldChangeOthers) }
}
