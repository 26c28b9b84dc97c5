//! Bookings of a room by words.

use std::collections::HashSet;

use answers::Reader;
use answers::contents::EventView;
use answers::occurrences::expand_those;
use facts::{Event, Ordered as _};
use ical::Window;
use ical::civil::DAY;
use store::calendars::Calendar;

use crate::room::snapshot::Snapshot;
use crate::room::work::work;
use crate::{Result, Service};

/// The most bookings of one answer; the rest is counted.
const MAX_FOUND: usize = 50;
/// The most words that are looked for.
const MAX_WORDS: usize = 10;
/// How far back is looked, in days.
const BACK: i64 = 31;

impl Service {
    /// The occurrences of a calendar whose name or organizer has all these words in it, in whatever case, by start, and
    /// how many more there are; of what is known of the calendar without asking its server, from 31 days ago to the
    /// horizon. What the reader may not see is not found.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn find_bookings(
        &self,
        calendar: &Calendar,
        text: &str,
        reader: &Reader,
    ) -> Result<(Vec<Event>, usize)> {
        let words = text.split_whitespace().take(MAX_WORDS);
        let words: Vec<String> = words.map(str::to_lowercase).collect();
        if words.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let now = self.now();
        let start = now.plus(-BACK * DAY);
        let end = now.plus(i64::from(calendar.horizon_days) * DAY);
        let window = Window { start, end };
        let snapshot = Snapshot::shown_between(&self.store, calendar, start, end).await?;
        let reader = reader.clone();
        let found = work(snapshot.effort(), snapshot, move |snapshot| {
            let room = snapshot.contents();
            // What says nothing of it, or not to the reader, need not be expanded; what does is asked once, however often
            // it repeats.
            let says = |view: &EventView<'_, '_>| {
                let organizer = view.organizer();
                has_words(&words, &view.name(), organizer.as_deref())
                    && reader.may_read(&view.privacy(), organizer.as_deref())
            };
            let components = |object| room.components(object).filter(says);
            let saying: HashSet<u32> = (0..room.calendar.objects().len())
                .flat_map(|object| components(object).map(|it| it.occurrence.component))
                .collect();
            let is_wanted = |object: usize| {
                let mut components = room.calendar.objects()[object].components();
                components.any(|it| saying.contains(&(it as u32)))
            };
            let mut views = expand_those(&room, window, is_wanted);
            views.retain(|view| saying.contains(&view.occurrence.component));
            views.sort_by(|one, other| one.order().cmp(&other.order()));
            let more = views.len().saturating_sub(MAX_FOUND);
            views.truncate(MAX_FOUND);
            (views.into_iter().map(Event::from).collect(), more)
        });
        found.await
    }
}

fn has_words(words: &[String], name: &str, organizer: Option<&str>) -> bool {
    let text = format!("{name} {}", organizer.unwrap_or_default()).to_lowercase();
    words.iter().all(|it| text.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_in_the_name_or_the_organizer_in_whatever_case() {
        let has = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            has_words(&words, "Überblick, Teil 2", Some("ann@example.org"))
        };
        assert!(has("ÜBERBLICK") && has("teil ann@") && has("blick"));
        assert!(!has("teil bob") && !has("Teil 3"));
    }
}
