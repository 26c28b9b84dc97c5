//! Removing a calendar: its settings, people and events here go. A calendar on a server keeps its events there, and the
//! history stays for the retention time.

use facts::audit::{Action, AuditWord, Entry, FactValue, Field};
use store::audit::Actor;
use store::calendars::{self, Belongings, Calendar};
use store::history::{self, ChangeState};
use store::pending;

use crate::changes::in_doubt::is_watched;
use crate::changes::leases::Lease;
use crate::mail::notify::Announcer;
use crate::mail::warning::EndedWarning;
use crate::room::Room;
use crate::{Error, MessageId, Result, Service};

impl Service {
    /// What goes with a calendar that is removed, and what stays.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn calendar_belongings(&self, calendar: &Calendar) -> Result<Belongings> {
        Ok(calendars::belongings(&self.store, calendar.id).await?)
    }

    /// Removes a calendar. No request is sent to its server, unless the end of a change there is not known yet. Organizers
    /// who were warned of a removal hear that their bookings stay; messages that wait are sent.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is not there (any more); [`Error::Busy`] while a run has it;
    /// [`Error::Conflict`] if its server may still carry out a change, or its settings change at this moment.
    pub async fn remove_calendar(&self, actor: &Actor, calendar: &Calendar) -> Result<()> {
        let (service, actor, calendar) = (self.clone(), actor.clone(), calendar.clone());
        self.to_the_end(async move {
            let lease = service.calendar_lease(&calendar).await?;
            let removed = service.remove_under(&actor, &calendar, &lease).await;
            lease.end().await;
            removed
        })
        .await
    }

    async fn remove_under(&self, actor: &Actor, calendar: &Calendar, lease: &Lease) -> Result<()> {
        if !history::changes_in_doubt(&self.store, calendar.id).await?.is_empty()
            && let Ok(Room::OnServer(server)) = self.open(calendar).await
        {
            // A server that does not answer leaves them in doubt.
            self.recover_calendar(&server).await?;
        }
        let (now, settled) = (self.now(), self.settled_now().await?.0);
        let transaction = self.store.begin().await?;
        lease.hold(&transaction).await?;
        let present = calendars::by_id(&transaction, calendar.id).await?;
        let present = present.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let warned = pending::open(&transaction, present.id).await?;
        // From here on, nothing is written down to be sent to its server.
        if !calendars::remove(&transaction, (present.id, present.version), now.0).await? {
            return Err(Error::Conflict(MessageId::CalendarChangesNow.into()));
        }
        for unsettled in history::changes_in_doubt(&transaction, present.id).await? {
            let change = &unsettled.change;
            if is_watched(change, settled) {
                return Err(Error::Conflict(MessageId::CalendarInDoubt.into()));
            }
            // Its server has not answered for so long that it does not carry it out any more.
            if *change.cause == history::Cause::Booking {
                history::forget_bookings(&transaction, present.id, &change.href, Some(change.id))
                    .await?;
            } else {
                let abandoned = ChangeState::Abandoned;
                history::finish_change(&transaction, change.id, abandoned, false).await?;
            }
        }
        let ended: Vec<_> = warned
            .into_iter()
            .map(|row| EndedWarning { row, word: "keep", tells_loser: true, tells_winner: true })
            .collect();
        Announcer::new(self, &transaction, &present, now).end_warnings(&ended).await?;
        let kind = match present.backend.collection() {
            Some(_) => AuditWord::OnServer,
            None => AuditWord::BuiltIn,
        };
        let entry = Entry::new(Action::CalendarRemoved, &present.slug)
            .with(Field::Name, FactValue::text(&present.name))
            .with(Field::Kind, FactValue::Word(kind));
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }
}
