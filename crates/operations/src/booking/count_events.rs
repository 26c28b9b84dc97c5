//! How many events a key may create on one day: a program that runs wild, or a stolen key, fills no
//! calendar.

use ical::civil::DAY;
use store::{KeyId, key_events};

use crate::{Error, MessageId, Result, Service};

/// The default of `EVENTS_PER_KEY_PER_DAY`.
pub const DEFAULT_EVENTS_PER_KEY: u32 = 1_000;

/// An event that was counted.
pub(crate) struct Counted {
    key: KeyId,
    day: i64,
}

impl Service {
    /// Counts an event that a key is about to create. Days are those of UTC.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] if it has created as many as it may.
    pub(crate) async fn count_event(&self, key: KeyId) -> Result<Counted> {
        let now = self.now().0;
        let day = now.div_euclid(DAY);
        let transaction = self.store.begin().await?;
        if !key_events::count(&transaction, key, day, self.events_per_key).await? {
            let retry_after = u64::try_from((day + 1) * DAY - now).unwrap_or_default();
            let said = MessageId::key_had_enough_events(i64::from(self.events_per_key));
            return Err(Error::TooMany { said, retry_after });
        }
        transaction.commit().await?;
        Ok(Counted { key, day })
    }

    /// Takes back what was counted, if the event was certainly not created. A booking in doubt counts.
    pub(crate) async fn count_refused(&self, counted: &Counted, error: &Error) {
        if !matches!(error, Error::Taken(_) | Error::Invalid(_)) {
            return;
        }
        let done: store::Result<()> = async {
            let transaction = self.store.begin().await?;
            key_events::take_back(&transaction, counted.key, counted.day).await?;
            transaction.commit().await
        }
        .await;
        if let Err(error) = done {
            // It counts until the end of the day, then.
            tracing::warn!(%error, "refused booking still counted");
        }
    }
}
