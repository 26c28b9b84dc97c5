//! `serve`: the server.

use std::io::IsTerminal as _;
use std::net::SocketAddr;

use operations::Service;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::Failure;
use super::service::{Database, block_on, open};
use crate::jobs;
use crate::settings::{Flags, Settings};
use crate::web::{App, server};

/// Runs the server
///
/// It answers the API at /api and its documentation at /api/docs. What is set comes from environment
/// variables, a file .env in the working directory, and flags; `room-booking config` prints it.
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
        log("info");
        block_on(async {
            // First of all: a server that cannot listen should leave nothing behind.
            let listener = bind(settings.listen).await?;
            let service = open(&settings, Database::MayBeNew).await?;
            settings.secret().map_err(Failure::Failed)?;
            tracing::info!(
                database = settings.shown_database(),
                data_dir = %settings.data_dir.display(),
                "opened"
            );
            announce_first_link(&service, &settings).await?;
            announce_mail(&settings);
            serve(listener, App::new(service, settings)).await
        })
    }
}

/// Listens, or says why not.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program listens there; set LISTEN to another port".to_owned()
            }
            _ => error.to_string(),
        };
        Failure::Failed(format!("cannot listen on {address}: {reason}"))
    })
}

/// Serves until the process is asked to end.
pub(super) async fn serve(listener: TcpListener, app: App) -> Result<(), Failure> {
    app.service.recover().await?;
    jobs::start(&app);
    let address = listener.local_addr()?;
    tracing::info!(%address, public_url = app.public_url(), "ready");
    let (mut terminated, mut interrupted) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let asked = async {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        tracing::info!("ending: requests that are under way are answered first");
    };
    server::serve(listener, app.clone(), asked).await?;
    if let Err(error) = jobs::write_key_uses(&app).await {
        tracing::warn!(%error, "recording the uses of keys failed");
    }
    let closed = app.service.store.close().await;
    closed.map_err(|error| Failure::Failed(error.to_string()))
}

/// Says where mail goes, or that none does.
fn announce_mail(settings: &Settings) {
    match &settings.smtp {
        None => tracing::warn!("no mail is sent: SMTP_SERVER is not set"),
        Some(smtp) => {
            let (server, port) = (&smtp.server, smtp.port);
            tracing::info!(server, port, security = smtp.security.as_str(), "mail is sent");
            if smtp.is_exposed() {
                tracing::warn!(server, "mail crosses the network unprotected: SMTP_TLS=none");
            }
        }
    }
}

/// While there is no user: shows the link by which the first administrator is made.
async fn announce_first_link(service: &Service, settings: &Settings) -> Result<(), Failure> {
    let link = service.first_administrator_link().await?;
    if let Some(link) = link {
        let url = settings.public_url.as_str().trim_end_matches('/');
        tracing::warn!(
            link = format!("{url}/admin/first/{link}"),
            "there is no user yet: open this link within an hour to make the first administrator, \
             or run `room-booking user add NAME --administrator --password-stdin`"
        );
    }
    Ok(())
}

/// Writes the log to standard error: `RUST_LOG` says how much of it, else `default`.
pub(super) fn log(default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // The one would repeat a misspelt password parameter of DATABASE_URL; the other has nothing to say
    // that people wait for.
    let quiet = ["sqlx_postgres::options=off", "sea_orm_migration=warn"];
    let quiet = quiet.into_iter().filter_map(|it| it.parse().ok());
    let filter = quiet.fold(filter, EnvFilter::add_directive);
    let is_terminal = std::io::stderr().is_terminal();
    // A second one in the same process, as in tests, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal)
        .with_target(false)
        .try_init();
}
