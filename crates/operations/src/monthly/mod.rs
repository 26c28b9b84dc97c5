//! The report of a month: how much rooms are used, what became of conflicts, and whose bookings nobody looks after.
//! Reports of past months are made once, kept, and sent to the administrators.

pub(crate) mod cache;
pub(crate) mod count;
pub(crate) mod make;
pub(crate) mod numbers;
pub(crate) mod report;
