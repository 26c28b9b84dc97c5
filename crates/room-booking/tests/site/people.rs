//! Users and keys.

use testing::{block_on, on_both_databases};

use crate::app::Site;

on_both_databases! {
    async fn a_key_is_shown_once_with_a_line_that_works_and_can_be_revoked(database) {
        let site = Site::on(database, &[("PUBLIC_URL", "http://rooms.example.org")]).await;
        let mut bob = site.browser(site.bob).await;
        let form = [("name", "Panel"), ("read", "1"), ("calendar", "room-1")];
        let made = bob.post("/admin/keys", &form).await;
        assert_eq!(made.status, 200, "{made:?}");
        made.says("curl -H").says("http://rooms.example.org/api/calendars");
        let key = format!("rb_{}", &made.text.split_once("<code>rb_").unwrap().1[..40]);
        let api = testing::http_client();
        let url = format!("http://{}/api/calendars", site.address);
        let answer = api.get(&url).bearer_auth(&key).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.text().await.unwrap().contains("room-1"));
        let list = bob.get("/admin/keys").await;
        list.says("Panel").says("read").says("some calendars only");
        assert!(!list.text.contains(&key));
        let action = list.text.split_once("/admin/keys/").unwrap().1.split('/').next().unwrap();
        assert_eq!(bob.post(&format!("/admin/keys/{action}/revoke"), &[]).await.status, 303);
        bob.get("/admin/keys").await.says("Revoked");
        let key = site.service.caller_of_key(&key).await.unwrap();
        assert!(key.is_none());
    }

    async fn an_ordinary_user_has_keys_for_own_calendars_and_sees_no_others_keys(database) {
        let site = Site::on(database, &[]).await;
        let actor = operations::command_line();
        let rights = store::keys::Rights::ALL;
        let (id, _) = site.service.add_key(&actor, "ann", "Anns", rights, None, None).await.unwrap();
        let mut bob = site.browser(site.bob).await;
        let page = bob.get("/admin/keys").await;
        assert!(!page.text.contains("Anns"));
        assert_eq!(bob.post(&format!("/admin/keys/{id}/revoke"), &[]).await.status, 404);
        // Neither for another user …
        let form = [("name", "Mine"), ("read", "1"), ("user", "ann")];
        assert_eq!(bob.post("/admin/keys", &form).await.status, 200);
        let keys = store::keys::all(&site.service.store, Some(site.bob)).await.unwrap();
        assert_eq!(keys.len(), 1);
        // … nor for a calendar that is not his.
        let form = [("name", "Mine"), ("read", "1"), ("calendar", "other")];
        assert_eq!(bob.post("/admin/keys", &form).await.status, 404);
        let form = [("name", "Mine"), ("read", "1"), ("expiry", "2020-01-01")];
        let seen = bob.post("/admin/keys", &form).await;
        assert_eq!(seen.status, 422);
        seen.says("must be in the future");
        bob.post("/admin/keys", &[("name", "Mine")]).await.says("What it may do: must be at least one");
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/keys").await.says("Anns").says("Mine");
        let form = [("name", "Bobs"), ("clear", "1"), ("user", "bob")];
        ann.post("/admin/keys", &form).await.says("clear-bookings?test=1");
    }

    async fn an_administrator_is_always_left(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}", site.ann);
        let seen = ann.post(&path, &[("role", "ordinary"), ("active", "1")]).await;
        assert_eq!(seen.status, 422);
        seen.says("no administrator would be left").says("name=\"role\"");
        assert_eq!(ann.post(&path, &[("role", "administrator")]).await.status, 422);
        let bobs = format!("/admin/users/{}", site.bob);
        let form = [("role", "administrator"), ("active", "1"), ("address", "bob@example.org")];
        assert_eq!(ann.post(&bobs, &form).await.status, 303);
        assert_eq!(ann.post(&path, &[("role", "ordinary"), ("active", "1")]).await.status, 303);
        assert_eq!(ann.get("/admin/users").await.status, 403, "from the next page on");
    }

    async fn who_is_not_active_is_out_at_once(database) {
        let site = Site::on(database, &[]).await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        let path = format!("/admin/users/{}", site.bob);
        assert_eq!(ann.post(&path, &[("role", "ordinary")]).await.status, 303);
        ann.get("/admin/users").await.says("not active");
        assert_eq!(bob.get("/admin").await.status, 303);
    }
}

#[test]
fn a_users_calendars_are_assigned_and_taken() {
    block_on(async {
        let site = Site::new().await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        let path = format!("/admin/users/{}/calendars", site.bob);
        assert_eq!(ann.post(&path, &[("calendar", "other")]).await.status, 303);
        assert_eq!(bob.get("/admin/calendars/other").await.status, 200);
        let seen = ann.post(&format!("{path}/remove"), &[("calendar", "other")]).await;
        assert_eq!(seen.status, 303);
        assert_eq!(bob.get("/admin/calendars/other").await.status, 404);
    });
}
