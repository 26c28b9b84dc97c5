//! Users, API keys, the own account, and sign-in.

pub mod account;
pub mod keys;
pub mod limits;
pub mod links;
pub mod second_factor;
pub mod sign_in;
pub mod users;
