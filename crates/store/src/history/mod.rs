//! What the program did: runs of clearing, changes of objects with the object as it was before and
//! after, and the occurrences that each took out.

mod changes;
mod removals;
mod retention;
mod runs;

pub use changes::{
    ByRun, Cause, Change, NewChange, State, Unsettled, abandon_others, change, changes_of,
    forget_bookings, insert_change, prepare_change, restored_uids, set_etag, settle, unsettled,
    unsettled_calendars,
};
pub use removals::{
    Kind, NewRemoval, RemovalRow, insert_removal, latest_removals, removal, removals_of,
    removed_since, set_restored,
};
pub use retention::forget;
pub use runs::{Starter, Way, begin_run, drop_run, end_lost_runs, end_run};
