//! Pages, and the document of the API.

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

#[test]
fn the_document_names_the_reasons_of_the_rules_in_their_order() {
    let made = room_booking::web::docs::openapi("/").unwrap();
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let reasons = clearing::Reason::ALL.map(clearing::Reason::as_str);
    assert_eq!(made["components"]["schemas"]["Reason"]["enum"], serde_json::json!(reasons));
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
