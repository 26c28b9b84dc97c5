//! Changing an object on a server, so that nothing is lost whenever the process or the server dies: the
//! object as it was and what is to be said of it are in the database before the server is asked, and
//! what became of it is written down after. What dies in between is settled later ([`crate::settle`]).

use std::time::Duration;

use clearing::Sight;
use ical::Moment;
use store::calendars::{self, Calendar};
use store::history::{self, ByRun, Cause, NewChange, Starter, State};
use store::objects::{self, Resource};
use store::{ChangeId, Transaction, mirror};

use crate::backend::{BackendError, CalendarBackend as _, Version};
use crate::changes::decision::{Decision, guard};
use crate::changes::recover::Evidence;
use crate::claims::{ClaimKeeper, ComeAndGone, last_look};
use crate::delete_event::new_removal;
use crate::intent::Intent;
use crate::leases::Lease;
use crate::notify::Announcer;
use crate::object_row::ObjectRow;
use crate::on_server::OnServer;
use crate::put_back::is_moved;
use crate::settle::Fate;
use crate::{Error, Result, Said, Service};

/// How often a write is sent whose answer was lost, and that turned out not to have been done.
const MAX_SENDS: u32 = 3;
/// The pause before it is sent again; each is longer than the one before.
const RESEND_PAUSE: Duration = Duration::from_millis(200);

/// A change that is to be made on a server.
#[derive(Debug)]
pub(crate) struct ServerChange<'c> {
    /// The run that makes it.
    pub run: Option<ByRun>,
    /// Why.
    pub cause: Cause,
    /// Who asked for it, and how; `None` of a run.
    pub asked: Option<Starter>,
    /// Where the object lies.
    pub href: &'c str,
    /// Its UID.
    pub uid: &'c str,
    /// The object before; `None` where there is none.
    pub before: Option<Version<'c>>,
    /// The object after; `None` to delete it.
    pub after: Option<&'c [u8]>,
    /// What it has to record and to say once it is made.
    pub intent: Intent,
    /// When it was decided, and what that rests on.
    pub decided: Decision,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// It was made.
    Done {
        /// As which change it is known.
        change: ChangeId,
        /// Whether the object has to be read back, because the server does not tell its version.
        is_version_known: bool,
    },
    /// The object is not the one that was decided on; nothing was done, and the mirror has it as it is.
    Changed,
    /// The server refused it: its words.
    Refused(Said),
    /// It was not sent: the decision does not hold any more. The process may have been frozen in the
    /// middle, or the request had to wait for too long.
    Late,
    /// It is not known whether it will still be made. The object is left alone until that is known.
    InDoubt,
}

/// Whether a request of the same change was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Earlier {
    /// None was.
    None,
    /// One was whose end nobody saw.
    InDoubt,
}

/// An object as a server has it now, with what is known of its version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now<'n> {
    /// Its ETag; an empty text where that is not known.
    pub etag: &'n str,
    /// Its text.
    pub text: &'n [u8],
}

impl Service {
    /// Makes a change on a server, under leases.
    ///
    /// Nothing is sent once the decision does not hold any more, however long it had to wait: then it is
    /// [`Made::Late`], or as much in doubt as an earlier request of the change has left it.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the server does not do its part. If it is not known whether it was done,
    /// that is settled when the server can be asked. [`Error::Busy`] if a lease was lost.
    pub(crate) async fn change_on_server(
        &self,
        server: &OnServer,
        leases: &[&Lease],
        change: &ServerChange<'_>,
    ) -> Result<Made> {
        let prepared = self.clock.instant();
        let Some(id) = self.prepare(server, leases, change).await? else { return Ok(Made::Late) };
        let guarded = server.guarded(guard(&self.clock, prepared, Some(change.decided)));
        // Whether a request got no answer: the server may carry it out late, whatever it says of later ones.
        let mut is_unanswered = false;
        // What the last request came to whose end nobody saw.
        let mut doubt = None;
        for send in 1.. {
            let earlier = if doubt.is_none() { Earlier::None } else { Earlier::InDoubt };
            let (error, refusal) = match send_to(&guarded, change).await {
                Ok(etag) => {
                    let now = change.after.map(|text| Now { etag: &etag, text });
                    let transaction = self.store.begin().await?;
                    let made = Evidence::Confirmed;
                    self.record_made(&transaction, server, id, change, now, made).await?;
                    transaction.commit().await?;
                    let is_version_known = change.after.is_none() || !etag.is_empty();
                    return Ok(Made::Done { change: id, is_version_known });
                }
                Err(BackendError::Changed) => {
                    return self.met_another(server, id, change, earlier).await;
                }
                Err(BackendError::Unknown { error, refusal }) => (error, refusal),
                Err(error) => return self.not_made(id, error, doubt).await,
            };
            is_unanswered |= refusal.is_none();
            let intent = &change.intent;
            match self.fate(server, change.href, change.before, change.after, intent).await {
                Ok(Fate::Made(current, evidence)) => {
                    let now = current.as_ref().map(|it| Now { etag: &it.etag, text: &it.text });
                    let transaction = self.store.begin().await?;
                    self.record_made(&transaction, server, id, change, now, evidence).await?;
                    transaction.commit().await?;
                    return Ok(Made::Done { change: id, is_version_known: true });
                }
                Ok(Fate::NotMade) if send < MAX_SENDS && change.decided.holds(&self.clock) => {
                    doubt = Some(error);
                    tokio::time::sleep(RESEND_PAUSE * send).await;
                    self.hold(leases).await?;
                }
                Ok(Fate::NotMade) => match refusal {
                    Some(words) if send == MAX_SENDS && !is_unanswered => {
                        self.settle_as(id, State::Refused, Some(&words.to_stored())).await?;
                        return Ok(Made::Refused(words));
                    }
                    // The server may carry it out yet: it is watched (`changes::recover`).
                    _ => return Err(error),
                },
                Ok(Fate::Overtaken) => {
                    return self.met_another(server, id, change, Earlier::InDoubt).await;
                }
                // It stays prepared, until somebody can look.
                Err(_) => return Err(error),
            }
        }
        Err(Error::Internal("a change was sent for ever".to_owned()))
    }

    /// Writes down that a request did nothing. If an earlier one of the same change is in `doubt`, the
    /// change stays in doubt, whatever this one came to.
    async fn not_made(
        &self,
        id: ChangeId,
        error: BackendError,
        doubt: Option<Error>,
    ) -> Result<Made> {
        match (error, doubt) {
            (BackendError::Withdrawn, None) => {
                self.settle_as(id, State::Abandoned, None).await?;
                Ok(Made::Late)
            }
            (BackendError::Withdrawn, Some(doubt)) => Err(doubt),
            (BackendError::Refused(words), doubt) => {
                if doubt.is_none() {
                    self.settle_as(id, State::Refused, Some(&words.to_stored())).await?;
                }
                Ok(Made::Refused(words))
            }
            (error, doubt) => {
                let error = Error::from(error);
                if doubt.is_none() {
                    self.settle_as(id, State::Abandoned, Some(&error.said().to_stored())).await?;
                }
                Err(error)
            }
        }
    }

    /// Makes sure that leases are still held.
    async fn hold(&self, leases: &[&Lease]) -> Result<()> {
        let transaction = self.store.begin().await?;
        for lease in leases {
            lease.hold(&transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Looks at an object that is not of the version that a change was for. It may be what the change
    /// was to make of it all the same: what lies between repeats requests, and then the second one meets
    /// what the first one has done. Else the mirror has it from now on as it is. One that is gone was
    /// deleted by somebody else, unless an earlier request of ours is in doubt.
    async fn met_another(
        &self,
        server: &OnServer,
        id: ChangeId,
        change: &ServerChange<'_>,
        earlier: Earlier,
    ) -> Result<Made> {
        if change.after.is_none() && earlier == Earlier::None {
            // The server has said that it did not delete it.
            self.settle_as(id, State::Changed, None).await?;
        }
        // If it cannot be read, the change stays prepared, until somebody can look.
        let current = server.read(change.href).await?;
        let is_made = match (&current, change.after) {
            (None, None) => earlier == Earlier::InDoubt,
            (Some(there), Some(after)) => {
                ical::means_the_same(after, &there.text)
                    || server.collection.quirks().rewrites_bodies
                        && self.lacks_all(server, change.before, after, &there.text, &change.intent)
            }
            _ => false,
        };
        if !is_made && earlier == Earlier::InDoubt && !server.honours_versions(change) {
            return Ok(Made::InDoubt);
        }
        let transaction = self.store.begin().await?;
        if is_made {
            let now = current.as_ref().map(|it| Now { etag: &it.etag, text: &it.text });
            let evidence = match now {
                Some(_) => Evidence::Confirmed,
                None => Evidence::NotConfirmed,
            };
            self.record_made(&transaction, server, id, change, now, evidence).await?;
            transaction.commit().await?;
            return Ok(Made::Done { change: id, is_version_known: true });
        }
        history::settle(&transaction, id, State::Changed, None).await?;
        self.mirror_object(&transaction, server, change.href, current).await?;
        transaction.commit().await?;
        Ok(Made::Changed)
    }

    /// Writes down what is about to be asked of a server; `None` if its decision does not hold any more.
    async fn prepare(
        &self,
        server: &OnServer,
        leases: &[&Lease],
        change: &ServerChange<'_>,
    ) -> Result<Option<ChangeId>> {
        let transaction = self.store.begin().await?;
        for lease in leases {
            lease.hold(&transaction).await?;
        }
        if !change.decided.holds(&self.clock) {
            return Ok(None);
        }
        let record = NewChange {
            run: change.run,
            calendar: server.calendar.id,
            href: change.href,
            uid: change.uid,
            cause: change.cause,
            asked: change.asked,
            before: change.before.map(|it| (it.text, it.etag)),
            after: change.after.map(|text| (text, None)),
            now: self.now().0,
        };
        let intent = change.intent.to_json()?;
        let id = history::prepare_change(&transaction, &record, &intent).await?;
        transaction.commit().await?;
        Ok(Some(id))
    }

    pub(crate) async fn settle_as(
        &self,
        id: ChangeId,
        state: State,
        detail: Option<&str>,
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        history::settle(&transaction, id, state, detail).await?;
        Ok(transaction.commit().await?)
    }

    /// Writes down that a change was made, in one transaction with all that follows from it: the
    /// mirror, the history and the messages. `now` is the object that is there, if there is one.
    pub(crate) async fn record_made(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        id: ChangeId,
        change: &ServerChange<'_>,
        now: Option<Now<'_>>,
        evidence: Evidence,
    ) -> Result<()> {
        if !history::settle(transaction, id, State::Done, evidence.detail().as_deref()).await? {
            // Somebody else did.
            return Ok(());
        }
        if change.after.is_none() {
            // Whoever asked for the same before and saw no answer: it is recorded once.
            let id_of_calendar = server.calendar.id;
            history::abandon_others(transaction, id_of_calendar, change.href, id).await?;
        }
        let moment = self.now();
        self.mirror_change(transaction, server, change, now, moment).await?;
        // What somebody else made of it after us is no version of ours: putting back would write over it.
        if let (Some(now), Some(after)) = (now, change.after)
            && ical::means_the_same(after, now.text)
        {
            history::set_etag(transaction, id, now.etag).await?;
        }
        match &change.intent {
            Intent::Clear(loss) => {
                let announcer = Announcer::new(self, transaction, &server.calendar, moment);
                announcer.record(id, loss).await?;
            }
            Intent::Request(removal) => {
                history::insert_removal(transaction, id, &new_removal(removal)?).await?;
            }
            // It is settled as a booking (`create_on_server`).
            Intent::Book { .. } => {}
            Intent::PutBack { removal, back } => {
                let user = change.asked.and_then(|it| it.user);
                let back = back.as_ref();
                self.record_put_back(transaction, *removal, back, user, moment).await?;
            }
        }
        Ok(())
    }

    /// Writes a change that was made on the server into the mirror.
    async fn mirror_change(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        change: &ServerChange<'_>,
        now: Option<Now<'_>>,
        moment: Moment,
    ) -> Result<()> {
        let calendar = &server.calendar;
        let revision = calendars::lock(transaction, calendar.id).await?;
        revision.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let keeper = ClaimKeeper::new(transaction, calendar);
        let before = change.before.map(|it| it.text);
        let Some(now) = now else {
            remove_row(transaction, server, change.href).await?;
            return keeper.end((change.uid, change.href), before, moment).await;
        };
        // What the server has made of it is read back; until then its version says nothing of our text.
        let is_rewritten = change.after.is_some() && server.collection.quirks().rewrites_bodies;
        let etag = if is_rewritten { "" } else { now.etag };
        let row = ObjectRow::new(calendar, change.href, etag, now.text, moment);
        row.see(transaction, calendar).await?;
        let (_, unseen_look) = last_look(transaction, calendar).await?;
        let uid = (row.resource.uid.as_str(), change.href);
        let sight = Sight::Written { at: moment, unseen_look };
        let nothing = &mut ComeAndGone::default();
        match &change.intent {
            Intent::PutBack { removal, back } => {
                let removal = history::removal(transaction, *removal).await?;
                match removal.filter(|it| !is_moved(back.as_ref(), it)) {
                    Some(removal) => {
                        let removed_at = Moment(removal.made_at);
                        keeper.restore(uid, before, now.text, removed_at, sight).await?;
                    }
                    // A date that is back at another time has not held that one before.
                    None => keeper.see(uid, before, now.text, sight, nothing).await?,
                }
            }
            _ => keeper.see(uid, before, now.text, sight, nothing).await?,
        }
        put_row(transaction, server, &row).await
    }

    /// Writes an object into the mirror as the server has it now, or takes it out if there is none.
    pub(crate) async fn mirror_object(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        href: &str,
        current: Option<Resource>,
    ) -> Result<()> {
        let calendar = &server.calendar;
        let revision = calendars::lock(transaction, calendar.id).await?;
        revision.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let Some(current) = current else {
            // The server was asked for it, so its claim ends.
            if let Some(there) = objects::by_href(transaction, calendar.id, href).await? {
                let keeper = ClaimKeeper::new(transaction, calendar);
                keeper.end((&there.uid, href), Some(&there.text), self.now()).await?;
            }
            return remove_row(transaction, server, href).await;
        };
        let moment = self.now();
        let row = ObjectRow::new(calendar, href, &current.etag, &current.text, moment);
        let before = objects::by_href(transaction, calendar.id, href).await?;
        let before = before.as_ref().map(|it| it.text.as_slice());
        see_read(transaction, calendar, &row, before, moment).await?;
        put_row(transaction, server, &row).await
    }

    /// Reads objects back whose version is not known after a write, or that the server has rewritten.
    pub(crate) async fn read_back(
        &self,
        server: &OnServer,
        written: &[(ChangeId, String)],
    ) -> Result<()> {
        for chunk in written.chunks(caldav::MULTIGET_CHUNK) {
            let hrefs: Vec<_> =
                chunk.iter().map(|(_, href)| caldav::Href::from_store(href.as_str())).collect();
            let fetched = match server.collection.multiget(&hrefs).await {
                Ok(fetched) => fetched,
                Err(error) => return Err(server.error(&error).await),
            };
            let transaction = self.store.begin().await?;
            calendars::lock(&transaction, server.calendar.id).await?;
            for ((change, href), fetched) in chunk.iter().zip(fetched) {
                // What is gone by now the next look at the calendar will say.
                let caldav::Outcome::Found { etag: Some(etag), text } = fetched.outcome else {
                    continue;
                };
                let etag = etag.as_str();
                let row = ObjectRow::new(&server.calendar, href, etag, &text, self.now());
                let before = objects::by_href(&transaction, server.calendar.id, href).await?;
                let before = before.as_ref().map(|it| it.text.as_slice());
                see_read(&transaction, &server.calendar, &row, before, self.now()).await?;
                put_row(&transaction, server, &row).await?;
                // Somebody may have written it since: that is no version of ours, and putting back
                // would write over it.
                let made = history::change(&transaction, *change).await?;
                let is_ours = made.is_some_and(|made| {
                    made.after_etag.as_deref() == Some(etag)
                        || made.after_text.is_some_and(|it| ical::means_the_same(&it, &text))
                });
                if is_ours {
                    history::set_etag(&transaction, *change, etag).await?;
                }
            }
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// Records what an object holds that was read for itself, outside of a look.
async fn see_read(
    transaction: &Transaction,
    calendar: &Calendar,
    row: &ObjectRow,
    before: Option<&[u8]>,
    saw: Moment,
) -> Result<()> {
    row.see(transaction, calendar).await?;
    let (unseen, unseen_look) = last_look(transaction, calendar).await?;
    let sight = Sight::Look { unseen, unseen_look, saw };
    let Resource { uid, href, text, .. } = &row.resource;
    let keeper = ClaimKeeper::new(transaction, calendar);
    keeper.see((uid, href), before, text, sight, &mut ComeAndGone::default()).await
}

/// Writes an object that was written on the server into the mirror.
pub(crate) async fn put_row(
    transaction: &Transaction,
    server: &OnServer,
    row: &ObjectRow,
) -> Result<()> {
    let id = server.calendar.id;
    let there = objects::by_href(transaction, id, &row.resource.href).await?;
    row.put(transaction, &server.calendar).await?;
    if there.is_none() {
        mirror::count_change(transaction, id, 1).await?;
    }
    if row.resource.etag.is_empty() {
        mirror::count_unread(transaction, id).await?;
    }
    Ok(())
}

async fn remove_row(transaction: &Transaction, server: &OnServer, href: &str) -> Result<()> {
    let id = server.calendar.id;
    if objects::remove(transaction, id, href).await? {
        mirror::count_change(transaction, id, -1).await?;
    }
    Ok(())
}

/// Asks the server to make a change; its new ETag.
async fn send_to(server: &OnServer, change: &ServerChange<'_>) -> crate::backend::Result<String> {
    match (&change.before, change.after) {
        (Some(before), Some(text)) => server.replace(before, text).await,
        (Some(before), None) => server.delete(before).await.map(|()| String::new()),
        (None, Some(text)) => server.create(change.href, text).await,
        (None, None) => {
            let error = Error::Internal("a change from nothing to nothing".to_owned());
            Err(BackendError::Failed(error))
        }
    }
}
