//! A room on a calendar server, which a test holds in memory.

use harness::Setup;
use operations::Sync;
use store::accounts;
use store::calendars::Calendar;
use testing::block_on;
use testing::fake::{FakeCalDav, PASSWORD, Quirks};
use testing::ics::file_of;

use crate::app::{Site, event};

/// A site with a room `away` of bob on a server, which holds an event.
async fn with_server() -> (Site, FakeCalDav) {
    let site = Site::new().await;
    let away = Calendar::built_in("away", "Away", "Europe/Berlin");
    let server = site.setup().add_on_new_server(away, &["bob"]).await;
    server.put("a.ics", &file_of(&event("a", "Apple", (8, 10), 9)));
    (site, server)
}

#[test]
fn a_servers_password_is_kept_only_if_the_server_accepts_it() {
    block_on(async {
        let (site, _server) = with_server().await;
        let mut ann = site.browser(site.ann).await;
        let account = accounts::all(&site.service.store).await.unwrap().remove(0);
        let path = format!("/admin/servers/{}/password", account.id);
        let seen = ann.post(&path, &[("password", "")]).await;
        assert_eq!(seen.status, 422);
        seen.says("must not be empty");
        let seen = ann.post(&path, &[("password", "not-the-right-one")]).await;
        assert_eq!(seen.status, 422);
        seen.says("it was tried and not kept").says("does not accept the user name");
        assert!(!seen.text.contains("not-the-right-one") && !seen.text.contains("Password saved"));
        let week = ann.get("/admin/calendars/away").await;
        assert_eq!(week.status, 200, "the present one stays");
        let seen = ann.post(&path, &[("password", PASSWORD)]).await;
        assert!(seen.leads_to().ends_with("done=server-password"));
        let add = format!("/admin/servers/{}/add", account.id);
        let seen = ann.post(&add, &[]).await;
        assert_eq!(seen.status, 422);
        seen.says("select at least one calendar").says("Calendars on the server");
    });
}

#[test]
fn while_the_server_is_down_the_week_shows_what_is_known_and_the_preview_says_why_there_is_none() {
    block_on(async {
        let (site, server) = with_server().await;
        let tomorrow = site.service.now().plus(86_400);
        let day = facts::time::rfc3339(&ical::Zone::utc(), tomorrow)[..10].to_owned();
        let path = format!("/admin/calendars/away?date={day}");
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        // Another process has looked; this one asks the server before it believes anything.
        let other = Setup::on_system_clock(&site.service.store).service;
        let calendar = other.calendar("away").await.unwrap();
        other.sync(&calendar, Sync::Update, &|_, _| {}).await.unwrap();
        drop(server);
        let week = ann.get(&path).await;
        assert_eq!(week.status, 200, "{week:?}");
        week.says("Apple").says("This is the week as of").says("127.0.0.1");
        week.says("/admin/calendars/away/connection").says("aria-current=\"page\">Week<");
        assert!(!week.text.contains("os error"), "{}", week.text);
        let week = bob.get(&path).await;
        week.says("Apple").says("tell an administrator");
        assert!(!week.text.contains("/admin/calendars/away/connection"));
        let preview = bob.get("/admin/calendars/away/preview").await;
        assert_eq!(preview.status, 502);
        preview
            .says("aria-current=\"page\">Preview<")
            .says("They cannot be read without the calendar server");
        assert!(!preview.text.contains("Nothing was changed"));
    });
}

#[test]
fn a_room_on_a_server_is_set_to_answer_and_to_be_watched_and_its_acceptances_are_in_the_history() {
    block_on(async {
        let (site, server) = with_server().await;
        let mut ann = site.browser(site.ann).await;
        let path = "/admin/calendars/away/settings";
        ann.get(path).await.says("The room answers invitations").says(">Watch</label>");
        let built_in = ann.get("/admin/calendars/room-1/settings").await;
        assert!(!built_in.text.contains("The room answers invitations"));
        let form = |address: &'static str| {
            [
                ("name", "Away"),
                ("zone", "Europe/Berlin"),
                ("horizon", "30"),
                ("tolerance", "0"),
                ("safety_limit", "7"),
                ("rank_by", "held-since"),
                ("watch", "30"),
                ("answers", "1"),
                ("sends_replies", "1"),
                ("room_address", address),
            ]
        };
        let seen = ann.post(path, &form("")).await;
        assert_eq!(seen.status, 422);
        seen.says("needs the room's own email address".replace('\'', "&#39;").as_str());
        assert!(ann.post(path, &form("away@example.org")).await.leads_to().ends_with("done=saved"));
        let calendar = site.service.calendar("away").await.unwrap();
        assert_eq!((calendar.answers, calendar.watch_seconds), (true, Some(30)));
        ann.get("/admin/audit").await.says("The room answers invitations: no → yes");
        ann.get("/admin/calendars").await.says("on changes");
        let invited = "ORGANIZER:mailto:cyd@example.org\r\n\
            ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:away@example.org\r\nEND:VEVENT";
        let text = file_of(&event("b", "Invitation", (8, 10), 11)).replace("END:VEVENT", invited);
        server.put("b.ics", &text);
        let starter = store::history::Starter::person(None);
        let report = site.setup().clear(operations::Scope::All, starter).await;
        assert_eq!(report.accepted_invitations.len(), 1);
        ann.get("/admin/history").await.says("Invitation accepted").says("Invitation");
    });
}

#[test]
fn what_only_the_organizer_can_change_offers_no_change_but_what_can_be_done() {
    block_on(async {
        for (quirks, is_organizers) in [(Quirks::NEXTCLOUD, true), (Quirks::RFC, false)] {
            let site = Site::new().await;
            let away = Calendar {
                room_address: Some("away@example.org".to_owned()),
                ..Calendar::built_in("away", "Away", "Europe/Berlin")
            };
            let server = site.setup().add_on_new_server_like(away, &["bob"], quirks).await;
            let theirs = file_of(&event("a", "Apple", (8, 10), 9));
            server.put("a.ics", &theirs);
            let own = theirs.replace("UID:a", "UID:b").replace("SUMMARY:Apple", "SUMMARY:Berry");
            let own = own
                .replace("DTSTART:", "DTSTART;X-N=1:")
                .replace("a@example.org", "away@example.org");
            server.put("b.ics", &own);
            let mut bob = site.browser(site.bob).await;
            let tomorrow = site.service.now().plus(86_400);
            let day = facts::time::rfc3339(&ical::Zone::utc(), tomorrow)[..10].to_owned();
            let week = bob.get(&format!("/admin/calendars/away?date={day}")).await;
            week.says("Apple").says("Berry");
            let movable = week.text.matches(" movable\"").count();
            assert_eq!(movable, if is_organizers { 1 } else { 2 }, "{}", week.text);
            let path = |uid: &str| week.link(&format!("/admin/calendars/away/event?uid={uid}"));
            let (theirs, own) = (path("a"), path("b"));
            let asked = server.count("OPTIONS");
            let theirs = bob.get(&theirs).await;
            theirs.says("Book again").says("Delete event");
            let why = "Only the organizer can change this event, because";
            assert_eq!(theirs.text.contains(why), is_organizers);
            assert_eq!(theirs.text.contains(">Change event<"), !is_organizers);
            let own = bob.get(&own).await;
            own.says(">Change event<");
            assert!(!own.text.contains(why));
            assert_eq!(server.count("OPTIONS"), asked, "a page waits for no server");
        }
    });
}
