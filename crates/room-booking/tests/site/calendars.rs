//! The overview, a calendar's settings, its week, booking.

use testing::{block_on, on_both_databases};

use crate::app::{Site, event};
use crate::routes::import;

const ROOM: &str = "/admin/calendars/room-1";

on_both_databases! {
    async fn a_calendar_is_made_and_set(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let form = [("name", "Großer Saal"), ("slug", ""), ("zone", "Europe/Vienna")];
        let seen = ann.post("/admin/new-calendar", &form).await;
        assert!(seen.leads_to().starts_with("/admin/calendars/grosser-saal/settings"));
        let seen = ann.post("/admin/new-calendar", &form).await;
        assert_eq!(seen.status, 422);
        seen.says("is already used by another calendar").says("value=\"Großer Saal\"");
        let wrong = [("name", "X"), ("zone", "Middle/Earth")];
        ann.post("/admin/new-calendar", &wrong).await.says("must be an IANA time zone");

        let path = "/admin/calendars/grosser-saal/settings";
        let form = [
            ("name", "Saal"), ("zone", "Europe/Berlin"), ("schedule", "15"), ("horizon", "30"),
            ("tolerance", "5"), ("safety_limit", "7"), ("rank_by", "created"),
            ("free_blocks", "1"), ("contact_address", "desk@example.org"),
            ("announces_ignored", "1"), ("unknown_zone", "calendar"),
            ("conflicts", "warn"), ("grace", "3"),
        ];
        assert!(ann.post(path, &form).await.leads_to().ends_with("done=saved"));
        let calendar = site.service.calendar("grosser-saal").await.unwrap();
        assert_eq!((calendar.name.as_str(), calendar.zone.as_str()), ("Saal", "Europe/Berlin"));
        assert_eq!((calendar.schedule_minutes, calendar.horizon_days), (Some(15), 30));
        assert_eq!((calendar.tolerance_minutes, calendar.safety_limit), (5, 7));
        assert!(calendar.free_blocks && calendar.rank_by == clearing::RankBy::Created);
        assert_eq!(calendar.unknown_zones, ical::UnknownZones::Calendar);
        assert_eq!(calendar.conflicts, clearing::ConflictHandling::Warn);
        assert_eq!(calendar.grace_hours, 3);
        ann.get(path).await.says("value=\"calendar\" selected").says("--unknown-zone");
        assert!(calendar.announces.ignored && !calendar.announces.deleted);
        assert_eq!(calendar.contact_address.as_deref(), Some("desk@example.org"));
        let mut wrong = form.to_vec();
        wrong[2] = ("schedule", "soon");
        wrong[3] = ("horizon", "late");
        wrong[8] = ("contact_address", "nobody");
        let seen = ann.post(path, &wrong).await;
        assert_eq!(seen.status, 422);
        seen.says("must be a whole number").says("value=\"late\"");
        assert_eq!(site.service.calendar("grosser-saal").await.unwrap(), calendar);
        ann.get("/admin/audit").await.says("calendar changed").says("Saal");
    }

    async fn a_template_that_was_deleted_meanwhile_is_said_beside_its_field(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("{ROOM}/settings");
        let form = [
            ("name", "Kept"), ("zone", "Europe/Berlin"), ("horizon", "30"), ("tolerance", "0"),
            ("safety_limit", "7"), ("rank_by", "created"), ("template", "999"),
        ];
        let seen = ann.post(&path, &form).await;
        assert_eq!(seen.status, 422);
        seen.says("Template: was deleted meanwhile").says("value=\"Kept\"");
    }

    async fn what_is_decided_for_all_calendars_is_not_taken_back_on_the_page_of_one_event(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 10), 9)]).await;
        let tomorrow = site.service.now().plus(86_400);
        let day = facts::time::rfc3339(&ical::Zone::utc(), tomorrow)[..10].to_owned();
        let mut ann = site.browser(site.ann).await;
        let path = ann.get(&format!("{ROOM}?date={day}")).await.link(&format!("{ROOM}/event?"));
        for kind in ["protected", "uid"] {
            ann.post("/admin/priorities", &[("kind", kind), ("value", "a")]).await;
        }
        let page = ann.get(&path).await;
        page.says("This applies to all calendars").says("/admin/priorities\">");
        assert!(!page.text.contains("/priorities/remove"), "{}", page.text);
        // Of both, what is decided here is taken back here, as often as the button is pressed.
        let form = [("kind", "protected"), ("value", "a")];
        ann.post(&format!("{ROOM}/priorities"), &form).await;
        ann.get(&path).await.says("Remove protection");
        for _ in 0..2 {
            assert_eq!(ann.post(&format!("{ROOM}/priorities/remove"), &form).await.status, 303);
        }
        assert!(!ann.get(&path).await.text.contains("/priorities/remove"));
    }

    async fn priorities_and_protections_are_given_and_taken(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        for (path, kind, value) in [
            (format!("{ROOM}/priorities"), "organizer", "@example.org"),
            (format!("{ROOM}/priorities"), "protected", "uid-7"),
            ("/admin/priorities".to_owned(), "name", "Board"),
        ] {
            let form = [("kind", kind), ("value", value)];
            assert_eq!(ann.post(&path, &form).await.status, 303, "{path}");
            ann.get("/admin/priorities").await.says(value);
            ann.get(&format!("{ROOM}/settings")).await.says(value);
            assert_eq!(ann.post(&format!("{path}/remove"), &form).await.status, 303);
            let page = ann.get("/admin/priorities").await;
            assert!(!page.text.contains(&format!("<span class=\"value\">{value}")));
        }
        for wrong in [("organizer", "nobody"), ("name", "*"), ("name", "!!!")] {
            let form = [("kind", wrong.0), ("value", wrong.1)];
            let room = format!("{ROOM}/priorities");
            for path in ["/admin/priorities", &room] {
                let seen = ann.post(path, &form).await;
                assert_eq!(seen.status, 422, "{wrong:?}");
                // The form is there again, with what was typed.
                seen.says("id=\"priority-value\"").says(&format!("value=\"{}\"", wrong.1));
            }
        }
    }

    async fn what_holds_between_two_that_are_prioritised_is_chosen_and_listed(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        for (kind, value, ties, words) in [
            ("organizer", "@example.org", "", "rank decides"),
            ("organizer", "boss@example.org", "", "both stay"),
            ("name", "Board", "keep", "both stay"),
            ("uid", "uid-7", "rank", "rank decides"),
        ] {
            let form = [("kind", kind), ("value", value), ("ties", ties)];
            assert_eq!(ann.post(&format!("{ROOM}/priorities"), &form).await.status, 303);
            for path in ["/admin/priorities".to_owned(), format!("{ROOM}/settings")] {
                let page = ann.get(&path).await;
                let row = page.text.split_once(&format!("<span class=\"value\">{value}</span>")).unwrap().1;
                let row = row.split_once("</form>").map_or(row, |it| it.0);
                assert!(row.contains(words), "{path}: {value}: {row}");
            }
            assert_eq!(ann.post(&format!("{ROOM}/priorities/remove"), &form).await.status, 303);
        }
        let wrong = [("kind", "uid"), ("value", "x"), ("ties", "both")];
        assert_eq!(ann.post("/admin/priorities", &wrong).await.status, 422);
    }

    async fn the_week_shows_winner_and_loser_with_the_reason(database) {
        let site = Site::on(database, &[]).await;
        let cancelled = event("c", "Called off", (14, 15), 3)
            .replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT");
        let free = event("f", "Reminder", (16, 17), 3)
            .replace("END:VEVENT", "TRANSP:TRANSPARENT\r\nEND:VEVENT");
        let events =
            [event("a", "Apple", (8, 10), 9), event("b", "Berry", (9, 11), 1), cancelled, free];
        site.import("room-1", &events).await;
        let tomorrow = site.service.now().plus(86_400);
        let day = facts::time::rfc3339(&ical::Zone::utc(), tomorrow)[..10].to_owned();
        let mut bob = site.browser(site.bob).await;
        let week = bob.get(&format!("{ROOM}?date={day}")).await;
        week.says("slot-event wins t").says("slot-event goes t").says("l0-2 ").says("l1-2 ");
        week.says("This event overlaps “Apple”, which keeps the room. The other event has held the time longer.");
        week.says("This event keeps the room against “Berry”. It has held the time longer.");
        week.says("slot-event cancelled").says("slot-event free").says("Europe/Berlin");
        week.says("free · book");
        let policy = week.header("content-security-policy");
        let nonce = week.text.split_once("<style nonce=\"").unwrap().1.split('"').next().unwrap();
        assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy}");
        let again = bob.get(&format!("{ROOM}?date={day}")).await;
        assert!(!again.text.contains(nonce), "a nonce serves once");
        // Any date, however far, is a week.
        for date in ["1970-01-01", "2200-12-31", "9999-12-31", "0001-01-01", "nonsense"] {
            assert_eq!(bob.get(&format!("{ROOM}?date={date}")).await.status, 200, "{date}");
        }
    }

    async fn from_the_week_an_event_is_protected_prioritised_and_deleted(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a", "Apple", (8, 10), 9)]).await;
        let tomorrow = site.service.now().plus(86_400);
        let day = facts::time::rfc3339(&ical::Zone::utc(), tomorrow)[..10].to_owned();
        let mut ann = site.browser(site.ann).await;
        let path = ann.get(&format!("{ROOM}?date={day}")).await.link(&format!("{ROOM}/event?"));
        let page = ann.get(&path).await;
        page.says("Apple").says("a@example.org").says("Protect event").says("Prioritise event");
        let start = page.hidden("start");
        for kind in ["protected", "uid"] {
            let form = [("kind", kind), ("value", "a"), ("from", "event"), ("uid", "a"),
                ("start", &start)];
            let seen = ann.post(&format!("{ROOM}/priorities"), &form).await;
            assert!(seen.leads_to().starts_with(&format!("{ROOM}/event?uid=a&start=")));
        }
        let page = ann.get(&path).await;
        page.says("Remove protection").says("Remove priority");
        page.says("It is protected. It is prioritised.").says("you can delete it here");
        assert!(!page.text.contains("all dates of the series"), "{}", page.text);
        let form = [("uid", "a"), ("date", &day)];
        let seen = ann.post(&format!("{ROOM}/event/delete"), &form).await;
        assert_eq!(seen.leads_to(), format!("{ROOM}?done=event-deleted&date={day}"));
        assert_eq!(ann.get(&path).await.status, 404);
        ann.get("/admin/history").await.says("Deleted by a person").says("Site, ann");
    }

    async fn a_booking_that_is_sent_twice_is_booked_once(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        let path = format!("{ROOM}/book");
        let once = bob.get(&path).await.hidden("once");
        let mut form = vec![("name", "Budget"), ("start", "2030-03-04T09:00"),
            ("end", "2030-03-04T10:00"), ("once", once.as_str())];
        for _ in 0..2 {
            assert_eq!(bob.post(&path, &form).await.status, 303);
        }
        let booked = async || {
            let window = ical::Window { start: ical::Moment(0), end: ical::Moment(4_000_000_000) };
            let calendar = site.service.calendar("room-1").await.unwrap();
            site.service.week(&calendar, window, &operations::Reader::administrator()).await.unwrap().0.len()
        };
        assert_eq!(booked().await, 1);
        // Somebody goes back and changes it: that is another one.
        form[0] = ("name", "Budget again");
        assert_eq!(bob.post(&path, &form).await.status, 303);
        assert_eq!(booked().await, 2);
    }

    async fn an_action_that_is_refused_leads_back_to_its_form(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let seen = ann.post(&format!("{ROOM}/apply"), &[]).await;
        assert_eq!(seen.status, 422);
        seen.says(&format!("href=\"{ROOM}/preview\">Back<"));
        let seen = ann.get("/admin/history/99").await;
        assert!(!seen.text.contains(">Back<"));
        let seen = site.stranger().post("/admin/users/7/calendars", &[]).await;
        let target = seen.leads_to();
        assert_eq!(target, "/admin/sign-in?done=session-over&next=%2Fadmin%2Fusers%2F7");
    }

    async fn a_room_is_booked_from_the_site_unless_it_is_taken(database) {
        let site = Site::on(database, &[]).await;
        let mut bob = site.browser(site.bob).await;
        let form = [("name", "Budget"), ("start", "2030-03-04T09:00"), ("end", "2030-03-04T10:00"),
            ("only_if_free", "1"), ("repeat", "FREQ=WEEKLY"), ("times", "3")];
        let path = format!("{ROOM}/book");
        let seen = bob.post(&path, &form).await;
        assert!(seen.leads_to().starts_with(&format!("{ROOM}?done=booked&date=2030-03-04&uid=")));
        let week = bob.get(seen.leads_to()).await;
        week.says(">Budget, The room-1, Mon 4 Mar 2030, 09:00–10:00</a>");
        bob.get(&format!("{ROOM}?date=2030-03-18")).await.says("Budget");
        let page = bob.get(&format!("{ROOM}?date=2030-03-25")).await;
        assert!(!page.text.contains("Budget"), "three dates and no more");
        let seen = bob.post(&path, &form).await;
        assert_eq!(seen.status, 409);
        seen.says("The room is taken").says("Budget").says("09:00");
        let days = [("name", "Painters"), ("start", "2030-04-01T09:00"),
            ("end", "2030-04-02T10:00"), ("all_day", "1")];
        assert_eq!(bob.post(&path, &days).await.status, 303);
        bob.get(&format!("{ROOM}?date=2030-04-02")).await.says("all day, until Tue 2 Apr 2030");
        let wrong = [("name", ""), ("start", "x"), ("end", "2030-04-02T10:00")];
        let seen = bob.post(&path, &wrong).await;
        assert_eq!(seen.status, 422);
        seen.says("must not be empty").says("must be a date-time");
    }
}

#[test]
fn the_overview_is_searched_filtered_and_paged() {
    block_on(async {
        let site = Site::new().await;
        for number in 0..120 {
            let slug = format!("floor-{}-room-{number}", number % 3);
            let calendar =
                store::calendars::Calendar::built_in(&slug, &format!("Hall {number:03}"), "UTC");
            site.setup().add(calendar, &[]).await;
        }
        let mut ann = site.browser(site.ann).await;
        let page = ann.get("/admin/calendars").await;
        page.says("Calendars: 122").says("Hall 049");
        assert!(!page.text.contains("Hall 050"));
        ann.get("/admin/calendars?page=2").await.says("Hall 050").says("Hall 099");
        ann.get("/admin/calendars?page=99").await.says("The room-1");
        let found = ann.get("/admin/calendars?q=hall+FLOOR-1").await;
        found.says("40 of 122 shown.");
        ann.get("/admin/calendars?state=failing").await.says("No results");
        let mut bob = site.browser(site.bob).await;
        let page = bob.get("/admin/calendars").await;
        page.says("Calendars: 1").says("The room-1");
        assert!(!page.text.contains("Hall"));
    });
}

#[test]
fn a_file_is_taken_in_and_given_out() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let seen = import(&mut ann, &format!("{ROOM}/import")).await;
        assert_eq!(seen.status, 200, "{seen:?}");
        seen.says("<dt>Added</dt><dd>1</dd>").says("<dt>Unreadable</dt><dd>0</dd>");
        let file = ann.get(&format!("{ROOM}/export")).await;
        assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"room-1.ics\"");
        file.says("SUMMARY:Filed");
        let token = ann.form_token().await;
        let seen = ann.post_file(&format!("{ROOM}/import"), &token, "no calendar").await;
        assert_eq!(seen.status, 422, "{seen:?}");
        let anew = event("filed", "Filed <b>anew</b>", (20, 22), 1);
        let wrong = "BEGIN:VEVENT\r\nUID:<i>odd\r\nDTSTART:99990101T000000Z\r\n\
                     RRULE:FREQ=NEVER\r\nEND:VEVENT\r\n";
        let file = format!("BEGIN:VCALENDAR\r\n{anew}{wrong}END:VCALENDAR\r\n");
        let seen = ann.post_file(&format!("{ROOM}/import"), &token, &file).await;
        seen.says("<dt>Added</dt><dd>1</dd>").says("<dt>Replaced</dt><dd>1</dd>");
        seen.says("<dt>Unreadable</dt><dd>1</dd>").says("<strong>&#60;i&#62;odd</strong>");
        ann.get("/admin/history").await.says("Replaced by an import").says("Site, ann");
        let audit = ann.get("/admin/audit").await;
        audit.says("file imported").says("Replaced: 1").says("Unreadable: 1");
    });
}
