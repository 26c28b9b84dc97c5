//! A room on a calendar server, which a test holds in memory.

use std::sync::Arc;

use operations::{NewCalendar, ServerAccess, ServerSettings, Servers, Sync, command_line};
use secrecy::SecretString;
use store::accounts::{self, SignIn};
use store::calendars::Calendar;
use testing::block_on;
use testing::fake::{FakeCalDav, PASSWORD, Quirks, USER};

use crate::app::{Site, event};

/// A site with a room `away` of bob on a server, which holds an event.
async fn with_server() -> (Site, FakeCalDav) {
    let site = Site::new().await;
    let server = FakeCalDav::start(Quirks::RFC).await;
    let event = event("a", "Apple", (8, 10), 9);
    server.put("a.ics", &format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n"));
    let access = ServerAccess {
        address: server.calendar_url(),
        user_name: USER.to_owned(),
        password: SecretString::from(PASSWORD),
        sign_in: SignIn::Basic,
        allows_plain_http: false,
    };
    let found = site.service.discover(&access).await.unwrap();
    let url = server.calendar_url();
    let it = found.calendars.iter().find(|it| it.url == url).unwrap();
    let calendar = Calendar::built_in("away", "Away", "Europe/Berlin");
    let new = NewCalendar { calendar, users: vec!["bob".to_owned()] };
    let actor = command_line();
    site.service.add_calendar_on_server(&actor, &new, &access, &found, it).await.unwrap();
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
        assert!(!seen.text.contains("not-the-right-one") && !seen.text.contains("is kept, and"));
        let week = ann.get("/admin/calendars/away").await;
        assert_eq!(week.status, 200, "the present one stays");
        let seen = ann.post(&path, &[("password", PASSWORD)]).await;
        assert!(seen.leads_to().ends_with("done=server-password"));
        let add = format!("/admin/servers/{}/add", account.id);
        let seen = ann.post(&add, &[]).await;
        assert_eq!(seen.status, 422);
        seen.says("no calendar was ticked").says("Calendars on the server");
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
        let mut other = site.service.clone();
        let secret = Arc::new(|| Ok(SecretString::from("a secret of the tests")));
        let cost = store::vault::Cost::LOWEST;
        other.servers = Servers::new(ServerSettings { secret, cost, ..ServerSettings::default() });
        let calendar = other.calendar("away").await.unwrap();
        other.sync(&calendar, Sync::Update, &|_, _| {}).await.unwrap();
        drop(server);
        let week = ann.get(&path).await;
        assert_eq!(week.status, 200, "{week:?}");
        week.says("Apple").says("This is the week as it was known on").says("127.0.0.1");
        week.says("/admin/calendars/away/connection").says("aria-current=\"page\">Week<");
        assert!(!week.text.contains("os error"), "{}", week.text);
        let week = bob.get(&path).await;
        week.says("Apple").says("Tell an administrator");
        assert!(!week.text.contains("/admin/calendars/away/connection"));
        let preview = bob.get("/admin/calendars/away/preview").await;
        assert_eq!(preview.status, 502);
        preview
            .says("aria-current=\"page\">What would go<")
            .says("Without the server nobody knows");
        assert!(!preview.text.contains("Nothing was changed"));
    });
}
