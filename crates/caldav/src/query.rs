//! Queries for an interval of time (RFC 4791 section 7.8).

use crate::request::Request;
use crate::sync::Gathered;
use crate::xml::{ErrorBody, write};
use crate::{Collection, Member, Result};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// The first second of the year 1, and the last one of 9999: what a UTC date-time can say.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

impl Collection {
    /// Requests the objects with events in `[start, end)`, both in seconds since
    /// 1970-01-01T00:00:00Z, with their versions (calendar-query with a time-range, RFC 4791
    /// section 9.9). `None` if the server does not support it.
    ///
    /// Listed objects exist, but may lie outside of the interval: SOGo lists every series. Objects
    /// that are not listed may lie in it nevertheless: Nextcloud and Xandikos miss some. Use it to
    /// find what a mirror lacks, never to conclude that an hour is free or an object is gone.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) where the collection is gone, and any of
    /// [`Error`](crate::Error) that a request can come to.
    pub async fn in_time_range(&self, start: i64, end: i64) -> Result<Option<Vec<Member>>> {
        let body = write::time_range(&utc(start), &utc(end));
        let request = Request::report(self.url.clone(), "1", body);
        let answer = self.send(&request).await?;
        let is_unsupported = match answer.status {
            405 | 415 | 501 => true,
            403 | 409 | 412 => ErrorBody::of(&answer.body).names("supported-report"),
            _ => false,
        };
        if is_unsupported {
            return Ok(None);
        }
        let multistatus = self.escaped(answer.multistatus()?, true);
        let mut gathered = Gathered::default();
        // A truncated answer is useful, too: all listed objects exist.
        gathered.take(multistatus, &answer, false)?;
        Ok(Some(gathered.sorted().0))
    }
}

/// A moment as RFC 5545 writes a date-time in UTC.
fn utc(seconds: i64) -> String {
    let seconds = seconds.clamp(FIRST, LAST);
    let (year, month, day) = date(seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// The Gregorian date of a day since 1970-01-01, counted in eras of 400 years that begin on 1 March.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        for (seconds, expected) in [
            (0, "19700101T000000Z"),
            (951_782_399, "20000228T235959Z"),
            (951_782_400, "20000229T000000Z"),
            (1_709_164_800, "20240229T000000Z"),
            (4_107_542_400, "21000301T000000Z"),
            (1_795_593_042, "20261125T075042Z"),
            (-1, "19691231T235959Z"),
            (i64::MIN, "00010101T000000Z"),
            (i64::MAX, "99991231T235959Z"),
        ] {
            assert_eq!(utc(seconds), expected, "{seconds}");
        }
    }
}
