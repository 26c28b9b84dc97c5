//! Booking: every field at its bounds, rooms that are taken, and requests that come twice.

use harness::{Room, days, event, file, seconds, told};
use ical::Moment;
use operations::{Created, Error, Requested, WhenTaken};
use testing::on_both_databases;

/// What is asked for, with nothing but a name and times.
pub fn requested(start: &str, end: &str) -> Requested {
    Requested {
        name: "Budget review".to_owned(),
        start: start.to_owned(),
        end: end.to_owned(),
        ..Requested::default()
    }
}

fn hour() -> Requested {
    requested("2026-03-03T10:00", "2026-03-03T11:00")
}

/// A series of Tuesdays at that hour.
fn weekly() -> harness::Event {
    event("s", "0101T00", "0303T10", "0303T11").rule("FREQ=WEEKLY;COUNT=5")
}

/// The fields that an answer complains of.
fn fields(answer: Result<Created, Error>) -> Vec<String> {
    match answer {
        Ok(_) => Vec::new(),
        Err(Error::Invalid(errors)) => errors.into_iter().map(|it| it.field).collect(),
        Err(error) => panic!("{error:?}"),
    }
}

/// The UIDs that are in the way.
fn in_the_way(answer: Result<Created, Error>) -> Vec<String> {
    match answer {
        Ok(_) => Vec::new(),
        Err(Error::Taken(events)) => events.iter().map(harness::short).collect(),
        Err(error) => panic!("{error:?}"),
    }
}

/// A valid rule of this number of characters.
fn rule(length: usize) -> String {
    let mut rule = "FREQ=YEARLY;COUNT=2;BYYEARDAY=10".to_owned();
    while rule.len() + 1 < length {
        rule.push_str(if length - rule.len() == 3 { ",10" } else { ",1" });
    }
    assert_eq!(rule.len(), length);
    rule
}

on_both_databases! {
    async fn nothing_is_booked_with_a_value_out_of_its_bounds_and_all_are_named(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        let before = database.dump().await;
        let wrong = Requested {
            name: "\n".to_owned(),
            start: "tomorrow".to_owned(),
            end: "2026-03-03".to_owned(),
            organizer: Some("ann".to_owned()),
            description: Some("d".repeat(8_001)),
            rrule: Some("FREQ=NEVER".to_owned()),
        };
        let answer = room.book(&ann, &wrong, WhenTaken::Book, Some("key")).await;
        assert_eq!(fields(answer), ["name", "organizer", "description", "start", "rrule"]);
        assert_eq!(database.dump().await, before, "and its key is not remembered");
    }

    async fn texts_are_taken_up_to_their_bounds_and_no_further(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        type Change = Box<dyn Fn(&mut Requested)>;
        let name = |text: String| Box::new(move |it: &mut Requested| it.name = text.clone()) as Change;
        let described = |text: String| {
            Box::new(move |it: &mut Requested| it.description = Some(text.clone())) as Change
        };
        let ruled =
            |text: String| Box::new(move |it: &mut Requested| it.rrule = Some(text.clone())) as Change;
        let organized = |text: &str| {
            let text = text.to_owned();
            Box::new(move |it: &mut Requested| it.organizer = Some(text.clone())) as Change
        };
        for (change, wrong) in [
            (name("é".repeat(255)), ""),
            (name(format!("  {}  ", "é".repeat(255))), ""),
            (name("é".repeat(256)), "name"),
            (name(String::new()), "name"),
            (name("  \t ".to_owned()), "name"),
            (name("a\u{7}b".to_owned()), "name"),
            (name("a\r\nATTENDEE:x".to_owned()), "name"),
            (described("\u{1F984}".repeat(8_000)), ""),
            (described("\u{1F984}".repeat(8_001)), "description"),
            (described("a\r\n\tb".to_owned()), ""),
            (described("a\0b".to_owned()), "description"),
            (described(String::new()), ""),
            (ruled(rule(500)), ""),
            (ruled(rule(501)), "rrule"),
            (ruled("FREQ=HOURLY;COUNT=5000".to_owned()), ""),
            (ruled("FREQ=HOURLY;COUNT=5001".to_owned()), "rrule"),
            (ruled("FREQ=DAILY;COUNT=0".to_owned()), "rrule"),
            (ruled("FREQ=DAILY\r\nATTENDEE:x".to_owned()), "rrule"),
            (ruled(String::new()), "rrule"),
            (organized(" ann@example.org "), ""),
            (organized("ann"), "organizer"),
            (organized("a@b.org\r\nBcc: c@d.org"), "organizer"),
            (organized(""), "organizer"),
        ] {
            let mut booking = hour();
            change(&mut booking);
            let answer = room.book(&ann, &booking, WhenTaken::Book, None).await;
            let expected: Vec<&str> = (!wrong.is_empty()).then_some(wrong).into_iter().collect();
            assert_eq!(fields(answer), expected, "{booking:?}");
        }
        assert_eq!(room.texts().await.len(), 8, "as many as were right");
    }

    async fn times_are_taken_up_to_their_bounds_and_no_further(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        for (start, end, wrong) in [
            ("2026-03-03T10:00", "2026-03-03T10:00", "end"),
            ("2026-03-03T10:00", "2026-03-03T09:59:59", "end"),
            ("2026-03-03T10:00", "2026-03-03T10:00:01", ""),
            ("2026-03-03T10:00+02:00", "2026-03-03T10:00+01:00", ""),
            ("2026-03-03T10:00+01:00", "2026-03-03T10:00+02:00", "end"),
            ("2026-03-03T00:00", "2027-03-04T00:00", ""),
            ("2026-03-03T00:00", "2027-03-04T00:00:01", "end"),
            ("2026-03-03", "2027-03-04", ""),
            ("2026-03-03", "2027-03-05", "end"),
            ("2026-03-03", "2026-03-03", "end"),
            ("2026-03-03", "2026-03-02", "end"),
            ("2026-03-03", "2026-03-04", ""),
            ("1970-01-01T00:00", "1970-01-01T01:00", ""),
            ("1969-12-31T23:59:59", "1970-01-01T01:00", "start"),
            ("1969-12-31", "1970-01-02", "start"),
            ("1970-01-01", "1970-01-02", ""),
            ("2199-12-31T23:00", "2200-01-01T00:00", ""),
            ("2199-12-31T23:00", "2200-01-01T00:00:01", "end"),
            ("2199-12-31", "2200-01-01", ""),
            ("2199-12-31", "2200-01-02", "end"),
            ("2026-03-03", "2026-03-04T10:00", "end"),
            ("2026-03-03T10:00", "2026-03-04", "end"),
            ("2026-02-29T10:00", "2026-03-01T10:00", "start"),
            ("2026-03-03T10:00", "2026-03-03T24:30", "end"),
            ("2026-03-03T10:00[Europe/Berlin]", "2026-03-03T11:00", "start"),
            ("", "2026-03-03T11:00", "start"),
        ] {
            let answer = room.book(&ann, &requested(start, end), WhenTaken::Book, None).await;
            let expected: Vec<&str> = (!wrong.is_empty()).then_some(wrong).into_iter().collect();
            assert_eq!(fields(answer), expected, "{start} {end}");
        }
    }

    async fn a_time_that_a_clock_change_skips_or_repeats_is_read_as_rfc_5545_says(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.set(|it| it.zone = "Europe/Berlin".to_owned()).await;
        let ann = room.caller("ann").await;
        // 02:30 is skipped, so it is 03:30, and 03:00 is before it.
        let backwards = requested("2026-03-29T02:30", "2026-03-29T03:00");
        assert_eq!(fields(room.book(&ann, &backwards, WhenTaken::Book, None).await), ["end"]);
        for (start, end) in [
            ("2026-03-29T02:30", "2026-03-29T04:00"),
            ("2026-10-25T02:30", "2026-10-25T03:00"),
            ("2026-10-25T02:30+01:00", "2026-10-25T03:00"),
        ] {
            room.book(&ann, &requested(start, end), WhenTaken::Book, None).await.unwrap();
        }
        let list = room.list("0301T00", "1201T00").await;
        let times: Vec<_> = list["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", it["start"].as_str().unwrap(), it["end"].as_str().unwrap()))
            .collect();
        assert_eq!(
            times,
            [
                "2026-03-29T03:30:00+02:00 2026-03-29T04:00:00+02:00",
                "2026-10-25T02:30:00+02:00 2026-10-25T03:00:00+01:00",
                "2026-10-25T02:30:00+01:00 2026-10-25T03:00:00+01:00",
            ]
        );
    }

    async fn what_was_booked_is_there_as_it_was_asked_for(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        let booking = Requested {
            name: "  Größe; \\n, \u{1F984} ".to_owned(),
            organizer: Some(" Eve@example.org ".to_owned()),
            description: Some("a\r\nb; c, \\".to_owned()),
            rrule: Some(" FREQ=DAILY;COUNT=2 ".to_owned()),
            ..hour()
        };
        let id = room.book(&ann, &booking, WhenTaken::Refuse, None).await.unwrap().id;
        assert_eq!(id.len(), 22);
        let list = room.list("0301T00", "0401T00").await;
        let first = &list["events"][0];
        assert_eq!(list["events"].as_array().unwrap().len(), 2);
        assert_eq!(first["uid"], id.as_str());
        assert_eq!(first["name"], "Größe; \\n, \u{1F984}");
        assert_eq!(first["organizer"], "Eve@example.org");
        assert_eq!(first["created"], "2026-03-02T00:00:00+00:00");
        assert_eq!((&first["recurring"], &first["blocking"]), (&true.into(), &true.into()));
        let text = room.text(&id).await;
        assert!(text.contains("SCHEDULE-AGENT=NONE"), "{text}");
    }

    async fn a_room_that_is_taken_is_refused_by_the_names_of_those_in_the_way(database) {
        let room = Room::new(&database.open().await)
            .await
            .with_event("within", "0101T00", "0303T1010", "0303T1020")
            .await
            .with_event("around", "0101T00", "0303T09", "0303T12")
            .await
            .with_event("at-the-end", "0101T00", "0303T1059", "0303T13")
            .await
            .with_event("before", "0101T00", "0303T09", "0303T10")
            .await
            .with_event("behind", "0101T00", "0303T11", "0303T12")
            .await;
        let ann = room.caller("ann").await;
        let before = database.dump().await;
        let answer = room.book(&ann, &hour(), WhenTaken::Refuse, Some("key")).await;
        let names = ["around 0303T09", "within 0303T1010", "at-the-end 0303T1059"];
        assert_eq!(in_the_way(answer), names);
        assert_eq!(database.dump().await, before, "nothing is booked, and the key is free");
        assert!(room.book(&ann, &hour(), WhenTaken::Book, None).await.is_ok());
    }

    async fn what_touches_or_does_not_block_is_not_in_the_way(database) {
        let store = database.open().await;
        let at = |uid: &str| event(uid, "0101T00", "0303T10", "0303T11");
        let declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:room@example.org";
        let room = Room::new(&store)
            .await
            .set(|it| it.room_address = Some("room@example.org".to_owned()))
            .await
            .with_event("before", "0101T00", "0303T09", "0303T10")
            .await
            .with_event("behind", "0101T00", "0303T11", "0303T12")
            .await
            .with_event("zero", "0101T00", "0303T1030", "0303T1030")
            .await
            .with(at("free").line("TRANSP:TRANSPARENT"))
            .await
            .with(at("cancelled").line("STATUS:CANCELLED"))
            .await
            .with(at("declined").line(declined))
            .await
            .with_resource("broken.ics", "broken", "BEGIN:VCARD\r\nEND:VCARD\r\n")
            .await;
        let ann = room.caller("ann").await;
        let strict = room.clone().set(|it| it.free_blocks = true).await;
        let answer = strict.book(&ann, &hour(), WhenTaken::Refuse, None).await;
        assert_eq!(in_the_way(answer), ["free 0303T10"], "where free events block they do here too");
        let room = room.set(|it| it.free_blocks = false).await;
        assert!(room.book(&ann, &hour(), WhenTaken::Refuse, None).await.is_ok());
        let answer = room.book(&ann, &hour(), WhenTaken::Refuse, None).await;
        assert_eq!(in_the_way(answer).len(), 1, "now it is taken");
    }

    async fn what_cannot_be_read_is_in_the_way_at_its_times_in_the_calendars_zone(database) {
        let store = database.open().await;
        let unknown = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:unknown\r\nSUMMARY:unknown\r\n\
            DTSTART;TZID=Nowhere:20260303T103000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let broken = event("broken", "0101T00", "0303T10", "0303T1030").line("RRULE:x");
        let off = event("off", "0101T00", "0303T10", "0303T11").line("RRULE:x");
        let room = Room::new(&store)
            .await
            .with_resource("unknown.ics", "unknown", unknown)
            .await
            .with_resource("broken.ics", "broken", &file(&[broken]))
            .await
            .with_resource("off.ics", "off", &file(&[off.line("STATUS:CANCELLED")]))
            .await;
        let ann = room.caller("ann").await;
        let answer = room.book(&ann, &hour(), WhenTaken::Refuse, None).await;
        assert_eq!(in_the_way(answer), ["broken 0303T10", "unknown 0303T1030"]);
        // It is in nobody's way at another time.
        let later = Requested {
            start: "2026-03-03T12:00".to_owned(),
            end: "2026-03-03T13:00".to_owned(),
            ..hour()
        };
        assert!(room.book(&ann, &later, WhenTaken::Refuse, None).await.is_ok());
    }

    async fn a_series_of_which_one_line_cannot_be_read_is_in_the_way_at_its_other_dates(database) {
        let store = database.open().await;
        let instance = event("s", "0101T00", "0310T10", "0310T11");
        let texts = ["EXDATE:x", "RDATE:x", "EXRULE:x"].map(|line| (line, file(&[weekly().line(line)])));
        let overrides = [
            instance.clone().line("RECURRENCE-ID:x"),
            instance.line("RECURRENCE-ID:20260310T100000Z").line("DURATION:x"),
        ];
        let overrides = overrides.map(|it| ("an override", file(&[weekly(), it])));
        let mut room = Room::new(&store).await;
        let ann = room.caller("ann").await;
        for (line, text) in texts.into_iter().chain(overrides) {
            room = room.with_resource("s.ics", "s", &text).await;
            for day in ["03", "10", "24"] {
                let (start, end) = (format!("2026-03-{day}T10:00"), format!("2026-03-{day}T11:00"));
                let answer = room.book(&ann, &requested(&start, &end), WhenTaken::Refuse, None).await;
                assert_eq!(in_the_way(answer)[0], format!("s 03{day}T10"), "{line}");
            }
        }
    }

    async fn a_series_is_looked_at_as_far_as_the_horizon(database) {
        let store = database.open().await;
        let room = Room::new(&store)
            .await
            .set(|it| it.horizon_days = 30)
            .await
            // The horizon is the first of April.
            .with_event("last", "0101T00", "0331T1030", "0331T12")
            .await
            .with_event("beyond", "0101T00", "0401T10", "0401T12")
            .await;
        let ann = room.caller("ann").await;
        let daily = Requested { rrule: Some("FREQ=DAILY".to_owned()), ..hour() };
        let answer = room.book(&ann, &daily, WhenTaken::Refuse, None).await;
        assert_eq!(in_the_way(answer), ["last 0331T1030"]);
        room.service.delete_event(&ann, &room.calendar, "last").await.unwrap();
        assert!(room.book(&ann, &daily, WhenTaken::Refuse, None).await.is_ok());
        let single = requested("2026-04-01T11:00", "2026-04-01T13:00");
        let answer = room.book(&ann, &single, WhenTaken::Refuse, None).await;
        assert_eq!(in_the_way(answer), ["beyond 0401T10"], "a single one wherever it lies");
    }

    async fn a_whole_day_is_in_the_way_from_local_midnight_to_midnight(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.set(|it| it.zone = "Europe/Berlin".to_owned()).await;
        let ann = room.caller("ann").await;
        let day = requested("2026-03-03", "2026-03-04");
        let id = room.book(&ann, &day, WhenTaken::Refuse, None).await.unwrap().id;
        for (start, end, is_taken) in [
            ("2026-03-02T22:00Z", "2026-03-02T23:00Z", false),
            ("2026-03-02T22:00Z", "2026-03-02T23:00:01Z", true),
            ("2026-03-03T22:59:59Z", "2026-03-04T00:00Z", true),
            ("2026-03-03T23:00Z", "2026-03-04T00:00Z", false),
        ] {
            let answer = room.book(&ann, &requested(start, end), WhenTaken::Refuse, None).await;
            if let Ok(Created { id }) = &answer {
                room.service.delete_event(&ann, &room.calendar, id).await.unwrap();
            }
            let expected = if is_taken { vec![format!("{id} 0303T00")] } else { Vec::new() };
            assert_eq!(in_the_way(answer), expected, "{start}");
        }
    }

    async fn a_booking_that_is_sent_twice_at_once_stands_once_and_keeps_its_place(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        let first = room.book(&ann, &hour(), WhenTaken::Refuse, Some("k")).await.unwrap();
        // The second has read the key before the first was done.
        database.execute("UPDATE idempotency_keys SET is_done = FALSE").await;
        let again = room.at(seconds(5));
        let second = again.book(&ann, &hour(), WhenTaken::Refuse, Some("k")).await.unwrap();
        assert_eq!(first, second);
        assert_eq!(room.texts().await.len(), 1);
        let later = room.at(seconds(60));
        let over = later.book(&ann, &hour(), WhenTaken::Book, None).await.unwrap();
        let report = later.at(seconds(120)).clear().await;
        assert_eq!(told(&report), [format!("deleted {} 0303T10 by {}", over.id, first.id)]);
        // What was done and is deleted since is not booked again.
        room.service.delete_event(&ann, &room.calendar, &first.id).await.unwrap();
        let third = room.book(&ann, &hour(), WhenTaken::Refuse, Some("k")).await.unwrap();
        assert_eq!((third, room.texts().await.len()), (first, 0));
    }

    async fn the_same_key_books_once_and_only_the_same(database) {
        let store = database.open().await;
        let room = Room::new(&store).await;
        let mut ann = room.caller("ann").await;
        let bob = room.caller("bob").await;
        let other = Room::named(&store, "other").await;
        ann.calendars = vec![room.calendar.clone(), other.calendar.clone()].into();
        let key = Some("k\u{1F511}");
        let first = room.book(&ann, &hour(), WhenTaken::Refuse, key).await.unwrap();
        let again = room.book(&ann, &hour(), WhenTaken::Refuse, key).await.unwrap();
        assert_eq!(first, again, "although the room is taken by now");
        let renamed = Requested { name: "Another".to_owned(), ..hour() };
        let of = "Idempotency-Key";
        assert_eq!(fields(room.book(&ann, &renamed, WhenTaken::Refuse, key).await), [of]);
        assert_eq!(fields(room.book(&ann, &hour(), WhenTaken::Book, key).await), [of]);
        assert_eq!(fields(other.book(&ann, &hour(), WhenTaken::Refuse, key).await), [of]);
        let bobs = room.book(&bob, &hour(), WhenTaken::Book, key).await.unwrap();
        assert_ne!(bobs, first, "another user's key is another key");
        let ours = room.book(&ann, &hour(), WhenTaken::Book, Some("another")).await.unwrap();
        assert_ne!(ours, first);
        assert_eq!(room.texts().await.len(), 3);
        for wrong in [String::new(), "k".repeat(256)] {
            assert_eq!(fields(room.book(&ann, &hour(), WhenTaken::Book, Some(&wrong)).await), [of]);
        }
        assert!(room.book(&ann, &hour(), WhenTaken::Book, Some(&"k".repeat(255))).await.is_ok());
    }

    async fn a_key_is_remembered_for_24_hours(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        let book = |clock: Moment| {
            let (room, ann) = (room.at(clock), ann.clone());
            async move { room.book(&ann, &hour(), WhenTaken::Book, Some("key")).await.unwrap().id }
        };
        let first = book(days(0)).await;
        assert_eq!(book(days(1)).await, first);
        room.at(days(1)).service.forget(180).await.unwrap();
        assert_eq!(book(days(1)).await, first);
        let second = book(seconds(86_401)).await;
        assert_ne!(second, first);
        assert_eq!(book(seconds(86_402)).await, second);
        assert_eq!(room.texts().await.len(), 2);
    }

    async fn a_refused_booking_is_not_remembered(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("old", "0101T00", "0303T10", "0303T11").await;
        let ann = room.caller("ann").await;
        let answer = room.book(&ann, &hour(), WhenTaken::Refuse, Some("key")).await;
        assert_eq!(in_the_way(answer), ["old 0303T10"]);
        room.service.delete_event(&ann, &room.calendar, "old").await.unwrap();
        assert!(room.book(&ann, &hour(), WhenTaken::Refuse, Some("key")).await.is_ok());
    }

    async fn a_calendar_that_went_meanwhile_is_not_found(database) {
        let room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        database.execute("DELETE FROM calendars").await;
        let answer = room.book(&ann, &hour(), WhenTaken::Book, None).await;
        assert!(matches!(answer, Err(Error::NotFound(_))), "{answer:?}");
    }
}
