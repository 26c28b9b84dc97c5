//! Confirming winners (rule 5): nobody goes for what is not there.
//!
//! A mirror may hold ghosts: events that are gone or have moved on the server without its list of changes
//! saying so. Before a run removes anything, it asks for the versions of the events that the removals
//! give way to.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use caldav::{ETag, Href, Presence};

use crate::clock::Instant;
use crate::on_server::OnServer;
use crate::servers::Looks;
use crate::snapshot::Snapshot;
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
    /// Whether somebody has read or confirmed all of these events a short while ago.
    pub(crate) async fn are_confirmed(
        &self,
        server: &OnServer,
        snapshot: &Snapshot,
        winners: &HashSet<usize>,
        confirmed: &Confirmed,
    ) -> bool {
        let gate = self.servers.gate(server.calendar.id);
        let looks = gate.lock().await;
        winners.iter().all(|it| self.is_known(snapshot, *it, confirmed, &looks))
    }

    fn is_known(
        &self,
        snapshot: &Snapshot,
        resource: usize,
        confirmed: &Confirmed,
        looks: &Looks,
    ) -> bool {
        let version = snapshot.version(resource);
        let is_recent = |at: &Instant| self.clock.elapsed(*at) < CONFIRMATION_HOLDS;
        let is_confirmed = confirmed.0.get(version.href);
        is_confirmed.is_some_and(|(etag, at)| etag == version.etag && is_recent(at))
            || looks.read.get(version.href).is_some_and(is_recent)
    }

    /// Makes sure that events exist on the server in the version of the snapshot: those that nobody has
    /// read or confirmed within [`CONFIRMATION_HOLDS`] are asked for, [`caldav::MULTIGET_CHUNK`] a
    /// request.
    ///
    /// # Errors
    ///
    /// [`Error::Server`](crate::Error::Server) if the server does not do its part.
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
            let is_known = |it: &usize| self.is_known(snapshot, *it, confirmed, &looks);
            unknown.extend(winners.iter().copied().filter(|it| !is_known(it)));
        }
        if unknown.is_empty() {
            return Ok(Confirmation::AllThere);
        }
        let asked = self.clock.instant();
        let hrefs: Vec<Href> =
            unknown.iter().map(|it| Href::from_store(snapshot.version(*it).href)).collect();
        let current = self.ask(server, server.collection.etags(&hrefs).await).await?;
        let mut confirmation = Confirmation::AllThere;
        for (resource, current) in unknown.into_iter().zip(current) {
            let version = snapshot.version(resource);
            let is_there = match (&current.presence, ETag::new(version.etag)) {
                (presence, Some(etag)) => presence.is_version(&etag),
                // Where the server tells no versions, that it is there is all that can be known.
                (Presence::Present(None), None) => true,
                _ => false,
            };
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
            self.servers.gate(server.calendar.id).lock().await.is_in_doubt = true;
        }
        Ok(confirmation)
    }
}
