//! Whether a room can answer invitations: not where its calendar server does so itself.

use store::calendars::Calendar;

use crate::{Error, MessageId, Result, Service};

impl Service {
    /// Makes sure that the calendar server does not answer for a room that is to answer itself: a Nextcloud room,
    /// or a principal that is a resource.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if it does; [`Error::Server`] if it cannot be asked.
    pub(crate) async fn check_answers(&self, calendar: &Calendar) -> Result<()> {
        let server = self.on_server(calendar).await?;
        match self.ask(&server, server.collection.is_answered_by_server().await).await? {
            true => Err(Error::invalid("answers", MessageId::AnswersByServer)),
            false => Ok(()),
        }
    }
}
