//! What administrators do about calendar servers: accounts, `doctor`, which calendars fail.

pub(crate) mod accounts;
pub(crate) mod collections;
pub(crate) mod diagnose;
pub(crate) mod health;
