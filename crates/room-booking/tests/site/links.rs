//! Links in messages: what people reach by them without signing in.

use std::collections::BTreeMap;

use harness::setup::clear_request;
use harness::web::Browser;
use operations::{Clock, NewTemplate, Scope, command_line};
use reqwest::Method;
use smtp_peer::{Options, SmtpPeer, header};
use store::calendars::Calendar;
use testing::{Database, block_on, on_both_databases};

use crate::app::{Site, clock, event, mail_by};

/// A text that shows the links.
const TEXT: &str = "give-up {{ links.give_up or '' }}\nask {{ links.ask or '' }}\n\
                    all-dates {{ links.all_dates or '' }}\n\
                    {{ removal_at }}{{ is_warning_ended }}{{ is_ignored }}";

/// A series that repeats weekly, this number of times.
fn series(uid: &str, name: &str, created: i64, count: u32) -> String {
    let rule = format!("RRULE:FREQ=WEEKLY;COUNT={count}\r\nEND:VEVENT");
    event(uid, name, (8, 9), created).replace("END:VEVENT", &rule)
}

/// A site with a room that warns, where Berry loses to Apple, and the mail about that.
pub struct Warned {
    pub site: Site,
    peer: SmtpPeer,
}

impl Warned {
    pub async fn on(database: Database) -> Warned {
        let private =
            event("apple", "Apple", (8, 9), 9).replace("END:VEVENT", "CLASS:PRIVATE\r\nEND:VEVENT");
        let events = [private, event("berry", "Berry", (8, 9), 1)];
        Warned::of(database, clearing::ConflictHandling::Warn, &events).await
    }

    /// A site with a room of events, in which a run has been.
    async fn of(
        database: Database,
        conflicts: clearing::ConflictHandling,
        events: &[String],
    ) -> Warned {
        let peer = SmtpPeer::start(&Options::default());
        let port = peer.port.to_string();
        let mail = mail_by(&port);
        let present = Clock::manual(ical::Moment(clock()));
        let site = Site::at(database, &mail, present).await;
        let (subject, text) = ("s".to_owned(), TEXT.to_owned());
        let template = mail::Template { subject, text, html: None };
        let new = NewTemplate::written("ours", template);
        site.service.save_template(&command_line(), &new).await.unwrap();
        let template = Some(site.service.template("ours").await.unwrap().id);
        let calendar = site.service.calendar("room-1").await.unwrap();
        let contact_address = Some("desk@example.org".to_owned());
        let calendar = Calendar { conflicts, template, contact_address, ..calendar };
        site.service.set_calendar(&command_line(), &calendar).await.unwrap();
        site.import("room-1", events).await;
        site.service.clear_bookings(None, clear_request(Scope::All)).await.unwrap();
        site.service.deliver_due().await.unwrap();
        Warned { site, peer }
    }

    /// The paths of the links in the message to an address.
    pub fn links(&self, address: &str) -> BTreeMap<String, String> {
        let emails = self.peer.emails();
        let email = emails.iter().find(|it| header(it, "To") == Some(address)).unwrap();
        let lines = email["text"].as_str().unwrap().lines().map(str::to_owned);
        let link = |line: String| {
            let (name, url) = line.split_once(' ')?;
            let path = url.trim().find("/links/").map(|at| url[at..].trim().to_owned())?;
            Some((name.to_owned(), path))
        };
        lines.filter_map(link).collect()
    }

    fn stranger(&self) -> Browser {
        self.site.stranger()
    }

    async fn names(&self) -> String {
        let calendar = self.site.service.calendar("room-1").await.unwrap();
        let rows = store::objects::all(&self.site.service.store, calendar.id).await.unwrap();
        let mut uids: Vec<String> = rows.into_iter().map(|it| it.uid).collect();
        uids.sort();
        uids.join(" ")
    }
}

on_both_databases! {
    async fn programs_that_fetch_every_link_of_a_mail_change_nothing(database) {
        let it = Warned::on(database).await;
        for address in ["apple@example.org", "berry@example.org"] {
            for path in it.links(address).values() {
                for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
                    let answer = it.stranger().send(method.clone(), path, &[], None).await;
                    let is_shown = method == Method::GET || method == Method::HEAD;
                    assert_eq!(answer.status == 200, is_shown, "{method} {path}: {answer:?}");
                    assert!(!answer.headers.contains_key("set-cookie"));
                }
                let empty = it.stranger().send(Method::POST, path, &[], Some(&[])).await;
                assert_eq!(empty.status, 422, "a form without a choice");
                let odd = [("what", "event"), ("version", "")];
                let odd = it.stranger().send(Method::POST, path, &[], Some(&odd)).await;
                assert!(odd.status.is_client_error(), "nobody has seen what it is about: {odd:?}");
            }
        }
        assert_eq!(it.names().await, "apple berry");
        let all = store::pending::all_open(&it.site.service.store).await.unwrap();
        assert!(all.iter().all(|it| it.decision.is_none()));
    }

    async fn a_page_says_what_it_is_about_in_the_reader_s_language_and_one_button_does_it(database) {
        let it = Warned::on(database).await;
        let path = &it.links("berry@example.org")["give-up"];
        let page = it.stranger().get(path).await;
        page.says("Give up your booking?").says("The room-1").says("Berry").says(":00–").says("Private");
        page.says("desk@example.org").says("Europe/Berlin");
        assert!(!page.text.contains("Apple") && !page.text.contains("apple@"), "{}", page.text);
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
        assert_eq!(page.header("cache-control"), "no-store");
        let german = [("accept-language", "de")];
        let german = it.stranger().send(Method::GET, path, &german, None).await;
        german.says("Buchung aufgeben?").says("Überschneidet sich mit");
        let form = [("what", "event"), ("version", &page.hidden("version"))];
        let done = it.stranger().send(Method::POST, path, &[], Some(&form)).await;
        assert_eq!(done.leads_to(), path);
        it.stranger().get(path).await.says("Booking given up");
        assert_eq!(it.names().await, "apple");
        let again = it.stranger().send(Method::POST, path, &[], Some(&form)).await;
        assert_eq!(again.status, 409);
        again.says("used already");
        let mut ann = it.site.browser(it.site.ann).await;
        ann.get("/admin/history").await.says("by link, as berry@example.org");
    }

    async fn a_message_about_many_dates_leads_to_a_page_that_lists_all_of_them(database) {
        let events = [series("apple", "Apple", 9, 12), series("berry", "Berry", 1, 14)];
        let it = Warned::of(database, clearing::ConflictHandling::Remove, &events).await;
        let path = it.links("berry@example.org")["all-dates"].clone();
        let page = it.stranger().get(&path).await;
        page.says("All dates").says("Berry").says("were removed").says("Europe/Berlin");
        assert_eq!(page.text.matches(": Apple</li>").count(), 12, "{}", page.text);
        assert!(!page.text.contains("<button"), "there is nothing to do: {}", page.text);
        let form = [("what", "event"), ("version", "")];
        let done = it.stranger().send(Method::POST, &path, &[], Some(&form)).await;
        assert_eq!(done.status, 404);
    }

    async fn a_list_whose_dates_have_all_begun_has_expired(database) {
        let events = [series("apple", "Apple", 9, 12), series("berry", "Berry", 1, 14)];
        let it = Warned::of(database, clearing::ConflictHandling::Remove, &events).await;
        let path = it.links("berry@example.org")["all-dates"].clone();
        it.site.service.clock.advance(std::time::Duration::from_secs(12 * 7 * 86_400));
        let page = it.stranger().get(&path).await;
        assert_eq!(page.status, 410);
        page.says("This list has expired");
        assert!(!page.text.contains("Apple"), "{}", page.text);
    }

    async fn a_message_that_lists_all_its_dates_has_no_link_to_them(database) {
        let events = [series("apple", "Apple", 9, 10), series("berry", "Berry", 1, 14)];
        let it = Warned::of(database, clearing::ConflictHandling::Remove, &events).await;
        let links = it.links("berry@example.org");
        assert!(!links.contains_key("all-dates"), "{links:?}");
    }

    async fn whoever_asks_for_a_decision_is_seen_by_administrators(database) {
        let it = Warned::on(database).await;
        let path = &it.links("berry@example.org")["ask"];
        let page = it.stranger().get(path).await;
        page.says("Ask for a decision?");
        let form = [("what", "ask"), ("version", &page.hidden("version"))];
        assert_eq!(it.stranger().send(Method::POST, path, &[], Some(&form)).await.leads_to(), path);
        it.stranger().get(path).await.says("Decision requested");
        assert_eq!(it.stranger().get(path).await.header("content-language"), "en");
        let mut ann = it.site.browser(it.site.ann).await;
        ann.get("/admin").await.says("one organizer asks for a decision");
        ann.get("/admin/audit").await.says("decision requested").says("by link, as berry@example.org");
        ann.get("/admin/pending").await.says("organizer asks for a decision").says("Keep booking");
    }

    async fn an_address_that_is_no_link_is_not_found_and_too_many_have_to_wait(database) {
        let it = Warned::on(database).await;
        let path = &it.links("berry@example.org")["give-up"];
        let mut stranger = it.stranger();
        let forged = format!("{}A", &path[..path.len() - 1]);
        // What it ends with may be an A already.
        let forged = if forged == *path { format!("{}B", &path[..path.len() - 1]) } else { forged };
        for path in ["/links/1.AAAAAAAAAAAAAAAAAAAAAAAA", "/links/x", &forged] {
            let answer = stranger.get(path).await;
            assert_eq!(answer.status, 404, "{path}: {answer:?}");
        }
        let mut last = 0;
        for _ in 0..100 {
            last = stranger.get("/links/x").await.status.as_u16();
            if last == 429 {
                break;
            }
        }
        assert_eq!(last, 429);
    }
}

#[test]
fn a_form_of_a_link_is_bounded() {
    block_on(async {
        let it = Warned::on(Database::sqlite().await).await;
        let path = &it.links("berry@example.org")["give-up"];
        let long = "x".repeat(300_000);
        let form = [("what", "event"), ("version", long.as_str())];
        let answer = it.stranger().send(Method::POST, path, &[], Some(&form)).await;
        assert_eq!(answer.status, 413);
    });
}
