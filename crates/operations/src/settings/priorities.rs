//! Priorities and protections of calendars.

use clearing::Ties;
use facts::audit::{Action, Entry, FactValue, Field};
use people::audit::ties as kept_ties;
use people::names::check_address;
use store::audit::Actor;
use store::calendars::{self, PriorityKind};
use store::{CalendarId, Transaction};

use crate::{Error, Message, MessageId, Result, Service};

impl Service {
    /// Prioritises on a calendar, or on all.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an empty value or an organizer that is no address; [`Error::NotFound`] if
    /// there is no such calendar.
    pub async fn prioritise(
        &self,
        actor: &Actor,
        slug: Option<&str>,
        kind: PriorityKind,
        value: &str,
    ) -> Result<()> {
        self.prioritise_with_ties(actor, slug, (kind, value), None).await
    }

    /// Prioritises on a calendar, or on all, and says what holds between two that are prioritised; with
    /// `None`, what is usual of the kind. Where it is so already, nothing is changed or written down.
    ///
    /// # Errors
    ///
    /// As [`Service::prioritise`].
    pub async fn prioritise_with_ties(
        &self,
        actor: &Actor,
        slug: Option<&str>,
        (kind, value): (PriorityKind, &str),
        ties: Option<Ties>,
    ) -> Result<()> {
        let value = value.trim();
        let is_domain = value.strip_prefix('@').is_some_and(|domain| !domain.is_empty());
        if value.is_empty() {
            return Err(Error::invalid(kind.as_str(), MessageId::MustNotBeEmpty));
        }
        if kind == PriorityKind::Organizer && !is_domain && check_address(value).is_err() {
            return Err(Error::invalid("organizer", MessageId::PriorityForm));
        }
        if kind == PriorityKind::Name && !clearing::has_words(value) {
            return Err(Error::invalid("name", MessageId::PriorityWords));
        }
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        if !calendars::prioritise(&transaction, calendar, (kind, value), ties).await? {
            return Ok(());
        }
        let mut entry = Entry::of_calendars(Action::PriorityAdded, slug)
            .with(field_of(kind), FactValue::text(value));
        if let Some(ties) = ties {
            entry = entry.with(Field::Ties, kept_ties(ties));
        }
        self.count_revision(&transaction, calendar).await?;
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Protects the events of a UID on a calendar, or on all. Where it is so already, nothing is changed or
    /// written down.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an empty UID; [`Error::NotFound`] if there is no such calendar.
    pub async fn protect(&self, actor: &Actor, slug: Option<&str>, uid: &str) -> Result<()> {
        if uid.is_empty() {
            return Err(Error::invalid("uid", MessageId::MustNotBeEmpty));
        }
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        if !calendars::protect(&transaction, calendar, uid).await? {
            return Ok(());
        }
        let entry = Entry::of_calendars(Action::ProtectionAdded, slug);
        self.count_revision(&transaction, calendar).await?;
        self.people()
            .note(&transaction, actor, entry.with(Field::Uid, FactValue::text(uid)))
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a priority away.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such calendar, or it has no such priority.
    pub async fn unprioritise(
        &self,
        actor: &Actor,
        slug: Option<&str>,
        kind: PriorityKind,
        value: &str,
    ) -> Result<()> {
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        let value = value.trim();
        if !calendars::unprioritise(&transaction, calendar, kind, value).await? {
            let of = subject_of(slug);
            return Err(Error::NotFound(match kind {
                PriorityKind::Organizer => MessageId::organizer_not_prioritised(of, value),
                PriorityKind::Name => MessageId::name_not_prioritised(of, value),
                PriorityKind::Uid => MessageId::uid_not_prioritised(of, value),
            }));
        }
        let entry = Entry::of_calendars(Action::PriorityRemoved, slug);
        let entry = entry.with(field_of(kind), FactValue::text(value));
        self.count_revision(&transaction, calendar).await?;
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a protection away.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such calendar, or the UID is not protected on it.
    pub async fn unprotect(&self, actor: &Actor, slug: Option<&str>, uid: &str) -> Result<()> {
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        if !calendars::unprotect(&transaction, calendar, uid).await? {
            return Err(Error::NotFound(MessageId::not_protected(subject_of(slug), uid)));
        }
        let entry = Entry::of_calendars(Action::ProtectionRemoved, slug);
        self.count_revision(&transaction, calendar).await?;
        self.people()
            .note(&transaction, actor, entry.with(Field::Uid, FactValue::text(uid)))
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn calendar_or_all(&self, slug: Option<&str>) -> Result<Option<CalendarId>> {
        Ok(match slug {
            None => None,
            Some(slug) => Some(self.calendar(slug).await?.id),
        })
    }

    /// What is decided for a calendar, or for all, changes what the rules make of its content.
    async fn count_revision(
        &self,
        transaction: &Transaction,
        calendar: Option<CalendarId>,
    ) -> Result<()> {
        match calendar {
            Some(id) => calendars::lock(transaction, id).await.map(|_| ())?,
            None => calendars::lock_all(transaction).await?,
        }
        Ok(())
    }
}

/// What the audit trail calls what a priority goes by.
fn field_of(kind: PriorityKind) -> Field {
    match kind {
        PriorityKind::Organizer => Field::Organizer,
        PriorityKind::Name => Field::WordsOfName,
        PriorityKind::Uid => Field::Uid,
    }
}

/// Of what a priority or a protection was not found.
fn subject_of(slug: Option<&str>) -> Message {
    slug.map_or_else(|| MessageId::AllCalendars.into(), Message::quoted)
}
