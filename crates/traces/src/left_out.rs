//! What stands in place of the exporter in a build without it: a type of which there is no value.

use std::time::Duration;

use http::HeaderMap;
use tracing::Span;
use tracing_subscriber::layer::Identity;

use crate::TraceSettings;

/// Traces; there are none in this build.
#[derive(Clone, Copy, Debug)]
pub enum Traces {}

impl Traces {
    /// There are none.
    ///
    /// # Errors
    ///
    /// Always: a sentence that says how to build the program with them.
    pub fn start(_settings: TraceSettings) -> Result<Traces, String> {
        Err("this program was built without traces; take a package or an image, or build it with `--features full`"
            .to_owned())
    }

    /// What makes spans of the program those of a trace.
    pub fn layer(&self) -> Identity {
        match *self {}
    }

    /// Sends what is left.
    pub fn end(self, _within: Duration) {
        match self {}
    }
}

/// Whether traces were started: never.
pub fn are_on() -> bool {
    false
}

/// Makes a span a part of the trace that a request names.
pub fn continue_from(_span: &Span, _headers: &HeaderMap) {}

/// Gives a span another name.
pub fn rename(_span: &Span, _name: String) {}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn a_build_without_the_exporter_says_how_to_get_it() {
        let endpoint = Url::parse("http://127.0.0.1:4318/v1/traces").expect("an address");
        let settings = TraceSettings {
            endpoint,
            headers: Vec::new(),
            service_name: "rooms".to_owned(),
            share: 1.0,
        };
        let reason = Traces::start(settings).expect_err("there are none");
        assert!(reason.contains("--features full"), "{reason}");
    }
}
