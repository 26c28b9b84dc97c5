//! Clearing a calendar whose content is in the database: all of it in one transaction.

use answers::report::Report;
use facts::Event;
use ical::Moment;
use store::history::ByRun;
use store::{RunId, Transaction, calendars};

use crate::changes::change::By;
use crate::changes::leases::Lease;
use crate::clearing::one_calendar::{OneCalendar, outcome_of};
use crate::clearing::plan_changes::Outcome;
use crate::mail::notify::Announcer;
use crate::room::built_in::BuiltIn;
use crate::room::snapshot::Snapshot;
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
        self.carry_out_locally(&transaction, &backend, &snapshot, &outcome, run, now).await?;
        transaction.commit().await?;
        Ok(outcome.report(calendar))
    }

    /// Makes the changes of a plan, and ends the run's work on the calendar.
    async fn carry_out_locally(
        &self,
        transaction: &Transaction,
        backend: &BuiltIn<'_>,
        snapshot: &Snapshot,
        outcome: &Outcome,
        run: RunId,
        now: Moment,
    ) -> Result<()> {
        let calendar = &snapshot.calendar;
        let by = By::run(ByRun { run, is_at_limit: outcome.is_at_limit });
        for change in &outcome.changes {
            let change = change.of(snapshot);
            self.change_locally(transaction, backend, calendar, (&by, &change), now).await?;
        }
        let of = (run, outcome.is_at_limit);
        self.write_pending(transaction, snapshot, &outcome.pending, of, now).await?;
        let announcer = Announcer::new(self, transaction, calendar, now);
        if snapshot.due_only {
            return Ok(());
        }
        if outcome.is_reported {
            announcer.report(&outcome.ignored).await?;
        }
        let limits = (outcome.beyond_limit, outcome.not_chosen.objects());
        announcer.conclude(&outcome.ignored, limits, run).await
    }
}
