//! What people and other programs do to single events: book, change, delete, restore, import.

pub(crate) mod change;
pub(crate) mod count_events;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod divide;
pub(crate) mod give_up;
pub(crate) mod halves;
pub(crate) mod import;
pub(crate) mod move_here;
pub(crate) mod requested;
pub(crate) mod restore;
pub(crate) mod restore_date;
pub(crate) mod text_before;
