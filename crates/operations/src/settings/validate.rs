//! Bounds of what administrators set up: the settings of calendars.

use people::names::{check_address, check_name};
use store::calendars::Calendar;

use crate::{FieldError, Message, MessageId};

/// Slugs that mean something else in paths.
pub const RESERVED_SLUGS: [&str; 7] =
    ["docs", "calendars", "clear-bookings", "openapi", "free", "changes", "pending"];
/// The most characters of a slug.
const MAX_SLUG: usize = 63;

/// The shortest and the longest interval at which a calendar is watched, in seconds.
const WATCH_SECONDS: [u32; 2] = [15, 60];

/// Whether a text can be a calendar's name in paths.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub fn check_slug(slug: &str) -> Result<(), Message> {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_right = (1..=MAX_SLUG).contains(&slug.len())
        && slug.bytes().all(|byte| is_letter(byte) || byte == b'-')
        && !slug.starts_with('-');
    if !is_right {
        return Err(MessageId::SlugForm.into());
    }
    if RESERVED_SLUGS.contains(&slug) {
        return Err(MessageId::slug_reserved(RESERVED_SLUGS.join(", ")));
    }
    Ok(())
}

/// All that is wrong with the settings of a calendar.
pub(crate) fn check_calendar(calendar: &Calendar) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: Message| errors.push(FieldError::new(field, message));
    if let Err(reason) = check_slug(&calendar.slug) {
        wrong("slug", reason);
    }
    if let Err(error) = check_name("name", &calendar.name) {
        wrong("name", error.message);
    }
    if ical::Zone::iana(&calendar.zone).is_none() {
        wrong("zone", MessageId::ZoneForm.into());
    }
    for (field, address) in
        [("room address", &calendar.room_address), ("contact address", &calendar.contact_address)]
    {
        if let Some(Err(reason)) = address.as_deref().map(check_address) {
            wrong(field, reason.into());
        }
    }
    let is_on_server = calendar.backend.collection().is_some();
    if calendar.answers && !is_on_server {
        wrong("answers", MessageId::AnswersNeedServer.into());
    } else if calendar.answers && calendar.room_address.is_none() {
        wrong("answers", MessageId::AnswersNeedAddress.into());
    }
    if calendar.watch_seconds.is_some() && !is_on_server {
        wrong("watch", MessageId::WatchNeedsServer.into());
    }
    type OutOfBounds = fn(u32, u32) -> Message;
    let bounds: [(_, _, _, _, OutOfBounds); 6] = [
        (
            "horizon",
            calendar.horizon_days,
            1,
            clearing::Policy::MAX_HORIZON_DAYS,
            MessageId::days_between,
        ),
        ("tolerance", calendar.tolerance_minutes, 0, 7 * 24 * 60, MessageId::minutes_between),
        ("safety limit", calendar.safety_limit, 0, 1_000_000, MessageId::objects_between),
        (
            "grace",
            calendar.grace_hours,
            1,
            clearing::Policy::MAX_GRACE_HOURS,
            MessageId::hours_between,
        ),
        (
            "schedule",
            calendar.schedule_minutes.unwrap_or(1),
            1,
            7 * 24 * 60,
            MessageId::minutes_between,
        ),
        (
            "watch",
            calendar.watch_seconds.unwrap_or(WATCH_SECONDS[0]),
            WATCH_SECONDS[0],
            WATCH_SECONDS[1],
            MessageId::seconds_between,
        ),
    ];
    for (field, value, least, most, out_of_bounds) in bounds {
        if !(least..=most).contains(&value) {
            wrong(field, out_of_bounds(least, most));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_of_the_alphabet_and_none_of_the_reserved_words() {
        let long = "a".repeat(63);
        for slug in ["a", "0", "meeting-room-1", "a-", long.as_str()] {
            assert_eq!(check_slug(slug), Ok(()), "{slug}");
        }
        let longer = "a".repeat(64);
        for slug in
            ["", "-a", "A", "a_b", "ä", "a b", "openapi", "free", "changes", "pending", &longer]
        {
            assert!(check_slug(slug).is_err(), "{slug}");
        }
    }
}
