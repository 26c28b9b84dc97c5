//! `GET /api/pending`

use reqwest::Method;
use store::calendars::Calendar;
use store::keys::Rights;
use testing::{ics, on_both_databases};

use crate::app::TestApp;

/// A room that warns, with a removal that is pending.
async fn pending(app: &TestApp) {
    let setup = app.server.setup();
    let calendar = setup.service.calendar("room-1").await.unwrap();
    let calendar = Calendar { conflicts: clearing::ConflictHandling::Warn, ..calendar };
    setup.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
    let event = |uid: &str, created: &str| {
        let event = ics::event(uid, created, "0305T12", "0305T13");
        event.line(format!("SUMMARY:The {uid}")).by(&format!("{uid}@example.org"))
    };
    let file =
        ics::file(&[event("strong", "0101T00"), event("weak", "0201T00").line("CLASS:PRIVATE")]);
    setup.import("room-1", file).await;
    let report = app.delete("/api/clear-bookings").await.json;
    let entry = &report["ignored_overlapping_events"][0];
    assert_eq!((&entry["reason"], &entry["event"]["uid"]), (&"pending".into(), &"weak".into()));
    assert!(entry["detail"].as_str().unwrap().starts_with("it will be removed once"), "{entry}");
}

on_both_databases! {
    async fn a_pending_removal_is_listed_with_both_events_as_far_as_the_key_may_see_them(database) {
        let app = TestApp::on_still_clock(database).await;
        assert_eq!(app.get("/api/pending").await.json, serde_json::json!({ "pending": [] }));
        pending(&app).await;
        let answer = app.get("/api/pending").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let it = &answer.json["pending"][0];
        assert_eq!((&it["calendar"], &it["event"]["uid"]), (&"room-1".into(), &"weak".into()));
        assert_eq!(it["event"]["name"], "Private");
        assert!(it["event"]["organizer"].is_null());
        assert_eq!(it["overlaps_with"]["name"], "The strong");
        assert!(it["warned_at"].is_null() && it["removal_at"].is_null() && it["decision"].is_null());
        let preview = Rights { preview: true, ..Rights::default() };
        let key = app.key_with(preview, None).await;
        let answer = app.send_with(&key, Method::GET, "/api/pending").await.json;
        assert_eq!(answer["pending"][0]["overlaps_with"]["name"], "", "it may not read");
        let key = app.key_with(Rights::ALL, Some(&["room-2".to_owned()])).await;
        let answer = app.send_with(&key, Method::GET, "/api/pending").await.json;
        assert_eq!(answer["pending"], serde_json::json!([]), "it does not reach the calendar");
        app.get("/api/pending?calendar=room-1").await.expect_problem(422);
    }
}
