//! The program `room-booking`: its command line, and what it prints.

pub mod cli;
pub mod settings;
pub mod show;
