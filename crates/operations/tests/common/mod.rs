//! Rooms, events and what became of them, in few words.

pub mod database;
pub mod on_server;

use std::collections::BTreeMap;

use answers::report::{Entry, Report};
use facts::Removal;
use ical::{Moment, Window};
use operations::{
    Caller, ClearRequest, Clock, Created, Error, Limit, ListRequest, Mode, Requested, Restored,
    Scope, Service, WhenTaken,
};
use serde_json::Value;
use store::calendars::{self, Calendar};
use store::history::{self, RemovalRow, Starter, Way};
use store::keys::Rights;
use store::objects::{self, Resource, Span};
use store::outbox::{self, OutboxMessage};
use store::templates::{self, Template};
use store::users::{self, NewUser};
use store::{RemovalId, Store, UserId};

#[allow(unused_imports, reason = "each test program uses some of them")]
pub use database::{column, damage, dump, in_english, raw};

/// 2026-03-02T00:00:00Z, a Monday: the present of all tests that do not say otherwise.
pub const NOW: i64 = 1_772_409_600;

/// A clock that is this number of seconds after [`NOW`].
pub fn seconds<const N: i64>() -> i64 {
    NOW + N
}

/// A clock that is this number of days after [`NOW`].
pub fn days<const N: i64>() -> i64 {
    NOW + N * 86_400
}

/// An hour of 2026 in short: `0303T10` or `0303T1030`, in UTC; anything longer is kept as it is.
pub fn stamp(short: &str) -> String {
    match short.len() {
        7 => format!("2026{short}0000Z"),
        9 => format!("2026{short}00Z"),
        _ => short.to_owned(),
    }
}

/// A VEVENT to be.
#[derive(Clone)]
pub struct Event {
    uid: String,
    lines: Vec<String>,
}

/// An event of a UID that was created at a moment and takes place between two.
pub fn event(uid: &str, created: &str, start: &str, end: &str) -> Event {
    let mut event = bare(uid);
    if !created.is_empty() {
        event = event.line(format!("CREATED:{}", stamp(created)));
    }
    event.line(format!("DTSTART:{}", stamp(start))).line(format!("DTEND:{}", stamp(end)))
}

/// An event of a UID and nothing else yet.
pub fn bare(uid: &str) -> Event {
    Event { uid: uid.to_owned(), lines: Vec::new() }
}

impl Event {
    /// Adds a line.
    pub fn line(mut self, line: impl Into<String>) -> Event {
        self.lines.push(line.into());
        self
    }

    /// Adds an ORGANIZER.
    pub fn by(self, address: &str) -> Event {
        self.line(format!("ORGANIZER:mailto:{address}"))
    }

    /// Adds an RRULE.
    pub fn rule(self, rule: &str) -> Event {
        self.line(format!("RRULE:{rule}"))
    }

    /// The VEVENT.
    pub fn component(&self) -> String {
        let uid = if self.uid.is_empty() { String::new() } else { format!("UID:{}\r\n", self.uid) };
        let lines: String = self.lines.iter().map(|line| format!("{line}\r\n")).collect();
        format!("BEGIN:VEVENT\r\n{uid}DTSTAMP:20260101T000000Z\r\n{lines}END:VEVENT\r\n")
    }
}

/// A file of events; those of one UID are one object.
pub fn file(events: &[Event]) -> String {
    let components: String = events.iter().map(Event::component).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{components}END:VCALENDAR\r\n")
}

/// A calendar with a service whose clock stands still.
#[derive(Clone)]
pub struct Room {
    pub service: Service,
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
        service.clock = Clock::manual(Moment(NOW));
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
        let transaction = self.store().begin().await.unwrap();
        let template = Template {
            id: store::TemplateId(0),
            name: format!("of {}", self.calendar.slug),
            subject: "s".to_owned(),
            text_body: "t".to_owned(),
            html_body: None,
            is_default: false,
            version: 0,
        };
        let template = templates::insert(&transaction, &template).await.unwrap();
        transaction.commit().await.unwrap();
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
            .import(&operations::command_line(), &self.calendar, text.as_bytes(), &|_, _| {})
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
            store::uid_metadata::set_claims(&transaction, id, &uid, &claims, &there.text)
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

    /// The same room at another time.
    pub fn at(&self, clock: fn() -> i64) -> Room {
        let mut room = self.clone();
        room.service.clock = Clock::manual(Moment(clock()));
        room
    }

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
        let request = ClearRequest {
            scope: Scope::All,
            mode: Mode::Real,
            limit: Limit::Holds,
            started_by: starter(),
        };
        self.service.clear_bookings(None, request).await.unwrap()
    }

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

    /// Somebody who reaches this room.
    pub async fn caller(&self, name: &str) -> Caller {
        let user = user(self.store(), name, false).await;
        Caller {
            user,
            name: name.to_owned(),
            address: Some(format!("{name}@example.org")),
            is_administrator: false,
            key: None,
            rights: Rights::ALL,
            expires_at: None,
            calendars: vec![self.calendar.clone()].into(),
        }
    }

    /// Books.
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

    pub async fn list_of(&self, request: ListRequest) -> Result<Value, Error> {
        let json = self
            .service
            .list_events(&self.calendar, request, &operations::Reader::administrator())
            .await?;
        Ok(serde_json::from_slice(&json).unwrap())
    }
}

/// The moment of a short stamp.
pub fn moment(short: &str) -> Moment {
    let text = stamp(short);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &text[..4],
        &text[4..6],
        &text[6..8],
        &text[9..11],
        &text[11..13],
        &text[13..15]
    );
    facts::time::moment(&text, &ical::Zone::utc()).unwrap()
}

/// The seconds since 1970 of an hour of 2026 in short, as messages have it.
pub fn at(short: &str) -> i64 {
    moment(short).0
}

pub fn window(start: &str, end: &str) -> Window {
    Window { start: moment(start), end: moment(end) }
}

pub fn starter() -> Starter {
    Starter { by: Way::Api, user: None, key: None }
}

/// Makes a user with the address `NAME@example.org`.
pub async fn user(store: &Store, name: &str, is_administrator: bool) -> UserId {
    let transaction = store.begin().await.unwrap();
    let address = format!("{name}@example.org");
    let new = NewUser { name, address: Some(&address), is_administrator };
    let id = users::insert(&transaction, &new, NOW).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

/// An event in short, as it is asked for: `a 0303T10`, or `a 0303T1030`.
pub fn short(event: &facts::Event) -> String {
    let start = facts::time::rfc3339(&event.zone, event.start);
    let minute = if &start[14..16] == "00" { "" } else { &start[14..16] };
    format!("{} {}{}T{}{minute}", event.uid, &start[5..7], &start[8..10], &start[11..13])
}

/// A report in short, list by list.
pub fn told(report: &Report<facts::Event>) -> Vec<String> {
    let words = ["leftover", "deleted", "cancelled", "ignored", "ignored leftover"];
    let mut lines = Vec::new();
    for (word, list) in words.into_iter().zip(report.lists()) {
        for Entry { event, overlaps_with, reason, .. } in list {
            let by = overlaps_with.as_ref().map(|it| format!(" by {}", it.uid)).unwrap_or_default();
            let reason = reason.map(|it| format!(": {}", it.as_str())).unwrap_or_default();
            lines.push(format!("{word} {}{by}{reason}", short(event)));
        }
    }
    lines.extend(report.failed_calendars.iter().map(|it| format!("failed {}", it.calendar)));
    lines.extend(report.unreadable_objects.iter().map(|it| format!("unreadable {}", it.object)));
    lines
}
