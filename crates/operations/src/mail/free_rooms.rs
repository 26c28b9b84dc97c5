//! Rooms that are free for those who lose another one (section 7 of the contract).

use ical::Moment;
use store::calendars::{self, Calendar};
use store::rooms;

use crate::{Result, Service};

/// The most rooms that a message or a page names.
const MAX_NAMED: usize = 3;
/// Rooms that are looked at for that, the best first.
const MAX_LOOKED_AT: usize = 50;

impl Service {
    /// Up to three rooms that are free for all of some hours: those in the same building first, then the smallest that
    /// have a seat for everybody; of unknown size last. `only_open` leaves those that are open for moves. What was last
    /// seen of them counts.
    pub(crate) async fn rooms_instead(
        &self,
        calendar: &Calendar,
        (hours, people): (&[(Moment, Moment)], usize),
        only_open: bool,
    ) -> Result<Vec<Calendar>> {
        if hours.is_empty() {
            return Ok(Vec::new());
        }
        let mut all_rooms = rooms::all(&self.store).await?;
        let building = all_rooms.remove(&calendar.id).and_then(|it| it.building);
        let people = i64::try_from(people).unwrap_or(i64::MAX);
        let mut candidates: Vec<_> = calendars::all(&self.store)
            .await?
            .into_iter()
            .filter(|it| it.id != calendar.id && (it.takes_moves || !only_open))
            .filter_map(|it| {
                let room = all_rooms.remove(&it.id)?;
                let is_elsewhere = building.is_none() || room.building != building;
                let seats = room.capacity.unwrap_or(i64::MAX);
                (seats >= people).then(|| ((is_elsewhere, seats, it.name.clone(), it.id.0), it))
            })
            .collect();
        candidates.sort_by(|one, other| one.0.cmp(&other.0));
        let mut free = Vec::new();
        for (_, it) in candidates.into_iter().take(MAX_LOOKED_AT) {
            let taken = self.which_are_taken(&it, hours.to_vec()).await?;
            if !taken.contains(&true) {
                free.push(it);
            }
            if free.len() == MAX_NAMED {
                break;
            }
        }
        Ok(free)
    }
}

/// Whether a room takes what is moved out of another one. Times without a zone, and whole days, would be other hours in a
/// room of another time zone.
pub(crate) fn takes(room: &Calendar, from: &Calendar) -> bool {
    room.takes_moves && room.zone == from.zone
}
