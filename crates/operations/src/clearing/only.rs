//! Clearing single entries of an earlier answer, and nothing else.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use answers::Reader;
use answers::contents::Contents;
use answers::entry_key::{EntryKey, Named};
use answers::occurrences::{days_from, expand};
use answers::report::{Entry, Report};
use clearing::Reason;
use facts::{Event, ShownBecause};
use ical::{Moment, Window, Zone};
use store::calendars::Calendar;

use crate::room::snapshot::{Snapshot, zone_of};
use crate::room::work::work;
use crate::{Caller, ClearRequest, Error, MessageId, Mode, Result, Scope, Service};

/// Entries that one call may name.
pub const MAX_ENTRIES: usize = 5_000;
/// How far around its original start an occurrence is looked for that was moved, in days.
const MOVED_BY: i64 = 366;

impl Service {
    /// Clears, but for decisions other than those of these hashes. Each calendar is planned anew: a
    /// decision that is not in the new plan just as it was is not carried out.
    ///
    /// # Errors
    ///
    /// As [`Service::clear_bookings`].
    pub(crate) async fn clear_only(
        &self,
        caller: Option<&Caller>,
        request: ClearRequest,
        hashes: HashSet<String>,
    ) -> Result<Report<Event>> {
        let mut service = self.clone();
        service.only = Some(Arc::new(hashes));
        service.clear_bookings(caller, request).await
    }

    /// Does exactly those entries of an earlier answer of which nothing has changed since; the others
    /// stand in the report as `changed`, and nothing else does. A scope of all calendars is that of the
    /// entries.
    ///
    /// # Errors
    ///
    /// As [`Service::clear_bookings`], also without entries; [`Error::Invalid`] for an entry of a calendar that
    /// is not in the scope.
    pub async fn clear_entries(
        &self,
        caller: &Caller,
        request: ClearRequest,
        keys: &[EntryKey],
    ) -> Result<Report<Event>> {
        request.check(Some(caller))?;
        let slugs: Vec<String> = keys.iter().map(|key| key.calendar.clone()).collect();
        let scope = match request.scope {
            Scope::All => Scope::Named(slugs),
            Scope::Named(named) if slugs.iter().any(|slug| !named.contains(slug)) => {
                return Err(Error::invalid("only", MessageId::EntryOfOtherCalendar));
            }
            named => named,
        };
        let is_test = request.mode == Mode::Test;
        let request = ClearRequest { scope, ..request };
        if keys.is_empty() {
            let mut nothing = Report::new(is_test);
            nothing.calendars = self.calendars_in(Some(caller), &request.scope).await?.len();
            return Ok(nothing);
        }
        let hashes: HashSet<String> = keys.iter().map(|key| key.hash.clone()).collect();
        let mut report = self.clear_only(Some(caller), request, hashes.clone()).await?;
        let (mut done, mut pairs) = (HashSet::new(), HashMap::new());
        let others = std::mem::take(&mut report.not_chosen);
        for entry in report.lists().into_iter().flatten().chain(&others) {
            pairs.extend(Pair::of(&entry.key).zip(entry.because.clone()));
        }
        for list in report.lists_mut() {
            list.retain(|entry| hashes.contains(&entry.key.hash));
            done.extend(list.iter().map(|entry| entry.key.hash.clone()));
        }
        let failed: HashSet<&str> =
            report.failed_calendars.iter().map(|it| &*it.calendar).collect();
        let left = keys.iter().filter(|it| !failed.contains(it.calendar.as_str()));
        let left: Vec<_> = left.filter(|it| done.insert(it.hash.clone())).cloned().collect();
        let mut changed: HashMap<&str, Vec<&EntryKey>> = HashMap::new();
        for key in &left {
            changed.entry(&key.calendar).or_default().push(key);
        }
        for (slug, keys) in changed {
            let calendar = caller.calendar(slug)?;
            self.add_changed(calendar, &keys, &pairs, &caller.reader(), &mut report).await?;
        }
        report.sort();
        Ok(report)
    }

    /// Adds entries to a report that are no decision any more, as far as their events are still there.
    async fn add_changed(
        &self,
        calendar: &Calendar,
        keys: &[&EntryKey],
        pairs: &HashMap<Pair, ShownBecause>,
        reader: &Reader,
        report: &mut Report<Event>,
    ) -> Result<()> {
        let slug: Arc<str> = calendar.slug.as_str().into();
        for key in keys {
            let event = self.named(calendar, &key.event).await?;
            let overlaps_with = match &key.winner {
                Some(winner) => Some(reader.shown(self.named(calendar, winner).await?)),
                None => None,
            };
            let list = match key.is_leftover {
                true => &mut report.ignored_cancelled_events,
                false => &mut report.ignored_overlapping_events,
            };
            list.push(Entry {
                event: reader.shown(event),
                overlaps_with,
                // Why it is the stronger one today, where the two still meet.
                because: Pair::of(key).and_then(|pair| pairs.get(&pair).cloned()),
                calendar: Arc::clone(&slug),
                reason: Some(Reason::Changed),
                detail: Some(MessageId::EntryChanged.into()),
                key: (*key).clone(),
            });
        }
        Ok(())
    }

    /// An occurrence that a key names, as it is now; what the key says of it where it is gone.
    async fn named(&self, calendar: &Calendar, named: &Named) -> Result<Event> {
        let snapshot = Snapshot::of_uid(&self.store, calendar, &named.uid).await?;
        let (zone, named) = (zone_of(calendar), named.clone());
        work(snapshot.effort(), snapshot, move |snapshot| {
            let found = find(&snapshot.contents(), &named);
            found.unwrap_or_else(|| gone(&zone, &named))
        })
        .await
    }
}

/// Two occurrences of a calendar that overlap, by their ids: they may have moved since.
#[derive(PartialEq, Eq, Hash)]
struct Pair {
    calendar: String,
    loser: (String, Moment),
    winner: (String, Moment),
}

impl Pair {
    /// That of an entry; `None` if it is about a leftover.
    fn of(key: &EntryKey) -> Option<Pair> {
        let id = |named: &Named| (named.uid.clone(), named.original);
        let winner = key.winner.as_ref()?;
        Some(Pair { calendar: key.calendar.clone(), loser: id(&key.event), winner: id(winner) })
    }
}

fn find(room: &Contents<'_>, named: &Named) -> Option<Event> {
    let around = days_from(named.original.plus(-MOVED_BY * ical::civil::DAY), 2 * MOVED_BY);
    let window =
        Window { start: around.start.min(named.start), end: around.end.max(named.end.plus(1)) };
    let found = expand(room, window);
    let mut found = found.into_iter().filter(|it| it.occurrence.original == named.original);
    found.next().map(Event::from)
}

fn gone(zone: &Zone, named: &Named) -> Event {
    let Named { uid, original, start, end } = named.clone();
    Event { uid, start, end, original, zone: zone.clone(), ..Event::default() }
}
