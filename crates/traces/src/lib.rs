//! Traces of OpenTelemetry: spans of the program, sent to a collector by OTLP (HTTP, protobuf).
//!
//! The program makes its spans with `tracing`, with the target [`TARGET`]; the log shows none of them. Their names and
//! attributes are those of OpenTelemetry's semantic conventions where there are such. No span holds a name of a person,
//! an address of a message, a title of an event or a secret.
//!
//! Without the feature `exporter`, the libraries are left out: there are no [`Traces`], and starting them says so.

#[cfg(feature = "exporter")]
mod exporter;
// Its tests run in every build.
#[cfg(any(test, not(feature = "exporter")))]
#[cfg_attr(
    feature = "exporter",
    allow(dead_code, reason = "it stands beside what it takes the place of")
)]
mod left_out;
#[cfg(feature = "exporter")]
mod web;

use secrecy::SecretString;
use url::Url;

#[cfg(feature = "exporter")]
pub use exporter::{MAX_WAITING, Traces, are_on, continue_from, rename};
#[cfg(not(feature = "exporter"))]
pub use left_out::{Traces, are_on, continue_from, rename};

/// The target of the spans that are traced. It is not the name of a crate, whose log it would be otherwise.
pub const TARGET: &str = "otel";

/// Where traces go, and how many.
#[derive(Clone, Debug)]
pub struct TraceSettings {
    /// The address that takes traces, with its path.
    pub endpoint: Url,
    /// Headers that go with each request, such as a token of the collector.
    pub headers: Vec<(String, SecretString)>,
    /// What the program is called in traces (`service.name`).
    pub service_name: String,
    /// The share of traces that is sent, from 0 to 1.
    pub share: f64,
}
