//! What operations do, on SQLite and on PostgreSQL, topic by topic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod abuse;
mod applying;
mod backups;
mod clear;
mod create;
mod deliver;
mod deliver_real;
mod divide;
mod full_disk;
mod halves;
mod held_since;
mod history;
mod import;
mod limit;
mod list;
mod mail_links;
mod mail_moves;
mod monthly;
mod notify;
mod notify_words;
mod on_server;
mod outdated_mail;
mod pending;
mod pending_mail;
mod preview_recipients;
mod privacy;
mod property;
mod races;
mod rank;
mod removing;
mod rescan;
mod restore;
mod restore_date;
mod restore_order;
mod retention;
mod schedule;
mod second_chances;
mod snapshots;
mod tokens;
mod undelivered;
mod watch;
mod webhooks;
mod webhooks_told;
mod week;
