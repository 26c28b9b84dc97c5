//! Restoring one date of a series that somebody has changed since the date was removed from it: the series
//! stays as it is now, and its EXDATE of that date is removed.

use answers::contents::Contents;
use answers::occurrences::expand;
use clearing::Address;
use facts::Event;
use ical::civil::DAY;
use ical::{Calendar as Objects, Editor, IncludeError, Included, Moment, Window};
use store::calendars::Calendar;
use store::history::{Change, RemovalRow};
use store::objects::Resource;
use store::{Access, uid_metadata};

use crate::room::snapshot::zones_of;
use crate::{Error, MessageId, Result};

/// What a restored object is to be.
#[derive(Debug)]
pub(crate) struct RestoredText {
    /// Its text.
    pub text: Vec<u8>,
    /// The date that is back, where the series was changed since; else what the history has of it.
    pub back: Option<Event>,
}

/// That an object was changed by somebody else since.
pub(crate) fn changed_since() -> Error {
    Error::Conflict(MessageId::ChangedSince.into())
}

/// The series as it is now, with the date that `removal` took out of it.
///
/// # Errors
///
/// [`Error::Conflict`] where the series no longer has that date, where it takes place, and where it is not
/// clear which one is meant.
pub(crate) async fn included(
    access: &impl Access,
    calendar: &Calendar,
    (change, removal): (&Change, &RemovalRow),
    current: &Resource,
    now: Moment,
) -> Result<RestoredText> {
    let before = change.before_text.as_deref().unwrap_or_default();
    let (Ok(then), Ok(there)) = (Objects::parse(before), Objects::parse(&current.text)) else {
        return Err(changed_since());
    };
    let ([earlier], [object]) = (then.objects(), there.objects()) else {
        return Err(changed_since());
    };
    if earlier.uid_bytes() != object.uid_bytes() {
        return Err(changed_since());
    }
    let room_address = calendar.room_address.as_deref().map(Address::new);
    let editor = Editor { now, room_address: room_address.as_ref().map(Address::as_str) };
    let original = Moment(removal.original);
    let zones = &mut zones_of(calendar);
    let included = ical::include(&there, object, zones, original, (&then, earlier), &editor);
    let Included { text, instance } = included.map_err(|error| match error {
        IncludeError::NoSuchInstance => Error::Conflict(MessageId::DateGone.into()),
        IncludeError::TakesPlace => Error::Conflict(MessageId::DateTakesPlace.into()),
        IncludeError::Unclear | IncludeError::Unreadable(_) => changed_since(),
    })?;
    let back = shown(access, calendar, &change.uid, &text, instance).await?;
    Ok(RestoredText { text, back })
}

/// How far an override may have moved a date for it to be shown as it is, in seconds: as far as the edit is
/// verified.
const SHOWN_WITHIN: (i64, i64) = (40 * DAY, 400 * DAY);

/// An occurrence of an object as answers show it.
async fn shown(
    access: &impl Access,
    calendar: &Calendar,
    uid: &str,
    text: &[u8],
    instance: Moment,
) -> Result<Option<Event>> {
    let known = uid_metadata::of_uid(access, calendar.id, uid).await?;
    let Ok(objects) = Objects::parse(text) else { return Ok(None) };
    let policy = calendar.plain_policy();
    let room = Contents::new(calendar.slug.clone(), objects, zones_of(calendar), policy)
        .booked_by(known.authors, known.author_users);
    let (start, end) = (instance.plus(-SHOWN_WITHIN.0), instance.plus(SHOWN_WITHIN.1));
    let mut found = expand(&room, Window { start, end }).into_iter();
    Ok(found.find(|it| it.occurrence.original == instance).map(Event::from))
}
