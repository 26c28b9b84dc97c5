//! Moving an event to another room: it is booked there first, and removed from its room after that.
//!
//! A link leads to one room: that is claimed before anything is written, and given up only when the booking was refused.
//! So a booking whose answer was lost is found by the same link, and no second room is booked meanwhile.

use futures_util::{StreamExt as _, stream};
use store::calendars::{self, Calendar};
use store::mail_links::{self, LinkRow};
use store::secrets::hex;

use crate::booking::give_up::{GiveUp, GivenUp, stale};
use crate::booking::move_here::MoveHere;
use crate::mail::free_rooms::takes;
use crate::room::free::window_of;
use crate::room::linked::Linked;
use crate::room::snapshot::Snapshot;
use crate::sync::work::Freshness;
use crate::{Error, Message, MessageId, Result, Service};

/// Seconds after which a half-done move is tried again.
const PAUSE: i64 = 60;
/// Moves that are finished at once.
const AT_ONCE: usize = 4;

impl Service {
    /// Moves the event of a link to another calendar that is open for that.
    pub(crate) async fn move_event(
        &self,
        row: &LinkRow,
        calendar: &Calendar,
        (slug, version): (&str, &str),
    ) -> Result<()> {
        let target = calendars::by_slug(&self.store, slug).await?;
        let target = target.filter(|it| takes(it, calendar) && it.id != calendar.id);
        let target = target.ok_or_else(|| Error::NotFound(MessageId::MailLinkUnknown.into()))?;
        self.ensure_synced(calendar, Freshness::Now).await?;
        let snapshot = Snapshot::of_uid(&self.store, calendar, &row.uid).await?;
        let linked = Linked::of(&snapshot, &row.subject()?);
        let linked = linked.filter(|it| it.version == version).ok_or_else(stale)?;
        let hours = linked.hours_to_move(&snapshot, self.now()).ok_or_else(stale)?;
        let window = window_of(&hours).ok_or_else(stale)?;
        let transaction = self.store.begin().await?;
        if !mail_links::want(&transaction, row.id, (target.id, version)).await? {
            return Err(stale());
        }
        transaction.commit().await?;
        let booked = MoveHere {
            link: row.id,
            name: format!("moved-{}.ics", hex(&row.signature(self.vault().await?)?)),
            uid: row.uid.clone(),
            text: snapshot.text_of(0).to_vec(),
            window,
            author: snapshot.author_users.get(&row.uid).copied(),
        };
        if let Err(error) = self.apply(&target, booked).await {
            let is_refused = match &error {
                Error::Taken(_) => true,
                Error::Conflict(why) => *why == Message::from(MessageId::SameIdThere),
                _ => false,
            };
            if is_refused {
                // Nothing was sent.
                let transaction = self.store.begin().await?;
                mail_links::release(&transaction, row.id).await?;
                transaction.commit().await?;
            }
            return Err(error);
        }
        let given_up = GiveUp::new(row, version, GivenUp::Event)?;
        match self.apply(calendar, given_up).await {
            Err(Error::Conflict(why)) if is_final(&why) => {
                self.end_move(row).await?;
                tracing::warn!(calendar = calendar.slug, %why, "moved, and still in its room");
                Err(Error::Conflict(MessageId::moved_and_there(&target.name, &calendar.name)))
            }
            // What is not known, or not possible now, is finished later.
            _ => Ok(()),
        }
    }

    /// Finishes moves that a dead process, or a server that did not answer, left half done: the event is booked in the
    /// other room, and is removed from its own. It stays if it has changed since, if it has begun, or if it is not in the
    /// other room any more.
    ///
    /// # Errors
    ///
    /// When the database fails. What a calendar's server does is no error.
    pub async fn finish_moves(&self) -> Result<()> {
        let now = self.settled_now().await?;
        let transaction = self.store.begin().await?;
        let unfinished = mail_links::claim_unfinished(&transaction, (now.0, PAUSE)).await?;
        transaction.commit().await?;
        let finishing = unfinished.into_iter().map(|row| async move {
            if let Err(error) = self.finish_move(&row).await {
                tracing::warn!(link = row.id.0, %error, "a move is finished later");
            }
        });
        stream::iter(finishing).buffer_unordered(AT_ONCE).collect::<()>().await;
        Ok(())
    }

    async fn finish_move(&self, row: &LinkRow) -> Result<()> {
        let source = calendars::by_id(&self.store, row.calendar_id).await?;
        let target = match row.target_id {
            Some(id) => calendars::by_id(&self.store, id).await?,
            None => None,
        };
        let (Some(source), Some(target)) = (source, target) else {
            return self.end_move(row).await;
        };
        self.ensure_synced(&target, Freshness::Now).await?;
        let there = Snapshot::of_uid(&self.store, &target, &row.uid).await?;
        let is_there = Linked::of(&there, &row.subject()?).is_some_and(|it| !it.events.is_empty());
        if !is_there {
            tracing::warn!(calendar = target.slug, "a moved event is gone; the other one stays");
            return self.end_move(row).await;
        }
        let given_up =
            GiveUp::new(row, row.version.as_deref().unwrap_or_default(), GivenUp::Event)?;
        match self.apply(&source, given_up).await {
            Err(Error::Conflict(why)) if is_final(&why) => {
                tracing::warn!(calendar = source.slug, %why, "moved, and still in its room");
                self.end_move(row).await
            }
            done => done,
        }
    }

    async fn end_move(&self, row: &LinkRow) -> Result<()> {
        let transaction = self.store.begin().await?;
        mail_links::use_up(&transaction, row.id, None, self.now().0).await?;
        Ok(transaction.commit().await?)
    }
}

/// Whether an event that was booked elsewhere stays in its room for good: it is another by now, or has begun.
fn is_final(why: &Message) -> bool {
    [MessageId::MailLinkStale, MessageId::MailLinkOver]
        .into_iter()
        .any(|it| Message::from(it) == *why)
}
