//! What the audit trail keeps of who gets in, and of who does not.

use facts::audit::{Action, Entry};
use harness::setup::{PASSWORD, scheduler};
use store::audit::{self, AuditEntry};
use testing::on_both_databases;

use crate::app::{Site, event};

/// The entries of an action, oldest first.
async fn entries(site: &Site, action: Action) -> Vec<AuditEntry> {
    let (mut all, _) = audit::page(&site.service.store, None, None, 1_000, 1_000).await.unwrap();
    all.reverse();
    all.retain(|it| Entry::of_stored(&it.entry).is_some_and(|it| it.action == action));
    all
}

on_both_databases! {
    async fn sign_ins_and_failures_with_the_name_tried_are_in_the_audit_trail(database) {
        let site = Site::on(database, &[]).await;
        let mut browser = site.stranger();
        let name = format!("nobody\u{1b}[2J\r\nann{}", "x".repeat(500));
        browser.sign_in(&name, "wrong password").await;
        browser.sign_in("ann", "wrong password").await;
        browser.sign_in("bob", "wrong password").await;
        assert_eq!(browser.sign_in("bob", PASSWORD).await.status, 303);
        site.service.people().write_security_events(true).await.unwrap();
        let failed = entries(&site, Action::SignInFailed).await;
        let [first, rest] = &failed[..] else { panic!("{failed:?}") };
        assert!(first.subject.starts_with("nobody [2J  annx") && first.subject.len() == 100);
        assert!(first.entry.contains("127.0.0.1") && !first.entry.contains("wrong password"));
        for part in ["\"ann\"", "\"bob\"", "{\"number\":2}"] {
            assert!(rest.entry.contains(part), "{part}: {}", rest.entry);
        }
        let signed_in = entries(&site, Action::SignedIn).await;
        assert_eq!((signed_in.len(), signed_in[0].actor.as_str()), (1, "bob"));
        let mut ann = site.browser(site.ann).await;
        let page = ann.get("/admin/audit").await;
        page.says("sign-in failed").says("not signed in").says("Count: 2").says("signed in");
        assert!(!page.text.contains('\u{1b}'));
    }

    async fn what_exists_and_is_refused_is_in_the_audit_trail_and_what_does_not_is_not(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        assert_eq!(bob.get("/admin/calendars/nowhere").await.status, 404);
        assert_eq!(bob.get("/admin/nowhere").await.status, 404);
        site.service.people().write_security_events(true).await.unwrap();
        assert!(entries(&site, Action::AccessRefused).await.is_empty());
        assert_eq!(bob.get("/admin/calendars/other?secret=1").await.status, 404);
        assert_eq!(bob.get("/admin/users").await.status, 403);
        site.service.people().write_security_events(true).await.unwrap();
        let refused = entries(&site, Action::AccessRefused).await;
        let all: Vec<_> = refused.iter().map(|it| (it.actor.as_str(), it.subject.as_str())).collect();
        assert_eq!(all, [("bob", "/admin/calendars/other"), ("bob", "/admin/users")]);
    }

    async fn a_line_of_the_history_that_is_refused_is_in_the_audit_trail(database) {
        let site = Site::on(database, &[]).await;
        let events = [event("first", "First", (6, 7), 9), event("second", "Second", (6, 7), 1)];
        site.import("other", &events).await;
        site.setup().clear(operations::Scope::All, scheduler()).await;
        let mut bob = site.browser(site.bob).await;
        assert_eq!(bob.get("/admin/history/2").await.status, 404);
        assert!(entries(&site, Action::AccessRefused).await.is_empty());
        assert_eq!(bob.get("/admin/history/1").await.status, 404);
        let refused = entries(&site, Action::AccessRefused).await;
        let all: Vec<_> = refused.iter().map(|it| (it.actor.as_str(), it.subject.as_str())).collect();
        assert_eq!(all, [("bob", "/admin/history/1")]);
    }

    async fn wrong_present_passwords_are_in_the_audit_trail(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        let form = [("present", "wrong password"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(bob.post("/admin/account/password", &form).await.status, 422);
        let form = [("present", "wrong password")];
        assert_eq!(bob.post("/admin/account/second-factor/remove", &form).await.status, 422);
        site.service.people().write_security_events(true).await.unwrap();
        let wrong = entries(&site, Action::PresentPasswordWrong).await;
        let [first, rest] = &wrong[..] else { panic!("{wrong:?}") };
        assert_eq!((first.actor.as_str(), first.subject.as_str()), ("bob", "bob"));
        assert!(first.entry.contains("127.0.0.1") && !first.entry.contains("wrong password"));
        assert!(rest.entry.contains("{\"number\":1}"), "{}", rest.entry);
        site.browser(site.ann).await.get("/admin/audit").await.says("current password wrong");
    }

    async fn what_a_clear_may_not_do_is_in_the_audit_trail(database) {
        let site = Site::on(database, &[]).await;
        let actor = operations::command_line();
        let api = testing::http_client();
        let url = format!("{}/api/clear-bookings", site.url());
        let key = async |rights: store::keys::Rights| {
            site.service.people().add_key(&actor, "bob", "k", rights, None, None).await.unwrap().1
        };
        let all = key(store::keys::Rights::ALL).await;
        let preview = key(store::keys::Rights { preview: true, ..Default::default() }).await;
        let delete = async |query: &str, key: &str| {
            let asked = api.delete(format!("{url}?{query}")).bearer_auth(key);
            asked.send().await.unwrap().status().as_u16()
        };
        assert_eq!(delete("test=1&calendar=nowhere", &all).await, 404);
        assert!(entries(&site, Action::AccessRefused).await.is_empty());
        assert_eq!(delete("test=1&calendar=room-1&calendar=nowhere&calendar=other", &all).await, 404);
        let body = serde_json::json!({ "calendars": ["other"], "test": true });
        let asked = api.post(&url).bearer_auth(&all).json(&body).send().await.unwrap();
        assert_eq!(asked.status(), 404);
        assert_eq!(delete("confirm=1&calendar=room-1", &all).await, 403);
        assert_eq!(delete("test=0&calendar=room-1", &preview).await, 403);
        site.service.people().write_security_events(true).await.unwrap();
        let refused = entries(&site, Action::AccessRefused).await;
        let [first, rest] = &refused[..] else { panic!("{refused:?}") };
        let path = "/api/clear-bookings";
        assert_eq!(first.subject, format!("{path}?calendar=other"));
        for part in [r#"{"number":3}"#, "?calendar=other\"", "?confirm=1\"", "bookings\""] {
            assert!(rest.entry.contains(part), "{part}: {}", rest.entry);
        }
    }

    async fn the_text_of_a_private_event_that_is_refused_is_in_the_audit_trail(database) {
        let site = Site::on(database, &[]).await;
        let secret = event("secret", "Secret", (6, 7), 1).replace("SUMMARY", "CLASS:PRIVATE\r\nSUMMARY");
        site.import("room-1", &[secret]).await;
        let actor = operations::command_line();
        let rights = store::keys::Rights::ALL;
        let key = site.service.people().add_key(&actor, "bob", "k", rights, None, None).await.unwrap().1;
        let asked = testing::http_client().get(format!("{}/api/room-1/events/secret", site.url()));
        let asked = asked.bearer_auth(key).header("accept", "text/calendar").send().await.unwrap();
        assert_eq!(asked.status(), 403);
        let refused = entries(&site, Action::AccessRefused).await;
        assert_eq!(refused[0].subject, "/api/room-1/events/secret");
    }

    async fn wrong_keys_and_refused_ones_are_in_the_audit_trail_by_their_beginning(database) {
        let site = Site::on(database, &[]).await;
        let (actor, read) =
            (operations::command_line(), store::keys::Rights { read: true, ..Default::default() });
        let (_, key) = site.service.people().add_key(&actor, "bob", "k", read, None, None).await.unwrap();
        let api = testing::http_client();
        let ask = async |path: &str, key: &str| {
            let url = format!("{}{path}", site.url());
            api.get(url).bearer_auth(key).send().await.unwrap().status().as_u16()
        };
        let wrong = format!("rb_{}", "A".repeat(40));
        assert_eq!(ask("/api/calendars", &wrong).await, 401);
        site.service.people().write_security_events(true).await.unwrap();
        assert_eq!(ask("/api/calendars", "a-password-in-the-wrong-place").await, 401);
        let refused = entries(&site, Action::KeyRefused).await;
        let starts: Vec<_> = refused.iter().map(|it| it.subject.as_str()).collect();
        assert_eq!(starts, ["rb_AAAAAAAA", ""], "no more than the program shows of a key");
        assert_eq!(ask("/api/nowhere/events", &key).await, 404);
        assert!(entries(&site, Action::AccessRefused).await.is_empty());
        assert_eq!(ask("/api/other/events", &key).await, 404);
        let url = format!("{}/api/room-1/events/x", site.url());
        assert_eq!(api.delete(url).bearer_auth(&key).send().await.unwrap().status(), 403);
        site.service.people().write_security_events(true).await.unwrap();
        let refused = entries(&site, Action::AccessRefused).await;
        let all: Vec<_> = refused.iter().map(|it| (it.actor.as_str(), it.subject.as_str())).collect();
        assert_eq!(all, [("bob", "/api/other/events"), ("bob", "/api/room-1/events/x")]);
    }

    async fn the_audit_trail_has_a_retention_of_its_own(database) {
        let site = Site::on(database, &[]).await;
        let count = async || {
            audit::page(&site.service.store, None, None, 1_000, 1_000).await.unwrap().0.len()
        };
        let before = count().await;
        assert!(before > 0);
        let mut late = site.service.clone();
        let now = site.service.now().0;
        late.clock = operations::Clock::manual(ical::Moment(now + 100 * 86_400));
        late.forget(1).await.unwrap();
        assert_eq!(count().await, before, "RETENTION_DAYS leaves it");
        late.forget_audit(101).await.unwrap();
        assert_eq!(count().await, before);
        late.forget_audit(99).await.unwrap();
        assert_eq!(count().await, 0);
    }
}
