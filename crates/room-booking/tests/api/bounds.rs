//! Bounds of what is sent, at the bound and past it.

use serde_json::json;
use testing::{Database, block_on};

use crate::app::TestApp;

#[test]
fn each_field_is_taken_at_its_bound() {
    block_on(async {
        let app = TestApp::new(Database::sqlite().await).await;
        let good = json!({ "name": "n", "start": "2026-12-01T12:00", "end": "2026-12-01T13:00" });
        for (field, value) in [
            ("name", json!("ü".repeat(255))),
            ("name", json!(format!("  {}  ", "x".repeat(255)))),
            ("description", json!("\u{1F4C5}".repeat(8_000))),
            ("description", json!("a\r\nb\tc")),
            ("rrule", json!(format!("FREQ=DAILY;COUNT={}1", "0".repeat(482)))),
            ("organizer", json!("Ann@Example.org")),
            ("end", json!("2027-12-02T12:00")),
            ("start", json!("2026-12-01T12:00:59.999999999+01:00")),
            ("description", json!(null)),
        ] {
            let mut body = good.clone();
            body[field] = value.clone();
            let answer = app.post("/api/room-1/events", &body).await;
            assert_eq!(answer.status, 201, "{field} {value}: {answer:?}");
        }
        for (start, end) in [
            ("1970-01-01", "1970-01-02"),
            ("2199-12-31", "2200-01-01"),
            ("2199-12-31T23:00", "2200-01-01T00:00"),
            ("1970-01-01T00:00", "1970-01-01T00:01"),
            ("2026-01-01", "2027-01-02"),
        ] {
            let body = json!({ "name": "n", "start": start, "end": end });
            let answer = app.post("/api/room-1/events", &body).await;
            assert_eq!(answer.status, 201, "{start} {end}: {answer:?}");
        }
        for (start, end) in [
            ("1969-12-31", "1970-01-01"),
            ("2199-12-31", "2200-01-02"),
            ("2199-12-31T23:00", "2200-01-01T00:01"),
            ("2026-01-01", "2027-01-03"),
            ("2026-01-01", "2026-01-01"),
            ("2026-01-01", "2026-01-02T00:00"),
        ] {
            let body = json!({ "name": "n", "start": start, "end": end });
            app.post("/api/room-1/events", &body).await.expect_problem(422);
        }
    });
}

#[test]
fn a_rule_that_nobody_could_expand_is_refused() {
    block_on(async {
        let app = TestApp::new(Database::sqlite().await).await;
        for rule in ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=2"] {
            let body = json!({
                "name": "n", "start": "2026-12-01T12:00", "end": "2026-12-01T12:01", "rrule": rule
            });
            let answer = app.post("/api/room-1/events", &body).await;
            answer.expect_problem(422);
            assert_eq!(answer.wrong_fields(), ["rrule"]);
        }
        assert!(app.names("room-1").await.is_empty());
    });
}
