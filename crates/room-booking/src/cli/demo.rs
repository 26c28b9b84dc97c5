//! `demo`: a server with sample rooms on a temporary database.

use std::io::{IsTerminal as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use clearing::ConflictHandling;
use ical::Zone;
use operations::{Caller, ClearRequest, Limit, Mode, NewCalendar, Scope, Service, command_line};
use secrecy::SecretString;
use store::calendars::{Calendar, PriorityKind};
use store::history::Starter;
use store::keys::Rights;
use store::rooms::Room;
use store::secrets::random_text;
use store::users::NewUser;

use super::{Failure, serve, service};
use crate::demo_rooms::{self, DemoRoom, Workshop};
use crate::settings::{Flags, LogFormat, Settings, sqlite_url};
use crate::web::App;

/// Runs a server with sample rooms on a temporary database
///
/// Four rooms contain overlapping and cancelled events around today; one of them warns, and has an hour that is free
/// again. The demo prints an API key and commands to try, listens on this computer only, and deletes its database when
/// it ends. It uses the settings TIME_ZONE (default: the zone of this computer) and the port of LISTEN.
#[derive(clap::Args, Debug)]
pub(super) struct Demo {
    /// Port to listen on [default: the one of LISTEN, or 8000]; if it is taken, another one is found
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

/// The administrator of the demo.
const ADMINISTRATOR: &str = "admin";
/// The length of the administrator's password.
const PASSWORD: usize = 14;

impl Demo {
    pub fn run(self) -> Result<(), Failure> {
        let folder = tempfile::tempdir()?;
        let level = if std::env::var_os("RUST_LOG").is_some() { "info" } else { "warn" };
        serve::log(level, LogFormat::Text, None);
        service::block_on(async {
            let variable = |name: &str| match name {
                "TIME_ZONE" => std::env::var(name).ok().or_else(system_zone),
                "LISTEN" => std::env::var(name).ok(),
                "DRAIN_SECONDS" => Some("0".to_owned()),
                // Other settings of the real server do not apply to the demo.
                _ => None,
            };
            let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let port = self.port.map_or_else(
                || Settings::read(&Flags::default(), &variable).map(|it| it.listen.port()),
                Ok,
            )?;
            let listener = match tokio::net::TcpListener::bind(loopback(port)).await {
                Ok(listener) => listener,
                Err(_) => serve::bind(loopback(0), "LISTEN").await?,
            };
            let address = listener.local_addr()?.to_string();
            let data_dir = folder.path().display().to_string();
            let flags = Flags {
                listen: Some(address.clone()),
                data_dir: Some(data_dir.clone()),
                database_url: Some(sqlite_url(&folder.path().join("demo.sqlite")).into()),
                public_url: Some(format!("http://{address}")),
            };
            let settings = Settings::read(&flags, &variable)?;
            let service = settings.open().await.map_err(Failure::Failed)?;
            let password = random_text(PASSWORD);
            let key = fill(&service, &settings.time_zone, &password).await?;
            print(&settings, &password, &key)?;
            serve::serve(listener, App::new(service, settings)).await
        })
    }
}

/// Fills the database of the demo, and returns the API key.
async fn fill(service: &Service, zone: &Zone, password: &str) -> Result<String, Failure> {
    let actor = command_line();
    let user =
        NewUser { name: ADMINISTRATOR, address: Some("admin@example.org"), is_administrator: true };
    let password = SecretString::from(password);
    service.people().add_user(&actor, &user, Some(&password)).await?;
    for room in demo_rooms::rooms(service.now(), zone) {
        add(service, &room, zone).await?;
    }
    add_workshop(service, zone).await?;
    // The start page shows the double bookings from the beginning.
    service.rescan_rooms().await?;
    let made =
        service.people().add_key(&actor, ADMINISTRATOR, "demo", Rights::ALL, None, None).await?;
    Ok(made.1)
}

/// Adds a room that shows what takes time: a booking that will be removed, of which its organizer has been warned, and an
/// hour that is free again, which is offered to the one who had lost it ten minutes later. Without a mail server the
/// messages stay in the outbox.
async fn add_workshop(service: &Service, zone: &Zone) -> Result<(), Failure> {
    let actor = command_line();
    let Workshop { room, given_up, later } = demo_rooms::workshop(service.now(), zone);
    add(service, &room, zone).await?;
    clear(service, room.slug).await?;
    let calendar = service.calendar(room.slug).await?;
    let administrator = store::users::by_name(&service.store, ADMINISTRATOR).await?;
    let user = administrator.ok_or_else(|| Failure::Failed("no administrator".to_owned()))?.id;
    let caller = Caller {
        user,
        name: ADMINISTRATOR.to_owned(),
        address: None,
        is_administrator: true,
        key: None,
        rights: Rights::ALL,
        expires_at: None,
        calendars: [calendar.clone()].into(),
        listed: Arc::default(),
    };
    service.delete_event(&caller, &calendar, given_up).await?;
    service.give_second_chances().await?;
    let conflicts = ConflictHandling::Warn;
    let calendar = Calendar { conflicts, ..service.calendar(room.slug).await? };
    service.set_calendar(&actor, &calendar).await?;
    service.import(&actor, &calendar, later.as_bytes(), &|_, _| {}).await?;
    clear(service, room.slug).await
}

async fn clear(service: &Service, slug: &str) -> Result<(), Failure> {
    let request = ClearRequest {
        scope: Scope::Named(vec![slug.to_owned()]),
        mode: Mode::Real,
        limit: Limit::Holds,
        started_by: Starter::person(None),
    };
    service.clear_bookings(None, request).await?;
    Ok(())
}

async fn add(service: &Service, room: &DemoRoom, zone: &Zone) -> Result<(), Failure> {
    let actor = command_line();
    let calendar = Calendar {
        room_address: Some(room.room_address.to_owned()),
        contact_address: Some(room.contact_address.to_owned()),
        tolerance_minutes: room.tolerance_minutes,
        template: service.default_template().await?,
        ..Calendar::built_in(room.slug, room.name, zone.name())
    };
    let new = NewCalendar { calendar, users: vec![ADMINISTRATOR.to_owned()] };
    service.add_calendar(&actor, &new).await?;
    let slug = Some(room.slug);
    for organizer in room.prioritised_organizers {
        service.prioritise(&actor, slug, PriorityKind::Organizer, organizer).await?;
    }
    for name in room.prioritised_names {
        service.prioritise(&actor, slug, PriorityKind::Name, name).await?;
    }
    for uid in room.protected_uids {
        service.protect(&actor, slug, uid).await?;
    }
    let calendar = service.calendar(room.slug).await?;
    let (building, floor, seats) = room.place;
    let like = Room {
        building: Some(building.to_owned()),
        floor: Some(floor.to_owned()),
        capacity: Some(seats),
        features: room.features.iter().map(|it| (*it).to_owned()).collect(),
        description: None,
        has_picture: false,
    };
    service.set_room(&actor, &calendar, &like).await?;
    let calendar = service.calendar(room.slug).await?;
    service.import(&command_line(), &calendar, room.ics.as_bytes(), &|_, _| {}).await?;
    Ok(())
}

/// The time zone of this computer's clock, so that "today" is what people expect.
fn system_zone() -> Option<String> {
    jiff::tz::TimeZone::system().iana_name().map(str::to_owned)
}

fn print(settings: &Settings, password: &str, key: &str) -> Result<(), Failure> {
    let url = settings.public_url.as_str().trim_end_matches('/');
    let mut out = anstream::stdout().lock();
    let bold = anstyle::Style::new().bold();
    writeln!(out, "{bold}Room Booking is ready: {url}/{bold:#}\n")?;
    writeln!(out, "  API documentation   {url}/api/docs")?;
    writeln!(
        out,
        "  administration      {url}/admin  (user {ADMINISTRATOR}, password {password})"
    )?;
    writeln!(out, "  API key             {key}\n")?;
    writeln!(out, "What would be cleared, without changing anything:\n")?;
    writeln!(
        out,
        "  curl -X DELETE -H 'Authorization: Bearer {key}' '{url}/api/clear-bookings?test=1'\n"
    )?;
    writeln!(out, "Clear the double bookings:\n")?;
    writeln!(
        out,
        "  curl -X DELETE -H 'Authorization: Bearer {key}' '{url}/api/clear-bookings'\n"
    )?;
    writeln!(out, "What is in a room then:\n")?;
    writeln!(out, "  curl -H 'Authorization: Bearer {key}' '{url}/api/meeting-room-1/events'\n")?;
    if std::io::stdout().is_terminal() {
        writeln!(out, "Ctrl+C ends it and removes its database.")?;
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use store::{objects, pending, second_chances};

    use super::*;

    #[tokio::test]
    async fn the_demo_shows_a_warning_an_answered_invitation_and_an_hour_that_is_free_again() {
        let folder = tempfile::tempdir().unwrap();
        let flags = Flags {
            listen: Some("127.0.0.1:0".to_owned()),
            data_dir: Some(folder.path().display().to_string()),
            database_url: Some(sqlite_url(&folder.path().join("demo.sqlite")).into()),
            public_url: None,
        };
        let settings = Settings::read(&flags, &|_| None).unwrap();
        let service = settings.open().await.unwrap();
        let zone = Zone::iana("Europe/Berlin").unwrap();
        fill(&service, &zone, "a long password of the demo").await.unwrap();
        let pending = pending::all_open(&service.store).await.unwrap();
        assert_eq!(pending.len(), 1, "{pending:?}");
        let room = service.calendar("workshop").await.unwrap();
        let chances = second_chances::open(&service.store, room.id).await.unwrap();
        assert_eq!(chances.len(), 1, "{chances:?}");
        let room = service.calendar("meeting-room-2").await.unwrap();
        let objects = objects::all(&service.store, room.id).await.unwrap();
        let answers = |answer: &str| {
            let line = format!("PARTSTAT={answer}:mailto:meeting-room-2@");
            let texts = objects.iter().map(|it| String::from_utf8_lossy(&it.text));
            texts.filter(|it| it.contains(&line)).count()
        };
        assert_eq!((answers("ACCEPTED"), answers("DECLINED")), (1, 1));
    }
}
