//! What servers say and is not so: each of these once removed the wrong event, or said the wrong thing.

use harness::on_server::ServerRoom;
use harness::setup::access;
use harness::{Room, Setup, event, file, seconds, told};
use operations::{Error, Level, NewCalendar, command_line};
use store::calendars::{self, Calendar};
use testing::fake::{Etags, Quirks, Tries, USER};
use testing::on_both_databases;
use testing::scripted::Answer;

use super::changes::{old, series, states, young};

fn booked(uid: &str, day: &str) -> harness::Event {
    event(uid, "0101T00", &format!("{day}T10"), &format!("{day}T11"))
}

/// How often a method was asked for since the last look.
fn count(methods: &[String], method: &str) -> usize {
    methods.iter().filter(|it| *it == method).count()
}

on_both_databases! {
    async fn after_a_backup_was_restored_on_the_server_nothing_that_is_gone_is_believed(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(booked("a", "0303"));
        room.room.clear().await;
        let backup = room.server.backup();
        room.put(booked("ghost", "0304"));
        room.room.clear().await;
        assert_eq!(room.room.uids().await, "a ghost");
        room.server.restore_backup(backup);
        room.room.clear().await;
        assert_eq!(room.room.uids().await, "a", "the token of the future is echoed");
        room.methods();
        room.room.clear().await;
        assert_eq!(room.methods(), ["PROPFIND"], "from then on the token is the server's own");
    }

    async fn a_change_that_the_server_forgot_to_log_is_found(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(booked("a", "0303"));
        room.room.clear().await;
        room.put(booked("b", "0304"));
        room.server.with(|state| {
            let calendar = state.calendars.get_mut(testing::fake::CALENDAR).unwrap();
            calendar.lose_change("b.ics");
        });
        room.room.clear().await;
        assert_eq!(room.room.uids().await, "a b");
    }

    async fn a_first_answer_that_lists_nothing_is_confirmed(database) {
        let quirks = Quirks { empty_first_sync: true, ..Quirks::RFC };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let room = room.with(booked("a", "0303")).with(booked("b", "0304"));
        room.room.clear().await;
        assert_eq!(room.room.uids().await, "a b");
    }

    async fn an_object_that_a_multiget_leaves_out_is_asked_for_alone(database) {
        let kind = database.open().await.kind();
        for quirks in [Quirks::NEXTCLOUD, Quirks::RFC] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let room = room.with(booked("a", "0303")).with(booked("b", "0304"));
            room.server.with(|state| {
                let calendar = state.calendars.get_mut(testing::fake::CALENDAR).unwrap();
                calendar.omit_from_multiget("a.ics");
            });
            room.room.clear().await;
            assert_eq!(room.room.uids().await, "a b");
        }
    }

    async fn not_found_on_a_share_that_is_read_only_is_a_refusal_and_removes_nothing(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let mut room = room.with(old()).with(young("young"));
        room.room = room.room.with_mail().await;
        room.server.with(|state| state.quirks.read_only = Some(404));
        room.room.test().await;
        room.methods();
        let report = room.room.clear().await;
        assert_eq!(told(&report), ["ignored young 0303T10 by old: refused"]);
        let detail = report.ignored_overlapping_events[0].detail.as_ref().unwrap().to_string();
        assert!(detail.contains("could not be found") && detail.contains("it is there"), "{detail}");
        assert_eq!(count(&room.methods(), "DELETE"), 1, "one try");
        assert_eq!(states(&database).await, ["refused"]);
        assert_eq!(room.room.uids().await, "old young", "it stays in the mirror");
        assert!(room.room.mails().await.is_empty(), "nobody is told of a removal");
    }

    async fn a_server_of_unknown_kind_is_tested_when_a_calendar_is_added(database) {
        let kind = database.open().await.kind();
        for (quirks, shown, level, reads) in [
            (Quirks::RFC, "put delete create", Level::Good, 0),
            (Quirks::UNKNOWN, "put create", Level::Warning, 1),
        ] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            assert!(room.server.objects().is_empty(), "the test leaves nothing behind");
            let of = room.room.service.calendar("room").await.unwrap();
            let collection = of.backend.collection().unwrap();
            assert_eq!(collection.conditions.as_deref(), Some(shown));
            let room = room.with(old()).with(young("young"));
            room.room.test().await;
            room.methods();
            assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
            let methods = room.methods();
            assert_eq!(count(&methods, "GET"), reads, "{methods:?}");
            let findings = room.room.service.try_calendar(&room.room.calendar).await.unwrap();
            let found = findings.iter().find(|it| it.text.to_string().contains("a test"));
            assert_eq!(found.unwrap().level, level);
            assert_eq!(count(&room.methods(), "PUT"), 0, "it is not tested again");
        }
    }

    async fn what_somebody_changes_on_a_server_that_reads_no_if_match_is_not_deleted(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::UNKNOWN).await;
        let room = room.with(old()).with(young("young"));
        room.room.test().await;
        let moved = event("young", "0201T00", "0305T10", "0305T11");
        let mut is_first = true;
        // After the look, and before the first read of the object itself.
        room.server.before(move |request, state| {
            if request.method == "GET" && std::mem::take(&mut is_first) {
                state.put("young.ics", &file(std::slice::from_ref(&moved)));
            }
            None
        });
        assert!(told(&room.room.clear().await).is_empty());
        assert_eq!(room.uids(), "old young");
    }

    async fn an_unknown_server_that_answers_a_forgotten_token_with_everything_loses_nothing(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::UNKNOWN).await;
        let room = room.with(booked("a", "0303")).with(booked("b", "0304"));
        let room = room.with(booked("c", "0305"));
        room.room.clear().await;
        room.server.remove("a.ics");
        room.server.forget_tokens();
        room.room.clear().await;
        assert_eq!(room.room.uids().await, "b c");
    }

    async fn weak_etags_everywhere_are_no_changes(database) {
        let quirks = Quirks { etags: Etags::Weak, ..Quirks::NEXTCLOUD };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let room = room.with(old()).with(young("young")).with(series());
        assert_eq!(
            told(&room.room.clear().await),
            ["deleted young 0303T10 by old", "cancelled series 0303T10 by old"]
        );
        assert_eq!(room.uids(), "old series");
        assert!(told(&room.room.clear().await).is_empty());
    }

    async fn a_server_that_speaks_digest_only_is_found_read_and_written(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::SABRE).await;
        let room = room.with(old()).with(young("young"));
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(room.uids(), "old");
    }

    async fn a_429_for_one_calendar_holds_for_all_calendars_of_the_server(database) {
        let store = database.open().await;
        let room = ServerRoom::new(&store, Quirks::NEXTCLOUD).await;
        room.server.add_calendar("meeting-room-2");
        add(&room, &room.server.url(), "meeting-room-2").await.unwrap();
        room.methods();
        room.server.lock_out_address();
        for run in 0..2 {
            let report = room.room.run_all().await;
            assert_eq!(told(&report), ["failed meeting-room-2", "failed room"]);
            let error = report.failed_calendars[0].error.to_string();
            assert!(error.contains("occ security:bruteforce:reset"), "{error}");
            // Both may be on their way when the first is answered; after that none is.
            let most = if run == 0 { 2 } else { 0 };
            assert!(room.methods().len() <= most, "run {run}");
        }
    }

    async fn a_server_that_asked_to_be_left_alone_is_so_by_other_processes_and_after_a_restart(database) {
        let kind = database.open().await.kind();
        for status in [429, 503] {
            let database = testing::Database::new(kind).await;
            let store = database.open().await;
            let room = ServerRoom::new(&store, Quirks::NEXTCLOUD).await;
            let answer = Answer::text(status, "Not now").with("Retry-After", "120");
            room.server.refuse("", "", Tries::Always, answer);
            assert_eq!(told(&room.room.clear().await), ["failed room"]);
            room.server.behave();
            room.methods();
            let other = Room { service: Setup::new(&store).service, ..room.room.clone() };
            let report = other.clear().await;
            assert_eq!(told(&report), ["failed room"], "{status}");
            let error = report.failed_calendars[0].error.to_string();
            assert!(error.contains(&status.to_string()) && error.contains("Not now"), "{error}");
            let found = other.service.discover(&access(&room.server.calendar_url())).await;
            assert!(found.is_err(), "{status}");
            assert!(room.methods().is_empty(), "{status}: nothing is asked");
            let later = Room { service: Setup::new(&store).service, ..other }.at(seconds(121));
            assert!(told(&later.clear().await).is_empty(), "{status}");
        }
    }

    async fn a_calendar_in_the_trash_bin_of_its_server_fails(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(old()).with(young("young"));
        room.room.test().await;
        room.server.with(|state| state.quirks.is_trashed = true);
        let report = room.room.clear().await;
        assert_eq!(told(&report), ["failed room"]);
        let error = report.failed_calendars[0].error.to_string();
        assert!(error.contains("was deleted on the server"), "{error}");
        assert_eq!(room.uids(), "old young", "it takes writes, but gets none");
        let ann = room.room.caller("ann").await;
        let hour = crate::create::requested("2026-03-05T10:00", "2026-03-05T11:00");
        let booked = room.room.book(&ann, &hour, operations::WhenTaken::Book, None).await;
        assert!(booked.unwrap_err().to_string().contains("was deleted on the server"));
        let deleted = room.room.service.delete_event(&ann, &room.room.calendar, "young").await;
        assert!(deleted.unwrap_err().to_string().contains("was deleted on the server"));
        let findings = room.room.service.try_calendar(&room.room.calendar).await.unwrap();
        let text = findings[0].text.to_string();
        assert!(findings[0].level == Level::Bad && text.contains("trash bin"), "{text}");
        let found = room.room.service.discover(&access(&room.server.url())).await.unwrap();
        assert!(found.calendars.is_empty());
    }

    async fn one_collection_stands_behind_one_calendar_however_it_is_reached(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(booked("a", "0303"));
        let own = room.server.url();
        let localhost = own.replace("127.0.0.1", "localhost");
        for address in [
            room.server.calendar_url(),
            format!("{own}/remote.php/caldav/calendars/{USER}/meeting-room-1/"),
            format!("{localhost}/remote.php/dav/calendars/{USER}/meeting-room-1/"),
        ] {
            let Err(Error::Invalid(errors)) = add(&room, &address, "meeting-room-1").await else {
                panic!("{address} was added");
            };
            let text = format!("{:?}", errors);
            assert!(text.contains("room"), "{address}: {text}");
            assert_eq!(errors[0].field, "collection", "{address}");
        }
        assert_eq!(calendars::all(room.room.store()).await.unwrap().len(), 1);
        // Another calendar of the same owner is another one.
        room.server.add_calendar("meeting-room-2");
        add(&room, &localhost, "meeting-room-2").await.unwrap();
    }

    async fn one_empty_collection_stands_behind_one_calendar_by_whatever_name_of_its_host(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let localhost = room.server.url().replace("127.0.0.1", "localhost");
        let added = add(&room, &localhost, "meeting-room-1").await;
        assert!(matches!(added, Err(Error::Invalid(_))), "{added:?}");
        assert_eq!(room.uids(), "", "the probe is deleted");
        room.server.add_calendar("meeting-room-2");
        add(&room, &localhost, "meeting-room-2").await.unwrap();
    }

    async fn two_calendars_that_are_one_collection_are_found_by_doctor(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        add_twice(&room, &database).await;
        let room = room.with(booked("a", "0303"));
        let findings = room.room.service.try_calendar(&room.room.calendar).await.unwrap();
        let found = findings.iter().find(|it| it.text.to_string().contains("same calendar"));
        assert_eq!(found.map(|it| it.level), Some(Level::Bad), "{findings:?}");
    }

    async fn nothing_is_removed_from_two_calendars_that_are_one_collection(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        add_twice(&room, &database).await;
        let service = room.room.service.clone();
        let calendar = service.calendar("meeting-room-1").await.unwrap();
        let twin = Room { service, calendar };
        for uid in ["a", "b"] {
            room.put(booked(uid, "0303"));
        }
        // Each knows of other looks than the other, and would remove what the other keeps.
        for calendar in [&room.room, &twin] {
            let report = calendar.clear().await;
            assert_eq!(told(&report), [format!("failed {}", calendar.calendar.slug)]);
            let said = report.failed_calendars[0].error.to_string();
            assert!(said.contains("same calendar"), "{said}");
        }
        assert_eq!(room.uids(), "a b");
    }
}

/// Adds the room's collection by another name of its host, while nobody knows that it is the same.
async fn add_twice(room: &ServerRoom, database: &testing::Database) {
    let id = room.room.calendar.id;
    let known = calendars::by_id(room.room.store(), id).await.unwrap().unwrap();
    let identity = known.backend.collection().unwrap().identity.clone().unwrap();
    database.execute("UPDATE calendars SET collection_identity = 'elsewhere|/other'").await;
    let localhost = room.server.url().replace("127.0.0.1", "localhost");
    add(room, &localhost, "meeting-room-1").await.unwrap();
    let transaction = room.room.store().begin().await.unwrap();
    calendars::set_identity(&transaction, id, &identity).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Adds a calendar that is found at an address.
async fn add(room: &ServerRoom, address: &str, name: &str) -> Result<(), Error> {
    let service = &room.room.service;
    let access = access(address);
    let found = service.discover(&access).await.unwrap();
    let ends = format!("/{name}/");
    let it = found.calendars.iter().find(|it| it.url.ends_with(&ends)).expect("it is found");
    let new = NewCalendar { calendar: Calendar::built_in(name, name, "UTC"), users: Vec::new() };
    service.add_calendar_on_server(&command_line(), &new, &access, &found, it).await.map(|_| ())
}
