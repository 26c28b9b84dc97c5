//! Second chances: hours that are free again go to those who lost them (section 7 of the contract).

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Room, days, event, seconds, told};
use mail::Memory;
use operations::{Error, LinkChoice, LinkState};
use store::Store;
use testing::fake::Quirks;
use testing::on_both_databases;

use crate::deliver::{deliver, with_mailer, with_template};
use crate::mail_links::token;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const TEXT: &str =
    "take back: {{ links.restore or '' }}\n{{ is_offer }}{{ is_restored }}{{ is_ignored }}";

/// A room in which Eve's event at 10 on Thursday, 5 March has won against Ann's at 11 and Bob's, which is younger.
async fn lost(store: &Store) -> (Room, Memory) {
    let memory = Memory::default();
    let room = with_mailer(Room::new(store).await.with_mail().await, &memory, 1_000);
    let room = with_template(room, "{{ name }}", TEXT).await;
    let room = room.with(event("eve", "0101T00", "0305T10", "0305T12").by("eve@example.org")).await;
    let room = room.with(event("ann", "0201T00", "0305T11", "0305T13").by("ann@example.org")).await;
    let room = room.with(event("bob", "0202T00", "0305T11", "0305T12").by("bob@example.org")).await;
    assert_eq!(told(&room.clear().await).len(), 2);
    deliver(&room).await;
    assert_eq!(room.service.give_second_chances().await.unwrap(), 0, "the hour is taken");
    (room, memory)
}

async fn delete(room: &Room, uid: &str) {
    let caller = room.caller(&format!("who-deletes-{uid}-in-{}", room.calendar.slug)).await;
    room.service.delete_event(&caller, &room.calendar, uid).await.unwrap();
}

/// The messages about offers.
async fn offers(room: &Room) -> Vec<String> {
    room.mails().await.into_iter().filter(|it| it.starts_with("offer ")).collect()
}

/// Lets the job run at that moment.
async fn chances(room: &Room, after: i64) -> usize {
    room.at(seconds(after)).service.give_second_chances().await.unwrap()
}

on_both_databases! {
    async fn an_hour_that_was_free_for_ten_minutes_is_offered_to_the_strongest_that_lost_it(database) {
        let (room, memory) = lost(&database.open().await).await;
        delete(&room, "eve").await;
        assert_eq!(chances(&room, 0).await, 0);
        assert_eq!(chances(&room, 10 * MINUTE - 1).await, 0);
        assert_eq!(chances(&room, 10 * MINUTE).await, 1);
        assert_eq!(offers(&room).await, ["offer ann ann@example.org waiting"]);
        assert_eq!(chances(&room, 20 * MINUTE).await, 0, "one at a time");
        let later = room.at(seconds(20 * MINUTE));
        deliver(&later).await;
        let take_back = token(&memory, "ann@example.org", "take back");
        let page = later.service.link_page(&take_back).await.unwrap();
        assert_eq!((page.state, page.events[0].uid.as_str()), (LinkState::Open, "ann"));
        assert_eq!(room.uids().await, "", "looking changes nothing");
        later.service.follow_link(&take_back, "", LinkChoice::Restore).await.unwrap();
        assert_eq!(room.uids().await, "ann");
        assert!(told(&later.clear().await).is_empty(), "it loses to nobody");
        assert_eq!(later.service.link_page(&take_back).await.unwrap().state, LinkState::Used);
        let again = later.service.follow_link(&take_back, "", LinkChoice::Restore).await;
        assert!(matches!(again, Err(Error::Conflict(_))));
        assert!(room.mails().await.contains(&"restored ann ann@example.org waiting".to_owned()));
        assert_eq!(chances(&room, 26 * HOUR).await, 0, "Bob's hour is taken again");
        assert_eq!(offers(&room).await.len(), 1);
    }

    async fn an_offer_expires_after_a_day_and_goes_to_the_next_who_lost_the_hour(database) {
        let (room, memory) = lost(&database.open().await).await;
        delete(&room, "eve").await;
        chances(&room, 0).await;
        chances(&room, 10 * MINUTE).await;
        deliver(&room.at(seconds(10 * MINUTE))).await;
        let take_back = token(&memory, "ann@example.org", "take back");
        let expired = 24 * HOUR + 10 * MINUTE;
        assert_eq!(chances(&room, expired - 400).await, 0);
        assert_eq!(chances(&room, expired).await, 1);
        assert_eq!(offers(&room).await[1], "offer bob bob@example.org waiting");
        let later = room.at(seconds(expired));
        let late = later.service.follow_link(&take_back, "", LinkChoice::Restore).await;
        assert!(matches!(late, Err(Error::Conflict(_))));
        assert_eq!(room.uids().await, "");
        assert_eq!(chances(&room, 2 * expired).await, 0, "each was asked once");
        assert_eq!(offers(&room).await.len(), 2);
    }

    async fn what_begins_within_the_hour_is_offered_to_nobody_and_an_offer_ends_an_hour_before(database) {
        let (room, memory) = lost(&database.open().await).await;
        let begins = 3 * 24 * HOUR + 11 * HOUR;
        delete(&room.at(seconds(begins - 2 * HOUR)), "eve").await;
        chances(&room, begins - 2 * HOUR).await;
        assert_eq!(chances(&room, begins - 2 * HOUR + 10 * MINUTE).await, 1);
        deliver(&room.at(seconds(begins - HOUR - 1))).await;
        let take_back = token(&memory, "ann@example.org", "take back");
        let state = async |at: i64| room.at(seconds(at)).service.link_page(&take_back).await.unwrap().state;
        assert_eq!(state(begins - HOUR - 1).await, LinkState::Open);
        assert_eq!(state(begins - HOUR).await, LinkState::Over);
        assert_eq!(chances(&room, begins - HOUR).await, 0);
        assert_eq!(offers(&room).await.len(), 1);
    }

    async fn an_hour_that_somebody_books_meanwhile_is_his(database) {
        let (room, memory) = lost(&database.open().await).await;
        delete(&room, "eve").await;
        chances(&room, 0).await;
        let room = room.with(event("dan", "0202T00", "0305T12", "0305T14").by("dan@example.org")).await;
        assert_eq!(chances(&room, 10 * MINUTE).await, 1, "only Bob's is free");
        assert_eq!(offers(&room).await, ["offer bob bob@example.org waiting"]);
        deliver(&room.at(seconds(10 * MINUTE))).await;
        let take_back = token(&memory, "bob@example.org", "take back");
        let room = room.with(event("fay", "0202T00", "0305T11", "0305T12").by("fay@example.org")).await;
        let later = room.at(seconds(20 * MINUTE));
        let refused = later.service.follow_link(&take_back, "", LinkChoice::Restore).await;
        assert!(matches!(refused, Err(Error::Taken(_))), "{refused:?}");
        assert_eq!(room.uids().await, "dan fay");
        chances(&room, 21 * MINUTE).await;
        assert_eq!(later.service.link_page(&take_back).await.unwrap().state, LinkState::Stale);
        let ends = "SELECT outcome FROM second_chances WHERE outcome IS NOT NULL";
        assert_eq!(database.column(ends).await, ["taken"]);
    }

    async fn an_hour_that_is_free_for_a_moment_only_is_no_second_chance(database) {
        let (room, _) = lost(&database.open().await).await;
        delete(&room, "eve").await;
        chances(&room, 0).await;
        let room = room.with(event("dan", "0202T00", "0305T11", "0305T13").by("dan@example.org")).await;
        chances(&room, 5 * MINUTE).await;
        delete(&room.at(seconds(6 * MINUTE)), "dan").await;
        assert_eq!(chances(&room, 6 * MINUTE).await, 0);
        assert_eq!(chances(&room, 12 * MINUTE).await, 0, "it has been free for six minutes");
        assert_eq!(chances(&room, 16 * MINUTE).await, 1);
    }

    async fn dates_of_a_series_that_are_free_again_are_one_offer_and_one_link(database) {
        let memory = Memory::default();
        let room = with_mailer(Room::new(&database.open().await).await.with_mail().await, &memory, 1_000);
        let room = with_template(room, "{{ name }}", TEXT).await;
        let eve = event("eve", "0101T00", "0305T10", "0305T12").by("eve@example.org");
        let room = room.with(eve.line("RRULE:FREQ=DAILY;COUNT=3")).await;
        let ann = event("ann", "0201T00", "0303T11", "0303T12").by("ann@example.org");
        let room = room.with(ann.line("RRULE:FREQ=DAILY;COUNT=6")).await;
        assert_eq!(told(&room.clear().await).len(), 3);
        deliver(&room).await;
        delete(&room, "eve").await;
        chances(&room, 0).await;
        assert_eq!(chances(&room, 10 * MINUTE).await, 3);
        assert_eq!(offers(&room).await, ["offer ann ann@example.org waiting"]);
        let later = room.at(seconds(10 * MINUTE));
        deliver(&later).await;
        let take_back = token(&memory, "ann@example.org", "take back");
        assert_eq!(later.service.link_page(&take_back).await.unwrap().events.len(), 3);
        later.service.follow_link(&take_back, "", LinkChoice::Restore).await.unwrap();
        let list = room.list("0301T00", "0401T00").await;
        assert_eq!(list["events"].as_array().unwrap().len(), 6);
    }

    async fn without_an_organizer_a_booking_of_the_last_day_is_restored_at_once_if_that_is_set(database) {
        let store = database.open().await;
        let cases = [(true, 10 * MINUTE, "mine"), (true, 30 * HOUR, ""), (false, 10 * MINUTE, "")];
        for (number, (is_set, after, expected)) in cases.into_iter().enumerate() {
            let room = Room::named(&store, &format!("room-{number}")).await.with_mail().await;
            let room = room.set(|it| it.restores_at_once = is_set).await;
            let room = room.with_event("eve", "0101T00", "0305T10", "0305T12").await;
            let room = room.with_event("mine", "0201T00", "0305T11", "0305T12").await;
            room.clear().await;
            let changed = room.at(seconds(after - 10 * MINUTE));
            delete(&changed, "eve").await;
            chances(&room, after - 10 * MINUTE).await;
            assert_eq!(chances(&room, after).await, usize::from(!expected.is_empty()));
            assert_eq!(room.uids().await, expected);
            assert!(offers(&room).await.is_empty(), "there is nobody who could take it");
        }
    }

    async fn nobody_is_offered_one_hour_twice_within_a_week(database) {
        let (room, _) = lost(&database.open().await).await;
        let room = room.with(event("eve", "0101T00", "0325T10", "0325T12").by("eve@example.org")).await;
        let room = room.with(event("one", "0201T00", "0325T11", "0325T12").by("ann@example.org")).await;
        let room = room.with(event("two", "0202T00", "0325T11", "0325T12").by("ann@example.org")).await;
        room.clear().await;
        delete(&room, "eve").await;
        chances(&room, 0).await;
        let ripe = 10 * MINUTE;
        chances(&room, ripe).await;
        let of_ann = async || offers(&room).await.into_iter().filter(|it| it.contains("ann@")).count();
        let first = of_ann().await;
        for days in 1..7 {
            chances(&room, ripe + days * 24 * HOUR).await;
            assert_eq!(of_ann().await, first, "{days}");
        }
        chances(&room, ripe + 7 * 24 * HOUR + 1).await;
        assert_eq!(of_ann().await, first + 1, "the other event, a week later");
    }

    async fn what_its_author_booked_without_an_organizer_is_restored_at_once_too(database) {
        let store = database.open().await;
        let cases = [(None, "mine", 0), (Some("ann@example.org"), "", 1)];
        for (number, (organizer, expected, offered)) in cases.into_iter().enumerate() {
            let room = Room::named(&store, &format!("authored-{number}")).await.with_mail().await;
            let room = room.set(|it| it.restores_at_once = true).await;
            let room = room.with_event("eve", "0101T00", "0305T10", "0305T12").await;
            let mine = event("mine", "0201T00", "0305T11", "0305T12");
            let room = room.with(match organizer { Some(it) => mine.by(it), None => mine }).await;
            let of = format!("calendar_id = {} AND uid = 'mine'", room.calendar.id);
            database.execute(&format!("UPDATE uid_metadata SET author_address = 'ann@example.org' WHERE {of}")).await;
            room.clear().await;
            delete(&room, "eve").await;
            chances(&room, 0).await;
            chances(&room, 10 * MINUTE).await;
            assert_eq!((room.uids().await.as_str(), offers(&room).await.len()), (expected, offered));
        }
    }

    async fn an_offer_that_waited_until_it_was_over_is_not_sent(database) {
        let (room, memory) = lost(&database.open().await).await;
        delete(&room, "eve").await;
        chances(&room, 0).await;
        chances(&room, 10 * MINUTE).await;
        let sent = memory.emails().len();
        deliver(&room.at(days(2))).await;
        assert_eq!(memory.emails().len(), sent);
        assert_eq!(offers(&room).await, ["offer ann ann@example.org discarded"]);
    }
}

on_both_databases! {
    async fn a_server_is_asked_for_the_hour_before_it_is_offered(database) {
        let memory = Memory::default();
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room = with_mailer(room.room, &memory, 1_000);
        room.room = with_template(room.room, "{{ name }}", TEXT).await;
        room.put(event("eve", "0101T00", "0305T10", "0305T12").by("eve@example.org"));
        room.put(event("ann", "0201T00", "0305T11", "0305T12").by("ann@example.org"));
        room.put(event("bob", "0202T00", "0305T11", "0305T12").by("bob@example.org"));
        room.room.clear().await;
        deliver(&room.room).await;
        let job = async |room: &ServerRoom| room.room.service.give_second_chances().await.unwrap();
        assert_eq!(job(&room).await, 0);
        room.server.with(|state| { state.remove("eve.ics"); });
        room.room.clear().await;
        assert_eq!(job(&room).await, 0);
        room.advance(Duration::from_secs(600));
        room.put(event("dan", "0202T00", "0305T11", "0305T12").by("dan@example.org"));
        assert_eq!(job(&room).await, 0, "the mirror does not know of Dan's, the server does");
        room.server.with(|state| { state.remove("dan.ics"); });
        room.room.clear().await;
        assert_eq!(job(&room).await, 0);
        room.advance(Duration::from_secs(600));
        assert_eq!(job(&room).await, 1);
        deliver(&room.room).await;
        room.server.take();
        room.advance(Duration::from_secs(600));
        assert_eq!(job(&room).await, 0);
        assert!(room.server.take().is_empty(), "nobody else could be offered it");
        let take_back = token(&memory, "ann@example.org", "take back");
        room.put(event("fay", "0202T00", "0305T11", "0305T12").by("fay@example.org"));
        let refused = room.room.service.follow_link(&take_back, "", LinkChoice::Restore).await;
        assert!(matches!(refused, Err(Error::Taken(_))), "{refused:?}");
        assert_eq!(room.uids(), "fay");
        room.server.with(|state| { state.remove("fay.ics"); });
        room.room.service.follow_link(&take_back, "", LinkChoice::Restore).await.unwrap();
        assert_eq!(room.uids(), "ann");
    }
}
