//! A CalDAV server in memory: the parts of RFC 4918, 4791 and 6578 that a calendar client needs. It
//! follows them unless a quirk of [`Quirks`] is switched on or a hook interferes. It records every
//! request, and a test can read and change its content directly.
//!
//! ```no_run
//! # async fn example() {
//! use testing::fake::{FakeCalDav, Quirks, Tries};
//! use testing::scripted::Answer;
//!
//! let server = FakeCalDav::start(Quirks::NEXTCLOUD).await;
//! server.put("a.ics", "BEGIN:VCALENDAR…");
//! server.refuse("a.ics", "DELETE", Tries::Nth(1), Answer::status(412));
//! // … a client works on server.calendar_url() …
//! assert_eq!(server.count("DELETE"), 2);
//! assert!(server.objects().is_empty());
//! # }
//! ```

mod answers;
mod quirks;
mod sign_in;
mod state;
mod write;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use percent_encoding::percent_decode_str;

pub use quirks::{BadToken, Escapes, EtagAfterPut, Etags, Look, Quirks, SignIn};
pub use state::{Calendar, Object, uid_of};

use crate::scripted::{Answer, Request, Scripted, Way};

/// The user whose calendars they are.
pub const USER: &str = "room";
/// His password.
pub const PASSWORD: &str = "test-secret-1";
/// What he may send as a bearer token in place of it.
pub const TOKEN: &str = "test-token-1";
/// The initial calendar.
pub const CALENDAR: &str = "meeting-room-1";

/// Which of the requests that match are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    /// All of them.
    Always,
    /// The first ones, up to this number.
    First(usize),
    /// One of them, counted from 1.
    Nth(usize),
}

/// The state of the server.
pub struct FakeState {
    /// How it deviates from the RFCs.
    pub quirks: Quirks,
    /// The calendars, by the last part of their address.
    pub calendars: BTreeMap<String, Calendar>,
    delay: Duration,
}

impl FakeState {
    /// Writes an object into the first calendar, like another client.
    pub fn put(&mut self, name: &str, text: &str) {
        let quirks = self.quirks.clone();
        self.calendars.get_mut(CALENDAR).unwrap().put(name, text, &quirks);
    }

    /// Deletes an object of the first calendar, like another client.
    pub fn remove(&mut self, name: &str) {
        let quirks = self.quirks.clone();
        self.calendars.get_mut(CALENDAR).unwrap().remove(name, &quirks);
    }
}

type Hook = Box<dyn FnMut(&Request, &mut FakeState) -> Option<Answer> + Send>;

/// The server, on a free port of 127.0.0.1. It ends when it is dropped.
pub struct FakeCalDav {
    http: Scripted,
    state: Arc<Mutex<FakeState>>,
    hooks: Arc<Mutex<Vec<Hook>>>,
}

impl FakeCalDav {
    /// A server with an empty calendar.
    pub async fn start(quirks: Quirks) -> FakeCalDav {
        let calendars = BTreeMap::from([(CALENDAR.to_owned(), Calendar::default())]);
        let state = Arc::new(Mutex::new(FakeState { quirks, calendars, delay: Duration::ZERO }));
        let hooks: Arc<Mutex<Vec<Hook>>> = Arc::default();
        let (kept, before) = (state.clone(), hooks.clone());
        let handle = move |request: &Request| answer_to(request, &kept, &before);
        FakeCalDav { http: Scripted::start(handle).await, state, hooks }
    }

    /// What it answers to a request, without a connection: for servers of other tests that stand before
    /// it.
    pub fn answer(&self, request: &Request) -> Answer {
        answer_to(request, &self.state, &self.hooks)
    }

    /// Its address, without a trailing slash.
    pub fn url(&self) -> String {
        self.http.url()
    }

    /// The address of the initial calendar.
    pub fn calendar_url(&self) -> String {
        self.url() + &self.path(CALENDAR)
    }

    /// The path of a calendar.
    pub fn path(&self, calendar: &str) -> String {
        answers::home(&self.state.lock().unwrap().quirks) + calendar + "/"
    }

    /// Reads or changes the state.
    pub fn with<T>(&self, look: impl FnOnce(&mut FakeState) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }

    /// Adds an empty calendar.
    pub fn add_calendar(&self, name: &str) {
        self.with(|it| it.calendars.insert(name.to_owned(), Calendar::default()));
    }

    /// Writes an object like another client. The name is the last part of the address, unescaped.
    pub fn put(&self, name: &str, text: &str) {
        self.with(|it| it.put(name, text));
    }

    /// Deletes an object like another client.
    pub fn remove(&self, name: &str) {
        self.with(|it| it.remove(name));
    }

    /// All objects of the initial calendar, by the last part of their address.
    pub fn objects(&self) -> BTreeMap<String, String> {
        self.with(|it| {
            let objects = it.calendars[CALENDAR].objects.iter();
            objects.map(|(name, object)| (name.clone(), object.text.clone())).collect()
        })
    }

    /// The names in its trash bin.
    pub fn trash(&self) -> Vec<String> {
        self.with(|it| it.calendars[CALENDAR].trash.keys().cloned().collect())
    }

    /// Makes all tokens invalid that were handed out.
    pub fn forget_tokens(&self) {
        self.with(|it| it.calendars.values_mut().for_each(Calendar::forget_tokens));
    }

    /// Makes every answer take this long.
    pub fn slow(&self, delay: Duration) {
        self.with(|it| it.delay = delay);
    }

    /// Calls a hook before each request is handled, in the order in which the hooks were added. It
    /// may change the state, like another client at that moment, and it may answer instead of the
    /// server. It also sees requests without a password.
    pub fn before<H>(&self, hook: H)
    where
        H: FnMut(&Request, &mut FakeState) -> Option<Answer> + Send + 'static,
    {
        self.hooks.lock().unwrap().push(Box::new(hook));
    }

    /// Answers requests with a method for an object in place of the server; an empty name means any
    /// address, an empty method any method.
    pub fn refuse(&self, name: &str, method: &str, tries: Tries, answer: Answer) {
        let (name, method) = (name.to_owned(), method.to_owned());
        let mut seen = 0;
        self.before(move |request, _| {
            let meant = (method.is_empty() || request.method == method)
                && (name.is_empty() || last_part(&request.path) == name);
            if !meant {
                return None;
            }
            seen += 1;
            let now = match tries {
                Tries::Always => true,
                Tries::First(count) => seen <= count,
                Tries::Nth(number) => seen == number,
            };
            now.then(|| answer.clone())
        });
    }

    /// Answers every request with 401 from now on.
    pub fn lock_out(&self) {
        let answer = Answer::status(401).with("WWW-Authenticate", "Basic realm=\"fake\"");
        self.refuse("", "", Tries::Always, answer);
    }

    /// Answers every request with 429 from now on, as Nextcloud does to an address that tried wrong
    /// passwords.
    pub fn lock_out_address(&self) {
        self.refuse("", "", Tries::Always, Answer::text(429, "Too many requests"));
    }

    /// The present state of the initial calendar, for [`FakeCalDav::restore_backup`].
    pub fn backup(&self) -> Calendar {
        self.with(|it| it.calendars[CALENDAR].clone())
    }

    /// Resets that calendar to an earlier state, like the restore of a backup, with its old
    /// sync-token.
    pub fn restore_backup(&self, backup: Calendar) {
        self.with(|it| it.calendars.insert(CALENDAR.to_owned(), backup));
    }

    /// Answers some requests with 503 and Retry-After.
    pub fn busy(&self, tries: Tries, seconds: u32) {
        let answer = Answer::status(503).with("Retry-After", &seconds.to_string());
        self.refuse("", "", tries, answer);
    }

    /// Never answers requests with a method.
    pub fn hang(&self, method: &str, tries: Tries) {
        self.refuse("", method, tries, Answer::status(200).on(Way::Hang));
    }

    /// Removes all hooks, and thereby every refusal.
    pub fn behave(&self) {
        self.hooks.lock().unwrap().clear();
    }

    /// All requests until now.
    pub fn requests(&self) -> Vec<Request> {
        self.http.requests()
    }

    /// All requests until now as `METHOD /path`, and forgets them.
    pub fn take(&self) -> Vec<String> {
        self.http.take()
    }

    /// How many requests with a method there were.
    pub fn count(&self, method: &str) -> usize {
        self.requests().iter().filter(|it| it.method == method).count()
    }
}

fn answer_to(request: &Request, state: &Mutex<FakeState>, hooks: &Mutex<Vec<Hook>>) -> Answer {
    let mut state = state.lock().unwrap();
    let mut hooks = hooks.lock().unwrap();
    let refused = hooks.iter_mut().find_map(|hook| hook(request, &mut state));
    let answer = refused.unwrap_or_else(|| match sign_in::refusal(request, state.quirks.sign_in) {
        None => answers::answer(request, &mut state),
        Some(refusal) => refusal,
    });
    let delay = answer.delay + state.delay;
    answer.after(delay)
}

/// The last part of a path, unescaped.
pub(crate) fn last_part(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let part = path.rsplit('/').next().unwrap_or_default();
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}
