//! Changing or cancelling this date of a series and all that follow.
//!
//! The rest becomes an object of its own. It is written first, and the series ends before it after that: between the
//! two nothing is lost, and the dates stand twice. What was cut off in between is finished later
//! ([`Service::finish_divisions`]).

use answers::occurrences::occurrence_of;
use clearing::Address;
use facts::{Event, Removal, RemovalKind, new_id};
use futures_util::{StreamExt as _, stream};
use ical::{Calendar as Objects, Divided, EditError, Edited, Editor, Moment, Object, Window};
use store::calendars::{self, Calendar};
use store::divided_series::{self, DividedSeries};
use store::history::{Cause, Starter, Way};
use store::{Access, objects};

use crate::booking::change::{ChangeRequest, Read, check_version, said};
use crate::booking::create::WhenTaken;
use crate::booking::halves::{DeleteRest, check_not_divided, check_rest, is_settled};
use crate::changes::apply::{Act, Decided, Exclusive, NeedsFree, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::{Intent, RestOf};
use crate::room::edit_errors::not_calendar;
use crate::room::free::{InTheWay, Itself};
use crate::room::snapshot::{Snapshot, zone_of, zones_of};
use crate::{Caller, Error, MessageId, Result, Service};

/// Seconds after which a half-done division is tried again.
const PAUSE: i64 = 60;
/// Divisions that are finished at once.
const AT_ONCE: usize = 4;

impl Service {
    /// Changes the occurrence of a request and all that follow it. If no other takes place before it, the series is
    /// changed. The object as it was is in the history.
    ///
    /// # Errors
    ///
    /// As [`Service::change_event`].
    pub async fn change_following(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        (request, from): (ChangeRequest, Moment),
    ) -> Result<()> {
        let (asked, reader) = (caller.starter(), caller.reader());
        let act = Divide { asked, request, from, next: new_id() };
        self.apply(calendar, act).await.map_err(|error| error.shown_to(&reader))
    }

    /// Cancels the occurrence with an original start and all that follow it: the series ends before it. If no other
    /// takes place before it, the event is deleted. The object as it was is in the history, and nobody is notified.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the calendar holds none of that UID, or it has no such occurrence; [`Error::Conflict`]
    /// for what only the organizer can change, or if it cannot be written.
    pub async fn end_series(
        &self,
        caller: &Caller,
        calendar: &Calendar,
        (uid, from): (&str, Moment),
    ) -> Result<()> {
        let act = EndSeries { asked: caller.starter(), uid: uid.to_owned(), from, next: None };
        self.apply(calendar, act).await
    }

    /// Ends series whose rest was written by a process that died, or whose server did not answer; deletes the rests of
    /// those that were restored as a whole. A series stays as it is if its rest is gone.
    ///
    /// # Errors
    ///
    /// When the database fails. What a calendar's server does is no error.
    pub async fn finish_divisions(&self) -> Result<()> {
        let now = self.settled_now().await?;
        let transaction = self.store.begin().await?;
        let unfinished = divided_series::claim(&transaction, (now.0, PAUSE)).await?;
        transaction.commit().await?;
        // A server that hangs holds up few others.
        let finishing = unfinished.into_iter().map(|row| async move {
            if let Err(error) = self.finish_division(&row).await {
                tracing::warn!(calendar = %row.calendar_id, %error, "a series is ended later");
            }
        });
        stream::iter(finishing).buffer_unordered(AT_ONCE).collect::<()>().await;
        Ok(())
    }

    async fn finish_division(&self, row: &DividedSeries) -> Result<()> {
        let Some(calendar) = calendars::by_id(&self.store, row.calendar_id).await? else {
            return self.forget_division(row).await;
        };
        let done = match row.is_restored {
            true => self.apply(&calendar, DeleteRest { row: row.clone() }).await,
            false => {
                let act = EndSeries {
                    asked: Starter::of(Way::Schedule),
                    uid: row.uid.clone(),
                    from: Moment(row.original),
                    next: Some(row.next_uid.clone()),
                };
                self.apply(&calendar, act).await
            }
        };
        match done {
            Ok(()) => self.forget_division(row).await,
            // Only what is over is forgotten. A change that is in doubt is known later, and what somebody has made of
            // the series meanwhile is theirs: both objects stand, and no run decides between them.
            Err(Error::NotFound(_) | Error::Conflict(_))
                if is_settled(&self.store, &calendar, row).await? =>
            {
                self.forget_division(row).await
            }
            Err(error) => Err(error),
        }
    }

    async fn forget_division(&self, row: &DividedSeries) -> Result<()> {
        let transaction = self.store.begin().await?;
        divided_series::remove(&transaction, row.calendar_id, &row.next_uid).await?;
        Ok(transaction.commit().await?)
    }
}

/// Divides a series, and changes the rest.
struct Divide {
    asked: Starter,
    request: ChangeRequest,
    /// The original start of the first occurrence of the rest.
    from: Moment,
    /// The UID of the rest: the same at each try.
    next: String,
}

impl Act for Divide {
    type Seen = ();
    type Answer = ();

    fn by(&self) -> By {
        By::request(Cause::Request, self.asked)
    }

    fn reads(&self) -> Reads {
        Reads::Calendar
    }

    fn exclusive(&self) -> Exclusive {
        Exclusive { booking: self.request.when_taken == WhenTaken::Refuse, calendar: true }
    }

    fn is_in_order(&self) -> bool {
        true
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, now, .. } = reading;
        let Divide { request, from, next, .. } = self;
        let uid = request.uid.as_str();
        let snapshot = Snapshot::of_uid(access, calendar, uid).await?;
        let there = objects::by_uid(access, calendar.id, next).await?;
        if !there.is_empty() {
            // An earlier try has written the rest: what is left is to end the series, whatever became of it.
            let end = ended(&snapshot, (uid, *from), Some(next), now)?;
            return Ok(Decided { changes: vec![end], needs: None, seen: () });
        }
        // A second rest would take the same hours.
        check_not_divided(access, calendar, uid).await?;
        let parsed = parsed(&snapshot, uid)?;
        let object = only_object(&parsed)?;
        let (zone, mut zones) = (zone_of(calendar), zones_of(calendar));
        let said = |error| said(uid, error);
        let current = ical::times(&parsed, object, &mut zones, Some(*from)).map_err(said)?;
        let new = Read::of(&request.change, current, &zone, true)?;
        check_version(request.if_match.as_ref(), snapshot.version(0).etag)?;
        let address = calendar.room_address.as_deref().map(Address::new);
        let editor = Editor { now, room_address: address.as_ref().map(Address::as_str) };
        let (href, before) = (snapshot.places[0].href.clone(), snapshot.resource(0));
        let event = event_at(&snapshot, (uid, *from))?;
        let removal = Removal::by_hand(RemovalKind::Changed, event);
        let changes = new.changes();
        let divided = ical::split(&parsed, object, &mut zones, *from, (next, &changes), &editor);
        let (texts, of, itself) = match divided.map_err(said)? {
            Some(Divided { before: ended, rest }) => {
                let itself = Itself::Rest { href: href.clone(), from: *from, uid: next.clone() };
                (Some(ended), rest, itself)
            }
            None => {
                let series = ical::times(&parsed, object, &mut zones, None).map_err(said)?;
                let times = changes.times.map(|to| {
                    let moved = series.moved_like(current, to, &zone);
                    moved.ok_or_else(|| Error::invalid("start", MessageId::SeriesKeepsKind))
                });
                let all = ical::Changes { times: times.transpose()?, ..changes };
                let (of, changes) = ((&parsed, object), (&all, &changes));
                let text = ical::change_from_first(of, &mut zones, *from, changes, &editor);
                (None, text.map_err(said)?, Itself::Place(href.clone()))
            }
        };
        let (_, end) = new.times.unwrap_or(current).moments(&zone);
        let horizon = now.plus(i64::from(calendar.horizon_days) * ical::civil::DAY);
        let window = Window { start: now, end: end.max(horizon) };
        let needs = (request.when_taken == WhenTaken::Refuse)
            .then(|| NeedsFree { of: InTheWay { text: of.clone(), itself, only: None }, window });
        let change = |after, intent| Change {
            href: href.clone(),
            uid: uid.to_owned(),
            before: Some(before.clone()),
            after: Some(after),
            intent,
            was_free: false,
        };
        let changes = match texts {
            None => vec![change(of, Intent::Request(removal))],
            Some(ended) => {
                let rest_of = RestOf { uid: uid.to_owned(), href: href.clone(), original: from.0 };
                let rest = Change {
                    href: format!("{next}.ics"),
                    uid: next.clone(),
                    before: None,
                    after: Some(of),
                    intent: Intent::Book {
                        user: None,
                        idempotency_key: None,
                        moved_by: None,
                        rest_of: Some(rest_of),
                    },
                    was_free: false,
                };
                let end = Intent::EndSeries { removal, next: Some(next.clone()) };
                vec![rest, change(ended, end)]
            }
        };
        Ok(Decided { changes, needs, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<()> {
        Ok(())
    }
}

/// Ends a series before one of its occurrences.
struct EndSeries {
    asked: Starter,
    uid: String,
    /// The original start of the first that is removed.
    from: Moment,
    /// The object that has the rest, if there is to be one: nothing changes without it.
    next: Option<String>,
}

impl Act for EndSeries {
    type Seen = ();
    type Answer = ();

    fn by(&self) -> By {
        By::request(Cause::Request, self.asked)
    }

    fn reads(&self) -> Reads {
        Reads::Calendar
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<()>> {
        let Reading { access, calendar, now, .. } = reading;
        let uid = self.uid.as_str();
        let snapshot = Snapshot::of_uid(access, calendar, uid).await?;
        if let Some(next) = &self.next {
            check_rest(access, calendar, (&snapshot, next), self.from, now).await?;
        }
        let end = ended(&snapshot, (uid, self.from), self.next.as_deref(), now)?;
        Ok(Decided { changes: vec![end], needs: None, seen: () })
    }

    async fn answer<A: Access>(&self, _: &A, _: &Calendar, (): ()) -> Result<()> {
        Ok(())
    }
}

fn parsed<'s>(snapshot: &'s Snapshot, uid: &str) -> Result<Objects<'s>> {
    if uid.is_empty() || snapshot.places.is_empty() {
        return Err(Error::no_event(&snapshot.calendar.slug, uid));
    }
    Objects::parse(snapshot.text_of(0))
        .map_err(|error| Error::Conflict(MessageId::cannot_change(not_calendar(error))))
}

fn only_object<'p, 's>(parsed: &'p Objects<'s>) -> Result<&'p Object<'s>> {
    match parsed.objects() {
        [object] => Ok(object),
        _ => Err(Error::Conflict(MessageId::OtherEventsInObject.into())),
    }
}

/// The occurrence with an original start, as it is.
fn event_at(snapshot: &Snapshot, (uid, original): (&str, Moment)) -> Result<Event> {
    let missing = || Error::no_occurrence(uid);
    occurrence_of(&snapshot.contents(), original).ok_or_else(missing)
}

/// The change that ends a series before one of its occurrences.
fn ended(
    snapshot: &Snapshot,
    (uid, from): (&str, Moment),
    next: Option<&str>,
    now: Moment,
) -> Result<Change> {
    let calendar = &snapshot.calendar;
    let parsed = parsed(snapshot, uid)?;
    let object = only_object(&parsed)?;
    let event = event_at(snapshot, (uid, from))?;
    let address = calendar.room_address.as_deref().map(Address::new);
    let editor = Editor { now, room_address: address.as_ref().map(Address::as_str) };
    let zones = &mut zones_of(calendar);
    let edited = ical::end_before(&parsed, object, zones, from, next, &editor);
    let (after, intent) = match edited.map_err(|error: EditError| said(uid, error))? {
        Edited::Text(text) => {
            let kind = if next.is_some() { RemovalKind::Changed } else { RemovalKind::Ended };
            let removal = Removal::by_hand(kind, event);
            (Some(text), Intent::EndSeries { removal, next: next.map(str::to_owned) })
        }
        Edited::NothingRemains => {
            let removal = Removal::by_hand(RemovalKind::DeletedByRequest, event);
            (None, Intent::Request(removal))
        }
    };
    Ok(Change {
        href: snapshot.places[0].href.clone(),
        uid: uid.to_owned(),
        before: Some(snapshot.resource(0)),
        after,
        intent,
        was_free: false,
    })
}
