//! The port on which metrics are served, and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use operations::{Service, Stage};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval};

use super::{GATHER, gauges, names};

/// The text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone)]
struct Scraped {
    service: Service,
    handle: &'static PrometheusHandle,
    /// One answer is made at a time.
    turn: Arc<Mutex<()>>,
}

/// Serves `/metrics` until the process is cut off; it goes on while the server drains.
///
/// # Errors
///
/// A sentence, if metrics cannot be measured.
pub fn serve(listener: TcpListener, service: Service) -> Result<(), String> {
    let handle = super::switch_on()?;
    metrics::gauge!(names::STARTED).set(service.now().0 as f64);
    let stopping = service.stopping.clone();
    let scraped = Scraped { service, handle, turn: Arc::default() };
    let router = Router::new().route("/metrics", get(scrape)).with_state(scraped);
    tokio::spawn(async move {
        let ended = async move { stopping.comes(Stage::CutOff).await };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(ended).await {
            tracing::error!(%error, "metrics are served no longer");
        }
    });
    tokio::spawn(async move {
        let mut ticks = interval(GATHER);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            handle.run_upkeep();
        }
    });
    Ok(())
}

async fn scrape(State(Scraped { service, handle, turn }): State<Scraped>) -> Response {
    let _turn = turn.lock().await;
    gauges::set(&service).await;
    ([(CONTENT_TYPE, TEXT)], handle.render()).into_response()
}
