//! What all pages of one calendar have at their head.

use store::calendars::Calendar;

use super::visit::Visit;

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
    pub fn new(visit: &Visit, calendar: &Calendar, tab: &'static str) -> Head {
        Head {
            slug: calendar.slug.clone(),
            name: calendar.name.clone(),
            zone: calendar.zone.clone(),
            tab,
            is_administrator: visit.is_administrator(),
        }
    }
}
