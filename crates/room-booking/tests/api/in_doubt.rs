//! An event on a calendar server of which it is not known whether an earlier change was carried out.

use harness::web::Answer;
use serde_json::json;
use store::calendars::Calendar;
use testing::fake::{FakeCalDav, Tries};
use testing::ics;
use testing::on_both_databases;
use testing::scripted::Answer as ServerAnswer;

use crate::app::TestApp;

/// An event of 2030 as its server has it.
fn object(uid: &str, start: &str, end: &str, more: &[&str]) -> String {
    let event = ics::event(uid, "", &format!("2030{start}00Z"), &format!("2030{end}00Z"));
    let event = event.line(format!("SUMMARY:{uid}"));
    ics::file(&[more.iter().copied().fold(event, ics::Event::line)])
}

/// Ann has a room `away` on a server, with a series and a single event.
async fn with_server(app: &TestApp) -> FakeCalDav {
    let away = Calendar::built_in("away", "Away", "UTC");
    let server = app.server.setup().add_on_new_server(away, &["ann"]).await;
    let daily = &["RRULE:FREQ=DAILY;COUNT=3"];
    server.put("series.ics", &object("series", "0304T1000", "0304T1100", daily));
    server.put("single.ics", &object("single", "0320T1000", "0320T1100", &[]));
    server
}

async fn patch(app: &TestApp, path: &str, body: serde_json::Value) -> Answer {
    app.patch(&format!("/api/away/events/{path}"), &body).await
}

/// The server answers a method for an object with the status of a gateway, and does nothing yet.
fn lose(server: &FakeCalDav, name: &str, method: &str) {
    server.refuse(name, method, Tries::Always, ServerAnswer::status(504));
}

fn expect_doubt(answer: &Answer) {
    answer.expect_problem(409);
    let detail = answer.json["detail"].as_str().unwrap();
    assert!(detail.contains("in doubt") && detail.contains("16 minutes"), "{detail}");
}

on_both_databases! {
    async fn a_series_in_doubt_is_neither_changed_nor_cancelled_nor_deleted(database) {
        let app = TestApp::new(database).await;
        let server = with_server(&app).await;
        lose(&server, "series.ics", "PUT");
        let lost = patch(&app, "series", json!({ "name": "New" })).await;
        assert!(lost.status.is_server_error(), "{lost:?}");
        server.behave();
        let before = server.objects();
        let date = "series?occurrence=2030-03-05T10:00Z";
        expect_doubt(&patch(&app, "series", json!({ "name": "Newer" })).await);
        expect_doubt(&patch(&app, date, json!({ "name": "Newer" })).await);
        expect_doubt(&app.delete(&format!("/api/away/events/{date}")).await);
        expect_doubt(&app.delete("/api/away/events/series").await);
        assert_eq!(server.objects(), before);
        // All others go on, and what is in doubt can be read.
        assert_eq!(patch(&app, "single", json!({ "name": "New" })).await.status, 200);
        let list = app.get("/api/away/events?start=2030-03-01&end=2030-04-01").await;
        assert_eq!(list.json["events"].as_array().unwrap().len(), 4);
    }

    async fn an_event_in_doubt_takes_its_hours_where_somebody_books_only_if_they_are_free(database) {
        let app = TestApp::new(database).await;
        let server = with_server(&app).await;
        lose(&server, "single.ics", "PUT");
        let moved = json!({ "start": "2030-03-20T14:00", "end": "2030-03-20T15:00" });
        let lost = patch(&app, "single", moved).await;
        assert!(lost.status.is_server_error(), "{lost:?}");
        server.behave();
        for hour in [10, 14] {
            let body = json!({
                "name": "n", "start": format!("2030-03-20T{hour}:15"),
                "end": format!("2030-03-20T{hour}:30")
            });
            let taken = app.post("/api/away/events?only_if_free=1", &body).await;
            taken.expect_problem(409);
            assert_eq!(taken.json["events"][0]["uid"], "single", "{taken:?}");
            let path = "series?only_if_free=1&occurrence=2030-03-05T10:00Z";
            let body = json!({ "start": body["start"], "end": body["end"] });
            patch(&app, path, body).await.expect_problem(409);
        }
        assert_eq!(server.objects().len(), 2);
    }

    async fn a_deletion_in_doubt_can_be_asked_for_again_and_nothing_else(database) {
        let app = TestApp::new(database).await;
        let server = with_server(&app).await;
        // The room is known before.
        app.get("/api/away/events").await;
        lose(&server, "series.ics", "DELETE");
        let lost = app.delete("/api/away/events/series").await;
        assert!(lost.status.is_server_error(), "{lost:?}");
        server.behave();
        expect_doubt(&patch(&app, "series", json!({ "name": "New" })).await);
        let date = "/api/away/events/series?occurrence=2030-03-05T10:00Z";
        expect_doubt(&app.delete(date).await);
        assert_eq!(app.delete("/api/away/events/series").await.status, 204);
        app.delete("/api/away/events/series").await.expect_problem(404);
        assert_eq!(server.objects().len(), 1);
    }
}
