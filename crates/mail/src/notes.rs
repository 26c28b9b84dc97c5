//! Messages to administrators. The texts are built in, and work with incomplete data.

use jiff::tz::TimeZone;
use minijinja::Value;

use crate::engine::{self, Escape, Fault, Unknown};
use crate::limits::{MAX_BODY, MAX_LISTED};
use crate::moment::Moment;
use crate::names::Language;
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

/// The texts of [`Note::ConflictsFound`] in a language.
struct ConflictsFound {
    /// The language (RFC 5646).
    language: &'static str,
    subject: &'static str,
    text: &'static str,
    /// The calendar, where its name is not known.
    unnamed: &'static str,
}

/// Those that there are, English first.
const CONFLICTS_FOUND: [ConflictsFound; 3] = [
    ConflictsFound {
        language: "en",
        subject: "{{ room }}: {{ number or \"some\" }} {{ \"conflict\" if number == 1 else \"conflicts\" }}",
        text: "Hello,\n\n\
     {{ room }} has {{ number or \"some\" }} {{ \"conflict\" if number == 1 else \"conflicts\" }}. This calendar only reports them: nothing is removed.\n\
     Please agree with the organizers who uses the room.\n\
     {% for it in conflicts %}\n\
     - {{ it.name or \"(no name)\" }}{% if it.organizer %} ({{ it.organizer }}){% endif %}, {{ it.start|period(it.end) }}\n  \
     overlaps {{ it.winner or \"(no name)\" }}{% if it.winner_organizer %} ({{ it.winner_organizer }}){% endif %}\
     {% endfor %}\
     {% if conflicts and number > conflicts|length %}\n- and {{ number - conflicts|length }} more\n{% endif %}\n\n\
     All times are in the time zone {{ zone or \"UTC\" }}. You get this message at most once a day.\n",
        unnamed: "A calendar",
    },
    ConflictsFound {
        language: "de",
        subject: "{{ room }}: {{ number or \"einige\" }} {{ \"Überschneidung\" if number == 1 else \"Überschneidungen\" }}",
        text: "Guten Tag,\n\n\
     in {{ room }} gibt es {{ \"eine Überschneidung\" if number == 1 else (number or \"einige\") ~ \" Überschneidungen\" }}. Dieser Kalender meldet sie nur: Es wird nichts entfernt.\n\
     Bitte klären Sie mit den Organisatoren, wer den Raum nutzt.\n\
     {% for it in conflicts %}\n\
     - {{ \"Privat\" if it.is_private else it.name or \"(ohne Namen)\" }}{% if it.organizer %} ({{ it.organizer }}){% endif %}, {{ it.start|period(it.end, \"de\") }}\n  \
     überschneidet sich mit {{ \"Privat\" if it.winner_is_private else it.winner or \"(ohne Namen)\" }}{% if it.winner_organizer %} ({{ it.winner_organizer }}){% endif %}\
     {% endfor %}\
     {% if conflicts and number > conflicts|length %}\n- und {{ number - conflicts|length }} weitere\n{% endif %}\n\n\
     Alle Zeiten gelten in der Zeitzone {{ zone or \"UTC\" }}. Sie erhalten diese Nachricht höchstens einmal am Tag.\n",
        unnamed: "einem Kalender",
    },
    ConflictsFound {
        language: "fr",
        subject: "{{ room }}\u{202F}: {{ number or \"quelques\" }} {{ \"conflit\" if number == 1 else \"conflits\" }}",
        text: "Bonjour,\n\n\
     {{ room }} a {{ number or \"quelques\" }} {{ \"conflit\" if number == 1 else \"conflits\" }}. Ce calendrier se contente de les signaler\u{202F}: rien n’est supprimé.\n\
     Veuillez convenir avec les organisateurs de qui utilise la salle.\n\
     {% for it in conflicts %}\n\
     - {{ \"Privé\" if it.is_private else it.name or \"(sans nom)\" }}{% if it.organizer %} ({{ it.organizer }}){% endif %}, {{ it.start|period(it.end, \"fr\") }}\n  \
     chevauche {{ \"Privé\" if it.winner_is_private else it.winner or \"(sans nom)\" }}{% if it.winner_organizer %} ({{ it.winner_organizer }}){% endif %}\
     {% endfor %}\
     {% if conflicts and number > conflicts|length %}\n- et {{ number - conflicts|length }} {{ \"autre\" if number - conflicts|length == 1 else \"autres\" }}\n{% endif %}\n\n\
     Toutes les heures sont dans le fuseau horaire {{ zone or \"UTC\" }}. Vous recevez ce message au plus une fois par jour.\n",
        unnamed: "Un calendrier",
    },
];

impl ConflictsFound {
    /// The texts in a language; English, if there are none in it.
    fn in_language(language: Language) -> &'static ConflictsFound {
        let [english, ..] = &CONFLICTS_FOUND;
        CONFLICTS_FOUND.iter().find(|it| it.language == language.code()).unwrap_or(english)
    }
}

impl Note {
    /// The subject and the text. Administrators get English; the contact address of a calendar gets the language of
    /// the calendar's other messages.
    fn sources(self, language: Language) -> (&'static str, &'static str) {
        match self {
            Note::ConfirmationWanted => (
                "{{ room }}: a clear waits for your confirmation",
                "A clear of {{ room }} would change {{ objects or \"too many\" }} bookings. Its safety limit is {{ safety_limit if safety_limit is defined else \"lower\" }}.\n\
                 Until you confirm, only bookings that start within 48 hours are removed, and at most\n\
                 ten in 24 hours.\n\n\
                 Review the changes, and confirm them if they are right:\n\n  \
                 room-booking clear --test --calendar {{ calendar }}\n  \
                 room-booking clear --confirm --calendar {{ calendar }}\n\n\
                 You can also do this on the site. You get this message once.\n",
            ),
            Note::CalendarFails => (
                "{{ room }} cannot be cleared",
                "The calendar {{ room }} has failed{% if since %} since {{ since }}{% endif %}. Until it works again, its\n\
                 double bookings stay.\n\n\
                 {{ failure or \"The reason is not known.\" }}\n\n\
                 To find the cause, run room-booking doctor. You get a message when the calendar works\n\
                 again.\n",
            ),
            Note::CalendarWorks => (
                "{{ room }} works again",
                "The calendar {{ room }} works again{% if until %} since {{ until }}{% endif %}\
                 {% if since %}; it had failed since {{ since }}{% endif %}.\n\
                 You need not do anything.\n",
            ),
            Note::ConflictsFound => {
                let found = ConflictsFound::in_language(language);
                (found.subject, found.text)
            }
            Note::MonthlyReport => (
                "Report for {{ month or \"the past month\" }}",
                "Room Booking in {{ month or \"the past month\" }}{% if rooms %}, {{ rooms }} {{ \"room\" if rooms == 1 else \"rooms\" }}{% endif %}:\n\n\
                 Conflicts found:      {{ found or 0 }}\n\
                 - removed:            {{ removed or 0 }}\n\
                 - settled by people:  {{ settled or 0 }}\n\
                 - kept:               {{ kept or 0 }}\n\
                 Leftovers removed:    {{ leftovers or 0 }}\n\
                 Restored:             {{ restored or 0 }}\n\
                 Hours booked:         {{ booked or 0 }}\n\
                 Hours used twice:     {{ used_twice or 0 }}\n\
                 {% if series %}\nSeries without an end whose organizer was not seen for 90 days: {{ series }}\n{% endif %}\
                 {% if addresses %}\nOrganizers whose address is unknown to its mail server: {{ addresses }}\n{% endif %}\
                 {% if url %}\nThe whole report, with charts and tables:\n\n  {{ url }}\n{% endif %}",
            ),
            Note::MessagesHeld => (
                "Messages to other domains wait for your decision",
                "{% if who %}{{ who }} has caused{% else %}Room Booking has sent{% endif %} {{ limit or \"the largest number of\" }} messages in 24 hours to addresses outside\n\
                 {{ domain or \"the sender's domain\" }}. That is the limit, so further messages are held.\n\n\
                 Review them, and release or discard them:\n\n  \
                 room-booking outbox list --state held\n  \
                 room-booking outbox release ID\n  \
                 room-booking outbox discard ID\n\n\
                 You can also do this on the site. If the messages go to people of your organization, set\n\
                 MAIL_DOMAINS to its domains: then mail goes to them only, and nothing is held. You get\n\
                 this message at most once a day.\n",
            ),
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
        let unnamed = ConflictsFound::in_language(language).unnamed.to_owned();
        let room = text_of("calendar_name").or(slug.clone()).unwrap_or(unnamed);
        known.insert("room".to_owned(), Value::from(room));
        known.insert("calendar".to_owned(), Value::from(slug.unwrap_or("NAME".to_owned())));
        let known = Value::from(known);
        let (subject, text) = self.sources(language);
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
