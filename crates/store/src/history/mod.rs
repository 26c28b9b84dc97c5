//! The history: runs, changes of objects with the texts before and after, and the removed
//! occurrences.

mod changes;
mod divisions;
mod removals;
mod retention;
mod runs;

pub use facts::RemovalKind;

pub use changes::{
    ByRun, Cause, Change, ChangeState, InDoubtChange, NewChange, answered_text, calendars_in_doubt,
    change, changes_in_doubt, changes_of, finish_change, forget_bookings, insert_change,
    overtake_others, prepare_change, restored_uids, set_etag, set_overtaken,
};
pub use divisions::{set_next, standing_change_of};
pub use removals::{
    NewRemoval, RemovalRow, insert_removal, latest_removals, removal, removals_of, removed_since,
    set_restored,
};
pub use retention::{
    BATCH, Batch, Old, Retained, backlog_since, forget, forget_leases, oldest, set_backlog,
};
pub use runs::{
    MAX_RUN_SECONDS, RunEnd, Starter, Way, begin_run, drop_run, end_lost_runs, end_run,
    has_lost_runs, renew_run, set_not_confirmed,
};
