//! Who may use which page and action: a row for each, or this fails.

use std::collections::BTreeSet;

use harness::setup::scheduler;
use harness::web::{Answer, Browser};
use reqwest::Method;
use room_booking::web::admin::routes::routes;
use testing::block_on;

use crate::app::{Site, event};

/// What comes back: a status, or the way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comes {
    /// The page.
    Page,
    /// The action was done, or said what is wrong with its form; it leads on or shows a page.
    Done,
    /// The way to sign in.
    SignIn,
    /// That it is for administrators.
    Forbidden,
    /// That there is no such thing.
    Nothing,
}
use Comes::{Done, Forbidden, Nothing, Page, SignIn};

impl Comes {
    /// Makes sure that an answer is that.
    pub fn is(self, seen: &Answer, what: &str) {
        let status = seen.status.as_u16();
        match self {
            Page => assert_eq!(status, 200, "{what}: {seen:?}"),
            SignIn => {
                let target = seen.leads_to();
                assert!(target.starts_with("/admin/sign-in?"), "{what}: {target}");
            }
            Forbidden => assert_eq!(status, 403, "{what}: {seen:?}"),
            Nothing => assert_eq!(status, 404, "{what}: {seen:?}"),
            Done => {
                // 429: the passwords that are tried exceed the limit, so the request was admitted and
                // counted.
                assert!([200, 303, 401, 409, 422, 429].contains(&status), "{what}: {seen:?}");
                let leads = seen.header("location");
                assert!(!leads.contains("session-over"), "{what}: {leads}");
            }
        }
    }
}

/// A row: see [`ROWS`].
pub type Row =
    (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)], [Comes; 3]);

/// A picture of one pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// A password that nobody has yet.
const NEW: &str = "lantern orbit velvet 29";

/// Method, route, a path of it, a form, and what comes back to a stranger, to an ordinary user to whom
/// `room-1` is assigned, and to an administrator.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    ("GET", "/admin", "/admin", &[], [SignIn, Page, Page]),
    ("GET", "/admin/sign-in", "/admin/sign-in", &[], [Page, Done, Done]),
    ("POST", "/admin/sign-in", "/admin/sign-in", &[("name", "x"), ("password", "y")], [Done, Done, Done]),
    // There is no provider here; `beyond.rs` has one.
    ("GET", "/admin/sign-in/openid", "/admin/sign-in/openid", &[], [Nothing, Nothing, Nothing]),
    ("GET", "/admin/sign-in/openid/callback", "/admin/sign-in/openid/callback?code=x&state=y", &[], [Nothing, Nothing, Nothing]),
    ("GET", "/admin/sign-out/openid", "/admin/sign-out/openid", &[], [Nothing, Nothing, Nothing]),
    ("POST", "/admin/users/{user}/identities/{kind}/remove", "/admin/users/2/identities/openid/remove", &[], [SignIn, Forbidden, Nothing]),
    ("GET", "/admin/second-factor", "/admin/second-factor", &[], [SignIn, Done, Done]),
    ("POST", "/admin/second-factor", "/admin/second-factor", &[("code", "123456")], [SignIn, Done, Done]),
    ("POST", "/admin/sign-out", "/admin/sign-out", &[], [SignIn, Done, Done]),
    ("GET", "/admin/first/{link}", "/admin/first/wrong", &[], [Nothing, Nothing, Nothing]),
    ("POST", "/admin/first/{link}", "/admin/first/wrong", &[("name", "eve")], [Nothing, Nothing, Nothing]),
    ("GET", "/admin/link/{link}", "/admin/link/wrong", &[], [Nothing, Nothing, Nothing]),
    ("POST", "/admin/link/{link}", "/admin/link/wrong", &[], [Nothing, Nothing, Nothing]),
    ("GET", "/admin/link/{link}", "/admin/link/LINK", &[], [Page, Page, Page]),
    ("POST", "/admin/link/{link}", "/admin/link/LINK", &[("password", NEW), ("again", NEW)], [Done, Done, Done]),
    ("GET", "/admin/account", "/admin/account", &[], [SignIn, Page, Page]),
    ("POST", "/admin/account/password", "/admin/account/password", &[("present", "x")], [SignIn, Done, Done]),
    ("POST", "/admin/account/sign-out-everywhere", "/admin/account/sign-out-everywhere", &[], [SignIn, Done, Done]),
    ("POST", "/admin/account/sessions/{session}/end", "/admin/account/sessions/0/end", &[], [SignIn, Done, Done]),
    ("GET", "/admin/account/second-factor", "/admin/account/second-factor", &[], [SignIn, Page, Page]),
    ("POST", "/admin/account/second-factor", "/admin/account/second-factor", &[("code", "123456"), ("present", "x")], [SignIn, Done, Done]),
    ("POST", "/admin/account/second-factor/recovery-codes", "/admin/account/second-factor/recovery-codes", &[("renewal_code", "123456"), ("renewal_present", "x")], [SignIn, Done, Done]),
    ("POST", "/admin/account/second-factor/remove", "/admin/account/second-factor/remove", &[("present", "x")], [SignIn, Done, Done]),
    ("GET", "/admin/calendars", "/admin/calendars", &[], [SignIn, Page, Page]),
    ("GET", "/admin/new-calendar", "/admin/new-calendar", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/new-calendar", "/admin/new-calendar", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/priorities", "/admin/priorities", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/priorities", "/admin/priorities", &[("kind", "name"), ("value", "x")], [SignIn, Forbidden, Done]),
    ("GET", "/admin/priorities/remove", "/admin/priorities/remove?kind=name&value=x", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/priorities/remove", "/admin/priorities/remove", &[("kind", "name"), ("value", "x")], [SignIn, Forbidden, Done]),
    ("GET", "/admin/tokens", "/admin/tokens", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/tokens", "/admin/tokens", &[("label", "x"), ("events", "1")], [SignIn, Forbidden, Page]),
    ("GET", "/admin/tokens/{token}", "/admin/tokens/1", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/tokens/{token}/bindings/{binding}/renew", "/admin/tokens/1/bindings/1/renew", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/tokens/{token}/bindings/{binding}/remove", "/admin/tokens/1/bindings/1/remove", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/tokens/{token}/remove", "/admin/tokens/1/remove", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/calendars/{calendar}", "/admin/calendars/room-1", &[], [SignIn, Page, Page]),
    ("GET", "/admin/calendars/{calendar}/month", "/admin/calendars/room-1/month", &[], [SignIn, Page, Page]),
    ("GET", "/admin/calendars/{calendar}/event", "/admin/calendars/room-1/event?uid=early&start=START", &[], [SignIn, Page, Page]),
    ("GET", "/admin/calendars/{calendar}/event/change", "/admin/calendars/room-1/event/change?uid=early&original=START", &[], [SignIn, Page, Page]),
    ("POST", "/admin/calendars/{calendar}/event/change", "/admin/calendars/room-1/event/change", &[("uid", "early"), ("original", "1")], [SignIn, Nothing, Nothing]),
    ("POST", "/admin/calendars/{calendar}/event/cancel", "/admin/calendars/room-1/event/cancel", &[("uid", "early"), ("original", "1")], [SignIn, Nothing, Nothing]),
    ("POST", "/admin/calendars/{calendar}/event/end", "/admin/calendars/room-1/event/end", &[("uid", "early"), ("original", "1")], [SignIn, Nothing, Nothing]),
    ("POST", "/admin/calendars/{calendar}/event/delete", "/admin/calendars/room-1/event/delete", &[("uid", "victim-USER")], [SignIn, Done, Done]),
    ("GET", "/admin/calendars/{calendar}/book", "/admin/calendars/room-1/book", &[], [SignIn, Page, Page]),
    ("POST", "/admin/calendars/{calendar}/book", "/admin/calendars/room-1/book", &[], [SignIn, Done, Done]),
    ("GET", "/admin/calendars/{calendar}/preview", "/admin/calendars/room-1/preview", &[], [SignIn, Page, Page]),
    ("POST", "/admin/calendars/{calendar}/apply", "/admin/calendars/room-1/apply", &[("line", "x\t1\tu\tn")], [SignIn, Done, Done]),
    ("GET", "/admin/calendars/{calendar}/settings", "/admin/calendars/room-1/settings", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/calendars/{calendar}/settings", "/admin/calendars/room-1/settings", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/calendars/{calendar}/users", "/admin/calendars/room-1/users", &[("user", "ann")], [SignIn, Forbidden, Done]),
    ("POST", "/admin/calendars/{calendar}/users/remove", "/admin/calendars/room-1/users/remove", &[("user", "ann")], [SignIn, Forbidden, Done]),
    ("POST", "/admin/calendars/{calendar}/priorities", "/admin/calendars/room-1/priorities", &[("kind", "name"), ("value", "x")], [SignIn, Forbidden, Done]),
    ("POST", "/admin/calendars/{calendar}/priorities/remove", "/admin/calendars/room-1/priorities/remove", &[("kind", "name"), ("value", "x")], [SignIn, Forbidden, Done]),
    ("GET", "/admin/calendars/{calendar}/export", "/admin/calendars/room-1/export", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/calendars/{calendar}/import", "/admin/calendars/room-1/import", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/calendars/{calendar}/picture", "/admin/calendars/room-1/picture", &[], [SignIn, Page, Page]),
    ("POST", "/admin/calendars/{calendar}/picture", "/admin/calendars/room-1/picture", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/calendars/{calendar}/picture/remove", "/admin/calendars/room-1/picture/remove", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/calendars/{calendar}/connection", "/admin/calendars/room-1/connection", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/servers", "/admin/servers", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/servers", "/admin/servers", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/servers/{account}", "/admin/servers/7", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/servers/{account}/add", "/admin/servers/7/add", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/servers/{account}/password", "/admin/servers/7/password", &[], [SignIn, Forbidden, Nothing]),
    ("GET", "/admin/servers/{account}/remove", "/admin/servers/7/remove", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/servers/{account}/remove", "/admin/servers/7/remove", &[], [SignIn, Forbidden, Nothing]),
    ("GET", "/admin/templates", "/admin/templates", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/new-template", "/admin/new-template?copy=1", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/new-template", "/admin/new-template", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/templates/{template}", "/admin/templates/1", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/templates/{template}", "/admin/templates/1", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/templates/{template}/logo", "/admin/templates/1/logo", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/templates/{template}/logo", "/admin/templates/1/logo", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/templates/{template}/logo/remove", "/admin/templates/1/logo/remove", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/templates/{template}/remove", "/admin/templates/1/remove", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/templates/{template}/remove", "/admin/templates/1/remove", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/templates/{template}/frame", "/admin/templates/1/frame", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/template-preview", "/admin/template-preview", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/outbox", "/admin/outbox", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/outbox/{message}", "/admin/outbox/7", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/outbox/{message}/retry", "/admin/outbox/7/retry", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/outbox/{message}/release", "/admin/outbox/7/release", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/outbox/{message}/discard", "/admin/outbox/7/discard", &[], [SignIn, Forbidden, Nothing]),
    ("GET", "/admin/webhooks", "/admin/webhooks", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/webhooks/test", "/admin/webhooks/test", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/webhooks/{webhook}/retry", "/admin/webhooks/7/retry", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/webhooks/{webhook}/discard", "/admin/webhooks/7/discard", &[], [SignIn, Forbidden, Nothing]),
    ("GET", "/admin/pending", "/admin/pending", &[], [SignIn, Page, Page]),
    ("POST", "/admin/pending/{pending}/keep", "/admin/pending/7/keep", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/pending/{pending}/now", "/admin/pending/7/now", &[], [SignIn, Forbidden, Nothing]),
    ("GET", "/admin/history", "/admin/history", &[], [SignIn, Page, Page]),
    ("GET", "/admin/history/{removal}", "/admin/history/1", &[], [SignIn, Page, Page]),
    ("POST", "/admin/history/{removal}/restore", "/admin/history/1/restore", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/report", "/admin/report", &[], [SignIn, Page, Page]),
    ("GET", "/admin/report.csv", "/admin/report.csv?table=rooms", &[], [SignIn, Page, Page]),
    ("GET", "/admin/report.csv", "/admin/report.csv?month=2026-01&table=organizers", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/report.csv", "/admin/report.csv?table=nonsense", &[], [SignIn, Nothing, Nothing]),
    ("GET", "/admin/runs", "/admin/runs", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/runs/{run}", "/admin/runs/1", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/audit", "/admin/audit", &[], [SignIn, Forbidden, Page]),
    ("GET", "/admin/users", "/admin/users", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/users", "/admin/users", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/users/{user}", "/admin/users/2", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/users/{user}", "/admin/users/2", &[("active", "1")], [SignIn, Forbidden, Done]),
    ("POST", "/admin/users/{user}/link", "/admin/users/2/link", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/users/{user}/second-factor/remove", "/admin/users/2/second-factor/remove", &[], [SignIn, Forbidden, Nothing]),
    ("POST", "/admin/users/{user}/second-factor/remove", "/admin/users/3/second-factor/remove", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/users/{user}/sign-out", "/admin/users/3/sign-out", &[], [SignIn, Forbidden, Done]),
    ("POST", "/admin/users/{user}/calendars", "/admin/users/1/calendars", &[("calendar", "other")], [SignIn, Forbidden, Done]),
    ("POST", "/admin/users/{user}/calendars/remove", "/admin/users/1/calendars/remove", &[("calendar", "other")], [SignIn, Forbidden, Done]),
    ("GET", "/admin/keys", "/admin/keys", &[], [SignIn, Page, Page]),
    ("POST", "/admin/keys", "/admin/keys", &[], [SignIn, Done, Done]),
    ("POST", "/admin/keys/{key}/revoke", "/admin/keys/1/revoke", &[], [SignIn, Done, Done]),
    ("POST", "/admin/keys/{key}/renew", "/admin/keys/1/renew", &[], [SignIn, Forbidden, Nothing]),
    // What the rows above are about is removed at the end.
    ("GET", "/admin/users/{user}/remove", "/admin/users/3/remove", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/users/{user}/remove", "/admin/users/3/remove", &[], [SignIn, Forbidden, Done]),
    ("GET", "/admin/calendars/{calendar}/remove", "/admin/calendars/room-1/remove", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/calendars/{calendar}/remove", "/admin/calendars/room-1/remove", &[], [SignIn, Forbidden, Done]),
];

/// A room with a double booking, a run that has deleted something, a key of bob's, and a user carol who has a
/// second factor.
pub async fn filled() -> Site {
    let site = Site::new().await;
    let lost = [event("first", "First", (6, 7), 9), event("second", "Second", (6, 7), 1)];
    site.import("room-1", &lost).await;
    site.setup().clear(operations::Scope::All, scheduler()).await;
    let events = [
        event("early", "Early", (9, 10), 9),
        event("late", "Late", (9, 11), 1),
        event("victim-0", "Victim", (15, 16), 1),
        event("victim-1", "Victim", (16, 17), 1),
        event("victim-2", "Victim", (17, 18), 1),
    ];
    site.import("room-1", &events).await;
    let new = operations::NewPriorityToken { label: "Board", ..Default::default() };
    let token = site.service.add_priority_token(&operations::command_line(), &new).await.unwrap().1;
    let bound = event("bound", "Bound", (18, 19), 1);
    let bound = bound.replace("SUMMARY", &format!("DESCRIPTION:{token}\r\nSUMMARY"));
    site.import("room-1", &[bound]).await;
    let (actor, rights) = (operations::command_line(), store::keys::Rights::ALL);
    let room = site.service.calendar("room-1").await.unwrap();
    site.service.set_picture(&actor, &room, PNG.to_vec()).await.unwrap();
    site.service.people().add_key(&actor, "bob", "panel", rights, None, None).await.unwrap();
    let carol = site.setup().user("carol").await;
    assert_eq!(carol.0, 3, "the number in the rows");
    site.setup().set_password(carol).await;
    crate::second_factor::set_up(&site, &mut site.browser(carol).await).await;
    site
}

/// A browser of a stranger, an ordinary user or an administrator.
pub async fn browser(site: &Site, role: usize) -> Browser {
    match role {
        0 => site.stranger(),
        1 => site.browser(site.bob).await,
        _ => site.browser(site.ann).await,
    }
}

/// The path of a row, with the start of an event that there is.
pub fn path_of((_, _, path, _, _): &Row) -> String {
    let start = event("early", "", (9, 10), 0);
    let start = start.split("DTSTART:").nth(1).unwrap().split('\r').next().unwrap();
    let start = facts::time::moment(start, &ical::Zone::utc()).unwrap();
    path.replace("START", &start.0.to_string())
}

/// The answer to the request of a row.
pub async fn ask(site: &Site, browser: &mut Browser, row: &Row, role: usize) -> Answer {
    let (method, _, _, form, _) = row;
    let mut path = path_of(row);
    if path.contains("LINK") {
        let carol = site.service.people().user("carol").await.unwrap().id;
        let made = site.service.people().password_link(&operations::command_line(), carol).await;
        path = path.replace("LINK", &made.unwrap().1);
    }
    if *method == "GET" {
        return browser.get(&path).await;
    }
    if path.ends_with("/import") {
        return import(browser, &path).await;
    }
    if path.ends_with("/picture") {
        let token = browser.form_token().await;
        return browser.post_file_of(&path, &token, ("picture", "room.png"), PNG).await;
    }
    if path.ends_with("/logo") {
        let token = browser.form_token().await;
        return browser.post_file_of(&path, &token, ("logo", "logo.png"), PNG).await;
    }
    let role = role.to_string();
    let form: Vec<(&str, String)> =
        form.iter().map(|(name, value)| (*name, value.replace("USER", &role))).collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, it)| (*name, it.as_str())).collect();
    browser.post(&path, &form).await
}

/// Sends a calendar as a browser sends a file.
pub async fn import(browser: &mut Browser, path: &str) -> Answer {
    let token = browser.form_token().await;
    let file =
        format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", event("filed", "Filed", (20, 21), 1));
    browser.post_file(path, &token, &file).await
}

#[test]
fn every_page_and_action_has_its_row_here() {
    let declared: BTreeSet<_> = routes().iter().map(|it| (it.method, it.path)).collect();
    let tested: BTreeSet<_> = ROWS.iter().map(|(method, route, ..)| (*method, *route)).collect();
    let missing: Vec<_> = declared.difference(&tested).collect();
    assert!(missing.is_empty(), "give these a row: {missing:?}");
    let gone: Vec<_> = tested.difference(&declared).collect();
    assert!(gone.is_empty(), "these are no routes any more: {gone:?}");
    assert_eq!(declared.len(), routes().len(), "one is declared twice");
}

#[test]
fn each_page_and_action_is_for_whom_its_row_says() {
    block_on(async {
        let site = filled().await;
        for row in ROWS {
            for role in 0..3 {
                let mut browser = browser(&site, role).await;
                let seen = ask(&site, &mut browser, row, role).await;
                row.4[role].is(&seen, &format!("{} {} as {role}", row.0, row.2));
            }
        }
    });
}

#[test]
fn the_link_of_a_new_installation_is_for_whoever_has_it_and_for_nobody_once_there_is_a_user() {
    block_on(async {
        let database = testing::Database::sqlite().await;
        let site = Site::empty(database, &[], operations::Clock::system()).await;
        let link = site.service.people().first_administrator_link().await.unwrap().unwrap();
        let path = format!("/admin/first/{link}");
        let mut browser = site.stranger();
        let page = browser.get(&path).await;
        Page.is(&page, "the first to open it");
        let token = page.hidden("form_token");
        let form = [("name", "eve"), ("password", NEW), ("again", NEW)];
        let made = browser.post_with(&token, &path, &form).await;
        Done.is(&made, "the first to use it");
        assert_eq!(browser.get("/admin/users").await.status, 200, "an administrator is made");
        for mut browser in [browser, site.stranger()] {
            Nothing.is(&browser.get(&path).await, "again");
            Nothing.is(&browser.post(&path, &form).await, "again");
        }
    });
}

#[test]
fn who_still_has_to_enter_the_code_gets_no_more_than_a_stranger() {
    block_on(async {
        let site = filled().await;
        let mut waiting = site.stranger();
        let asked = "/admin/second-factor";
        let seen = waiting.sign_in("carol", harness::setup::PASSWORD).await;
        assert!(seen.leads_to().starts_with(asked), "{seen:?}");
        let token = waiting.get(asked).await.hidden("form_token");
        for row in ROWS.iter().filter(|row| row.1 != asked && !row.2.contains("LINK")) {
            let (method, _, _, form, [stranger, ..]) = row;
            let path = path_of(row);
            let seen = match *method {
                "GET" => waiting.get(&path).await,
                _ => waiting.post_with(&token, &path, form).await,
            };
            stranger.is(&seen, &format!("{method} {path}"));
        }
        waiting.get(asked).await.says("Enter your code");
        let seen = waiting.post_with(&token, asked, &[("code", "000000")]).await;
        assert_eq!(seen.status, 401, "nothing of it has ended the wait, or was taken for the code");
    });
}

#[test]
fn a_calendar_that_is_not_assigned_is_none_for_an_ordinary_user() {
    block_on(async {
        let site = filled().await;
        for row in ROWS.iter().filter(|(_, route, ..)| route.contains("{calendar}")) {
            let mut browser = site.browser(site.bob).await;
            let path = row.2.replace("room-1", "other");
            let mut expected = 404;
            if row.4[1] == Forbidden {
                expected = 403;
            }
            let seen = match row.0 {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, &[]).await,
            };
            assert_eq!(seen.status, expected, "{path}: {seen:?}");
            assert!(!seen.text.contains("The other"), "{path} gives its name away");
        }
    });
}

#[test]
fn no_action_is_done_without_the_forms_token_or_for_a_page_of_another_site() {
    block_on(async {
        let site = filled().await;
        for row in ROWS.iter().filter(|row| row.0 == "POST") {
            let mut browser = site.browser(site.ann).await;
            let token = browser.form_token().await;
            let mut others = site.browser(site.ann).await;
            let others_token = others.form_token().await;
            let form = |token: &str| {
                let mut form = row.3.to_vec();
                form.push(("form_token", token.to_owned().leak()));
                form
            };
            let cross = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
            for (form, headers) in [
                (row.3.to_vec(), &[][..]),
                (form("wrong"), &[]),
                (form(&others_token), &[]),
                (form(&token), &cross[..1]),
                (form(&token), &cross[1..]),
            ] {
                let seen = browser.send(Method::POST, row.2, headers, Some(&form)).await;
                assert_eq!(seen.status, 403, "{} {headers:?}: {seen:?}", row.2);
                seen.says("This form has expired");
            }
        }
    });
}
