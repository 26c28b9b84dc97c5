//! The program's server, run in the test itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use harness::Setup;
use operations::Service;
use room_booking::settings::{Flags, Settings};
use room_booking::web::server::Shutdown;
use room_booking::web::{App, server};
use testing::Database;
use tokio::sync::oneshot;

/// A server that answers until this is dropped, and then has no database any more.
#[allow(dead_code, reason = "each program of tests uses its part")]
pub struct InProcess {
    pub address: SocketAddr,
    /// What the server does its work with.
    pub service: Service,
    /// What its handlers share.
    pub app: App,
    pub database: Database,
    _stop: oneshot::Sender<()>,
}

impl InProcess {
    /// Starts a server on a database with environment variables.
    pub async fn start(database: Database, setup: Setup, variables: &[(&str, &str)]) -> InProcess {
        let settings = Settings::read(&Flags::default(), &|name| {
            let found = variables.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        let settings = settings.unwrap();
        let mut service = setup.service;
        service.events_per_key = settings.events_per_key;
        service.mailer = settings.mailer();
        service.ways = Arc::new(settings.ways());
        service.mail_domains = settings.mail_domains.clone().into();
        if let Some(webhooks) = &settings.webhooks {
            service.webhooks = Arc::new(webhooks.open().unwrap());
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App::new(service.clone(), settings);
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(server::serve(listener, app.clone(), async {}, async {
            let _ = stopped.await;
            Shutdown::after(Duration::ZERO)
        }));
        InProcess { address, service, app, database, _stop: stop }
    }

    /// Its address, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What can be set up while it runs.
    #[allow(dead_code, reason = "each program of tests uses its part")]
    pub fn setup(&self) -> Setup {
        Setup { service: self.service.clone() }
    }
}
