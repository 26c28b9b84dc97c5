//! The names of events that something refers to by their UIDs, for pages of administrators.

use std::collections::{HashMap, HashSet};

use ical::Calendar as Objects;
use store::calendars::{PriorityEntry, PriorityKind};
use store::objects;

use crate::{Result, Service};

/// The most UIDs of which one call looks up the names.
const MAX_NAMES: usize = 200;

impl Service {
    /// The names of the events that priorities and protections are about, by UID. What is in no calendar any more, or
    /// has no name, is left out.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn names_of_priorities(
        &self,
        entries: &[PriorityEntry],
    ) -> Result<HashMap<String, String>> {
        let is_by_uid = |it: &&PriorityEntry| it.kind().is_none_or(|it| it == PriorityKind::Uid);
        self.event_names(entries.iter().filter(is_by_uid).map(|it| it.value.as_str())).await
    }

    /// The names of events by UID, wherever they are; as the mirror has them, no server is asked.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn event_names(
        &self,
        uids: impl IntoIterator<Item = &str>,
    ) -> Result<HashMap<String, String>> {
        let uids: HashSet<&str> = uids.into_iter().collect();
        let mut names = HashMap::new();
        for uid in uids.into_iter().take(MAX_NAMES) {
            let Some(text) = objects::text_anywhere(&self.store, uid).await? else { continue };
            let Ok(parsed) = Objects::parse(&text) else { continue };
            let event = parsed.objects().first().and_then(|it| parsed.events_of(it).next());
            let name = event.map(|it| it.summary().into_owned()).unwrap_or_default();
            if !name.trim().is_empty() {
                names.insert(uid.to_owned(), clearing::mask_tokens(&name).into_owned());
            }
        }
        Ok(names)
    }
}
