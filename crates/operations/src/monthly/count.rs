//! Working out what a report says of one calendar.

use std::sync::Arc;

use answers::organizers::{Witnessed, endless_series, last_seen};
use answers::usage::{Usage, usage};
use facts::Month;
use ical::Moment;
use ical::civil::DAY;
use store::calendars::Calendar;
use store::monthly_reports;

use crate::monthly::cache::Bookers;
use crate::room::snapshot::{Snapshot, zone_of};
use crate::room::work::work;
use crate::{Result, Service};

/// Days after which an organizer has not been seen for long, and for which mail servers' answers count.
pub const UNSEEN_DAYS: i64 = 90;

impl Service {
    /// How much a calendar is used in a month, of what is known of it without asking its server.
    pub(super) async fn usage_of(&self, calendar: &Calendar, month: Month) -> Result<Arc<Usage>> {
        let (cache, key) = (&self.monthly.usage, (calendar.id, month));
        if let Some(known) = cache.get(&self.clock, &key, calendar) {
            return Ok(known);
        }
        let window = month.window(&zone_of(calendar));
        let snapshot =
            Snapshot::shown_between(&self.store, calendar, window.start, window.end).await?;
        let counted =
            work(snapshot.effort(), snapshot, move |it| usage(&it.contents(), window)).await?;
        Ok(cache.put(&self.clock, key, calendar, counted))
    }

    /// Who books in a calendar, of what is known of it without asking its server.
    pub(super) async fn bookers_of(&self, calendar: &Calendar) -> Result<Arc<Bookers>> {
        let cache = &self.monthly.bookers;
        if let Some(known) = cache.get(&self.clock, &calendar.id, calendar) {
            return Ok(known);
        }
        let now = self.now();
        let since = now.plus(-UNSEEN_DAYS * DAY);
        let first_seen =
            monthly_reports::first_seen_since(&self.store, calendar.id, since.0).await?;
        let changed_here =
            monthly_reports::changed_by_program(&self.store, calendar.id, since.0).await?;
        let first_seen = first_seen.into_iter().map(|(uid, at)| (uid, Moment(at))).collect();
        let witnessed = Witnessed { first_seen, changed_here };
        // What is over for so long is looked at by nobody.
        let snapshot =
            Snapshot::shown_between(&self.store, calendar, since, Moment(i64::MAX)).await?;
        let found = work(snapshot.effort(), snapshot, move |it| {
            let room = it.contents();
            let series = endless_series(&room, now);
            Bookers { series, seen: last_seen(&room, &witnessed, now) }
        });
        Ok(cache.put(&self.clock, calendar.id, calendar, found.await?))
    }
}
