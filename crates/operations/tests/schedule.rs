//! Schedules: nobody's turn is lost, and what hangs holds up only itself.

use std::time::Duration;

use harness::report::told;
use harness::setup::{Setup, access};
use operations::{Schedule, Scope};
use store::calendars::{self, Calendar};
use testing::fake::{FakeCalDav, Quirks};
use testing::scripted::{Answer, Way};
use testing::{Database, on_both_databases};

/// A calendar that is cleared every hour.
fn hourly(slug: &str) -> Calendar {
    Calendar { schedule_minutes: Some(60), ..Calendar::built_in(slug, "A room", "UTC") }
}

/// The slugs of the calendars whose turn was marked, in order.
async fn marked(database: &Database) -> String {
    let sql = "SELECT slug FROM calendars JOIN calendar_health ON calendar_id = id \
               WHERE last_scheduled_at IS NOT NULL ORDER BY slug";
    database.column(sql).await.join(" ")
}

/// Waits until these are marked.
async fn wait_for(database: &Database, expected: &str) {
    for _ in 0..1_000 {
        if marked(database).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(marked(database).await, expected);
}

/// Rooms on a server, each with a calendar of its own there.
async fn rooms_on_server(setup: &Setup, names: &[&str]) -> FakeCalDav {
    let server = FakeCalDav::start(Quirks::RFC).await;
    for name in names {
        server.add_calendar(name);
        let address = server.url() + &server.path(name);
        setup.add_on_server(hourly(name), &[], &access(&address)).await;
    }
    server
}

on_both_databases! {
    async fn a_calendar_whose_server_hangs_holds_up_none_of_the_others_of_its_server(database) {
        let setup = Setup::new(&database.open().await);
        let names = ["room-1", "room-2", "room-3", "room-4", "room-5", "room-6"];
        let server = rooms_on_server(&setup, &names).await;
        server.before(|request, _| {
            let hangs = ["/room-1/", "/room-2/"].iter().any(|it| request.path.contains(it));
            hangs.then(|| Answer::status(200).on(Way::Hang))
        });
        let (service, schedule) = (setup.service.clone(), Schedule::default());
        service.look_at_schedules(&schedule).await.unwrap();
        for _ in 0..4 {
            schedule.ended().await;
            service.begin_due(&schedule).await.unwrap();
        }
        wait_for(&database, "room-3 room-4 room-5 room-6").await;
        assert_eq!(schedule.running(), 2, "the others are still at work");
        setup.service.clock.advance(Duration::from_secs(3_600));
        service.look_at_schedules(&schedule).await.unwrap();
        assert_eq!(schedule.running(), 6, "they have their next turn, and what is running is not begun again");
    }

    async fn the_turns_of_a_process_that_died_in_a_round_are_taken_up_by_another(database) {
        let setup = Setup::new(&database.open().await);
        let mut expected = Vec::new();
        for number in 0..30 {
            let slug = format!("room-{number:02}");
            setup.add(hourly(&slug), &[]).await;
            expected.push(slug);
        }
        let store = &setup.service.store;
        let transaction = store.begin().await.unwrap();
        for it in calendars::due(store, setup.service.now().0, 100).await.unwrap().into_iter().take(10) {
            let now = setup.service.now().0;
            assert!(calendars::take_turn(&transaction, it.id, "dead", now).await.unwrap());
        }
        transaction.commit().await.unwrap();
        setup.service.run_due().await.unwrap();
        assert_eq!(marked(&database).await, expected[10..].join(" "), "the others are not its own yet");
        database.execute("UPDATE calendar_health SET turn_held_until = turn_held_until - 15").await;
        setup.service.run_due().await.unwrap();
        assert_eq!(marked(&database).await, expected.join(" "));
    }

    async fn a_round_is_shared_by_two_processes_and_nobody_is_cleared_twice(database) {
        let (one, other) = (database.open().await, database.open().await);
        let one = Setup::new(&one);
        let other = Setup::new(&other).with_clock(one.service.clock.clone());
        for number in 0..20 {
            let slug = format!("room-{number:02}");
            one.add(hourly(&slug), &[]).await;
            for uid in ["a", "b"] {
                let start = testing::ics::event(uid, "0101T00", "0303T10", "0303T11");
                one.import(&slug, testing::ics::file(&[start])).await;
            }
        }
        let (first, second) = tokio::join!(one.service.run_due(), other.service.run_due());
        first.unwrap();
        second.unwrap();
        let processes = "SELECT COUNT(*) FROM runs WHERE started_by = 'schedule'";
        assert_eq!(database.numbers(processes).await, [20]);
        assert_eq!(database.numbers("SELECT COUNT(*) FROM removals").await, [20]);
    }

    async fn after_an_outage_each_calendar_is_caught_up_once_and_the_longest_overdue_comes_first(database) {
        let setup = Setup::new(&database.open().await);
        setup.add(hourly("room-1"), &[]).await;
        setup.service.run_due().await.unwrap();
        setup.service.clock.advance(Duration::from_secs(1_800));
        setup.add(hourly("room-0"), &[]).await;
        setup.service.run_due().await.unwrap();
        setup.service.clock.advance(Duration::from_secs(10 * 3_600));
        let store = &setup.service.store;
        let due = calendars::due(store, setup.service.now().0, 100).await.unwrap();
        assert_eq!(due.iter().map(|it| it.slug.as_str()).collect::<Vec<_>>(), ["room-1", "room-0"]);
        setup.service.run_due().await.unwrap();
        assert_eq!(calendars::due(store, setup.service.now().0, 100).await.unwrap(), []);
    }

    async fn a_turn_ends_with_its_run_also_where_that_fails(database) {
        let setup = Setup::new(&database.open().await);
        let server = rooms_on_server(&setup, &["room-1"]).await;
        server.busy(testing::fake::Tries::Always, 60);
        setup.service.run_due().await.unwrap();
        assert_eq!(marked(&database).await, "room-1", "its next turn is the next attempt");
        assert_eq!(database.numbers("SELECT COUNT(*) FROM calendar_health WHERE turn_holder IS NOT NULL").await, [0]);
    }

    async fn a_turn_that_the_end_of_the_process_cuts_off_is_not_marked_and_is_anothers_at_once(database) {
        let setup = Setup::new(&database.open().await);
        let server = rooms_on_server(&setup, &["room-1"]).await;
        server.before(|_, _| Some(Answer::status(200).on(Way::Hang)));
        let (service, schedule) = (setup.service.clone(), Schedule::default());
        service.look_at_schedules(&schedule).await.unwrap();
        service.stopping.advance(operations::Stage::CutOff);
        schedule.ended().await;
        assert_eq!(marked(&database).await, "");
        let due = calendars::due(&service.store, service.now().0, 10).await.unwrap();
        assert_eq!(due.len(), 1, "nobody has it");
    }

    async fn a_clock_that_was_a_year_ahead_heals(database) {
        let ahead = Setup::new(&database.open().await);
        ahead.add(hourly("room-1"), &[]).await;
        ahead.service.clock.advance(Duration::from_secs(365 * 86_400));
        ahead.service.run_due().await.unwrap();
        let event = testing::ics::event("a", "0101T00", "0303T10", "0303T11");
        ahead.import("room-1", testing::ics::file(&[event])).await;
        let setup = Setup::new(&database.open().await);
        let service = &setup.service;
        let of_future = format!("SELECT COUNT(*) FROM uid_metadata WHERE first_seen > {}", service.now().0);
        assert_eq!(database.numbers(&of_future).await, [1]);
        service.mend_clock().await.unwrap();
        assert_eq!(database.numbers(&of_future).await, [0]);
        assert_eq!(marked(&database).await, "", "its turn is now, and not in a year");
        service.run_due().await.unwrap();
        assert_eq!(marked(&database).await, "room-1");
        let report = service.clear_bookings(None, harness::setup::clear_request(Scope::All)).await.unwrap();
        assert!(told(&report).is_empty());
    }
}
