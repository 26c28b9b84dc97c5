//! Scheduled runs: each calendar's turn is taken by one process, marked when it is done, and taken over by another
//! process if this one dies or freezes. A calendar whose server hangs holds up only itself.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use facts::clock::Instant;
use ical::Moment;
use store::CalendarId;
use store::calendars::{self, Due};
use store::history::Starter;
use tokio::sync::Notify;

use crate::clearing::run::{SCHEDULE, at_once};
use crate::connections::pool::host;
use crate::{ClearRequest, Clock, Limit, Mode, Result, Scope, Service, Stage};

/// Calendars that are due and that one look at the schedules takes notice of.
const MAX_DUE: u32 = 10_000;
/// A run that takes longer than this is slow, and others of its server no longer wait for its place.
const SLOW_AFTER: Duration = Duration::from_secs(20);
/// Slow runs on one server; then the others wait.
const MAX_SLOW: usize = 16;
/// Scheduled runs of one process at once.
const MAX_RUNS: usize = 64;

/// The scheduled runs of this process, and what is due. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    /// Is notified whenever a run has ended.
    ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// What was due at the last look, by server (`None`: built in), longest overdue first.
    waiting: HashMap<Option<String>, VecDeque<Due>>,
    running: HashMap<CalendarId, Turn>,
}

#[derive(Debug)]
struct Turn {
    server: Option<String>,
    begun: Instant,
}

impl State {
    /// Whether another run may begin on a server.
    fn has_place(&self, server: Option<&str>, clock: &Clock) -> bool {
        let of_server = self.running.values().filter(|it| it.server.as_deref() == server);
        let (slow, quick): (Vec<_>, Vec<_>) =
            of_server.partition(|it| clock.elapsed(it.begun) >= SLOW_AFTER);
        quick.len() < at_once(server) && slow.len() < MAX_SLOW && self.running.len() < MAX_RUNS
    }

    /// The next calendar for which there is a place: it is counted as running from here on.
    fn next(&mut self, clock: &Clock) -> Option<Due> {
        let mut servers: Vec<Option<String>> = self.waiting.keys().cloned().collect();
        // In one order, so that a test repeats.
        servers.sort();
        for server in servers {
            if !self.has_place(server.as_deref(), clock) {
                continue;
            }
            let running = &self.running;
            let Some(queue) = self.waiting.get_mut(&server) else { continue };
            queue.retain(|due| !running.contains_key(&due.id));
            if let Some(due) = queue.pop_front() {
                self.running.insert(due.id, Turn { server, begun: clock.instant() });
                return Some(due);
            }
        }
        None
    }
}

impl Schedule {
    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a run has ended since the last call.
    pub async fn ended(&self) {
        self.inner.ended.notified().await;
    }

    /// How many runs are in progress.
    pub fn running(&self) -> usize {
        self.state().running.len()
    }

    fn end(&self, id: CalendarId) {
        self.state().running.remove(&id);
        self.inner.ended.notify_one();
    }
}

/// Counts a run as running until this is dropped.
struct InProgress {
    schedule: Schedule,
    id: CalendarId,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.schedule.end(self.id);
    }
}

impl Service {
    /// Takes notice of what is due by now, and begins as many runs as there are places for.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn look_at_schedules(&self, schedule: &Schedule) -> Result<()> {
        let due = calendars::due(&self.store, self.now().0, MAX_DUE).await?;
        let mut waiting: HashMap<Option<String>, VecDeque<Due>> = HashMap::new();
        for it in due {
            waiting.entry(it.collection_url.as_deref().map(host)).or_default().push_back(it);
        }
        schedule.state().waiting = waiting;
        self.begin_due(schedule).await
    }

    /// Begins as many runs of those that were due at the last look as there are places for.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn begin_due(&self, schedule: &Schedule) -> Result<()> {
        // Once the process drains, others take what is due.
        while !self.stopping.has_come(Stage::Draining) {
            let next = schedule.state().next(&self.clock);
            let Some(due) = next else { return Ok(()) };
            let in_progress = InProgress { schedule: schedule.clone(), id: due.id };
            let began = self.now();
            let transaction = self.store.begin().await?;
            let is_taken =
                calendars::take_turn(&transaction, due.id, &self.process, began.0).await?;
            transaction.commit().await?;
            if is_taken {
                let service = self.clone();
                tokio::spawn(async move {
                    service.run_turn(&due, began).await;
                    drop(in_progress);
                });
            }
        }
        Ok(())
    }

    /// Keeps the turns of the runs that are in progress.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn keep_turns(&self, schedule: &Schedule) -> Result<()> {
        let ids: Vec<CalendarId> = schedule.state().running.keys().copied().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin().await?;
        calendars::renew_turns(&transaction, &self.process, &ids).await?;
        Ok(transaction.commit().await?)
    }

    /// Runs all that is due now, and waits for the end.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn run_due(&self) -> Result<()> {
        let schedule = Schedule::default();
        self.look_at_schedules(&schedule).await?;
        while schedule.running() > 0 {
            schedule.ended().await;
            self.begin_due(&schedule).await?;
        }
        Ok(())
    }

    async fn run_turn(&self, due: &Due, began: Moment) {
        let request = ClearRequest {
            scope: Scope::Named(vec![due.slug.clone()]),
            mode: Mode::Real,
            limit: Limit::Holds,
            started_by: Starter::of(SCHEDULE),
        };
        let done = match self.clear_bookings(None, request).await {
            // What the end of the process may have cut off is another process's turn.
            Ok(_) if self.stopping.has_come(Stage::CutOff) => None,
            // A calendar that failed had its turn: its next one is the next attempt.
            Ok(_) => Some(began.0),
            Err(error) => {
                tracing::warn!(calendar = due.slug, %error, "scheduled run failed");
                None
            }
        };
        let ended = async {
            let transaction = self.store.begin().await?;
            calendars::end_turn(&transaction, due.id, &self.process, done).await?;
            transaction.commit().await
        };
        if let Err(error) = ended.await {
            // It is not kept any longer, so it expires, and is another process's.
            tracing::warn!(calendar = due.slug, %error, "the end of a scheduled run could not be recorded");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(of: impl IntoIterator<Item = (i64, &'static str)>) -> State {
        let mut state = State::default();
        for (id, server) in of {
            let (slug, collection_url) = (format!("room-{id}"), Some(format!("https://{server}/")));
            let due = Due { id: CalendarId(id), slug, collection_url };
            state.waiting.entry(Some(server.to_owned())).or_default().push_back(due);
        }
        state
    }

    fn begin_all(state: &mut State, clock: &Clock) -> Vec<i64> {
        std::iter::from_fn(|| state.next(clock)).map(|it| it.id.0).collect()
    }

    #[test]
    fn a_slow_server_keeps_only_its_own_calendars_waiting_and_only_for_twenty_seconds() {
        let clock = Clock::manual(Moment(1_000_000));
        let mut state = state((0..40).map(|id| (id, "slow")).chain([(100, "quick")]));
        assert_eq!(begin_all(&mut state, &clock), [100, 0, 1, 2, 3]);
        assert_eq!(begin_all(&mut state, &clock), [0; 0]);
        clock.advance(SLOW_AFTER);
        assert_eq!(begin_all(&mut state, &clock), [4, 5, 6, 7]);
        for _ in 0..10 {
            clock.advance(SLOW_AFTER);
            begin_all(&mut state, &clock);
        }
        let slow = state.running.values().filter(|it| it.server.as_deref() == Some("slow"));
        assert_eq!(slow.count(), MAX_SLOW, "in the end there is a bound");
    }

    #[test]
    fn a_calendar_that_is_running_is_not_begun_again_and_its_place_is_another_ones_when_it_ends() {
        let clock = Clock::manual(Moment(1_000_000));
        let mut state = state((0..6).map(|id| (id, "server")));
        assert_eq!(begin_all(&mut state, &clock), [0, 1, 2, 3]);
        let again = Due { id: CalendarId(2), slug: "room-2".to_owned(), collection_url: None };
        state.waiting.get_mut(&Some("server".to_owned())).unwrap().push_front(again);
        state.running.remove(&CalendarId(0));
        assert_eq!(begin_all(&mut state, &clock), [4]);
    }

    #[test]
    fn no_more_than_sixty_four_run_at_once() {
        let clock = Clock::manual(Moment(1_000_000));
        let servers =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"];
        let of = servers.iter().flat_map(|it| (0..4).map(move |_| *it));
        let mut state = state((0..).zip(of));
        assert_eq!(begin_all(&mut state, &clock).len(), MAX_RUNS);
    }
}
