//! Who receives a message, and sending it.

pub mod deliver;
pub mod notify;
pub(crate) mod restored;
pub(crate) mod templates;
