//! What there is before a history begins: a database in memory, three rooms, a template, somebody who asks
//! over the API.

use operations::{Caller, NewCalendar, ServerAccess, Service, command_line};
use secrecy::SecretString;
use store::accounts::SignIn;
use store::calendars::{self, Calendar};
use store::keys::Rights;
use store::templates::{self, Template};
use store::users::{self, NewUser};
use testing::fake::{PASSWORD, USER};

use crate::built_in;
use crate::gate::Gate;

/// 2026-03-02T07:00:00Z, a Monday: when histories begin.
pub(crate) const BEGIN: i64 = 1_772_434_800;
/// The slugs of the rooms on the server.
pub(crate) const SLUGS: [&str; 2] = ["room-1", "room-2"];
/// The contact address of the first room: it is notified where an event names no organizer.
pub(crate) const CONTACT: &str = "house@example.org";

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
pub(crate) async fn set_up(service: &Service, gate: &Gate, url: &str) -> Result<Caller, String> {
    let transaction = service.store.begin().await.map_err(text)?;
    let template = Template {
        id: store::TemplateId(0),
        name: "short".to_owned(),
        subject: "{{ calendar_name }}: {{ name }}".to_owned(),
        text_body: "{{ start }}".to_owned(),
        html_body: None,
        is_default: false,
        version: 0,
    };
    let template = templates::insert(&transaction, &template).await.map_err(text)?;
    transaction.commit().await.map_err(text)?;
    for (room, slug) in SLUGS.into_iter().enumerate() {
        let address = url.to_owned() + &gate.path(room);
        let access = ServerAccess {
            address: address.clone(),
            user_name: USER.to_owned(),
            password: SecretString::from(PASSWORD),
            sign_in: SignIn::Basic,
            allows_plain_http: false,
        };
        let found = service.discover(&access).await.map_err(text)?;
        let it = found.calendars.iter().find(|it| it.url == address);
        let it = it.ok_or("the room is not found")?;
        let calendar = Calendar::built_in(slug, &format!("Room {room}"), "UTC");
        let new = NewCalendar { calendar, users: Vec::new() };
        let actor = command_line();
        service.add_calendar_on_server(&actor, &new, &access, &found, it).await.map_err(text)?;
        let mut calendar = service.calendar(slug).await.map_err(text)?;
        calendar.template = Some(template);
        calendar.safety_limit = 1_000;
        calendar.contact_address = (room == 0).then(|| CONTACT.to_owned());
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
    })
}
