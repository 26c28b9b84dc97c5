//! What may happen to one request on its way to the calendar server: it is held, lost, carried out late or
//! twice, and the process may die of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use operations::Clock;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use testing::fake::{FakeCalDav, Quirks};
use testing::scripted::{Answer, Request, Scripted, Way};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::bugs::Bug;
use crate::event::{Event, shown};
use crate::gate::{Act, Effect, Gate, Kind, Late, ROOMS, Signal, State, is_moved, last, told};
use crate::model::Model;

/// Requests that are carried out late are so within this time, in seconds (rule 8).
const LATEST: i64 = 13 * 60;

/// What is done to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    Pass,
    /// It waits until other things have happened.
    Hold,
    /// The connection ends before anything is done.
    Refuse,
    /// It is carried out, and the answer is lost.
    LoseAnswer,
    /// The answer is lost, and it is carried out this number of seconds later.
    Late(i64),
    /// The server has an error of its own, before it does anything.
    Failure,
    /// It is carried out twice.
    Twice,
    /// The process dies before the server does anything.
    KillBefore,
    /// The process dies after the server did it.
    KillAfter,
    /// The process dies, and the server does it this number of seconds later.
    KillLate(i64),
}

impl Gate {
    /// Starts it, calm.
    pub async fn start(
        seed: u64,
        quirks: Quirks,
        bug: Option<Bug>,
        clock: &Clock,
        signals: UnboundedSender<Signal>,
    ) -> (Arc<Gate>, Scripted) {
        let fake = FakeCalDav::start(quirks).await;
        fake.add_calendar(ROOMS[1]);
        let state = State {
            random: StdRng::seed_from_u64(seed ^ 0x6a7e),
            storm: 0,
            bug,
            act: Act { began: 0, kind: Kind::Other },
            models: [Model::default(), Model::default()],
            late: Vec::new(),
            effects: Vec::new(),
            log: Vec::new(),
            wrong: Vec::new(),
            touched: Vec::new(),
            former_etags: BTreeMap::new(),
        };
        let state = Mutex::new(state);
        let gate = Arc::new(Gate { fake, clock: clock.clone(), state, signals });
        let behind = Arc::clone(&gate);
        let front = Scripted::answering(move |(_, request)| {
            let gate = Arc::clone(&behind);
            async move { gate.pass(&request).await }
        });
        let front = front.await;
        (gate, front)
    }

    /// One request of the program.
    pub(crate) async fn pass(&self, request: &Request) -> Answer {
        let before = self.now();
        let (treatment, wrong) = self.arrive(request);
        let kind = self.state().act.kind;
        let lost = || Answer::status(500).on(Way::Lost);
        let room = self.room_of(&request.path);
        let is_read = !matches!(request.method.as_str(), "PUT" | "DELETE");
        let fail = || {
            if let Some(room) = room {
                self.state().models[room].fail_look(before);
            }
        };
        match treatment {
            Treatment::Hold => {
                let (go, wait) = oneshot::channel();
                let name = last(&request.path);
                let uid = name.trim_end_matches(".ics").to_owned();
                let target = room.filter(|_| !is_read).map(|room| (room, uid));
                let _ = self.signals.send(Signal::Held { target, go });
                let _ = wait.await;
            }
            Treatment::Refuse | Treatment::Failure => {
                fail();
                let is_failure = treatment == Treatment::Failure;
                return if is_failure { Answer::status(500) } else { lost() };
            }
            Treatment::Late(seconds) | Treatment::KillLate(seconds) => {
                fail();
                if !is_read {
                    let due = self.now() + seconds;
                    let request = request.clone();
                    self.state().late.push(Late { due, request, wrong, kind });
                }
                return match treatment {
                    Treatment::Late(_) => lost(),
                    _ => self.kill().await,
                };
            }
            Treatment::KillBefore => {
                fail();
                return self.kill().await;
            }
            Treatment::KillAfter | Treatment::LoseAnswer => {
                fail();
                self.carry_out(request, kind, wrong, false);
                return match treatment {
                    Treatment::LoseAnswer => lost(),
                    _ => self.kill().await,
                };
            }
            Treatment::Pass | Treatment::Twice => {}
        }
        if is_read {
            let mut answer = self.fake.answer(request);
            if let Some(room) = room {
                self.fake_confirmation(request, room, &mut answer);
            }
            self.seen(request, before, &answer);
            return answer;
        }
        let first = self.carry_out(request, kind, wrong, true);
        if treatment == Treatment::Twice {
            let second = self.carry_out(request, kind, None, true);
            // A 404 to the second DELETE would say that somebody else deleted the object.
            return if request.method == "DELETE" { first } else { second };
        }
        first
    }

    async fn kill(&self) -> Answer {
        let _ = self.signals.send(Signal::Crash);
        std::future::pending().await
    }

    /// Decides what happens to a request, and judges it if it removes something.
    fn arrive(&self, request: &Request) -> (Treatment, Option<String>) {
        let mut state = self.state();
        let room = self.room_of(&request.path);
        let seconds = match state.storm {
            0 => 0,
            _ => [0, 0, 0, 1, 1, 2][state.random.random_range(0..6)],
        };
        self.clock.advance(Duration::from_secs(seconds));
        let is_write = matches!(request.method.as_str(), "PUT" | "DELETE");
        let wrong = match room {
            Some(room) if is_write => {
                state.models[room].end_look(true);
                self.judge(&state, room, request)
            }
            _ => None,
        };
        let chance = state.random.random_range(0..1_000);
        // Writes are what matters.
        let storm = if is_write { state.storm * 4 } else { state.storm };
        let pick = state.random.random_range(0..20);
        let later = state.random.random_range(1..LATEST);
        let treatment = match pick {
            _ if chance >= storm || room.is_none() => Treatment::Pass,
            0..=5 => Treatment::Hold,
            6 | 7 => Treatment::Refuse,
            8 | 9 => Treatment::LoseAnswer,
            10 | 11 => Treatment::Late(later),
            12 | 13 => Treatment::Failure,
            14 => Treatment::Twice,
            15 | 16 => Treatment::KillBefore,
            17 => Treatment::KillAfter,
            _ => Treatment::KillLate(later),
        };
        let what = match treatment {
            Treatment::Pass => String::new(),
            treatment => format!(" [{treatment:?}]"),
        };
        let line =
            format!("{}   {} {}{what}", shown(self.now()), request.method, told(&request.path));
        state.log.push(line);
        (treatment, wrong)
    }

    /// What is wrong with a removal that is about to be carried out.
    fn judge(&self, state: &State, room: usize, request: &Request) -> Option<String> {
        let (began, now) = (state.act.began, self.now());
        if state.act.kind == Kind::Book && request.method == "PUT" {
            let event = Event::read(&request.text())?;
            return state.models[room].wrong_booking(&event, (began, now));
        }
        if state.act.kind == Kind::Link && request.method == "PUT" {
            return self.wrong_return(state, room, request);
        }
        if state.act.kind != Kind::Clear {
            return None;
        }
        let texts = self.texts(room);
        let text = texts.get(&last(&request.path))?;
        let event = Event::read(text)?;
        if let Some(after) = Event::read(&request.text())
            && event.is_answered
            && after.answer != event.answer
        {
            return Some(format!("{} was answered although somebody had answered it", event.uid));
        }
        let left = match request.method.as_str() {
            "DELETE" if event.is_cancelled => return None,
            "DELETE" => Vec::new(),
            _ => Event::read(&request.text())?.occurrences(),
        };
        let removed: Vec<_> =
            event.occurrences().into_iter().filter(|it| !left.contains(it)).collect();
        state.models[room].wrong_removal(&event, &removed, (began, now))
    }

    /// What is wrong with what a link brings back: somebody else has the hour.
    fn wrong_return(&self, state: &State, room: usize, request: &Request) -> Option<String> {
        let after = Event::read(&request.text())?;
        let before = self.texts(room).get(&last(&request.path)).and_then(|it| Event::read(it));
        let had = before.map(|it| it.blocking()).unwrap_or_default();
        let added = after.blocking().into_iter().filter(|it| !had.contains(it));
        let times = (state.act.began, self.now());
        let dates = added.map(|(start, end)| {
            let excluded = Vec::new();
            Event { start, end, days: 1, excluded, ..after.clone() }
        });
        dates.into_iter().find_map(|date| state.models[room].wrong_booking(&date, times))
    }

    /// Carries out what is late and due by now.
    pub fn carry_out_late(&self) {
        loop {
            let late = {
                let mut state = self.state();
                let now = self.now();
                let due = state.late.iter().enumerate().filter(|(_, it)| it.due <= now);
                let Some(at) = due.min_by_key(|(_, it)| it.due).map(|it| it.0) else { return };
                state.late.remove(at)
            };
            let Request { method, path, .. } = &late.request;
            self.note(format!("server carries out late: {method} {}", told(path)));
            self.carry_out(&late.request, late.kind, late.wrong, false);
        }
    }

    /// Carries out a write, and remembers what it did.
    pub(crate) fn carry_out(
        &self,
        request: &Request,
        kind: Kind,
        wrong: Option<String>,
        is_answered: bool,
    ) -> Answer {
        let mut state = self.state();
        let Some(room) = self.room_of(&request.path) else { return self.fake.answer(request) };
        let name = last(&request.path);
        let text = || self.texts(room).get(&name).cloned();
        let before = text();
        let mut request = request.clone();
        if state.bug == Some(Bug::IfMatchIgnored) {
            request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("If-Match"));
        }
        if state.bug == Some(Bug::RestoreAltered) && kind == Kind::Request {
            request.body = request.text().replace("byte for byte", "nearly").into_bytes();
        }
        if state.bug == Some(Bug::AnswersLost) {
            let body = request.text().replace("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION");
            request.body = body.into_bytes();
        }
        if state.bug == Some(Bug::MoveLost) && is_moved(&name) && request.method == "PUT" {
            return Answer::status(201);
        }
        let answer = self.fake.answer(&request);
        let after = text();
        if before == after {
            return answer;
        }
        self.changed(&mut state, room);
        let event = after.as_deref().or(before.as_deref()).and_then(Event::read);
        let uid = event.map_or_else(|| name.trim_end_matches(".ics").to_owned(), |it| it.uid);
        let now = self.now();
        state.models[room].write(&uid, now, is_answered);
        if let Some(wrong) = wrong {
            state.wrong.push(format!("{} {wrong}", shown(now)));
        }
        let path = request.path.clone();
        let is_new = is_moved(&name) || kind == Kind::Divide;
        let is_booking = kind == Kind::Book || before.is_none() && is_new;
        state.effects.push(Effect { path, before, after, at: now, is_answered, is_booking });
        answer
    }

    /// The program gets an answer to what it has read.
    fn seen(&self, request: &Request, before: i64, answer: &Answer) {
        let Some(room) = self.room_of(&request.path) else { return };
        let mut state = self.state();
        let now = self.now();
        let model = &mut state.models[room];
        let is_collection = last(&request.path).is_empty();
        let depth = request.header("Depth").unwrap_or("0");
        match (request.method.as_str(), is_collection) {
            _ if answer.status >= 400 && answer.status != 404 && request.method != "REPORT" => {}
            ("PROPFIND", true) if depth == "0" => model.begin_look(before, now),
            ("PROPFIND", true) => model.read(now, true),
            ("REPORT", true) => model.read(now, false),
            _ => {
                model.end_look(true);
                model.read(now, false);
            }
        }
    }

    /// The planted bug: a request for versions alone is answered as if nothing had changed.
    fn fake_confirmation(&self, request: &Request, room: usize, answer: &mut Answer) {
        let state = self.state();
        let (is_bug, text) = (state.bug == Some(Bug::ConfirmationFaked), request.text());
        if !is_bug || !text.contains("calendar-multiget") || text.contains("calendar-data") {
            return;
        }
        let mut body = String::from_utf8_lossy(&answer.body).into_owned();
        for (name, former) in &state.former_etags {
            let href = format!("<D:href>{}{name}</D:href>", self.path(room));
            let gone = format!("{href}<D:status>HTTP/1.1 404 Not Found</D:status>");
            let there = format!(
                "{href}<D:propstat><D:prop><D:getetag>{}</D:getetag></D:prop>\
                 <D:status>HTTP/1.1 200 OK</D:status></D:propstat>",
                former
            );
            body = body.replace(&gone, &there);
            let current = self.fake.with(|it| {
                it.calendars[ROOMS[room]].objects.get(name).map(|object| object.etag.clone())
            });
            if let Some(current) = current {
                body = body.replace(&current, former);
            }
        }
        answer.body = body.into_bytes();
    }
}
