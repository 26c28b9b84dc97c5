//! Where events and free time are in a grid: classes such as `t540 h60`, and the style rules that they mean. The
//! content security policy allows no styles on elements.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ical::civil::Day;

use crate::web::admin::bookings::week_layout::{Lane, Minutes, SHORTEST};
use crate::web::admin::bookings::week_times::iso;

/// The most lines of a title.
const MAX_LINES: i64 = 12;

/// Free time that can be booked.
pub struct Gap {
    /// Where it is.
    pub class: String,
    /// Its times.
    pub times: String,
    /// The form that books it.
    pub path: String,
    /// The class of where its text stands, if something that does not take the room is drawn over its beginning.
    pub beside: String,
    /// When it is.
    pub minutes: Minutes,
}

impl Gap {
    /// Some free minutes of a day, by the slug of the calendar. An hour of them is proposed. `beside` stands behind the
    /// query of the form.
    pub fn of(slug: &str, day: Day, minutes: Minutes, beside: &str) -> Gap {
        let date = iso(day);
        let until = minutes.end.min(minutes.start + 60);
        let [from, until] = [minutes.start, until].map(Minutes::clock);
        Gap {
            class: place_of(Lane { minutes, index: 0, of: 1 }),
            times: minutes.text(),
            path: format!(
                "/admin/calendars/{slug}/book?start={date}T{from}&end={date}T{until}{beside}"
            ),
            beside: String::new(),
            minutes,
        }
    }

    /// The same, with its text beside what is drawn over its first half hour.
    pub fn beside(self, lanes: &[Lane]) -> Gap {
        let start = self.minutes.start;
        let over = |it: &&Lane| it.minutes.start < start + SHORTEST && start < it.minutes.end;
        let over: Vec<&Lane> = lanes.iter().filter(over).collect();
        let Some(of) = over.iter().map(|it| it.of).max() else { return self };
        let is_free = |index: &usize| over.iter().all(|it| it.of != of || it.index != *index);
        let beside = (0..of).find(is_free).filter(|index| *index > 0);
        let beside = beside.map_or(String::new(), |index| format!("l{index}-{of}"));
        Gap { beside, ..self }
    }
}

/// ` t540 h60`, and ` l1-2` in the second of two lanes.
pub fn place_of(lane: Lane) -> String {
    let Lane { minutes, index, of } = lane;
    let mut place = format!(" t{} h{}", minutes.start, height_of(minutes));
    if of > 1 {
        let _ = write!(place, " l{index}-{of}");
    }
    place
}

/// The class that says how many lines fit: one, two, or more.
pub fn size_of(minutes: Minutes) -> &'static str {
    match minutes {
        Minutes::DAY => " s",
        it if height_of(it) < 60 => " s",
        it if height_of(it) < 90 => " m",
        _ => "",
    }
}

/// The classes that say what of an event fits below the line of its times, where an hour has 4.25 rem and a line 15/16
/// rem: ` n3` lines of its title, its organizer (` by`), or no verdict (` s`).
pub fn text_of(minutes: Minutes, has_verdict: bool, has_organizer: bool) -> String {
    let lines = (height_of(minutes) * 68 / 60 - 3) / 15 - 1;
    if lines < 2 {
        return " s n1".to_owned();
    }
    let title = lines - i64::from(has_verdict);
    match has_organizer && title > 2 {
        true => format!(" n{} by", (title - 1).min(MAX_LINES)),
        false => format!(" n{}", title.min(MAX_LINES)),
    }
}

fn height_of(minutes: Minutes) -> i64 {
    (minutes.end - minutes.start).max(SHORTEST)
}

/// A rule for each class of a place that is used, and for each number of lines.
pub fn rules<'c>(classes: impl Iterator<Item = &'c str>) -> String {
    let used: BTreeSet<&str> = classes.flat_map(str::split_ascii_whitespace).collect();
    let mut style = String::new();
    for class in used {
        let (letter, number) = class.split_at(class.chars().next().map_or(0, char::len_utf8));
        let _ = match (letter, number.split_once('-')) {
            ("l", Some((index, of))) if is_number(index) && is_number(of) => {
                write!(style, ".{class}{{--l:{index};--of:{of}}}")
            }
            ("t" | "h" | "n", None) if is_number(number) => {
                write!(style, ".{class}{{--{letter}:{number}}}")
            }
            _ => Ok(()),
        };
    }
    style
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_of_a_place_has_one_rule_and_other_classes_have_none() {
        let lane = Lane { minutes: Minutes { start: 540, end: 560 }, index: 1, of: 3 };
        assert_eq!(place_of(lane), " t540 h30 l1-3", "it is no lower than a line");
        let rules = rules(["stays t540 h30 l1-3 n2", "over t540 times l late-in"].into_iter());
        assert_eq!(rules, ".h30{--h:30}.l1-3{--l:1;--of:3}.n2{--n:2}.t540{--t:540}");
    }

    #[test]
    fn the_text_of_free_time_stands_beside_what_is_drawn_over_it() {
        let gap = || Gap::of("den", 0, Minutes { start: 480, end: 840 }, "");
        let lane = |start, end, index, of| Lane { minutes: Minutes { start, end }, index, of };
        assert_eq!(gap().beside(&[]).beside, "");
        assert_eq!(gap().beside(&[lane(540, 1_020, 0, 2)]).beside, "", "it begins below the text");
        assert_eq!(gap().beside(&[lane(480, 1_020, 0, 2)]).beside, "l1-2");
        assert_eq!(gap().beside(&[lane(480, 1_020, 1, 2)]).beside, "", "the first lane is free");
        assert_eq!(gap().beside(&[lane(480, 600, 0, 2), lane(480, 600, 1, 2)]).beside, "");
    }

    #[test]
    fn a_title_has_the_lines_that_its_times_its_verdict_and_its_organizer_leave() {
        let text = |minutes, has_verdict, has_organizer| {
            text_of(Minutes { start: 0, end: minutes }, has_verdict, has_organizer)
        };
        let texts = |has_verdict| [15, 30, 45, 60, 90].map(|it| text(it, has_verdict, false));
        assert_eq!(texts(false), [" s n1", " s n1", " n2", " n3", " n5"]);
        assert_eq!(texts(true), [" s n1", " s n1", " n1", " n2", " n4"]);
        assert_eq!([45, 60, 90].map(|it| text(it, true, true)), [" n1", " n2", " n3 by"]);
        assert_eq!(text(1_440, false, true), " n12 by");
    }
}
