//! The calendar server, the rooms on it, and what people have made of them.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use operations::{Service, command_line};
use sea_orm::ConnectionTrait as _;
use store::calendars::Calendar;
use store::keys::Rights;
use store::templates::{self, Template};
use store::users::NewUser;
use store::{Store, TemplateId};
use testing::Database;
use testing::fake::{self, FakeCalDav, Quirks};
use testing::proxy::FaultProxy;
use testing::servers::{CalDavServer, Client};

use crate::random::Random;
use crate::rooms::{Batch, CONTACT, SLUGS, Times};

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
    pub folder: tempfile::TempDir,
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
        let folder = tempfile::tempdir().unwrap();
        let store = database.open().await;
        let service = Service::new(store.clone());
        let actor = command_line();
        let ann =
            NewUser { name: "ann", address: Some("ann@example.org"), is_administrator: false };
        service.add_user(&actor, &ann, None).await.unwrap();
        for slug in SLUGS {
            let url = proxy.through(&server.calendar_url(slug));
            let password = server.password();
            let arguments = ["calendar", "add", slug, "--url", &url, "--user-name", "room"];
            let more = ["--password-stdin", "--collection", &url, "--user", "ann", "--zone", "UTC"];
            let arguments = [&arguments[..], &more[..]].concat();
            let ended = run(folder.path(), &database.url, &arguments, password);
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        }
        settings(&store, &service).await;
        let key = service.add_key(&actor, "ann", "test", Rights::ALL, None, None).await.unwrap().1;
        let now = service.now();
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

    /// Runs SQL past the store.
    pub async fn sql(&self, sql: &str) {
        let connection = testing::connect(&self.database.url).await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Runs the program with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(self.folder.path(), &self.database.url, arguments, "")
    }
}

/// The command of a program on a database, with its files in a folder.
pub fn command(folder: &Path, database_url: &str, arguments: &[&str]) -> Command {
    let mut command = testing::program::program(env!("CARGO_BIN_EXE_room-booking"));
    command.args(arguments).current_dir(folder);
    command.env("DATABASE_URL", database_url).env("DATA_DIR", folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(folder: &Path, database_url: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = command(folder, database_url, arguments).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Lets each room announce what goes, run once a minute, and have no limit that matters.
async fn settings(store: &Store, service: &Service) {
    let template = Template {
        id: TemplateId(0),
        name: "removed".to_owned(),
        subject: "s".to_owned(),
        text_body: "t".to_owned(),
        html_body: None,
        is_default: false,
        version: 0,
    };
    let transaction = store.begin().await.unwrap();
    let template = templates::insert(&transaction, &template).await.unwrap();
    transaction.commit().await.unwrap();
    for slug in SLUGS {
        let calendar = Calendar {
            template: Some(template),
            contact_address: Some(CONTACT.to_owned()),
            safety_limit: 1_000_000,
            schedule_minutes: Some(1),
            // So that the order of bookings is known beforehand, whichever look sees them first.
            rank_by: clearing::RankBy::Created,
            ..service.calendar(slug).await.unwrap()
        };
        service.set_calendar(&command_line(), &calendar).await.unwrap();
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
    objects.into_iter().map(|(uid, events)| (uid, calendar_of(&events))).collect()
}

/// A calendar of these events.
pub fn calendar_of(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{events}END:VCALENDAR\r\n")
}
