//! Putting back what was removed.

use ical::Moment;
use store::calendars::{self, Calendar};
use store::history::{self, Cause, Change, Kind, NewChange, Removal};
use store::objects::Resource;
use store::{RemovalId, Transaction, UserId, objects, outbox};

use crate::backend::CalendarBackend as _;
use crate::built_in::BuiltIn;
use crate::notify::{Letter, MailData, MailEvent, MailOccurrence};
use crate::report::ShownEvent;
use crate::snapshot::without;
use crate::{Error, Result, Service};

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutBack {
    /// The calendar's name in paths.
    pub calendar: String,
    /// What stands in the calendar again.
    pub event: ShownEvent,
}

impl Service {
    /// Puts back what one line of the history took out: a deleted object as it was, or one occurrence
    /// of a series, which is then as it was before. What else was taken out of the object, earlier, at
    /// the same time or later, stays out.
    ///
    /// The rules know nothing of it: the next run may take it out again, unless its UID is protected.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such line; [`Error::Conflict`] if it was put back already, or
    /// if somebody else has changed the object since: nothing is written over.
    pub async fn put_back(&self, user: Option<UserId>, id: RemovalId) -> Result<PutBack> {
        let now = self.now();
        let transaction = self.store.begin().await?;
        let nothing = || Error::NotFound(format!("the history has no line {id}"));
        let removal = history::removal(&transaction, id).await?.ok_or_else(nothing)?;
        let change = history::change(&transaction, removal.change_id).await?.ok_or_else(nothing)?;
        let calendar =
            calendars::by_id(&transaction, change.calendar_id).await?.ok_or_else(nothing)?;
        let backend = BuiltIn::lock(&transaction, &calendar, now).await?;
        if !history::set_put_back(&transaction, id, user, now.0).await? {
            return Err(Error::Conflict(format!("line {id} of the history was put back already")));
        }
        let current = backend.read(&change.href).await?;
        let all = history::changes_of(&transaction, calendar.id, &change.href).await?;
        let at = all.iter().position(|it| it.id == change.id).ok_or_else(nothing)?;
        check_unchanged(&all[at..], current.as_ref())?;
        let at = first_of_chain(&transaction, &all, at).await?;
        let text = text_with(&transaction, &calendar, &all[at..], &removal, now).await?;
        let etag = match &current {
            Some(current) => backend.replace(&change.href, &current.etag, &text).await?,
            None => {
                let others = objects::by_uid(&transaction, calendar.id, &change.uid).await?;
                if !change.uid.is_empty() && !others.is_empty() {
                    return Err(Error::Conflict(
                        "another event with the same id is in the calendar by now".to_owned(),
                    ));
                }
                backend.create(&change.href, &text).await?
            }
        };
        let record = NewChange {
            run: None,
            calendar: calendar.id,
            href: &change.href,
            uid: &change.uid,
            cause: Cause::PutBack,
            user,
            before: current.as_ref().map(|it| (it.text.as_slice(), it.etag.as_str())),
            after: Some((&text, Some(&etag))),
            now: now.0,
        };
        history::insert_change(&transaction, &record).await?;
        let event = self.tell(&transaction, &calendar, &removal, &change, now).await?;
        transaction.commit().await?;
        Ok(PutBack { calendar: calendar.slug, event })
    }

    /// Tells the organizer, unless nothing was said yet of the removal: then that is not said either.
    async fn tell(
        &self,
        transaction: &Transaction,
        calendar: &Calendar,
        removal: &Removal,
        change: &Change,
        now: Moment,
    ) -> Result<ShownEvent> {
        let event: ShownEvent = serde_json::from_str(&removal.event).map_err(store::Error::from)?;
        outbox::forget_announced(transaction, calendar.id, &change.uid, removal.original).await?;
        let address_of = |event: &ShownEvent| {
            let address = event.organizer.as_ref().or(calendar.contact_address.as_ref());
            address.map(|address| address.trim().to_lowercase())
        };
        let Some(address) = address_of(&event) else { return Ok(event) };
        let mut is_all_back = true;
        for line in history::removals_of(transaction, change.id).await? {
            let of_line: ShownEvent =
                serde_json::from_str(&line.event).map_err(store::Error::from)?;
            is_all_back &=
                line.put_back_at.is_some() || address_of(&of_line).as_ref() != Some(&address);
        }
        if is_all_back && outbox::drop_unsent(transaction, change, &address).await? {
            return Ok(event);
        }
        let is_announced = removal.untold.is_none()
            && calendar.template.is_some()
            && change.cause == Cause::Clear.as_str();
        if is_announced {
            let is_recurring = removal.kind == Kind::CancelledOverlapping.as_str();
            let mail_event = MailEvent {
                name: event.name.clone(),
                start: event.start.clone(),
                end: event.end.clone(),
                created: event.created.clone(),
                organizer: event.organizer.clone(),
                is_prioritized: false,
            };
            let data = MailData {
                calendar_name: calendar.name.clone(),
                zone: calendar.zone.clone(),
                event: mail_event,
                is_deleted: false,
                is_cancelled: false,
                is_recurring,
                is_deprioritized: false,
                reason: None,
                overlap_events: Vec::new(),
                occurrences: vec![MailOccurrence {
                    start: event.start.clone(),
                    end: event.end.clone(),
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
        Ok(event)
    }
}

/// Makes sure that since the first of these changes nobody but us has written the object.
fn check_unchanged(chain: &[Change], current: Option<&Resource>) -> Result<()> {
    let mut texts = chain.windows(2).map(|pair| (&pair[0].after_text, &pair[1].before_text));
    let last = chain.last().and_then(|change| change.after_text.as_ref());
    let is_ours = texts.all(|(after, before)| after == before);
    if is_ours && last == current.map(|it| &it.text) {
        return Ok(());
    }
    Err(Error::Conflict(
        "the event was changed by somebody else since; putting it back would write over that. \
         `history show --ics` prints it as it was"
            .to_owned(),
    ))
}

/// Where to begin to work out an object anew that the change at `at` is to be undone of: what was put
/// back of changes before it stands in none of the texts that came after them, so it begins as early
/// as all is ours and only occurrences are still out.
async fn first_of_chain(transaction: &Transaction, all: &[Change], mut at: usize) -> Result<usize> {
    while at > 0 && all[at - 1].after_text == all[at].before_text {
        let lines = history::removals_of(transaction, all[at - 1].id).await?;
        let is_occurrence = |line: &Removal| line.kind == Kind::CancelledOverlapping.as_str();
        if !lines.iter().all(|line| line.put_back_at.is_some() || is_occurrence(line)) {
            break;
        }
        at -= 1;
    }
    Ok(at)
}

/// The object as it was before the first of these changes, without what was taken out of it and was
/// not put back; with what is put back now.
async fn text_with(
    transaction: &Transaction,
    calendar: &Calendar,
    chain: &[Change],
    removal: &Removal,
    now: Moment,
) -> Result<Vec<u8>> {
    let mut still_out = Vec::new();
    for change in chain {
        for line in history::removals_of(transaction, change.id).await? {
            if line.id == removal.id || line.put_back_at.is_some() {
                continue;
            }
            if line.kind != Kind::CancelledOverlapping.as_str() {
                return Err(Error::Conflict(format!(
                    "the whole event was removed or replaced later; put back line {} of the \
                     history first",
                    line.id
                )));
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
    let text = text.and_then(|text| text.ok_or_else(|| "nothing would remain of it".to_owned()));
    text.map_err(|reason| {
        Error::Conflict(format!("what was removed later cannot be kept out: {reason}"))
    })
}
