//! What is kept of how a run came out on each of its calendars, so that its page can say it.

use answers::report::Report;
use clearing::Reason;
use facts::Event;
use store::calendars::Calendar;
use store::run_calendars::{self, NewRunCalendar, RunOutcome};
use store::{RunId, Transaction, confirmations, health};

use crate::{Error, MessageId, Result};

/// A run on up to this number of calendars records each; a run on more, those of which there is something
/// to say.
const ALL_OF: usize = 5;

/// How a calendar of a run came out.
pub(crate) struct CalendarOutcome {
    of_it: NewRunCalendar,
    /// Whether anything was removed.
    is_changed: bool,
    /// Whether nothing could be done because others were at work.
    is_busy: bool,
}

impl CalendarOutcome {
    /// How a calendar came out, of which `chosen` lines of a preview were to be applied, if any were.
    pub fn out(
        calendar: &Calendar,
        cleared: &Result<Report<Event>>,
        chosen: Option<usize>,
    ) -> CalendarOutcome {
        let of = |outcome, events: usize, detail| NewRunCalendar {
            calendar: calendar.id,
            outcome,
            events: i64::try_from(events).unwrap_or(i64::MAX),
            detail,
        };
        let report = match cleared {
            Ok(report) => report,
            Err(error) => {
                let of_it = of(RunOutcome::Failed, 0, Some(error.said().to_stored()));
                return CalendarOutcome {
                    of_it,
                    is_changed: false,
                    is_busy: matches!(error, Error::Busy(said) if said.id != MessageId::ServerStopped),
                };
            }
        };
        let [leftovers, deleted, cancelled, ..] = report.lists().map(Vec::len);
        let done = leftovers + deleted + cancelled;
        let is_changed = done + report.accepted_invitations.len() > 0;
        let left = [&report.ignored_overlapping_events, &report.ignored_cancelled_events];
        let because = |reasons: &[Reason]| {
            let left = left.into_iter().flatten().filter_map(|it| it.reason);
            left.filter(|reason| reasons.contains(reason)).count()
        };
        let limit = because(&[Reason::Limit]);
        let others = because(&[Reason::Changed, Reason::Refused]);
        let not_applied = chosen.map_or(0, |chosen| chosen.saturating_sub(done));
        let of_it = match report.failed_calendars.first() {
            Some(failed) => of(RunOutcome::Failed, others, Some(failed.error.to_stored())),
            None if limit > 0 => of(RunOutcome::Limit, limit, None),
            None if others.max(not_applied) > 0 => {
                of(RunOutcome::Left, others.max(not_applied), None)
            }
            None => of(RunOutcome::Cleared, 0, None),
        };
        CalendarOutcome { of_it, is_changed, is_busy: false }
    }

    /// Whether a run by schedule keeps it. A schedule has hundreds of runs a day: of a calendar that fails
    /// all the while, or that waits for a confirmation, the first one is kept.
    async fn is_news(&self, transaction: &Transaction, run: RunId, begun_at: i64) -> Result<bool> {
        let id = self.of_it.calendar;
        Ok(match self.of_it.outcome {
            _ if self.is_busy => false,
            RunOutcome::Failed => {
                let health = health::of(transaction, id).await?.unwrap_or_default();
                self.is_changed || health.failing_since.is_none_or(|since| since >= begun_at)
            }
            RunOutcome::Limit => {
                self.is_changed || confirmations::asked_by(transaction, id).await? == Some(run)
            }
            RunOutcome::Left | RunOutcome::Cleared => self.is_changed,
        })
    }
}

/// Writes down how the calendars of a run came out that began at a moment (seconds since 1970).
pub(crate) async fn write_down(
    transaction: &Transaction,
    run: RunId,
    begun_at: i64,
    is_of_schedule: bool,
    all: &[CalendarOutcome],
) -> Result<()> {
    for outcome in all {
        let is_kept = match is_of_schedule {
            true => outcome.is_news(transaction, run, begun_at).await?,
            false => {
                let says_something =
                    outcome.is_changed || outcome.of_it.outcome != RunOutcome::Cleared;
                all.len() <= ALL_OF || says_something
            }
        };
        if is_kept {
            run_calendars::insert(transaction, run, &outcome.of_it).await?;
        }
    }
    Ok(())
}
