//! The outbox and the templates of mail.

pub mod outbox;
pub mod templates;
pub mod webhooks;
