//! Priority tokens (section 3 of the contract, "Priority"): administrators make them and hand them out,
//! and decide about the events that hold one. [`crate::room::claims`] binds them at first sight.

use clearing::{Held, TOKEN_CHARACTERS, TOKEN_PREFIX, Ties};
use facts::audit::{Action, Entry, FactValue, Field};
use ical::{Calendar as Objects, Moment};
use people::audit;
use people::names::check_name;
use store::audit::Actor;
use store::calendars::{self, Calendar};
use store::objects;
use store::secrets::random_text;
use store::tokens::{self, BindingState, NewToken, TokenBinding};
use store::{CalendarId, Transaction};

use crate::room::snapshot::zones_of;
use crate::sync::work::Freshness;
use crate::{Error, FieldError, MessageId, Result, Service};

/// The most events that one token can be good for.
pub const MAX_TOKEN_EVENTS: i64 = 1_000;

/// A priority token that an administrator wants.
#[derive(Clone, Debug)]
pub struct NewPriorityToken<'t> {
    /// What people know it by.
    pub label: &'t str,
    /// The slugs of the calendars that it is for; none for all, also for those that are made later.
    pub calendars: &'t [String],
    /// How many events it is good for, 1 to [`MAX_TOKEN_EVENTS`].
    pub events: i64,
    /// From when on no further event may use it, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// What holds where an event with it meets another that is prioritised.
    pub ties: Ties,
}

impl Default for NewPriorityToken<'_> {
    /// Without a label, for one event on any calendar, without an end.
    fn default() -> Self {
        NewPriorityToken {
            label: "",
            calendars: &[],
            events: 1,
            expires_at: None,
            ties: Ties::Keep,
        }
    }
}

impl Service {
    /// Makes a priority token: its number, and its text, which is shown once and kept hashed.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds; [`Error::NotFound`] for a calendar that is not there.
    pub async fn add_priority_token(
        &self,
        actor: &Actor,
        new: &NewPriorityToken<'_>,
    ) -> Result<(i64, String)> {
        let (label, now) = (new.label.trim(), self.now().0);
        let mut errors: Vec<FieldError> = check_name("label", label).err().into_iter().collect();
        if !(1..=MAX_TOKEN_EVENTS).contains(&new.events) {
            let message = MessageId::events_between(1, MAX_TOKEN_EVENTS);
            errors.push(FieldError::new("events", message));
        }
        if new.expires_at.is_some_and(|expires| expires <= now) {
            errors.push(FieldError::new("expiry", MessageId::ExpiryPast));
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let mut ids: Vec<CalendarId> = Vec::new();
        for slug in new.calendars {
            ids.push(self.calendar(slug).await?.id);
        }
        let text = format!("{TOKEN_PREFIX}{}", random_text(TOKEN_CHARACTERS));
        let token = NewToken {
            label,
            text: &text,
            events: new.events,
            expires_at: new.expires_at,
            calendars: (!ids.is_empty()).then_some(ids.as_slice()),
            ties: new.ties,
        };
        let transaction = self.store.begin().await?;
        let id = tokens::insert(&transaction, &token, now).await?;
        self.people().note(&transaction, actor, entry_of(new, label)).await?;
        transaction.commit().await?;
        Ok((id, text))
    }

    /// Removes a priority token: the events that are bound to it lose the priority that it gave.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such token.
    pub async fn remove_priority_token(&self, actor: &Actor, id: i64) -> Result<()> {
        let transaction = self.store.begin().await?;
        // What is bound to it counts differently from here on, on any calendar.
        calendars::lock_all(&transaction).await?;
        let token = tokens::by_id(&transaction, id).await?.ok_or_else(|| no_token(id))?;
        tokens::remove(&transaction, id).await?;
        let entry = Entry::new(Action::TokenRemoved, &token.label)
            .with(Field::BoundEvents, FactValue::Number(token.used));
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Removes a binding: its event loses the priority, and does not get it back by being edited; another
    /// event may use the token in its place.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such binding, or it is removed already.
    pub async fn remove_token_binding(&self, actor: &Actor, id: i64) -> Result<()> {
        let transaction = self.store.begin().await?;
        let binding = of_number(&transaction, id).await?;
        if binding.state == BindingState::Removed {
            return Err(no_binding(id));
        }
        calendars::lock(&transaction, binding.calendar_id).await?;
        tokens::unbind(&transaction, id).await?;
        self.note_binding(&transaction, actor, Action::TokenBindingRemoved, &binding).await?;
        Ok(transaction.commit().await?)
    }

    /// Renews a binding: from here on its event is prioritised in the intervals that it holds now. One that
    /// does not count yet, or not any more, uses up one of the token's events.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such binding, or its event is gone; [`Error::Conflict`] if the
    /// event takes no time of the room from now on, or if other events have used up the token.
    pub async fn renew_token_binding(&self, actor: &Actor, id: i64) -> Result<()> {
        let found = tokens::binding(&self.store, id).await?.ok_or_else(|| no_binding(id))?;
        let calendar = calendars::by_id(&self.store, found.calendar_id).await?;
        let calendar = calendar.ok_or_else(|| no_binding(id))?;
        self.ensure_synced(&calendar, Freshness::Now).await?;
        let transaction = self.store.begin().await?;
        calendars::lock(&transaction, calendar.id).await?;
        let binding = of_number(&transaction, id).await?;
        let now = self.now();
        let held = held_now(&transaction, &calendar, &binding.uid, now).await?;
        let held = held.ok_or_else(|| Error::no_event(&calendar.slug, &binding.uid))?;
        if held.is_empty() {
            return Err(Error::Conflict(MessageId::BindingHoldsNothing.into()));
        }
        let counts = binding.state == BindingState::Bound;
        if !counts && !tokens::has_use_left(&transaction, binding.token_id).await? {
            let label = &binding.label;
            return Err(Error::Conflict(MessageId::token_has_no_use_left(label)));
        }
        tokens::rebind(&transaction, id, &held, now.0).await?;
        self.note_binding(&transaction, actor, Action::TokenBindingRenewed, &binding).await?;
        Ok(transaction.commit().await?)
    }

    /// What the event of a binding is called; `None` if the calendar does not hold it any more. A calendar
    /// on a server is not asked.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn bound_event_name(&self, binding: &TokenBinding) -> Result<Option<String>> {
        let found = objects::by_uid(&self.store, binding.calendar_id, &binding.uid).await?;
        let Some(resource) = found.first() else { return Ok(None) };
        let Ok(parsed) = Objects::parse(&resource.text) else { return Ok(Some(String::new())) };
        let event = parsed.objects().first().and_then(|it| parsed.events_of(it).next());
        let name = event.map(|it| it.summary().into_owned()).unwrap_or_default();
        Ok(Some(clearing::mask_tokens(&name).into_owned()))
    }

    async fn note_binding(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        action: Action,
        binding: &TokenBinding,
    ) -> Result<()> {
        let entry = Entry::new(action, &binding.slug)
            .with(Field::Token, FactValue::text(&binding.label))
            .with(Field::Uid, FactValue::text(&binding.uid));
        self.people().note(transaction, actor, entry).await
    }
}

/// What the audit trail tells of a new token.
fn entry_of(new: &NewPriorityToken<'_>, label: &str) -> Entry {
    Entry::new(Action::TokenAdded, label)
        .with(Field::ForCalendars, FactValue::texts(new.calendars))
        .with(Field::Events, FactValue::Number(new.events))
        .with(Field::Expiry, FactValue::moment(new.expires_at))
        .with(Field::Ties, audit::ties(new.ties))
}

async fn of_number(transaction: &Transaction, id: i64) -> Result<TokenBinding> {
    tokens::binding(transaction, id).await?.ok_or_else(|| no_binding(id))
}

/// What an event of a calendar holds from now on; `None` if the calendar has no such event.
async fn held_now(
    transaction: &Transaction,
    calendar: &Calendar,
    uid: &str,
    now: Moment,
) -> Result<Option<Vec<(Moment, Moment)>>> {
    let found = objects::by_uid(transaction, calendar.id, uid).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let policy = calendar.plain_policy();
    let mut held = Vec::new();
    for resource in &found {
        let Ok(parsed) = Objects::parse(&resource.text) else { continue };
        for object in parsed.objects() {
            let it = Held { calendar: &parsed, object };
            held.extend(clearing::held_intervals(it, now, &mut zones_of(calendar), &policy));
        }
    }
    held.sort_unstable();
    Ok(Some(held))
}

fn no_token(id: i64) -> Error {
    Error::NotFound(MessageId::no_token(id))
}

fn no_binding(id: i64) -> Error {
    Error::NotFound(MessageId::no_token_binding(id))
}
