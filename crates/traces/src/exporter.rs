//! Spans become those of a trace, are gathered, and are sent by a thread of their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::HeaderMap;
use opentelemetry::KeyValue;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanLimits, Tracer,
};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::web::Web;
use crate::{TARGET, TraceSettings};

/// The most spans that wait to be sent; further ones are dropped.
pub const MAX_WAITING: usize = 4_096;
/// The most spans of one request to the collector.
const BATCH: usize = 512;
/// How long spans wait at most.
const EVERY: Duration = Duration::from_secs(5);
/// The most attributes of a span. Events are not sent.
const MAX_ATTRIBUTES: u32 = 32;

/// Whether traces were started.
static ARE_ON: AtomicBool = AtomicBool::new(false);

/// Whether traces were started in this process: what is not traced costs nothing.
pub fn are_on() -> bool {
    ARE_ON.load(Ordering::Relaxed)
}

/// Traces that are being sent.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Begins to send traces. It has to be called in the runtime that is to send them. The collector gets nothing
    /// yet; whether it takes traces, the log says.
    ///
    /// # Errors
    ///
    /// A sentence, if there are no certificate authorities or a header is none.
    pub fn start(settings: TraceSettings) -> Result<Traces, String> {
        let web = Web::new(&settings)?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(web)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(settings.endpoint.as_str())
            .build()
            .map_err(|error| error.to_string())?;
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(MAX_WAITING)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(EVERY)
            .build();
        let processor = BatchSpanProcessor::builder(exporter).with_batch_config(config).build();
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", settings.service_name),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        let limits = SpanLimits {
            max_attributes_per_span: MAX_ATTRIBUTES,
            max_events_per_span: 0,
            ..SpanLimits::default()
        };
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
                settings.share,
            ))))
            .with_span_limits(limits)
            .with_resource(resource)
            .build();
        ARE_ON.store(true, Ordering::Relaxed);
        Ok(Traces { provider })
    }

    /// What makes spans of the program those of a trace.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        let layer: OpenTelemetryLayer<S, Tracer> =
            tracing_opentelemetry::layer().with_tracer(self.provider.tracer("room-booking"));
        layer
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false)
            .with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO))
    }

    /// Sends what is left, for at most this long. It blocks the thread.
    pub fn end(self, within: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(within) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Makes a span a part of the trace that a request names (W3C Trace Context, `traceparent`), if it names one.
pub fn continue_from(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    if context.span().span_context().is_valid() {
        // It fails where nothing is traced.
        let _ = span.set_parent(context);
    }
}

/// Gives a span another name. A field `otel.name` that is recorded late has no effect.
pub fn rename(span: &Span, name: String) {
    span.context().span().update_name(name);
}
