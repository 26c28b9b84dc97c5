//! The columns of the week page: a day each, with its events, its free time, and what is outside the hours of the grid.

use std::fmt::Write as _;

use ical::civil::{Civil, Day, weekday};
use ical::{Moment, Zone};
use operations::{Standing, WeekEvent, WeekOutcome};

use crate::web::admin::bookings::places::{Gap, place_of, rules, text_of};
use crate::web::admin::bookings::week_layout::{Lane, Minutes, free_between, lanes};
use crate::web::admin::bookings::week_times::{SHORT_TIMES, iso, times};
use crate::web::admin::clearing::reasons::{Verdict, verdict};
use crate::web::admin::frame::format::name;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::priorities::event_query;

/// An event of a day.
pub struct Block {
    /// The id of its explanation.
    pub id: String,
    /// How it looks, and where it is.
    pub class: String,
    /// The start, or all that is said of its times.
    pub from: String,
    /// The end, with the dash before it.
    pub until: Option<String>,
    /// Its name.
    pub name: String,
    /// Who booked it.
    pub organizer: Option<String>,
    /// What becomes of it, and why.
    pub verdict: Verdict,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// Its page.
    pub path: String,
    /// For a date of a series: by what a change names it, in seconds since 1970.
    pub original: Option<i64>,
    minutes: Minutes,
}

/// What is in the grid.
pub enum Part {
    /// An event.
    Event(Block),
    /// Free time.
    Free(Gap),
}

/// Events of a day before or after the hours of the grid.
pub struct Fold {
    /// How many, and before or after what.
    pub text: String,
    /// Whether one of them would be removed; then it is open.
    pub is_open: bool,
    /// The events.
    pub events: Vec<Block>,
}

/// A day.
pub struct DayColumn {
    /// Its name.
    pub name: String,
    /// The same, short.
    pub short: String,
    /// `2026-03-02`
    pub date: String,
    /// Whether it is today.
    pub is_today: bool,
    /// Whether it is over.
    pub is_over: bool,
    /// Whether the clock changes.
    pub clock_changes: bool,
    /// Events of the whole day.
    pub all_day: Vec<Block>,
    /// Events before the hours of the grid.
    pub before: Option<Fold>,
    /// Events and free time, by start.
    pub parts: Vec<Part>,
    /// Events after the hours of the grid.
    pub after: Option<Fold>,
    /// The class that says where the present is.
    pub now: Option<String>,
    /// How many events stand beside each other.
    lanes: usize,
    is_weekend: bool,
}

/// What is the same for all columns.
pub struct Columns<'c> {
    /// The texts.
    pub t: &'static Texts,
    /// The zone of the calendar.
    pub zone: &'c Zone,
    /// The calendar's name in paths.
    pub slug: &'c str,
    /// The present.
    pub now: Moment,
    /// The hours of the grid.
    pub hours: Minutes,
    /// The events of the week.
    pub events: &'c [WeekEvent],
    /// Whether the events are known; else nothing is offered as free.
    pub is_known: bool,
    /// Whether only organizers can change their events, probably: dragging these would lead to a refusal.
    pub is_scheduling: bool,
}

/// The most characters of a word that fits into a narrow lane. A name with a longer one stands there on one line, with an
/// ellipsis.
const MAX_WORD: usize = 6;
/// Saturday, as [`weekday`] counts.
const SATURDAY: u32 = 5;

impl Columns<'_> {
    /// The column of a day.
    pub fn column(&self, day: Day) -> DayColumn {
        let words = &self.t.language.words;
        let midnight = |day: Day| self.zone.moment(Civil::midnight(day));
        let now = self.zone.civil(self.now);
        let (is_today, is_over) = (now.day() == day, midnight(day + 1) <= self.now);
        let minute = i64::from(now.second_of_day()) / 60;
        let earliest = if is_today { Minutes::next_quarter(now) } else { 0 };
        let (mut all_day, mut before, mut timed, mut after) = (vec![], vec![], vec![], vec![]);
        for it in self.events {
            match Minutes::of_day(self.zone, day, it.event.start, it.event.end) {
                None => {}
                Some(minutes @ Minutes::DAY) => all_day.push((it, minutes)),
                Some(minutes) if self.hours.overlaps(minutes) => timed.push((it, minutes)),
                Some(minutes) if minutes.start < self.hours.start => before.push((it, minutes)),
                Some(minutes) => after.push((it, minutes)),
            }
        }
        let mut number = 0;
        let mut block = |it: &WeekEvent, minutes, place: String| {
            number += 1;
            self.block(day, it, minutes, (number, place))
        };
        let all_day = all_day.into_iter().map(|(it, minutes)| block(it, minutes, String::new()));
        let all_day: Vec<Block> = all_day.collect();
        let folded: [Vec<Block>; 2] = [before, after].map(|events| {
            let line = " s n1".to_owned();
            events.into_iter().map(|(it, minutes)| block(it, minutes, line.clone())).collect()
        });
        let places = lanes(timed.iter().map(|(_, it)| self.hours.part(*it)).collect());
        let side_by_side = places.iter().map(|it| it.of).max().unwrap_or_default();
        let mut parts = Vec::new();
        for ((it, minutes), lane) in timed.into_iter().zip(places) {
            parts.push(Part::Event(block(it, minutes, self.place(it, minutes, lane))));
        }
        if !is_over && self.is_known {
            parts.extend(self.free(day, earliest).into_iter().map(Part::Free));
        }
        parts.sort_by_key(Part::start);
        let [before, after] = folded;
        DayColumn {
            name: words.long_day(day),
            short: words.short_day(day),
            date: iso(day),
            is_today,
            is_over,
            clock_changes: self.zone.offset(midnight(day)) != self.zone.offset(midnight(day + 1)),
            all_day,
            before: fold(before, |count| {
                self.t.fold_before(count, Minutes::clock(self.hours.start)).to_string()
            }),
            parts,
            after: fold(after, |count| {
                self.t.fold_after(count, Minutes::clock(self.hours.end)).to_string()
            }),
            now: (is_today && (self.hours.start..self.hours.end).contains(&minute))
                .then(|| format!("t{minute}")),
            lanes: side_by_side,
            is_weekend: weekday(day) >= SATURDAY,
        }
    }

    /// The classes of a place in the grid; `cut` if not all of it is shown.
    fn place(&self, it: &WeekEvent, minutes: Minutes, lane: Lane) -> String {
        let mut place = place_of(lane);
        place.push_str(&text_of(lane.minutes, has_word(it), it.event.organizer.is_some()));
        if minutes.start < self.hours.start || minutes.end > self.hours.end {
            place.push_str(" cut");
        }
        if lane.of > 1 {
            place.push_str(" beside");
        }
        let name = &it.event.name;
        if name.split_whitespace().any(|word| word.chars().count() > MAX_WORD) {
            place.push_str(" long");
        }
        place
    }

    fn block(
        &self,
        day: Day,
        it: &WeekEvent,
        minutes: Minutes,
        (number, place): (usize, String),
    ) -> Block {
        let t = self.t;
        let verdict = verdict(t, self.zone, it.standing, &it.fate);
        let times = times(t, self.zone, day, &it.event);
        let is_long = times.chars().count() > SHORT_TIMES;
        let (from, until) = match times.split_once('–').filter(|_| !is_long) {
            Some((from, until)) => (from.to_owned(), Some(format!("–{until}"))),
            None => (times, None),
        };
        let query = event_query(&it.event.uid, &it.event.start.0.to_string());
        let is_of_one_day = self.zone.civil(it.event.start).day() == day
            && self.zone.civil(it.event.end.plus(-1)).day() == day;
        let is_movable = is_of_one_day
            && minutes != Minutes::DAY
            && matches!(it.standing, Standing::Holds | Standing::Free)
            && it.fate != WeekOutcome::Over
            && !it.event.privacy.is_hidden
            && !(self.is_scheduling && it.has_organizer);
        let movable = if is_movable { " movable" } else { "" };
        Block {
            id: format!("w{}-{number}", weekday(day)),
            class: format!("{}{place}{movable}", verdict.class),
            from,
            until,
            name: name(t, &it.event),
            organizer: it.event.organizer.clone(),
            is_recurring: it.is_recurring,
            path: format!("/admin/calendars/{}/event?{query}", self.slug),
            original: (it.event.original != it.event.start).then_some(it.event.original.0),
            verdict,
            minutes,
        }
    }

    /// The free time of a day that is ahead.
    fn free(&self, day: Day, earliest: i64) -> Vec<Gap> {
        let held = self.events.iter().filter(|it| it.standing == Standing::Holds);
        let held =
            held.filter_map(|it| Minutes::held(self.zone, day, it.event.start, it.event.end));
        let within = Minutes { start: self.hours.start.max(earliest), end: self.hours.end };
        let gaps = free_between(held.collect(), within);
        gaps.into_iter().map(|gap| Gap::of(self.slug, day, gap, "")).collect()
    }
}

fn has_word(it: &WeekEvent) -> bool {
    !matches!(it.fate, WeekOutcome::Stays | WeekOutcome::Over) || it.standing != Standing::Holds
}

fn fold(events: Vec<Block>, text: impl Fn(usize) -> String) -> Option<Fold> {
    let is_open = events.iter().any(|it| it.verdict.class == "goes");
    (!events.is_empty()).then(|| Fold { text: text(events.len()), is_open, events })
}

impl Part {
    fn start(&self) -> i64 {
        match self {
            Part::Event(block) => block.minutes.start,
            Part::Free(gap) => gap.minutes.start,
        }
    }

    fn class(&self) -> &str {
        match self {
            Part::Event(block) => &block.class,
            Part::Free(gap) => &gap.class,
        }
    }
}

/// The width of a day by the number of events beside each other, as a track of a grid: its least width, in which each lane
/// can be read, and its share, which is less on a free weekend.
fn width(lanes: usize, is_weekend: bool) -> String {
    let share = match lanes {
        0 if is_weekend => 0.6,
        0 | 1 => 1.0,
        2 => 1.8,
        3 => 2.5,
        _ => 3.0,
    };
    match lanes {
        0 => format!("minmax(4rem,{share}fr)"),
        _ => format!("minmax(calc({lanes}*var(--lane)),{share}fr)"),
    }
}

/// The style of the page: the widths of the days, the hours, and what the classes of places mean.
pub fn style(days: &[DayColumn], hours: Minutes) -> String {
    let rows = |has: fn(&DayColumn) -> bool| u8::from(days.iter().any(has));
    let mut style = format!(
        ".week{{--from:{};--span:{};--days:{};--early:{};--late:{};--columns:",
        hours.start,
        hours.end - hours.start,
        days.iter().map(|it| it.all_day.len()).max().unwrap_or_default(),
        rows(|it| it.before.is_some()),
        rows(|it| it.after.is_some()),
    );
    for it in days {
        let _ = write!(style, " {}", width(it.lanes, it.is_weekend));
    }
    style.push('}');
    let folds = days.iter().flat_map(|it| [&it.before, &it.after]).flatten();
    let folded = folds.flat_map(|it| &it.events).map(|it| it.class.as_str());
    let parts = days.iter().flat_map(|it| &it.parts).map(Part::class);
    let nows = days.iter().filter_map(|it| it.now.as_deref());
    style.push_str(&rules(parts.chain(folded).chain(nows)));
    style
}

/// The path of the form that books the first free time of the week.
pub fn first_free(days: &[DayColumn]) -> Option<&str> {
    days.iter().flat_map(|it| &it.parts).find_map(|it| match it {
        Part::Free(gap) => Some(gap.path.as_str()),
        Part::Event(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_events_beside_each_other_is_wider_and_a_free_weekend_narrower() {
        let widths = [(0, false), (0, true), (1, true), (2, false), (3, false), (9, false)];
        let widths = widths.map(|(lanes, is_weekend)| width(lanes, is_weekend));
        let [free, weekend, one, two, three, nine] = widths;
        assert_eq!(free, "minmax(4rem,1fr)");
        assert_eq!(weekend, "minmax(4rem,0.6fr)");
        assert_eq!(one, "minmax(calc(1*var(--lane)),1fr)");
        assert_eq!(
            [two, three],
            ["minmax(calc(2*var(--lane)),1.8fr)", "minmax(calc(3*var(--lane)),2.5fr)"]
        );
        assert_eq!(nine, "minmax(calc(9*var(--lane)),3fr)");
    }
}
