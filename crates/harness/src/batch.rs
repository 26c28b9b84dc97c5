//! Two rooms with everything that a clear has to do with: double bookings, series that overlap in part
//! or wholly, chains of three, cancelled leftovers, and events that are kept.
//!
//! All of it is months ahead, so that it does not matter when a clear runs, and each group has a time
//! of its own, so that what becomes of it does not depend on when the others came.

use std::sync::atomic::{AtomicI64, Ordering};

use ical::Moment;
use operations::command_line;
use store::Store;
use store::calendars::Calendar;
use testing::ics::{Event, bare, file_of, utc};
use testing::random::Random;

use crate::setup::Setup;

/// The slugs of the rooms.
pub const SLUGS: [&str; 2] = ["room-1", "room-2"];
/// The contact address of both.
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
    /// The times of a room at the present.
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
    /// The file.
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
            let changed = format!("RECURRENCE-ID:{}", utc(from + DAY));
            batch.vevent(&uid, from + DAY, 10, "changed", random, &[changed]);
            let at = times.series();
            batch.series("older", at, 7, random);
            let wholly = batch.series("wholly", at + DAY, 4, random);
            batch.deletable.push(wholly);
            let at = times.series();
            batch.add("before-a-series", at + 2 * DAY, 10, random, &[]);
            batch.series("younger", at, 5, random);
        }
        batch.file = file_of(&batch.file);
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
        let mut event = bare(uid)
            .line(format!("SUMMARY:{name}"))
            .line(format!("CREATED:{}", utc(self.created)))
            .line(format!("DTSTART:{}", utc(at)))
            .line(format!("DTEND:{}", utc(at + minutes * MINUTE)));
        // There are enough people that few of them reach 20 messages a day.
        let organizer = match random.below(8) {
            0 => String::new(),
            1 => "Bob@example.org".to_owned(),
            2 => "eve@example.net".to_owned(),
            _ => format!("person{}@example.org", random.below(60)),
        };
        if !organizer.is_empty() {
            event = event.by(&organizer);
        }
        event = more.iter().cloned().fold(event, Event::line);
        self.file.push_str(&event.component());
    }
}

/// Makes a user `ann` with both rooms, each as [`settings`] has it; the text of a key of hers.
pub async fn set_up(store: &Store) -> String {
    let setup = Setup::on_system_clock(store);
    setup.user("ann").await;
    for slug in SLUGS {
        setup.add(Calendar::built_in(slug, "A room", "UTC"), &["ann"]).await;
    }
    settings(&setup, |_| {}).await;
    setup.key("ann").await
}

/// Gives each room a template, a contact address and a safety limit that does not matter, and what else a
/// test wants.
pub async fn settings(setup: &Setup, more: impl Fn(&mut Calendar)) {
    let template = setup.template("removed").await;
    for slug in SLUGS {
        let mut calendar = setup.service.calendar(slug).await.unwrap();
        calendar.template = Some(template);
        calendar.contact_address = Some(CONTACT.to_owned());
        calendar.safety_limit = 1_000_000;
        more(&mut calendar);
        setup.service.set_calendar(&command_line(), &calendar).await.unwrap();
    }
}
