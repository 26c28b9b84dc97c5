//! What is recorded of a series of which a second object has the rest, while both stand.

use answers::occurrences::expand;
use facts::{Event, Removal, RemovalKind};
use ical::{Moment, Window};
use store::calendars::{self, Calendar};
use store::divided_series::{self, DividedSeries};
use store::pending::{self, PendingRow};
use store::{RemovalId, Transaction, history, objects, uid_metadata};

use crate::Result;
use crate::changes::intent::RestOf;
use crate::room::snapshot::Snapshot;

/// Records that the rest of a series was written, which is yet to end before it. What belongs to the series by its UID
/// belongs to the rest too.
pub(crate) async fn record_rest(
    transaction: &Transaction,
    calendar: &Calendar,
    (rest_of, next, href): (&RestOf, &str, &str),
    now: Moment,
) -> Result<()> {
    let uids = (rest_of.uid.as_str(), next);
    uid_metadata::carry_author_on(transaction, calendar.id, uids).await?;
    calendars::carry_on(transaction, calendar.id, uids).await?;
    carry_warnings_on(transaction, calendar, (rest_of, next, href)).await?;
    let row = DividedSeries {
        calendar_id: calendar.id,
        uid: rest_of.uid.clone(),
        next_uid: next.to_owned(),
        original: rest_of.original,
        is_restored: false,
    };
    Ok(divided_series::insert(transaction, &row, now.0).await?)
}

/// Warnings about dates that the rest has as the series had them go on: another UID gives no new hours of grace.
async fn carry_warnings_on(
    transaction: &Transaction,
    calendar: &Calendar,
    (rest_of, next, href): (&RestOf, &str, &str),
) -> Result<()> {
    let rows = pending::open(transaction, calendar.id).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let rest = Snapshot::of_uid(transaction, calendar, next).await?;
    for (row, is_loser, removal) in carried(rows, &rest, (rest_of, next)) {
        let href = if is_loser { href } else { &row.href };
        pending::carry_on(transaction, row.id, href, &removal).await?;
    }
    Ok(())
}

/// The warnings that go on, whether the rest is what is to lose something, and what is to be removed then.
fn carried(
    rows: Vec<PendingRow>,
    rest: &Snapshot,
    (rest_of, next): (&RestOf, &str),
) -> Vec<(PendingRow, bool, Removal)> {
    let room = rest.contents();
    let carry_on = |event: &mut Event| {
        if event.uid != rest_of.uid || event.original.0 < rest_of.original {
            return false;
        }
        let window = Window { start: event.start, end: event.end.max(event.start.plus(1)) };
        let is_same = expand(&room, window).iter().any(|it| {
            let it = &it.occurrence;
            (it.original, it.start, it.end) == (event.original, event.start, event.end)
        });
        if is_same {
            event.uid = next.to_owned();
        }
        is_same
    };
    let mut carried = Vec::new();
    for row in rows {
        let mut removal = row.removal();
        let is_loser = carry_on(&mut removal.event);
        let winners = removal.conflicts.iter_mut().map(|it| carry_on(&mut it.event));
        let is_winner = winners.fold(false, |one, other| one | other);
        if is_loser || is_winner {
            carried.push((row, is_loser, removal));
        }
    }
    carried
}

/// Records that a series was restored as it was before it was divided, if that is what a line of the history was about:
/// the rest is yet to be deleted.
pub(crate) async fn record_restored_whole(
    transaction: &Transaction,
    calendar: &Calendar,
    line: RemovalId,
    now: Moment,
) -> Result<()> {
    let Some(removal) = history::removal(transaction, line).await? else { return Ok(()) };
    let Some(change) = history::change(transaction, removal.change_id).await? else {
        return Ok(());
    };
    let Some(next_uid) = change.next_uid.filter(|_| *removal.kind == RemovalKind::Changed) else {
        return Ok(());
    };
    if objects::by_uid(transaction, calendar.id, &next_uid).await?.is_empty() {
        return Ok(());
    }
    let (calendar_id, uid, original) = (calendar.id, change.uid, removal.original);
    let row = DividedSeries { calendar_id, uid, next_uid, original, is_restored: true };
    Ok(divided_series::insert(transaction, &row, now.0).await?)
}
