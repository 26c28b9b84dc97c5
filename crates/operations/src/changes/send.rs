//! Changing an object on a server, so that nothing is lost whenever the process or the server dies: the
//! object as it was and what is to be recorded are in the database before the server is asked, and what
//! became of it is recorded after. A change that was cut off in between is recovered later
//! ([`recover`](crate::changes::recover)).

use std::time::Duration;

use ical::Moment;
use store::history::{self, ChangeState};
use store::{ChangeId, Transaction, calendars};

use crate::changes::change::{By, Change, Made};
use crate::changes::decision::{Decision, guard};
use crate::changes::fate::{Fate, holds};
use crate::changes::in_doubt::Evidence;
use crate::changes::leases::Lease;
use crate::changes::mirrored::Now;
use crate::room::backend::{BackendError, CalendarBackend as _};
use crate::room::on_server::OnServer;
use crate::room::snapshot::zones_of;
use crate::{Error, Result, Service, room};

/// How often a write is sent whose answer was lost, and that turned out not to have been done.
const MAX_SENDS: u32 = 3;
/// The pause before it is sent again; each is longer than the one before.
const RESEND_PAUSE: Duration = Duration::from_millis(200);

/// Whether a request of the same change was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Earlier {
    /// None was.
    None,
    /// One was whose end nobody saw.
    InDoubt,
}

impl Service {
    /// Makes a change on a server, under leases.
    ///
    /// Nothing is sent once the decision does not hold any more, however long it had to wait: then it is
    /// [`Made::Late`], or as much in doubt as an earlier request of the change has left it.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the request to the server fails. If it is not known whether it was done,
    /// it is found out when the server can be asked. [`Error::Busy`] if a lease was lost between two requests.
    pub(crate) async fn change_on_server(
        &self,
        server: &OnServer,
        leases: &[Lease],
        (by, change): (&By, &Change),
        decided: Decision,
    ) -> Result<Made> {
        let prepared = self.clock.instant();
        let id = self.prepare(server, leases, (by, change), decided).await?;
        let id = match id {
            Ok(id) => id,
            Err(not_sent) => return Ok(not_sent),
        };
        let guarded = server.guarded(guard(&self.clock, prepared, decided));
        // Requests without an answer: the server may carry them out late, whatever it says of later ones.
        let mut unanswered = 0_u32;
        // What the last request came to whose end nobody saw.
        let mut doubt = None;
        // The answer to a booking waits for it: a repeated request gets the same booking.
        let sends = if change.is_booking() { 1 } else { MAX_SENDS };
        for send in 1.. {
            let earlier = if doubt.is_none() { Earlier::None } else { Earlier::InDoubt };
            let (error, refusal) = match send_to(&guarded, change).await {
                Ok(etag) => {
                    let now = change.after.as_ref().map(|text| Now { etag: &etag, text });
                    let transaction = self.store.begin().await?;
                    let made = Evidence::Confirmed;
                    self.record_made(&transaction, server, id, (by, change), now, made).await?;
                    self.watch_overtaken(&transaction, server, (by, change), unanswered).await?;
                    transaction.commit().await?;
                    let is_version_known = change.after.is_none() || !etag.is_empty();
                    return Ok(Made::Done { change: id, is_version_known });
                }
                Err(BackendError::Changed) => {
                    return self.met_another(server, id, (by, change), earlier, unanswered).await;
                }
                Err(BackendError::Unknown { error, refusal }) => (error, refusal),
                Err(error) => return self.not_made(server, (id, change), error, doubt).await,
            };
            unanswered += u32::from(refusal.is_none());
            match self.fate(server, change).await {
                Ok(Fate::Made(current, evidence)) => {
                    let now = current.as_ref().map(|it| Now { etag: &it.etag, text: &it.text });
                    let transaction = self.store.begin().await?;
                    self.record_made(&transaction, server, id, (by, change), now, evidence).await?;
                    let others = unanswered.saturating_sub(1);
                    self.watch_overtaken(&transaction, server, (by, change), others).await?;
                    transaction.commit().await?;
                    return Ok(Made::Done { change: id, is_version_known: true });
                }
                Ok(Fate::NotMade) if send < sends && decided.holds(&self.clock) => {
                    doubt = Some(error);
                    tokio::time::sleep(RESEND_PAUSE * send).await;
                    self.hold(leases).await?;
                }
                Ok(Fate::NotMade) => match refusal {
                    // A booking is not sent again, so one answer says too little.
                    Some(words) if !change.is_booking() && send == sends && unanswered == 0 => {
                        self.close_as(server, (id, change), ChangeState::Refused).await?;
                        return Ok(Made::Refused { words, is_server_error: true });
                    }
                    // The server may carry it out yet: it is watched (`changes::recover`).
                    _ => return Err(error),
                },
                Ok(Fate::Overtaken) => {
                    let doubt = Earlier::InDoubt;
                    return self.met_another(server, id, (by, change), doubt, unanswered).await;
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
        server: &OnServer,
        (id, change): (ChangeId, &Change),
        error: BackendError,
        doubt: Option<Error>,
    ) -> Result<Made> {
        match (error, doubt) {
            (BackendError::Withdrawn, None) => {
                self.close_as(server, (id, change), ChangeState::Abandoned).await?;
                Ok(Made::Late)
            }
            (BackendError::Withdrawn, Some(doubt)) => Err(doubt),
            (BackendError::Refused(words), doubt) => {
                if doubt.is_none() {
                    self.close_as(server, (id, change), ChangeState::Refused).await?;
                }
                Ok(Made::Refused { words, is_server_error: false })
            }
            (error, doubt) => {
                let error = Error::from(error);
                if doubt.is_none() {
                    self.close_as(server, (id, change), ChangeState::Abandoned).await?;
                }
                Err(error)
            }
        }
    }

    /// Makes sure that leases are still held.
    async fn hold(&self, leases: &[Lease]) -> Result<()> {
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
        (by, change): (&By, &Change),
        earlier: Earlier,
        unanswered: u32,
    ) -> Result<Made> {
        if change.after.is_none() && earlier == Earlier::None {
            // The server has said that it did not delete it.
            self.close_as(server, (id, change), ChangeState::Changed).await?;
        }
        // If it cannot be read, the change stays prepared, until somebody can look.
        let current = server.read(&change.href).await?;
        let is_made = match (&current, &change.after) {
            // Nobody else takes that place: it was an earlier try, or something between the server and us
            // has sent this one twice.
            (Some(_), Some(_)) if change.is_booking() => true,
            (None, None) => earlier == Earlier::InDoubt,
            // What was to be deleted is gone, and another object has its name.
            (Some(there), None) => earlier == Earlier::InDoubt && !holds(&there.text, change),
            (Some(there), Some(after)) if earlier == Earlier::InDoubt => {
                self.is_written(server, change, after, &there.text)
            }
            // The server has said that it did not write it: somebody else may have removed the same.
            (Some(there), Some(after)) => {
                ical::means_the_same(after, &there.text)
                    || server.collection.quirks().rewrites_bodies
                        && change.intent.loss().is_some()
                        && self.lacks_all(server, change, after, &there.text)
            }
            (None, Some(_)) => false,
        };
        if !is_made && earlier == Earlier::InDoubt && !change.is_honoured_by(server) {
            return Ok(Made::InDoubt);
        }
        let transaction = self.store.begin().await?;
        if is_made {
            let now = current.as_ref().map(|it| Now { etag: &it.etag, text: &it.text });
            let is_ours = |after: &Vec<u8>| {
                change.is_booking()
                    || current.as_ref().is_some_and(|it| ical::means_the_same(after, &it.text))
            };
            let evidence = match change.after.as_ref().is_some_and(is_ours) {
                true => Evidence::Confirmed,
                false => Evidence::NotConfirmed,
            };
            self.record_made(&transaction, server, id, (by, change), now, evidence).await?;
            // One of them was carried out.
            let others = unanswered.saturating_sub(1);
            self.watch_overtaken(&transaction, server, (by, change), others).await?;
            transaction.commit().await?;
            return Ok(Made::Done { change: id, is_version_known: true });
        }
        self.close_in(&transaction, server, (id, change), ChangeState::Changed).await?;
        self.mirror_object(&transaction, server, &change.href, current).await?;
        transaction.commit().await?;
        Ok(Made::Changed)
    }

    /// Writes down what is about to be asked of a server; else why nothing is: its decision does not hold any
    /// more.
    async fn prepare(
        &self,
        server: &OnServer,
        leases: &[Lease],
        (by, change): (&By, &Change),
        decided: Decision,
    ) -> Result<std::result::Result<ChangeId, Made>> {
        let transaction = self.store.begin().await?;
        for lease in leases {
            if !lease.is_held(&transaction).await? {
                return Ok(Err(Made::LeaseLost));
            }
        }
        if !decided.holds(&self.clock) {
            return Ok(Err(Made::Late));
        }
        let id = self.insert_prepared(&transaction, server, (by, change), self.now()).await?;
        transaction.commit().await?;
        Ok(Ok(id))
    }

    /// Keeps watching a change that was made if `others`, requests for it without an answer, may arrive yet
    /// and do harm: a deletion removes what is restored there, under the same ETag on many servers; a write
    /// goes over later ones where the server heeds no version.
    async fn watch_overtaken(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        (by, change): (&By, &Change),
        others: u32,
    ) -> Result<()> {
        let is_harmful = change.after.is_none() || !change.is_honoured_by(server);
        if others == 0 || !is_harmful || change.is_booking() {
            return Ok(());
        }
        let id = self.insert_prepared(transaction, server, (by, change), self.now()).await?;
        Ok(history::set_overtaken(transaction, id).await?)
    }

    /// Writes down a change as one that is asked of a server, at `now`.
    pub(crate) async fn insert_prepared(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        (by, change): (&By, &Change),
        now: Moment,
    ) -> Result<ChangeId> {
        // A removed calendar has no change in doubt that nobody would look after.
        if !calendars::hold(transaction, server.calendar.id).await? {
            return Err(Error::no_calendar(&server.calendar.slug));
        }
        let row = change.row(by, server.calendar.id, None, now);
        let intent = change.intent.to_json()?;
        Ok(history::prepare_change(transaction, &row, &intent).await?)
    }

    /// Closes a change that was not made.
    pub(crate) async fn close_as(
        &self,
        server: &OnServer,
        (id, change): (ChangeId, &Change),
        state: ChangeState,
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        self.close_in(&transaction, server, (id, change), state).await?;
        Ok(transaction.commit().await?)
    }

    async fn close_in(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        (id, change): (ChangeId, &Change),
        state: ChangeState,
    ) -> Result<()> {
        if change.is_booking() {
            // A booking that was not made is no history.
            let calendar = server.calendar.id;
            history::forget_bookings(transaction, calendar, &change.href, Some(id)).await?;
        } else {
            history::finish_change(transaction, id, state, false).await?;
        }
        Ok(())
    }

    /// Writes down that a change was made, in one transaction with all that follows from it: the
    /// mirror, the history and the messages. `now` is the object that is there, if there is one.
    pub(crate) async fn record_made(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        id: ChangeId,
        (by, change): (&By, &Change),
        now: Option<Now<'_>>,
        evidence: Evidence,
    ) -> Result<()> {
        let not_confirmed = evidence == Evidence::NotConfirmed;
        if !history::finish_change(transaction, id, ChangeState::Done, not_confirmed).await? {
            // Somebody else did.
            return Ok(());
        }
        if change.after.is_none() {
            // An earlier request for the same, without an answer: it is recorded once, and watched.
            let id_of_calendar = server.calendar.id;
            history::overtake_others(transaction, id_of_calendar, &change.href, id).await?;
        }
        let moment = self.now();
        self.mirror_change(transaction, server, change, now, moment).await?;
        // What somebody else made of it after us is no version of ours: putting back would write over it.
        if let (Some(now), Some(after)) = (now, &change.after)
            && ical::says_the_same(after, now.text, &mut zones_of(&server.calendar))
        {
            history::set_etag(transaction, id, now.etag).await?;
        }
        self.record(transaction, &server.calendar, (by, change), Some(id), moment).await
    }
}

/// Asks the server to make a change; its new ETag.
async fn send_to(server: &OnServer, change: &Change) -> room::backend::Result<String> {
    match (&change.version(), &change.after) {
        (Some(before), Some(text)) => server.replace(before, text).await,
        (Some(before), None) => server.delete(before).await.map(|()| String::new()),
        (None, Some(text)) => server.create(&change.href, text).await,
        (None, None) => {
            let error = Error::Internal("a change from nothing to nothing".to_owned());
            Err(BackendError::Failed(error))
        }
    }
}
