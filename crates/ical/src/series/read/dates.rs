//! Dates, times and rules of an object, on the clocks that they are written in.

use std::borrow::Cow;

use super::super::{BoundRule, When, until};
use super::Reader;
use crate::Unreadable;
use crate::civil::{Civil, DAY};
use crate::error::shown;
use crate::limits::{MAX_DATES_PER_COMPONENT, MAX_LINE_BYTES};
use crate::line::{parameter, split_times, split_value};
use crate::moment::Moment;
use crate::problem::Problem;
use crate::property::Property;
use crate::rule::Rule;
use crate::scan::ContentLine;
use crate::value::{self, Length, Stamp, TimeForm};
use crate::zones::ZoneId;

/// The clock of the local times of a line: looked up once for all its dates.
enum Clock<'l> {
    /// That of these parameters.
    Of(&'l [u8]),
    Known(ZoneId),
    /// The calendar's, because the one that is named cannot be used.
    Assumed,
}

/// A date of an RDATE or EXDATE, with the length of a PERIOD.
type Dated = (When, Option<Length>);

impl Reader<'_, '_, '_> {
    /// The time of a line.
    #[inline]
    pub(super) fn when(
        &mut self,
        property: &'static str,
        line: &ContentLine<'_>,
    ) -> Result<When, Unreadable> {
        match line.unfolded().and_then(|rest| self.quick(rest)) {
            Some(when) => Ok(when),
            None => self.when_on(property, line, None),
        }
    }

    pub(super) fn recurrence_id(
        &mut self,
        line: &ContentLine<'_>,
        is_all_day: bool,
    ) -> Result<When, Unreadable> {
        match is_all_day {
            true => self.when_on("RECURRENCE-ID", line, Some(ZoneId::CALENDAR)),
            false => self.when("RECURRENCE-ID", line),
        }
    }

    /// The time of a line, however it stands; a local time is on this clock, or on that of its TZID.
    #[cold]
    fn when_on(
        &mut self,
        property: &'static str,
        line: &ContentLine<'_>,
        clock: Option<ZoneId>,
    ) -> Result<When, Unreadable> {
        if line.len() > MAX_LINE_BYTES {
            return Err(Unreadable::LineTooLong { property });
        }
        let rest = line.rest();
        let Some((parameters, value)) = split_times(&rest) else {
            return Err(Unreadable::property(property, &rest, Problem::NoValue));
        };
        self.stamp(property, value, &mut clock.map_or(Clock::Of(parameters), Clock::Known))
    }

    /// The time of a line that stands as nearly all do: a date, in UTC, floating, or with the parameters of a
    /// line that was read not long ago.
    #[inline]
    fn quick(&self, rest: &[u8]) -> Option<When> {
        if let Some(date) = rest.strip_prefix(b";VALUE=DATE:") {
            let civil = value::quick_date(date.try_into().ok()?)?;
            return Some(When { civil, zone: ZoneId::CALENDAR, is_date: true });
        }
        let (rest, is_utc) = match rest {
            [rest @ .., b'Z'] => (rest, true),
            rest => (rest, false),
        };
        let (head, value) = rest.split_last_chunk::<15>()?;
        let [parameters @ .., b':'] = head else { return None };
        let zone = match (parameters, is_utc) {
            ([], true) => ZoneId::UTC,
            ([], false) => ZoneId::CALENDAR,
            (parameters, false) => self.zones.recent(self.scope, parameters)?,
            _ => return None,
        };
        Some(When { civil: value::quick(value)?, zone, is_date: false })
    }

    #[inline]
    fn stamp(
        &mut self,
        property: &'static str,
        value: &[u8],
        clock: &mut Clock<'_>,
    ) -> Result<When, Unreadable> {
        let Stamp { civil, kind } = value::stamp(value)
            .map_err(|problem| Unreadable::property(property, value, problem))?;
        let zone = match kind {
            TimeForm::Date => ZoneId::CALENDAR,
            TimeForm::Utc => ZoneId::UTC,
            TimeForm::Local => match *clock {
                Clock::Known(zone) => zone,
                Clock::Assumed => ZoneId::CALENDAR,
                Clock::Of(parameters) => {
                    let (zone, is_assumed) = self.zone_of(parameters)?;
                    *clock = if is_assumed { Clock::Assumed } else { Clock::Known(zone) };
                    zone
                }
            },
        };
        Ok(When { civil, zone, is_date: kind == TimeForm::Date })
    }

    /// The zone of the local times of a line, and whether it is only assumed.
    pub(super) fn zone_of(&mut self, parameters: &[u8]) -> Result<(ZoneId, bool), Unreadable> {
        if let Some(zone) = self.zones.recent(self.scope, parameters) {
            return Ok((zone, false));
        }
        let (zone, is_assumed) = match parameter(parameters, "TZID") {
            Some(tzid) => self.zones.resolve(tzid, self.calendar, self.scope)?,
            None => (ZoneId::CALENDAR, false),
        };
        // A zone that is only assumed has to be reported for each object.
        if !is_assumed {
            self.zones.remember(self.scope, parameters, zone);
        }
        Ok((zone, is_assumed))
    }

    /// Passes each date of an RDATE or EXDATE line to `take`, with the length of a PERIOD.
    pub(super) fn date_list(
        &mut self,
        line: &ContentLine<'_>,
        count: &mut usize,
        mut take: impl FnMut(&mut Self, When, Option<Length>),
    ) -> Result<(), Unreadable> {
        self.each_date(line, count, |reader, date| {
            let (when, period) = date?;
            take(reader, when, period);
            Ok(())
        })
    }

    /// The same of each date that can be read; of a PERIOD whose end cannot be read, its start, to the end of
    /// that day.
    pub(super) fn readable_dates(
        &mut self,
        line: &ContentLine<'_>,
        count: &mut usize,
        mut take: impl FnMut(&mut Self, When, Option<Length>),
    ) {
        let read = self.each_date(line, count, |reader, date| {
            if let Ok((when, period)) = date {
                take(reader, when, period);
            }
            Ok(())
        });
        // What follows in a line that is out of bounds is not read.
        read.unwrap_or_default();
    }

    /// Passes what is read of each date of an RDATE or EXDATE line to `take`.
    fn each_date(
        &mut self,
        line: &ContentLine<'_>,
        count: &mut usize,
        mut take: impl FnMut(&mut Self, Result<Dated, Unreadable>) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let property = if line.property == Property::RDate { "RDATE" } else { "EXDATE" };
        if line.len() > MAX_LINE_BYTES {
            return Err(Unreadable::LineTooLong { property });
        }
        let rest = line.rest();
        let Some((parameters, value)) = split_times(&rest) else {
            return Err(Unreadable::property(property, &rest, Problem::NoValue));
        };
        let mut clock = Clock::Of(parameters);
        let kind = parameter(parameters, "VALUE").unwrap_or_default();
        let only_periods = kind.eq_ignore_ascii_case(b"PERIOD");
        for item in value.split(|byte| *byte == b',') {
            if item.trim_ascii().is_empty() {
                // Clients leave a comma when they remove the last date.
                continue;
            }
            *count += 1;
            if *count > MAX_DATES_PER_COMPONENT {
                return Err(Unreadable::TooManyDates);
            }
            let mut date = self.date(property, item, only_periods, &mut clock);
            if self.is_lenient && property == "EXDATE" && matches!(clock, Clock::Assumed) {
                date = date.and_then(|it| self.told(parameters, it.0).map(|()| it));
            }
            take(self, date)?;
        }
        Ok(())
    }

    /// One date of an RDATE or EXDATE.
    #[inline]
    fn date(
        &mut self,
        property: &'static str,
        item: &[u8],
        only_periods: bool,
        clock: &mut Clock<'_>,
    ) -> Result<Dated, Unreadable> {
        match memchr::memchr(b'/', item) {
            Some(slash) if property == "RDATE" => {
                let start = self.stamp(property, &item[..slash], clock)?;
                let end = &item[slash + 1..];
                let length = if end.trim_ascii().first().is_some_and(u8::is_ascii_digit) {
                    self.stamp(property, end, clock).map(|end| self.between(start, end))
                } else {
                    value::duration(end)
                        .map_err(|problem| Unreadable::property(property, item, problem))
                };
                match length {
                    Err(_) if self.is_lenient => Ok((start, Some(start.rest_of_day()))),
                    length => Ok((start, Some(length?))),
                }
            }
            None if only_periods && !self.is_lenient => {
                Err(Unreadable::property(property, item, Problem::NoPeriod))
            }
            _ => Ok((self.stamp(property, item, clock)?, None)),
        }
    }

    /// Makes sure that a time in a zone that is only assumed says which instance it means: it does, in the zone
    /// that DTSTART names.
    pub(super) fn told(&self, parameters: &[u8], when: When) -> Result<(), Unreadable> {
        let is_local = !when.is_date && when.zone != ZoneId::UTC;
        let tzid = parameter(parameters, "TZID").unwrap_or_default();
        match is_local && tzid != self.start_tzid {
            true => Err(Unreadable::UnknownZone { tzid: shown(tzid) }),
            false => Ok(()),
        }
    }

    pub(super) fn rule(
        &mut self,
        line: &ContentLine<'_>,
        start: When,
    ) -> Result<BoundRule, Unreadable> {
        let property = if line.property == Property::RRule { "RRULE" } else { "EXRULE" };
        if line.len() > MAX_LINE_BYTES {
            return Err(Unreadable::LineTooLong { property });
        }
        let rest = line.rest();
        let value = match split_value(&rest) {
            Some((_, value)) => value,
            None => return Err(Unreadable::property(property, &rest, Problem::NoValue)),
        };
        let rule =
            Rule::parse(value).map_err(|problem| Unreadable::property(property, value, problem))?;
        let (until_civil, until) = match rule.until {
            None => (Civil(i64::MAX), Moment::MAX),
            // A date covers all of its day.
            Some(Stamp { civil, kind: TimeForm::Date }) => (civil.plus(DAY - 1), Moment::MAX),
            Some(Stamp { civil, kind: TimeForm::Local }) => (civil, Moment::MAX),
            Some(Stamp { civil, kind: TimeForm::Utc }) if start.is_date => {
                let named = self.zone_of_until();
                let named = named.map(|zone| self.zones.zone(zone));
                let day = until::last_day(civil, named, self.zones.calendar_zone());
                (Civil::midnight(day).plus(DAY - 1), Moment::MAX)
            }
            Some(Stamp { civil, kind: TimeForm::Utc }) => {
                let until = Moment(civil.0);
                (self.zones.zone(start.zone).civil(until).plus(DAY), until)
            }
        };
        Ok(BoundRule { rule, until_civil, until })
    }

    /// The zone in which the object's UNTIL was written, if it can be told: the one that its
    /// VEVENTs name, otherwise that of the only VTIMEZONE of its VCALENDAR.
    pub(super) fn zone_of_until(&mut self) -> Option<ZoneId> {
        let named = match self.named_zone {
            Some(named) => named,
            None => {
                let named = until::named_zone(self.calendar, self.components.clone(), self.zones);
                self.named_zone = Some(named);
                named
            }
        };
        named.or_else(|| {
            let tzid = self.calendar.only_definition(self.scope)?;
            self.zones.look_up(tzid, self.calendar, self.scope).ok()
        })
    }
}

pub(super) fn duration(line: &ContentLine<'_>) -> Result<Length, Unreadable> {
    if line.len() > MAX_LINE_BYTES {
        return Err(Unreadable::LineTooLong { property: "DURATION" });
    }
    let rest: Cow<'_, [u8]> = line.rest();
    let value = split_value(&rest).map(|(_, value)| value);
    let value = value.ok_or_else(|| Unreadable::property("DURATION", &rest, Problem::NoValue))?;
    value::duration(value).map_err(|problem| Unreadable::property("DURATION", value, problem))
}
