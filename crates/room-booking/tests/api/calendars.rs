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
            "capacity": null, "features": [], "description": null, "picture": null
        });
        let expected = serde_json::json!({ "calendars": [calendar("room-1"), calendar("room-2")] });
        assert_eq!(answer.json, expected);
    }

    async fn the_picture_of_a_room_is_for_keys_that_may_list_it_and_reach_it(database) {
        let app = TestApp::on_still_clock(database).await;
        let (service, actor) = (app.server.service.clone(), operations::command_line());
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR of a picture".to_vec();
        let room = service.calendar("room-2").await.unwrap();
        let path = "/api/room-2/picture";
        assert_eq!(app.get(path).await.status, 404, "there is none yet");
        service.set_picture(&actor, &room, png.clone()).await.unwrap();
        app.advance(Duration::from_millis(1_100));
        let listed = app.get("/api/calendars").await;
        let address = listed.json["calendars"][1]["picture"].as_str().unwrap().to_owned();
        assert!(address.ends_with(path), "{address}");
        assert_eq!(listed.json["calendars"][0]["picture"], serde_json::Value::Null);
        let client = testing::http_client();
        let url = format!("{}{path}", app.server.url());
        assert_eq!(client.get(&url).send().await.unwrap().status(), 401);
        let setup = app.server.setup();
        setup.user("eve").await;
        let (own, limits) = (listed.status, store::keys::Rights { freebusy: true, ..Default::default() });
        assert_eq!(own, 200);
        let of_another = setup.key("eve").await;
        assert_eq!(client.get(&url).bearer_auth(&of_another).send().await.unwrap().status(), 404);
        let times_only = setup.key_with("eve", limits, None).await;
        assert_eq!(client.get(&url).bearer_auth(&times_only).send().await.unwrap().status(), 403);
        service.assign(&actor, "room-2", "eve").await.unwrap();
        app.advance(Duration::from_millis(1_100));
        let answer = client.get(&url).bearer_auth(&of_another).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(answer.bytes().await.unwrap(), png);
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
