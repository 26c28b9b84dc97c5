//! Clearing: what a run finds, decides, changes and reports.

pub(crate) mod built_in;
pub(crate) mod calendar_outcome;
pub(crate) mod change_of_one;
pub(crate) mod divided;
pub(crate) mod held_run;
pub(crate) mod on_server;
pub(crate) mod one_calendar;
pub(crate) mod only;
pub(crate) mod pending;
pub(crate) mod pending_plan;
pub(crate) mod plan_answers;
pub(crate) mod plan_changes;
pub(crate) mod polls;
pub(crate) mod preview;
pub(crate) mod preview_recipients;
pub(crate) mod rescan;
pub(crate) mod run;
pub(crate) mod schedule;
pub(crate) mod watch;
