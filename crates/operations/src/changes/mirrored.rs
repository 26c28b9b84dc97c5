//! The mirror's copy of an object after a write.

use clearing::Sight;
use ical::Moment;
use store::{Transaction, calendars};

use crate::changes::change::Change;
use crate::changes::record::origin_of;
use crate::room::keeper::{ClaimKeeper, last_look};
use crate::room::object_row::ObjectRow;
use crate::room::on_server::OnServer;
use crate::sync::row::{put_read, put_row, remove_row};
use crate::{Error, Result, Service};

/// An object as a server has it now, with what is known of its version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now<'n> {
    /// Its ETag; an empty text where that is not known.
    pub etag: &'n str,
    /// Its text.
    pub text: &'n [u8],
}

impl Service {
    /// Writes a change that was made on the server into the mirror.
    pub(crate) async fn mirror_change(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        change: &Change,
        now: Option<Now<'_>>,
        moment: Moment,
    ) -> Result<()> {
        let calendar = &server.calendar;
        let revision = calendars::lock(transaction, calendar.id).await?;
        revision.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let keeper = ClaimKeeper::new(transaction, calendar);
        let before = change.text_before();
        let Some(now) = now else {
            remove_row(transaction, server, &change.href).await?;
            return keeper.end((&change.uid, &change.href), before, moment).await;
        };
        if change.after.is_none() {
            // Something else lies where the deleted object was.
            keeper.end((&change.uid, &change.href), before, moment).await?;
            let row = ObjectRow::new(calendar, &change.href, now.etag, now.text, moment);
            return put_read(transaction, server, &row, None, moment).await;
        }
        // What the server has made of it is read back; until then its version says nothing of our text.
        let is_rewritten = change.after.is_some() && server.collection.quirks().rewrites_bodies;
        let etag = if is_rewritten { "" } else { now.etag };
        let row = ObjectRow::new(calendar, &change.href, etag, now.text, moment);
        row.see(transaction, calendar).await?;
        let (begun, unseen_look) = last_look(transaction, calendar).await?;
        let origin = origin_of(transaction, &change.intent).await?;
        let sight = match change.was_free && unseen_look > 0 {
            true => Sight::Reserved { at: moment, seen_free: begun, unseen_look },
            false => Sight::Written { at: moment, unseen_look },
        };
        let uid = (change.uid.as_str(), change.href.as_str());
        keeper.written(uid, before, now.text, &origin, sight).await?;
        put_row(transaction, server, &row).await?;
        keeper.settle_absences(sight).await
    }
}
