//! How calendar servers are reached: connections and pauses, the kind of a server, and what a failed request
//! means to people.

pub(crate) mod kind;
pub mod pool;
pub(crate) mod request_errors;
pub(crate) mod seen_token;
