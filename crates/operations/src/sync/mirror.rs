//! The mirror of a calendar on a CalDAV server: brought up to date before anything is decided on it.
//!
//! Where nothing has changed that costs one small request; else one more, and a multiget for each
//! hundred objects that have.

use std::collections::HashSet;
use std::time::Duration;

use caldav::Href;
use store::mirror::{self, Mirror};
use store::{objects, uid_metadata};

use crate::connections::pool::Looks;
use crate::connections::seen_token::SeenToken;
use crate::room::on_server::OnServer;
use crate::sync::confirm::CONFIRMATION_HOLDS;
use crate::sync::work::{
    Freshness, Listing, Look, MAX_RESTARTS, POLLED_WITHIN, Progress, Versions, Work, compare,
};
use crate::{Error, Message, MessageId, Result, Service};

/// How long somebody waits for a calendar's first fetch, which goes on behind.
const FIRST_FETCH_WAIT: Duration = Duration::from_secs(60);

/// How long what a server does not give away is not asked for again.
const ASKED_AGAIN: Duration = Duration::from_secs(3_600);

/// How far a first fetch is, as a sentence; `None` if none is in progress.
pub(crate) fn first_fetch(state: &Mirror) -> Option<Message> {
    let (fetched, of) = (state.fetched?, state.to_fetch?);
    let said = || MessageId::first_fetch(fetched, of);
    state.synced_at.is_none().then(said)
}

impl Service {
    /// Brings the mirror of a calendar up to date.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the request to the server fails; what was fetched until then stays, and is
    /// not fetched again.
    pub(crate) async fn sync_mirror(
        &self,
        server: &OnServer,
        freshness: Freshness,
        progress: Progress<'_>,
    ) -> Result<()> {
        let asked = self.clock.instant();
        let gate = self.servers.gate(server.calendar.id);
        let mut looks = gate.lock().await;
        let is_fresh = looks.last.is_some_and(|at| match freshness {
            Freshness::Now | Freshness::Polled | Freshness::Audited => at >= asked,
            Freshness::Within(time) => at >= asked || self.clock.elapsed(at) <= time,
        });
        let polled = looks.polled.take().filter(|_| freshness == Freshness::Polled);
        let is_polled = polled.is_some_and(|at| self.clock.elapsed(at) <= POLLED_WITHIN);
        if is_fresh || is_polled {
            return Ok(());
        }
        if let Some((_, detail, is_timeout)) = looks.failed.clone().filter(|it| it.0 >= asked) {
            // Somebody waited for the same while this one did.
            return Err(Error::Server { detail, is_timeout });
        }
        let begun = self.clock.instant();
        looks.read.retain(|_, at| self.clock.elapsed(*at) < CONFIRMATION_HOLDS);
        for _ in 0..MAX_RESTARTS {
            match self.update(server, &mut looks, progress).await {
                Ok(false) => {}
                Ok(true) => {
                    self.audit_if_due(server, &mut looks, freshness, progress).await?;
                    looks.last = Some(begun);
                    return Ok(());
                }
                Err(error) => {
                    if let Error::Server { detail, is_timeout } = &error {
                        looks.failed = Some((self.clock.instant(), detail.clone(), *is_timeout));
                    }
                    return Err(error);
                }
            }
        }
        Err(Error::Busy(MessageId::OthersFetch.into()))
    }

    /// Brings the mirror of a calendar up to date for somebody who does not wait for ever: a first fetch
    /// takes as long as it takes, and goes on after a caller has waited for a minute.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the request to the server fails; [`Error::Busy`] with its progress while a
    /// first fetch is in progress.
    pub(crate) async fn ensure_mirror_synced(
        &self,
        server: &OnServer,
        freshness: Freshness,
    ) -> Result<()> {
        let id = server.calendar.id;
        let state = mirror::state(&self.store, id).await?.unwrap_or_default();
        if state.synced_at.is_some() {
            return self.sync_mirror(server, freshness, &|_, _| {}).await;
        }
        let (service, of_task) = (self.clone(), server.clone());
        let fetch =
            tokio::spawn(
                async move { service.sync_mirror(&of_task, Freshness::Now, &|_, _| {}).await },
            );
        match tokio::time::timeout(FIRST_FETCH_WAIT, fetch).await {
            Ok(done) => done.map_err(|error| {
                Error::Internal(format!("the first fetch ended early: {error}"))
            })?,
            Err(_) => {
                let state = mirror::state(&self.store, id).await?.unwrap_or_default();
                let begun = || MessageId::FirstFetchBegun.into();
                Err(Error::Busy(first_fetch(&state).unwrap_or_else(begun)))
            }
        }
    }

    /// One try to bring a mirror up to date; whether nobody else did meanwhile.
    async fn update(
        &self,
        server: &OnServer,
        looks: &mut Looks,
        progress: Progress<'_>,
    ) -> Result<bool> {
        let id = server.calendar.id;
        let state = self.mirror_of(server).await?;
        // A row that was lost would never be listed again: then it is as if nothing had been fetched.
        let is_whole = objects::count(&self.store, id).await? == state.mirrored;
        let synced_at = state.synced_at.filter(|_| is_whole);
        let mut state = Mirror { synced_at, ..state };
        let begun = self.clock.instant();
        let look_begun = self.now();
        let (listing, mark) = self.listing(server, &mut state, looks.compared).await?;
        let look = Look::new(&state, look_begun);
        let is_all = matches!(listing, Listing::All { .. });
        let is_same = matches!(listing, Listing::Same);
        let mut work = match listing {
            Listing::Same
                if state.unread == 0
                    && !uid_metadata::is_any_unconfirmed(&self.store, id).await? =>
            {
                self.note_look(server, &state, &look).await?;
                return Ok(true);
            }
            Listing::Same => Work::default(),
            Listing::Changes { changed, vanished, reported } => {
                let known = self.known_versions(server, &changed, &vanished).await?;
                let token = mark.sync_token.as_deref();
                let versions = match SeenToken::is_read(looks.token.as_ref(), token) {
                    true => Versions::Tell,
                    false => Versions::of_changed(server.collection.quirks()),
                };
                let mut work = Work { reported, ..compare(&changed, &known, versions) };
                let places = vanished.iter().filter_map(|href| known.get(href));
                work.gone.extend(places.map(|version| version.href.clone()));
                work
            }
            Listing::All { members, changed } => {
                self.work_for_all(server, &members, &changed).await?
            }
        };
        if state.unread > 0 {
            let is_due = looks.asked_again.is_none_or(|at| self.clock.elapsed(at) >= ASKED_AGAIN);
            let fetched: HashSet<Href> = work.fetch.iter().cloned().collect();
            let unread = objects::unread(&self.store, id).await?.into_iter();
            let unread = unread.filter(|it| it.is_given || is_due).map(|it| it.href);
            let unread = unread.filter(|href| !work.gone.contains(href)).map(Href::from_store);
            work.again = unread.filter(|href| !fetched.contains(href)).collect();
            if is_due {
                looks.asked_again = Some(begun);
            }
            let is_nothing_due = is_same && work.again.is_empty();
            if is_nothing_due && !uid_metadata::is_any_unconfirmed(&self.store, id).await? {
                self.note_look(server, &state, &look).await?;
                return Ok(true);
            }
        }
        self.confirm_gone(server, &mut work, is_all).await?;
        let found = work.fetch.len() + work.gone.len();
        self.note_read(&work, looks, begun);
        let is_done = self.carry_out(server, (&state, &mark), &look, work, progress).await?;
        if is_done {
            let token = mark.sync_token.as_deref();
            looks.token = SeenToken::after(looks.token.take(), token, begun, &self.clock);
        }
        if is_all && is_done {
            looks.compared = Some(begun);
            // A first fetch differs from nothing.
            let is_first = state.synced_at.is_none();
            // Where an equal ETag says nothing, only the comparison of texts is an audit.
            if is_first || !server.collection.quirks().etag_counters_restart {
                let found = if is_first { 0 } else { found };
                self.note_audit(server, &state, found).await?;
            }
        }
        Ok(is_done)
    }

    /// Writes down that a look saw nothing new: from now on what is new was not there when it began.
    async fn note_look(&self, server: &OnServer, from: &Mirror, look: &Look) -> Result<()> {
        let transaction = self.store.begin().await?;
        mirror::note_look(&transaction, server.calendar.id, from, look.begun.0).await?;
        Ok(transaction.commit().await?)
    }
}
