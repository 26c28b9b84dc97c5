//! What there is before a history begins: a database in memory, three rooms, a template, somebody who asks
//! over the API.

use facts::Word;
use harness::Setup;
use harness::setup::access;
use operations::{Caller, Service};
use store::calendars::{self, Calendar};
use store::keys::Rights;
use store::users::{self, NewUser};

use crate::bugs::Bug;
use crate::built_in;
use crate::event::ROOM_ADDRESS;
use crate::gate::Gate;

/// 2026-03-02T07:00:00Z, a Monday: when histories begin.
pub(crate) const BEGIN: i64 = 1_772_434_800;
/// The slugs of the rooms on the server.
pub(crate) const SLUGS: [&str; 2] = ["room-1", "room-2"];
/// The contact address of the first room: it is notified where an event names no organizer.
pub(crate) const CONTACT: &str = "house@example.org";

/// The grace of the first room in histories in which it warns.
pub(crate) const GRACE_HOURS: u32 = 3;

/// What becomes of conflicts in the first room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handling {
    /// The loser is removed.
    Remove,
    /// It is removed after a warning.
    Warn,
    /// It is kept, and the contact gets one message a day.
    Report,
}

impl Handling {
    /// That of a history. Planted bugs are looked for where they show.
    pub fn of(seed: u64, bug: Option<Bug>) -> Handling {
        match bug {
            Some(Bug::GraceForgotten) => Handling::Warn,
            Some(Bug::ReportForgotten) => Handling::Report,
            None if seed.is_multiple_of(4) => Handling::Report,
            _ if seed % 2 == 1 => Handling::Warn,
            _ => Handling::Remove,
        }
    }

    /// As the database has it.
    fn word(self) -> &'static str {
        match self {
            Handling::Remove => "remove",
            Handling::Warn => "warn",
            Handling::Report => "report",
        }
    }
}

/// What failed, in words.
pub(crate) fn text<E: std::fmt::Display>(error: E) -> String {
    error.to_string()
}

/// A folder in memory, where there is such a thing: what is measured is the program, not a disk.
pub(crate) fn memory_folder() -> Result<tempfile::TempDir, String> {
    let builder = tempfile::Builder::new();
    builder.tempdir_in("/dev/shm").or_else(|_| builder.tempdir()).map_err(text)
}

/// Makes the rooms, and who asks over the API.
pub(crate) async fn set_up(
    service: &Service,
    gate: &Gate,
    url: &str,
    handling: Handling,
) -> Result<Caller, String> {
    let setup = Setup { service: service.clone() };
    let subject = "{{ calendar_name }}: {{ name }}";
    let template = setup.template_of("short", subject, "{{ start }}").await;
    for (room, slug) in SLUGS.into_iter().enumerate() {
        let calendar = Calendar::built_in(slug, &format!("Room {room}"), "UTC");
        let access = access(&(url.to_owned() + &gate.path(room)));
        let mut calendar = setup.add_on_server(calendar, &[], &access).await;
        calendar.template = Some(template);
        calendar.safety_limit = 1_000;
        // The first room answers invitations, the second one is none's attendee.
        calendar.answers = room == 0;
        calendar.room_address = (room == 0).then(|| ROOM_ADDRESS.to_owned());
        calendar.contact_address = (room == 0).then(|| CONTACT.to_owned());
        calendar.takes_moves = handling == Handling::Warn;
        calendar.restores_at_once = room == 1 && handling == Handling::Remove;
        if room == 0 {
            calendar.conflicts = Word::parse(handling.word()).unwrap_or_default();
            calendar.grace_hours = GRACE_HOURS;
        }
        let transaction = service.store.begin().await.map_err(text)?;
        calendars::update(&transaction, &calendar).await.map_err(text)?;
        transaction.commit().await.map_err(text)?;
    }
    let transaction = service.store.begin().await.map_err(text)?;
    let mut built_in = Calendar::built_in(built_in::SLUG, "The built-in room", "UTC");
    (built_in.template, built_in.safety_limit) = (Some(template), 1_000);
    calendars::insert(&transaction, &built_in).await.map_err(text)?;
    let new = NewUser { name: "panel", address: None, is_administrator: false };
    let user = users::insert(&transaction, &new, BEGIN).await.map_err(text)?;
    transaction.commit().await.map_err(text)?;
    let calendars = calendars::all(&service.store).await.map_err(text)?;
    Ok(Caller {
        user,
        name: new.name.to_owned(),
        address: None,
        is_administrator: false,
        key: None,
        rights: Rights::ALL,
        expires_at: None,
        calendars: calendars.into(),
        listed: std::sync::Arc::default(),
    })
}
