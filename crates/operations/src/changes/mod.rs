//! The one path by which an event is changed: decide, prepare, write, record; and what becomes of a change
//! that was cut off.

pub(crate) mod answer;
pub(crate) mod apply;
pub(crate) mod change;
pub(crate) mod decision;
pub(crate) mod fate;
pub(crate) mod in_doubt;
pub(crate) mod intent;
pub(crate) mod kept_conflicts;
pub(crate) mod leases;
pub(crate) mod local;
pub(crate) mod mirrored;
pub(crate) mod record;
pub(crate) mod recover;
pub(crate) mod rest;
pub(crate) mod send;
pub(crate) mod trash;
