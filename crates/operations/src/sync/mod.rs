//! The mirror of a calendar server, and how it is kept from saying what is not so.

pub(crate) mod audit;
pub(crate) mod confirm;
pub(crate) mod interval;
