//! `GET /api/free`

use reqwest::Method;
use serde_json::{Value, json};
use store::calendars::Calendar;
use store::rooms::Room;
use testing::{ics, on_both_databases};

use crate::app::TestApp;

/// Three further rooms of the user: a hall of 40 seats, and a lab of 8 and a den of 4 in the north wing.
async fn rooms(app: &TestApp) -> String {
    let (setup, actor) = (app.server.setup(), operations::command_line());
    for (slug, seats, building, features) in [
        ("hall", 40, "Main house", vec!["projector", "stage"]),
        ("lab", 8, "North wing", vec!["projector"]),
        ("den", 4, "North wing", vec![]),
    ] {
        setup.add(Calendar::built_in(slug, slug, "Europe/Berlin"), &["root"]).await;
        let calendar = setup.service.calendar(slug).await.unwrap();
        let room = Room {
            building: Some(building.to_owned()),
            capacity: Some(seats),
            features: features.into_iter().map(str::to_owned).collect(),
            ..Room::default()
        };
        setup.service.set_room(&actor, &calendar, &room).await.unwrap();
    }
    setup.key("root").await
}

async fn app_with_rooms(database: testing::Database) -> (TestApp, String) {
    let app = TestApp::on_still_clock(database).await;
    app.server.setup().administrator("root").await;
    let key = rooms(&app).await;
    (app, key)
}

async fn find(app: &TestApp, key: &str, query: &str) -> Vec<Value> {
    let path = format!("/api/free?{query}");
    let answer = app.send_with(key, Method::GET, &path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["calendars"].as_array().unwrap().clone()
}

fn names(found: &[Value]) -> Vec<&str> {
    found.iter().map(|it| it["calendar"].as_str().unwrap()).collect()
}

on_both_databases! {
    async fn free_rooms_come_with_the_smallest_that_has_the_seats_first(database) {
        let (app, key) = app_with_rooms(database).await;
        let hour = "start=2026-03-05T12:00&end=2026-03-05T13:00";
        let all = find(&app, &key, hour).await;
        assert_eq!(names(&all), ["den", "lab", "hall"]);
        assert_eq!(
            all[1],
            json!({
                "calendar": "lab", "name": "lab", "time_zone": "Europe/Berlin",
                "building": "North wing", "floor": null, "capacity": 8, "features": ["projector"],
                "description": null, "picture": null, "dates": 1, "dates_taken": 0, "taken": [],
            })
        );
        for (query, expected) in [
            ("capacity=5", vec!["lab", "hall"]),
            ("capacity=41", vec![]),
            ("feature=projector", vec!["lab", "hall"]),
            ("feature=projector&feature=stage", vec!["hall"]),
            ("building=north%20WING", vec!["den", "lab"]),
            ("building=north%20wing&capacity=8&feature=projector", vec!["lab"]),
            ("limit=1", vec!["den"]),
        ] {
            let found = find(&app, &key, &format!("{hour}&{query}")).await;
            assert_eq!(names(&found), expected, "{query}");
        }
    }

    async fn what_is_booked_is_not_free_to_the_minute(database) {
        let (app, key) = app_with_rooms(database).await;
        let event = |uid: &str, line: &str| {
            ics::event(uid, "0101T00", "0305T12", "0305T13").line(line)
        };
        let setup = app.server.setup();
        setup.import("lab", ics::file(&[event("a", "CLASS:PRIVATE")])).await;
        setup.import("den", ics::file(&[event("b", "STATUS:CANCELLED")])).await;
        setup.import("hall", ics::file(&[event("c", "TRANSP:TRANSPARENT")])).await;
        for (query, expected) in [
            ("start=2026-03-05T12:30:00Z&end=2026-03-05T12:31:00Z", vec!["den", "hall"]),
            ("start=2026-03-05T13:30:00%2B01:00&end=2026-03-05T13:31:00+01:00", vec!["den", "hall"]),
            ("start=2026-03-05T13:00:00Z&end=2026-03-05T14:00:00Z", vec!["den", "lab", "hall"]),
            ("start=2026-03-05T11:00:00Z&end=2026-03-05T12:00:00Z", vec!["den", "lab", "hall"]),
            ("start=2026-03-05&end=2026-03-06", vec!["den", "hall"]),
        ] {
            assert_eq!(names(&find(&app, &key, query).await), expected, "{query}");
        }
    }

    async fn of_a_series_that_began_long_ago_only_what_is_ahead_has_to_be_free(database) {
        let (app, key) = app_with_rooms(database).await;
        let setup = app.server.setup();
        let over = ics::event("a", "0101T00", "0226T12", "0226T13");
        setup.import("den", ics::file(&[over])).await;
        let series = "start=1970-01-01T12:00&end=1970-01-01T13:00&rrule=FREQ%3DWEEKLY";
        let found = find(&app, &key, series).await;
        assert!(found.iter().all(|it| it["dates_taken"] == 0), "{found:?}");
        let dates = found[0]["dates"].as_u64().unwrap();
        assert!((50..60).contains(&dates), "as far as the horizon: {dates}");
    }

    async fn more_features_than_a_room_can_have_fit_none(database) {
        let (app, key) = app_with_rooms(database).await;
        let many: String = (0..31).map(|it| format!("&feature=f{it}")).collect();
        let query = format!("start=2026-03-05T12:00&end=2026-03-05T13:00{many}");
        assert_eq!(find(&app, &key, &query).await, Vec::<Value>::new());
    }

    async fn for_a_series_the_taken_dates_are_named_and_rooms_without_any_come_first(database) {
        let (app, key) = app_with_rooms(database).await;
        let setup = app.server.setup();
        let taken = ics::event("a", "0101T00", "0312T11", "0312T12");
        setup.import("den", ics::file(&[taken])).await;
        let series = "start=2026-03-05T12:00&end=2026-03-05T13:00&rrule=FREQ%3DWEEKLY%3BCOUNT%3D3";
        let found = find(&app, &key, series).await;
        assert_eq!(names(&found), ["lab", "hall", "den"]);
        assert_eq!((&found[0]["dates"], &found[0]["dates_taken"]), (&json!(3), &json!(0)));
        assert_eq!(
            (&found[2]["dates_taken"], &found[2]["taken"]),
            (
                &json!(1),
                &json!([{ "start": "2026-03-12T12:00:00+01:00", "end": "2026-03-12T13:00:00+01:00" }])
            )
        );
        let endless = "start=2026-03-05T12:00&end=2026-03-05T13:00&rrule=FREQ%3DWEEKLY";
        setup.import("hall", ics::file(&[ics::event("c", "0101T00", "0312T11", "0312T12")])).await;
        let calendar = setup.service.calendar("lab").await.unwrap();
        let calendar = Calendar { horizon_days: 28, ..calendar };
        setup.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        assert_eq!(names(&find(&app, &key, endless).await)[0], "lab", "free on all dates, though they are fewer");
        let often = ics::event("b", "0101T00", "0305T11", "0305T12").rule("FREQ=DAILY");
        setup.import("hall", ics::file(&[often])).await;
        assert_eq!(names(&find(&app, &key, series).await), ["lab", "den"], "hall is taken each time");
    }

    async fn a_search_that_cannot_be_booked_is_refused_and_others_rooms_are_not_found(database) {
        let (app, key) = app_with_rooms(database).await;
        let hour = "start=2026-03-05T12:00&end=2026-03-05T13:00";
        for query in [
            "",
            "start=2026-03-05T12:00",
            "start=2026-03-05T12:00&end=2026-03-05T12:00",
            "start=noon&end=one",
            &format!("{hour}&rrule=FREQ%3DNEVER"),
            &format!("{hour}&rrule=FREQ%3DMINUTELY"),
            &format!("{hour}&capacity=0"),
            &format!("{hour}&limit=101"),
            &format!("{hour}&seats=3"),
        ] {
            let path = format!("/api/free?{query}");
            app.send_with(&key, Method::GET, &path).await.expect_problem(422);
        }
        app.server.setup().administrator("newcomer").await;
        let none = app.server.setup().key("newcomer").await;
        assert_eq!(find(&app, &none, hour).await, Vec::<Value>::new());
        let path = "/api/free?start=x&end=y";
        app.send_with(&none, Method::GET, path).await.expect_problem(422);
        assert_eq!(names(&find(&app, &app.key, hour).await), ["room-1", "room-2"]);
    }
}
