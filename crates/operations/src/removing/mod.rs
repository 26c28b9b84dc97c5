//! Removing what administrators set up. Accounts, templates, priorities and users are removed where they are set up.

mod calendar;
