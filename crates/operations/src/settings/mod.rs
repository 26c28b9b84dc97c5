//! What administrators set up: calendars, priorities, protections, tokens.

pub(crate) mod answers;
pub(crate) mod calendars;
pub(crate) mod priorities;
pub(crate) mod rooms;
pub(crate) mod slugs;
pub(crate) mod tokens;
pub(crate) mod validate;
