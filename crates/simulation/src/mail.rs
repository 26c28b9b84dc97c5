//! The mail server of a history: it takes emails, puts them off, refuses them, and loses answers.
//!
//! What becomes of an email hangs on the email and on how often it was tried, not on the order in which
//! emails come, which threads decide.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use facts::Clock;
use mail::{Accepted, Email, Failure, SendError, Session, Transport, Waiting};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::bugs::Bug;
use crate::gate::Signal;

/// A mail server. Clones are the same one.
#[derive(Clone)]
pub(crate) struct MailServer {
    state: Arc<Mutex<State>>,
    /// One session at a time.
    place: Arc<Semaphore>,
    signals: UnboundedSender<Signal>,
}

struct State {
    seed: u64,
    is_stormy: bool,
    bug: Option<Bug>,
    /// Whether the process dies when it hands the next email over.
    kills: bool,
    /// The emails that it took, by Message-ID: whether the answer arrived.
    taken: BTreeMap<String, Vec<bool>>,
    /// When it took each for the first time.
    taken_at: BTreeMap<String, i64>,
    /// The links in the emails that it took, by their numbers.
    links: BTreeMap<i64, Link>,
    clock: Clock,
    tries: BTreeMap<String, u64>,
    log: Vec<String>,
}

/// What becomes of an email.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Taken,
    PutOff,
    Refused,
    /// Taken, and the answer is lost.
    AnswerLost,
    /// Lost with the line, and so is the answer.
    AllLost,
}

impl MailServer {
    pub fn new(
        seed: u64,
        bug: Option<Bug>,
        signals: UnboundedSender<Signal>,
        clock: Clock,
    ) -> MailServer {
        let state = State {
            seed,
            is_stormy: true,
            bug,
            kills: false,
            taken: BTreeMap::new(),
            taken_at: BTreeMap::new(),
            links: BTreeMap::new(),
            clock,
            tries: BTreeMap::new(),
            log: Vec::new(),
        };
        let place = Arc::new(Semaphore::new(1));
        MailServer { state: Arc::new(Mutex::new(state)), place, signals }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on it takes every email.
    pub fn calm(&self) {
        self.state().is_stormy = false;
    }

    /// The process that hands over the next email dies.
    pub fn kill_next(&self, kills: bool) {
        self.state().kills = kills;
    }

    /// The emails that it took, by Message-ID: whether the answer to each arrived.
    pub fn taken(&self) -> BTreeMap<String, Vec<bool>> {
        self.state().taken.clone()
    }

    /// When it took each email for the first time, by Message-ID.
    pub fn taken_at(&self) -> BTreeMap<String, i64> {
        self.state().taken_at.clone()
    }

    /// The links in the emails that it took, by their numbers.
    pub fn links(&self) -> Vec<(i64, Link)> {
        self.state().links.iter().map(|(number, link)| (*number, link.clone())).collect()
    }

    /// What the server did since the last call, in an order that repeats.
    pub fn take_log(&self) -> Vec<String> {
        let mut log = std::mem::take(&mut self.state().log);
        log.sort();
        log
    }
}

/// A link in an email.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// The last part of its address.
    pub token: String,
    /// Whether it moves a booking.
    pub moves: bool,
}

/// The links in an email.
fn links(email: &Email) -> impl Iterator<Item = (i64, Link)> {
    let text = String::from_utf8_lossy(email.bytes()).replace("=\r\n", "").replace("=3D", "=");
    let tokens = text.split("/links/").skip(1).filter_map(|rest| {
        let is_of_it = |it: char| it.is_ascii_alphanumeric() || ".-_".contains(it);
        let token: String = rest.chars().take_while(|it| is_of_it(*it)).collect();
        let number = token.split_once('.')?.0.parse().ok()?;
        let moves = rest[token.len()..].starts_with("?room=");
        Some((number, Link { token, moves }))
    });
    tokens.collect::<Vec<_>>().into_iter()
}

fn header(email: &Email, name: &str) -> String {
    let text = String::from_utf8_lossy(email.bytes()).into_owned();
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.unwrap_or_default().trim().to_owned()
}

impl State {
    fn fate(&mut self, email: &Email) -> Fate {
        let tries = self.tries.entry(header(email, "Message-ID")).or_default();
        *tries += 1;
        if !self.is_stormy {
            return Fate::Taken;
        }
        let mut hasher = DefaultHasher::new();
        (self.seed, email.to(), header(email, "Subject"), *tries).hash(&mut hasher);
        match hasher.finish() % 20 {
            0 | 1 => Fate::PutOff,
            2 if *tries > 1 => Fate::Refused,
            3 => Fate::AnswerLost,
            4 => Fate::AllLost,
            _ => Fate::Taken,
        }
    }

    fn take(&mut self, email: &Email, is_answered: bool) {
        let id = header(email, "Message-ID");
        let now = self.clock.now().0;
        self.taken_at.entry(id.clone()).or_insert(now);
        self.links.extend(links(email));
        let number = self.taken.len();
        if self.bug == Some(Bug::EmailLost) && number % 2 == 1 && !self.taken.contains_key(&id) {
            // It only says so.
            self.taken.insert(format!("lost {id}"), Vec::new());
            return;
        }
        let times = if self.bug == Some(Bug::EmailTwice) && number % 3 == 2 { 2 } else { 1 };
        for _ in 0..times {
            self.taken.entry(id.clone()).or_default().push(is_answered);
        }
    }
}

/// A connection to the mail server.
struct Line {
    server: MailServer,
    fate: Fate,
    _place: Option<OwnedSemaphorePermit>,
}

impl Transport for MailServer {
    fn connect(&self) -> Waiting<'_, Result<Box<dyn Session>, SendError>> {
        Box::pin(async {
            let place = Arc::clone(&self.place).acquire_owned().await.ok();
            let line = Line { server: self.clone(), fate: Fate::Taken, _place: place };
            Ok(Box::new(line) as Box<dyn Session>)
        })
    }

    fn name(&self) -> String {
        "the mail server of the simulation".to_owned()
    }
}

impl Session for Line {
    fn send_envelope<'s>(
        &'s mut self,
        email: &'s Email,
    ) -> Waiting<'s, Result<Accepted, SendError>> {
        let mut state = self.server.state();
        self.fate = state.fate(email);
        let what = format!("{} \"{}\"", email.to(), header(email, "Subject"));
        let (word, answer) = match self.fate {
            Fate::PutOff => ("puts off", Err(SendError::new(Failure::Later, "450 later"))),
            Fate::Refused => ("refuses", Err(SendError::new(Failure::Never, "550 never"))),
            Fate::Taken => ("takes", Ok(Accepted::default())),
            Fate::AnswerLost => ("takes, without an answer,", Ok(Accepted::default())),
            Fate::AllLost => ("loses, without an answer,", Ok(Accepted::default())),
        };
        state.log.push(format!("mail server {word} the email to {what}"));
        drop(state);
        Box::pin(async { answer })
    }

    fn transmit<'s>(&'s mut self, email: &'s Email) -> Waiting<'s, Result<String, SendError>> {
        let mut state = self.server.state();
        let is_killed = std::mem::take(&mut state.kills);
        let is_answered = self.fate == Fate::Taken && !is_killed;
        if self.fate != Fate::AllLost {
            state.take(email, is_answered);
        }
        drop(state);
        let server = self.server.clone();
        Box::pin(async move {
            if is_killed {
                // The caller that waits for it sees the end of the process.
                let _ = server.signals.send(Signal::Crash);
                std::future::pending::<()>().await;
            }
            match is_answered {
                true => Ok("kept".to_owned()),
                false => Err(SendError::new(Failure::AnswerLost, "the line is cut")),
            }
        })
    }

    fn reset(&mut self) -> Waiting<'_, Result<(), SendError>> {
        Box::pin(async { Ok(()) })
    }

    fn end(self: Box<Self>) -> Waiting<'static, ()> {
        Box::pin(async {})
    }
}
