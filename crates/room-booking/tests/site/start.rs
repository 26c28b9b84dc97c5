//! What needs attention, beside the day page, and the overview of the calendars.

use harness::setup::scheduler;
use ical::Moment;
use operations::Clock;
use store::calendars::Calendar;
use store::health;
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
    health::set_failure(&transaction, calendar.id, "Connection refused", 1_000).await.unwrap();
    transaction.commit().await.unwrap();
}

on_both_databases! {
    async fn a_room_that_nobody_has_looked_at_is_not_said_to_be_as_it_should_be(database) {
        let site = Site::standing(database).await;
        // More than are looked at before the page is shown; the rest is left to the job.
        for number in 1..=5 {
            let slug = format!("new-{number}");
            let calendar = Calendar::built_in(&slug, &format!("The {slug}"), "Europe/Berlin");
            site.setup().add(calendar, &[]).await;
        }
        let mut ann = site.browser(site.ann).await;
        let page = ann.get("/admin").await;
        page.says("Rooms that have not been checked yet").says("The new-5");
        assert!(!page.text.contains("All rooms are in order"));
        page.link("/admin/calendars/new-5/preview");
        ann.get("/admin/calendars?state=new").await.says("The new-5");
        site.service.rescan_rooms().await.unwrap();
        let page = ann.get("/admin").await;
        page.says("No mail server is set up").says("All rooms are in order");
        assert!(!page.text.contains("have not been checked"));
    }

    async fn the_start_page_knows_of_double_bookings_without_anybody_having_looked(database) {
        let site = Site::standing(database).await;
        let mut bob = site.browser(site.bob).await;
        bob.get("/admin").await.says("All rooms are in order");
        one_conflict(&site).await;
        let page = bob.get("/admin").await;
        page.says("Unresolved double bookings").says("1 double booking");
        assert!(!page.text.contains("have not been checked"));
        bob.post(&format!("{ROOM}/event/delete"), &[("uid", "b")]).await;
        bob.get("/admin").await.says("All rooms are in order");
        // A clear of all and putting back what it removed: the number is the new one.
        site.import("room-1", &[event("c", "Cherry", (9, 11), 1)]).await;
        let preview = bob.get(&format!("{ROOM}/preview")).await;
        let line = preview.boxes("line").remove(0);
        bob.post(&format!("{ROOM}/apply"), &[("line", line.as_str())]).await.says("One change");
        bob.get("/admin").await.says("All rooms are in order");
        let mut ann = site.browser(site.ann).await;
        let line = ann.get("/admin/history").await.link("/admin/history/");
        ann.post(&format!("{line}/restore"), &[("protect", "1")]).await;
        // It was restored as protected: that is a decision.
        bob.get("/admin/calendars").await.says("1 overlap kept");
        bob.get("/admin").await.says("All rooms are in order");
    }

    async fn rooms_are_looked_at_by_themselves_once_for_each_change_and_again_after_an_hour(database) {
        let site = Site::standing(database).await;
        one_conflict(&site).await;
        assert_eq!(site.service.rescan_rooms().await.unwrap(), 2);
        site.browser(site.bob).await.get("/admin/calendars").await.says("1 double booking");
        assert_eq!(site.service.rescan_rooms().await.unwrap(), 0, "nothing has changed");
        site.import("room-1", &[event("c", "Cherry", (9, 11), 1)]).await;
        assert_eq!(site.service.rescan_rooms().await.unwrap(), 1);
        site.browser(site.bob).await.get("/admin/calendars").await.says("2 double bookings");
        let mut later = site.service.clone();
        later.clock = Clock::manual(Moment(crate::app::clock() + 3_700));
        assert_eq!(later.rescan_rooms().await.unwrap(), 2, "what was on is over");
    }

    async fn an_overlap_that_is_kept_by_a_decision_is_said_and_is_no_task(database) {
        let site = Site::standing(database).await;
        one_conflict(&site).await;
        let actor = operations::command_line();
        let mut bob = site.browser(site.bob).await;
        bob.get("/admin").await.says("1 double booking").says("<span class=\"badge warn\">1</span>");
        for uid in ["a", "b"] {
            site.service.protect(&actor, Some("room-1"), uid).await.unwrap();
        }
        let page = bob.get("/admin").await;
        page.says("All rooms are in order").says("<span class=\"badge good\">0</span>");
        assert!(!page.text.contains("Double bookings"), "nothing is left to do");
        let page = bob.get("/admin/calendars").await;
        page.says("<span class=\"badge quiet\">1 overlap kept</span>");
        page.link(&format!("{ROOM}/preview"));
        let page = bob.get("/admin/calendars?state=conflicts").await;
        assert!(!page.text.contains("The room-1"), "the filter shows what the task counts");
        site.service.unprotect(&actor, Some("room-1"), "b").await.unwrap();
        bob.get("/admin").await.says("1 double booking");
        site.service.protect(&actor, Some("room-1"), "b").await.unwrap();
        // A run leaves it alone, too, and says so.
        site.setup().clear(operations::Scope::All, scheduler()).await;
        bob.get("/admin/calendars").await.says("1 overlap kept");
    }

    async fn a_calendar_that_fails_stands_on_the_start_page_once(database) {
        let site = Site::standing(database).await;
        one_conflict(&site).await;
        let mut ann = site.browser(site.ann).await;
        ann.get(&format!("{ROOM}/preview")).await;
        fails(&site).await;
        let page = ann.get("/admin").await;
        page.says("These calendars cannot be reached").says("Connection refused");
        let (tasks, rooms) = page.text.split_once("</section>").unwrap();
        assert_eq!(tasks.matches("The room-1").count(), 1, "{tasks}");
        assert!(rooms.contains("Cannot be reached; may be out of date"), "{rooms}");
        // What the last look found is said beside it on the overview.
        ann.get("/admin/calendars").await.says("1 double booking, as of just now");
    }

    async fn looking_at_a_preview_is_no_run(database) {
        let site = Site::standing(database).await;
        one_conflict(&site).await;
        let mut bob = site.browser(site.bob).await;
        let preview = bob.get(&format!("{ROOM}/preview")).await;
        let last_run = "data-label=\"Last run\">";
        let page = bob.get("/admin/calendars").await;
        page.says("1 double booking").says("as of just now");
        page.says(&format!("{last_run}never"));
        let line = preview.boxes("line").remove(0);
        bob.post(&format!("{ROOM}/apply"), &[("line", line.as_str())]).await.says("One change was applied");
        let page = bob.get("/admin/calendars").await;
        page.says("No double bookings").says(&format!("{last_run}just now"));
    }

    async fn people_are_told_once_there_is_a_mail_server_and_not_before(database) {
        let site = Site::standing(database).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let template = site.service.default_template().await.unwrap();
        assert!(template.is_some(), "calendars are given one");
        let calendar = Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let mut ann = site.browser(site.ann).await;
        let page = ann.get("/admin").await;
        page.says("<h3>Notify people about removed bookings</h3>").says("No mail server is set up");
        let mail = [("SMTP_SERVER", "127.0.0.1"), ("SMTP_EMAIL", "rooms@example.org")];
        let site = Site::on(testing::Database::sqlite().await, &mail).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let calendar = Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let page = site.browser(site.ann).await.get("/admin").await;
        page.says("<h3>Notify people about removed bookings <span class=\"badge good\">done</span></h3>");
    }
}
