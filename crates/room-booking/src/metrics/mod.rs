//! Metrics for Prometheus, on a port of their own (METRICS_LISTEN).
//!
//! [`names`] has every metric with its description. Those of requests and of what the program does are counted where it
//! happens; [`gauges`] reads from the database, when somebody asks, how much is waiting.

mod gauges;
pub mod listen;
pub mod names;
pub mod requests;

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use self::names::{ALL, Kind};

/// How often what was measured is gathered, so that it does not grow while nobody asks.
pub const GATHER: Duration = Duration::from_secs(5);
/// The upper bounds of the classes of durations, in seconds.
const DURATIONS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// What is measured in this process; nothing before it is switched on.
static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Whether anything is measured.
pub fn are_on() -> bool {
    METRICS.get().is_some()
}

/// Begins to measure, once for the process.
///
/// # Errors
///
/// A sentence, if it cannot.
pub fn switch_on() -> Result<&'static PrometheusHandle, String> {
    if let Some(handle) = METRICS.get() {
        return Ok(handle);
    }
    let durations = Matcher::Suffix("_duration_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &DURATIONS);
    let handle = builder.and_then(|it| it.install_recorder());
    let handle = handle.map_err(|error| format!("metrics cannot be measured: {error}"))?;
    for it in ALL {
        match it.kind {
            Kind::Counter => metrics::describe_counter!(it.name, it.help),
            Kind::Gauge => metrics::describe_gauge!(it.name, it.help),
            Kind::Histogram => metrics::describe_histogram!(it.name, it.help),
        }
    }
    metrics::gauge!(names::BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(METRICS.get_or_init(|| handle))
}
