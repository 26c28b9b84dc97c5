//! What a clear of one calendar plans on: its snapshot, with what the safety limit counts.

use clearing::ConflictHandling;
use ical::Moment;
use ical::civil::DAY;
use store::calendars::{self, Calendar};
use store::{confirmations, divided_series, history, outbox, pending};

use crate::clearing::plan_changes::Outcome;
use crate::room::snapshot::Snapshot;
use crate::room::work::work;
use crate::{Error, Result, Service};

/// What the safety limit does (rule 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It keeps a run from removing too much.
    Holds,
    /// An administrator has confirmed this run.
    Lifted,
}

/// One calendar that is to be cleared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneCalendar<'o> {
    /// The calendar.
    pub calendar: &'o Calendar,
    /// What the safety limit does.
    pub limit: Limit,
    /// When the run began.
    pub now: Moment,
    /// Whether nobody waits for it: it is by schedule.
    pub is_scheduled: bool,
}

impl Service {
    /// Whether an administrator has confirmed that the safety limit does not hold a calendar up.
    pub(crate) async fn has_confirmation(&self, calendar: &Calendar) -> Result<bool> {
        Ok(confirmations::find(&self.store, calendar.id).await?.is_some())
    }

    /// What the rules may look at, with the settings as they are now.
    pub(crate) async fn snapshot_to_clear(
        &self,
        access: &impl store::Access,
        one: OneCalendar<'_>,
    ) -> Result<Snapshot> {
        let OneCalendar { calendar, limit, now, .. } = one;
        let current = calendars::by_id(access, calendar.id).await?;
        let current = current.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let horizon = now.plus(i64::from(current.horizon_days) * DAY);
        let mut snapshot = Snapshot::between(access, &current, now, horizon).await?;
        snapshot.policy = calendars::policy(access, &current).await?;
        for row in divided_series::of_calendar(access, current.id).await? {
            snapshot.divided.extend([row.uid, row.next_uid]);
        }
        let rows = pending::open(access, current.id).await?;
        if !rows.is_empty() || current.conflicts == ConflictHandling::Warn {
            snapshot.memory.settled = Some(self.settled_now().await?);
            snapshot.remember_pending(rows);
        }
        if limit == Limit::Lifted {
            snapshot.policy.limit = None;
        } else {
            hold_limit(access, &mut snapshot, now).await?;
        }
        snapshot.only = self.only.clone();
        snapshot.due_only = self.due_only;
        if current.conflicts == ConflictHandling::Report && current.contact_address.is_some() {
            let kind = outbox::MessageKind::ConflictsFound;
            let last = outbox::last_about_calendar(access, current.id, kind).await?;
            snapshot.is_report_due = last.is_none_or(|at| now.0 - at >= DAY) && !self.due_only;
        }
        Ok(snapshot)
    }
}

/// Lets the safety limit hold in a plan on a snapshot (rule 7).
pub(crate) async fn hold_limit(
    access: &impl store::Access,
    snapshot: &mut Snapshot,
    now: Moment,
) -> Result<()> {
    let id = snapshot.calendar.id;
    snapshot.policy.limit = Some(snapshot.calendar.safety_limit as usize);
    let removed = history::removed_since(access, id, now.0 - DAY).await?;
    let at_limit = removed.iter().filter(|(_, is_at_limit)| *is_at_limit);
    snapshot.memory.removed_at_limit = at_limit.map(|(uid, _)| uid.clone()).collect();
    snapshot.memory.removed = removed.into_iter().map(|(uid, _)| uid).collect();
    if snapshot.calendar.conflicts == ConflictHandling::Warn || !snapshot.pending.is_empty() {
        // What counts is the warning, and not the removal that follows it.
        let (warned, after_warning) = pending::of_limit(access, id, now.0 - DAY).await?;
        for uid in &after_warning {
            snapshot.memory.removed.remove(uid);
            snapshot.memory.removed_at_limit.remove(uid);
        }
        for (uid, is_at_limit) in warned {
            if is_at_limit {
                snapshot.memory.removed_at_limit.insert(uid.clone());
            }
            snapshot.memory.removed.insert(uid);
        }
    }
    snapshot.memory.is_limit_open = confirmations::find(access, id).await?.is_some();
    let uids = confirmations::uids(access, id).await?;
    snapshot.memory.limit_open_for = uids.map(|uids| uids.into_iter().collect());
    Ok(())
}

/// Plans what a clear does.
pub(crate) async fn outcome_of(snapshot: Snapshot, now: Moment) -> Result<(Snapshot, Outcome)> {
    let effort = snapshot.effort();
    work(effort, snapshot, move |snapshot| {
        let outcome = Outcome::of(&snapshot, now);
        (snapshot, outcome)
    })
    .await
}
