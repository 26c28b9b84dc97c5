//! Sending the messages of the outbox: one step of the worker as a function, so that tests drain it
//! without sleeping.
//!
//! A worker claims a message, renders it, sends the envelope, records the attempt, then transmits the body;
//! what came of it is written down at once. So a process that dies loses nothing, and sends nothing
//! twice but where it died, or lost the line, between the last byte of a message and the server's answer;
//! that is counted, and the message has the same Message-ID.

use std::sync::Arc;

use facts::new_id;
use mail::Mailer;
use mail::{Accepted, Content, Email, Failure, Notice, SendError, Session};
use store::delivery::{self, ClaimedMessage, DeliveryOutcome};
use store::outbox::{self, MessageKind, MessageState};
use tracing::Instrument as _;

use crate::mail::attempt::{log, of_copies, traced};
use crate::mail::caps::is_outside;
use crate::mail::links::WaysOn;
use crate::mail::queue::{MAX_A_DAY, had_enough};
use crate::mail::rendered::{Said, calendar_file, stored};
use crate::mail::smtp_fault::{email_error, smtp_fault};
use crate::{Error, Message, MessageId, Result, Service, Stage};

/// How many messages are sent at once.
const PARALLEL: u32 = 4;
/// How long a message may be rendered and offered before another process claims it, in seconds.
const HELD: i64 = 120;
/// How long a server may take to answer a message before another process claims it, in seconds: longer
/// than [`mail::Timeouts`] waits.
const HELD_WITH_SERVER: i64 = delivery::MAX_CLAIM_SECONDS;
/// After how many seconds a message is given up that the server puts off.
const GIVEN_UP_AFTER: i64 = 48 * 3_600;
/// The first pause before another try, and the longest, in seconds; each is twice the one before.
const PAUSES: [i64; 2] = [60, 4 * 3_600];
/// By how many parts of a hundred a pause is longer or shorter, by chance.
const JITTER: i64 = 25;
/// Seconds after which a due message that was never tried is old news: there was no mail
/// server.
const STALE_AFTER: i64 = 7 * 24 * 3_600;

/// How often it is tried again to write down what a server said, and after which pause; each is longer
/// than the one before.
const MAX_DATABASE_TRIES: u32 = 10;
const DATABASE_PAUSE: std::time::Duration = std::time::Duration::from_millis(200);
/// Gathered messages that one step sends on their way.
const MAX_RELEASED: usize = 1_000;

/// What a worker does next.
enum Next {
    /// Nothing is due.
    Nothing,
    /// A message was held in place of being sent.
    Held,
    /// It sends this message.
    Message(Box<ClaimedMessage>),
}

/// What one step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Messages that the server accepted.
    pub sent: usize,
    /// Messages that are tried again later.
    pub put_off: usize,
    /// Messages that are given up, or are not to go.
    pub ended: usize,
}

impl Delivered {
    fn add(&mut self, outcome: &DeliveryOutcome) {
        match outcome {
            DeliveryOutcome::Sent(_) => self.sent += 1,
            DeliveryOutcome::PutOff(..)
            | DeliveryOutcome::AnswerLost(..)
            | DeliveryOutcome::CopiesPutOff(..) => self.put_off += 1,
            _ => self.ended += 1,
        }
    }
}

/// How long to wait after this number of tries, in seconds; `chance` is of 0 to 99.
fn pause_after(attempts: i64, chance: i64) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default().min(16);
    let pause = (PAUSES[0] << doublings).min(PAUSES[1]);
    let jitter = (chance.rem_euclid(100) - 50) * 2 * JITTER / 100;
    pause + pause * jitter / 100
}

impl Service {
    /// Sends what is due, at most so much that the limit of a minute allows, and returns when nothing is
    /// left to do now. Without a mail server it does nothing.
    ///
    /// # Errors
    ///
    /// When the database fails. What a server does is no error: it stands in the outbox.
    pub async fn deliver_due(&self) -> Result<Delivered> {
        let Some(mailer) = &self.mailer else { return Ok(Delivered::default()) };
        self.release_gathered().await?;
        let now = self.now().0;
        let due = delivery::count_due(&self.store, now, PARALLEL).await?;
        if due == 0 || !mailer.may_send(now) {
            return Ok(Delivered::default());
        }
        let mut working = Vec::new();
        for _ in 0..due {
            let (service, mailer) = (self.clone(), Arc::clone(mailer));
            working.push(tokio::spawn(async move { service.deliver_in_turn(&mailer).await }));
        }
        let mut delivered = Delivered::default();
        let mut result = Ok(());
        for one in working {
            match one.await.map_err(|error| Error::Internal(error.to_string())) {
                Ok(Ok(of_one)) => {
                    delivered.sent += of_one.sent;
                    delivered.put_off += of_one.put_off;
                    delivered.ended += of_one.ended;
                }
                Ok(Err(error)) | Err(error) => result = Err(error),
            }
        }
        result.map(|()| delivered)
    }

    /// Sends one message after the other over one connection.
    async fn deliver_in_turn(&self, mailer: &Mailer) -> Result<Delivered> {
        let mut delivered = Delivered::default();
        let mut session: Option<Box<dyn Session>> = None;
        let holder = format!("{} {}", self.process, new_id());
        let mut last: Option<(ClaimedMessage, DeliveryOutcome)> = None;
        let done = loop {
            let next = match self.record_and_claim(mailer, &holder, last.as_ref()).await {
                Ok((is_recorded, next)) => {
                    match last.take() {
                        Some((taken, outcome)) if is_recorded => {
                            delivered.add(&outcome);
                            log(&taken, &outcome);
                        }
                        Some((taken, _)) => {
                            tracing::warn!(message = taken.id.0, "another process took it over");
                        }
                        None => {}
                    }
                    next
                }
                Err(error) => break Err(error),
            };
            let taken = match next {
                Next::Nothing => break Ok(()),
                Next::Held => {
                    delivered.ended += 1;
                    continue;
                }
                Next::Message(taken) => *taken,
            };
            match self.deliver_one(mailer, &mut session, &taken, &holder).await {
                Ok(outcome) => {
                    last = outcome.map(|it| match taken.copies {
                        Some(_) => (taken, of_copies(it)),
                        None => (taken, it),
                    });
                }
                Err(error) => break Err(error),
            }
        };
        if let Some(session) = session {
            session.end().await;
        }
        done?;
        Ok(delivered)
    }

    /// Records the outcome of the last message and claims the next one, in one transaction; also returns
    /// whether this process still held the last one. It is tried again if another transaction conflicts,
    /// so that no outcome is lost.
    async fn record_and_claim(
        &self,
        mailer: &Mailer,
        holder: &str,
        last: Option<&(ClaimedMessage, DeliveryOutcome)>,
    ) -> Result<(bool, Next)> {
        let mut tries = 0;
        loop {
            let done: Result<_> = async {
                let transaction = self.store.begin().await?;
                let now = self.now().0;
                let is_recorded = match last {
                    Some((taken, outcome)) => {
                        self.record_outcome(&transaction, (taken, outcome), holder, now).await?
                    }
                    None => false,
                };
                let is_draining = self.stopping.has_come(Stage::Draining);
                let next = match mailer.may_send(now) && !is_draining {
                    true => {
                        delivery::claim(&transaction, holder, HELD, mailer.a_minute, now).await?
                    }
                    false => None,
                };
                let next = match next {
                    None => Next::Nothing,
                    Some(taken) if self.admit(&transaction, mailer, &taken, now).await? => {
                        Next::Message(Box::new(taken))
                    }
                    Some(_) => Next::Held,
                };
                transaction.commit().await?;
                Ok((is_recorded, next))
            }
            .await;
            match done {
                Err(error) if tries < MAX_DATABASE_TRIES => {
                    tries += 1;
                    tracing::warn!(%error, tries, "the outbox could not be written; it is tried again");
                    tokio::time::sleep(DATABASE_PAUSE * tries).await;
                }
                done => return done,
            }
        }
    }

    /// What comes of one message; `None` if another process has taken it over.
    async fn deliver_one(
        &self,
        mailer: &Mailer,
        session: &mut Option<Box<dyn Session>>,
        taken: &ClaimedMessage,
        holder: &str,
    ) -> Result<Option<DeliveryOutcome>> {
        let now = self.now().0;
        let is_stale = |now: i64| taken.attempts == 1 && taken.due_at < now - STALE_AFTER;
        let is_too_late = |now: i64| now - taken.first_tried_at >= GIVEN_UP_AFTER;
        // Nothing is given up by a clock that is ahead.
        let settled = match is_stale(now) || is_too_late(now) {
            true => self.settled_now().await?.0,
            false => now,
        };
        if is_stale(settled) {
            return Ok(Some(DeliveryOutcome::Failed(stored(MessageId::TooOldToSend))));
        }
        if let Some(why) = self.why_refused(&taken.address) {
            return Ok(Some(DeliveryOutcome::Refused(why.to_stored())));
        }
        if self.is_outdated_warning(&self.store, taken).await? && taken.copies.is_none() {
            let why = stored(MessageId::WarningHasEnded);
            return Ok(Some(DeliveryOutcome::Discarded(why)));
        }
        let is_too_late = is_too_late(settled);
        let chance = i64::from(rand::random::<u8>()) * 100 / 256;
        let due_at = now + pause_after(taken.attempts, chance);
        // Who gets a copy does not act for the recipient.
        let ways_on = match taken.copies {
            None => {
                let is_inside = !is_outside(&taken.address, &mailer.sender.address);
                self.ways_on(taken, is_inside).await?
            }
            Some(_) => WaysOn::default(),
        };
        let has_links = !ways_on.links.is_empty();
        let is_offer = *taken.kind == MessageKind::Offer && taken.copies.is_none();
        if is_offer && ways_on.links.restore.is_none() {
            // It was taken, or its time is over.
            return Ok(Some(DeliveryOutcome::Discarded(stored(MessageId::OfferHasEnded))));
        }
        let message = self.rendered(*taken.kind, &taken.data, taken.calendar_id, ways_on).await?;
        let Said { rendered, note, attaches, logo } = match message {
            Ok(said) => said,
            Err(DeliveryOutcome::PutOff(_, words)) if !is_too_late => {
                return Ok(Some(DeliveryOutcome::PutOff(due_at, words)));
            }
            Err(DeliveryOutcome::PutOff(_, words)) => {
                return Ok(Some(DeliveryOutcome::Failed(words)));
            }
            Err(outcome) => return Ok(Some(outcome)),
        };
        let mut sender = self.sender_of(mailer, taken).await?;
        let copies = match has_links {
            true => std::mem::take(&mut sender.to_mut().bcc),
            false => Vec::new(),
        };
        let file = if attaches { calendar_file(taken, now) } else { None };
        let content = Content { rendered: &rendered, file: file.as_ref(), logo: logo.as_ref() };
        let email = match sender.email_with(&taken.address, content, &taken.message_id, now) {
            Ok(email) => email,
            Err(error) => {
                return Ok(Some(DeliveryOutcome::Refused(stored(email_error(&error)))));
            }
        };
        let email = match &taken.copies {
            Some(copies) => email.only_copies(&copies.split(',').collect::<Vec<_>>()),
            None => email,
        };
        let span = traced(taken);
        let sent =
            self.send(mailer, session, &email, taken, holder).instrument(span.clone()).await?;
        if matches!(sent, Some(Err(_))) {
            span.record("otel.status_code", "ERROR");
        }
        let Some(sent) = sent else { return Ok(None) };
        mailer.note(now, !matches!(&sent, Err(error) if error.failure == Failure::Server));
        Ok(Some(match sent {
            Ok(Accepted { notes, later }) => {
                let (put_off, of_later): (Vec<_>, Vec<_>) = later.into_iter().unzip();
                // Those that were not sent for their links follow at once.
                let (due_at, copies) = match copies.is_empty() {
                    true => (due_at, put_off),
                    false => (now, copies),
                };
                let is_for_links = has_links && !copies.is_empty();
                let notes = notes.iter().chain(&of_later).map(smtp_fault);
                let follow = is_for_links.then(|| MessageId::CopiesFollow.into());
                let all: Vec<Message> = note.into_iter().chain(notes).chain(follow).collect();
                let said = all.into_iter().rev().reduce(|rest, it| MessageId::both(it, rest));
                match said {
                    Some(said) if !copies.is_empty() && (is_for_links || !is_too_late) => {
                        DeliveryOutcome::CopiesPutOff(due_at, stored(said), copies)
                    }
                    said => DeliveryOutcome::Sent(said.map(stored)),
                }
            }
            Err(SendError { failure: Failure::Never, fault }) => {
                DeliveryOutcome::Failed(stored(smtp_fault(&fault)))
            }
            Err(SendError { failure, fault }) => {
                let is_lost = failure == Failure::AnswerLost;
                if is_too_late {
                    let words = stored(MessageId::given_up(smtp_fault(&fault)));
                    return Ok(Some(match is_lost {
                        true => DeliveryOutcome::FailedAnswerLost(words),
                        false => DeliveryOutcome::Failed(words),
                    }));
                }
                let words = stored(smtp_fault(&fault));
                match is_lost {
                    true => DeliveryOutcome::AnswerLost(due_at, words),
                    false => DeliveryOutcome::PutOff(due_at, words),
                }
            }
        }))
    }

    /// Sends the envelope, records the attempt, and transmits the body.
    async fn send(
        &self,
        mailer: &Mailer,
        place: &mut Option<Box<dyn Session>>,
        email: &Email,
        taken: &ClaimedMessage,
        holder: &str,
    ) -> Result<Option<std::result::Result<Accepted, SendError>>> {
        let mut session = match place.take() {
            Some(session) => session,
            None => match mailer.transport.connect().await {
                Ok(session) => session,
                Err(error) => return Ok(Some(Err(error))),
            },
        };
        let accepted = match session.send_envelope(email).await {
            Ok(accepted) => accepted,
            Err(error) => {
                if error.failure != Failure::Server && session.reset().await.is_ok() {
                    *place = Some(session);
                }
                return Ok(Some(Err(error)));
            }
        };
        let transaction = self.store.begin().await?;
        let now = self.now().0;
        let is_held =
            delivery::start_transmission(&transaction, taken.id, holder, HELD_WITH_SERVER, now)
                .await?;
        transaction.commit().await?;
        if !is_held {
            // The server waits for a message that will not come; only the end of the line says so.
            return Ok(None);
        }
        let handed = session.transmit(email).await;
        let is_over = matches!(&handed, Err(error) if error.failure == Failure::AnswerLost);
        if !is_over {
            *place = Some(session);
        }
        Ok(Some(handed.map(|_| accepted)))
    }

    /// Sends gathered messages on their way that wait for no other any more: one for each series, with
    /// all that was gathered.
    async fn release_gathered(&self) -> Result<()> {
        let now = self.now();
        for _ in 0..MAX_RELEASED {
            if delivery::due_gathered(&self.store, now.0).await?.is_none() {
                return Ok(());
            }
            let transaction = self.store.begin().await?;
            let Some(first) = delivery::due_gathered(&transaction, now.0).await? else {
                return Ok(());
            };
            let gathered =
                outbox::join_gathered(&transaction, first.calendar_id, &first.uid, &first.address)
                    .await?;
            let mut all = gathered
                .iter()
                .map(|text| serde_json::from_str::<Notice>(text).map_err(store::Error::from));
            // Another process was quicker.
            let Some(data) = all.next() else { continue };
            let mut data = data?;
            for other in all {
                data.absorb(other?);
            }
            let since = now.0 - ical::civil::DAY;
            let count = outbox::count_since(&transaction, &first.address, since).await?;
            let over = had_enough().to_stored();
            let (state, detail) = match count >= MAX_A_DAY {
                true => (MessageState::OverLimit, Some(over.as_str())),
                false => (MessageState::Waiting, None),
            };
            let data =
                serde_json::to_string(&data).map_err(|error| Error::Internal(error.to_string()))?;
            delivery::release(&transaction, first.id, &data, state, detail, now.0).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_a_minute_to_four_hours_and_reach_over_two_days() {
        let middle = |attempts| pause_after(attempts, 50);
        assert_eq!([1, 2, 3].map(middle), [60, 120, 240]);
        assert_eq!([8, 9, 50].map(middle), [7_680, 14_400, 14_400]);
        assert_eq!([0, 99].map(|chance| pause_after(2, chance)), [90, 148]);
        let (mut passed, mut tries) = (0, 1);
        while passed < GIVEN_UP_AFTER {
            passed += middle(tries);
            tries += 1;
        }
        assert!((15..25).contains(&tries), "{tries}");
    }
}
