//! Connections: how many there may be, how slow one may be, and how they end.

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

/// Connections at once; further ones wait.
const MAX_CONNECTIONS: usize = 4_096;
/// How long the head of a request may take to come.
const HEADER_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a peer may take nothing of what it is sent.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests that are under way have to end when the server does.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait after a connection could not be taken, as when there are too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `until` is done; then requests that are under way end, and runs of clearing.
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
        // An answer is small: it should not wait for more of it.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(with_peer(router.clone(), peer));
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(WriteTimeout::new(stream, WRITE_TIMEOUT)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A peer that breaks off, or sends no HTTP, is its own affair.
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
