//! Changes of a calendar whose content is in the database: written and recorded in one transaction.

use ical::Moment;
use store::Transaction;
use store::calendars::Calendar;
use store::history;

use crate::changes::change::{By, Change};
use crate::changes::record::origin_of;
use crate::room::backend::{BackendError, CalendarBackend as _};
use crate::room::built_in::BuiltIn;
use crate::{Result, Service};

impl Service {
    /// Makes a change of a built-in calendar, in the transaction that has locked it.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) if the object is not the one that it was decided on.
    pub(crate) async fn change_locally(
        &self,
        transaction: &Transaction,
        backend: &BuiltIn<'_>,
        calendar: &Calendar,
        (by, change): (&By, &Change),
        now: Moment,
    ) -> Result<()> {
        let backend = backend.with_origin(origin_of(transaction, &change.intent).await?);
        let written = match (change.version(), &change.after) {
            (Some(version), Some(text)) => backend.replace(&version, text).await.map(Some),
            (Some(version), None) => backend.delete(&version).await.map(|()| None),
            (None, Some(text)) => backend.create(&change.href, text).await.map(Some),
            (None, None) => Ok(None),
        };
        let etag = match written {
            Ok(etag) => etag,
            // Nobody else books under that UID: it was an earlier try of the same request.
            Err(BackendError::Changed) if change.is_booking() => None,
            Err(error) => return Err(error.into()),
        };
        let id = if change.intent.is_kept() {
            let row = change.row(by, calendar.id, etag.as_deref(), now);
            Some(history::insert_change(transaction, &row).await?)
        } else {
            None
        };
        self.record(transaction, calendar, (by, change), id, now).await
    }
}
