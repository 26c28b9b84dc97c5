//! The times of forms that book and change events, and what these forms say of them.

use axum::http::StatusCode;
use facts::{Event, time};
use ical::civil::Civil;
use ical::{Moment, NewTimes, Zone};
use operations::FieldError;

use crate::web::admin::bookings::week::iso;
use crate::web::admin::frame::field::Field;
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::format::{name, period};
use crate::web::admin::frame::text::Texts;

/// What the form says of times: local ones, and of whole days the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it begins; of whole days, some time of the first one.
    pub start: String,
    /// When it ends; of whole days, some time of the last one.
    pub end: String,
    /// Whether it is about whole days.
    pub is_all_day: bool,
}

impl Times {
    /// Times as the form shows them.
    pub fn of(times: NewTimes, zone: &Zone) -> Times {
        let local = |moment| local(zone.civil(moment));
        let midnight = |day| format!("{}T00:00", iso(day));
        match times {
            NewTimes::Timed { start, end } => {
                Times { start: local(start), end: local(end), is_all_day: false }
            }
            // People enter the last day; iCalendar has the day after it.
            NewTimes::AllDay { first, end } => {
                Times { start: midnight(first), end: midnight(end - 1), is_all_day: true }
            }
        }
    }

    /// Times that a link to a form proposes, such as those to which an event was dragged.
    pub fn proposed(query: &Form, zone: &Zone) -> Option<Times> {
        let times = Times::sent(query);
        times.read(zone).is_some().then_some(times)
    }

    /// What a form was sent with.
    pub fn sent(form: &Form) -> Times {
        let text = |name| form.text(name).trim().to_owned();
        Times { start: text("start"), end: text("end"), is_all_day: form.is_ticked("all_day") }
    }

    /// The times as a request names them.
    pub fn requested(&self, zone: &Zone) -> (String, String) {
        let day = |text: &str| time::moment(text, zone).map(|it| zone.civil(it).day());
        match (self.is_all_day, day(&self.start), day(&self.end)) {
            (true, Some(first), Some(last)) => (iso(first), iso(last + 1)),
            _ => (self.start.clone(), self.end.clone()),
        }
    }

    /// They, where they can be read.
    pub fn read(&self, zone: &Zone) -> Option<NewTimes> {
        let (start, end) = self.requested(zone);
        match (time::date(&start), time::date(&end)) {
            (Some(first), Some(end)) => Some(NewTimes::AllDay { first, end }),
            _ => {
                let (start, end) = (time::moment(&start, zone)?, time::moment(&end, zone)?);
                Some(NewTimes::Timed { start, end })
            }
        }
    }

    /// Whether it is over by then. What is on is not.
    pub fn is_over(&self, zone: &Zone, now: Moment) -> bool {
        let end = self.read(zone).map(|it| match it {
            NewTimes::Timed { end, .. } => end,
            NewTimes::AllDay { end, .. } => zone.moment(Civil::midnight(end)),
        });
        end.is_some_and(|end| end <= now)
    }
}

/// The name of the box that says that a time is meant to be over.
const IN_PAST: &str = "in_past";

/// That box: shown to those who were asked, selected if they said so.
pub fn in_past(t: &Texts, form: &Form, errors: &[FieldError]) -> Option<Field> {
    let is_ticked = form.is_ticked(IN_PAST);
    let is_asked = errors.iter().any(|it| it.field == IN_PAST);
    (is_asked || is_ticked).then(|| Field::checkbox(IN_PAST, t.in_past, is_ticked))
}

/// Asks whether a time that is over is meant, unless the form says so.
pub fn ask_about_past(t: &Texts, form: &Form) -> Option<FieldError> {
    (!form.is_ticked(IN_PAST)).then(|| FieldError::quoted(IN_PAST, t.in_past_error))
}

/// The same for dates of a series that are over, and would move with the others.
pub fn ask_about_past_dates(t: &Texts, form: &Form) -> Option<FieldError> {
    (!form.is_ticked(IN_PAST)).then(|| FieldError::quoted(IN_PAST, t.past_dates_error))
}

/// The most events in the way that a page names.
const MAX_IN_WAY: usize = 10;

/// The names and times of events that are in the way.
pub fn in_the_way(t: &Texts, zone: &Zone, events: &[Event]) -> Vec<(String, String)> {
    events.iter().take(MAX_IN_WAY).map(|it| (name(t, it), period(t, zone, it))).collect()
}

/// The status of a page that shows its form again.
pub fn status_of(has_errors: bool, is_taken: bool) -> StatusCode {
    match (has_errors, is_taken) {
        (_, true) => StatusCode::CONFLICT,
        (true, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, false) => StatusCode::OK,
    }
}

/// A local time as `datetime-local` fields have it, with seconds only where it has some.
pub fn local(civil: Civil) -> String {
    let second = civil.second_of_day();
    let (hour, minute, rest) = (second / 3600, second / 60 % 60, second % 60);
    let seconds = if rest == 0 { String::new() } else { format!(":{rest:02}") };
    format!("{}T{hour:02}:{minute:02}{seconds}", iso(civil.day()))
}
