//! Fills a database as a large installation would, for `scripts/browser-tests measure`: 500 calendars,
//! 100,000 objects, 10,000 of them in one calendar, 100,000 rows of history, and as many messages and
//! lines of the audit trail. In a week, each room has a busy day of eight events. A second argument is another
//! number of calendars.

use std::error::Error;
use std::fmt::Write as _;

use facts::time;
use facts::{Conflict, Event, Removal};
use ical::{Moment, Zone};
use operations::{NewCalendar, Service, command_line};
use secrecy::SecretString;
use store::audit;
use store::calendars::Calendar;
use store::history::{self, ByRun, Cause, NewChange, NewRemoval, RemovalKind, Starter, Way};
use store::outbox::{self, NewMessage};
use store::rooms::Room;
use store::users::NewUser;
use store::{CalendarId, Store};

const CALENDARS: usize = 500;
const OBJECTS_OF_ONE: usize = 180;
/// Of the first calendar, which is in use for years.
const OBJECTS_OF_THE_FIRST: usize = 10_000;
const HISTORY_OF_ONE: usize = 200;
const DAY: i64 = 86_400;
/// How many days ahead the busy day is.
const BUSY_DAY: i64 = 7;
const EVENTS_OF_A_BUSY_DAY: i64 = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: large-site DATABASE_URL [CALENDARS]")?;
    let calendars = std::env::args().nth(2).map_or(Ok(CALENDARS), |it| it.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(fill(&url, calendars))
}

async fn fill(url: &str, calendars: usize) -> Result<(), Box<dyn Error>> {
    let service = Service::new(Store::open(url).await?);
    service.ensure_templates().await?;
    let actor = command_line();
    let user =
        NewUser { name: "admin", address: Some("admin@example.org"), is_administrator: true };
    service
        .people()
        .add_user(&actor, &user, Some(&SecretString::from("correct horse battery")))
        .await?;
    let user = NewUser { name: "bob", address: None, is_administrator: false };
    service
        .people()
        .add_user(&actor, &user, Some(&SecretString::from("correct horse battery")))
        .await?;
    let now = service.now().0;
    for number in 0..calendars {
        let slug = format!("room-{number}");
        let mut calendar =
            Calendar::built_in(&slug, &format!("Meeting room {number:03}"), "Europe/Berlin");
        calendar.template = service.default_template().await?;
        calendar.schedule_minutes = (number % 3 != 0).then_some(15);
        let users = if number % 10 == 0 { vec!["bob".to_owned()] } else { Vec::new() };
        let id = service.add_calendar(&actor, &NewCalendar { calendar, users }).await?;
        let calendar = service.calendar(&slug).await?;
        let room = Room {
            building: Some(format!("Building {}", number % 5)),
            floor: Some((number % 7).to_string()),
            capacity: Some(2 + number as i64 % 30),
            features: vec!["projector".to_owned(), "whiteboard".to_owned()],
            description: None,
            has_picture: false,
        };
        service.set_room(&actor, &calendar, &room).await?;
        let calendar = service.calendar(&slug).await?;
        service
            .import(&command_line(), &calendar, objects(number, now).as_bytes(), &|_, _| {})
            .await?;
        past(&service, id, number, now).await?;
    }
    Ok(())
}

/// Events of a room from a month ago to three months ahead, a few of which overlap; of the first room
/// three a day, from years ago on.
fn objects(room: usize, now: i64) -> String {
    let stamp = |at: i64| {
        let text = time::rfc3339(&Zone::utc(), Moment(at));
        format!("{}Z", text[..19].replace(['-', ':'], ""))
    };
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//large-site//EN\r\n".to_owned();
    let today = now.div_euclid(DAY) * DAY;
    for number in 0..if room == 0 { OBJECTS_OF_THE_FIRST } else { OBJECTS_OF_ONE } {
        let at = number as i64;
        let days_ahead = if room == 0 { at / 3 - 3_000 } else { at % 120 - 30 };
        let start = today + days_ahead * DAY + (7 + (at * 5 + room as i64) % 9) * 3600;
        let length = if number % 40 == 7 { 3 } else { 1 };
        let _ = write!(
            text,
            "BEGIN:VEVENT\r\nUID:{room}-{number}@example.org\r\nDTSTAMP:20260101T000000Z\r\n\
             CREATED:{}\r\nDTSTART:{}\r\nDTEND:{}\r\nSUMMARY:Meeting {number} of a team\r\n\
             ORGANIZER:mailto:person{number}@example.org\r\nDESCRIPTION:Agenda and notes\r\n\
             END:VEVENT\r\n",
            stamp(now - (number as i64 % 90 + 1) * DAY),
            stamp(start),
            stamp(start + length * 3600),
        );
    }
    for number in 0..EVENTS_OF_A_BUSY_DAY {
        let start = today + BUSY_DAY * DAY + (6 + number) * 3600 + (room as i64 % 4) * 900;
        let _ = write!(
            text,
            "BEGIN:VEVENT\r\nUID:busy-{room}-{number}-0123456789abcdef@example.org\r\n\
             DTSTAMP:20260101T000000Z\r\nCREATED:{}\r\nDTSTART:{}\r\nDTEND:{}\r\n\
             SUMMARY:Weekly planning of team {number}\r\nEND:VEVENT\r\n",
            stamp(now - DAY),
            stamp(start),
            stamp(start + 2700),
        );
    }
    text + "END:VCALENDAR\r\n"
}

/// What was done to a room: a run, changes, removals, messages and lines of the audit trail.
async fn past(
    service: &Service,
    calendar: CalendarId,
    room: usize,
    now: i64,
) -> Result<(), Box<dyn Error>> {
    let transaction = service.store.begin().await?;
    for number in 0..HISTORY_OF_ONE {
        let made_at = now - (number as i64 + 1) * DAY / 2;
        let starter = Starter::of(Way::Schedule);
        let run = history::begin_run(&transaction, &starter, false, 1, made_at).await?;
        history::end_run(&transaction, run, made_at + 1).await?;
        let uid = format!("gone-{room}-{number}@example.org");
        let text = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let change = NewChange {
            run: Some(ByRun { run, is_at_limit: false }),
            calendar,
            href: &format!("{uid}.ics"),
            uid: &uid,
            cause: Cause::Clear,
            asked: None,
            before: Some((text.as_bytes(), "\"1\"")),
            after: None,
            now: made_at,
        };
        let change = history::insert_change(&transaction, &change).await?;
        let event = |name: &str| Event {
            uid: uid.clone(),
            name: name.to_owned(),
            start: Moment(made_at),
            end: Moment(made_at + 3600),
            original: Moment(made_at),
            organizer: Some("person@example.org".to_owned()),
            ..Event::default()
        };
        let gone = event("A meeting that had to go");
        let winner = event("The one that stayed");
        let kind = if number % 7 == 0 {
            RemovalKind::DeletedCancelled
        } else {
            RemovalKind::DeletedOverlapping
        };
        let fact = Removal {
            conflicts: vec![Conflict { event: winner, is_prioritized: false, because: None }],
            ..Removal::by_hand(kind, gone)
        };
        let removal = NewRemoval {
            kind,
            uid: uid.clone(),
            name: fact.event.name.clone(),
            organizer: fact.event.organizer.clone(),
            is_private: false,
            original: made_at,
            starts_at: made_at,
            ends_at: made_at + 3600,
            fact: fact.to_json()?,
            not_notified_reason: None,
        };
        history::insert_removal(&transaction, change, &removal).await?;
        let message = NewMessage {
            kind: outbox::MessageKind::Removed,
            calendar: Some(calendar),
            change: Some(change),
            uid: &uid,
            is_recurring: false,
            address: "person@example.org",
            data: r#"{"name":"A meeting that had to go"}"#.to_owned(),
            state: outbox::MessageState::Refused,
            due_at: made_at,
            meets_at: None,
            message_id: &format!("<{uid}>"),
            detail: Some("mail to example.org is not allowed: MAIL_DOMAINS does not name it"),
            now: made_at,
        };
        outbox::insert(&transaction, &message).await?;
        let actor = command_line();
        let action = facts::audit::Action::CalendarChanged;
        audit::note(&transaction, &actor, action, "room", "", made_at).await?;
    }
    Ok(transaction.commit().await?)
}
