//! The outbox and the templates of mail.

pub mod logo;
pub mod message;
pub mod outbox;
pub mod removal;
mod template_form;
pub mod template_preview;
pub mod templates;
pub mod webhooks;
