//! When an object may take place of which something cannot be read.

use crate::budget::Budget;
use crate::expand::{Occurrence, end_of, expand};
use crate::moment::Window;
use crate::scan::{Calendar, Object};
use crate::series::{self, OwnTime};
use crate::zones::Zones;

/// Appends when an object may take place in `window`, for queries whether an hour is free: as
/// [`expand`] if it can be read; otherwise as far as it can be read, with the zones that cannot be used read
/// as the calendar's.
///
/// - A rule or an RDATE that cannot be read adds nothing, an EXDATE or EXRULE that cannot be read removes
///   nothing. An EXDATE in an unknown zone can be read if DTSTART names the same.
/// - An end that cannot be read is the end of the day. A component without a readable start is left out; of an
///   override, its instance stays.
/// - An override of which nobody can tell which instance it replaces replaces none.
/// - A series that is out of bounds takes place at the times of its components, and at what was found before.
pub fn expand_presumed(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    window: Window,
    occurrences: &mut Vec<Occurrence>,
) {
    let budget = &mut Budget::new();
    if expand(calendar, object, zones, window, budget, occurrences).is_ok() {
        return;
    }
    let mut zones = Zones::new(zones.calendar_zone().clone()).presuming();
    budget.next_object();
    let (series, own_times) = series::presume(calendar, object, &mut zones, budget);
    let expanded = series.expand(&zones, window, budget, &mut |occurrence| {
        occurrences.push(occurrence);
        Ok(true)
    });
    for OwnTime { component, start, length, is_loose } in own_times {
        if expanded.is_ok() && !is_loose {
            continue;
        }
        let zone = zones.zone(start.zone);
        let moment = zone.moment(start.civil);
        let end = end_of(zone, start.civil, moment, length);
        if window.touches(moment, end) {
            occurrences.push(Occurrence { start: moment, end, original: moment, component });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{MAX_OCCURRENCES_PER_OBJECT, MAX_VTIMEZONE_BYTES};
    use crate::{Moment, Zone};

    /// The starts and ends of a presumed object in 2026, in Berlin.
    fn presumed(events: &[&str]) -> Vec<String> {
        presumed_beside("", events)
    }

    fn presumed_beside(zone: &str, events: &[&str]) -> Vec<String> {
        let events: String = events
            .iter()
            .map(|lines| format!("BEGIN:VEVENT\r\nUID:a\r\n{lines}\r\nEND:VEVENT\r\n"))
            .collect();
        let text = format!("BEGIN:VCALENDAR\r\n{zone}{events}END:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let mut zones = Zones::new(Zone::iana("Europe/Berlin").unwrap());
        let window = Window { start: Moment(1_767_222_000), end: Moment(1_798_758_000) };
        let mut found = Vec::new();
        expand_presumed(&calendar, &calendar.objects()[0], &mut zones, window, &mut found);
        found.iter().map(|it| format!("{:?} {:?}", it.start, it.end)).collect()
    }

    #[test]
    fn an_object_that_cannot_be_read_is_presumed_at_its_times_in_the_calendars_zone() {
        let nine = "2026-01-05T08:00:00Z 2026-01-05T09:00:00Z";
        let times = "DTSTART;TZID=Nowhere:20260105T090000\r\nDURATION:PT1H";
        assert_eq!(presumed(&[times]), [nine]);
        let series = format!("{times}\r\nRRULE:FREQ=DAILY;COUNT=2");
        assert_eq!(presumed(&[&series]), [nine, "2026-01-06T08:00:00Z 2026-01-06T09:00:00Z"]);
        let broken = format!("{times}\r\nRRULE:FREQ=SOMETIMES");
        let over = "RECURRENCE-ID:soon\r\nDTSTART:20260107T080000Z\r\nDTEND:late";
        assert_eq!(presumed(&[&broken, over]), [nine, "2026-01-07T08:00:00Z 2026-01-08T00:00:00Z"]);
        assert_eq!(presumed(&["DTSTART:soon"]), [] as [String; 0]);
        let large = format!("X-PAD:{}", "x".repeat(MAX_VTIMEZONE_BYTES));
        for costly in [&*large, "RRULE:FREQ=SECONDLY"] {
            let part = "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500";
            let zone = format!(
                "BEGIN:VTIMEZONE\r\nTZID:Nowhere\r\nBEGIN:STANDARD\r\n{part}\r\n{costly}\r\n\
                 END:STANDARD\r\nEND:VTIMEZONE\r\n"
            );
            assert_eq!(presumed_beside(&zone, &[times]), [nine], "{}", &costly[..10]);
        }
        assert_eq!(presumed(&["DTSTART:20260105T080000Z\r\nDTEND:20260105T090000Z"]), [nine]);
        assert_eq!(presumed(&["DTSTART:20250105T080000Z\r\nDTEND:late"]), [] as [String; 0]);
    }

    /// The starts of what is presumed of a weekly series of Mondays at nine with further lines, and of further
    /// components.
    fn weekly(lines: &str, others: &[&str]) -> Vec<String> {
        let master = format!(
            "DTSTART;TZID=Europe/Berlin:20260105T090000\r\nDURATION:PT1H\r\n\
             RRULE:FREQ=WEEKLY;COUNT=3{lines}"
        );
        let events: Vec<&str> = [&*master].into_iter().chain(others.iter().copied()).collect();
        let mut found = presumed(&events);
        found.sort();
        let start = |it: &String| it.split(' ').next().unwrap()[5..].replace(":00Z", "");
        found.iter().map(start).collect()
    }

    const MONDAYS: [&str; 3] = ["01-05T08:00", "01-12T08:00", "01-19T08:00"];

    #[test]
    fn a_series_of_which_a_date_cannot_be_read_is_presumed_at_all_dates_that_can() {
        for line in [
            "EXDATE:garbage",
            "EXDATE",
            "EXDATE;TZID=Nowhere:20260112T090000",
            "RDATE:garbage",
            "RDATE;VALUE=PERIOD:garbage/PT1H",
            "EXRULE:FREQ=SOMETIMES",
        ] {
            assert_eq!(weekly(&format!("\r\n{line}"), &[]), MONDAYS, "{line}");
        }
        // What can be read beside it counts.
        let mixed = "\r\nEXDATE:garbage,20260112T080000Z\r\nRDATE:20260203T080000Z,garbage";
        assert_eq!(weekly(mixed, &[]), ["01-05T08:00", "01-19T08:00", "02-03T08:00"]);
        let period = "\r\nRDATE;VALUE=PERIOD:20260203T080000Z/late";
        assert_eq!(weekly(period, &[])[3..], ["02-03T08:00"]);
        let count = "\r\nRRULE:FREQ=SOMETIMES";
        assert_eq!(weekly(count, &[]), MONDAYS, "a rule that can be read beside one that cannot");
        // In the zone of DTSTART, an EXDATE says which instance it means, whatever the zone.
        let series = |zone: &str| {
            format!(
                "DTSTART;TZID=Nowhere:20260105T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2\r\n\
                 EXDATE;TZID={zone}:20260105T090000"
            )
        };
        assert_eq!(presumed(&[&series("Nowhere")]).len(), 1);
        assert_eq!(presumed(&[&series("Elsewhere")]).len(), 2);
    }

    #[test]
    fn an_override_counts_at_its_own_time_and_replaces_the_instance_that_it_names() {
        let moved = "DTSTART:20260113T080000Z\r\n";
        let with = |rest: &str| weekly("", &[&format!("{moved}{rest}")]);
        let replaced = ["01-05T08:00", "01-13T08:00", "01-19T08:00"];
        let beside = ["01-05T08:00", "01-12T08:00", "01-13T08:00", "01-19T08:00"];
        let named = "RECURRENCE-ID:20260112T080000Z";
        for rest in [
            &*format!("{named}\r\nDTEND:late"),
            &*format!("{named}\r\nDURATION:PT1H\r\nEXDATE:garbage"),
            "RECURRENCE-ID;TZID=Nowhere:20260112T080000Z\r\nDTEND:late",
        ] {
            assert_eq!(with(rest), replaced, "{rest}");
        }
        for rest in [
            "RECURRENCE-ID:soon\r\nDURATION:PT1H",
            "RECURRENCE-ID;TZID=Nowhere:20260112T090000\r\nDURATION:PT1H",
        ] {
            assert_eq!(with(rest), beside, "{rest}");
        }
        let unread = format!("DTSTART:soon\r\n{named}");
        assert_eq!(weekly("", &[&unread]), MONDAYS, "nobody knows where it went");
        let following = "DTSTART:20260113T080000Z\r\nDTEND:late\r\n\
                         RECURRENCE-ID;RANGE=THISANDFUTURE:20260112T080000Z";
        assert_eq!(weekly("", &[following]), ["01-05T08:00", "01-13T08:00", "01-20T08:00"]);
    }

    #[test]
    fn a_series_out_of_bounds_is_presumed_at_what_is_found_and_at_its_own_time() {
        let every = "DTSTART:20260105T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=MINUTELY;COUNT=80000";
        let found = presumed(&[every]);
        assert_eq!(found.len(), MAX_OCCURRENCES_PER_OBJECT + 1);
        let first = "2026-01-05T08:00:00Z 2026-01-05T09:00:00Z";
        assert_eq!([&found[0], &found[MAX_OCCURRENCES_PER_OBJECT]], [first, first]);
    }
}
