//! What the audit trail keeps of who gets in, and of who does not.

use facts::audit::{Action, Entry};
use harness::setup::PASSWORD;
use store::audit::{self, AuditEntry};
use testing::on_both_databases;

use crate::app::Site;

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
        site.service.write_security_events(true).await.unwrap();
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
        page.says("sign-in failed").says("not signed in").says("Times: 2").says("signed in");
        assert!(!page.text.contains('\u{1b}'));
    }

    async fn what_exists_and_is_refused_is_in_the_audit_trail_and_what_does_not_is_not(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        assert_eq!(bob.get("/admin/calendars/nowhere").await.status, 404);
        assert_eq!(bob.get("/admin/nowhere").await.status, 404);
        site.service.write_security_events(true).await.unwrap();
        assert!(entries(&site, Action::AccessRefused).await.is_empty());
        assert_eq!(bob.get("/admin/calendars/other?secret=1").await.status, 404);
        assert_eq!(bob.get("/admin/users").await.status, 403);
        site.service.write_security_events(true).await.unwrap();
        let refused = entries(&site, Action::AccessRefused).await;
        let all: Vec<_> = refused.iter().map(|it| (it.actor.as_str(), it.subject.as_str())).collect();
        assert_eq!(all, [("bob", "/admin/calendars/other"), ("bob", "/admin/users")]);
    }

    async fn wrong_keys_and_refused_ones_are_in_the_audit_trail_by_their_beginning(database) {
        let site = Site::on(database, &[]).await;
        let (actor, read) =
            (operations::command_line(), store::keys::Rights { read: true, ..Default::default() });
        let (_, key) = site.service.add_key(&actor, "bob", "k", read, None, None).await.unwrap();
        let api = testing::http_client();
        let ask = async |path: &str, key: &str| {
            let url = format!("{}{path}", site.url());
            api.get(url).bearer_auth(key).send().await.unwrap().status().as_u16()
        };
        let wrong = format!("rb_{}", "A".repeat(40));
        assert_eq!(ask("/api/calendars", &wrong).await, 401);
        site.service.write_security_events(true).await.unwrap();
        assert_eq!(ask("/api/calendars", "a-password-in-the-wrong-place").await, 401);
        let refused = entries(&site, Action::KeyRefused).await;
        let starts: Vec<_> = refused.iter().map(|it| it.subject.as_str()).collect();
        assert_eq!(starts, ["rb_AAAAAAAA", ""], "no more than the program shows of a key");
        assert_eq!(ask("/api/nowhere/events", &key).await, 404);
        assert!(entries(&site, Action::AccessRefused).await.is_empty());
        assert_eq!(ask("/api/other/events", &key).await, 404);
        let url = format!("{}/api/room-1/events/x", site.url());
        assert_eq!(api.delete(url).bearer_auth(&key).send().await.unwrap().status(), 403);
        site.service.write_security_events(true).await.unwrap();
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
