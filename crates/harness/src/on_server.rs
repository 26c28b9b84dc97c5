//! A room on a CalDAV server that the tests hold in memory.

use std::time::Duration;

use ical::Moment;
use operations::{Clock, Service, command_line};
use secrecy::SecretString;
use store::Store;
use store::accounts;
use store::calendars::Calendar;
use testing::fake::{FakeCalDav, Quirks};
use testing::ics::{Event, file};

use crate::room::Room;
use crate::setup::{Setup, access};

/// A room on a server.
pub struct ServerRoom {
    /// The room, as other tests use it.
    pub room: Room,
    /// The server.
    pub server: FakeCalDav,
}

impl ServerRoom {
    /// A room on a server with these quirks, found as a person would find it.
    pub async fn new(store: &Store, quirks: Quirks) -> ServerRoom {
        ServerRoom::on(store, FakeCalDav::start(quirks).await).await
    }

    /// A room on a server that is there.
    pub async fn on(store: &Store, server: FakeCalDav) -> ServerRoom {
        let setup = Setup::new(store);
        let calendar = Calendar::built_in("room", "The room", "UTC");
        let calendar = setup.add_on_server(calendar, &[], &access(&server.calendar_url())).await;
        server.take();
        ServerRoom { room: Room { service: setup.service, calendar }, server }
    }

    /// With an event on the server.
    pub fn with(self, event: Event) -> ServerRoom {
        self.put(event);
        self
    }

    /// Writes an event on the server, as somebody else would.
    pub fn put(&self, event: Event) {
        self.server.put(&format!("{}.ics", event.uid), &file(&[event]));
    }

    /// With other settings.
    pub async fn set(mut self, change: impl FnOnce(&mut Calendar)) -> ServerRoom {
        self.room = self.room.set(change).await;
        self
    }

    /// The UIDs on the server, in order.
    pub fn uids(&self) -> String {
        let names = self.server.objects().into_keys();
        names.map(|name| name.trim_end_matches(".ics").to_owned()).collect::<Vec<_>>().join(" ")
    }

    /// The text of an object on the server.
    pub fn text(&self, uid: &str) -> String {
        self.server.objects().remove(&format!("{uid}.ics")).unwrap_or_default()
    }

    /// The requests since the last look, methods only.
    pub fn methods(&self) -> Vec<String> {
        let requests = self.server.take().into_iter();
        requests.map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    /// Sets the account's password anew.
    pub async fn set_password(&self, password: &str) {
        let account = accounts::all(self.room.store()).await.unwrap().remove(0);
        let password = SecretString::from(password);
        let actor = command_line();
        self.room.service.set_account_password(&actor, account.id, &password).await.unwrap();
    }

    /// Another process of the program on the same database and the same clock.
    pub fn restarted(&self) -> Service {
        Setup::new(self.room.store()).with_clock(self.room.service.clock.clone()).service
    }

    /// Puts the room at another time, on a clock of its own.
    pub fn at(&mut self, moment: Moment) {
        self.room.service.clock = Clock::manual(moment);
    }

    /// Advances the clock of the room and of all that share it.
    pub fn advance(&self, by: Duration) {
        self.room.advance(by);
    }
}
