//! The start page and the overview: what needs a person, and what is known of the rooms.

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
        page.says("Rooms that nobody has looked at yet").says("The new-5");
        assert!(!page.text.contains("All rooms are as they should be"));
        page.link("/admin/calendars/new-5/preview");
        ann.get("/admin/calendars?state=new").await.says("The new-5");
        site.service.rescan_rooms().await.unwrap();
        ann.get("/admin").await.says("No mail server is set");
        assert!(!ann.get("/admin").await.text.contains("nobody has looked"));
    }

    async fn the_start_page_knows_of_double_bookings_without_anybody_having_looked(database) {
        let site = Site::standing(database).await;
        let mut bob = site.browser(site.bob).await;
        bob.get("/admin").await.says("All rooms are as they should be");
        one_conflict(&site).await;
        let page = bob.get("/admin").await;
        page.says("Double bookings that are still there").says("1 double booking");
        assert!(!page.text.contains("nobody has looked"));
        bob.post(&format!("{ROOM}/event/delete"), &[("uid", "b")]).await;
        bob.get("/admin").await.says("All rooms are as they should be");
        // A clear of all and putting back what it removed: the number is the new one.
        site.import("room-1", &[event("c", "Cherry", (9, 11), 1)]).await;
        let preview = bob.get(&format!("{ROOM}/preview")).await;
        let line = preview.boxes("line").remove(0);
        bob.post(&format!("{ROOM}/apply"), &[("line", line.as_str())]).await.says("One line");
        bob.get("/admin").await.says("All rooms are as they should be");
        let mut ann = site.browser(site.ann).await;
        let line = ann.get("/admin/history").await.link("/admin/history/");
        ann.post(&format!("{line}/restore"), &[("protect", "1")]).await;
        bob.get("/admin").await.says("Double bookings that are still there");
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

    async fn an_overlap_of_two_protected_events_is_none_that_nobody_speaks_of(database) {
        let site = Site::standing(database).await;
        one_conflict(&site).await;
        let actor = operations::command_line();
        for uid in ["a", "b"] {
            site.service.protect(&actor, Some("room-1"), uid).await.unwrap();
        }
        let mut bob = site.browser(site.bob).await;
        bob.get("/admin").await.says("Double bookings that are still there").says("1 overlap left alone");
        let page = bob.get("/admin/calendars?state=conflicts").await;
        page.says("<span class=\"badge warn\">1 overlap left alone</span>");
        page.link(&format!("{ROOM}/preview"));
        site.service.unprotect(&actor, Some("room-1"), "b").await.unwrap();
        bob.get("/admin").await.says("1 double booking");
        site.service.protect(&actor, Some("room-1"), "b").await.unwrap();
        // A run leaves it alone, too, and says so.
        site.setup().clear(operations::Scope::All, scheduler()).await;
        bob.get("/admin/calendars").await.says("1 overlap left alone");
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
        // Who has it now is not known.
        assert!(rooms.contains("The room-1") && rooms.contains(">–</td>"), "{rooms}");
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
        bob.post(&format!("{ROOM}/apply"), &[("line", line.as_str())]).await.says("One line was applied");
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
        page.says("<h3>Tell people what was removed</h3>").says("No mail server is set");
        let mail = [("SMTP_SERVER", "127.0.0.1"), ("SMTP_EMAIL", "rooms@example.org")];
        let site = Site::on(testing::Database::sqlite().await, &mail).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let calendar = Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let page = site.browser(site.ann).await.get("/admin").await;
        page.says("<h3>Tell people what was removed <span class=\"badge good\">done</span></h3>");
    }

    async fn the_start_page_lists_the_rooms_with_who_has_them_now(database) {
        let site = Site::standing(database).await;
        let now = crate::app::clock();
        let stamp = |at: i64| {
            let text = facts::time::rfc3339(&ical::Zone::utc(), Moment(at));
            format!("{}Z", text[..19].replace(['-', ':'], ""))
        };
        let of = |uid: &str, from: i64, to: i64, line: &str| {
            format!(
                "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{}\r\nDTEND:{}\r\n\
                 SUMMARY:{uid} <b>\r\n{line}END:VEVENT\r\n",
                stamp(from),
                stamp(to)
            )
        };
        // What is called off, or over, has the room no more.
        let other = [of("Gone", now - 900, now + 900, "STATUS:CANCELLED\r\n"), of("Over", now - 900, now - 1, "")];
        site.import("other", &other).await;
        site.import("room-1", &[of("Workshop", now - 900, now + 900, "")]).await;
        let page = site.browser(site.ann).await.get("/admin").await;
        let until = room_booking::show::clock_at(&ical::Zone::iana("Europe/Berlin").unwrap(), Moment(now + 900));
        page.says("Workshop &#60;b&#62;, until ").says(&until).says("free now");
        page.says(&format!("<a href=\"{ROOM}\">The room-1</a>"));
        assert!(!page.text.contains("Gone") && !page.text.contains("Over "), "{}", page.text);
        assert!(!page.text.contains("type=\"search\""), "all are here");
        let page = site.browser(site.bob).await.get("/admin").await;
        assert!(!page.text.contains("The other"), "it is not his");
    }

    async fn of_many_rooms_the_start_page_lists_ten_and_the_way_to_the_rest(database) {
        let site = Site::standing(database).await;
        for number in 10..20 {
            let slug = format!("a-{number}");
            let calendar = Calendar::built_in(&slug, &format!("The {slug}"), "Europe/Berlin");
            site.setup().add(calendar, &[]).await;
        }
        site.service.rescan_rooms().await.unwrap();
        let page = site.browser(site.ann).await.get("/admin").await;
        page.says("The a-19").says("All 12 of them").says("type=\"search\"");
        assert!(!page.text.contains("The room-1"));
    }
}
