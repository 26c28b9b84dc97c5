//! Calendar servers and the accounts on them.

pub(crate) mod accounts;
pub(crate) mod collections;
pub(crate) mod diagnose;
pub(crate) mod health;
pub(crate) mod kind;
pub mod pool;
mod request_errors;
pub(crate) mod seen_token;
