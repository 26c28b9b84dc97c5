//! `DELETE /api/clear-bookings`

use std::time::Duration;

use harness::assert_kept;
use harness::snapshot::named;
use serde_json::{Value, json};
use store::calendars::Calendar;
use testing::{ics, on_both_databases};

use crate::app::TestApp;

/// Two events of one hour tomorrow in a calendar, of which the second was created later.
async fn double_booking(app: &TestApp, calendar: &str) {
    let event = |uid: &str, created: i64| {
        format!(
            "UID:{uid}-{calendar}\nSUMMARY:{uid}\nCREATED:{}\nDTSTART:{}\nDURATION:PT1H",
            app.stamp(created),
            app.stamp(24)
        )
    };
    app.import(calendar, &[event("late", -24), event("early", -48)]).await;
}

fn losers(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = report["deleted_overlapping_events"].as_array().unwrap();
    list.iter().map(|it| (text(&it["calendar"]), text(&it["event"]["name"]))).collect()
}

const LISTS: [&str; 8] = [
    "deleted_cancelled_events",
    "deleted_overlapping_events",
    "cancelled_overlapping_recurring_events",
    "ignored_overlapping_events",
    "ignored_cancelled_events",
    "failed_calendars",
    "unreadable_objects",
    "warnings",
];

on_both_databases! {
    async fn the_answer_to_a_clear_is_the_one_that_is_kept(database) {
        let app = TestApp::on_still_clock(database).await;
        let event = |uid: &str, created: &str, start: &str, end: &str| {
            ics::event(uid, created, start, end).line(format!("SUMMARY:The {uid}"))
        };
        let file = ics::file(&[
            event("strong", "0101T00", "0303T12", "0303T13").by("ann@example.org"),
            event("weak", "0201T00", "0303T1230", "0303T1330"),
            event("series", "0202T00", "0302T12", "0302T13").rule("FREQ=DAILY;COUNT=3"),
            event("free", "0201T00", "0303T12", "0303T13").line("TRANSP:TRANSPARENT"),
            event("off", "0101T00", "0303T08", "0303T09").line("STATUS:CANCELLED"),
        ]);
        app.server.setup().import("room-1", file).await;
        let answer = app.delete("/api/clear-bookings").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        // Keys are hashes of the objects' versions, among others, which differ each time.
        let text = serde_json::to_string_pretty(&answer.json).unwrap();
        assert_kept!("clear-bookings-answer", named(&text, &[("\"key\": \"", "\"", "KEY")]));
    }

    async fn test_mode_says_what_the_real_thing_then_does(database) {
        let app = TestApp::new(database).await;
        double_booking(&app, "room-1").await;
        double_booking(&app, "room-2").await;
        let mut test = app.delete("/api/clear-bookings?test=yes").await.json;
        assert_eq!(test["test_mode"], true);
        assert_eq!(app.delete("/api/clear-bookings?test=1").await.json, test, "nothing changed");
        let real = app.delete("/api/clear-bookings").await;
        assert_eq!((real.status.as_u16(), real.header("content-type")), (200, "application/json"));
        test["test_mode"] = json!(false);
        assert_eq!(real.json, test);
        assert_eq!(real.json.as_object().unwrap().len(), LISTS.len() + 1);
        let expected = [("room-1", "late"), ("room-2", "late")];
        assert_eq!(losers(&real.json), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        let entry = &real.json["deleted_overlapping_events"][0];
        assert_eq!(entry["overlaps_with"]["name"], "early");
        let again = app.delete("/api/clear-bookings").await.json;
        assert!(LISTS.iter().all(|list| again[list] == json!([])), "{again}");
    }

    async fn only_the_named_calendars_are_cleared(database) {
        let app = TestApp::new(database).await;
        for calendar in ["room-1", "room-2", "other"] {
            double_booking(&app, calendar).await;
        }
        let answer = app.delete("/api/clear-bookings?calendar=room-2&calendar=room-2").await;
        assert_eq!(losers(&answer.json), [("room-2".to_owned(), "late".to_owned())]);
        let answer = app.delete("/api/clear-bookings?test=1").await;
        assert_eq!(losers(&answer.json), [("room-1".to_owned(), "late".to_owned())]);
    }

    async fn nothing_is_cleared_anywhere_where_a_parameter_is_wrong(database) {
        let app = TestApp::new(database).await;
        double_booking(&app, "room-1").await;
        for (query, status) in [
            ("calendar=room-1&calendar=nowhere", 404), ("calendar=other", 404), ("calendar=", 422),
            ("tset=1", 422), ("test=", 422), ("test", 422), ("test=maybe", 422), ("test=0&test=1", 422),
            ("confirm=", 422), ("Calendar=room-1", 422), ("calendar=Room-1", 404),
        ] {
            app.delete(&format!("/api/clear-bookings?{query}")).await.expect_problem(status);
        }
        assert_eq!(losers(&app.delete("/api/clear-bookings?test=1").await.json).len(), 1);
    }

    async fn only_an_administrators_key_lifts_the_safety_limit(database) {
        let app = TestApp::new(database).await;
        let calendar = app.service.calendar("room-1").await.unwrap();
        let calendar = Calendar { safety_limit: 0, ..calendar };
        app.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        double_booking(&app, "room-1").await;
        double_booking(&app, "room-2").await;
        for query in ["confirm=1", "confirm=yes", "confirm=1&test=1"] {
            let refused = app.delete(&format!("/api/clear-bookings?{query}")).await;
            refused.expect_problem(403);
        }
        let refused = app.post("/api/clear-bookings", &json!({ "confirm": true })).await;
        refused.expect_problem(403);
        let mut reasons = Vec::new();
        let test = app.delete("/api/clear-bookings?test=1").await.json;
        for entry in test["ignored_overlapping_events"].as_array().unwrap() {
            reasons.push(entry["reason"].clone());
        }
        assert_eq!(reasons, ["limit"]);
        assert_eq!(losers(&test), [("room-2".to_owned(), "late".to_owned())], "nothing was cleared");
        let boss = app.administrator_key().await;
        let path = "/api/clear-bookings?confirm=1";
        let lifted = app.send_with(&boss, reqwest::Method::DELETE, path).await;
        assert_eq!(losers(&lifted.json).len(), 2, "{lifted:?}");
    }

    async fn a_body_clears_as_a_query_does(database) {
        let app = TestApp::new(database).await;
        double_booking(&app, "room-1").await;
        double_booking(&app, "room-2").await;
        let by_query = app.delete("/api/clear-bookings?test=1").await.json;
        let post = async |body: Value| app.post("/api/clear-bookings", &body).await;
        assert_eq!(post(json!({ "test": true })).await.json, by_query);
        let one = post(json!({ "calendars": ["room-2"], "test": true })).await.json;
        assert_eq!(losers(&one), [("room-2".to_owned(), "late".to_owned())]);
        for (body, status) in [
            (json!({ "calendars": ["room-1", "nowhere"] }), 404),
            (json!({ "calendars": ["other"] }), 404),
            (json!({ "calendars": [] }), 422),
            (json!({ "test": "yes" }), 422),
            (json!({ "tset": true }), 422),
            (json!(["room-1"]), 422),
        ] {
            post(body).await.expect_problem(status);
        }
        let answer = app.post("/api/clear-bookings?test=1", &json!({})).await;
        answer.expect_problem(422);
        let twice = app.request(reqwest::Method::POST, "/api/clear-bookings").bearer_auth(&app.key);
        let twice = twice.header("content-type", "application/json");
        let twice = twice.body(r#"{"test":true,"test":false}"#).send().await.unwrap();
        harness::web::Answer::of(twice).await.expect_problem(400);
        let real = post(json!({})).await.json;
        assert_eq!(losers(&real).len(), 2);
    }

    async fn exactly_the_chosen_entries_are_done(database) {
        let app = TestApp::new(database).await;
        for calendar in ["room-1", "room-2"] {
            double_booking(&app, calendar).await;
        }
        let later = |uid: &str, created: i64| {
            format!(
                "UID:{uid}\r\nSUMMARY:{uid}\r\nCREATED:{}\r\nDTSTART:{}\r\nDURATION:PT1H\r\n",
                app.stamp(created), app.stamp(48)
            )
        };
        app.import("room-1", &[later("third", -24), later("second", -48)]).await;
        let post = async |body: Value| app.post("/api/clear-bookings", &body).await;
        let test = app.delete("/api/clear-bookings?test=1").await.json;
        let entries = test["deleted_overlapping_events"].as_array().unwrap();
        let keys: Vec<Value> = entries.iter().map(|it| it["key"].clone()).collect();
        assert_eq!(keys.len(), 3);
        let nothing = post(json!({ "only": [] })).await.json;
        assert!(LISTS.iter().all(|list| nothing[list] == json!([])), "{nothing}");
        post(json!({ "only": [keys[0]], "calendars": ["room-2"] })).await.expect_problem(422);
        post(json!({ "only": ["nonsense"] })).await.expect_problem(422);
        let foretold = post(json!({ "only": [keys[1]], "test": true })).await.json;
        assert_eq!(losers(&foretold), [("room-1".to_owned(), "third".to_owned())]);
        let done = post(json!({ "only": [keys[1]] })).await.json;
        assert_eq!(done["deleted_overlapping_events"], json!([entries[1]]));
        assert_eq!(done["ignored_overlapping_events"], json!([]));
        let left = app.delete("/api/clear-bookings?test=1").await.json;
        let left: Vec<_> = losers(&left).into_iter().map(|(calendar, _)| calendar).collect();
        assert_eq!(left, ["room-1", "room-2"], "nothing else went");
        // One entry again, that is none any more, and one that still is.
        let again = post(json!({ "only": [keys[1], keys[2]] })).await.json;
        assert_eq!(losers(&again), [("room-2".to_owned(), "late".to_owned())]);
        let changed = &again["ignored_overlapping_events"][0];
        assert_eq!((&changed["reason"], &changed["key"]), (&json!("changed"), &keys[1]));
        assert_eq!(changed["event"]["uid"], "third");
        assert_eq!(changed["event"]["start"], entries[1]["event"]["start"]);
        assert_eq!(changed["overlaps_with"]["name"], "second");
    }

    async fn the_same_entry_of_two_calendars_is_chosen_for_one_of_them(database) {
        let app = TestApp::new(database).await;
        let event = |name: &str, created: i64, hour: i64| {
            let (created, start) = (app.stamp(created), app.stamp(hour));
            format!("SUMMARY:{name}\r\nCREATED:{created}\r\nDTSTART:{start}\r\nDURATION:PT1H\r\n")
        };
        let events = [24, 48].map(|hour| [event("early", -48, hour), event("late", -24, hour)]);
        for calendar in ["room-1", "room-2"] {
            app.import(calendar, events.as_flattened()).await;
        }
        let test = app.delete("/api/clear-bookings?test=1").await.json;
        let entries = test["deleted_overlapping_events"].as_array().unwrap();
        let keys: Vec<&Value> = entries.iter().map(|it| &it["key"]).collect();
        assert_eq!(keys.len(), 4);
        let body = json!({ "only": [keys[0], keys[3]] });
        let done = app.post("/api/clear-bookings", &body).await.json;
        assert_eq!(done["deleted_overlapping_events"], json!([entries[0], entries[3]]));
        let left = app.delete("/api/clear-bookings?test=1").await.json;
        assert_eq!(left["deleted_overlapping_events"], json!([entries[1], entries[2]]));
    }

    async fn an_entry_that_has_changed_says_who_holds_the_hour_now(database) {
        let app = TestApp::on_still_clock(database).await;
        double_booking(&app, "room-1").await;
        let test = app.delete("/api/clear-bookings?test=1").await.json;
        let entry = test["deleted_overlapping_events"][0].clone();
        let (start, created) = (entry["event"]["start"].clone(), app.stamp(-1));
        let renamed = format!(
            "UID:late-room-1\r\nSUMMARY:renamed\r\nCREATED:{created}\r\nDTSTART:{}\r\nDURATION:PT1H\r\n",
            app.stamp(24)
        );
        app.import("room-1", &[renamed]).await;
        let report = app.post("/api/clear-bookings", &json!({ "only": [entry["key"]] })).await.json;
        assert_eq!(losers(&report), []);
        let changed = &report["ignored_overlapping_events"][0];
        assert_eq!((&changed["reason"], &changed["event"]["name"]), (&json!("changed"), &json!("renamed")));
        assert_eq!(changed["event"]["start"], start);
        assert_eq!(changed["because"]["rule"], "held_since", "{changed}");
        assert_eq!(changed["because"]["winner_since"], entry["because"]["winner_since"]);
    }

    async fn what_the_safety_limit_keeps_can_be_chosen_and_confirmed(database) {
        let app = TestApp::on_still_clock(database).await;
        double_booking(&app, "room-1").await;
        let late = |start: i64| {
            format!(
                "UID:series\r\nSUMMARY:series\r\nCREATED:{}\r\nDTSTART:{}\r\nDURATION:PT1H\r\n\
                 RRULE:FREQ=DAILY;COUNT=3\r\n",
                app.stamp(-2),
                app.stamp(start)
            )
        };
        app.import("room-1", &[late(24)]).await;
        let actor = operations::command_line();
        let calendar = app.service.calendar("room-1").await.unwrap();
        let limited = Calendar { safety_limit: 0, ..calendar };
        app.service.set_calendar(&actor, &limited).await.unwrap();
        let boss = app.administrator_key().await;
        let post = async |body: Value| app.post_with(&boss, "/api/clear-bookings", &body).await.json;
        let test = post(json!({ "test": true, "confirm": false })).await;
        let kept = test["ignored_overlapping_events"].as_array().unwrap();
        let keys: Vec<Value> = kept.iter().map(|it| it["key"].clone()).collect();
        let of_ann = app.post("/api/clear-bookings", &json!({ "only": [], "confirm": true })).await;
        of_ann.expect_problem(403);
        assert_eq!(kept.iter().filter(|it| it["reason"] == "limit").count(), 2, "{test}");
        let without = post(json!({ "only": keys })).await;
        assert_eq!(without["ignored_overlapping_events"][0]["reason"], "limit", "nobody has confirmed it");
        let done = post(json!({ "only": keys, "confirm": true })).await;
        assert_eq!(losers(&done), [("room-1".to_owned(), "late".to_owned())], "{done}");
        assert_eq!(done["cancelled_overlapping_recurring_events"].as_array().unwrap().len(), 1);
        assert_eq!(done["ignored_overlapping_events"], json!([]));
    }

    async fn an_entry_of_which_something_has_changed_is_left_and_reported(database) {
        let app = TestApp::on_still_clock(database).await;
        double_booking(&app, "room-1").await;
        let test = app.delete("/api/clear-bookings?test=1").await.json;
        let key = test["deleted_overlapping_events"][0]["key"].clone();
        // The winner is another object now, though nothing of it is said in the answer.
        app.delete("/api/room-1/events/early-room-1").await;
        double_booking(&app, "room-2").await;
        let body = json!({ "only": [key] });
        let report = app.post("/api/clear-bookings", &body).await.json;
        assert_eq!(losers(&report), []);
        let entry = &report["ignored_overlapping_events"][0];
        assert_eq!((&entry["reason"], &entry["event"]["name"]), (&json!("changed"), &json!("late")));
        assert!(entry["detail"].as_str().unwrap().contains("changed"), "{entry}");
        assert_eq!(app.names("room-1").await, ["late"]);
        let boss = app.administrator_key().await;
        app.service.unassign(&operations::command_line(), "room-1", "ann").await.unwrap();
        app.advance(Duration::from_millis(1_100));
        app.post("/api/clear-bookings", &body).await.expect_problem(404);
        let answer = app.post_with(&boss, "/api/clear-bookings", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn a_run_goes_on_when_the_caller_goes_away(database) {
        let app = TestApp::new(database).await;
        double_booking(&app, "room-1").await;
        // Another run holds the calendar, so this one waits; meanwhile its caller leaves.
        let id = app.service.calendar("room-1").await.unwrap().id;
        let name = format!("calendar {id}");
        let transaction = app.service.store.begin().await.unwrap();
        assert!(store::leases::take(&transaction, &name, "somebody", 60).await.unwrap());
        transaction.commit().await.unwrap();
        let request = app.request(reqwest::Method::DELETE, "/api/clear-bookings?calendar=room-1");
        let request = request.bearer_auth(&app.key).timeout(Duration::from_millis(300));
        assert!(request.send().await.unwrap_err().is_timeout());
        let reading = app.get("/api/room-1/events").await;
        assert_eq!(reading.json["events"].as_array().unwrap().len(), 2, "it can be read meanwhile");
        let transaction = app.service.store.begin().await.unwrap();
        store::leases::give_back(&transaction, &name, "somebody").await.unwrap();
        transaction.commit().await.unwrap();
        for _ in 0..100 {
            if app.get("/api/room-1/events").await.json["events"].as_array().unwrap().len() == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the run ended with its caller");
    }

    async fn a_created_that_a_look_refutes_is_named_in_the_warnings(database) {
        let app = TestApp::new(database).await;
        let away = Calendar::built_in("away", "Away", "UTC");
        let server = app.server.setup().add_on_new_server(away, &["ann"]).await;
        let test = "/api/clear-bookings?test=1&calendar=away";
        assert_eq!(app.delete(test).await.json["warnings"], json!([]));
        let forged = format!(
            "UID:forged\nCREATED:20200101T000000Z\nDTSTART:{}\nDURATION:PT1H",
            app.stamp(24)
        );
        server.put("forged.ics", &ics::file_of(&ics::component(forged.lines())));
        let answer = app.delete(test).await;
        let [warning] = answer.json["warnings"].as_array().unwrap().as_slice() else {
            panic!("{answer:?}")
        };
        assert_eq!(warning["calendar"], "away");
        assert_eq!((&warning["object"], &warning["code"]), (&json!("forged"), &json!("created_refuted")));
        let detail = warning["detail"].as_str().unwrap();
        assert!(detail.contains("CREATED is 2020-01-01"), "{detail}");
    }

    async fn when_all_calendars_fail_the_status_says_so(database) {
        let app = TestApp::new(database).await;
        double_booking(&app, "room-1").await;
        let damage = "UPDATE uid_metadata SET claims = 'x' WHERE calendar_id = \
                      (SELECT id FROM calendars WHERE slug = 'room-1')";
        app.server.database.execute(damage).await;
        let answer = app.delete("/api/clear-bookings").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["failed_calendars"][0]["calendar"], "room-1");
        let answer = app.delete("/api/clear-bookings?calendar=room-1").await;
        assert_eq!(answer.status, 502);
        assert!(answer.json["failed_calendars"][0]["error"].as_str().unwrap().len() > 10);
    }
}
