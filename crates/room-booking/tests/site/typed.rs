//! What was typed comes back after the session has ended.

use harness::web::Browser;
use testing::on_both_databases;

use crate::app::{Site, event};

const BOOK: &str = "/admin/calendars/room-1/book";

/// Ends all sessions of the user of a browser.
async fn end_sessions(site: &Site, user: store::UserId) {
    let transaction = site.service.store.begin().await.unwrap();
    store::sessions::end_all(&transaction, user).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Sends a long booking after the session of bob has ended; where the answer leads.
async fn lose(site: &Site, bob: &mut Browser, more: (&str, &str)) -> String {
    let page = bob.get(BOOK).await;
    let (token, user) = (page.hidden("form_token"), page.hidden("form_user"));
    end_sessions(site, site.bob).await;
    let form = [
        ("form_user", &*user),
        ("once", &*page.hidden("once")),
        ("name", "A long meeting"),
        ("start", "2126-01-07T10:00"),
        ("end", "2126-01-07T11:00"),
        ("description", "Many\r\nlines \"><script>alert(1)</script>"),
        more,
    ];
    bob.post_with(&token, BOOK, &form).await.leads_to().to_owned()
}

/// The same browser with another session.
async fn signed_in(site: &Site, browser: &Browser, user: store::UserId) -> Browser {
    browser.with_session_of(site.browser(user).await)
}

on_both_databases! {
    async fn what_was_typed_comes_back_once_and_nothing_is_done_with_it_before_it_is_sent_again(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        let way = lose(&site, &mut bob, ("only_if_free", "1")).await;
        assert!(way.starts_with("/admin/sign-in?done=session-over-kept&next="), "{way}");
        let page = bob.get(&way).await;
        page.says("the form comes back with what you typed");
        assert_eq!(page.hidden("next"), BOOK);
        let mut bob = signed_in(&site, &bob, site.bob).await;
        // Another page does not take it.
        bob.get("/admin").await;
        let seen = bob.get(BOOK).await;
        seen.says("This is what you typed before your session ended. Nothing has been sent yet.");
        seen.says("value=\"A long meeting\"").says("value=\"2126-01-07T10:00\"");
        seen.says("Many").says("&#60;script&#62;alert(1)");
        assert!(!seen.text.contains("<script>alert"), "{}", seen.text);
        let again = bob.get(BOOK).await;
        assert!(!again.text.contains("A long meeting"), "{}", again.text);
        let calendar = site.service.calendar("room-1").await.unwrap();
        let text = site.service.export(&calendar).await.unwrap();
        assert!(!String::from_utf8(text).unwrap().contains("A long meeting"));
        let form = [("name", "A long meeting"), ("start", "2126-01-07T10:00"), ("end", "2126-01-07T11:00")];
        assert_eq!(bob.post(BOOK, &form).await.status, 303);
    }

    async fn it_comes_back_to_nobody_else_at_the_same_browser(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        lose(&site, &mut bob, ("x", "y")).await;
        let mut ann = signed_in(&site, &bob, site.ann).await;
        let seen = ann.get(BOOK).await;
        assert!(!seen.text.contains("A long meeting"), "{}", seen.text);
        // Nor in another browser of his.
        let mut other = site.browser(site.bob).await;
        assert!(!other.get(BOOK).await.text.contains("A long meeting"));
    }

    async fn what_is_too_long_or_comes_from_elsewhere_is_not_kept(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        let way = lose(&site, &mut bob, ("x", &"y".repeat(70_000))).await;
        assert!(way.starts_with("/admin/sign-in?done=session-over&"), "{way}");
        let mut bob = site.browser(site.bob).await;
        end_sessions(&site, site.bob).await;
        let form = [("name", "Planted"), ("form_user", "2"), ("form_token", "guessed")];
        let seen = bob.send(reqwest::Method::POST, BOOK, &[], Some(&form)).await;
        assert!(seen.leads_to().starts_with("/admin/sign-in?done=session-over&"), "{seen:?}");
        let mut bob = signed_in(&site, &bob, site.bob).await;
        assert!(!bob.get(BOOK).await.text.contains("Planted"));
    }

    async fn a_change_comes_back_with_its_date_and_the_version_that_it_was_about(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 9), 9)]).await;
        let mut bob = site.browser(site.bob).await;
        let date = facts::time::rfc3339(&ical::Zone::utc(), site.service.now().plus(86_400));
        let week = bob.get(&format!("/admin/calendars/room-1?date={}", &date[..10])).await;
        let seen = bob.get(&week.link("/admin/calendars/room-1/event?uid=a")).await;
        let link = seen.link("/admin/calendars/room-1/event/change?");
        let page = bob.get(&link).await;
        let values = ["form_user", "uid", "original", "etag"].map(|name| (name, page.hidden(name)));
        let mut form: Vec<(&str, &str)> = values.iter().map(|it| (it.0, it.1.as_str())).collect();
        form.extend([("name", "Half a thought"), ("start", "2126-01-07T10:00"), ("end", "2126-01-07T11:00")]);
        let token = page.hidden("form_token");
        end_sessions(&site, site.bob).await;
        let path = "/admin/calendars/room-1/event/change";
        form.push(("form_token", &*token));
        let from = format!("http://localhost{link}");
        let lost = bob.send(reqwest::Method::POST, path, &[("referer", &*from)], Some(&form)).await;
        let way = lost.leads_to().to_owned();
        assert!(way.contains("done=session-over-kept"), "{way}");
        assert_eq!(bob.get(&way).await.hidden("next"), link);
        let mut bob = signed_in(&site, &bob, site.bob).await;
        let seen = bob.get(path).await;
        seen.says("value=\"Half a thought\"");
        assert_eq!(seen.hidden("etag"), values[3].1);
        assert_eq!(bob.get(path).await.status, 404, "it was given out once");
        // The way back leads to the date all the same.
        bob.get(&link).await.says("value=\"Apple\"");
    }
}
