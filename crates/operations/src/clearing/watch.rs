//! Watching: the homes of calendars are asked every few seconds which of their calendars have changed, and those
//! are cleared at once.
//!
//! One PROPFIND serves all calendars of an account that lie in one home. Its states are compared with those of the
//! mirrors, so nothing else is remembered, and a change that nobody has carried out yet is seen again. One process
//! watches all homes of a server, under a lease; the runs are shared as all by schedule are.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use caldav::{Href, SyncState};
use store::calendars::{self, WatchedState};
use store::{CalendarId, leases};
use tokio::task::JoinHandle;
use url::Url;

use crate::clearing::polls::{Poll, Polled, State, home_of};
use crate::clearing::schedule::Schedule;
use crate::sync::audit::AUDIT_EVERY;
use crate::{Result, Service, Stage};

/// For how long the list of watched calendars is used.
const LISTED_FOR: Duration = Duration::from_secs(10);
/// How long a process may be silent before another watches its servers, in seconds.
const LEASE_SECONDS: i64 = 15;
/// The pause between two runs of a watched calendar that does not change, in seconds.
const HOUR: i64 = 3_600;
/// How many seconds earlier such a run may come, to make use of a poll: polls are a minute apart at most.
const EARLY: i64 = 60;
/// The longest pause before a calendar whose runs fail is run again because it has changed, in seconds.
const LONGEST_RUN_PAUSE: i64 = 600;

/// What this process watches. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    state: Arc<Mutex<State>>,
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the run that an unchanged calendar has once an hour is due, and needs no look beside the poll of its home: the
/// calendar has no schedule of its own, and the next audit of its mirror is not due. It may come a little early, so that
/// some poll always comes before it.
fn is_hourly_run_due(it: &WatchedState, now: i64) -> bool {
    let is_due = |last: i64| last + HOUR - EARLY <= now;
    let is_audited = |at: i64| (at..at + AUDIT_EVERY - 2 * HOUR).contains(&now);
    it.schedule_minutes.is_none()
        && !it.is_in_doubt
        && !it.is_changed
        && it.failing_since.is_none()
        && it.last_scheduled_at.is_some_and(is_due)
        && it.audited_at.is_some_and(is_audited)
}

/// The path of a collection, for comparison.
fn path_of(collection: &str) -> Option<Href> {
    let url = Url::parse(collection).ok()?;
    Some(Href::from_store(format!("{}/", url.path().trim_end_matches('/'))))
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
    /// Begins the polls that are due, at most one for each server. A calendar that has changed is run at once.
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
        let begun = self.clock.instant();
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
        let (news, same): (Vec<&WatchedState>, Vec<&WatchedState>) =
            states.iter().partition(|it| is_news(it, &listed, now));
        let mut changed: Vec<CalendarId> = news.iter().map(|it| it.id).collect();
        // Where versions are counters, all of them are compared once an hour.
        if is_listed && !server.collection.quirks().etag_counters_restart {
            for it in same.into_iter().filter(|it| is_hourly_run_due(it, now)) {
                // A look that is in progress needs no poll.
                if let Ok(mut looks) = self.servers.gate(it.id).try_lock() {
                    looks.polled = Some(begun);
                    changed.push(it.id);
                }
            }
        }
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
    use super::*;

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
            schedule_minutes: None,
            audited_at: None,
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
