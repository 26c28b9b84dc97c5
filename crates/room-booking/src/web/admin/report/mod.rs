//! The report of a month: its page with charts, and its tables as files.

mod charts;
mod csv;
pub mod page;
pub mod tables;
