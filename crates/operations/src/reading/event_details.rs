//! What a page that changes an event begins with: its times and texts, and whether it can be changed at all.

use answers::Reader;
use answers::occurrences::view_of;
use facts::Event;
use ical::{Moment, NewTimes, Zone, Zones};
use store::calendars::Calendar;

use crate::booking::change;
use crate::room::open::Room;
use crate::room::snapshot::{Snapshot, zone_of};
use crate::{Error, Message, Result, Service};

/// An occurrence, as somebody who changes it begins.
#[derive(Clone, Debug)]
pub struct EventDetails {
    /// The occurrence.
    pub event: Event,
    /// DESCRIPTION of the component that describes it, or an empty text.
    pub description: String,
    /// The version that these are the details of.
    pub etag: String,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// Its times as they are written.
    pub times: NewTimes,
    /// The times of the first date of its series, where that has a component of its own.
    series: Option<NewTimes>,
    zone: Zone,
}

impl EventDetails {
    /// Whether the first date of its series is over by then.
    pub fn has_begun(&self, now: Moment) -> bool {
        self.series.is_some_and(|it| it.moments(&self.zone).1 <= now)
    }

    /// Its times a week later, at the same hours of the room's clock.
    pub fn next_week(&self) -> NewTimes {
        match self.times {
            NewTimes::AllDay { first, end } => NewTimes::AllDay { first: first + 7, end: end + 7 },
            NewTimes::Timed { start, end } => {
                let later = |at| self.zone.moment(self.zone.civil(at).plus(7 * ical::civil::DAY));
                NewTimes::Timed { start: later(start), end: later(end) }
            }
        }
    }

    /// The times of its series, if those of this occurrence become others: the series moves by the same difference of
    /// local times, and each date gets the same length. `None` if the two are not of one kind, or the series cannot be
    /// changed as a whole.
    pub fn series_moved_to(&self, to: NewTimes) -> Option<NewTimes> {
        self.series?.moved_like(self.times, to, &self.zone)
    }
}

impl Service {
    /// The details of the occurrence with an original start, for somebody who changes it. Its server is not asked.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar holds no such occurrence, or the reader may not read it;
    /// [`Error::Conflict`] if its times cannot be read.
    pub async fn event_details(
        &self,
        calendar: &Calendar,
        uid: &str,
        original: Moment,
        reader: &Reader,
    ) -> Result<EventDetails> {
        let snapshot = Snapshot::of_uid(&self.store, calendar, uid).await?;
        let room = snapshot.contents();
        let missing = || Error::no_occurrence(uid);
        let [object] = room.calendar.objects() else { return Err(missing()) };
        let view = view_of(&room, original).ok_or_else(missing)?;
        let event = Event::from(view);
        if !reader.may_read(&event.privacy, event.organizer.as_deref()) {
            return Err(missing());
        }
        let is_recurring = ical::is_recurring(&room.calendar, object);
        let zone = zone_of(calendar);
        let mut zones = Zones::new(zone.clone());
        let mut times = |occurrence| {
            ical::times(&room.calendar, object, &mut zones, occurrence)
                .map_err(|error| change::said(uid, error))
        };
        let series = is_recurring.then(|| times(None).ok()).flatten();
        let times = times(is_recurring.then_some(original))?;
        let component = view.occurrence.component as usize;
        Ok(EventDetails {
            description: room.calendar.event(component).description(),
            etag: snapshot.version(0).etag.to_owned(),
            is_recurring,
            times,
            series,
            zone,
            event,
        })
    }

    /// Why an event cannot be changed: on a server that schedules, only its organizer can (RFC 6638 section
    /// 3.2.2.1). The server may be asked whether it does.
    ///
    /// # Errors
    ///
    /// When the database or the request to the server fails.
    pub async fn why_not_changeable(
        &self,
        calendar: &Calendar,
        uid: &str,
    ) -> Result<Option<Message>> {
        let Room::OnServer(server) = self.open(calendar).await? else { return Ok(None) };
        let snapshot = Snapshot::of_uid(&self.store, calendar, uid).await?;
        for place in 0..snapshot.places.len() {
            match self.check_may_change(&server, snapshot.version(place).text).await {
                Err(Error::Conflict(why)) => return Ok(Some(why)),
                other => other?,
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use ical::civil::{Civil, day_number};

    use super::*;

    fn details(series: NewTimes, times: NewTimes) -> EventDetails {
        EventDetails {
            event: Event::default(),
            description: String::new(),
            etag: String::new(),
            is_recurring: true,
            times,
            series: Some(series),
            zone: Zone::iana("Europe/Berlin").unwrap(),
        }
    }

    /// From one local time to another, each as month, day, hour and minute of 2026.
    fn timed(from: [i64; 4], to: [i64; 4]) -> NewTimes {
        let zone = Zone::iana("Europe/Berlin").unwrap();
        let moment = |[month, day, hour, minute]: [i64; 4]| {
            let midnight = Civil::midnight(day_number(2026, month as u32, day as u32));
            zone.moment(midnight.plus(hour * 3600 + minute * 60))
        };
        NewTimes::Timed { start: moment(from), end: moment(to) }
    }

    #[test]
    fn a_series_of_winter_moves_by_local_hours_when_a_date_in_summer_does() {
        let it = details(timed([1, 7, 10, 0], [1, 7, 11, 0]), timed([7, 1, 10, 0], [7, 1, 11, 0]));
        let moved = it.series_moved_to(timed([7, 2, 8, 30], [7, 2, 10, 0]));
        assert_eq!(moved, Some(timed([1, 8, 8, 30], [1, 8, 10, 0])));
    }

    #[test]
    fn a_date_over_the_change_of_the_clock_gives_the_series_its_local_length() {
        let it = details(timed([1, 3, 22, 0], [1, 4, 6, 0]), timed([3, 28, 22, 0], [3, 29, 6, 0]));
        let moved = it.series_moved_to(timed([3, 28, 23, 0], [3, 29, 6, 0]));
        assert_eq!(moved, Some(timed([1, 3, 23, 0], [1, 4, 6, 0])));
    }

    #[test]
    fn whole_days_move_by_days_and_do_not_become_hours() {
        let days = |first, end| NewTimes::AllDay { first, end };
        let it = details(days(100, 101), days(107, 108));
        assert_eq!(it.series_moved_to(days(106, 108)), Some(days(99, 101)));
        assert_eq!(it.series_moved_to(timed([1, 7, 10, 0], [1, 7, 11, 0])), None);
    }
}
