//! Who receives a message, and sending it.

pub mod deliver;
pub(crate) mod notify;
pub(crate) mod outbox;
pub(crate) mod queue;
pub(crate) mod recipients;
pub(crate) mod restored;
pub(crate) mod templates;
