//! Priority tokens on the site.

use store::tokens;
use testing::on_both_databases;

use crate::app::{Site, event};

/// The text of the token on the page that shows it.
fn shown(page: &str) -> String {
    clearing::tokens_in(page).next().unwrap().to_owned()
}

fn with_token(uid: &str, token: &str, hours: (i64, i64)) -> String {
    event(uid, uid, hours, 1).replace("SUMMARY", &format!("DESCRIPTION:{token}\r\nSUMMARY"))
}

on_both_databases! {
    async fn a_token_is_made_and_shown_once_and_never_again(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/priorities").await.says("Priority tokens");
        let form = [("label", "Board"), ("events", "2"), ("calendar", "room-1"), ("once", "1")];
        let made = ann.post("/admin/tokens", &form).await;
        made.says("It is shown only once");
        let token = shown(&made.text);
        let again = ann.post("/admin/tokens", &form).await;
        assert_eq!(again.status, 409, "a page that is reloaded makes no further token");
        let list = ann.get("/admin/tokens").await;
        list.says("Board").says("only room-1").says("0 of 2 events").says("Valid");
        let one = ann.get("/admin/tokens/1").await;
        one.says("Board").says("No event uses this token");
        for page in [&list, &one] {
            assert!(!page.text.contains(&token), "{}", page.text);
        }
        assert!(!ann.get("/admin/audit").await.says("priority token created").text.contains(&token));
        assert_eq!(ann.get("/admin/tokens/2").await.status, 404);
    }

    async fn what_is_wrong_with_a_token_stands_beside_its_field(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let form = [("label", " "), ("events", "many"), ("expiry", "2020-01-01")];
        let seen = ann.post("/admin/tokens", &form).await;
        assert_eq!(seen.status, 422);
        seen.says("1 to 1,000 events").says("must be in the future").says("1 to 100 characters");
        let seen = ann.post("/admin/tokens", &[("label", "x"), ("expiry", "soon")]).await;
        assert_eq!(seen.status, 422);
        assert!(tokens::all(&site.service.store).await.unwrap().is_empty());
    }

    async fn the_events_of_a_token_are_listed_renewed_and_removed(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let made = ann.post("/admin/tokens", &[("label", "Board"), ("events", "1")]).await;
        let token = shown(&made.text);
        let events = [with_token("first", &token, (8, 9)), with_token("second", &token, (10, 11))];
        for it in events {
            site.import("room-1", &[it]).await;
        }
        let page = ann.get("/admin/tokens/1").await;
        page.says("first").says("Bound").says("used up by other events").says("1 of 1 events");
        assert!(!page.text.contains(&token), "{}", page.text);
        assert_eq!(ann.post("/admin/tokens/1/bindings/2/renew", &[]).await.status, 409);
        assert_eq!(ann.post("/admin/tokens/2/bindings/1/remove", &[]).await.status, 404);
        let done = ann.post("/admin/tokens/1/bindings/1/remove", &[]).await;
        assert_eq!(done.leads_to(), "/admin/tokens/1?done=binding-removed");
        ann.get("/admin/tokens/1?done=binding-removed").await.says("Removed").says("0 of 1 events");
        let done = ann.post("/admin/tokens/1/bindings/2/renew", &[]).await;
        assert_eq!(done.leads_to(), "/admin/tokens/1?done=binding-renewed");
        ann.get("/admin/tokens/1").await.says("1 of 1 events");
        let audit = ann.get("/admin/audit").await;
        audit.says("token binding renewed").says("UID of the event: second");
        let done = ann.post("/admin/tokens/1/remove", &[]).await;
        assert_eq!(done.leads_to(), "/admin/tokens?done=token-removed");
        ann.get("/admin/tokens?done=token-removed").await.says("No tokens yet");
        assert!(tokens::bindings(&site.service.store, None).await.unwrap().is_empty());
    }

    async fn no_page_of_an_event_or_of_its_past_shows_a_token(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let made = ann.post("/admin/tokens", &[("label", "Board"), ("events", "1")]).await;
        let token = shown(&made.text);
        let named = with_token("early", &token, (8, 9)).replace("SUMMARY:", "SUMMARY:Talk ");
        let named = named.replace("SUMMARY:Talk", &format!("SUMMARY:Talk {token}"));
        site.import("room-1", &[named]).await;
        site.import("room-1", &[event("late", "Late", (8, 10), 0)]).await;
        let mut pages = Vec::new();
        for path in ["", "/preview"] {
            pages.push(ann.get(&format!("/admin/calendars/room-1{path}")).await);
        }
        let deleted = ann.post("/admin/calendars/room-1/event/delete", &[("uid", "early")]).await;
        assert_eq!(deleted.status, 303, "{deleted:?}");
        let history = ann.get("/admin/history").await;
        let past = ann.get(&history.link("/admin/history/")).await;
        past.says("DESCRIPTION:RB-…");
        pages.extend([history, past]);
        for page in pages {
            page.says("Talk RB-…");
            assert!(!page.text.contains(&token), "{}", page.text);
        }
    }
}
