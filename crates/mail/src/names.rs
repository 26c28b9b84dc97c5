//! Days, months and dates in the languages that there are.

use jiff::civil::{Date, Time};
use wording::{Texts, Words};

/// A language that dates are written in: one of those that have a catalogue of messages.
#[derive(Clone, Copy, Debug)]
pub struct Language(&'static Texts);

impl Default for Language {
    /// English.
    fn default() -> Language {
        Language(wording::english())
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Language) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Language {}

impl Language {
    /// The language of a code such as `de`, `de_AT` or `en-GB`, in any case.
    pub fn of(code: &str) -> Option<Language> {
        wording::named(&code.replace('_', "-")).map(Language)
    }

    /// The same, or why there is none.
    pub(crate) fn known(code: Option<&str>) -> Result<Language, String> {
        let Some(code) = code else { return Ok(Language::default()) };
        Language::of(code).ok_or_else(|| {
            let all: Vec<_> = wording::ALL.iter().map(|it| it.language.code).collect();
            format!("the language {code:?} is none of {}", all.join(", "))
        })
    }

    /// Its code (RFC 5646).
    pub fn code(self) -> &'static str {
        self.0.language.code
    }

    fn words(self) -> &'static Words {
        &self.0.language.words
    }

    /// The name of a day; 0 is Monday.
    pub fn weekday(self, index: usize) -> &'static str {
        self.words().long_weekdays[index % 7]
    }

    /// The short name of a day; 0 is Monday.
    pub fn short_weekday(self, index: usize) -> &'static str {
        self.words().weekdays[index % 7]
    }

    /// The name of a month; 0 is January.
    pub fn month(self, index: usize) -> &'static str {
        self.words().long_months[index % 12]
    }

    /// The short name of a month; 0 is January.
    pub fn short_month(self, index: usize) -> &'static str {
        self.words().months[index % 12]
    }

    /// That something takes whole days.
    pub(crate) fn all_day(self) -> &'static str {
        self.words().all_day
    }

    /// `Mon 2 March 2026`
    pub(crate) fn day(self, date: Date) -> String {
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let words = self.words();
        let day = words.day_of_month(date.day().unsigned_abs().into());
        format!(
            "{}{}{day}{}{} {}",
            self.short_weekday(weekday),
            words.behind_weekday,
            words.behind_day,
            self.month(usize::from(date.month().unsigned_abs()) - 1),
            date.year()
        )
    }

    /// `12:00`, or `12:00–13:00`, with what the language writes around it.
    pub(crate) fn time(self, start: Time, end: Option<Time>) -> String {
        let clock = |it: Time| format!("{:02}:{:02}", it.hour(), it.minute());
        let end = end.map(|it| format!("–{}", clock(it))).unwrap_or_default();
        let [before, behind] = self.words().around_time;
        format!("{before}{}{end}{behind}", clock(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_language_and_any_index_has_one() {
        let german = Language::of("de_AT").unwrap();
        assert_eq!((german.weekday(2), german.short_weekday(2)), ("Mittwoch", "Mi."));
        assert_eq!((german.month(2), german.short_month(2)), ("März", "März"));
        assert_eq!(Language::of("EN").map(|it| it.short_month(4)), Some("May"));
        assert_eq!(Language::of("fr-CA").map(|it| it.weekday(0)), Some("lundi"));
        assert_eq!(Language::of("tlh"), None);
        assert_eq!(Language::default().weekday(7), "Monday");
    }

    #[test]
    fn a_date_is_written_as_the_language_writes_it() {
        let (first, noon) = (jiff::civil::date(2026, 3, 1), jiff::civil::time(12, 0, 0, 0));
        let told = ["en", "de", "fr"].map(|code| {
            let language = Language::of(code).unwrap();
            format!("{}, {}", language.day(first), language.time(noon, Some(noon)))
        });
        assert_eq!(
            told,
            [
                "Sun 1 March 2026, 12:00–12:00",
                "So., 1. März 2026, 12:00–12:00 Uhr",
                "dim. 1er mars 2026, 12:00–12:00",
            ]
        );
    }

    #[test]
    fn an_unknown_language_is_told_with_those_that_there_are() {
        let told = Language::known(Some("tlh")).unwrap_err();
        let all: Vec<_> = wording::ALL.iter().map(|it| it.language.code).collect();
        assert_eq!(told, format!("the language \"tlh\" is none of {}", all.join(", ")));
    }
}
