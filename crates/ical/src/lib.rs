//! iCalendar (RFC 5545) as a pure library: calendar objects, recurrence sets, time zones, and edits
//! that keep every other byte.
//!
//! The crate reads calendars as real clients write them, computes when their events take place,
//! removes occurrences from them, and writes new ones. It uses no clock, no files and no network:
//! `now` is a parameter, and so is the calendar's time zone.
//!
//! # How do I list the occurrences of a file?
//!
//! ```
//! use ical::{Budget, Calendar, Window, Zone, Zones};
//!
//! let text = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Stand-up\r\n\
//!     DTSTART;TZID=Europe/Berlin:20260302T093000\r\nDURATION:PT15M\r\n\
//!     RRULE:FREQ=WEEKLY;BYDAY=MO,TH\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
//! let calendar = Calendar::parse(text)?;
//! let mut zones = Zones::new(Zone::utc());
//! let berlin = Zone::iana("Europe/Berlin").unwrap();
//! let window = Window {
//!     start: berlin.moment(ical::civil::Civil::midnight(ical::civil::day_number(2026, 3, 1))),
//!     end: berlin.moment(ical::civil::Civil::midnight(ical::civil::day_number(2026, 4, 1))),
//! };
//! let mut occurrences = Vec::new();
//! for object in calendar.objects() {
//!     ical::expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut occurrences)
//!         .unwrap();
//! }
//! assert_eq!(occurrences.len(), 9);
//! # Ok::<(), ical::NotCalendar>(())
//! ```

mod address;
mod budget;
pub mod civil;
mod decode;
mod definitions;
mod edit;
mod error;
mod event;
mod expand;
mod extent;
mod file;
pub mod limits;
mod line;
mod meaning;
mod moment;
mod new;
mod new_times;
mod often;
mod presumed;
mod problem;
mod property;
mod rule;
mod scan;
mod series;
mod text;
mod value;
mod vtimezone;
mod warning;
mod warnings;
mod windows;
mod zone;
mod zones;

pub use budget::Budget;
pub use decode::{FileText, NotCalendar, file_text};
pub use edit::{
    Changes, Divided, EditError, Edited, Editor, IncludeError, Included, accept, accept_unanswered,
    cancel, change, change_from_first, end_before, include, next_part, split, times, unanswer,
};
pub use error::Unreadable;
pub use event::Event;
pub use expand::{Occurrence, created, expand, is_recurring, last_modified};
pub use extent::{Extent, extent, have_same_rules, last_stated, repeats_without_end};
pub use file::{join, object_text};
pub use meaning::{excluded, means_the_same, says_the_same};
pub use moment::{Moment, Window};
pub use new::{NewEvent, new_object};
pub use new_times::NewTimes;
pub use often::repeats_within_days;
pub use presumed::expand_presumed;
pub use problem::{Problem, ZoneProblem};
pub use rule::canonical_rule;
pub use scan::{Calendar, LineNumbers, Object};
pub use series::Excluded;
pub use warning::{Encoding, Warning};
pub use warnings::warnings;
pub use zone::Zone;
pub use zones::{UnknownZones, Zones};
