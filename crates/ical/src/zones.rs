//! The time zones that the objects of a calendar refer to.

mod recent;

use std::str;

use hashbrown::HashMap;

use crate::Unreadable;
use crate::error::shown;
use crate::limits::{MAX_CUSTOM_ZONES, MAX_VTIMEZONE_BYTES};
use crate::scan::Calendar;
use crate::value;
use crate::vtimezone;
use crate::windows;
use crate::zone::Zone;
use recent::RecentZones;

/// A zone of a [`Zones`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ZoneId(u32);

impl ZoneId {
    /// The calendar's own zone: that of floating times and of dates.
    pub const CALENDAR: ZoneId = ZoneId(0);
    pub const UTC: ZoneId = ZoneId(1);
}

/// How a time of day in an unknown time zone is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownZones {
    /// Its object is unreadable: at a wrong hour, it would remove another person's booking.
    #[default]
    Refuse,
    /// It is read in the calendar's own zone, and reported by [`Zones::take_assumed`].
    Calendar,
}

/// The zones that were looked up so far, and the calendar's own zone for floating times and dates.
///
/// Use one value for all objects of a calendar, so that each zone is built once.
#[derive(Debug)]
pub struct Zones {
    zones: Vec<Zone>,
    /// By TZID: the zone that has this name in every calendar, if there is one.
    by_name: HashMap<Vec<u8>, Option<ZoneId>>,
    /// By the text of a VTIMEZONE.
    by_definition: HashMap<Vec<u8>, Result<ZoneId, vtimezone::Problem>>,
    unknown: UnknownZones,
    /// Whether whatever cannot be used is read as the calendar's zone ([`Zones::presuming`]).
    presumes: bool,
    /// By the parameters of lines.
    recent: RecentZones,
    /// The first TZID since the last [`Zones::take_assumed`] that was read as the calendar's zone.
    assumed: Option<String>,
}

impl Zones {
    /// The zones of a calendar whose own zone is `calendar_zone`.
    pub fn new(calendar_zone: Zone) -> Zones {
        Zones {
            zones: vec![calendar_zone, Zone::utc()],
            by_name: HashMap::new(),
            by_definition: HashMap::new(),
            unknown: UnknownZones::Refuse,
            presumes: false,
            recent: RecentZones::default(),
            assumed: None,
        }
    }

    /// The same, with a choice of how unknown zones are read.
    #[must_use]
    pub fn with_unknown_zones(self, unknown: UnknownZones) -> Zones {
        Zones { unknown, ..self }
    }

    /// The same, with every zone that cannot be used read as the calendar's: unknown, broken, too large
    /// or one too many.
    #[must_use]
    pub(crate) fn presuming(self) -> Zones {
        Zones { presumes: true, ..self }
    }

    /// The zone of a line in that VCALENDAR with these parameters, if one was read not long ago.
    #[inline]
    pub(crate) fn recent(&self, scope: u32, parameters: &[u8]) -> Option<ZoneId> {
        self.recent.get(scope, parameters)
    }

    /// Remembers the zone of a line's parameters.
    pub(crate) fn remember(&mut self, scope: u32, parameters: &[u8], zone: ZoneId) {
        // A zone that not every VCALENDAR knows by that name is that of one VCALENDAR.
        let scope = (!self.zone(zone).is_iana()).then_some(scope);
        self.recent.put(scope, parameters, zone);
    }

    /// How unknown zones are read.
    pub fn unknown_zones(&self) -> UnknownZones {
        self.unknown
    }

    /// The first unknown TZID that was read as the calendar's zone since the last call, shortened
    /// to [`Unreadable::SHOWN`] characters.
    pub fn take_assumed(&mut self) -> Option<String> {
        self.assumed.take()
    }

    /// The calendar's own zone.
    #[inline]
    pub fn calendar_zone(&self) -> &Zone {
        &self.zones[0]
    }

    #[inline]
    pub(crate) fn zone(&self, id: ZoneId) -> &Zone {
        &self.zones[id.0 as usize]
    }

    /// The zone that a TZID means in that VCALENDAR of the calendar, for a time of day: where nothing
    /// explains it, what [`Zones::with_unknown_zones`] says. Also returns whether it is only assumed.
    pub(crate) fn resolve(
        &mut self,
        tzid: &[u8],
        calendar: &Calendar<'_>,
        scope: u32,
    ) -> Result<(ZoneId, bool), Unreadable> {
        match self.look_up(tzid, calendar, scope) {
            Err(Unreadable::UnknownZone { tzid } | Unreadable::BrokenZone { tzid, .. })
                if self.unknown == UnknownZones::Calendar =>
            {
                self.assumed.get_or_insert(tzid);
                Ok((ZoneId::CALENDAR, true))
            }
            Err(_) if self.presumes => Ok((ZoneId::CALENDAR, true)),
            found => found.map(|zone| (zone, false)),
        }
    }

    /// The zone that a TZID means in that VCALENDAR of the calendar: an IANA name, a Windows name, a path
    /// that ends in an IANA name, a name that says its offset, the VTIMEZONE of that TZID, in this order.
    ///
    /// # Errors
    ///
    /// [`Unreadable::UnknownZone`], [`Unreadable::BrokenZone`], or what is out of bounds.
    pub(crate) fn look_up(
        &mut self,
        tzid: &[u8],
        calendar: &Calendar<'_>,
        scope: u32,
    ) -> Result<ZoneId, Unreadable> {
        let by_name = match self.by_name.get(tzid) {
            Some(known) => *known,
            None => {
                let zone = str::from_utf8(tzid).ok().and_then(named);
                let id = zone.map(|zone| self.add(zone));
                self.by_name.insert(tzid.to_vec(), id);
                id
            }
        };
        if let Some(id) = by_name {
            return Ok(id);
        }
        let Some(definition) = calendar.definition(scope, tzid) else {
            return Err(Unreadable::UnknownZone { tzid: shown(tzid) });
        };
        self.defined(tzid, definition)
    }

    fn defined(&mut self, tzid: &[u8], definition: &[u8]) -> Result<ZoneId, Unreadable> {
        if definition.len() > MAX_VTIMEZONE_BYTES {
            return Err(Unreadable::ZoneTooLarge);
        }
        let known = match self.by_definition.get(definition) {
            Some(known) => known.clone(),
            None if self.by_definition.len() >= MAX_CUSTOM_ZONES => {
                return Err(Unreadable::TooManyZones);
            }
            None => {
                let name = String::from_utf8_lossy(tzid).into_owned();
                let read = vtimezone::read(name, definition).map(|zone| self.add(zone));
                self.by_definition.insert(definition.to_vec(), read.clone());
                read
            }
        };
        known.map_err(|problem| match problem {
            vtimezone::Problem::TooLarge => Unreadable::ZoneTooLarge,
            vtimezone::Problem::Broken(problem) => {
                Unreadable::BrokenZone { tzid: shown(tzid), problem }
            }
        })
    }

    /// Whether two zones are one: the clocks of both always show the same.
    pub(crate) fn are_one(&self, one: ZoneId, other: ZoneId) -> bool {
        one == other || self.zone(one).has_clock_of(self.zone(other))
    }

    fn add(&mut self, zone: Zone) -> ZoneId {
        let same = |known: &Zone| known.name() == zone.name() && known.is_iana() && zone.is_iana();
        if let Some(index) = self.zones.iter().position(same) {
            return ZoneId(index as u32);
        }
        self.zones.push(zone);
        ZoneId(self.zones.len() as u32 - 1)
    }
}

/// The zone that has this name in every calendar: by IANA, by Windows, at the end of a path
/// (`/freeassociation.sourceforge.net/Europe/Berlin`), or by the offset in it (`UTC+01:00`).
fn named(tzid: &str) -> Option<Zone> {
    let tzid = tzid.trim();
    if let Some(zone) = Zone::iana(tzid) {
        return Some(zone);
    }
    if let Some(name) = windows::iana_name(tzid) {
        return Zone::iana(name);
    }
    // The longest IANA names have three parts; a name is at the end of a path if it is shorter.
    let mut starts: Vec<usize> = tzid.rmatch_indices('/').take(3).map(|(at, _)| at + 1).collect();
    starts.reverse();
    let by_path = starts.into_iter().find_map(|at| Zone::iana(&tzid[at..]));
    by_path.or_else(|| offset_in(tzid).map(|offset| Zone::fixed(tzid.to_owned(), offset)))
}

/// The offset that a name says, in seconds east of UTC: `UTC+01:00`, `GMT-0500`. Hours alone say nothing
/// that can be relied on: `Etc/GMT+5` is west of UTC.
fn offset_in(name: &str) -> Option<i32> {
    let (letters, offset) = name.split_at_checked(3)?;
    if !["UTC", "GMT"].iter().any(|it| letters.eq_ignore_ascii_case(it)) {
        return None;
    }
    let digits = offset.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(digits.len().checked_sub(2)?)?,
    };
    if !(1..=2).contains(&hours.len()) || minutes.len() != 2 {
        return None;
    }
    let sign = &offset[..1];
    value::utc_offset(format!("{sign}{hours}{minutes}").as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(tzid: &str, definitions: &str) -> String {
        resolved_by(tzid, definitions, UnknownZones::Refuse).unwrap()
    }

    fn resolved_by(
        tzid: &str,
        definitions: &str,
        unknown: UnknownZones,
    ) -> Result<String, Unreadable> {
        let text = format!("BEGIN:VCALENDAR\r\n{definitions}END:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let mut zones = Zones::new(Zone::iana("Asia/Tokyo").unwrap()).with_unknown_zones(unknown);
        let (id, _) = zones.resolve(tzid.as_bytes(), &calendar, 1)?;
        let assumed = zones.take_assumed().map(|it| format!(" for {it}")).unwrap_or_default();
        let zone = zones.zone(id);
        Ok(format!("{} {}{assumed}", zone.name(), zone.offset(crate::Moment(1_780_000_000))))
    }

    const ROOM_CLOCK: &str = "BEGIN:VTIMEZONE\r\nTZID:Room Clock\r\nBEGIN:STANDARD\r\n\
        DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:-0330\r\nEND:STANDARD\r\n\
        END:VTIMEZONE\r\n";

    #[test]
    fn a_tzid_is_an_iana_name_then_a_windows_name_then_a_path_then_a_definition() {
        assert_eq!(resolved("Europe/Berlin", ""), "Europe/Berlin 7200");
        assert_eq!(resolved("W. Europe Standard Time", ""), "Europe/Berlin 7200");
        assert_eq!(resolved("/citadel.org/20260101_1/Europe/Berlin", ""), "Europe/Berlin 7200");
        assert_eq!(
            resolved("/x.example/America/Argentina/Buenos_Aires", ""),
            "America/Argentina/Buenos_Aires -10800"
        );
        assert_eq!(resolved("tzone://Microsoft/Utc", ""), "UTC 0");
        assert_eq!(resolved("Room Clock", ROOM_CLOCK), "Room Clock -12600");
    }

    #[test]
    fn names_of_iana_and_windows_have_no_case_and_those_of_a_vtimezone_have() {
        assert_eq!(resolved("eUROPE/berlin", ""), "Europe/Berlin 7200");
        assert_eq!(resolved("w. europe STANDARD time", ""), "Europe/Berlin 7200");
        let other_case = resolved_by("room clock", ROOM_CLOCK, UnknownZones::Refuse);
        assert!(matches!(other_case, Err(Unreadable::UnknownZone { .. })));
    }

    #[test]
    fn a_name_that_says_its_offset_with_hours_and_minutes_is_that_offset() {
        for (name, offset) in [
            ("UTC+01:00", 3600),
            ("GMT-0500", -18_000),
            ("utc+5:30", 19_800),
            ("Gmt-330", -12_600),
            ("UTC-00:00", 0),
        ] {
            assert_eq!(resolved(name, ""), format!("{name} {offset}"));
        }
        for name in [
            "UTC+01",
            "GMT-5",
            "UTC 01:00",
            "UTC+24:00",
            "UTC+01:60",
            "UTC+0:1",
            "UTC+:30",
            "UTC++130",
            "UTC+01:00:00",
            "(UTC+01:00) Rome",
            "BST+01:00",
            "+01:00",
            "UT",
            "UTC",
        ] {
            let found = resolved_by(name, "", UnknownZones::Refuse);
            assert_eq!(found.is_ok(), name == "UTC", "{name}");
        }
    }

    #[test]
    fn a_tzid_that_nothing_explains_is_refused_or_by_choice_the_calendars_zone() {
        let broken = ROOM_CLOCK.replace("TZOFFSETTO:-0330", "TZOFFSETTO:later");
        for (tzid, definitions) in [("Room Clock", ""), ("", ""), ("Room Clock", &broken)] {
            let refused = resolved_by(tzid, definitions, UnknownZones::Refuse).unwrap_err();
            assert!(refused.to_string().contains("--unknown-zone calendar"), "{refused}");
            assert!(refused.to_string().contains(tzid), "{refused}");
            let assumed = resolved_by(tzid, definitions, UnknownZones::Calendar);
            assert_eq!(assumed, Ok(format!("Asia/Tokyo 32400 for {tzid}")));
        }
    }

    #[test]
    fn the_name_counts_before_a_definition_of_the_same_tzid() {
        let definition = ROOM_CLOCK.replace("Room Clock", "Europe/Berlin");
        assert_eq!(resolved("Europe/Berlin", &definition), "Europe/Berlin 7200");
    }

    #[test]
    fn more_definitions_than_the_bound_make_their_objects_unreadable() {
        let mut zones = Zones::new(Zone::utc());
        for number in 0..=MAX_CUSTOM_ZONES {
            let text = format!(
                "BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n",
                ROOM_CLOCK.replace("Room Clock", &format!("Clock {number}"))
            );
            let calendar = Calendar::parse(text.as_bytes()).unwrap();
            let resolved = zones.resolve(format!("Clock {number}").as_bytes(), &calendar, 1);
            assert_eq!(resolved.is_err(), number == MAX_CUSTOM_ZONES, "{number}");
        }
    }
}
