//! Restoring what was removed.

use facts::{Event, RemovalKind};
use ical::{Moment, Window};
use store::calendars::{self, Calendar};
use store::history::{self, Cause, Change as Row, RemovalRow, Starter};
use store::objects::Resource;
use store::{Access, RemovalId, UserId, objects};

use crate::booking::halves::rest_deletions;
use crate::booking::restore_date::{RestoredText, changed_since, included};
use crate::changes::apply::{Act, Decided, Exclusive, NeedsFree, Reading, Reads};
use crate::changes::change::{By, Change};
use crate::changes::intent::Intent;
use crate::mail::restored::{no_line, was_called_off};
use crate::room::Room;
use crate::room::backend::BackendError;
use crate::room::free::{InTheWay, Itself};
use crate::room::on_server::OnServer;
use crate::room::snapshot::{without, zones_of};
use crate::{Error, Message, MessageId, Result, Service};

/// A restored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The calendar's name in paths.
    pub calendar: String,
    /// What stands in the calendar again.
    pub event: Event,
    /// Whether its organizer had called it off: it is in the calendar as a cancelled event.
    pub is_cancelled: bool,
}

impl Service {
    /// Puts back what one line of the history took out: a deleted object as it was, or one occurrence
    /// of a series, which is then as it was before. What else was removed from the object, earlier, at
    /// the same time or later, stays out.
    ///
    /// Where somebody has changed the series since, the date comes back into the series as it is now, if that
    /// still has it.
    ///
    /// The rules know nothing of it: the next run may remove it again, unless its UID is protected.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such line; [`Error::Conflict`] if it was restored already, or
    /// if somebody else has changed the object since: nothing is written over.
    pub async fn restore(&self, user: Option<UserId>, id: RemovalId) -> Result<Restored> {
        let nothing = || no_line(id);
        let removal = history::removal(&self.store, id).await?.ok_or_else(nothing)?;
        let calendar =
            calendars::by_id(&self.store, removal.calendar_id).await?.ok_or_else(removed)?;
        let change = history::change(&self.store, removal.change_id).await?.ok_or_else(nothing)?;
        let asked = Starter::person(user);
        let act = Restore { asked, id, href: change.href, only_if_free: false };
        self.apply(&calendar, act).await
    }

    /// The same, if nobody has the hour.
    ///
    /// # Errors
    ///
    /// As [`Service::restore`]; [`Error::Taken`] if the hour is not free.
    pub(crate) async fn restore_if_free(
        &self,
        calendar: &Calendar,
        asked: Starter,
        (id, href): (RemovalId, &str),
    ) -> Result<Restored> {
        let act = Restore { asked, id, href: href.to_owned(), only_if_free: true };
        self.apply(calendar, act).await
    }

    /// Why a line of the history cannot be restored, as far as is known without asking the calendar's
    /// server anything; nothing if it seems that it can.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such line, or when the database fails.
    pub async fn why_not_restorable(&self, id: RemovalId) -> Result<Option<Error>> {
        match self.try_restore(id).await {
            Ok(()) => Ok(None),
            Err(reason @ (Error::Conflict(_) | Error::Server { .. })) => Ok(Some(reason)),
            Err(error) => Err(error),
        }
    }

    async fn try_restore(&self, id: RemovalId) -> Result<()> {
        // At one moment: between two, other lines of the same series may be restored.
        let reading = self.store.begin_to_read().await?;
        let line = Line::read(&reading, id).await?;
        let calendar = calendars::by_id(&reading, line.change.calendar_id).await?;
        let calendar = calendar.ok_or_else(removed)?;
        let in_doubt = history::changes_in_doubt(&reading, calendar.id).await?;
        if in_doubt.iter().any(|it| it.change.href == line.change.href) {
            return Err(Error::Conflict(MessageId::EarlierChangeUnknown.into()));
        }
        let current = objects::by_href(&reading, calendar.id, &line.change.href).await?;
        let restored = line.restored(&reading, &calendar, current.as_ref(), self.now()).await?;
        if let Some(next) = line.rest() {
            rest_deletions(&reading, &calendar, (&restored.text, next)).await?;
        }
        drop(reading);
        match self.open(&calendar).await? {
            Room::BuiltIn(_) => Ok(()),
            Room::OnServer(server) => server.shows_whole(&restored.text, current.as_ref()),
        }
    }
}

/// The line is of a calendar that was removed.
fn removed() -> Error {
    Error::Conflict(MessageId::CalendarWasRemoved.into())
}

/// Restores what one line of the history took out.
struct Restore {
    asked: Starter,
    id: RemovalId,
    /// Where the object lies or lay.
    href: String,
    /// Whether nobody else may have the hour.
    only_if_free: bool,
}

impl Act for Restore {
    type Seen = (Line, Option<Event>);
    type Answer = Restored;

    fn by(&self) -> By {
        By::request(Cause::Restore, self.asked)
    }

    fn reads(&self) -> Reads {
        Reads::Object(self.href.clone())
    }

    fn exclusive(&self) -> Exclusive {
        Exclusive { booking: self.only_if_free, calendar: true }
    }

    async fn decide<A: Access>(&self, reading: Reading<'_, A>) -> Result<Decided<Self::Seen>> {
        let Reading { access, calendar, now, .. } = reading;
        let line = Line::read(access, self.id).await?;
        let before = objects::by_href(access, calendar.id, &self.href).await?;
        let RestoredText { text, back } =
            line.restored(access, calendar, before.as_ref(), now).await?;
        let text_of_series = text.clone();
        let needs = self.only_if_free.then(|| {
            let event = back.clone().unwrap_or_else(|| line.removal.removal().event);
            let itself = Itself::Place(self.href.clone());
            let of = InTheWay { text: text.clone(), itself, only: Some((event.start, event.end)) };
            NeedsFree { of, window: Window { start: event.start, end: event.end } }
        });
        let change = Change {
            href: self.href.clone(),
            uid: line.change.uid.clone(),
            before,
            after: Some(text),
            intent: Intent::Restore { removal: self.id, back: back.clone() },
            was_free: false,
        };
        let mut changes = vec![change];
        // The dates of a series that was divided are back in it.
        if let Some(next) = line.rest() {
            changes.extend(rest_deletions(access, calendar, (&text_of_series, next)).await?);
        }
        Ok(Decided { changes, needs, seen: (line, back) })
    }

    fn is_in_order(&self) -> bool {
        true
    }

    async fn answer<A: Access>(
        &self,
        _: &A,
        calendar: &Calendar,
        (line, back): Self::Seen,
    ) -> Result<Restored> {
        let event = back.unwrap_or_else(|| line.removal.removal().event);
        let is_cancelled = was_called_off(&line.change);
        Ok(Restored { calendar: calendar.slug.clone(), event, is_cancelled })
    }
}

impl OnServer {
    /// Makes sure that the account sees all of the object to be restored, and of the one that is there.
    fn shows_whole(&self, text: &[u8], current: Option<&Resource>) -> Result<()> {
        if self.hides(text) || current.is_some_and(|it| self.hides(&it.text)) {
            return Err(BackendError::Refused(MessageId::HiddenPart.into()).into());
        }
        Ok(())
    }
}

/// A line of the history to be restored.
struct Line {
    removal: RemovalRow,
    change: Row,
}

impl Line {
    /// The line of that number, if it can be restored.
    async fn read(access: &impl Access, id: RemovalId) -> Result<Line> {
        let nothing = || no_line(id);
        let removal = history::removal(access, id).await?.ok_or_else(nothing)?;
        let change = history::change(access, removal.change_id).await?.ok_or_else(nothing)?;
        if *removal.kind == RemovalKind::Accepted {
            return Err(Error::Conflict(MessageId::AnswersStay.into()));
        }
        if removal.restored_at.is_some() {
            return Err(Error::Conflict(MessageId::RestoredAlready.into()));
        }
        Ok(Line { removal, change })
    }

    /// The UID of the object that has the rest of the series, if the line is about a division that the program made. What
    /// a text names, other people may have written.
    fn rest(&self) -> Option<&str> {
        let is_division = *self.removal.kind == RemovalKind::Changed;
        self.change.next_uid.as_deref().filter(|_| is_division)
    }

    /// The restored object: as it was, where nobody else has written it since; a series that
    /// was changed since, with its date.
    async fn restored(
        &self,
        access: &impl Access,
        calendar: &Calendar,
        current: Option<&Resource>,
        now: Moment,
    ) -> Result<RestoredText> {
        let Line { removal, change } = self;
        let all = history::changes_of(access, calendar.id, &change.href).await?;
        let at = all.iter().position(|it| it.id == change.id);
        let at = at.ok_or_else(|| Error::Internal("the history lacks a change".to_owned()))?;
        let is_unchanged = is_unchanged(&all[at..], current);
        if !is_unchanged || is_changed_by_request(access, &all[at + 1..]).await? {
            match current {
                Some(current) if is_occurrence(removal) => {
                    return included(access, calendar, (change, removal), current, now).await;
                }
                _ if !is_unchanged => return Err(changed_since()),
                _ => {}
            }
        }
        // On some servers objects of one UID lie under several names: what lay there beside it before
        // is no reason to leave it out. A server that allows no such thing refuses it.
        if current.is_none() && !change.uid.is_empty() && !change.has_twin {
            let others = objects::by_uid(access, calendar.id, &change.uid).await?;
            if !others.is_empty() {
                return Err(Error::Conflict(MessageId::SameIdThere.into()));
            }
        }
        let first = first_of_chain(access, &all, at).await?;
        let text = text_with(access, calendar, &all[first..], removal, now).await?;
        let lacks_restored = match (&text, current) {
            (Ok(text), Some(current)) => match lacks_date(calendar, text, removal, current) {
                Some(lacks_date) if is_occurrence(removal) => lacks_date,
                _ => is_restored_since(access, &all, first).await?,
            },
            _ => false,
        };
        match (text, current) {
            (Ok(text), _) if !lacks_restored => Ok(RestoredText { text, back: None }),
            (_, Some(current)) if is_occurrence(removal) => {
                included(access, calendar, (change, removal), current, now).await
            }
            (Ok(_), _) => Err(changed_since()),
            (Err(reason), _) => Err(Error::Conflict(MessageId::not_kept_out(reason))),
        }
    }
}

/// Whether two texts mean the same, or neither is there.
fn is_same(one: Option<&[u8]>, other: Option<&[u8]>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => ical::means_the_same(one, other),
        (one, other) => one == other,
    }
}

/// Whether a change was made of what the one before it had left. A server may have written that in its own
/// way.
fn follows(earlier: &Row, later: &Row) -> bool {
    let (after, before) = (earlier.after_text.as_deref(), later.before_text.as_deref());
    let is_version = earlier.after_etag.is_some() && earlier.after_etag == later.before_etag;
    is_version && after.is_some() == before.is_some() || is_same(after, before)
}

/// Whether since the first of these changes nobody but us has written the object.
fn is_unchanged(chain: &[Row], current: Option<&Resource>) -> bool {
    let is_ours = chain.windows(2).all(|pair| follows(&pair[0], &pair[1]));
    let last = chain.last();
    let is_version = current.is_some_and(|current| {
        let known = last.and_then(|change| change.after_etag.as_deref());
        known.is_some_and(|known| !known.is_empty() && known == current.etag)
    });
    let is_text = is_same(
        last.and_then(|change| change.after_text.as_deref()),
        current.map(|it| it.text.as_slice()),
    );
    is_ours && (is_version || is_text)
}

/// Whether one of these changes was asked for by somebody who changed the event, and still stands. A date
/// is restored into what that made of the series.
async fn is_changed_by_request(access: &impl Access, changes: &[Row]) -> Result<bool> {
    for change in changes {
        let lines = history::removals_of(access, change.id).await?;
        let still_stands = |it: &RemovalRow| it.restored_at.is_none();
        let is_change =
            |it: &RemovalRow| matches!(*it.kind, RemovalKind::Changed | RemovalKind::Ended);
        if lines.iter().any(|it| is_change(it) && still_stands(it)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a line is about one occurrence of a series, which lives on.
fn is_occurrence(line: &RemovalRow) -> bool {
    matches!(*line.kind, RemovalKind::CancelledOverlapping | RemovalKind::CancelledByRequest)
}

/// Whether a line is about an invitation that was accepted: nothing went.
fn is_answer(line: &RemovalRow) -> bool {
    *line.kind == RemovalKind::Accepted
}

/// Where to begin to work out an object anew that the change at `from` is to be undone of: what was put
/// back of changes before it stands in none of the texts that came after them, so it begins with the
/// earliest of them of which something was, as far back as all is ours and only occurrences are still out. If
/// there is none, the text before the change is what is restored, byte for byte. It does not begin with a
/// restore: the text before that lacks it.
async fn first_of_chain(access: &impl Access, all: &[Row], from: usize) -> Result<usize> {
    let (mut at, mut first) = (from, from);
    while at > 0 && follows(&all[at - 1], &all[at]) {
        let lines = history::removals_of(access, all[at - 1].id).await?;
        let is_left =
            |it: &RemovalRow| it.restored_at.is_some() || is_occurrence(it) || is_answer(it);
        if !lines.iter().all(is_left) {
            break;
        }
        at -= 1;
        let is_back = lines.iter().any(|line| line.restored_at.is_some());
        if is_back && all[at].cause != Cause::Restore {
            first = at;
        }
    }
    Ok(first)
}

/// Whether something that was removed before the chain that begins at `first` was restored since the chain began: the
/// text before the chain lacks it. Of two moments of one second, the order is not known.
async fn is_restored_since(access: &impl Access, all: &[Row], first: usize) -> Result<bool> {
    let is_restore = |it: &Row| it.cause == Cause::Restore;
    if !all[first + 1..].iter().any(is_restore) {
        return Ok(false);
    }
    for change in &all[..first] {
        let lines = history::removals_of(access, change.id).await?;
        let is_since = |at: i64| at >= all[first].made_at;
        if lines.iter().any(|line| line.restored_at.is_some_and(is_since)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a text of a series excludes the date that is restored, or one that takes place in the series now;
/// `None` if one of them cannot be read.
fn lacks_date(
    calendar: &Calendar,
    text: &[u8],
    removal: &RemovalRow,
    current: &Resource,
) -> Option<bool> {
    let zones = &mut zones_of(calendar);
    let then = ical::excluded(text, zones)?;
    let is_out = then.contains(&ical::Excluded::Instance(Moment(removal.original)));
    Some(is_out || !then.is_subset(&ical::excluded(&current.text, zones)?))
}

/// The object as it was before the first of these changes, without the dates that were removed from it and
/// not restored; with the one that is restored now. Else why it cannot be without them.
async fn text_with(
    access: &impl Access,
    calendar: &Calendar,
    chain: &[Row],
    removal: &RemovalRow,
    now: Moment,
) -> Result<std::result::Result<Vec<u8>, Message>> {
    let (mut still_out, mut removed_later) = (Vec::new(), None);
    for change in chain {
        for line in history::removals_of(access, change.id).await? {
            if line.id == removal.id || line.restored_at.is_some() || is_answer(&line) {
                continue;
            }
            match is_occurrence(&line) {
                true => still_out.push(Moment(line.original)),
                // The last of them has to be restored first.
                false => removed_later = Some(line.id),
            }
        }
    }
    if let Some(last) = removed_later {
        return Err(Error::Conflict(MessageId::removed_later(last)));
    }
    let before = chain.first().and_then(|change| change.before_text.clone());
    let before = before.ok_or_else(|| Error::Internal("the history lacks the event".to_owned()))?;
    if still_out.is_empty() {
        return Ok(Ok(before));
    }
    Ok(match without(calendar, &before, &still_out, now) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(MessageId::NothingWouldRemain.into()),
        Err(error) => Err(error.said(calendar)),
    })
}
