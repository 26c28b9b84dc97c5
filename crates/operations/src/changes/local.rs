//! Changes of a calendar whose content is in the database: written and recorded in one transaction.

use std::collections::HashSet;

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
    /// Makes the changes of a built-in calendar that an act comes to, in the transaction that has locked it.
    ///
    /// # Errors
    ///
    /// As [`Service::change_locally`].
    pub(crate) async fn change_all_locally(
        &self,
        transaction: &Transaction,
        backend: &BuiltIn<'_>,
        calendar: &Calendar,
        (by, changes): (&By, &[Change]),
        now: Moment,
    ) -> Result<()> {
        let new: Vec<(&str, &[u8])> = changes
            .iter()
            .filter(|it| it.is_imported_anew())
            .filter_map(|it| Some((it.href.as_str(), it.after.as_deref()?)))
            .collect();
        let mut is_made = HashSet::new();
        // Nothing else is recorded of them.
        if new.len() > 1
            && let Some(first) = changes.iter().find(|it| it.is_imported_anew())
        {
            let origin = origin_of(transaction, &first.intent).await?;
            let left = backend.with_origin(origin).create_new(&new).await?;
            is_made = new.iter().map(|(href, _)| *href).filter(|it| !left.contains(*it)).collect();
        }
        for change in changes.iter().filter(|it| !is_made.contains(it.href.as_str())) {
            self.change_locally(transaction, backend, calendar, (by, change), now).await?;
        }
        Ok(())
    }

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
