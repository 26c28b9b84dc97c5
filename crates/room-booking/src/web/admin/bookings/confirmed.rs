//! What a confirmation is about: the event that was just booked or changed.

use facts::Event;
use ical::Zone;
use store::calendars::Calendar;

use crate::web::admin::frame::format::{name, period};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::rooms::priorities::event_query;

/// The event that a confirmation is about, by the `uid` of the query: what and when it is, and its page.
pub fn confirmed<'e>(
    context: &RequestContext,
    calendar: &Calendar,
    zone: &Zone,
    mut events: impl Iterator<Item = &'e Event>,
) -> Option<(String, String)> {
    let (t, uid) = (context.texts(), context.query.value("uid")?);
    let it = events.find(|it| it.uid == uid)?;
    let query = event_query(uid, &it.start.0.to_string());
    let text = format!("{}, {}, {}", name(t, it), calendar.name, period(t, zone, it));
    Some((text, format!("/admin/calendars/{}/event?{query}", calendar.slug)))
}
