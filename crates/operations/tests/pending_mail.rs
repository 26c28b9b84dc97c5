//! What is said of pending removals, and to whom.

use harness::{Room, event, seconds};
use mail::{Failure, Memory, SendError};
use operations::{Reader, command_line};
use serde_json::Value;
use testing::on_both_databases;

use crate::deliver::{deliver, with_mailer};
use crate::pending::{only_pending, pending, two, warns};

const HOUR: i64 = 3_600;

on_both_databases! {
    async fn whoever_cancels_or_deletes_one_of_the_two_ends_the_warning_and_each_hears_of_it_once(database) {
        let store = database.open().await;
        for (number, gone) in ["new", "old"].into_iter().enumerate() {
            for is_deleted in [true, false] {
                let memory = Memory::default();
                let room = Room::named(&store, &format!("room-{number}-{is_deleted}")).await.with_mail().await;
                let room = with_mailer(room, &memory, 1_000).set(warns).await;
                let old = event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org");
                let new = event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org");
                let room = room.with(old.clone()).await.with(new.clone()).await;
                room.clear().await;
                deliver(&room).await;
                let before = room.mails().await.len();
                let room = match is_deleted {
                    true => {
                        let caller = room.caller(&format!("who-{number}")).await;
                        room.service.delete_event(&caller, &room.calendar, gone).await.unwrap();
                        room
                    }
                    false => room.with(if gone == "new" { new } else { old }.line("STATUS:CANCELLED")).await,
                };
                room.clear().await;
                room.clear().await;
                assert!(pending(&room).await.is_empty(), "{gone} {is_deleted}");
                let mut mails = room.mails().await.split_off(before);
                mails.retain(|it| it.starts_with("warning"));
                mails.sort();
                assert_eq!(mails, [
                    "warning ended new ann@example.org waiting",
                    "warning ended old eve@example.org waiting",
                ], "{gone} {is_deleted}");
            }
        }
    }

    async fn what_becomes_private_after_the_warning_is_named_to_nobody_else_any_more(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        let old = event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org");
        let room = room.with(old.line("CLASS:PRIVATE").line("SUMMARY:Secret")).await;
        room.clear().await;
        let reader = Reader::of_address("ann@example.org");
        let shown = room.service.pending_removals(std::slice::from_ref(&room.calendar), &reader).await.unwrap();
        assert_eq!(shown[0].removal.winner().unwrap().name, "Private");
        assert!(shown[0].removal.winner().unwrap().organizer.is_none());
    }

    async fn both_mails_are_about_the_moment_at_which_the_loser_begins(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        for message in room.messages().await {
            let data: Value = serde_json::from_str(&message.data).unwrap();
            let loser = harness::moment("0305T11").0;
            assert_eq!(data["warning"]["stage"]["announced"]["first_lost_at"], loser, "{}", message.address);
        }
    }

    async fn a_warning_whose_answer_was_lost_is_not_sent_again_once_the_event_is_kept(database) {
        let (room, memory) = two(&database.open().await).await;
        room.clear().await;
        memory.fail(vec![SendError::new(Failure::AnswerLost, "cut"); 2]);
        deliver(&room).await;
        let id = only_pending(&room).await;
        room.service.keep_pending(&command_line(), id).await.unwrap();
        deliver(&room.at(seconds(HOUR))).await;
        let mut mails = room.mails().await;
        mails.sort();
        assert_eq!(mails, [
            "warning ended new ann@example.org sent",
            "warning ended old eve@example.org sent",
            "warning new ann@example.org discarded",
            "warning old eve@example.org discarded",
        ]);
        assert_eq!(memory.emails().len(), 4, "each once");
    }
}
