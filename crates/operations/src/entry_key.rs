//! What names an entry of a clear's answer, so that a later call can do exactly that one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clearing::Reason;
use ical::{Moment, Window, Zone};
use store::calendars::Calendar;
use store::history::Kind;

use crate::facts::{Event, Removal};
use crate::list_events::{days_from, expand};
use crate::report::{Entry, Report};
use crate::room::Room;
use crate::snapshot::{Snapshot, work, zone_of};
use crate::{Caller, ClearRequest, Error, Mode, Reader, Result, Scope, Sentence, Service};

/// Entries that one call may name.
pub const MAX_ENTRIES: usize = 5_000;
/// Bytes of a key.
const MAX_KEY: usize = 2_000;
/// Bytes of a UID that a key carries; beyond them the entry is still told by its hash.
const MAX_UID: usize = 400;
/// How far around its original start an occurrence is looked for that was moved, in days.
const MOVED_BY: i64 = 366;

/// What names an entry: a hash of the decision and of the versions of the objects that it rests on, and
/// which occurrences it is about, so that an entry that is none any more can still be reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryKey {
    /// The calendar's name in paths.
    pub calendar: String,
    /// What tells the decision from every other.
    pub hash: String,
    /// Whether it is about a cancelled leftover.
    is_leftover: bool,
    event: Named,
    winner: Option<Named>,
}

/// An occurrence that a key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    uid: String,
    original: Moment,
    start: Moment,
    end: Moment,
}

/// A named occurrence as a key carries it.
type Carried = (String, i64, i64, i64);

impl Named {
    pub(crate) fn of(uid: &str, original: Moment, start: Moment, end: Moment) -> Named {
        let cut = (0..=MAX_UID.min(uid.len())).rev().find(|at| uid.is_char_boundary(*at));
        let uid = uid[..cut.unwrap_or(0)].to_owned();
        Named { uid, original, start, end }
    }

    fn of_event(event: &Event) -> Named {
        Named::of(&event.uid, event.original, event.start, event.end)
    }

    fn carried(&self) -> Carried {
        (self.uid.clone(), self.original.0, self.start.0, self.end.0)
    }

    fn read((uid, original, start, end): Carried) -> Named {
        Named { uid, original: Moment(original), start: Moment(start), end: Moment(end) }
    }
}

impl EntryKey {
    /// The key of an entry about an occurrence that goes or is left alone.
    pub(crate) fn of(slug: &str, removal: &Removal) -> EntryKey {
        EntryKey::new(
            slug,
            &removal.key,
            removal.kind == Kind::DeletedCancelled,
            Named::of_event(&removal.event),
            removal.winner().map(Named::of_event),
        )
    }

    pub(crate) fn new(
        slug: &str,
        hash: &str,
        is_leftover: bool,
        event: Named,
        winner: Option<Named>,
    ) -> EntryKey {
        EntryKey { calendar: slug.to_owned(), hash: hash.to_owned(), is_leftover, event, winner }
    }

    /// As answers carry it.
    pub fn text(&self) -> String {
        let carried = (
            &self.calendar,
            &self.hash,
            self.is_leftover,
            self.event.carried(),
            self.winner.as_ref().map(Named::carried),
        );
        // It is made of texts and numbers, which can always be written.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&carried).unwrap_or_default())
    }

    /// Reads what [`EntryKey::text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<EntryKey> {
        type All = (String, String, bool, Carried, Option<Carried>);
        let bytes = URL_SAFE_NO_PAD.decode(Some(text).filter(|it| it.len() <= MAX_KEY)?).ok()?;
        let (calendar, hash, is_leftover, event, winner): All =
            serde_json::from_slice(&bytes).ok()?;
        let (event, winner) = (Named::read(event), winner.map(Named::read));
        Some(EntryKey { calendar, hash, is_leftover, event, winner })
    }
}

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
    /// As [`Service::clear_bookings`]; [`Error::Invalid`] for an entry of a calendar that is not in the
    /// scope.
    pub async fn clear_entries(
        &self,
        caller: &Caller,
        request: ClearRequest,
        keys: &[EntryKey],
    ) -> Result<Report<Event>> {
        let slugs: Vec<String> = keys.iter().map(|key| key.calendar.clone()).collect();
        let scope = match request.scope {
            Scope::All => Scope::Named(slugs),
            Scope::Named(named) if slugs.iter().any(|slug| !named.contains(slug)) => {
                return Err(Error::invalid("only", Sentence::EntryOfOtherCalendar));
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
        let mut done = HashSet::new();
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
            self.add_changed(calendar, &keys, &caller.reader(), &mut report).await?;
        }
        report.sort();
        Ok(report)
    }

    /// Adds entries to a report that are no decision any more, as far as their events are still there.
    async fn add_changed(
        &self,
        calendar: &Calendar,
        keys: &[&EntryKey],
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
                because: None,
                calendar: Arc::clone(&slug),
                reason: Some(Reason::Changed),
                detail: Some(Sentence::EntryChanged.into()),
                key: (*key).clone(),
            });
        }
        Ok(())
    }

    /// An occurrence that a key names, as it is now; what the key says of it where it is gone.
    async fn named(&self, calendar: &Calendar, named: &Named) -> Result<Event> {
        let snapshot = Snapshot::of_uid(&self.store, calendar, &named.uid).await?;
        let (zone, named) = (zone_of(calendar), named.clone());
        work(snapshot.size(), snapshot, move |snapshot| {
            let found = find(&snapshot.room(), &named);
            found.unwrap_or_else(|| gone(&zone, &named))
        })
        .await
    }
}

fn find(room: &Room<'_>, named: &Named) -> Option<Event> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_whatever_the_uids_hold() {
        let named = |uid: &str| Named::of(uid, Moment(-3), Moment(5), Moment(7));
        for uid in ["", "a.b/c?d", "ünï\"\\\u{202E}"] {
            for winner in [None, Some(named(uid))] {
                let key = EntryKey::new("room-1", "0a1b", winner.is_none(), named(uid), winner);
                assert_eq!(EntryKey::parse(&key.text()), Some(key));
            }
        }
        let long = EntryKey::new("r", "0a", false, named(&"ü".repeat(1_000)), None);
        assert_eq!(long.event.uid, "ü".repeat(MAX_UID / 2));
        for text in ["", "x", "e30", "bm9uc2Vuc2U", "AAAA====", &"A".repeat(MAX_KEY + 4)] {
            assert_eq!(EntryKey::parse(text), None, "{text}");
        }
    }
}
