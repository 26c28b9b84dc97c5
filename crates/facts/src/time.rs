//! Moments as programs write and read them.

use ical::civil::{Civil, Day, day_number};
use ical::{Moment, Zone};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
pub use wording::{Rfc3339, rfc3339};

/// Reads an ISO 8601 date or date-time; without an offset it is in `zone`, as RFC 5545 reads a time that
/// a clock change skips or repeats; a date is its midnight. `None` if it is neither.
pub fn moment(text: &str, zone: &Zone) -> Option<Moment> {
    let (civil, offset) = civil_of(text)?;
    Some(match offset {
        None => zone.moment(civil),
        Some(offset) => Moment(civil.0 - i64::from(offset)),
    })
}

/// Whether a text is a date-time without an offset that the clocks of `zone` never show.
pub fn is_skipped(text: &str, zone: &Zone) -> bool {
    civil_of(text)
        .is_some_and(|(civil, offset)| offset.is_none() && zone.civil(zone.moment(civil)) != civil)
}

/// What clocks show at a date-time, and its offset in seconds, where it has one.
fn civil_of(text: &str) -> Option<(Civil, Option<i32>)> {
    let pieces = Pieces::parse(text).ok()?;
    let date = pieces.date();
    if pieces.time_zone_annotation().is_some() || date.year() < 1 {
        return None;
    }
    let time = pieces.time().unwrap_or_default();
    let midnight = Civil::midnight(day_number(
        i32::from(date.year()),
        date.month().unsigned_abs().into(),
        date.day().unsigned_abs().into(),
    ));
    let civil = midnight.plus(
        i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second()),
    );
    let offset = match pieces.offset() {
        None => None,
        Some(PiecesOffset::Zulu) => Some(0),
        Some(PiecesOffset::Numeric(numeric)) => Some(numeric.offset().seconds()),
        Some(_) => return None,
    };
    Some((civil, offset))
}

/// Reads a plain ISO 8601 date.
pub fn date(text: &str) -> Option<Day> {
    let pieces = Pieces::parse(text).ok()?;
    let is_plain = pieces.time().is_none()
        && pieces.offset().is_none()
        && pieces.time_zone_annotation().is_none();
    let date = pieces.date();
    (is_plain && date.year() >= 1).then(|| {
        day_number(
            i32::from(date.year()),
            date.month().unsigned_abs().into(),
            date.day().unsigned_abs().into(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::iana("Europe/Berlin").unwrap()
    }

    #[test]
    fn moments_carry_the_offset_of_the_zone_at_that_moment() {
        assert_eq!(rfc3339(&berlin(), Moment(1_772_449_200)), "2026-03-02T12:00:00+01:00");
        assert_eq!(rfc3339(&berlin(), Moment(1_782_900_000)), "2026-07-01T12:00:00+02:00");
        assert_eq!(rfc3339(&Zone::utc(), Moment(0)), "1970-01-01T00:00:00+00:00");
        let new_york = Zone::iana("America/New_York").unwrap();
        assert_eq!(rfc3339(&new_york, Moment(0)), "1969-12-31T19:00:00-05:00");
    }

    #[test]
    fn moments_at_the_ends_of_time_are_still_written() {
        assert_eq!(rfc3339(&berlin(), Moment::MAX), "9999-12-31T23:59:59+01:00");
        assert!(rfc3339(&berlin(), Moment::MIN).starts_with("0000-01-01T00:00:00"));
        assert_eq!(rfc3339(&berlin(), Moment(-2_500_000_000)), "1890-10-11T20:26:48+00:53:28");
    }

    #[test]
    fn a_time_without_an_offset_is_in_the_zone() {
        for text in [
            "2026-03-02T12:00:00+01:00",
            "2026-03-02T12:00+01:00",
            "2026-03-02T12:00:00",
            "2026-03-02T12:00",
            "2026-03-02 12:00",
            "2026-03-02T11:00:00Z",
            "2026-03-02T11:00:00.75Z",
            "20260302T120000",
        ] {
            assert_eq!(moment(text, &berlin()), Some(Moment(1_772_449_200)), "{text}");
        }
        assert_eq!(moment("2026-03-02", &berlin()), Some(Moment(1_772_449_200 - 12 * 3600)));
        // A clock change skips 02:30, and repeats it: the offset before the gap, and the first.
        assert_eq!(moment("2026-03-29T02:30", &berlin()), moment("2026-03-29T03:30", &berlin()));
        assert_eq!(moment("2026-10-25T02:30", &berlin()), moment("2026-10-25T00:30Z", &berlin()));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "now", "2026-02-30", "2026-03-02T25:00", "12:00", "2026-03-02[UTC]", "-0001-01-01"]
        {
            assert_eq!(moment(text, &Zone::utc()), None, "{text}");
        }
    }

    #[test]
    fn a_plain_date_has_no_time_and_no_offset() {
        assert_eq!(date("2026-03-02"), Some(day_number(2026, 3, 2)));
        for text in ["2026-03-02T00:00", "2026-03-02T00:00Z", "2026-13-02", "x", "2026-03-02[UTC]"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
