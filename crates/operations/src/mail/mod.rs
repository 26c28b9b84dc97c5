//! Who receives a message, and sending it.

pub(crate) mod attempt;
pub(crate) mod caps;
pub(crate) mod copies;
pub mod deliver;
pub(crate) mod free_rooms;
pub(crate) mod links;
mod logos;
pub(crate) mod notify;
pub(crate) mod offer;
pub(crate) mod outbox;
pub(crate) mod queue;
pub(crate) mod recipients;
pub(crate) mod rendered;
pub(crate) mod restored;
pub(crate) mod smtp_fault;
pub(crate) mod template_fault;
pub(crate) mod templates;
pub(crate) mod undelivered;
pub(crate) mod warning;
