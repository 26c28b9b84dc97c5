//! The two objects of a divided series: what is certain of them before one of them ends or is deleted.

use answers::occurrences::{FIRST_YEARS, expand};
use ical::{Calendar as Objects, Moment, Occurrence, Window};
use store::calendars::Calendar;
use store::divided_series::{self, DividedSeries};
use store::history::{Cause, Starter, Way};
use store::{Access, history, objects};

use crate::booking::delete::deletions;
use crate::booking::restore_date::changed_since;
use crate::changes::apply::{Act, Decided, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::room::snapshot::{Snapshot, zones_of};
use crate::{Error, MessageId, Result};

/// Seconds of a year.
const YEAR: i64 = 366 * ical::civil::DAY;

/// That the last step of an earlier division is still to come.
pub(crate) fn unfinished() -> Error {
    Error::Conflict(MessageId::DivisionUnfinished.into())
}

/// Makes sure that a series is not being divided, or restored as a whole, at present: neither it nor the rest of
/// another.
///
/// # Errors
///
/// [`Error::Conflict`] if it is, or if it is not known yet.
pub(crate) async fn check_not_divided(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
) -> Result<()> {
    let rows = divided_series::of_calendar(access, calendar.id).await?;
    if rows.iter().any(|it| it.uid == uid || it.next_uid == uid) {
        return Err(unfinished());
    }
    for it in history::changes_in_doubt(access, calendar.id).await? {
        if let Intent::Book { rest_of: Some(of), .. } = Intent::from_json(&it.intent)?
            && of.uid == uid
        {
            return Err(unfinished());
        }
    }
    Ok(())
}

/// Makes sure that a series is not yet to end before its rest.
///
/// # Errors
///
/// [`Error::Conflict`] if it is.
pub(crate) async fn check_not_ending(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
) -> Result<()> {
    let rows = divided_series::of_calendar(access, calendar.id).await?;
    if rows.iter().any(|it| it.uid == uid) { Err(unfinished()) } else { Ok(()) }
}

/// Makes sure that the rest has dates if those that the series loses from `from` on are not only far ahead.
///
/// # Errors
///
/// [`Error::NotFound`] if the rest is gone; [`Error::Conflict`] if it has no date left: the hours would be lost.
pub(crate) async fn check_rest(
    access: &impl Access,
    calendar: &Calendar,
    (series, next): (&Snapshot, &str),
    from: Moment,
    now: Moment,
) -> Result<()> {
    let rest = Snapshot::of_uid(access, calendar, next).await?;
    if rest.places.is_empty() {
        return Err(Error::no_event(&calendar.slug, next));
    }
    let horizon = now.plus(i64::from(calendar.horizon_days) * ical::civil::DAY);
    let window = Window { start: now, end: horizon };
    let is_rest = |it: &Moment| *it >= from;
    let is_lost = dates(series, window).iter().any(is_rest) && dates(&rest, window).is_empty();
    if is_lost { Err(unfinished()) } else { Ok(()) }
}

/// Some years from a date on; what was moved to before it is near it.
fn around(from: Moment) -> Window {
    Window { start: from.plus(-YEAR), end: from.plus(FIRST_YEARS) }
}

/// The original starts of what takes place in a window.
fn dates(snapshot: &Snapshot, window: Window) -> Vec<Moment> {
    let room = snapshot.contents();
    let is_on = |it: &Occurrence| !room.calendar.event(it.component as usize).is_cancelled();
    let found = expand(&room, window).into_iter().map(|it| it.occurrence);
    found.filter(is_on).map(|it| it.original).collect()
}

/// The changes that delete the rest of a series that is restored as a whole: it has to be as the division has left it.
/// `series` is the series as it is to be.
///
/// # Errors
///
/// [`Error::Conflict`] if somebody has changed the rest since, or divided it again.
pub(crate) async fn rest_deletions(
    access: &impl Access,
    calendar: &Calendar,
    (series, next): (&[u8], &str),
) -> Result<Vec<Change>> {
    if let Some(line) = history::standing_change_of(access, calendar.id, next).await? {
        return Err(Error::Conflict(MessageId::removed_later(line)));
    }
    let rest = Snapshot::of_uid(access, calendar, next).await?;
    let named_by_series = next_of(series);
    for resource in 0..rest.places.len() {
        let named = next_of(rest.text_of(resource));
        if named.is_some() && named != named_by_series {
            return Err(changed_since());
        }
    }
    Ok(deletions(&rest, next))
}

/// The UID of the object that has the rest of a series, as its text names it.
fn next_of(text: &[u8]) -> Option<String> {
    let parsed = Objects::parse(text).ok()?;
    ical::next_part(&parsed, parsed.objects().first()?)
}

/// Whether nothing is left to do about two objects, whatever the last try came to: one of them is gone, or the series
/// has no date any more that the rest was to have.
pub(crate) async fn is_settled(
    access: &impl Access,
    calendar: &Calendar,
    row: &DividedSeries,
) -> Result<bool> {
    let series = Snapshot::of_uid(access, calendar, &row.uid).await?;
    let is_rest_gone = objects::by_uid(access, calendar.id, &row.next_uid).await?.is_empty();
    if is_rest_gone || series.places.is_empty() {
        return Ok(true);
    }
    let Ok(parsed) = Objects::parse(series.text_of(0)) else { return Ok(false) };
    let [object] = parsed.objects() else { return Ok(false) };
    let mut found = Vec::new();
    let from = Moment(row.original);
    let window = around(from);
    let budget = &mut ical::Budget::new();
    let zones = &mut zones_of(calendar);
    let is_read = ical::expand(&parsed, object, zones, window, budget, &mut found).is_ok();
    Ok(!row.is_restored && is_read && found.iter().all(|it| it.original < from))
}

/// Deletes the rest of a series that was restored as a whole.
pub(crate) struct DeleteRest {
    pub row: DividedSeries,
}

impl Act for DeleteRest {
    type Seen = ();
    type Answer = ();

    fn by(&self) -> By {
        By::request(Cause::Request, Starter::of(Way::Schedule))
    }

    fn reads(&self) -> Reads {
        Reads::Calendar
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, now, .. } = reading;
        let DividedSeries { uid, next_uid, original, .. } = &self.row;
        let series = Snapshot::of_uid(access, calendar, uid).await?;
        if series.places.is_empty() {
            return Err(Error::no_event(&calendar.slug, uid));
        }
        // The other way round: what the rest has, the series has to have.
        let rest = Snapshot::of_uid(access, calendar, next_uid).await?;
        check_rest(access, calendar, (&rest, uid), Moment::MIN, now).await?;
        let from = Moment(*original);
        if dates(&series, around(from)).into_iter().all(|it| it < from) {
            return Err(unfinished());
        }
        let changes = rest_deletions(access, calendar, (series.text_of(0), next_uid)).await?;
        if changes.is_empty() {
            return Err(Error::no_event(&calendar.slug, next_uid));
        }
        Ok(Decided { changes, needs: None, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<()> {
        Ok(())
    }
}
