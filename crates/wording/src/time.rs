//! Moments for programs.

use ical::civil::{self, Civil, day_number};
use ical::{Moment, Zone};

/// The years that RFC 3339 can write.
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

/// `2026-03-02T12:00:00+01:00`: RFC 3339 with the offset of `zone` at that moment. An offset with
/// seconds, as clocks had before 1900, is written with seconds; a year that RFC 3339 cannot write
/// becomes its first or last.
pub fn rfc3339(zone: &Zone, moment: Moment) -> String {
    let offset = zone.offset(moment);
    let Civil(seconds) = Civil(moment.0.saturating_add(i64::from(offset)));
    let first = i64::from(day_number(*YEARS.start(), 1, 1)) * civil::DAY;
    let last = i64::from(civil::LAST_DAY + 1) * civil::DAY - 1;
    let shown = Civil(seconds.clamp(first, last));
    let date = civil::date_of(shown.day());
    let of_day = shown.second_of_day();
    let mut text = String::with_capacity(25);
    pair(&mut text, (date.year / 100) as u32);
    pair(&mut text, (date.year % 100) as u32);
    text.push('-');
    pair(&mut text, date.month);
    text.push('-');
    pair(&mut text, date.day);
    text.push('T');
    pair(&mut text, of_day / 3600);
    text.push(':');
    pair(&mut text, of_day / 60 % 60);
    text.push(':');
    pair(&mut text, of_day % 60);
    text.push(if offset < 0 { '-' } else { '+' });
    let offset = offset.unsigned_abs();
    pair(&mut text, offset / 3600);
    text.push(':');
    pair(&mut text, offset / 60 % 60);
    if !offset.is_multiple_of(60) {
        text.push(':');
        pair(&mut text, offset % 60);
    }
    text
}

fn pair(text: &mut String, number: u32) {
    text.push(char::from(b'0' + (number / 10 % 10) as u8));
    text.push(char::from(b'0' + (number % 10) as u8));
}
