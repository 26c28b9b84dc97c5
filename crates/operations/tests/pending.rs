//! Calendars that warn or only report (section 7 of the contract).

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::setup::scheduler;
use harness::{NOW, Room, days, event, seconds, starter, told};
use mail::{Failure, Memory, SendError};
use operations::{Error, Mode, Reader, command_line};
use serde_json::Value;
use store::PendingId;
use store::calendars::Calendar;
use store::pending::{PendingDecision, PendingOutcome};
use testing::fake::Quirks;
use testing::on_both_databases;

use crate::deliver::{deliver, with_mailer};

const HOUR: i64 = 3_600;

pub fn warns(calendar: &mut Calendar) {
    calendar.conflicts = clearing::ConflictHandling::Warn;
}

fn reports(calendar: &mut Calendar) {
    calendar.conflicts = clearing::ConflictHandling::Report;
    calendar.contact_address = Some("desk@example.org".to_owned());
}

/// A room that warns, with mail, where `new` by Ann loses to `old` by Eve on Thursday, 5 March, 10:00.
pub async fn two(store: &store::Store) -> (Room, Memory) {
    let memory = Memory::default();
    let room = with_mailer(Room::new(store).await.with_mail().await, &memory, 1_000);
    let room = room.set(warns).await;
    let room = room.with(event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org")).await;
    let room = room.with(event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org")).await;
    (room, memory)
}

/// The pending removals: what for what, and when.
pub async fn pending(room: &Room) -> Vec<String> {
    let calendars = [room.calendar.clone()];
    let all = room.service.pending_removals(&calendars, &Reader::administrator()).await.unwrap();
    let line = |it: operations::PendingRemoval| {
        let winner = it.removal.winner().map(|it| it.uid.clone()).unwrap_or_default();
        let at = it.removal_at.map(|at| format!(" in {} h", (at.0 - NOW) / HOUR));
        let attention = if it.needs_attention() { " !" } else { "" };
        let decision = it.decision.map(|it| format!(" {}", it.as_str())).unwrap_or_default();
        let uid = it.removal.event.uid;
        format!("{uid} for {winner}{}{decision}{attention}", at.unwrap_or_default())
    };
    all.into_iter().map(line).collect()
}

pub async fn only_pending(room: &Room) -> PendingId {
    let all = store::pending::all_open(room.store()).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].id
}

on_both_databases! {
    async fn both_are_warned_and_the_loser_goes_when_the_grace_is_over(database) {
        let (room, memory) = two(&database.open().await).await;
        let before = pending(&room).await;
        assert!(before.is_empty());
        assert_eq!(told(&room.test().await), ["ignored new 0305T11 by old: pending"]);
        assert!(pending(&room).await.is_empty(), "test mode warns nobody");
        for _ in 0..2 {
            assert_eq!(told(&room.clear().await), ["ignored new 0305T11 by old: pending"]);
            let mut mails = room.mails().await;
            mails.sort();
            assert_eq!(mails, ["warning new ann@example.org waiting", "warning old eve@example.org waiting"]);
        }
        assert_eq!(pending(&room).await, ["new for old"]);
        assert_eq!(deliver(&room.at(seconds(HOUR))).await, (2, 2, 0));
        assert_eq!(pending(&room).await, ["new for old in 25 h"], "the mail server took it an hour later");
        let report = room.at(seconds(25 * HOUR - 1)).clear().await;
        assert_eq!(told(&report), ["ignored new 0305T11 by old: pending"]);
        let detail = report.ignored_overlapping_events[0].detail.clone().unwrap().to_string();
        assert_eq!(detail, "it will be removed on 2026-03-03T01:00:00+00:00, unless something changes");
        let later = room.at(seconds(25 * HOUR));
        assert_eq!(told(&later.clear().await), ["deleted new 0305T11 by old"]);
        assert!(pending(&room).await.is_empty());
        assert_eq!(room.mails().await.pop().unwrap(), "removed new ann@example.org waiting");
        assert_eq!(memory.emails().len(), 4, "two, and a blind copy of each");
    }

    async fn a_removal_that_is_due_needs_no_run_but_the_job_of_the_server(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        assert_eq!(room.service.remove_due().await.unwrap(), 0, "nobody has been warned");
        deliver(&room).await;
        assert_eq!(room.at(seconds(24 * HOUR - 1)).service.remove_due().await.unwrap(), 0);
        let room = room.with_event("other", "0202T00", "0305T10", "0305T11").await;
        let later = room.at(days(1));
        assert_eq!(later.service.remove_due().await.unwrap(), 1);
        assert_eq!(room.uids().await, "old other", "and it does nothing else");
        assert_eq!(later.service.remove_due().await.unwrap(), 0);
    }

    async fn two_hours_before_it_begins_an_event_goes_at_the_latest_and_with_less_left_at_once(database) {
        let (room, _) = two(&database.open().await).await;
        let eve = room.at(seconds(3 * 86_400 + 8 * HOUR));
        assert_eq!(told(&eve.clear().await), ["ignored new 0305T11 by old: pending"]);
        deliver(&eve).await;
        assert_eq!(pending(&room).await, ["new for old in 81 h"], "two hours before 11:00");
        let later = room.at(seconds(3 * 86_400 + 9 * HOUR));
        assert_eq!(told(&later.clear().await), ["deleted new 0305T11 by old"]);
        let room = room.with(event("late", "0202T00", "0306T11", "0306T12").by("ann@example.org")).await;
        let room = room.with_event("first", "0101T00", "0306T11", "0306T12").await;
        let late = room.at(seconds(4 * 86_400 + 9 * HOUR + 1));
        assert_eq!(told(&late.clear().await), ["deleted late 0306T11 by first"]);
    }

    async fn nothing_is_removed_while_the_mail_server_has_not_taken_the_warning(database) {
        let (room, memory) = two(&database.open().await).await;
        room.clear().await;
        memory.fail(vec![SendError::new(Failure::Server, "down"); 50]);
        for hours in [1, 24, 48] {
            let later = room.at(seconds(hours * HOUR));
            deliver(&later).await;
            assert_eq!(told(&later.clear().await), ["ignored new 0305T11 by old: pending"], "{hours}");
        }
        let last = room.at(seconds(3 * 86_400 + 10 * HOUR + 1_800));
        assert_eq!(told(&last.clear().await), ["ignored new 0305T11 by old: pending"], "half an hour before");
        assert_eq!(last.service.remove_due().await.unwrap(), 0);
    }

    async fn without_any_address_nothing_is_removed_until_there_is_one(database) {
        let memory = Memory::default();
        let room = with_mailer(Room::new(&database.open().await).await, &memory, 1_000).set(warns).await;
        let room = room.with_event("old", "0101T00", "0305T10", "0305T12").await;
        let room = room.with_event("new", "0201T00", "0305T11", "0305T13").await;
        room.clear().await;
        assert!(room.mails().await.is_empty());
        assert_eq!(pending(&room).await, ["new for old !"]);
        assert_eq!(room.service.count_pending(None).await.unwrap(), [1, 1, 0]);
        let later = room.at(days(2));
        assert_eq!(told(&later.clear().await), ["ignored new 0305T11 by old: pending"]);
        let room = room.set(|it| it.contact_address = Some("Desk@example.org".to_owned())).await;
        let later = room.at(days(2));
        later.clear().await;
        assert_eq!(room.mails().await, ["warning new desk@example.org waiting"]);
        deliver(&later).await;
        assert_eq!(pending(&room).await, ["new for old in 72 h"]);
        assert_eq!(told(&room.at(days(3)).clear().await), ["deleted new 0305T11 by old"]);
    }

    async fn the_contact_is_warned_where_the_organizer_cannot_be_reached(database) {
        let memory = Memory::default();
        let room = with_mailer(Room::new(&database.open().await).await, &memory, 1_000).set(warns).await;
        let room = room.with_event("old", "0101T00", "0305T10", "0305T12").await;
        let room = room.with(event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org")).await;
        room.clear().await;
        memory.fail(vec![SendError::new(Failure::Never, "nobody of that name")]);
        assert_eq!(deliver(&room).await, (0, 0, 1));
        assert_eq!(pending(&room).await, ["new for old !"]);
        let room = room.set(|it| it.contact_address = Some("desk@example.org".to_owned())).await;
        room.clear().await;
        assert_eq!(room.mails().await.pop().unwrap(), "warning new desk@example.org waiting");
        deliver(&room).await;
        assert_eq!(pending(&room).await, ["new for old in 24 h"]);
        room.clear().await;
        assert_eq!(room.mails().await.len(), 2);
    }

    async fn a_warning_that_the_organizer_s_server_refuses_is_the_contact_s_at_once_and_once(database) {
        let (room, memory) = two(&database.open().await).await;
        let room = room.set(|it| it.contact_address = Some("desk@example.org".to_owned())).await;
        room.clear().await;
        memory.fail(vec![SendError::new(Failure::Never, "nobody of that name")]);
        deliver(&room).await;
        deliver(&room).await;
        assert_eq!(pending(&room).await, ["new for old in 24 h"]);
        room.clear().await;
        let mut mails = room.mails().await;
        assert_eq!(mails.len(), 3, "{mails:?}");
        mails.retain(|it| it.contains("desk@example.org"));
        assert_eq!(mails.len(), 1);
    }

    async fn whoever_moves_away_ends_the_warning_and_both_hear_of_it_once(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        let room = room.with(event("new", "0201T00", "0305T12", "0305T13").by("ann@example.org")).await;
        for _ in 0..2 {
            assert!(told(&room.clear().await).is_empty());
            assert!(pending(&room).await.is_empty());
        }
        let mut mails = room.mails().await.split_off(2);
        mails.sort();
        assert_eq!(mails, [
            "warning ended new ann@example.org waiting",
            "warning ended old eve@example.org waiting",
        ]);
        assert_eq!(room.latest_data().await["warning"]["stage"]["ended"]["reason"], "settled");
        let outcomes = database.column("SELECT outcome FROM pending_removals").await;
        assert_eq!(outcomes, [PendingOutcome::Settled.as_str()]);
    }

    async fn a_warning_that_ends_before_it_was_sent_is_not_sent(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "new").await.unwrap();
        room.clear().await;
        let mut mails = room.mails().await;
        mails.sort();
        assert_eq!(mails, [
            "warning new ann@example.org discarded",
            "warning old eve@example.org discarded",
        ]);
    }

    async fn a_loser_that_moves_and_still_loses_is_warned_anew_with_a_grace_of_its_own(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        let room = room.with(event("new", "0201T00", "0305T10", "0305T11").by("ann@example.org")).await;
        let later = room.at(seconds(20 * HOUR));
        assert_eq!(told(&later.clear().await), ["ignored new 0305T10 by old: pending"]);
        assert_eq!(room.mails().await.len(), 4, "the winner hears of it by the new warning, too");
        deliver(&later).await;
        assert_eq!(pending(&room).await, ["new for old in 44 h"]);
        let kinds = database.column("SELECT kind FROM outbox WHERE kind <> 'warning'").await;
        assert!(kinds.is_empty());
    }

    async fn another_text_of_the_same_two_occurrences_renews_the_warning_and_says_nothing(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        let versions = async || database.column("SELECT version || winner_version FROM pending_removals").await;
        let before = versions().await;
        let other = event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org");
        let room = room.with(other.line("DESCRIPTION:An agenda")).await;
        room.at(seconds(20 * HOUR)).clear().await;
        assert_ne!(versions().await, before);
        assert_eq!(room.mails().await.len(), 2);
        assert_eq!(pending(&room).await, ["new for old in 24 h"], "an edit of the title lengthens no grace");
    }

    async fn what_is_protected_meanwhile_stays_and_both_are_told(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        room.service.protect(&command_line(), None, "new").await.unwrap();
        assert_eq!(told(&room.clear().await), ["ignored new 0305T11 by old: protected"]);
        assert_eq!(room.mails().await.len(), 4);
        assert_eq!(room.latest_data().await["warning"]["stage"]["ended"]["reason"], "protected");
        assert_eq!(told(&room.at(days(2)).clear().await), ["ignored new 0305T11 by old: protected"]);
    }

    async fn an_administrator_keeps_an_event_until_one_of_the_two_changes(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        let id = only_pending(&room).await;
        room.service.keep_pending(&command_line(), id).await.unwrap();
        room.service.keep_pending(&command_line(), id).await.unwrap();
        assert_eq!(room.mails().await.len(), 4, "both are told once");
        assert_eq!(pending(&room).await, ["new for old keep"]);
        let later = room.at(days(2));
        assert_eq!(told(&later.clear().await), ["ignored new 0305T11 by old: protected"]);
        assert_eq!(later.service.remove_due().await.unwrap(), 0);
        let room = room.with(event("new", "0201T00", "0305T10", "0305T11").by("ann@example.org")).await;
        assert_eq!(told(&room.at(days(2)).clear().await), ["ignored new 0305T10 by old: pending"]);
        assert_eq!(room.service.count_pending(None).await.unwrap(), [1, 1, 0]);
        let actions = database.column("SELECT action FROM audit WHERE action LIKE 'pending%'").await;
        assert_eq!(actions, ["pending-kept"]);
    }

    async fn an_administrator_removes_at_once_what_is_pending_and_nothing_else(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        let room = room.with(event("gone", "0101T00", "0306T10", "0306T11").line("STATUS:CANCELLED")).await;
        let id = only_pending(&room).await;
        let report = room.service.remove_pending_now(&command_line(), id, starter()).await.unwrap();
        assert_eq!(told(&report)[0], "deleted new 0305T11 by old");
        assert_eq!(room.uids().await, "gone old");
        let discarded = room.mails().await.iter().filter(|it| it.ends_with("discarded")).count();
        assert_eq!(discarded, 2, "what was not said yet is not said any more");
        let refused = room.service.remove_pending_now(&command_line(), id, starter()).await;
        assert!(matches!(refused, Err(Error::NotFound(_))));
        let decided = store::pending::by_id(room.store(), id).await.unwrap().unwrap();
        assert_eq!(decided.decision.map(|it| *it), Some(PendingDecision::Now));
    }

    async fn a_setting_that_is_changed_back_takes_nothing_from_whoever_was_warned(database) {
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        let room = room.set(|it| it.conflicts = clearing::ConflictHandling::Remove).await;
        let room = room.set(|it| it.grace_hours = 1).await;
        let later = room.at(seconds(20 * HOUR));
        assert_eq!(told(&later.clear().await), ["ignored new 0305T11 by old: pending"]);
        assert_eq!(told(&room.at(days(1)).clear().await), ["deleted new 0305T11 by old"]);
    }

    async fn the_safety_limit_counts_warnings_when_they_are_made(database) {
        let (room, _) = two(&database.open().await).await;
        let room = room.set(|it| it.safety_limit = 1).await;
        room.clear().await;
        deliver(&room).await;
        let room = room.with_event("far", "0101T00", "0320T10", "0320T12").await;
        let room = room.with_event("next", "0201T00", "0320T11", "0320T13").await;
        let lines = ["ignored new 0305T11 by old: pending", "ignored next 0320T11 by far: limit"];
        assert_eq!(told(&room.at(seconds(23 * HOUR)).clear().await), lines);
        let later = room.at(seconds(26 * HOUR));
        let lines = ["deleted new 0305T11 by old", "ignored next 0320T11 by far: limit"];
        assert_eq!(told(&later.clear().await), lines, "the request is open");
        let confirmed = later.run(Mode::Real, operations::Limit::Lifted).await;
        assert_eq!(told(&confirmed), ["ignored next 0320T11 by far: pending"]);
    }

    async fn of_a_series_one_message_speaks_of_all_dates(database) {
        let (room, _) = two(&database.open().await).await;
        let daily = event("daily", "0202T00", "0310T11", "0310T12").rule("FREQ=DAILY;COUNT=3");
        let room = room.with(daily.by("bob@example.org")).await;
        let room = room.with(event("fair", "0101T00", "0310T00", "0314T00").by("eve@example.org")).await;
        room.clear().await;
        let mut mails = room.mails().await;
        mails.sort();
        assert_eq!(mails, [
            "warning daily bob@example.org waiting",
            "warning fair eve@example.org waiting",
            "warning new ann@example.org waiting",
            "warning old eve@example.org waiting",
        ]);
        assert_eq!(pending(&room).await.len(), 4);
        let all = room.messages().await;
        let message = all.iter().find(|it| it.address == "bob@example.org").unwrap();
        let data: Value = serde_json::from_str(&message.data).unwrap();
        assert_eq!(data["occurrences"].as_array().unwrap().len(), 3);
        deliver(&room).await;
        let report = room.at(days(1)).clear().await;
        assert_eq!(report.cancelled_overlapping_recurring_events.len(), 3);
        assert!(pending(&room).await.is_empty());
    }

    async fn other_peoples_private_events_are_named_private_in_a_warning(database) {
        let memory = Memory::default();
        let room = with_mailer(Room::new(&database.open().await).await, &memory, 1_000).set(warns).await;
        let old = event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org");
        let room = room.with(old.line("CLASS:PRIVATE").line("SUMMARY:Secret")).await;
        let room = room.with(event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org")).await;
        room.clear().await;
        let all = room.messages().await;
        let of = |address: &str| -> Value {
            serde_json::from_str(&all.iter().find(|it| it.address == address).unwrap().data).unwrap()
        };
        assert_eq!(of("ann@example.org")["overlap_events"][0]["name"], "Private");
        assert_eq!(of("eve@example.org")["name"], "Secret");
        let reader = Reader::of_address("ann@example.org");
        let shown = room.service.pending_removals(std::slice::from_ref(&room.calendar), &reader).await.unwrap();
        assert_eq!(shown[0].removal.winner().unwrap().name, "Private");
    }

    async fn a_calendar_that_only_reports_removes_leftovers_and_tells_the_contact_once_a_day(database) {
        let memory = Memory::default();
        let room = with_mailer(Room::new(&database.open().await).await, &memory, 1_000).set(reports).await;
        let room = room.with_event("old", "0101T00", "0305T10", "0305T12").await;
        let room = room.with(event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org")).await;
        let room = room.with(event("gone", "0101T00", "0306T10", "0306T11").line("STATUS:CANCELLED")).await;
        let lines = ["leftover gone 0306T10", "ignored new 0305T11 by old: report"];
        assert_eq!(told(&room.clear().await), lines);
        for hours in [1, 23] {
            let later = room.at(seconds(hours * HOUR));
            assert_eq!(told(&later.clear().await), ["ignored new 0305T11 by old: report"]);
        }
        assert_eq!(room.mails().await, ["conflicts found  desk@example.org waiting"]);
        assert_eq!(deliver(&room).await, (1, 0, 0));
        let letter = memory.emails().pop().unwrap();
        let letter = String::from_utf8_lossy(letter.bytes()).into_owned();
        assert!(letter.contains("The room has 1 conflict."), "{letter}");
        room.service.ensure_templates().await.unwrap();
        let german = Some(room.service.template("German").await.unwrap().id);
        let room = room.set(|it| it.template = german).await;
        room.at(days(1)).clear().await;
        assert_eq!(room.mails().await.len(), 2);
        assert_eq!(deliver(&room.at(days(1))).await, (1, 0, 0));
        let letter = memory.emails().pop().unwrap();
        let letter = String::from_utf8_lossy(letter.bytes()).into_owned();
        assert!(letter.contains("in The room gibt es eine"), "{letter}");
        let report = room.service.rescan_rooms().await;
        assert!(report.is_ok());
        let overview = store::site::overview(room.store(), None).await.unwrap();
        assert_eq!(overview[0].conflicts, Some(1), "it stands on the site");
        assert!(overview[0].has_double_bookings(), "somebody has to settle it");
    }

    async fn on_a_server_the_winner_is_confirmed_before_what_is_due_goes(database) {
        let memory = Memory::default();
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await.set(warns).await;
        room.room = with_mailer(room.room, &memory, 1_000);
        room.put(event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org"));
        room.put(event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org"));
        assert_eq!(told(&room.room.clear().await), ["ignored new 0305T11 by old: pending"]);
        assert_eq!(deliver(&room.room).await, (2, 2, 0));
        room.methods();
        room.room.clear().await;
        assert_eq!(room.methods().len(), 1, "an unchanged calendar costs one request");
        room.advance(Duration::from_secs(86_400));
        // The server says nothing of it.
        room.server.with(|state| {
            state.remove("old.ics");
            let calendar = state.calendars.get_mut(testing::fake::CALENDAR).unwrap();
            calendar.lose_change("old.ics");
        });
        assert_eq!(room.room.service.remove_due().await.unwrap(), 1);
        assert_eq!(room.uids(), "new", "nobody goes for what is not there");
        assert!(pending(&room.room).await.is_empty() || pending(&room.room).await.len() == 1);
        room.room.clear().await;
        assert!(pending(&room.room).await.is_empty());
        assert_eq!(room.room.latest_data().await["warning"]["stage"]["ended"]["reason"], "settled");
    }

    async fn on_a_server_a_due_removal_ends_the_warning_with_its_record(database) {
        let memory = Memory::default();
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await.set(warns).await;
        room.room = with_mailer(room.room, &memory, 1_000);
        room.put(event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org"));
        room.put(event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org"));
        room.room.clear().await;
        deliver(&room.room).await;
        room.advance(Duration::from_secs(86_400));
        let scheduled = room.room.setup().clear(operations::Scope::All, scheduler()).await;
        assert_eq!(told(&scheduled), ["deleted new 0305T11 by old"]);
        let outcomes = database.column("SELECT outcome FROM pending_removals").await;
        assert_eq!(outcomes, [PendingOutcome::Removed.as_str()]);
        assert_eq!(room.room.lines().await.len(), 1);
    }
}
