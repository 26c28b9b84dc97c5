//! The port on which metrics are served, and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use operations::{Service, Stage};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::{gauges, names};

/// The text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone)]
struct Scraped {
    service: Service,
    /// One answer is made at a time.
    turn: Arc<Mutex<()>>,
}

/// Serves `/metrics` until the process is cut off; it goes on while the server drains.
///
/// # Errors
///
/// A sentence, if metrics cannot be measured.
pub fn serve(listener: TcpListener, service: Service) -> Result<(), String> {
    super::switch_on()?;
    metrics::gauge!(names::STARTED).set(service.now().0 as f64);
    let stopping = service.stopping.clone();
    let scraped = Scraped { service, turn: Arc::default() };
    let router = Router::new().route("/metrics", get(scrape)).with_state(scraped);
    tokio::spawn(async move {
        let ended = async move { stopping.comes(Stage::CutOff).await };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(ended).await {
            tracing::error!(%error, "metrics are served no longer");
        }
    });
    Ok(())
}

async fn scrape(State(Scraped { service, turn }): State<Scraped>) -> Response {
    let _turn = turn.lock().await;
    gauges::set(&service).await;
    ([(CONTENT_TYPE, TEXT)], super::render()).into_response()
}
