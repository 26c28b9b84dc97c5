//! Where a calendar is kept: in the database, or on a CalDAV server. Every act is given its
//! calendar from here.

use std::time::Duration;

use store::calendars::Calendar;

use crate::room::on_server::OnServer;
use crate::servers::pool::host;
use crate::sync::mirror::Freshness;
use crate::{Result, Service};

/// A calendar that is ready to be read and changed.
#[derive(Debug)]
pub(crate) enum Room {
    /// Its content is in the database.
    BuiltIn(Box<Calendar>),
    /// Its content is on a server, with a mirror in the database.
    OnServer(Box<OnServer>),
}

/// How old a list of a calendar on a server may be: a door panel asks often, and so do several.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// The host of the server that a calendar is on; `None` of a built-in one.
pub(crate) fn host_of(calendar: &Calendar) -> Option<String> {
    calendar.backend.collection().map(|it| host(&it.url))
}

impl Service {
    /// Opens a calendar.
    ///
    /// # Errors
    ///
    /// [`Error::Server`](crate::Error::Server) if its server has refused the account's password.
    pub(crate) async fn open(&self, calendar: &Calendar) -> Result<Room> {
        Ok(match calendar.backend.collection() {
            None => Room::BuiltIn(Box::new(calendar.clone())),
            Some(_) => Room::OnServer(Box::new(self.on_server(calendar).await?)),
        })
    }

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
