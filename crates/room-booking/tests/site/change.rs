//! Changing an event on its page.

use harness::web::{Answer, Browser};
use testing::on_both_databases;

use crate::app::{Site, clock, event};

const ROOM: &str = "/admin/calendars/room-1";

/// The local date of tomorrow, and of the days after it.
fn day(after: i64) -> String {
    let zone = ical::Zone::iana("Europe/Berlin").unwrap();
    let noon = clock().div_euclid(86_400) * 86_400 + (after + 1) * 86_400 + 43_200;
    facts::time::rfc3339(&zone, ical::Moment(noon))[..10].to_owned()
}

/// The page that changes the first event of a week with this UID, by the links that lead there.
async fn page(browser: &mut Browser, uid: &str, date: &str) -> Answer {
    let week = browser.get(&format!("{ROOM}?date={date}")).await;
    let event = week.link(&format!("{ROOM}/event?uid={uid}"));
    let change = browser.get(&event).await.link(&format!("{ROOM}/event/change?"));
    browser.get(&change).await
}

/// What the form would be sent with, if nothing in it was changed.
fn form(page: &Answer) -> Vec<(&'static str, String)> {
    let value = |name: &str| {
        let field = page.text.split_once(&format!("name=\"{name}\"")).unwrap().1;
        field.split_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned()
    };
    let mut form: Vec<(&'static str, String)> =
        ["uid", "original", "etag"].map(|name| (name, page.hidden(name))).into();
    form.extend(["name", "start", "end"].map(|name| (name, value(name))));
    form.extend([("description", String::new()), ("only_if_free", "1".to_owned())]);
    form
}

fn set(form: &mut Vec<(&'static str, String)>, name: &'static str, value: &str) {
    form.retain(|it| it.0 != name);
    form.push((name, value.to_owned()));
}

async fn post(browser: &mut Browser, form: &[(&'static str, String)]) -> Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|it| (it.0, it.1.as_str())).collect();
    browser.post(&format!("{ROOM}/event/change"), &form).await
}

/// Name and local start of each occurrence of the days to come.
async fn listed(site: &Site) -> Vec<(String, String)> {
    let calendar = site.service.calendar("room-1").await.unwrap();
    let (start, end) = (site.service.now(), site.service.now().plus(20 * 86_400));
    let window = ical::Window { start, end };
    let reader = operations::Reader::administrator();
    let (events, _) = site.service.week(&calendar, window, &reader).await.unwrap();
    let zone = ical::Zone::iana("Europe/Berlin").unwrap();
    let line = |it: operations::WeekEvent| {
        let start = facts::time::rfc3339(&zone, it.event.start);
        (it.event.name, start[..16].to_owned())
    };
    events.into_iter().map(line).collect()
}

/// The page of the date of the day after tomorrow of the only series, by its path.
async fn second_date(site: &Site) -> String {
    let calendar = site.service.calendar("room-1").await.unwrap();
    let zone = ical::Zone::iana("Europe/Berlin").unwrap();
    let start = facts::time::moment(&format!("{}T10:00", day(1)), &zone).unwrap();
    let window = ical::Window { start, end: start.plus(1) };
    let reader = operations::Reader::administrator();
    let (events, _) = site.service.week(&calendar, window, &reader).await.unwrap();
    format!("{ROOM}/event?uid={}&start={}", events[0].event.uid, start.0)
}

/// A series of three days at ten of the room's clock.
fn series(uid: &str) -> String {
    let date = day(0).replace('-', "");
    event(uid, "Standup", (8, 9), 9)
        .lines()
        .map(|line| match line.split(':').next() {
            Some("DTSTART") => {
                format!("DTSTART;TZID=Europe/Berlin:{date}T100000\r\nRRULE:FREQ=DAILY;COUNT=3\r\n")
            }
            Some("DTEND") => format!("DTEND;TZID=Europe/Berlin:{date}T110000\r\n"),
            _ => format!("{line}\r\n"),
        })
        .collect()
}

on_both_databases! {
    async fn a_link_proposes_new_times_and_the_form_saves_them(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (24, 25), 9)]).await;
        let mut ann = site.browser(site.ann).await;
        let week = ann.get(&format!("{ROOM}?date={}", day(1))).await;
        let event = week.link(&format!("{ROOM}/event?uid=a"));
        let change = ann.get(&event).await.link(&format!("{ROOM}/event/change?"));
        let original = form(&ann.get(&change).await);
        // What is no time is not taken over.
        for wrong in ["&start=soon&end=later", "&start=2026-01-01T10:00", "&end="] {
            assert_eq!(form(&ann.get(&format!("{change}{wrong}")).await), original, "{wrong}");
        }
        let times = (format!("{}T10:15", day(2)), format!("{}T11:30", day(2)));
        let page = ann.get(&format!("{change}&start={}&end={}", times.0, times.1)).await;
        let proposed = form(&page);
        for (name, value) in [("start", &times.0), ("end", &times.1)] {
            assert!(proposed.iter().any(|it| it.0 == name && it.1 == *value), "{proposed:?}");
        }
        assert_eq!(post(&mut ann, &proposed).await.status, 303);
        assert_eq!(listed(&site).await, [("Apple".to_owned(), times.0)]);
    }

    async fn what_somebody_else_changed_meanwhile_is_not_overwritten(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 10), 9)]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "a", &day(0)).await);
        set(&mut form, "name", "Bob's apple");
        let first = post(&mut bob, &form).await;
        assert!(first.leads_to().starts_with(&format!("{ROOM}?done=event-changed")), "{first:?}");
        set(&mut form, "name", "Bob's second apple");
        let second = post(&mut bob, &form).await;
        assert_eq!(second.status, 409, "{second:?}");
        assert_eq!(listed(&site).await[0].0, "Bob's apple");
        bob.get(first.leads_to()).await.says("Event changed.");
    }

    async fn an_event_is_not_moved_to_an_hour_that_is_taken_unless_that_is_meant(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 9), 9), event("b", "Berry", (12, 13), 9)]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "b", &day(0)).await);
        let apple = listed(&site).await[0].1.clone();
        set(&mut form, "start", &apple);
        let refused = post(&mut bob, &form).await;
        assert_eq!(refused.status, 409);
        refused.says("Conflicting events:").says("Apple").says(&format!("value=\"{apple}\""));
        form.retain(|it| it.0 != "only_if_free");
        assert_eq!(post(&mut bob, &form).await.status, 303);
        assert_eq!(listed(&site).await[1], ("Berry".to_owned(), apple));
        site.browser(site.ann).await.get("/admin/history").await.says("Berry");
    }

    async fn one_date_of_a_series_is_moved_or_cancelled_and_the_others_stay(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[series("s")]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "s", &day(0)).await);
        set(&mut form, "scope", "date");
        set(&mut form, "start", &format!("{}T14:00", day(0)));
        set(&mut form, "end", &format!("{}T15:00", day(0)));
        assert_eq!(post(&mut bob, &form).await.status, 303);
        let at = |after: i64, hour: &str| ("Standup".to_owned(), format!("{}T{hour}:00", day(after)));
        assert_eq!(listed(&site).await, [at(0, "14"), at(1, "10"), at(2, "10")]);
        let date = day(1);
        let week = bob.get(&format!("{ROOM}?date={date}")).await;
        let links: Vec<_> = week.text.split(&format!("{ROOM}/event?")).skip(1).collect();
        let second = links.iter().map(|it| it.split('"').next().unwrap().replace("&#38;", "&"))
            .map(|query| format!("{ROOM}/event?{query}"));
        let zone = ical::Zone::iana("Europe/Berlin").unwrap();
        let start = facts::time::moment(&format!("{date}T10:00"), &zone).unwrap();
        let second = second.into_iter().find(|it| it.ends_with(&format!("start={}", start.0))).unwrap();
        let seen = bob.get(&second).await;
        seen.says("Cancel this date");
        let cancel = [("uid", "s"), ("original", &*seen.hidden("original")), ("date", &*date)];
        let done = bob.post(&format!("{ROOM}/event/cancel"), &cancel).await;
        assert_eq!(done.leads_to(), format!("{ROOM}?done=date-cancelled&date={date}"));
        assert_eq!(listed(&site).await, [at(0, "14"), at(2, "10")]);
        assert_eq!(bob.get(&second).await.status, 404);
    }

    async fn all_dates_of_a_series_move_by_as_much_as_the_one_that_is_seen(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[series("s")]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "s", &day(0)).await);
        set(&mut form, "scope", "all");
        set(&mut form, "name", "Daily");
        set(&mut form, "start", &format!("{}T11:30", day(0)));
        set(&mut form, "end", &format!("{}T12:00", day(0)));
        assert_eq!(post(&mut bob, &form).await.status, 303);
        let at = |after: i64| ("Daily".to_owned(), format!("{}T11:30", day(after)));
        assert_eq!(listed(&site).await, [at(0), at(1), at(2)]);
    }

    async fn this_and_the_following_dates_are_moved_or_cancelled_and_those_before_stay(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[series("s")]).await;
        let mut bob = site.browser(site.bob).await;
        let second = second_date(&site).await;
        let change = bob.get(&second).await.link(&format!("{ROOM}/event/change?"));
        let seen = bob.get(&change).await;
        seen.says("<option value=\"following\">This and following dates</option>");
        let mut form = form(&seen);
        set(&mut form, "scope", "following");
        set(&mut form, "name", "Later");
        set(&mut form, "start", &format!("{}T14:00", day(1)));
        set(&mut form, "end", &format!("{}T15:00", day(1)));
        let done = post(&mut bob, &form).await;
        assert!(done.leads_to().starts_with(&format!("{ROOM}?done=event-changed&date={}&uid=", day(1))));
        let at = |after: i64, hour: &str, name: &str| (name.to_owned(), format!("{}T{hour}:00", day(after)));
        let moved = [at(0, "10", "Standup"), at(1, "14", "Later"), at(2, "14", "Later")];
        assert_eq!(listed(&site).await, moved);
        let week = bob.get(&format!("{ROOM}?date={}", day(2))).await;
        let zone = ical::Zone::iana("Europe/Berlin").unwrap();
        let start = facts::time::moment(&format!("{}T14:00", day(2)), &zone).unwrap();
        let mark = format!("{ROOM}/event?");
        let third = week.text.split(&mark).skip(1).map(|it| it.split('"').next().unwrap().replace("&#38;", "&"))
            .find(|it| it.ends_with(&format!("start={}", start.0))).unwrap();
        let seen = bob.get(&format!("{ROOM}/event?{third}")).await;
        seen.says("Cancel this and following dates");
        let date = day(2);
        let form = [("uid", &*seen.hidden("uid")), ("original", &*seen.hidden("original")), ("date", &*date)];
        let done = bob.post(&format!("{ROOM}/event/end"), &form).await;
        assert_eq!(done.leads_to(), format!("{ROOM}?done=series-ended&date={date}"));
        assert_eq!(listed(&site).await, moved[..2]);
        bob.get(done.leads_to()).await.says("This and the following dates cancelled.");
        site.browser(site.ann).await.get("/admin/history?kind=ended+by+request").await
            .says("Series ended by a person").says("Later");
    }

    async fn dates_of_a_series_that_are_over_are_moved_only_if_that_is_meant(database) {
        let site = Site::on(database, &[]).await;
        let begun = series("s").replace("COUNT=3", "COUNT=30")
            .replace(&day(0).replace('-', ""), &day(-8).replace('-', ""));
        site.import("room-1", &[begun]).await;
        let mut bob = site.browser(site.bob).await;
        let second = second_date(&site).await;
        let change = bob.get(&second).await.link(&format!("{ROOM}/event/change?"));
        let mut form = form(&bob.get(&change).await);
        set(&mut form, "scope", "all");
        set(&mut form, "start", &format!("{}T14:00", day(1)));
        set(&mut form, "end", &format!("{}T15:00", day(1)));
        let asked = post(&mut bob, &form).await;
        assert_eq!(asked.status, 422);
        asked.says("Dates of this series are in the past and would move too.").says("name=\"in_past\"");
        // The following ones are all to come.
        set(&mut form, "scope", "following");
        assert_eq!(post(&mut bob, &form).await.status, 303);
        let days = [0, 1, 2].map(day);
        let mut hours = listed(&site).await;
        hours.retain(|it| days.iter().any(|day| it.1.starts_with(day)));
        let hours: Vec<_> = hours.iter().map(|it| &it.1[11..13]).collect();
        assert_eq!(hours, ["10", "14", "14"]);
    }

    async fn following_dates_from_one_that_is_over_are_moved_only_if_that_is_meant(database) {
        let site = Site::on(database, &[]).await;
        let begun = series("s").replace("COUNT=3", "COUNT=30")
            .replace(&day(0).replace('-', ""), &day(-8).replace('-', ""));
        site.import("room-1", &[begun]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "s", &day(-8)).await);
        set(&mut form, "scope", "following");
        set(&mut form, "start", &format!("{}T14:00", day(1)));
        set(&mut form, "end", &format!("{}T15:00", day(1)));
        let asked = post(&mut bob, &form).await;
        assert_eq!(asked.status, 422);
        asked.says("Dates of this series are in the past and would move too.").says("name=\"in_past\"");
        set(&mut form, "in_past", "1");
        assert_eq!(post(&mut bob, &form).await.status, 303);
    }

    async fn a_change_into_the_past_asks_first(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 10), 9)]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "a", &day(0)).await);
        set(&mut form, "start", "2020-01-07T10:00");
        set(&mut form, "end", "2020-01-07T11:00");
        let asked = post(&mut bob, &form).await;
        assert_eq!(asked.status, 422);
        asked.says("This time is in the past.").says("name=\"in_past\"");
        assert_eq!(listed(&site).await.len(), 1);
        set(&mut form, "in_past", "1");
        assert_eq!(post(&mut bob, &form).await.status, 303);
        assert_eq!(listed(&site).await, []);
    }

    async fn a_form_that_changes_nothing_writes_nothing(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 10), 9)]).await;
        let mut bob = site.browser(site.bob).await;
        let form = form(&page(&mut bob, "a", &day(0)).await);
        let done = post(&mut bob, &form).await;
        assert!(done.leads_to().starts_with(&format!("{ROOM}?done=event-unchanged")), "{done:?}");
        assert_eq!(page(&mut bob, "a", &day(0)).await.hidden("etag"), form[2].1);
    }

    async fn a_series_that_is_moved_into_the_past_is_asked_about_too(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[series("s")]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "s", &day(0)).await);
        for (name, value) in [("scope", "all"), ("start", "2020-01-07T10:00"), ("end", "2020-01-07T11:00")] {
            set(&mut form, name, value);
        }
        assert_eq!(post(&mut bob, &form).await.status, 422);
        assert_eq!(listed(&site).await.len(), 3);
        set(&mut form, "in_past", "1");
        // What was said stays said when something else is wrong.
        set(&mut form, "name", "");
        post(&mut bob, &form).await.says("name=\"in_past\" value=\"1\" checked");
    }

    async fn an_hour_becomes_whole_days_of_which_the_last_one_is_entered(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 10), 9)]).await;
        let mut bob = site.browser(site.bob).await;
        let mut form = form(&page(&mut bob, "a", &day(0)).await);
        set(&mut form, "all_day", "1");
        set(&mut form, "end", &format!("{}T09:00", day(1)));
        let done = post(&mut bob, &form).await;
        assert!(done.leads_to().starts_with(&format!("{ROOM}?done=event-changed")), "{done:?}");
        assert_eq!(listed(&site).await, [("Apple".to_owned(), format!("{}T00:00", day(0)))]);
        let calendar = site.service.calendar("room-1").await.unwrap();
        let text = String::from_utf8(site.service.export(&calendar).await.unwrap()).unwrap();
        let end = day(2).replace('-', "");
        assert!(text.contains(&format!("DTEND;VALUE=DATE:{end}")), "{text}");
    }
}
