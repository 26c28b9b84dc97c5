//! Bounds of what requests say of events: names, descriptions and times.

use facts::time;
use ical::civil::{DAY, day_number};
use ical::{Moment, NewTimes, Zone};

use crate::{Message, MessageId};

/// The most characters of a name.
const MAX_NAME: usize = 255;
/// The most characters of a description.
const MAX_DESCRIPTION: usize = 8_000;
/// The longest event, in seconds.
const MAX_LENGTH: i64 = 366 * DAY;
/// The years in which events may lie.
const YEARS: [i32; 2] = [1970, 2200];

/// Whether a trimmed text can be an event's name.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub(crate) fn check_event_name(name: &str) -> Result<(), Message> {
    match name.chars().count() {
        0 => Err(MessageId::MustNotBeEmpty.into()),
        count if count > MAX_NAME => Err(MessageId::EventNameTooLong.into()),
        _ if name.chars().any(char::is_control) => Err(MessageId::EventNameControls.into()),
        _ => Ok(()),
    }
}

/// Whether a text can be an event's description.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub(crate) fn check_description(text: &str) -> Result<(), Message> {
    if text.chars().count() > MAX_DESCRIPTION {
        return Err(MessageId::DescriptionTooLong.into());
    }
    if text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        return Err(MessageId::DescriptionControls.into());
    }
    Ok(())
}

/// The times of a booking, or what is wrong with them.
pub(crate) fn read_times(
    start: &str,
    end: &str,
    zone: &Zone,
    wrong: &mut impl FnMut(&str, Message),
) -> Option<NewTimes> {
    let both = [("start", start), ("end", end)];
    let dates = both.map(|(_, text)| time::date(text));
    if let [Some(first), Some(end)] = dates {
        let years = YEARS.map(|year| day_number(year, 1, 1));
        let is_within = |day: i32| (years[0]..years[1]).contains(&day);
        let (mut is_right, last) = (true, end - 1);
        for (field, day) in [("start", first), ("end", last)] {
            if !is_within(day) {
                wrong(field, MessageId::YearsBetween.into());
                is_right = false;
            }
        }
        if end <= first {
            wrong("end", MessageId::EndDayAfterStart.into());
        } else if i64::from(end - first) * DAY > MAX_LENGTH {
            wrong("end", MessageId::EndTooLate.into());
        } else if is_right {
            return Some(NewTimes::AllDay { first, end });
        }
        return None;
    }
    if dates.iter().any(Option::is_some) && both.iter().all(|(_, it)| is_time(it, zone)) {
        wrong("end", MessageId::DateAndTime.into());
        return None;
    }
    let mut moments = [None; 2];
    for ((field, text), moment) in both.into_iter().zip(&mut moments) {
        *moment = time::moment(text, zone);
        match *moment {
            None => wrong(field, MessageId::TimeForm.into()),
            Some(at) if !is_within_years(at, zone) => {
                wrong(field, MessageId::YearsBetween.into());
                *moment = None;
            }
            Some(_) => {}
        }
    }
    let [start, end] = [moments[0]?, moments[1]?];
    if end <= start {
        wrong("end", MessageId::EndAfterStart.into());
    } else if end.since(start) > MAX_LENGTH {
        wrong("end", MessageId::EndTooLate.into());
    } else {
        return Some(NewTimes::Timed { start, end });
    }
    None
}

/// Refuses a time of a series that the clocks skip or show for the second time: a series keeps to the
/// clock, and could not take place when it was asked for.
pub(crate) fn check_clock(
    field: &str,
    (text, moment): (&str, Moment),
    zone: &Zone,
    wrong: &mut impl FnMut(&str, Message),
) {
    if time::is_skipped(text, zone) {
        wrong(field, MessageId::SkippedTime.into());
    } else if zone.moment(zone.civil(moment)) != moment {
        wrong(field, MessageId::RepeatedTime.into());
    }
}

fn is_time(text: &str, zone: &Zone) -> bool {
    time::moment(text, zone).is_some()
}

/// Whether a moment lies in the years of bookings, on the zone's clock; the very end of them does.
fn is_within_years(moment: Moment, zone: &Zone) -> bool {
    let [first, end] = YEARS.map(|year| day_number(year, 1, 1));
    let civil = zone.civil(moment);
    let is_the_end = civil.day() == end && civil.second_of_day() == 0;
    (first..end).contains(&civil.day()) || is_the_end
}
