//! The calendar server of a history, and all that may happen to a request on its way: what people do is
//! written in its journal, what the program sees goes into the models.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use operations::Clock;
use rand::rngs::StdRng;
use testing::fake::{Calendar, FakeCalDav};
use testing::scripted::Request;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::bugs::Bug;
use crate::event::{Event, shown};
use crate::model::Model;
use crate::overlaps::{Overlap, double_bookings};

/// The calendars on the server, by the last part of their address.
pub(crate) const ROOMS: [&str; 2] = ["meeting-room-1", "meeting-room-2"];

/// What the server's thread reports to the world.
pub(crate) enum Signal {
    /// A request waits here until `go` is answered; `target` is the room and UID of what it writes.
    Held { target: Option<(usize, String)>, go: oneshot::Sender<()> },
    /// The process that works now dies.
    Crash,
}

/// What the program does at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// When it began.
    pub began: i64,
    /// What it is.
    pub kind: Kind,
}

/// What the program may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It removes by the rules, or finds out what became of that.
    Clear,
    /// It books, if the hour is free.
    Book,
    /// It deletes, or restores, because somebody asked for it.
    Request,
    /// Somebody follows a link of a message.
    Link,
    /// It divides a series, because somebody asked for it.
    Divide,
    /// It is at work on the built-in room.
    BuiltIn,
    /// It has nothing to do with calendars.
    Other,
}

/// A change of an object on the server that the program made.
#[derive(Clone, Debug)]
pub(crate) struct Effect {
    pub path: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub at: i64,
    /// Whether the program saw the answer.
    pub is_answered: bool,
    /// A booking, of which the history keeps nothing.
    pub is_booking: bool,
}

pub(crate) struct Late {
    pub(crate) due: i64,
    pub(crate) request: Request,
    pub(crate) wrong: Option<String>,
    pub(crate) kind: Kind,
}

pub(crate) struct State {
    pub(crate) random: StdRng,
    /// How often a request meets something, in a thousand.
    pub(crate) storm: u32,
    pub(crate) bug: Option<Bug>,
    pub(crate) act: Act,
    pub(crate) models: [Model; 2],
    pub(crate) late: Vec<Late>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) log: Vec<String>,
    pub(crate) wrong: Vec<String>,
    /// Paths that people or backups have written to, with when; a whole room's for a backup.
    pub(crate) touched: Vec<(String, i64)>,
    /// Of the fake of confirmations: what each object's version was before it was last changed.
    pub(crate) former_etags: BTreeMap<String, String>,
}

/// The calendar server.
pub(crate) struct Gate {
    pub(crate) fake: FakeCalDav,
    pub(crate) clock: Clock,
    pub(crate) state: Mutex<State>,
    pub(crate) signals: UnboundedSender<Signal>,
}

impl Gate {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().0
    }

    /// Forgets what was done to set all up.
    pub fn forget(&self) {
        let mut state = self.state();
        state.effects.clear();
        state.log.clear();
        // What was asked to find the rooms was no look at them.
        state.models = [Model::default(), Model::default()];
    }

    /// The path of a room.
    pub fn path(&self, room: usize) -> String {
        self.fake.path(ROOMS[room])
    }

    /// Lets things happen to this number of a thousand requests.
    pub fn storm(&self, permille: u32) {
        self.state().storm = permille;
    }

    /// To how many of a thousand requests things happen.
    pub fn storm_now(&self) -> u32 {
        self.state().storm
    }

    /// What the program does from now on.
    pub fn set_act(&self, act: Act) {
        self.state().act = act;
    }

    /// What the program did has ended; whether as it should.
    pub fn end_act(&self, went_on: bool) {
        self.state().models.iter_mut().for_each(|model| model.end_look(went_on));
    }

    /// Writes a line into the history.
    pub fn note(&self, line: impl AsRef<str>) {
        let line = format!("{} {}", shown(self.now()), line.as_ref());
        self.state().log.push(line);
    }

    /// Records something that is wrong.
    pub fn accuse(&self, wrong: String) {
        self.state().wrong.push(wrong);
    }

    /// The history so far.
    pub fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// What was seen to be wrong so far.
    pub fn wrong(&self) -> Vec<String> {
        self.state().wrong.clone()
    }

    /// Whether nobody can tell any more that an effect took place: the program saw no answer, and
    /// somebody has written the object since.
    pub fn is_covered_up(&self, effect: &Effect) -> bool {
        let state = self.state();
        let mut later = state.touched.iter().filter(|(_, at)| *at >= effect.at);
        !effect.is_answered && later.any(|(path, _)| effect.path.starts_with(path.as_str()))
    }

    /// The changes that the program made.
    pub fn effects(&self) -> Vec<Effect> {
        self.state().effects.clone()
    }

    /// The objects of a room: texts by name.
    pub fn texts(&self, room: usize) -> BTreeMap<String, String> {
        self.fake.with(|it| {
            let objects = it.calendars[ROOMS[room]].objects.iter();
            objects.map(|(name, object)| (name.clone(), object.text.clone())).collect()
        })
    }

    /// The events of a room.
    pub fn events(&self, room: usize) -> Vec<Event> {
        self.texts(room).values().filter_map(|text| Event::read(text)).collect()
    }

    /// Overlaps in a room of what lies ahead.
    pub fn double_bookings(&self, room: usize) -> Vec<Overlap> {
        let now = self.now();
        double_bookings(&self.state().models[room].state(), now)
    }

    /// The name of an event's object: the one that it has, or a new one.
    pub fn name_of(&self, room: usize, uid: &str) -> String {
        let is_it = |text: &String| Event::read(text).is_some_and(|it| it.uid == uid);
        let found = self.texts(room).into_iter().find(|(_, text)| is_it(text));
        found.map_or_else(|| format!("{uid}.ics"), |(name, _)| name)
    }

    /// Somebody writes an object, or deletes it.
    pub fn write(&self, room: usize, uid: &str, text: Option<&str>) {
        let mut state = self.state();
        let name = self.name_of(room, uid);
        self.fake.with(|it| {
            let quirks = it.quirks.clone();
            let calendar = it.calendars.get_mut(ROOMS[room]);
            let Some(calendar) = calendar else { return };
            if let Some(object) = calendar.objects.get(&name) {
                state.former_etags.insert(name.clone(), object.etag.clone());
            }
            match text {
                Some(text) => calendar.put(&name, text, &quirks),
                None => drop(calendar.remove(&name, &quirks)),
            }
        });
        state.models[room].show(uid);
        state.touched.push((self.path(room) + &name, self.now()));
        self.changed(&mut state, room);
    }

    /// The server loses the change of an object from its list of changes.
    pub fn lose_change(&self, room: usize, uid: &str) {
        let name = self.name_of(room, uid);
        self.state().models[room].hide(uid);
        self.fake.with(|it| {
            if let Some(calendar) = it.calendars.get_mut(ROOMS[room]) {
                calendar.lose_change(&name);
            }
        });
    }

    /// A backup of a room.
    pub fn backup(&self, room: usize) -> Calendar {
        self.fake.with(|it| it.calendars[ROOMS[room]].clone())
    }

    /// A room is again what it was.
    pub fn restore_backup(&self, room: usize, backup: Calendar) {
        let mut state = self.state();
        state.models[room].restore();
        self.fake.with(|it| it.calendars.insert(ROOMS[room].to_owned(), backup));
        state.touched.push((self.path(room), self.now()));
        self.changed(&mut state, room);
    }

    pub(crate) fn changed(&self, state: &mut State, room: usize) {
        let events = self.events(room).into_iter().map(|event| (event.uid.clone(), event));
        let events = Arc::new(events.collect());
        let now = self.now();
        state.models[room].change(now, events);
    }

    pub(crate) fn room_of(&self, path: &str) -> Option<usize> {
        (0..ROOMS.len()).find(|room| path.starts_with(&self.path(*room)))
    }
}

/// The last part of a path.
pub(crate) fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The last part of a path, for the history: UIDs that the program makes do not repeat.
pub(crate) fn told(path: &str) -> String {
    let name = last(path);
    match name.strip_suffix(".ics") {
        Some(_) if is_moved(&name) => "(moved)".to_owned(),
        Some(uid) if told_uid(uid) != uid => told_uid(uid).to_owned(),
        _ => name,
    }
}

/// Whether a link has moved the event of this object here.
pub(crate) fn is_moved(name: &str) -> bool {
    name.starts_with("moved-")
}

/// A UID, for the history.
pub(crate) fn told_uid(uid: &str) -> &str {
    if uid.len() == "2345678901234567890123".len() { "(booked)" } else { uid }
}
