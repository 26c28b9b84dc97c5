//! The week and the page of an event: that they say the same, and the truth.

use harness::web::Browser;
use testing::on_both_databases;

use crate::app::{Site, clock, event};

const ROOM: &str = "/admin/calendars/room-1";

/// Hours from the last full hour to tomorrow's midnight, as [`event`] counts.
fn this_hour() -> i64 {
    clock().rem_euclid(86_400) / 3600 - 24
}

/// The page of the event of a UID that begins at such an hour.
async fn page_of(browser: &mut Browser, uid: &str, hour: i64) -> harness::web::Answer {
    let midnight = clock().div_euclid(86_400) * 86_400 + 86_400;
    browser.get(&format!("{ROOM}/event?uid={uid}&start={}", midnight + hour * 3600)).await
}

/// The local day of an hour, as a date in paths.
fn day_of(hour: i64) -> String {
    let midnight = clock().div_euclid(86_400) * 86_400 + 86_400;
    let zone = ical::Zone::iana("Europe/Berlin").unwrap();
    facts::time::rfc3339(&zone, ical::Moment(midnight + hour * 3600))[..10].to_owned()
}

on_both_databases! {
    async fn the_page_of_an_event_that_is_on_says_what_the_week_says(database) {
        let site = Site::on(database, &[]).await;
        let now = this_hour();
        let events = [
            event("a", "Apple", (now - 1, now + 3), 9),
            event("b", "Berry", (now - 1, now + 3), 5),
            event("long", "Long loan", (now - 100, now + 100), 6),
        ];
        site.import("room-1", &events).await;
        let mut ann = site.browser(site.ann).await;
        let left = "This event overlaps “Apple” and is kept. It has already begun.";
        let goes = "This event overlaps “Apple”, which keeps the room. The other event has held the time longer.";
        ann.get(&format!("{ROOM}?date={}", day_of(now))).await.says(left).says(goes);
        page_of(&mut ann, "b", now - 1).await.says(left).says("badge quiet");
        page_of(&mut ann, "long", now - 100).await.says(goes).says("event-card goes");
        ann.get(&format!("{ROOM}?date={}", day_of(now - 100))).await.says(goes);
    }

    async fn the_stronger_of_two_meetings_that_are_on_is_marked_as_such(database) {
        let site = Site::on(database, &[]).await;
        let now = this_hour();
        let hours = (now - 1, now + 3);
        site.import("room-1", &[event("a", "Apple", hours, 9), event("b", "Berry", hours, 5)]).await;
        let mut ann = site.browser(site.ann).await;
        let why = "This event overlaps “Berry” and ranks higher. It has held the time longer.";
        page_of(&mut ann, "a", now - 1).await.says(why).says("event-card wins");
        let week = ann.get(&format!("{ROOM}?date={}", day_of(now))).await;
        week.says(why).says("slot-event wins");
    }

    async fn what_lies_beyond_the_horizon_is_not_called_settled(database) {
        let site = Site::on(database, &[]).await;
        let far = 24 * 400;
        let events = [
            event("a", "Apple", (far + 8, far + 10), 9),
            event("b", "Berry", (far + 9, far + 11), 5),
            event("c", "Citrus", (far + 12, far + 13), 5),
        ];
        site.import("room-1", &events).await;
        let mut ann = site.browser(site.ann).await;
        let week = ann.get(&format!("{ROOM}?date={}", day_of(far + 8))).await;
        week.says("slot-event alone").says("not decided yet");
        let text = "It begins after the period that this calendar looks ahead";
        page_of(&mut ann, "b", far + 9).await.says(&format!("This event overlaps “Apple”. {text}"));
        page_of(&mut ann, "a", far + 8).await.says(&format!("This event overlaps “Berry”. {text}"));
        let page = page_of(&mut ann, "c", far + 12).await;
        page.says(&format!("This event has the room. {text}"));
        assert!(!page.text.contains("No other event overlaps it"));
    }

    async fn an_hour_that_the_clock_shows_twice_is_told_apart(database) {
        let site = Site::on(database, &[]).await;
        let at = |uid: &str, start: &str, end: &str| {
            format!(
                "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:{uid}\r\n\
                 DTSTART:{start}\r\nDTEND:{end}\r\nEND:VEVENT\r\n"
            )
        };
        // The clock is set back on 31 October 2100, from 03:00 to 02:00.
        let events = [
            at("shift", "21001031T003000Z", "21001031T013000Z"),
            at("loan", "21001025T080000Z", "21001101T100000Z"),
        ];
        site.import("room-1", &events[..1]).await;
        let mut ann = site.browser(site.ann).await;
        let week = ann.get(&format!("{ROOM}?date=2100-10-31")).await;
        week.says("The clock changes on this day").says("02:30 UTC+2–02:30 UTC+1");
        ann.get(&week.link(&format!("{ROOM}/event?"))).await.says("02:30 UTC+2–02:30 UTC+1");
        site.import("room-1", &events[1..]).await;
        let week = ann.get(&format!("{ROOM}?date=2100-10-31")).await;
        week.says("from 10:00, until Mon 1 Nov 2100, 11:00");
        week.says("all day, until Mon 1 Nov 2100, 11:00");
        let week = ann.get(&format!("{ROOM}?date=2100-11-01")).await;
        week.says("until 11:00, since Mon 25 Oct 2100, 10:00");
    }

    async fn a_date_of_a_series_says_what_is_for_all_of_it_and_by_what_it_is_prioritised(database) {
        let site = Site::on(database, &[]).await;
        let series = event("s", "Board meeting", (8, 10), 1)
            .replace("END:VEVENT", "RRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT");
        site.import("room-1", &[series, event("a", "Apple", (32, 34), 9)]).await;
        let mut ann = site.browser(site.ann).await;
        let page = page_of(&mut ann, "s", 8).await;
        assert_eq!(page.text.matches("to all dates of the series").count(), 2, "{}", page.text);
        assert!(!page.text.contains("prioritised by its name"));
        let lines = ann.get(&format!("{ROOM}/preview")).await.boxes("line");
        ann.post(&format!("{ROOM}/apply"), &[("line", lines[0].as_str())]).await;
        let removal = ann.get("/admin/history").await.link("/admin/history/");
        ann.get(&removal).await.says("Protect the whole series with all its dates");
        ann.post(&format!("{ROOM}/priorities"), &[("kind", "name"), ("value", "board")]).await;
        let page = page_of(&mut ann, "s", 8).await;
        page.says("It is prioritised by its name or its organizer.").says("Prioritise event");
        let mut bob = site.browser(site.bob).await;
        page_of(&mut bob, "s", 8).await.says("It is prioritised by its name or its organizer.");
    }

    async fn the_week_counts_every_event_that_would_go_once(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        // The night from Tuesday to Wednesday of the week after next, and two whole days after it.
        let tomorrow = (clock().div_euclid(86_400) + 1) as ical::civil::Day;
        let tuesday = 24 * (15 - i64::from(ical::civil::weekday(tomorrow)));
        let path = format!("{ROOM}?date={}", day_of(tuesday + 12));
        assert!(!ann.get(&path).await.text.contains("would be removed, because"));
        let night = (tuesday + 20, tuesday + 26);
        site.import("room-1", &[event("a", "Apple", night, 9), event("b", "Berry", night, 1)]).await;
        ann.get(&path).await.says("One event would be removed, because");
        let days = [("c", 9), ("d", 1)].map(|(uid, days_ago)| {
            let dates = [48, 96].map(|hour| day_of(tuesday + hour).replace('-', ""));
            let text = event(uid, uid, (0, 1), days_ago);
            let lines = text.split_inclusive("\r\n").map(|line| {
                match line.split_once(':') {
                    Some(("DTSTART", _)) => format!("DTSTART;VALUE=DATE:{}\r\n", dates[0]),
                    Some(("DTEND", _)) => format!("DTEND;VALUE=DATE:{}\r\n", dates[1]),
                    _ => line.to_owned(),
                }
            });
            lines.collect::<String>()
        });
        site.import("room-1", &days).await;
        ann.get(&path).await.says("2 events would be removed, because");
    }

    async fn the_week_page_opens_on_the_first_week_that_has_an_event_ahead(database) {
        let site = Site::at(database, &[], saturday()).await;
        let mut ann = site.browser(site.ann).await;
        let this_week = "Monday, 23 November";
        ann.get(ROOM).await.says(this_week).says("Nothing is booked this week.");
        let over = dated("over", "Over", "20261127T100000Z", "20261127T110000Z");
        site.import("room-1", &[over, dated("a", "Apple", "20261209T100000Z", "20261209T110000Z")]).await;
        let skipped = "There are no more bookings this week.";
        let page = ann.get(ROOM).await;
        page.says("Monday, 7 December").says(skipped).says("Apple");
        // From there a link leads to the week of today, and a date is shown as it was asked for.
        let today = page.link(&format!("{ROOM}?date=2026-11-28"));
        let page = ann.get(&today).await;
        page.says(this_week).says("Over");
        assert!(!page.text.contains(skipped));
        // What is on, or comes later today, is ahead.
        site.import("room-1", &[dated("b", "Berry", "20261128T230000Z", "20261128T233000Z")]).await;
        ann.get(ROOM).await.says(this_week).says("Berry");
    }

    async fn a_week_without_a_double_booking_names_the_next_one_and_links_to_it(database) {
        let site = Site::at(database, &[], saturday()).await;
        let mut ann = site.browser(site.ann).await;
        let next = "Next double booking:";
        assert!(!ann.get(ROOM).await.text.contains(next));
        let events = [
            dated("over-1", "Over 1", "20261127T100000Z", "20261127T110000Z"),
            dated("over-2", "Over 2", "20261127T100000Z", "20261127T110000Z"),
            dated("a", "Apple", "20261209T100000Z", "20261209T110000Z"),
            dated("b", "Berry", "20261209T103000Z", "20261209T113000Z"),
            dated("c", "Citrus", "20261216T103000Z", "20261216T113000Z"),
            dated("d", "Damson", "20261216T103000Z", "20261216T113000Z"),
        ];
        site.import("room-1", &events).await;
        for date in ["2026-11-28", "2027-03-01"] {
            let page = ann.get(&format!("{ROOM}?date={date}")).await;
            page.says("Next double booking: Wednesday, 9 December 2026, 11:30, Berry");
            let path = page.link(&format!("{ROOM}?date=2026-12-09"));
            let page = ann.get(&path).await;
            page.says("One event would be removed");
            assert!(!page.text.contains(next), "it is on this page");
        }
    }

    async fn events_outside_the_office_hours_fold_away_and_are_open_if_one_would_be_removed(database) {
        let site = Site::at(database, &[], saturday()).await;
        let events = [
            dated("night", "Night", "20261209T020000Z", "20261209T030000Z"),
            dated("early", "Early", "20261209T063000Z", "20261209T073000Z"),
            dated("a", "Apple", "20261210T200000Z", "20261210T213000Z"),
            dated("b", "Berry", "20261210T200000Z", "20261210T210000Z"),
        ];
        site.import("room-1", &events).await;
        let mut bob = site.browser(site.bob).await;
        let page = bob.get(&format!("{ROOM}?date=2026-12-09")).await;
        page.says("<details class=\"fold early\"><summary>1 before 07:00</summary>");
        page.says("<details class=\"fold late\" open><summary>2 after 18:00</summary>");
        // What reaches into the office hours makes the grid longer; a night does not.
        page.says("<span>07:00</span>").says("Night").says("Early");
        for hour in ["03:00", "06:00", "20:00"] {
            assert!(!page.text.contains(&format!("<span>{hour}</span><span>")), "{hour}");
        }
    }

    async fn the_month_names_the_first_events_of_each_day_and_leads_to_its_week_and_other_months(database) {
        let site = Site::at(database, &[], saturday()).await;
        let mut bob = site.browser(site.bob).await;
        bob.get(&format!("{ROOM}/month?date=2027-02-28")).await.says("Nothing is booked this month.");
        let events: Vec<String> = (10..15)
            .map(|hour| {
                let (start, end) = (format!("20261209T{hour}0000Z"), format!("20261209T{hour}3000Z"));
                dated(&format!("at-{hour}"), &format!("Event {hour}"), &start, &end)
            })
            .collect();
        site.import("room-1", &events).await;
        let page = bob.get(&format!("{ROOM}/month?date=2026-12-24")).await;
        page.says("December 2026").says("Event 10").says("Event 12").says("2 more");
        assert!(!page.text.contains("Event 13"));
        // From Monday, 30 November to Sunday, 3 January.
        page.says("Monday, 30 November 2026").says("Sunday, 3 January 2027");
        for path in ["?date=2026-12-09", "/month?date=2026-11-01", "/month?date=2027-01-01"] {
            assert_eq!(bob.get(&page.link(&format!("{ROOM}{path}"))).await.status, 200);
        }
        let week = bob.get(&format!("{ROOM}?date=2026-12-09")).await;
        assert_eq!(week.link(&format!("{ROOM}/month?")), format!("{ROOM}/month?date=2026-12-09"));
        assert_eq!(week.link("/admin?date=2026-12-09"), "/admin?date=2026-12-09");
        for date in ["1970-01-01", "2200-12-31", "9999-12-31", "nonsense"] {
            assert_eq!(bob.get(&format!("{ROOM}/month?date={date}")).await.status, 200, "{date}");
        }
    }

    async fn bookings_are_found_by_the_words_that_a_reader_sees(database) {
        let site = Site::at(database, &[], saturday()).await;
        let secret = dated("s", "Apple secret", "20261216T100000Z", "20261216T110000Z")
            .replace("SUMMARY", "CLASS:PRIVATE\r\nSUMMARY");
        let events = [
            dated("a", "Apple pie", "20261209T100000Z", "20261209T110000Z"),
            dated("b", "Berry", "20261209T120000Z", "20261209T130000Z"),
            dated("old", "Apple of old", "20260909T120000Z", "20260909T130000Z"),
            secret,
        ];
        site.import("room-1", &events).await;
        let found = |page: &harness::web::Answer| {
            let text = page.text.split_once("id=\"found-title\"").unwrap().1;
            text.split_once("</section>").unwrap().0.to_owned()
        };
        let mut bob = site.browser(site.bob).await;
        let page = bob.get(&format!("{ROOM}?find=APPLE")).await;
        page.says("Bookings with “APPLE”");
        assert!(found(&page).contains("Apple pie") && !found(&page).contains("Berry"));
        assert!(!found(&page).contains("uid=s&") && !found(&page).contains("Apple of old"));
        bob.get(&format!("{ROOM}?find=pie+apple")).await.says("Wed 9 Dec 2026, 11:00–12:00");
        bob.get(&format!("{ROOM}?find=secret")).await.says("No booking with “secret”");
        let mut ann = site.browser(site.ann).await;
        assert!(found(&ann.get(&format!("{ROOM}?find=secret")).await).contains("Apple secret"));
        assert!(!ann.get(&format!("{ROOM}?find=+")).await.text.contains("found-title"));
        // Ten words are looked for, and 50 bookings are named.
        let words = format!("{}elsewhere", "pie+".repeat(10));
        assert!(found(&ann.get(&format!("{ROOM}?find={words}")).await).contains("Apple pie"));
        let daily = dated("d", "Daily", "20261209T140000Z", "20261209T150000Z")
            .replace("SUMMARY", "RRULE:FREQ=DAILY;COUNT=60\r\nSUMMARY");
        site.import("room-1", &[daily]).await;
        let page = ann.get(&format!("{ROOM}?find=daily")).await;
        assert_eq!(found(&page).matches("<li>").count(), 50);
        assert!(found(&page).contains("10 more events are not shown."));
    }
}

/// 2026-11-28T12:00:00Z, a Saturday.
fn saturday() -> operations::Clock {
    operations::Clock::manual(ical::Moment(1_795_867_200))
}

/// An event at such times; of two the first by UID is the stronger.
fn dated(uid: &str, name: &str, start: &str, end: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nCREATED:20260101T000000Z\r\n\
         DTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n"
    )
}
