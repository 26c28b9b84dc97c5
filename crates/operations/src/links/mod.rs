//! Links in messages that act without a sign-in: what they would do, and doing it (section 7 of the contract).
//!
//! The person who has such a link may do one thing, once: to the event that the message speaks of, as it was then. Looking at
//! it changes nothing. Second chances are offered by such links.

pub(crate) mod chances;
pub(crate) mod follow;
pub(crate) mod moving;
pub(crate) mod page;
