//! Changes the name, the description and the times of an object or of one occurrence; every other
//! byte stays as it was.

mod verify;

use super::lines::{Edits, form_of, stamp_text};
use super::search::Search;
use super::{EditError, Editor, is_owners, stamp};
use crate::budget::Budget;
use crate::civil::{Civil, DAY, date_text, local_text};
use crate::event::Event;
use crate::line::{parameter, split_value};
use crate::moment::Moment;
use crate::new_times::NewTimes;
use crate::scan::{Calendar, Object};
use crate::series::{Master, Override, Series, When};
use crate::text::escape;
use crate::value::{self, Stamp, TimeForm};
use crate::zone::Zone;
use crate::zones::{ZoneId, Zones};
use verify::verify;

/// The changes of an event; `None` keeps the present value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes<'c> {
    /// SUMMARY.
    pub name: Option<&'c str>,
    /// DESCRIPTION.
    pub description: Option<&'c str>,
    /// Start and end; of a series, those of its first instance.
    pub times: Option<NewTimes>,
}

/// Changes an object, or the occurrence whose original start is `occurrence`. An occurrence becomes
/// an override if it is none yet.
///
/// The rule of a series stays, and so do occurrences that were changed or cancelled alone. When the
/// start moves, EXDATE, RDATE, RECURRENCE-ID and UNTIL move by the same difference on the clock of
/// the series, also for an override with RANGE=THISANDFUTURE: the occurrences after it take place
/// when they did. EXRULE (RFC 2445) moves along if it excludes the same dates afterwards.
///
/// Like [`super::cancel`], it needs a calendar that was parsed from the object's resource alone.
///
/// # Errors
///
/// [`EditError::NoSuchInstance`] for an occurrence that the object does not have;
/// [`EditError::Unreadable`] where it cannot be read or is out of bounds; [`EditError::OffTheRule`] for a
/// start that the rule of the series does not produce; [`EditError::OtherKind`] where a series would
/// change between dates and times; [`EditError::WouldChangeOthers`] where the change cannot be written
/// without changing others.
pub fn change(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    changes: &Changes<'_>,
    occurrence: Option<Moment>,
    editor: &Editor<'_>,
) -> Result<Vec<u8>, EditError> {
    let mut budget = Budget::new();
    let series = Series::read(calendar, object, zones, &mut budget)?;
    let is_owners = is_owners(calendar, object, editor);
    let change = Change { calendar, series: &series, zones, changes, now: editor.now, is_owners };
    let text = match (occurrence, &series.master) {
        (Some(instance), master) => change.of_occurrence(instance, master.as_ref(), &mut budget)?,
        (None, Some(master)) => change.of_all(object, master, &mut budget)?,
        (None, None) => return Err(EditError::WouldChangeOthers),
    };
    verify(calendar, object, zones, changes, occurrence, &text)?;
    Ok(text)
}

struct Change<'e, 'a> {
    calendar: &'e Calendar<'a>,
    series: &'e Series,
    zones: &'e Zones,
    changes: &'e Changes<'e>,
    now: Moment,
    is_owners: bool,
}

/// The times of a component: DTSTART, and its TZID parameter as written.
struct Form {
    start: When,
    /// The TZID parameter's own bytes, with the semicolon before it.
    parameters: Vec<u8>,
}

impl Form {
    /// A line of a property with a local time in this form.
    fn line(&self, name: &str, local: &str) -> Vec<u8> {
        [name.as_bytes(), &self.parameters, b":", local.as_bytes()].concat()
    }
}

impl<'e, 'a> Change<'e, 'a> {
    fn event(&self, component: u32) -> Event<'e, 'a> {
        self.calendar.event(component as usize)
    }

    /// Changes the master, and with it all occurrences that have no override.
    fn of_all(
        &self,
        object: &Object<'_>,
        master: &Master,
        budget: &mut Budget,
    ) -> Result<Vec<u8>, EditError> {
        let mut edits = Edits::new(self.calendar);
        let event = self.event(master.component);
        if let Some(times) = self.changes.times {
            let form = Form { start: master.start, parameters: form_of(&event) };
            if crate::is_recurring(self.calendar, object) {
                self.move_series(master, &form, times, &mut edits, budget)?;
            }
            self.set_times(&event, &form, times, &mut edits);
        }
        self.set_words(&event, &mut edits);
        self.stamp(&event, &mut edits);
        Ok(edits.apply())
    }

    /// Moves the dates of a series by the same difference as its start.
    fn move_series(
        &self,
        master: &Master,
        form: &Form,
        times: NewTimes,
        edits: &mut Edits<'e>,
        budget: &mut Budget,
    ) -> Result<(), EditError> {
        let zone = self.zones.zone(master.start.zone);
        let (start, is_date) = match times {
            NewTimes::Timed { start, .. } => (zone.civil(start), false),
            NewTimes::AllDay { first, .. } => (Civil::midnight(first), true),
        };
        if is_date != form.start.is_date {
            return Err(EditError::OtherKind);
        }
        let shift = start.0 - master.start.civil.0;
        if shift == 0 {
            return Ok(());
        }
        let is_within_day = start.day() == master.start.civil.day();
        let mut rules = master.rules.iter().chain(&master.ex_rules);
        if !master.ex_rules.is_empty() && !rules.all(|it| it.rule.moves_along(is_within_day)) {
            return Err(EditError::WouldChangeOthers);
        }
        for bound in &master.rules {
            let mut rule = bound.rule.clone();
            if let Some(until) = &mut rule.until {
                *until = self.moved(*until, zone, shift);
            }
            if !rule.gives_start(start, is_date, budget)? {
                return Err(EditError::OffTheRule);
            }
        }
        for component in [master.component]
            .into_iter()
            .chain(self.series.all_overrides.iter().map(|(component, _)| *component))
        {
            let event = self.event(component);
            edits.rewrite(&event, &["EXDATE", "RDATE"], &mut |whole| {
                self.moved_list(whole, zone, shift)
            })?;
            edits.rewrite(&event, &["RECURRENCE-ID"], &mut |whole| {
                self.moved_list(whole, zone, shift)
            })?;
            edits.rewrite(&event, &["RRULE", "EXRULE"], &mut |whole| {
                self.moved_rule(whole, zone, shift)
            })?;
        }
        Ok(())
    }

    /// A line of dates with each moved; `None` where one of them cannot be read.
    fn moved_list(&self, whole: &str, clock: &Zone, shift: i64) -> Option<String> {
        let name_end = whole.find([';', ':'])?;
        let (parameters, value) = split_value(&whole.as_bytes()[name_end..])?;
        let tzid = parameter(parameters, "TZID");
        let head = &whole[..name_end + parameters.len()];
        // Times on another clock move by the same difference on the clock of the series.
        let own = tzid.map(|tzid| String::from_utf8_lossy(tzid).into_owned());
        let own = own.as_deref().and_then(Zone::iana).filter(|zone| zone.name() != clock.name());
        let own = own.as_ref().unwrap_or(clock);
        let move_one = |text: &str| {
            let stamp = value::stamp(text.as_bytes()).ok()?;
            let moved = match stamp.kind {
                TimeForm::Local if own.name() != clock.name() => {
                    let civil = clock.civil(own.moment(stamp.civil)).plus(shift);
                    Stamp { civil: own.civil(clock.moment(civil)), kind: TimeForm::Local }
                }
                _ => self.moved(stamp, clock, shift),
            };
            Some(stamp_of(moved))
        };
        let value = std::str::from_utf8(value).ok()?;
        let items = value.split(',').map(|item| match item.trim().split_once('/') {
            None => move_one(item),
            Some((start, length)) if length.starts_with(['P', 'p', '+', '-']) => {
                Some(format!("{}/{length}", move_one(start)?))
            }
            Some((start, end)) => Some(format!("{}/{}", move_one(start)?, move_one(end)?)),
        });
        let items: Option<Vec<String>> = items.collect();
        Some(format!("{head}:{}", items?.join(",")))
    }

    /// A rule with its UNTIL moved.
    fn moved_rule(&self, whole: &str, clock: &Zone, shift: i64) -> Option<String> {
        let (head, value) = whole.split_once(':')?;
        let parts = value.split(';').map(|part| {
            let Some((name, until)) = part.split_once('=') else { return Some(part.to_owned()) };
            if !name.trim().eq_ignore_ascii_case("UNTIL") {
                return Some(part.to_owned());
            }
            let stamp = value::stamp(until.trim().as_bytes()).ok()?;
            Some(format!("{name}={}", stamp_of(self.moved(stamp, clock, shift))))
        });
        let parts: Option<Vec<String>> = parts.collect();
        Some(format!("{head}:{}", parts?.join(";")))
    }

    /// A date or time moved by a difference on a clock.
    fn moved(&self, stamp: Stamp, clock: &Zone, shift: i64) -> Stamp {
        let civil = match stamp.kind {
            // The day on which the instance of that day is then.
            TimeForm::Date => {
                let start =
                    self.series.master.as_ref().map_or(0, |it| it.start.civil.second_of_day());
                Civil::midnight(stamp.civil.plus(i64::from(start) + shift).day())
            }
            TimeForm::Local => stamp.civil.plus(shift),
            TimeForm::Utc => {
                let civil = clock.civil(Moment(stamp.civil.0)).plus(shift);
                Civil(clock.moment(civil).0)
            }
        };
        Stamp { civil, kind: stamp.kind }
    }

    /// Changes one occurrence alone.
    fn of_occurrence(
        &self,
        instance: Moment,
        master: Option<&Master>,
        budget: &mut Budget,
    ) -> Result<Vec<u8>, EditError> {
        let overrides = &self.series.overrides;
        if let Ok(at) = overrides.binary_search_by_key(&instance, |it| it.instance) {
            let own = &overrides[at];
            if own.is_following {
                return Err(EditError::WouldChangeOthers);
            }
            if self.event(own.component).is_cancelled() {
                return Err(EditError::NoSuchInstance(instance));
            }
            return Ok(self.of_override(own));
        }
        let master = master.ok_or(EditError::NoSuchInstance(instance))?;
        if self.series.following.iter().any(|it| it.instance <= instance) {
            // Its text is in the override that it follows, and its rule in the master.
            return Err(EditError::WouldChangeOthers);
        }
        let search = Search { series: self.series, master, zones: self.zones };
        let found = search.instances(&[instance], budget)?;
        let &(_, civil) = found.first().ok_or(EditError::NoSuchInstance(instance))?;
        let is_single = master.rules.is_empty() && master.dates.is_empty();
        if is_single && overrides.is_empty() {
            // The only occurrence is the event.
            let mut edits = Edits::new(self.calendar);
            let event = self.event(master.component);
            if let Some(times) = self.changes.times {
                let form = Form { start: master.start, parameters: form_of(&event) };
                self.set_times(&event, &form, times, &mut edits);
            }
            self.set_words(&event, &mut edits);
            self.stamp(&event, &mut edits);
            return Ok(edits.apply());
        }
        self.new_override(master, instance, civil, budget)
    }

    fn of_override(&self, own: &Override) -> Vec<u8> {
        let mut edits = Edits::new(self.calendar);
        let event = self.event(own.component);
        if let Some(times) = self.changes.times {
            let form = Form { start: own.start, parameters: form_of(&event) };
            self.set_times(&event, &form, times, &mut edits);
        }
        self.set_words(&event, &mut edits);
        self.stamp(&event, &mut edits);
        edits.apply()
    }

    /// The text with an override after the master: the master's component with the instance's times
    /// and without the recurrence properties.
    fn new_override(
        &self,
        master: &Master,
        instance: Moment,
        civil: Civil,
        budget: &mut Budget,
    ) -> Result<Vec<u8>, EditError> {
        let event = self.event(master.component);
        let bytes = event.component.bytes.clone();
        // Edited alone, so that nothing of the master itself changes.
        let mut edits = Edits::new(self.calendar);
        for name in ["RRULE", "RDATE", "EXDATE", "EXRULE"] {
            edits.set_line(&event, name, None, "DTSTART");
        }
        let form = Form { start: master.start, parameters: form_of(&event) };
        let zone = self.zones.zone(master.start.zone);
        let is_written_local = !master.start.is_date
            && master.start.zone != ZoneId::UTC
            && zone.moment(civil) == instance;
        let recurrence_id = match (master.start.is_date, is_written_local) {
            (true, _) => format!("RECURRENCE-ID;VALUE=DATE:{}", date_text(civil)).into_bytes(),
            (false, true) => form.line("RECURRENCE-ID", &local_text(civil)),
            (false, false) => {
                format!("RECURRENCE-ID:{}Z", local_text(Civil(instance.0))).into_bytes()
            }
        };
        edits.set_line(&event, "RECURRENCE-ID", Some(&recurrence_id), "UID");
        let times = match self.changes.times {
            Some(times) => times,
            None => {
                let mut found = None;
                let around = (civil.plus(-DAY), civil.plus(DAY));
                self.series.instances(
                    master,
                    self.zones,
                    around.0,
                    around.1,
                    budget,
                    &mut |base, _| {
                        if base.moment == instance {
                            found = Some(self.series.occurrence(master, self.zones, &base));
                        }
                        Ok(found.is_none())
                    },
                )?;
                let found = found.ok_or(EditError::NoSuchInstance(instance))?;
                match master.start.is_date {
                    true => NewTimes::AllDay {
                        first: zone.civil(found.start).day(),
                        end: zone.civil(found.end).day(),
                    },
                    false => NewTimes::Timed { start: found.start, end: found.end },
                }
            }
        };
        self.set_times(&event, &form, times, &mut edits);
        self.set_words(&event, &mut edits);
        self.stamp(&event, &mut edits);
        let component = edits.applied_in(bytes.clone());
        let text = self.calendar.text;
        let mut out = Vec::with_capacity(text.len() + component.len());
        out.extend_from_slice(&text[..bytes.end]);
        if !out.ends_with(b"\n") {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(&component);
        out.extend_from_slice(&text[bytes.end..]);
        Ok(out)
    }

    /// Sets DTSTART and DTEND, in the form of DTSTART if that can express them, and removes
    /// DURATION.
    fn set_times(
        &self,
        event: &Event<'e, 'a>,
        form: &Form,
        times: NewTimes,
        edits: &mut Edits<'e>,
    ) {
        let (start, end) = match times {
            NewTimes::AllDay { first, end } => {
                let date = |name: &str, day| {
                    let text = date_text(Civil::midnight(day));
                    format!("{name};VALUE=DATE:{text}").into_bytes()
                };
                (date("DTSTART", first), date("DTEND", end))
            }
            NewTimes::Timed { start, end } => {
                let time = |name: &str, moment: Moment| {
                    // Where whole days become times, UTC needs no zone that the object may not have.
                    let zone = if form.start.is_date { ZoneId::UTC } else { form.start.zone };
                    let text = stamp_text(self.zones, zone, false, moment);
                    match text.ends_with('Z') {
                        true => format!("{name}:{text}").into_bytes(),
                        false => form.line(name, &text),
                    }
                };
                (time("DTSTART", start), time("DTEND", end))
            }
        };
        edits.set_line(event, "DTSTART", Some(&start), "UID");
        edits.set_line(event, "DTEND", Some(&end), "DTSTART");
        edits.set_line(event, "DURATION", None, "DTSTART");
    }

    fn set_words(&self, event: &Event<'e, 'a>, edits: &mut Edits<'e>) {
        for (property, text) in
            [("SUMMARY", self.changes.name), ("DESCRIPTION", self.changes.description)]
        {
            let Some(text) = text else { continue };
            let line = format!("{property}:{}", escape(text));
            // A description that is empty is none; a name is never empty.
            let line = Some(line.as_bytes()).filter(|_| !text.is_empty());
            edits.set_line(event, property, line, "DTSTART");
        }
    }

    /// Notes the change in a component.
    fn stamp(&self, event: &Event<'e, 'a>, edits: &mut Edits<'e>) {
        stamp(event, (self.now, self.is_owners), edits);
    }
}

/// A date or time as it is written, without its parameters.
fn stamp_of(stamp: Stamp) -> String {
    match stamp.kind {
        TimeForm::Date => date_text(stamp.civil),
        TimeForm::Local => local_text(stamp.civil),
        TimeForm::Utc => format!("{}Z", local_text(stamp.civil)),
    }
}
