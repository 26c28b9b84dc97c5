//! Clearing: the operation that the program is for (section 3 of the contract).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use answers::Reader;
use answers::report::{FailedCalendar, Report};
use facts::Event;
use futures_util::FutureExt as _;
use ical::Moment;
use store::RunId;
use store::calendars::{self, Calendar};
use store::history::{self, Starter, Way};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::clearing::calendar_outcome::{self, CalendarOutcome};
use crate::clearing::held_run::HeldRun;
use crate::clearing::one_calendar::{Limit, OneCalendar, outcome_of};
use crate::clearing::plan_changes::Outcome;
use crate::room::Room;
use crate::room::open::host_of;
use crate::room::snapshot::Snapshot;
use crate::sync::work::Freshness;
use crate::{Caller, Error, MessageId, Result, Service, Stage, metrics};

/// Whether anything is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The real thing.
    Real,
    /// Nothing is changed and nobody is written to; the report says what would have been.
    Test,
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

impl ClearRequest {
    /// Whether a caller may ask for that; the command line may everything.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] if anybody but an administrator lifts the limit.
    pub(crate) fn check(&self, caller: Option<&Caller>) -> Result<()> {
        if self.limit == Limit::Lifted && caller.is_some_and(|it| !it.is_administrator) {
            return Err(Error::Forbidden(MessageId::ConfirmAdministrators.into()));
        }
        Ok(())
    }
}

/// What a schedule calls itself in [`Starter::by`].
pub const SCHEDULE: Way = Way::Schedule;
/// Calendars of one server that are cleared at once.
const CALENDARS_OF_A_SERVER: usize = 4;
/// Built-in calendars that are cleared at once: SQLite has one writer, and planning takes a core.
const BUILT_IN_CALENDARS: usize = 2;

/// Calendars of a server (`None`: built in) that are cleared at once.
pub(crate) fn at_once(server: Option<&str>) -> usize {
    if server.is_some() { CALENDARS_OF_A_SERVER } else { BUILT_IN_CALENDARS }
}

impl Service {
    /// Clears calendars of a caller; of all calendars where there is none (the command line).
    ///
    /// All calendars are found before any is touched. From then on the run goes on to its end, also
    /// when the caller goes away. A calendar that fails stands in the report and stops none
    /// of the others.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if a calendar is not within reach, [`Error::Forbidden`] if anybody but an
    /// administrator lifts the limit: nothing is cleared then.
    pub async fn clear_bookings(
        &self,
        caller: Option<&Caller>,
        request: ClearRequest,
    ) -> Result<Report<Event>> {
        request.check(caller)?;
        let calendars = self.calendars_in(caller, &request.scope).await?;
        let service = self.clone();
        let report = self.to_the_end(async move { service.run(calendars, &request).await }).await?;
        let reader = caller.map_or_else(Reader::administrator, Caller::reader);
        Ok(report.shown_to(&reader))
    }

    /// The calendars of a scope, each once, by slug.
    pub(crate) async fn calendars_in(
        &self,
        caller: Option<&Caller>,
        scope: &Scope,
    ) -> Result<Vec<Calendar>> {
        let all = match (caller, scope) {
            (Some(caller), _) => caller.calendars.to_vec(),
            (None, Scope::All) => calendars::all(&self.store).await?,
            (None, Scope::Named(slugs)) => {
                let mut named = Vec::new();
                for slug in slugs {
                    named.extend(calendars::by_slug(&self.store, slug).await?);
                }
                named
            }
        };
        let by_slug: BTreeMap<String, Calendar> =
            all.into_iter().map(|it| (it.slug.clone(), it)).collect();
        let Scope::Named(slugs) = scope else { return Ok(by_slug.into_values().collect()) };
        let mut named = BTreeMap::new();
        for slug in slugs {
            let missing = || match caller {
                Some(_) => Error::no_calendar(slug),
                None => Error::NotFound(MessageId::no_calendar_listed(slug)),
            };
            let calendar = by_slug.get(slug).ok_or_else(missing)?;
            named.insert(slug.clone(), calendar.clone());
        }
        Ok(named.into_values().collect())
    }

    async fn run(&self, calendars: Vec<Calendar>, request: &ClearRequest) -> Result<Report<Event>> {
        let now = self.now();
        let mut report = Report::new(request.mode == Mode::Test);
        report.calendars = calendars.len();
        let run = match request.mode {
            Mode::Test => None,
            Mode::Real => {
                let transaction = self.store.begin().await?;
                let is_confirmed = request.limit == Limit::Lifted;
                let run = history::begin_run(
                    &transaction,
                    &request.started_by,
                    is_confirmed,
                    calendars.len(),
                    now.0,
                )
                .await?;
                transaction.commit().await?;
                Some(self.hold_run(run))
            }
        };
        // What the log says of it, it says of this run.
        let span = match &run {
            Some(run) => tracing::info_span!("run", id = run.id.0),
            None => tracing::Span::current(),
        };
        let id = run.as_ref().map(|it| it.id);
        // Within it, so that what is logged belongs to both.
        let traced = span.in_scope(|| {
            tracing::info_span!(
                target: "otel",
                "run",
                room_booking.run.id = id.map(|it| it.0),
                room_booking.started_by = request.started_by.by.as_str(),
                room_booking.test = run.is_none(),
            )
        });
        let mut outcomes = Vec::new();
        let chosen = self.only.as_ref().map(|only| only.len());
        let mut all =
            span.in_scope(|| traced.in_scope(|| self.all_of(calendars, request, id, now)));
        while let Some(done) = all.join_next().await {
            let (calendar, cleared) =
                done.map_err(|error| Error::Internal(format!("a run ended early: {error}")))?;
            let slug: Arc<str> = calendar.slug.as_str().into();
            if run.is_some() {
                outcomes.push(CalendarOutcome::out(&calendar, &cleared, chosen));
                let is_done = cleared.as_ref().is_ok_and(|it| it.failed_calendars.is_empty());
                metrics::count_run(request.started_by.by.as_str(), is_done);
            }
            match cleared {
                Ok(of_it) => {
                    if run.is_some() {
                        span.in_scope(|| log(&calendar, request.started_by.by.as_str(), &of_it));
                    }
                    report.append(of_it);
                }
                Err(error) => {
                    span.in_scope(|| {
                        tracing::error!(calendar = calendar.slug, %error, "a calendar failed");
                    });
                    let error = error.said();
                    report.failed_calendars.push(FailedCalendar { calendar: slug, error });
                }
            }
        }
        if let Some(run) = &run
            && let Err(error) =
                self.end_run(run, now, request.started_by.by == SCHEDULE, &outcomes).await
        {
            // What was done is done, and the report is the only one to say so; `recover` ends the run.
            tracing::error!(run = %run.id, %error, "the end of a run could not be written down");
        }
        report.sort();
        Ok(report)
    }

    /// Begins to clear all of these: those of one server some at a time, so that a slow server keeps
    /// none waiting but its own.
    fn all_of(
        &self,
        calendars: Vec<Calendar>,
        request: &ClearRequest,
        run: Option<RunId>,
        now: Moment,
    ) -> JoinSet<(Calendar, Result<Report<Event>>)> {
        let mut places: HashMap<Option<String>, Arc<Semaphore>> = HashMap::new();
        let mut all = JoinSet::new();
        for calendar in calendars {
            let server = host_of(&calendar);
            let at_once = at_once(server.as_deref());
            let places = places.entry(server).or_insert_with(|| Arc::new(Semaphore::new(at_once)));
            let slug = calendar.slug.clone();
            let (service, places, limit) = (self.clone(), Arc::clone(places), request.limit);
            let is_scheduled = request.started_by.by == SCHEDULE;
            let work = async move {
                // Nobody closes it, so there is always a place in the end, if only for its end.
                let _place = tokio::select! {
                    place = places.acquire() => place.ok(),
                    () = service.stopping.comes(Stage::CutOff) => None,
                };
                let one = OneCalendar { calendar: &calendar, limit, now, is_scheduled };
                let work = AssertUnwindSafe(async {
                    match run {
                        None => service.unless_cut_off(service.test(one)).await,
                        Some(run) => service.clear_one(one, run).await,
                    }
                });
                let cleared = work.catch_unwind().await.unwrap_or_else(|_| {
                    Err(Error::Internal("the work on the calendar ended early".to_owned()))
                });
                (calendar, cleared)
            };
            let traced = tracing::info_span!(
                target: "otel",
                "calendar",
                room_booking.calendar = slug,
            );
            all.spawn(work.instrument(traced).in_current_span());
        }
        all
    }

    /// Writes down that a run has ended. One of a schedule that found nothing to do is no history.
    async fn end_run(
        &self,
        HeldRun { id: run, .. }: &HeldRun,
        began: Moment,
        is_of_schedule: bool,
        outcomes: &[CalendarOutcome],
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        calendar_outcome::write_down(&transaction, *run, began.0, is_of_schedule, outcomes).await?;
        if is_of_schedule {
            history::drop_run(&transaction, *run).await?;
        }
        history::end_run(&transaction, *run, self.now().0).await?;
        Ok(transaction.commit().await?)
    }

    /// What a clear of one calendar would do.
    async fn test(&self, one: OneCalendar<'_>) -> Result<Report<Event>> {
        let (_, outcome) = self.plan_now(one).await?;
        Ok(outcome.report(one.calendar))
    }

    /// The plan for a calendar as it is now.
    pub(crate) async fn plan_now(&self, one: OneCalendar<'_>) -> Result<(Snapshot, Outcome)> {
        match self.open(one.calendar).await? {
            Room::BuiltIn(_) => {
                outcome_of(self.snapshot_to_clear(&self.store, one).await?, one.now).await
            }
            Room::OnServer(server) => {
                self.ensure_mirror_synced(&server, Freshness::Now).await?;
                self.plan_on_server(&server, one, &HashSet::new()).await
            }
        }
    }

    /// Clears one calendar, while no other run does.
    async fn clear_one(&self, one: OneCalendar<'_>, run: RunId) -> Result<Report<Event>> {
        let lease = self.unless_cut_off(self.calendar_lease(one.calendar)).await?;
        let cleared = match self.unless_cut_off(self.open(one.calendar)).await {
            Ok(Room::BuiltIn(_)) => self.clear_built_in(one, run, &lease).await,
            Ok(Room::OnServer(server)) => self.clear_on_server(&server, one, run, &lease).await,
            Err(error) => Err(error),
        };
        if let Err(error) = self.end_of_one(one.calendar, &cleared, lease).await {
            // What was cleared stays cleared; the lease expires.
            tracing::warn!(calendar = one.calendar.slug, %error, "a lease could not be given back");
        }
        cleared
    }
}

/// Writes what was done to a calendar to the log, if anything was.
fn log(calendar: &Calendar, started_by: &str, report: &Report<Event>) {
    let [leftovers, deleted, cancelled, kept, _] = report.lists().map(Vec::len);
    let accepted = report.accepted_invitations.len();
    if leftovers + deleted + cancelled + accepted > 0 {
        tracing::info!(
            calendar = calendar.slug,
            started_by,
            deleted_cancelled = leftovers,
            deleted_overlapping = deleted,
            cancelled_overlapping = cancelled,
            kept,
            accepted,
            "cleared"
        );
    }
}
