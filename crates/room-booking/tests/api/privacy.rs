//! Who reads what of PRIVATE and CONFIDENTIAL events, and what a key without the right to read learns.

use harness::web::Answer;
use reqwest::Method;
use serde_json::{Value, json};
use store::keys::Rights;
use testing::on_both_databases;

use crate::app::TestApp;

/// A private event of somebody else, one of ann's own, and a later one that loses to the first.
async fn private_events(app: &TestApp) {
    let event = |uid: &str, class: &str, who: &str, created: i64, start: i64| {
        format!(
            "UID:{uid}\r\nSUMMARY:Secret {uid}\r\nCLASS:{class}\r\nCREATED:{}\r\nDTSTART:{}\r\n\
             DURATION:PT1H\r\nORGANIZER:mailto:{who}@example.org\r\n",
            app.stamp(created),
            app.stamp(start)
        )
    };
    let events = [
        event("others", "PRIVATE", "bob", -48, 24),
        event("loser", "CONFIDENTIAL", "eve", -24, 24),
        event("own", "PRIVATE", "Ann", -48, 30),
        event("public", "PUBLIC", "bob", -48, 36),
    ];
    app.import("room-1", &events).await;
}

fn named(events: &Value) -> Vec<(String, String, Value)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut all: Vec<_> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (text(&it["uid"]), text(&it["name"]), it["organizer"].clone()))
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

fn expected(shown: [(&str, &str, Option<&str>); 4]) -> Vec<(String, String, Value)> {
    shown.map(|(uid, name, who)| (uid.to_owned(), name.to_owned(), json!(who))).into()
}

on_both_databases! {
    async fn a_date_of_a_private_series_is_no_more_public_than_the_series(database) {
        let app = TestApp::new(database).await;
        let (start, moved) = (app.stamp(24), app.stamp(26));
        let series = format!(
            "UID:series\r\nSUMMARY:Secret\r\nCLASS:PRIVATE\r\nDTSTART:{start}\r\nDURATION:PT1H\r\n\
             RRULE:FREQ=DAILY;COUNT=2\r\nORGANIZER:mailto:bob@example.org\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nUID:series\r\nRECURRENCE-ID:{start}\r\nSUMMARY:Secret, moved\r\n\
             DTSTART:{moved}\r\nDURATION:PT1H\r\nORGANIZER:mailto:bob@example.org\r\n"
        );
        let told = series.replace("Secret, moved", "Told").replace("series", "told");
        let told = told.replace("RECURRENCE-ID", "CLASS:PUBLIC\r\nRECURRENCE-ID");
        app.import("room-1", &[series, told]).await;
        let list = app.get("/api/room-1/events").await.json;
        let of = |uid: &str| {
            let all = named(&list["events"]).into_iter().filter(|it| it.0 == uid);
            let mut names: Vec<String> = all.map(|it| it.1).collect();
            names.sort();
            names
        };
        assert_eq!(of("series"), ["Private", "Private"], "{list}");
        assert_eq!(of("told"), ["Private", "Told"], "which says itself that it is public");
    }

    async fn other_peoples_private_events_are_listed_without_name_and_organizer(database) {
        let app = TestApp::new(database).await;
        private_events(&app).await;
        let list = app.get("/api/room-1/events").await;
        assert_eq!(named(&list.json["events"]), expected([
            ("loser", "Private", None),
            ("others", "Private", None),
            ("own", "Secret own", Some("Ann@example.org")),
            ("public", "Secret public", Some("bob@example.org")),
        ]));
        let boss = app.administrator_key().await;
        let list = app.send_with(&boss, Method::GET, "/api/room-1/events").await;
        assert_eq!(named(&list.json["events"]), expected([
            ("loser", "Secret loser", Some("eve@example.org")),
            ("others", "Secret others", Some("bob@example.org")),
            ("own", "Secret own", Some("Ann@example.org")),
            ("public", "Secret public", Some("bob@example.org")),
        ]));
        let one = app.get("/api/room-1/events/others").await;
        assert_eq!(one.json["events"][0]["name"], "Private");
    }

    async fn the_object_of_a_private_event_is_for_its_people_and_administrators(database) {
        let app = TestApp::new(database).await;
        private_events(&app).await;
        let boss = app.administrator_key().await;
        let read = async |key: &str, uid: &str| {
            let request = app.request(Method::GET, &format!("/api/room-1/events/{uid}"));
            let request = request.bearer_auth(key).header("accept", "text/calendar");
            Answer::of(request.send().await.unwrap()).await
        };
        for uid in ["others", "loser"] {
            let refused = read(&app.key, uid).await;
            refused.expect_problem(403);
            assert!(!refused.text.contains("Secret"), "{refused:?}");
            assert!(read(&boss, uid).await.text.contains(&format!("Secret {uid}")));
        }
        for uid in ["own", "public"] {
            assert!(read(&app.key, uid).await.text.contains(&format!("Secret {uid}")));
        }
        read(&app.key, "nothing").await.expect_problem(404);
    }

    async fn no_answer_about_a_conflict_names_a_private_event(database) {
        let app = TestApp::new(database).await;
        private_events(&app).await;
        let taken = app.get("/api/room-1/events/others").await.json["events"][0].clone();
        let body = json!({ "name": "Mine", "start": taken["start"], "end": taken["end"] });
        let answer = app.post("/api/room-1/events?only_if_free=1", &body).await;
        answer.expect_problem(409);
        assert_eq!(answer.json["events"][0]["name"], "Private");
        assert_eq!(answer.json["events"][0]["organizer"], Value::Null);
        for path in ["/api/clear-bookings?test=1", "/api/clear-bookings"] {
            let report = app.delete(path).await;
            assert!(!report.text.contains("Secret") && !report.text.contains("example.org"));
            let entry = &report.json["deleted_overlapping_events"][0];
            assert_eq!(entry["event"]["uid"], "loser");
            for event in [&entry["event"], &entry["overlaps_with"]] {
                assert_eq!((&event["name"], &event["organizer"]), (&json!("Private"), &Value::Null));
            }
        }
    }

    async fn a_key_without_the_right_to_read_learns_times_only(database) {
        let app = TestApp::new(database).await;
        private_events(&app).await;
        let taken = app.get("/api/room-1/events/public").await.json["events"][0].clone();
        let rights = Rights { read: false, ..Rights::ALL };
        let key = app.key_with(rights, None).await;
        app.send_with(&key, Method::GET, "/api/room-1/events").await.expect_problem(403);
        let body = json!({ "name": "Mine", "start": taken["start"], "end": taken["end"] });
        let answer = app.post_with(&key, "/api/room-1/events?only_if_free=1", &body).await;
        answer.expect_problem(409);
        assert_eq!(answer.json["events"][0]["name"], "");
        assert_eq!(answer.json["events"][0]["organizer"], Value::Null);
        assert_eq!(answer.json["events"][0]["start"], taken["start"]);
        let path = format!("/api/room-1/events/{}", taken["uid"].as_str().unwrap());
        let changed = app.request(Method::PATCH, &path).bearer_auth(&key);
        let changed = changed.json(&json!({ "start": taken["start"], "end": taken["end"] }));
        let answer = Answer::of(changed.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json["start"], taken["start"]);
        assert_eq!((&answer.json["name"], &answer.json["organizer"]), (&json!(""), &Value::Null));
        let report = app.send_with(&key, Method::DELETE, "/api/clear-bookings?test=1").await;
        let entry = &report.json["deleted_overlapping_events"][0];
        for event in [&entry["event"], &entry["overlaps_with"]] {
            assert_eq!((&event["name"], &event["organizer"]), (&json!(""), &Value::Null));
        }
        assert!(!report.text.contains("Secret") && !report.text.contains("Private"));
    }

    async fn a_priority_token_in_an_object_is_read_by_administrators_only(database) {
        let app = TestApp::new(database).await;
        let token = "RB-4uT6jkmnpqrstuvwxyzABC";
        let lines = format!("DESCRIPTION:Token {}\r\n {}\r\n", &token[..8], &token[8..]);
        let (start, more) = (app.stamp(24), "SUMMARY:Board\r\nDURATION:PT1H\r\n");
        let event = format!("UID:a\r\nCREATED:{}\r\nDTSTART:{start}\r\n{more}{lines}", app.stamp(-1));
        app.import("room-1", &[event]).await;
        let boss = app.administrator_key().await;
        for (key, expected) in [(app.key.clone(), "DESCRIPTION:Token RB-…\r\n"), (boss, &lines)] {
            let request = app.request(Method::GET, "/api/room-1/events/a");
            let request = request.bearer_auth(key).header("accept", "text/calendar");
            let answer = Answer::of(request.send().await.unwrap()).await;
            assert!(answer.text.contains(expected), "{answer:?}");
        }
        let changed = app
            .request(Method::PATCH, "/api/room-1/events/a")
            .bearer_auth(&app.key)
            .json(&json!({ "name": format!("Board {token}") }))
            .send()
            .await
            .unwrap();
        let changed = Answer::of(changed).await;
        assert_eq!(changed.json["name"], "Board RB-…", "{changed:?}");
        let list = app.get("/api/room-1/events").await;
        assert!(!list.text.contains(&token[3..]), "{list:?}");
    }
}
