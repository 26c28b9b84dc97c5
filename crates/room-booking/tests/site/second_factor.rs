//! Two-factor authentication: setting it up, signing in with it, losing it.

use std::time::Duration;

use harness::setup::PASSWORD;
use harness::web::{Answer, Browser};
use operations::Clock;
use store::vault::Cost;
use store::{sealed, second_factors};
use testing::{Database, block_on, on_both_databases};
use totp_rs::{Builder, Secret};

use crate::app::Site;

/// The app on a user's phone.
pub struct App(String);

impl App {
    /// The code that it shows some steps of 30 seconds from now.
    fn code(&self, site: &Site, steps: i64) -> String {
        let key = Secret::try_from_base32(&self.0).unwrap();
        let totp = Builder::new().with_secret(key).build().unwrap();
        let now = site.service.now().0 + 30 * steps;
        totp.generate(now.try_into().unwrap()).to_string()
    }
}

/// Sets a second factor up; the app, and the recovery codes.
pub async fn set_up(site: &Site, browser: &mut Browser) -> (App, Vec<String>) {
    let page = browser.get("/admin/account/second-factor").await;
    let app = App(page.code());
    page.says("<svg class=\"qr\"");
    let (sealed, code) = (page.hidden("sealed"), app.code(site, 0));
    assert!(!sealed.contains(&app.0));
    let form = [("sealed", sealed.as_str()), ("code", code.as_str()), ("present", PASSWORD)];
    let seen = browser.post("/admin/account/second-factor", &form).await;
    assert_eq!(seen.status, 200, "{seen:?}");
    let codes: Vec<String> = seen.code().lines().map(str::to_owned).collect();
    assert_eq!(codes.len(), operations::RECOVERY_CODES);
    (app, codes)
}

/// Enters a code after the password.
async fn enter(browser: &mut Browser, code: &str) -> Answer {
    let seen = browser.sign_in("ann", PASSWORD).await;
    assert_eq!(seen.leads_to(), "/admin/second-factor?next=%2Fadmin");
    browser.post("/admin/second-factor", &[("code", code), ("next", "/admin/history")]).await
}

async fn at(seconds: i64) -> (Site, Clock) {
    let clock = Clock::manual(ical::Moment(crate::app::clock() + seconds));
    let database = Database::sqlite().await;
    (Site::at(database, &[], clock.clone()).await, clock)
}

on_both_databases! {
    async fn with_a_wrong_key_nobody_is_shown_a_code_that_could_never_be_checked(database) {
        let site = Site::on(database, &[]).await;
        let store = &site.service.store;
        let right = sealed::vault(store, &"the right key".into(), Cost::LOWEST).await.unwrap();
        let transaction = store.begin().await.unwrap();
        let key = "JBSW".into();
        second_factors::set(&transaction, site.bob, (&key, &right), 1, &[], 1).await.unwrap();
        transaction.commit().await.unwrap();
        let page = site.browser(site.ann).await.get("/admin/account/second-factor").await;
        assert_eq!(page.status, 503);
        page.says("SECRET_KEY is not the one of this database");
        assert!(!page.text.contains("class=\"qr\""));
    }

    async fn a_sign_in_needs_the_code_and_nothing_opens_before(database) {
        let clock = Clock::manual(Clock::system().now());
        let site = Site::at(database, &[], clock.clone()).await;
        let (mut own, mut other) = (site.browser(site.ann).await, site.browser(site.ann).await);
        let (app, _) = set_up(&site, &mut own).await;
        assert_eq!(own.get("/admin").await.status, 200, "the session goes on");
        assert_eq!(other.get("/admin").await.status, 303, "others end");
        clock.advance(Duration::from_secs(60));
        let mut new = site.stranger();
        new.sign_in("ann", PASSWORD).await;
        new.get("/admin/second-factor").await.says("Enter your code");
        for path in ["/admin", "/admin/account", "/admin/users", "/admin/account/second-factor"] {
            assert!(new.get(path).await.leads_to().starts_with("/admin/sign-in?"), "{path}");
        }
        assert!(new.known.is_empty(), "the browser is not known before");
        for wrong in ["", "000000", "12345", &app.code(&site, 5), &"1".repeat(1_000)] {
            let seen = new.post("/admin/second-factor", &[("code", wrong)]).await;
            assert_eq!(seen.status, 401, "{wrong}");
            seen.says("The code is wrong");
        }
        let waiting = new.clone();
        let code = app.code(&site, 0);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        let seen = new.post("/admin/second-factor", &[("code", &spaced)]).await;
        assert_eq!(seen.leads_to(), "/admin");
        assert_eq!(new.get("/admin/users").await.status, 200);
        assert_eq!(new.known.len(), 1);
        let mut waiting = waiting;
        assert_eq!(waiting.get("/admin").await.status, 303, "the cookie from before is nobody's");
        // The same code again, and one from before it.
        let mut replay = site.stranger();
        assert_eq!(enter(&mut replay, &code).await.status, 401, "no code works twice");
        assert_eq!(enter(&mut replay, &app.code(&site, -1)).await.status, 401);
        clock.advance(Duration::from_secs(30));
        assert_eq!(enter(&mut replay, &app.code(&site, 0)).await.leads_to(), "/admin/history");
    }

    async fn a_recovery_code_signs_in_once_and_an_administrator_resets_what_is_lost(database) {
        let site = Site::on(database, &[]).await;
        let mut own = site.browser(site.ann).await;
        let (_, codes) = set_up(&site, &mut own).await;
        let bare = codes[1].replace('-', "");
        for code in [&codes[0], &bare] {
            assert_eq!(enter(&mut site.stranger(), code).await.leads_to(), "/admin/history");
            assert_eq!(enter(&mut site.stranger(), code).await.status, 401, "{code} once");
        }
        own.get("/admin/account/second-factor").await.says("8 recovery codes are left");
        let stored = second_factors::find(&site.service.store, site.ann).await.unwrap();
        assert_eq!(stored.unwrap().codes_left, 8);
        let page = own.get(&format!("/admin/users/{}", site.ann)).await;
        page.says("second-factor/remove");
        let actor = operations::command_line();
        let user = site.service.people().user("ann").await.unwrap();
        site.service.people().reset_second_factor(&actor, &user).await.unwrap();
        assert_eq!(own.get("/admin").await.status, 303, "the sessions end");
        assert_eq!(site.stranger().sign_in("ann", PASSWORD).await.leads_to(), "/admin");
        assert!(site.service.people().reset_second_factor(&actor, &user).await.is_err());
    }

    async fn new_recovery_codes_end_the_old_ones_and_need_the_password_and_a_code_of_the_app(database) {
        let clock = Clock::manual(Clock::system().now());
        let site = Site::at(database, &[], clock.clone()).await;
        let mut own = site.browser(site.ann).await;
        let (page, path) = ("/admin/account/second-factor", "/admin/account/second-factor/recovery-codes");
        assert!(!own.get(page).await.text.contains(path), "there are none to renew");
        let form = [("renewal_code", "123456"), ("renewal_present", PASSWORD)];
        assert_eq!(own.post(path, &form).await.status, 404);
        let (app, old) = set_up(&site, &mut own).await;
        assert!(old.iter().all(|it| it.replace('-', "").len() == 24), "{old:?}");
        own.get(page).await.says(path);
        let used = app.code(&site, 0);
        clock.advance(Duration::from_secs(30));
        let code = app.code(&site, 0);
        for (code, present, says) in [
            (&code, "wrong password", "is not your current password"),
            (&"000000".to_owned(), PASSWORD, "is wrong or was already used"),
            (&used, PASSWORD, "is wrong or was already used"),
            (&old[0], PASSWORD, "is wrong or was already used"),
        ] {
            let form = [("renewal_code", code.as_str()), ("renewal_present", present)];
            let seen = own.post(path, &form).await;
            assert_eq!(seen.status, 422, "{says}: {seen:?}");
            seen.says(says).says("10 recovery codes are left");
        }
        let form = [("renewal_code", code.as_str()), ("renewal_present", PASSWORD)];
        let seen = own.post(path, &form).await;
        assert_eq!(seen.status, 200, "{seen:?}");
        let new: Vec<String> = seen.code().lines().map(str::to_owned).collect();
        assert_eq!(new.len(), operations::RECOVERY_CODES);
        assert!(new.iter().all(|it| !old.contains(it)));
        assert_eq!(own.post(path, &form).await.status, 422, "no code of the app works twice");
        assert_eq!(enter(&mut site.stranger(), &old[1]).await.status, 401);
        assert_eq!(enter(&mut site.stranger(), &new[0]).await.leads_to(), "/admin/history");
        clock.advance(Duration::from_secs(30));
        let code = app.code(&site, 0);
        assert_eq!(enter(&mut site.stranger(), &code).await.leads_to(), "/admin/history");
        own.get("/admin/audit").await.says("new recovery codes created").says("wrong code");
    }

    async fn a_link_for_another_password_does_not_get_around_the_code(database) {
        let site = Site::on(database, &[]).await;
        let mut own = site.browser(site.ann).await;
        set_up(&site, &mut own).await;
        let actor = operations::command_line();
        let (_, link) = site.service.people().password_link(&actor, site.ann).await.unwrap();
        let form = [("password", "lantern orbit velvet 29"), ("again", "lantern orbit velvet 29")];
        let mut browser = site.stranger();
        let seen = browser.post(&format!("/admin/link/{link}"), &form).await;
        assert_eq!(seen.leads_to(), "/admin/second-factor?next=%2Fadmin");
        assert_eq!(browser.get("/admin").await.status, 303);
    }
}

#[test]
fn setting_up_and_turning_off_need_the_password_and_setting_up_a_right_code() {
    block_on(async {
        let (site, clock) = at(0).await;
        let mut bob = site.browser(site.bob).await;
        let path = "/admin/account/second-factor";
        let page = bob.get(path).await;
        let (app, sealed) = (App(page.code()), page.hidden("sealed"));
        let code = app.code(&site, 0);
        for (sealed, code, present, says) in [
            (sealed.as_str(), code.as_str(), "wrong", "is not your current password"),
            (sealed.as_str(), "000000", PASSWORD, "is wrong or was already used"),
            ("", code.as_str(), PASSWORD, "is wrong or was already used"),
            ("AAAA", code.as_str(), PASSWORD, "is wrong or was already used"),
        ] {
            let form = [("sealed", sealed), ("code", code), ("present", present)];
            let seen = bob.post(path, &form).await;
            assert_eq!(seen.status, 422, "{says}: {seen:?}");
            seen.says(says);
            assert_eq!(seen.code() == app.0, sealed.len() > 4, "the same key again");
        }
        // The key of another user's page.
        let mut ann = site.browser(site.ann).await;
        let form = [("sealed", sealed.as_str()), ("code", code.as_str()), ("present", PASSWORD)];
        assert_eq!(ann.post(path, &form).await.status, 422);
        let (app, _) = set_up(&site, &mut bob).await;
        clock.advance(Duration::from_secs(60));
        let remove = format!("{path}/remove");
        let wrong = bob.post(&remove, &[("present", "wrong password")]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(
            site.stranger().sign_in("bob", PASSWORD).await.leads_to(),
            "/admin/second-factor?next=%2Fadmin"
        );
        let off = bob.post(&remove, &[("present", PASSWORD)]).await;
        assert_eq!(off.leads_to(), "/admin/account?done=second-factor-removed");
        assert_eq!(site.stranger().sign_in("bob", PASSWORD).await.leads_to(), "/admin");
        assert_eq!(bob.post(&remove, &[("present", PASSWORD)]).await.status, 404);
        drop(app);
    });
}

#[test]
fn who_has_to_have_one_is_led_to_it_and_can_do_nothing_else() {
    block_on(async {
        let database = Database::sqlite().await;
        let site = Site::on(database, &[("REQUIRE_SECOND_FACTOR", "administrators")]).await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        assert_eq!(bob.get("/admin").await.status, 200, "it is for administrators");
        let own = "/admin/account/second-factor";
        for row in crate::routes::ROWS.iter().filter(|row| row.4[2] != crate::routes::Comes::SignIn)
        {
            let (method, route, path, ..) = row;
            let is_open = ["/admin/sign-", "/admin/first/", "/admin/link/", "/admin/second-factor"]
                .iter()
                .any(|it| route.starts_with(it));
            if is_open || *route == own || path.ends_with("/import") {
                continue;
            }
            let path = crate::routes::path_of(row);
            let token = ann.get(own).await.hidden("form_token");
            let seen = match *method {
                "GET" => ann.get(&path).await,
                _ => ann.post_with(&token, &path, &[]).await,
            };
            assert_eq!(seen.leads_to(), own, "{method} {path}");
        }
        ann.get(own).await.says("This installation requires two-factor authentication");
        let token = ann.get(own).await.hidden("form_token");
        let page = ann.get(own).await;
        let app = App(page.code());
        let (sealed, code) = (page.hidden("sealed"), app.code(&site, 0));
        let form = [("sealed", sealed.as_str()), ("code", code.as_str()), ("present", PASSWORD)];
        assert_eq!(ann.post_with(&token, own, &form).await.status, 200);
        assert_eq!(ann.get("/admin/users").await.status, 200);
    });
}

#[test]
fn wrong_codes_are_limited_and_a_wait_for_a_code_ends_after_ten_minutes() {
    block_on(async {
        let (site, clock) = at(0).await;
        let mut own = site.browser(site.ann).await;
        let (app, _) = set_up(&site, &mut own).await;
        clock.advance(Duration::from_secs(60));
        let mut attacker = site.stranger();
        attacker.sign_in("ann", PASSWORD).await;
        let token = attacker.get("/admin/second-factor").await.hidden("form_token");
        let form = [("code", "000000")];
        for _ in 0..10 {
            let seen = attacker.post_with(&token, "/admin/second-factor", &form).await;
            assert_eq!(seen.status, 401);
        }
        let right = app.code(&site, 0);
        let form = [("code", right.as_str())];
        let seen = attacker.post_with(&token, "/admin/second-factor", &form).await;
        assert_eq!(seen.status, 429, "{seen:?}");
        clock.advance(Duration::from_secs(660));
        let seen = attacker.get("/admin/second-factor").await;
        assert!(seen.leads_to().starts_with("/admin/sign-in?"));
    });
}

#[test]
fn the_key_is_encrypted_in_the_database() {
    block_on(async {
        let (site, _) = at(0).await;
        let mut own = site.browser(site.ann).await;
        let (app, codes) = set_up(&site, &mut own).await;
        let stored = second_factors::find(&site.service.store, site.ann).await.unwrap();
        let stored = stored.unwrap().app_key;
        let key = Secret::try_from_base32(&app.0).unwrap();
        for secret in [app.0.as_bytes(), key.as_ref(), codes[0].as_bytes()] {
            assert!(!stored.windows(secret.len()).any(|it| it == secret));
        }
    });
}
