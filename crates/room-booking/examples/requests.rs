//! What `scripts/instructions` counts of the service: requests through the router, on a SQLite database of their own, in
//! one process without a network.
//!
//! ```text
//! requests prepare FOLDER [OBJECTS]    makes the database, with a calendar of 10,000 objects
//! requests answer FOLDER               answers requests of each kind, and prints its name after them
//! ```
//!
//! They are answered inside [`measured`], of which callgrind knows the name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "its lines are what it is for")]

use std::fmt::Write as _;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST};
use axum::http::{HeaderName, Method, Request, StatusCode};
use facts::Clock;
use harness::Setup;
use http_body_util::BodyExt as _;
use ical::Moment;
use operations::{Service, command_line};
use room_booking::settings::{Flags, Settings};
use room_booking::web::{self, App};
use sea_orm::ConnectionTrait as _;
use store::Store;
use store::calendars::Calendar;
use store::sessions::{self, NewSession};
use store::users;
use testing::ics;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The present: 2026-03-02T00:00:00Z.
const NOW: i64 = 1_772_409_600;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const USER: &str = "ann";

/// The requests that are counted, in order.
const REQUESTS: [(&str, Method, &str); 5] = [
    ("calendars", Method::GET, "/api/calendars"),
    ("list", Method::GET, "/api/hundred/events"),
    ("page", Method::GET, "/admin/calendars/hundred"),
    ("test", Method::DELETE, "/api/clear-bookings?calendar=large&test=1"),
    ("clear", Method::DELETE, "/api/clear-bookings?calendar=large"),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, folder, objects @ ..] = &arguments[..] else {
        panic!("usage: requests prepare|answer FOLDER")
    };
    // One thread, beside that of SQLite and those of large work, which wait for each other.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let url = format!("sqlite:{folder}/room-booking.db");
    let service = runtime.block_on(service(&url));
    match what.as_str() {
        "prepare" => {
            let objects = objects.first().map_or(10_000, |it| it.parse().unwrap());
            runtime.block_on(prepare(service, &url, objects));
        }
        "answer" => answer(&runtime, service),
        other => panic!("{other} is neither prepare nor answer"),
    }
}

async fn service(url: &str) -> Service {
    let mut service = Service::new(Store::open(url).await.unwrap());
    service.clock = Clock::manual(Moment(NOW));
    service
}

/// A lease is lost after 15 seconds of silence, and callgrind may well be silent for longer.
const LONG_LEASES: &str = "
    CREATE TRIGGER long_leases AFTER INSERT ON leases BEGIN
        UPDATE leases SET expires_at = unixepoch() + 55 WHERE name = NEW.name; END;
    CREATE TRIGGER longer_leases AFTER UPDATE ON leases BEGIN
        UPDATE leases SET expires_at = unixepoch() + 55 WHERE name = NEW.name; END;";

async fn prepare(service: Service, url: &str, objects: i64) {
    service.ensure_templates().await.unwrap();
    let setup = Setup { service };
    setup.administrator(USER).await;
    for (slug, text) in [("hundred", meetings(100, 0, 6)), ("large", meetings(objects, 50, 1))] {
        let calendar = setup.add(Calendar::built_in(slug, slug, "Europe/Berlin"), &[USER]).await;
        let (actor, bytes) = (command_line(), text.as_bytes());
        setup.service.import(&actor, &calendar, bytes, &|_, _| {}).await.unwrap();
    }
    testing::connect(url).await.execute_unprepared(LONG_LEASES).await.unwrap();
}

/// Meetings of an hour, one every `every` hours from tomorrow on; the last `losers` are at the times of the first.
fn meetings(count: i64, losers: i64, every: i64) -> String {
    let mut text = String::new();
    for number in 0..count {
        let slot = if number < count - losers { number } else { number - (count - losers) };
        let (start, created) = (NOW + DAY + slot * every * HOUR, NOW - 30 * DAY + number);
        let (start, end) = (ics::utc(start), ics::utc(start + HOUR));
        let created = ics::utc(created);
        let description = "A meeting about the numbers of the quarter. ".repeat(3);
        let person = number % 97;
        write!(
            text,
            "BEGIN:VEVENT\r\nUID:{number:08}@example.org\r\nDTSTAMP:{created}\r\nCREATED:{created}\r\n\
             LAST-MODIFIED:{created}\r\nSUMMARY:Meeting {number}\r\nDTSTART:{start}\r\nDTEND:{end}\r\n\
             ORGANIZER;CN=Person {person}:mailto:person{person}@example.org\r\n\
             DESCRIPTION:{description}\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nSEQUENCE:0\r\nEND:VEVENT\r\n",
        )
        .unwrap();
    }
    ics::file_of(&text)
}

fn answer(runtime: &Runtime, service: Service) {
    let (key, session) = runtime.block_on(sign_in(&service));
    let settings = Settings::read(&Flags::default(), &|_| None).unwrap();
    let router = web::router(App::new(service, settings));
    let client =
        Client { router, key: format!("Bearer {key}"), session: format!("room-booking={session}") };
    for (name, method, path) in REQUESTS {
        let mut times = 1;
        if method == Method::GET {
            // What only the first requests pay for is not counted: opening a connection, for which SQLite reads its whole
            // schema, and preparing statements on it. Which connection a request gets depends on how busy the machine is, so
            // all of them are used at once before. The threads wait for each other now more often, now less, which shows
            // in a single short request.
            let warm = || client.answered(&method, path);
            for _ in 0..4 {
                runtime.block_on(async { tokio::join!(warm(), warm(), warm(), warm()) });
            }
            times = 10;
        }
        measured(runtime, &client, (&method, path), times);
        println!("{name}");
    }
}

async fn sign_in(service: &Service) -> (String, String) {
    let key = Setup { service: service.clone() }.key(USER).await;
    let user = users::by_name(&service.store, USER).await.unwrap().unwrap().id;
    let new = NewSession {
        user,
        address: "192.0.2.1",
        browser: "Firefox on Linux",
        expires_at: NOW + DAY,
        awaits_code: false,
        vouched_by: None,
    };
    let transaction = service.store.begin().await.unwrap();
    let session = sessions::insert(&transaction, &new, NOW).await.unwrap();
    transaction.commit().await.unwrap();
    (key, session)
}

/// Answers a request, several times. Callgrind writes down what it has counted when this begins and when it ends.
#[inline(never)]
fn measured(runtime: &Runtime, client: &Client, (method, path): (&Method, &str), times: usize) {
    for _ in 0..times {
        runtime.block_on(client.answered(method, path));
    }
}

struct Client {
    router: Router,
    key: String,
    session: String,
}

impl Client {
    async fn answered(&self, method: &Method, path: &str) {
        let by: (HeaderName, &str) = match path.starts_with("/api/") {
            true => (AUTHORIZATION, &self.key),
            false => (COOKIE, &self.session),
        };
        let request = Request::builder().method(method).uri(path).header(HOST, "127.0.0.1");
        let request = request.header(by.0, by.1).body(Body::empty()).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
    }
}
