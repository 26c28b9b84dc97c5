//! Restoring what was removed.

use harness::{Room, at, days, event, file, told};
use operations::Error;
use store::history::RemovalKind;
use store::{RemovalId, Store};
use testing::on_both_databases;

/// A room where an old event holds the whole of a Tuesday to Thursday.
async fn taken(store: &Store) -> Room {
    Room::new(store).await.with_event("old", "0101T00", "0303T08", "0305T20").await
}

/// A room with a series of a whole week and no conflict yet.
async fn with_series(store: &Store) -> Room {
    let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=7");
    let series = series.line("LAST-MODIFIED:20260201T000000Z").line("X-KEPT:\u{1F984}");
    Room::new(store).await.with(series.by("ann@example.org")).await
}

async fn rival(room: Room, day: &str) -> Room {
    let (start, end) = (format!("{day}T10"), format!("{day}T11"));
    room.with_event(&format!("rival-{day}"), "0101T00", &start, &end).await
}

/// The days on which the series takes place.
async fn series_days(room: &Room) -> Vec<String> {
    let list = room.list("0301T00", "0401T00").await;
    let events = list["events"].as_array().unwrap().iter().filter(|it| it["uid"] == "series");
    events.map(|it| it["start"].as_str().unwrap()[8..10].to_owned()).collect()
}

async fn refused(room: &Room, line: RemovalId, database: &testing::Database) -> String {
    let before = database.dump().await;
    let answer = room.restore(line).await;
    let Err(Error::Conflict(reason)) = answer else { panic!("{answer:?}") };
    assert_eq!(database.dump().await, before, "nothing was changed");
    reason.to_string()
}

on_both_databases! {
    async fn a_line_that_was_restored_is_not_restored_twice(database) {
        let room = taken(&database.open().await).await;
        let room = room.with_event("a", "0201T00", "0303T10", "0303T11").await;
        let before = room.text("a").await;
        room.clear().await;
        let line = room.line("a", "0303T10").await;
        let answer = room.restore(line).await.unwrap();
        assert_eq!((answer.calendar.as_str(), answer.event.uid.as_str()), ("room", "a"));
        assert_eq!(room.text("a").await, before, "byte for byte");
        let reason = refused(&room, line, &database).await;
        assert!(reason.contains("already restored"), "{reason}");
        let missing = room.restore(RemovalId(999)).await;
        assert!(matches!(missing, Err(Error::NotFound(_))), "{missing:?}");
    }

    async fn an_occurrence_comes_back_alone_and_its_last_brings_the_text_back(database) {
        let room = with_series(&database.open().await).await;
        let before = room.text("series").await;
        let room = rival(rival(rival(room, "0303").await, "0305").await, "0307").await;
        room.clear().await;
        assert_eq!(series_days(&room).await, ["04", "06", "08", "09"]);
        room.restore(room.line("series", "0305T10").await).await.unwrap();
        assert_eq!(series_days(&room).await, ["04", "05", "06", "08", "09"]);
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        room.restore(room.line("series", "0307T10").await).await.unwrap();
        assert_eq!(room.text("series").await, before);
    }

    async fn an_older_line_comes_back_and_what_later_runs_took_out_stays_out(database) {
        let room = with_series(&database.open().await).await;
        let before = room.text("series").await;
        let mut room = room;
        for day in ["0303", "0305", "0307"] {
            room = rival(room, day).await;
            room.clear().await;
        }
        let line = |day: &'static str| {
            let room = room.clone();
            async move { room.restore(room.line("series", day).await).await.unwrap() }
        };
        line("0303T10").await;
        assert_eq!(series_days(&room).await, ["03", "04", "06", "08", "09"]);
        line("0305T10").await;
        assert_eq!(series_days(&room).await, ["03", "04", "05", "06", "08", "09"]);
        line("0307T10").await;
        assert_eq!(room.text("series").await, before, "what was put back before is still there");
    }

    async fn what_was_restored_stays_when_a_later_run_takes_something_else_out(database) {
        let room = rival(with_series(&database.open().await).await, "0303").await;
        room.clear().await;
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        let by = operations::command_line();
        // The next run takes both out.
        let room = rival(room, "0305").await;
        room.clear().await;
        room.restore(room.line("series", "0305T10").await).await.unwrap();
        let days = ["04", "05", "06", "07", "08", "09"];
        assert_eq!(series_days(&room).await, days);
        // A protected one is not removed again.
        room.service.protect(&by, None, "series").await.unwrap();
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        assert_eq!(
            told(&room.clear().await),
            [
                "ignored series 0303T10 by rival-0303: protected",
                "ignored series 0305T10 by rival-0305: protected",
            ]
        );
        assert_eq!(series_days(&room).await.len(), 7);
    }

    async fn a_series_of_which_nothing_remained_comes_back_one_by_one(database) {
        let room = taken(&database.open().await).await;
        let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3");
        let room = room.with(series).await;
        let before = room.text("series").await;
        room.clear().await;
        assert_eq!(room.text("series").await, "");
        for (line, days) in [
            ("0304T10", &["04"][..]),
            ("0305T10", &["04", "05"]),
            ("0303T10", &["03", "04", "05"]),
        ] {
            room.restore(room.line("series", line).await).await.unwrap();
            assert_eq!(series_days(&room).await, days);
        }
        assert_eq!(room.text("series").await, before);
    }

    async fn an_older_line_comes_back_after_a_later_run_left_nothing(database) {
        let room = Room::new(&database.open().await).await;
        let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=2");
        let room = rival(room.with(series).await, "0303").await;
        room.clear().await;
        let room = rival(room, "0304").await;
        room.clear().await;
        assert_eq!(room.text("series").await, "");
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        assert_eq!(series_days(&room).await, ["03"]);
        room.restore(room.line("series", "0304T10").await).await.unwrap();
        assert_eq!(series_days(&room).await, ["03", "04"]);
    }

    async fn what_a_later_run_left_nothing_of_comes_back_byte_for_byte_while_the_earlier_date_stays_out(database) {
        let room = Room::new(&database.open().await).await;
        let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=2");
        let room = rival(room.with(series.line("LAST-MODIFIED:20260201T000000Z")).await, "0303").await;
        room.clear().await;
        let before = room.text("series").await;
        let room = rival(room, "0304").await;
        room.clear().await;
        room.advance(std::time::Duration::from_secs(3_600));
        room.restore(room.line("series", "0304T10").await).await.unwrap();
        assert_eq!(room.text("series").await, before);
    }

    async fn an_override_comes_back_with_its_own_words(database) {
        let store = database.open().await;
        let master = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3");
        let moved = event("series", "0201T00", "0304T14", "0304T15")
            .line("RECURRENCE-ID:20260304T100000Z")
            .line("SUMMARY:Moved");
        let room = Room::new(&store).await.with_file(&file(&[master, moved])).await;
        let before = room.text("series").await;
        let room = room.with_event("old", "0101T00", "0304T14", "0304T15").await;
        room.clear().await;
        assert!(!room.text("series").await.contains("Moved"));
        room.restore(room.line("series", "0304T14").await).await.unwrap();
        assert_eq!(room.text("series").await, before);
    }

    async fn what_somebody_else_changed_since_is_not_written_over(database) {
        let room = taken(&database.open().await).await;
        let room = room.with_event("a", "0201T00", "0303T10", "0303T11").await;
        let deleted = room.text("a").await;
        room.clear().await;
        let line = room.line("a", "0303T10").await;
        let href = "SELECT href FROM changes WHERE uid = 'a' AND cause = 'clear'";
        let href = database.column(href).await.remove(0);
        let text = deleted.replace("T110000Z", "T120000Z");
        let room = room.with_resource(&href, "a", &text).await;
        let reason = refused(&room, line, &database).await;
        assert!(reason.contains("changed by somebody else"), "{reason}");
        assert_eq!(room.text("a").await, text);
    }

    async fn a_date_of_a_series_that_somebody_else_has_deleted_is_not_restored(database) {
        let room = rival(with_series(&database.open().await).await, "0303").await;
        room.clear().await;
        let line = room.line("series", "0303T10").await;
        database.execute("DELETE FROM objects WHERE uid = 'series'").await;
        let reason = refused(&room, line, &database).await;
        assert!(reason.contains("changed by somebody else"), "{reason}");
    }

    async fn where_the_whole_event_went_later_that_line_comes_first(database) {
        let room = rival(with_series(&database.open().await).await, "0303").await;
        room.clear().await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "series").await.unwrap();
        let lines = room.lines().await;
        let reason = refused(&room, lines[0].id, &database).await;
        assert!(reason.contains(&format!("restore line {} of the history", lines[1].id)), "{reason}");
        room.restore(lines[1].id).await.unwrap();
        assert_eq!(series_days(&room).await.len(), 6);
        room.restore(lines[0].id).await.unwrap();
        assert_eq!(series_days(&room).await.len(), 7);
    }

    async fn of_several_that_went_later_the_last_comes_first(database) {
        let room = rival(with_series(&database.open().await).await, "0303").await;
        room.clear().await;
        let room = room.with_event("series", "0101T00", "0404T10", "0404T11").await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "series").await.unwrap();
        let lines = room.lines().await;
        for index in [0, 1] {
            let reason = refused(&room, lines[index].id, &database).await;
            assert!(reason.contains(&format!("restore line {}", lines[2].id)), "{reason}");
        }
        for line in lines.iter().rev() {
            room.restore(line.id).await.unwrap();
        }
        assert_eq!(series_days(&room).await.len(), 7);
    }

    async fn an_import_over_it_comes_first_too_and_can_be_undone(database) {
        let room = rival(with_series(&database.open().await).await, "0303").await;
        room.clear().await;
        let cleared = room.text("series").await;
        let room = room.with_event("series", "0101T00", "0404T10", "0404T11").await;
        let lines = room.lines().await;
        assert_eq!(lines[1].kind, RemovalKind::Replaced);
        let reason = refused(&room, lines[0].id, &database).await;
        assert!(reason.contains(&format!("restore line {}", lines[1].id)), "{reason}");
        room.restore(lines[1].id).await.unwrap();
        assert_eq!(room.text("series").await, cleared);
        room.restore(lines[0].id).await.unwrap();
        assert_eq!(series_days(&room).await.len(), 7);
    }

    async fn a_version_that_an_import_brought_keeps_what_a_run_took_out_of_it(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("series", "0101T00", "0404T10", "0404T11").await;
        let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=7");
        let room = rival(room.with(series).await, "0303").await;
        let imported = room.text("series").await;
        room.clear().await;
        // The line about the import is older and stays as it is.
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        assert_eq!(room.text("series").await, imported);
    }

    async fn an_event_that_took_the_uid_since_is_not_doubled(database) {
        let room = taken(&database.open().await).await;
        let room = room.with_event("a", "0201T00", "0303T10", "0303T11").await;
        room.clear().await;
        let room = room.with_event("a", "0301T00", "0404T10", "0404T11").await;
        let reason = refused(&room, room.line("a", "0303T10").await, &database).await;
        assert!(reason.contains("another event with the same id"), "{reason}");
    }

    async fn what_was_deleted_by_request_comes_back_and_nobody_is_written_to(database) {
        let room = with_series(&database.open().await).await.with_mail().await;
        let before = room.text("series").await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "series").await.unwrap();
        let again = room.service.delete_event(&ann, &room.calendar, "series").await;
        assert!(matches!(again, Err(Error::NotFound(_))));
        let line = room.lines().await.remove(0);
        assert_eq!(line.kind, RemovalKind::DeletedByRequest);
        room.service.restore(Some(ann.user), line.id).await.unwrap();
        assert_eq!(room.text("series").await, before);
        assert!(room.mails().await.is_empty());
        let sql = format!(
            "SELECT cause || ' ' || user_id FROM changes WHERE user_id = {} ORDER BY id",
            ann.user
        );
        let users = database.column(&sql).await;
        assert_eq!(users, [format!("request {}", ann.user), format!("restore {}", ann.user)]);
    }

    async fn an_event_without_uid_comes_back(database) {
        let store = database.open().await;
        let room = taken(&store).await.with_event("", "0201T00", "0303T10", "0303T11").await;
        let before = room.text("").await;
        room.clear().await;
        assert_eq!(room.uids().await, "old");
        room.restore(room.line("", "0303T10").await).await.unwrap();
        assert_eq!(room.text("").await, before);
    }

    async fn an_event_is_restored_also_where_its_line_of_the_history_is_damaged(database) {
        let room = taken(&database.open().await).await.with_event("a", "0201T00", "0303T10", "0303T11").await;
        let before = room.text("a").await;
        room.clear().await;
        let line = room.line("a", "0303T10").await;
        database.execute("UPDATE removals SET fact = '{}'").await;
        let restored = room.restore(line).await.unwrap();
        assert_eq!(restored.event.start.0, at("0303T10"));
        assert_eq!(room.text("a").await, before);
    }

    async fn a_message_that_was_not_sent_is_dropped(database) {
        let room = rival(with_series(&database.open().await).await.with_mail().await, "0303").await;
        room.clear().await;
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        assert_eq!(room.mails().await, ["removed series ann@example.org discarded"]);
    }

    async fn whoever_had_cancelled_what_is_restored_is_told_that_it_does_not_hold_the_room(database) {
        let room = Room::new(&database.open().await).await.with_mail().await;
        let room = room.set(|it| it.announces.leftovers = true).await;
        let off = event("off", "0201T00", "0303T10", "0303T11").by("ann@example.org");
        let room = room.with(off.line("STATUS:CANCELLED")).await;
        room.clear().await;
        database.execute("UPDATE outbox SET state = 'sent', attempts = 1").await;
        room.restore(room.line("off", "0303T10").await).await.unwrap();
        let data = room.latest_data().await;
        assert_eq!((&data["is_restored"], &data["is_cancelled"]), (&true.into(), &true.into()));
    }

    async fn whoever_was_told_is_told_that_it_is_back(database) {
        let room = rival(with_series(&database.open().await).await.with_mail().await, "0303").await;
        room.clear().await;
        database.execute("UPDATE outbox SET state = 'sent', attempts = 1").await;
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        let expected = ["removed series ann@example.org sent", "restored series ann@example.org waiting"];
        assert_eq!(room.mails().await, expected);
        let data = room.latest_data().await;
        assert_eq!(data["start"], at("0303T10"));
        assert_eq!((&data["is_deleted"], &data["is_recurring"]), (&false.into(), &true.into()));
    }

    async fn each_of_two_occurrences_that_come_back_is_told_of(database) {
        let room = with_series(&database.open().await).await.with_mail().await;
        let room = rival(rival(room, "0303").await, "0305").await;
        room.clear().await;
        database.execute("UPDATE outbox SET state = 'sent', attempts = 1").await;
        for line in ["0303T10", "0305T10"] {
            room.restore(room.line("series", line).await).await.unwrap();
        }
        assert_eq!(
            room.mails().await,
            [
                "removed series ann@example.org sent",
                "restored series ann@example.org waiting",
                "restored series ann@example.org waiting",
            ]
        );
    }

    async fn a_message_about_two_is_dropped_with_the_second_and_so_is_what_followed_the_first(
        database
    ) {
        let room = with_series(&database.open().await).await.with_mail().await;
        let room = rival(rival(room, "0303").await, "0305").await;
        room.clear().await;
        for line in ["0303T10", "0305T10"] {
            room.restore(room.line("series", line).await).await.unwrap();
        }
        let mails = room.mails().await;
        assert!(mails.iter().all(|it| it.ends_with("discarded")), "{mails:?}");
    }

    async fn one_organizers_message_does_not_keep_the_other_from_being_told(database) {
        let store = database.open().await;
        let master = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3");
        let moved = event("series", "0201T00", "0304T1010", "0304T1110")
            .line("RECURRENCE-ID:20260304T100000Z");
        let both = [master.by("ann@example.org"), moved.by("bob@example.org")];
        let room = Room::new(&store).await.with_mail().await.with_file(&file(&both)).await;
        let room = rival(rival(room, "0303").await, "0304").await;
        room.clear().await;
        let sql = "UPDATE outbox SET state = 'sent', attempts = 1 WHERE address LIKE 'bob%'";
        database.execute(sql).await;
        for line in ["0303T10", "0304T1010"] {
            room.restore(room.line("series", line).await).await.unwrap();
        }
        assert_eq!(
            room.mails().await,
            [
                "removed series ann@example.org discarded",
                "removed series bob@example.org sent",
                "restored series bob@example.org waiting",
            ]
        );
    }

    async fn what_was_gathered_into_a_message_is_still_said_when_that_ones_own_loss_is_restored(
        database
    ) {
        let room = rival(with_series(&database.open().await).await.with_mail().await, "0303").await;
        let room = room.with(
            event("far", "0201T00", "0401T10", "0401T11").rule("FREQ=DAILY").by("ann@example.org")
        ).await;
        // The first announces the series; the second is gathered; the third takes it along.
        for (day, clock) in [("0501", days(0)), ("0502", days(1)), ("0503", days(30))] {
            rival(room.clone(), day).await.at(clock).clear().await;
        }
        let of_far = |mails: Vec<String>| -> Vec<_> {
            mails.into_iter().filter(|it| it.contains(" far ")).collect()
        };
        assert!(of_far(room.mails().await)[1].ends_with("joined"));
        room.at(days(30)).restore(room.line("far", "0503T10").await).await.unwrap();
        let mails = of_far(room.mails().await);
        let says_second = !mails[1].ends_with("joined") || mails[2].ends_with("waiting");
        assert!(says_second, "the loss of the second was never said: {mails:?}");
    }

    async fn the_next_run_takes_it_out_again_and_says_so_unless_it_is_protected(database) {
        let room = rival(with_series(&database.open().await).await.with_mail().await, "0303").await;
        room.clear().await;
        database.execute("UPDATE outbox SET state = 'sent', attempts = 1").await;
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        assert_eq!(told(&room.clear().await), ["cancelled series 0303T10 by rival-0303"]);
        let mails = room.mails().await;
        assert_eq!(mails.len(), 3);
        assert_eq!(mails[2], "removed series ann@example.org waiting", "less than 7 days later");
        assert_eq!(room.not_notified_reason().await, [None, None]);
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        let by = operations::command_line();
        room.service.protect(&by, Some("room"), "series").await.unwrap();
        assert_eq!(told(&room.clear().await), ["ignored series 0303T10 by rival-0303: protected"]);
    }
}
