//! The time zones of the calendar, and the forms in which its times are written.

use crate::civil::{Day, Moment};
use crate::lines::Lines;

/// When a zone changes its clocks.
enum Turns {
    /// At 01:00 UTC on the last Sundays of March and October.
    European,
    /// At 02:00 local time on the second Sunday of March and the first one of November.
    American,
}

/// A zone with summer time that the calendar defines in a VTIMEZONE.
pub(crate) struct Zone {
    name: &'static str,
    /// Minutes east of UTC in winter.
    standard: i64,
    turns: Turns,
    /// What the zone calls winter and summer time; Windows gives no such names, and lets its
    /// rules begin in 1601, where it begins to count.
    abbreviations: Option<[&'static str; 2]>,
}

pub(crate) static BERLIN: Zone = Zone {
    name: "Europe/Berlin",
    standard: 60,
    turns: Turns::European,
    abbreviations: Some(["CET", "CEST"]),
};

pub(crate) static NEW_YORK: Zone = Zone {
    name: "America/New_York",
    standard: -300,
    turns: Turns::American,
    abbreviations: Some(["EST", "EDT"]),
};

pub(crate) static WINDOWS_BERLIN: Zone = Zone {
    name: "W. Europe Standard Time",
    standard: 60,
    turns: Turns::European,
    abbreviations: None,
};

pub(crate) static WINDOWS_NEW_YORK: Zone = Zone {
    name: "Eastern Standard Time",
    standard: -300,
    turns: Turns::American,
    abbreviations: None,
};

/// A zone that no database knows, an hour ahead of Berlin: a reader that ignores its VTIMEZONE gets
/// other times.
pub(crate) static ROOM_CLOCK: Zone = Zone {
    name: "Room Clock",
    standard: 120,
    turns: Turns::European,
    abbreviations: Some(["RCT", "RCST"]),
};

/// Every zone that an object may use, in the order in which a calendar lists them.
pub(crate) static ALL: [&Zone; 5] =
    [&NEW_YORK, &WINDOWS_NEW_YORK, &BERLIN, &ROOM_CLOCK, &WINDOWS_BERLIN];

impl Zone {
    /// Writes the zone's VTIMEZONE.
    pub(crate) fn write(&self, lines: &mut Lines) {
        let summer = self.standard + 60;
        let (in_autumn, in_spring, autumn_rule, spring_rule) = match self.turns {
            Turns::European => (
                Moment::new(Day::nth_weekday(1970, 10, -1, 6), summer + 60),
                Moment::new(Day::nth_weekday(1970, 3, -1, 6), self.standard + 60),
                "BYMONTH=10;BYDAY=-1SU",
                "BYMONTH=3;BYDAY=-1SU",
            ),
            Turns::American => (
                Moment::new(Day::nth_weekday(1970, 11, 1, 6), 120),
                Moment::new(Day::nth_weekday(1970, 3, 2, 6), 120),
                "BYMONTH=11;BYDAY=1SU",
                "BYMONTH=3;BYDAY=2SU",
            ),
        };
        lines.push("BEGIN:VTIMEZONE");
        lines.push(&format!("TZID:{}", self.name));
        self.write_half(lines, Half::Standard, in_autumn, autumn_rule);
        self.write_half(lines, Half::Daylight, in_spring, spring_rule);
        lines.push("END:VTIMEZONE");
    }

    fn write_half(&self, lines: &mut Lines, half: Half, from: Moment, rule: &str) {
        let summer = self.standard + 60;
        let (kind, before, after) = match half {
            Half::Standard => ("STANDARD", summer, self.standard),
            Half::Daylight => ("DAYLIGHT", self.standard, summer),
        };
        lines.push(&format!("BEGIN:{kind}"));
        if let Some([winter_name, summer_name]) = self.abbreviations {
            let name = match half {
                Half::Standard => winter_name,
                Half::Daylight => summer_name,
            };
            lines.push(&format!("TZNAME:{name}"));
            lines.push(&format!("DTSTART:{}", from.basic(0)));
        } else {
            let start = from.basic(0).replace(&from.day.basic(), "16010101");
            lines.push(&format!("DTSTART:{start}"));
        }
        lines.push(&format!("RRULE:FREQ=YEARLY;{rule}"));
        lines.push(&format!("TZOFFSETFROM:{}", offset_text(before)));
        lines.push(&format!("TZOFFSETTO:{}", offset_text(after)));
        lines.push(&format!("END:{kind}"));
    }

    /// Minutes east of UTC at a local time; RFC 5545 section 3.3.5 decides for one that a change
    /// of the clocks skips (as before the change) or repeats (the first).
    fn offset(&self, local: Moment) -> i64 {
        let (year, _, _) = local.day.civil();
        let summer = self.standard + 60;
        let (from, until) = match self.turns {
            Turns::European => (
                Moment::new(Day::nth_weekday(year, 3, -1, 6), summer + 60),
                Moment::new(Day::nth_weekday(year, 10, -1, 6), summer + 60),
            ),
            Turns::American => (
                Moment::new(Day::nth_weekday(year, 3, 2, 6), 180),
                Moment::new(Day::nth_weekday(year, 11, 1, 6), 120),
            ),
        };
        if from <= local && local < until { summer } else { self.standard }
    }
}

/// The two halves of a VTIMEZONE.
#[derive(Clone, Copy)]
enum Half {
    Standard,
    Daylight,
}

/// An offset in minutes as iCalendar writes it: `-0500`.
fn offset_text(minutes: i64) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let size = minutes.abs();
    format!("{sign}{:02}{:02}", size / 60, size % 60)
}

/// How the times of an object are written.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// `VALUE=DATE`: whole days.
    Date,
    /// Local time of wherever it is read.
    Floating,
    /// UTC, with a `Z`.
    Utc,
    /// Local time with a TZID.
    Zoned(&'static Zone),
}

impl Form {
    /// Whether these are whole days.
    pub(crate) fn is_date(self) -> bool {
        matches!(self, Self::Date)
    }

    /// The zone that the object's calendar has to define.
    pub(crate) fn zone(self) -> Option<&'static Zone> {
        match self {
            Self::Zoned(zone) => Some(zone),
            Self::Date | Self::Floating | Self::Utc => None,
        }
    }

    /// The parameter that goes with every date or time of this form, with its semicolon.
    pub(crate) fn parameter(self) -> String {
        match self {
            Self::Date => ";VALUE=DATE".to_owned(),
            Self::Floating | Self::Utc => String::new(),
            Self::Zoned(zone) => format!(";TZID={}", zone.name),
        }
    }

    /// The value of one date or time in this form.
    pub(crate) fn value(self, local: Moment) -> String {
        match self {
            Self::Date => local.day.basic(),
            Self::Floating | Self::Zoned(_) => local.basic(0),
            Self::Utc => format!("{}Z", local.basic(0)),
        }
    }

    /// One property with its values, which a comma separates.
    pub(crate) fn property(self, name: &str, values: &[Moment]) -> String {
        let values: Vec<String> = values.iter().map(|&value| self.value(value)).collect();
        format!("{name}{}:{}", self.parameter(), values.join(","))
    }

    /// The same moment in UTC, where this form names a moment at all.
    pub(crate) fn to_utc(self, local: Moment) -> Moment {
        match self {
            Self::Date | Self::Floating | Self::Utc => local,
            Self::Zoned(zone) => local.plus(-zone.offset(local)),
        }
    }

    /// The form in which some clients write further times of such an object: UTC in place of a
    /// zone, everything else as it is.
    pub(crate) fn without_zone(self) -> Self {
        match self {
            Self::Zoned(_) => Self::Utc,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BERLIN, Form, NEW_YORK, ROOM_CLOCK, WINDOWS_BERLIN, Zone};
    use crate::civil::{Day, Moment};
    use crate::lines::Lines;

    fn in_utc(zone: &'static Zone, day: Option<Day>, minute: i64) -> Option<String> {
        let local = Moment::new(day?, minute);
        Some(Form::Zoned(zone).to_utc(local).basic(0))
    }

    #[test]
    fn local_times_become_utc_on_both_sides_of_a_change_of_the_clocks() {
        let before = Day::new(2026, 3, 28);
        let after = Day::new(2026, 3, 30);
        assert_eq!(in_utc(&BERLIN, before, 540).as_deref(), Some("20260328T080000"));
        assert_eq!(in_utc(&BERLIN, after, 540).as_deref(), Some("20260330T070000"));
        assert_eq!(in_utc(&ROOM_CLOCK, after, 540).as_deref(), Some("20260330T060000"));
        assert_eq!(in_utc(&NEW_YORK, after, 540).as_deref(), Some("20260330T130000"));
    }

    #[test]
    fn skipped_and_repeated_times_are_resolved_as_the_rfc_says() {
        let spring = Day::new(2026, 3, 29);
        let autumn = Day::new(2026, 10, 25);
        assert_eq!(in_utc(&BERLIN, spring, 150).as_deref(), Some("20260329T013000"));
        assert_eq!(in_utc(&BERLIN, autumn, 150).as_deref(), Some("20261025T003000"));
        let november = Day::new(2026, 11, 1);
        assert_eq!(in_utc(&NEW_YORK, november, 90).as_deref(), Some("20261101T053000"));
    }

    #[test]
    fn a_vtimezone_says_when_the_clocks_change() {
        let mut lines = Lines::default();
        ROOM_CLOCK.write(&mut lines);
        WINDOWS_BERLIN.write(&mut lines);
        let text = lines.into_text();
        assert!(text.contains("DTSTART:19701025T040000\r\n"));
        assert!(text.contains("DTSTART:19700329T030000\r\n"));
        assert!(text.contains("DTSTART:16010101T020000\r\n"));
        assert!(text.contains("TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0200\r\n"));
    }
}
