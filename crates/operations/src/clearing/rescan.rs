//! Scheduled scans for conflicts, which keep the overviews up to date.

use std::time::Duration;

use answers::Reader;
use answers::report::Report;
use clearing::Reason;
use facts::Event;
use ical::Moment;
use store::calendars::{self, Calendar};
use store::health::{self, ScanResult};
use store::users::User;

use crate::clearing::on_server::keep_hidden;
use crate::clearing::one_calendar::{OneCalendar, outcome_of};
use crate::room::Room;
use crate::{Limit, Result, Service};

/// Seconds after which an unchanged calendar is scanned again, because events end meanwhile.
const SCAN_AGAIN_AFTER: i64 = 3_600;
/// Calendars that one call of the job scans.
const MAX_AT_ONCE: u32 = 20;
/// Calendars that are scanned before an overview is shown.
const MAX_BEFORE_AN_OVERVIEW: u32 = 3;
/// The time within which the last of them has to begin.
const BEFORE_AN_OVERVIEW: Duration = Duration::from_millis(30);

impl Service {
    /// Scans calendars whose content has changed since their last scan, and those never scanned, then
    /// those whose last scan is an hour old: at most 20. Sends no requests to servers: their calendars
    /// are scanned as they were last fetched. Returns the number of calendars that were scanned.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn rescan_rooms(&self) -> Result<usize> {
        self.rescan(None, MAX_AT_ONCE, Duration::MAX).await
    }

    /// Scans at most three calendars of a user before their states are shown, so that they are up to date
    /// right after a change.
    pub(crate) async fn rescan_before_overview(&self, user: &User) -> Result<()> {
        let only = if user.is_administrator { None } else { Some(user.id) };
        self.rescan(only, MAX_BEFORE_AN_OVERVIEW, BEFORE_AN_OVERVIEW).await.map(|_| ())
    }

    async fn rescan(
        &self,
        user: Option<store::UserId>,
        most: u32,
        time: Duration,
    ) -> Result<usize> {
        let (begun, now) = (self.clock.instant(), self.now());
        let mut scanned = 0;
        for id in health::due_for_scan(&self.store, user, now.0 - SCAN_AGAIN_AFTER, most).await? {
            if self.clock.elapsed(begun) > time {
                break;
            }
            let (revision, found) = match calendars::by_id(&self.store, id).await {
                Ok(None) => continue,
                Ok(Some(it)) => (Some(it.revision), self.found_in(&it, now).await),
                Err(error) => (None, Err(error.into())),
            };
            let transaction = self.store.begin().await?;
            match found {
                Ok(result) => {
                    scanned += 1;
                    health::record_scan(&transaction, id, &result, now.0).await?;
                }
                Err(error) if error.is_outage() => return Err(error),
                // Damaged data and a refused password concern this calendar only.
                Err(error) => {
                    tracing::warn!(calendar = %id, %error, "scan for conflicts failed");
                    health::record_failed_scan(&transaction, id, revision, now.0).await?;
                }
            }
            transaction.commit().await?;
        }
        Ok(scanned)
    }

    /// The conflicts of a calendar as it is stored here.
    async fn found_in(&self, calendar: &Calendar, now: Moment) -> Result<ScanResult> {
        let (report, revision) = self.report_as_known(calendar, now).await?;
        Ok(scan_result(&report, revision))
    }

    /// The first event that a clear would remove for another one, of what is known of the calendar without
    /// asking its server, whatever its safety limit. It is shown as the reader may see it.
    ///
    /// # Errors
    ///
    /// When the database fails, or the calendar's server has refused the account's password.
    pub async fn next_conflict(
        &self,
        calendar: &Calendar,
        reader: &Reader,
    ) -> Result<Option<Event>> {
        let (report, _) = self.report_as_known(calendar, self.now()).await?;
        let removed = report.deleted_overlapping_events.into_iter();
        let removed = removed.chain(report.cancelled_overlapping_recurring_events);
        let first = removed.map(|entry| entry.event);
        let first = first.min_by_key(|it| (it.start, it.uid.clone()));
        Ok(first.map(|event| reader.shown(event)))
    }

    /// What a clear would do to a calendar, as it is here, and the revision that this is true of.
    async fn report_as_known(
        &self,
        calendar: &Calendar,
        now: Moment,
    ) -> Result<(Report<Event>, i64)> {
        let one = OneCalendar { calendar, limit: Limit::Lifted, now, is_scheduled: false };
        let snapshot = self.snapshot_to_clear(&self.store, one).await?;
        let (snapshot, mut outcome) = outcome_of(snapshot, now).await?;
        if let Room::OnServer(server) = self.open(calendar).await?
            && server.hides_parts()
        {
            keep_hidden(&server, &snapshot, &mut outcome);
        }
        Ok((outcome.report(calendar), snapshot.calendar.revision))
    }
}

/// What is recorded of a scan. An overlap that is reported only, or that the server refused to end, is a double booking
/// that somebody has to settle. One that is kept by a decision, or because it has begun, is none; nor is a tolerated
/// one, or one with an event that is marked as free.
pub(crate) fn scan_result(report: &Report<Event>, revision: i64) -> ScanResult {
    let ignored = |reasons: &[Reason]| {
        let all = report.ignored_overlapping_events.iter();
        all.filter(|it| it.reason.is_some_and(|reason| reasons.contains(&reason))).count()
    };
    let conflicts = report.deleted_overlapping_events.len()
        + report.cancelled_overlapping_recurring_events.len()
        + ignored(&[Reason::Report, Reason::Refused]);
    let kept_conflicts =
        ignored(&[Reason::Protected, Reason::Started, Reason::Prioritised, Reason::Pending]);
    ScanResult { conflicts: conflicts as i64, kept_conflicts: kept_conflicts as i64, revision }
}
