//! Servers that mean harm: what they say is bounded and reported, nothing of it reaches what it should
//! not, and once they behave all works again.

use harness::on_server::ServerRoom;
use harness::setup::access;
use harness::{event, file, told};
use operations::{ServerSettings, Servers};
use secrecy::SecretString;
use testing::fake::Quirks;
use testing::on_both_databases;
use testing::scripted::Answer;

use super::changes::{old, young};

/// Characters of a sentence that says what is wrong with a server.
const LONGEST_SENTENCE: usize = 700;

fn multistatus(inner: &str) -> Answer {
    let open = "<multistatus xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">";
    Answer::xml(207, format!("{open}{inner}</multistatus>"))
}

fn given(href: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<response><href>{href}</href><propstat><prop><getetag>\"evil\"</getetag>\
         <C:calendar-data>{text}</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat>\
         </response>"
    )
}

on_both_databases! {
    async fn answers_that_would_never_end_fail_their_calendar_with_a_sentence_and_leave_no_trace(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        room.room.test().await;
        let laughs: String = (1..30)
            .map(|it| format!("<!ENTITY l{it} \"{}\">", format!("&l{};", it - 1).repeat(10)))
            .collect();
        let bomb = format!("<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]><multistatus>&l29;</multistatus>");
        let here = room.server.path("meeting-room-1");
        let hostile = [
            Answer::xml(207, bomb),
            multistatus(&"<a>".repeat(500_000)),
            multistatus(&format!("<response><href>/{}</href></response>", "x".repeat(9_000_000))),
            Answer::xml(207, "<".repeat(1_000_000)),
            Answer::xml(500, "words ".repeat(1_000_000)),
            Answer::status(301).with("Location", &here),
            Answer::status(308).with("Location", "http://127.0.0.2:1/"),
            Answer::status(301).with("Location", "file:///etc/passwd"),
            Answer::status(301).with("Location", &"/x".repeat(20_000)),
        ];
        for (number, answer) in hostile.into_iter().enumerate() {
            room.server.before(move |request, _| {
                (request.method == "REPORT" || request.method == "PROPFIND").then(|| answer.clone())
            });
            let report = room.room.clear().await;
            // One of them is an empty list, which says that nothing has changed.
            for failed in &report.failed_calendars {
                assert!(failed.error.to_string().len() < LONGEST_SENTENCE, "{number}: {}", failed.error);
            }
            assert!(report.lists().into_iter().all(Vec::is_empty), "{number}: {report:?}");
            room.server.behave();
            assert_eq!(room.uids(), "old young", "{number}");
            assert_eq!(room.room.uids().await, "old young", "{number}");
        }
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
    }

    async fn a_server_leads_nobody_out_of_the_collection_or_to_another_host(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        let here = room.server.path("meeting-room-1");
        let evil = young("evil");
        let places = [
            "http://127.0.0.2:1/evil.ics".to_owned(),
            "//127.0.0.2:1/evil.ics".to_owned(),
            "https://other.example/calendars/room/meeting-room-1/evil.ics".to_owned(),
            "/etc/evil.ics".to_owned(),
            format!("{here}../other/evil.ics"),
            format!("{here}%2e%2e/other/evil.ics"),
            format!("{here}..%2Fevil.ics/x/evil.ics"),
            "file:///etc/evil.ics".to_owned(),
            "javascript:evil.ics".to_owned(),
        ];
        let listed: String = places.iter().map(|it| given(it, &file(std::slice::from_ref(&evil)))).collect();
        let answer = multistatus(&format!("{listed}<sync-token>x:1</sync-token>"));
        room.server.before(move |request, _| {
            (request.method == "REPORT").then(|| answer.clone())
        });
        room.methods();
        room.room.test().await;
        let asked = room.server.take();
        let outside = |line: &&String| !line.contains(&here) || line.contains("..");
        assert!(!asked.iter().any(|it| outside(&it)), "{asked:?}");
        // Where nothing of the collection is listed, its members are asked for in another way.
        assert_eq!(room.room.uids().await, "old young");
        room.server.behave();
        room.server.take();
        room.room.clear().await;
        let asked = room.server.take();
        assert!(!asked.iter().any(|it| outside(&it)), "{asked:?}");
        assert_eq!(room.uids(), "old", "once the server behaves, all is as it should be");
    }

    async fn objects_that_nobody_asked_for_are_not_believed(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(old()).with(young("young"));
        room.room.test().await;
        let path = room.server.path("meeting-room-1");
        // It is older than all, and would win every hour.
        let evil = event("old", "0101T00", "0303T10", "0303T11").line("X-EVIL:1");
        let unasked = multistatus(&given(&format!("{path}old.ics"), &file(&[evil])));
        room.server.before(move |request, _| {
            let is_multiget = request.text().contains("multiget");
            (is_multiget && !request.text().contains("old.ics")).then(|| unasked.clone())
        });
        room.put(young("third").line("X-NUMBER:1"));
        room.room.clear().await;
        assert!(!room.room.text("old").await.contains("X-EVIL"));
        assert!(room.text("old").contains("UID:old") && room.uids().contains("old"));
    }

    async fn recurrence_that_asks_for_too_much_is_left_alone_and_the_rest_is_dealt_with(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = room.with(old()).with(young("young"));
        for number in 0..12 {
            let rule = "FREQ=SECONDLY;INTERVAL=1;BYSECOND=0,1,2,3,4,5";
            room = room.with(event(&format!("s{number}"), "0301T00", "0101T00", "0101T01").rule(rule));
        }
        let rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30";
        room = room.with(event("never", "0301T00", "0105T00", "0105T01").rule(rule));
        let report = room.room.clear().await;
        let deleted = told(&report).into_iter().filter(|it| it.starts_with("deleted young"));
        assert_eq!(deleted.count(), 1, "{:?} {:?}", told(&report), report.failed_calendars);
        assert!(report.unreadable_objects.len() >= 12, "{:?}", report.unreadable_objects.len());
        assert!(room.uids().contains("s11"), "what cannot be read is left alone");
    }

    async fn a_password_that_the_server_repeats_stands_nowhere(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        room.room.test().await;
        room.server.before(|request, _| {
            let said = request.header("Authorization").unwrap_or_default();
            let words = format!("who sends {said} and test-secret-1?");
            (request.method != "OPTIONS").then(|| Answer::text(403, &words))
        });
        let report = room.room.clear().await;
        let mut seen = format!("{report:?} {:?} {:?}", room.room.service, access("http://h/"));
        let settings = ServerSettings {
            secret: std::sync::Arc::new(|| Ok(SecretString::from("test-secret-1"))),
            ..ServerSettings::default()
        };
        seen.push_str(&format!("{settings:?} {:?}", Servers::new(settings.clone())));
        seen.extend(database.dump().await);
        let failure = "SELECT failure FROM calendar_health";
        let failure = database.column(failure).await;
        assert!(failure[0].contains("who sends"), "{failure:?}");
        seen.extend(failure);
        assert!(!seen.contains("test-secret-1") && !seen.contains("cm9vbTp0ZXN0LXNlY3JldC0x"), "{seen}");
    }
}
