//! Messages that are not sent because what they say is no longer so, also after a mail server was down.

use harness::{administrator, seconds};
use mail::Failure;
use testing::on_both_databases;

use crate::deliver::{deliver, fails, letters, losing, room};

/// Kind, UID and state of each message, oldest first.
async fn states(room: &harness::Room) -> Vec<String> {
    let line = |it: store::delivery::OutboxRow| {
        format!("{} {} {}", it.kind.as_str(), it.uid, it.state.as_str())
    };
    letters(room).await.into_iter().map(line).collect()
}

on_both_databases! {
    async fn whose_booking_is_back_before_the_mail_server_is_hears_nothing(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        memory.fail(vec![fails(Failure::Server, "connection refused")]);
        assert_eq!(deliver(&room).await, (0, 1, 0));
        room.restore(room.line("young-0", "0303T10").await).await.unwrap();
        memory.fail(Vec::new());
        assert_eq!(deliver(&room.at(seconds(600))).await, (0, 0, 0));
        assert_eq!(states(&room).await, ["removed young-0 discarded"]);
        assert_eq!(letters(&room).await[0].detail.as_deref(), Some("the event was restored"));
    }

    async fn what_is_removed_again_is_not_said_to_be_back(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        assert_eq!(deliver(&room).await, (1, 0, 0));
        room.restore(room.line("young-0", "0303T10").await).await.unwrap();
        memory.fail(vec![fails(Failure::Server, "connection refused")]);
        assert_eq!(deliver(&room).await, (0, 1, 0));
        room.clear().await;
        memory.fail(Vec::new());
        deliver(&room.at(seconds(600))).await;
        let states = states(&room).await;
        assert_eq!(states[..2], ["removed young-0 sent", "restored young-0 discarded"]);
        let why = letters(&room).await[1].detail.clone();
        assert_eq!(why.as_deref(), Some("the event was removed again"));
        assert!(memory.emails().iter().all(|it| !crate::deliver::text(it).contains("restored")));
    }

    async fn that_another_date_of_the_series_is_back_is_said_all_the_same(database) {
        let (room, _) = room(&database.open().await).await;
        let series = harness::event("series", "0201T00", "0303T10", "0303T11").by("ann@example.org");
        let room = room.with(series.rule("FREQ=DAILY;COUNT=3")).await;
        let room = room.with_event("too", "0101T00", "0304T10", "0304T11").await;
        room.clear().await;
        deliver(&room).await;
        room.restore(room.line("series", "0304T10").await).await.unwrap();
        room.restore(room.line("series", "0303T10").await).await.unwrap();
        let ann = room.caller("boss").await;
        room.service.delete_event(&ann, &room.calendar, "too").await.unwrap();
        room.clear().await;
        let restored: Vec<String> =
            states(&room).await.into_iter().filter(|it| it.starts_with("restored")).collect();
        assert_eq!(restored, ["restored series waiting", "restored series discarded"]);
    }

    async fn nobody_is_asked_for_a_confirmation_that_is_not_needed_any_more(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        let (room, memory) = room(&store).await;
        let room = room.set(|it| it.safety_limit = 0).await;
        let room = room.with_event("late", "0201T00", "0303T10", "0303T11").await;
        memory.fail(vec![fails(Failure::Server, "connection refused")]);
        room.clear().await;
        assert_eq!(deliver(&room).await, (0, 1, 0));
        room.run(operations::Mode::Real, operations::Limit::Lifted).await;
        memory.fail(Vec::new());
        deliver(&room.at(seconds(600))).await;
        assert_eq!(states(&room).await[0], "confirmation wanted  discarded");
        let why = letters(&room).await[0].detail.clone();
        assert_eq!(why.as_deref(), Some("no confirmation is needed any more"));
    }

    async fn who_heard_of_the_first_of_two_removals_hears_that_the_booking_is_back(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        assert_eq!(deliver(&room).await, (1, 0, 0));
        for _ in 0..2 {
            let line = room.lines().await.into_iter().find(|it| it.restored_at.is_none()).unwrap();
            room.restore(line.id).await.unwrap();
            memory.fail(vec![fails(Failure::Server, "connection refused")]);
            deliver(&room).await;
            if room.lines().await.len() == 1 {
                database.execute("DELETE FROM announced").await;
                room.clear().await;
            }
        }
        memory.fail(Vec::new());
        deliver(&room.at(seconds(6_000))).await;
        let states = states(&room).await;
        assert_eq!(states[..2], ["removed young-0 sent", "restored young-0 sent"], "{states:?}");
        assert!(states[2..].iter().all(|it| it.ends_with("discarded")), "{states:?}");
    }

    async fn a_message_of_which_only_a_blind_copy_waits_is_no_unsent_one(database) {
        let (room, _) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        deliver(&room).await;
        database.execute("UPDATE outbox SET state = 'waiting', copies = 'archive@example.org'").await;
        room.restore(room.line("young-0", "0303T10").await).await.unwrap();
        assert_eq!(states(&room).await, ["removed young-0 waiting", "restored young-0 waiting"]);
    }
}
