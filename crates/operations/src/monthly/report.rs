//! The report of a month for the calendars that somebody may see.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use answers::Reader;
use answers::usage::{Usage, Week, add_week, hours_of};
use clearing::Address;
use facts::{Event, Month};
use ical::Moment;
use ical::civil::DAY;
use store::calendars::{self, Calendar};
use store::kept_conflicts::{self, ConflictCounts};
use store::users::User;
use store::{CalendarId, monthly_reports};
use tokio::sync::Semaphore;

use crate::monthly::cache::Bookers;
use crate::monthly::count::UNSEEN_DAYS;
use crate::monthly::numbers::{self, MonthConflicts};
use crate::room::snapshot::zone_of;
use crate::{Error, Message, Result, Service, Stage};

/// Calendars that a report looks at.
const MAX_CALENDARS: usize = 2_000;
/// How long calendars are worked out for a page; the others are said to be missing, and the next page has them.
const TIME_OF_PAGE: Duration = Duration::from_secs(5);
/// Addresses that mail servers do not know, and series whose organizers are gone, that a report lists.
const MAX_LISTED: usize = 500;

/// Reports that are worked out at once in a process: that of the past month, and one for a page. Others wait, so that
/// requests and runs keep their share of the cores.
const AT_ONCE: usize = 2;

static COUNTING: Semaphore = Semaphore::const_new(AT_ONCE);

/// What a report says of a room.
#[derive(Clone, Debug)]
pub struct RoomMonth {
    /// The id of its calendar.
    pub id: CalendarId,
    /// The slug of its calendar.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How much it is used.
    pub usage: Usage,
    /// How many seconds each hour of the week has in the month.
    pub hours: Week,
    /// What became of its conflicts.
    pub conflicts: MonthConflicts,
}

/// A series without an end whose organizer has not been seen for [`UNSEEN_DAYS`].
#[derive(Clone, Debug)]
pub struct UnattendedSeries {
    /// The slug of its calendar.
    pub slug: String,
    /// The name of its room.
    pub room: String,
    /// Its next date, as the reader may see it.
    pub event: Event,
    /// When its organizer was last seen, if that is known.
    pub last_seen: Option<Moment>,
}

/// An address that its mail server does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAddress {
    /// The address.
    pub address: String,
    /// When its server last said so.
    pub refused_at: Moment,
    /// What it said.
    pub answer: String,
}

/// The report of a month.
#[derive(Clone, Debug)]
pub struct MonthlyReport {
    /// The month.
    pub month: Month,
    /// When it was made and kept; `None` where it is worked out of what is known now.
    pub made_at: Option<Moment>,
    /// The rooms, by name.
    pub rooms: Vec<RoomMonth>,
    /// How many rooms are missing, because there was no time to work them out.
    pub missing: usize,
    /// Series without an end whose organizer has not been seen, at present; `None` where not all calendars could be
    /// looked at.
    pub series: Option<Vec<UnattendedSeries>>,
    /// Addresses that mail servers do not know, at present; for administrators only.
    pub addresses: Option<Vec<UnknownAddress>>,
}

impl MonthlyReport {
    /// All rooms together: how much they are used, how many seconds each hour of the week has, and what became of
    /// conflicts.
    pub fn in_all(&self) -> (Usage, Week, MonthConflicts) {
        let (mut usage, mut hours) = (Usage::default(), Week::default());
        let mut conflicts = MonthConflicts::default();
        for room in &self.rooms {
            usage.add(&room.usage);
            add_week(&mut hours, &room.hours);
            conflicts.add(&room.conflicts);
        }
        (usage, hours, conflicts)
    }
}

impl Service {
    /// The report of a month for a user: of all calendars for an administrator, else of those that the user has.
    /// Calendars on servers are as they were last fetched.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn monthly_report(&self, user: &User, month: Month) -> Result<MonthlyReport> {
        let all = calendars::all(&self.store).await?;
        let own: Option<HashSet<CalendarId>> = match user.is_administrator {
            true => None,
            false => {
                let own = calendars::of_user(&self.store, user.id).await?;
                Some(own.into_iter().map(|it| it.id).collect())
            }
        };
        let reader = Reader::of_user(user.id, user.address.as_deref(), user.is_administrator);
        self.report_of(month, all, own.as_ref(), &reader, TIME_OF_PAGE).await
    }

    /// The report of a month on all calendars, for an administrator who waits until it is whole.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn monthly_report_of_all(&self, month: Month) -> Result<MonthlyReport> {
        let (all, reader) = (calendars::all(&self.store).await?, Reader::administrator());
        self.report_of(month, all, None, &reader, Duration::MAX).await
    }

    /// The report of a month on some of all calendars (`None`: on all), as a reader may see it; worked out for some
    /// time at most.
    pub(super) async fn report_of(
        &self,
        month: Month,
        mut all: Vec<Calendar>,
        own: Option<&HashSet<CalendarId>>,
        reader: &Reader,
        time: Duration,
    ) -> Result<MonthlyReport> {
        let _turn = COUNTING.acquire().await.map_err(|it| Error::Internal(it.to_string()))?;
        let begun = self.clock.instant();
        let is_time =
            || self.clock.elapsed(begun) < time && !self.stopping.has_come(Stage::Draining);
        all.sort_by_cached_key(|it| (it.name.to_lowercase(), it.slug.clone()));
        let is_own = |it: &Calendar| own.is_none_or(|own| own.contains(&it.id));
        let made_at = monthly_reports::made_at(&self.store, &month.to_string()).await?;
        let mut kept = match made_at {
            Some(_) => monthly_reports::of_month(&self.store, &month.to_string()).await?,
            None => HashMap::new(),
        };
        let mut counts = BTreeMap::new();
        let (mut rooms, mut missing) = (Vec::new(), all.iter().filter(|it| is_own(it)).count());
        for calendar in all.iter().filter(|it| is_own(it)).take(MAX_CALENDARS) {
            let of_row = kept.remove(&calendar.id).and_then(|it| numbers::of_json(&it.numbers));
            let (usage, conflicts) = match of_row {
                Some(numbers) => numbers,
                None if !is_time() => continue,
                None => {
                    let usage = self.usage_of(calendar, month).await?;
                    let counts = self.counts_of(calendar, month, &mut counts).await?;
                    (Usage::clone(&usage), MonthConflicts::of(&counts))
                }
            };
            missing -= 1;
            let zone = zone_of(calendar);
            let hours = hours_of(&zone, month.window(&zone));
            let (slug, name) = (calendar.slug.clone(), calendar.name.clone());
            rooms.push(RoomMonth { id: calendar.id, slug, name, usage, hours, conflicts });
        }
        let mut bookers: Vec<Arc<Bookers>> = Vec::with_capacity(all.len());
        for calendar in &all {
            if !is_time() {
                break;
            }
            bookers.push(self.bookers_of(calendar).await?);
        }
        let is_whole = bookers.len() == all.len();
        let series = is_whole.then(|| self.unattended(&all, &bookers, &is_own, reader));
        let addresses = match reader.sees_everything() {
            true => Some(self.unknown_addresses().await?),
            false => None,
        };
        let made_at = made_at.map(Moment);
        Ok(MonthlyReport { month, made_at, rooms, missing, series, addresses })
    }

    /// What became of the conflicts of a calendar; the database is asked once for all calendars of a zone.
    async fn counts_of(
        &self,
        calendar: &Calendar,
        month: Month,
        by_zone: &mut BTreeMap<String, HashMap<CalendarId, ConflictCounts>>,
    ) -> Result<ConflictCounts> {
        if !by_zone.contains_key(&calendar.zone) {
            let window = month.window(&zone_of(calendar));
            let found = kept_conflicts::counts(&self.store, (window.start.0, window.end.0)).await?;
            by_zone.insert(calendar.zone.clone(), found);
        }
        let of_zone = by_zone.get(&calendar.zone);
        Ok(of_zone.and_then(|it| it.get(&calendar.id)).cloned().unwrap_or_default())
    }

    /// The series of some calendars whose organizers have not been seen in any calendar.
    fn unattended(
        &self,
        all: &[Calendar],
        bookers: &[Arc<Bookers>],
        is_own: &impl Fn(&Calendar) -> bool,
        reader: &Reader,
    ) -> Vec<UnattendedSeries> {
        let since = self.now().plus(-UNSEEN_DAYS * DAY);
        let mut seen: HashMap<&str, Moment> = HashMap::new();
        for (address, at) in bookers.iter().flat_map(|it| &it.seen) {
            let last = seen.entry(address).or_insert(*at);
            *last = (*last).max(*at);
        }
        let mut series = Vec::new();
        for (calendar, bookers) in all.iter().zip(bookers).filter(|(it, _)| is_own(it)) {
            for event in &bookers.series {
                let Some(organizer) = &event.organizer else { continue };
                let last_seen = seen.get(Address::new(organizer).as_str()).copied();
                if last_seen.is_some_and(|at| at >= since) {
                    continue;
                }
                let (slug, room) = (calendar.slug.clone(), calendar.name.clone());
                let event = reader.shown(event.clone());
                series.push(UnattendedSeries { slug, room, event, last_seen });
            }
        }
        series.sort_by_key(|it| it.last_seen);
        series.truncate(MAX_LISTED);
        series
    }

    /// The addresses of organizers that their mail servers did not know lately.
    async fn unknown_addresses(&self) -> Result<Vec<UnknownAddress>> {
        let since = self.now().plus(-UNSEEN_DAYS * DAY);
        let mut found: BTreeMap<String, UnknownAddress> = BTreeMap::new();
        for it in monthly_reports::failed_messages(&self.store, since.0).await? {
            let answer = it.detail.as_deref().map(|it| Message::of_stored(it).to_string());
            let Some(answer) = answer.filter(|it| is_unknown_address(it)) else { continue };
            // The latest comes first.
            let address = Address::new(&it.address).as_str().to_owned();
            let refused_at = Moment(it.tried_at);
            let one = UnknownAddress { address: it.address, refused_at, answer };
            found.entry(address).or_insert(one);
        }
        Ok(found.into_values().take(MAX_LISTED).collect())
    }
}

/// Whether a mail server's answer says that there is no such address: by its enhanced status code (RFC 3463: 5.1.x is
/// about the address), else by its reply code. A refusal for another reason, such as a policy, says nothing of it.
fn is_unknown_address(answer: &str) -> bool {
    let mut words = answer.split_whitespace();
    let code = words.next().and_then(|it| it.split('-').next()).unwrap_or_default();
    let enhanced = words.next().filter(|it| {
        let parts: Vec<_> = it.split('.').collect();
        parts.len() == 3 && parts.iter().all(|it| it.parse::<u16>().is_ok())
    });
    match enhanced {
        Some(enhanced) => code.starts_with('5') && enhanced.starts_with("5.1."),
        None => matches!(code, "550" | "551" | "553"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_unknown_address;

    #[test]
    fn an_address_is_unknown_where_its_server_says_so_and_not_for_a_refusal_of_another_kind() {
        for answer in [
            "550 5.1.1 no such mailbox",
            "554 5.1.2 no such domain",
            "550 No such user here",
            "553 sorry, no mailbox here by that name",
        ] {
            assert!(is_unknown_address(answer), "{answer}");
        }
        for answer in [
            "550 5.7.1 rejected as spam",
            "552 5.2.2 mailbox full",
            "554 transaction failed",
            "450 4.1.1 try again later",
            "the server did not answer within 30 seconds",
            "",
        ] {
            assert!(!is_unknown_address(answer), "{answer}");
        }
    }
}
