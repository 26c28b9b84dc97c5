//! What administrators do with the outbox: messages, test messages.

use facts::audit::{Action, Entry, FactValue, Field};
use mail::{Content, Logo, Notice, SendError, Sender, TemplatePart};
use store::audit::Actor;
use store::outbox::MessageState;
use store::{delivery, mail_caps, templates};

use crate::mail::smtp_fault::{email_error, smtp_fault};
use crate::mail::templates::NewTemplate;
use crate::{Error, Message, MessageId, Result, Service};

/// The sample that a test message shows.
const TEST_SAMPLE: &str = "deleted";

impl Service {
    /// Lets a message be sent after all, or at once.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none of that number; [`Error::Conflict`] if it was sent, is being
    /// sent, went with another, or may not go to its address.
    pub async fn retry_message(&self, actor: &Actor, id: store::OutboxId) -> Result<()> {
        let message = self.message(id).await?;
        if let Some(why) = self.why_refused(&message.address) {
            return Err(Error::Conflict(MessageId::message_does_not_go(id, why)));
        }
        let transaction = self.store.begin().await?;
        let now = self.now().0;
        if !delivery::retry(&transaction, id, now).await? {
            return Err(settled(&message));
        }
        self.people().note(&transaction, actor, about(Action::MessageRetried, &message)).await?;
        Ok(transaction.commit().await?)
    }

    /// Lets a message be sent that was held because too many left the sender's domain.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none of that number; [`Error::Conflict`] if it is not held, or may
    /// not go to its address.
    pub async fn release_message(&self, actor: &Actor, id: store::OutboxId) -> Result<()> {
        let message = self.message(id).await?;
        if let Some(why) = self.why_refused(&message.address) {
            return Err(Error::Conflict(MessageId::message_does_not_go(id, why)));
        }
        let transaction = self.store.begin().await?;
        if !mail_caps::release(&transaction, id, self.now().0).await? {
            return Err(Error::Conflict(MessageId::message_is_not_held(id)));
        }
        self.people().note(&transaction, actor, about(Action::MessageReleased, &message)).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives a message up.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none of that number; [`Error::Conflict`] if it was sent, is being
    /// sent, or went with another.
    pub async fn discard_message(&self, actor: &Actor, id: store::OutboxId) -> Result<()> {
        let message = self.message(id).await?;
        let transaction = self.store.begin().await?;
        let why = MessageId::discarded_by(name_of(actor)).to_stored();
        if !delivery::discard(&transaction, id, &why).await? {
            return Err(settled(&message));
        }
        self.people().note(&transaction, actor, about(Action::MessageDiscarded, &message)).await?;
        Ok(transaction.commit().await?)
    }

    /// The message of that number.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn message(&self, id: store::OutboxId) -> Result<delivery::OutboxRow> {
        let found = delivery::message(&self.store, id).await?;
        found.ok_or_else(|| Error::NotFound(MessageId::no_message(id)))
    }

    /// Sends a sample of a template to an address at once, past the outbox; the server's words. It counts as
    /// a message that the actor caused.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if there is no mail server, if mail may not go to the address, if too many
    /// messages left the sender's domain that day, or with the server's words; [`Error::Invalid`] if the
    /// template fails.
    pub async fn send_test(
        &self,
        actor: &Actor,
        new: &NewTemplate,
        address: &str,
    ) -> Result<String> {
        // Before anything is rendered.
        self.way_to(address)?;
        let mut rendered = self.preview_template(&new.template, TEST_SAMPLE).await?;
        rendered.subject = format!("[Test] {}", rendered.subject);
        let language = new.template.language().unwrap_or_default();
        let sample = mail::samples::named_in(TEST_SAMPLE, language.code());
        let attaches = new.choices.as_ref().is_none_or(|it| it.has(TemplatePart::Attachment));
        let logo = match templates::by_name(&self.store, new.name.trim()).await? {
            Some(found) => self.template_logo(found.id).await?,
            None => None,
        };
        let beside = (sample.filter(|_| attaches), logo);
        self.send_at_once(actor, address, &rendered, beside).await
    }

    /// Sends somebody the link by which that one chooses a password, at once and past the outbox: the link is a secret,
    /// and no secret is stored. It counts as a message that the actor caused.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if there is no mail server, if mail may not go to the address, if too many
    /// messages left the sender's domain that day, or with the server's words.
    pub async fn send_invitation(
        &self,
        actor: &Actor,
        address: &str,
        (subject, text): (&str, &str),
    ) -> Result<()> {
        let (subject, text) = (subject.to_owned(), text.to_owned());
        let rendered = mail::Rendered { subject, text, html: None };
        self.send_at_once(actor, address, &rendered, (None, None)).await.map(|_| ())
    }

    /// The way to an address; an error if there is none.
    fn way_to(&self, address: &str) -> Result<&mail::Mailer> {
        let mailer = self.mailer.as_deref();
        let mailer = mailer.ok_or_else(|| Error::Conflict(MessageId::NoMailServer.into()))?;
        match self.why_refused(address) {
            Some(why) => Err(Error::Conflict(why)),
            None => Ok(mailer),
        }
    }

    async fn send_at_once(
        &self,
        actor: &Actor,
        address: &str,
        rendered: &mail::Rendered,
        (sample, logo): (Option<mail::samples::Sample>, Option<Logo>),
    ) -> Result<String> {
        let mailer = self.way_to(address)?;
        let id = self.new_message_id();
        // It is nobody else's affair.
        let sender = Sender { bcc: Vec::new(), ..mailer.sender.clone() };
        let now = self.now().0;
        let file = sample.and_then(|it| it.notice.calendar_file(&id, now));
        let content = Content { rendered, file: file.as_ref(), logo: logo.as_ref() };
        let email = sender.email_with(address.trim(), content, &id, now);
        let email = email.map_err(|error| Error::invalid("address", email_error(&error)))?;
        let failed = |error: SendError| Error::Conflict(smtp_fault(&error.fault));
        self.admit_test(actor, mailer, address.trim()).await?;
        let mut session = mailer.transport.connect().await.map_err(failed)?;
        session.send_envelope(&email).await.map_err(failed)?;
        let words = session.transmit(&email).await.map_err(failed)?;
        session.end().await;
        Ok(words)
    }
}

/// Who did something, in words.
fn name_of(actor: &Actor) -> Message {
    match actor.user {
        Some(_) => Message::quoted(&actor.name),
        None => MessageId::CommandLine.into(),
    }
}

/// What a message is about, for the audit trail.
fn about(action: Action, message: &delivery::OutboxRow) -> Entry {
    // A message to administrators is about no event.
    let name = serde_json::from_str::<Notice>(&message.data).ok().map(|it| it.event.name);
    let mut entry = Entry::new(action, &message.address)
        .with(Field::About, FactValue::text(message.kind.as_str()));
    if let Some(name) = name.filter(|it| !it.is_empty()) {
        entry = entry.with(Field::Event, FactValue::text(name));
    }
    if let Some(slug) = &message.slug {
        entry = entry.with(Field::Calendar, FactValue::text(slug));
    }
    entry.with(Field::Message, FactValue::Number(message.id.0))
}

fn settled(message: &delivery::OutboxRow) -> Error {
    let id = message.id;
    let said = match *message.state {
        MessageState::Waiting => MessageId::message_is_being_sent(id),
        MessageState::Gathered => MessageId::message_is_gathered(id),
        MessageState::Joined => MessageId::message_is_joined(id),
        MessageState::Sent => MessageId::message_is_sent(id),
        MessageState::Discarded => MessageId::message_is_discarded(id),
        MessageState::Held => MessageId::message_is_held(id),
        state @ (MessageState::OverLimit | MessageState::Refused | MessageState::Failed) => {
            MessageId::message_is(id, state.as_str())
        }
    };
    Error::Conflict(said)
}
