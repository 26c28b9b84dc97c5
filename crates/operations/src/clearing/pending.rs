//! Pending removals: the list, what administrators decide, and carrying out what is due.

use std::collections::HashMap;

use answers::Reader;
use answers::report::Report;
use facts::audit::{Action, Entry, FactValue, Field};
use facts::{Event, Removal};
use ical::Moment;
use store::audit::Actor;
use store::calendars::{self, Calendar};
use store::history::Starter;
use store::mail_links::{self, LinkRow};
use store::outbox::MessageState;
use store::pending::{self, PendingDecision, PendingRow};
use store::{CalendarId, OutboxId, PendingId};

use crate::clearing::run::SCHEDULE;
use crate::mail::notify::Announcer;
use crate::mail::warning::EndedWarning;
use crate::{ClearRequest, Error, Limit, MessageId, Mode, Result, Scope, Service, command_line};

/// Seconds after which a removal that is due, and could not be carried out, is tried again.
const DUE_PAUSE: i64 = 300;

/// A removal that is pending.
#[derive(Clone, Debug)]
pub struct PendingRemoval {
    /// Its id.
    pub id: PendingId,
    /// The calendar's slug.
    pub calendar: String,
    /// What is to be removed, and for which event, as the reader may see it.
    pub removal: Removal,
    /// When the warning was made.
    pub made_at: Moment,
    /// When the mail server took it: the grace began.
    pub warned_at: Option<Moment>,
    /// When the event is removed; `None` if it is kept, or the warning was not sent yet.
    pub removal_at: Option<Moment>,
    /// What an administrator decided.
    pub decision: Option<PendingDecision>,
    /// The state of the message to the organizer or the contact address; `None` if neither has an address.
    pub message: Option<MessageState>,
}

impl PendingRemoval {
    /// Whether somebody has to do something about it: nobody could be told, or its organizer asks for a decision.
    pub fn needs_attention(&self) -> bool {
        if self.decision == Some(PendingDecision::Ask) {
            return true;
        }
        let is_on_its_way =
            matches!(self.message, Some(MessageState::Waiting | MessageState::Sent));
        self.warned_at.is_none() && self.decision.is_none() && !is_on_its_way
    }

    fn of(row: &PendingRow, slug: &str, reader: &Reader) -> PendingRemoval {
        let pending = row.pending(None);
        let decision = row.decision.map(|it| *it);
        PendingRemoval {
            id: row.id,
            calendar: slug.to_owned(),
            removal: reader.shown_removal(row.removal()),
            made_at: Moment(row.made_at),
            warned_at: row.warned_at.map(Moment),
            removal_at: match decision {
                None => pending.removal_at(),
                Some(_) => None,
            },
            decision,
            message: row.message_state.map(|it| *it),
        }
    }
}

impl Service {
    /// The pending removals of some calendars, by start, as a reader may see them.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn pending_removals(
        &self,
        calendars: &[Calendar],
        reader: &Reader,
    ) -> Result<Vec<PendingRemoval>> {
        let slugs: HashMap<CalendarId, &str> =
            calendars.iter().map(|it| (it.id, it.slug.as_str())).collect();
        let rows = pending::all_open(&self.store).await?;
        let shown = rows.iter().filter_map(|row| {
            let slug = slugs.get(&row.calendar_id)?;
            Some(PendingRemoval::of(row, slug, reader))
        });
        Ok(shown.collect())
    }

    /// How many removals are pending in a user's calendars, or in all, of how many nobody could be told yet, and of how many
    /// the organizer asks for a decision.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn count_pending(&self, user: Option<store::UserId>) -> Result<[i64; 3]> {
        Ok(pending::counts(&self.store, user).await?)
    }

    /// Keeps an event that was to be removed, as long as both events are as they are. Both organizers hear of it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the removal is not pending any more; [`Error::Busy`] while a run has the calendar.
    pub async fn keep_pending(&self, actor: &Actor, id: PendingId) -> Result<()> {
        let (_, calendar) = self.pending_of(id).await?;
        // No run removes it meanwhile.
        let lease = self.calendar_lease(&calendar).await?;
        let kept = async {
            // The wait may have been long.
            let (row, calendar) = self.pending_of(id).await?;
            let transaction = self.store.begin().await?;
            lease.hold(&transaction).await?;
            let now = self.now();
            // What a run of a built-in calendar has planned does not hold any more.
            calendars::lock(&transaction, calendar.id).await?;
            let decision = PendingDecision::Keep;
            if !pending::decide(&transaction, id, decision, actor.user).await? {
                return Err(no_pending(id));
            }
            if row.decision.is_none_or(|it| *it != decision) {
                let ended = EndedWarning {
                    row: row.clone(),
                    word: "keep",
                    tells_loser: true,
                    tells_winner: true,
                };
                let announcer = Announcer::new(self, &transaction, &calendar, now);
                announcer.end_warnings(&[ended]).await?;
                self.note_pending(&transaction, actor, Action::PendingKept, &calendar, &row)
                    .await?;
            }
            Ok(transaction.commit().await?)
        };
        let kept = kept.await;
        lease.end().await;
        kept
    }

    /// Makes the removals that a warning is about wait until an administrator decides, and uses up the link by which
    /// that was asked for.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if none is pending any more without a decision, or the link was used;
    /// [`Error::Busy`] while a run has the calendar.
    pub(crate) async fn wait_for_decision(
        &self,
        calendar: &Calendar,
        message: OutboxId,
        link: &LinkRow,
    ) -> Result<()> {
        let lease = self.calendar_lease(calendar).await?;
        let waits = async {
            let transaction = self.store.begin().await?;
            lease.hold(&transaction).await?;
            // What a run of a built-in calendar has planned does not hold any more.
            calendars::lock(&transaction, calendar.id).await?;
            let asked = pending::asked::of_message(&transaction, message).await?;
            if pending::asked::ask(&transaction, message).await? == 0 {
                return Err(Error::Conflict(MessageId::MailLinkStale.into()));
            }
            if !mail_links::use_up(&transaction, link.id, None, self.now().0).await? {
                return Err(Error::Conflict(MessageId::MailLinkUsed.into()));
            }
            if let Some(first) = asked.first() {
                let entry = entry_about(Action::DecisionRequested, calendar, first)
                    .with(Field::Address, FactValue::text(&link.address));
                self.people().note(&transaction, &command_line(), entry).await?;
            }
            Ok(transaction.commit().await?)
        };
        let waits = waits.await;
        lease.end().await;
        waits
    }

    /// Removes an event at once that was to be removed later: by a run that does nothing else. Returns its report.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the removal is not pending any more.
    pub async fn remove_pending_now(
        &self,
        actor: &Actor,
        id: PendingId,
        started_by: Starter,
    ) -> Result<Report<Event>> {
        let (row, calendar) = self.pending_of(id).await?;
        let transaction = self.store.begin().await?;
        if !pending::decide(&transaction, id, PendingDecision::Now, actor.user).await? {
            return Err(no_pending(id));
        }
        self.note_pending(&transaction, actor, Action::PendingRemoved, &calendar, &row).await?;
        transaction.commit().await?;
        self.clear_due(vec![calendar.slug], started_by).await
    }

    /// Carries out the removals that are due, on up to twenty calendars. Returns the number of the calendars.
    ///
    /// # Errors
    ///
    /// When the database fails. What a calendar's server does is no error.
    pub async fn remove_due(&self) -> Result<usize> {
        let transaction = self.store.begin().await?;
        let now = self.settled_now().await?.0;
        let due = pending::claim_due(&transaction, now, DUE_PAUSE).await?;
        transaction.commit().await?;
        let mut slugs = Vec::new();
        for id in due {
            slugs.extend(calendars::by_id(&self.store, id).await?.map(|it| it.slug));
        }
        let number = slugs.len();
        if number > 0 {
            // Side by side: a server that hangs holds up only its own.
            let started_by = Starter::of(SCHEDULE);
            self.clear_due(slugs, started_by).await?;
        }
        Ok(number)
    }

    /// A run that carries out what is due, and nothing else.
    pub(crate) async fn clear_due(
        &self,
        slugs: Vec<String>,
        started_by: Starter,
    ) -> Result<Report<Event>> {
        let mut service = self.clone();
        service.due_only = true;
        let request = ClearRequest {
            scope: Scope::Named(slugs),
            mode: Mode::Real,
            limit: Limit::Holds,
            started_by,
        };
        service.clear_bookings(None, request).await
    }

    async fn pending_of(&self, id: PendingId) -> Result<(PendingRow, Calendar)> {
        let row = pending::by_id(&self.store, id).await?.filter(|it| it.ended_at.is_none());
        let row = row.ok_or_else(|| no_pending(id))?;
        let calendar = calendars::by_id(&self.store, row.calendar_id).await?;
        Ok((row, calendar.ok_or_else(|| no_pending(id))?))
    }

    async fn note_pending(
        &self,
        transaction: &store::Transaction,
        actor: &Actor,
        action: Action,
        calendar: &Calendar,
        row: &PendingRow,
    ) -> Result<()> {
        self.people().note(transaction, actor, entry_about(action, calendar, row)).await
    }
}

/// An entry about a pending removal.
fn entry_about(action: Action, calendar: &Calendar, row: &PendingRow) -> Entry {
    let event = row.removal().event;
    Entry::new(action, &calendar.slug)
        .with(Field::Event, FactValue::text(&event.name))
        .with(Field::Start, FactValue::moment(Some(event.start.0)))
}

fn no_pending(id: PendingId) -> Error {
    Error::NotFound(MessageId::no_pending(id))
}
