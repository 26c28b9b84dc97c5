//! What operations do, on SQLite and on PostgreSQL, topic by topic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod abuse;
mod applying;
mod clear;
mod create;
mod deliver;
mod deliver_real;
mod foretell;
mod held_since;
mod import;
mod limit;
mod list;
mod looks;
mod notify;
mod notify_words;
mod on_server;
mod past;
mod privacy;
mod property;
mod put_back;
mod races;
mod rank;
mod restore_date;
mod retention;
mod snapshots;
mod tokens;
mod week;
