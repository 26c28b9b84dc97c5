//! The booking form: an event is booked again, and its organizer is chosen among people whom the rooms know.

use testing::on_both_databases;

use crate::app::{Site, event};

const ROOM: &str = "/admin/calendars/room-1";

/// The value of a field of a form.
fn value(page: &harness::web::Answer, name: &str) -> String {
    let field = page.text.split_once(&format!(" name=\"{name}\"")).unwrap().1;
    field.split_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

/// The addresses that the form proposes.
fn proposed(page: &harness::web::Answer) -> Vec<String> {
    let list = page.text.split_once("<datalist id=\"people\">").unwrap().1;
    let list = list.split_once("</datalist>").unwrap().0;
    let parts = list.split("<option value=\"").skip(1);
    parts.map(|it| it.split('"').next().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn an_event_is_booked_again_a_week_later_with_its_texts_but_without_a_token(database) {
        let site = Site::on(database, &[]).await;
        let token = format!("RB-{}", "2".repeat(22));
        let apple = event("a", "Apple", (8, 9), 9)
            .replace("SUMMARY", &format!("DESCRIPTION:Long {token}\\nlines\r\nSUMMARY"));
        site.import("room-1", &[apple]).await;
        let mut bob = site.browser(site.bob).await;
        let date = facts::time::rfc3339(&ical::Zone::utc(), site.service.now().plus(86_400));
        let week = bob.get(&format!("{ROOM}?date={}", &date[..10])).await;
        let seen = bob.get(&week.link(&format!("{ROOM}/event?uid=a"))).await;
        seen.says("Book again");
        let page = bob.get(&seen.link(&format!("{ROOM}/book?uid=a"))).await;
        assert_eq!(value(&page, "name"), "Apple");
        assert_eq!(value(&page, "organizer"), "a@example.org");
        page.says("Long RB-").says("\nlines</textarea>");
        assert!(!page.text.contains(&token), "{}", page.text);
        let form: Vec<(&str, String)> = ["once", "name", "start", "end", "organizer"]
            .map(|name| (name, value(&page, name))).into();
        let form: Vec<(&str, &str)> = form.iter().map(|it| (it.0, it.1.as_str())).collect();
        let done = bob.post(&format!("{ROOM}/book"), &form).await;
        assert!(done.leads_to().contains("done=booked"), "{done:?}");
        let calendar = site.service.calendar("room-1").await.unwrap();
        let now = site.service.now();
        let window = ical::Window { start: now, end: now.plus(20 * 86_400) };
        let reader = operations::Reader::administrator();
        let (events, _) = site.service.week(&calendar, window, &reader).await.unwrap();
        let zone = ical::Zone::iana("Europe/Berlin").unwrap();
        let local = |at| zone.civil(at);
        let (first, second) = (&events[0].event, &events[1].event);
        assert_eq!(local(second.start).0 - local(first.start).0, 7 * 86_400);
        assert_eq!((second.end.since(second.start), &*second.name), (3_600, "Apple"));
    }

    async fn a_private_event_is_booked_again_by_nobody_else_and_an_unknown_one_by_nobody(database) {
        let site = Site::on(database, &[]).await;
        let private = event("a", "Apple", (8, 9), 9).replace("SUMMARY", "CLASS:PRIVATE\r\nSUMMARY");
        site.import("room-1", std::slice::from_ref(&private)).await;
        let start = private.split_once("DTSTART:").unwrap().1.lines().next().unwrap();
        let start = format!("{}-{}-{}T08:00:00Z", &start[..4], &start[4..6], &start[6..8]);
        let start = facts::time::moment(&start, &ical::Zone::utc()).unwrap().0;
        let mut bob = site.browser(site.bob).await;
        for query in [format!("uid=a&original={start}"), "uid=other&original=5".to_owned()] {
            let seen = bob.get(&format!("{ROOM}/book?{query}")).await;
            assert_eq!(seen.status, 404, "{seen:?}");
            assert!(!seen.text.contains("Apple"), "{}", seen.text);
        }
        let mut ann = site.browser(site.ann).await;
        assert_eq!(value(&ann.get(&format!("{ROOM}/book?uid=a&original={start}")).await, "name"), "Apple");
    }

    async fn the_form_proposes_people_of_own_rooms_without_those_of_private_events(database) {
        let site = Site::on(database, &[]).await;
        let private = event("secret", "Secret", (12, 13), 9).replace("SUMMARY", "CLASS:CONFIDENTIAL\r\nSUMMARY");
        let evil = event("evil", "Evil", (13, 14), 9)
            .replace("mailto:evil@example.org", "mailto:\"><script>@example.org");
        let often = event("b", "Again", (10, 11), 9).replace("b@example", "a@example");
        let events = [event("a", "Apple", (8, 9), 9), often, event("c", "Citrus", (15, 16), 9), private, evil];
        site.import("room-1", &events).await;
        site.import("other", &[event("d", "Date", (8, 9), 9)]).await;
        let seen = site.browser(site.bob).await.get(&format!("{ROOM}/book")).await;
        seen.says("list=\"people\"");
        assert_eq!(proposed(&seen), ["a@example.org", "c@example.org"], "his rooms, the most frequent first");
        let all = proposed(&site.browser(site.ann).await.get(&format!("{ROOM}/book")).await);
        assert_eq!(all[..3], ["a@example.org", "c@example.org", "d@example.org"]);
        assert!(!all.iter().any(|it| it.contains("secret") || it.contains("script")), "{all:?}");
    }
}
