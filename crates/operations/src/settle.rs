//! What became of changes on servers whose end nobody saw: the process died, or the answer was lost.
//! The server is asked, and they are recorded as made, or given up.

use ical::{EditError, Moment};
use store::CalendarId;
use store::calendars;
use store::history::{self, ByRun, Cause, State, Unsettled};
use store::objects::Resource;

use crate::backend::{CalendarBackend as _, Version};
use crate::change_on_server::{Now, ServerChange};
use crate::changes::decision::Decision;
use crate::changes::recover::{Evidence, is_watched};
use crate::intent::Intent;
use crate::on_server::OnServer;
use crate::snapshot::{CannotCancel, without};
use crate::{Error, Result, Service};

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was made; the object as it is now, if there is one, and how that is known.
    Made(Option<Resource>, Evidence),
    /// It was not made, and the object is still the one that was decided on.
    NotMade,
    /// Somebody else has written the object.
    Overtaken,
}

/// Objects of a calendar that the server does not show, after which the others are not asked for.
const MAX_NOT_SHOWN: usize = 3;

/// Whether it is known what became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Settled {
    /// It is.
    Closed,
    /// The server may carry it out yet.
    InDoubt,
}

impl Service {
    /// Asks the server what became of a change.
    pub(crate) async fn fate(
        &self,
        server: &OnServer,
        href: &str,
        before: Option<Version<'_>>,
        after: Option<&[u8]>,
        intent: &Intent,
    ) -> Result<Fate> {
        let current = server.read(href).await?;
        let Some(there) = current.as_ref() else {
            return Ok(match (before, after) {
                (_, None) => Fate::Made(None, Evidence::NotConfirmed),
                (None, Some(_)) => Fate::NotMade,
                (Some(_), Some(_)) => Fate::Overtaken,
            });
        };
        let may_repeat = server.collection.quirks().etag_counters_restart;
        let is_before = before.is_some_and(|before| {
            before.etag == there.etag && !may_repeat
                || ical::means_the_same(before.text, &there.text)
        });
        Ok(match after {
            _ if is_before => Fate::NotMade,
            None => Fate::Overtaken,
            Some(after) if ical::means_the_same(after, &there.text) => {
                Fate::Made(current, Evidence::Confirmed)
            }
            // The server, or somebody after us, has rewritten it: what counts is that it is out.
            Some(after) if self.lacks_all(server, before, after, &there.text, intent) => {
                Fate::Made(current, Evidence::Confirmed)
            }
            Some(_) => Fate::Overtaken,
        })
    }

    /// Whether an object holds none of the occurrences that a change was to take out of it, by the
    /// EXDATEs that the change wrote: somebody who moves a whole series takes them out, too.
    pub(crate) fn lacks_all(
        &self,
        server: &OnServer,
        before: Option<Version<'_>>,
        after: &[u8],
        text: &[u8],
        intent: &Intent,
    ) -> bool {
        let Intent::Clear(loss) = intent else { return false };
        let earlier = before.map(|it| ical::excluded_values(it.text)).unwrap_or_default();
        let written = ical::excluded_values(after);
        let mut ours = written.difference(&earlier).peekable();
        let there = ical::excluded_values(text);
        if ours.peek().is_none() || !ours.all(|value| there.contains(value)) {
            return false;
        }
        let is_lacking = |original: Moment| {
            let edit = without(&server.calendar, text, &[original], self.now());
            matches!(edit, Err(CannotCancel::Edit(EditError::NoSuchInstance(_))))
        };
        loss.removals.iter().all(|it| is_lacking(it.event.original))
    }

    /// Settles the changes of a calendar whose end nobody saw. Whoever calls it holds the calendar's
    /// lease, so that none of them is under way. The answer is the places of objects of which it stays
    /// open, because the server does not show them or may carry the change out yet: they are left alone,
    /// and no other.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub(crate) async fn settle_calendar(&self, server: &OnServer) -> Result<Vec<String>> {
        let mut open = Vec::new();
        let mut not_shown = 0;
        for unsettled in history::unsettled(&self.store, server.calendar.id).await? {
            let href = unsettled.change.href.clone();
            if not_shown >= MAX_NOT_SHOWN {
                open.push(href);
                continue;
            }
            match self.settle_one(server, &unsettled).await {
                Ok(Settled::Closed) => {}
                Ok(Settled::InDoubt) => open.push(href),
                Err(Error::Store(error @ store::Error::Unavailable(_))) => return Err(error.into()),
                Err(error) => {
                    let calendar = &server.calendar.slug;
                    tracing::warn!(calendar, href, %error, "a change waits to be settled");
                    not_shown += 1;
                    open.push(href);
                }
            }
        }
        Ok(open)
    }

    async fn settle_one(&self, server: &OnServer, unsettled: &Unsettled) -> Result<Settled> {
        let Unsettled { change, intent, asked } = unsettled;
        let intent = Intent::from_json(intent)?;
        if let Intent::Book { user, idempotency_key } = &intent {
            let is_closed =
                self.settle_booking(server, change, *user, idempotency_key.as_deref()).await?;
            return Ok(if is_closed { Settled::Closed } else { Settled::InDoubt });
        }
        let before = change.before_text.as_deref().map(|text| Version {
            href: &change.href,
            etag: change.before_etag.as_deref().unwrap_or_default(),
            text,
        });
        let after = change.after_text.as_deref();
        let fate = self.fate(server, &change.href, before, after, &intent).await?;
        let may_be_late = is_watched(change, self.now().0);
        let unknown = || store::Error::Damaged(format!("a change for {:?}", change.cause));
        let cause = Cause::parse(&change.cause).ok_or_else(unknown)?;
        let again = ServerChange {
            run: change.run_id.map(|run| ByRun { run, is_at_limit: false }),
            cause,
            asked: *asked,
            href: &change.href,
            uid: &change.uid,
            before,
            after,
            intent,
            decided: Decision::now(&self.clock),
        };
        let is_final = !may_be_late || fate == Fate::Overtaken && server.honours_versions(&again);
        if !is_final && !matches!(fate, Fate::Made(..)) {
            tracing::info!(
                calendar = server.calendar.slug,
                href = change.href,
                "a change is in doubt: the server may carry it out yet"
            );
            return Ok(Settled::InDoubt);
        }
        tracing::warn!(
            calendar = server.calendar.slug,
            href = change.href,
            made = matches!(fate, Fate::Made(..)),
            "a change whose end nobody saw is settled"
        );
        let (current, evidence) = match fate {
            Fate::Made(current, evidence) => (current, evidence),
            Fate::NotMade => {
                self.settle_as(change.id, State::Abandoned, None).await?;
                return Ok(Settled::Closed);
            }
            Fate::Overtaken => {
                self.settle_as(change.id, State::Changed, None).await?;
                return Ok(Settled::Closed);
            }
        };
        let now = current.as_ref().map(|it| Now { etag: &it.etag, text: &it.text });
        let transaction = self.store.begin().await?;
        self.record_made(&transaction, server, change.id, &again, now, evidence).await?;
        transaction.commit().await?;
        Ok(Settled::Closed)
    }

    /// Settles what nobody saw the end of, on all calendars that no run holds now. One whose server
    /// cannot be asked waits for another time.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn settle_all(&self) -> Result<()> {
        for id in history::unsettled_calendars(&self.store).await? {
            if let Err(error) = self.settle_free(id).await {
                tracing::warn!(calendar = %id, %error, "changes wait to be settled");
            }
        }
        Ok(())
    }

    async fn settle_free(&self, id: CalendarId) -> Result<()> {
        let Some(calendar) = calendars::by_id(&self.store, id).await? else { return Ok(()) };
        if calendar.backend.collection().is_none() {
            return Ok(());
        }
        let Some(lease) = self.free_calendar_lease(id).await? else { return Ok(()) };
        let settled = match self.on_server(&calendar).await {
            Ok(server) => self.settle_calendar(&server).await.map(|_| ()),
            Err(error) => Err(error),
        };
        lease.give_back().await?;
        settled
    }
}
