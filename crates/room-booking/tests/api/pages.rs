//! Pages, and the document of the API.

use std::collections::BTreeSet;

use clearing::WarningKind;
use ical::Warning as Reading;
use serde_json::Value;
use testing::{Database, block_on};

use crate::app::TestApp;

#[test]
fn the_committed_document_is_the_one_that_the_code_makes() {
    let made = room_booking::web::docs::openapi("/").unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        made == committed,
        "docs/openapi.json is stale: cargo run -p room-booking --example openapi > docs/openapi.json"
    );
}

fn document() -> Value {
    serde_json::from_str(&room_booking::web::docs::openapi("/").unwrap()).unwrap()
}

/// The values of an enumeration of the document.
fn values(name: &str) -> Vec<String> {
    serde_json::from_value(document()["components"]["schemas"][name]["enum"].clone()).unwrap()
}

#[test]
fn the_document_names_the_reasons_of_the_rules_in_their_order() {
    assert_eq!(values("Reason"), clearing::Reason::ALL.map(clearing::Reason::as_str));
    assert_eq!(values("RankRule"), clearing::Advantage::ALL.map(clearing::Advantage::as_str));
}

/// The kind of warning after this one, so that the compiler names one that is missing.
fn next_kind(kind: &WarningKind) -> Option<WarningKind> {
    let moment = ical::Moment(0);
    Some(match kind {
        WarningKind::Reading(Reading::SeveralMasters { .. }) => {
            Reading::UnknownStatus { status: String::new() }.into()
        }
        WarningKind::Reading(Reading::UnknownStatus { .. }) => {
            Reading::ZoneAssumed { tzid: String::new() }.into()
        }
        WarningKind::Reading(Reading::ZoneAssumed { .. }) => {
            WarningKind::CreatedRefuted { created: moment, not_seen_at: moment }
        }
        WarningKind::CreatedRefuted { .. } => WarningKind::TokenUsedUp { label: String::new() },
        WarningKind::TokenUsedUp { .. } => Reading::LineEnds.into(),
        WarningKind::Reading(Reading::LineEnds) => {
            Reading::Encoding(ical::Encoding::Unknown).into()
        }
        WarningKind::Reading(Reading::Encoding(_)) => return None,
    })
}

#[test]
fn the_document_names_the_codes_of_all_warnings() {
    let first = WarningKind::from(Reading::SeveralMasters { others: Vec::new() });
    let all = std::iter::successors(Some(first), next_kind);
    assert_eq!(values("WarningCode"), all.map(|it| it.code()).collect::<Vec<_>>());
}

#[test]
fn the_document_names_each_status_that_an_event_has_in_answers() {
    let statuses = ["CONFIRMED", "tentative", "CANCELLED", "COMPLETED", "DRAFT", ""];
    let found = statuses.map(|status| {
        let lines = format!("UID:a\nDTSTART:20260302T120000Z\nSTATUS:{status}");
        let text = testing::ics::file_of(&testing::ics::component(lines.lines()));
        let calendar = ical::Calendar::parse(text.as_bytes()).unwrap();
        calendar.event(0).status().to_owned()
    });
    let (found, named) = (BTreeSet::from(found), BTreeSet::from_iter(values("Status")));
    assert_eq!(named, found);
}

#[test]
fn each_answer_of_the_document_has_an_example() {
    let document = document();
    let (mut count, mut without) = (0, Vec::new());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            for (status, answer) in call["responses"].as_object().unwrap() {
                for (kind, content) in answer["content"].as_object().into_iter().flatten() {
                    // Of a picture nobody wants to read one.
                    if kind.starts_with("image/") {
                        continue;
                    }
                    count += 1;
                    let example = &content["example"];
                    let is_right = kind != "application/problem+json"
                        || example["status"].as_u64() == status.parse().ok();
                    if example.is_null() || !is_right {
                        without.push(format!("{method} {path}: {status} {kind}"));
                    }
                }
            }
        }
    }
    assert!(count > 60, "{count}");
    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn pages_load_nothing_from_elsewhere() {
    block_on(async {
        let database = Database::sqlite().await;
        let variables = [("PUBLIC_URL", "https://rooms.example.org/sub")];
        let app = TestApp::with(database, &variables).await;
        for path in ["/", "/admin/sign-in", "/api/docs"] {
            let page = app.get(path).await;
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            for attribute in ["src=\"", "href=\""] {
                for link in page.text.split(attribute).skip(1) {
                    let link = link.split('"').next().unwrap();
                    let is_ours = ["/sub/", "https://rooms.example.org/sub", "#"]
                        .iter()
                        .any(|start| link.starts_with(start));
                    assert!(is_ours, "{path}: {link}");
                    let local = link.trim_start_matches("https://rooms.example.org");
                    if let Some(local) = local.strip_prefix("/sub")
                        && !local.starts_with("/admin")
                    {
                        let local = if local.is_empty() { "/" } else { local };
                        assert_eq!(app.get(local).await.status, 200, "{path}: {link}");
                    }
                }
            }
        }
        let home = app.get("/").await.text;
        assert!(home.contains("https://rooms.example.org/sub/api/clear-bookings"), "{home}");
        let document = app.get("/api/openapi.json").await;
        assert_eq!(document.json["openapi"], "3.1.0");
        assert_eq!(document.json["servers"][0]["url"], "https://rooms.example.org/sub");
    });
}
