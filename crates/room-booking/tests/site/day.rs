//! The day page: all rooms side by side, and the search for a free one.

use harness::clock::clock;
use harness::web::{Answer, Browser};
use harness::{NOW, seconds};
use operations::{Clock, command_line};
use reqwest::Method;
use store::calendars::Calendar;
use store::divided_series::{self, DividedSeries};
use store::rooms::Room;
use testing::{ics, on_both_databases};

use crate::app::{Site, event_after};

/// A site on 2 March 2026, 01:00 in Berlin.
async fn site(database: testing::Database) -> Site {
    Site::at(database, &[], clock()).await
}

/// An event on 3 March at full hours of UTC: an hour later in Berlin.
fn event(uid: &str, name: &str, hours: (i64, i64)) -> String {
    event_after(NOW, uid, name, hours, 5)
}

/// An event with these times, as iCalendar writes them.
fn at(uid: &str, start: &str, end: &str) -> String {
    let line = |name: &str, value: &str| format!("{name}{value}");
    ics::bare(uid)
        .line(line("DTSTART", start))
        .line(line("DTEND", end))
        .line(format!("SUMMARY:{uid}"))
        .component()
}

async fn add_room(site: &Site, slug: &str, zone: &str, room: Room) {
    site.setup().add(Calendar::built_in(slug, &format!("The {slug}"), zone), &["bob"]).await;
    let calendar = site.service.calendar(slug).await.unwrap();
    site.service.set_room(&command_line(), &calendar, &room).await.unwrap();
}

fn room(building: &str, seats: i64, features: &[&str]) -> Room {
    Room {
        building: Some(building.to_owned()),
        capacity: Some(seats),
        features: features.iter().map(|it| (*it).to_owned()).collect(),
        ..Room::default()
    }
}

/// A hall of 40 seats, and a lab of 8 and a den of 4 in the north wing, all of them bob's.
async fn with_rooms(database: testing::Database) -> Site {
    let site = site(database).await;
    add_room(&site, "hall", "Europe/Berlin", room("Main house", 40, &["projector", "stage"])).await;
    add_room(&site, "lab", "Europe/Berlin", room("North wing", 8, &["projector"])).await;
    add_room(&site, "den", "Europe/Berlin", room("North wing", 4, &[])).await;
    site
}

/// The part of the page about a room.
fn column<'p>(page: &'p Answer, slug: &str) -> &'p str {
    let mark = format!("aria-labelledby=\"r-{slug}\"");
    let (_, rest) = page.text.split_once(&mark).unwrap_or_else(|| panic!("no {slug}: {page:?}"));
    rest.split_once("</section>").unwrap().0
}

/// The rooms of the page, in its order.
fn columns(page: &Answer) -> Vec<&str> {
    let parts = page.text.split("aria-labelledby=\"r-").skip(1);
    parts.map(|it| it.split_once('"').unwrap().0).collect()
}

/// The rooms that were found, in the page's order.
fn found(page: &Answer) -> Vec<&str> {
    let list = page.text.split_once("class=\"found\"").map_or("", |(_, rest)| rest);
    let list = list.split_once("</section>").map_or("", |(list, _)| list);
    let parts = list.split("<li><span><a href=\"/admin/calendars/").skip(1);
    parts.map(|it| it.split_once('"').unwrap().0).collect()
}

/// Books a room that was found, as its button does.
async fn book(browser: &mut Browser, page: &Answer, slug: &str, name: &str) -> Answer {
    let names = ["once", "start", "end", "only_if_free", "from_day", "repeat", "every", "until"];
    let is_there = |it: &&str| page.text.contains(&format!("type=\"hidden\" name=\"{it}\""));
    let values: Vec<_> =
        names.into_iter().filter(is_there).map(|it| (it, page.hidden(it))).collect();
    let mut form = vec![("name", name)];
    form.extend(values.iter().map(|(name, value)| (*name, value.as_str())));
    for day in ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] {
        if page.text.contains(&format!("type=\"hidden\" name=\"days\" value=\"{day}\"")) {
            form.push(("days", day));
        }
    }
    browser.post(&format!("/admin/calendars/{slug}/book"), &form).await
}

on_both_databases! {
    async fn rooms_stand_side_by_side_with_what_is_booked_what_overlaps_and_what_is_free(database) {
        let site = site(database).await;
        let events = [event("a", "Apple", (8, 10)), event("b", "Berry", (9, 11)), event("c", "Citrus", (12, 13))];
        site.import("room-1", &events).await;
        let page = site.browser(site.bob).await.get("/admin?date=2026-03-03").await;
        page.says("<h1>Tuesday, 3 March 2026</h1>");
        assert_eq!(columns(&page), ["room-1"], "the other room is not his");
        let column = column(&page, "room-1");
        for part in [
            "class=\"twice t540 h120 l0-2\"", "Overlaps “Berry”", "Overlaps “Apple”",
            "class=\"stays t780 h60 m\"", "09:00–11:00", "08:00–09:00 free", "14:00–18:00 free",
            "/book?start=2026-03-03T14:00&#38;end=2026-03-03T15:00",
        ] {
            assert!(column.contains(part), "{part}: {column}");
        }
        assert!(!column.contains("class=\"now"), "it is another day");
        let all = site.browser(site.ann).await.get("/admin?date=2026-03-03").await;
        assert_eq!(columns(&all), ["other", "room-1"]);
        let today = site.browser(site.bob).await.get("/admin").await;
        today.says("<h1>Monday, 2 March 2026</h1>");
        assert!(today.text.contains("08:00–18:00 free"), "nothing is booked: {}", today.text);
    }

    async fn a_private_event_is_named_to_its_people_and_administrators_alone(database) {
        let site = site(database).await;
        let private = event("a", "Apple", (8, 10)).replace("SUMMARY", "CLASS:PRIVATE\r\nSUMMARY");
        site.import("room-1", &[private, event("b", "Berry", (9, 11))]).await;
        let page = site.browser(site.bob).await.get("/admin?date=2026-03-03").await;
        page.says("<b>Private</b>").says("Overlaps “Private”");
        assert!(!page.text.contains("Apple"), "{}", page.text);
        site.browser(site.ann).await.get("/admin?date=2026-03-03").await.says("Overlaps “Apple”");
    }

    async fn days_with_a_clock_change_whole_days_nights_and_moments_are_shown_where_they_are(database) {
        let site = site(database).await;
        let events = [
            at("shift", ":20261025T003000Z", ":20261025T013000Z"),
            at("fair", ";VALUE=DATE:20261025", ";VALUE=DATE:20261026"),
            at("night", ":20261025T210000Z", ":20261026T010000Z"),
            at("bell", ":20261026T090000Z", ":20261026T090000Z"),
            at("early", ":20260329T003000Z", ":20260329T013000Z"),
        ];
        site.import("room-1", &events).await;
        let mut bob = site.browser(site.bob).await;
        // 25 hours: from the first 02:30 to the second.
        let page = bob.get("/admin?date=2026-10-25").await;
        let of_day = column(&page, "room-1");
        for part in [
            "The clock changes on this day", "02:30 UTC+2–02:30 UTC+1", "22:00–24:00",
            "<ul class=\"all-day\"><li class=\"twice", "<b>fair</b>",
        ] {
            assert!(of_day.contains(part), "{part}: {of_day}");
        }
        assert!(!of_day.contains("free</"), "the fair has the room: {of_day}");
        let page = bob.get("/admin?date=2026-10-26").await;
        let of_day = column(&page, "room-1");
        assert!(of_day.contains("00:00–02:00") && of_day.contains("class=\"free t600 h30 s\""), "{of_day}");
        // 23 hours: from 01:30 to 03:30, which is an hour.
        let page = bob.get("/admin?date=2026-03-29").await;
        let of_day = column(&page, "room-1");
        assert!(of_day.contains("The clock changes") && of_day.contains("01:30–03:30"), "{of_day}");
        assert!(of_day.contains("03:30–18:00 free"), "{of_day}");
    }

    async fn each_room_is_shown_on_its_own_clock_and_the_present_is_marked_on_it(database) {
        let site = site(database).await;
        add_room(&site, "tokyo", "Asia/Tokyo", Room::default()).await;
        site.import("tokyo", &[event_after(NOW - 86_400, "a", "Apple", (0, 1), 5)]).await;
        let page = site.browser(site.ann).await.get("/admin").await;
        page.says("<h1>Monday, 2 March 2026</h1>").says("Times in Europe/Berlin");
        let tokyo = column(&page, "tokyo");
        assert!(tokyo.contains("Times in Asia/Tokyo") && tokyo.contains("09:00–10:00"), "{tokyo}");
        assert!(tokyo.contains("class=\"now t540\""), "{tokyo}");
        let berlin = column(&page, "room-1");
        assert!(!berlin.contains("class=\"now"), "01:00 is not among the hours: {berlin}");
    }

    async fn a_free_room_is_found_smallest_first_and_booked_at_once(database) {
        let site = with_rooms(database).await;
        site.import("lab", &[event("a", "Apple", (13, 14))]).await;
        let mut bob = site.browser(site.bob).await;
        let query = "/admin?date=2026-03-03&from=14:00&minutes=60";
        let page = bob.get(query).await;
        assert_eq!(found(&page), ["den", "hall", "room-1"], "the lab is taken, the other room is not his");
        page.says("Tuesday, 3 March 2026, 14:00–15:00").says("class=\"want t840 h60\"");
        page.says("40 seats · Main house");
        let page = bob.get(&format!("{query}&seats=5&feature=projector")).await;
        assert_eq!(found(&page), ["hall"]);
        assert_eq!(columns(&page), ["hall", "lab"]);
        let booked = book(&mut bob, &page, "hall", "Planning").await;
        assert!(booked.leads_to().starts_with("/admin?done=booked&date=2026-03-03&room=hall&uid="), "{booked:?}");
        let page_after = bob.get(booked.leads_to()).await;
        page_after.says("<b>Planning</b>").says("14:00–15:00");
        page_after.says("Booked. <a href=\"/admin/calendars/hall/event?uid=");
        page_after.says(">Planning, The hall, Tue 3 Mar 2026, 14:00–15:00</a>");
        // The same form once more books nothing else, and the page of somebody else is late.
        assert_eq!(book(&mut bob, &page, "hall", "Planning").await.status, 303);
        let mut ann = site.browser(site.ann).await;
        let late = book(&mut ann, &page, "hall", "Pitch").await;
        assert_eq!(late.status, 409);
        late.says("The room is taken").says("Planning");
        let page = bob.get(&format!("{query}&seats=30")).await;
        assert!(found(&page).is_empty());
        page.says("No room is free at that time");
        // The same form books another room, too.
        let page = bob.get("/admin?date=2026-03-03&from=16:00&minutes=30").await;
        assert_eq!(book(&mut bob, &page, "den", "Call").await.status, 303);
        assert_eq!(book(&mut bob, &page, "lab", "Call").await.status, 303);
        // Other people's rooms are not there.
        assert_eq!(book(&mut bob, &page, "other", "Call").await.status, 404);
    }

    async fn a_series_is_found_on_its_weekdays_and_booked_as_one(database) {
        let site = with_rooms(database).await;
        site.import("den", &[event_after(NOW + 8 * 86_400, "a", "Apple", (13, 14), 5)]).await;
        let mut bob = site.browser(site.bob).await;
        // From a Tuesday on, on Wednesdays and Thursdays of every second week; 11 March is not among them.
        let query = "/admin?date=2026-03-03&from=14:00&minutes=60&seats=1&repeat=FREQ%3DWEEKLY\
                     &days=WE&days=TH&until=2026-03-31";
        let page = bob.get(&format!("{query}&every=2")).await;
        page.says("Wednesday, 4 March 2026, 14:00–15:00");
        assert_eq!(found(&page), ["den", "lab", "hall"]);
        let page = bob.get(&format!("{query}&every=1")).await;
        assert_eq!(found(&page), ["lab", "hall", "den"]);
        page.says("Not free on 1 of 8 dates: Wed 11 Mar 2026");
        assert!(!page.text.contains("formaction=\"/admin/calendars/den/book\""));
        let booked = book(&mut bob, &page, "lab", "Course").await;
        assert!(booked.leads_to().starts_with("/admin?done=booked&date=2026-03-04&room=lab&uid="));
        for (date, is_there) in [("2026-03-05", true), ("2026-03-06", false), ("2026-03-26", true), ("2026-04-01", false)] {
            let page = bob.get(&format!("/admin?date={date}")).await;
            assert_eq!(page.text.contains("<b>Course</b>"), is_there, "{date}");
        }
    }

    async fn whole_days_are_found_and_booked(database) {
        let site = with_rooms(database).await;
        site.import("den", &[event("a", "Apple", (13, 14))]).await;
        let mut bob = site.browser(site.bob).await;
        let page = bob.get("/admin?date=2026-03-03&minutes=1440&seats=1").await;
        assert_eq!(found(&page), ["lab", "hall"]);
        let form = [("name", "Fair"), ("start", &*page.hidden("start")), ("end", &*page.hidden("end")),
            ("all_day", "1"), ("only_if_free", "1")];
        page.says("name=\"all_day\" value=\"1\"");
        assert_eq!(bob.post("/admin/calendars/hall/book", &form).await.status, 303);
        let page = bob.get("/admin?date=2026-03-03").await;
        assert!(column(&page, "hall").contains("all day"), "{}", page.text);
        let next = bob.get("/admin?date=2026-03-04").await;
        assert!(!next.text.contains("Fair"), "it is one day");
    }

    async fn what_is_wrong_with_a_search_is_said_at_its_field(database) {
        let site = with_rooms(database).await;
        let mut bob = site.browser(site.bob).await;
        for (query, text) in [
            ("from=25:00", "Free from: must be a time such as 14:30"),
            ("from=x", "Free from: must be a time such as 14:30"),
            ("from=14:00&seats=none", "People: must be a whole number within the allowed range"),
            ("from=14:00&repeat=FREQ%3DDAILY&every=0", "Every: must be a whole number within the allowed range"),
            ("from=14:00&repeat=FREQ%3DDAILY&until=soon", "Until: must be a date"),
            ("from=14:00&repeat=FREQ%3DDAILY&until=2026-03-01", "Repeat: "),
        ] {
            let page = bob.get(&format!("/admin?date=2026-03-03&{query}")).await;
            assert_eq!(page.status, 200, "{query}");
            page.says("There is a problem").says(text);
            assert!(found(&page).is_empty(), "{query}");
        }
        // What is no date is today, and what lies beyond all bookings is their last day.
        bob.get("/admin?date=x").await.says("<h1>Monday, 2 March 2026</h1>");
        bob.get("/admin?date=9999-01-01&from=14:00").await.says("2200</h1>");
    }

    async fn a_time_that_is_over_is_booked_only_if_somebody_says_so(database) {
        let site = Site::at(database, &[], Clock::manual(seconds(12 * 3_600))).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = vec![("name", "Late"), ("start", "2026-03-02T10:00"), ("end", "2026-03-02T11:00"),
            ("only_if_free", "1"), ("from_day", "1")];
        let asked = bob.post("/admin/calendars/room-1/book", &form).await;
        assert_eq!(asked.status, 422);
        asked.says("This time is in the past").says("name=\"in_past\"").says("name=\"from_day\"");
        asked.says("<a class=\"button quiet\" href=\"/admin\">");
        assert!(!bob.get("/admin").await.text.contains("Late"), "nothing is booked");
        form.push(("in_past", "1"));
        let booked = bob.post("/admin/calendars/room-1/book", &form).await;
        assert!(booked.leads_to().starts_with("/admin?done=booked&date=2026-03-02&room=room-1&uid="));
        let page = bob.get("/admin").await;
        page.says("class=\"stays over t600 h60 m\"").says("class=\"now t780\"");
        page.says("13:00–18:00 free");
        // What is on is not over.
        let form = [("name", "Now"), ("start", "2026-03-02T12:30"), ("end", "2026-03-02T13:30")];
        assert_eq!(bob.post("/admin/calendars/room-1/book", &form).await.status, 303);
    }

    async fn many_rooms_are_filtered_and_shown_page_by_page(database) {
        let site = with_rooms(database).await;
        for number in 10..32 {
            let like = room("Tower", number, &[]);
            add_room(&site, &format!("tower-{number}"), "Europe/Berlin", like).await;
        }
        let mut bob = site.browser(site.bob).await;
        let page = bob.get("/admin?date=2026-03-03").await;
        page.says("Rooms 1 to 16 of 26");
        assert_eq!(columns(&page).len(), 16);
        let second = page.link("/admin?date=2026-03-03&#38;page=2").replace("&#38;", "&");
        let second = bob.get(&second).await;
        assert_eq!(columns(&second).last(), Some(&"tower-31"));
        let page = bob.get("/admin?date=2026-03-03&room=tower-31").await;
        assert_eq!(columns(&page), columns(&second), "the room that was booked is on the page");
        let page = bob.get("/admin?date=2026-03-03&building=Tower&seats=12").await;
        assert_eq!(columns(&page).len(), 16);
        let next = page.link("/admin?date=2026-03-04");
        assert_eq!(next, "/admin?date=2026-03-04&building=Tower&seats=12", "filters stay");
        let page = bob.get("/admin?building=Nowhere").await;
        assert!(columns(&page).is_empty());
        page.says("No results");
    }

    async fn a_series_that_stays_partly_changed_needs_attention_after_an_hour(database) {
        let site = site(database).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let row = DividedSeries {
            calendar_id: calendar.id,
            uid: "series".to_owned(),
            next_uid: "rest".to_owned(),
            original: seconds(NOW).0,
            is_restored: false,
        };
        let transaction = site.service.store.begin().await.unwrap();
        divided_series::insert(&transaction, &row, site.service.now().0).await.unwrap();
        transaction.commit().await.unwrap();
        let mut ann = site.browser(site.ann).await;
        let text = "Series that are partly changed";
        assert!(!ann.get("/admin").await.text.contains(text), "it is tried again every minute");
        site.service.clock.advance(std::time::Duration::from_secs(3_601));
        ann.get("/admin").await.says(text);
    }

    async fn who_has_no_room_is_told_whom_to_ask(database) {
        let site = site(database).await;
        let eve = site.setup().user("eve").await;
        let page = site.browser(eve).await.get("/admin").await;
        page.says("You have no access to any calendar");
        assert!(!page.text.contains("role=\"search\""), "there is nothing to search");
        let german = [("accept-language", "de")];
        let page = site.browser(site.bob).await.send(Method::GET, "/admin", &german, None).await;
        page.says("Montag, 2. März 2026").says("Raum finden").says("Zu erledigen");
    }
}
