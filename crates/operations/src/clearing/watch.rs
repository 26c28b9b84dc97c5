//! Watching: the homes of calendars are asked every few seconds which of their calendars have changed, and those
//! are cleared at once.
//!
//! One PROPFIND serves all calendars of an account that lie in one home. Its states are compared with those of the
//! mirrors, so nothing else is remembered, and a change that nobody has carried out yet is seen again. One process
//! watches all homes of a server, under a lease; the runs are shared as all by schedule are.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use caldav::{Href, SyncState};
use facts::clock::Instant;
use store::calendars::{self, Watched, WatchedState};
use store::{AccountId, CalendarId, leases};
use tokio::task::JoinHandle;
use url::Url;

use crate::clearing::schedule::Schedule;
use crate::connections::pool::host;
use crate::{Clock, Result, Service, Stage};

/// The shortest time between two polls of one server: two a second.
const POLL_GAP: Duration = Duration::from_millis(500);
/// Polls of one server that are in progress at once; a server that is slower than that is asked less often.
const MAX_POLLS: usize = 4;
/// For how long the list of watched calendars is used.
const LISTED_FOR: Duration = Duration::from_secs(10);
/// How long a process may be silent before another watches its servers, in seconds.
const LEASE_SECONDS: i64 = 15;
/// How often a lease is renewed, or tried for.
const RENEWAL: Duration = Duration::from_secs(5);
/// The longest pause between two polls of a home that fail.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// The longest pause before a calendar whose runs fail is run again because it has changed, in seconds.
const LONGEST_RUN_PAUSE: i64 = 600;

/// A home of calendars, as one account reaches it.
type HomeKey = (AccountId, String);

/// What this process watches. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    listed: Option<Instant>,
    /// By host.
    servers: BTreeMap<String, Server>,
}

#[derive(Debug, Default)]
struct Server {
    homes: BTreeMap<HomeKey, Home>,
    /// When the lease was taken last, while this process has it.
    held: Option<Instant>,
    /// When it was tried for.
    tried: Option<Instant>,
    /// When it was polled last.
    polled: Option<Instant>,
    /// Since when it is not to be asked, and for how long.
    paused: Option<(Instant, Duration)>,
}

#[derive(Debug)]
struct Home {
    /// One of its calendars, by which it is reached.
    calendar: CalendarId,
    every: Duration,
    last: Instant,
    wait: Duration,
    failures: u32,
    is_polled: bool,
}

/// A poll that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Poll {
    server: String,
    home: HomeKey,
    calendar: CalendarId,
}

/// What a poll came to.
enum Polled {
    /// The home was read; whether a calendar was found to have changed.
    Read { is_news: bool },
    /// The account may not list the home: each of so many calendars is looked at alone.
    Unlisted { is_news: bool, calendars: usize },
    /// It failed; for how long the server is not to be asked, if it says.
    Failed { retry_after: Option<Duration> },
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes notice of what is watched. New homes of a server are spread evenly over their interval.
    fn list(&mut self, watched: Vec<Watched>, clock: &Clock) {
        let mut homes: BTreeMap<String, BTreeMap<HomeKey, (CalendarId, u64)>> = BTreeMap::new();
        for it in watched {
            let Some(home) = home_of(&it.collection_url) else { continue };
            let every = u64::try_from(it.watch_seconds).unwrap_or_default();
            let of_server = homes.entry(host(&it.collection_url)).or_default();
            let known = of_server.entry((it.account_id, home)).or_insert((it.id, every));
            known.1 = known.1.min(every);
        }
        self.servers.retain(|server, _| homes.contains_key(server));
        for (server, homes) in homes {
            let known = self.servers.entry(server).or_default();
            known.homes.retain(|key, _| homes.contains_key(key));
            let number = u32::try_from(homes.len()).unwrap_or(u32::MAX);
            for (index, (key, (calendar, every))) in (0..).zip(homes) {
                let every = Duration::from_secs(every);
                match known.homes.entry(key) {
                    Entry::Occupied(mut home) => {
                        let home = home.get_mut();
                        (home.calendar, home.every) = (calendar, every);
                        if home.failures == 0 {
                            home.wait = home.wait.min(every);
                        }
                    }
                    Entry::Vacant(place) => {
                        place.insert(Home {
                            calendar,
                            every,
                            last: clock.instant(),
                            wait: every * index / number,
                            failures: 0,
                            is_polled: false,
                        });
                    }
                }
            }
        }
        self.listed = Some(clock.instant());
    }

    /// The polls that are to be made now, one for each server at most: of the home that has waited longest.
    fn due(&mut self, clock: &Clock) -> Vec<Poll> {
        let mut polls = Vec::new();
        for (server, of) in &mut self.servers {
            let is_over =
                |since: Option<Instant>, wait| since.is_none_or(|it| clock.elapsed(it) >= wait);
            let is_paused = of.paused.is_some_and(|(since, wait)| clock.elapsed(since) < wait);
            let in_progress = of.homes.values().filter(|it| it.is_polled).count();
            let is_free = in_progress < MAX_POLLS && !is_paused && is_over(of.polled, POLL_GAP);
            if of.held.is_none() || !is_free {
                continue;
            }
            let overdue = |it: &Home| clock.elapsed(it.last).checked_sub(it.wait);
            let due = of.homes.iter_mut().filter(|(_, it)| !it.is_polled && overdue(it).is_some());
            if let Some((key, home)) = due.max_by_key(|(_, it)| overdue(it)) {
                home.is_polled = true;
                home.last = clock.instant();
                of.polled = Some(home.last);
                let (server, calendar) = (server.clone(), home.calendar);
                polls.push(Poll { server, home: key.clone(), calendar });
            }
        }
        polls
    }

    /// Notes what a poll came to: failures double the pause, and what a server asks for is kept for all of it.
    fn end(&mut self, poll: &Poll, polled: &Polled, clock: &Clock) {
        let Some(server) = self.servers.get_mut(&poll.server) else { return };
        let Some(home) = server.homes.get_mut(&poll.home) else { return };
        home.is_polled = false;
        match polled {
            Polled::Read { .. } => (home.failures, home.wait) = (0, home.every),
            Polled::Unlisted { calendars, .. } => {
                let calendars = u32::try_from(*calendars).unwrap_or(u32::MAX);
                (home.failures, home.wait) =
                    (0, home.every.max(POLL_GAP.saturating_mul(calendars)));
            }
            Polled::Failed { retry_after } => {
                home.failures = home.failures.saturating_add(1);
                let doubled = 2_u32.saturating_pow(home.failures);
                home.wait = home.every.saturating_mul(doubled).min(LONGEST_PAUSE);
                if let Some(wait) = retry_after {
                    server.paused = Some((clock.instant(), *wait));
                }
            }
        }
    }

    /// The servers whose lease is to be renewed or tried for.
    fn to_hold(&self, clock: &Clock) -> Vec<String> {
        let is_due = |it: &Server| it.tried.is_none_or(|at| clock.elapsed(at) >= RENEWAL);
        self.servers.iter().filter(|(_, it)| is_due(it)).map(|(server, _)| server.clone()).collect()
    }

    fn set_held(&mut self, server: &str, is_held: bool, clock: &Clock) {
        if let Some(server) = self.servers.get_mut(server) {
            server.tried = Some(clock.instant());
            server.held = server.tried.filter(|_| is_held);
        }
    }
}

/// The address of the home of a collection.
fn home_of(collection: &str) -> Option<String> {
    let home = caldav::home_of(&Url::parse(collection).ok()?)?;
    Some(home.as_str().to_owned())
}

/// The path of a collection, for comparison.
fn path_of(collection: &str) -> Option<Href> {
    let url = Url::parse(collection).ok()?;
    Some(Href::from_store(&format!("{}/", url.path().trim_end_matches('/'))))
}

/// Whether a calendar is to be run: it is not known to be as its mirror is. One whose runs fail is run again after
/// as long as they have failed.
fn is_news(it: &WatchedState, listed: &[(Href, SyncState)], now: i64) -> bool {
    let mirror = SyncState { ctag: it.ctag.clone(), sync_token: it.sync_token.clone() };
    let path = path_of(&it.collection_url);
    let state = listed.iter().find(|(href, _)| Some(href) == path.as_ref()).map(|(_, state)| state);
    let is_same = state.is_some_and(|state| state.is_unchanged_since(&mirror)) && !it.is_in_doubt;
    let is_paused = it.failing_since.zip(it.last_scheduled_at).is_some_and(|(since, last)| {
        let pause = (last - since).clamp(0, LONGEST_RUN_PAUSE);
        last <= now && now < last + pause
    });
    !is_same && !is_paused && !it.is_changed
}

impl Service {
    /// Begins the polls that are due, at most one for each server. What has changed is run at once.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn watch(&self, watch: &Watch, schedule: &Schedule) -> Result<Vec<JoinHandle<()>>> {
        if self.stopping.has_come(Stage::Draining) {
            return Ok(Vec::new());
        }
        let is_listed = watch.state().listed.is_some_and(|at| self.clock.elapsed(at) < LISTED_FOR);
        if !is_listed {
            let watched = calendars::watched(&self.store).await?;
            watch.state().list(watched, &self.clock);
        }
        let to_hold = watch.state().to_hold(&self.clock);
        for server in to_hold {
            let transaction = self.store.begin().await?;
            let name = format!("watch {server}");
            let is_held = leases::take(&transaction, &name, &self.process, LEASE_SECONDS).await?;
            transaction.commit().await?;
            watch.state().set_held(&server, is_held, &self.clock);
        }
        let polls = watch.state().due(&self.clock);
        let begun = polls.into_iter().map(|poll| {
            let (service, watch, schedule) = (self.clone(), watch.clone(), schedule.clone());
            tokio::spawn(async move { service.poll_and_run(&poll, &watch, &schedule).await })
        });
        Ok(begun.collect())
    }

    async fn poll_and_run(&self, poll: &Poll, watch: &Watch, schedule: &Schedule) {
        let polled = self.unless_cut_off(self.poll(poll)).await.unwrap_or_else(|error| {
            tracing::warn!(server = poll.server, home = poll.home.1, %error, "watching failed");
            Polled::Failed { retry_after: None }
        });
        watch.state().end(poll, &polled, &self.clock);
        if matches!(polled, Polled::Read { is_news: true } | Polled::Unlisted { is_news: true, .. })
            && let Err(error) = self.look_at_schedules(schedule).await
        {
            tracing::warn!(%error, "checking schedules failed");
        }
    }

    /// Asks a home which of its calendars have changed, and notes these.
    async fn poll(&self, poll: &Poll) -> Result<Polled> {
        let Some(calendar) = calendars::by_id(&self.store, poll.calendar).await? else {
            return Ok(Polled::Read { is_news: false });
        };
        let server = self.on_server(&calendar).await?;
        let (listed, is_listed) = match server.collection.states_in_home().await {
            Ok(listed) => (listed, true),
            Err(
                caldav::Error::NotFound
                | caldav::Error::Forbidden { .. }
                | caldav::Error::Refused { status: 400..500, .. },
            ) => (Vec::new(), false),
            Err(error) => {
                let retry_after = match error.cause() {
                    caldav::Error::TooManyRequests { retry_after, .. } => Some(*retry_after),
                    _ => None,
                };
                let error = server.error(&error).await;
                tracing::warn!(server = poll.server, home = poll.home.1, %error, "watching failed");
                return Ok(Polled::Failed { retry_after });
            }
        };
        let (account, home) = &poll.home;
        let mut states = calendars::watched_states(&self.store, *account).await?;
        states.retain(|it| home_of(&it.collection_url).as_ref() == Some(home));
        let now = self.now().0;
        let changed = states.iter().filter(|it| is_news(it, &listed, now)).map(|it| it.id);
        let changed: Vec<CalendarId> = changed.collect();
        if !changed.is_empty() {
            let transaction = self.store.begin().await?;
            calendars::set_changed(&transaction, &changed).await?;
            transaction.commit().await?;
        }
        let is_news = !changed.is_empty();
        Ok(match is_listed {
            true => Polled::Read { is_news },
            false => Polled::Unlisted { is_news, calendars: states.len() },
        })
    }
}

#[cfg(test)]
mod tests {
    use ical::Moment;

    use super::*;

    const TICK: Duration = Duration::from_millis(250);

    fn watched(homes: i64, of_each: i64, server: &str) -> Vec<Watched> {
        let all = (0..homes).flat_map(|home| (0..of_each).map(move |it| (home, it)));
        let one = |(home, it)| Watched {
            id: CalendarId(home * of_each + it),
            account_id: AccountId(home),
            collection_url: format!("https://{server}/{home}/room-{it}/"),
            watch_seconds: 20,
        };
        all.map(one).collect()
    }

    /// What is polled in so many seconds, if every poll comes to this.
    fn polled(state: &mut State, clock: &Clock, seconds: u32, outcome: &Polled) -> Vec<Poll> {
        let mut polls = Vec::new();
        for _ in 0..seconds * 4 {
            let due = state.due(clock);
            due.iter().for_each(|poll| state.end(poll, outcome, clock));
            polls.extend(due);
            clock.advance(TICK);
        }
        polls
    }

    fn held(watched: Vec<Watched>, clock: &Clock) -> State {
        let mut state = State::default();
        state.list(watched, clock);
        let servers: Vec<String> = state.servers.keys().cloned().collect();
        servers.iter().for_each(|it| state.set_held(it, true, clock));
        state
    }

    const QUIET: Polled = Polled::Read { is_news: false };

    #[test]
    fn a_thousand_calendars_of_twenty_accounts_cost_twenty_requests_in_twenty_seconds() {
        let clock = Clock::manual(Moment(1_000_000));
        let mut state = held(watched(20, 50, "one"), &clock);
        polled(&mut state, &clock, 20, &QUIET);
        for _ in 0..5 {
            let polls = polled(&mut state, &clock, 20, &QUIET);
            assert!((19..=20).contains(&polls.len()), "{}", polls.len());
        }
        for _ in 0..20 {
            let polls = polled(&mut state, &clock, 1, &QUIET);
            assert!(polls.len() <= 2, "they are spread evenly: {polls:?}");
        }
    }

    #[test]
    fn a_server_is_polled_at_most_twice_a_second_and_others_beside_it() {
        let clock = Clock::manual(Moment(1_000_000));
        let homes = [watched(100, 1, "many"), watched(1, 1, "one")].concat();
        let mut state = held(homes, &clock);
        polled(&mut state, &clock, 60, &QUIET);
        let polls = polled(&mut state, &clock, 100, &QUIET);
        let (many, one): (Vec<_>, Vec<_>) = polls.iter().partition(|it| it.server == "many");
        assert!((190..=200).contains(&many.len()), "{}", many.len());
        assert!((4..=5).contains(&one.len()), "{}", one.len());
    }

    #[test]
    fn a_server_that_hangs_has_four_polls_at_most() {
        let clock = Clock::manual(Moment(1_000_000));
        let mut state = held(watched(30, 1, "slow"), &clock);
        let mut polls = 0;
        for _ in 0..400 {
            polls += state.due(&clock).len();
            clock.advance(TICK);
        }
        assert_eq!(polls, MAX_POLLS);
    }

    #[test]
    fn failures_double_the_pause_up_to_ten_minutes_and_a_server_is_left_alone_for_as_long_as_it_asks()
     {
        let clock = Clock::manual(Moment(1_000_000));
        let mut state = held(watched(1, 1, "one"), &clock);
        let failed = Polled::Failed { retry_after: None };
        assert_eq!(polled(&mut state, &clock, 39, &failed).len(), 1);
        assert_eq!(polled(&mut state, &clock, 2, &failed).len(), 1);
        polled(&mut state, &clock, 3_000, &failed);
        assert_eq!(polled(&mut state, &clock, 1_200, &failed).len(), 2);
        polled(&mut state, &clock, 600, &QUIET);
        assert_eq!(polled(&mut state, &clock, 60, &QUIET).len(), 3, "it is well again");

        let mut state = held(watched(20, 1, "one"), &clock);
        let wait = Some(Duration::from_secs(300));
        assert_eq!(polled(&mut state, &clock, 300, &Polled::Failed { retry_after: wait }).len(), 1);
    }

    #[test]
    fn only_the_process_that_has_the_lease_polls_and_it_is_renewed_every_five_seconds() {
        let clock = Clock::manual(Moment(1_000_000));
        let mut state = held(watched(1, 1, "one"), &clock);
        assert!(state.to_hold(&clock).is_empty());
        clock.advance(RENEWAL);
        assert_eq!(state.to_hold(&clock), ["one"]);
        state.set_held("one", false, &clock);
        assert!(polled(&mut state, &clock, 60, &QUIET).is_empty());
    }

    #[test]
    fn a_home_that_may_not_be_listed_is_asked_no_faster_than_its_calendars_can_be() {
        let clock = Clock::manual(Moment(1_000_000));
        let mut state = held(watched(1, 100, "one"), &clock);
        let unlisted = Polled::Unlisted { is_news: true, calendars: 100 };
        assert_eq!(polled(&mut state, &clock, 100, &unlisted).len(), 2);
    }

    #[test]
    fn a_calendar_whose_runs_fail_is_run_again_after_as_long_as_they_have_failed() {
        let it = |failing_since, last_scheduled_at| WatchedState {
            id: CalendarId(1),
            collection_url: "https://one/0/room/".to_owned(),
            sync_token: Some("1".to_owned()),
            ctag: None,
            is_in_doubt: false,
            is_changed: false,
            failing_since,
            last_scheduled_at,
        };
        let state = |token: &str| SyncState { sync_token: Some(token.to_owned()), ctag: None };
        let listed = |token| vec![(Href::from_store("/0/room/"), state(token))];
        assert!(!is_news(&it(None, None), &listed("1"), 1_000));
        assert!(is_news(&it(None, None), &listed("2"), 1_000));
        assert!(is_news(&it(None, None), &[], 1_000), "its home does not name it");
        assert!(!is_news(&it(Some(900), Some(1_000)), &listed("2"), 1_099));
        assert!(is_news(&it(Some(900), Some(1_000)), &listed("2"), 1_100));
        assert!(is_news(&it(Some(0), Some(90_000)), &listed("2"), 90_000 + LONGEST_RUN_PAUSE));
    }
}
