//! Applying a preview: what is left of the chosen lines, and why.

use harness::on_server::ServerRoom;
use harness::{Room, event, starter};
use operations::{Applied, Chosen, Limit};
use testing::fake::{Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

/// All lines of a preview.
async fn lines(room: &Room) -> Vec<Chosen> {
    let preview =
        room.service.preview(&room.calendar, &operations::Reader::administrator()).await.unwrap();
    let line = |it: operations::PreviewLine| Chosen {
        key: it.removal.key,
        original: it.removal.event.original.0,
        name: it.removal.event.name,
        uid: it.removal.event.uid,
    };
    preview.lines.into_iter().map(line).collect()
}

async fn apply(room: &Room, lines: Vec<Chosen>) -> Applied {
    let applied = room
        .service
        .apply_preview(
            &room.calendar,
            lines,
            Limit::Holds,
            starter(),
            &operations::Reader::administrator(),
        )
        .await;
    applied.unwrap()
}

/// What was left, in short.
fn left(applied: &Applied) -> Vec<String> {
    let left = applied.left.iter();
    left.map(|it| format!("{} {}", it.line.uid, it.reason.map_or("-", clearing::Reason::as_str)))
        .collect()
}

/// A room in which `a` and `b` would go.
async fn room(store: &store::Store) -> Room {
    let mut room = Room::new(store).await.with_event("old", "0101T00", "0303T10", "0303T20").await;
    for uid in ["a", "b"] {
        room = room.with_event(uid, "0201T00", "0303T10", "0303T11").await;
    }
    room
}

on_both_databases! {
    async fn lines_that_the_safety_limit_holds_back_are_not_said_to_have_changed(database) {
        let room = room(&database.open().await).await.set(|it| it.safety_limit = 1).await;
        let chosen = lines(&room).await;
        assert_eq!(left(&apply(&room, chosen).await), ["b limit"]);
        let room = room.set(|it| it.safety_limit = 2).await;
        let chosen = lines(&room).await;
        assert_eq!(left(&apply(&room, chosen).await), [""; 0]);
    }

    async fn a_preview_says_which_lines_wait_for_a_confirmation_also_while_it_is_asked_for(database) {
        let room = room(&database.open().await).await.set(|it| it.safety_limit = 1).await;
        let seen = async || {
            let all = operations::Reader::administrator();
            let preview = room.service.preview(&room.calendar, &all).await.unwrap();
            let lines = preview.lines.iter().map(|it| (it.removal.event.uid.clone(), it.waits));
            (lines.collect::<Vec<_>>(), preview.beyond_limit)
        };
        let line = |uid: &str, waits| (uid.to_owned(), waits);
        assert_eq!(seen().await, (vec![line("a", false), line("b", true)], Some(2)));
        room.clear().await;
        assert_eq!(seen().await, (vec![line("b", true)], Some(2)), "those of 24 hours count");
        assert_eq!(left(&apply(&room, lines(&room).await).await), ["b limit"]);
        let room = room.clone().set(|it| it.safety_limit = 2).await;
        let all = operations::Reader::administrator();
        let preview = room.service.preview(&room.calendar, &all).await.unwrap();
        assert!(!preview.lines[0].waits, "it starts within 48 hours");
    }

    async fn a_line_that_has_been_protected_or_changed_since_says_which(database) {
        let room = room(&database.open().await).await;
        let chosen = lines(&room).await;
        room.service.protect(&operations::command_line(), Some("room"), "a").await.unwrap();
        let room = room.with_event("b", "0201T00", "0303T10", "0303T12").await;
        assert_eq!(left(&apply(&room, chosen).await), ["a protected", "b -"]);
    }

    async fn a_line_that_the_server_refuses_says_so_in_its_words(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = room.with(event("old", "0101T00", "0303T10", "0303T20"));
        for uid in ["a", "b"] {
            room = room.with(event(uid, "0201T00", "0303T10", "0303T11"));
        }
        let chosen = lines(&room.room).await;
        let words = Answer::text(403, "the room is sealed");
        room.server.refuse("b.ics", "DELETE", Tries::Always, words);
        let applied = apply(&room.room, chosen).await;
        assert_eq!(left(&applied), ["b refused"]);
        let detail = applied.left[0].detail.as_ref().unwrap().to_string();
        assert!(detail.contains("the room is sealed"), "{detail}");
    }
}
