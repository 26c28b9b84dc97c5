//! A room of the program's own, in few words.

use std::collections::BTreeMap;
use std::time::Duration;

use answers::report::Report;
use facts::Removal;
use ical::Moment;
use operations::{
    Caller, ClearRequest, Clock, Created, Error, Limit, ListRequest, Mode, Reader, Requested,
    Restored, Scope, Service, WhenTaken, command_line,
};
use serde_json::Value;
use store::calendars::{self, Calendar};
use store::history::{self, RemovalRow};
use store::keys::Rights;
use store::objects::{self, Resource, Span};
use store::outbox::{self, OutboxMessage};
use store::{RemovalId, Store, UserId};
use testing::ics::{Event, event, file};

use crate::clock::{clock, window};
use crate::report::{in_english, short};
use crate::setup::{Setup, administrator, clear_request, servers, starter, user};

/// A calendar with a service whose clock stands still.
#[derive(Clone)]
pub struct Room {
    /// The service.
    pub service: Service,
    /// The calendar, with its settings as they were last set.
    pub calendar: Calendar,
}

impl Room {
    /// An empty room called `room`, in UTC.
    pub async fn new(store: &Store) -> Room {
        Room::named(store, "room").await
    }

    /// An empty room of that slug.
    pub async fn named(store: &Store, slug: &str) -> Room {
        let transaction = store.begin().await.unwrap();
        let new = Calendar::built_in(slug, &format!("The {slug}"), "UTC");
        let id = calendars::insert(&transaction, &new).await.unwrap();
        transaction.commit().await.unwrap();
        let mut service = Service::new(store.clone());
        service.clock = clock();
        service.servers = servers(caldav::Limits::default());
        Room { service, calendar: Calendar { id, ..new } }
    }

    /// With other settings.
    pub async fn set(mut self, change: impl FnOnce(&mut Calendar)) -> Room {
        change(&mut self.calendar);
        let transaction = self.store().begin().await.unwrap();
        // A clone of the room may have been given other settings.
        let present = calendars::by_id(&transaction, self.calendar.id).await.unwrap().unwrap();
        self.calendar.version = present.version;
        assert!(calendars::update(&transaction, &self.calendar).await.unwrap());
        transaction.commit().await.unwrap();
        self.calendar.version += 1;
        self
    }

    /// With a template, so that there is mail.
    pub async fn with_mail(self) -> Room {
        let name = format!("of {}", self.calendar.slug);
        let template = self.setup().template(&name).await;
        self.set(|calendar| calendar.template = Some(template)).await
    }

    /// With an event.
    pub async fn with_event(self, uid: &str, created: &str, start: &str, end: &str) -> Room {
        self.with(event(uid, created, start, end)).await
    }

    /// With an event.
    pub async fn with(self, event: Event) -> Room {
        self.with_file(&file(&[event])).await
    }

    /// With the events of a file.
    pub async fn with_file(self, text: &str) -> Room {
        self.service
            .import(&command_line(), &self.calendar, text.as_bytes(), &|_, _| {})
            .await
            .unwrap();
        self.as_if_seen_first(text).await;
        self
    }

    /// Since when events of a file hold their time is what a first look would say: they have been there.
    async fn as_if_seen_first(&self, text: &str) {
        let parsed = ical::Calendar::parse(text.as_bytes()).unwrap();
        let zones = ical::Zones::new(ical::Zone::iana(&self.calendar.zone).unwrap());
        let transaction = self.store().begin().await.unwrap();
        for object in parsed.objects().iter().filter(|it| !it.uid().is_empty()) {
            let now = self.service.now();
            let held = clearing::HeldSince::at_first_look(&parsed, object, &zones, now);
            let claims = clearing::Claims::since(held);
            let (id, uid) = (self.calendar.id, object.uid());
            let there = objects::by_uid(&transaction, id, &uid).await.unwrap();
            let Some(there) = there.first() else { continue };
            let key = (&*uid, &*there.href);
            store::uid_metadata::set_claims(&transaction, id, key, &claims, &there.text)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
    }

    /// With a resource written past all operations, as somebody else would.
    pub async fn with_resource(self, href: &str, uid: &str, text: &str) -> Room {
        let transaction = self.store().begin().await.unwrap();
        let revision = calendars::lock(&transaction, self.calendar.id).await.unwrap().unwrap();
        let resource = Resource {
            href: href.to_owned(),
            uid: uid.to_owned(),
            etag: format!("\"{revision}\""),
            text: text.as_bytes().to_vec(),
        };
        objects::put(&transaction, self.calendar.id, &resource, Span::default()).await.unwrap();
        transaction.commit().await.unwrap();
        self
    }

    /// The same room at another time, on a clock of its own.
    pub fn at(&self, moment: Moment) -> Room {
        let mut room = self.clone();
        room.service.clock = Clock::manual(moment);
        room
    }

    /// Advances the clock of the room and of all that share it.
    pub fn advance(&self, by: Duration) {
        self.service.clock.advance(by);
    }

    /// What else can be set up beside the room.
    pub fn setup(&self) -> Setup {
        Setup { service: self.service.clone() }
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.service.store
    }

    /// Clears the room.
    pub async fn clear(&self) -> Report<facts::Event> {
        self.run(Mode::Real, Limit::Holds).await
    }

    /// What a clear would do.
    pub async fn test(&self) -> Report<facts::Event> {
        self.run(Mode::Test, Limit::Holds).await
    }

    /// A clear of all calendars.
    pub async fn run_all(&self) -> Report<facts::Event> {
        self.service.clear_bookings(None, clear_request(Scope::All)).await.unwrap()
    }

    /// A clear in a mode, with the safety limit or without.
    pub async fn run(&self, mode: Mode, limit: Limit) -> Report<facts::Event> {
        let request = ClearRequest {
            scope: Scope::Named(vec![self.calendar.slug.clone()]),
            mode,
            limit,
            started_by: starter(),
        };
        self.service.clear_bookings(None, request).await.unwrap()
    }

    /// The texts of its resources, by UID.
    pub async fn texts(&self) -> BTreeMap<String, String> {
        let all = objects::all(self.store(), self.calendar.id).await.unwrap();
        all.into_iter().map(|it| (it.uid, String::from_utf8(it.text).unwrap())).collect()
    }

    /// The text of one event.
    pub async fn text(&self, uid: &str) -> String {
        self.texts().await.remove(uid).unwrap_or_default()
    }

    /// The UIDs that it holds, in order.
    pub async fn uids(&self) -> String {
        self.texts().await.into_keys().collect::<Vec<_>>().join(" ")
    }

    /// The lines of its history, oldest first.
    pub async fn lines(&self) -> Vec<RemovalRow> {
        let id = Some(self.calendar.id);
        let mut lines = history::latest_removals(self.store(), id, 100_000).await.unwrap();
        lines.reverse();
        lines
    }

    /// The line about the occurrence of a UID that begins at a moment.
    pub async fn line(&self, uid: &str, start: &str) -> RemovalId {
        let wanted = format!("{uid} {start}");
        let lines = self.lines().await;
        let line = lines
            .iter()
            .rev()
            .find(|it| short(&Removal::from_json(&it.fact).unwrap().event) == wanted);
        line.unwrap_or_else(|| panic!("no line {wanted}: {lines:?}")).id
    }

    /// Restores a line. Before, the program never says that it is impossible.
    ///
    /// # Errors
    ///
    /// Those of [`Service::restore`].
    pub async fn restore(&self, id: RemovalId) -> Result<Restored, Error> {
        let why_not = self.service.why_not_restorable(id).await?;
        let done = self.service.restore(None, id).await;
        assert!(done.is_err() || why_not.is_none(), "{why_not:?}");
        done
    }

    /// The outbox, oldest first: what about whom to whom, and where it stands.
    pub async fn mails(&self) -> Vec<String> {
        let line =
            |it: OutboxMessage| format!("{} {} {} {}", it.kind, it.uid, it.address, it.state);
        self.messages().await.into_iter().map(line).collect()
    }

    /// The outbox, oldest first.
    pub async fn messages(&self) -> Vec<OutboxMessage> {
        let mut messages = outbox::latest(self.store(), 100_000).await.unwrap();
        messages.reverse();
        for message in &mut messages {
            message.detail = message.detail.take().map(|it| in_english(&it));
        }
        messages
    }

    /// What the latest message tells its template.
    pub async fn latest_data(&self) -> Value {
        let message = self.messages().await.pop().expect("there is a message");
        serde_json::from_str(&message.data).unwrap()
    }

    /// Why nobody was notified, line by line, in English.
    pub async fn not_notified_reason(&self) -> Vec<Option<String>> {
        self.lines()
            .await
            .into_iter()
            .map(|line| line.not_notified_reason.map(|it| in_english(&it)))
            .collect()
    }

    /// Makes a user, who does not reach the room.
    pub async fn user(&self, name: &str) -> UserId {
        user(self.store(), name).await
    }

    /// Makes an administrator.
    pub async fn administrator(&self, name: &str) -> UserId {
        administrator(self.store(), name).await
    }

    /// Makes a user who reaches this room.
    pub async fn caller(&self, name: &str) -> Caller {
        let user = self.user(name).await;
        Caller {
            user,
            name: name.to_owned(),
            address: Some(format!("{name}@example.org")),
            is_administrator: false,
            key: None,
            rights: Rights::ALL,
            expires_at: None,
            calendars: vec![self.calendar.clone()].into(),
            listed: std::sync::Arc::default(),
        }
    }

    /// Books.
    ///
    /// # Errors
    ///
    /// Those of [`Service::create_event`].
    pub async fn book(
        &self,
        caller: &Caller,
        requested: &Requested,
        when_taken: WhenTaken,
        key: Option<&str>,
    ) -> Result<Created, Error> {
        self.service.create_event(caller, &self.calendar, requested, when_taken, key).await
    }

    /// The list of a window.
    pub async fn list(&self, start: &str, end: &str) -> Value {
        let request =
            ListRequest { window: window(start, end), uid: None, after: None, limit: 1_000 };
        self.list_of(request).await.unwrap()
    }

    /// The answer to a request for a list.
    ///
    /// # Errors
    ///
    /// Those of [`Service::list_events`].
    pub async fn list_of(&self, request: ListRequest) -> Result<Value, Error> {
        let reader = Reader::administrator();
        let json = self.service.list_events(&self.calendar, request, &reader).await?;
        Ok(serde_json::from_slice(&json).unwrap())
    }
}
