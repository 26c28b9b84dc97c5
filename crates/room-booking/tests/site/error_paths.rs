//! User errors: a button pressed twice, a form sent too late, a wrong address.

use operations::Clock;
use reqwest::Method;
use testing::{Database, block_on};

use crate::app::{Site, event};

#[test]
fn an_error_leads_back_to_the_page_that_was_left_and_to_no_other_site() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let token = ann.form_token().await;
        let form = [("form_token", token.as_str()), ("kind", "nonsense")];
        let page = format!("{}/admin/calendars/room-1/settings?page=2", site.url());
        let path = "/admin/calendars/room-1/priorities";
        let seen = ann.send(Method::POST, path, &[("referer", &page)], Some(&form)).await;
        assert_eq!(seen.status, 422);
        seen.link("/admin/calendars/room-1/settings?page=2");
        for elsewhere in ["http://evil.example/rooms", "nonsense", "http://a//admin//evil", ""] {
            let seen = ann.send(Method::POST, path, &[("referer", elsewhere)], Some(&form)).await;
            // Then it leads to where the form stands, as far as the path of the action says.
            seen.says("href=\"/admin/calendars/room-1/settings\">Back</a>");
            assert!(!seen.text.contains("evil"), "{elsewhere}");
        }
    });
}

#[test]
fn whoever_was_signed_out_meanwhile_comes_back_to_the_form() {
    block_on(async {
        let site = Site::new().await;
        let page = format!("{}/admin/new-template?copy=1", site.url());
        let mut stranger = site.stranger();
        let form = [("name", "Ours")];
        let path = "/admin/new-template";
        let seen = stranger.send(Method::POST, path, &[("referer", &page)], Some(&form)).await;
        let way = seen.leads_to().to_owned();
        assert!(way.starts_with("/admin/sign-in?done=session-over&next="), "{way}");
        let page = stranger.get(&way).await;
        page.says("Your session has ended");
        assert_eq!(page.hidden("next"), "/admin/new-template?copy=1");
    });
}

#[test]
fn before_there_is_anybody_the_sign_in_says_where_the_first_link_is() {
    block_on(async {
        let database = Database::sqlite().await;
        let site = Site::empty(database, &[], Clock::system()).await;
        let page = site.stranger().get("/admin/sign-in").await;
        page.says("it writes a one-time link to its log");
        assert!(!page.text.contains("name=\"password\""));
        let site = Site::new().await;
        let page = site.stranger().get("/admin/sign-in").await;
        assert!(page.text.contains("name=\"password\"") && !page.text.contains("one-time link"));
    });
}

#[test]
fn what_is_pressed_twice_is_done_once_and_says_so_twice() {
    block_on(async {
        let site = Site::new().await;
        let mut bob = site.browser(site.bob).await;
        bob.post("/admin/keys", &[("name", "Panel"), ("read", "1")]).await;
        let key = store::keys::all(&site.service.store, None).await.unwrap()[0].id;
        for _ in 0..2 {
            let seen = bob.post(&format!("/admin/keys/{key}/revoke"), &[]).await;
            assert_eq!(seen.leads_to(), "/admin/keys?done=key-revoked");
        }
        let mut ann = site.browser(site.ann).await;
        let entry = [("kind", "protected"), ("value", "some-uid")];
        let calendar = "/admin/calendars/room-1";
        ann.post(&format!("{calendar}/priorities"), &entry).await;
        for _ in 0..2 {
            let path = format!("{calendar}/priorities/remove");
            assert_eq!(ann.post(&path, &entry).await.status, 303);
            let path = format!("{calendar}/users/remove");
            assert_eq!(ann.post(&path, &[("user", "bob")]).await.status, 303);
        }
    });
}

#[test]
fn a_booking_that_is_sent_twice_is_one_booking() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let path = "/admin/calendars/room-1/book";
        let once = ann.get(path).await.hidden("once");
        let form = [
            ("once", once.as_str()),
            ("name", "Planning"),
            ("start", "2199-03-02T10:00"),
            ("end", "2199-03-02T11:00"),
        ];
        for _ in 0..2 {
            assert_eq!(ann.post(path, &form).await.status, 303);
        }
        let another = ann.get(path).await.hidden("once");
        let mut form = form;
        form[0].1 = &another;
        ann.post(path, &form).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let text = String::from_utf8(site.service.export(&calendar).await.unwrap()).unwrap();
        assert_eq!(text.matches("SUMMARY:Planning").count(), 2);
    });
}

#[test]
fn no_link_is_made_for_somebody_who_could_not_use_it() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}", site.bob);
        ann.post(&path, &[("role", "ordinary")]).await;
        let seen = ann.post(&format!("{path}/link"), &[]).await;
        assert_eq!(seen.status, 422);
        seen.says("Activate the user first");
        assert!(!seen.text.contains("/admin/link/"));
    });
}

#[test]
fn who_uses_a_link_while_somebody_else_is_signed_in_ends_that_session() {
    block_on(async {
        let site = Site::new().await;
        let (_, link) = site
            .service
            .people()
            .password_link(&operations::command_line(), site.bob)
            .await
            .unwrap();
        let mut browser = site.browser(site.ann).await;
        let before = browser.cookie.clone();
        let password = "another good password";
        let form = [("password", password), ("again", password)];
        let seen = browser.post(&format!("/admin/link/{link}"), &form).await;
        assert_eq!(seen.leads_to(), "/admin");
        browser.get("/admin/account").await.says("bob");
        browser.cookie = before;
        assert_eq!(browser.get("/admin/account").await.status, 303, "ann's session is over");
    });
}

#[test]
fn an_empty_password_of_a_server_is_not_kept() {
    block_on(async {
        let fake = testing::fake::FakeCalDav::start(testing::fake::Quirks::SOGO).await;
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let url = fake.url();
        let form = [
            ("address", url.as_str()),
            ("user_name", testing::fake::USER),
            ("password", testing::fake::PASSWORD),
        ];
        let seen = ann.post("/admin/servers", &form).await;
        let server = seen.leads_to().split('?').next().unwrap().to_owned();
        let path = format!("{server}/password");
        let seen = ann.post(&path, &[("password", "")]).await;
        assert_eq!(seen.status, 422);
        seen.says("New password: must not be empty");
        let seen = ann.post(&path, &[("password", testing::fake::PASSWORD)]).await;
        assert!(seen.leads_to().ends_with("?done=server-password"), "{}", seen.leads_to());
        let seen = ann.post(&path, &[("password", "wrong")]).await;
        assert_eq!(seen.status, 422, "it is no success");
    });
}

#[test]
fn of_two_who_change_the_same_settings_the_second_sees_that_before_anything_is_undone() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let path = "/admin/calendars/room-1/settings";
        let was = ann.get(path).await.hidden("was");
        // A booking meanwhile is nobody's other values.
        site.import("room-1", &[event("a", "Apple", (8, 9), 1)]).await;
        let form = |was: &str, contact: &str| {
            [
                ("was", was),
                ("name", "The room-1"),
                ("zone", "Europe/Berlin"),
                ("contact_address", contact),
                ("horizon", "365"),
                ("tolerance", "0"),
                ("safety_limit", "50"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let post = async |browser: &mut harness::web::Browser, was: &str, contact: &str| {
            let form = form(was, contact);
            let form: Vec<_> = form.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
            browser.post(path, &form).await
        };
        assert_eq!(post(&mut ann, &was, "first@example.org").await.status, 303);
        let seen = post(&mut ann, &was, "second@example.org").await;
        assert_eq!(seen.status, 409);
        seen.says("Somebody else has saved other values").says("value=\"second@example.org\"");
        let calendar = site.service.calendar("room-1").await.unwrap();
        assert_eq!(calendar.contact_address.as_deref(), Some("first@example.org"));
        let again = seen.hidden("was");
        assert_eq!(post(&mut ann, &again, "second@example.org").await.status, 303);
        let calendar = site.service.calendar("room-1").await.unwrap();
        assert_eq!(calendar.contact_address.as_deref(), Some("second@example.org"));
    });
}

#[test]
fn a_template_that_somebody_else_has_saved_meanwhile_is_not_written_over_unseen() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let form = [("name", "Ours"), ("subject", "{{ name }}"), ("text", "One")];
        let made = ann.post("/admin/new-template", &form).await;
        let path = made.leads_to().split('?').next().unwrap().to_owned();
        let was = ann.get(&path).await.hidden("was");
        let form = |text| [("was", was.as_str()), ("subject", "{{ name }}"), ("text", text)];
        assert_eq!(ann.post(&path, &form("Two")).await.status, 303);
        let seen = ann.post(&path, &form("Three")).await;
        seen.says("Somebody else has saved other values").says("Three");
        ann.get(&path).await.says("Two");
    });
}

#[test]
fn a_user_whom_somebody_else_has_changed_meanwhile_is_not_written_over_unseen() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}", site.bob);
        let was = ann.get(&path).await.hidden("was");
        let form = |was, address| {
            [("was", was), ("address", address), ("role", "ordinary"), ("active", "on")]
        };
        let first = ann.post(&path, &form(was.as_str(), "first@example.org")).await;
        assert_eq!(first.status, 303);
        let seen = ann.post(&path, &form(was.as_str(), "second@example.org")).await;
        assert_eq!(seen.status, 409);
        seen.says("Somebody else has saved other values").says("value=\"second@example.org\"");
        let bob = site.service.people().user("bob").await.unwrap();
        assert_eq!(bob.address.as_deref(), Some("first@example.org"));
        let again = seen.hidden("was");
        let second = ann.post(&path, &form(again.as_str(), "second@example.org")).await;
        assert_eq!(second.status, 303);
    });
}
