//! The time zones that the objects of a calendar refer to.

use std::str;

use hashbrown::HashMap;
use windows_timezones::WindowsTimezone;

use crate::Unreadable;
use crate::limits::{MAX_CUSTOM_ZONES, MAX_VTIMEZONE_BYTES};
use crate::scan::Calendar;
use crate::vtimezone;
use crate::zone::Zone;

/// A zone of a [`Zones`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ZoneId(u32);

impl ZoneId {
    /// The calendar's own zone: that of floating times and of dates.
    pub const CALENDAR: ZoneId = ZoneId(0);
    pub const UTC: ZoneId = ZoneId(1);
}

/// The zones that were looked up so far, and the zone of the calendar, in which floating times and
/// dates are.
///
/// One of them serves all objects of a calendar, so that each zone is built once.
#[derive(Debug)]
pub struct Zones {
    zones: Vec<Zone>,
    /// By TZID: the zone that has this name everywhere, if one has.
    by_name: HashMap<Vec<u8>, Option<ZoneId>>,
    /// By the text of a VTIMEZONE: the calendar's zone where that means nothing.
    by_definition: HashMap<Vec<u8>, Result<ZoneId, Unreadable>>,
}

impl Zones {
    /// The zones of a calendar whose own zone is `calendar_zone`.
    pub fn new(calendar_zone: Zone) -> Zones {
        Zones {
            zones: vec![calendar_zone, Zone::utc()],
            by_name: HashMap::new(),
            by_definition: HashMap::new(),
        }
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

    /// The zone that a TZID means in that VCALENDAR of the calendar: an IANA name, a Windows name,
    /// a path that ends in an IANA name, the VTIMEZONE of that TZID, in this order, else the
    /// calendar's zone.
    pub(crate) fn resolve(
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
            return Ok(ZoneId::CALENDAR);
        };
        if definition.len() > MAX_VTIMEZONE_BYTES {
            return Err(Unreadable::ZoneTooLarge);
        }
        if let Some(known) = self.by_definition.get(definition) {
            return known.clone();
        }
        if self.by_definition.len() >= MAX_CUSTOM_ZONES {
            return Err(Unreadable::TooManyZones);
        }
        let name = String::from_utf8_lossy(tzid).into_owned();
        let read = vtimezone::read(name, definition);
        let id = read.map(|zone| zone.map_or(ZoneId::CALENDAR, |zone| self.add(zone)));
        self.by_definition.insert(definition.to_vec(), id.clone());
        id
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

/// The zone that has this name everywhere: by IANA, by Windows, or at the end of a path
/// (`/freeassociation.sourceforge.net/Europe/Berlin`).
fn named(tzid: &str) -> Option<Zone> {
    let tzid = tzid.trim();
    if let Some(zone) = Zone::iana(tzid) {
        return Some(zone);
    }
    if let Ok(windows) = tzid.parse::<WindowsTimezone>() {
        return Zone::iana(windows.tzdb_id());
    }
    // The longest IANA names have three parts; a name is at the end of a path if it is shorter.
    let mut starts: Vec<usize> = tzid.rmatch_indices('/').take(3).map(|(at, _)| at + 1).collect();
    starts.reverse();
    starts.into_iter().find_map(|at| Zone::iana(&tzid[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(tzid: &str, definitions: &str) -> String {
        let text = format!("BEGIN:VCALENDAR\r\n{definitions}END:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let mut zones = Zones::new(Zone::iana("Asia/Tokyo").unwrap());
        let id = zones.resolve(tzid.as_bytes(), &calendar, 1).unwrap();
        let zone = zones.zone(id);
        format!("{} {}", zone.name(), zone.offset(crate::Moment(1_780_000_000)))
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
    fn a_tzid_that_nothing_explains_is_the_calendars_zone() {
        assert_eq!(resolved("Room Clock", ""), "Asia/Tokyo 32400");
        assert_eq!(resolved("", ""), "Asia/Tokyo 32400");
        let broken = ROOM_CLOCK.replace("TZOFFSETTO:-0330", "TZOFFSETTO:later");
        assert_eq!(resolved("Room Clock", &broken), "Asia/Tokyo 32400");
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
