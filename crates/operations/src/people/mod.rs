//! Users, their API keys and sessions, and what each may see.

pub(crate) mod caller;
pub(crate) mod keys;
pub(crate) mod sessions;
pub(crate) mod users;
