//! Users, their API keys and sessions, and what each may see.

pub(crate) mod caller;
pub(crate) mod keys;
pub(crate) mod known_browsers;
pub(crate) mod password_rules;
pub(crate) mod passwords;
pub(crate) mod second_factor;
pub(crate) mod security_log;
pub(crate) mod sessions;
pub(crate) mod users;
