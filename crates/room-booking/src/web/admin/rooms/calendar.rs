//! The head of all pages of one calendar.

use operations::Message;
use store::calendars::Calendar;

use crate::show;
use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::request_context::RequestContext;

/// The head of a calendar's pages.
pub struct Head {
    /// Its name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// Which of its pages it is.
    pub tab: &'static str,
    /// Whether the reader may change its settings.
    pub is_administrator: bool,
}

impl Head {
    /// The head of a page of a calendar.
    pub fn new(context: &RequestContext, calendar: &Calendar, tab: &'static str) -> Head {
        Head {
            slug: calendar.slug.clone(),
            name: calendar.name.clone(),
            zone: calendar.zone.clone(),
            tab,
            is_administrator: context.is_administrator(),
        }
    }
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
