//! Where a calendar is kept: in the database, or on a CalDAV server. Every act is given its
//! calendar from here.

use store::calendars::Calendar;

use crate::connections::pool::host;
use crate::room::on_server::OnServer;
use crate::{Result, Service};

/// A calendar that is ready to be read and changed.
#[derive(Debug)]
pub(crate) enum Room {
    /// Its content is in the database.
    BuiltIn(Box<Calendar>),
    /// Its content is on a server, with a mirror in the database.
    OnServer(Box<OnServer>),
}

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
}
