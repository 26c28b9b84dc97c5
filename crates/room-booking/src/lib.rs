//! The program `room-booking`: command line, API, site and background jobs.

pub mod cli;
pub mod demo_rooms;
pub mod first_link;
pub mod jobs;
pub mod metrics;
pub mod pending_answer;
pub mod settings;
pub mod show;
pub mod web;
