//! One booking of a sample room, as iCalendar text.

use ical::civil::{Civil, Day, weekday};
use ical::{Moment, NewEvent, NewTimes, Zone, new_object};

/// The time zone and the day of the sample rooms.
pub(super) struct Here<'z> {
    pub now: Moment,
    pub zone: &'z Zone,
    /// Working days, Monday to Friday, all after today.
    days: [Day; 5],
}

impl<'z> Here<'z> {
    pub fn new(now: Moment, zone: &'z Zone) -> Here<'z> {
        let mut day = zone.civil(now).day();
        let days = std::array::from_fn(|_| {
            day += 1;
            while weekday(day) >= 5 {
                day += 1;
            }
            day
        });
        Here { now, zone, days }
    }

    /// The `number`-th working day after today, from 1 on; 1 to 5 are five different days of the week.
    pub fn day(&self, number: usize) -> Day {
        self.days[number.clamp(1, self.days.len()) - 1]
    }

    /// Each week, on the weekdays of the first `days` working days after today.
    pub fn weekly_on_the_first(&self, days: usize) -> String {
        let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let names = self.days.iter().take(days).map(|day| names[weekday(*day) as usize]);
        format!("FREQ=WEEKLY;BYDAY={}", names.collect::<Vec<_>>().join(","))
    }

    /// The last working day before today.
    pub fn day_before(&self) -> Day {
        let yesterday = self.zone.civil(self.now).day() - 1;
        yesterday - (weekday(yesterday) as Day - 4).max(0)
    }

    /// A time of a day on the room's clock.
    pub fn at(&self, day: Day, (hour, minute): (i64, i64)) -> Moment {
        self.zone.moment(Civil::midnight(day).plus(hour * 3600 + minute * 60))
    }

    /// From one time of a day to another.
    pub fn between(&self, day: Day, from: (i64, i64), to: (i64, i64)) -> NewTimes {
        NewTimes::Timed { start: self.at(day, from), end: self.at(day, to) }
    }

    /// A time in office hours, a number of days before today; each name has its own minute.
    fn created(&self, days_ago: i32, name: &str) -> Moment {
        let today = self.zone.civil(self.now).day();
        let minute = name.bytes().map(i64::from).sum::<i64>() * 7 % 480;
        self.at(today - days_ago, (9, minute))
    }
}

/// A booking.
pub(super) struct Booking<'b> {
    /// The part of its UID before the `@`.
    pub id: &'static str,
    pub name: &'static str,
    /// The part of the organizer's address before the `@`.
    pub organizer: Option<&'static str>,
    /// The number of days before today; at least 1.
    pub created_days_ago: i32,
    pub times: NewTimes,
    /// An RRULE, for a series.
    pub rule: Option<&'b str>,
}

/// The domain of all people and UIDs of the samples.
const DOMAIN: &str = "example.org";

const END: &str = "END:VEVENT\r\n";

impl<'b> Booking<'b> {
    /// An event that does not recur.
    pub fn new(
        id: &'static str,
        name: &'static str,
        organizer: &'static str,
        created_days_ago: i32,
        times: NewTimes,
    ) -> Booking<'b> {
        Booking { id, name, organizer: Some(organizer), created_days_ago, times, rule: None }
    }

    /// A series.
    pub fn series(
        id: &'static str,
        name: &'static str,
        organizer: &'static str,
        created_days_ago: i32,
        times: NewTimes,
        rule: &'b str,
    ) -> Booking<'b> {
        let rule = Some(rule);
        Booking { id, name, organizer: Some(organizer), created_days_ago, times, rule }
    }

    /// The object, with its times on the clock of the room.
    pub fn text(&self, here: &Here<'_>) -> String {
        self.text_in(here, here.zone)
    }

    /// The object, with its times on another clock.
    pub fn text_in(&self, here: &Here<'_>, zone: &Zone) -> String {
        let uid = format!("{}@{DOMAIN}", self.id);
        let organizer = self.organizer.map(|it| format!("{it}@{DOMAIN}"));
        let event = NewEvent {
            uid: &uid,
            name: self.name,
            times: self.times,
            description: None,
            organizer: organizer.as_deref(),
            rule: self.rule,
            now: here.created(self.created_days_ago, self.name),
        };
        // It is text that was made from texts.
        String::from_utf8_lossy(&new_object(&event, zone)).into_owned()
    }

    /// The series with an override of the instance at `original`: another time, or cancelled.
    pub fn text_with_override(
        &self,
        here: &Here<'_>,
        original: NewTimes,
        times: NewTimes,
        is_cancelled: bool,
    ) -> String {
        let one = |times| Booking { times, rule: None, ..*self };
        let as_it_was = one(original).text(here);
        // A VTIMEZONE in front of the event has DTSTARTs of its own.
        let recurrence_id = as_it_was
            .lines()
            .skip_while(|line| *line != "BEGIN:VEVENT")
            .find_map(|line| line.strip_prefix("DTSTART"))
            .map(|value| format!("RECURRENCE-ID{value}\r\n"))
            .unwrap_or_default();
        let mut instance = with_line(one(times).text(here), &recurrence_id);
        if is_cancelled {
            instance = cancelled(instance);
        }
        let series = self.text(here);
        match (instance.find("BEGIN:VEVENT"), instance.find(END), series.find(END)) {
            (Some(from), Some(to), Some(at)) => {
                let (before, after) = series.split_at(at + END.len());
                [before, &instance[from..to + END.len()], after].concat()
            }
            _ => series,
        }
    }
}

/// The object with one more line, which ends with CRLF.
pub(super) fn with_line(text: String, line: &str) -> String {
    text.replacen(END, &[line, END].concat(), 1)
}

/// The object, cancelled by its organizer.
pub(super) fn cancelled(text: String) -> String {
    text.replace("STATUS:CONFIRMED\r\n", "STATUS:CANCELLED\r\n")
        .replace("SEQUENCE:0\r\n", "SEQUENCE:1\r\n")
}

/// The object, marked as free.
pub(super) fn free(text: String) -> String {
    text.replace("TRANSP:OPAQUE\r\n", "TRANSP:TRANSPARENT\r\n")
}

/// Whole days.
pub(super) fn all_day(first: Day, days: Day) -> NewTimes {
    NewTimes::AllDay { first, end: first + days }
}
