//! Calendars from files, and into them.

use std::sync::Mutex;

use facts::Removal;
use facts::time;
use harness::{Room, event, file, told};
use operations::{Error, Imported};
use store::{history, objects};
use testing::on_both_databases;
use workload::Workload;

async fn import(room: &Room, text: &[u8]) -> Result<Imported, Error> {
    room.service.import(&operations::command_line(), &room.calendar, text, &|_, _| {}).await
}

fn counts(added: usize, replaced: usize, unchanged: usize) -> Imported {
    Imported { added, replaced, unchanged, ..Imported::default() }
}

on_both_databases! {
    async fn what_is_no_calendar_changes_nothing(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("a", "0101T00", "0303T10", "0303T11").await;
        let before = database.dump().await;
        for garbage in [&b""[..], b"hello", b"\xff\xfe\0", b"BEGIN:VCARD\r\nEND:VCARD\r\n"] {
            let answer = import(&room, garbage).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{garbage:?}: {answer:?}");
        }
        assert_eq!(database.dump().await, before);
    }

    async fn the_etag_of_an_event_is_no_hash_by_which_its_text_could_be_guessed(database) {
        let store = database.open().await;
        let (room, other) = (Room::new(&store).await, Room::named(&store, "other").await);
        let text = file(&[event("a", "0101T00", "0303T10", "0303T11")]);
        let mut etags = Vec::new();
        for room in [&room, &other] {
            import(room, text.as_bytes()).await.unwrap();
            etags.push(objects::all(&store, room.calendar.id).await.unwrap().remove(0).etag);
        }
        assert_ne!(etags[0], etags[1], "of two events with the same text");
    }

    async fn an_import_that_fails_in_its_middle_brings_nothing(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.with_event("b", "0101T00", "0303T10", "0303T11").await;
        let before = database.dump().await;
        database.execute("ALTER TABLE changes RENAME TO elsewhere").await;
        let text = file(&[
            event("a", "0101T00", "0303T10", "0303T11"),
            event("b", "0102T00", "0303T10", "0303T11"),
        ]);
        assert!(import(&room, text.as_bytes()).await.is_err());
        database.execute("ALTER TABLE elsewhere RENAME TO changes").await;
        assert_eq!(database.dump().await, before);
    }

    async fn what_is_exported_and_imported_elsewhere_has_the_same_occurrences(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.set(|it| it.zone = "Europe/Berlin".to_owned()).await;
        let other = Room::named(&store, "other").await;
        let other = other.set(|it| it.zone = "Europe/Berlin".to_owned()).await;
        let made = Workload { objects: 120, days_before: 20, days_after: 20, ..Workload::default() };
        assert_eq!(import(&room, made.calendar().as_bytes()).await.unwrap(), counts(120, 0, 0));
        let exported = room.service.export(&room.calendar).await.unwrap();
        assert_eq!(import(&other, &exported).await.unwrap(), counts(120, 0, 0));
        let list = async |room: &Room| {
            let mut list = room.list("0201T00", "0901T00").await;
            let events = list["events"].as_array_mut().unwrap();
            // Each write has its own.
            events.iter_mut().for_each(|it| drop(it.as_object_mut().unwrap().remove("etag")));
            list
        };
        assert!(list(&room).await["events"].as_array().unwrap().len() > 120);
        assert_eq!(list(&room).await, list(&other).await);
        assert_eq!(room.texts().await, other.texts().await, "and the same bytes");
        assert_eq!(import(&room, &exported).await.unwrap(), counts(0, 0, 120));
    }

    async fn an_import_that_says_the_same_changes_nothing(database) {
        let room = Room::new(&database.open().await).await;
        let text = file(&[
            event("a", "0101T00", "0303T10", "0303T11"),
            event("", "0101T00", "0303T10", "0303T11"),
        ]);
        assert_eq!(import(&room, text.as_bytes()).await.unwrap(), counts(2, 0, 0));
        let texts = room.texts().await;
        assert_eq!(import(&room, text.as_bytes()).await.unwrap(), counts(0, 0, 2));
        assert_eq!(room.texts().await, texts);
        assert!(room.lines().await.is_empty());
    }

    async fn a_version_that_is_replaced_is_kept_in_the_history(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("a", "0101T00", "0303T10", "0303T11").await;
        let before = room.text("a").await;
        let text = file(&[event("a", "0101T00", "0304T10", "0304T11")]);
        assert_eq!(import(&room, text.as_bytes()).await.unwrap(), counts(0, 1, 0));
        let line = room.lines().await.remove(0);
        let change = history::change(room.store(), line.change_id).await.unwrap().unwrap();
        assert_eq!(change.before_text, Some(before.into_bytes()));
        assert_eq!(change.after_text, Some(room.text("a").await.into_bytes()));
        assert_eq!((change.cause.as_str(), line.kind.as_str()), ("import", "replaced by an import"));
        let event = Removal::from_json(&line.fact).unwrap().event;
        assert_eq!(time::rfc3339(&event.zone, event.start), "2026-03-03T10:00:00+00:00");
    }

    async fn an_object_keeps_the_zone_that_its_file_defines(database) {
        let store = database.open().await;
        let room = Room::new(&store).await;
        let zone = "BEGIN:VTIMEZONE\r\nTZID:Here\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
                    TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        let text = file(&[event("a", "0101T00", "x", "x"), event("b", "0101T00", "0303T10", "0303T11")])
            .replace("DTSTART:x", "DTSTART;TZID=Here:20260303T100000")
            .replace("DTEND:x", "DTEND;TZID=Here:20260303T110000")
            .replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1);
        import(&room, text.as_bytes()).await.unwrap();
        assert!(room.text("a").await.contains(zone));
        assert!(!room.text("b").await.contains("VTIMEZONE"), "who does not name it has it not");
        let list = room.list("0303T00", "0304T00").await;
        assert_eq!(list["events"][0]["start"], "2026-03-03T05:00:00+00:00");
        let exported = String::from_utf8(room.service.export(&room.calendar).await.unwrap()).unwrap();
        assert_eq!(exported.matches(zone).count(), 1);
    }

    async fn events_without_uid_are_objects_of_their_own(database) {
        let room = Room::new(&database.open().await).await;
        let one = event("", "0101T00", "0303T10", "0303T11");
        let two = event("", "0102T00", "0303T10", "0303T11");
        let text = file(&[one.clone(), two]);
        assert_eq!(import(&room, text.as_bytes()).await.unwrap(), counts(2, 0, 0));
        assert_eq!(import(&room, file(&[one]).as_bytes()).await.unwrap(), counts(0, 0, 1));
        let report = room.clear().await;
        assert_eq!(told(&report), ["deleted  0303T10 by "]);
        assert_eq!(import(&room, text.as_bytes()).await.unwrap(), counts(1, 0, 1));
    }

    async fn a_uid_as_long_as_a_reader_takes_can_be_kept(database) {
        let mut number = 1_u64;
        let uid: String = std::iter::repeat_with(|| {
            // Something that does not compress.
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'0' + (number >> 33) as u8 % 64)
        })
        .filter(|it| it.is_ascii_alphanumeric())
        .take(4_096)
        .collect();
        let room = Room::new(&database.open().await).await;
        let other = format!("{}x", &uid[..4_095]);
        for uid in [&uid, &other] {
            let text = file(&[event(uid, "0101T00", "0303T10", "0303T11")]);
            assert_eq!(import(&room, text.as_bytes()).await.unwrap(), counts(1, 0, 0));
            assert_eq!(import(&room, text.as_bytes()).await.unwrap(), counts(0, 0, 1));
        }
        room.clear().await;
        let ann = room.caller("ann").await;
        let (mut left, mut gone) = (0, 0);
        for uid in [&uid, &other] {
            match room.service.delete_event(&ann, &room.calendar, uid).await {
                Ok(()) => left += 1,
                Err(Error::NotFound(_)) => gone += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!((left, gone), (1, 1));
    }

    async fn progress_is_told_object_by_object(database) {
        let room = Room::new(&database.open().await).await;
        let text = file(&["a", "b", "c"].map(|uid| event(uid, "0101T00", "0303T10", "0303T11")));
        let seen = Mutex::new(Vec::new());
        let note = |done, of| seen.lock().unwrap().push((done, of));
        room.service.import(&operations::command_line(), &room.calendar, text.as_bytes(), &note).await.unwrap();
        assert_eq!(*seen.lock().unwrap(), [(1, 3), (2, 3), (3, 3)]);
    }
}
