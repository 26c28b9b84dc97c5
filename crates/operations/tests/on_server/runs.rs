//! Several calendars in one run, and who booked.

use harness::on_server::ServerRoom;
use harness::setup::clear_request;
use harness::{event, starter, told};
use operations::{ClearRequest, Message, MessageId, SCHEDULE, Scope, Stage};
use store::calendars::Calendar;
use store::history::Starter;
use store::uid_metadata;
use testing::fake::{FakeCalDav, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::{Answer, Way};

/// Adds another calendar of another server.
async fn other_server(room: &ServerRoom, slug: &str) -> FakeCalDav {
    room.room.setup().add_on_new_server(Calendar::built_in(slug, slug, "UTC"), &[]).await
}

fn all(started_by: Starter) -> ClearRequest {
    ClearRequest { started_by, ..clear_request(Scope::All) }
}

on_both_databases! {
    async fn a_server_that_hangs_keeps_only_its_own_calendars_waiting(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let quick = other_server(&room, "quick").await;
        for uid in ["a", "b"] {
            let text = harness::file(&[event(uid, "0101T00", "0303T10", "0303T11")]);
            quick.put(&format!("{uid}.ics"), &text);
        }
        room.server.refuse("", "", Tries::Always, Answer::status(200).on(Way::Hang));
        let service = room.room.service.clone();
        let run = tokio::spawn(async move { service.clear_bookings(None, all(starter())).await });
        // The hanging server answers nothing at all, so that the quick one is done before the run is.
        for _ in 0..400 {
            if quick.objects().len() == 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert_eq!(quick.objects().len(), 1);
        assert!(!run.is_finished());
        let report = run.await.unwrap().unwrap();
        assert_eq!(told(&report), ["deleted b 0303T10 by a", "failed room"]);
    }

    async fn a_scheduled_run_that_finds_nothing_to_do_leaves_no_history(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let service = &room.room.service;
        let scheduled = Starter::of(SCHEDULE);
        let runs = async || database.column("SELECT started_by FROM runs").await;
        service.clear_bookings(None, all(scheduled)).await.unwrap();
        assert!(runs().await.is_empty());
        let room = room
            .with(event("a", "0101T00", "0303T10", "0303T11"))
            .with(event("b", "0102T00", "0303T10", "0303T11"));
        room.room.service.clear_bookings(None, all(scheduled)).await.unwrap();
        room.room.service.clear_bookings(None, all(starter())).await.unwrap();
        assert_eq!(runs().await, ["schedule", "api"], "one that did something, and one that was asked for");
    }

    async fn who_booked_is_asked_of_the_activity_app_once_and_told(database) {
        const ACTIVITY: &str = r#"{"ocs":{"data":[{"activity_id":7,"app":"dav","type":"calendar_event",
            "user":"bob","subject_rich":["{actor} created event {event} in calendar {calendar}",
            {"actor":{"type":"user","id":"bob","name":"Bob"},
            "event":{"type":"calendar-event","id":"young","name":"x"},
            "calendar":{"type":"calendar","id":"1","name":"x"}}]}]}}"#;
        const PRINCIPAL: &str = r#"<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"
            xmlns:cal="urn:ietf:params:xml:ns:caldav"><d:response>
            <d:href>/remote.php/dav/principals/users/bob/</d:href><d:propstat><d:prop>
            <cal:calendar-user-address-set><d:href>mailto:bob@example.org</d:href>
            </cal:calendar-user-address-set></d:prop><d:status>HTTP/1.1 200 OK</d:status>
            </d:propstat></d:response></d:multistatus>"#;
        let mut room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        room = room
            .with(event("old", "0101T00", "0303T10", "0303T11"))
            .with(event("young", "0102T00", "0303T10", "0303T11"))
            .with(event("nobodys", "0103T00", "0303T10", "0303T11"))
            .with(event("alone", "0103T00", "0306T10", "0306T11"));
        room.room = room.room.with_mail().await;
        let asked = std::sync::Arc::new(std::sync::Mutex::new(0));
        let counted = asked.clone();
        room.server.before(move |request, _| {
            if request.path.contains("/activity") {
                *counted.lock().unwrap() += 1;
                let is_first = !request.path.contains("since=");
                let body = if is_first { ACTIVITY } else { r#"{"ocs":{"data":[]}}"# };
                return Some(Answer::text(200, body).with("Content-Type", "application/json"));
            }
            let is_principal = request.path.contains("principals/users/bob");
            is_principal.then(|| Answer::xml(207, PRINCIPAL))
        });
        let report = room.room.test().await;
        assert_eq!(told(&report), ["deleted nobodys 0303T10 by old", "deleted young 0303T10 by old"]);
        let young = &report.deleted_overlapping_events[1].event;
        assert_eq!(young.organizer.as_deref(), Some("bob@example.org"));
        let before = *asked.lock().unwrap();
        assert!(before > 0);
        room.room.test().await;
        assert_eq!(*asked.lock().unwrap(), before, "what nobody knows is not asked again that day");
        let id = room.room.calendar.id;
        let alone = uid_metadata::of_uid(room.room.store(), id, "alone").await.unwrap();
        assert!(alone.authors.is_empty(), "only what is about to be reported is asked for");
        room.room.clear().await;
        assert_eq!(room.room.mails().await, ["removed young bob@example.org waiting"]);
    }

    async fn whoever_restores_an_event_is_not_taken_for_who_booked_it(database) {
        const EMPTY: &str = r#"{"ocs":{"data":[]}}"#;
        const ENTRY: &str = r#"{"activity_id":NUMBER,"app":"dav","type":"calendar_event","user":"USER",
            "subject_rich":["SUBJECT",{ACTOR"event":{"type":"calendar-event","id":"young","name":"x"}}]}"#;
        const PRINCIPAL: &str = r#"<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"
            xmlns:cal="urn:ietf:params:xml:ns:caldav"><d:response>
            <d:href>/remote.php/dav/principals/users/USER/</d:href><d:propstat><d:prop>
            <cal:calendar-user-address-set><d:href>mailto:USER@example.org</d:href>
            </cal:calendar-user-address-set></d:prop><d:status>HTTP/1.1 200 OK</d:status>
            </d:propstat></d:response></d:multistatus>"#;
        // Ours is the newer one: "You created", by the account that asks.
        let own = ENTRY.replace("NUMBER", "9").replace("USER", "rooms")
            .replace("SUBJECT", "You created event {event} in calendar {calendar}")
            .replace("ACTOR", "");
        let bobs = ENTRY.replace("NUMBER", "7").replace("USER", "bob")
            .replace("SUBJECT", "{actor} created event {event} in calendar {calendar}")
            .replace("ACTOR", r#""actor":{"type":"user","id":"bob","name":"Bob"},"#);
        let kind = database.open().await.kind();
        for (entries, organizer) in [
            (own.clone(), None),
            (format!("{own},{bobs}"), Some("bob@example.org")),
        ] {
            let database = testing::Database::new(kind).await;
            let mut room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
            room = room
                .with(event("old", "0101T00", "0310T10", "0310T11"))
                .with(event("young", "0102T00", "0310T10", "0310T11"));
            let said = std::sync::Arc::new(std::sync::Mutex::new(EMPTY.to_owned()));
            let now_said = said.clone();
            room.server.before(move |request, _| {
                if request.path.contains("/activity") {
                    let is_first = !request.path.contains("since=");
                    let body = if is_first { said.lock().unwrap().clone() } else { EMPTY.to_owned() };
                    return Some(Answer::text(200, &body).with("Content-Type", "application/json"));
                }
                let user = ["rooms", "bob"].into_iter()
                    .find(|it| request.path.contains(&format!("principals/users/{it}")));
                user.map(|user| Answer::xml(207, PRINCIPAL.replace("USER", user)))
            });
            assert_eq!(told(&room.room.clear().await), ["deleted young 0310T10 by old"]);
            let line = room.room.lines().await[0].id;
            room.room.restore(line).await.unwrap();
            *now_said.lock().unwrap() = format!(r#"{{"ocs":{{"data":[{entries}]}}}}"#);
            // It is asked again on another day.
            room.at(harness::days(2));
            let report = room.room.test().await;
            let young = &report.deleted_overlapping_events[0].event;
            assert_eq!((young.uid.as_str(), young.organizer.as_deref()), ("young", organizer));
        }
    }

    async fn the_activity_app_is_not_asked_where_that_is_switched_off_or_there_is_none(database) {
        let kind = database.open().await.kind();
        for (quirks, asks) in [(Quirks::NEXTCLOUD, false), (Quirks::RFC, true)] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = room
                .with(event("old", "0101T00", "0303T10", "0303T11"))
                .with(event("young", "0102T00", "0303T10", "0303T11"));
            database.execute(&format!("UPDATE calendars SET asks_authors = {asks}")).await;
            let calendar = room.room.service.calendar("room").await.unwrap();
            let room = ServerRoom { room: harness::Room { calendar, ..room.room }, ..room };
            room.room.clear().await;
            let requests = room.server.requests();
            assert!(requests.iter().all(|it| !it.path.contains("activity")), "{requests:?}");
        }
    }
}

/// What is kept of the end of a run: whether it has one, how each calendar came out and why, and the leases
/// that are still held.
async fn ends(database: &testing::Database) -> [Vec<String>; 3] {
    let ended = "SELECT CASE WHEN finished_at IS NULL THEN 'running' ELSE 'ended' END FROM runs";
    let of_calendars = "SELECT outcome || ' ' || COALESCE(detail, '') FROM run_calendars";
    let leases = "SELECT name FROM leases WHERE name LIKE 'calendar %'";
    [
        database.column(ended).await,
        database.column(of_calendars).await,
        database.column(leases).await,
    ]
}

on_both_databases! {
    async fn a_run_that_a_hung_server_holds_is_ended_when_the_process_ends(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room = room.room.with_mail().await;
        let room = room
            .with(event("a", "0101T00", "0303T10", "0303T11"))
            .with(event("b", "0102T00", "0303T10", "0303T11"))
            .with(event("c", "0101T00", "0304T10", "0304T11"))
            .with(event("d", "0102T00", "0304T10", "0304T11"));
        // The first deletion is done, and the answer to the second one never comes.
        room.server.hang("DELETE", Tries::Nth(2));
        let service = room.room.service.clone();
        let run = tokio::spawn(async move { service.clear_bookings(None, all(starter())).await });
        for _ in 0..2_000 {
            if room.server.count("DELETE") == 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let service = &room.room.service;
        service.stopping.advance(Stage::Draining);
        assert!(!run.is_finished(), "a drain cuts nothing off");
        service.stopping.advance(Stage::CutOff);
        let report = tokio::time::timeout(std::time::Duration::from_secs(2), run).await;
        let report = report.expect("it ends at once").unwrap().unwrap();
        assert_eq!(told(&report), ["deleted b 0303T10 by a", "failed room"]);
        assert_eq!(report.failed_calendars[0].error.id, MessageId::ServerStopped);
        let stopped = Message::from(MessageId::ServerStopped).to_stored();
        assert_eq!(ends(&database).await, [vec!["ended".to_owned()], vec![format!("failed {stopped}")], Vec::new()]);
        assert_eq!(crate::on_server::changes::states(&database).await, ["done", "prepared"], "it is in doubt");
        assert!(database.column("SELECT failure FROM calendar_health WHERE failure IS NOT NULL").await.is_empty(),
            "the calendar works");
        // Another process finds out what became of it.
        room.server.behave();
        room.server.remove("d.ics");
        room.restarted().recover_changes().await.unwrap();
        assert_eq!(crate::on_server::changes::states(&database).await, ["done", "done"]);
        assert_eq!(room.room.lines().await.len(), 2);
    }

    async fn a_run_that_waits_for_its_turn_is_ended_when_the_process_ends(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.server.refuse("", "", Tries::Always, Answer::status(200).on(Way::Hang));
        let service = room.room.service.clone();
        let scheduled = Starter::of(SCHEDULE);
        // The first run has the lease, and the second one waits for it.
        let runs = [(); 2].map(|()| {
            let service = service.clone();
            tokio::spawn(async move { service.clear_bookings(None, all(scheduled)).await })
        });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        service.stopping.advance(Stage::CutOff);
        for run in runs {
            let ended = tokio::time::timeout(std::time::Duration::from_secs(2), run).await;
            assert_eq!(told(&ended.expect("it ends at once").unwrap().unwrap()), ["failed room"]);
        }
        let [ended, of_calendars, leases] = ends(&database).await;
        assert_eq!(ended, ["ended", "ended"], "also of a schedule");
        assert!(of_calendars.iter().all(|it| it.starts_with("failed ")), "{of_calendars:?}");
        assert!(leases.is_empty(), "{leases:?}");
    }
}
