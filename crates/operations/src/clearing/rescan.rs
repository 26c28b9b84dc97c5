//! Looking at rooms without being asked, so that what overviews say of them is true.

use std::time::Duration;

use answers::Reader;
use answers::report::{Entry, Report};
use clearing::Reason;
use facts::Event;
use ical::Moment;
use store::calendars::{self, Calendar};
use store::health::{self, Look};
use store::users::User;

use crate::clearing::on_server::leave_hidden_alone;
use crate::clearing::run::{OneCalendar, outcome_of};
use crate::room::Room;
use crate::{Error, Limit, Result, Service};

/// Seconds after which an unchanged room is looked at again: time goes
/// on, and what was on is over.
const LOOK_AGAIN: i64 = 3_600;
/// Rooms that are looked at in one go of the job.
const MAX_AT_ONCE: u32 = 20;
/// Rooms that are looked at before an overview is shown.
const MAX_BEFORE_AN_OVERVIEW: u32 = 3;
/// And how long it may take until the last of them is begun.
const BEFORE_AN_OVERVIEW: Duration = Duration::from_millis(30);

impl Service {
    /// Looks at rooms whose content has changed since the last look, or at which nobody has ever looked,
    /// and afterwards at those of which that is long ago: at most 20. Servers are not asked: their
    /// calendars are looked at as they were fetched last. How many were looked at.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn rescan_rooms(&self) -> Result<usize> {
        self.look_at(None, MAX_AT_ONCE, Duration::MAX).await
    }

    /// Likewise at very few rooms of a user's, before their states are shown: right after a change they
    /// are up to date.
    pub(crate) async fn look_before_overview(&self, user: &User) -> Result<()> {
        let only = if user.is_administrator { None } else { Some(user.id) };
        self.look_at(only, MAX_BEFORE_AN_OVERVIEW, BEFORE_AN_OVERVIEW).await.map(|_| ())
    }

    async fn look_at(
        &self,
        user: Option<store::UserId>,
        most: u32,
        time: Duration,
    ) -> Result<usize> {
        let (begun, now) = (self.clock.instant(), self.now());
        let mut looked = 0;
        for id in health::to_look_at(&self.store, user, now.0 - LOOK_AGAIN, most).await? {
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
                Ok(look) => {
                    looked += 1;
                    health::note_look(&transaction, id, &look, now.0).await?;
                }
                // What is damaged, or a server's refused password, is this room's affair.
                Err(Error::Store(error)) if !matches!(error, store::Error::Damaged(_)) => {
                    return Err(error.into());
                }
                Err(error) => {
                    tracing::warn!(calendar = %id, %error, "a room was not looked at");
                    health::note_failed_look(&transaction, id, revision, now.0).await?;
                }
            }
            transaction.commit().await?;
        }
        Ok(looked)
    }

    /// What is found in a calendar, as it is here.
    async fn found_in(&self, calendar: &Calendar, now: Moment) -> Result<Look> {
        let (report, revision) = self.report_as_known(calendar, now).await?;
        Ok(look_of(&report, revision))
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
        let one = OneCalendar { calendar, limit: Limit::Lifted, now };
        let snapshot = self.snapshot_to_clear(&self.store, one).await?;
        let (snapshot, mut outcome) = outcome_of(snapshot, now).await?;
        if let Room::OnServer(server) = self.open(calendar).await?
            && server.hides_parts()
        {
            leave_hidden_alone(&server, &snapshot, &mut outcome);
        }
        Ok((outcome.report(calendar), snapshot.calendar.revision))
    }
}

/// What a look is noted as, of what a clear would do.
pub(crate) fn look_of(report: &Report<Event>, revision: i64) -> Look {
    let conflicts = report.deleted_overlapping_events.len()
        + report.cancelled_overlapping_recurring_events.len();
    let kept = report.ignored_overlapping_events.iter().filter(|it| is_left_alone(it));
    let kept = kept.count() as i64;
    Look { conflicts: conflicts as i64, left_alone: kept, revision }
}

/// Whether nobody loses an overlap although it is one: what is tolerated, or marked as free, is none.
fn is_left_alone(it: &Entry<Event>) -> bool {
    let left = [Reason::Protected, Reason::Started, Reason::Prioritised, Reason::Refused];
    it.reason.is_some_and(|reason| left.contains(&reason))
}
