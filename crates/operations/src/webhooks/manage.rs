//! What administrators do about webhooks.

use facts::audit::{Action, Entry, FactValue, Field};
use serde_json::json;
use store::WebhookId;
use store::audit::Actor;
use store::webhooks::{self, WebhookKind};

use crate::{Error, MessageId, Result, Service};

impl Service {
    /// Tells every address that this is a test.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if no address is set.
    pub async fn test_webhooks(&self) -> Result<()> {
        if self.webhooks.count() == 0 {
            return Err(Error::Conflict(MessageId::NoWebhooks.into()));
        }
        let transaction = self.store.begin().await?;
        let data = json!({ "url": &*self.public_url });
        self.tell(&transaction, WebhookKind::Test, None, &data, self.now()).await?;
        Ok(transaction.commit().await?)
    }

    /// Sends a webhook again, or for the first time if it is held.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none of that number; [`Error::Conflict`] if the receiver has it, or it is being
    /// sent.
    pub async fn retry_webhook(&self, actor: &Actor, id: WebhookId) -> Result<()> {
        let transaction = self.store.begin().await?;
        if !webhooks::retry(&transaction, id, self.now().0).await? {
            return Err(why_not(&transaction, id).await?);
        }
        self.note_webhook(&transaction, actor, Action::MessageRetried, id).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives a webhook up.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none of that number; [`Error::Conflict`] if the receiver has it, or it is being
    /// sent.
    pub async fn discard_webhook(&self, actor: &Actor, id: WebhookId) -> Result<()> {
        let transaction = self.store.begin().await?;
        if !webhooks::discard(&transaction, id).await? {
            return Err(why_not(&transaction, id).await?);
        }
        self.note_webhook(&transaction, actor, Action::MessageDiscarded, id).await?;
        Ok(transaction.commit().await?)
    }

    async fn note_webhook(
        &self,
        transaction: &store::Transaction,
        actor: &Actor,
        action: Action,
        id: WebhookId,
    ) -> Result<()> {
        let entry = Entry::new(action, "Webhook").with(Field::Message, FactValue::Number(id.0));
        self.people().note(transaction, actor, entry).await
    }
}

/// Why nothing could be done about a webhook.
async fn why_not(transaction: &store::Transaction, id: WebhookId) -> Result<Error> {
    Ok(match webhooks::is_there(transaction, id).await? {
        true => Error::Conflict(MessageId::WebhookIsSent.into()),
        false => Error::NotFound(MessageId::no_webhook(id.0)),
    })
}
