//! Calendars on CalDAV servers, topic by topic, on a server that the tests hold in memory.

mod answers;
mod audit;
mod believed;
mod booking;
pub mod changes;
mod changing;
mod counters;
mod decided;
mod doubt;
mod forgery;
mod health;
mod held_since;
mod hostile;
mod late;
mod mirror;
mod overtaken;
mod parked;
mod repeated;
mod rescan;
mod restore;
mod reviewed;
pub mod rewritten;
mod runs;
mod sealed;
