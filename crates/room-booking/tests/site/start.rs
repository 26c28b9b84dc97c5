//! The start page and the overview: what needs a person, and what is known of the rooms.

use store::mirror;
use testing::on_both_databases;

use crate::app::{Site, event};

const ROOM: &str = "/admin/calendars/room-1";

/// An overlap in the room.
async fn one_conflict(site: &Site) {
    let events = [event("a", "Apple", (8, 10), 9), event("b", "Berry", (9, 11), 1)];
    site.import("room-1", &events).await;
}

async fn fails(site: &Site) {
    let calendar = site.service.calendar("room-1").await.unwrap();
    let transaction = site.service.store.begin().await.unwrap();
    mirror::set_failure(&transaction, calendar.id, "Connection refused", 1_000).await.unwrap();
    transaction.commit().await.unwrap();
}

on_both_databases! {
    async fn a_room_that_nobody_has_looked_at_is_not_said_to_be_as_it_should_be(database) {
        let site = Site::on(database, &[]).await;
        one_conflict(&site).await;
        let mut bob = site.browser(site.bob).await;
        let page = bob.get("/admin").await;
        page.says("Rooms that nobody has looked at yet").says("The room-1");
        assert!(!page.text.contains("All rooms are as they should be"));
        let preview = page.link(&format!("{ROOM}/preview"));
        bob.get("/admin/calendars?state=new").await.says("The room-1");
        assert_eq!(bob.get(&preview).await.status, 200);
        let page = bob.get("/admin").await;
        page.says("Double bookings that are still there").says("1 double booking");
        assert!(!page.text.contains("nobody has looked"));
    }

    async fn a_calendar_that_fails_stands_on_the_start_page_once(database) {
        let site = Site::on(database, &[]).await;
        one_conflict(&site).await;
        let mut ann = site.browser(site.ann).await;
        ann.get(&format!("{ROOM}/preview")).await;
        fails(&site).await;
        let page = ann.get("/admin").await;
        page.says("These calendars cannot be reached").says("Connection refused");
        assert_eq!(page.text.matches("The room-1").count(), 1, "{}", page.text);
        // What the last look found is said beside it on the overview.
        ann.get("/admin/calendars").await.says("1 double booking, as of just now");
    }

    async fn looking_at_a_preview_is_no_run(database) {
        let site = Site::on(database, &[]).await;
        one_conflict(&site).await;
        let mut bob = site.browser(site.bob).await;
        let preview = bob.get(&format!("{ROOM}/preview")).await;
        let last_run = "data-label=\"Last run\">";
        let page = bob.get("/admin/calendars").await;
        page.says("1 double booking").says("as of just now");
        page.says(&format!("{last_run}never"));
        let line = preview.boxes("line").remove(0);
        bob.post(&format!("{ROOM}/apply"), &[("line", line.as_str())]).await.says("One line was applied");
        let page = bob.get("/admin/calendars").await;
        page.says("No double bookings").says(&format!("{last_run}just now"));
    }

    async fn people_are_told_once_there_is_a_mail_server_and_not_before(database) {
        let site = Site::on(database, &[]).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let template = site.service.default_template().await.unwrap();
        assert!(template.is_some(), "calendars are given one");
        let calendar = store::calendars::Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let mut ann = site.browser(site.ann).await;
        let page = ann.get("/admin").await;
        page.says("<h3>Tell people what was removed</h3>").says("No mail server is set");
        let mail = [("SMTP_SERVER", "127.0.0.1"), ("SMTP_EMAIL", "rooms@example.org")];
        let site = Site::on(testing::Database::new(store::Kind::Sqlite).await, &mail).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let calendar = store::calendars::Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let page = site.browser(site.ann).await.get("/admin").await;
        page.says("<h3>Tell people what was removed <span class=\"badge good\">done</span></h3>");
    }
}
