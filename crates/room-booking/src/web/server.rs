//! HTTP connections: limits, timeouts and shutdown.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::normalize_path::NormalizePath;

use super::write_timeout::WriteTimeout;
use super::{App, router, with_peer};

/// The number of parallel connections; further ones wait.
const MAX_CONNECTIONS: usize = 4_096;
/// How long the head of a request may take to arrive.
const HEADER_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a write may wait for the peer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long running requests may take to end at shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);
/// The pause after a failed accept, such as with too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `until` completes; then waits for running requests and clears.
///
/// # Errors
///
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    app: App,
    until: impl Future<Output = ()>,
) -> io::Result<()> {
    let service = app.service.clone();
    let router: NormalizePath<Router> = router(app);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut until = std::pin::pin!(until);
    loop {
        let place = tokio::select! {
            () = &mut until => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = &mut until => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // A response is small and should not be delayed (TCP_NODELAY).
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(with_peer(router.clone(), peer));
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(WriteTimeout::new(stream, WRITE_TIMEOUT)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Errors of a peer that disconnects, or sends no HTTP, are ignored.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let ended = async {
        graceful.shutdown().await;
        service.finish_runs().await;
    };
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, ended).await.is_err() {
        tracing::warn!("requests that were still under way after 30 seconds were cut off");
    }
    Ok(())
}
