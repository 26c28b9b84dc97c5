//! The languages of the site, and which one a reader wants.

use std::fmt::Display;

use operations::{FieldError, Said, Sentence, Value};

use super::{DE, EN, Text, Texts};
use crate::show::Words;

/// What a language has beside its texts.
#[derive(Debug)]
pub struct Language {
    /// Its code (RFC 5646).
    pub code: &'static str,
    /// How it writes days, times and numbers.
    pub words: &'static Words,
    /// What stands around a name.
    pub quotes: [&'static str; 2],
    /// How it words what operations say. Values that it has no place for are left out.
    pub sentence: fn(Sentence) -> &'static str,
}

/// The languages that there are; the first is for all who want none of them.
static ALL: [&Texts; 2] = [&EN, &DE];

/// How many of the languages that a browser names are looked at.
const MAX_NAMED: usize = 20;

/// The texts in the language that a browser prefers, by its `Accept-Language` (RFC 9110 section 12.5.4).
pub fn preferred(header: &str) -> &'static Texts {
    let mut best: (f32, &'static Texts) = (0.0, ALL[0]);
    for range in header.split(',').take(MAX_NAMED) {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let quality = parts.next().map_or(Some(1.0), |it| it.strip_prefix("q=")?.parse().ok());
        let quality = quality.filter(|it| (0.0..=1.0).contains(it)).unwrap_or(0.0);
        let code = tag.split('-').next().unwrap_or_default();
        let found = ALL.iter().find(|it| it.language.code.eq_ignore_ascii_case(code));
        // Of equals, the first one.
        if let Some(texts) = found.filter(|_| quality > best.0) {
            best = (quality, texts);
        }
    }
    best.1
}

impl Texts {
    /// What operations say.
    pub fn said(&self, said: &Said) -> String {
        let mut values = said.values.iter();
        let mut pieces = (self.language.sentence)(said.sentence).split("{}");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            text.extend(values.next().map(|it| self.value(it)));
            text.push_str(piece);
        }
        text
    }

    /// What operations said in English, when it was written down.
    pub fn said_before(&self, english: &str) -> String {
        self.said(&Said::of_english(english))
    }

    /// A whole number, with something between its thousands.
    pub fn number(&self, whole: impl Display) -> String {
        self.language.words.number(whole)
    }

    /// A name in quotation marks.
    pub fn quoted(&self, name: &str) -> String {
        let [before, behind] = self.language.quotes;
        format!("{before}{name}{behind}")
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Plain(text) => text.clone(),
            Value::Name(name) => self.quoted(name),
            Value::Said(said) => self.said(said),
            Value::List(values) => {
                values.iter().map(|it| self.value(it)).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What is wrong with a value, with the name of its field.
    pub fn wrong(&self, error: &FieldError) -> String {
        let label = self.field(&error.field).map_or(error.field.as_str(), |it| it.0);
        self.field_is_wrong.with_both(label, self.said(&error.message))
    }

    /// What a field is called that operations name.
    pub fn field(&self, name: &str) -> Option<Text> {
        Some(match name {
            "name" => self.field_name,
            "slug" => self.calendar_slug,
            "zone" => self.calendar_zone,
            "room address" => self.room_address,
            "contact address" => self.contact_address,
            "horizon" => self.horizon,
            "tolerance" => self.tolerance,
            "safety limit" => self.safety_limit,
            "schedule" => self.group_schedule,
            "address" => self.mail_address,
            "password" => self.password,
            "present" => self.present_password,
            "rights" => self.key_rights,
            "expiry" => self.key_expiry,
            "organizer" => self.organizer,
            "uid" => self.uid,
            "collection" => self.field_collection,
            "calendar" => self.col_calendar,
            "file" => self.field_file,
            "start" => self.starts,
            "end" => self.ends,
            "description" => self.description,
            "rrule" => self.repeat,
            "subject" => self.template_subject,
            "text body" => self.template_text,
            "HTML body" => self.template_html,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_that_the_browser_prefers_of_those_that_there_are() {
        for (header, code) in [
            ("", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("DE-de", "de"),
            ("en-GB,en;q=0.9,de;q=0.8", "en"),
            ("fr,de;q=0.5,en;q=0.4", "de"),
            ("fr", "en"),
            ("*", "en"),
            ("de;q=0", "en"),
            ("en;q=0.2, de ; q=0.3", "de"),
            ("de;q=2", "en"),
            ("de;q=NaN", "en"),
            ("de;q=-1,en;q=x", "en"),
            ("de;level=1", "en"),
            (";;,,q=,-;q", "en"),
            ("den", "en"),
        ] {
            assert_eq!(preferred(header).language.code, code, "{header}");
        }
        let many = format!("{}de", "fr,".repeat(100_000));
        assert_eq!(preferred(&many).language.code, "en", "no more than some are looked at");
    }

    #[test]
    fn every_text_has_as_many_places_in_every_language() {
        let places = |text: &str| text.matches("{}").count();
        for other in ALL {
            for ((name, first), (_, text)) in EN.all().into_iter().zip(other.all()) {
                assert!(!text.0.trim().is_empty(), "{name}");
                assert_eq!(places(text.0), places(first.0), "{}: {name}", other.language.code);
            }
            for sentence in Sentence::ALL {
                let [first, text] = [&EN, other].map(|it| (it.language.sentence)(*sentence));
                assert_eq!(places(text), places(first), "{}: {sentence:?}", other.language.code);
                assert!(places(text) <= places(sentence.english()), "{sentence:?}");
            }
        }
    }

    #[test]
    fn what_operations_say_is_said_in_the_readers_words_with_names_in_its_quotation_marks() {
        let said = Sentence::NoUserNamed.with([Value::name("{} & \"co\"")]);
        assert_eq!(EN.said(&said), "there is no user “{} & \"co\"”");
        assert_eq!(DE.said(&said), "Einen Benutzer „{} & \"co\"“ gibt es nicht.");
        let list = Value::List(vec![Sentence::MayNotRead.into(), Sentence::MayNotChange.into()]);
        let said = DE.said(&Sentence::MayNot.with([list]));
        assert!(
            said.starts_with("Dem Konto fehlen Rechte: Termine lesen, Termine ändern."),
            "{said}"
        );
        let said = DE.said_before("given up after two days: 451 busy");
        assert_eq!(said, "nach zwei Tagen aufgegeben: 451 busy");
        assert_eq!(DE.said_before("450 greylisted"), "450 greylisted");
    }

    #[test]
    fn days_and_times_are_written_as_the_language_writes_them() {
        let zone = ical::Zone::iana("Europe/Berlin").unwrap();
        let noon = ical::Moment(1_772_449_200);
        let words = DE.language.words;
        let period = words.period(&zone, noon, noon.plus(3600), false);
        assert_eq!(period, "Mo., 2. März 2026, 12:00–13:00");
        assert_eq!(words.stamp(&zone, noon), "2. März 2026, 12:00");
        let midnight = noon.plus(-12 * 3600);
        let period = words.period(&zone, midnight, midnight.plus(2 * 86_400), true);
        assert_eq!(period, "Mo., 2. März 2026 – Di., 3. März 2026, ganztägig");
        let day = zone.civil(noon).day();
        assert_eq!(words.long_day(day), "Montag, 2. März 2026");
        assert_eq!(EN.language.words.long_day(day), "Monday, 2 March 2026");
        assert_eq!([words, EN.language.words].map(|it| it.short_day(day)), ["Mo. 2.", "Mon 2"]);
        let in_november = noon.plus(-120 * 86_400);
        assert_eq!(words.stamp(&zone, in_november), "2. Nov. 2025, 12:00");
        assert_eq!(words.number(1_234_567), "1.234.567");
    }
}
