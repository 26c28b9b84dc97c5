//! `GET /api/{calendar}/events`

use testing::on_both_databases;

use crate::app::TestApp;

on_both_databases! {
    async fn the_answers_of_all_pages_together_are_the_whole_list(database) {
        let app = TestApp::new(database).await;
        for hour in 0..7 {
            let (start, end) = (format!("2026-12-01T1{hour}:00"), format!("2026-12-01T1{hour}:30"));
            app.book("room-1", &format!("e{hour}"), &start, &end).await;
        }
        let mut names = Vec::new();
        let mut next = String::new();
        for page in 0.. {
            assert!(page < 10, "it ends");
            let path = format!(
                "/api/room-1/events?start=2026-12-01T00:00:00+01:00&end=2026-12-02&limit=2{next}"
            );
            let answer = app.get(&path).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let events = answer.json["events"].as_array().unwrap();
            names.extend(events.iter().map(|it| it["name"].as_str().unwrap().to_owned()));
            match answer.json["next"].as_str() {
                Some(after) => next = format!("&after={after}"),
                None => break,
            }
        }
        assert_eq!(names, ["e0", "e1", "e2", "e3", "e4", "e5", "e6"]);
        for query in ["after=x", "limit=0", "limit=10001", "limit=-1", "limit=1.5", "start=x",
            "start=2026-12-02&end=2026-12-01", "start=2026-01-01&end=2031-02-01", "from=2026-01-01"] {
            let answer = app.get(&format!("/api/room-1/events?{query}")).await;
            answer.expect_problem(422);
            assert!(!answer.wrong_fields().is_empty());
        }
    }

    async fn without_a_window_the_next_thirty_days_are_listed(database) {
        let app = TestApp::new(database).await;
        let zone = ical::Zone::utc();
        let now = app.service.now();
        for days in [-1, 1, 29, 31] {
            let start = now.plus(days * 86_400);
            let text = |moment| facts::time::rfc3339(&zone, moment);
            app.book("room-1", &days.to_string(), &text(start), &text(start.plus(600))).await;
        }
        let answer = app.get("/api/room-1/events").await;
        let events = answer.json["events"].as_array().unwrap();
        let names: Vec<_> = events.iter().map(|event| event["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["1", "29"]);
        assert_eq!(answer.json["next"], serde_json::Value::Null);
    }
}
