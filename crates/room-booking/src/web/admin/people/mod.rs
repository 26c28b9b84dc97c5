//! Users, API keys, the own account, and sign-in.

pub mod access;
pub mod account;
pub mod directory;
pub mod identities;
pub mod invitation;
pub mod keys;
pub mod limits;
pub mod links;
pub mod openid;
pub mod removal;
pub mod second_factor;
pub mod session_start;
pub mod sign_in;
pub mod sign_in_page;
pub mod users;
