//! Users, API keys, the own account, and sign-in.

pub mod access;
pub mod account;
pub mod invitation;
pub mod keys;
pub mod limits;
pub mod links;
pub mod removal;
pub mod second_factor;
pub mod sign_in;
pub mod users;
