//! Recovering changes on servers that were cut off: the process died, or the answer was lost. The server is
//! asked what became of each, and it is recorded as made, or closed.

use futures_util::{StreamExt as _, stream};
use ical::Moment;
use store::CalendarId;
use store::calendars;
use store::history::{self, ByRun, Change as Row, ChangeState, InDoubtChange};
use store::objects::{self, Resource};

use crate::changes::change::{By, Change};
use crate::changes::fate::Fate;
use crate::changes::in_doubt::is_watched;
use crate::changes::intent::Intent;
use crate::changes::mirrored::Now;
use crate::room::Room;
use crate::room::backend::CalendarBackend as _;
use crate::room::on_server::OnServer;
use crate::{Error, Result, Service};

/// Calendars whose changes in doubt are recovered at once.
const RECOVERED_AT_ONCE: usize = 8;
/// Objects of a calendar that the server does not show, after which the others are not asked for.
const MAX_NOT_SHOWN: usize = 3;

/// Whether it is known what became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recovered {
    /// It is.
    Closed,
    /// The server may carry it out yet.
    InDoubt,
}

impl Service {
    /// Settles the changes of a calendar whose end nobody saw. The caller holds the calendar's
    /// lease, so that none of them is in progress. The answer is the places of objects of which it stays
    /// open, because the server does not show them or may carry the change out yet: they are kept,
    /// and no other.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub(crate) async fn recover_calendar(&self, server: &OnServer) -> Result<Vec<String>> {
        let mut open = Vec::new();
        let mut not_shown = 0;
        for unsettled in history::changes_in_doubt(&self.store, server.calendar.id).await? {
            let href = unsettled.change.href.clone();
            if not_shown >= MAX_NOT_SHOWN {
                open.push(href);
                continue;
            }
            match self.recover_one(server, &unsettled).await {
                Ok(Recovered::Closed) => {}
                Ok(Recovered::InDoubt) => open.push(href),
                Err(Error::Store(
                    error @ (store::Error::Unavailable(_) | store::Error::Full(_)),
                )) => return Err(error.into()),
                Err(error) => {
                    let calendar = &server.calendar.slug;
                    tracing::warn!(calendar, href, %error, "change still in doubt");
                    not_shown += 1;
                    open.push(href);
                }
            }
        }
        Ok(open)
    }

    async fn recover_one(&self, server: &OnServer, unsettled: &InDoubtChange) -> Result<Recovered> {
        let InDoubtChange { change: row, asked, .. } = unsettled;
        let run = row.run_id.map(|run| ByRun { run, is_at_limit: false });
        let by = By { run, cause: *row.cause, asked: *asked };
        let change = change_of(unsettled)?;
        if unsettled.is_overtaken {
            return self.recover_overtaken(server, (row, &by, &change)).await;
        }
        let fate = self.fate(server, &change).await?;
        let may_be_late = is_watched(row, self.settled_now().await?.0);
        let is_final = !may_be_late || fate == Fate::Overtaken && change.is_honoured_by(server);
        if !is_final && !matches!(fate, Fate::Made(..)) {
            tracing::info!(
                calendar = server.calendar.slug,
                href = change.href,
                "a change is in doubt: the server may carry it out yet"
            );
            return Ok(Recovered::InDoubt);
        }
        tracing::warn!(
            calendar = server.calendar.slug,
            href = change.href,
            made = matches!(fate, Fate::Made(..)),
            "a change in doubt is closed"
        );
        let (current, evidence) = match fate {
            Fate::Made(current, evidence) => (current, evidence),
            Fate::NotMade => {
                self.close_as(server, (row.id, &change), ChangeState::Abandoned).await?;
                return Ok(Recovered::Closed);
            }
            Fate::Overtaken => {
                self.close_as(server, (row.id, &change), ChangeState::Changed).await?;
                return Ok(Recovered::Closed);
            }
        };
        let now = current.as_ref().map(|it| Now { etag: &it.etag, text: &it.text });
        let transaction = self.store.begin().await?;
        self.record_made(&transaction, server, row.id, (&by, &change), now, evidence).await?;
        transaction.commit().await?;
        Ok(Recovered::Closed)
    }

    /// Watches a request of a change that a later one has made: the server may carry it out yet. Where somebody
    /// has put an object there meanwhile, that is what it may delete, and what is to be recorded then.
    async fn recover_overtaken(
        &self,
        server: &OnServer,
        (row, by, change): (&Row, &By, &Change),
    ) -> Result<Recovered> {
        if !is_watched(row, self.settled_now().await?.0) {
            self.close_as(server, (row.id, change), ChangeState::Abandoned).await?;
            return Ok(Recovered::Closed);
        }
        if change.after.is_none() {
            let before = match server.read(&change.href).await? {
                // The mirror may know what it has deleted already.
                None => objects::by_href(&self.store, server.calendar.id, &change.href).await?,
                there => there,
            };
            if before.is_some() {
                let again = Change { before, ..change.clone() };
                let transaction = self.store.begin().await?;
                let ended = ChangeState::Abandoned;
                history::finish_change(&transaction, row.id, ended, false).await?;
                self.insert_prepared(&transaction, server, (by, &again), Moment(row.made_at))
                    .await?;
                transaction.commit().await?;
            }
        }
        Ok(Recovered::InDoubt)
    }

    /// Settles what nobody saw the end of, on all calendars that no run holds now. One whose server
    /// cannot be asked waits for another time.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn recover_changes(&self) -> Result<()> {
        let in_doubt = history::calendars_in_doubt(&self.store).await?;
        let recovering = in_doubt.into_iter().map(|id| async move {
            if let Err(error) = self.recover_free(id).await {
                tracing::warn!(calendar = %id, %error, "changes still in doubt");
            }
        });
        // A server that hangs holds up few others.
        stream::iter(recovering).buffer_unordered(RECOVERED_AT_ONCE).collect::<()>().await;
        Ok(())
    }

    async fn recover_free(&self, id: CalendarId) -> Result<()> {
        let Some(calendar) = calendars::by_id(&self.store, id).await? else { return Ok(()) };
        let Some(lease) = self.free_calendar_lease(id).await? else { return Ok(()) };
        let recovered = match self.open(&calendar).await {
            Ok(Room::OnServer(server)) => self.recover_calendar(&server).await.map(|_| ()),
            Ok(Room::BuiltIn(_)) => Ok(()),
            Err(error) => Err(error),
        };
        lease.give_back().await?;
        recovered
    }
}

/// A change as it was decided.
fn change_of(unsettled: &InDoubtChange) -> Result<Change> {
    let InDoubtChange { change: row, intent, .. } = unsettled;
    let before = row.before_text.clone().map(|text| Resource {
        href: row.href.clone(),
        uid: row.uid.clone(),
        etag: row.before_etag.clone().unwrap_or_default(),
        text,
    });
    Ok(Change {
        href: row.href.clone(),
        uid: row.uid.clone(),
        before,
        after: row.after_text.clone(),
        intent: Intent::from_json(intent)?,
        was_free: false,
    })
}
