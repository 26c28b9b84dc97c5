//! The room answers invitations (section 7).

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Event, event, told};
use operations::Error;
use store::calendars::Calendar;
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

use super::changes::{old, series, states, young};

const WAITS: &str = "PARTSTAT=NEEDS-ACTION";
const ACCEPTED: &str = "PARTSTAT=ACCEPTED:mailto:room@example.org";
const ACCEPTED_LINE: &str = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:room@example.org";

/// It invites the room, which has not answered.
fn inviting(event: Event) -> Event {
    event.line("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:room@example.org")
}

/// A free hour.
fn meeting() -> Event {
    inviting(event("meeting", "0201T00", "0305T10", "0305T11").by("ann@example.org"))
}

fn answering(calendar: &mut Calendar) {
    calendar.room_address = Some("room@example.org".to_owned());
    calendar.answers = true;
}

async fn answering_room(store: &store::Store, quirks: Quirks) -> ServerRoom {
    let mut room = ServerRoom::new(store, quirks).await.set(answering).await;
    room.room = room.room.with_mail().await;
    room.server.take();
    room
}

async fn kinds(database: &testing::Database) -> Vec<String> {
    database.column("SELECT kind FROM removals ORDER BY id").await
}

on_both_databases! {
    async fn an_invitation_that_keeps_its_hour_is_accepted_once_and_nobody_gets_mail(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await.with(meeting());
        let before = room.text("meeting");
        assert_eq!(told(&room.room.test().await), ["accepted meeting 0305T10"], "test mode shows it");
        assert_eq!(room.text("meeting"), before);
        room.methods();
        assert_eq!(told(&room.room.clear().await), ["accepted meeting 0305T10"]);
        assert_eq!(room.methods(), ["PROPFIND", "PUT"]);
        assert_eq!(room.text("meeting"), before.replace(WAITS, "PARTSTAT=ACCEPTED"));
        assert_eq!(kinds(&database).await, ["accepted invitation"]);
        assert!(room.room.mails().await.is_empty());
        assert!(told(&room.room.clear().await).is_empty(), "our own write is no reason to answer again");
    }

    async fn a_series_is_accepted_without_the_dates_that_it_loses_in_one_write(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(inviting(series()));
        room.room.test().await;
        room.methods();
        assert_eq!(
            told(&room.room.clear().await),
            ["cancelled series 0303T10 by old", "accepted series 0302T10 without 1"]
        );
        assert_eq!(room.methods().iter().filter(|it| *it == "PUT").count(), 1);
        let text = room.text("series");
        assert!(text.contains("EXDATE:20260303T100000Z") && text.contains(ACCEPTED), "{text}");
        assert_eq!(kinds(&database).await, ["cancelled overlapping", "accepted invitation"]);
        assert_eq!(room.room.mails().await, ["removed series ann@example.org waiting"]);
    }

    async fn what_loses_is_declined_and_a_series_of_which_nothing_remains_too(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await.with(old());
        let one = event("one", "0202T00", "0303T10", "0303T11").rule("FREQ=DAILY;COUNT=1");
        let room = room.with(inviting(young("young"))).with(inviting(one.by("ann@example.org")));
        assert_eq!(
            told(&room.room.clear().await),
            ["deleted young 0303T10 by old", "cancelled one 0303T10 by old"]
        );
        assert_eq!(room.uids(), "old");
    }

    async fn what_somebody_has_answered_is_left_and_what_is_moved_is_decided_anew(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await.with(old());
        let answered = event("answered", "0201T00", "0306T10", "0306T11").by("ann@example.org");
        let room = room.with(answered.line("ATTENDEE;PARTSTAT=TENTATIVE:mailto:room@example.org"));
        let room = room.with(meeting());
        assert_eq!(told(&room.room.clear().await), ["accepted meeting 0305T10"]);
        assert!(room.text("answered").contains("PARTSTAT=TENTATIVE"));
        // Moved into a free hour, then onto somebody's: the organizer's server asks anew.
        let moved = |start: &str, end: &str| {
            inviting(event("meeting", "0201T00", start, end).by("ann@example.org"))
        };
        room.put(moved("0307T10", "0307T11"));
        assert_eq!(told(&room.room.clear().await), ["accepted meeting 0307T10"]);
        room.put(moved("0303T10", "0303T11"));
        assert_eq!(told(&room.room.clear().await), ["deleted meeting 0303T10 by old"]);
    }

    async fn with_answers_off_an_unchanged_calendar_costs_one_request_and_nothing_is_written(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.set(|it| it.room_address = Some("room@example.org".to_owned())).await;
        let room = room.with(meeting());
        room.room.clear().await;
        room.methods();
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.methods(), ["PROPFIND"]);
        let room = room.set(answering).await;
        room.room.clear().await;
        room.room.clear().await;
        room.methods();
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.methods(), ["PROPFIND"], "with answers on as well");
    }

    async fn a_server_that_does_not_keep_the_answer_gets_it_once_a_day(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await.with(meeting());
        let (put, text) = ("meeting.ics", room.text("meeting"));
        for accepted in [1, 0, 0] {
            let report = room.room.clear().await;
            assert_eq!(report.accepted_invitations.len(), accepted);
            room.server.put(put, &text);
            room.advance(Duration::from_secs(60));
        }
        room.advance(Duration::from_secs(86_400));
        assert_eq!(told(&room.room.clear().await), ["accepted meeting 0305T10"]);
        room.put(meeting().line("SEQUENCE:1"));
        assert_eq!(told(&room.room.clear().await), ["accepted meeting 0305T10"], "it asks anew");
    }

    async fn an_answer_whose_response_was_lost_is_recorded_once(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await.with(meeting());
        let is_first = std::sync::atomic::AtomicBool::new(true);
        room.server.before(move |request, state| {
            let is_put = request.method == "PUT";
            if !is_put || !is_first.swap(false, std::sync::atomic::Ordering::SeqCst) {
                return None;
            }
            // As SOGo, which writes the copy in its own form.
            state.put("meeting.ics", &request.text().replace(ACCEPTED, "PARTSTAT=ACCEPTED;X=1:mailto:room@example.org"));
            Some(Answer::status(504))
        });
        assert_eq!(told(&room.room.clear().await), ["accepted meeting 0305T10"]);
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(kinds(&database).await, ["accepted invitation"]);
        assert!(told(&room.room.clear().await).is_empty());
    }

    async fn an_answer_that_a_process_died_at_is_recorded_by_the_next_one(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await.with(meeting());
        room.room.test().await;
        let service = room.room.service.clone();
        let prepared = "SELECT state FROM changes";
        room.server.refuse("meeting.ics", "PUT", Tries::Always, Answer::status(200).on(testing::scripted::Way::Hang));
        let run = tokio::spawn(async move {
            service.clear_bookings(None, harness::setup::clear_request(operations::Scope::All)).await
        });
        while database.column(prepared).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        run.abort();
        room.server.behave();
        room.server.put("meeting.ics", &room.text("meeting").replace(WAITS, "PARTSTAT=ACCEPTED"));
        database.execute("DELETE FROM leases").await;
        let restarted = room.restarted();
        restarted.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(kinds(&database).await, ["accepted invitation"]);
    }

    async fn the_answer_is_written_first_where_a_server_tells_of_dates_only(database) {
        let room = answering_room(&database.open().await, Quirks::SOGO).await;
        let room = room.with(old()).with(inviting(series()));
        room.room.test().await;
        room.methods();
        let mut lines = told(&room.room.clear().await);
        lines.sort();
        assert_eq!(lines, ["accepted series 0302T10", "cancelled series 0303T10 by old"]);
        assert_eq!(room.methods().iter().filter(|it| *it == "PUT").count(), 2);
        let text = room.text("series");
        assert!(text.contains("EXDATE:20260303T100000Z") && text.contains(ACCEPTED), "{text}");
        assert!(told(&room.room.clear().await).is_empty());
    }

    async fn a_date_that_a_series_loses_before_it_is_accepted_has_no_warning_also_where_the_answer_comes_first(database) {
        let room = answering_room(&database.open().await, Quirks::SOGO).await;
        let room = room.set(|it| it.conflicts = clearing::ConflictHandling::Warn).await;
        let room = room.with(old()).with(inviting(series()));
        let mut lines = told(&room.room.clear().await);
        lines.sort();
        assert_eq!(lines, ["accepted series 0302T10", "cancelled series 0303T10 by old"]);
        assert!(told(&room.room.clear().await).is_empty());
    }

    async fn what_is_only_reported_waits_for_its_answer_and_what_a_warning_is_out_about_too(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await;
        let room = room.set(|it| it.conflicts = clearing::ConflictHandling::Report).await;
        let room = room.with(old()).with(inviting(young("young")));
        assert_eq!(told(&room.room.clear().await), ["ignored young 0303T10 by old: report"]);
        assert!(room.text("young").contains(WAITS), "people agree about it");
        let room = room.set(|it| it.conflicts = clearing::ConflictHandling::Warn).await;
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        // Accepted by somebody, it is warned of, and what somebody has answered is left.
        let room = room.with(young("warned").by("ann@example.org").line(ACCEPTED_LINE));
        assert_eq!(told(&room.room.clear().await), ["ignored warned 0303T10 by old: pending"]);
        assert!(room.text("warned").contains("PARTSTAT=ACCEPTED"));
    }

    async fn an_answer_is_no_removal_and_is_not_restored_and_its_dates_are(database) {
        let room = answering_room(&database.open().await, Quirks::RFC).await;
        let room = room.set(|it| it.safety_limit = 1).await;
        let others = (0..3).map(|day| {
            let (start, end) = (format!("031{day}T10"), format!("031{day}T11"));
            inviting(event(&format!("m{day}"), "0201T00", &start, &end).by("ann@example.org"))
        });
        let room = others.fold(room, ServerRoom::with).with(old()).with(inviting(series()));
        let lines = told(&room.room.clear().await);
        assert_eq!(lines.len(), 5, "the limit is not reached: {lines:?}");
        let accepted = room.room.lines().await.into_iter().find(|it| it.kind.as_str() == "accepted invitation");
        let refused = room.room.restore(accepted.unwrap().id).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        let date = room.room.line("series", "0303T10").await;
        room.room.restore(date).await.unwrap();
        let text = room.text("series");
        assert!(!text.contains("EXDATE") && text.contains(ACCEPTED), "{text}");
    }

    async fn a_setting_that_the_server_or_the_calendar_does_not_allow_is_refused(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let actor = operations::command_line();
        let service = &room.room.service;
        let set = async |change: &dyn Fn(&mut Calendar)| {
            let mut calendar = service.calendar("room").await.unwrap();
            change(&mut calendar);
            service.set_calendar(&actor, &calendar).await
        };
        let without_address = set(&|it| it.answers = true).await;
        assert!(matches!(without_address, Err(Error::Invalid(_))), "{without_address:?}");
        for seconds in [14, 61] {
            let out_of_bounds = set(&|it| it.watch_seconds = Some(seconds)).await;
            assert!(matches!(out_of_bounds, Err(Error::Invalid(_))), "{out_of_bounds:?}");
        }
        // A room of Nextcloud's.
        room.server.before(|request, _| {
            let owner = "<d:owner><d:href>/remote.php/dav/principals/calendar-rooms/r1/</d:href></d:owner>";
            let is_asked = request.method == "PROPFIND" && request.path.contains(CALENDAR);
            is_asked.then(|| {
                let body = format!(
                    "<d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>{}</d:href><d:propstat><d:prop>{owner}\
                     </d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>",
                    request.path
                );
                Answer::xml(207, body)
            })
        });
        let answered = set(&answering).await;
        assert!(matches!(answered, Err(Error::Invalid(_))), "{answered:?}");
        room.server.behave();
        set(&|it| { answering(it); it.watch_seconds = Some(15); }).await.unwrap();
        let built_in = Calendar { answers: true, room_address: Some("b@example.org".to_owned()), ..Calendar::built_in("b", "B", "UTC") };
        let new = operations::NewCalendar { calendar: built_in, users: Vec::new() };
        let refused = service.add_calendar(&actor, &new).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        let watched = Calendar { watch_seconds: Some(20), ..Calendar::built_in("b", "B", "UTC") };
        let new = operations::NewCalendar { calendar: watched, users: Vec::new() };
        let refused = service.add_calendar(&actor, &new).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}
