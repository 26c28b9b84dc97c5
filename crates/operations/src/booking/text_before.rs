//! The text of an object as it was before a change, for those who may read it.

use answers::Reader;
use answers::contents::Contents;
use clearing::Policy;
use ical::Calendar as Objects;
use store::{ChangeId, calendars, history, uid_metadata};

use crate::room::snapshot::zones_of;
use crate::{Result, Service};

impl Service {
    /// The object of a change as it was before, for a page: priority tokens in it are masked. `None` if
    /// a reader may not read all of it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn text_before(&self, id: ChangeId, reader: &Reader) -> Result<Option<Vec<u8>>> {
        let Some(change) = history::change(&self.store, id).await? else { return Ok(None) };
        let text = change.before_text.unwrap_or_default();
        let masked = clearing::mask_tokens_in_object(&text).into_owned();
        if reader.sees_everything() {
            return Ok(Some(masked));
        }
        let Some(calendar) = calendars::by_id(&self.store, change.calendar_id).await? else {
            return Ok(None);
        };
        let known = uid_metadata::of_uid(&self.store, calendar.id, &change.uid).await?;
        let may_read = match Objects::parse(&text) {
            Ok(objects) => {
                let zones = zones_of(&calendar);
                let policy: Policy = calendar.plain_policy();
                let room = Contents::new(calendar.slug.clone(), objects, zones, policy);
                let room = room.booked_by(known.authors, known.author_users);
                room.may_read_text(0, reader)
            }
            // What cannot be read may say anything.
            Err(_) => text.is_empty(),
        };
        Ok(may_read.then_some(masked))
    }
}
