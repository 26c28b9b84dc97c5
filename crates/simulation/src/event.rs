//! Events as the people of a history write them, and as the model reads them: whole half hours in UTC,
//! alone or once a day.
//!
//! The model has a reader of its own for texts, so that a fault of the program's own reading cannot hide in both.

use std::fmt::Write as _;

/// The grid on which all events lie, in seconds.
pub(crate) const SLOT: i64 = 1_800;
/// The address by which the first room is invited.
pub(crate) const ROOM_ADDRESS: &str = "room@example.org";
/// The PARTSTAT of a room that has not answered.
pub(crate) const UNANSWERED: &str = "NEEDS-ACTION";
/// What somebody leaves behind who answers for the room.
const ANSWERED: &str = ";X-ANSWERED=BY-HAND";
/// The parameter of an ORGANIZER whom no server tells anything (RFC 6638 section 7.1).
const UNSCHEDULED: &str = ";SCHEDULE-AGENT=NONE";
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// An event, or a series of one occurrence a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub uid: String,
    pub name: String,
    pub organizer: Option<String>,
    /// Whether no server tells its organizer of it (SCHEDULE-AGENT=NONE): then it can be moved to another room.
    pub is_unscheduled: bool,
    /// Seconds since 1970.
    pub start: i64,
    /// Exclusive.
    pub end: i64,
    /// How many days, the first included.
    pub days: i64,
    /// Starts of occurrences that do not take place.
    pub excluded: Vec<i64>,
    pub created: Option<i64>,
    pub modified: Option<i64>,
    pub sequence: i64,
    pub is_cancelled: bool,
    pub is_free: bool,
    /// The room's PARTSTAT; `None` if it is not invited.
    pub answer: Option<String>,
    /// Whether somebody has answered for the room.
    pub is_answered: bool,
    /// The series of which it has the rest, if the program has divided it.
    pub rest_of: Option<String>,
}

impl Event {
    /// The text as a client writes it.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//People//EN\r\nBEGIN:VEVENT\r\n",
        );
        let mut line = |line: String| {
            let _ = write!(text, "{line}\r\n");
        };
        line(format!("UID:{}", self.uid));
        line("DTSTAMP:20260101T000000Z".to_owned());
        line(format!("SUMMARY:{}", self.name));
        for (name, moment) in [("CREATED", self.created), ("LAST-MODIFIED", self.modified)] {
            if let Some(moment) = moment {
                line(format!("{name}:{}", stamp(moment)));
            }
        }
        line(format!("DTSTART:{}", stamp(self.start)));
        line(format!("DTEND:{}", stamp(self.end)));
        if self.days > 1 {
            line(format!("RRULE:FREQ=DAILY;COUNT={}", self.days));
        }
        for excluded in &self.excluded {
            line(format!("EXDATE:{}", stamp(*excluded)));
        }
        if let Some(organizer) = &self.organizer {
            let agent = if self.is_unscheduled { UNSCHEDULED } else { "" };
            line(format!("ORGANIZER{agent}:mailto:{organizer}"));
        }
        if let Some(answer) = &self.answer {
            let answered = if self.is_answered { ANSWERED } else { "" };
            line(format!("ATTENDEE{answered};PARTSTAT={answer}:mailto:{ROOM_ADDRESS}"));
        }
        if let Some(series) = &self.rest_of {
            line(format!("RELATED-TO;RELTYPE=FIRST:{series}"));
        }
        line(format!("SEQUENCE:{}", self.sequence));
        line(format!("STATUS:{}", if self.is_cancelled { "CANCELLED" } else { "CONFIRMED" }));
        if self.is_free {
            line("TRANSP:TRANSPARENT".to_owned());
        }
        line("X-PEOPLE-NOTE;X-KIND=\"a;b\":kept as it is\\, byte for byte".to_owned());
        text.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
        text
    }

    /// Reads a text that a client or the program has written.
    pub fn read(text: &str) -> Option<Event> {
        let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
        let mut event = Event { days: 1, ..Event::default() };
        for line in unfolded.lines() {
            let (head, value) = line.split_once(':')?;
            match head.split(';').next()? {
                "UID" => event.uid = value.to_owned(),
                "SUMMARY" => event.name = value.to_owned(),
                "CREATED" => event.created = moment(value),
                "LAST-MODIFIED" => event.modified = moment(value),
                "DTSTART" => event.start = moment(value)?,
                "DTEND" => event.end = moment(value)?,
                "RRULE" => event.days = value.strip_prefix("FREQ=DAILY;COUNT=")?.parse().ok()?,
                "EXDATE" => event.excluded.extend(value.split(',').filter_map(moment)),
                "ORGANIZER" => {
                    event.organizer = value.strip_prefix("mailto:").map(str::to_owned);
                    event.is_unscheduled = head.contains(UNSCHEDULED);
                }
                "ATTENDEE" => {
                    let answer = head.split("PARTSTAT=").nth(1).unwrap_or(UNANSWERED);
                    event.answer = answer.split(';').next().map(str::to_owned);
                    event.is_answered = head.contains(ANSWERED);
                }
                "RELATED-TO" if head.contains("RELTYPE=FIRST") => {
                    event.rest_of = Some(value.to_owned());
                }
                "SEQUENCE" => event.sequence = value.parse().ok()?,
                "STATUS" => event.is_cancelled = value == "CANCELLED",
                "TRANSP" => event.is_free = value == "TRANSPARENT",
                _ => {}
            }
        }
        (event.end > event.start).then_some(event)
    }

    /// The occurrences that take place, as `[start, end)`, whether or not they block.
    pub fn occurrences(&self) -> Vec<(i64, i64)> {
        let length = self.end - self.start;
        let starts = (0..self.days).map(|day| self.start + day * DAY);
        let starts = starts.filter(|start| !self.excluded.contains(start));
        starts.map(|start| (start, start + length)).collect()
    }

    /// The occurrences that hold the room.
    pub fn blocking(&self) -> Vec<(i64, i64)> {
        if self.is_cancelled || self.is_free { Vec::new() } else { self.occurrences() }
    }

    /// It asks the room anew, if that is invited: what an organizer's server does to a meeting that is moved.
    pub fn ask_again(&mut self) {
        self.answer = self.answer.take().map(|_| UNANSWERED.to_owned());
        self.is_answered = false;
    }

    /// The half hours that it holds, as numbers of [`SLOT`]s since 1970.
    pub fn slots(&self) -> impl Iterator<Item = i64> {
        self.blocking().into_iter().flat_map(|(start, end)| start / SLOT..end / SLOT)
    }
}

/// A moment as iCalendar writes it in UTC.
pub(crate) fn stamp(seconds: i64) -> String {
    let at = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A moment as people read it: `03-02 10:30:00`.
pub(crate) fn shown(seconds: i64) -> String {
    let at = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    at.strftime("%m-%d %H:%M:%S").to_string()
}

fn moment(text: &str) -> Option<i64> {
    let format = "%Y%m%dT%H%M%S";
    let civil = jiff::civil::DateTime::strptime(format, text.strip_suffix('Z')?).ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_the_model_reads() {
        let event = Event {
            uid: "a".to_owned(),
            name: "Talk".to_owned(),
            organizer: Some("ann@example.org".to_owned()),
            is_unscheduled: true,
            start: 1_772_409_600,
            end: 1_772_413_200,
            days: 3,
            excluded: vec![1_772_496_000],
            created: Some(0),
            modified: Some(1_772_400_000),
            sequence: 4,
            is_cancelled: false,
            is_free: false,
            answer: Some("TENTATIVE".to_owned()),
            is_answered: true,
            rest_of: Some("s".to_owned()),
        };
        assert_eq!(Event::read(&event.text()), Some(event.clone()));
        assert_eq!(event.blocking().len(), 2);
        assert_eq!(event.slots().count(), 4);
    }
}
