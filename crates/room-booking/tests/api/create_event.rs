//! `POST /api/{calendar}/events`

use harness::web::Answer;
use serde_json::json;
use testing::on_both_databases;

use crate::app::TestApp;

on_both_databases! {
    async fn an_event_is_created_and_found_where_the_answer_says(database) {
        let app = TestApp::new(database).await;
        let body = json!({
            "name": " Budget review ", "start": "2026-03-02T12:00:00", "end": "2026-03-02T13:00:00"
        });
        let answer = app.post("/api/room-1/events", &body).await;
        assert_eq!(answer.status, 201);
        let id = answer.json["id"].as_str().unwrap();
        assert_eq!(answer.json, json!({ "id": id }));
        assert_eq!(id.len(), 22);
        let location = answer.header("location").to_owned();
        assert_eq!(location, format!("http://127.0.0.1:8000/api/room-1/events/{id}"));
        let path = format!("/api/room-1/events/{id}?start=2026-03-01&end=2026-03-08");
        let event = &app.get(&path).await.json["events"][0];
        let etag = event["etag"].as_str().unwrap();
        assert!(etag.starts_with('"') && etag.len() > 2, "{etag}");
        let created = event["created"].as_str().unwrap();
        assert!(created.ends_with("+01:00") || created.ends_with("+02:00"), "{created}");
        assert_eq!(event, &json!({
            "uid": id, "name": "Budget review", "start": "2026-03-02T12:00:00+01:00",
            "end": "2026-03-02T13:00:00+01:00", "created": created, "organizer": "ann@example.org",
            "recurring": false, "all_day": false, "status": "CONFIRMED", "blocking": true,
            "etag": etag
        }));
    }

    async fn a_series_does_not_begin_at_a_time_that_the_clocks_skip_or_repeat(database) {
        let app = TestApp::new(database).await;
        let post = async |start: &str, end: &str, rule: Option<&str>| {
            let mut body = json!({ "name": "n", "start": start, "end": end });
            if let Some(rule) = rule {
                body["rrule"] = json!(rule);
            }
            app.post("/api/room-1/events", &body).await
        };
        let weekly = Some("FREQ=WEEKLY;COUNT=3");
        for (start, end, field, why) in [
            ("2027-10-31T02:30+01:00", "2027-10-31T03:30+01:00", "start", "occurs twice"),
            ("2027-10-31T01:30Z", "2027-10-31T02:30Z", "start", "occurs twice"),
            ("2027-10-31T01:30", "2027-10-31T02:30+01:00", "end", "occurs twice"),
            ("2027-03-28T02:30", "2027-03-28T04:30", "start", "does not exist"),
            ("2027-03-28T01:30", "2027-03-28T02:30", "end", "does not exist"),
        ] {
            let answer = post(start, end, weekly).await;
            answer.expect_problem(422);
            assert_eq!(answer.wrong_fields(), [field], "{start}: {answer:?}");
            assert!(answer.json.to_string().contains(why), "{answer:?}");
            assert_eq!(post(start, end, None).await.status, 201, "without a rule it is what it says");
        }
        for start in ["2027-10-31T02:30+02:00", "2027-10-31T02:30", "2027-03-28T02:30+01:00"] {
            let end = start.replace("T02:30", "T02:45");
            assert_eq!(post(start, &end, weekly).await.status, 201, "{start}");
        }
    }

    async fn nothing_is_created_where_a_field_is_wrong(database) {
        let app = TestApp::new(database).await;
        let good = json!({ "name": "n", "start": "2026-12-01T12:00", "end": "2026-12-01T13:00" });
        for (field, value) in [
            ("name", json!("")), ("name", json!("  ")), ("name", json!("a\nb")), ("name", json!(null)),
            ("name", json!("x".repeat(256))), ("start", json!("tomorrow")), ("start", json!(5)),
            ("end", json!("2026-12-01T12:00")), ("end", json!("2026-12-01")),
            ("end", json!("2027-12-03T12:00")), ("start", json!("1969-12-31T12:00")),
            ("organizer", json!("ann")), ("organizer", json!("a@b.org\r\nBcc: c@d.org")),
            ("description", json!("x".repeat(8001))), ("description", json!("a\u{0}b")),
            ("rrule", json!("FREQ=SOMETIMES")), ("rrule", json!("FREQ=DAILY\r\nATTENDEE:x")),
            ("rrule", json!(format!("FREQ=DAILY;COUNT={}1", "0".repeat(500)))),
            ("organiser", json!("ann@example.org")),
        ] {
            let mut body = good.clone();
            body[field] = value.clone();
            let answer = app.post("/api/room-1/events", &body).await;
            answer.expect_problem(422);
            let expected = if field == "start" && value == json!("1969-12-31T12:00") { "start" } else { field };
            assert!(answer.wrong_fields().contains(&expected), "{field} {value}: {answer:?}");
        }
        for body in [json!([good]), json!("x"), json!(null)] {
            app.post("/api/room-1/events", &body).await.expect_problem(422);
        }
        for query in ["only_if_free=2", "only_if_free=", "only_if_fre=1", "only_if_free=1&only_if_free=1"] {
            let answer = app.post(&format!("/api/room-1/events?{query}"), &good).await;
            answer.expect_problem(422);
        }
        assert!(app.names("room-1").await.is_empty());
    }

    async fn a_taken_room_is_refused_with_the_events_in_the_way(database) {
        let app = TestApp::new(database).await;
        app.book("room-1", "first", "2026-12-01T12:00", "2026-12-01T13:00").await;
        let book = |start: &str, end: &str| {
            let body = json!({ "name": "second", "start": start, "end": end });
            let app = &app;
            async move { app.post("/api/room-1/events?only_if_free=1", &body).await }
        };
        let answer = book("2026-12-01T12:30", "2026-12-01T13:30").await;
        answer.expect_problem(409);
        assert_eq!(answer.json["events"][0]["name"], "first");
        assert_eq!(book("2026-12-01T13:00", "2026-12-01T14:00").await.status, 201, "they touch");
        assert_eq!(app.names("room-1").await, ["first", "second"]);
    }

    async fn of_fifty_who_want_the_same_hour_at_once_one_gets_it(database) {
        let app = TestApp::new(database).await;
        let body = json!({ "name": "n", "start": "2026-12-01T12:00", "end": "2026-12-01T13:00" });
        let sending = (0..50).map(|_| {
            let request = app.request(reqwest::Method::POST, "/api/room-1/events?only_if_free=1");
            let request = request.bearer_auth(&app.key).json(&body);
            tokio::spawn(async move { Answer::of(request.send().await.unwrap()).await.status.as_u16() })
        });
        let mut statuses = Vec::new();
        for one in sending.collect::<Vec<_>>() {
            statuses.push(one.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201);
        assert!(statuses[1..].iter().all(|it| *it == 409), "{statuses:?}");
        assert_eq!(app.names("room-1").await.len(), 1);
    }

    async fn a_request_that_is_sent_twice_is_done_once(database) {
        let app = TestApp::new(database).await;
        let send = |key: &str, name: &str| {
            let body = json!({ "name": name, "start": "2026-12-01T12:00", "end": "2026-12-01T13:00" });
            let request = app.request(reqwest::Method::POST, "/api/room-1/events");
            let request = request.bearer_auth(&app.key).header("Idempotency-Key", key).json(&body);
            tokio::spawn(async move { Answer::of(request.send().await.unwrap()).await })
        };
        let mut ids = Vec::new();
        for one in (0..10).map(|_| send("k-1", "n")).collect::<Vec<_>>() {
            let answer = one.await.unwrap();
            assert_eq!(answer.status, 201);
            ids.push(answer.json["id"].clone());
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
        send("k-1", "other").await.unwrap().expect_problem(422);
        assert_eq!(send("k-2", "n").await.unwrap().status, 201);
        send("", "n").await.unwrap().expect_problem(422);
        assert_eq!(app.names("room-1").await.len(), 2);
    }
}
