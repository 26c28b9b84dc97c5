//! What operations read that strangers type, as functions for the fuzz targets (`crates/fuzzing`).

pub use people::second_factor::code_step;
