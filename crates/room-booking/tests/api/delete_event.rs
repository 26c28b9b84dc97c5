//! `DELETE /api/{calendar}/events/{id}`

use testing::on_both_databases;

use crate::app::TestApp;

on_both_databases! {
    async fn an_event_goes_whole_and_stays_in_the_history(database) {
        let app = TestApp::new(database).await;
        let body = serde_json::json!({
            "name": "n", "start": "2026-12-01T12:00", "end": "2026-12-01T13:00",
            "rrule": "FREQ=DAILY;COUNT=5"
        });
        let made = app.post("/api/room-1/events", &body).await;
        let id = made.json["id"].as_str().unwrap().to_owned();
        assert_eq!(app.names("room-1").await.len(), 5);
        app.delete(&format!("/api/room-2/events/{id}")).await.expect_problem(404);
        app.delete(&format!("/api/room-1/events/{id}?test=1")).await.expect_problem(422);
        let answer = app.delete(&format!("/api/room-1/events/{id}")).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
        assert!(app.names("room-1").await.is_empty());
        app.delete(&format!("/api/room-1/events/{id}")).await.expect_problem(404);
        let line = store::history::latest_removals(&app.service.store, None, 10).await.unwrap();
        assert_eq!((line.len(), line[0].kind.as_str()), (1, "deleted by request"));
        app.service.restore(None, line[0].id).await.unwrap();
        assert_eq!(app.names("room-1").await.len(), 5);
    }

    async fn any_uid_that_a_calendar_holds_can_be_named(database) {
        let app = TestApp::new(database).await;
        let uids = ["a/b", "100%", "ünï", "a b+c", "x?y#z", "/", "%2F", "..", "a\\,b"];
        let events = uids.map(|uid| format!(
            "UID:{}\nSUMMARY:{uid}\nDTSTART:20261201T120000Z\nDURATION:PT1H",
            uid.replace('\\', "\\\\").replace(',', "\\,")
        ));
        app.import("room-1", &events).await;
        for uid in uids {
            let escaped: String = uid.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let path = format!("/api/room-1/events/{escaped}");
            if uid != ".." {
                // A client takes dots away before it sends them.
                let text = app.request(reqwest::Method::GET, &path).bearer_auth(&app.key)
                    .header("accept", "text/calendar").send().await.unwrap();
                assert_eq!(text.headers()["content-type"], "text/calendar; charset=utf-8");
                assert!(text.text().await.unwrap().contains("BEGIN:VEVENT"), "{uid}");
                assert_eq!(app.delete(&path).await.status, 204, "{uid}");
            }
        }
        assert_eq!(app.names("room-1").await, [".."]);
        for nothing in ["%00", "a%00b", "%20"] {
            app.delete(&format!("/api/room-1/events/{nothing}")).await.expect_problem(404);
        }
    }
}
