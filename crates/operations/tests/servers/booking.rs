//! Booking and deleting through our own operations.

use operations::{ChangeRequest, Error, Requested, RequestedChange, WhenTaken};

use crate::ground::{Ground, on_every_server};

fn hour(start: &str, end: &str) -> Requested {
    Requested {
        name: "Prüfung, \"streng\"; 1\\2".to_owned(),
        start: start.to_owned(),
        end: end.to_owned(),
        ..Requested::default()
    }
}

#[test]
fn what_is_booked_is_what_alice_sees_and_what_a_delete_takes_out_again() {
    on_every_server(async |server| {
        let it = Ground::new(server, "booked").await;
        let ann = it.room.caller("ann").await;
        let series = Requested {
            rrule: Some("FREQ=DAILY;COUNT=2".to_owned()),
            organizer: Some("ann@example.org".to_owned()),
            description: Some("One\nTwo".to_owned()),
            ..hour("2026-03-03T10:00", "2026-03-03T11:00")
        };
        let id = it.room.book(&ann, &series, WhenTaken::Book, None).await.unwrap().id;
        let listed = it.alice.list().await;
        it.same(listed.len(), 1);
        let text =
            it.alice.get(&format!("{id}.ics")).await.body.replace("\r\n ", "").replace("\n ", "");
        for line in [
            &*format!("UID:{id}"),
            "SUMMARY:Prüfung\\, \"streng\"\\; 1\\\\2",
            "DESCRIPTION:One\\nTwo",
            "RRULE:FREQ=DAILY;COUNT=2",
            ":mailto:ann@example.org",
        ] {
            assert!(text.contains(line), "{}: {line} is not in {text}", it.expected.name);
        }
        if it.expected.expands {
            it.same(it.starts().await, ["20260303T100000Z", "20260304T100000Z"]);
        }
        it.same(it.clear().await, [""; 0]);

        it.room.service.delete_event(&ann, &it.room.calendar, &id).await.unwrap();
        it.same(it.alice.list().await, []);
        let again = it.room.service.delete_event(&ann, &it.room.calendar, &id).await;
        it.same(matches!(again, Err(Error::NotFound(_))), true);
        // What alice has just written has not been fetched yet, and is deleted all the same.
        it.put("old", &[it.old()]).await;
        it.room.service.delete_event(&ann, &it.room.calendar, &it.uid("old")).await.unwrap();
        it.same(it.uids().await, "");
    });
}

#[test]
fn only_if_free_knows_what_alice_has_just_written() {
    on_every_server(async |server| {
        let it = Ground::new(server, "taken").await;
        let ann = it.room.caller("ann").await;
        it.room.test().await;
        it.put("old", &[it.old()]).await;
        let hour = hour("2026-03-03T10:30", "2026-03-03T11:30");
        let Err(Error::Taken(by)) = it.room.book(&ann, &hour, WhenTaken::Refuse, None).await else {
            panic!("{}: it is taken", it.expected.name);
        };
        it.same(&by[0].uid, &it.uid("old"));
        it.same(it.uids().await, "old");
        it.delete("old").await;
        it.room.book(&ann, &hour, WhenTaken::Refuse, None).await.unwrap();
        it.same(it.alice.list().await.len(), 1);
    });
}

#[test]
fn of_fifty_who_book_the_same_free_hour_at_once_one_does() {
    on_every_server(async |server| {
        let it = Ground::new(server, "fifty").await;
        let ann = it.room.caller("ann").await;
        let hour = hour("2026-03-03T10:00", "2026-03-03T11:00");
        let all = (0..50).map(|_| it.room.book(&ann, &hour, WhenTaken::Refuse, None));
        let all = futures_util::future::join_all(all).await;
        let wrong = all.iter().filter_map(|it| it.as_ref().err());
        let wrong: Vec<_> = wrong.filter(|it| !matches!(it, Error::Taken(_))).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", it.expected.name);
        it.same(all.iter().filter(|it| it.is_ok()).count(), 1);
        it.same(it.alice.list().await.len(), 1);
    });
}

#[test]
fn what_is_changed_is_what_alice_sees_unless_she_has_changed_it_before() {
    on_every_server(async |server| {
        let it = Ground::new(server, "changed").await;
        let ann = it.room.caller("ann").await;
        let booked = hour("2026-03-03T10:00", "2026-03-03T11:00");
        let id = it.room.book(&ann, &booked, WhenTaken::Book, None).await.unwrap().id;
        let name = format!("{id}.ics");
        let read = async || it.alice.get(&name).await.body.replace("\r\n ", "").replace("\n ", "");
        let change = async |name: &str, hour: u32, if_match: Option<Vec<String>>| {
            let change = RequestedChange {
                name: Some(name.to_owned()),
                start: Some(format!("2026-03-03T{hour}:00")),
                end: Some(format!("2026-03-03T{}:00", hour + 1)),
                ..RequestedChange::default()
            };
            let request = ChangeRequest {
                uid: id.clone(),
                change,
                occurrence: None,
                when_taken: WhenTaken::Refuse,
                if_match,
            };
            it.room.service.change_event(&ann, &it.room.calendar, request).await
        };
        let answer = change("Moved", 12, None).await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        it.same(answer["start"].as_str(), Some("2026-03-03T12:00:00+00:00"));
        it.same(read().await.contains("SUMMARY:Moved"), true);
        if it.expected.expands {
            it.same(it.starts().await, ["20260303T120000Z"]);
        }

        let etag = answer["etag"].as_str().unwrap().to_owned();
        let text = read().await.replace("SUMMARY:Moved", "SUMMARY:Of alice");
        it.same((200..300).contains(&it.alice.put(&name, &text, None).await.status), true);
        let changed = change("Again", 13, Some(vec![etag])).await;
        let is_refused = matches!(changed, Err(Error::Outdated(_)));
        assert!(is_refused, "{}: {changed:?}", it.expected.name);
        it.same(read().await.contains("SUMMARY:Of alice"), true);
        // Nor to an hour that she has taken meanwhile.
        it.put("old", &[it.event("old", "0101T00", "0303T14", "0303T15")]).await;
        let changed = change("Again", 14, None).await;
        let is_taken = matches!(changed, Err(Error::Taken(_)));
        assert!(is_taken, "{}: {changed:?}", it.expected.name);
        it.same(read().await.contains("SUMMARY:Of alice"), true);
    });
}
