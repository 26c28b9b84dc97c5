//! The head of all pages of one calendar.

use operations::Message;
use store::calendars::Calendar;
use store::rooms::Room;

use crate::show;
use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

/// The head of a calendar's pages.
pub struct Head {
    /// Its name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// Where the room is and what it offers, on one line; empty if nothing is known.
    pub place: String,
    /// The description of the room.
    pub description: Option<String>,
    /// Whether there is a picture of the room.
    pub has_picture: bool,
    /// Which of its pages it is.
    pub tab: &'static str,
    /// Whether the reader may change its settings.
    pub is_administrator: bool,
}

impl Head {
    /// The head of a page of a calendar.
    pub fn new(context: &RequestContext, calendar: &Calendar, tab: &'static str) -> Head {
        let room = context.room.as_deref().cloned().unwrap_or_default();
        Head {
            place: place(context.texts(), &room),
            description: room.description,
            has_picture: room.has_picture,
            slug: calendar.slug.clone(),
            name: calendar.name.clone(),
            zone: calendar.zone.clone(),
            tab,
            is_administrator: context.is_administrator(),
        }
    }
}

/// Where a room is and what it offers, on one line.
pub fn place(t: &Texts, room: &Room) -> String {
    let mut parts: Vec<String> = room.building.iter().cloned().collect();
    parts.extend(room.floor.as_ref().map(|floor| t.room_on_floor(floor)));
    parts.extend(room.capacity.map(|seats| t.room_seats(seats)));
    parts.extend(room.features.iter().cloned());
    parts.join(" · ")
}

/// The notice on the pages of a calendar that its server failed.
pub struct Unreachable {
    /// The server's error.
    pub detail: String,
    /// When the calendar was last synchronised.
    pub known_until: Option<String>,
}

impl Unreachable {
    /// The notice for a server error.
    pub async fn new(
        context: &RequestContext,
        calendar: &Calendar,
        detail: &Message,
    ) -> Result<Unreachable, Refused> {
        let t = context.texts();
        tracing::warn!(calendar = calendar.slug, error = %detail, "caldav request failed");
        let zone = ical::Zone::iana(&calendar.zone).unwrap_or_else(ical::Zone::utc);
        let known = context.app.service.known_until(calendar).await?;
        Ok(Unreachable {
            detail: show::sentence(t.message(detail)),
            known_until: known.map(|at| stamp(t, &zone, at)),
        })
    }
}
