//! The server that each test has for itself.

use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

use harness::Setup;
use harness::web::Api;
use operations::{Service, command_line};
use store::calendars::Calendar;
use store::keys::Rights;
use testing::{Database, ics};

use crate::in_process::InProcess;

/// A server with a user `ann`, her calendars `room-1` and `room-2` in Berlin, a calendar `other` that is
/// not hers, and a client with a key of hers with all rights.
pub struct TestApp {
    pub api: Api,
    pub service: Service,
    pub address: SocketAddr,
    pub server: InProcess,
}

impl Deref for TestApp {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl TestApp {
    pub async fn new(database: Database) -> TestApp {
        TestApp::with(database, &[]).await
    }

    /// With environment variables.
    pub async fn with(database: Database, variables: &[(&str, &str)]) -> TestApp {
        let setup = Setup::on_system_clock(&database.open().await);
        TestApp::of(database, setup, variables).await
    }

    /// With a clock that stands at [`harness::NOW`].
    pub async fn on_still_clock(database: Database) -> TestApp {
        let setup = Setup::new(&database.open().await);
        TestApp::of(database, setup, &[]).await
    }

    async fn of(database: Database, setup: Setup, variables: &[(&str, &str)]) -> TestApp {
        setup.user("ann").await;
        for (slug, users) in [("room-1", &["ann"][..]), ("room-2", &["ann"]), ("other", &[])] {
            setup.add(Calendar::built_in(slug, "A room", "Europe/Berlin"), users).await;
        }
        let key = setup.key("ann").await;
        let server = InProcess::start(database, setup, variables).await;
        let api = Api::new(&server.url(), &key);
        TestApp { api, service: server.service.clone(), address: server.address, server }
    }

    /// Advances the clock of a server that has one of its own.
    pub fn advance(&self, by: Duration) {
        self.service.clock.advance(by);
    }

    /// Makes an administrator who has room-1 and room-2, with a key of all rights.
    pub async fn administrator_key(&self) -> String {
        let setup = self.server.setup();
        setup.administrator("boss").await;
        for slug in ["room-1", "room-2"] {
            self.service.assign(&command_line(), slug, "boss").await.unwrap();
        }
        setup.key("boss").await
    }

    /// Makes a key of ann's with these rights.
    pub async fn key_with(&self, rights: Rights, calendars: Option<&[String]>) -> String {
        self.server.setup().key_with("ann", rights, calendars).await
    }

    /// Imports events, each the lines of a VEVENT, into a calendar.
    pub async fn import(&self, calendar: &str, events: &[String]) {
        let events: String = events.iter().map(|it| ics::component(it.lines())).collect();
        self.server.setup().import(calendar, &ics::file_of(&events)).await;
    }

    /// A moment a number of hours ahead, as iCalendar writes it in UTC.
    pub fn stamp(&self, hours: i64) -> String {
        ics::utc(self.service.now().plus(hours * 3_600).0)
    }
}
