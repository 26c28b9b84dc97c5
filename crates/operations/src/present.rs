//! The present, as far as it can be trusted.

use ical::Moment;
use store::clock;

use crate::{Result, Service};

impl Service {
    /// The present, by which something may be given up or deleted for good: of a clock that is ahead of the database's,
    /// the database's.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub(crate) async fn settled_now(&self) -> Result<Moment> {
        Ok(self.now().min(self.database_now().await?))
    }

    /// The present, from which a time begins that somebody is given: of a clock that is behind the database's, the
    /// database's.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub(crate) async fn latest_now(&self) -> Result<Moment> {
        Ok(self.now().max(self.database_now().await?))
    }

    /// The present by the database's clock. It does not follow a clock that is advanced by hand, so then it is that one.
    pub(crate) async fn database_now(&self) -> Result<Moment> {
        match self.clock.is_system() {
            true => Ok(Moment(clock::of_database(&self.store).await?)),
            false => Ok(self.now()),
        }
    }
}
