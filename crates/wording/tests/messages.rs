//! Messages as the database keeps them, and in the languages that there are.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ical::{Moment, Zone};
use proptest::prelude::*;
use wording::{ALL, ArgumentKind, Message, MessageId, Texts, Time, Value, english, preferred};

fn german() -> &'static Texts {
    preferred("de")
}

fn berlin() -> Zone {
    Zone::iana("Europe/Berlin").unwrap()
}

/// An argument of a kind.
fn value(kind: ArgumentKind) -> Value {
    match kind {
        ArgumentKind::Text => Value::of_text("{ $x } \u{2028}\"\\"),
        ArgumentKind::Name => Value::of_name("a \"b\""),
        ArgumentKind::Number => Value::of_number(1_234),
        ArgumentKind::Moment => Value::of_moment(Time::new(&berlin(), Moment(1_772_449_200))),
        ArgumentKind::Message => {
            Value::of_message(MessageId::given_up(Message::quoted("451 busy")))
        }
        ArgumentKind::List => {
            Value::of_list(vec![Value::of_number(1), Value::of_message(MessageId::MayNotRead)])
        }
    }
}

fn message(id: MessageId) -> Message {
    let values = id.arguments().iter().map(|it| value(it.kind)).collect();
    Message { id, values }
}

#[test]
fn every_message_is_read_back_as_it_was_written_and_has_all_its_arguments_in_every_language() {
    for id in MessageId::ALL {
        let it = message(*id);
        assert_eq!(Message::of_stored(&it.to_stored()), it, "{id:?}");
        for texts in &ALL {
            let worded = texts.message(&it);
            assert!(!worded.is_empty() && !worded.contains("{$"), "{id:?}: {worded}");
            assert!(!worded.contains(['\u{2068}', '\u{2069}']), "{id:?}: {worded}");
        }
        assert!(!it.to_string().contains("{$"), "{it}");
    }
}

#[test]
fn the_form_in_the_database_is_an_id_with_typed_arguments() {
    let zone = berlin();
    let failing = MessageId::failing_since(
        Time::new(&zone, Moment(1_772_449_200)),
        MessageId::of_host("dav.example.org", Message::quoted("503")),
    );
    assert_eq!(
        failing.to_stored(),
        r#"{"arguments":{"failure":{"message":{"arguments":{"host":{"text":"dav.example.org"},"reason":{"message":{"arguments":{"words":{"text":"503"}},"id":"quoted"}}},"id":"of-host"}},"since":{"moment":{"at":1772449200,"zone":"Europe/Berlin"}}},"id":"failing-since"}"#
    );
    assert_eq!(Message::from(MessageId::NobodyKnown).to_stored(), r#"{"id":"nobody-known"}"#);
}

#[test]
fn what_is_damaged_or_of_another_version_is_quoted_as_it_is() {
    let long = format!("{}1{}", r#"{"list":["#.repeat(10_000), "]}".repeat(10_000));
    let deep = format!(r#"{{"id":"may-not","arguments":{{"rights":{long}}}}}"#);
    for stored in [
        "",
        "450 greylisted",
        "the calendar has no template",
        "{",
        "null",
        "[]",
        r#"{"id":"nobody-known""#,
        r#"{"id":"no-such-message"}"#,
        r#"{"id":"nobody-known","arguments":{"user":{"text":"x"}}}"#,
        r#"{"id":"nobody-known","more":1}"#,
        r#"{"id":"given-up"}"#,
        r#"{"id":"given-up","arguments":{"words":{"number":5}}}"#,
        r#"{"id":"given-up","arguments":{"words":"5"}}"#,
        r#"{"id":"first-fetch","arguments":{"fetched":{"number":1.5},"total":{"number":2}}}"#,
        &deep,
    ] {
        assert_eq!(Message::of_stored(stored), Message::quoted(stored));
        assert_eq!(Message::of_stored(stored).to_string(), stored);
        assert_eq!(german().stored_message(stored), stored);
    }
}

#[test]
fn programs_read_plain_english_and_people_read_their_own_language() {
    let named = MessageId::no_user_named("{} & \"co\"");
    assert_eq!(named.to_string(), r#"there is no user "{} & \"co\"""#);
    assert_eq!(english().message(&named), "there is no user “{} & \"co\"”");
    assert_eq!(german().message(&named), "Einen Benutzer „{} & \"co\"“ gibt es nicht.");
    let rights = [MessageId::MayNotRead, MessageId::MayNotChange].map(Value::of_message);
    let may_not = MessageId::may_not(rights.to_vec());
    assert!(may_not.to_string().starts_with("the account may not read events, change events; let"));
    let shown = german().message(&may_not);
    assert!(
        shown.starts_with("Dem Konto fehlen Rechte: Termine lesen, Termine ändern."),
        "{shown}"
    );
    let fetched = MessageId::first_fetch(1_200_usize, 30_000);
    assert!(fetched.to_string().contains("1200 of 30000 objects"), "{fetched}");
    assert!(german().message(&fetched).contains("1.200 von 30.000 Einträgen"));
}

#[test]
fn a_moment_is_worded_when_it_is_shown() {
    let at = Time::new(&berlin(), Moment(1_772_449_230));
    let one = MessageId::audited_mended(at.clone(), 1);
    assert!(
        one.to_string().contains("at 2026-03-02T12:00:30+01:00: one event differed, and was"),
        "{one}"
    );
    assert!(
        german()
            .message(&one)
            .contains("am 2. März 2026, 12:00 mit dem Server verglichen: Ein Termin wich")
    );
    let many = MessageId::audited_mended(at, 1_000);
    assert!(many.to_string().contains(": 1000 events differed, and were"), "{many}");
    assert!(german().message(&many).contains(": 1.000 Termine wichen ab"));
    let nowhere = Time { at: 0, zone: "Nowhere/Here".to_owned() };
    assert!(MessageId::audited_clean(nowhere).to_string().contains("1970-01-01T00:00:00+00:00"));
}

#[test]
fn the_site_says_what_is_on_the_site_where_programs_name_a_command() {
    let message = MessageId::not_fetched_yet("room");
    assert_eq!(
        message.to_string(),
        "its events have not been fetched yet: room-booking calendar sync room"
    );
    assert_eq!(
        english().message(&message),
        "its events have not been fetched yet; the next run does that"
    );
}

#[test]
fn texts_take_arguments_as_they_are_and_choose_their_plural() {
    let (en, de) = (english(), german());
    assert_eq!(en.copy_of("{ $name } <b>"), "Copy of { $name } <b>");
    assert_eq!(en.shown_of(50, 1_234_567), "50 of 1,234,567 shown.");
    let (shown, total) = (&50_usize, &1_234_567_i64);
    assert_eq!(de.shown_of(shown, total), "50 von 1.234.567 angezeigt.");
    assert_eq!([1, 2].map(|it| en.state_conflicts(it)), ["1 double booking", "2 double bookings"]);
    assert_eq!([1, 0].map(|it| de.state_conflicts(it)), ["1 Doppelbuchung", "0 Doppelbuchungen"]);
    assert_eq!(en.variables_lead.0.matches("{{ name }}").count(), 1, "braces of templates stay");
    assert!(de.variables_lead.0.contains("{% if is_recurring %} … {% endif %}"));
}

#[test]
fn the_language_is_the_one_that_the_browser_prefers_of_those_that_there_are() {
    for (header, code) in [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("DE-de", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr-CA", "fr"),
        ("tlh,de;q=0.5,fr;q=0.4", "de"),
        ("tlh", "en"),
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
    let many = format!("{}de", "tlh,".repeat(100_000));
    assert_eq!(preferred(&many).language.code, "en", "no more than some are looked at");
}

#[test]
fn days_and_times_are_written_as_the_language_writes_them() {
    let (zone, noon) = (berlin(), Moment(1_772_449_200));
    let (words, english) = (&german().language.words, &english().language.words);
    let period = words.period(&zone, noon, noon.plus(3600), false);
    assert_eq!(period, "Mo., 2. März 2026, 12:00–13:00");
    assert_eq!(words.stamp(&zone, noon), "2. März 2026, 12:00");
    let midnight = noon.plus(-12 * 3600);
    let period = words.period(&zone, midnight, midnight.plus(2 * 86_400), true);
    assert_eq!(period, "Mo., 2. März 2026 – Di., 3. März 2026, ganztägig");
    let day = zone.civil(noon).day();
    assert_eq!(words.long_day(day), "Montag, 2. März 2026");
    assert_eq!(english.long_day(day), "Monday, 2 March 2026");
    assert_eq!([words, english].map(|it| it.short_day(day)), ["Mo. 2.", "Mon 2"]);
    let in_november = noon.plus(-120 * 86_400);
    assert_eq!(words.stamp(&zone, in_november), "2. Nov. 2025, 12:00");
    assert_eq!(words.number(1_234_567), "1.234.567");
    assert_eq!(words.number(-1_234), "-1.234");
}

#[test]
fn french_has_its_own_dates_plurals_and_spaces() {
    let (zone, noon, fr) = (berlin(), Moment(1_772_449_200), preferred("fr"));
    let words = &fr.language.words;
    let period = words.period(&zone, noon, noon.plus(3600), false);
    assert_eq!(period, "lun. 2 mars 2026, 12:00–13:00");
    let day = zone.civil(noon).day();
    assert_eq!(
        [day, day - 1].map(|it| words.long_day(it)),
        ["lundi 2 mars 2026", "dimanche 1er mars 2026"]
    );
    assert_eq!(words.short_day(day - 1), "dim. 1er");
    assert_eq!(words.stamp(&zone, noon.plus(-86_400)), "1er mars 2026, 12:00");
    // Nought is one of a kind, and two are several.
    let shown = [0, 1, 2].map(|it| fr.state_conflicts(it));
    assert_eq!(shown, ["0 double réservation", "1 double réservation", "2 doubles réservations"]);
    assert_eq!(fr.shown_of(50, 1_234_567), "50 sur 1\u{202F}234\u{202F}567 affichés.");
    assert_eq!(fr.quoted("Lab"), "«\u{202F}Lab\u{202F}»");
    let told = fr.message(&MessageId::no_calendar("lab"));
    assert_eq!(told, "Il n’y a pas de calendrier «\u{202F}lab\u{202F}».");
}

proptest! {
    #[test]
    fn whatever_an_argument_holds_it_is_read_back_and_shown_as_it_is(text in "\\PC{0,40}", name in ".*") {
        let message = MessageId::template_failed(&name, Message::quoted(&text));
        prop_assert_eq!(&Message::of_stored(&message.to_stored()), &message);
        let expected = format!("„{name}“ schlug fehl ({text})");
        prop_assert!(german().message(&message).contains(&expected));
    }

    #[test]
    fn no_stored_text_ends_the_program(stored in ".*") {
        let message = Message::of_stored(&stored);
        prop_assert_eq!(message.to_string(), stored);
    }
}
