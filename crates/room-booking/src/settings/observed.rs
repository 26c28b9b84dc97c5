//! The settings of metrics and of the log.

use std::net::SocketAddr;

use secrecy::SecretString;
use traces::TraceSettings;
use url::Url;

use super::reader::Reader;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// A JSON object on each line.
    Json,
}

impl LogFormat {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

/// What OTEL_EXPORTER_OTLP_ENDPOINT needs at its end for traces (OpenTelemetry Protocol Exporter, endpoint URLs for HTTP).
const TRACES_PATH: &str = "v1/traces";
/// What the program is called in traces, unless OTEL_SERVICE_NAME is set.
const SERVICE_NAME: &str = "room-booking";

/// An address of HTTP without a user, a query and a fragment: it is logged, and a token belongs into a header.
fn collector(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_plain = !has_user && url.query().is_none() && url.fragment().is_none();
    (is_web && is_plain).then_some(url)
}

/// Headers as `name=value`, with commas between them and percent signs for what is none of a header (W3C Baggage, as
/// the OpenTelemetry Protocol Exporter has it).
fn headers(text: &str) -> Option<Vec<(String, SecretString)>> {
    let header = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8().ok()?;
        let is_header = |it: char| it.is_ascii() && !it.is_ascii_control();
        let name = name.trim();
        let is_right = !name.is_empty()
            && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it))
            && value.chars().all(is_header);
        is_right.then(|| (name.to_owned(), SecretString::from(value.into_owned())))
    };
    text.split(',').filter(|it| !it.trim().is_empty()).map(header).collect()
}

impl Reader<'_> {
    /// Where traces go, if anywhere.
    pub(super) fn traces(&mut self) -> Option<TraceSettings> {
        const ALL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
        const ONLY_TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
        let must = "the address of a collector, such as http://127.0.0.1:4318";
        let text = self.text(ALL);
        let all = self.read(ALL, text, must, |text| {
            let mut url = collector(text)?;
            url.path_segments_mut().ok()?.pop_if_empty().extend(TRACES_PATH.split('/'));
            Some(url)
        });
        let text = self.text(ONLY_TRACES);
        let endpoint = self.read(ONLY_TRACES, text, must, collector).or(all);
        let text = self.text("OTEL_EXPORTER_OTLP_HEADERS");
        let must = "name=value, with commas between several";
        let headers = self.read("OTEL_EXPORTER_OTLP_HEADERS", text, must, headers);
        let text = self.text("OTEL_TRACES_SAMPLER_ARG");
        let must = "the share of traces that is sent, from 0 to 1";
        let share = self.read("OTEL_TRACES_SAMPLER_ARG", text, must, |text| {
            text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share))
        });
        let service_name =
            self.text("OTEL_SERVICE_NAME").unwrap_or_else(|| SERVICE_NAME.to_owned());
        Some(TraceSettings {
            endpoint: endpoint?,
            headers: headers.unwrap_or_default(),
            service_name,
            share: share.unwrap_or(1.0),
        })
    }

    /// Where metrics are served: never where the public is.
    pub(super) fn metrics_listen(&mut self, public: SocketAddr) -> Option<SocketAddr> {
        let text = self.text("METRICS_LISTEN");
        let must = "an address and a port such as 127.0.0.1:9464, with another port than LISTEN";
        self.read("METRICS_LISTEN", text, must, |it| {
            it.parse::<SocketAddr>().ok().filter(|it| it.port() != public.port() || it.port() == 0)
        })
    }

    /// How the log is written.
    pub(super) fn log_format(&mut self) -> LogFormat {
        let text = self.text("LOG_FORMAT");
        let format = self.read("LOG_FORMAT", text, "text or json", |it| match it {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        });
        format.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::settings::{Flags, Settings};

    fn read(set: &[(&str, &str)]) -> Result<Option<TraceSettings>, String> {
        let value = |name: &str| set.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        let settings = Settings::read(&Flags::default(), &value);
        settings.map(|it| it.traces).map_err(|wrong| format!("{wrong:?}"))
    }

    #[test]
    fn traces_go_below_the_address_of_all_or_to_their_own_as_it_is() {
        assert!(read(&[]).unwrap().is_none());
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example.org/in/");
        let traces = read(&[all]).unwrap().unwrap();
        assert_eq!(traces.endpoint.as_str(), "https://otel.example.org/in/v1/traces");
        assert_eq!((traces.service_name.as_str(), traces.share), ("room-booking", 1.0));
        let own = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4318/x");
        let traces = read(&[all, own, ("OTEL_TRACES_SAMPLER_ARG", "0.25")]).unwrap().unwrap();
        assert_eq!((traces.endpoint.as_str(), traces.share), ("http://127.0.0.1:4318/x", 0.25));
    }

    #[test]
    fn headers_of_traces_are_pairs_and_never_shown() {
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        let of = |text| read(&[all, ("OTEL_EXPORTER_OTLP_HEADERS", text)]);
        let traces = of("authorization=Bearer%20geheim, x-tenant = a,").unwrap().unwrap();
        let shown = format!("{traces:?}");
        assert!(!shown.contains("geheim"), "{shown}");
        let headers = traces.headers.iter().map(|(name, it)| (name.as_str(), it.expose_secret()));
        let headers: Vec<_> = headers.collect();
        assert_eq!(headers, [("authorization", "Bearer geheim"), ("x-tenant", "a")]);
        for wrong in ["geheim", "=geheim", "a b=geheim", "a=geheim%0d%0ax: y", "a=%ff"] {
            let error = of(wrong).unwrap_err();
            assert!(error.contains("OTEL_EXPORTER_OTLP_HEADERS"), "{error}");
            assert!(!error.contains("geheim"), "{error}");
        }
    }

    #[test]
    fn wrong_settings_of_traces_are_named() {
        let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
        for (name, wrong) in [
            (endpoint, "127.0.0.1:4318"),
            (endpoint, "https://ann:geheim@example.org"),
            (endpoint, "https://example.org/?key=geheim"),
            ("OTEL_TRACES_SAMPLER_ARG", "1.5"),
            ("OTEL_TRACES_SAMPLER_ARG", "NaN"),
        ] {
            let error = read(&[(name, wrong)]).unwrap_err();
            assert!(error.contains(name) && !error.contains("geheim"), "{error}");
        }
    }
}
