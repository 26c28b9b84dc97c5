//! The program `room-booking`: its command line, and what it prints.

pub mod cli;
pub mod demo_rooms;
pub mod jobs;
pub mod settings;
pub mod show;
pub mod web;
