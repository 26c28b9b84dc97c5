//! Who is notified of what, and that nobody is flooded (section 4 of the contract).

use facts::Removal;
use harness::report::in_english;
use harness::{Event, Room, administrator, at, days, event, file, seconds, told};
use ical::Moment;
use serde_json::{Value, json};
use store::Store;
use store::outbox::MessageState;
use testing::on_both_databases;

/// A room with mail in which an old event holds a Tuesday.
pub async fn taken(store: &Store) -> Room {
    let room = Room::new(store).await.with_mail().await;
    room.with(event("old", "0101T00", "0303T08", "0303T20").by("eve@example.org")).await
}

/// A young event on that Tuesday.
pub fn young(uid: &str) -> Event {
    event(uid, "0201T00", "0303T10", "0303T11").by("ann@example.org")
}

/// A room with mail where Ann's series of Tuesdays meets stronger events on the given days; each of
/// them is written when it is asked for.
pub async fn with_series(store: &Store) -> Room {
    let room = Room::new(store).await.with_mail().await;
    let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY");
    room.with(series.by("ann@example.org")).await
}

pub async fn rival(room: Room, day: &str) -> Room {
    let (start, end) = (format!("{day}T10"), format!("{day}T11"));
    room.with_event(&format!("rival-{day}"), "0101T00", &start, &end).await
}

pub fn starts(data: &Value) -> Vec<String> {
    let occurrences = data["occurrences"].as_array().unwrap();
    let start = |it: &Value| Moment(it["start"].as_i64().unwrap());
    let text = |it| facts::time::rfc3339(&ical::Zone::utc(), start(it))[5..10].to_owned();
    occurrences.iter().map(text).collect()
}

on_both_databases! {
    async fn without_a_template_nobody_is_told_and_the_history_says_why(database) {
        let room = taken(&database.open().await).await.set(|it| it.template = None).await;
        let room = room.with(young("a")).await;
        room.clear().await;
        assert!(room.mails().await.is_empty());
        assert_eq!(room.not_notified_reason().await, [Some("the calendar has no template".to_owned())]);
    }

    async fn a_kind_that_is_switched_off_is_not_announced(database) {
        let store = database.open().await;
        for (slug, kept) in [("no-deleted", 0), ("no-cancelled", 1), ("no-leftovers", 2)] {
            let room = Room::named(&store, slug).await.with_mail().await;
            let room = room
                .set(|it| match kept {
                    0 => it.announces.deleted = false,
                    1 => it.announces.cancelled = false,
                    _ => it.announces.leftovers = false,
                })
                .await
                .with_event("old", "0101T00", "0303T08", "0303T20")
                .await
                .with(young("0"))
                .await
                .with(young("1").rule("FREQ=DAILY;COUNT=2"))
                .await
                .with(young("2").line("STATUS:CANCELLED"))
                .await;
            room.clear().await;
            for line in room.lines().await {
                let event = Removal::from_json(&line.fact).unwrap().event;
                let reason = "the calendar does not announce this kind";
                let expected = (event.uid == ["0", "1", "2"][kept]).then_some(reason);
                let not_notified_reason = line.not_notified_reason.as_deref().map(in_english);
                assert_eq!(not_notified_reason.as_deref(), expected, "{slug} {event:?}");
            }
        }
        let messages = store::outbox::latest(&store, 100).await.unwrap();
        assert_eq!(messages.len(), 6, "two of each calendar");
    }

    async fn the_contact_is_told_where_there_is_no_organizer_else_nobody(database) {
        let store = database.open().await;
        let room = taken(&store).await.with_event("a", "0201T00", "0303T10", "0303T11").await;
        room.clear().await;
        assert_eq!(room.not_notified_reason().await, [Some("nobody is known who could be told".to_owned())]);
        let room = room.set(|it| it.contact_address = Some("Desk@Example.org".to_owned())).await;
        let room = room.with_event("b", "0201T00", "0303T12", "0303T13").await;
        room.clear().await;
        assert_eq!(room.mails().await, ["removed b desk@example.org waiting"]);
        assert_eq!(room.not_notified_reason().await[1], None);
    }

    async fn one_message_speaks_of_all_occurrences_of_an_object_in_a_run(database) {
        let store = database.open().await;
        let room = with_series(&store).await;
        let room = rival(rival(rival(room, "0304").await, "0303").await, "0306").await;
        let room = room.with(young("single")).await;
        room.clear().await;
        let mut mails = room.mails().await;
        mails.sort();
        let to_ann = ["series", "single"].map(|uid| format!("removed {uid} ann@example.org waiting"));
        assert_eq!(mails, to_ann);
        let messages = room.messages().await;
        let message = messages.iter().find(|it| it.uid == "series").unwrap();
        let data: Value = serde_json::from_str(&message.data).unwrap();
        assert_eq!(starts(&data), ["03-03", "03-04", "03-06"]);
        assert_eq!(data["calendar_name"], "The room");
        assert_eq!(data["start"], at("0303T10"), "it is that of the first");
        let flags = ["is_deleted", "is_cancelled", "is_recurring", "is_deprioritized"];
        assert_eq!(flags.map(|it| data[it].as_bool().unwrap()), [false, true, true, false]);
        assert_eq!(data["occurrences"][1]["overlap_events"][0]["start"], at("0304T10"));
        assert!(message.change_id.is_some());
    }

    async fn a_message_says_how_an_event_went(database) {
        let store = database.open().await;
        let room = taken(&store).await.with(young("deleted")).await;
        let room = room.with(young("leftover").line("STATUS:CANCELLED")).await;
        let room = room.with(young("whole-series").rule("FREQ=DAILY;COUNT=1")).await;
        let by = operations::command_line();
        let uid = store::calendars::PriorityKind::Uid;
        room.service.prioritise(&by, Some("room"), uid, "chief").await.unwrap();
        let room = room
            .with(event("first", "0101T00", "0310T10", "0310T11").by("ann@example.org"))
            .await
            .with_event("chief", "0201T00", "0310T10", "0310T11")
            .await;
        room.clear().await;
        let mut said = Vec::new();
        for message in room.messages().await {
            let data: Value = serde_json::from_str(&message.data).unwrap();
            let is = |flag: &str| data[flag].as_bool().unwrap();
            let words = ["is_deleted", "is_cancelled", "is_recurring", "is_deprioritized"]
                .map(|flag| if is(flag) { &flag[3..] } else { "-" });
            said.push(format!("{} {}", message.uid, words.join(" ")));
            if message.uid == "first" {
                assert_eq!(data["overlap_events"][0]["is_prioritized"], true);
                assert_eq!(data["is_prioritized"], false);
            }
        }
        said.sort();
        assert_eq!(
            said,
            [
                "deleted deleted - - -",
                "first deleted - - deprioritized",
                "leftover deleted cancelled - -",
                // Nobody had cancelled it before.
                "whole-series deleted - recurring -",
            ]
        );
    }

    async fn organizers_of_overrides_get_messages_of_their_own(database) {
        let store = database.open().await;
        let master = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=3");
        let moved = event("series", "0201T00", "0304T1010", "0304T1110")
            .line("RECURRENCE-ID:20260304T100000Z");
        let both = [master.by("ann@example.org"), moved.by("Bob@Example.org")];
        let room = Room::new(&store).await.with_mail().await.with_file(&file(&both)).await;
        let room = rival(rival(rival(room, "0303").await, "0304").await, "0305").await;
        room.clear().await;
        let mails = ["ann", "bob"].map(|it| format!("removed series {it}@example.org waiting"));
        assert_eq!(room.mails().await, mails);
        let of_bob = room.latest_data().await;
        assert_eq!(starts(&of_bob), ["03-04"]);
        assert_eq!(of_bob["organizer"], "Bob@Example.org");
    }

    async fn a_series_is_announced_once_in_30_days_and_the_rest_goes_with_the_next(database) {
        let store = database.open().await;
        let room = rival(with_series(&store).await, "0501").await;
        room.clear().await;
        assert_eq!(room.mails().await, ["removed series ann@example.org waiting"]);
        // What begins 14 days and a second from now can wait, and so can what goes on the 29th day.
        let room = rival(room.at(days(2)), "0502").await;
        room.clear().await;
        let room = rival(room.at(seconds(30 * 86_400 - 1)), "0503").await;
        room.clear().await;
        let gathered = room.messages().await;
        assert_eq!(room.mails().await[1..], ["removed series ann@example.org gathered"; 2]);
        assert_eq!(gathered[1].due_at, days(30).0, "then nothing keeps it any more");
        assert_eq!(room.not_notified_reason().await, [None, None, None]);
        let room = rival(room.at(days(30)), "0504").await;
        room.clear().await;
        assert_eq!(
            room.mails().await,
            [
                "removed series ann@example.org waiting",
                "removed series ann@example.org joined",
                "removed series ann@example.org joined",
                "removed series ann@example.org waiting",
            ]
        );
        assert_eq!(starts(&room.latest_data().await), ["05-02", "05-03", "05-04"]);
    }

    async fn what_starts_within_14_days_is_announced_at_once(database) {
        let store = database.open().await;
        let room = rival(with_series(&store).await, "0501").await;
        room.clear().await;
        // Ten in the morning of the 17th, seen from 10:00:00 and from 9:59:59 of the 3rd.
        let at = |day: &'static str, clock: Moment| {
            let room = room.clone();
            async move {
                let room = rival(room.at(clock), day).await;
                room.clear().await;
                room.mails().await.pop().unwrap().rsplit_once(' ').unwrap().1.to_owned()
            }
        };
        assert_eq!(at("0317", seconds(34 * 3_600 - 1)).await, "gathered");
        let due = room.messages().await.pop().unwrap().due_at;
        assert_eq!(due, seconds(34 * 3_600).0, "14 days before it begins, at the latest");
        // The next one is a day later, so it is not urgent a second after either …
        assert_eq!(at("0318", seconds(34 * 3_600)).await, "gathered");
        // … but exactly 14 days before it is.
        assert_eq!(at("0319", seconds((34 + 48) * 3_600)).await, "waiting");
        assert_eq!(starts(&room.latest_data().await), ["03-17", "03-18", "03-19"]);
    }

    async fn other_organizers_and_single_events_do_not_wait_for_a_series(database) {
        let store = database.open().await;
        let room = rival(with_series(&store).await, "0501").await;
        room.clear().await;
        let other = event("other", "0201T00", "0502T10", "0502T11").by("ann@example.org");
        let theirs = event("theirs", "0202T00", "0502T10", "0502T11").rule("FREQ=DAILY;COUNT=2");
        let room = rival(room, "0502").await.with(other).await;
        let room = room.with(theirs.by("ann@example.org")).await;
        room.at(days(1)).clear().await;
        let mut mails = room.mails().await[1..].to_vec();
        mails.sort();
        let states = [("other", "waiting"), ("series", "gathered"), ("theirs", "waiting")];
        assert_eq!(mails, states.map(|(uid, state)| format!("removed {uid} ann@example.org {state}")));
    }

    async fn the_same_loss_to_the_same_winner_is_not_announced_again_for_7_days(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.with_mail().await;
        let room = room.with_event("old", "0101T00", "0320T10", "0320T11").await;
        let text = file(&[event("a", "0201T00", "0320T10", "0320T11").by("ann@example.org")]);
        let room = room.with_file(&text).await;
        room.clear().await;
        // A server writes it over again and again.
        let mut kinds = Vec::new();
        let one_second_less = seconds(7 * 86_400 - 1);
        for clock in [days(1), one_second_less, days(7), days(8)] {
            let room = room.at(clock).with_file(&text).await;
            assert_eq!(told(&room.clear().await), ["deleted a 0320T10 by old"]);
            kinds.push(room.lines().await.pop().unwrap().not_notified_reason.is_some());
        }
        assert_eq!(kinds, [true, true, false, true]);
        let reason = "the same was announced less than 7 days ago";
        assert_eq!(room.not_notified_reason().await[1].as_deref(), Some(reason));
        assert_eq!(room.mails().await, ["removed a ann@example.org waiting"; 2]);
        // Another winner is another loss.
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "old").await.unwrap();
        let room = room.with_event("other", "0101T00", "0320T10", "0320T11").await;
        room.at(days(9)).with_file(&text).await.clear().await;
        assert_eq!(room.mails().await.len(), 3);
    }

    async fn whoever_loses_what_somebody_else_was_told_of_is_told_too(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.with_mail().await;
        let room = room.with_event("old", "0101T00", "0320T10", "0320T11").await;
        let by = |address| file(&[event("a", "0201T00", "0320T10", "0320T11").by(address)]);
        let room = room.with_file(&by("eve@example.org")).await;
        room.clear().await;
        let room = room.at(days(1)).with_file(&by("vic@example.org")).await;
        room.clear().await;
        let told = ["removed a eve@example.org waiting", "removed a vic@example.org waiting"];
        assert_eq!(room.mails().await, told);
    }

    async fn an_ignored_conflict_is_announced_once_for_its_occurrence_reason_and_winner(database) {
        let store = database.open().await;
        let room = Room::new(&store)
            .await
            .with_mail()
            .await
            .with_event("old", "0101T00", "0320T10", "0320T11")
            .await
            .with(event("a", "0201T00", "0320T1030", "0320T1130").by("ann@example.org"))
            .await;
        let by = operations::command_line();
        room.service.protect(&by, None, "a").await.unwrap();
        room.clear().await;
        assert!(room.mails().await.is_empty(), "it is off where nobody has switched it on");
        let room = room.set(|it| it.announces.ignored = true).await;
        for clock in [days(0), days(1), days(17)] {
            room.at(clock).clear().await;
        }
        assert_eq!(room.mails().await, ["kept a ann@example.org waiting"]);
        let data = room.latest_data().await;
        assert_eq!((&data["reason"], &data["is_deleted"]), (&json!("protected"), &json!(false)));
        assert_eq!(data["overlap_events"][0]["start"], at("0320T10"));
        // Another winner.
        let room = room.with_event("older", "0101T00", "0320T1100", "0320T1130").await;
        room.clear().await;
        assert_eq!(room.mails().await.len(), 1, "the strongest is the winner, and it is the same");
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "old").await.unwrap();
        room.clear().await;
        assert_eq!(room.mails().await.len(), 2);
        // Another reason, beside the same winner.
        database.execute("DELETE FROM protections").await;
        let room = room.set(|it| it.tolerance_minutes = 120).await;
        let room = room.with_event("edge", "0101T00", "0320T1000", "0320T1045").await;
        room.service.delete_event(&ann, &room.calendar, "older").await.unwrap();
        room.clear().await;
        assert_eq!(room.latest_data().await["reason"], "tolerated");
    }

    async fn of_two_that_are_prioritised_both_are_told_whatever_is_announced(database) {
        let room = Room::new(&database.open().await).await.with_mail().await;
        let room = room.with(event("old", "0101T00", "0303T08", "0303T20").by("eve@example.org")).await;
        let room = room.with(young("a").by("ann@example.org")).await;
        let uid = store::calendars::PriorityKind::Uid;
        for it in ["a", "old"] {
            room.service.prioritise(&operations::command_line(), None, uid, it).await.unwrap();
        }
        for clock in [days(0), days(1)] {
            assert_eq!(told(&room.at(clock).clear().await), ["ignored a 0303T10 by old: prioritised"]);
        }
        let expected =
            ["kept a ann@example.org waiting", "kept old eve@example.org waiting"];
        assert_eq!(room.mails().await, expected, "each once");
        let data = room.latest_data().await;
        assert_eq!((&data["reason"], &data["is_prioritized"]), (&json!("prioritised"), &json!(true)));
        assert_eq!(data["start"], at("0303T08"), "to its organizer it is the other way round");
        assert_eq!(data["overlap_events"][0]["organizer"], "ann@example.org");
        assert!(data["overlap_events"][0].get("because").is_none(), "it is the weaker one");
        let because = &data["because"];
        assert_eq!((&because["rule"], &because["witnessed"]), (&json!("held_since"), &json!(false)));
        let (winner, loser) = (because["winner_since"].as_i64(), because["loser_since"].as_i64());
        assert!(winner < loser, "and its organizer held the time first: {because}");
    }

    async fn what_the_safety_limit_keeps_is_the_administrators_affair(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        let room = taken(&store).await.with(young("a")).await;
        let room = room.set(|it| (it.safety_limit, it.announces.ignored) = (0, true)).await;
        room.clear().await;
        assert_eq!(room.mails().await, ["confirmation wanted  boss@example.org waiting"]);
        let data = room.latest_data().await;
        assert_eq!(data["objects"], 1);
        assert_eq!((&data["calendar"], &data["safety_limit"]), (&json!("room"), &json!(0)));
    }

    async fn one_address_gets_20_messages_in_24_hours_whatever_they_are_about(database) {
        let store = database.open().await;
        let mut room = taken(&store).await;
        for number in 0..22 {
            room = room.with(young(&format!("{number:02}"))).await;
        }
        let bob = event("bob", "0201T00", "0303T10", "0303T11").by("bob@example.org");
        room = room.with(bob).await;
        room.clear().await;
        let states = |mails: &[String]| {
            let of = |state: &str| mails.iter().filter(|it| it.ends_with(state)).count();
            (of("waiting"), of("over limit"))
        };
        assert_eq!(states(&room.mails().await), (21, 2), "20 for Ann and one for Bob");
        let messages = room.messages().await;
        let over = messages.iter().find(|it| it.state == MessageState::OverLimit).unwrap();
        assert!(over.detail.as_deref().unwrap().contains("20 messages in 24 hours"));
        room = room.at(days(1)).with(young("day")).await;
        room.clear().await;
        assert_eq!(states(&room.mails().await), (21, 3), "a day has not passed yet");
        room = room.at(seconds(86_401)).with(young("later")).await;
        room.clear().await;
        assert_eq!(states(&room.mails().await), (22, 3));
    }

    async fn a_removal_and_its_message_are_written_together_or_not_at_all(database) {
        let store = database.open().await;
        let room = taken(&store).await.with(young("a")).await.with(young("b")).await;
        let before = database.dump().await;
        // The last thing that a run writes about a calendar fails.
        database.execute("ALTER TABLE confirmations RENAME TO elsewhere").await;
        let report = room.clear().await;
        assert_eq!(told(&report), ["failed room"]);
        database.execute("ALTER TABLE elsewhere RENAME TO confirmations").await;
        let after = database.dump().await;
        // What is written of the failure itself: the run, and that the calendar fails.
        let of_failure = |line: &String| {
            line.starts_with("runs ") || line.starts_with("calendar_health ")
        };
        let without_it = |lines: Vec<String>| -> Vec<_> {
            lines.into_iter().filter(|line| !of_failure(line)).collect()
        };
        assert_eq!(without_it(after), without_it(before));
        room.clear().await;
        assert_eq!(room.mails().await.len(), 2);
        assert_eq!(room.uids().await, "old");
    }

    async fn test_mode_writes_no_message(database) {
        let room = taken(&database.open().await).await.with(young("a")).await;
        assert_eq!(told(&room.test().await), ["deleted a 0303T10 by old"]);
        assert!(room.mails().await.is_empty());
    }

    async fn message_ids_are_unique_and_end_in_the_mail_host(database) {
        let mut room = taken(&database.open().await).await.with(young("a")).await;
        room = room.with(young("b")).await;
        room.service.mail_host = "rooms.example.org".into();
        room.clear().await;
        let ids: Vec<_> = room.messages().await.into_iter().map(|it| it.message_id).collect();
        assert_ne!(ids[0], ids[1]);
        assert!(ids.iter().all(|id| id.starts_with('<') && id.ends_with("@rooms.example.org>")));
    }
}
