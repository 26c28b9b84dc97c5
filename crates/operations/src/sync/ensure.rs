//! Bringing what is known of a calendar up to date, wherever it is kept.

use std::time::Duration;

use store::calendars::Calendar;

use crate::room::Room;
use crate::sync::work::Freshness;
use crate::{Result, Service};

/// How old a list of a calendar on a server may be: a door panel asks often, and so do several.
const READ_WITHIN: Duration = Duration::from_secs(10);

impl Service {
    /// Brings what is known of a calendar up to date. A built-in one always is.
    ///
    /// # Errors
    ///
    /// As [`Service::open`] and [`Service::ensure_mirror_synced`].
    pub(crate) async fn ensure_synced(
        &self,
        calendar: &Calendar,
        freshness: Freshness,
    ) -> Result<()> {
        match self.open(calendar).await? {
            Room::BuiltIn(_) => Ok(()),
            Room::OnServer(server) => self.ensure_mirror_synced(&server, freshness).await,
        }
    }

    /// Brings what is known of a calendar up to date for a list, unless it was a few seconds ago.
    ///
    /// # Errors
    ///
    /// As [`Service::ensure_synced`].
    pub(crate) async fn ensure_synced_for_reading(&self, calendar: &Calendar) -> Result<()> {
        self.ensure_synced(calendar, Freshness::Within(READ_WITHIN)).await
    }
}
