//! A service on a database, and what is there before a test begins: users, keys, calendars, templates.

use std::sync::Arc;
use std::time::Duration;

use answers::report::Report;
use caldav::Limits;
use ical::Window;
use operations::{
    ClearRequest, Clock, Limit, ListRequest, Mode, NewCalendar, Reader, SCHEDULE, Scope,
    ServerAccess, ServerSettings, Servers, Service, command_line,
};
use secrecy::SecretString;
use serde_json::Value;
use store::accounts::SignIn;
use store::calendars::Calendar;
use store::history::{Starter, Way};
use store::keys::Rights;
use store::templates::{self, Template};
use store::users::{self, NewUser};
use store::{Store, TemplateId, UserId};
use testing::fake::{self, FakeCalDav};

use crate::clock::{NOW, clock};

/// The password of all users that have one.
pub const PASSWORD: &str = "correct horse battery";

/// A service, and what is set up in it.
#[derive(Clone)]
pub struct Setup {
    /// The service.
    pub service: Service,
}

impl Setup {
    /// A service on a database with a clock of its own that stands at [`NOW`], as a process begins with it.
    pub fn new(store: &Store) -> Setup {
        let mut service = Service::new(store.clone());
        service.clock = clock();
        service.servers = servers(quick_limits());
        Setup { service }
    }

    /// With another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Setup {
        self.service.clock = clock;
        self
    }

    /// On the system's clock, which processes of the program run on, too.
    pub fn on_system_clock(store: &Store) -> Setup {
        Setup::new(store).with_clock(Clock::system())
    }

    /// A user with the address `NAME@example.org`.
    pub async fn user(&self, name: &str) -> UserId {
        user(&self.service.store, name).await
    }

    /// An administrator with the address `NAME@example.org`.
    pub async fn administrator(&self, name: &str) -> UserId {
        administrator(&self.service.store, name).await
    }

    /// Gives a user the [`PASSWORD`].
    pub async fn set_password(&self, user: UserId) {
        // A hash that is made once: Argon2 takes its time, and more without optimisation.
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash = HASH.get_or_init(async || {
            store::secrets::hash_password(&SecretString::from(PASSWORD)).unwrap()
        });
        let hash = hash.await;
        let transaction = self.service.store.begin().await.unwrap();
        users::set_password(&transaction, user, hash, self.service.now().0).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// A key with all rights of a user.
    pub async fn key(&self, user: &str) -> String {
        self.key_with(user, Rights::ALL, None).await
    }

    /// A key with these rights of a user, for all calendars of that user or for these.
    pub async fn key_with(
        &self,
        user: &str,
        rights: Rights,
        calendars: Option<&[String]>,
    ) -> String {
        let actor = command_line();
        let made =
            self.service.people().add_key(&actor, user, "test", rights, calendars, None).await;
        made.unwrap().1
    }

    /// Adds a built-in calendar with these users.
    pub async fn add(&self, calendar: Calendar, users: &[&str]) -> Calendar {
        let slug = calendar.slug.clone();
        let new = new_calendar(calendar, users);
        self.service.add_calendar(&command_line(), &new).await.unwrap();
        self.service.calendar(&slug).await.unwrap()
    }

    /// Adds a calendar on a server with these users, found at the address as a person would find it.
    pub async fn add_on_server(
        &self,
        calendar: Calendar,
        users: &[&str],
        access: &ServerAccess,
    ) -> Calendar {
        let service = &self.service;
        let found = service.discover(access).await.unwrap();
        let it = found.calendars.iter().find(|it| it.url == access.address);
        let it = it.unwrap_or_else(|| panic!("{} is not in {:?}", access.address, found.calendars));
        let slug = calendar.slug.clone();
        let new = new_calendar(calendar, users);
        service.add_calendar_on_server(&command_line(), &new, access, &found, it).await.unwrap();
        service.calendar(&slug).await.unwrap()
    }

    /// A server in memory that has a calendar, which is added here.
    pub async fn add_on_new_server(&self, calendar: Calendar, users: &[&str]) -> FakeCalDav {
        self.add_on_new_server_like(calendar, users, fake::Quirks::RFC).await
    }

    /// The same on a server that behaves like others.
    pub async fn add_on_new_server_like(
        &self,
        calendar: Calendar,
        users: &[&str],
        quirks: fake::Quirks,
    ) -> FakeCalDav {
        let server = FakeCalDav::start(quirks).await;
        self.add_on_server(calendar, users, &access(&server.calendar_url())).await;
        server
    }

    /// A template of that name whose texts do not matter.
    pub async fn template(&self, name: &str) -> TemplateId {
        self.template_of(name, "s", "t").await
    }

    /// A template of that name with a subject and a text.
    pub async fn template_of(&self, name: &str, subject: &str, text: &str) -> TemplateId {
        let template = Template {
            id: TemplateId(0),
            name: name.to_owned(),
            subject: subject.to_owned(),
            text_body: text.to_owned(),
            html_body: None,
            choices: None,
            is_default: false,
            version: 0,
        };
        let transaction = self.service.store.begin().await.unwrap();
        let id = templates::insert(&transaction, &template).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// Imports a file into a calendar.
    pub async fn import(&self, slug: &str, file: impl AsRef<[u8]>) {
        let calendar = self.service.calendar(slug).await.unwrap();
        let (actor, file) = (command_line(), file.as_ref());
        self.service.import(&actor, &calendar, file, &|_, _| {}).await.unwrap();
    }

    /// Clears some calendars within the safety limit.
    pub async fn clear(&self, scope: Scope, started_by: Starter) -> Report<facts::Event> {
        let request = ClearRequest { started_by, ..clear_request(scope) };
        self.service.clear_bookings(None, request).await.unwrap()
    }

    /// Clears all calendars; the report as the API answers it.
    pub async fn clear_all(&self) -> Value {
        serde_json::to_value(self.clear(Scope::All, starter()).await).unwrap()
    }

    /// All events of a calendar in a window, page by page, as the API lists them.
    pub async fn list(&self, slug: &str, window: Window) -> Vec<Value> {
        let calendar = self.service.calendar(slug).await.unwrap();
        let mut events = Vec::new();
        let mut after = None;
        loop {
            let request = ListRequest { window, uid: None, after, limit: 10_000 };
            let reader = Reader::administrator();
            let page = self.service.list_events(&calendar, request, &reader).await.unwrap();
            let page: Value = serde_json::from_slice(&page).unwrap();
            events.extend(page["events"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => return events,
            }
        }
    }
}

fn new_calendar(calendar: Calendar, users: &[&str]) -> NewCalendar {
    NewCalendar { calendar, users: users.iter().map(|it| (*it).to_owned()).collect() }
}

/// Makes a user with the address `NAME@example.org`, as if it had been there long before: without an entry
/// in the audit trail.
pub async fn user(store: &Store, name: &str) -> UserId {
    insert_user(store, name, false).await
}

/// As [`user`], an administrator.
pub async fn administrator(store: &Store, name: &str) -> UserId {
    insert_user(store, name, true).await
}

async fn insert_user(store: &Store, name: &str, is_administrator: bool) -> UserId {
    let transaction = store.begin().await.unwrap();
    let address = format!("{name}@example.org");
    let new = NewUser { name, address: Some(&address), is_administrator };
    let id = users::insert(&transaction, &new, NOW).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

/// The connections to calendar servers of a process whose key to the stored passwords is that of the tests.
pub fn servers(limits: Limits) -> Servers {
    Servers::new(ServerSettings {
        secret: Arc::new(|| Ok(SecretString::from("a secret of the tests"))),
        cost: store::vault::Cost::LOWEST,
        limits,
        ..ServerSettings::default()
    })
}

/// Short times for servers in memory.
fn quick_limits() -> Limits {
    Limits {
        first_byte: Duration::from_secs(2),
        idle: Duration::from_secs(2),
        total: Duration::from_secs(5),
        retry_pause: Duration::from_millis(5),
        ..Limits::default()
    }
}

/// How tests sign in to a server in memory, at the address of a calendar or of the server.
pub fn access(address: &str) -> ServerAccess {
    access_as(fake::USER, fake::PASSWORD, address)
}

/// How a user of a server signs in.
pub fn access_as(user: &str, password: &str, address: &str) -> ServerAccess {
    ServerAccess {
        address: address.to_owned(),
        user_name: user.to_owned(),
        password: SecretString::from(password),
        sign_in: SignIn::Basic,
        allows_plain_http: false,
    }
}

/// Who starts the clears of tests.
pub fn starter() -> Starter {
    Starter::of(Way::Api)
}

/// Who starts the clears of a schedule.
pub fn scheduler() -> Starter {
    Starter::of(SCHEDULE)
}

/// A real clear within the safety limit.
pub fn clear_request(scope: Scope) -> ClearRequest {
    ClearRequest { scope, mode: Mode::Real, limit: Limit::Holds, started_by: starter() }
}
