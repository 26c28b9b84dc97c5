//! Moments for programs.

use ical::civil::{self, Civil, day_number};
use ical::{Moment, Zone};
use serde::{Serialize, Serializer};

/// The years that RFC 3339 can write.
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

/// `2026-03-02T12:00:00+01:00`: RFC 3339 with the offset of `zone` at that moment. An offset with
/// seconds, as clocks had before 1900, is written with seconds; a year that RFC 3339 cannot write
/// becomes its first or last.
pub fn rfc3339(zone: &Zone, moment: Moment) -> String {
    Rfc3339::of(zone, moment).as_str().to_owned()
}

/// What [`rfc3339`] gives, without a text of its own: an answer has thousands.
#[derive(Clone, Copy, Debug)]
pub struct Rfc3339 {
    text: [u8; 28],
    length: usize,
}

impl Rfc3339 {
    /// A moment on the clock of a zone.
    pub fn of(zone: &Zone, moment: Moment) -> Rfc3339 {
        let offset = zone.offset(moment);
        let shown = shown(moment, offset);
        let date = civil::date_of(shown.day());
        let (year, of_day, away) = (date.year as u32, shown.second_of_day(), offset.unsigned_abs());
        let mut text = *b"0000-00-00T00:00:00+00:00:00";
        let pairs = [
            (0, year / 100),
            (2, year % 100),
            (5, date.month),
            (8, date.day),
            (11, of_day / 3600),
            (14, of_day / 60 % 60),
            (17, of_day % 60),
            (20, away / 3600),
            (23, away / 60 % 60),
            (26, away % 60),
        ];
        for (at, number) in pairs {
            text[at] += (number / 10) as u8;
            text[at + 1] += (number % 10) as u8;
        }
        if offset < 0 {
            text[19] = b'-';
        }
        Rfc3339 { text, length: if away.is_multiple_of(60) { 25 } else { 28 } }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // It is ASCII.
        str::from_utf8(&self.text[..self.length]).unwrap_or_default()
    }
}

impl Serialize for Rfc3339 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What clocks with this offset show, within the years that can be written.
fn shown(moment: Moment, offset: i32) -> Civil {
    let first = i64::from(day_number(*YEARS.start(), 1, 1)) * civil::DAY;
    let last = i64::from(civil::LAST_DAY + 1) * civil::DAY - 1;
    Civil(moment.0.saturating_add(i64::from(offset)).clamp(first, last))
}
