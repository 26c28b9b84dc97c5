//! `strftime` as Python writes it, with names in a language.

use jiff::Zoned;
use jiff::civil::{Date, Weekday};

use crate::limits::MAX_FORMAT;
use crate::names::Language;

/// Writes a moment by a format of Python's `strftime`, with glibc's `%-d`, `%_d` and `%^a`. Unknown
/// directives stay as they are, like in Python.
///
/// # Errors
///
/// If the format is longer than [`MAX_FORMAT`] characters.
pub(crate) fn strftime(at: &Zoned, format: &str, language: Language) -> Result<String, String> {
    if format.chars().count() > MAX_FORMAT {
        return Err(format!("the format has more than {MAX_FORMAT} characters"));
    }
    let mut text = String::with_capacity(format.len() * 2);
    write(&mut text, at, format, language);
    Ok(text)
}

/// How a number is padded.
#[derive(Clone, Copy)]
enum Pad {
    Default,
    None,
    Space,
    Zero,
}

fn write(text: &mut String, at: &Zoned, format: &str, language: Language) {
    let mut rest = format.chars();
    while let Some(letter) = rest.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let after = rest.as_str();
        let (mut pad, mut is_upper, mut has_colon) = (Pad::Default, false, false);
        let directive = loop {
            match rest.next() {
                Some('-') => pad = Pad::None,
                Some('_') => pad = Pad::Space,
                Some('0') => pad = Pad::Zero,
                Some('^') => is_upper = true,
                Some(':') => has_colon = true,
                other => break other,
            }
        };
        let mut piece = String::new();
        match directive {
            Some(letter) if one(&mut piece, at, letter, pad, has_colon, language) => {
                text.push_str(&if is_upper { piece.to_uppercase() } else { piece });
            }
            _ => {
                text.push('%');
                rest = after.chars();
            }
        }
    }
}

fn number(text: &mut String, number: i64, width: usize, default: Pad, pad: Pad) {
    let pad = if matches!(pad, Pad::Default) { default } else { pad };
    text.push_str(&match pad {
        Pad::None => format!("{number}"),
        Pad::Space => format!("{number:>width$}"),
        Pad::Default | Pad::Zero => format!("{number:0>width$}"),
    });
}

/// Writes one directive; returns whether it exists.
fn one(
    text: &mut String,
    at: &Zoned,
    directive: char,
    pad: Pad,
    has_colon: bool,
    language: Language,
) -> bool {
    let (date, time) = (at.date(), at.time());
    let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    let month = usize::from(date.month().unsigned_abs()) - 1;
    let hour = i64::from(time.hour());
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let mut two = |value: i64, default: Pad| number(text, value, 2, default, pad);
    match directive {
        'd' => two(date.day().into(), Pad::Zero),
        'e' => two(date.day().into(), Pad::Space),
        'm' => two(date.month().into(), Pad::Zero),
        'y' => two(i64::from(date.year()).rem_euclid(100), Pad::Zero),
        'C' => two(i64::from(date.year()).div_euclid(100), Pad::Zero),
        'H' => two(hour, Pad::Zero),
        'k' => two(hour, Pad::Space),
        'I' => two(twelve, Pad::Zero),
        'l' => two(twelve, Pad::Space),
        'M' => two(time.minute().into(), Pad::Zero),
        'S' => two(time.second().into(), Pad::Zero),
        'g' => two(i64::from(date.iso_week_date().year()).rem_euclid(100), Pad::Zero),
        'U' => two(week_of_year(date, Weekday::Sunday), Pad::Zero),
        'W' => two(week_of_year(date, Weekday::Monday), Pad::Zero),
        'V' => two(date.iso_week_date().week().into(), Pad::Zero),
        'u' => number(text, i64::try_from(weekday).unwrap_or_default() + 1, 1, Pad::None, pad),
        'w' => {
            let sunday_first = i64::from(date.weekday().to_sunday_zero_offset());
            number(text, sunday_first, 1, Pad::None, pad);
        }
        // Python pads the year to nothing on Linux, and so do years of four digits anyway.
        'Y' => number(text, date.year().into(), 1, Pad::None, pad),
        'G' => number(text, date.iso_week_date().year().into(), 1, Pad::None, pad),
        'j' => number(text, date.day_of_year().into(), 3, Pad::Zero, pad),
        's' => number(text, at.timestamp().as_second(), 1, Pad::None, pad),
        'f' => text.push_str(&format!("{:06}", time.subsec_nanosecond() / 1_000)),
        'a' => text.push_str(language.short_weekday(weekday)),
        'A' => text.push_str(language.weekday(weekday)),
        'b' | 'h' => text.push_str(language.short_month(month)),
        'B' => text.push_str(language.month(month)),
        'p' => text.push_str(if hour < 12 { "AM" } else { "PM" }),
        'P' => text.push_str(if hour < 12 { "am" } else { "pm" }),
        'z' => offset(text, at, has_colon),
        'Z' => {
            let info = at.time_zone().to_offset_info(at.timestamp());
            text.push_str(info.abbreviation());
        }
        'n' => text.push('\n'),
        't' => text.push('\t'),
        '%' => text.push('%'),
        'c' => write(text, at, "%a %b %e %H:%M:%S %Y", language),
        'x' | 'D' => write(text, at, "%m/%d/%y", language),
        'X' | 'T' => write(text, at, "%H:%M:%S", language),
        'R' => write(text, at, "%H:%M", language),
        'r' => write(text, at, "%I:%M:%S %p", language),
        'F' => write(text, at, "%Y-%m-%d", language),
        _ => return false,
    }
    true
}

/// `%U` and `%W`: the week of the year; days before the first `first` are week 0.
fn week_of_year(date: Date, first: Weekday) -> i64 {
    let days_since = match first {
        Weekday::Sunday => date.weekday().to_sunday_zero_offset(),
        _ => date.weekday().to_monday_zero_offset(),
    };
    (i64::from(date.day_of_year()) - 1 + 7 - i64::from(days_since)) / 7
}

/// `+0100`, or `+01:00`; with seconds where there are some.
pub(crate) fn offset(text: &mut String, at: &Zoned, has_colon: bool) {
    let seconds = at.offset().seconds();
    let colon = if has_colon { ":" } else { "" };
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    text.push_str(&format!("{sign}{hours:02}{colon}{minutes:02}"));
    if !seconds.is_multiple_of(60) {
        text.push_str(&format!("{colon}{:02}", seconds % 60));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Zoned {
        text.parse().unwrap()
    }

    /// What Python 3.11 prints for the same.
    #[test]
    fn every_directive_writes_what_python_writes() {
        let noon = at("2026-03-02T09:05:07[Europe/Berlin]");
        for (format, expected) in [
            ("%a %A %w %u %d %-d %_d %e", "Mon Monday 1 1 02 2  2  2"),
            ("%b %B %h %m %-m %y %Y %C %^a", "Mar March Mar 03 3 26 2026 20 MON"),
            ("%H %-H %k %I %-I %l %p %M %S %f", "09 9  9 09 9  9 AM 05 07 000000"),
            ("%z %:z %Z %j %-j %U %W", "+0100 +01:00 CET 061 61 09 09"),
            (
                "%c|%x|%X|%D|%T|%R|%r|%F",
                "Mon Mar  2 09:05:07 2026|03/02/26|09:05:07|03/02/26|09:05:07|09:05|09:05:07 AM|2026-03-02",
            ),
            ("%G-W%V %g %s", "2026-W10 26 1772438707"),
            ("100%% %! 50%", "100% %! 50%"),
        ] {
            assert_eq!(strftime(&noon, format, Language::default()).unwrap(), expected, "{format}");
        }
        let midnight = at("2027-01-01T00:00:00[America/New_York]");
        let weeks = "%G-W%V %U %W %j %I %p %z %Z";
        let expected = "2026-W53 00 00 001 12 AM -0500 EST";
        assert_eq!(strftime(&midnight, weeks, Language::default()).unwrap(), expected);
        let german = strftime(&noon, "%A, %-d. %B %Y (%a %b)", Language::of("de").unwrap());
        assert_eq!(german.unwrap(), "Montag, 2. März 2026 (Mo. März)");
    }

    #[test]
    fn a_format_may_have_1000_characters_and_no_more() {
        let noon = at("2026-03-02T12:00:00[UTC]");
        let format = "x".repeat(MAX_FORMAT);
        assert_eq!(strftime(&noon, &format, Language::default()).unwrap(), format);
        assert!(strftime(&noon, &(format + "x"), Language::default()).is_err());
    }
}
