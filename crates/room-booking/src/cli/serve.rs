//! `serve`: the server.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::time::Duration;

use mail::Confinement;
use operations::Service;
use tokio::net::TcpListener;
use tokio::signal::unix::{self, SignalKind};
use tokio::sync::oneshot;
use traces::Traces;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use super::service::{Database, block_on, open};
use super::{Failure, secret_key};
use crate::first_link;
use crate::settings::{Flags, LogFormat, Settings};
use crate::web::server::Shutdown;
use crate::web::{App, server};
use crate::{jobs, metrics};

/// How long the last writes to the database may take at shutdown.
const LAST_WRITES: Duration = Duration::from_secs(2);
/// How long the last traces may take.
const LAST_TRACES: Duration = Duration::from_secs(2);

/// Runs the server
///
/// It serves the site at /admin, the API at /api and its documentation at /api/docs. Settings come
/// from environment variables, a file .env in the working directory, and flags; `room-booking
/// config` prints them.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking serve
  LISTEN=0.0.0.0:8000 PUBLIC_URL=https://rooms.example.org room-booking serve
  RUST_LOG=debug room-booking serve")]
pub(super) struct Serve {
    #[command(flatten)]
    flags: Flags,
}

impl Serve {
    pub fn run(self) -> Result<(), Failure> {
        let settings = Settings::of_process(&self.flags)?;
        block_on(async {
            let traces = begin_traces(&settings);
            // This comes first: a server that cannot listen should leave nothing behind.
            let listener = bind(settings.listen, "LISTEN").await?;
            let for_metrics = match settings.metrics_listen {
                Some(address) => Some(bind(address, "METRICS_LISTEN").await?),
                None => None,
            };
            let service = open(&settings, Database::MayBeNew).await?;
            settings.secret().map_err(Failure::Failed)?;
            announce_secrets(&service, &settings).await?;
            announce_renderer(&service).await?;
            tracing::info!(
                database = settings.shown_database(),
                data_dir = %settings.data_dir.display(),
                "opened"
            );
            first_link::announce(&service).await?;
            announce_mail(&settings);
            if let Some(listener) = for_metrics {
                let address = listener.local_addr()?;
                metrics::listen::serve(listener, service.clone()).map_err(Failure::Failed)?;
                tracing::info!(%address, "metrics are served at /metrics");
            }
            let served = serve(listener, App::new(service, settings)).await;
            if let Some(traces) = traces {
                // It waits for the collector.
                let _ = tokio::task::spawn_blocking(move || traces.end(LAST_TRACES)).await;
            }
            served
        })
    }
}

/// Begins the log and, where a collector is set, traces. That there are none stops nobody: the variables may be those
/// of all programs of a host.
fn begin_traces(settings: &Settings) -> Option<Traces> {
    let started = settings.traces.clone().map(Traces::start).transpose();
    let traces = started.as_ref().ok().and_then(Option::as_ref);
    log("info", settings.log_format, traces);
    match started {
        Ok(traces) => {
            if let (Some(_), Some(it)) = (&traces, &settings.traces) {
                tracing::info!(endpoint = %it.endpoint, share = it.share, "traces are sent");
            }
            traces
        }
        Err(reason) => {
            tracing::warn!(reason, "no traces are sent");
            None
        }
    }
}

/// Opens the listener.
pub(super) async fn bind(address: SocketAddr, setting: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                format!("another program listens there; set {setting} to another port")
            }
            _ => error.to_string(),
        };
        Failure::Failed(format!("cannot listen on {address}: {reason}"))
    })
}

/// Serves until the process gets a signal to end. After SIGTERM it drains; a terminal's SIGINT needs no drain.
/// A second signal ends it at once.
pub(super) async fn serve(listener: TcpListener, app: App) -> Result<(), Failure> {
    let running = app.service.begin_to_serve().await?;
    app.service.recover().await?;
    let jobs = jobs::start(&app);
    let (replaced, mut is_replaced) = oneshot::channel();
    let service = app.service.clone();
    // It goes on while the server drains.
    let alive = tokio::spawn(async move {
        service.serve_until_replaced(&running).await;
        let _ = replaced.send(());
    });
    let address = listener.local_addr()?;
    tracing::info!(%address, public_url = app.public_url(), "ready");
    let mut signals = Signals::new()?;
    let (sent, mut second) = oneshot::channel();
    let drain = app.settings.drain;
    let asked = async move {
        let drain = tokio::select! {
            signal = signals.next() => match signal {
                Signal::Terminate => drain,
                Signal::Interrupt => Duration::ZERO,
            },
            Ok(()) = &mut is_replaced => {
                tracing::error!("a backup was restored into the database of this server: start it again");
                Duration::ZERO
            }
        };
        tracing::info!(
            drain_seconds = drain.as_secs(),
            "shutdown: not ready, completing running requests; a second signal ends it at once"
        );
        tokio::spawn(async move {
            signals.next().await;
            let _ = sent.send(());
        });
        Shutdown::after(drain)
    };
    let ended = async {
        let stopping = app.service.stopping.clone();
        server::serve(listener, app.clone(), jobs.ended(&stopping), asked).await?;
        alive.abort();
        if tokio::time::timeout(LAST_WRITES, end(app)).await.is_err() {
            tracing::warn!("shutdown: the database does not answer; its connections were cut off");
        }
        Ok(())
    };
    tokio::select! {
        ended = ended => ended,
        Ok(()) = &mut second => {
            let sentence = "a second signal ended the server at once; what was running was cut off";
            Err(Failure::Failed(sentence.to_owned()))
        }
    }
}

/// Writes what was gathered, and closes the database.
async fn end(app: App) {
    if let Err(error) = jobs::write_key_uses(&app).await {
        tracing::warn!(%error, "recording the uses of keys failed");
    }
    if let Err(error) = app.service.people().write_security_events(true).await {
        tracing::warn!(%error, "recording security events failed");
    }
    if let Err(error) = app.service.end_serving().await {
        tracing::warn!(%error, "the end of this server could not be recorded");
    }
    if let Err(error) = app.service.store.clone().close().await {
        tracing::warn!(%error, "closing the database failed");
    }
}

/// A signal to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    /// SIGTERM, of a service manager.
    Terminate,
    /// SIGINT, of a terminal.
    Interrupt,
}

/// The signals that end a process.
struct Signals {
    terminated: unix::Signal,
    interrupted: unix::Signal,
}

impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals {
            terminated: unix::signal(SignalKind::terminate())?,
            interrupted: unix::signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.terminated.recv() => Signal::Terminate,
            _ = self.interrupted.recv() => Signal::Interrupt,
        }
    }
}

/// Logs who else can open the files with secrets, and whether the key decrypts what is stored.
async fn announce_secrets(service: &Service, settings: &Settings) -> Result<(), Failure> {
    for exposed in settings.exposed() {
        let (what, path, mend) = (exposed.what, exposed.path.display(), exposed.mend);
        tracing::warn!(what, %path, mend, "other users can read or write this");
    }
    if let Some(trouble) =
        secret_key::trouble(settings, &service.people().check_secret_key().await?)
    {
        tracing::error!(trouble, "SECRET_KEY is not the one that stored secrets need");
    }
    Ok(())
}

/// Logs it if the kernel does not confine the processes that render templates.
async fn announce_renderer(service: &Service) -> Result<(), Failure> {
    if let Confinement::Unconfined(reason) = confinement(service).await? {
        tracing::warn!(reason, "templates are rendered without a filter of system calls");
    }
    Ok(())
}

/// Whether the kernel confines the processes that render templates.
pub(super) async fn confinement(service: &Service) -> Result<Confinement, Failure> {
    let renderer = service.renderer.clone();
    let asked = tokio::task::spawn_blocking(move || renderer.confinement()).await;
    asked.map_err(|error| Failure::Failed(error.to_string()))
}

/// Logs the mail server, or that there is none.
fn announce_mail(settings: &Settings) {
    match &settings.smtp {
        None => tracing::warn!("no mail is sent: SMTP_SERVER is not set"),
        Some(smtp) => {
            let (server, port) = (&smtp.server, smtp.port);
            tracing::info!(server, port, security = smtp.security.as_str(), "mail is sent");
            if smtp.is_exposed() {
                tracing::warn!(server, "mail is sent unencrypted: SMTP_TLS=none");
            }
        }
    }
}

/// Writes the log to standard error, at the level of `RUST_LOG`, otherwise `default`.
pub(super) fn log(default: &str, format: LogFormat, traces: Option<&Traces>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // It would repeat a misspelt password parameter of DATABASE_URL.
    let filter = match "sqlx_postgres::options=off".parse() {
        Ok(quiet) => filter.add_directive(quiet),
        Err(_) => filter,
    };
    // What is traced is not logged.
    let filter = match format!("{}=off", traces::TARGET).parse() {
        Ok(quiet) => filter.add_directive(quiet),
        Err(_) => filter,
    };
    let is_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal && format == LogFormat::Text)
        .with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_filter(filter).boxed(),
        // With the request and the run that an event belongs to.
        LogFormat::Json => {
            lines.json().with_current_span(false).with_span_list(true).with_filter(filter).boxed()
        }
    };
    let all = tracing_subscriber::registry().with(lines).with(traces.map(Traces::layer));
    // A second call in the same process, as in tests, has no effect.
    let _ = all.try_init();
}
