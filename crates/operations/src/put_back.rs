//! Putting back what was removed.

use clearing::Address;
use ical::{Calendar as Objects, Moment};
use store::calendars::{self, Calendar};
use store::history::{self, Cause, Change, Kind, NewChange, RemovalRow, Starter};
use store::objects::Resource;
use store::{Access, RemovalId, Transaction, UserId, objects, outbox};

use crate::audit_trail::{Action, Entry, FactValue, Field};
use crate::backend::{BackendError, CalendarBackend as _, version_of};
use crate::built_in::{BuiltIn, Origin};
use crate::change_on_server::{Made, ServerChange};
use crate::changes::decision::Decision;
use crate::facts::{Event, Removal};
use crate::include_date::{Restored, changed_since, included};
use crate::intent::Intent;
use crate::leases::Lease;
use crate::mirror::Freshness;
use crate::notify::{Letter, mail_event, reader_of_address};
use crate::on_server::OnServer;
use crate::snapshot::without;
use crate::{Error, Result, Said, Sentence, Service};

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutBack {
    /// The calendar's name in paths.
    pub calendar: String,
    /// What stands in the calendar again.
    pub event: Event,
    /// Whether its organizer had called it off: it is in the calendar as a cancelled event.
    pub is_cancelled: bool,
}

impl Service {
    /// Puts back what one line of the history took out: a deleted object as it was, or one occurrence
    /// of a series, which is then as it was before. What else was taken out of the object, earlier, at
    /// the same time or later, stays out.
    ///
    /// Where somebody has changed the series since, the date comes back into the series as it is now, if that
    /// still has it.
    ///
    /// The rules know nothing of it: the next run may take it out again, unless its UID is protected.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such line; [`Error::Conflict`] if it was put back already, or
    /// if somebody else has changed the object since: nothing is written over.
    pub async fn put_back(&self, user: Option<UserId>, id: RemovalId) -> Result<PutBack> {
        let nothing = || no_line(id);
        let removal = history::removal(&self.store, id).await?.ok_or_else(nothing)?;
        let calendar =
            calendars::by_id(&self.store, removal.calendar_id).await?.ok_or_else(nothing)?;
        match calendar.backend.collection() {
            None => self.put_back_built_in(user, id, &calendar).await,
            Some(_) => {
                let service = self.clone();
                self.to_the_end(
                    async move { service.put_back_on_server(user, id, &calendar).await },
                )
                .await
            }
        }
    }

    /// Why a line of the history cannot be put back, as far as is known without asking the calendar's
    /// server anything; nothing if it seems that it can.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such line, or when the database fails.
    pub async fn why_not_put_back(&self, id: RemovalId) -> Result<Option<Error>> {
        match self.try_to_put_back(id).await {
            Ok(()) => Ok(None),
            Err(reason @ (Error::Conflict(_) | Error::Server { .. })) => Ok(Some(reason)),
            Err(error) => Err(error),
        }
    }

    async fn try_to_put_back(&self, id: RemovalId) -> Result<()> {
        // At one moment: between two, other lines of the same series may be put back.
        let reading = self.store.begin_to_read().await?;
        let line = Line::read(&reading, id).await?;
        let calendar = calendars::by_id(&reading, line.change.calendar_id).await?;
        let calendar = calendar.ok_or_else(|| no_line(id))?;
        let current = objects::by_href(&reading, calendar.id, &line.change.href).await?;
        let restored = line.restored(&reading, &calendar, current.as_ref(), self.now()).await?;
        drop(reading);
        if calendar.backend.collection().is_some() {
            let server = self.on_server(&calendar).await?;
            server.shows_whole(&restored.text, current.as_ref())?;
        }
        Ok(())
    }

    async fn put_back_built_in(
        &self,
        user: Option<UserId>,
        id: RemovalId,
        calendar: &Calendar,
    ) -> Result<PutBack> {
        let now = self.now();
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let line = Line::read(&transaction, id).await?;
        let href = &line.change.href;
        let current = backend.read(href).await?;
        let restored = line.restored(&transaction, calendar, current.as_ref(), now).await?;
        let Restored { text, back } = restored;
        let backend = backend.with_origin(match is_moved(back.as_ref(), &line.removal) {
            true => Origin::Written,
            false => Origin::Restored(Moment(line.change.made_at)),
        });
        let etag = match &current {
            Some(current) => backend.replace(&version_of(current), &text).await?,
            None => backend.create(href, &text).await?,
        };
        let record = NewChange {
            run: None,
            calendar: calendar.id,
            href,
            uid: &line.change.uid,
            cause: Cause::PutBack,
            asked: Some(Starter::person(user)),
            before: current.as_ref().map(|it| (it.text.as_slice(), it.etag.as_str())),
            after: Some((&text, Some(&etag))),
            now: now.0,
        };
        history::insert_change(&transaction, &record).await?;
        self.record_put_back(&transaction, id, back.as_ref(), user, now).await?;
        transaction.commit().await?;
        line.put_back(calendar, back)
    }

    async fn put_back_on_server(
        &self,
        user: Option<UserId>,
        id: RemovalId,
        calendar: &Calendar,
    ) -> Result<PutBack> {
        let server = self.on_server(calendar).await?;
        let lease = self.calendar_lease(calendar).await?;
        let done = self.put_back_under(&server, &lease, user, id).await;
        lease.end().await;
        done
    }

    async fn put_back_under(
        &self,
        server: &OnServer,
        lease: &Lease,
        user: Option<UserId>,
        id: RemovalId,
    ) -> Result<PutBack> {
        let calendar = &server.calendar;
        self.look(server, Freshness::Now).await?;
        let in_doubt = self.settle_calendar(server).await?;
        let line = Line::read(&self.store, id).await?;
        let href = &line.change.href;
        if in_doubt.contains(href) {
            return Err(Error::Conflict(Sentence::EarlierChangeUnknown.into()));
        }
        let decided = Decision::now(&self.clock);
        let current = server.read(href).await?;
        let restored = line.restored(&self.store, calendar, current.as_ref(), self.now()).await?;
        let Restored { text, back } = restored;
        server.shows_whole(&text, current.as_ref())?;
        let text = accepted(calendar, text);
        let change = ServerChange {
            run: None,
            cause: Cause::PutBack,
            asked: Some(Starter::person(user)),
            href,
            uid: &line.change.uid,
            before: current.as_ref().map(version_of),
            after: Some(&text),
            intent: Intent::PutBack { removal: id, back: back.clone() },
            decided,
        };
        match self.change_on_server(server, &[lease], &change).await? {
            Made::Done { change, .. } => {
                self.read_back(server, &[(change, href.clone())]).await?;
                line.put_back(calendar, back)
            }
            Made::Changed => Err(changed_since()),
            Made::Late => Err(BackendError::Withdrawn.into()),
            Made::InDoubt => Err(Error::Conflict(Sentence::EarlierChangeUnknown.into())),
            Made::Refused(words) => Err(BackendError::Refused(words).into()),
        }
    }

    /// Writes down that a line of the history was put back, and by whom, and tells the organizer. `back` is
    /// what is back, where that is another than what the line says.
    pub(crate) async fn record_put_back(
        &self,
        transaction: &Transaction,
        id: RemovalId,
        back: Option<&Event>,
        user: Option<UserId>,
        now: Moment,
    ) -> Result<()> {
        let nothing = || no_line(id);
        let removal = history::removal(transaction, id).await?.ok_or_else(nothing)?;
        let change = history::change(transaction, removal.change_id).await?.ok_or_else(nothing)?;
        let calendar =
            calendars::by_id(transaction, change.calendar_id).await?.ok_or_else(nothing)?;
        if history::set_put_back(transaction, id, user, now.0).await? {
            let event = event_of(&removal);
            let actor = self.actor_of(transaction, user).await?;
            let entry = Entry::new(Action::EventRestored, &calendar.slug)
                .with(Field::Event, FactValue::text(&event.name))
                .with(Field::Start, FactValue::moment(Some(event.start.0)));
            self.note(transaction, &actor, entry).await?;
            self.tell(transaction, &calendar, (&change, &removal), back, now).await?;
        }
        Ok(())
    }

    /// Tells the organizer, unless nothing was said yet of the removal: then that is not said either.
    async fn tell(
        &self,
        transaction: &Transaction,
        calendar: &Calendar,
        (change, removal): (&Change, &RemovalRow),
        back: Option<&Event>,
        now: Moment,
    ) -> Result<()> {
        let event = event_of(removal);
        outbox::forget_announced(transaction, calendar.id, &change.uid, removal.original).await?;
        let address_of = |event: &Event| {
            let address = event.organizer.as_ref().or(calendar.contact_address.as_ref());
            address.map(|address| address.trim().to_lowercase())
        };
        let Some(address) = address_of(&event) else { return Ok(()) };
        let mut is_all_back = true;
        for line in history::removals_of(transaction, change.id).await? {
            let of_line = event_of(&line);
            is_all_back &=
                line.put_back_at.is_some() || address_of(&of_line).as_ref() != Some(&address);
        }
        let why = Said::from(Sentence::EventWasRestored).to_stored();
        if is_all_back && outbox::drop_unsent(transaction, change, &address, &why).await? {
            return Ok(());
        }
        let is_announced = removal.untold.is_none()
            && calendar.template.is_some()
            && change.cause == Cause::Clear.as_str();
        if is_announced {
            let is_recurring = removal.kind == Kind::CancelledOverlapping.as_str();
            let reader = reader_of_address(transaction, &address).await?;
            let event = reader.shown(back.cloned().unwrap_or(event));
            let mail_event = mail_event(&event, false);
            let data = mail::Notice {
                calendar_name: calendar.name.clone(),
                zone: calendar.zone.clone(),
                event: mail_event,
                is_deleted: false,
                is_cancelled: was_called_off(change),
                is_recurring,
                is_deprioritized: false,
                is_put_back: true,
                reason: None,
                overlap_events: Vec::new(),
                occurrences: vec![mail::Occurrence {
                    start: event.start.0,
                    end: event.end.0,
                    overlap_events: Vec::new(),
                }],
            };
            let letter = Letter {
                kind: outbox::Kind::PutBack,
                calendar: calendar.id,
                address: &address,
                change: Some(change.id),
                uid: &change.uid,
                is_recurring,
                state: outbox::State::Waiting,
                due_at: now.0,
            };
            self.put_letter(transaction, &letter, &data, now).await?;
        }
        Ok(())
    }
}

fn no_line(id: RemovalId) -> Error {
    Error::NotFound(Sentence::no_history_line(id))
}

impl OnServer {
    /// Makes sure that what is to be put back, and what stands there, are shown to the account whole.
    fn shows_whole(&self, text: &[u8], current: Option<&Resource>) -> Result<()> {
        if self.hides(text) || current.is_some_and(|it| self.hides(&it.text)) {
            return Err(BackendError::Refused(Sentence::HiddenPart.into()).into());
        }
        Ok(())
    }
}

/// A line of the history that is to be put back.
struct Line {
    removal: RemovalRow,
    change: Change,
}

impl Line {
    /// The line of that number, if it can be put back.
    async fn read(access: &impl Access, id: RemovalId) -> Result<Line> {
        let nothing = || no_line(id);
        let removal = history::removal(access, id).await?.ok_or_else(nothing)?;
        let change = history::change(access, removal.change_id).await?.ok_or_else(nothing)?;
        if removal.put_back_at.is_some() {
            return Err(Error::Conflict(Sentence::PutBackAlready.into()));
        }
        Ok(Line { removal, change })
    }

    /// The object with what is put back: as it was, where nobody else has written it since; a series that
    /// was changed since, with its date.
    async fn restored(
        &self,
        access: &impl Access,
        calendar: &Calendar,
        current: Option<&Resource>,
        now: Moment,
    ) -> Result<Restored> {
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
                return Err(Error::Conflict(Sentence::SameIdThere.into()));
            }
        }
        let at = first_of_chain(access, &all, at).await?;
        let text = text_with(access, calendar, &all[at..], removal, now).await?;
        Ok(Restored { text, back: None })
    }

    fn put_back(self, calendar: &Calendar, back: Option<Event>) -> Result<PutBack> {
        let event = match back {
            Some(event) => event,
            None => event_of(&self.removal),
        };
        let is_cancelled = was_called_off(&self.change);
        Ok(PutBack { calendar: calendar.slug.clone(), event, is_cancelled })
    }
}

/// The text of an object in which the room has accepted the invitation. Otherwise its organizer's copy
/// goes on saying that it declined, and his next edit frees the hour (measured on Nextcloud).
fn accepted(calendar: &Calendar, text: Vec<u8>) -> Vec<u8> {
    let Some(address) = calendar.room_address.as_deref().map(Address::new) else { return text };
    let Ok(parsed) = Objects::parse(&text) else { return text };
    ical::accept(&parsed, address.as_str()).unwrap_or(text)
}

/// What a line of the history was about.
fn event_of(line: &RemovalRow) -> Event {
    Removal::kept(&line.fact, &line.kind, (line.starts_at, line.ends_at)).event
}

/// Whether all that an object held was cancelled before a change took it out.
fn was_called_off(change: &Change) -> bool {
    let before = change.before_text.as_deref().map(Objects::parse);
    let Some(Ok(calendar)) = before else { return false };
    let mut objects = calendar.objects().iter();
    objects.any(|object| calendar.events_of(object).all(|event| event.is_cancelled()))
}

/// Whether since the first of these changes nobody but us has written the object. A server may have written
/// it in its own way.
fn is_unchanged(chain: &[Change], current: Option<&Resource>) -> bool {
    let is_same = |one: Option<&[u8]>, other: Option<&[u8]>| match (one, other) {
        (Some(one), Some(other)) => ical::means_the_same(one, other),
        (one, other) => one == other,
    };
    let is_ours = chain.windows(2).all(|pair| {
        let (after, before) = (pair[0].after_text.as_deref(), pair[1].before_text.as_deref());
        let is_version = pair[0].after_etag.is_some() && pair[0].after_etag == pair[1].before_etag;
        is_version && after.is_some() == before.is_some() || is_same(after, before)
    });
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
async fn is_changed_by_request(access: &impl Access, changes: &[Change]) -> Result<bool> {
    for change in changes {
        let lines = history::removals_of(access, change.id).await?;
        let still_stands = |it: &RemovalRow| it.put_back_at.is_none();
        if lines.iter().any(|it| it.kind == Kind::Changed.as_str() && still_stands(it)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether what is back is another instance than the one that was removed, because the series was moved.
pub(crate) fn is_moved(back: Option<&Event>, removal: &RemovalRow) -> bool {
    back.is_some_and(|it| it.original.0 != removal.original)
}

/// Whether a line is about one occurrence of a series, which lives on.
fn is_occurrence(line: &RemovalRow) -> bool {
    [Kind::CancelledOverlapping, Kind::CancelledByRequest]
        .iter()
        .any(|kind| line.kind == kind.as_str())
}

/// Where to begin to work out an object anew that the change at `from` is to be undone of: what was put
/// back of changes before it stands in none of the texts that came after them, so it begins as early
/// as all is ours and only occurrences are still out. It does not begin with what put something back: the
/// text before that lacks it.
async fn first_of_chain(access: &impl Access, all: &[Change], from: usize) -> Result<usize> {
    let (mut at, mut first) = (from, from);
    while at > 0 && all[at - 1].after_text == all[at].before_text {
        let lines = history::removals_of(access, all[at - 1].id).await?;
        if !lines.iter().all(|line| line.put_back_at.is_some() || is_occurrence(line)) {
            break;
        }
        at -= 1;
        if all[at].cause != Cause::PutBack.as_str() {
            first = at;
        }
    }
    Ok(first)
}

/// The object as it was before the first of these changes, without what was taken out of it and was
/// not put back; with what is put back now.
async fn text_with(
    access: &impl Access,
    calendar: &Calendar,
    chain: &[Change],
    removal: &RemovalRow,
    now: Moment,
) -> Result<Vec<u8>> {
    let mut still_out = Vec::new();
    for change in chain {
        for line in history::removals_of(access, change.id).await? {
            if line.id == removal.id || line.put_back_at.is_some() {
                continue;
            }
            if !is_occurrence(&line) {
                return Err(Error::Conflict(Sentence::removed_later(line.id)));
            }
            still_out.push(Moment(line.original));
        }
    }
    let before = chain.first().and_then(|change| change.before_text.clone());
    let before = before.ok_or_else(|| Error::Internal("the history lacks the event".to_owned()))?;
    if still_out.is_empty() {
        return Ok(before);
    }
    let text = without(calendar, &before, &still_out, now);
    let reason = match text {
        Ok(Some(text)) => return Ok(text),
        Ok(None) => Said::from(Sentence::NothingWouldRemain),
        Err(error) => error.said(),
    };
    Err(Error::Conflict(Sentence::not_kept_out(reason)))
}
