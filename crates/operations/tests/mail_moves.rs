//! Moving a booking to another room by a link in a message, and rooms that are free instead (section 7 of the contract).

use harness::{Event, Room, event};
use mail::Memory;
use operations::{Error, LinkChoice, LinkState};
use store::Store;
use testing::on_both_databases;

use crate::deliver::{deliver, with_mailer, with_template};
use crate::mail_links::{refused, state, texts};

/// Ann, whom no server tells anything.
const UNSCHEDULED: &str = "ORGANIZER;SCHEDULE-AGENT=NONE:mailto:ann@example.org";

/// A series of four weeks.
fn series(start: &str, end: &str) -> Event {
    event("series", "0202T00", start, end).rule("FREQ=WEEKLY;COUNT=4")
}

/// What shows rooms.
const ROOMS: &str = "{% for it in links.move %}move: {{ it.room }} {{ it.url }}\n{% endfor %}\
                     {% for it in free_rooms %}free: {{ it.name }}\n{% endfor %}\
                     {{ removal_at }}{{ is_warning_ended }}{{ is_ignored }}";

/// A room that warns, where Ann's event, which no server schedules, loses to Eve's; and other rooms, with what is set
/// of them.
pub async fn with_rooms(
    store: &Store,
    others: &[(&str, bool, Option<i64>, &str)],
    line: &str,
) -> (Room, Memory) {
    with_rooms_of(store, others, line, clearing::ConflictHandling::Warn).await
}

/// The same, with what becomes of conflicts.
async fn with_rooms_of(
    store: &Store,
    others: &[(&str, bool, Option<i64>, &str)],
    line: &str,
    conflicts: clearing::ConflictHandling,
) -> (Room, Memory) {
    let memory = Memory::default();
    for (slug, takes_moves, capacity, building) in others {
        let other = Room::named(store, slug).await.set(|it| it.takes_moves = *takes_moves).await;
        let building = Some((*building).to_owned()).filter(|it| !it.is_empty());
        let properties = store::rooms::Room { capacity: *capacity, building, ..Default::default() };
        let transaction = store.begin().await.unwrap();
        store::rooms::set(&transaction, other.calendar.id, other.calendar.version, &properties)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
    let room = with_mailer(Room::new(store).await.with_mail().await, &memory, 1_000);
    let room = with_template(room, "{{ name }}", ROOMS).await;
    let room = room.set(|it| it.conflicts = conflicts).await;
    let transaction = store.begin().await.unwrap();
    let properties = store::rooms::Room { building: Some("A".to_owned()), ..Default::default() };
    store::rooms::set(&transaction, room.calendar.id, room.calendar.version, &properties)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let room = room.with(event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org")).await;
    let new = event("new", "0201T00", "0305T11", "0305T13");
    let new = if line.is_empty() { new.line(UNSCHEDULED) } else { new.line(line) };
    let room = room.with(new).await;
    room.clear().await;
    deliver(&room).await;
    (room, memory)
}

/// The lines of the latest message to Ann that begin so.
pub fn lines(memory: &Memory, start: &str) -> Vec<String> {
    let text = texts(memory, "ann@example.org").pop().unwrap();
    let of_it = text.lines().filter_map(|it| it.strip_prefix(start)).map(str::to_owned);
    of_it.collect()
}

async fn uids_of(room: &Room, slug: &str) -> Vec<String> {
    let id = room.service.calendar(slug).await.unwrap().id;
    let rows = store::objects::all(room.store(), id).await.unwrap();
    rows.into_iter().map(|it| it.uid).collect()
}

on_both_databases! {
    async fn a_booking_is_moved_to_a_room_that_is_open_for_that_and_free(database) {
        let store = database.open().await;
        let others = [("big", true, Some(40), "A"), ("small", true, Some(4), "A"), ("far", true, Some(2), "B"),
            ("closed", false, Some(3), "A"), ("fourth", true, None, "A")];
        let (room, memory) = with_rooms(&store, &others, "").await;
        let moves = lines(&memory, "move: ");
        let names: Vec<_> = moves.iter().map(|it| it.split(" http").next().unwrap()).collect();
        assert_eq!(names, ["The small", "The big"]);
        assert_eq!(lines(&memory, "free: "), ["The closed"], "it is named, and nobody moves there alone");
        let token = moves[0].rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let page = room.service.link_page(&token).await.unwrap();
        let rooms: Vec<_> = page.rooms.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(rooms, ["small", "big", "fourth"]);
        for slug in ["closed", "room", "nowhere"] {
            let choice = LinkChoice::Move(slug.to_owned());
            let refused = room.service.follow_link(&token, &page.version, choice).await;
            assert!(matches!(refused, Err(Error::NotFound(_))), "{slug}: {refused:?}");
        }
        let choice = || LinkChoice::Move("small".to_owned());
        room.service.follow_link(&token, &page.version, choice()).await.unwrap();
        assert_eq!(uids_of(&room, "small").await, ["new"]);
        assert_eq!(room.uids().await, "old");
        assert_eq!(state(&room, &token).await, LinkState::Used);
        refused(room.service.follow_link(&token, &page.version, choice()).await, "used already");
        let removed = database.column("SELECT kind FROM removals").await;
        assert_eq!(removed, ["deleted by request"], "and can be restored");
    }

    async fn a_room_that_is_taken_meanwhile_takes_no_move_and_nothing_is_lost(database) {
        let store = database.open().await;
        let (room, memory) = with_rooms(&store, &[("other", true, None, "")], "").await;
        let moves = lines(&memory, "move: ");
        let token = moves[0].rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let version = room.service.link_page(&token).await.unwrap().version;
        let other = Room { calendar: room.service.calendar("other").await.unwrap(), ..room.clone() };
        other.with_event("dan", "0202T00", "0305T12", "0305T14").await;
        let choice = LinkChoice::Move("other".to_owned());
        let taken = room.service.follow_link(&token, &version, choice).await;
        assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
        assert_eq!((room.uids().await, uids_of(&room, "other").await), ("new old".to_owned(), vec!["dan".to_owned()]));
        assert!(room.service.link_page(&token).await.unwrap().rooms.is_empty());
    }

    async fn a_whole_series_is_moved_to_a_room_that_is_free_on_all_of_its_dates(database) {
        let store = database.open().await;
        let others = [("taken-later", true, Some(2), "A"), ("free", true, Some(9), "A")];
        let (room, memory) = with_rooms(&store, &others, "").await;
        let other = Room { calendar: room.service.calendar("taken-later").await.unwrap(), ..room.clone() };
        let old = event("old-too", "0101T00", "0317T15", "0317T16").by("eve@example.org");
        let room = room.with(old).await.with(series("0310T15", "0310T16").line(UNSCHEDULED)).await;
        room.clear().await;
        deliver(&room).await;
        // Both rooms are free on the date that it loses, and one on all of its dates.
        let moves = lines(&memory, "move: ");
        assert_eq!(moves.len(), 2, "{moves:?}");
        other.with_event("dan-too", "0101T00", "0324T15", "0324T16").await;
        let token = moves[0].rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let page = room.service.link_page(&token).await.unwrap();
        assert!(page.is_recurring);
        assert_eq!(page.rooms.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["free"]);
        let into = |slug: &str| LinkChoice::Move(slug.to_owned());
        let taken = room.service.follow_link(&token, &page.version, into("taken-later")).await;
        assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
        let before = room.text("series").await;
        room.service.follow_link(&token, &page.version, into("free")).await.unwrap();
        assert_eq!(uids_of(&room, "free").await, ["series"]);
        let there = Room { calendar: room.service.calendar("free").await.unwrap(), ..room.clone() };
        assert_eq!(there.text("series").await, before, "with all of its dates");
        assert_eq!(room.uids().await, "new old old-too");
        assert_eq!(state(&room, &token).await, LinkState::Used);
    }

    async fn a_series_that_has_begun_or_is_free_nowhere_on_all_dates_stays_and_the_rooms_that_are_free_are_named(database) {
        let store = database.open().await;
        let (room, memory) = with_rooms(&store, &[("other", true, None, "A")], "").await;
        let other = Room { calendar: room.service.calendar("other").await.unwrap(), ..room.clone() };
        other.with_event("dan", "0101T00", "0324T15", "0324T16").await;
        let old = event("old-too", "0101T00", "0317T15", "0317T16").by("eve@example.org");
        let room = room.with(old).await.with(series("0310T15", "0310T16").line(UNSCHEDULED)).await;
        room.clear().await;
        deliver(&room).await;
        assert!(lines(&memory, "move: ").is_empty());
        assert_eq!(lines(&memory, "free: "), ["The other"], "on the date in question");
        let begun = event("begun", "0202T00", "0210T08", "0210T09").line(UNSCHEDULED);
        let old = event("old-third", "0101T00", "0310T08", "0310T09").by("eve@example.org");
        let room = room.with(old).await.with(begun.rule("FREQ=WEEKLY;COUNT=8")).await;
        room.clear().await;
        deliver(&room).await;
        assert!(lines(&memory, "move: ").is_empty());
        assert_eq!(lines(&memory, "free: "), ["The other"]);
    }

    async fn nothing_is_moved_into_a_room_of_another_time_zone(database) {
        let store = database.open().await;
        let elsewhere = Room::named(&store, "elsewhere").await;
        elsewhere.set(|it| (it.takes_moves, it.zone) = (true, "America/New_York".to_owned())).await;
        let (_, memory) = with_rooms(&store, &[], "").await;
        assert!(lines(&memory, "move: ").is_empty());
        assert_eq!(lines(&memory, "free: "), ["The elsewhere"]);
    }

    async fn what_a_server_schedules_is_not_moved_and_the_free_rooms_are_named(database) {
        let store = database.open().await;
        let line = "ORGANIZER:mailto:ann@example.org";
        let (_, memory) = with_rooms(&store, &[("other", true, None, "")], line).await;
        assert!(lines(&memory, "move: ").is_empty());
        assert_eq!(lines(&memory, "free: "), ["The other"]);
    }

    async fn a_message_about_a_removal_names_the_rooms_that_are_free_instead(database) {
        let store = database.open().await;
        let others = [("large", false, Some(20), "A"), ("small", false, Some(1), "A")];
        let attendees = "ORGANIZER:mailto:ann@example.org\r\nATTENDEE:mailto:bob@example.org\r\n\
                         ATTENDEE:mailto:cyd@example.org";
        let handling = clearing::ConflictHandling::Remove;
        let (room, memory) = with_rooms_of(&store, &others, attendees, handling).await;
        assert_eq!(room.uids().await, "old");
        assert_eq!(lines(&memory, "free: "), ["The large"], "the small one has one seat");
    }

    async fn who_called_a_meeting_off_is_offered_no_other_room(database) {
        let store = database.open().await;
        let line = "ORGANIZER:mailto:ann@example.org\r\nSTATUS:CANCELLED";
        let handling = clearing::ConflictHandling::Remove;
        let others = [("other", true, None, "")];
        let (room, memory) = with_rooms_of(&store, &others, line, handling).await;
        assert_eq!(room.uids().await, "old");
        assert!(lines(&memory, "free: ").is_empty());
    }

    async fn a_process_that_dies_in_the_middle_of_a_move_leaves_one_that_is_finished(database) {
        let store = database.open().await;
        let (room, memory) = with_rooms(&store, &[("other", true, None, "")], "").await;
        let moves = lines(&memory, "move: ");
        let token = moves[0].rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let version = room.service.link_page(&token).await.unwrap().version;
        let before = room.text("new").await;
        let choice = LinkChoice::Move("other".to_owned());
        room.service.follow_link(&token, &version, choice).await.unwrap();
        // As if the process had died after the first of its two writes.
        let line = room.line("new", "0305T11").await;
        room.restore(line).await.unwrap();
        database.execute("UPDATE mail_links SET used_at = NULL, change_id = NULL WHERE act = 'move'").await;
        assert_eq!(room.text("new").await, before);
        assert_eq!(state(&room, &token).await, LinkState::Used, "there is nothing left to press");
        room.service.finish_moves().await.unwrap();
        assert_eq!((room.uids().await, uids_of(&room, "other").await), ("old".to_owned(), vec!["new".to_owned()]));
        room.service.finish_moves().await.unwrap();
        assert_eq!(state(&room, &token).await, LinkState::Used);
    }

    async fn a_link_moves_into_one_room_and_not_into_a_second_one_while_the_first_is_in_doubt(database) {
        let store = database.open().await;
        let (room, memory) = with_rooms(&store, &[("one", true, None, ""), ("two", true, None, "")], "").await;
        let moves = lines(&memory, "move: ");
        let token = moves[0].rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let version = room.service.link_page(&token).await.unwrap().version;
        let one = room.service.calendar("one").await.unwrap().id;
        database.execute(&format!("UPDATE mail_links SET wanted_id = {one} WHERE act = 'move'")).await;
        let into = |slug: &str| LinkChoice::Move(slug.to_owned());
        refused(room.service.follow_link(&token, &version, into("two")).await, "not the same");
        assert!(uids_of(&room, "two").await.is_empty());
        room.service.follow_link(&token, &version, into("one")).await.unwrap();
        assert_eq!(uids_of(&room, "one").await, ["new"]);
    }

    async fn a_half_done_move_removes_nothing_once_the_event_is_not_in_the_other_room_any_more(database) {
        let store = database.open().await;
        let (room, memory) = with_rooms(&store, &[("other", true, None, "")], "").await;
        let moves = lines(&memory, "move: ");
        let token = moves[0].rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let version = room.service.link_page(&token).await.unwrap().version;
        let choice = LinkChoice::Move("other".to_owned());
        room.service.follow_link(&token, &version, choice).await.unwrap();
        room.restore(room.line("new", "0305T11").await).await.unwrap();
        database.execute("UPDATE mail_links SET used_at = NULL, change_id = NULL WHERE act = 'move'").await;
        let other = Room { calendar: room.service.calendar("other").await.unwrap(), ..room.clone() };
        let caller = other.caller("somebody").await;
        room.service.delete_event(&caller, &other.calendar, "new").await.unwrap();
        room.service.finish_moves().await.unwrap();
        assert_eq!(room.uids().await, "new old", "it is nowhere else");
        assert_eq!(state(&room, &token).await, LinkState::Used, "and that is the end of it");
    }
}
