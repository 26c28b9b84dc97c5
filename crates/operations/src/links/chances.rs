//! Second chances: hours that became free again are offered to those who lost them (section 7 of the contract).
//!
//! A calendar that has changed is looked at as it is known here: which lost hours are free? Ten minutes later its server
//! is asked for those hours. What is still free then is offered by mail to the strongest that lost it, or restored at
//! once where the calendar is set so. Nothing is restored that somebody else would lose by.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use facts::Event;
use futures_util::{StreamExt as _, stream};
use ical::civil::DAY;
use ical::{Calendar as Objects, Moment};
use store::calendars::{self, Calendar};
use store::history::{self, Starter, Way};
use store::second_chances::{self, ChanceEnd, ChanceRow, Loss};
use store::{CalendarId, outbox};

use crate::mail::notify::Announcer;
use crate::room::Room;
use crate::room::free::window_of;
use crate::sync::work::Freshness;
use crate::{Error, Result, Service};

/// Seconds for which an hour has to be free before it is offered.
const FREE_FOR: i64 = 600;
/// Seconds before its start at which nothing is offered any more.
const OFFERED_UNTIL: i64 = 3_600;
/// Seconds for which an offer holds.
const OFFER_HOLDS: i64 = 24 * 3_600;
/// Seconds after which a calendar is tried again whose server could not be asked, or of which an offer has expired.
const PAUSE: i64 = 300;
/// Calendars that are worked on at once.
const AT_ONCE: usize = 8;

impl Service {
    /// Looks for hours that are free again, and offers or restores hours that have been free for ten minutes. Returns the
    /// number of the offered and the restored events.
    ///
    /// # Errors
    ///
    /// When the database fails. What a calendar's server does is no error.
    pub async fn give_second_chances(&self) -> Result<usize> {
        let now = self.settled_now().await?;
        for (id, revision) in
            second_chances::due_for_look(&self.store, now.0 + OFFERED_UNTIL).await?
        {
            let Some(calendar) = calendars::by_id(&self.store, id).await? else { continue };
            match self.look_for_chances(&calendar, revision, now).await {
                Err(error) if error.is_outage() => return Err(error),
                Err(error) => {
                    tracing::warn!(calendar = calendar.slug, %error, "no look for second chances");
                    let transaction = self.store.begin().await?;
                    let of = (calendar.id, revision);
                    second_chances::record_look(&transaction, of, (&[], &[]), now.0).await?;
                    transaction.commit().await?;
                }
                Ok(()) => {}
            }
        }
        let transaction = self.store.begin().await?;
        second_chances::end_expired(&transaction, now.0).await?;
        let confirmed = now.0 - FREE_FOR;
        let due = second_chances::claim_confirmed(&transaction, confirmed, (now.0, PAUSE)).await?;
        transaction.commit().await?;
        // A server that hangs holds up few others.
        let giving =
            due.into_iter().map(|id| async move { (id, self.give_chances_of(id, now).await) });
        let given: Vec<_> = stream::iter(giving).buffer_unordered(AT_ONCE).collect().await;
        let mut number = 0;
        for (id, given) in given {
            match given {
                Ok(given) => number += given,
                Err(error) => tracing::warn!(calendar = %id, %error, "no second chances now"),
            }
        }
        Ok(number)
    }

    /// Records which of the hours that were lost in a calendar are free, as it is known here.
    async fn look_for_chances(
        &self,
        calendar: &Calendar,
        revision: i64,
        now: Moment,
    ) -> Result<()> {
        let losses =
            second_chances::losses(&self.store, calendar.id, now.0 + OFFERED_UNTIL).await?;
        let taken = self.are_taken(calendar, &losses).await?;
        let (taken, free): (Vec<_>, Vec<_>) = losses.into_iter().zip(taken).partition(|it| it.1);
        let [taken, free] =
            [taken, free].map(|it| it.into_iter().map(|it| it.0).collect::<Vec<_>>());
        let transaction = self.store.begin().await?;
        let of = (calendar.id, revision);
        second_chances::record_look(&transaction, of, (&free, &taken), now.0).await?;
        Ok(transaction.commit().await?)
    }

    async fn are_taken(&self, calendar: &Calendar, losses: &[Loss]) -> Result<Vec<bool>> {
        let hours: Vec<(Moment, Moment)> =
            losses.iter().map(|it| (Moment(it.starts_at), Moment(it.ends_at))).collect();
        self.which_are_taken(calendar, hours).await
    }

    /// Offers or restores what is still free in a calendar.
    async fn give_chances_of(&self, id: CalendarId, now: Moment) -> Result<usize> {
        let Some(calendar) = calendars::by_id(&self.store, id).await? else { return Ok(0) };
        let all = second_chances::open(&self.store, id).await?;
        // One at a time: who was offered an hour has it until the offer ends.
        let (mut held, mut waiting): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|row| row.offered_at.is_some());
        let is_ripe = |row: &ChanceRow| {
            row.free_since <= now.0 - FREE_FOR && row.starts_at > now.0 + OFFERED_UNTIL
        };
        waiting.retain(|row| is_ripe(row) && !held.iter().any(|it| overlap(it, row)));
        let waiting = self.not_offered_lately(&calendar, waiting, now).await?;
        // The server is asked for nothing that nobody could be offered.
        let hours = waiting.iter().map(|it| (Moment(it.starts_at), Moment(it.ends_at))).collect();
        let free = self.are_free_now(&calendar, hours).await?;
        let mut waiting: Vec<ChanceRow> =
            waiting.into_iter().zip(free).filter(|it| it.1).map(|it| it.0).collect();
        waiting.sort_by_key(strength);
        let mut restored = 0;
        let mut offers: BTreeMap<(String, String), Vec<ChanceRow>> = BTreeMap::new();
        for row in waiting {
            if held.iter().any(|it| overlap(it, &row)) {
                continue;
            }
            let event = row.removal().event;
            if self.is_restored_at_once(&calendar, &row, now).await? {
                let asked = Starter::of(Way::Schedule);
                match self.restore_if_free(&calendar, asked, (row.removal_id, &row.href)).await {
                    Ok(_) => {
                        restored += 1;
                        held.push(row);
                    }
                    Err(error @ (Error::Conflict(_) | Error::NotFound(_))) => {
                        tracing::info!(calendar = calendar.slug, %error, "not restored at once");
                        self.end_chance(&row, ChanceEnd::Nobody, now).await?;
                    }
                    Err(Error::Taken(_)) => {}
                    Err(error) => return Err(error),
                }
                continue;
            }
            let Some(address) = self.offered_to(&calendar, &event) else {
                self.end_chance(&row, ChanceEnd::Nobody, now).await?;
                continue;
            };
            if let Some(why) = self.why_not_restorable(row.removal_id).await? {
                tracing::info!(calendar = calendar.slug, %why, "no second chance");
                self.end_chance(&row, ChanceEnd::Nobody, now).await?;
                continue;
            }
            held.push(row.clone());
            offers.entry((row.uid.clone(), address)).or_default().push(row);
        }
        let mut number = restored;
        for ((_, address), rows) in offers {
            if self.offer(&calendar, (&address, &rows), now).await? {
                number += rows.len();
            }
        }
        Ok(number)
    }

    /// Those of the hours that were not offered to the same person in the last week.
    async fn not_offered_lately(
        &self,
        calendar: &Calendar,
        rows: Vec<ChanceRow>,
        now: Moment,
    ) -> Result<Vec<ChanceRow>> {
        let mut left = Vec::new();
        for row in rows {
            let hours = (row.starts_at, row.ends_at);
            let was_offered = match self.offered_to(calendar, &row.removal().event) {
                Some(address) => {
                    let of = (calendar.id, address.as_str());
                    second_chances::was_offered(&self.store, of, hours, now.0).await?
                }
                None => false,
            };
            if !was_offered {
                left.push(row);
            }
        }
        Ok(left)
    }

    /// Whether a lost event comes back without being offered: the calendar is set so, it was removed within the last day,
    /// and it had no ORGANIZER, as what is booked over the API and on the site.
    async fn is_restored_at_once(
        &self,
        calendar: &Calendar,
        row: &ChanceRow,
        now: Moment,
    ) -> Result<bool> {
        if !calendar.restores_at_once || row.made_at <= now.0 - DAY {
            return Ok(false);
        }
        let Some(line) = history::removal(&self.store, row.removal_id).await? else {
            return Ok(false);
        };
        let change = history::change(&self.store, line.change_id).await?;
        let text = change.and_then(|it| it.before_text).unwrap_or_default();
        Ok(Objects::parse(&text).is_ok_and(|objects| {
            let mut events = objects.objects().iter().flat_map(|it| objects.events_of(it));
            !events.any(|it| it.has_organizer())
        }))
    }

    /// Which hours are free as of now: the server of the calendar is asked for them.
    async fn are_free_now(
        &self,
        calendar: &Calendar,
        hours: Vec<(Moment, Moment)>,
    ) -> Result<Vec<bool>> {
        let Some(window) = window_of(&hours) else { return Ok(Vec::new()) };
        let mut not_given = Vec::new();
        if let Room::OnServer(server) = self.open(calendar).await? {
            self.ensure_mirror_synced(&server, Freshness::Now).await?;
            not_given = self.fetch_interval(&server, window).await?;
        }
        // What the server does not show may take any hour.
        if !not_given.is_empty() {
            return Ok(vec![false; hours.len()]);
        }
        let taken = self.which_are_taken(calendar, hours).await?;
        Ok(taken.into_iter().map(|it| !it).collect())
    }

    /// Who is offered an hour: the organizer of the event that lost it, and nobody else, because the offer acts.
    fn offered_to(&self, calendar: &Calendar, event: &Event) -> Option<String> {
        let organizer = event.organizer.as_deref()?.trim().to_lowercase();
        (calendar.template.is_some() && self.may_mail(&organizer)).then_some(organizer)
    }

    async fn end_chance(&self, row: &ChanceRow, outcome: ChanceEnd, now: Moment) -> Result<()> {
        let transaction = self.store.begin().await?;
        second_chances::end(&transaction, row.id, outcome, now.0).await?;
        Ok(transaction.commit().await?)
    }

    /// Leaves an offer of hours that one event lost; returns whether it goes.
    async fn offer(
        &self,
        calendar: &Calendar,
        (address, rows): (&str, &[ChanceRow]),
        now: Moment,
    ) -> Result<bool> {
        let removals: Vec<_> = rows.iter().map(ChanceRow::removal).collect();
        let first = removals.iter().map(|it| it.event.start).min().unwrap_or(now);
        let until = now.plus(OFFER_HOLDS).min(first.plus(-OFFERED_UNTIL));
        let transaction = self.store.begin().await?;
        for row in rows {
            if !second_chances::set_offered(&transaction, row.id, (now.0, until.0)).await? {
                // Another process was quicker: this one may have been frozen.
                return Ok(false);
            }
        }
        let announcer = Announcer::new(self, &transaction, calendar, now);
        let removals: Vec<_> = removals.iter().collect();
        let message = announcer.offer(&removals, address, until).await?;
        let Some(message) = message else { return Ok(false) };
        if !outbox::is_waiting(&transaction, message).await? {
            // It does not go, as where somebody has had all messages of a day. The hour is not kept for nothing.
            return Ok(false);
        }
        for row in rows {
            second_chances::set_message(&transaction, row.id, message).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// The order in which those who lost an hour are asked: a prioritised event first, then the one that has held the hour
/// for longest.
fn strength(row: &ChanceRow) -> (Reverse<bool>, Moment, i64) {
    let removal = row.removal();
    let held = removal.because.map_or(Moment::MAX, |it| it.loser_since);
    (Reverse(removal.is_prioritized), held, row.id.0)
}

fn overlap(one: &ChanceRow, other: &ChanceRow) -> bool {
    one.starts_at < other.ends_at && other.starts_at < one.ends_at
}
