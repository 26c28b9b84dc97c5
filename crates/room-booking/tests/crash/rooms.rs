//! Two rooms with everything that a clear has to do with: double bookings, series that overlap in part
//! or wholly, chains of three, cancelled leftovers, and events that are kept.
//!
//! All of it lies months ahead, so that it does not matter when a clear runs, and each group has a time
//! of its own, so that what becomes of it does not depend on when the others came.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::atomic::{AtomicI64, Ordering};

use ical::Moment;
use operations::{NewCalendar, Service, command_line};
use store::calendars::Calendar;
use store::keys::Rights;
use store::templates::{self, Template};
use store::users::NewUser;
use store::{Store, TemplateId};

use crate::random::Random;

pub const SLUGS: [&str; 2] = ["room-1", "room-2"];
pub const CONTACT: &str = "rooms@example.org";
const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;
/// From when on the rooms are booked, and for how long.
const FIRST_DAY: i64 = 40;
const DAYS: i64 = 300;
/// Hours of a day for single events; what is left of it is for series.
const HOURS: i64 = 18;
/// Ten minutes of each day for each group of series.
const BANDS: i64 = (24 - HOURS) * 6;
/// The most days of a group of series.
pub const SERIES_DAYS: i64 = 10;

/// A free time of one room for everyone who needs one.
#[derive(Debug)]
pub struct Times {
    base: i64,
    hours: AtomicI64,
    bands: AtomicI64,
}

impl Times {
    pub fn new(now: Moment) -> Times {
        let base = (now.0 / DAY + FIRST_DAY) * DAY;
        Times { base, hours: AtomicI64::new(0), bands: AtomicI64::new(0) }
    }

    /// The start of an hour that nobody else has.
    pub fn hour(&self) -> i64 {
        let number = self.hours.fetch_add(1, Ordering::Relaxed);
        assert!(number < DAYS * HOURS, "the room has no hour left: do fewer rounds at once");
        self.base + number / HOURS * DAY + number % HOURS * HOUR
    }

    /// The start of ten minutes that nobody else has on ten days.
    pub fn series(&self) -> i64 {
        let number = self.bands.fetch_add(1, Ordering::Relaxed);
        assert!(number < BANDS * DAYS / SERIES_DAYS, "the room has no days left");
        self.base + number / BANDS * SERIES_DAYS * DAY + HOURS * HOUR + number % BANDS * 10 * MINUTE
    }

    /// Everything that is booked lies within.
    pub fn window(&self) -> ical::Window {
        ical::Window { start: Moment(self.base), end: Moment(self.base + DAYS * DAY) }
    }
}

/// What is imported at once.
#[derive(Debug, Default)]
pub struct Batch {
    pub file: String,
    /// Hours whose events always stay.
    pub kept: Vec<i64>,
    /// UIDs whose events may be deleted without changing what becomes of others.
    pub deletable: Vec<String>,
    created: i64,
    prefix: String,
}

impl Batch {
    /// The batch of that number of a room.
    pub fn new(times: &Times, slug: &str, number: i64, random: &mut Random) -> Batch {
        let mut batch = Batch {
            // Older than all that is booked later; each event younger than the one before.
            created: times.base - 400 * DAY + number * DAY,
            prefix: format!("{slug}-{number}"),
            ..Batch::default()
        };
        let rounds = |most: u64, random: &mut Random| 2 + random.below(most);
        for _ in 0..rounds(18, random) {
            let at = times.hour();
            batch.add("winner", at, 60, random, &[]);
            let loser = batch.add("loser", at, 30, random, &[]);
            batch.deletable.push(loser);
            if random.is_in(50) {
                let loser = batch.add("loser", at + 20 * MINUTE, 40, random, &[]);
                batch.deletable.push(loser);
            }
            batch.kept.push(at);
        }
        for _ in 0..rounds(4, random) {
            let at = times.hour();
            batch.add("chain-stays", at, 30, random, &[]);
            batch.add("chain-goes", at + 20 * MINUTE, 25, random, &[]);
            batch.add("chain-stays", at + 40 * MINUTE, 20, random, &[]);
        }
        for _ in 0..rounds(4, random) {
            let lonely = batch.add("lonely", times.hour(), 60, random, &[]);
            batch.deletable.push(lonely);
            batch.add("leftover", times.hour(), 60, random, &["STATUS:CANCELLED".to_owned()]);
        }
        for _ in 0..rounds(3, random) {
            let at = times.series();
            batch.series("older", at, 6, random);
            let from = at + 3 * DAY;
            let uid = batch.series("partly", from, 6, random);
            let changed = format!("RECURRENCE-ID:{}", stamp(from + DAY));
            batch.vevent(&uid, from + DAY, 10, "changed", random, &[changed]);
            let at = times.series();
            batch.series("older", at, 7, random);
            let wholly = batch.series("wholly", at + DAY, 4, random);
            batch.deletable.push(wholly);
            let at = times.series();
            batch.add("before-a-series", at + 2 * DAY, 10, random, &[]);
            batch.series("younger", at, 5, random);
        }
        batch.file = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{}END:VCALENDAR\r\n",
            batch.file
        );
        batch
    }

    fn series(&mut self, name: &str, at: i64, count: i64, random: &mut Random) -> String {
        self.add(name, at, 10, random, &[format!("RRULE:FREQ=DAILY;COUNT={count}")])
    }

    fn add(
        &mut self,
        name: &str,
        at: i64,
        minutes: i64,
        random: &mut Random,
        more: &[String],
    ) -> String {
        self.created += MINUTE;
        let uid = format!("{:04x}-{}-{name}-{}", random.below(1 << 16), self.prefix, self.created);
        self.vevent(&uid, at, minutes, name, random, more);
        uid
    }

    fn vevent(
        &mut self,
        uid: &str,
        at: i64,
        minutes: i64,
        name: &str,
        random: &mut Random,
        more: &[String],
    ) {
        let mut lines = vec![
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{uid}"),
            format!("SUMMARY:{name}"),
            "DTSTAMP:20260101T000000Z".to_owned(),
            format!("CREATED:{}", stamp(self.created)),
            format!("DTSTART:{}", stamp(at)),
            format!("DTEND:{}", stamp(at + minutes * MINUTE)),
        ];
        // There are enough people that few of them reach 20 messages a day.
        let organizer = match random.below(8) {
            0 => String::new(),
            1 => "Bob@example.org".to_owned(),
            2 => "eve@example.net".to_owned(),
            _ => format!("person{}@example.org", random.below(60)),
        };
        if !organizer.is_empty() {
            lines.push(format!("ORGANIZER:mailto:{organizer}"));
        }
        lines.extend_from_slice(more);
        lines.push("END:VEVENT\r\n".to_owned());
        self.file.push_str(&lines.join("\r\n"));
    }
}

/// A moment as iCalendar writes it.
pub fn stamp(at: i64) -> String {
    jiff::Timestamp::from_second(at).unwrap().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A moment as the API takes it.
pub fn rfc3339(at: i64) -> String {
    jiff::Timestamp::from_second(at).unwrap().to_string()
}

/// Makes a user `ann` with both rooms, each with a template and without a safety limit that matters;
/// the text of a key of hers.
pub async fn set_up(store: &Store) -> String {
    let service = Service::new(store.clone());
    let actor = command_line();
    let user = NewUser { name: "ann", address: Some("ann@example.org"), is_administrator: false };
    service.add_user(&actor, &user, None).await.unwrap();
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
            ..Calendar::built_in(slug, "A room", "UTC")
        };
        let new = NewCalendar { calendar: calendar.clone(), users: vec!["ann".to_owned()] };
        let id = service.add_calendar(&actor, &new).await.unwrap();
        service.set_calendar(&actor, &Calendar { id, ..calendar }).await.unwrap();
    }
    let key = service.add_key(&actor, "ann", "test", Rights::ALL, None, None).await;
    key.unwrap().1
}

/// Imports a file into a room.
pub async fn import(store: &Store, slug: &str, file: &str) {
    let service = Service::new(store.clone());
    let calendar = service.calendar(slug).await.unwrap();
    service.import(&command_line(), &calendar, file.as_bytes(), &|_, _| {}).await.unwrap();
}
