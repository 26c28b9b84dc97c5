//! Doing what a link is for.

use store::calendars::Calendar;
use store::history::{Starter, Way};
use store::mail_links::{self, LinkAct, LinkRow};
use store::{pending, second_chances};

use crate::booking::give_up::{GiveUp, GivenUp, check_unused, stale};
use crate::room::linked::Linked;
use crate::room::snapshot::Snapshot;
use crate::{Error, MessageId, Result, Service};

/// What the person who follows a link wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkChoice {
    /// To give up the event, or dates of it.
    GiveUp(GivenUp),
    /// That an administrator decides.
    Ask,
    /// To take back the hours that are free again.
    Restore,
    /// To move the event to the calendar of that name.
    Move(String),
}

impl Service {
    /// Does what a link is for, once. `version` is that of the event as its reader was shown it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is no link of this program; [`Error::Conflict`] if it was used, has expired, or the
    /// event is another by now; what a change of the event answers. Then nothing has happened, and the link works on,
    /// unless a move says that the event is in both rooms.
    pub async fn follow_link(&self, token: &str, version: &str, choice: LinkChoice) -> Result<()> {
        let row = self.link_of(token).await?;
        let calendar = self.calendar_of_link(&row).await?;
        check_unused(&self.store, row.id, self.now()).await?;
        match (*row.act, choice) {
            (LinkAct::GiveUp, LinkChoice::GiveUp(what)) => {
                self.apply(&calendar, GiveUp::new(&row, version, what)?).await?;
                self.end_warnings_of(&calendar).await;
                Ok(())
            }
            (LinkAct::Move, LinkChoice::Move(slug)) => {
                self.move_event(&row, &calendar, (&slug, version)).await?;
                self.end_warnings_of(&calendar).await;
                Ok(())
            }
            (LinkAct::Restore, LinkChoice::Restore) => self.take_back(&row, &calendar).await,
            (LinkAct::Ask, LinkChoice::Ask) => {
                let message = row.message_id.ok_or_else(stale)?;
                self.wait_for_decision(&calendar, message, &row).await
            }
            _ => Err(Error::NotFound(MessageId::MailLinkUnknown.into())),
        }
    }

    /// What is pending in a calendar may have ended by a change. It is no fault of the change if that cannot be written
    /// down now: the next run does it.
    async fn end_warnings_of(&self, calendar: &Calendar) {
        let ended = async {
            if !pending::has_open(&self.store, calendar.id).await? {
                return Ok(());
            }
            self.clear_due(vec![calendar.slug.clone()], Starter::of(Way::Link)).await.map(|_| ())
        };
        if let Err(error) = ended.await {
            tracing::warn!(calendar = calendar.slug, %error, "warnings are ended later");
        }
    }

    /// Restores what an offer is about, as far as the hours are still free.
    async fn take_back(&self, row: &LinkRow, calendar: &Calendar) -> Result<()> {
        let message = row.message_id.ok_or_else(stale)?;
        let subject = row.subject()?;
        let there = Snapshot::of_uid(&self.store, calendar, &row.uid).await?;
        let is_somebody_else_s = Linked::of(&there, &subject).is_some_and(|it| !it.is_all_theirs);
        if is_somebody_else_s {
            return Err(stale());
        }
        let (mut is_any_back, mut refused) = (false, stale());
        for chance in second_chances::of_message(&self.store, message).await? {
            let line = (chance.removal_id, chance.href.as_str());
            match self.restore_if_free(calendar, Starter::of(Way::Link), line).await {
                Ok(_) => is_any_back = true,
                Err(error) => refused = error,
            }
        }
        if !is_any_back {
            return Err(refused);
        }
        let transaction = self.store.begin().await?;
        mail_links::use_up(&transaction, row.id, None, self.now().0).await?;
        Ok(transaction.commit().await?)
    }
}
