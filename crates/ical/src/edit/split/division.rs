//! Writes the two sides of a series that is divided.

use super::super::include::without_values;
use super::super::lines::{Edits, form_of, stamp_text};
use super::super::search::Search;
use super::super::times::times;
use super::super::{EditError, Editor, is_owners, stamp};
use super::{is_next, is_related};
use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY, LAST_DAY, date_text, local_text};
use crate::event::Event;
use crate::expand::end_of;
use crate::limits::MAX_OCCURRENCES_PER_OBJECT;
use crate::moment::Moment;
use crate::property::Property;
use crate::rule::{Frequency, Skip};
use crate::scan::{Calendar, Object};
use crate::series::{BoundRule, Excluded, Master, Series, exdates, rdates};
use crate::text::{escape, push_folded};
use crate::zones::{ZoneId, Zones};

/// A series and where it is divided.
pub(super) struct Division<'e, 'a> {
    calendar: &'e Calendar<'a>,
    object: &'e Object<'a>,
    pub series: &'e Series,
    pub master: &'e Master,
    pub zones: &'e Zones,
    /// The first instance of the rest.
    at: Moment,
    /// The same on the clock of DTSTART's zone.
    pub civil: Civil,
    /// The values of the master's EXDATE and RDATE lines.
    exdates: Vec<Vec<Excluded>>,
    rdates: Vec<Vec<Moment>>,
    /// The UID of the rest, if there is to be one.
    next: Option<&'e str>,
    now: Moment,
    is_owners: bool,
}

/// What of a series a text is to have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    Rest,
}

/// The rest of a series.
pub(super) struct Rest {
    pub text: Vec<u8>,
    /// Its DTSTART, on the clock of its zone.
    pub begins: Civil,
}

pub(super) fn divide<'e, 'a, T>(
    calendar: &'e Calendar<'a>,
    object: &'e Object<'a>,
    zones: &mut Zones,
    at: Moment,
    (next, editor): (Option<&'e str>, &Editor<'_>),
    made: impl FnOnce(&Division<'_, 'a>, &mut Budget) -> Result<T, EditError>,
) -> Result<T, EditError> {
    let mut budget = Budget::new();
    // That it takes place.
    times(calendar, object, zones, Some(at))?;
    let series = Series::read(calendar, object, zones, &mut budget)?;
    let master = series.master.as_ref().ok_or(EditError::WouldChangeOthers)?;
    let event = calendar.event(master.component as usize);
    let exdates = exdates(calendar, &event, master.start, zones)?;
    let rdates = rdates(calendar, &event, master.start, zones)?;
    let search = Search { series: &series, master, zones };
    let found = search.instances(&[at], &mut budget)?;
    let &(_, civil) = found.first().ok_or(EditError::NoSuchInstance(at))?;
    let division = Division {
        calendar,
        object,
        series: &series,
        master,
        zones,
        at,
        civil,
        exdates,
        rdates,
        next,
        now: editor.now,
        is_owners: is_owners(calendar, object, editor),
    };
    made(&division, &mut budget)
}

impl<'a> Division<'_, 'a> {
    fn event(&self, component: u32) -> Event<'_, 'a> {
        self.calendar.event(component as usize)
    }

    /// Whether an occurrence that takes place remains before the date.
    pub fn something_is_before(&self, budget: &mut Budget) -> Result<bool, EditError> {
        let is_cancelled = |component: u32| self.event(component).is_cancelled();
        for it in self.series.overrides.iter().filter(|it| it.instance < self.at) {
            if !is_cancelled(it.component) && !self.series.is_excluded(it, self.zones, budget)? {
                return Ok(true);
            }
        }
        let search = Search { series: self.series, master: self.master, zones: self.zones };
        let found = search.first_instance(self.civil.plus(DAY), budget, &mut |base| {
            let occurrence = self.series.occurrence(self.master, self.zones, base);
            base.moment < self.at && !is_cancelled(occurrence.component)
        })?;
        Ok(found.is_some())
    }

    /// The text of the object as it ends before the date.
    pub fn before(&self, budget: &mut Budget) -> Result<Vec<u8>, EditError> {
        let event = self.event(self.master.component);
        let mut edits = Edits::new(self.calendar);
        let mut rules = Vec::new();
        for bound in &self.master.rules {
            rules.push(self.ended(bound, budget)?);
        }
        self.rewrite_rules(&event, &mut edits, rules)?;
        self.divide_dates(&event, Side::Before, &mut edits)?;
        self.divide_overrides(Side::Before, &mut edits);
        if let Some(next) = self.next {
            for own in edits.own_lines(&event).iter().filter(|own| is_next(own)) {
                edits.remove(own.line.start..own.line.end);
            }
            self.relate(&event, "NEXT", next, &mut edits);
        }
        stamp(&event, (self.now, self.is_owners), &mut edits);
        Ok(edits.apply())
    }

    /// The text of a calendar with the rest, not changed in any other way.
    pub fn rest(&self, uid: &str, budget: &mut Budget) -> Result<Rest, EditError> {
        let Master { rules, ex_rules, start, .. } = self.master;
        let masters = self.object.components().len() - self.series.all_overrides.len();
        if masters > 1
            || rules.len() > 1
            || !ex_rules.is_empty()
            || self.series.following.iter().any(|it| it.instance <= self.at)
        {
            return Err(EditError::WouldChangeOthers);
        }
        let event = self.event(self.master.component);
        let mut edits = Edits::new(self.calendar);
        // The first date of the rule, which sets its pace: DTSTART has to be one.
        let first = match rules.first() {
            Some(bound) => self.first_of(bound, budget)?,
            None => None,
        };
        let begins = match (first, rules.first()) {
            (Some(civil), Some(bound)) => {
                let rule = &bound.rule;
                // A day that its month does not have is that of another month (RFC 7529).
                let is_skipped =
                    rule.skip != Skip::Omit && day_of_month(civil) != day_of_month(start.civil);
                // The hour of the day is not in its date.
                let is_by_hours = start.is_date && rule.frequency > Frequency::Daily;
                if is_skipped || is_by_hours {
                    return Err(EditError::WouldChangeOthers);
                }
                let count = match bound.rule.count {
                    Some(count) => {
                        let gone = self.instances_before(bound, budget)?;
                        Some(count.saturating_sub(gone).max(1))
                    }
                    None => None,
                };
                let rule = count.map(|count| ("COUNT", count.to_string()));
                self.rewrite_rules(&event, &mut edits, vec![rule])?;
                civil
            }
            // Only dates of their own remain.
            _ => {
                edits.set_line(&event, "RRULE", None, "DTSTART");
                let dates = self.master.dates.iter().find(|it| it.moment >= self.at);
                dates.ok_or(EditError::WouldChangeOthers)?.civil
            }
        };
        self.begin_at(&event, begins, &mut edits);
        self.divide_dates(&event, Side::Rest, &mut edits)?;
        self.divide_overrides(Side::Rest, &mut edits);
        let line = format!("UID:{}", escape(uid));
        let all = &self.series.all_overrides;
        let kept = all.iter().filter(|(_, it)| *it >= self.at).map(|(component, _)| *component);
        for component in kept.chain([self.master.component]) {
            edits.set_line(&self.event(component), "UID", Some(line.as_bytes()), "DTSTAMP");
        }
        if !edits.own_lines(&event).iter().any(|own| is_related(own, b"FIRST")) {
            self.relate(&event, "FIRST", &self.object.uid(), &mut edits);
        }
        stamp(&event, (self.now, self.is_owners), &mut edits);
        Ok(Rest { text: edits.apply(), begins })
    }

    /// How many instances the rule gives before the date, DTSTART among them, as COUNT counts.
    fn instances_before(&self, bound: &BoundRule, budget: &mut Budget) -> Result<u64, EditError> {
        let start = &self.master.start;
        let (mut count, to) = (1, self.civil.plus(DAY));
        bound.expand(start, false, start.civil, to, self.zones, budget, &mut |_, moment| {
            if moment < self.at {
                count += 1;
            }
            match count > MAX_OCCURRENCES_PER_OBJECT as u64 {
                true => Err(Unreadable::TooManyOccurrences),
                false => Ok(true),
            }
        })?;
        Ok(count)
    }

    /// The first instance of the rule from the date on.
    fn first_of(&self, bound: &BoundRule, budget: &mut Budget) -> Result<Option<Civil>, EditError> {
        let (from, to) = (self.civil.plus(-DAY), Civil::midnight(LAST_DAY + 1));
        let mut first = None;
        bound.expand(
            &self.master.start,
            false,
            from,
            to,
            self.zones,
            budget,
            &mut |civil, moment| {
                if moment >= self.at {
                    first = Some(civil);
                }
                Ok(first.is_none())
            },
        )?;
        Ok(first)
    }

    /// The part that ends a rule before the date; `None` if it is over by then.
    fn ended(
        &self,
        bound: &BoundRule,
        budget: &mut Budget,
    ) -> Result<Option<(&'static str, String)>, EditError> {
        if bound.rule.count.is_some() {
            let count = self.instances_before(bound, budget)?;
            return Ok(Some(("COUNT", count.to_string())));
        }
        if bound.until < self.at {
            return Ok(None);
        }
        let event = self.event(self.master.component);
        let start = &self.master.start;
        Ok(Some((
            "UNTIL",
            match start.is_date {
                true => date_text(self.civil.plus(-DAY)),
                // A floating series ends at a floating time.
                false if form_of(&event).is_empty() && start.zone != ZoneId::UTC => {
                    local_text(self.civil.plus(-1))
                }
                false => format!("{}Z", local_text(Civil(self.at.0 - 1))),
            },
        )))
    }

    /// Gives each RRULE, in their order, the part that it ends by.
    fn rewrite_rules(
        &self,
        event: &Event<'_, 'a>,
        edits: &mut Edits<'_>,
        ends: Vec<Option<(&'static str, String)>>,
    ) -> Result<(), EditError> {
        let mut ends = ends.into_iter();
        edits.rewrite(event, &["RRULE"], &mut |whole| {
            let Some((name, value)) = ends.next()? else { return Some(whole.to_owned()) };
            let (head, rule) = whole.split_once(':')?;
            let is_kept = |part: &&str| {
                let it = part.split_once('=').map_or("", |(name, _)| name.trim());
                !it.eq_ignore_ascii_case(name)
            };
            let mut parts: Vec<&str> =
                rule.split(';').filter(|it| !it.trim().is_empty()).filter(is_kept).collect();
            let end = format!("{name}={value}");
            parts.push(&end);
            Some(format!("{head}:{}", parts.join(";")))
        })
    }

    /// Keeps the EXDATEs and RDATEs of one side.
    fn divide_dates(
        &self,
        event: &Event<'_, 'a>,
        side: Side,
        edits: &mut Edits<'_>,
    ) -> Result<(), EditError> {
        let is_out = |moment: Moment| (moment < self.at) == (side == Side::Rest);
        let is_day_out = |day| match side {
            Side::Before => day > self.civil.day(),
            Side::Rest => day < self.civil.day(),
        };
        let excluded = |it: &Excluded| match it {
            Excluded::Instance(moment) => is_out(*moment),
            Excluded::Day(day) => is_day_out(*day),
        };
        let exdates = self.exdates.iter().map(|it| it.iter().map(excluded).collect()).collect();
        let rdates = self.rdates.iter().map(|it| it.iter().map(|it| is_out(*it)).collect());
        let lists: [(&[u8], Vec<Vec<bool>>); 2] =
            [(b"EXDATE", exdates), (b"RDATE", rdates.collect())];
        for (name, values) in lists {
            let lines: Vec<_> =
                edits.own_lines(event).into_iter().filter(|own| own.name == name).collect();
            if lines.len() != values.len() {
                return Err(EditError::WouldChangeOthers);
            }
            for (own, is_out) in lines.iter().zip(&values).filter(|(_, it)| it.contains(&true)) {
                let line = without_values(own, is_out).ok_or(EditError::WouldChangeOthers)?;
                // A line that keeps some values keeps its line end.
                let end = match line.is_empty() {
                    true => own.line.end,
                    false => own.line.start + own.line.bytes.len(),
                };
                edits.replace(own.line.start..end, line);
            }
        }
        Ok(())
    }

    /// Keeps the overrides of one side.
    fn divide_overrides(&self, side: Side, edits: &mut Edits<'_>) {
        for (component, instance) in &self.series.all_overrides {
            if (*instance < self.at) == (side == Side::Rest) {
                edits.remove(self.event(*component).component.bytes.clone());
            }
        }
    }

    /// Lets the master begin at a clock time, with the same length.
    fn begin_at(&self, event: &Event<'_, 'a>, civil: Civil, edits: &mut Edits<'_>) {
        let start = &self.master.start;
        let parameters = form_of(event);
        let line = |name: &str, text: &str| {
            let parameters: &[u8] = if text.ends_with('Z') { b"" } else { parameters.as_slice() };
            [name.as_bytes(), parameters, b":", text.as_bytes()].concat()
        };
        let zone = self.zones.zone(start.zone);
        let has_end = event.line(Property::DtEnd).is_some();
        let end = end_of(zone, civil, zone.moment(civil), self.master.length);
        let (start, end) = match start.is_date {
            true => {
                let date = |name: &str, civil| {
                    format!("{name};VALUE=DATE:{}", date_text(civil)).into_bytes()
                };
                (date("DTSTART", civil), date("DTEND", zone.civil(end)))
            }
            false => {
                // As the rule has it: a clock change may skip it.
                let begin = match start.zone == ZoneId::UTC {
                    true => format!("{}Z", local_text(civil)),
                    false => local_text(civil),
                };
                let end = stamp_text(self.zones, start.zone, false, end);
                (line("DTSTART", &begin), line("DTEND", &end))
            }
        };
        edits.set_line(event, "DTSTART", Some(&start), "UID");
        if has_end {
            edits.set_line(event, "DTEND", Some(&end), "DTSTART");
        }
    }

    /// Names the other part of the series in the master.
    fn relate(&self, event: &Event<'_, 'a>, how: &str, uid: &str, edits: &mut Edits<'_>) {
        let lines = edits.own_lines(event);
        let Some(behind) = lines.iter().rev().find(|own| own.name == b"UID") else { return };
        let mut line = Vec::new();
        let text = format!("RELATED-TO;RELTYPE={how}:{}", escape(uid));
        push_folded(&mut line, text, edits.line_end(event));
        edits.replace(behind.line.end..behind.line.end, line);
    }
}

fn day_of_month(civil: Civil) -> u32 {
    crate::civil::date_of(civil.day()).day
}
