//! Lists of events.

use harness::{Room, event, file, moment, window};
use ical::Window;
use operations::{Error, ListRequest};
use serde_json::Value;
use testing::on_both_databases;

/// The events of an answer in short.
fn events(list: &Value) -> Vec<String> {
    let line = |it: &Value| {
        format!("{} {}", it["uid"].as_str().unwrap(), &it["start"].as_str().unwrap()[5..16])
    };
    list["events"].as_array().unwrap().iter().map(line).collect()
}

fn all(uid: Option<&str>) -> ListRequest {
    let window = window("0301T00", "0401T00");
    ListRequest { window, uid: uid.map(str::to_owned), after: None, limit: 1_000 }
}

on_both_databases! {
    async fn a_uid_that_is_not_there_is_not_found_whatever_it_looks_like(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("a_b", "0101T00", "0303T10", "0303T11").await;
        let room = room.with_event("", "0101T00", "0303T10", "0303T11").await;
        let ann = room.caller("ann").await;
        for uid in ["", "a", "a%", "a%b", "axb", "A_B", "a_b ", "%", "_", "a_b\0", "' OR 1=1 --"] {
            let answer = room.list_of(all(Some(uid))).await;
            assert!(matches!(answer, Err(Error::NotFound(_))), "{uid:?}: {answer:?}");
            let answer = room.service.object_text(&room.calendar, uid, &operations::Reader::administrator()).await;
            assert!(matches!(answer, Err(Error::NotFound(_))), "{uid:?}");
            let answer = room.service.delete_event(&ann, &room.calendar, uid).await;
            assert!(matches!(answer, Err(Error::NotFound(_))), "{uid:?}");
        }
        assert_eq!(room.texts().await.len(), 2);
    }

    async fn an_event_of_an_odd_uid_is_found_shown_and_deleted_and_no_other(database) {
        let mut room = Room::new(&database.open().await).await;
        let uids = [
            "a/b", "a%2Fb", "a%b", "a_b", "axb", "../a", "a\u{1F984}b", "a b", "ä", "a\u{308}",
            "A", "a", "\"'", "a?b#c", "040000008200E00074C5B7101A82E008",
        ];
        for uid in uids {
            room = room.with_event(uid, "0101T00", "0303T10", "0303T11").await;
        }
        let ann = room.caller("ann").await;
        for (gone, uid) in uids.into_iter().enumerate() {
            let list = room.list_of(all(Some(uid))).await.unwrap();
            assert_eq!(events(&list), [format!("{uid} 03-03T10:00")]);
            let text = room.service.object_text(&room.calendar, uid, &operations::Reader::administrator()).await.unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), room.text(uid).await);
            room.service.delete_event(&ann, &room.calendar, uid).await.unwrap();
            assert_eq!(room.texts().await.len(), uids.len() - gone - 1, "{uid}");
        }
    }

    async fn a_nul_in_a_uid_does_no_harm(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("a\0b", "0101T00", "0303T10", "0303T11").await;
        let ann = room.caller("ann").await;
        let list = room.list_of(all(None)).await.unwrap();
        let uid = list["events"][0]["uid"].as_str().unwrap().to_owned();
        assert_eq!(room.list_of(all(Some(&uid))).await.unwrap(), list);
        room.service.delete_event(&ann, &room.calendar, &uid).await.unwrap();
        assert!(room.texts().await.is_empty());
        room.restore(room.lines().await[0].id).await.unwrap();
        let without_etag = |mut list: Value| {
            list["events"][0].as_object_mut().unwrap().remove("etag");
            list
        };
        let restored = room.list_of(all(None)).await.unwrap();
        assert_eq!(without_etag(restored), without_etag(list), "with another ETag");
    }

    async fn a_window_is_half_open(database) {
        let room = Room::new(&database.open().await)
            .await
            .with_event("ends-before", "0101T00", "0303T09", "0303T10")
            .await
            .with_event("ends-in", "0101T00", "0303T09", "0303T1001")
            .await
            .with_event("zero-at-start", "0101T00", "0303T10", "0303T10")
            .await
            .with_event("zero-at-end", "0101T00", "0303T12", "0303T12")
            .await
            .with_event("begins-in", "0101T00", "0303T1159", "0303T13")
            .await
            .with_event("begins-at-end", "0101T00", "0303T12", "0303T13")
            .await
            .with_event("around", "0101T00", "0301T10", "0401T13")
            .await
            .with(event("daily", "0101T00", "0301T10", "0301T1030").rule("FREQ=DAILY"))
            .await;
        assert_eq!(
            events(&room.list("0303T10", "0303T12").await),
            [
                "around 03-01T10:00",
                "ends-in 03-03T09:00",
                "daily 03-03T10:00",
                "zero-at-start 03-03T10:00",
                "begins-in 03-03T11:59",
            ]
        );
    }

    async fn pages_give_every_event_once_and_in_order(database) {
        let store = database.open().await;
        let mut room = Room::new(&store).await;
        for uid in ["a_1", "b", "a", "_"] {
            room = room.with(event(uid, "0101T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3")).await;
        }
        // Two instances of one series at one moment.
        let master = event("twice", "0101T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=2");
        let moved = event("twice", "0101T00", "0303T10", "0303T11")
            .line("RECURRENCE-ID:20260304T100000Z");
        room = room.with_file(&file(&[master, moved])).await;
        let whole = room.list_of(all(None)).await.unwrap();
        assert_eq!(events(&whole).len(), 14);
        assert_eq!(whole["next"], Value::Null);
        for limit in [1, 2, 3, 5, 13, 14] {
            let mut request = ListRequest { limit, ..all(None) };
            let mut found = Vec::new();
            loop {
                let page = room.list_of(request.clone()).await.unwrap();
                let of_page = page["events"].as_array().unwrap().clone();
                assert!(of_page.len() <= limit);
                found.extend(of_page);
                match page["next"].as_str() {
                    None => break,
                    Some(next) => request.after = Some(next.to_owned()),
                }
            }
            assert_eq!(Value::Array(found), whole["events"], "by {limit}");
        }
        let wrong = ListRequest { after: Some("x".to_owned()), ..all(None) };
        assert!(matches!(room.list_of(wrong).await, Err(Error::Invalid(_))));
    }

    async fn pages_give_events_without_uid_once_too(database) {
        let mut room = Room::new(&database.open().await).await;
        for name in ["one", "two", "three"] {
            let nameless = event("", "0101T00", "0303T10", "0303T11");
            room = room.with(nameless.line(format!("SUMMARY:{name}"))).await;
        }
        let mut request = ListRequest { limit: 1, ..all(None) };
        let mut names = Vec::new();
        loop {
            let page = room.list_of(request.clone()).await.unwrap();
            names.push(page["events"][0]["name"].as_str().unwrap().to_owned());
            match page["next"].as_str() {
                None => break,
                Some(next) => request.after = Some(next.to_owned()),
            }
        }
        names.sort();
        assert_eq!(names, ["one", "three", "two"]);
    }

    async fn one_uid_is_listed_with_all_its_occurrences_of_the_window(database) {
        let room = Room::new(&database.open().await)
            .await
            .with(event("s", "0101T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3"))
            .await
            .with_event("other", "0101T00", "0303T10", "0303T11")
            .await;
        let list = room.list_of(all(Some("s"))).await.unwrap();
        assert_eq!(events(&list), ["s 03-03T10:00", "s 03-04T10:00", "s 03-05T10:00"]);
        let later = Window { start: moment("0501T00"), end: moment("0601T00") };
        let list = room.list_of(ListRequest { window: later, ..all(Some("s")) }).await.unwrap();
        assert!(events(&list).is_empty(), "it is there, but not then");
    }

    async fn what_cannot_be_read_hides_nothing_else(database) {
        let broken = file(&[event("broken", "0101T00", "0303T10", "0303T11").line("RRULE:x")]);
        let room = Room::new(&database.open().await)
            .await
            .with_resource("a.ics", "broken", &broken)
            .await
            .with_resource("b.ics", "", "garbage")
            .await
            .with_event("fine", "0101T00", "0303T10", "0303T11")
            .await;
        assert_eq!(events(&room.list_of(all(None)).await.unwrap()), ["fine 03-03T10:00"]);
    }

    async fn a_listed_event_has_the_keys_of_the_contract(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.set(|it| it.zone = "Europe/Berlin".to_owned()).await;
        let all_day = event("a", "", "x", "x");
        let text = file(&[all_day])
            .replace("DTSTART:x", "DTSTART;VALUE=DATE:20260303")
            .replace("DTEND:x", "DTEND;VALUE=DATE:20260304\r\nSTATUS:TENTATIVE");
        let room = room.with_file(&text).await;
        let list = room.list_of(all(None)).await.unwrap();
        let etag = &list["events"][0]["etag"];
        assert!(etag.as_str().is_some_and(|it| it.starts_with('"')), "{etag}");
        assert_eq!(
            list,
            serde_json::json!({
                "events": [{
                    "uid": "a", "name": "",
                    "start": "2026-03-03T00:00:00+01:00", "end": "2026-03-04T00:00:00+01:00",
                    "created": null, "organizer": null, "recurring": false, "all_day": true,
                    "status": "TENTATIVE", "blocking": true, "etag": etag,
                }],
                "next": null,
            })
        );
    }
}
