//! A room on a CalDAV server that the tests hold in memory.

use std::sync::Arc;

use caldav::Limits;
use ical::Moment;
use operations::{
    Clock, NewCalendar, ServerAccess, ServerSettings, Servers, Service, command_line,
};
use secrecy::SecretString;
use store::Store;
use store::accounts::{self, SignIn};
use store::calendars::Calendar;
use testing::fake::{FakeCalDav, PASSWORD, Quirks, USER};

use super::{Event, Room, file, seconds};

/// A room on a server.
pub struct ServerRoom {
    /// The room, as other tests use it.
    pub room: Room,
    /// The server.
    pub server: FakeCalDav,
}

/// A service that knows how to reach servers, and has little patience.
pub fn service(store: &Store) -> Service {
    let mut service = Service::new(store.clone());
    service.clock = Clock::manual(Moment(seconds::<0>()));
    service.servers = Servers::new(ServerSettings {
        secret: Arc::new(|| Ok(SecretString::from("a secret of the tests"))),
        cost: store::vault::Cost::LOWEST,
        limits: Limits {
            first_byte: std::time::Duration::from_secs(2),
            idle: std::time::Duration::from_secs(2),
            total: std::time::Duration::from_secs(5),
            retry_pause: std::time::Duration::from_millis(5),
            ..Limits::default()
        },
        ..ServerSettings::default()
    });
    service
}

/// How the tests sign in.
pub fn access(address: &str) -> ServerAccess {
    ServerAccess {
        address: address.to_owned(),
        user_name: USER.to_owned(),
        password: SecretString::from(PASSWORD),
        sign_in: SignIn::Basic,
        allows_plain_http: false,
    }
}

impl ServerRoom {
    /// A room on a server with these quirks, found as a person would find it.
    pub async fn new(store: &Store, quirks: Quirks) -> ServerRoom {
        ServerRoom::on(store, FakeCalDav::start(quirks).await).await
    }

    /// A room on a server that is there.
    pub async fn on(store: &Store, server: FakeCalDav) -> ServerRoom {
        let service = service(store);
        let access = access(&server.calendar_url());
        let found = service.discover(&access).await.unwrap();
        let url = server.calendar_url();
        let it = found.calendars.iter().find(|it| it.url == url).expect("it is found");
        let new = NewCalendar {
            calendar: Calendar::built_in("room", "The room", "UTC"),
            users: Vec::new(),
        };
        service.add_calendar_on_server(&command_line(), &new, &access, &found, it).await.unwrap();
        let calendar = service.calendar("room").await.unwrap();
        server.take();
        ServerRoom { room: Room { service, calendar }, server }
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

    /// The same room at another time.
    pub fn at(&mut self, clock: fn() -> i64) {
        self.room.service.clock = Clock::manual(Moment(clock()));
    }
}
