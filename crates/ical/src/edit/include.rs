//! Restores an instance that was removed from a series: removes its EXDATE value again, and keeps
//! every other byte.
//!
//! It is for series that were changed after the instance was removed. If a series was not changed,
//! restore its earlier text.

use super::lines::{Edits, OwnLine};
use super::search::Search;
use super::{Edit, Editor, VERIFIED, is_owners, taking_place};
use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY, Day};
use crate::line::{split_times, unfold};
use crate::moment::{Moment, Window};
use crate::scan::{Calendar, Object};
use crate::series::{Excluded, Master, Series, When, exdates};
use crate::zones::Zones;

/// A series with a restored instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// The text of the calendar with the object changed.
    pub text: Vec<u8>,
    /// The original start of the instance. It differs from the requested one if the series was
    /// moved meanwhile.
    pub instance: Moment,
}

/// Why an instance cannot be restored. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IncludeError {
    /// One of the two objects cannot be read or expanded.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The series has no such instance any more.
    #[error("the series no longer has this date")]
    NoSuchInstance,
    /// The instance takes place: nothing excludes it.
    #[error("this date of the series takes place")]
    TakesPlace,
    /// It is not clear which instance is meant, or it cannot be restored without changing others.
    #[error("it is not clear which date of the series this is")]
    Unclear,
}

/// Restores the instance of `object` whose original start was `original` when it was removed.
/// `earlier` is the object before the removal.
///
/// The instance is the one with the same original start. If the series was moved meanwhile, it is
/// the only excluded instance of the same day on the clock of the series, or the one at which the
/// move of DTSTART puts it. Its override is restored with it if the instance is still the same and
/// the series has no other override of it.
///
/// As [`super::cancel`], it is asked of a calendar that was parsed from the object's resource alone.
///
/// # Errors
///
/// [`IncludeError::NoSuchInstance`] and [`IncludeError::TakesPlace`] if there is nothing to
/// restore; [`IncludeError::Unclear`] if it is in doubt which instance is meant, or if the result,
/// read again, is not the old recurrence set and exactly that instance;
/// [`IncludeError::Unreadable`] if one of the two objects cannot be read or is out of bounds.
pub fn include(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    original: Moment,
    earlier: (&Calendar<'_>, &Object<'_>),
    editor: &Editor<'_>,
) -> Result<Included, IncludeError> {
    let mut budget = Budget::new();
    let earlier = Earlier::read(earlier, zones, original, &mut budget)?;
    let series = Series::read(calendar, object, zones, &mut budget)?;
    let Some(master) = &series.master else { return Err(IncludeError::Unclear) };
    let instance = instance_of(master, &earlier, zones, &mut budget)?;
    let event = calendar.event(master.component as usize);
    let values = exdates(calendar, &event, master.start, zones)?;
    let is_meant = |value: &Excluded| match value {
        Excluded::Instance(moment) => *moment == instance.moment,
        Excluded::Day(day) => *day == instance.civil.day(),
    };
    let mut edits = Edits::new(calendar);
    let lines = edits.own_lines(&event).into_iter().filter(|own| own.name == b"EXDATE");
    let lines: Vec<OwnLine<'_>> = lines.collect();
    if lines.len() != values.len() {
        return Err(IncludeError::Unclear);
    }
    for (own, values) in lines.iter().zip(&values) {
        let is_out: Vec<bool> = values.iter().map(is_meant).collect();
        if is_out.contains(&true) {
            let line = without_values(own, &is_out).ok_or(IncludeError::Unclear)?;
            // A line that keeps some values keeps its line end.
            let end =
                if line.is_empty() { own.line.end } else { own.line.start + own.line.bytes.len() };
            edits.replace(own.line.start..end, line);
        }
    }
    let has_override = series.all_overrides.iter().any(|(_, it)| *it == instance.moment);
    let returning = earlier.overriding.filter(|_| instance.moment == original && !has_override);
    if let Some(returning) = &returning {
        let ends = object.components().map(|it| calendar.event(it).component.bytes.end);
        let at = ends.max().ok_or(IncludeError::Unclear)?;
        edits.replace(at..at, returning.text.clone());
    }
    let edit = Edit {
        calendar,
        object,
        series: &series,
        zones,
        going: Vec::new(),
        now: editor.now,
        is_owners: is_owners(calendar, object, editor),
    };
    edit.stamp(&event, &mut edits);
    let text = edits.apply();
    let own = series.overrides.iter().filter(|it| it.instance == instance.moment);
    let mut around: Vec<Moment> = own.map(|it| it.start.moment(zones)).collect();
    around.push(instance.moment);
    let expected = returning.map(|it| it.row);
    verify(calendar, object, zones, (instance.moment, &around), expected, &text)?;
    Ok(Included { text, instance: instance.moment })
}

/// Original start, start, end and name of an occurrence.
type Row = (Moment, Moment, Moment, String);

/// An object before an instance was removed from it.
struct Earlier {
    /// The original start of the instance.
    original: Moment,
    /// The same on the clock of DTSTART's zone.
    civil: Civil,
    start: When,
    /// The clock times of the instances of the series around it.
    others: Vec<Civil>,
    /// The instance's own override.
    overriding: Option<Returning>,
}

/// An override that may be restored.
struct Returning {
    /// Its component, as written.
    text: Vec<u8>,
    row: Row,
}

/// An instance that the rules and dates of a series give, whether or not it is excluded.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Instance {
    moment: Moment,
    civil: Civil,
}

/// By how many days a series may have been moved for its date to be found at the new place.
const MAX_MOVE_DAYS: i64 = 31;

impl Earlier {
    fn read(
        (calendar, object): (&Calendar<'_>, &Object<'_>),
        zones: &mut Zones,
        original: Moment,
        budget: &mut Budget,
    ) -> Result<Earlier, IncludeError> {
        let series = Series::read(calendar, object, zones, budget)?;
        let Some(master) = &series.master else { return Err(IncludeError::Unclear) };
        let search = Search { series: &series, master, zones };
        let found = search.instances(&[original], budget).map_err(|_| IncludeError::Unclear)?;
        let civil = found.first().ok_or(IncludeError::Unclear)?.1;
        // An override of the following instances was carried on to the next one.
        if series.following.iter().any(|it| it.instance == original) {
            return Err(IncludeError::Unclear);
        }
        let own = series.overrides.iter().find(|it| it.instance == original);
        let (from, to) = (civil.plus(-MAX_MOVE_DAYS * DAY), civil.plus(MAX_MOVE_DAYS * DAY));
        let others = bases(master, zones, from, to, budget)?;
        let others = others.iter().map(|it| it.civil).collect();
        let start = master.start;
        let Some(own) = own else {
            return Ok(Earlier { original, civil, start, others, overriding: None });
        };
        let event = calendar.event(own.component as usize);
        let mut text = calendar.text[event.component.bytes.clone()].to_vec();
        if !text.ends_with(b"\n") {
            text.extend_from_slice(Edits::new(calendar).line_end(&event));
        }
        let own_start = own.start.moment(zones);
        let window = Window { start: own_start, end: own_start.plus(1) };
        let rows = taking_place(calendar, object, zones, window)?;
        let row = rows.into_iter().find(|row| row.0 == original);
        let row = row.ok_or(IncludeError::Unclear)?;
        Ok(Earlier { original, civil, start, others, overriding: Some(Returning { text, row }) })
    }
}

/// The instances of DTSTART, RRULE and RDATE with a clock time in `[from, to)`, excluded or not.
fn bases(
    master: &Master,
    zones: &Zones,
    from: Civil,
    to: Civil,
    budget: &mut Budget,
) -> Result<Vec<Instance>, Unreadable> {
    let mut found = Vec::new();
    master.bases(zones, from, to, budget, &mut |base, _| {
        found.push(Instance { moment: base.moment, civil: base.civil });
        Ok(true)
    })?;
    Ok(found)
}

/// The excluded instance of a series that a date, removed from it earlier, corresponds to.
fn instance_of(
    master: &Master,
    earlier: &Earlier,
    zones: &Zones,
    budget: &mut Budget,
) -> Result<Instance, IncludeError> {
    let is_excluded = |it: &Instance| master.lists_exdate(it.moment, it.civil);
    let clock = zones.zone(master.start.zone);
    let at = clock.civil(earlier.original);
    let close = bases(master, zones, at.plus(-DAY), at.plus(DAY + 1), budget)?;
    if let Some(same) = close.iter().find(|it| it.moment == earlier.original) {
        return if is_excluded(same) { Ok(*same) } else { Err(IncludeError::TakesPlace) };
    }
    // An override that was no instance of the rule was an occurrence of its own.
    if !earlier.others.contains(&earlier.civil) {
        return Err(IncludeError::NoSuchInstance);
    }
    let day = earlier.civil.day();
    let of_day = bases(master, zones, Civil::midnight(day), Civil::midnight(day + 1), budget)?;
    let is_single = of_day.len() == 1 && earlier.number_on(day) == 1;
    let mut candidates: Vec<Instance> = of_day.iter().copied().filter(&is_excluded).collect();
    candidates.retain(|_| is_single);
    if let Some(moved) = earlier.moved(master) {
        let there = bases(master, zones, moved, moved.plus(1), budget)?;
        candidates.extend(there.into_iter().filter(&is_excluded));
    }
    candidates.dedup_by_key(|it| it.moment);
    match candidates[..] {
        [one] => Ok(one),
        [] if of_day.is_empty() => Err(IncludeError::NoSuchInstance),
        [] if is_single => Err(IncludeError::TakesPlace),
        _ => Err(IncludeError::Unclear),
    }
}

impl Earlier {
    /// The number of instances of the series on a day.
    fn number_on(&self, day: Day) -> usize {
        self.others.iter().filter(|it| it.day() == day).count()
    }

    /// Where the move of DTSTART puts the instance; `None` if it was not moved, or if another
    /// instance of the series may be the one found there.
    fn moved(&self, master: &Master) -> Option<Civil> {
        let shift = master.start.civil.0 - self.start.civil.0;
        let moved = self.civil.plus(shift);
        let is_moved = master.start.is_date == self.start.is_date
            && shift != 0
            && (shift / DAY).abs() < MAX_MOVE_DAYS;
        let is_free = match moved.day() == self.civil.day() {
            true => !self.others.contains(&moved),
            false => self.number_on(moved.day()) == 0,
        };
        (is_moved && is_free).then_some(moved)
    }
}

/// A line of dates without some of its values and without its line end. `is_out` says for each
/// value, in order, whether it is removed; empty values do not count. Folds stay where they are if
/// something remains after them. The result is empty if no value remains, and `None` if the line
/// has other values than these.
pub(super) fn without_values(own: &OwnLine<'_>, is_out: &[bool]) -> Option<Vec<u8>> {
    if !is_out.contains(&false) {
        return Some(Vec::new());
    }
    let raw = own.line.bytes;
    let whole = unfold(raw);
    let name_end = whole.iter().position(|byte| matches!(byte, b':' | b';'))?;
    let (_, value) = split_times(&whole[name_end..])?;
    let mut at = whole.len() - value.len();
    let mut keep = vec![true; whole.len()];
    let mut told = is_out.iter();
    let mut has_kept = false;
    for item in value.split(|byte| *byte == b',') {
        let end = at + item.len();
        let is_blank = item.trim_ascii().is_empty();
        if !is_blank && *told.next()? {
            // With one comma: the one before it, or the one after it if it is the first value.
            let range = if has_kept { at - 1..end } else { at..(end + 1).min(whole.len()) };
            keep[range].fill(false);
        } else {
            has_kept = true;
        }
        at = end + 1;
    }
    if told.next().is_some() {
        return None;
    }
    let mut line = Vec::with_capacity(raw.len() + 2);
    let (mut behind, mut fold): (usize, &[u8]) = (0, &[]);
    for (position, is_kept) in positions(raw).into_iter().zip(keep) {
        if position > behind {
            fold = &raw[behind..position];
        }
        if is_kept {
            line.extend_from_slice(std::mem::take(&mut fold));
            line.push(raw[position]);
        }
        behind = position + 1;
    }
    line.extend_from_slice(&raw[behind..]);
    Some(line)
}

/// The position of each byte of an unfolded line in the folded one.
fn positions(raw: &[u8]) -> Vec<usize> {
    let mut found = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(newline) = memchr::memchr(b'\n', &raw[at..]) {
        let mut end = at + newline;
        while end > at && raw[end - 1] == b'\r' {
            end -= 1;
        }
        found.extend(at..end);
        // The line end and the blank behind it.
        at = (at + newline + 2).min(raw.len());
    }
    found.extend(at..raw.len());
    found
}

/// Reads the edited text again: its recurrence set must be the old one and the instance, which must be as
/// `expected` where that is known.
fn verify(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    (instance, around): (Moment, &[Moment]),
    expected: Option<Row>,
    text: &[u8],
) -> Result<(), IncludeError> {
    let around = || around.iter().copied().chain(expected.as_ref().map(|it| it.1));
    let first = around().min().unwrap_or(instance);
    let last = around().max().unwrap_or(instance);
    let window = Window { start: first.plus(-VERIFIED.0), end: last.plus(VERIFIED.1) };
    let before = taking_place(calendar, object, zones, window)?;
    let changed = Calendar::parse(text).map_err(|_| IncludeError::Unclear)?;
    let same_uid = |it: &&Object<'_>| it.uid_bytes() == object.uid_bytes();
    let place = calendar.objects().iter().filter(same_uid).position(|it| std::ptr::eq(it, object));
    let changed_object = changed.objects().iter().filter(same_uid).nth(place.unwrap_or(0));
    let changed_object = changed_object.ok_or(IncludeError::Unclear)?;
    let after =
        taking_place(&changed, changed_object, zones, window).map_err(|_| IncludeError::Unclear)?;
    let (back, others): (Vec<Row>, Vec<Row>) = after.into_iter().partition(|it| it.0 == instance);
    match back.as_slice() {
        _ if others != before => Err(IncludeError::Unclear),
        // An EXRULE excludes it too, or its organizer cancelled it.
        [] => Err(IncludeError::NoSuchInstance),
        [one] if expected.as_ref().is_none_or(|expected| expected == one) => Ok(()),
        _ => Err(IncludeError::Unclear),
    }
}
