//! The site in German.

mod calendars;
mod everywhere;
mod history;
mod messages;
mod people;
mod sentences;
mod settings;
mod tokens;
mod week;

use calendars::calendars;
use everywhere::everywhere;
use history::history;
use messages::messages;
use people::people;
use settings::settings;
use tokens::tokens;
use week::week;

use super::language::Language;
use crate::show::Words;

/// German.
static WORDS: Words = Words {
    weekdays: ["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."],
    long_weekdays: [
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
    ],
    months: [
        "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
        "Dez.",
    ],
    long_months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    behind_weekday: ", ",
    behind_day: ". ",
    all_day: "ganztägig",
    thousands: '.',
};

macro_rules! german {
    ($($name:ident = $text:literal;)*) => {
        /// All texts in German.
        pub static DE: super::Texts = super::Texts {
            language: Language {
                code: "de",
                words: &WORDS,
                quotes: ["„", "“"],
                sentence: sentences::sentence,
            },
            $($name: super::Text($text),)*
        };
    };
}

gather! { german [everywhere people calendars settings week history messages tokens] }
