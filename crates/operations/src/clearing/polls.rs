//! Which homes of watched calendars are polled when: spread evenly over their interval, at most twice a second for
//! a server, and less often while it fails or asks for a pause.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use facts::clock::Instant;
use store::calendars::Watched;
use store::{AccountId, CalendarId};
use url::Url;

use crate::Clock;
use crate::connections::pool::host;

/// The shortest time between two polls of one server: two a second.
const POLL_GAP: Duration = Duration::from_millis(500);
/// Polls of one server that are in progress at once; a server that is slower than that is asked less often.
const MAX_POLLS: usize = 4;
/// How often a lease is renewed, or tried for.
const RENEWAL: Duration = Duration::from_secs(5);
/// The longest pause between two polls of a home that fail.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// A home of calendars, as one account reaches it.
pub(crate) type HomeKey = (AccountId, String);

#[derive(Debug, Default)]
pub(crate) struct State {
    /// When the list of watched calendars was read.
    pub listed: Option<Instant>,
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
pub(crate) struct Poll {
    /// The host.
    pub server: String,
    pub home: HomeKey,
    pub calendar: CalendarId,
}

/// What a poll came to.
pub(crate) enum Polled {
    /// The home was read; whether a calendar was found to have changed.
    Read { is_news: bool },
    /// The account may not list the home: each of this number of calendars is looked at alone.
    Unlisted { is_news: bool, calendars: usize },
    /// It failed; for how long the server is not to be asked, if it says.
    Failed { retry_after: Option<Duration> },
}

impl State {
    /// Takes notice of what is watched. New homes of a server are spread evenly over their interval.
    pub fn list(&mut self, watched: Vec<Watched>, clock: &Clock) {
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
    pub fn due(&mut self, clock: &Clock) -> Vec<Poll> {
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
    pub fn end(&mut self, poll: &Poll, polled: &Polled, clock: &Clock) {
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
    pub fn to_hold(&self, clock: &Clock) -> Vec<String> {
        let is_due = |it: &Server| it.tried.is_none_or(|at| clock.elapsed(at) >= RENEWAL);
        self.servers.iter().filter(|(_, it)| is_due(it)).map(|(server, _)| server.clone()).collect()
    }

    pub fn set_held(&mut self, server: &str, is_held: bool, clock: &Clock) {
        if let Some(server) = self.servers.get_mut(server) {
            server.tried = Some(clock.instant());
            server.held = server.tried.filter(|_| is_held);
        }
    }
}

/// The address of the home of a collection.
pub(crate) fn home_of(collection: &str) -> Option<String> {
    let home = caldav::home_of(&Url::parse(collection).ok()?)?;
    Some(home.as_str().to_owned())
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

    /// What is polled in a number of seconds, if every poll comes to this.
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
}
