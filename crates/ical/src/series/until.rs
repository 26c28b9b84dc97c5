//! The last day of an all-day series whose UNTIL is a moment in UTC.
//!
//! RFC 5545 requires a date there (section 3.3.10), but programs write the midnight of their own
//! time zone, or the last second of the day, as UTC. Only that zone tells which day they mean.

use crate::civil::{Civil, DAY, Day};
use crate::line::{Lines, parameter, split_value, unfold};
use crate::moment::Moment;
use crate::scan::{Calendar, is_begin, is_end};
use crate::zone::Zone;
use crate::zones::{ZoneId, Zones};

/// Bytes of a line in which its TZID is looked for.
const HEAD: usize = 1 << 16;

/// The last day of an all-day series whose UNTIL is `until`, by the first of these zones in which that is
/// the first or the last second of a day: the one that its object names, UTC, the calendar's. In none of
/// them, it is the date as written.
pub(super) fn last_day(until: Civil, named: Option<&Zone>, calendar_zone: &Zone) -> Day {
    let is_edge = |civil: &Civil| matches!(i64::from(civil.second_of_day()), 0 | LAST_SECOND);
    let on_clock = |zone: &Zone| Some(zone.civil(Moment(until.0))).filter(is_edge);
    named
        .and_then(on_clock)
        .or(Some(until).filter(is_edge))
        .or_else(|| on_clock(calendar_zone))
        .unwrap_or(until)
        .day()
}

/// 23:59:59
const LAST_SECOND: i64 = DAY - 1;

/// The one zone that the VEVENTs with these indexes name by the TZID of any of their properties; several
/// names that come to one clock are one. `None` where they name none that is known, or several.
pub(super) fn named_zone(
    calendar: &Calendar<'_>,
    components: impl Iterator<Item = usize>,
    zones: &mut Zones,
) -> Option<ZoneId> {
    let mut only: Option<ZoneId> = None;
    // Most lines name the same zone as the line before.
    let mut last: Vec<u8> = Vec::new();
    for index in components {
        let event = calendar.event(index);
        let mut depth = 0_u32;
        for line in Lines::from(event.text(), 0) {
            if is_begin(&line) {
                depth = depth.saturating_add(1);
                continue;
            }
            if is_end(&line) {
                depth = depth.saturating_sub(1);
                continue;
            }
            // The event's own BEGIN is the first level; alarms are below.
            if depth != 1 {
                continue;
            }
            let head = unfold(&line.bytes[..line.bytes.len().min(HEAD)]);
            let Some(name) = head.iter().position(|byte| matches!(byte, b';' | b':')) else {
                continue;
            };
            let tzid = split_value(&head[name..]).and_then(|(it, _)| parameter(it, "TZID"));
            let Some(tzid) = tzid.filter(|tzid| *tzid != last) else { continue };
            last = tzid.to_vec();
            let Ok(zone) = zones.look_up(tzid, calendar, event.component.scope) else { continue };
            match only {
                Some(one) if !zones.are_one(one, zone) => return None,
                _ => only = Some(zone),
            }
        }
    }
    only
}
