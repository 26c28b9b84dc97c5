//! Moving an event to another room: it is booked there first, and removed from its room after that.

use store::calendars::{self, Calendar};
use store::mail_links::{self, LinkRow};

use crate::booking::give_up::{GiveUp, GivenUp, stale};
use crate::booking::move_here::MoveHere;
use crate::room::linked::Linked;
use crate::room::snapshot::Snapshot;
use crate::{Error, MessageId, Result, Service};

impl Service {
    /// Moves the event of a link to another calendar that is open for that.
    pub(crate) async fn move_event(
        &self,
        row: &LinkRow,
        calendar: &Calendar,
        (slug, version): (&str, &str),
    ) -> Result<()> {
        let target = calendars::by_slug(&self.store, slug).await?;
        let target = target.filter(|it| it.takes_moves && it.id != calendar.id);
        let target = target.ok_or_else(|| Error::NotFound(MessageId::MailLinkUnknown.into()))?;
        if row.target_id.is_some_and(|it| it != target.id) {
            // It is booked elsewhere already.
            return Err(stale());
        }
        let snapshot = Snapshot::of_uid(&self.store, calendar, &row.uid).await?;
        let linked = Linked::of(&snapshot, &row.subject()?).filter(|it| it.is_movable);
        let linked = linked.filter(|it| it.version == version).ok_or_else(stale)?;
        let event = linked.events.first().filter(|it| it.start > self.now()).ok_or_else(stale)?;
        let booked = MoveHere {
            link: row.id,
            uid: row.uid.clone(),
            text: snapshot.text_of(0).to_vec(),
            time: (event.start, event.end),
            author: snapshot.author_users.get(&row.uid).copied(),
        };
        self.apply(&target, booked).await?;
        let given_up = GiveUp::new(row, Some(version), GivenUp::Event)?;
        match self.apply(calendar, given_up).await {
            Ok(()) => Ok(()),
            Err(Error::Conflict(why)) => {
                self.end_move(row).await?;
                tracing::warn!(calendar = calendar.slug, %why, "moved, and still in its room");
                Err(Error::Conflict(MessageId::moved_and_there(&target.name, &calendar.name)))
            }
            // It is removed there later.
            Err(_) => Ok(()),
        }
    }

    /// Finishes moves that a dead process, or a server that did not answer, left half done: the event is booked in the
    /// other room. If it has moved in its own since, or has begun, it stays there.
    ///
    /// # Errors
    ///
    /// When the database fails. What a calendar's server does is no error.
    pub async fn finish_moves(&self) -> Result<()> {
        for row in mail_links::unfinished(&self.store).await? {
            let Some(calendar) = calendars::by_id(&self.store, row.calendar_id).await? else {
                continue;
            };
            let given_up = GiveUp::new(&row, None, GivenUp::Event)?;
            match self.apply(&calendar, given_up).await {
                Ok(()) => {}
                Err(Error::Conflict(why) | Error::NotFound(why)) => {
                    tracing::warn!(calendar = calendar.slug, %why, "moved, and still in its room");
                    self.end_move(&row).await?;
                }
                Err(Error::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(calendar = calendar.slug, %error, "a move is finished later");
                }
            }
        }
        Ok(())
    }

    async fn end_move(&self, row: &LinkRow) -> Result<()> {
        let transaction = self.store.begin().await?;
        mail_links::use_up(&transaction, row.id, None, self.now().0).await?;
        Ok(transaction.commit().await?)
    }
}
