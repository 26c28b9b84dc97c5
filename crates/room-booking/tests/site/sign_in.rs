//! Signing in and out, links, sessions.

use std::time::Duration;

use facts::audit::Action;
use harness::setup::PASSWORD;
use operations::{Browser, Clock, SignIn, Source};
use reqwest::Method;
use store::{audit, users};
use testing::{Database, block_on, on_both_databases};

use crate::app::Site;

/// A password that nobody has yet.
const OTHER: &str = "lantern orbit velvet 29";

on_both_databases! {
    async fn as_long_as_nobody_exists_the_sign_in_page_says_where_the_first_link_is(database) {
        let site = Site::empty(database, &[], Clock::system()).await;
        let page = site.stranger().get("/admin/sign-in").await;
        page.says("it writes a one-time link to its log");
        site.setup().administrator("ann").await;
        let page = site.stranger().get("/admin/sign-in").await;
        assert!(!page.text.contains("it writes a one-time link to its log"));
    }

    async fn an_invitation_that_is_opened_by_somebody_signed_in_ends_that_session(database) {
        let site = Site::on(database, &[]).await;
        let mut browser = site.browser(site.ann).await;
        let before = browser.clone();
        let (_, link) =
            site.service.people().password_link(&operations::command_line(), site.bob).await.unwrap();
        let form = [("password", OTHER), ("again", OTHER)];
        assert_eq!(browser.post(&format!("/admin/link/{link}"), &form).await.leads_to(), "/admin");
        assert_eq!(browser.get("/admin/users").await.status, 403, "it is bob's browser now");
        assert_eq!(before.clone().get("/admin").await.status, 303, "ann's session has ended");
    }

    async fn signing_in_leads_to_where_one_wanted_to_go_and_gives_another_cookie(database) {
        let site = Site::on(database, &[]).await;
        let mut browser = site.stranger();
        let asked = browser.get("/admin/history?kind=x").await;
        let way = asked.leads_to().to_owned();
        assert_eq!(way, "/admin/sign-in?next=%2Fadmin%2Fhistory%3Fkind%3Dx");
        let page = browser.get(&way).await;
        let before = browser.cookie.clone().unwrap();
        let form = [
            ("form_token", page.hidden("form_token")),
            ("next", page.hidden("next")),
            ("name", "Ann".to_owned()),
            ("password", PASSWORD.to_owned()),
        ];
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let seen = browser.send(Method::POST, "/admin/sign-in", &[], Some(&form)).await;
        assert_eq!(seen.leads_to(), "/admin/history?kind=x");
        let cookie = seen.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_ne!(browser.cookie.clone().unwrap(), before);
        assert_eq!(browser.get("/admin").await.status, 200);
        // The cookie from before is nobody's session.
        let mut other = site.stranger();
        other.cookie = Some(before);
        assert_eq!(other.get("/admin").await.status, 303);
    }

    async fn a_wrong_name_a_wrong_password_and_an_inactive_user_get_one_answer(database) {
        let site = Site::on(database, &[]).await;
        let actor = operations::command_line();
        site.service.people().set_active(&actor, "bob", false).await.unwrap();
        let mut answers = Vec::new();
        for (name, password) in
            [("nobody", PASSWORD), ("ann", "wrong password"), ("bob", PASSWORD), ("ann", "")]
        {
            let seen = site.stranger().sign_in(name, password).await;
            assert_eq!(seen.status, 401, "{name}");
            let shown = seen.text.replace(name, "NAME");
            let token = seen.hidden("form_token");
            answers.push(shown.replace(&token, "TOKEN"));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
    }

    async fn signing_out_ends_the_session_here_and_everywhere_all_of_them(database) {
        let site = Site::on(database, &[]).await;
        let (mut one, mut other) = (site.browser(site.ann).await, site.browser(site.ann).await);
        let copy = one.clone();
        assert!(one.post("/admin/sign-out", &[]).await.leads_to().contains("signed-out"));
        let mut copy = copy;
        assert_eq!(copy.get("/admin").await.status, 303, "the cookie is worth nothing any more");
        let mut third = site.browser(site.ann).await;
        let mut bob = site.browser(site.bob).await;
        other.get("/admin/account").await.says("this session");
        other.post("/admin/account/sign-out-everywhere", &[]).await;
        assert_eq!(third.get("/admin").await.status, 303);
        assert_eq!(bob.get("/admin").await.status, 200, "others stay");
    }

    async fn an_administrator_signs_a_user_out_and_no_browser_is_known_any_more(database) {
        let clock = Clock::manual(Clock::system().now());
        let site = Site::at(database, &[], clock.clone()).await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        let proof = site.service.people().proof_of_browser(site.bob).await.unwrap();
        let others = site.service.people().proof_of_browser(site.ann).await.unwrap();
        clock.advance(Duration::from_secs(1));
        let path = format!("/admin/users/{}", site.bob);
        ann.get(&path).await.says(&format!("{path}/sign-out"));
        assert!(site.service.people().known_browser(site.bob, &proof).await.is_some());
        let out = ann.post(&format!("{path}/sign-out"), &[]).await;
        assert_eq!(out.leads_to(), format!("{path}?done=user-signed-out"));
        ann.get(out.leads_to()).await.says("The user is signed out everywhere");
        assert_eq!(bob.get("/admin").await.status, 303);
        assert_eq!(site.service.people().known_browser(site.bob, &proof).await, None);
        assert!(site.service.people().known_browser(site.ann, &others).await.is_some());
        let audit = ann.get("/admin/audit").await;
        audit.says("signed out everywhere");
        clock.advance(Duration::from_secs(1));
        assert_eq!(bob.sign_in("bob", PASSWORD).await.leads_to(), "/admin");
        let proof = site.service.people().proof_of_browser(site.bob).await.unwrap();
        assert!(site.service.people().known_browser(site.bob, &proof).await.is_some());
    }

    async fn with_a_new_password_and_a_deactivation_no_browser_of_before_is_known(database) {
        let clock = Clock::manual(Clock::system().now());
        let site = Site::at(database, &[], clock.clone()).await;
        let people = site.service.people();
        let proof = people.proof_of_browser(site.bob).await.unwrap();
        clock.advance(Duration::from_secs(2));
        assert!(people.known_browser(site.bob, &proof).await.is_some());
        let actor = operations::command_line();
        people.set_password(&actor, "bob", &OTHER.into()).await.unwrap();
        assert_eq!(people.known_browser(site.bob, &proof).await, None);
        let proof = people.proof_of_browser(site.bob).await.unwrap();
        assert!(people.known_browser(site.bob, &proof).await.is_some(), "where it was chosen");
        clock.advance(Duration::from_secs(2));
        people.set_active(&actor, "bob", false).await.unwrap();
        people.set_active(&actor, "bob", true).await.unwrap();
        assert_eq!(people.known_browser(site.bob, &proof).await, None);
    }

    async fn a_sign_in_that_is_checked_while_the_password_changes_opens_nothing(database) {
        let site = Site::on(database, &[]).await;
        let people = site.service.people();
        let browser = Browser { address: "192.0.2.1".to_owned(), name: "a browser".to_owned() };
        let sign_in = |password: &str| {
            let (people, browser) = (people.clone(), browser.clone());
            let (name, password) = ("bob".to_owned(), password.into());
            let sign_in = SignIn { name, password, source: Source::Stranger };
            tokio::spawn(async move { people.sign_in(&sign_in, &browser).await })
        };
        // Strangers' passwords are checked one after the other: the right one waits for the others.
        let wrong: Vec<_> = (0..8).map(|_| sign_in(OTHER)).collect();
        tokio::time::sleep(Duration::from_millis(5)).await;
        let right = sign_in(PASSWORD);
        tokio::time::sleep(Duration::from_millis(5)).await;
        let transaction = site.service.store.begin().await.unwrap();
        users::set_password(&transaction, site.bob, "another hash", site.service.now().0).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(right.await.unwrap().unwrap().is_none());
        assert!(people.sessions_of(site.bob).await.unwrap().is_empty());
        for it in wrong {
            assert!(it.await.unwrap().unwrap().is_none());
        }
    }

    async fn the_first_administrator_is_made_by_the_link_and_by_it_once(database) {
        let site = Site::empty(database, &[], Clock::system()).await;
        let link = site.service.people().first_administrator_link().await.unwrap().unwrap();
        let path = format!("/admin/first/{link}");
        let mut browser = site.stranger();
        let page = browser.get(&path).await;
        let token = page.says("Welcome").hidden("form_token");
        let wrong = [("name", "ann"), ("password", "too short"), ("again", "too short")];
        let seen = browser.post_with(&token, &path, &wrong).await;
        assert_eq!(seen.status, 422);
        seen.says("at least 10 characters");
        let wrong = [("name", "ann"), ("password", PASSWORD), ("again", OTHER)];
        browser.post_with(&token, &path, &wrong).await.says("does not match");
        let right = [("name", "Ann"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(browser.post_with(&token, &path, &right).await.leads_to(), "/admin");
        browser.get("/admin").await.says("Add the first room");
        let mut second = site.stranger();
        assert_eq!(second.get(&path).await.status, 404);
        assert_eq!(second.post(&path, &right).await.status, 404);
        assert_eq!(second.sign_in("ann", PASSWORD).await.leads_to(), "/admin");
    }

    async fn the_first_link_is_good_while_nobody_can_sign_in_as_an_administrator(database) {
        let clock = Clock::manual(ical::Moment(crate::app::clock()));
        let site = Site::empty(database, &[], clock.clone()).await;
        let people = site.service.people();
        let link = people.first_administrator_link().await.unwrap().unwrap();
        let path = format!("/admin/first/{link}");
        // As the README does it: users first, and a password for none of them.
        for (name, is_administrator) in [("ann", true), ("bob", false)] {
            let new = users::NewUser { name, address: None, is_administrator };
            people.add_user(&operations::command_line(), &new, None).await.unwrap();
        }
        let mut browser = site.stranger();
        assert_eq!(browser.get(&path).await.status, 200);
        let taken = [("name", "bob"), ("password", PASSWORD), ("again", PASSWORD)];
        browser.post(&path, &taken).await.says("another user");
        // After its hour, opening it writes another one to the log, once.
        clock.advance(Duration::from_secs(3_601));
        let dead = browser.get(&path).await;
        assert_eq!(dead.status, 404);
        dead.says("in the server’s log").says("room-booking user add NAME --administrator");
        assert!(!people.needs_first_link().await.unwrap(), "there is another one");
        let link = people.first_administrator_link().await.unwrap().unwrap();
        let path = format!("/admin/first/{link}");
        // The administrator who has no password yet gets one.
        let form = [("name", "Ann"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(browser.post(&path, &form).await.leads_to(), "/admin");
        assert_eq!(users::all(&site.service.store).await.unwrap().len(), 2);
        let dead = site.stranger().get(&path).await;
        assert_eq!(dead.status, 404);
        dead.says("An administrator has been set up").says("/admin/sign-in");
        assert_eq!(people.first_administrator_link().await.unwrap(), None);
        let dead = site.stranger().get("/admin/link/nothing").await;
        dead.says("sign in with it").says("room-booking user password NAME");
    }

    async fn a_link_ends_with_a_change_of_the_password_a_newer_link_and_deactivation(database) {
        let site = Site::on(database, &[]).await;
        let (service, actor) = (&site.service, operations::command_line());
        let link = async || service.people().password_link(&actor, site.bob).await.unwrap().1;
        let works = async |link: &str| service.people().user_of_link(link).await.unwrap().is_some();
        // A newer link, also one of another purpose.
        let carla = site.setup().user("carla").await;
        let (_, invitation) = service.people().password_link(&actor, carla).await.unwrap();
        let (first, second) = (link().await, link().await);
        assert!(!works(&first).await && works(&second).await && works(&invitation).await);
        // The user's own change.
        let mut bob = site.browser(site.bob).await;
        let form = [("present", PASSWORD), ("password", OTHER), ("again", OTHER)];
        assert_eq!(bob.post("/admin/account/password", &form).await.status, 303);
        assert!(!works(&second).await && works(&invitation).await);
        // One by another link, and one on the command line.
        let (used, third) = (link().await, link().await);
        assert!(!works(&used).await);
        let form = [("password", PASSWORD), ("again", PASSWORD)];
        let path = format!("/admin/link/{third}");
        assert_eq!(site.stranger().post(&path, &form).await.status, 303);
        assert!(!works(&third).await);
        let fourth = link().await;
        service.people().set_password(&actor, "bob", &PASSWORD.into()).await.unwrap();
        service.people().set_password(&actor, "carla", &PASSWORD.into()).await.unwrap();
        assert!(!works(&fourth).await && !works(&invitation).await);
        // Deactivation, for good.
        let fifth = link().await;
        service.people().set_active(&actor, "bob", false).await.unwrap();
        service.people().set_active(&actor, "bob", true).await.unwrap();
        assert!(!works(&fifth).await);
    }

    async fn an_invitation_and_a_reset_let_choose_a_password_once(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let new = [("name", "Carla"), ("address", ""), ("role", "ordinary")];
        let made = ann.post("/admin/users", &new).await;
        assert_eq!(made.status, 200, "{made:?}");
        let link = |page: &harness::web::Answer| {
            let rest = page.text.split_once("/admin/link/").unwrap().1;
            format!("/admin/link/{}", rest.split('<').next().unwrap())
        };
        let path = link(&made);
        let mut carla = site.stranger();
        carla.get(&path).await.says("invited as “carla”");
        let form = [("password", "mosaic pepper tundra"), ("again", "mosaic pepper tundra")];
        assert_eq!(carla.post(&path, &form).await.leads_to(), "/admin");
        carla.get("/admin").await.says("You have no access to any calendar");
        assert_eq!(site.stranger().get(&path).await.status, 404, "it is used up");

        let user = site.service.people().user("carla").await.unwrap().id;
        let again = ann.post(&format!("/admin/users/{user}/link"), &[]).await;
        again.says("It works once, within one day");
        let path = link(&again);
        let other = [("password", OTHER), ("again", OTHER)];
        assert_eq!(site.stranger().post(&path, &other).await.status, 303);
        assert_eq!(carla.get("/admin").await.status, 303, "other sessions end");
        assert_eq!(site.stranger().sign_in("carla", "mosaic pepper tundra").await.status, 401);
        assert_eq!(site.stranger().sign_in("carla", OTHER).await.status, 303);
    }
}

#[test]
fn too_many_tries_are_refused_even_with_the_right_password() {
    block_on(async {
        let site = Site::new().await;
        let mut browser = site.stranger();
        assert_eq!(browser.sign_in("ann", "wrong password").await.status, 401);
        // The others at once, so that no slow machine has time to forget one.
        let local = std::net::IpAddr::from([127, 0, 0, 1]);
        while site.app.sign_ins.begin(local, "ann", None).is_ok() {}
        let seen = browser.sign_in("ann", PASSWORD).await;
        assert_eq!(seen.status, 429, "{seen:?}");
        assert!(!seen.header("retry-after").is_empty());
        seen.says("Too many attempts");
        // It is recorded like a wrong password: as one more of this address.
        site.service.people().write_security_events(true).await.unwrap();
        let (entries, _) = audit::page(&site.service.store, None, None, 10, 10).await.unwrap();
        let failed = entries.iter().filter(|it| it.action == Action::SignInFailed);
        assert_eq!(failed.count(), 2, "{entries:?}");
    });
}

#[test]
fn others_do_not_keep_a_user_out_of_a_browser_that_the_user_has_signed_in_with() {
    block_on(async {
        let site = Site::new().await;
        let (mut own, mut of_bob) = (site.stranger(), site.stranger());
        assert_eq!(own.sign_in("ann", PASSWORD).await.status, 303);
        assert_eq!(of_bob.sign_in("bob", PASSWORD).await.status, 303);
        own.post("/admin/sign-out", &[]).await;
        of_bob.post("/admin/sign-out", &[]).await;
        assert!(own.known[0].starts_with(&format!("room-booking-known-{}=", site.ann)));
        assert!(!own.known[0].contains("ann"));
        // An attacker beside them tries everything.
        let local = std::net::IpAddr::from([127, 0, 0, 1]);
        while site.app.sign_ins.begin(local, "ann", None).is_ok() {}
        assert_eq!(site.stranger().sign_in("ann", PASSWORD).await.status, 429);
        assert_eq!(of_bob.sign_in("ann", PASSWORD).await.status, 429, "it is known as bob's only");
        let mut forged = own.clone();
        forged.known = vec![
            of_bob.known[0]
                .replace(&format!("known-{}=", site.bob), &format!("known-{}=", site.ann)),
        ];
        assert_eq!(forged.sign_in("ann", PASSWORD).await.status, 429, "a proof is for its user");
        assert_eq!(own.sign_in("ann", "wrong password").await.status, 401);
        assert_eq!(own.sign_in("Ann ", PASSWORD).await.leads_to(), "/admin");
    });
}

#[test]
fn changing_the_password_needs_the_present_one_and_ends_other_sessions() {
    block_on(async {
        let site = Site::new().await;
        let (mut browser, mut other) = (site.browser(site.ann).await, site.browser(site.ann).await);
        let form = |present| [("present", present), ("password", OTHER), ("again", OTHER)];
        let seen = browser.post("/admin/account/password", &form("wrong password")).await;
        assert_eq!(seen.status, 422);
        seen.says("is not your current password");
        let seen = browser.post("/admin/account/password", &form(PASSWORD)).await;
        assert_eq!(seen.leads_to(), "/admin/account?done=password-changed");
        assert_eq!(browser.get("/admin").await.status, 200);
        assert_eq!(other.get("/admin").await.status, 303);
    });
}

#[test]
fn behind_tls_the_cookie_is_for_this_host_and_tls_only() {
    block_on(async {
        let database = Database::sqlite().await;
        let variables = [("PUBLIC_URL", "https://rooms.example.org")];
        let site = Site::on(database, &variables).await;
        let page = site.stranger().get("/admin/sign-in").await;
        let cookie = page.header("set-cookie");
        assert!(cookie.starts_with("__Host-room-booking="), "{cookie}");
        assert!(cookie.contains("; Secure") && cookie.contains("; Path=/;"), "{cookie}");
    });
}

#[test]
fn a_session_ends_after_twelve_hours_without_use_and_after_seven_days_with() {
    block_on(async {
        let database = Database::sqlite().await;
        let clock = Clock::manual(Clock::system().now());
        let site = Site::at(database, &[], clock.clone()).await;
        let idle = site.browser(site.bob).await;
        let mut used = site.stranger();
        used.sign_in("ann", PASSWORD).await;
        let mut hours = 0;
        while hours < 7 * 24 - 1 {
            let next = (hours + 11).min(7 * 24 - 1);
            clock.advance(Duration::from_secs((next - hours) * 3600));
            hours = next;
            assert_eq!(used.get("/admin").await.status, 200, "after {hours} hours");
        }
        let idle_status = idle.clone().get("/admin").await.status;
        clock.advance(Duration::from_secs(3600 + 1));
        let used_status = used.get("/admin").await.status;
        assert_eq!(idle_status, 303);
        assert_eq!(used_status, 303);
    });
}
