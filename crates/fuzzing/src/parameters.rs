//! Parameters in the first bytes of an input.
//!
//! Every byte is valid, but letters and digits cover all choices, so that the files of the corpus
//! can be read and written by hand.

use ical::civil::{Civil, DAY, day_number};
use ical::{Moment, Window, Zone};

/// Bytes at the start of an input that are parameters.
pub const LENGTH: usize = 4;

/// Zones that have little in common: none, rules, rules to both sides of midnight and of the
/// equator, half an hour of change, and a day that never was.
const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Santiago",
];

/// Where windows begin: year, month, day. Most are near the dates of the corpus.
const STARTS: [(i32, u32, u32); 10] = [
    (2026, 1, 1),
    (2026, 3, 2),
    (2026, 3, 28),
    (2026, 10, 24),
    (2025, 1, 1),
    (1997, 9, 1),
    (1970, 1, 1),
    (1, 1, 1),
    (2099, 12, 1),
    (9990, 1, 1),
];

/// How long windows are, in seconds.
const LENGTHS: [i64; 6] = [366 * DAY, 30 * DAY, DAY, 3600, 5 * 366 * DAY, 40 * 366 * DAY];

/// The parameters of an input.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    bytes: [u8; LENGTH],
}

impl Parameters {
    /// Splits an input into its parameters and its calendar; `None` where it is too short for both.
    pub fn split(data: &[u8]) -> Option<(Parameters, &[u8])> {
        let (bytes, text) = data.split_first_chunk::<LENGTH>()?;
        Some((Parameters { bytes: *bytes }, text))
    }

    /// The calendar's time zone, by the first byte.
    pub fn zone(&self) -> Zone {
        let name = chosen(&ZONES, self.bytes[0]);
        Zone::iana(name).unwrap_or_else(Zone::utc)
    }

    /// The window, by the second byte (where it begins) and the third (how long it is).
    pub fn window(&self) -> Window {
        let start = self.now();
        let end = start.plus(*chosen(&LENGTHS, self.bytes[2]));
        Window { start, end }
    }

    /// The moment at which the window begins, by the second byte.
    pub fn now(&self) -> Moment {
        let (year, month, day) = *chosen(&STARTS, self.bytes[1]);
        self.zone().moment(Civil::midnight(day_number(year, month, day)))
    }

    /// The third byte.
    pub fn third(&self) -> usize {
        number(self.bytes[2])
    }

    /// The fourth byte, which means something else to each target.
    pub fn fourth(&self) -> usize {
        number(self.bytes[3])
    }
}

/// `0` to `9`, then `A` to `Z` and `a` to `z`, are 0 to 61; other bytes are themselves.
fn number(byte: u8) -> usize {
    usize::from(match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b'a'..=b'z' => byte - b'a' + 36,
        other => other,
    })
}

fn chosen<T>(list: &[T], byte: u8) -> &T {
    &list[number(byte) % list.len()]
}
