//! The search for a free room on the day page: when, for how long, for how many people, with what.

use std::collections::BTreeSet;

use ical::Zone;
use ical::civil::{Civil, Day};
use operations::{Error, FieldError, FreeRoom, WantedRoom};
use store::calendars::Calendar;
use store::rooms::Room;
use store::secrets::random_text;

use crate::web::admin::bookings::book::ONCE;
use crate::web::admin::bookings::series::Series;
use crate::web::admin::bookings::times::local;
use crate::web::admin::bookings::week::iso;
use crate::web::admin::bookings::week_layout::Minutes;
use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::field::{Choice, Field, Trouble, with_errors};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

/// The lengths that can be chosen, in minutes.
const LENGTHS: [i64; 11] = [15, 30, 45, 60, 90, 120, 180, 240, 360, 480, WHOLE_DAY];
/// A whole day, from midnight to midnight.
const WHOLE_DAY: i64 = 24 * 60;
/// The length that is chosen if nobody says otherwise.
const USUAL_LENGTH: i64 = 60;
/// The most rooms that are found.
const MAX_FOUND: usize = 10;
/// The most taken dates that are named of one room.
const MAX_DATES_NAMED: usize = 3;
/// The most seats that can be asked for.
const MAX_SEATS: u32 = 100_000;

/// What somebody looks for: the rooms that are shown, and when one has to be free.
pub struct Search {
    /// The day.
    pub day: Day,
    building: String,
    seats: String,
    features: Vec<String>,
    /// Minutes since midnight; `None` if only rooms are filtered.
    from: Option<i64>,
    /// Whether a time was given that is none.
    is_wrong_time: bool,
    minutes: i64,
    series: Series,
}

/// The fields of the search.
pub struct SearchForm {
    /// The day.
    pub date: Field,
    /// The building; `None` if no room has one.
    pub building: Option<Field>,
    /// The seats.
    pub seats: Field,
    /// The features that rooms have.
    pub features: Vec<Choice>,
    /// How many of them are chosen.
    pub chosen: usize,
    /// When it begins.
    pub from: Field,
    /// How long it takes.
    pub minutes: Field,
    /// How it repeats, every how many of that, and until when.
    pub series: [Field; 3],
    /// The weekdays of a weekly series.
    pub weekdays: Vec<Choice>,
    /// Whether it is a series.
    pub is_series: bool,
    /// Whether anything but the day is given.
    pub is_narrowed: bool,
    /// What is wrong with it.
    pub errors: Vec<Trouble>,
}

/// A room that was found.
pub struct FoundRoom {
    /// Its name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What it is like.
    pub about: String,
    /// The dates on which it is taken; `None` if it is free on all.
    pub taken: Option<String>,
}

/// What was found, with what booking one of the rooms sends.
pub struct FoundRooms {
    /// When: `Tuesday, 1 December 2026, 14:00–15:00`.
    pub when: String,
    /// The rooms: those that are free first, the smallest sufficient one first.
    pub rooms: Vec<FoundRoom>,
    /// The first that is free.
    pub first: Option<String>,
    /// The idempotency key of the form.
    pub once: String,
    /// The hidden fields of the form.
    pub hidden: Vec<(&'static str, String)>,
}

impl Search {
    /// What a query says, for a day.
    pub fn read(query: &Form, day: Day) -> Search {
        let from = query.value("from");
        let minute = from.and_then(minute_of);
        let minutes = query.text("minutes").parse().ok().filter(|it| LENGTHS.contains(it));
        Search {
            day,
            building: query.value("building").unwrap_or_default().to_owned(),
            seats: query.value("seats").unwrap_or_default().to_owned(),
            features: query
                .values("feature")
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            // A whole day begins at midnight.
            from: minute.or((minutes == Some(WHOLE_DAY)).then_some(0)),
            is_wrong_time: from.is_some() && minute.is_none(),
            minutes: minutes.unwrap_or(USUAL_LENGTH),
            series: Series::read(query),
        }
    }

    /// What it is about, without the times.
    pub fn wanted(&self) -> WantedRoom {
        WantedRoom {
            capacity: self.seats.parse().ok().filter(|it| *it <= i64::from(MAX_SEATS)),
            features: self.features.clone(),
            building: Some(self.building.clone()).filter(|it| !it.is_empty()),
            limit: MAX_FOUND,
            ..WantedRoom::default()
        }
    }

    /// The pairs of a link to another day that keeps the filters.
    pub fn filters(&self) -> Vec<(&str, &str)> {
        let one = [("building", self.building.as_str()), ("seats", self.seats.as_str())];
        one.into_iter().chain(self.features.iter().map(|it| ("feature", it.as_str()))).collect()
    }

    /// The pairs of a link that keeps the time that is looked for; none without one.
    pub fn times(&self) -> Vec<(&'static str, String)> {
        let Some(from) = self.from else { return Vec::new() };
        let mut pairs = vec![
            ("from", format!("{:02}:{:02}", from / 60, from % 60)),
            ("minutes", self.minutes.to_string()),
        ];
        pairs.extend(self.series.pairs());
        pairs
    }

    /// The time that is looked for, if it is on its day.
    pub fn time(&self) -> Option<Minutes> {
        let is_here = self.minutes < WHOLE_DAY && self.series.first_day(self.day) == self.day;
        let from = self.from.filter(|_| is_here)?;
        Some(Minutes { start: from, end: (from + self.minutes).min(WHOLE_DAY) })
    }

    /// Its fields, with the buildings and features of these rooms.
    pub fn form(&self, t: &Texts, rooms: &[&Room], errors: &[FieldError]) -> SearchForm {
        let choice =
            |value: String, label: String, chosen: bool| Choice { value, label, is_chosen: chosen };
        let buildings: BTreeSet<&str> =
            rooms.iter().filter_map(|it| it.building.as_deref()).collect();
        let building = (!buildings.is_empty()).then(|| {
            let all = choice(String::new(), t.all_buildings.to_string(), false);
            let of = |it: &str| choice(it.to_owned(), it.to_owned(), it == self.building);
            let choices = std::iter::once(all).chain(buildings.iter().map(|it| of(it)));
            Field::select("building", t.room_building, choices.collect())
        });
        let features: BTreeSet<&str> =
            rooms.iter().flat_map(|it| &it.features).map(String::as_str).collect();
        let of = |it: &str| {
            let is_chosen = self.features.iter().any(|chosen| chosen == it);
            choice(it.to_owned(), it.to_owned(), is_chosen)
        };
        let features: Vec<Choice> = features.into_iter().map(of).collect();
        let lengths =
            LENGTHS.map(|it| choice(it.to_string(), length(t, it), it == self.minutes)).to_vec();
        let from = match self.from {
            Some(from) => Minutes::clock(from),
            None => String::new(),
        };
        let mut form = SearchForm {
            date: Field::new("date", "date", t.day, iso(self.day)).required(),
            building,
            seats: Field::number("seats", t.people_at_least, &self.seats, 1, MAX_SEATS),
            chosen: features.iter().filter(|it| it.is_chosen).count(),
            features,
            from: Field::new("time", "from", t.free_from, from),
            minutes: Field::select("minutes", t.free_for, lengths),
            series: self.series.fields(t),
            weekdays: self.series.days(t),
            is_series: self.series.is_one(),
            is_narrowed: !self.filters().iter().all(|(_, value)| value.is_empty())
                || self.from.is_some(),
            errors: Vec::new(),
        };
        let fields = [&mut form.date, &mut form.from, &mut form.seats];
        form.errors = with_errors(t, fields.into_iter().chain(&mut form.series), errors);
        form
    }

    /// The rooms that are free, if a time is given; or what is wrong with it.
    pub async fn find(
        &self,
        context: &RequestContext,
        calendars: &[Calendar],
    ) -> Result<Result<Option<FoundRooms>, Vec<FieldError>>, Refused> {
        let t = context.texts();
        let mut errors = Vec::new();
        if !self.seats.is_empty() && self.wanted().capacity.is_none_or(|it| it < 1) {
            errors.push(FieldError::quoted("seats", t.whole_number));
        }
        if self.is_wrong_time {
            errors.push(FieldError::quoted("from", t.no_time));
        }
        let (day, rule) = (self.series.first_day(self.day), self.series.rule(t, None));
        let (Some(from), Ok(rrule), true) = (self.from, &rule, errors.is_empty()) else {
            errors.extend(rule.err().unwrap_or_default());
            return Ok(if errors.is_empty() { Ok(None) } else { Err(errors) });
        };
        let is_day = self.minutes == WHOLE_DAY;
        let starts = Civil::midnight(day).plus(from * 60);
        let ends = starts.plus(self.minutes * 60);
        let (start, end) = match is_day {
            true => (iso(day), iso(day + 1)),
            false => (local(starts), local(ends)),
        };
        let wanted = WantedRoom { start, end, rrule: rrule.clone(), ..self.wanted() };
        let found = match context.app.service.free_rooms(calendars, &wanted).await {
            Ok(found) => found,
            Err(Error::Invalid(errors)) => return Ok(Err(errors)),
            Err(error) => return Err(error.into()),
        };
        let words = &t.language.words;
        let clock = match is_day {
            true => words.all_day.to_owned(),
            false => format!("{}–{}", clock(starts), clock(ends)),
        };
        let mut hidden = vec![
            // People enter the last day of whole days.
            ("start", if is_day { local(Civil::midnight(day)) } else { wanted.start }),
            ("end", if is_day { local(Civil::midnight(day)) } else { wanted.end }),
            ("only_if_free", "1".to_owned()),
            ("from_day", "1".to_owned()),
        ];
        if is_day {
            hidden.push(("all_day", "1".to_owned()));
        }
        hidden.extend(self.series.pairs());
        Ok(Ok(Some(FoundRooms {
            when: format!("{}, {clock}", words.long_day(day)),
            first: found.iter().find(|it| it.dates_taken == 0).map(|it| it.calendar.slug.clone()),
            rooms: found.iter().map(|it| found_room(t, it)).collect(),
            once: random_text(ONCE),
            hidden,
        })))
    }
}

fn found_room(t: &Texts, it: &FreeRoom) -> FoundRoom {
    let zone = Zone::iana(&it.calendar.zone).unwrap_or_else(Zone::utc);
    let day = |start| t.language.words.day(zone.civil(start).day());
    let named = it.taken.iter().take(MAX_DATES_NAMED);
    let mut named: Vec<String> = named.map(|(start, _)| day(*start)).collect();
    if it.dates_taken > named.len() {
        named.push("…".to_owned());
    }
    FoundRoom {
        slug: it.calendar.slug.clone(),
        name: it.calendar.name.clone(),
        about: about(t, &it.room),
        taken: (it.dates_taken > 0)
            .then(|| t.dates_taken(it.dates_taken, it.dates, named.join(", "))),
    }
}

/// What a room is like, in a line: its seats, building and floor.
pub fn about(t: &Texts, room: &Room) -> String {
    let seats = room.capacity.map(|it| t.seats(it));
    // A number alone says nothing.
    let is_number = |it: &String| it.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
    let floor = room.floor.as_ref().map(|it| match is_number(it) {
        true => t.floor_number(it),
        false => it.clone(),
    });
    let parts = [seats, room.building.clone(), floor];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `90` as `1 h 30 min`.
fn length(t: &Texts, minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        _ if minutes == WHOLE_DAY => t.language.words.all_day.to_owned(),
        (0, minutes) => t.length_minutes(minutes),
        (hours, 0) => t.length_hours(hours),
        (hours, minutes) => format!("{} {}", t.length_hours(hours), t.length_minutes(minutes)),
    }
}

/// The minute of the day of `09:30`, which some browsers send with seconds.
fn minute_of(text: &str) -> Option<i64> {
    let (hours, minutes) = text.get(..5)?.split_once(':')?;
    let is_clock = text.len() == 5 || text[5..].starts_with(':');
    let number = |it: &str| {
        let is_number = it.len() == 2 && it.bytes().all(|byte| byte.is_ascii_digit());
        it.parse::<i64>().ok().filter(|_| is_number)
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (is_clock && hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// `09:30`
fn clock(civil: Civil) -> String {
    Minutes::clock(i64::from(civil.second_of_day()) / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_read_and_anything_else_is_none() {
        for (text, expected) in [
            ("09:30", Some(570)),
            ("09:30:00", Some(570)),
            ("00:00", Some(0)),
            ("23:59", Some(1439)),
            ("24:00", None),
            ("9", None),
            ("09:30+05:00", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(minute_of(text), expected, "{text}");
        }
    }

    #[test]
    fn lengths_are_told_in_hours_and_minutes() {
        let told = |minutes| length(wording::english(), minutes);
        assert_eq!([15, 60, 90, 1440].map(told), ["15 min", "1 h", "1 h 30 min", "all day"]);
    }
}
