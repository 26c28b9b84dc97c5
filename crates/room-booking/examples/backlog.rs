//! Measures how backlogs are worked off, for `scripts/bench/backlog`: deleting old history beside writers, sending a long outbox, and
//! a round of schedules of many rooms. Prints one line for each figure.

#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use facts::Clock;
use facts::clock::Instant;
use facts::time;
use harness::Room;
use ical::{Moment, Zone};
use mail::{Mailer, Memory, Sender};
use operations::{Caller, NewCalendar, Requested, Service, WhenTaken, command_line};
use store::calendars::Calendar;
use store::history::{self, Cause, NewChange, Retained};
use store::outbox::{self, MessageKind, MessageState, NewMessage};
use store::{CalendarId, Store};

const DAY: i64 = 86_400;
/// Rows that are too old, and those that are not.
const OLD: i64 = 10_000;
const RECENT: i64 = 180_000;
/// How long messages are sent.
const SENDING: Duration = Duration::from_secs(10);
/// Bookings beside a long outbox.
const BOOKINGS: u32 = 200;
/// Rooms of a round.
const ROOMS: usize = 2_000;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let usage = "usage: backlog retention|outbox|schedules DATABASE_URL [MESSAGES]";
    let mut arguments = std::env::args().skip(1);
    let (what, url) = (arguments.next().ok_or(usage)?, arguments.next().ok_or(usage)?);
    let waiting = arguments.next().map_or(Ok(2_000), |it| it.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let service = Service::new(Store::open(&url).await?);
        service.ensure_templates().await?;
        match what.as_str() {
            "retention" => retention(&service).await,
            "outbox" => outbox(service, waiting).await,
            "schedules" => schedules(&service).await,
            _ => Err(usage.into()),
        }
    })
}

fn passed(since: Instant) -> f64 {
    Clock::system().elapsed(since).as_secs_f64()
}

async fn room(service: &Service, slug: &str) -> Result<CalendarId> {
    let mut calendar = Calendar::built_in(slug, slug, "Europe/Berlin");
    calendar.schedule_minutes = Some(60);
    let new = NewCalendar { calendar, users: Vec::new() };
    Ok(service.add_calendar(&command_line(), &new).await?)
}

/// A change with its message, made at a moment.
async fn change(
    transaction: &store::Transaction,
    calendar: CalendarId,
    number: i64,
    at: i64,
) -> Result<()> {
    let uid = format!("gone-{number}@example.org");
    let text =
        format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    let new = NewChange {
        run: None,
        calendar,
        href: &format!("{uid}.ics"),
        uid: &uid,
        cause: Cause::Clear,
        asked: None,
        before: Some((text.as_bytes(), "\"1\"")),
        after: None,
        now: at,
    };
    let change = history::insert_change(transaction, &new).await?;
    let message = message(calendar, Some(change), &uid, MessageState::Sent, at);
    outbox::insert(transaction, &message).await?;
    Ok(())
}

fn message(
    calendar: CalendarId,
    change: Option<store::ChangeId>,
    uid: &str,
    state: MessageState,
    at: i64,
) -> NewMessage<'_> {
    let kind = MessageKind::CalendarWorks;
    let data = format!(
        r#"{{"calendar":"room","calendar_name":"room","failure":null,"since":{at},"until":{at},"zone":"UTC"}}"#
    );
    let (is_recurring, due_at, meets_at) = (false, at, None);
    NewMessage {
        kind,
        calendar: Some(calendar),
        change,
        uid,
        is_recurring,
        address: "person@example.org",
        data,
        state,
        due_at,
        meets_at,
        message_id: uid,
        detail: None,
        now: at,
    }
}

/// Deletes [`OLD`] changes and messages of [`OLD`] + [`RECENT`] while somebody books, and the longest wait of that.
async fn retention(service: &Service) -> Result<()> {
    let (calendar, now) = (room(service, "room").await?, service.now().0);
    for first in (0..OLD + RECENT).step_by(2_000) {
        let transaction = service.store.begin().await?;
        for number in first..(first + 2_000).min(OLD + RECENT) {
            // Those that are too old are of one day.
            let age = if number < OLD { 180 * DAY + 10_000 } else { number % (179 * DAY) };
            change(&transaction, calendar, number, now - age).await?;
        }
        transaction.commit().await?;
    }
    let writer = tokio::spawn(write(service.clone()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = service.clock.instant();
    service.forget(180).await?;
    let took = passed(begun);
    println!("retention of {OLD} changes and messages of {}: {took:.3} s", OLD + RECENT);
    let begun = service.clock.instant();
    service.forget(180).await?;
    println!("retention of none of {RECENT}: {:.3} s", passed(begun));
    writer.abort();
    let longest = LONGEST.load(std::sync::atomic::Ordering::Relaxed);
    println!("longest write beside it: {:.3} s", longest as f64 / 1e3);
    Ok(())
}

/// The longest write of [`write`], in milliseconds.
static LONGEST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// Writes a row again and again.
async fn write(service: Service) {
    loop {
        let begun = service.clock.instant();
        let written = async {
            let transaction = service.store.begin().await?;
            history::set_backlog(&transaction, Retained::Audit, None).await?;
            transaction.commit().await
        };
        if written.await.is_ok() {
            let took = u64::try_from(service.clock.elapsed(begun).as_millis()).unwrap_or(u64::MAX);
            LONGEST.fetch_max(took, std::sync::atomic::Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Books beside messages that are waiting, and then sends them into memory.
async fn outbox(mut service: Service, waiting: usize) -> Result<()> {
    let (calendar, now) = (room(&service, "room").await?, service.now().0);
    let of_room = service.calendar("room").await?;
    let caller = Room { service: service.clone(), calendar: of_room.clone() }.caller("ann").await;
    for first in (0..waiting).step_by(2_000) {
        let transaction = service.store.begin().await?;
        for number in first..(first + 2_000).min(waiting) {
            let uid = format!("waiting-{number}");
            let of_it = message(calendar, None, &uid, MessageState::Waiting, now - 10);
            outbox::insert(&transaction, &of_it).await?;
        }
        transaction.commit().await?;
    }
    let begun = service.clock.instant();
    for number in 0..BOOKINGS {
        book(&service, &caller, &of_room, number).await?;
    }
    let of_one = passed(begun) * 1e3 / f64::from(BOOKINGS);
    println!("a booking with {waiting} waiting: {of_one:.2} ms");
    let sender = Sender {
        address: "rooms@example.org".to_owned(),
        name: None,
        reply_to: None,
        bcc: Vec::new(),
    };
    let memory = Memory::default();
    let mailer = Mailer::new(Box::new(memory.clone()), sender, u32::MAX);
    service.mailer = Some(Arc::new(mailer));
    let begun = service.clock.instant();
    // What is not sent by then is none of this.
    let _ = tokio::time::timeout(SENDING, service.deliver_due()).await;
    let rate = memory.emails().len() as f64 / passed(begun);
    println!("outbox of {waiting} waiting: {rate:.0} messages a second");
    Ok(())
}

async fn book(service: &Service, caller: &Caller, calendar: &Calendar, number: u32) -> Result<()> {
    let at = |hour: i64| Moment(service.now().0 + DAY + (i64::from(number) + hour) * 3_600);
    let requested = Requested {
        name: "Meeting".to_owned(),
        start: time::rfc3339(&Zone::utc(), at(0)),
        end: time::rfc3339(&Zone::utc(), at(1)),
        ..Requested::default()
    };
    service.create_event(caller, calendar, &requested, WhenTaken::Book, None).await?;
    Ok(())
}

/// A round of the schedules of [`ROOMS`] built-in rooms.
async fn schedules(service: &Service) -> Result<()> {
    for number in 0..ROOMS {
        room(service, &format!("room-{number}")).await?;
    }
    let begun = service.clock.instant();
    service.run_due().await?;
    println!("a round of {ROOMS} built-in rooms: {:.2} s", passed(begun));
    Ok(())
}
