//! Changes of objects: what is in doubt, and for how long.

pub(crate) mod decision;
pub(crate) mod recover;
