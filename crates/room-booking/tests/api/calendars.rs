//! `GET /api/calendars`

use std::time::Duration;

use store::calendars::Calendar;
use testing::on_both_databases;

use crate::app::TestApp;

on_both_databases! {
    async fn the_calendars_of_the_keys_user_are_listed_and_no_other(database) {
        let app = TestApp::new(database).await;
        let answer = app.get("/api/calendars").await;
        assert_eq!(answer.status, 200);
        let calendar = |slug: &str| serde_json::json!({
            "calendar": slug, "name": "A room", "time_zone": "Europe/Berlin", "building": null, "floor": null,
            "capacity": null, "features": [], "description": null
        });
        let expected = serde_json::json!({ "calendars": [calendar("room-1"), calendar("room-2")] });
        assert_eq!(answer.json, expected);
    }

    async fn an_administrators_key_reaches_assigned_calendars_only(database) {
        let app = TestApp::on_still_clock(database).await;
        let setup = app.server.setup();
        setup.administrator("root").await;
        let key = setup.key("root").await;
        let answer = app.send_with(&key, reqwest::Method::GET, "/api/calendars").await;
        assert_eq!(answer.json, serde_json::json!({ "calendars": [] }));
        setup.add(Calendar::built_in("fresh", "Fresh", "UTC"), &["root"]).await;
        // A key that was looked up counts as looked up for a second.
        app.advance(Duration::from_millis(1_100));
        let answer = app.send_with(&key, reqwest::Method::GET, "/api/calendars").await;
        assert_eq!(answer.json["calendars"][0]["calendar"], "fresh");
    }
}
