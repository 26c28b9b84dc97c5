//! Time zones: conversion between local time and moments.

mod spans;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::civil::{self, Civil};
use crate::moment::Moment;
use spans::{Span, Spans};

/// The end of the table of an IANA zone's changes; later times are looked up in the zone database
/// each time.
const TABLE_END: Moment = Moment(civil_constant(2100));

/// Seconds from 1970 to the start of `year`, for constants.
const fn civil_constant(year: i64) -> i64 {
    let before = year - 1;
    let days = before * 365 + before / 4 - before / 100 + before / 400;
    (days - 719_162) * civil::DAY
}

/// A time zone, as a table of the changes of its clock.
///
/// Where RFC 5545 leaves a choice (section 3.3.5), a local time that a clock change skips is read
/// with the offset before the gap, and a repeated one is the first of the two.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    spans: Arc<Spans>,
    spread: i64,
    /// The zone database's rules for times after [`TABLE_END`].
    later: Option<TimeZone>,
}

/// Zones of one name with the same changes of the clock are the same.
impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name && self.spans == other.spans
    }
}

impl Eq for Zone {}

/// Coordinated Universal Time.
impl Default for Zone {
    fn default() -> Zone {
        Zone::utc()
    }
}

impl Zone {
    /// Coordinated Universal Time.
    pub fn utc() -> Zone {
        Zone::from_transitions("UTC".to_owned(), 0, &[])
    }

    /// A zone whose clocks are always `offset` seconds ahead of UTC.
    pub(crate) fn fixed(name: String, offset: i32) -> Zone {
        Zone::from_transitions(name, offset, &[])
    }

    /// The zone of that IANA name (in any case), or `None` where the database has none.
    pub fn iana(name: &str) -> Option<Zone> {
        // A table takes as long to build as ten events take to read, so each is built once. There are
        // no more than the database has names.
        static BUILT: RwLock<BTreeMap<String, Zone>> = RwLock::new(BTreeMap::new());
        let key = name.to_ascii_lowercase();
        let built = BUILT.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if built.is_some() {
            return built;
        }
        let zone = Zone::build(name)?;
        BUILT.write().unwrap_or_else(PoisonError::into_inner).insert(key, zone.clone());
        Some(zone)
    }

    /// The IANA names of all zones that people choose from, in order: those of places, and UTC. Names of another form,
    /// such as `EST5EDT` or `Etc/GMT+5`, are understood by [`Zone::iana`] all the same.
    pub fn names() -> &'static [String] {
        static NAMES: OnceLock<Vec<String>> = OnceLock::new();
        NAMES.get_or_init(|| {
            let is_chosen =
                |it: &String| it == "UTC" || it.contains('/') && !it.starts_with("Etc/");
            let all = jiff::tz::db().available();
            let mut names: Vec<String> = all.map(|it| it.to_string()).filter(is_chosen).collect();
            names.sort_unstable();
            names.dedup();
            names
        })
    }

    fn build(name: &str) -> Option<Zone> {
        let zone = TimeZone::get(name).ok()?;
        let iana_name = zone.iana_name()?.to_owned();
        let first = zone.to_offset(jiff::Timestamp::MIN).seconds();
        let transitions: Vec<(Moment, i32)> = zone
            .following(jiff::Timestamp::MIN)
            .map(|change| (Moment(change.timestamp().as_second()), change.offset().seconds()))
            .take_while(|(at, _)| *at < TABLE_END)
            .collect();
        let mut table = Zone::from_transitions(iana_name, first, &transitions);
        table.later = Some(zone);
        Some(table)
    }

    /// A zone that begins with `first` seconds east of UTC and changes to the offset of each of
    /// `transitions`, which are in ascending order, from its moment on.
    pub(crate) fn from_transitions(
        name: String,
        first: i32,
        transitions: &[(Moment, i32)],
    ) -> Zone {
        let mut spans = vec![Span { from: i64::MIN, civil_from: i64::MIN, offset: first }];
        let mut before = first;
        for &(at, offset) in transitions {
            if offset == before {
                continue;
            }
            // A gap ends, and a repeated hour ends for the first time, at the larger of both: until
            // then the offset before the change is the one to read with.
            let civil_from = at.0 + i64::from(before.max(offset));
            // Two changes within hours of each other must not reverse the table.
            let floor = spans.last().map_or(i64::MIN, |span| span.civil_from);
            spans.push(Span { from: at.0, civil_from: civil_from.max(floor), offset });
            before = offset;
        }
        let (least, most) = spans.iter().fold((first, first), |(least, most), span| {
            (span.offset.min(least), span.offset.max(most))
        });
        let spread = i64::from(most) - i64::from(least);
        Zone { name, spans: Arc::new(Spans::new(spans)), spread, later: None }
    }

    /// The zone's name: that of the IANA database, or the TZID of its VTIMEZONE.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a zone of the IANA database, whose name means the same everywhere.
    pub(crate) fn is_iana(&self) -> bool {
        self.later.is_some()
    }

    /// Whether its clocks always agree with those of `other`, whatever the names are.
    pub(crate) fn has_clock_of(&self, other: &Zone) -> bool {
        let spans = |zone: &Zone| {
            zone.spans.all().iter().map(|it| (it.from, it.offset)).collect::<Vec<_>>()
        };
        spans(self) == spans(other)
    }

    /// Whether it is UTC by one of its names.
    pub(crate) fn is_utc(&self) -> bool {
        matches!(&*self.name, "UTC" | "Etc/UTC" | "Etc/UCT" | "Zulu" | "Etc/Zulu" | "UCT")
    }

    /// The moment at which this zone's clocks show `civil` (for the first time, if twice).
    #[inline]
    pub fn moment(&self, civil: Civil) -> Moment {
        if civil.0 >= TABLE_END.0
            && let Some(moment) = self.later_moment(civil)
        {
            return moment;
        }
        Moment(civil.0 - i64::from(self.spans.at_civil(civil).offset))
    }

    /// The local time of this zone at `moment`.
    #[inline]
    pub fn civil(&self, moment: Moment) -> Civil {
        Civil(moment.0 + i64::from(self.offset(moment)))
    }

    /// Seconds east of UTC at `moment`.
    #[inline]
    pub fn offset(&self, moment: Moment) -> i32 {
        if moment >= TABLE_END
            && let (Some(zone), Ok(timestamp)) =
                (&self.later, jiff::Timestamp::from_second(moment.0))
        {
            return zone.to_offset(timestamp).seconds();
        }
        self.spans.at(moment).offset
    }

    /// The difference between its largest and its smallest offset, in seconds: by how much local
    /// times may differ from a duration in seconds.
    pub(crate) fn spread(&self) -> i64 {
        self.spread
    }

    /// The changes of the clock at or after `from`, each with the offset from then on.
    pub(crate) fn transitions(&self, from: Moment) -> impl Iterator<Item = (Moment, i32)> + '_ {
        let after = jiff::Timestamp::from_second(from.0.max(TABLE_END.0) - 1)
            .unwrap_or(jiff::Timestamp::MAX);
        let later = self.later.iter().flat_map(move |zone| zone.following(after));
        let later =
            later.map(|change| (Moment(change.timestamp().as_second()), change.offset().seconds()));
        let spans = self.spans.all();
        let index = spans.partition_point(|span| span.from < from.0);
        let table = spans[index.max(1)..].iter();
        table.map(|span| (Moment(span.from), span.offset)).chain(later)
    }

    #[cold]
    fn later_moment(&self, civil: Civil) -> Option<Moment> {
        let zone = self.later.as_ref()?;
        let date = civil::date_of(civil.day());
        let second = civil.second_of_day();
        let shown = DateTime::new(
            i16::try_from(date.year).ok()?,
            date.month as i8,
            date.day as i8,
            (second / 3600) as i8,
            (second / 60 % 60) as i8,
            (second % 60) as i8,
            0,
        )
        .ok()?;
        let timestamp = zone.to_ambiguous_timestamp(shown).compatible().ok()?;
        Some(Moment(timestamp.as_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::day_number;

    fn civil(year: i32, month: u32, day: u32, hour: i64, minute: i64) -> Civil {
        Civil::midnight(day_number(year, month, day)).plus(hour * 3600 + minute * 60)
    }

    fn berlin() -> Zone {
        Zone::iana("Europe/Berlin").unwrap()
    }

    #[test]
    fn a_skipped_local_time_is_read_with_the_offset_before_the_gap() {
        let moment = berlin().moment(civil(2026, 3, 29, 2, 30));
        assert_eq!(format!("{moment:?}"), "2026-03-29T01:30:00Z");
        assert_eq!(berlin().civil(moment), civil(2026, 3, 29, 3, 30));
    }

    #[test]
    fn a_repeated_local_time_is_the_first() {
        let moment = berlin().moment(civil(2026, 10, 25, 2, 30));
        assert_eq!(format!("{moment:?}"), "2026-10-25T00:30:00Z");
        let moment = berlin().moment(civil(2026, 10, 25, 3, 0));
        assert_eq!(format!("{moment:?}"), "2026-10-25T02:00:00Z");
    }

    #[test]
    fn the_table_and_the_zone_database_agree_in_every_hour() {
        for name in
            ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]
        {
            let zone = Zone::iana(name).unwrap();
            let database = TimeZone::get(name).unwrap();
            for year in [1883, 1916, 1970, 2026, 2050, 2098, 2101, 2400] {
                let first = Civil::midnight(day_number(year, 1, 1));
                for hour in 0..366 * 24 {
                    let at = first.plus(hour * 3600);
                    let from_database = zone.later_moment(at).unwrap();
                    assert_eq!(zone.moment(at), from_database, "{name} {year} {hour}");
                    let timestamp = jiff::Timestamp::from_second(from_database.0).unwrap();
                    let offset = database.to_offset(timestamp).seconds();
                    assert_eq!(zone.offset(from_database), offset, "{name} {year} {hour}");
                }
            }
        }
    }

    #[test]
    fn an_unknown_zone_is_none_and_names_have_no_case() {
        assert!(Zone::iana("Europe/Atlantis").is_none());
        assert_eq!(Zone::iana("europe/berlin").unwrap().name(), "Europe/Berlin");
        assert_eq!(Zone::utc().moment(Civil(7)), Moment(7));
    }

    #[test]
    fn the_year_9999_and_beyond_have_offsets() {
        let zone = berlin();
        let late = civil(9999, 12, 31, 23, 59).plus(10 * civil::DAY);
        assert_eq!(zone.civil(zone.moment(late)), late);
    }
}
