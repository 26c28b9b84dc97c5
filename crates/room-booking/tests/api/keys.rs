//! Who may do what.

use std::collections::BTreeSet;
use std::time::Duration;

use harness::web::Answer;
use reqwest::Method;
use store::keys::Rights;
use testing::on_both_databases;

use crate::app::TestApp;

/// Each call, with the rights of which one is enough.
fn calls() -> Vec<(Method, &'static str, Vec<Rights>)> {
    let none = Rights::default();
    let clear = Rights { clear: true, ..none };
    let preview = Rights { preview: true, ..none };
    vec![
        (Method::GET, "/api/calendars", vec![Rights { read: true, ..none }]),
        (
            Method::GET,
            "/api/free?start=2026-12-01&end=2026-12-02",
            vec![Rights { read: true, ..none }, Rights { freebusy: true, ..none }],
        ),
        (Method::GET, "/api/room-1/events", vec![Rights { read: true, ..none }]),
        (Method::GET, "/api/room-1/events/x", vec![Rights { read: true, ..none }]),
        (Method::POST, "/api/room-1/events", vec![Rights { create: true, ..none }]),
        (Method::PATCH, "/api/room-1/events/x", vec![Rights { change: true, ..none }]),
        (Method::DELETE, "/api/room-1/events/x", vec![Rights { delete: true, ..none }]),
        (Method::DELETE, "/api/clear-bookings?test=1", vec![clear, preview]),
        (Method::DELETE, "/api/clear-bookings?test=0", vec![clear]),
        (Method::POST, "/api/clear-bookings", vec![clear, preview]),
        (Method::GET, "/api/pending", vec![clear, preview]),
        (Method::GET, "/api/room-1/picture", vec![Rights { read: true, ..none }]),
    ]
}

/// The methods and paths of the OpenAPI document, such as `GET /api/{calendar}/events`.
fn documented() -> BTreeSet<String> {
    let document = room_booking::web::docs::openapi("https://rooms.example.org").unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let calls = paths.flat_map(|(path, of)| {
        let has = methods.iter().filter(|method| of.get(**method).is_some());
        has.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    calls.collect()
}

/// Whether a path, perhaps with a query, is one of a template.
fn is_of(path: &str, template: &str) -> bool {
    let path = path.split('?').next().unwrap().split('/');
    let (path, template): (Vec<_>, Vec<_>) = (path.collect(), template.split('/').collect());
    let is_same = |(one, other): (&&str, &&str)| one == other || other.starts_with('{');
    path.len() == template.len() && path.iter().zip(&template).all(is_same)
}

#[test]
fn every_call_of_the_api_has_its_row_here() {
    let (documented, calls) = (documented(), calls());
    let split = |call: &str| {
        let (method, template) = call.split_once(' ').unwrap();
        (method.to_owned(), template.to_owned())
    };
    for call in &documented {
        let (method, template) = split(call);
        let has_row =
            calls.iter().any(|(it, path, _)| it.as_str() == method && is_of(path, &template));
        assert!(has_row, "give this a row: {call}");
    }
    for (method, path, _) in &calls {
        let is_there = documented.iter().map(|call| split(call));
        let mut is_there =
            is_there.filter(|(it, template)| method.as_str() == it && is_of(path, template));
        assert!(is_there.next().is_some(), "this is no call any more: {method} {path}");
    }
}

#[test]
fn every_path_of_the_api_that_is_served_is_documented() {
    let source = include_str!("../../src/web/mod.rs");
    let served = source.lines().filter_map(|line| line.trim().strip_prefix(".route(\""));
    let served = served.map(|line| line.split('"').next().unwrap());
    let served = served.filter(|it| it.starts_with("/api/") && !it.starts_with("/api/docs"));
    let served: BTreeSet<_> = served.filter(|it| *it != "/api/openapi.json").collect();
    assert!(served.len() >= 6, "{served:?}");
    let documented = documented();
    for path in served {
        // `event` is accepted for `events`.
        let path = path.replace("/event/", "/events/");
        let path = path.strip_suffix("/event").map_or(path.clone(), |it| format!("{it}/events"));
        let is_documented = documented.iter().any(|call| call.ends_with(&format!(" {path}")));
        assert!(is_documented, "{path} is not in the OpenAPI document");
    }
}

/// All rights but those of which each is enough.
fn others(enough: &[Rights]) -> Rights {
    let has = |right: fn(&Rights) -> bool| enough.iter().any(right);
    Rights {
        read: !has(|it| it.read),
        create: !has(|it| it.create),
        change: !has(|it| it.change),
        delete: !has(|it| it.delete),
        preview: !has(|it| it.preview),
        clear: !has(|it| it.clear),
        freebusy: !has(|it| it.freebusy),
    }
}

on_both_databases! {
    async fn no_call_goes_without_a_key_or_with_a_wrong_one(database) {
        let app = TestApp::new(database).await;
        for (method, path, _) in calls() {
            let without = app.request(method.clone(), path).send().await.unwrap();
            let without = Answer::of(without).await;
            without.expect_problem(401);
            assert_eq!(without.header("www-authenticate"), "Bearer");
            let wrong = app.send_with("rb_wrong", method.clone(), path).await;
            wrong.expect_problem(401);
            assert_eq!(wrong.header("www-authenticate"), "Bearer");
            let basic = app.request(method.clone(), path).basic_auth("ann", Some(&app.key));
            Answer::of(basic.send().await.unwrap()).await.expect_problem(401);
            let query = format!("{path}{}key={}", if path.contains('?') { '&' } else { '?' }, app.key);
            let in_query = app.request(method, &query).send().await.unwrap();
            Answer::of(in_query).await.expect_problem(401);
        }
    }

    async fn each_call_needs_its_right_and_no_other(database) {
        let app = TestApp::new(database).await;
        for (method, path, enough) in calls() {
            let key = app.key_with(others(&enough), None).await;
            app.send_with(&key, method.clone(), path).await.expect_problem(403);
            for right in enough {
                let key = app.key_with(right, None).await;
                let answer = app.send_with(&key, method.clone(), path).await;
                let status = answer.status.as_u16();
                assert!(![401, 403].contains(&status), "{method} {path}: {answer:?}");
            }
        }
    }

    async fn a_key_that_may_only_preview_clears_nothing(database) {
        let app = TestApp::new(database).await;
        let rights = Rights { preview: true, ..Rights::default() };
        let key = app.key_with(rights, None).await;
        for path in ["/api/clear-bookings", "/api/clear-bookings?test=off"] {
            let refused = app.send_with(&key, Method::DELETE, path).await;
            refused.expect_problem(403);
            assert!(refused.json["detail"].as_str().unwrap().contains("clear"), "{refused:?}");
        }
        let post = async |body: &serde_json::Value| {
            let request = app.request(Method::POST, "/api/clear-bookings").bearer_auth(&key);
            Answer::of(request.json(body).send().await.unwrap()).await
        };
        post(&serde_json::json!({})).await.expect_problem(403);
        assert_eq!(post(&serde_json::json!({ "test": true })).await.status, 200);
    }

    async fn what_is_not_assigned_and_what_does_not_exist_answer_alike(database) {
        let app = TestApp::new(database).await;
        let limited = app.key_with(Rights::ALL, Some(&["room-2".to_owned()])).await;
        let body = serde_json::json!({ "name": "n", "start": "2026-12-01", "end": "2026-12-02" });
        for (key, hidden) in [(&app.key, "other"), (&limited, "room-1")] {
            for (method, path, _) in calls() {
                let of_all = ["/api/calendars", "/api/clear-bookings", "/api/pending"];
                if of_all.contains(&path) || path.starts_with("/api/free") {
                    // What a body names is in clear_bookings.rs.
                    continue;
                }
                let mut answers = Vec::new();
                for slug in [hidden, "nowhere"] {
                    let path = match path.contains("clear") {
                        true => format!("{path}&calendar=room-2&calendar={slug}"),
                        false => path.replace("room-1", slug),
                    };
                    let request = app.request(method.clone(), &path).bearer_auth(key).json(&body);
                    let answer = Answer::of(request.send().await.unwrap()).await;
                    answer.expect_problem(404);
                    answers.push(answer.text.replace(slug, "SLUG"));
                }
                assert_eq!(answers[0], answers[1], "{method} {path}");
            }
        }
        let answer = app.send_with(&limited, Method::GET, "/api/calendars").await;
        assert_eq!(answer.json["calendars"].as_array().unwrap().len(), 1);
        assert!(app.service.list_events(
            &app.service.calendar("other").await.unwrap(),
            operations::ListRequest {
                window: ical::Window { start: ical::Moment(0), end: ical::Moment(4_000_000_000) },
                uid: None, after: None, limit: 10,
            },
            &operations::Reader::administrator(),
        ).await.unwrap().starts_with(b"{\"events\":[]"), "nothing was written there");
    }

    async fn a_key_ends_when_it_is_revoked_or_expires_or_its_user_is_no_longer_active(database) {
        let app = TestApp::on_still_clock(database).await;
        let actor = operations::command_line();
        let soon = app.service.now().0 + 2;
        let made = app.service.people().add_key(&actor, "ann", "k", Rights::ALL, None, Some(soon)).await;
        let (_, expiring) = made.unwrap();
        let (id, revoked) =
            app.service.people().add_key(&actor, "ann", "k", Rights::ALL, None, None).await.unwrap();
        for key in [&expiring, &revoked] {
            assert_eq!(app.send_with(key, Method::GET, "/api/calendars").await.status, 200);
        }
        app.service.people().revoke_key(&actor, id).await.unwrap();
        app.advance(Duration::from_millis(2_100));
        for key in [&expiring, &revoked] {
            app.send_with(key, Method::GET, "/api/calendars").await.expect_problem(401);
        }
        assert_eq!(app.get("/api/calendars").await.status, 200);
        app.service.people().set_active(&actor, "ann", false).await.unwrap();
        app.advance(Duration::from_millis(1_100));
        app.get("/api/calendars").await.expect_problem(401);
    }

    async fn too_many_wrong_keys_of_one_address_are_slowed_and_nobody_else_is(database) {
        let app = TestApp::with(database, &[("TRUSTED_PROXIES", "127.0.0.0/8")]).await;
        let from = |address: &str, key: &str| {
            let request = app.request(Method::GET, "/api/calendars").bearer_auth(key);
            let request = request.header("x-forwarded-for", address);
            async move { Answer::of(request.send().await.unwrap()).await }
        };
        let mut slowed = None;
        for _ in 0..30 {
            let answer = from("203.0.113.1", "rb_wrongwrong").await;
            if answer.status == 429 {
                slowed = Some(answer);
                break;
            }
            answer.expect_problem(401);
        }
        let slowed = slowed.unwrap();
        slowed.expect_problem(429);
        assert!(slowed.header("retry-after").parse::<u64>().unwrap() >= 1);
        from("203.0.113.2", "rb_wrongwrong").await.expect_problem(401);
        assert_eq!(from("203.0.113.1", &app.key).await.status, 200, "a right key is let in");
        let spoofed = from("203.0.113.9, 203.0.113.1", "rb_wrongwrong").await;
        spoofed.expect_problem(429);
    }

    async fn the_last_use_of_a_key_is_remembered(database) {
        let app = TestApp::new(database).await;
        assert_eq!(app.get("/api/calendars").await.status, 200);
        let last_use = async || {
            let keys = store::keys::all(&app.service.store, None).await.unwrap();
            keys[0].last_used_at
        };
        assert_eq!(last_use().await, None, "it is written down from time to time");
        room_booking::jobs::write_key_uses(&app.server.app).await.unwrap();
        let at = last_use().await.unwrap();
        assert!(at % 60 == 0 && (0..120).contains(&(app.service.now().0 - at)), "{at}");
    }
}
