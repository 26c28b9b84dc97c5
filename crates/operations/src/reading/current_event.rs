//! Who has a room right now, for overviews.

use answers::Reader;
use answers::contents::ListedEvent;
use answers::occurrences::expand;
use facts::{Event, Ordered as _};
use store::CalendarId;
use store::calendars;

use crate::room::snapshot::Snapshot;
use crate::room::work::work;
use crate::{Result, Service};

impl Service {
    /// Who has a room right now: the event that takes it, by when it began, or nobody. Its server is not
    /// asked: it is as it was fetched last. The event is shown as the reader may see it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn current_event(&self, id: CalendarId, reader: &Reader) -> Result<Option<Event>> {
        let Some(calendar) = calendars::by_id(&self.store, id).await? else { return Ok(None) };
        let now = self.now();
        let window = ical::Window { start: now, end: now.plus(1) };
        let snapshot =
            Snapshot::shown_between(&self.store, &calendar, window.start, window.end).await?;
        let found = work(snapshot.effort(), snapshot, move |snapshot| {
            let room = snapshot.contents();
            let mut events = expand(&room, window);
            events.retain(|it| ListedEvent(*it).is_blocking());
            events.sort_by(|one, other| one.order().cmp(&other.order()));
            events.first().map(|it| Event::from(*it))
        })
        .await?;
        Ok(found.map(|event| reader.shown(event)))
    }
}
