//! The fields of forms that make a series: how often, on which weekdays, until when.

use facts::time;
use ical::civil::{Day, weekday};
use operations::FieldError;

use crate::web::admin::frame::field::{Choice, Field};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::text::Texts;

/// The frequencies, as rules begin with them.
const RULES: [&str; 4] = ["", "FREQ=DAILY", WEEKLY, "FREQ=MONTHLY"];
const WEEKLY: &str = "FREQ=WEEKLY";
/// The days of the week as rules name them.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
/// The largest interval.
const MAX_INTERVAL: u32 = 99;
/// The largest number of dates.
const MAX_TIMES: u32 = 500;

/// What a form says of a series.
#[derive(Clone, Debug, Default)]
pub struct Series {
    repeat: String,
    every: String,
    days: [bool; 7],
    until: String,
    times: String,
}

impl Series {
    /// What a form or a query says.
    pub fn read(form: &Form) -> Series {
        let text = |name: &str| form.text(name).trim().to_owned();
        let is_known = |it: &String| RULES.contains(&it.as_str());
        let chosen: Vec<&str> = form.values("days").collect();
        Series {
            repeat: Some(text("repeat")).filter(is_known).unwrap_or_default(),
            every: text("every"),
            days: WEEKDAYS.map(|day| chosen.contains(&day)),
            until: text("until"),
            times: text("times"),
        }
    }

    /// Whether there is a series.
    pub fn is_one(&self) -> bool {
        !self.repeat.is_empty()
    }

    /// Its first date from a day on: where weekdays are chosen, the first of them.
    pub fn first_day(&self, day: Day) -> Day {
        let is_chosen = |it: &Day| self.days[weekday(*it) as usize];
        let first = (day..day + 7).find(is_chosen);
        first.filter(|_| self.repeat == WEEKLY).unwrap_or(day)
    }

    /// Its recurrence rule (RFC 5545 section 3.3.10), if it is a series; `first` is the day on which it begins.
    pub fn rule(&self, t: &Texts, first: Option<Day>) -> Result<Option<String>, Vec<FieldError>> {
        if !self.is_one() {
            return Ok(None);
        }
        let mut errors = Vec::new();
        let mut rule = self.repeat.clone();
        let mut number = |name: &str, text: &str, most: u32| match text.parse::<u32>() {
            _ if text.is_empty() => None,
            Ok(number) if (1..=most).contains(&number) => Some(number),
            _ => {
                errors.push(FieldError::quoted(name, t.whole_number));
                None
            }
        };
        if let Some(every) = number("every", &self.every, MAX_INTERVAL).filter(|it| *it > 1) {
            rule += &format!(";INTERVAL={every}");
        }
        if let Some(times) = number("times", &self.times, MAX_TIMES) {
            rule += &format!(";COUNT={times}");
        }
        if self.repeat == WEEKLY && self.days.contains(&true) {
            let days = WEEKDAYS.iter().zip(self.days).filter(|(_, is_chosen)| *is_chosen);
            let days: Vec<&str> = days.map(|(day, _)| *day).collect();
            rule += &format!(";BYDAY={}", days.join(","));
            if first.is_some_and(|day| self.first_day(day) != day) {
                errors.push(FieldError::quoted("start", t.not_among_weekdays));
            }
        }
        match time::date(&self.until) {
            Some(_) => rule += &format!(";UNTIL={}", self.until.replace('-', "")),
            None if self.until.is_empty() => {}
            None => errors.push(FieldError::quoted("until", t.no_date)),
        }
        if errors.is_empty() { Ok(Some(rule)) } else { Err(errors) }
    }

    /// How it repeats, every how many of that, and until when.
    pub fn fields(&self, t: &Texts) -> [Field; 3] {
        let labels = [t.repeat_never, t.repeat_daily, t.repeat_weekly, t.repeat_monthly];
        let rules = RULES.iter().zip(labels).map(|(rule, label)| Choice {
            value: (*rule).to_owned(),
            label: label.to_string(),
            is_chosen: self.repeat == *rule,
        });
        let every = if self.every.is_empty() { "1" } else { &self.every };
        [
            Field::select("repeat", t.repeat, rules.collect()),
            Field::number("every", t.repeat_every, every, 1, MAX_INTERVAL)
                .required()
                .hint(t.repeat_every_hint),
            Field::new("date", "until", t.repeat_until, &self.until),
        ]
    }

    /// How many dates it has.
    pub fn times(&self, t: &Texts) -> Field {
        Field::number("times", t.repeat_times, &self.times, 1, MAX_TIMES)
            .unit(t.dates)
            .hint(t.repeat_times_hint)
    }

    /// The weekdays of a weekly series.
    pub fn days(&self, t: &Texts) -> Vec<Choice> {
        let names = t.language.words.weekdays;
        let days = WEEKDAYS.iter().zip(names).zip(self.days);
        let days = days.map(|((value, label), is_chosen)| Choice {
            value: (*value).to_owned(),
            label: label.to_owned(),
            is_chosen,
        });
        days.collect()
    }

    /// Its fields as pairs, for links and for forms that send it on.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        if !self.is_one() {
            return Vec::new();
        }
        let mut pairs = vec![
            ("repeat", self.repeat.clone()),
            ("every", self.every.clone()),
            ("until", self.until.clone()),
        ];
        let days = WEEKDAYS.iter().zip(self.days).filter(|(_, is_chosen)| *is_chosen);
        pairs.extend(days.map(|(day, _)| ("days", (*day).to_owned())));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use ical::civil::day_number;

    use super::*;

    fn series(query: &str) -> Series {
        Series::read(&Form::read(query.as_bytes()))
    }

    fn rule(query: &str) -> Result<Option<String>, Vec<String>> {
        // A Tuesday.
        let rule = series(query).rule(wording::english(), Some(day_number(2026, 12, 1)));
        rule.map_err(|errors| errors.into_iter().map(|it| it.field).collect())
    }

    #[test]
    fn what_a_form_says_becomes_a_rule() {
        for (query, expected) in [
            ("", None),
            ("repeat=&every=x&until=x", None),
            ("repeat=FREQ%3DSECONDLY", None),
            ("repeat=FREQ%3DDAILY&every=1", Some("FREQ=DAILY")),
            ("repeat=FREQ%3DDAILY&days=MO", Some("FREQ=DAILY")),
            (
                "repeat=FREQ%3DWEEKLY&every=2&days=TU&days=TH&until=2027-01-31",
                Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270131"),
            ),
            ("repeat=FREQ%3DMONTHLY&times=3", Some("FREQ=MONTHLY;COUNT=3")),
        ] {
            assert_eq!(rule(query), Ok(expected.map(str::to_owned)), "{query}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_field_by_field() {
        assert_eq!(
            rule("repeat=FREQ%3DDAILY&every=0&times=x&until=soon").unwrap_err(),
            ["every", "times", "until"]
        );
        assert_eq!(rule("repeat=FREQ%3DWEEKLY&every=100&days=MO").unwrap_err(), ["every", "start"]);
    }

    #[test]
    fn a_search_from_a_day_begins_on_the_first_of_the_chosen_weekdays() {
        let tuesday = day_number(2026, 12, 1);
        assert_eq!(series("repeat=FREQ%3DWEEKLY&days=MO&days=FR").first_day(tuesday), tuesday + 3);
        assert_eq!(series("repeat=FREQ%3DWEEKLY&days=TU").first_day(tuesday), tuesday);
        assert_eq!(series("repeat=FREQ%3DWEEKLY").first_day(tuesday), tuesday);
        assert_eq!(series("repeat=FREQ%3DDAILY&days=MO").first_day(tuesday), tuesday);
    }
}
