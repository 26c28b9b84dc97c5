//! HTTP connections: limits, timeouts and shutdown.

use std::io;
use std::time::Duration;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

pub use super::connections::MAX_CONNECTIONS;
use super::connections::Places;
use super::write_timeout::WriteTimeout;
use super::{App, router, with_peer};

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
    let places = Places::new(
        MAX_CONNECTIONS,
        app.settings.connections_per_address,
        app.settings.trusted_proxies.clone(),
        service.clock.clone(),
    );
    let router = router(app);
    let graceful = GracefulShutdown::new();
    let mut until = std::pin::pin!(until);
    loop {
        let permit = tokio::select! {
            () = &mut until => break,
            permit = places.wait() => permit,
        };
        let accepted = tokio::select! {
            () = &mut until => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // The connection is closed at once.
        let Some(place) = places.take(permit, peer) else { continue };
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
        tracing::warn!("shutdown: requests still running after 30 seconds were aborted");
    }
    Ok(())
}
