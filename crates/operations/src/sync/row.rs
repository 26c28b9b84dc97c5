//! The mirror's copy of single objects that were read outside of a look.

use clearing::Sight;
use ical::Moment;
use store::calendars;
use store::history;
use store::objects::{self, Resource};
use store::{ChangeId, Transaction, mirror};

use crate::room::backend::CalendarBackend as _;
use crate::room::keeper::{ClaimKeeper, last_look};
use crate::room::object_row::ObjectRow;
use crate::room::on_server::OnServer;
use crate::room::snapshot::zones_of;
use crate::{Error, Result, Service};

impl Service {
    /// Reads an object as it is on the server now, and writes it into the mirror.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the server does not answer.
    pub(crate) async fn read_object(&self, server: &OnServer, href: &str) -> Result<()> {
        let current = server.read(href).await?;
        let transaction = self.store.begin().await?;
        self.mirror_object(&transaction, server, href, current).await?;
        Ok(transaction.commit().await?)
    }

    /// Writes an object into the mirror as the server has it now, or removes it if there is none.
    pub(crate) async fn mirror_object(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        href: &str,
        current: Option<Resource>,
    ) -> Result<()> {
        let calendar = &server.calendar;
        let revision = calendars::lock(transaction, calendar.id).await?;
        revision.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let Some(current) = current else {
            // The server was asked for it, so its claim ends.
            if let Some(there) = objects::by_href(transaction, calendar.id, href).await? {
                let keeper = ClaimKeeper::new(transaction, calendar);
                keeper.end((&there.uid, href), Some(&there.text), self.now()).await?;
            }
            return remove_row(transaction, server, href).await;
        };
        let moment = self.now();
        let row = ObjectRow::new(calendar, href, &current.etag, &current.text, moment);
        let there = objects::by_href(transaction, calendar.id, href).await?;
        let before = there.as_ref().map(|it| it.text.as_slice());
        put_read(transaction, server, &row, before, moment).await?;
        if there.is_some_and(|it| it.uid != row.resource.uid) {
            // Whether it lies elsewhere now only a look can tell.
            ClaimKeeper::new(transaction, calendar).not_seen_at(&row.resource, moment).await?;
        }
        Ok(())
    }

    /// Reads objects back after a write. Where that fails their versions are not known, and the next look
    /// reads them: what was made stays made.
    pub(crate) async fn try_to_read_back(&self, server: &OnServer, written: &[(ChangeId, String)]) {
        if let Err(error) = self.read_back(server, written).await {
            let calendar = &server.calendar.slug;
            tracing::warn!(calendar, %error, "nothing was read back");
        }
    }

    /// Reads objects back whose version is not known after a write, or that the server has rewritten.
    pub(crate) async fn read_back(
        &self,
        server: &OnServer,
        written: &[(ChangeId, String)],
    ) -> Result<()> {
        for chunk in written.chunks(caldav::MULTIGET_CHUNK) {
            let hrefs: Vec<_> =
                chunk.iter().map(|(_, href)| caldav::Href::from_store(href.as_str())).collect();
            let fetched = match server.collection.multiget(&hrefs).await {
                Ok(fetched) => fetched,
                Err(error) => return Err(server.error(&error).await),
            };
            let transaction = self.store.begin().await?;
            calendars::lock(&transaction, server.calendar.id).await?;
            for ((change, href), fetched) in chunk.iter().zip(fetched) {
                // What is gone by now the next look at the calendar will say.
                let caldav::FetchOutcome::Found { etag: Some(etag), text } = fetched.outcome else {
                    continue;
                };
                let etag = etag.as_str();
                let row = ObjectRow::new(&server.calendar, href, etag, &text, self.now());
                let before = objects::by_href(&transaction, server.calendar.id, href).await?;
                let before = before.as_ref().map(|it| it.text.as_slice());
                put_read(&transaction, server, &row, before, self.now()).await?;
                // Somebody may have written it since: that is no version of ours, and putting back
                // would write over it.
                let made = history::change(&transaction, *change).await?;
                let zones = &mut zones_of(&server.calendar);
                let is_ours = made.is_some_and(|made| {
                    made.after_etag.as_deref() == Some(etag)
                        || made.after_text.is_some_and(|it| ical::says_the_same(&it, &text, zones))
                });
                if is_ours {
                    history::set_etag(&transaction, *change, etag).await?;
                }
            }
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// Writes an object into the mirror that was read for itself, outside of a look, and records what it holds.
pub(crate) async fn put_read(
    transaction: &Transaction,
    server: &OnServer,
    row: &ObjectRow,
    before: Option<&[u8]>,
    saw: Moment,
) -> Result<()> {
    let calendar = &server.calendar;
    row.see(transaction, calendar).await?;
    let (unseen, unseen_look) = last_look(transaction, calendar).await?;
    let sight = Sight::Look { unseen, unseen_look, saw };
    let Resource { uid, href, text, .. } = &row.resource;
    let keeper = ClaimKeeper::new(transaction, calendar);
    keeper.see_alone((uid, href), before, text, sight).await?;
    put_row(transaction, server, row).await?;
    keeper.settle_absences(sight).await
}

/// Writes an object that was written on the server into the mirror.
pub(crate) async fn put_row(
    transaction: &Transaction,
    server: &OnServer,
    row: &ObjectRow,
) -> Result<()> {
    let id = server.calendar.id;
    let there = objects::by_href(transaction, id, &row.resource.href).await?;
    row.put(transaction, &server.calendar).await?;
    if there.is_none() {
        mirror::count_change(transaction, id, 1).await?;
    }
    if row.resource.etag.is_empty() {
        mirror::count_unread(transaction, id).await?;
    }
    Ok(())
}

/// Removes an object from the mirror that is not on the server any more.
pub(crate) async fn remove_row(
    transaction: &Transaction,
    server: &OnServer,
    href: &str,
) -> Result<()> {
    let id = server.calendar.id;
    if objects::remove(transaction, id, href).await? {
        mirror::count_change(transaction, id, -1).await?;
    }
    Ok(())
}
