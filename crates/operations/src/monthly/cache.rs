//! What was worked out of calendars for reports, kept for a while: a page does not read all calendars each time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use answers::usage::Usage;
use facts::Month;
use facts::clock::Instant;
use facts::{Clock, Event};
use ical::Moment;
use store::CalendarId;
use store::calendars::Calendar;

/// Seconds for which an entry is good: the present moves on, and with it who was seen lately.
const GOOD_FOR: u64 = 600;
/// Entries of a kind; all of them go when there are more.
const MAX_ENTRIES: usize = 2_000;

/// Who books in a calendar.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bookers {
    /// Its series without an end, each as its next date.
    pub series: Vec<Event>,
    /// When its organizers were last seen.
    pub seen: HashMap<String, Moment>,
}

/// What was worked out of calendars.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// How much a calendar is used in a month.
    pub usage: Entries<(CalendarId, Month), Usage>,
    /// Who books in a calendar.
    pub bookers: Entries<CalendarId, Bookers>,
}

/// What was worked out, by what it is about.
#[derive(Debug)]
pub(crate) struct Entries<K, V>(Mutex<HashMap<K, Entry<V>>>);

/// What was worked out, of which version of the calendar, and when.
#[derive(Debug)]
struct Entry<V> {
    version: Version,
    at: Instant,
    value: Arc<V>,
}

/// The version of a calendar: that of its content and that of its settings.
type Version = (i64, i64);

impl<K, V> Default for Entries<K, V> {
    fn default() -> Entries<K, V> {
        Entries(Mutex::default())
    }
}

impl<K: Hash + Eq, V> Entries<K, V> {
    /// What was worked out of a calendar as it is, not long ago.
    pub fn get(&self, clock: &Clock, key: &K, calendar: &Calendar) -> Option<Arc<V>> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let it = entries.get(key)?;
        let is_young = clock.elapsed(it.at).as_secs() < GOOD_FOR;
        (is_young && it.version == version_of(calendar)).then(|| Arc::clone(&it.value))
    }

    /// Keeps what was worked out of a calendar.
    pub fn put(&self, clock: &Clock, key: K, calendar: &Calendar, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        let (version, at) = (version_of(calendar), clock.instant());
        entries.insert(key, Entry { version, at, value: Arc::clone(&value) });
        value
    }
}

fn version_of(calendar: &Calendar) -> Version {
    (calendar.revision, calendar.version)
}
