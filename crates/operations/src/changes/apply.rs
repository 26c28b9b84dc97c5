//! Carrying out what somebody asks for: read, decide, prepare, write, record, wherever the calendar is kept.

use caldav::ServerKind;
use clearing::Address;
use ical::{Calendar as Objects, Moment, Window};
use store::calendars::Calendar;
use store::{Access, Transaction, history};

use crate::changes::answer::answer_restored;
use crate::changes::change::{By, Change, Made};
use crate::changes::decision::Decision;
use crate::changes::intent::Intent;
use crate::changes::leases::Lease;
use crate::room::Room;
use crate::room::backend::BackendError;
use crate::room::built_in::BuiltIn;
use crate::room::free::InTheWay;
use crate::room::on_server::OnServer;
use crate::room::snapshot::{Snapshot, zones_of};
use crate::sync::work::Freshness;
use crate::{Error, MessageId, Result, Service};

/// How often a request is decided whose object others change meanwhile, or that comes to be too old.
const MAX_TRIES: usize = 3;

/// How new what a decision rests on has to be, for a calendar on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// Nothing has to be known.
    Nothing,
    /// The object of that UID, in whatever version: only if it is unknown the server is asked.
    Any(String),
    /// The whole calendar, as of now.
    Calendar,
    /// The whole calendar, and the object at that place, as of now.
    Object(String),
    /// The same, of an object that would be new, by its name alone.
    New(String),
}

/// Which leases an act takes on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exclusive {
    /// That of those who book, so that two do not take the same hour.
    pub booking: bool,
    /// That of the calendar, so that no run decides on the object meanwhile.
    pub calendar: bool,
}

/// What an act decides on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'r, A> {
    /// The database, or the transaction in which it is decided.
    pub access: &'r A,
    /// The calendar.
    pub calendar: &'r Calendar,
    /// The present.
    pub now: Moment,
    /// Whether an earlier try of the act has made some of its changes.
    pub has_made: bool,
}

/// What an act decides.
#[derive(Debug)]
pub(crate) struct Decided<S> {
    /// Object by object what changes.
    pub changes: Vec<Change>,
    /// The hours that have to be free for it.
    pub needs: Option<NeedsFree>,
    /// What the answer is made of.
    pub seen: S,
}

/// Hours that have to be free.
#[derive(Clone, Debug)]
pub(crate) struct NeedsFree {
    /// Of what, and what is not in its way.
    pub of: InTheWay,
    /// Between which moments.
    pub window: Window,
}

/// What somebody asks for: what it rests on, and what it makes of that. It writes nothing.
pub(crate) trait Act: Sync {
    /// What the answer is made of.
    type Seen: Send;
    /// The answer to the caller.
    type Answer: Send;

    /// Who asks, and why.
    fn by(&self) -> By;

    /// The facts that it needs.
    fn reads(&self) -> Reads;

    /// What nobody else may do meanwhile.
    fn exclusive(&self) -> Exclusive {
        Exclusive { booking: false, calendar: true }
    }

    /// Whether none of its changes is made before those that it names first.
    fn is_in_order(&self) -> bool {
        false
    }

    /// What is to change.
    fn decide<A: Access>(
        &self,
        reading: Reading<'_, A>,
    ) -> impl Future<Output = Result<Decided<Self::Seen>>> + Send;

    /// Records what belongs to it beside its changes. Only built-in calendars have that.
    fn record(
        &self,
        _service: &Service,
        _transaction: &Transaction,
        _calendar: &Calendar,
        _seen: &Self::Seen,
    ) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// The answer, once it is done.
    fn answer<A: Access>(
        &self,
        access: &A,
        calendar: &Calendar,
        seen: Self::Seen,
    ) -> impl Future<Output = Result<Self::Answer>> + Send;
}

/// What a try came to that did not end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    /// Somebody else has changed an object.
    Changed,
    /// The decision did not hold for long enough.
    Late,
}

impl Service {
    /// Carries an act out. On a server it goes on to its end, also when the caller goes away.
    ///
    /// # Errors
    ///
    /// What the act itself answers; [`Error::Conflict`] if others change its object all the while, or it is
    /// in doubt; [`Error::Busy`] if another run holds the calendar for a minute; [`Error::Server`] if the
    /// server refuses it or does not answer.
    pub(crate) async fn apply<A: Act + Send + 'static>(
        &self,
        calendar: &Calendar,
        act: A,
    ) -> Result<A::Answer>
    where
        A::Answer: 'static,
    {
        match self.open(calendar).await? {
            Room::BuiltIn(calendar) => self.apply_locally(&calendar, &act).await,
            Room::OnServer(server) => {
                let service = self.clone();
                self.to_the_end(async move { service.apply_on_server(&server, &act).await }).await
            }
        }
    }

    /// The same within work that goes on to its end anyway ([`Service::to_the_end`] is not for work within
    /// itself).
    ///
    /// # Errors
    ///
    /// As [`Service::apply`].
    pub(crate) async fn apply_within<A: Act>(
        &self,
        calendar: &Calendar,
        act: &A,
    ) -> Result<A::Answer> {
        match self.open(calendar).await? {
            Room::BuiltIn(calendar) => self.apply_locally(&calendar, act).await,
            Room::OnServer(server) => self.apply_on_server(&server, act).await,
        }
    }

    /// Carries an act out in a built-in calendar: all of it in one transaction.
    ///
    /// # Errors
    ///
    /// What the act itself answers.
    pub(crate) async fn apply_locally<A: Act>(
        &self,
        calendar: &Calendar,
        act: &A,
    ) -> Result<A::Answer> {
        let (by, now) = (act.by(), self.now());
        let transaction = self.store.begin().await?;
        let backend = BuiltIn::lock(&transaction, calendar, now).await?;
        let reading = Reading { access: &transaction, calendar, now, has_made: false };
        let decided = act.decide(reading).await?;
        if let Some(NeedsFree { of, window }) = decided.needs {
            self.check_free(&transaction, calendar, (of, window), Vec::new()).await?;
        }
        let changes = (&by, decided.changes.as_slice());
        self.change_all_locally(&transaction, &backend, calendar, changes, now).await?;
        act.record(self, &transaction, calendar, &decided.seen).await?;
        let answer = act.answer(&transaction, calendar, decided.seen).await?;
        transaction.commit().await?;
        Ok(answer)
    }

    async fn apply_on_server<A: Act>(&self, server: &OnServer, act: &A) -> Result<A::Answer> {
        let (mut last, mut has_made) = (Again::Changed, false);
        for _ in 0..MAX_TRIES {
            let leases = self.leases_of(&server.calendar, act.exclusive()).await?;
            let tried = self.try_on_server(server, &leases, act, &mut has_made).await;
            for lease in leases.into_iter().rev() {
                lease.end().await;
            }
            match tried? {
                Ok(answer) => return Ok(answer),
                Err(again) => last = again,
            }
            tracing::info!(calendar = server.calendar.slug, ?last, "a request is decided again");
        }
        Err(match last {
            Again::Changed => Error::Conflict(MessageId::ChangedAllTheWhile.into()),
            Again::Late => BackendError::Withdrawn.into(),
        })
    }

    /// The leases of an act. That of those who book comes first.
    async fn leases_of(&self, calendar: &Calendar, exclusive: Exclusive) -> Result<Vec<Lease>> {
        let mut leases = Vec::new();
        if exclusive.booking {
            let lease = self.lease(&format!("booking {}", calendar.id)).await?;
            leases.push(lease.ok_or_else(|| Error::Busy(MessageId::OthersBook.into()))?);
        }
        if exclusive.calendar {
            match self.calendar_lease(calendar).await {
                Ok(lease) => leases.push(lease),
                Err(error) => {
                    for lease in leases {
                        lease.end().await;
                    }
                    return Err(error);
                }
            }
        }
        Ok(leases)
    }

    async fn try_on_server<A: Act>(
        &self,
        server: &OnServer,
        leases: &[Lease],
        act: &A,
        has_made: &mut bool,
    ) -> Result<std::result::Result<A::Answer, Again>> {
        let calendar = &server.calendar;
        let in_doubt = match act.exclusive().calendar {
            true => self.recover_calendar(server).await?,
            // What is in doubt is settled under the calendar's lease.
            false => Vec::new(),
        };
        let reads = act.reads();
        if let Reads::Object(href) = &reads
            && in_doubt.contains(href)
        {
            // Whatever it may look like now.
            return Err(Error::Conflict(MessageId::EarlierChangeUnknown.into()));
        }
        self.read_for(server, &reads).await?;
        let asked = self.clock.instant();
        let reading =
            Reading { access: &self.store, calendar, now: self.now(), has_made: *has_made };
        let mut decided = act.decide(reading).await?;
        decided.changes.iter_mut().for_each(|change| fit(server, change));
        for change in &decided.changes {
            self.check_change(server, change, &in_doubt).await?;
        }
        let decision = match decided.needs {
            // Nothing that it rests on can change.
            None if reads == Reads::Nothing => Decision::standing(),
            None => Decision::resting_on(&self.clock, asked),
            Some(NeedsFree { of, window }) => {
                // The mirror may lack what the server holds at that time.
                let not_given = self.fetch_interval(server, window).await?;
                let decision = Decision::resting_on(&self.clock, asked);
                let is_all = is_within(calendar, &of.text, window);
                self.check_free(&self.store, calendar, (of, window), not_given).await?;
                // What lies beyond was not asked for.
                decided.changes.iter_mut().for_each(|change| change.was_free = is_all);
                decision
            }
        };
        let mut again = None;
        let mut written = Vec::new();
        for change in &decided.changes {
            let by = act.by();
            let mut made = self.change_on_server(server, leases, (&by, change), decision).await?;
            let is_server_error = matches!(made, Made::Refused { is_server_error: true, .. });
            if is_server_error && self.purge_trashed(server, change).await {
                made = self.change_on_server(server, leases, (&by, change), decision).await?;
            }
            match made {
                Made::Done { change: id, is_version_known } => {
                    *has_made = true;
                    if change.after.is_some()
                        && (!is_version_known || server.collection.quirks().rewrites_bodies)
                    {
                        written.push((id, change.href.clone()));
                    }
                }
                Made::Refused { words, .. } => return Err(BackendError::Refused(words).into()),
                Made::InDoubt => {
                    return Err(Error::Conflict(MessageId::EarlierChangeUnknown.into()));
                }
                Made::Changed => again = Some(Again::Changed),
                // Under the next lease it is decided anew.
                Made::Late | Made::LeaseLost => again = Some(Again::Late),
            }
            if again.is_some() && act.is_in_order() {
                break;
            }
        }
        self.try_to_read_back(server, &written).await;
        for change in &decided.changes {
            self.answer_later(server, leases, (&act.by(), change)).await;
        }
        if let Some(again) = again {
            return Ok(Err(again));
        }
        // It is made and recorded, whatever becomes of the database now.
        Ok(Ok(act.answer(&self.store, calendar, decided.seen).await?))
    }

    /// Brings the mirror as far up to date as an act needs it.
    async fn read_for(&self, server: &OnServer, reads: &Reads) -> Result<()> {
        match reads {
            Reads::Nothing => self.check_not_trashed(server).await,
            Reads::Any(uid) => {
                self.check_not_trashed(server).await?;
                let known = Snapshot::of_uid(&self.store, &server.calendar, uid).await?;
                if known.places.is_empty() {
                    // It may be newer than the mirror.
                    self.ensure_mirror_synced(server, Freshness::Now).await?;
                }
                Ok(())
            }
            Reads::Calendar => self.ensure_mirror_synced(server, Freshness::Now).await,
            Reads::Object(href) => {
                self.ensure_mirror_synced(server, Freshness::Now).await?;
                self.read_object(server, href).await
            }
            Reads::New(name) => {
                self.ensure_mirror_synced(server, Freshness::Now).await?;
                self.read_object(server, server.collection.href_of(name).as_str()).await
            }
        }
    }

    /// Makes sure that a calendar is not in Nextcloud's trash bin, where it takes writes for 30 days. A look
    /// says so; this is for acts that need none.
    async fn check_not_trashed(&self, server: &OnServer) -> Result<()> {
        if server.collection.kind() != ServerKind::Nextcloud {
            return Ok(());
        }
        self.ask(server, server.collection.ctag().await).await.map(|_| ())
    }

    /// Makes sure that a change of an object on a server can be made at all: no earlier one of it is in
    /// doubt, and the account is shown all of the object and may change it.
    async fn check_change(
        &self,
        server: &OnServer,
        change: &Change,
        in_doubt: &[String],
    ) -> Result<()> {
        if in_doubt.contains(&change.href)
            && !(change.is_requested_deletion()
                && self.is_asked_again(server, &change.href).await?)
        {
            return Err(Error::Conflict(MessageId::EarlierChangeUnknown.into()));
        }
        let texts = [change.text_before(), change.after.as_deref()];
        if texts.into_iter().flatten().any(|text| server.hides(text)) {
            return Err(BackendError::Refused(MessageId::HiddenPart.into()).into());
        }
        match change.text_before().filter(|_| change.is_edit()) {
            Some(text) => self.check_may_change(server, text).await,
            None => Ok(()),
        }
    }

    /// Makes sure that the room may change an object at all: on a server that schedules, one whose
    /// ORGANIZER is not the room can only be answered, cancelled or removed (RFC 6638 section 3.2.2.1).
    pub(crate) async fn check_may_change(&self, server: &OnServer, text: &[u8]) -> Result<()> {
        let room = server.calendar.room_address.as_deref().map(Address::new);
        let is_others = Objects::parse(text).is_ok_and(|objects| {
            let mut events = objects.objects().iter().flat_map(|it| objects.events_of(it));
            events.any(|event| match event.organizer() {
                Some(organizer) => Some(Address::new(&organizer)) != room,
                None => event.has_organizer(),
            })
        });
        if !is_others {
            return Ok(());
        }
        match server.collection.schedules().await {
            Ok(true) => Err(Error::Conflict(MessageId::OnlyOrganizer.into())),
            Ok(false) => Ok(()),
            Err(error) => Err(server.error(&error).await),
        }
    }

    /// Whether all that is in doubt of an object is a deletion that somebody asked for: that may be asked
    /// for again, under the same version.
    async fn is_asked_again(&self, server: &OnServer, href: &str) -> Result<bool> {
        let in_doubt = history::changes_in_doubt(&self.store, server.calendar.id).await?;
        for it in in_doubt.iter().filter(|it| it.change.href == href) {
            let is_request = !Intent::from_json(&it.intent)?.requested().is_empty();
            if !is_request || it.change.after_text.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Fits a change that was decided for any room to one on a server.
fn fit(server: &OnServer, change: &mut Change) {
    match &change.intent {
        Intent::Book { .. } => {
            change.href = server.collection.href_of(&change.href).as_str().to_owned();
        }
        Intent::Restore { .. } => answer_restored(server, change),
        _ => {}
    }
}

/// Whether an object ends within a window.
fn is_within(calendar: &Calendar, text: &[u8], window: Window) -> bool {
    let Ok(parsed) = ical::Calendar::parse(text) else { return false };
    let zones = &mut zones_of(calendar);
    let mut ends = parsed.objects().iter().map(|object| ical::extent(&parsed, object, zones).end);
    ends.all(|end| end.is_some_and(|end| end <= window.end))
}
