//! The mirror of a calendar on a server, and how it is kept true.

pub(crate) mod audit;
pub(crate) mod authors;
pub(crate) mod confirm;
pub(crate) mod ensure;
pub(crate) mod interval;
pub(crate) mod known;
pub(crate) mod listing;
pub(crate) mod mirror;
pub(crate) mod row;
pub(crate) mod work;
pub(crate) mod write;
