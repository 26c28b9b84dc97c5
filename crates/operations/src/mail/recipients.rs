//! Who receives which message, and the rules by which nobody is flooded (section 4 of the contract).

use std::collections::BTreeMap;

use answers::Reader;
use clearing::{Address, Reason};
use facts::{Event, KeptConflict, Loss, Removal, RemovalKind};
use ical::Moment;
use ical::civil::DAY;
use store::calendars::Calendar;
use store::outbox::{self, Announcement};
use store::{Access, users};

use crate::{MessageId, Result, Service};

/// Seconds between two announcements of a series …
const SERIES_PAUSE: i64 = 30 * DAY;

/// … unless a removed occurrence begins within this number of seconds.
const SERIES_URGENT: i64 = 14 * DAY;

/// Seconds for which the same loss to the same winner is not announced again.
const SAME_LOSS_PAUSE: i64 = 7 * DAY;

/// Who reads what is sent to an address: an administrator, or somebody who sees no more than other
/// people's times and public names.
pub(crate) async fn reader_of_address(access: &impl Access, address: &str) -> Result<Reader> {
    let administrators = users::administrators_addresses(access).await?;
    let is_one = administrators.iter().any(|it| Address::new(it) == Address::new(address));
    Ok(if is_one { Reader::administrator() } else { Reader::of_address(address) })
}

/// Whether a change takes nothing but occurrences out of a series.
pub(crate) fn is_series(loss: &Loss, removals: &[&Removal]) -> bool {
    loss.is_recurring && removals.iter().all(|it| it.kind == RemovalKind::CancelledOverlapping)
}

/// From when on an address may be told of occurrences of a series, in seconds since 1970; until then
/// the message about them is gathered.
pub(crate) async fn series_told_at(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
    address: &str,
    removals: &[&Removal],
) -> Result<i64> {
    let last = outbox::series_announced_at(access, calendar.id, uid, address).await?;
    let first_start = removals.iter().map(|it| it.event.start.0).min();
    let urgent_at = first_start.map_or(i64::MAX, |start| start - SERIES_URGENT);
    let free_at = last.map_or(i64::MIN, |last| last + SERIES_PAUSE);
    Ok(free_at.min(urgent_at))
}

/// Whether the organizers of a kept conflict are notified. Those who have to agree with each other are,
/// whatever is announced (rule 7).
pub(crate) fn is_kept_announced(calendar: &Calendar, it: &KeptConflict) -> bool {
    // The limit's conflicts are the administrators' affair until they have decided, warnings and reports have messages
    // of their own, and a cancelled leftover is no conflict.
    it.removal.kind != RemovalKind::DeletedCancelled
        && !matches!(it.reason, Reason::Limit | Reason::Pending | Reason::Report)
        && calendar.template.is_some()
        // The last step of a division is not theirs.
        && it.detail != Some(MessageId::DivisionUnfinished.into())
        && (calendar.announces.ignored || it.reason == Reason::Prioritised)
}

/// The recipients of messages about a change.
pub(crate) struct Recipients {
    /// Removal by removal, why nobody is notified.
    pub not_notified_reason: Vec<Option<MessageId>>,
    /// The removals that each address is notified of.
    pub by_address: BTreeMap<String, Vec<usize>>,
}

/// Who is to be told of what goes by a change.
pub(crate) async fn recipients(
    service: &Service,
    access: &impl Access,
    calendar: &Calendar,
    loss: &Loss,
    now: Moment,
) -> Result<Recipients> {
    let mut not_notified_reason = Vec::with_capacity(loss.removals.len());
    let mut by_address: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, removal) in loss.removals.iter().enumerate() {
        let address = service.address_of(calendar, &removal.event);
        let to = address.as_deref().unwrap_or_default();
        let why_not = why_not_notified(access, calendar, (&loss.uid, to), removal, now).await?;
        not_notified_reason.push(match (why_not, address) {
            (Some(reason), _) => Some(reason),
            (None, None) => Some(MessageId::NobodyKnown),
            (None, Some(address)) => {
                by_address.entry(address).or_default().push(index);
                None
            }
        });
    }
    Ok(Recipients { not_notified_reason, by_address })
}

/// Why a removal is not announced at all.
pub(crate) async fn why_not_notified(
    access: &impl Access,
    calendar: &Calendar,
    (uid, address): (&str, &str),
    removal: &Removal,
    now: Moment,
) -> Result<Option<MessageId>> {
    let is_announced = match removal.kind {
        RemovalKind::DeletedCancelled => calendar.announces.leftovers,
        RemovalKind::CancelledOverlapping => calendar.announces.cancelled,
        _ => calendar.announces.deleted,
    };
    if calendar.template.is_none() {
        return Ok(Some(MessageId::CalendarHasNoTemplate));
    }
    if !is_announced {
        return Ok(Some(MessageId::KindNotAnnounced));
    }
    let announcement = announcement(uid, removal, "removed", address);
    let at = outbox::announced_at(access, calendar.id, &announcement).await?;
    if at.is_some_and(|at| now.0 - at < SAME_LOSS_PAUSE) {
        return Ok(Some(MessageId::AnnouncedAlready));
    }
    Ok(None)
}

impl Service {
    /// The recipient of messages about an event: its organizer; the calendar's contact address if it has
    /// none, or one that cannot be used. If the contact's cannot be used either, it is the organizer's,
    /// and the outbox shows why nothing is sent there.
    pub(crate) fn address_of(&self, calendar: &Calendar, event: &Event) -> Option<String> {
        let organizer = event.organizer.as_deref();
        let contact = calendar.contact_address.as_deref();
        let usable = [organizer, contact].into_iter().flatten().find(|it| self.may_mail(it));
        usable.or(organizer).or(contact).map(|address| address.trim().to_lowercase())
    }
}

pub(crate) fn announcement<'a>(
    uid: &'a str,
    removal: &'a Removal,
    reason: &'a str,
    address: &'a str,
) -> Announcement<'a> {
    let winner_uid = removal.winner().map_or("", |winner| winner.uid.as_str());
    Announcement { uid, original: removal.event.original.0, reason, winner_uid, address }
}
