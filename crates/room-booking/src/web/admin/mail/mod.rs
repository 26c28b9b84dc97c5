//! The outbox and the templates of mail.

pub mod message;
pub mod outbox;
pub mod removal;
pub mod templates;
pub mod webhooks;
