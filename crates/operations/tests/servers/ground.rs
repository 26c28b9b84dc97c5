//! A room on each real server, and alice, who writes into its calendar with a program of her own.

use std::thread;
use std::time::Duration;

use answers::report::Report;
use caldav::Limits;
use harness::Setup;
use harness::setup::{access_as, servers};
use harness::{Event, Room, event, file, told};
use operations::ServerAccess;
use store::calendars::Calendar;
use testing::Database;
use testing::proxy::FaultProxy;
use testing::servers::{CalDavServer, Client, TestCalendar, name_of};
use tokio::sync::RwLock;

use crate::expected::Expected;

/// Held to read by a test that lists the calendars of a home, to write by one that deletes one of them: DAViCal
/// does not bear both at once.
pub static HOMES: RwLock<()> = RwLock::const_new(());

/// Runs a test on every server that was started for the tests.
///
/// # Panics
///
/// When it fails on one of them, with all of their names, and when there is none.
pub fn on_every_server(test: impl AsyncFn(&CalDavServer) + Sync) {
    let servers = CalDavServer::all();
    assert!(
        !servers.is_empty(),
        "no CalDAV server was started: run these tests by scripts/test, by scripts/test-servers, or as \
         scripts/servers/with radicale cyrus -- cargo test -p operations --test servers"
    );
    let failed: Vec<String> = thread::scope(|scope| {
        let test = &test;
        let run = |server| scope.spawn(move || testing::block_on(test(server)));
        let running: Vec<_> = servers.iter().map(|server| (&server.kind, run(server))).collect();
        let ended = running.into_iter().map(|(kind, thread)| (kind, thread.join()));
        ended.filter(|(_, ended)| ended.is_err()).map(|(kind, _)| kind.clone()).collect()
    });
    assert!(failed.is_empty(), "it failed on {}: see above", failed.join(", "));
}

/// A room on a server, in a calendar of its own.
pub struct Ground<'s> {
    /// What is known of the server.
    pub expected: &'static Expected,
    /// The calendar on it.
    pub calendar: TestCalendar<'s>,
    /// Alice's program on the calendar.
    pub alice: Client,
    /// The room here.
    pub room: Room,
    /// What the room's requests go through, if they are counted or held.
    proxy: Option<FaultProxy>,
    seen: std::cell::Cell<usize>,
    database: Database,
}

/// A service that has the patience that real servers need.
pub async fn setup(database: &Database) -> Setup {
    let mut setup = Setup::new(&database.open().await);
    let limits = Limits { retry_pause: Duration::from_millis(50), ..Limits::default() };
    setup.service.servers = servers(limits);
    setup
}

/// How a user of a server signs in.
pub fn access(server: &CalDavServer, user: &str, address: &str) -> ServerAccess {
    access_as(user, &server.password, address)
}

impl<'s> Ground<'s> {
    /// An empty calendar for the test of this name (letters, digits and hyphens).
    pub async fn new(server: &'s CalDavServer, test: &str) -> Ground<'s> {
        Ground::made(server, test, None).await
    }

    /// The same, where requests of ours can be counted and held.
    pub async fn watched(server: &'s CalDavServer, test: &str) -> Ground<'s> {
        let proxy = FaultProxy::start(&server.url, 1).await;
        Ground::made(server, test, Some(proxy)).await
    }

    async fn made(server: &'s CalDavServer, test: &str, proxy: Option<FaultProxy>) -> Ground<'s> {
        // Also where the servers outlive the program of tests.
        let name = format!("{test}-{}", std::process::id());
        let calendar = server.make_calendar(&name).await;
        let url = calendar.url("room");
        let it = Ground {
            expected: Expected::of(&server.kind),
            alice: calendar.seen_by("alice"),
            calendar,
            ..Ground::at(server, &url, proxy).await
        };
        it.requests();
        it
    }

    /// A calendar that is there, found as a person would find it.
    pub async fn at(server: &'s CalDavServer, url: &str, proxy: Option<FaultProxy>) -> Ground<'s> {
        let database = Database::sqlite().await;
        let setup = setup(&database).await;
        let url = proxy.as_ref().map_or_else(|| url.to_owned(), |proxy| proxy.through(url));
        let access = access(server, "room", &url);
        let calendar = Calendar {
            contact_address: Some("room@example.test".to_owned()),
            ..Calendar::built_in("room", "The room", "UTC")
        };
        let homes = HOMES.read().await;
        let calendar = setup.add_on_server(calendar, &[], &access).await;
        drop(homes);
        Ground {
            expected: Expected::of(&server.kind),
            calendar: server.existing_calendar("meeting-room-1"),
            alice: server.client("alice", &server.alice_own),
            room: Room { service: setup.service, calendar },
            proxy,
            seen: std::cell::Cell::new(0),
            database,
        }
    }

    /// A UID of the test's own: Cyrus allows each once among all calendars of a user.
    pub fn uid(&self, short: &str) -> String {
        format!("{short}{}", self.suffix())
    }

    fn suffix(&self) -> String {
        format!("-{}", self.calendar.name)
    }

    /// An event with a UID of the test's own.
    pub fn event(&self, short: &str, created: &str, start: &str, end: &str) -> Event {
        event(&self.uid(short), created, start, end)
    }

    /// One that holds 10 to 11 o'clock on 2026-03-03 since the first of January.
    pub fn old(&self) -> Event {
        self.event("old", "0101T00", "0303T10", "0303T11").line("SUMMARY:Old")
    }

    /// One of the same hour that came later.
    pub fn young(&self, short: &str) -> Event {
        self.event(short, "0201T00", "0303T10", "0303T11").line("SUMMARY:Young")
    }

    /// A series of four days that came later, the second of which is that hour.
    pub fn series(&self) -> Event {
        let event = self.event("series", "0202T00", "0302T10", "0302T11").line("SUMMARY:Series");
        event.rule("FREQ=DAILY;COUNT=4")
    }

    /// Alice writes an event, whatever was there.
    pub async fn put(&self, short: &str, events: &[Event]) {
        self.put_text(short, &file(events)).await;
    }

    /// Likewise, as text.
    pub async fn put_text(&self, short: &str, text: &str) {
        let put = self.alice.put(&name_of(&self.uid(short)), text, None).await;
        assert!((200..300).contains(&put.status), "{}: {put:?}", self.expected.name);
    }

    /// Alice deletes one.
    pub async fn delete(&self, short: &str) {
        let deleted = self.alice.delete(&name_of(&self.uid(short)), None).await;
        assert!((200..300).contains(&deleted.status), "{}: {deleted:?}", self.expected.name);
    }

    /// What alice reads of one; empty if there is none.
    pub async fn text(&self, short: &str) -> String {
        let got = self.alice.get(&name_of(&self.uid(short))).await;
        // Folded lines and line ends are the server's own affair.
        let text = got.body.replace("\r\n", "\n").replace("\n ", "");
        if got.status == 200 { text } else { String::new() }
    }

    /// The UIDs that alice sees, in order.
    pub async fn uids(&self) -> String {
        let mut uids = Vec::new();
        for object in self.alice.list().await {
            let name = object.href.rsplit('/').next().unwrap();
            let text = self.alice.get(name).await.body.replace("\r\n ", "").replace("\n ", "");
            let uid = text.lines().find_map(|it| it.strip_prefix("UID:")).unwrap_or("?").trim();
            uids.push(uid.replace(&self.suffix(), ""));
        }
        uids.sort();
        uids.join(" ")
    }

    /// The starts that the server itself makes of the first half of March 2026.
    pub async fn starts(&self) -> Vec<String> {
        self.alice.starts("20260301T000000Z", "20260315T000000Z").await
    }

    /// Clears the room, and tells of it in short.
    pub async fn clear(&self) -> Vec<String> {
        self.told(&self.room.clear().await)
    }

    /// Looks once more after a while: what a server lists as changed is read again after the second of its
    /// sync-token, where that is a time, and the first look may get another token than the next. Nothing before is
    /// counted.
    pub async fn settle(&self) {
        for _ in 0..2 {
            if self.expected.kind == "sogo" {
                // Its seconds are those of the real clock.
                tokio::time::sleep(Duration::from_millis(1_100)).await;
            }
            self.room.advance(Duration::from_secs(3));
            self.room.test().await;
        }
        self.requests();
    }

    /// A report in short.
    pub fn told(&self, report: &Report<facts::Event>) -> Vec<String> {
        told(report).into_iter().map(|line| line.replace(&self.suffix(), "")).collect()
    }

    /// The database of the room here.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// What our requests go through.
    pub fn proxy(&self) -> &FaultProxy {
        self.proxy.as_ref().expect("the test asked for it")
    }

    /// The methods of our requests since the last look.
    pub fn requests(&self) -> Vec<String> {
        let Some(proxy) = &self.proxy else { return Vec::new() };
        let log = proxy.log();
        // A client that signs in by Digest is asked for it first.
        let is_asked = |status| self.expected.asks_for_digest && status == Some(401);
        let new = log[self.seen.replace(log.len())..].iter().filter(|it| !is_asked(it.status));
        new.map(|it| it.request.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    /// Fails, naming the server, unless both are equal.
    #[track_caller]
    pub fn same<A: PartialEq<B> + std::fmt::Debug, B: std::fmt::Debug>(&self, one: A, other: B) {
        assert_eq!(one, other, "{}", self.expected.name);
    }
}
