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
        let url = format!("{}/api/calendars", site.url());
        let answer = api.get(&url).bearer_auth(&key).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.text().await.unwrap().contains("room-1"));
        let list = bob.get("/admin/keys").await;
        list.says("Panel").says("read").says("only The room-1");
        assert!(!list.text.contains(&key));
        let action = list.text.split_once("/admin/keys/").unwrap().1.split('/').next().unwrap();
        assert_eq!(bob.post(&format!("/admin/keys/{action}/revoke"), &[]).await.status, 303);
        bob.get("/admin/keys").await.says("Revoked");
        let key = site.service.people().caller_of_key(&key).await.unwrap();
        assert!(key.is_none());
    }

    async fn the_line_beside_a_new_key_works_with_its_rights_or_is_called_an_example(database) {
        let url = "http://rooms.example.org/it's";
        let site = Site::on(database, &[("PUBLIC_URL", url)]).await;
        let mut bob = site.browser(site.bob).await;
        for (rights, works) in [
            (&["read", "create", "delete", "clear"][..], true),
            (&["clear"], true),
            (&["clear", "delete"], true),
            (&["create"], false),
            (&["create", "delete"], false),
            (&["delete"], false),
            (&["preview"], true),
            (&["change"], false),
        ] {
            let mut form = vec![("name", "Panel"), ("calendar", "room-1")];
            form.extend(rights.iter().map(|it| (*it, "1")));
            let made = bob.post("/admin/keys", &form).await;
            let says_so = made.text.contains("This command works as it is");
            assert_eq!(says_so, works, "{rights:?}");
            // As a shell reads it.
            let line = made.code();
            let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{line}");
            let read = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            let read = String::from_utf8(read.stdout).unwrap();
            let words: Vec<_> = read.split_terminator('\0').collect();
            let behind = |option: &str| {
                words.iter().position(|it| *it == option).map(|at| words[at + 1])
            };
            let path = words.last().unwrap().strip_prefix(url).unwrap();
            let path = path.replace("/EVENT", "/no-such-event");
            let target = format!("{}{path}", site.url());
            let api = testing::http_client();
            let (method, expected) = match (behind("-X"), behind("-d")) {
                (Some("DELETE"), _) if path.contains("no-such") => (reqwest::Method::DELETE, 404),
                (Some("DELETE"), _) => (reqwest::Method::DELETE, 200),
                (Some("PATCH"), _) => (reqwest::Method::PATCH, 404),
                (None, Some(_)) => (reqwest::Method::POST, 201),
                _ => (reqwest::Method::GET, 200),
            };
            let authorization = behind("-H").unwrap().strip_prefix("Authorization: ").unwrap();
            let mut request = api.request(method, &target).header("authorization", authorization);
            if let Some(body) = behind("-d") {
                request = request.header("content-type", "application/json").body(body.to_owned());
            }
            let answer = request.send().await.unwrap();
            let (status, text) = (answer.status(), answer.text().await.unwrap());
            // 409: it was booked a moment ago, by the line before.
            let is_right = status == expected || (behind("-d").is_some() && status == 409);
            assert!(is_right, "{rights:?} {line} {status} {text}");
        }
    }

    async fn a_key_that_may_call_nothing_yet_comes_with_no_line_to_try(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        let made = bob.post("/admin/keys", &[("name", "Panel"), ("freebusy", "1")]).await;
        made.says("only see when calendars are busy");
        assert!(!made.text.contains("curl"), "{}", made.text);
    }

    async fn reloading_the_page_of_a_new_key_makes_no_other(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        let once = bob.get("/admin/keys").await.hidden("once");
        let form = [("name", "Panel"), ("read", "1"), ("once", once.as_str())];
        bob.post("/admin/keys", &form).await.says("API key created");
        let seen = bob.post("/admin/keys", &form).await;
        assert_eq!(seen.status, 409);
        seen.says("This form was already submitted");
        let keys = store::keys::all(&site.service.store, Some(site.bob)).await.unwrap();
        assert_eq!(keys.len(), 1);
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}", site.bob);
        let once = ann.get(&path).await.hidden("once");
        let form = [("once", once.as_str())];
        let link = ann.post(&format!("{path}/link"), &form).await.text;
        let link = link.split_once("/admin/link/").unwrap().1.split('<').next().unwrap();
        assert_eq!(ann.post(&format!("{path}/link"), &form).await.status, 409);
        let page = site.stranger().get(&format!("/admin/link/{link}")).await;
        assert_eq!(page.status, 200, "the link that was handed over is still good");
    }

    async fn a_key_is_revoked_once_however_often_the_button_is_pressed(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        bob.post("/admin/keys", &[("name", "Panel"), ("read", "1")]).await;
        let keys = store::keys::all(&site.service.store, Some(site.bob)).await.unwrap();
        let path = format!("/admin/keys/{}/revoke", keys[0].id);
        for _ in 0..2 {
            assert!(bob.post(&path, &[]).await.leads_to().ends_with("done=key-revoked"));
        }
        assert_eq!(bob.post("/admin/keys/999/revoke", &[]).await.status, 404);
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}/calendars/remove", site.bob);
        for _ in 0..2 {
            let seen = ann.post(&path, &[("calendar", "room-1")]).await;
            assert!(seen.leads_to().contains("done=unassigned"));
        }
    }

    async fn the_key_of_a_user_who_is_not_active_is_not_called_good(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        bob.post("/admin/keys", &[("name", "Panel"), ("read", "1")]).await;
        bob.get("/admin/keys").await.says(">Valid<");
        let mut ann = site.browser(site.ann).await;
        ann.post(&format!("/admin/users/{}", site.bob), &[("role", "ordinary")]).await;
        let page = ann.get("/admin/keys").await;
        page.says("Does not work: the user is deactivated");
        assert!(!page.text.contains(">Valid<"));
    }

    async fn the_keys_of_a_deactivated_user_stay_dead_until_an_administrator_renews_each(database) {
        let site = Site::on(database, &[]).await;
        let (actor, rights) = (operations::command_line(), store::keys::Rights::ALL);
        let add = async |name| {
            site.service.people().add_key(&actor, "bob", name, rights, None, None).await.unwrap()
        };
        let ((id, text), (other, other_text)) = (add("Panel").await, add("Other").await);
        let works = async |text: &str| site.service.people().caller_of_key(text).await.unwrap().is_some();
        assert!(works(&text).await && works(&other_text).await);
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}", site.bob);
        assert_eq!(ann.post(&path, &[("role", "ordinary")]).await.status, 303);
        let renew = format!("/admin/keys/{id}/renew");
        assert_eq!(ann.post(&renew, &[]).await.status, 409, "not while bob is out");
        assert_eq!(ann.post(&path, &[("role", "ordinary"), ("active", "1")]).await.status, 303);
        assert!(!works(&text).await && !works(&other_text).await);
        let mut bob = site.browser(site.bob).await;
        assert_eq!(bob.post(&renew, &[]).await.status, 403);
        assert!(!bob.get("/admin/keys").await.text.contains("/renew"));
        ann.get("/admin/keys").await.says("its user was deactivated").says(&renew);
        for _ in 0..2 {
            assert!(ann.post(&renew, &[]).await.leads_to().ends_with("done=key-renewed"));
        }
        assert!(works(&text).await && !works(&other_text).await);
        site.service.people().revoke_key(&actor, other).await.unwrap();
        assert_eq!(ann.post(&format!("/admin/keys/{other}/renew"), &[]).await.status, 404);
        // On the command line it is the same.
        site.service.people().set_active(&actor, "bob", false).await.unwrap();
        site.service.people().set_active(&actor, "bob", true).await.unwrap();
        assert!(!works(&text).await);
        site.service.people().renew_key(&actor, id).await.unwrap();
        assert!(works(&text).await);
    }

    async fn nobody_is_given_a_link_that_would_not_work(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}", site.bob);
        ann.get(&path).await.says(&format!("action=\"{path}/link\""));
        ann.post(&path, &[("role", "ordinary")]).await;
        let page = ann.get(&path).await;
        page.says("Activate the user first");
        assert!(!page.text.contains(&format!("{path}/link")));
        let seen = ann.post(&format!("{path}/link"), &[]).await;
        assert_eq!(seen.status, 422);
        assert!(!seen.text.contains("/admin/link/"));
    }

    async fn an_ordinary_user_has_keys_for_own_calendars_and_sees_no_others_keys(database) {
        let site = Site::on(database, &[]).await;
        let actor = operations::command_line();
        let rights = store::keys::Rights::ALL;
        let (id, _) = site.service.people().add_key(&actor, "ann", "Anns", rights, None, None).await.unwrap();
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
        bob.post("/admin/keys", &[("name", "Mine")]).await.says("Permissions: must be at least one");
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
        seen.says("Role: no administrator would be left").says("name=\"role\"");
        let form = [("role", "administrator"), ("address", "ann@example.com")];
        let seen = ann.post(&path, &form).await;
        assert_eq!(seen.status, 422);
        seen.says("Active: no administrator would be left").says("value=\"ann@example.com\"");
        assert!(!seen.text.contains("changed meanwhile"));
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
        ann.get("/admin/users").await.says("deactivated");
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
