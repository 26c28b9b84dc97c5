//! Clearing a calendar whose content is in the database: all of it in one transaction.

use ical::Moment;
use store::history::{self, ByRun, Cause, NewChange};
use store::{RunId, Transaction, calendars};

use crate::backend::CalendarBackend as _;
use crate::built_in::BuiltIn;
use crate::clear_bookings::{OneCalendar, outcome_of};
use crate::clearing_of_one::{ChangeOfOne, Outcome};
use crate::facts::Event;
use crate::leases::Lease;
use crate::notify::Announcer;
use crate::report::Report;
use crate::snapshot::Snapshot;
use crate::{Result, Service};

/// How often a calendar is planned anew because it changed while it was being planned, before it is
/// planned while nobody can change it.
const FREE_TRIES: usize = 2;

impl Service {
    /// Clears a built-in calendar: all of it in one transaction. It is planned before that begins, so
    /// that others can write meanwhile, and planned again if they did.
    pub(crate) async fn clear_built_in(
        &self,
        one: OneCalendar<'_>,
        run: RunId,
        lease: &Lease,
    ) -> Result<Report<Event>> {
        let OneCalendar { calendar, now, .. } = one;
        let mut planned = None;
        for _ in 0..FREE_TRIES {
            let snapshot = self.snapshot_to_clear(&self.store, one).await?;
            let revision = snapshot.calendar.revision;
            let (snapshot, outcome) = outcome_of(snapshot, now).await?;
            if outcome.is_nothing(&snapshot.calendar) && !self.has_confirmation(calendar).await? {
                return Ok(outcome.report(calendar));
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
            _ => outcome_of(self.snapshot_to_clear(&transaction, one).await?, now).await?,
        };
        self.apply(&transaction, &backend, &snapshot, &outcome, run, now).await?;
        transaction.commit().await?;
        Ok(outcome.report(calendar))
    }

    /// Carries an outcome out: for each object first the record with the object as it was, then the
    /// write, then what went by it and who is to be told.
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
        let announcer = Announcer::new(self, transaction, calendar, now);
        let by_run = ByRun { run, is_at_limit: outcome.beyond_limit.is_some() };
        for change in &outcome.changes {
            let ChangeOfOne { resource, text, loss, .. } = change;
            let version = snapshot.version(*resource);
            let record = NewChange {
                run: Some(by_run),
                calendar: calendar.id,
                href: version.href,
                uid: &loss.uid,
                cause: Cause::Clear,
                asked: None,
                before: Some((version.text, version.etag)),
                after: text.as_deref().map(|text| (text, None)),
                now: now.0,
            };
            let record = history::insert_change(transaction, &record).await?;
            match text {
                Some(text) => {
                    let etag = backend.replace(&version, text).await?;
                    history::set_etag(transaction, record, &etag).await?;
                }
                None => backend.delete(&version).await?,
            }
            announcer.record(record, loss).await?;
        }
        let limits = (outcome.beyond_limit, outcome.still_beyond_limit);
        announcer.conclude(&outcome.ignored, limits, run).await
    }
}
