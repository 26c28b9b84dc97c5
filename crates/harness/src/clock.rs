//! The present of tests, and moments in short. What tests run on is [`Clock::manual`]: it stands until a
//! test advances it.

use facts::clock::Clock;
use ical::{Moment, Window};
use testing::ics::stamp;

/// 2026-03-02T00:00:00Z, a Monday: the present of all tests that do not say otherwise.
pub const NOW: i64 = 1_772_409_600;

/// A clock that stands at [`NOW`] until it is advanced.
pub fn clock() -> Clock {
    Clock::manual(Moment(NOW))
}

/// The moment this number of seconds after [`NOW`].
pub const fn seconds(number: i64) -> Moment {
    Moment(NOW + number)
}

/// The moment this number of days of 24 hours after [`NOW`].
pub const fn days(number: i64) -> Moment {
    seconds(number * 86_400)
}

/// The moment of a [`stamp`].
pub fn moment(short: &str) -> Moment {
    let text = stamp(short);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &text[..4],
        &text[4..6],
        &text[6..8],
        &text[9..11],
        &text[11..13],
        &text[13..15]
    );
    facts::time::moment(&text, &ical::Zone::utc()).unwrap()
}

/// The seconds since 1970 of a [`stamp`], as messages have them.
pub fn at(short: &str) -> i64 {
    moment(short).0
}

/// The time between two [`stamp`]s.
pub fn window(start: &str, end: &str) -> Window {
    Window { start: moment(start), end: moment(end) }
}
