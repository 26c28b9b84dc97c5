//! Metrics for Prometheus, on a port of their own (METRICS_LISTEN).
//!
//! [`names`] has every metric with its description. Those of requests and of what the program does are counted where it
//! happens; `gauges` reads from the database, when somebody asks, how much is waiting.

mod gauges;
pub mod listen;
pub mod names;
mod recorder;
pub mod requests;

use std::sync::{Arc, OnceLock};

use self::names::ALL;
use self::recorder::Recorder;

/// What is measured in this process; nothing before it is switched on.
static RECORDER: OnceLock<Arc<Recorder>> = OnceLock::new();

/// Whether anything is measured.
pub fn are_on() -> bool {
    RECORDER.get().is_some()
}

/// Begins to measure, once for the process.
///
/// # Errors
///
/// A sentence, if something else measures already.
pub fn switch_on() -> Result<(), String> {
    if are_on() {
        return Ok(());
    }
    let recorder = Arc::new(Recorder::default());
    let installed = metrics::set_global_recorder(Arc::clone(&recorder));
    installed.map_err(|error| format!("metrics cannot be measured: {error}"))?;
    RECORDER.get_or_init(|| recorder);
    metrics::gauge!(names::BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(())
}

/// All that is measured, in Prometheus' text format.
fn render() -> String {
    RECORDER.get().map(|it| it.render(ALL)).unwrap_or_default()
}
