//! The calendar file of an email about a removal, read by a parser of calendars and by a mail server's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use ical::{Budget, Calendar, Moment, Window, Zone, Zones, expand};
use mail::limits::{MAX_NAME, MAX_OCCURRENCES};
use mail::{
    Content, Event, Notice, Rendered, Security, Sender, Smtp, Timeouts, Transport as _, samples,
};
use serde_json::{Value, json};
use smtp_peer::{Options, SmtpPeer};

/// 2026-03-02T08:00:00Z.
const NOW: i64 = 1_772_438_400;
const ID: &str = "<4uT6@rooms.example.org>";

fn sample(name: &str) -> Notice {
    samples::named(name).unwrap().notice
}

/// The file of a notice.
fn file(notice: &Notice) -> String {
    notice.calendar_file(ID, NOW).unwrap().text().to_owned()
}

/// The events of a file: their UIDs, times and names.
fn events(text: &str) -> Vec<(String, i64, i64, String)> {
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let window = Window { start: Moment(0), end: Moment(4_000_000_000) };
    let mut events = Vec::new();
    for object in calendar.objects() {
        let mut found = Vec::new();
        let mut zones = Zones::new(Zone::iana("Europe/Berlin").unwrap());
        expand(&calendar, object, &mut zones, window, &mut Budget::new(), &mut found).unwrap();
        let [it] = &found[..] else { panic!("one time: {text}") };
        let name = calendar.event(it.component as usize).summary().into_owned();
        events.push((object.uid().into_owned(), it.start.0, it.end.0, name));
    }
    events
}

/// The lines of a file, unfolded.
fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_removed_booking_is_one_event_with_its_name_its_time_and_its_room() {
    let notice = sample("deleted");
    let expected = "BEGIN:VCALENDAR\r\n\
                    VERSION:2.0\r\n\
                    PRODID:-//Room Booking//Room Booking//EN\r\n\
                    CALSCALE:GREGORIAN\r\n\
                    BEGIN:VEVENT\r\n\
                    UID:removed-0-4uT6@rooms.example.org\r\n\
                    DTSTAMP:20260302T080000Z\r\n\
                    DTSTART:20260302T110000Z\r\n\
                    DTEND:20260302T120000Z\r\n\
                    SUMMARY:Budget review\r\n\
                    LOCATION:Meeting room 1\r\n\
                    END:VEVENT\r\n\
                    END:VCALENDAR\r\n";
    assert_eq!(file(&notice), expected);
    let (event, uid) = (&notice.event, "removed-0-4uT6@rooms.example.org".to_owned());
    assert_eq!(events(expected), [(uid, event.start, event.end, event.name.clone())]);
}

#[test]
fn each_removed_date_is_an_event_with_a_uid_of_its_own() {
    let notice = sample("52 dates, and where they are listed");
    let found = events(&file(&notice));
    let times: Vec<_> = found.iter().map(|it| (it.1, it.2)).collect();
    let expected: Vec<_> = notice.occurrences.iter().map(|it| (it.start, it.end)).collect();
    assert_eq!(times, expected);
    let uids: BTreeSet<&str> = found.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(uids.len(), 52);
}

#[test]
fn no_more_dates_are_in_it_than_a_message_has() {
    let mut notice = sample("many occurrences");
    notice.occurrences.extend_from_within(..);
    assert_eq!(file(&notice).matches("BEGIN:VEVENT").count(), MAX_OCCURRENCES);
}

#[test]
fn what_is_all_day_in_the_message_has_dates() {
    let text = file(&sample("whole days"));
    let dates = "\r\nDTSTART;VALUE=DATE:20260302\r\nDTEND;VALUE=DATE:20260304\r\n";
    assert!(text.contains(dates), "{text}");
    let notice = sample("whole days");
    assert_eq!(events(&text)[0].1, notice.event.start);
}

#[test]
fn only_what_is_gone_is_attached() {
    for sample in samples::all() {
        let notice = &sample.notice;
        let is_loss = notice.offered_until.is_some()
            || notice.warning.is_none()
                && !notice.is_restored
                && notice.reason.is_none()
                && !(notice.is_deleted && notice.is_cancelled);
        assert_eq!(notice.calendar_file(ID, NOW).is_some(), is_loss, "{}", sample.name);
    }
    for name in ["warning", "kept", "restored", "cancelled leftover", "warning ended: gone"] {
        assert_eq!(sample(name).calendar_file(ID, NOW), None, "{name}");
    }
    for name in ["deleted", "cancelled occurrence", "whole series deleted", "offer"] {
        assert!(sample(name).calendar_file(ID, NOW).is_some(), "{name}");
    }
}

#[test]
fn it_invites_nobody_and_rings_no_bell() {
    for sample in samples::all() {
        let Some(file) = sample.notice.calendar_file(ID, NOW) else { continue };
        for name in ["METHOD", "ATTENDEE", "ORGANIZER", "BEGIN:VALARM", "RRULE"] {
            assert!(!file.text().contains(name), "{}", file.text());
        }
    }
}

#[test]
fn a_hidden_name_is_hidden_in_it() {
    let mut notice = sample("deleted");
    notice.event.is_of_private_class = true;
    let text = file(&notice.for_others("Private"));
    assert!(text.contains("SUMMARY:Private\r\n") && !text.contains("Budget"), "{text}");
}

#[test]
fn no_name_adds_a_line_and_lines_are_folded_between_characters() {
    let long = "ä,;\\".repeat(MAX_NAME);
    let cut: String = long.chars().take(MAX_NAME - 1).chain(['…']).collect();
    let bells = ["🎉".repeat(100), format!("x{}", "🎉".repeat(100))];
    for (name, expected) in [
        ("n\r\nATTENDEE:x\r\nEND:VEVENT", "n  ATTENDEE:x  END:VEVENT"),
        ("a, b; c \\n d \\", "a, b; c \\n d \\"),
        (&bells[0], &bells[0]),
        (&bells[1], &bells[1]),
        (&long, &cut),
        ("\u{2028}\u{85}\u{0}", ""),
    ] {
        let notice = Notice {
            calendar_name: name.to_owned(),
            event: Event { name: name.to_owned(), ..sample("deleted").event },
            ..sample("deleted")
        };
        let text = file(&notice);
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "only CRLF ends lines: {text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let of_names = if expected.is_empty() { 0 } else { 2 };
        assert_eq!(unfolded(&text).len(), 11 + of_names, "{text}");
        let [(_, _, _, read)] = &events(&text)[..] else { panic!("{text}") };
        assert_eq!(read, expected);
    }
}

#[test]
fn a_time_that_no_calendar_shows_makes_no_file_and_one_without_length_no_end() {
    let mut notice = sample("deleted");
    notice.occurrences[0].start = i64::MAX;
    assert_eq!(notice.calendar_file(ID, NOW), None);
    assert_eq!(sample("deleted").calendar_file(ID, i64::MIN), None);
    let mut notice = sample("deleted");
    notice.occurrences[0].end = notice.occurrences[0].start;
    let text = file(&notice);
    assert!(text.contains("DTSTART:20260302T110000Z") && !text.contains("DTEND"), "{text}");
    notice.occurrences.clear();
    assert!(file(&notice).contains("DTEND:20260302T120000Z"), "the event, where no date is named");
}

/// What a real mail server receives.
fn received(rendered: &Rendered, notice: &Notice) -> Value {
    let peer = SmtpPeer::start(&Options::default());
    let sender = Sender {
        address: "rooms@example.org".to_owned(),
        name: None,
        reply_to: None,
        bcc: Vec::new(),
    };
    let file = notice.calendar_file(ID, NOW);
    let content = Content { rendered, file: file.as_ref(), logo: None };
    let email = sender.email_with("ann@example.org", content, ID, NOW).unwrap();
    let smtp = Smtp {
        host: "localhost".to_owned(),
        port: peer.port,
        security: Security::None,
        login: None,
        ca_file: None,
        hello: "rooms.example.org".to_owned(),
        timeouts: Timeouts::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut session = smtp.connect().await.unwrap();
        session.send_envelope(&email).await.unwrap();
        session.transmit(&email).await.unwrap();
        session.end().await;
    });
    let [it] = &peer.emails()[..] else { panic!("one email") };
    it.clone()
}

#[test]
fn it_arrives_as_a_file_beside_the_text_and_the_html() {
    let hostile = sample("hostile name");
    for (notice, html) in [
        (&hostile, Some("<p>Grüße</p>")),
        (&sample("offer of dates"), Some("<p>Grüße</p>")),
        (&sample("deleted"), None),
    ] {
        let (subject, text) = ("Grüße".to_owned(), "Grüße\nund mehr".to_owned());
        let rendered = Rendered { subject, text, html: html.map(str::to_owned) };
        let it = received(&rendered, notice);
        assert_eq!(it["type"], "multipart/mixed");
        assert_eq!((&it["text"], &it["html"]), (&json!("Grüße\nund mehr"), &json!(html)));
        let [attached] = &it["attachments"].as_array().unwrap()[..] else { panic!("{it}") };
        assert_eq!(attached["name"], "booking.ics");
        assert_eq!(attached["disposition"], "attachment");
        assert_eq!(attached["type"], "text/calendar");
        assert_eq!(attached["parameters"], json!([["charset", "utf-8"]]), "no method");
        assert_eq!(attached["content"], file(notice));
        assert_eq!((&it["defects"], &it["header_defects"]), (&json!([]), &json!([])));
        assert_eq!(it["is_ascii"], true, "so any server takes it");
        assert!(it["longest_line"].as_u64().unwrap() <= 998);
    }
    let rendered = Rendered { subject: "s".to_owned(), text: "t".to_owned(), html: None };
    let it = received(&rendered, &sample("kept"));
    assert_eq!((&it["type"], &it["attachments"]), (&json!("text/plain"), &json!([])));
}
