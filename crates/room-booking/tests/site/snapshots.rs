//! Whole pages, as a browser gets them.

use harness::clock::clock;
use harness::snapshot::named;
use harness::web::Answer;
use harness::{NOW, assert_kept};
use testing::on_both_databases;

use crate::app::{Site, event_after};

/// A page without what differs each time.
fn kept(page: &Answer) -> String {
    assert_eq!(page.status, 200, "{page:?}");
    let mut values = vec![("name=\"form_token\" value=\"", "\"", "FORM-TOKEN")];
    if page.text.contains("nonce=\"") {
        values.push(("nonce=\"", "\"", "NONCE"));
    }
    // Hashes of the objects' versions, among others, which differ each time.
    if page.text.contains("name=\"line\"") {
        values.push(("name=\"line\" value=\"", "\t", "LINE"));
    }
    named(&page.text, &values)
}

/// A site on 2 March 2026. On the next day a room has a double booking, an event alone and one that is
/// called off.
async fn site(database: testing::Database) -> Site {
    let site = Site::at(database, &[], clock()).await;
    let event =
        |uid: &str, name: &str, hours, days_ago| event_after(NOW, uid, name, hours, days_ago);
    let off = event("off", "Off", (15, 16), 1).replace("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY");
    let events = [
        event("a", "Apple & pear", (8, 10), 9),
        event("b", "Berry", (9, 11), 1),
        event("c", "Citrus", (12, 13), 1),
        off,
    ];
    site.import("room-1", &events).await;
    site
}

on_both_databases! {
    async fn the_sign_in_page_is_the_one_that_is_kept(database) {
        let site = site(database).await;
        assert_kept!("sign-in-page", kept(&site.stranger().get("/admin/sign-in").await));
    }

    async fn the_week_page_of_a_room_is_the_one_that_is_kept(database) {
        let site = site(database).await;
        let mut bob = site.browser(site.bob).await;
        assert_kept!("week-page", kept(&bob.get("/admin/calendars/room-1?date=2026-03-03").await));
    }

    async fn the_preview_of_a_clear_is_the_one_that_is_kept(database) {
        let site = site(database).await;
        let mut bob = site.browser(site.bob).await;
        assert_kept!("preview-page", kept(&bob.get("/admin/calendars/room-1/preview").await));
    }
}
