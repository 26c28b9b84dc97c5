//! Clearing: the operation that the program is for (section 3 of the contract).

use std::collections::BTreeMap;
use std::sync::Arc;

use ical::Moment;
use ical::civil::DAY;
use store::calendars::{self, Calendar};
use store::history::{self, Cause, NewChange, Starter};
use store::{CalendarId, RunId, Transaction, confirmations, site};

use crate::backend::CalendarBackend as _;
use crate::built_in::BuiltIn;
use crate::clearing_of_one::{ChangeOfOne, Outcome};
use crate::delete_event::new_removal;
use crate::leases::MAX_WAIT;
use crate::notify::Announcer;
use crate::report::{Entry, FailedCalendar, Report, ShownEvent};
use crate::snapshot::{Snapshot, work};
use crate::{Caller, Error, Result, Service};

/// Whether anything is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The real thing.
    Real,
    /// Nothing is changed and nobody is written to; the report says what would have been.
    Test,
}

/// What the safety limit does (rule 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It keeps a run from removing too much.
    Holds,
    /// An administrator has confirmed this run.
    Lifted,
}

/// Which calendars are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that are within reach.
    All,
    /// Those of these slugs.
    Named(Vec<String>),
}

/// What is to be cleared.
#[derive(Clone, Debug)]
pub struct ClearRequest {
    /// Which calendars.
    pub scope: Scope,
    /// Whether anything is changed.
    pub mode: Mode,
    /// What the safety limit does.
    pub limit: Limit,
    /// Who started it.
    pub started_by: Starter,
}

/// How often a calendar is planned anew because it changed while it was being planned, before it is
/// planned while nobody can change it.
const FREE_TRIES: usize = 2;

impl Service {
    /// Clears calendars of a caller; of all calendars where there is none (the command line).
    ///
    /// All calendars are found before any is touched. From then on the run goes on to its end, also
    /// when whoever waits for it goes away. A calendar that fails stands in the report and stops none
    /// of the others.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if a calendar is not within reach: nothing is cleared then.
    pub async fn clear_bookings(
        &self,
        caller: Option<&Caller>,
        request: ClearRequest,
    ) -> Result<Report<ShownEvent>> {
        let calendars = self.calendars_in(caller, &request.scope).await?;
        let service = self.clone();
        let running = Arc::clone(&self.runs).read_owned().await;
        let run = tokio::spawn(async move {
            let report = service.run(calendars, &request).await;
            drop(running);
            report
        });
        run.await.map_err(|error| Error::Internal(format!("the run ended early: {error}")))?
    }

    /// The calendars of a scope, each once, by slug.
    async fn calendars_in(&self, caller: Option<&Caller>, scope: &Scope) -> Result<Vec<Calendar>> {
        let all = match caller {
            Some(caller) => caller.calendars.to_vec(),
            None => calendars::all(&self.store).await?,
        };
        let by_slug: BTreeMap<String, Calendar> =
            all.into_iter().map(|it| (it.slug.clone(), it)).collect();
        let Scope::Named(slugs) = scope else { return Ok(by_slug.into_values().collect()) };
        let mut named = BTreeMap::new();
        for slug in slugs {
            let missing = || match caller {
                Some(_) => Error::no_calendar(slug),
                None => Error::NotFound(format!(
                    "there is no calendar {slug:?}; `room-booking calendar list` shows them"
                )),
            };
            let calendar = by_slug.get(slug).ok_or_else(missing)?;
            named.insert(slug.clone(), calendar.clone());
        }
        Ok(named.into_values().collect())
    }

    async fn run(
        &self,
        calendars: Vec<Calendar>,
        request: &ClearRequest,
    ) -> Result<Report<ShownEvent>> {
        let now = self.now();
        let mut report = Report::new(request.mode == Mode::Test);
        report.calendars = calendars.len();
        let run = match request.mode {
            Mode::Test => None,
            Mode::Real => {
                let transaction = self.store.begin().await?;
                let is_confirmed = request.limit == Limit::Lifted;
                let run =
                    history::begin_run(&transaction, &request.started_by, is_confirmed, now.0)
                        .await?;
                transaction.commit().await?;
                Some(run)
            }
        };
        let mut looks = Vec::new();
        for calendar in calendars {
            let cleared = match run {
                None => self.test(&calendar, request.limit, now).await,
                Some(run) => self.clear_one(&calendar, run, request.limit, now).await,
            };
            match cleared {
                Ok(of_it) => {
                    if run.is_some() {
                        log(&calendar, request.started_by.by, &of_it);
                        looks.push((calendar.id, left_over(&of_it)));
                    }
                    report.append(of_it);
                }
                Err(error) => {
                    tracing::error!(calendar = calendar.slug, %error, "a calendar failed");
                    report.failed_calendars.push(FailedCalendar {
                        calendar: calendar.slug.as_str().into(),
                        error: error.to_string(),
                    });
                }
            }
        }
        if let Some(run) = run
            && let Err(error) = self.end_run(run, &looks).await
        {
            // What was done is done, and the report is the only one to say so; `recover` ends the run.
            tracing::error!(%run, %error, "the end of a run could not be written down");
        }
        report.sort();
        Ok(report)
    }

    async fn end_run(&self, run: RunId, looks: &[(CalendarId, i64)]) -> Result<()> {
        let transaction = self.store.begin().await?;
        for (calendar, conflicts) in looks {
            site::note_look(&transaction, *calendar, *conflicts, self.now().0).await?;
        }
        history::end_run(&transaction, run, self.now().0).await?;
        Ok(transaction.commit().await?)
    }

    /// What a clear of one calendar would do.
    async fn test(
        &self,
        calendar: &Calendar,
        limit: Limit,
        now: Moment,
    ) -> Result<Report<ShownEvent>> {
        let snapshot = self.snapshot_to_clear(&self.store, calendar, limit, now).await?;
        let (_, outcome) = outcome_of(snapshot, now).await?;
        Ok(outcome.report)
    }

    /// Clears one calendar, while no other run does.
    async fn clear_one(
        &self,
        calendar: &Calendar,
        run: RunId,
        limit: Limit,
        now: Moment,
    ) -> Result<Report<ShownEvent>> {
        let Some(lease) = self.lease(&format!("calendar {}", calendar.id)).await? else {
            return Err(Error::Busy(format!(
                "another run has held the calendar for {} seconds; try again later",
                MAX_WAIT.as_secs()
            )));
        };
        let cleared = self.clear_built_in(calendar, run, limit, now, &lease).await;
        if let Err(error) = lease.give_back().await {
            // What was cleared stays cleared; the lease ends by itself.
            tracing::warn!(calendar = calendar.slug, %error, "a lease could not be given back");
        }
        cleared
    }

    /// Clears a built-in calendar: all of it in one transaction. It is planned before that begins, so
    /// that others can write meanwhile, and planned again if they did.
    async fn clear_built_in(
        &self,
        calendar: &Calendar,
        run: RunId,
        limit: Limit,
        now: Moment,
        lease: &crate::leases::Lease,
    ) -> Result<Report<ShownEvent>> {
        let mut planned = None;
        for _ in 0..FREE_TRIES {
            let snapshot = self.snapshot_to_clear(&self.store, calendar, limit, now).await?;
            let revision = snapshot.calendar.revision;
            let (snapshot, outcome) = outcome_of(snapshot, now).await?;
            if outcome.is_nothing(&snapshot) && !self.has_confirmation(calendar).await? {
                return Ok(outcome.report);
            }
            let is_current = calendars::by_id(&self.store, calendar.id)
                .await?
                .is_some_and(|it| it.revision == revision);
            planned = Some((snapshot, outcome));
            if is_current {
                break;
            }
        }
        let transaction = self.store.begin().await?;
        lease.hold(&transaction).await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let is_current = planned
            .as_ref()
            .is_some_and(|(snapshot, _)| snapshot.calendar.revision + 1 == backend.revision);
        let (snapshot, outcome) = match planned {
            Some(planned) if is_current => planned,
            _ => {
                let snapshot = self.snapshot_to_clear(&transaction, calendar, limit, now).await?;
                outcome_of(snapshot, now).await?
            }
        };
        self.apply(&transaction, &backend, &snapshot, &outcome, run, now).await?;
        transaction.commit().await?;
        Ok(outcome.report)
    }

    async fn has_confirmation(&self, calendar: &Calendar) -> Result<bool> {
        Ok(confirmations::find(&self.store, calendar.id).await?.is_some())
    }

    /// What the rules may look at, with the settings as they are now.
    pub(crate) async fn snapshot_to_clear(
        &self,
        access: &impl store::Access,
        calendar: &Calendar,
        limit: Limit,
        now: Moment,
    ) -> Result<Snapshot> {
        let current = calendars::by_id(access, calendar.id).await?;
        let current = current.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let horizon = now.plus(i64::from(current.horizon_days) * DAY);
        let mut snapshot = Snapshot::between(access, &current, now, horizon).await?;
        snapshot.policy = calendars::policy(access, &current).await?;
        if limit == Limit::Lifted {
            snapshot.policy.limit = None;
        }
        snapshot.only = self.only.clone();
        Ok(snapshot)
    }

    /// Carries an outcome out: for each object first the record with the object as it was, then the
    /// write, then who is to be told.
    async fn apply(
        &self,
        transaction: &Transaction,
        backend: &BuiltIn<'_>,
        snapshot: &Snapshot,
        outcome: &Outcome,
        run: RunId,
        now: Moment,
    ) -> Result<()> {
        let calendar = &snapshot.calendar;
        let announcer = Announcer::new(self, transaction, snapshot, now);
        for change in &outcome.changes {
            let ChangeOfOne { resource, uid, text, .. } = change;
            let place = &snapshot.places[*resource];
            let record = NewChange {
                run: Some(run),
                calendar: calendar.id,
                href: &place.href,
                uid,
                cause: Cause::Clear,
                user: None,
                before: Some((snapshot.text_of(*resource), &place.etag)),
                after: text.as_deref().map(|text| (text, None)),
                now: now.0,
            };
            let record = history::insert_change(transaction, &record).await?;
            match text {
                Some(text) => {
                    let etag = backend.replace(&place.href, &place.etag, text).await?;
                    history::set_etag(transaction, record, &etag).await?;
                }
                None => backend.delete(&place.href, &place.etag).await?,
            }
            let untold = announcer.announce(record, change).await?;
            for (removal, untold) in change.removals.iter().zip(untold) {
                let beside: Vec<_> = removal.beside.iter().map(|it| it.event.clone()).collect();
                let mut line = new_removal(removal.kind, &removal.event, &beside)?;
                line.untold = untold;
                line.won_by = removal.won_by.map(history::advantage);
                history::insert_removal(transaction, record, &line).await?;
            }
        }
        for left_alone in &outcome.ignored {
            announcer.announce_left_alone(left_alone).await?;
        }
        match outcome.beyond_limit {
            None => confirmations::close(transaction, calendar.id).await?,
            Some(objects) => {
                if confirmations::ask(transaction, calendar.id, run, objects, now.0).await? {
                    announcer.ask_for_confirmation(objects).await?;
                }
            }
        }
        Ok(())
    }
}

/// How many overlaps a run left that somebody has to look at: those that are meant to stay are none.
fn left_over(report: &Report<ShownEvent>) -> i64 {
    let wanted = |it: &&Entry<ShownEvent>| {
        it.reason.is_some_and(|reason| ["limit", "changed", "refused"].contains(&reason))
    };
    report.ignored_overlapping_events.iter().filter(wanted).count() as i64
}

/// Writes what was done to a calendar to the log, if anything was.
fn log(calendar: &Calendar, started_by: &str, report: &Report<ShownEvent>) {
    let [leftovers, deleted, cancelled, left_alone, _] = report.lists().map(Vec::len);
    if leftovers + deleted + cancelled > 0 {
        tracing::info!(
            calendar = calendar.slug,
            started_by,
            deleted_cancelled = leftovers,
            deleted_overlapping = deleted,
            cancelled_overlapping = cancelled,
            left_alone,
            "cleared"
        );
    }
}

impl Outcome {
    /// Whether nothing is to be written.
    fn is_nothing(&self, snapshot: &Snapshot) -> bool {
        let says_nothing = self.ignored.is_empty() || !snapshot.calendar.announces.ignored;
        self.changes.is_empty() && says_nothing && self.beyond_limit.is_none()
    }
}

pub(crate) async fn outcome_of(snapshot: Snapshot, now: Moment) -> Result<(Snapshot, Outcome)> {
    let size = snapshot.size();
    work(size, snapshot, move |snapshot| {
        let outcome = Outcome::of(&snapshot, now);
        (snapshot, outcome)
    })
    .await
}
