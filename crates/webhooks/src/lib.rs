//! Webhooks as [Standard Webhooks](https://www.standardwebhooks.com) says: a POST with a body of JSON and the headers
//! `webhook-id`, `webhook-timestamp` and `webhook-signature`.
//!
//! Addresses are given by the administrator, so they may lead into the own network. Redirects are not followed: what is
//! signed goes to the address that was given, and to no other.

mod client;
mod endpoint;
mod secret;

pub use client::{Client, MAX_ANSWER, SendResult};
pub use endpoint::Endpoint;
pub use secret::Secret;
