//! HTTP connections: limits, timeouts and shutdown.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use operations::Stage;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};

use super::connections::Places;
use super::write_timeout::WriteTimeout;
use super::{App, router, with_peer};
use crate::settings::MAX_CONNECTIONS;

/// How long the head of a request may take to arrive.
const HEADER_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a write may wait for the peer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// The pause after a failed accept, such as with too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How many connections the system accepts for a listener that are not served yet.
const BACKLOG: usize = 1_024;
/// How long the next of them may take.
const LAST_ACCEPT: Duration = Duration::from_millis(1);
/// How long the requests on the last connections may take to arrive: one that has not begun by then is closed
/// with its connection.
const LAST_REQUESTS: Duration = Duration::from_millis(50);

/// How a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// How long it goes on to accept connections while it is not ready.
    pub drain: Duration,
    /// How long requests, runs and jobs may take to end after that, before runs are cut off.
    pub run_time: Duration,
    /// How long what was cut off may take to be recorded.
    pub cut_off_time: Duration,
}

impl Shutdown {
    /// With the usual times after a drain: 30 seconds in all, with two for the last writes to the database.
    pub fn after(drain: Duration) -> Shutdown {
        Shutdown { drain, run_time: Duration::from_secs(25), cut_off_time: Duration::from_secs(3) }
    }
}

/// Serves until `until` says how to end; then waits for running requests and runs, and for `jobs`.
///
/// # Errors
///
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    app: App,
    jobs: impl Future<Output = ()>,
    until: impl Future<Output = Shutdown>,
) -> io::Result<()> {
    let service = app.service.clone();
    let places = Places::new(
        MAX_CONNECTIONS,
        app.settings.connections_per_address,
        app.settings.trusted_proxies.clone(),
        service.clock.clone(),
    );
    let acceptor =
        Acceptor { listener, places, router: router(app), graceful: GracefulShutdown::new() };
    let shutdown = acceptor.accept_until(until).await;
    service.stopping.advance(Stage::Draining);
    acceptor.accept_until(sleep(shutdown.drain)).await;
    let graceful = acceptor.close().await;
    let ended = async {
        graceful.shutdown().await;
        service.finish_runs().await;
        jobs.await;
    };
    let mut ended = std::pin::pin!(ended);
    if timeout(shutdown.run_time, &mut ended).await.is_ok() {
        return Ok(());
    }
    tracing::warn!("shutdown: runs that have not ended are cut off");
    service.stopping.advance(Stage::CutOff);
    if timeout(shutdown.cut_off_time, ended).await.is_err() {
        tracing::warn!("shutdown: requests that have not ended were aborted");
    }
    Ok(())
}

/// Accepts connections, and serves each in a task of its own.
struct Acceptor {
    listener: TcpListener,
    places: Places,
    router: axum::Router,
    graceful: GracefulShutdown,
}

impl Acceptor {
    async fn accept_until<T>(&self, until: impl Future<Output = T>) -> T {
        let mut until = std::pin::pin!(until);
        loop {
            let permit = tokio::select! {
                ended = &mut until => return ended,
                permit = self.places.wait() => permit,
            };
            let accepted = tokio::select! {
                ended = &mut until => return ended,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok(accepted) => self.serve_one(accepted, permit),
                Err(error) => {
                    tracing::warn!(%error, "accept failed");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Closes the listener. Connections that the system has already accepted for it are served: their
    /// clients may have sent a request.
    async fn close(self) -> GracefulShutdown {
        for _ in 0..BACKLOG {
            let permit = self.places.wait();
            let Ok(permit) = timeout(LAST_ACCEPT, permit).await else { break };
            match timeout(LAST_ACCEPT, self.listener.accept()).await {
                Ok(Ok(accepted)) => self.serve_one(accepted, permit),
                Ok(Err(_)) => {}
                Err(_) => break,
            }
        }
        drop(self.listener);
        sleep(LAST_REQUESTS).await;
        self.graceful
    }

    fn serve_one(&self, (stream, peer): (TcpStream, SocketAddr), permit: OwnedSemaphorePermit) {
        // Without a place, the connection is closed at once.
        let Some(place) = self.places.take(permit, peer) else { return };
        // A response is small and should not be delayed (TCP_NODELAY).
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(with_peer(self.router.clone(), peer));
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(WriteTimeout::new(stream, WRITE_TIMEOUT)), service);
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            // Errors of a peer that disconnects, or sends no HTTP, are ignored.
            let _ = connection.await;
            drop(place);
        });
    }
}
