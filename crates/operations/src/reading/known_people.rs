//! People whom the rooms know, for the field in which somebody chooses an organizer.

use std::collections::HashMap;

use answers::Reader;
use answers::contents::{Contents, EventView};
use clearing::Address;
use ical::civil::DAY;
use ical::{Moment, Occurrence};
use store::calendars::Calendar;
use store::users;

use crate::room::snapshot::Snapshot;
use crate::room::work::work;
use crate::{Result, Service};

/// Events that took or take place up to this many seconds from now count.
const REACH: i64 = 90 * DAY;
/// Calendars that are looked at, in the order in which they are named.
const MAX_CALENDARS: usize = 10;
/// The most addresses of an answer.
pub const MAX_PEOPLE: usize = 100;

impl Service {
    /// The addresses of the organizers of some calendars, those of the most events first, up to `MAX_PEOPLE`; for
    /// administrators, those of the program's users too. Nobody is named by a private event, and nothing of a calendar
    /// that is not among these. Of calendars on servers, what was last seen counts.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn known_people(
        &self,
        calendars: &[Calendar],
        reader: &Reader,
    ) -> Result<Vec<String>> {
        let now = self.now();
        let mut events_of: HashMap<String, usize> = HashMap::new();
        for calendar in calendars.iter().take(MAX_CALENDARS) {
            let (from, to) = (now.plus(-REACH), now.plus(REACH));
            let snapshot = Snapshot::shown_between(&self.store, calendar, from, to).await?;
            let found =
                work(snapshot.effort(), snapshot, |snapshot| organizers(&snapshot.contents()));
            for address in found.await? {
                *events_of.entry(address).or_default() += 1;
            }
        }
        if reader.sees_everything() {
            let users = users::all(&self.store).await?.into_iter().filter(|it| it.is_active);
            for address in users.filter_map(|it| it.address) {
                events_of.entry(Address::new(&address).as_str().to_owned()).or_default();
            }
        }
        let mut people: Vec<(String, usize)> = events_of.into_iter().collect();
        people.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
        people.truncate(MAX_PEOPLE);
        Ok(people.into_iter().map(|(address, _)| address).collect())
    }
}

/// The organizer of each object of a room that is not private, in lower case.
fn organizers(room: &Contents<'_>) -> Vec<String> {
    let of = |object: usize| {
        let component = room.calendar.objects()[object].components().start as u32;
        // Who organizes it is the same at whatever time it is.
        let (start, end, original) = (Moment(0), Moment(0), Moment(0));
        let occurrence = Occurrence { start, end, original, component };
        let view = EventView { room, object, occurrence };
        let organizer = view.organizer().filter(|_| !view.privacy().is_private)?;
        Some(Address::new(&organizer).as_str().to_owned())
    };
    let all = (0..room.calendar.objects().len()).filter_map(of);
    all.filter(|it| people::names::check_address(it).is_ok()).collect()
}
