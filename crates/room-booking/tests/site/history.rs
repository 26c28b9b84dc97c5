//! The pages of runs, of the history with its filters, and of the audit trail.

use harness::setup::scheduler;
use operations::Scope;
use store::calendars::Calendar;
use testing::on_both_databases;

use crate::app::{Site, event};

const ROOM: &str = "/admin/calendars/room-1";

/// A run by schedule of both rooms.
async fn clear(site: &Site) {
    site.setup().clear(Scope::All, scheduler()).await;
}

/// A double booking, and a cancelled event.
async fn filled(site: &Site) {
    let off = event("off", "Off", (15, 16), 1).replace("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY");
    let events = [event("a", "Apple", (8, 9), 9), event("b", "Berry", (8, 9), 1), off];
    site.import("room-1", &events).await;
}

on_both_databases! {
    async fn a_run_that_met_the_safety_limit_says_so_and_not_that_all_was_well(database) {
        let site = Site::on(database, &[]).await;
        filled(&site).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let limited = Calendar { safety_limit: 0, ..calendar };
        site.service.set_calendar(&operations::command_line(), &limited).await.unwrap();
        clear(&site).await;
        let mut ann = site.browser(site.ann).await;
        let runs = ann.get("/admin/runs").await;
        runs.says("safety limit reached: 1").says("<small class=\"detail\">The room-1</small>");
        let run = ann.get(&runs.link("/admin/runs/")).await;
        run.says("The room-1").says("Above the safety limit: 1 overlaps are waiting");
        run.says("Calendars checked: 2");
        clear(&site).await;
        let again = ann.get("/admin/runs").await.text.matches("href=\"/admin/runs/").count();
        assert_eq!(again, 1, "the same each minute is no news");
        assert!(ann.get("/admin/runs?calendar=room-1").await.text.contains("/admin/runs/1"));
        for other in ["other", "unknown", "'"] {
            ann.get(&format!("/admin/runs?calendar={other}")).await.says("No results");
        }
        ann.post(&format!("{ROOM}/apply"), &[("line", "x\t1\tu\tn")]).await;
        let path = ann.get("/admin/runs?by=site").await.link("/admin/runs/");
        let page = ann.get(&path).await;
        page.says("No changes").says("See above for what prevented changes.");
        assert!(!page.text.contains("were in order"), "{}", page.text);
    }

    async fn a_page_of_a_removal_says_by_what_it_was_restored(database) {
        let site = Site::on(database, &[]).await;
        filled(&site).await;
        clear(&site).await;
        let id = site.database.numbers("SELECT id FROM removals WHERE uid = 'b'").await[0];
        let mut ann = site.browser(site.ann).await;
        for (way, says) in [
            ("link", "by link, as b@example.org"),
            ("schedule", "Schedule"),
            ("command line", "Command line"),
        ] {
            let sql = format!("UPDATE removals SET restored_at = 5, restored_as = '{way}' WHERE id = {id}");
            site.database.execute(&sql).await;
            ann.get(&format!("/admin/history/{id}")).await.says(says);
        }
    }

    async fn a_removal_that_the_server_did_not_confirm_is_marked(database) {
        let site = Site::on(database, &[]).await;
        filled(&site).await;
        clear(&site).await;
        let mut ann = site.browser(site.ann).await;
        assert!(!ann.get("/admin/history").await.text.contains("not confirmed"));
        let sql = "UPDATE changes SET not_confirmed = TRUE WHERE uid = 'b'";
        site.database.execute(sql).await;
        let list = ann.get("/admin/history").await;
        assert_eq!(list.text.matches("not confirmed").count(), 1, "{}", list.text);
        list.says("Organizer: b@example.org").says(">Yesterday</a>");
        let path = list.link("/admin/history?from=");
        let today = ann.get(&path).await;
        today.says("aria-current=\"true\">Today</a>").says("<a class=\"reset\" href=\"/admin/history\">");
        let path = ann.get("/admin/history?text=berry").await.link("/admin/history/");
        ann.get(&path).await.says("not confirmed").says("Somebody else may have deleted it.");
        let other = ann.get("/admin/history?text=off").await.link("/admin/history/");
        assert!(!ann.get(&other).await.text.contains("not confirmed"));
    }

    async fn what_is_kept_says_since_when_both_have_held_the_hour(database) {
        let site = Site::on(database, &[]).await;
        filled(&site).await;
        let actor = operations::command_line();
        site.service.protect(&actor, Some("room-1"), "b").await.unwrap();
        let mut bob = site.browser(site.bob).await;
        let preview = bob.get(&format!("{ROOM}/preview")).await;
        preview.says("It is protected. The other event has held the time longer.");
        preview.says("Room Booking did not record this order itself.");
    }

    async fn the_history_is_filtered_by_text_dates_and_what_is_still_out(database) {
        let site = Site::on(database, &[]).await;
        filled(&site).await;
        clear(&site).await;
        let mut ann = site.browser(site.ann).await;
        for nothing in [
            "calendar=unknown", "text=%25", "text=grape&calendar=room-1", "from=2100-01-01",
            "until=2001-01-01", "from=9999-12-31&until=0001-01-01", "text=%00",
        ] {
            ann.get(&format!("/admin/history?{nothing}")).await.says("No results");
        }
        for nonsense in ["from=soon", "until=2026-02-31", "before=x-y", "before=-1--1", "kind=%27"] {
            assert_eq!(ann.get(&format!("/admin/history?{nonsense}")).await.status, 200);
        }
        let found = ann.get("/admin/history?text=BERR&from=2020-01-01&out=1").await;
        found.says("Berry").says("value=\"BERR\"").says("value=\"2020-01-01\"");
        assert!(!found.text.contains("Off"));
        found.says("id=\"out\" name=\"out\" value=\"1\" checked");
        let path = found.link("/admin/history/");
        ann.post(&format!("{path}/restore"), &[]).await.leads_to();
        ann.get(&path).await.says(" by ann.");
        ann.get("/admin/audit?about=BERRY").await.says("event restored").says("Event: Berry");
        ann.get("/admin/history?text=berr&out=1").await.says("No results");
        let leftover = ann.get("/admin/history?kind=deleted+cancelled").await.link("/admin/history/");
        let page = ann.get(&leftover).await;
        page.says("the next run removes it again").says("name=\"protect\" value=\"1\" checked");
    }

    async fn who_deleted_an_event_is_told_with_the_key_or_the_way(database) {
        let site = Site::on(database, &[]).await;
        filled(&site).await;
        let rights = store::keys::Rights::ALL;
        let actor = operations::command_line();
        let key = site.service.people().add_key(&actor, "bob", "Panel 1", rights, None, None).await.unwrap().1;
        let url = format!("{}/api/room-1/events/a", site.url());
        let api = testing::http_client();
        assert_eq!(api.delete(&url).bearer_auth(&key).send().await.unwrap().status(), 204);
        let mut bob = site.browser(site.bob).await;
        bob.post(&format!("{ROOM}/event/delete"), &[("uid", "b")]).await.leads_to();
        let page = bob.get("/admin/history").await;
        page.says("API, bob, key “Panel 1”").says("Site, bob");
        let path = bob.get("/admin/history?text=apple").await.link("/admin/history/");
        bob.get(&path).await.says("API, bob, key “Panel 1”");
    }

    async fn pages_say_in_which_zone_their_times_are(database) {
        let site = Site::on(database, &[("TIME_ZONE", "Asia/Tokyo")]).await;
        filled(&site).await;
        clear(&site).await;
        let mut ann = site.browser(site.ann).await;
        for path in ["/history", "/runs", "/runs/1", "/audit", "/outbox", "/keys", "/users",
            "/users/1", "/calendars", "/account"] {
            let page = ann.get(&format!("/admin{path}")).await;
            assert_eq!(page.text.matches("Times in Asia/Tokyo").count(), 1, "{path}");
        }
        for path in ["", "/history?calendar=room-1", "/history/1", "/calendars/room-1",
            "/calendars/room-1/settings", "/calendars/room-1/preview"] {
            let page = ann.get(&format!("/admin{path}")).await;
            page.says("Times in Europe/Berlin");
            assert!(!page.text.contains("Times in Asia/Tokyo"), "{path}");
        }
        let page = site.stranger().get("/admin/sign-in").await;
        assert!(!page.text.contains("Times in"));
    }

    async fn from_a_later_page_of_a_list_a_link_leads_to_the_newest(database) {
        let site = Site::on(database, &[]).await;
        let actor = operations::command_line();
        for number in 0..60 {
            site.service.protect(&actor, None, &format!("uid-{number:02}-x")).await.unwrap();
        }
        let mut ann = site.browser(site.ann).await;
        let first = ann.get("/admin/audit?about=UID-").await;
        first.says("uid-59-x");
        assert!(!first.text.contains("← Newest"));
        let second = ann.get(&first.link("/admin/audit?about=UID-&#38;before=").replace("&#38;", "&")).await;
        second.says("uid-00-x").says("← Newest");
        assert!(second.text.contains("href=\"/admin/audit?about=UID-\""), "{}", second.text);
    }

    async fn a_calendar_on_a_server_says_why_it_takes_no_file(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let built_in = ann.get(&format!("{ROOM}/settings")).await;
        assert!(!built_in.text.contains("Only built-in calendars accept files"));
        let server = testing::fake::FakeCalDav::start(testing::fake::Quirks::RFC).await;
        let url = server.url();
        let form = [
            ("address", url.as_str()),
            ("user_name", testing::fake::USER),
            ("password", testing::fake::PASSWORD),
        ];
        ann.post("/admin/servers", &form).await.leads_to();
        let form = [("collection", server.calendar_url()), ("user", "ann".to_owned())];
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let settings = ann.post("/admin/servers/1/add", &form).await.leads_to().to_owned();
        ann.get(&settings).await.says("Only built-in calendars accept files.");
        let import = settings.replace("/settings", "/import");
        let token = ann.form_token().await;
        let refused = ann.post_file(&import, &token, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").await;
        assert_eq!(refused.status, 409, "{refused:?}");
        refused.says("Only built-in calendars accept files.");
        ann.get("/admin/audit").await.says("server account saved").says("room on 127.0.0.1:");
    }
}
