//! Values: dates, date-times, durations, periods, offsets (RFC 5545 section 3.3).

use crate::civil::{Civil, DAY, day_number, days_in_month};
use crate::problem::Problem;

/// A DATE or DATE-TIME as it is written (RFC 5545 sections 3.3.4 and 3.3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The clock time written; midnight for a date.
    pub civil: Civil,
    pub kind: TimeForm,
}

/// The three forms of a date or date-time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeForm {
    /// `20260302`
    Date,
    /// `20260302T120000`, in the zone of its TZID or floating
    Local,
    /// `20260302T120000Z`
    Utc,
}

/// A DURATION: nominal days, then exact seconds (RFC 5545 section 3.3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Length {
    /// Days on the calendar, of 23 to 25 hours where a clock changes.
    pub days: i64,
    pub seconds: i64,
}

/// Reads a DATE or DATE-TIME by its look: the VALUE parameter is often wrong.
#[inline]
pub(crate) fn stamp(value: &[u8]) -> Result<Stamp, Problem> {
    let value = value.trim_ascii();
    let (date, time) = match value.len() {
        8 => (value, None),
        15 | 16 => (&value[..8], Some(&value[8..])),
        _ => return Err(Problem::NoDate),
    };
    let year = number(&date[..4])?;
    let month = number(&date[4..6])?;
    let day = number(&date[6..])?;
    if year == 0
        || !(1..=12).contains(&month)
        || day == 0
        || day > days_in_month(year as i32, month)
    {
        return Err(Problem::NoDay);
    }
    let midnight = Civil::midnight(day_number(year as i32, month, day));
    let Some(time) = time else {
        return Ok(Stamp { civil: midnight, kind: TimeForm::Date });
    };
    if !time[0].eq_ignore_ascii_case(&b'T') {
        return Err(Problem::NoSeparator);
    }
    let kind = match time.get(7) {
        None => TimeForm::Local,
        Some(b'Z' | b'z') => TimeForm::Utc,
        Some(_) => return Err(Problem::OtherEnd),
    };
    let (hour, minute, second) = (number(&time[1..3])?, number(&time[3..5])?, number(&time[5..7])?);
    if hour > 23 || minute > 59 || second > 60 {
        return Err(Problem::NoTime);
    }
    // A leap second (RFC 5545 section 3.3.12) is read as the second before it.
    let of_day = hour * 3600 + minute * 60 + second.min(59);
    Ok(Stamp { civil: midnight.plus(i64::from(of_day)), kind })
}

/// Reads `20260302T120000`, as nearly all date-times stand, eight bytes at once; `None` for whatever stands
/// otherwise, which [`stamp`] reads, or says what is wrong with it.
#[inline]
pub(crate) fn quick(value: &[u8; 15]) -> Option<Civil> {
    let (date, time) = (value.first_chunk()?, value.last_chunk()?);
    if value[8] != b'T' {
        return None;
    }
    // In place of the last digit of the day and the T.
    const TWO_ZEROS: u64 = 0x3030;
    let time = u64::from_le_bytes(*time) & !0xFFFF | TWO_ZEROS;
    let [_, hour, minute, second] = pairs(time)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let Civil(midnight) = quick_date(date)?;
    Some(Civil(midnight + i64::from(hour * 3600 + minute * 60 + second)))
}

/// The same for a date: `20260302`.
#[inline]
pub(crate) fn quick_date(value: &[u8; 8]) -> Option<Civil> {
    let [century, year, month, day] = pairs(u64::from_le_bytes(*value))?;
    let year = (century * 100 + year) as i32;
    let is_day =
        year > 0 && (1..=12).contains(&month) && day > 0 && day <= days_in_month(year, month);
    is_day.then(|| Civil::midnight(day_number(year, month, day)))
}

/// The four numbers of two digits each, of which the first is in the lowest byte.
#[inline]
fn pairs(digits: u64) -> Option<[u32; 4]> {
    const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    // A digit has a 3 in its upper half, also with 6 added to it.
    let is_digits =
        digits & HIGH == ZEROS && digits.wrapping_add(0x0606_0606_0606_0606) & HIGH == ZEROS;
    if !is_digits {
        return None;
    }
    let digits = digits - ZEROS;
    let pairs = (digits * 10 + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    Some([0, 16, 32, 48].map(|shift| (pairs >> shift) as u32 & 0xFF))
}

#[inline]
fn number(digits: &[u8]) -> Result<u32, Problem> {
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(Problem::NoDigits);
        }
        value = value * 10 + u32::from(digit - b'0');
    }
    Ok(value)
}

/// Reads a DURATION. The grammar's order of parts is not insisted on (`PT1H30S` is in use), a part
/// of no unit is an error.
pub(crate) fn duration(value: &[u8]) -> Result<Length, Problem> {
    const NOT: Problem = Problem::NoDuration;
    // The largest that counts; all of the calendar is 3.2e11 seconds.
    const MOST: i64 = 400_000_000_000;
    let value = value.trim_ascii();
    let (sign, rest) = match value {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let [b'P' | b'p', rest @ ..] = rest else {
        return Err(NOT);
    };
    let (mut length, mut amount, mut in_time, mut parts) = (Length::default(), None, false, 0);
    for &byte in rest {
        match byte.to_ascii_uppercase() {
            digit @ b'0'..=b'9' => {
                let so_far: i64 = amount.unwrap_or(0);
                amount = Some((so_far * 10 + i64::from(digit - b'0')).min(MOST));
            }
            b'T' if amount.is_none() && !in_time => in_time = true,
            unit => {
                let Some(many) = amount.take() else {
                    return Err(NOT);
                };
                match (unit, in_time) {
                    (b'W', false) => length.days += many * 7,
                    (b'D', false) => length.days += many,
                    (b'H', true) => length.seconds += many * 3600,
                    (b'M', true) => length.seconds += many * 60,
                    (b'S', true) => length.seconds += many,
                    _ => return Err(NOT),
                }
                // No more parts than a duration can have, so that the sums stay far from overflow.
                parts += 1;
                if parts > 8 {
                    return Err(NOT);
                }
            }
        }
    }
    if amount.is_some() || parts == 0 {
        return Err(NOT);
    }
    let within = |n: i64, most: i64| sign * n.min(most);
    Ok(Length { days: within(length.days, MOST / DAY), seconds: within(length.seconds, MOST) })
}

/// Reads a UTC-OFFSET in seconds east of UTC (RFC 5545 section 3.3.14). Some programs write the hour with
/// one digit (`-500`).
pub(crate) fn utc_offset(value: &[u8]) -> Result<i32, Problem> {
    const NOT: Problem = Problem::NoOffset;
    let value = value.trim_ascii();
    let (sign, digits) = match value {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let (hour, rest) = match digits.len() {
        3 => digits.split_at(1),
        4 | 6 => digits.split_at(2),
        _ => return Err(NOT),
    };
    let hour = number(hour)?;
    let minute = number(&rest[..2])?;
    let second = number(&rest[2..])?;
    if hour > 23 || minute > 59 || second > 59 {
        return Err(NOT);
    }
    Ok(sign * (hour * 3600 + minute * 60 + second) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_date_times_are_read_by_their_look() {
        let noon = Civil::midnight(day_number(2026, 3, 2)).plus(12 * 3600);
        assert_eq!(stamp(b"20260302T120000"), Ok(Stamp { civil: noon, kind: TimeForm::Local }));
        assert_eq!(stamp(b" 20260302t120000z "), Ok(Stamp { civil: noon, kind: TimeForm::Utc }));
        assert_eq!(stamp(b"20260302").unwrap().kind, TimeForm::Date);
        assert_eq!(stamp(b"20260302T235960").unwrap(), stamp(b"20260302T235959").unwrap());
    }

    #[test]
    fn what_is_read_eight_bytes_at_once_is_what_is_read_byte_by_byte() {
        let usual = b"20260302T120059";
        for at in 0..15 {
            for byte in 0..=255 {
                let mut text = *usual;
                text[at] = byte;
                let slow = stamp(&text).ok().filter(|it| it.kind == TimeForm::Local);
                // A leap second, and a small letter, are left to the other one.
                let is_left = text[8] == b't' || text[13..] == *b"60";
                let expected = slow.map(|it| it.civil).filter(|_| !is_left);
                assert_eq!(quick(&text), expected, "{:?}", String::from_utf8_lossy(&text));
            }
        }
        assert_eq!(quick(b"20240229T235959").unwrap(), stamp(b"20240229T235959").unwrap().civil);
        assert_eq!((quick(b"20230229T000000"), quick(b"00000101T000000")), (None, None));
    }

    #[test]
    fn what_is_no_day_or_no_time_is_an_error() {
        for bad in [
            "",
            "2026",
            "20260230",
            "20261301",
            "20260001",
            "00000101",
            "20260100",
            "20250229",
            "20260302T250000",
            "20260302T126000",
            "20260302T120061",
            "20260302X120000",
            "20260302T120000X",
            "20260302T1200",
            "2026-03-02",
            "20260302T1200000",
            "２０２６",
        ] {
            assert!(stamp(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(stamp(b"99991231T235959Z").is_ok());
        assert!(stamp(b"00010101").is_ok());
    }

    #[test]
    fn durations_have_nominal_days_and_exact_seconds() {
        let read = |text: &str| duration(text.as_bytes()).map(|l| (l.days, l.seconds));
        assert_eq!(read("P15DT5H0M20S"), Ok((15, 18_020)));
        assert_eq!(read("P7W"), Ok((49, 0)));
        assert_eq!(read("-PT15M"), Ok((0, -900)));
        assert_eq!(read("+P1D"), Ok((1, 0)));
        assert_eq!(read("PT0S"), Ok((0, 0)));
        for bad in ["", "P", "PT", "1H", "P1H", "PT1D", "PT1", "P-1D", "PT1H1", "P1DT1HT1M"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read("PT99999999999999999999999S").unwrap().1 > 0);
        assert!(read("P1D1D1D1D1D1D1D1D1D").is_err());
    }

    #[test]
    fn offsets_have_hours_minutes_and_perhaps_seconds() {
        assert_eq!(utc_offset(b"+0100"), Ok(3600));
        assert_eq!(utc_offset(b"-053730"), Ok(-20_250));
        assert_eq!(utc_offset(b"-500"), Ok(-18_000));
        assert_eq!(utc_offset(b"+930"), Ok(34_200));
        assert!(utc_offset(b"+12345").is_err());
        assert!(utc_offset(b"+360").is_err());
        assert!(utc_offset(b"+1").is_err());
        assert!(utc_offset(b"+2500").is_err());
    }
}
