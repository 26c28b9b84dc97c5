//! `PATCH /api/{calendar}/events/{id}`, and cancelling one date.

use harness::web::Answer;
use reqwest::Method;
use serde_json::{Value, json};
use testing::on_both_databases;

use crate::app::TestApp;

/// A series of five days at ten, in 2030.
async fn series(app: &TestApp) -> String {
    let body = json!({
        "name": "Stand-up", "start": "2030-03-04T10:00", "end": "2030-03-04T11:00",
        "rrule": "FREQ=DAILY;COUNT=5"
    });
    let answer = app.post("/api/room-1/events", &body).await;
    answer.json["id"].as_str().unwrap().to_owned()
}

async fn patch(app: &TestApp, path: &str, body: Value) -> Answer {
    patch_if(app, path, body, None).await
}

async fn patch_if(app: &TestApp, path: &str, body: Value, etag: Option<&str>) -> Answer {
    let mut request =
        app.request(Method::PATCH, &format!("/api/room-1/events/{path}")).bearer_auth(&app.key);
    if let Some(etag) = etag {
        request = request.header("if-match", etag);
    }
    Answer::of(request.json(&body).send().await.unwrap()).await
}

async fn list(app: &TestApp) -> Vec<Value> {
    let path = "/api/room-1/events?start=2030-01-01&end=2031-01-01";
    app.get(path).await.json["events"].as_array().unwrap().clone()
}

/// What a list says of each occurrence.
async fn shown(app: &TestApp) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let events = list(app).await;
    let short = |value: &Value| text(value)[5..16].to_owned();
    events.iter().map(|it| (short(&it["start"]), short(&it["end"]), text(&it["name"]))).collect()
}

fn rows(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|it| (it.0.to_owned(), it.1.to_owned(), it.2.to_owned())).collect()
}

on_both_databases! {
    async fn an_event_is_changed_and_the_answer_is_the_event(database) {
        let app = TestApp::new(database).await;
        let id = app.book("room-1", "Talk", "2030-03-04T10:00", "2030-03-04T11:00").await;
        let answer = patch(&app, &id, json!({ "end": "2030-03-04T10:30" })).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
        assert_eq!(answer.json, list(&app).await[0]);
        assert_eq!(answer.json["end"], "2030-03-04T10:30:00+01:00");
        let change = json!({ "name": " Lecture ", "start": "2030-03-05T09:00:00+01:00",
                             "end": "2030-03-05T10:00:00+01:00", "description": "with slides" });
        assert_eq!(patch(&app, &id, change).await.status, 200);
        assert_eq!(shown(&app).await, rows(&[("03-05T09:00", "03-05T10:00", "Lecture")]));
        let lines = store::history::latest_removals(&app.service.store, None, 9).await.unwrap();
        assert_eq!(lines.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(),
                   ["changed by request", "changed by request"]);
        // The history has it as it was.
        app.service.restore(None, lines[0].id).await.unwrap();
        assert_eq!(shown(&app).await, rows(&[("03-04T10:00", "03-04T10:30", "Talk")]));
    }

    async fn one_date_of_a_series_is_changed_alone_and_the_series_keeps_it(database) {
        let app = TestApp::new(database).await;
        let id = series(&app).await;
        let third = list(&app).await[2].clone();
        assert_eq!(third["recurrence_id"], "2030-03-06T10:00:00+01:00");
        let at = third["recurrence_id"].as_str().unwrap();
        let path = format!("{id}?occurrence={at}");
        let answer = patch(&app, &path, json!({ "end": "2030-03-06T10:15", "name": "Short" })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!((&answer.json["name"], &answer.json["recurrence_id"]), (&json!("Short"), &json!(at)));
        // All of it moves, but for what was changed alone.
        let answer = patch(&app, &id, json!({
            "start": "2030-03-04T12:00", "end": "2030-03-04T13:00", "name": "Noon"
        })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["start"], "2030-03-04T12:00:00+01:00");
        assert_eq!(shown(&app).await, rows(&[
            ("03-04T12:00", "03-04T13:00", "Noon"), ("03-05T12:00", "03-05T13:00", "Noon"),
            ("03-06T10:00", "03-06T10:15", "Short"), ("03-07T12:00", "03-07T13:00", "Noon"),
            ("03-08T12:00", "03-08T13:00", "Noon"),
        ]));
    }

    async fn a_series_that_changes_from_a_date_on_moves_up_to_it_and_its_later_dates_are_not_changed_alone(database) {
        let app = TestApp::new(database).await;
        let master = "UID:s\r\nDTSTART:20300304T090000Z\r\nDTEND:20300304T100000Z\r\n\
                      SUMMARY:Early\r\nRRULE:FREQ=DAILY;COUNT=5\r\n";
        let later = "UID:s\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20300306T090000Z\r\n\
                     SUMMARY:Late\r\nDTSTART:20300306T140000Z\r\nDTEND:20300306T150000Z\r\n";
        app.import("room-1", &[master.to_owned(), later.to_owned()]).await;
        let date = "s?occurrence=2030-03-07T09:00Z";
        let refused = patch(&app, date, json!({ "name": "n" })).await;
        refused.expect_problem(409);
        let detail = refused.json["detail"].as_str().unwrap();
        assert!(detail.contains("change the whole series, or cancel this occurrence"), "{detail}");
        assert_eq!(app.delete(&format!("/api/room-1/events/{date}")).await.status, 204);
        let to = |hour: u32| json!({ "start": format!("2030-03-04T{hour}:00Z"),
                                     "end": format!("2030-03-04T{}:00Z", hour + 1) });
        let answer = patch(&app, "s", to(11)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(shown(&app).await, rows(&[
            ("03-04T12:00", "03-04T13:00", "Early"), ("03-05T12:00", "03-05T13:00", "Early"),
            ("03-06T15:00", "03-06T16:00", "Late"), ("03-08T15:00", "03-08T16:00", "Late"),
        ]));
        // Where the first date is cancelled, the answer is the next one.
        let first = "/api/room-1/events/s?occurrence=2030-03-04T11:00Z";
        assert_eq!(app.delete(first).await.status, 204);
        let answer = patch(&app, "s", to(10)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["start"], "2030-03-05T11:00:00+01:00");
    }

    async fn one_date_is_cancelled_and_can_be_restored(database) {
        let app = TestApp::new(database).await;
        let id = series(&app).await;
        let path = format!("/api/room-1/events/{id}?occurrence=2030-03-06T10:00:00+01:00");
        assert_eq!(app.delete(&path).await.status, 204);
        app.delete(&path).await.expect_problem(404);
        let days: Vec<_> = shown(&app).await.into_iter().map(|it| it.0[3..5].to_owned()).collect();
        assert_eq!(days, ["04", "05", "07", "08"]);
        let wrong = format!("/api/room-1/events/{id}?occurrence=2030-03-06T10:30");
        app.delete(&wrong).await.expect_problem(404);
        app.delete(&format!("/api/room-1/events/{id}?occurrence=x")).await.expect_problem(422);
        app.delete("/api/room-1/events/x?occurrence=2030-03-06T10:00").await.expect_problem(404);
        let lines = store::history::latest_removals(&app.service.store, None, 9).await.unwrap();
        app.service.restore(None, lines[0].id).await.unwrap();
        assert_eq!(list(&app).await.len(), 5);
        // What is no series is deleted by its only date.
        let single = app.book("room-1", "Talk", "2030-06-04T10:00", "2030-06-04T11:00").await;
        let path = format!("/api/room-1/events/{single}?occurrence=2030-06-04T10:00");
        assert_eq!(app.delete(&path).await.status, 204);
        app.get(&format!("/api/room-1/events/{single}")).await.expect_problem(404);
    }

    async fn a_version_that_is_gone_is_not_changed(database) {
        let app = TestApp::new(database).await;
        let id = app.book("room-1", "Talk", "2030-03-04T10:00", "2030-03-04T11:00").await;
        let etag = list(&app).await[0]["etag"].as_str().unwrap().to_owned();
        let changed = patch_if(&app, &id, json!({ "name": "One" }), Some(&etag)).await;
        assert_eq!(changed.status, 200);
        let outdated = patch_if(&app, &id, json!({ "name": "Two" }), Some(&etag)).await;
        outdated.expect_problem(412);
        let long = json!({ "description": "x".repeat(8_001) });
        let wrong = patch_if(&app, &id, long, Some(&etag)).await;
        assert_eq!(wrong.wrong_fields(), ["description"], "wrong whatever version it is asked of");
        assert_eq!(shown(&app).await[0].2, "One");
        let etag = changed.json["etag"].as_str().unwrap();
        assert_eq!(patch_if(&app, &id, json!({ "name": "Two" }), Some(etag)).await.status, 200);
        assert_eq!(patch_if(&app, &id, json!({ "name": "Three" }), Some("*")).await.status, 200);
    }

    async fn only_if_free_looks_at_all_others_and_not_at_the_event_itself(database) {
        let app = TestApp::new(database).await;
        let id = app.book("room-1", "Talk", "2030-03-04T10:00", "2030-03-04T11:00").await;
        app.book("room-1", "Lunch", "2030-03-04T12:00", "2030-03-04T13:00").await;
        let path = format!("{id}?only_if_free=1");
        assert_eq!(patch(&app, &path, json!({ "end": "2030-03-04T12:00" })).await.status, 200);
        let taken = patch(&app, &path, json!({ "end": "2030-03-04T12:15" })).await;
        taken.expect_problem(409);
        assert_eq!(taken.json["events"][0]["name"], "Lunch");
        assert_eq!(shown(&app).await[0].1, "03-04T12:00", "nothing was changed");
        assert_eq!(patch(&app, &id, json!({ "end": "2030-03-04T12:15" })).await.status, 200);
    }

    async fn an_event_is_not_moved_onto_an_hour_that_an_unreadable_object_may_hold(database) {
        let app = TestApp::new(database).await;
        let id = app.book("room-1", "Talk", "2030-03-04T08:00", "2030-03-04T09:00").await;
        let unknown = "UID:unknown\nSUMMARY:Somewhere\nDTSTART;TZID=Nowhere:20300304T103000\nDURATION:PT1H";
        app.import("room-1", &[unknown.to_owned()]).await;
        let moved = |hour: u32| {
            json!({ "start": format!("2030-03-04T{hour}:00"), "end": format!("2030-03-04T{}:00", hour + 1) })
        };
        let path = format!("{id}?only_if_free=1");
        for hour in [10, 11] {
            let taken = patch(&app, &path, moved(hour)).await;
            taken.expect_problem(409);
            assert_eq!(taken.json["events"][0]["uid"], "unknown", "from {hour}");
        }
        assert_eq!(patch(&app, &path, moved(12)).await.status, 200, "there it is in nobody's way");
        assert_eq!(shown(&app).await, rows(&[("03-04T12:00", "03-04T13:00", "Talk")]));
    }

    async fn nothing_is_changed_where_a_field_is_wrong(database) {
        let app = TestApp::new(database).await;
        let id = app.book("room-1", "Talk", "2030-03-04T10:00", "2030-03-04T11:00").await;
        for (body, field) in [
            (json!({}), "body"), (json!([]), "body"), (json!({ "name": " " }), "name"),
            (json!({ "name": 5 }), "name"), (json!({ "rrule": "FREQ=DAILY" }), "rrule"),
            (json!({ "start": "2030-03-04T11:00" }), "end"), (json!({ "end": "soon" }), "end"),
            (json!({ "end": "2030-03-04" }), "end"), (json!({ "description": "a\u{1}" }), "description"),
        ] {
            let answer = patch(&app, &id, body.clone()).await;
            answer.expect_problem(422);
            assert_eq!(answer.wrong_fields(), [field], "{body}");
        }
        patch(&app, "nothing", json!({ "name": "n" })).await.expect_problem(404);
        patch(&app, &format!("{id}?ocurrence=x"), json!({ "name": "n" })).await.expect_problem(422);
        let twice = app.request(Method::PATCH, &format!("/api/room-1/events/{id}"));
        let twice = twice.bearer_auth(&app.key).header("content-type", "application/json");
        let twice = twice.body(r#"{"name":"a","name":"b"}"#).send().await.unwrap();
        Answer::of(twice).await.expect_problem(400);
        let weekly = json!({
            "name": "w", "start": "2030-04-01T10:00", "end": "2030-04-01T11:00",
            "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3"
        });
        let id = app.post("/api/room-1/events", &weekly).await.json["id"].as_str().unwrap().to_owned();
        let off = json!({ "start": "2030-04-02T10:00", "end": "2030-04-02T11:00" });
        let off = patch(&app, &id, off).await;
        off.expect_problem(422);
        assert_eq!(off.wrong_fields(), ["start"]);
        let missing = format!("{id}?occurrence=2030-04-02T10:00");
        patch(&app, &missing, json!({ "name": "n" })).await.expect_problem(404);
        assert_eq!(list(&app).await.len(), 4);
    }
}
