//! `GET /api/calendars`

use store::calendars::Calendar;
use testing::on_both_databases;

use crate::app::TestApp;

on_both_databases! {
    async fn the_calendars_of_the_keys_user_are_listed_and_no_other(database) {
        let app = TestApp::new(database).await;
        let answer = app.get("/api/calendars").await;
        assert_eq!(answer.status, 200);
        let calendar = |slug: &str| serde_json::json!({
            "calendar": slug, "name": "A room", "time_zone": "Europe/Berlin"
        });
        let expected = serde_json::json!({ "calendars": [calendar("room-1"), calendar("room-2")] });
        assert_eq!(answer.json, expected);
    }

    async fn an_administrators_key_reaches_assigned_calendars_only(database) {
        let app = TestApp::new(database).await;
        let actor = operations::command_line();
        let admin = store::users::NewUser { name: "root", address: None, is_administrator: true };
        app.service.add_user(&actor, &admin, None).await.unwrap();
        let rights = store::keys::Rights::ALL;
        let (_, key) = app.service.add_key(&actor, "root", "k", rights, None, None).await.unwrap();
        let answer = app.send_with(&key, reqwest::Method::GET, "/api/calendars").await;
        assert_eq!(answer.json, serde_json::json!({ "calendars": [] }));
        let calendar = Calendar::built_in("fresh", "Fresh", "UTC");
        let new = operations::NewCalendar { calendar, users: vec!["root".to_owned()] };
        app.service.add_calendar(&actor, &new).await.unwrap();
        // A key that was looked up counts as looked up for a second.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let answer = app.send_with(&key, reqwest::Method::GET, "/api/calendars").await;
        assert_eq!(answer.json["calendars"][0]["calendar"], "fresh");
    }
}
