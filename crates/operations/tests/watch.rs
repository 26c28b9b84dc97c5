//! Watching: one request for each account and interval, and a calendar that has changed is run at once.

use std::time::Duration;

use harness::event;
use harness::file;
use harness::setup::{Setup, access};
use operations::{Schedule, Watch};
use store::calendars::{self, Calendar};
use store::mirror;
use testing::fake::{FakeCalDav, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

const TICK: Duration = Duration::from_millis(250);

fn watched(slug: &str) -> Calendar {
    Calendar { watch_seconds: Some(20), ..Calendar::built_in(slug, "A room", "UTC") }
}

/// What a server process does with what it watches.
struct Watcher {
    setup: Setup,
    watch: Watch,
    schedule: Schedule,
}

impl Watcher {
    fn new(setup: &Setup) -> Watcher {
        Watcher { setup: setup.clone(), watch: Watch::default(), schedule: Schedule::default() }
    }

    /// Lets time pass until all polls and runs of it have ended.
    async fn pass(&self, seconds: u32) {
        for _ in 0..seconds * 4 {
            for poll in self.setup.service.watch(&self.watch, &self.schedule).await.unwrap() {
                poll.await.unwrap();
            }
            while self.schedule.running() > 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            self.setup.service.clock.advance(TICK);
        }
    }
}

async fn watched_on(setup: &Setup, names: &[&str], quirks: Quirks) -> FakeCalDav {
    let server = FakeCalDav::start(quirks).await;
    for name in names {
        server.add_calendar(name);
        let address = server.url() + &server.path(name);
        setup.add_on_server(watched(name), &[], &access(&address)).await;
    }
    setup.service.run_due().await.unwrap();
    server.take();
    server
}

/// How many requests there were of each kind: polls of the home, and others.
fn polls_and_others(server: &FakeCalDav) -> (usize, usize) {
    let requests = server.take();
    let home = server.path("");
    let home = home.trim_end_matches('/');
    let (polls, others): (Vec<String>, Vec<String>) = requests.into_iter().partition(|line| {
        line.starts_with("PROPFIND")
            && line.split(' ').nth(1).is_some_and(|it| it.trim_end_matches('/') == home)
    });
    (polls.len(), others.len())
}

on_both_databases! {
    async fn an_unchanged_home_costs_one_request_in_each_interval_and_a_change_is_cleared_at_once(database) {
        let setup = Setup::new(&database.open().await);
        let server = watched_on(&setup, &["room-1", "room-2", "room-3"], Quirks::RFC).await;
        let watcher = Watcher::new(&setup);
        watcher.pass(100).await;
        assert_eq!(polls_and_others(&server), (5, 0));
        let put = |uid: &str, created: &str| {
            let text = file(&[event(uid, created, "0303T10", "0303T11")]);
            server.with(|it| {
                let quirks = it.quirks.clone();
                it.calendars.get_mut("room-2").unwrap().put(&format!("{uid}.ics"), &text, &quirks);
            });
        };
        put("old", "0101T00");
        put("young", "0102T00");
        watcher.pass(21).await;
        assert_eq!(server.with(|it| it.calendars["room-2"].objects.len()), 1, "the young one is removed");
        // Our own removal is a change as well, which one more run finds to be nothing.
        watcher.pass(60).await;
        server.take();
        watcher.pass(100).await;
        assert_eq!(polls_and_others(&server), (5, 0));
    }

    async fn an_invitation_to_a_watched_room_is_answered_within_a_minute(database) {
        let setup = Setup::new(&database.open().await);
        let server = watched_on(&setup, &["room-1"], Quirks::RFC).await;
        let mut calendar = setup.service.calendar("room-1").await.unwrap();
        (calendar.answers, calendar.room_address) = (true, Some("room@example.org".to_owned()));
        let transaction = setup.service.store.begin().await.unwrap();
        calendars::update(&transaction, &calendar).await.unwrap();
        transaction.commit().await.unwrap();
        let watcher = Watcher::new(&setup);
        watcher.pass(30).await;
        let invitation = event("meeting", "0102T00", "0303T10", "0303T11").by("ann@example.org");
        let invitation = invitation.line("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:room@example.org");
        let text = file(&[invitation]);
        server.with(|it| {
            let quirks = it.quirks.clone();
            it.calendars.get_mut("room-1").unwrap().put("meeting.ics", &text, &quirks);
        });
        watcher.pass(21).await;
        let answered = server.with(|it| it.calendars["room-1"].objects["meeting.ics"].text.clone());
        assert!(answered.contains("PARTSTAT=ACCEPTED:mailto:room@example.org"), "{answered}");
    }

    async fn the_run_that_an_unchanged_calendar_has_once_an_hour_costs_no_request_beside_the_polls(database) {
        let setup = Setup::new(&database.open().await);
        let server = watched_on(&setup, &["room-1", "room-2", "room-3"], Quirks::RFC).await;
        let watcher = Watcher::new(&setup);
        for hour in 1..=3 {
            setup.service.clock.advance(Duration::from_secs(3_500));
            watcher.pass(100).await;
            let (polls, others) = polls_and_others(&server);
            assert!((4..=6).contains(&polls), "{polls}");
            assert_eq!(others, 0, "hour {hour}");
            let now = setup.service.now().0;
            let sql = format!("SELECT CAST(COUNT(*) AS TEXT) FROM calendar_health WHERE last_scheduled_at > {now} - 200");
            assert_eq!(database.column(&sql).await, ["3"], "hour {hour}");
        }
        // The daily audit is a look of its own.
        setup.service.clock.advance(Duration::from_secs(86_400));
        watcher.pass(100).await;
        assert_eq!(polls_and_others(&server).1, 0, "no poll stands for it");
        setup.service.run_due().await.unwrap();
        assert!(polls_and_others(&server).1 >= 3);
    }

    async fn a_change_right_after_the_poll_that_stands_for_a_look_is_seen_by_the_next_one(database) {
        let setup = Setup::new(&database.open().await);
        let server = watched_on(&setup, &["room-1"], Quirks::RFC).await;
        let watcher = Watcher::new(&setup);
        setup.service.clock.advance(Duration::from_secs(3_600));
        watcher.pass(1).await;
        for (uid, created) in [("old", "0101T00"), ("young", "0102T00")] {
            let text = file(&[event(uid, created, "0303T10", "0303T11")]);
            server.with(|it| {
                let quirks = it.quirks.clone();
                it.calendars.get_mut("room-1").unwrap().put(&format!("{uid}.ics"), &text, &quirks);
            });
        }
        watcher.pass(41).await;
        assert_eq!(server.with(|it| it.calendars["room-1"].objects.len()), 1, "the young one is removed");
    }

    async fn a_thousand_calendars_of_twenty_accounts_cost_a_request_for_each_account(database) {
        let setup = Setup::new(&database.open().await);
        let mut servers = Vec::new();
        for account in 0..20 {
            let server = FakeCalDav::start(Quirks::RFC).await;
            let names: Vec<String> = (0..50).map(|it| format!("r{account}-{it}")).collect();
            names.iter().for_each(|name| server.add_calendar(name));
            let address = server.url() + &server.path(&names[0]);
            let first = setup.add_on_server(watched(&names[0]), &[], &access(&address)).await;
            let transaction = setup.service.store.begin().await.unwrap();
            for (index, name) in names.iter().enumerate() {
                let id = if index == 0 { first.id } else {
                    let mut backend = first.backend.clone();
                    if let calendars::Backend::CalDav(it) = &mut backend {
                        it.url = server.url() + &server.path(name);
                        it.identity = None;
                    }
                    let calendar = Calendar { backend, ..watched(name) };
                    calendars::insert(&transaction, &calendar).await.unwrap()
                };
                // As if it had been fetched.
                let token = server.with(|it| it.calendars[name].token(&it.quirks.clone()));
                note_synced(&setup, &transaction, id, &token).await;
            }
            transaction.commit().await.unwrap();
            server.take();
            servers.push(server);
        }
        let at = setup.service.now().0;
        database.execute(&format!("UPDATE calendar_health SET last_scheduled_at = {at}")).await;
        let watcher = Watcher::new(&setup);
        watcher.pass(60).await;
        let counts: Vec<_> = servers.iter().map(polls_and_others).collect();
        assert_eq!(counts, vec![(3, 0); 20]);
    }

    async fn two_processes_poll_no_more_than_one_does_and_the_second_takes_over(database) {
        let setup = Setup::new(&database.open().await);
        let server = watched_on(&setup, &["room-1"], Quirks::RFC).await;
        let other = Setup::new(&setup.service.store).with_clock(setup.service.clock.clone());
        let (one, two) = (Watcher::new(&setup), Watcher::new(&other));
        for _ in 0..40 {
            for watcher in [&one, &two] {
                for poll in watcher.setup.service.watch(&watcher.watch, &watcher.schedule).await.unwrap() {
                    poll.await.unwrap();
                }
            }
            setup.service.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(polls_and_others(&server).0, 2);
        // The first has died, and its lease has expired.
        database.execute("DELETE FROM leases").await;
        two.pass(26).await;
        assert!(polls_and_others(&server).0 >= 1);
    }

    async fn a_server_that_asks_for_a_pause_is_left_alone_and_one_that_fails_is_asked_ever_less(database) {
        let setup = Setup::new(&database.open().await);
        let server = watched_on(&setup, &["room-1"], Quirks::RFC).await;
        let watcher = Watcher::new(&setup);
        server.refuse("", "PROPFIND", Tries::First(1), Answer::status(429).with("Retry-After", "300"));
        watcher.pass(300).await;
        assert_eq!(server.take().len(), 1);
        watcher.pass(60).await;
        assert!(!server.take().is_empty());
        server.refuse("", "PROPFIND", Tries::Always, Answer::status(500));
        watcher.pass(400).await;
        let asked = server.take().len();
        assert!((3..=12).contains(&asked), "{asked}");
    }

    async fn a_calendar_that_nobody_changes_is_cleared_once_an_hour(database) {
        let setup = Setup::new(&database.open().await);
        let server = watched_on(&setup, &["room-1"], Quirks::RFC).await;
        setup.service.clock.advance(Duration::from_secs(3_599));
        setup.service.run_due().await.unwrap();
        assert_eq!(server.take().len(), 0);
        setup.service.clock.advance(Duration::from_secs(1));
        setup.service.run_due().await.unwrap();
        assert_eq!(server.take().len(), 1);
    }
}

/// Writes down that the mirror of an empty calendar is as its server says.
async fn note_synced(
    setup: &Setup,
    transaction: &store::Transaction,
    id: store::CalendarId,
    token: &str,
) {
    let from = mirror::state(transaction, id).await.unwrap().unwrap();
    let mark = mirror::Mark { sync_token: Some(token.to_owned()), ctag: None };
    let now = setup.service.now().0;
    assert!(mirror::advance(transaction, id, &from, &mark, (now, now)).await.unwrap());
}
