//! Backups: making them, also daily, restoring one, and copying a database into another.

pub(crate) mod alive;
pub(crate) mod daily;
pub(crate) mod make;
pub(crate) mod replace;
