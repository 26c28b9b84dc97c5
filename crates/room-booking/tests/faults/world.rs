//! The calendar server, the rooms on it, and what people have made of them.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::sync::Mutex;

use harness::Setup;
use harness::batch::{self, Batch, SLUGS, Times};
use testing::Database;
use testing::fake::{self, FakeCalDav, Quirks};
use testing::ics::file_of;
use testing::process::command;
use testing::program::{Ended, Folder};
use testing::proxy::FaultProxy;
use testing::random::Random;
use testing::servers::{CalDavServer, Client};

/// A CalDAV server with a collection for each room.
pub enum CalendarServer {
    Memory(FakeCalDav),
    Radicale(CalDavServer),
}

impl CalendarServer {
    pub async fn in_memory(quirks: Quirks) -> CalendarServer {
        let server = FakeCalDav::start(quirks).await;
        SLUGS.iter().for_each(|slug| server.add_calendar(slug));
        CalendarServer::Memory(server)
    }

    pub async fn radicale() -> CalendarServer {
        let server = CalDavServer::start("radicale");
        for slug in SLUGS {
            server.make_calendar(slug).await;
        }
        CalendarServer::Radicale(server)
    }

    pub fn url(&self) -> String {
        match self {
            CalendarServer::Memory(server) => server.url(),
            CalendarServer::Radicale(server) => server.url.clone(),
        }
    }

    fn calendar_url(&self, slug: &str) -> String {
        match self {
            CalendarServer::Memory(server) => server.url() + &server.path(slug),
            CalendarServer::Radicale(server) => format!("{}{slug}/", server.home),
        }
    }

    fn password(&self) -> &str {
        match self {
            CalendarServer::Memory(_) => fake::PASSWORD,
            CalendarServer::Radicale(server) => &server.password,
        }
    }

    /// Somebody's program on a room, past everything that goes wrong.
    pub fn client(&self, slug: &str) -> Client {
        Client::new(&self.calendar_url(slug), "room", self.password())
    }

    pub fn can_be_killed(&self) -> bool {
        matches!(self, CalendarServer::Radicale(_))
    }

    pub fn kill_and_restart(&self) {
        if let CalendarServer::Radicale(server) = self {
            server.kill();
            server.restart();
        }
    }
}

/// Where an object lies: the number of its room, and its name there.
pub type Place = (usize, String);

/// Everything that is there before our processes run.
pub struct World {
    pub database: Database,
    pub server: CalendarServer,
    pub folder: Folder,
    pub key: String,
    pub times: [Times; 2],
    pub book: Mutex<Book>,
}

/// What people have made of the rooms, whatever our runs took out of them.
#[derive(Default)]
pub struct Book {
    /// The objects as people left them; `None` for what they deleted.
    pub objects: BTreeMap<Place, Option<String>>,
    /// Hours whose events always stay: room and start.
    pub kept: Vec<(usize, i64)>,
}

impl World {
    /// Two empty rooms, reached through a proxy.
    pub async fn new(database: Database, server: CalendarServer, proxy: &FaultProxy) -> World {
        let folder = Folder::new();
        let store = database.open().await;
        let setup = Setup::on_system_clock(&store);
        setup.user("ann").await;
        for slug in SLUGS {
            let url = proxy.through(&server.calendar_url(slug));
            let arguments = ["calendar", "add", slug, "--url", &url, "--user-name", "room"];
            let more = ["--password-stdin", "--collection", &url, "--user", "ann", "--zone", "UTC"];
            let arguments = [&arguments[..], &more[..]].concat();
            let command = command(folder.path(), &database.url, &arguments);
            Ended::of(command, server.password()).done();
        }
        batch::settings(&setup, |calendar| {
            calendar.schedule_minutes = Some(1);
            // So that the order of bookings is known beforehand, whichever look sees them first.
            calendar.rank_by = clearing::RankBy::Created;
        })
        .await;
        let key = setup.key("ann").await;
        let now = setup.service.now();
        store.close().await.unwrap();
        let times = [Times::new(now), Times::new(now)];
        World { database, server, folder, key, times, book: Mutex::default() }
    }

    /// Puts a further batch of bookings into each room, as people would.
    pub async fn add_batch(&self, number: i64, random: &mut Random) {
        for (room, slug) in SLUGS.into_iter().enumerate() {
            let batch = Batch::new(&self.times[room], slug, number, random);
            let client = self.server.client(slug);
            for (uid, text) in objects_of(&batch.file) {
                let name = format!("{uid}.ics");
                let reply = client.put(&name, &text, None).await;
                assert_eq!(reply.status, 201, "{}", reply.body);
                self.book.lock().unwrap().objects.insert((room, name), Some(text));
            }
            let mut book = self.book.lock().unwrap();
            book.kept.extend(batch.kept.iter().map(|at| (room, *at)));
        }
    }

    /// Runs the program with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(command(self.folder.path(), &self.database.url, arguments), "")
    }
}

/// The objects of a file: UID and text of each.
fn objects_of(file: &str) -> BTreeMap<String, String> {
    let mut objects: BTreeMap<String, String> = BTreeMap::new();
    for event in file.split("BEGIN:VEVENT").skip(1) {
        let (event, _) = event.split_once("END:VEVENT").unwrap();
        let uid = event.lines().find_map(|line| line.strip_prefix("UID:")).unwrap();
        let events = objects.entry(uid.to_owned()).or_default();
        events.push_str(&format!("BEGIN:VEVENT{event}END:VEVENT\r\n"));
    }
    objects.into_iter().map(|(uid, events)| (uid, file_of(&events))).collect()
}
