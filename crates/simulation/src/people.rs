//! People: they book, move, cancel, split and delete with clients of their own, and some of them lie.

use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::event::{DAY, Event, SLOT, UNANSWERED, shown};
use crate::gate::{Gate, told_uid};

/// Who books.
const NAMES: [&str; 6] = ["ann", "bob", "cyd", "dan", "eve", "fay"];
/// The first half hour of a day that people book, and how many there are.
const FIRST: i64 = 16;
const HOURS: i64 = 20;
/// How many days ahead.
const DAYS: i64 = 4;

/// What people may change: events that have not begun, by name, because UIDs of bookings do not repeat.
fn ahead(gate: &Gate, room: usize, now: i64) -> Vec<Event> {
    let mut events = gate.events(room);
    events.retain(|it| it.start > now);
    events.sort_by(|one, other| one.name.cmp(&other.name));
    events
}

/// The people of a history.
pub(crate) struct People {
    random: StdRng,
    number: u32,
}

impl People {
    pub fn new(random: StdRng) -> People {
        People { random, number: 0 }
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() {
            return None;
        }
        Some(all[self.random.random_range(0..all.len())].clone())
    }

    /// Somebody does something in a room.
    pub fn act(&mut self, gate: &Gate, room: usize, now: i64) {
        let events = ahead(gate, room, now);
        let choice: u32 = self.random.random_range(0..100);
        if events.len() < 4 || choice < 40 {
            return self.book(gate, room, now, &events);
        }
        if let Some(event) = self.pick(&events) {
            self.change(gate, room, now, event, choice);
        }
    }

    /// Somebody does something with one event, if it is there and not over.
    pub fn act_on(&mut self, gate: &Gate, room: usize, uid: &str, now: i64) {
        if let Some(event) = ahead(gate, room, now).into_iter().find(|it| it.uid == uid) {
            let choice = self.random.random_range(40..100);
            self.change(gate, room, now, event, choice);
        }
    }

    /// Changes an event in the way that `choice`, from 40 to 99, stands for.
    fn change(&mut self, gate: &Gate, room: usize, now: i64, mut event: Event, choice: u32) {
        let before = event.clone();
        let word = match choice {
            40..60 => {
                let (start, end) = self.hours(now, &ahead(gate, room, now));
                (event.start, event.end, event.excluded) = (start, end, Vec::new());
                event.ask_again();
                "moves"
            }
            60..66 => {
                event.is_cancelled = true;
                "cancels"
            }
            66..72 => return self.delete(gate, room, &event),
            72..78 => {
                event.name = format!("{}'", event.name);
                "renames"
            }
            78..82 => {
                event.is_free = !event.is_free;
                if event.is_free { "frees" } else { "takes" }
            }
            82..88 => {
                event.created = self.lie(now);
                "forges CREATED of"
            }
            88..91 => {
                // It ends later than it did, or earlier.
                event.end += if event.end - event.start > SLOT { -SLOT } else { SLOT };
                event.ask_again();
                "stretches"
            }
            91..96 => return self.split(gate, room, now, &event),
            _ => {
                gate.write(room, &event.uid, None);
                event.created = self.lie(now);
                event.ask_again();
                "recreates"
            }
        };
        self.sign(&mut event, &before, now);
        self.put(gate, room, word, &event);
    }

    /// What a client writes beside what a person wants: LAST-MODIFIED and SEQUENCE, true or not.
    fn sign(&mut self, event: &mut Event, before: &Event, now: i64) {
        event.modified = match self.random.random_range(0..10) {
            0 => before.modified,
            1 => None,
            2 => self.lie(now),
            _ => Some(now),
        };
        event.sequence = match self.random.random_range(0..8) {
            0 => 0,
            1 => before.sequence + 1_000,
            2 => before.sequence,
            _ => before.sequence + 1,
        };
    }

    fn put(&mut self, gate: &Gate, room: usize, word: &str, event: &Event) {
        let who = event.organizer.as_deref().unwrap_or("somebody");
        let times = format!(
            "{} to {}, created {}, modified {}{}",
            shown(event.start),
            shown(event.end),
            event.created.map_or_else(|| "-".to_owned(), shown),
            event.modified.map_or_else(|| "-".to_owned(), shown),
            if event.days > 1 { format!(", {} days", event.days) } else { String::new() },
        );
        let uid = told_uid(&event.uid);
        gate.note(format!("{who} {word} {uid} ({}) in room {room}: {times}", event.name));
        gate.write(room, &event.uid, Some(&event.text()));
    }

    /// What somebody says of when an event was made.
    fn lie(&mut self, now: i64) -> Option<i64> {
        match self.random.random_range(0..6) {
            0 => Some(0),
            1 => Some(now - 4_000 * DAY),
            2 => Some(now - self.random.random_range(1..200_000)),
            3 => Some(now + DAY),
            4 => None,
            _ => Some(now),
        }
    }

    /// An hour that somebody wants, often one that another has.
    fn hours(&mut self, now: i64, events: &[Event]) -> (i64, i64) {
        let length = self.random.random_range(1..=4) * SLOT;
        let wanted = match self.pick(events) {
            Some(event) if self.random.random_range(0..10) < 7 => {
                let occurrences = event.occurrences();
                let near = self.pick(&occurrences).map_or(event.start, |it| it.0);
                near + self.random.random_range(-1..=1) * SLOT
            }
            _ => {
                let day = now / DAY + self.random.random_range(0..DAYS);
                let slot = FIRST + self.random.random_range(0..HOURS);
                day * DAY + slot * SLOT
            }
        };
        let start = if wanted > now { wanted } else { wanted + DAY };
        let start = start.max((now / SLOT + 1) * SLOT);
        (start, start + length)
    }

    fn book(&mut self, gate: &Gate, room: usize, now: i64, events: &[Event]) {
        let hours = self.hours(now, events);
        self.book_at(gate, room, now, hours);
    }

    /// Somebody changes an event that is ahead, and somebody else books the hours that it had. The answer is
    /// the UID of the former.
    pub fn take_over(&mut self, gate: &Gate, room: usize, now: i64) -> Option<String> {
        let event = self.pick(&ahead(gate, room, now))?;
        self.act_on(gate, room, &event.uid, now);
        self.book_at(gate, room, now, (event.start, event.end));
        Some(event.uid)
    }

    fn book_at(&mut self, gate: &Gate, room: usize, now: i64, (start, end): (i64, i64)) {
        self.number += 1;
        let letter = char::from(b'a' + self.random.random_range(0..26_u8));
        let organizer = match self.random.random_range(0..8) {
            0 => None,
            _ => self.pick(&NAMES).map(|name| format!("{name}@example.org")),
        };
        let created = match self.random.random_range(0..10) {
            0..5 => Some(now),
            _ => self.lie(now),
        };
        let days =
            if self.random.random_range(0..5) == 0 { self.random.random_range(2..=4) } else { 1 };
        let mut event = Event {
            uid: format!("{letter}{}", self.number),
            name: format!("Booking {:03}", self.number),
            organizer,
            start,
            end,
            days,
            created,
            is_free: self.random.random_range(0..12) == 0,
            ..Event::default()
        };
        self.invite(&mut event);
        let before = event.clone();
        self.sign(&mut event, &before, now);
        self.put(gate, room, "books", &event);
    }

    /// Invites the room to every second event of an organizer; to some of these, somebody answers for it. The others are
    /// in nobody else's calendar. No random number decides it, so that seeds are the histories that they were.
    fn invite(&self, event: &mut Event) {
        if event.organizer.is_none() {
            return;
        }
        if self.number % 2 == 1 {
            event.is_unscheduled = true;
            return;
        }
        event.is_answered = self.number % 8 == 6;
        let answer = if event.is_answered { "TENTATIVE" } else { UNANSWERED };
        event.answer = Some(answer.to_owned());
    }

    fn delete(&mut self, gate: &Gate, room: usize, event: &Event) {
        let uid = told_uid(&event.uid);
        gate.note(format!("somebody deletes {uid} ({}) in room {room}", event.name));
        gate.write(room, &event.uid, None);
    }

    /// "This and following": the rest of a series becomes an event of its own.
    fn split(&mut self, gate: &Gate, room: usize, now: i64, event: &Event) {
        if event.days < 2 {
            return;
        }
        self.number += 1;
        let at = self.random.random_range(1..event.days);
        let from = event.start + at * DAY;
        let (mut first, mut second) = (event.clone(), event.clone());
        first.days = at;
        first.excluded.retain(|it| *it < from);
        second.uid = format!("{}s{}", event.uid, self.number);
        second.name = format!("{}s", event.name);
        (second.start, second.end) = (from, event.end + at * DAY);
        second.days = event.days - at;
        second.excluded.retain(|it| *it >= from);
        second.created = Some(now);
        second.ask_again();
        self.sign(&mut first, event, now);
        self.sign(&mut second, event, now);
        self.put(gate, room, "cuts off the rest of", &first);
        self.put(gate, room, "splits off", &second);
    }
}
