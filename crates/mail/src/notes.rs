//! Messages to administrators. The texts are built in, and work with incomplete data.

use jiff::tz::TimeZone;
use minijinja::Value;

use crate::engine::{self, Escape, Fault, Unknown};
use crate::limits::{MAX_BODY, MAX_LISTED};
use crate::moment::Moment;
use crate::names::Language;
use crate::note_texts::{Source, texts};
use crate::template::{Rendered, subject_of};
use crate::untrusted::one_line;

/// The kinds of messages to administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A run reached a calendar's safety limit. Data: `calendar`, `calendar_name`, `objects`,
    /// `safety_limit`.
    ConfirmationWanted,
    /// A calendar has failed for an hour. Data: `calendar`, `calendar_name`, `failure`, `since`, in words.
    CalendarFails,
    /// It works again. Data: `calendar`, `calendar_name`, `since`, `until`.
    CalendarWorks,
    /// Messages to addresses outside the sender's domain are held. Data: `domain`, `limit`, `who`.
    MessagesHeld,
    /// The report of a month. Data: `month` in words, `url` of the page, and numbers: `rooms`, `found`, `removed`,
    /// `settled`, `kept`, `leftovers`, `restored`, `booked` and `used_twice` in hours, `series`, `addresses`.
    MonthlyReport,
    /// A calendar that only reports has conflicts; to its contact address. Data: `calendar`, `calendar_name`, `zone`,
    /// `number`, and the first `conflicts`, each with `name`, `organizer`, `is_private`,
    /// `start`, `end` and `winner`, `winner_organizer`, `winner_is_private`.
    ConflictsFound,
}

impl Note {
    /// The subject and the text in a language.
    fn source(self, language: Language) -> Source {
        let texts = texts(language);
        match self {
            Note::ConfirmationWanted => texts.confirmation_wanted,
            Note::CalendarFails => texts.calendar_fails,
            Note::CalendarWorks => texts.calendar_works,
            Note::MessagesHeld => texts.messages_held,
            Note::MonthlyReport => texts.monthly_report,
            Note::ConflictsFound => texts.conflicts_found,
        }
    }

    /// Its text in English, out of what is known.
    ///
    /// # Errors
    ///
    /// As [`Note::render_in`].
    pub fn render(self, data: &str) -> Result<Rendered, Fault> {
        self.render_in(Language::default(), data)
    }

    /// Its text in a language, where it has one in it; else in English.
    ///
    /// # Errors
    ///
    /// If the data are no JSON object, or the text exceeds a bound.
    pub fn render_in(self, language: Language, data: &str) -> Result<Rendered, Fault> {
        let data: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(data).map_err(|error| Fault::new(error.to_string()))?;
        let zone = data.get("zone").and_then(|it| it.as_str());
        let zone = zone.and_then(|it| TimeZone::get(it).ok()).unwrap_or(TimeZone::UTC);
        let mut known: std::collections::BTreeMap<String, Value> = data
            .into_iter()
            .map(|(name, value)| match value {
                serde_json::Value::String(text) => (name, Value::from(one_line(&text))),
                serde_json::Value::Number(number) => (name, Value::from(number.as_i64())),
                serde_json::Value::Array(all) => (name, Value::from(listed(all, &zone))),
                _ => (name, Value::from(())),
            })
            .collect();
        let text_of = |name: &str| {
            known
                .get(name)
                .and_then(|it| it.as_str())
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
        };
        let slug = text_of("calendar");
        let unnamed = texts(language).unnamed.to_owned();
        let room = text_of("calendar_name").or(slug.clone()).unwrap_or(unnamed);
        known.insert("room".to_owned(), Value::from(room));
        known.insert("calendar".to_owned(), Value::from(slug.unwrap_or("NAME".to_owned())));
        let known = Value::from(known);
        let (subject, text) = self.source(language);
        let render =
            |source| engine::render(source, known.clone(), Escape::Text, Unknown::Empty, MAX_BODY);
        Ok(Rendered { subject: subject_of(&render(subject)?), text: render(text)?, html: None })
    }
}

/// The entries of a list: their texts, whether something is so, and their numbers as moments.
fn listed(all: Vec<serde_json::Value>, zone: &TimeZone) -> Vec<Value> {
    let value = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Value::from(one_line(&text)),
        serde_json::Value::Number(number) => {
            let moment = number.as_i64().and_then(|it| Moment::at(it, zone));
            moment.map_or(Value::from(()), Moment::value)
        }
        serde_json::Value::Bool(is_so) => Value::from(is_so),
        _ => Value::from(()),
    };
    let objects = all.into_iter().filter_map(|it| match it {
        serde_json::Value::Object(fields) => Some(fields),
        _ => None,
    });
    let entry = |fields: serde_json::Map<String, serde_json::Value>| {
        let fields = fields.into_iter().map(|(name, it)| (name, value(it)));
        Value::from(fields.collect::<std::collections::BTreeMap<_, _>>())
    };
    objects.take(MAX_LISTED).map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_are_told_which_calendar_and_what_to_do() {
        let data = r#"{"calendar": "room-1", "calendar_name": "Room 1", "objects": 60,
                       "safety_limit": 50}"#;
        let asked = Note::ConfirmationWanted.render(data).unwrap();
        assert_eq!(asked.subject, "Room 1: a clear waits for your confirmation");
        assert!(
            asked.text.starts_with(
                "A clear of Room 1 would change 60 bookings. Its safety limit is 50.\n"
            )
        );
        assert!(asked.text.contains("bookings that start within 48 hours are removed"));
        assert!(asked.text.contains("room-booking clear --confirm --calendar room-1\n"));
        let data = r#"{"calendar": "room-1", "calendar_name": "Room 1", "failure": "401\r\nX: y",
                       "since": "2026-03-02T12:00:00+01:00"}"#;
        let fails = Note::CalendarFails.render(data).unwrap();
        assert!(fails.text.contains("since 2026-03-02T12:00:00+01:00"), "{}", fails.text);
        assert!(fails.text.contains("\n401  X: y\n"), "{}", fails.text);
        let works = Note::CalendarWorks.render(data).unwrap();
        assert!(works.text.starts_with(
            "The calendar Room 1 works again; it had failed since 2026-03-02T12:00:00+01:00.\n"
        ));
    }

    #[test]
    fn administrators_are_told_who_caused_what_is_held_and_how_to_decide() {
        let data = r#"{"who": "ann\r\nx", "limit": 20, "domain": "rooms.example.org"}"#;
        let asked = Note::MessagesHeld.render(data).unwrap();
        assert!(
            asked.text.starts_with(
                "ann  x has caused 20 messages in 24 hours to addresses outside\nrooms.example.org."
            ),
            "{}",
            asked.text
        );
        assert!(asked.text.contains("room-booking outbox release ID\n"));
        let in_all = Note::MessagesHeld.render(r#"{"limit": 200}"#).unwrap();
        assert!(in_all.text.starts_with("Room Booking has sent 200 messages"), "{}", in_all.text);
        assert!(Note::MessagesHeld.render("{}").unwrap().text.contains("the sender's domain"));
    }

    #[test]
    fn administrators_get_the_numbers_of_a_month_and_the_link_to_the_page() {
        let data = r#"{"month": "November 2026", "url": "https://rooms.example.org/admin/report?month=2026-11",
                       "rooms": 3, "found": 12, "removed": 7, "settled": 2, "kept": 3, "booked": 411,
                       "used_twice": 5, "series": 4, "addresses": 0}"#;
        let told = Note::MonthlyReport.render(data).unwrap();
        assert_eq!(told.subject, "Report for November 2026");
        for line in [
            "Room Booking in November 2026, 3 rooms:\n",
            "\nConflicts found:      12\n- removed:            7\n",
            "\nLeftovers removed:    0\n",
            "\nHours booked:         411\nHours used twice:     5\n",
            "\nSeries without an end whose organizer was not seen for 90 days: 4\n",
            "\n  https://rooms.example.org/admin/report?month=2026-11\n",
        ] {
            assert!(told.text.contains(line), "{line}: {}", told.text);
        }
        assert!(!told.text.contains("mail server"), "{}", told.text);
        let nothing = Note::MonthlyReport.render("{}").unwrap();
        assert_eq!(nothing.subject, "Report for the past month");
        assert!(nothing.text.contains("Conflicts found:      0\n"), "{}", nothing.text);
    }

    #[test]
    fn every_note_is_in_every_language_with_the_same_commands() {
        let notes = [
            Note::ConfirmationWanted,
            Note::CalendarFails,
            Note::CalendarWorks,
            Note::MessagesHeld,
            Note::MonthlyReport,
            Note::ConflictsFound,
        ];
        let data = r#"{"calendar": "room-1", "calendar_name": "R", "objects": 60, "safety_limit": 50,
                       "failure": "401", "since": "SINCE", "until": "UNTIL", "who": "ann", "limit": 20,
                       "domain": "example.org", "month": "MONTH", "rooms": 3, "url": "https://u/", "series": 4,
                       "addresses": 2, "number": 2, "conflicts": []}"#;
        let commands = |text: &str| -> Vec<String> {
            text.lines().filter(|it| it.starts_with("  ")).map(str::to_owned).collect()
        };
        for note in notes {
            let english = note.render(data).unwrap();
            for code in ["de", "fr"] {
                let language = Language::of(code).unwrap();
                let told = note.render_in(language, data).unwrap();
                assert_ne!(told.subject, english.subject, "{note:?} in {code}");
                assert_eq!(commands(&told.text), commands(&english.text), "{note:?} in {code}");
                for known in [
                    "60",
                    "401",
                    "SINCE",
                    "UNTIL",
                    "ann",
                    "20",
                    "example.org",
                    "MONTH",
                    "90",
                    ": 4",
                ] {
                    let is_in = |it: &Rendered| it.text.contains(known);
                    assert!(!is_in(&english) || is_in(&told), "{note:?} in {code}: {known}");
                }
                let nothing = note.render_in(language, "{}").unwrap();
                assert!(!nothing.subject.is_empty() && !nothing.text.contains("{{"));
            }
        }
    }

    #[test]
    fn the_contact_is_told_which_bookings_are_in_conflict() {
        let one = r#"{"name": "Review\r\nx", "organizer": "ann@example.org", "start": 1772449200,
                      "end": 1772452800, "winner": "Board", "winner_organizer": null,
                      "winner_is_private": true}"#;
        let data = format!(
            r#"{{"calendar": "room-1", "calendar_name": "Room 1", "zone": "Europe/Berlin",
                 "number": 12, "conflicts": [{one}, 5]}}"#
        );
        let told = Note::ConflictsFound.render(&data).unwrap();
        assert_eq!(told.subject, "Room 1: 12 conflicts");
        let line =
            "\n- Review  x (ann@example.org), Mon 2 March 2026, 12:00–13:00\n  overlaps Board\n";
        assert!(told.text.contains(line), "{}", told.text);
        assert!(told.text.contains("- and 11 more\n"), "{}", told.text);
        assert!(told.text.contains("time zone Europe/Berlin"), "{}", told.text);
        let of = |code: &str| {
            Note::ConflictsFound.render_in(Language::of(code).unwrap(), &data).unwrap()
        };
        let told = of("de");
        assert_eq!(told.subject, "Room 1: 12 Überschneidungen");
        assert!(told.text.starts_with("Guten Tag,\n\nin Room 1 gibt es 12 Überschneidungen. "));
        let line = "\n- Review  x (ann@example.org), Mo., 2. März 2026, 12:00–13:00 Uhr\n  \
                    überschneidet sich mit Privat\n";
        assert!(told.text.contains(line), "{}", told.text);
        assert!(told.text.contains("- und 11 weitere\n"), "{}", told.text);
        let told = of("fr-CA");
        assert_eq!(told.subject, "Room 1\u{202F}: 12 conflits");
        let line =
            "\n- Review  x (ann@example.org), lun. 2 mars 2026, 12:00–13:00\n  chevauche Privé\n";
        assert!(told.text.contains(line), "{}", told.text);
        let many = format!(r#"{{"conflicts": [{}]}}"#, [one; MAX_LISTED + 1].join(","));
        let told = Note::ConflictsFound.render(&many).unwrap();
        assert_eq!(told.text.matches("Review").count(), MAX_LISTED);
    }

    #[test]
    fn whatever_is_not_known_is_left_out() {
        for note in [
            Note::ConflictsFound,
            Note::ConfirmationWanted,
            Note::CalendarFails,
            Note::CalendarWorks,
        ] {
            for data in ["{}", r#"{"calendar": null, "objects": [1], "since": 5}"#] {
                let told = note.render(data).unwrap();
                assert!(told.subject.contains("A calendar"), "{}", told.subject);
                note.render_in(Language::of("de").unwrap(), data).unwrap();
            }
            assert!(note.render("[]").is_err());
        }
    }
}
