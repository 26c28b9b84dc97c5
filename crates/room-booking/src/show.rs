//! Formats moments and texts for people.

use std::fmt::Display;
use std::io::{self, IsTerminal as _};

use ical::{Moment, Zone};
use wording::Words;
pub use wording::clock_at;

/// The English words for days, times and numbers, which the command line uses.
fn words() -> &'static Words {
    &wording::english().language.words
}

/// [`Words::moment`] in English.
pub fn moment(zone: &Zone, moment: Moment) -> String {
    words().moment(zone, moment)
}

/// [`Words::period`] in English.
pub fn period(zone: &Zone, start: Moment, end: Moment, is_all_day: bool) -> String {
    words().period(zone, start, end, is_all_day)
}

/// [`Words::stamp`] in English.
pub fn stamp(zone: &Zone, at: Moment) -> String {
    words().stamp(zone, at)
}

/// Like [`period`], next to another one that begins at `beside`: without the day if it is the same.
pub fn period_beside(
    zone: &Zone,
    start: Moment,
    end: Moment,
    is_all_day: bool,
    beside: Moment,
) -> String {
    let (from, to) = (zone.civil(start), zone.civil(end));
    if from.day() == zone.civil(beside).day() && to.day() == from.day() && !is_all_day {
        return format!("{}–{}", clock_at(zone, start), clock_at(zone, end));
    }
    period(zone, start, end, is_all_day)
}

/// Characters of a name that a table shows on a terminal.
const SHOWN: usize = 60;

/// Characters of a sentence that a table shows on a terminal.
const SENTENCE: usize = 300;

/// Characters of a text that are shown in a pipe or a file, where no table has a width.
const WHOLE: usize = 10_000;

/// An untrusted name: like [`sentence`], on a terminal shortened to 60 characters.
pub fn plain(text: &str) -> String {
    cleaned(text, most(SHOWN, io::stdout().is_terminal()))
}

/// A sentence that may contain untrusted text: on one line, without control characters and direction
/// marks, on a terminal shortened to 300 characters.
pub fn sentence(text: impl Display) -> String {
    cleaned(&text.to_string(), most(SENTENCE, io::stdout().is_terminal()))
}

/// The lines of an untrusted text, each without control characters and direction marks.
pub fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| cleaned(line, WHOLE))
}

fn most(on_a_terminal: usize, is_terminal: bool) -> usize {
    if is_terminal { on_a_terminal } else { WHOLE }
}

fn cleaned(text: &str, most: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mut shown: String = text
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c })
        .take(most + 1)
        .collect();
    if shown.chars().count() > most {
        shown = shown.chars().take(most - 1).collect();
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// `1 event`, `2 events`; thousands apart: `10,000 events`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", words().number(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::iana("Europe/Berlin").unwrap()
    }

    #[test]
    fn periods_say_as_much_as_they_need() {
        let zone = berlin();
        let noon = Moment(1_772_449_200);
        let midnight = noon.plus(-12 * 3600);
        assert_eq!(period(&zone, noon, noon.plus(3600), false), "Mon 2 Mar 2026, 12:00–13:00");
        assert_eq!(period(&zone, noon, noon, false), "Mon 2 Mar 2026, 12:00");
        assert_eq!(period(&zone, midnight, midnight.plus(86_400), true), "Mon 2 Mar 2026, all day");
        assert_eq!(
            period(&zone, midnight, midnight.plus(2 * 86_400), true),
            "Mon 2 Mar 2026 – Tue 3 Mar 2026, all day"
        );
        assert_eq!(period_beside(&zone, noon, noon.plus(3600), false, midnight), "12:00–13:00");
        assert_eq!(
            period_beside(&zone, noon, noon.plus(3600), false, midnight.plus(-1)),
            "Mon 2 Mar 2026, 12:00–13:00"
        );
        assert_eq!(
            period(&zone, noon, noon.plus(86_400), false),
            "Mon 2 Mar 2026, 12:00 – Tue 3 Mar 2026, 12:00"
        );
    }

    #[test]
    fn an_hour_that_the_clock_shows_twice_is_told_with_its_offset() {
        let zone = berlin();
        // 2026-10-25T00:30:00Z: the first 02:30.
        let first = Moment(1_792_888_200);
        let shown =
            |from: i64, to: i64| period(&zone, first.plus(from * 60), first.plus(to * 60), false);
        assert_eq!(shown(0, 60), "Sun 25 Oct 2026, 02:30 UTC+2–02:30 UTC+1");
        assert_eq!(shown(0, 40), "Sun 25 Oct 2026, 02:30 UTC+2–02:10 UTC+1");
        assert_eq!(shown(-31, 90), "Sun 25 Oct 2026, 01:59–03:00");
        assert_eq!(shown(-30, 89), "Sun 25 Oct 2026, 02:00 UTC+2–02:59 UTC+1");
        assert_eq!(
            period_beside(&zone, first, first.plus(60), false, first),
            "02:30 UTC+2–02:31 UTC+2"
        );
        assert_eq!(stamp(&zone, first.plus(3600)), "25 Oct 2026, 02:30 UTC+1");
        // Half an hour is repeated on Lord Howe; and the hour that is left out in spring is none of these.
        let lord_howe = Zone::iana("Australia/Lord_Howe").unwrap();
        let before = Moment(1_775_313_900); // 2026-04-04T14:45:00Z
        assert_eq!(clock_at(&lord_howe, before), "01:45 UTC+11");
        assert_eq!(clock_at(&lord_howe, before.plus(1800)), "01:45 UTC+10:30");
        assert_eq!(clock_at(&lord_howe, before.plus(3600)), "02:15");
        let spring = Moment(1_774_745_940); // 2026-03-29T00:59:00Z
        assert_eq!(clock_at(&zone, spring), "01:59");
        assert_eq!(clock_at(&zone, spring.plus(60)), "03:00");
    }

    #[test]
    fn a_strangers_text_cannot_write_to_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\r\nc\u{202e}d"), "a [31mb  cd");
        let shown = cleaned(&"x".repeat(100), most(SHOWN, true));
        assert_eq!(shown.chars().count(), SHOWN);
    }

    #[test]
    fn what_goes_into_a_pipe_is_cut_only_where_it_is_no_name_any_more() {
        let name = "é".repeat(255);
        assert_eq!(cleaned(&name, most(SHOWN, false)), name);
        let shown = cleaned(&"x".repeat(1_000_000), most(SHOWN, false));
        assert_eq!(shown.chars().count(), WHOLE);
        assert_eq!(lines("a\r\n\n\u{1b}[31mb").collect::<Vec<_>>(), ["a", "", "[31mb"]);
    }

    #[test]
    fn numbers_have_thousands_and_the_right_word() {
        assert_eq!(count(1, "event", "events"), "1 event");
        assert_eq!(count(1_234_567, "event", "events"), "1,234,567 events");
        assert_eq!(count(0, "event", "events"), "0 events");
    }
}
