//! Whether servers work, and what administrators learn of it.

use harness::on_server::ServerRoom;
use harness::setup::access;
use harness::{Setup, administrator, event, seconds, told};
use operations::{Error, Level};
use store::{accounts, health};
use testing::fake::{PASSWORD, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

on_both_databases! {
    async fn after_a_refused_password_nobody_asks_before_it_is_set_anew(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.server.lock_out();
        for _ in 0..3 {
            let report = room.room.clear().await;
            let error = report.failed_calendars[0].error.to_string();
            assert!(error.contains("account set 1 --password-stdin"), "{error}");
        }
        // Another process knows it, too.
        let other = Setup::new(room.room.store()).service;
        let tried = other.try_calendar(&room.room.calendar).await.unwrap();
        assert_eq!(tried[0].level, Level::Bad);
        assert_eq!(room.methods().len(), 1, "one 401 and no further try");
        room.server.behave();
        room.set_password(PASSWORD).await;
        assert!(told(&room.room.clear().await).is_empty());
        let account = accounts::all(room.room.store()).await.unwrap().remove(0);
        assert_eq!(account.refused_at, None);
    }

    async fn a_wrong_password_is_no_calendar_and_keeps_nothing(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut wrong = access(&room.server.url());
        wrong.password = "guessed".into();
        let found = room.room.service.discover(&wrong).await;
        let Err(Error::Server { detail, .. }) = found else { panic!("{found:?}") };
        let detail = detail.to_string();
        assert!(detail.contains("does not accept") && !detail.contains("guessed"), "{detail}");
        assert_eq!(accounts::all(room.room.store()).await.unwrap().len(), 1);
        let statuses = room.methods().len();
        assert!(statuses <= 2, "a server that throttles is not asked again and again: {statuses}");
    }

    async fn administrators_are_told_once_of_an_hour_of_failure_and_once_that_it_is_over(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        let mut room = ServerRoom::new(&store, Quirks::RFC).await;
        room.server.refuse("", "", Tries::Always, Answer::status(503));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.at(seconds(3_500));
        room.room.clear().await;
        assert!(room.room.mails().await.is_empty(), "not yet");
        room.at(seconds(3_600));
        room.room.clear().await;
        room.room.clear().await;
        assert_eq!(room.room.mails().await, ["calendar fails  boss@example.org waiting"]);
        let data = room.room.latest_data().await;
        assert_eq!((&data["calendar"], &data["since"]), (&"room".into(), &seconds(0).0.into()));
        let failure = harness::in_english(data["failure"].as_str().unwrap());
        assert!(failure.contains("503"), "{failure}");
        room.server.behave();
        room.room.clear().await;
        room.room.clear().await;
        let mails = room.room.mails().await;
        assert_eq!(mails[1..], ["calendar works again  boss@example.org waiting"]);
        let health = health::of(&store, room.room.calendar.id).await.unwrap().unwrap();
        assert_eq!((health.failing_since, health.cleared_at.is_some()), (None, true));
    }

    async fn a_calendar_that_is_gone_fails_with_a_sentence_and_stops_no_other(database) {
        let store = database.open().await;
        let room = ServerRoom::new(&store, Quirks::RFC).await;
        let built_in = harness::Room::named(&store, "built-in").await;
        room.server.with(|state| state.calendars.clear());
        let report = room.room.run_all().await;
        assert_eq!(report.failed_calendars.len(), 1);
        let error = report.failed_calendars[0].error.to_string();
        assert!(error.contains("no calendar at") && error.contains("any more"), "{error}");
        assert!(!report.all_failed());
        drop(built_in);
    }

    async fn trying_a_calendar_says_what_it_is_and_what_to_mend(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        room = room.with(event("a", "0101T00", "0303T10", "0303T11"));
        let service = room.room.service.clone();
        let found = service.try_calendar(&room.room.calendar).await.unwrap();
        let texts: Vec<_> = found.iter().map(|it| it.text.to_string()).collect();
        let says = |words: &str| texts.iter().any(|it| it.contains(words));
        assert!(says("signs in") && says("Nextcloud") && says("not been fetched yet"), "{texts:?}");
        assert!(found.iter().all(|it| it.level != Level::Bad), "{texts:?}");
        room.room.clear().await;
        room.server.refuse("", "", Tries::Always, Answer::status(404));
        let found = service.try_calendar(&room.room.calendar).await.unwrap();
        assert!(found.iter().any(|it| it.level == Level::Bad), "{found:?}");
    }

    async fn one_collection_stands_behind_one_calendar_only(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let service = &room.room.service;
        let access = access(&room.server.url());
        let found = service.discover(&access).await.unwrap();
        let it = &found.calendars[0];
        assert_eq!(it.slug.as_deref(), Some("room"));
        let new = operations::NewCalendar {
            calendar: store::calendars::Calendar::built_in("other", "Other", "UTC"),
            users: Vec::new(),
        };
        let actor = operations::command_line();
        let added = service.add_calendar_on_server(&actor, &new, &access, &found, it).await;
        assert!(matches!(added, Err(Error::Invalid(_))), "{added:?}");
        let mut hidden = it.clone();
        hidden.slug = None;
        let added = service.add_calendar_on_server(&actor, &new, &access, &found, &hidden).await;
        assert!(matches!(added, Err(Error::Invalid(_))), "{added:?}");
    }
}
