//! Calendars of a meeting room, made up but lifelike, for tests and benchmarks.
//!
//! A [`Workload`] says how many objects to make and around which day; the same workload gives the
//! same calendar on every machine. The objects are written as the usual clients write them, with
//! their habits and their oddities: series of every common kind, with exceptions, additional dates
//! and overrides (moved, cancelled, in UTC, for this and future instances); overrides without
//! their master; whole days, floating times, UTC, and zones by IANA name, by Windows name and by
//! a name of the calendar's own; ends by DTEND, by DURATION or by none; free, tentative, cancelled
//! and declined bookings; organizers, attendees, alarms, escapes, non-ASCII text and folded lines.
//!
//! Everything is well-formed: files that a reader must refuse are no part of it. The only values
//! that name no real moment are the placeholders that some calendars write into CREATED.
//!
//! # How do I get a calendar of ten objects?
//!
//! ```
//! use workload::Workload;
//!
//! let workload = Workload { objects: 10, ..Workload::default() };
//! let calendar = workload.calendar();
//! assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n"));
//! assert_eq!(workload.objects().len(), 10);
//! ```

#![forbid(unsafe_code)]

mod about;
mod civil;
mod event;
mod lines;
mod object;
mod people;
mod random;
mod rule;
mod zone;

pub use civil::Day;

use lines::Lines;
use object::Object;
use zone::Zone;

/// Which calendar to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// How many calendar objects, each with a UID of its own; each has one to five VEVENTs.
    pub objects: usize,
    /// What makes one calendar differ from another. With the same other fields, the objects of a
    /// smaller workload are the first ones of a larger workload.
    pub seed: u64,
    /// The day on which the calendar is read: nothing was created after it began.
    pub first_day: Day,
    /// How many days before `first_day` the first events and series start.
    pub days_before: u32,
    /// How many days after `first_day`, exclusive, the last events start. A series starts up to a
    /// year later, on the first day that its rule gives.
    pub days_after: u32,
    /// The e-mail address of the room, which stands as it is among the attendees.
    pub room: String,
}

impl Default for Workload {
    /// 1,000 objects with seed 1 from 150 days before 2026-03-02 to 400 days after it, for
    /// `room@example.org`.
    fn default() -> Self {
        Self {
            objects: 1_000,
            seed: 1,
            first_day: Day::USUAL,
            days_before: 150,
            days_after: 400,
            room: "room@example.org".to_owned(),
        }
    }
}

impl Workload {
    /// All objects in one iCalendar stream, as an exported file holds them: one VCALENDAR, with
    /// its VTIMEZONEs on top.
    #[must_use]
    pub fn calendar(&self) -> String {
        let mut lines = Lines::default();
        begin(&mut lines, &zone::ALL);
        for number in 0..self.objects {
            lines.append(&Object::choose(self, number).events);
        }
        lines.push("END:VCALENDAR");
        lines.into_text()
    }

    /// Each object as a calendar object resource (RFC 4791 section 4.1), as a server keeps it: a
    /// VCALENDAR of its own, with the VTIMEZONE that it uses.
    ///
    /// The objects are those of [`calendar`](Self::calendar), in the same order.
    #[must_use]
    pub fn objects(&self) -> Vec<String> {
        (0..self.objects)
            .map(|number| {
                let object = Object::choose(self, number);
                let mut lines = Lines::default();
                begin(&mut lines, object.zone.as_slice());
                lines.append(&object.events);
                lines.push("END:VCALENDAR");
                lines.into_text()
            })
            .collect()
    }
}

/// Writes the head of a VCALENDAR that defines these zones.
fn begin(lines: &mut Lines, zones: &[&Zone]) {
    lines.extend([
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Room Booking//Workload//EN",
        "CALSCALE:GREGORIAN",
    ]);
    for zone in zones {
        zone.write(lines);
    }
}
