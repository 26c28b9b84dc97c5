//! Confirming winners (rule 5): nobody goes for what is not there.
//!
//! A mirror may hold ghosts: events that are gone or have moved on the server without its list of changes
//! saying so. Before a run removes anything, it asks for the versions of the events that the removals
//! give way to.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use caldav::{CurrentVersion, ETag, FetchOutcome, Fetched, Href, MULTIGET_CHUNK, Presence};
use facts::clock::Instant;

use crate::connections::pool::Looks;
use crate::room::on_server::OnServer;
use crate::room::snapshot::Snapshot;
use crate::{Result, Service};

/// For how long an event counts as there after the server has said so.
pub(crate) const CONFIRMATION_HOLDS: Duration = Duration::from_secs(60);

/// Which events the server has said to exist, by their place, with their ETag and when it did.
#[derive(Debug, Default)]
pub(crate) struct Confirmed(HashMap<String, (String, Instant)>);

/// What asking for the versions of winners came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// All of them are there as the plan has them.
    AllThere,
    /// One is not: the mirror is wrong, or somebody has just changed it.
    Differs,
}

impl Service {
    /// Since when the server has said that all of these events exist, at the latest: the earliest of the
    /// moments at which they were asked for. `None` if one of them was not asked for within
    /// [`CONFIRMATION_HOLDS`].
    pub(crate) async fn confirmed_since(
        &self,
        server: &OnServer,
        snapshot: &Snapshot,
        winners: &HashSet<usize>,
        confirmed: &Confirmed,
    ) -> Option<Instant> {
        let now = self.clock.instant();
        let gate = self.servers.gate(server.calendar.id);
        let looks = gate.lock().await;
        let since = winners.iter().map(|it| self.known_since(snapshot, *it, confirmed, &looks));
        since.chain([Some(now)]).min().flatten()
    }

    /// When an event was last read or confirmed, if that is a short while ago.
    fn known_since(
        &self,
        snapshot: &Snapshot,
        resource: usize,
        confirmed: &Confirmed,
        looks: &Looks,
    ) -> Option<Instant> {
        let version = snapshot.version(resource);
        let confirmed = confirmed.0.get(version.href).filter(|(etag, _)| etag == version.etag);
        let read = looks.read.get(version.href).copied();
        let since = confirmed.map(|(_, at)| *at).max(read)?;
        (self.clock.elapsed(since) < CONFIRMATION_HOLDS).then_some(since)
    }

    /// Makes sure that events exist on the server in the version of the snapshot: those that nobody has
    /// read or confirmed within [`CONFIRMATION_HOLDS`] are asked for, [`caldav::MULTIGET_CHUNK`] a
    /// request.
    ///
    /// # Errors
    ///
    /// [`Error::Server`](crate::Error::Server) if the request to the server fails.
    pub(crate) async fn confirm(
        &self,
        server: &OnServer,
        snapshot: &Snapshot,
        winners: &HashSet<usize>,
        confirmed: &mut Confirmed,
    ) -> Result<Confirmation> {
        let mut unknown = Vec::new();
        {
            let gate = self.servers.gate(server.calendar.id);
            let looks = gate.lock().await;
            let since = |it: &usize| self.known_since(snapshot, *it, confirmed, &looks);
            unknown.extend(winners.iter().copied().filter(|it| since(it).is_none()));
        }
        if unknown.is_empty() {
            return Ok(Confirmation::AllThere);
        }
        let asked = self.clock.instant();
        let hrefs: Vec<Href> =
            unknown.iter().map(|it| Href::from_store(snapshot.version(*it).href)).collect();
        let there = match server.collection.quirks().etag_counters_restart {
            true => self.have_their_texts(server, snapshot, &unknown, &hrefs).await?,
            false => self.have_their_versions(server, snapshot, &unknown, &hrefs).await?,
        };
        let mut confirmation = Confirmation::AllThere;
        for (resource, is_there) in unknown.into_iter().zip(there) {
            let version = snapshot.version(resource);
            if is_there {
                confirmed.0.insert(version.href.to_owned(), (version.etag.to_owned(), asked));
            } else {
                tracing::warn!(
                    calendar = server.calendar.slug,
                    href = version.href,
                    "an event that others would give way to is not there as it was"
                );
                confirmation = Confirmation::Differs;
            }
        }
        if confirmation == Confirmation::Differs {
            self.doubt_mirror(server).await?;
        }
        Ok(confirmation)
    }

    /// Which of these events the server has in the version of the snapshot, by their ETags, in their order.
    async fn have_their_versions(
        &self,
        server: &OnServer,
        snapshot: &Snapshot,
        resources: &[usize],
        hrefs: &[Href],
    ) -> Result<Vec<bool>> {
        let current = self.ask(server, server.collection.etags(hrefs).await).await?;
        let is_there = |(resource, current): (&usize, CurrentVersion)| {
            match (&current.presence, ETag::new(snapshot.version(*resource).etag)) {
                (presence, Some(etag)) => presence.is_version(&etag),
                // Where the server tells no versions, that it is there is all that can be known.
                (Presence::Present(None), None) => true,
                _ => false,
            }
        };
        Ok(resources.iter().zip(current).map(is_there).collect())
    }

    /// The same by their texts, where an ETag that is equal does not mean an object that is equal.
    async fn have_their_texts(
        &self,
        server: &OnServer,
        snapshot: &Snapshot,
        resources: &[usize],
        hrefs: &[Href],
    ) -> Result<Vec<bool>> {
        let mut texts = HashMap::new();
        for chunk in hrefs.chunks(MULTIGET_CHUNK) {
            let fetched = self.ask(server, server.collection.multiget(chunk).await).await?;
            let found = fetched.into_iter().filter_map(|Fetched { href, outcome }| match outcome {
                FetchOutcome::Found { text, .. } => Some((href, text)),
                _ => None,
            });
            texts.extend(found);
        }
        let is_there = |(resource, href): (&usize, &Href)| {
            let text = texts.get(href);
            text.is_some_and(|it| ical::means_the_same(it, snapshot.version(*resource).text))
        };
        Ok(resources.iter().zip(hrefs).map(is_there).collect())
    }
}
