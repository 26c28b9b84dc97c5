//! Booking in a calendar on a CalDAV server.

use clearing::Sight;
use ical::Moment;
use store::calendars::{self, Calendar};
use store::history::{self, Cause, Change, NewChange, Starter};
use store::{ChangeId, UserId, idempotency, known};

use crate::backend::{BackendError, CalendarBackend as _};
use crate::change_on_server::put_row;
use crate::changes::decision::{Decision, guard};
use crate::changes::recover::is_watched;
use crate::claims::{ClaimKeeper, ComeAndGone, last_look};
use crate::create_event::{Asked, Created, InTheWay, Known, WhenTaken};
use crate::intent::Intent;
use crate::leases::Lease;
use crate::mirror::Freshness;
use crate::object_row::ObjectRow;
use crate::on_server::OnServer;
use crate::snapshot::zone_of;
use crate::{Error, Result, Sentence, Service, new_id};

/// How often a booking is decided that turns out to be decided on what is too old.
const MAX_DECISIONS: usize = 3;

impl Service {
    /// Books on a server. That the room is free is exclusive among Room Booking's own clients: CalDAV
    /// offers no more.
    ///
    /// The answer to an `Idempotency-Key` is kept before the server is asked. If nobody saw the end of
    /// that, the same request asks again with the same UID, under which the server takes one object
    /// only.
    pub(crate) async fn create_on_server(
        &self,
        calendar: &Calendar,
        asked: &Asked,
    ) -> Result<Created> {
        let mut id = new_id();
        let mut is_again = false;
        if asked.idempotency_key.is_some() {
            let transaction = self.store.begin().await?;
            if let Some(first) = asked.first_answer(&transaction, &id, Known::NotYet).await? {
                if first.is_done {
                    return Ok(Created { id: first.answer });
                }
                (id, is_again) = (first.answer, true);
            }
            transaction.commit().await?;
        }
        let created = self.book_on_server(calendar, asked, &id, is_again).await;
        // An earlier try may have booked it; whatever this one came to, the next has to find that.
        if let (Err(NotBooked::ForSure(_) | NotBooked::Late), Some(key), false) =
            (&created, &asked.idempotency_key, is_again)
        {
            let transaction = self.store.begin().await?;
            idempotency::drop(&transaction, asked.user, key).await?;
            transaction.commit().await?;
        }
        match created {
            Ok(()) => Ok(Created { id }),
            Err(NotBooked::ForSure(error) | NotBooked::Perhaps(error)) => Err(error),
            Err(NotBooked::Late) => Err(BackendError::Withdrawn.into()),
        }
    }

    async fn book_on_server(
        &self,
        calendar: &Calendar,
        asked: &Asked,
        id: &str,
        is_again: bool,
    ) -> std::result::Result<(), NotBooked> {
        let server = self.on_server(calendar).await?;
        for _ in 0..MAX_DECISIONS {
            let booked = match asked.when_taken {
                WhenTaken::Book => self.put_new(&server, asked, id, None).await,
                WhenTaken::Refuse => self.put_where_free(&server, asked, id, is_again).await,
            };
            match booked {
                Err(NotBooked::Late) => {
                    tracing::info!(calendar = calendar.slug, "a booking is decided anew");
                }
                booked => return booked,
            }
        }
        Err(NotBooked::Late)
    }

    /// Books what is free, exclusively among those who book: what was found free holds for a short while
    /// only, and only under the lease under which it was found.
    async fn put_where_free(
        &self,
        server: &OnServer,
        asked: &Asked,
        id: &str,
        is_again: bool,
    ) -> std::result::Result<(), NotBooked> {
        let Some(lease) = self.lease(&format!("booking {}", server.calendar.id)).await? else {
            return Err(Error::Busy(Sentence::OthersBook.into()).into());
        };
        let booked = match self.find_free(server, asked, id, is_again).await {
            Ok(decision) => {
                let free = Free { lease: &lease, decision };
                self.put_new(server, asked, id, Some(free)).await
            }
            Err(error) => Err(error.into()),
        };
        lease.end().await;
        booked
    }

    /// Makes sure that the room is free, as the server says.
    async fn find_free(
        &self,
        server: &OnServer,
        asked: &Asked,
        id: &str,
        is_again: bool,
    ) -> Result<Decision> {
        self.look(server, Freshness::Now).await?;
        let href = server.collection.href_of(&format!("{id}.ics"));
        if is_again && server.read(href.as_str()).await?.is_some() {
            return Ok(Decision::now(&self.clock));
        }
        let since = self.clock.instant();
        self.fetch_interval(server, asked.window).await?;
        let decision = Decision::resting_on(&self.clock, since);
        let text = asked.text(id, &zone_of(&server.calendar));
        // An earlier try of the same request may be in doubt: it is not in its own way.
        let new = InTheWay { uid: Some(id), ..InTheWay::of_new(&text) };
        self.check_free(&self.store, &server.calendar, new, asked.window).await?;
        Ok(decision)
    }

    /// Books an event, under what was found `free`; without that, whatever else is there.
    async fn put_new(
        &self,
        server: &OnServer,
        asked: &Asked,
        id: &str,
        free: Option<Free<'_>>,
    ) -> std::result::Result<(), NotBooked> {
        let href = server.collection.href_of(&format!("{id}.ics"));
        let text = asked.text(id, &zone_of(&server.calendar));
        let prepared = self.clock.instant();
        let new = (id, href.as_str(), text.as_slice());
        let Some(change) = self.prepare_booking(server, asked, new, free).await? else {
            return Err(NotBooked::Late);
        };
        let guarded = server.guarded(guard(&self.clock, prepared, free.map(|it| it.decision)));
        match self.send_new(&guarded, &href, text).await {
            Ok((etag, text)) => {
                let key = asked.idempotency_key.as_deref();
                let new = NewOnServer { id, href: href.as_str(), etag: &etag, text: &text };
                let recorded = self.record_new(server, (asked.user, key), &new, asked.now).await;
                recorded.map_err(NotBooked::Perhaps)
            }
            // It stays written down, and its hours count as taken, until it is known what became of it.
            Err(NotBooked::Perhaps(error)) => Err(NotBooked::Perhaps(error)),
            Err(not_booked) => {
                self.forget_booking(server, href.as_str(), change).await?;
                Err(not_booked)
            }
        }
    }

    /// Asks the server to create an object: its version, and its text as the server has it.
    async fn send_new(
        &self,
        server: &OnServer,
        href: &caldav::Href,
        text: Vec<u8>,
    ) -> std::result::Result<(String, Vec<u8>), NotBooked> {
        let found = match server.create(href.as_str(), &text).await {
            Ok(etag) if !etag.is_empty() => (etag, text),
            Ok(_) => match server.read(href.as_str()).await {
                Ok(Some(there)) => (there.etag, there.text),
                // It is booked; the next look at the calendar finds its version.
                Ok(None) | Err(_) => (String::new(), text),
            },
            // Nobody else takes that place: it was an earlier try, or something between the server and
            // us has sent this one twice.
            Err(BackendError::Changed) => match server.read(href.as_str()).await {
                Ok(Some(there)) => (there.etag, there.text),
                Ok(None) => {
                    return Err(Error::Conflict(Sentence::GoneAgain.into()).into());
                }
                Err(error) => return Err(NotBooked::Perhaps(error.into())),
            },
            Err(BackendError::Unknown { error, .. }) => match server.read(href.as_str()).await {
                Ok(Some(there)) => (there.etag, there.text),
                // Not yet: a request may be on its way for longer than its answer is waited for.
                Ok(None) | Err(_) => return Err(NotBooked::Perhaps(error)),
            },
            Err(BackendError::Withdrawn) => return Err(NotBooked::Late),
            Err(error) => return Err(error.into()),
        };
        Ok(found)
    }

    /// Writes down that an event is about to be booked (its UID, place and text), until it is known that it
    /// was, or was not; `None` if what was found free does not hold any more.
    async fn prepare_booking(
        &self,
        server: &OnServer,
        asked: &Asked,
        (id, href, text): (&str, &str, &[u8]),
        free: Option<Free<'_>>,
    ) -> Result<Option<ChangeId>> {
        let record = NewChange {
            run: None,
            calendar: server.calendar.id,
            href,
            uid: id,
            cause: Cause::Booking,
            asked: Some(Starter::person(Some(asked.user))),
            before: None,
            after: Some((text, None)),
            now: self.now().0,
        };
        let idempotency_key = asked.idempotency_key.clone();
        let intent = Intent::Book { user: asked.user, idempotency_key }.to_json()?;
        let transaction = self.store.begin().await?;
        if let Some(Free { lease, decision }) = free
            && !(lease.is_held(&transaction).await? && decision.holds(&self.clock))
        {
            return Ok(None);
        }
        let change = history::prepare_change(&transaction, &record, &intent).await?;
        transaction.commit().await?;
        Ok(Some(change))
    }

    async fn forget_booking(&self, server: &OnServer, href: &str, change: ChangeId) -> Result<()> {
        let transaction = self.store.begin().await?;
        let id = server.calendar.id;
        history::forget_bookings(&transaction, id, href, Some(change)).await?;
        Ok(transaction.commit().await?)
    }

    /// Finds out what became of a booking whose end nobody saw; whether it is known. One that the server
    /// has carried out late is recorded as the booking that it is.
    pub(crate) async fn settle_booking(
        &self,
        server: &OnServer,
        change: &Change,
        user: UserId,
        idempotency_key: Option<&str>,
    ) -> Result<bool> {
        let now = self.now();
        let Some(there) = server.read(&change.href).await? else {
            if is_watched(change, now.0) {
                return Ok(false);
            }
            self.forget_booking(server, &change.href, change.id).await?;
            return Ok(true);
        };
        let new = NewOnServer {
            id: &change.uid,
            href: &change.href,
            etag: &there.etag,
            text: &there.text,
        };
        self.record_new(server, (user, idempotency_key), &new, now).await?;
        Ok(true)
    }

    /// Writes down that an event was booked: by whom, by which request, and when.
    async fn record_new(
        &self,
        server: &OnServer,
        (user, idempotency_key): (UserId, Option<&str>),
        new: &NewOnServer<'_>,
        now: Moment,
    ) -> Result<()> {
        let NewOnServer { id, href, etag, text } = *new;
        let calendar = &server.calendar;
        let transaction = self.store.begin().await?;
        let revision = calendars::lock(&transaction, calendar.id).await?;
        revision.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let row = ObjectRow::new(calendar, href, etag, text, now);
        row.see(&transaction, calendar).await?;
        let (_, unseen_look) = last_look(&transaction, calendar).await?;
        let sight = Sight::Written { at: now, unseen_look };
        let keeper = ClaimKeeper::new(&transaction, calendar);
        keeper.see((id, href), None, text, sight, &mut ComeAndGone::default()).await?;
        put_row(&transaction, server, &row).await?;
        known::set_author(&transaction, calendar.id, id, &known::Author::User(user)).await?;
        if let Some(key) = idempotency_key {
            idempotency::set_done(&transaction, user, key).await?;
        }
        history::forget_bookings(&transaction, calendar.id, href, None).await?;
        Ok(transaction.commit().await?)
    }
}

/// An event that was booked, as its server has it.
#[derive(Clone, Copy)]
struct NewOnServer<'n> {
    id: &'n str,
    href: &'n str,
    etag: &'n str,
    text: &'n [u8],
}

/// What was found free, under which lease.
#[derive(Clone, Copy)]
struct Free<'f> {
    lease: &'f Lease,
    decision: Decision,
}

/// Why an event was not booked, or may not have been.
enum NotBooked {
    /// It was not: what was found free does not hold any more, or the request had to wait for too long.
    Late,
    /// It was not.
    ForSure(Error),
    /// Nobody saw the end.
    Perhaps(Error),
}

impl From<Error> for NotBooked {
    fn from(error: Error) -> NotBooked {
        NotBooked::ForSure(error)
    }
}

impl From<BackendError> for NotBooked {
    fn from(error: BackendError) -> NotBooked {
        NotBooked::ForSure(error.into())
    }
}
