//! What the mirror has, and asking the server for what it has.

use std::collections::{HashMap, HashSet};

use caldav::{Changes, Href, Member};
use facts::clock::Instant;
use store::mirror::{self, Mark, Mirror};
use store::objects::{self, Version};

use crate::connections::pool::Looks;
use crate::room::on_server::OnServer;
use crate::sync::work::{Listing, Work, by_href};
use crate::{Error, Result, Service};

/// Up to how many objects that were read at once are remembered as read.
const MAX_READ_REMEMBERED: usize = 10_000;

impl Service {
    /// What a server answers, or what its failure is for people.
    pub(crate) async fn ask<T>(&self, server: &OnServer, answer: caldav::Result<T>) -> Result<T> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => Err(server.error(&error).await),
        }
    }

    /// How far the mirror of a calendar is.
    pub(crate) async fn mirror_of(&self, server: &OnServer) -> Result<Mirror> {
        let state = mirror::state(&self.store, server.calendar.id).await?;
        state.ok_or_else(|| Error::no_calendar(&server.calendar.slug))
    }

    /// What the mirror has of these places, however the server spells them today.
    pub(crate) async fn known_versions(
        &self,
        server: &OnServer,
        changed: &[Member],
        vanished: &[Href],
    ) -> Result<HashMap<Href, Version>> {
        let id = server.calendar.id;
        let hrefs = changed.iter().map(|it| &it.href).chain(vanished);
        let hrefs: Vec<String> = hrefs.map(|href| href.as_str().to_owned()).collect();
        let mut versions = objects::versions_at(&self.store, id, &hrefs).await?;
        if versions.len() < hrefs.len() {
            versions = objects::versions(&self.store, id).await?;
        }
        Ok(by_href(versions))
    }

    /// All that the server has, and what the mirror is known by once that is carried out.
    pub(crate) async fn everything(&self, server: &OnServer) -> Result<(Listing, Mark)> {
        match self.ask(server, server.collection.all().await).await? {
            Changes::All { members, state, .. } => {
                let mark = Mark { sync_token: state.sync_token, ctag: state.ctag };
                Ok((Listing::All { members, changed: HashSet::new() }, mark))
            }
            _ => Err(Error::Internal("a list of all members was asked for".to_owned())),
        }
    }

    /// Writes down that a mirror is in doubt: the next look, of whichever process, compares it with all
    /// that the server has.
    pub(crate) async fn doubt_mirror(&self, server: &OnServer) -> Result<()> {
        let transaction = self.store.begin().await?;
        mirror::doubt(&transaction, server.calendar.id).await?;
        Ok(transaction.commit().await?)
    }

    /// Remembers which objects are read now, if they are not too many.
    pub(crate) fn note_read(&self, work: &Work, looks: &mut Looks, begun: Instant) {
        if work.fetch.len() + work.again.len() <= MAX_READ_REMEMBERED {
            let read = work.fetch.iter().chain(&work.again);
            looks.read.extend(read.map(|href| (href.as_str().to_owned(), begun)));
        }
    }
}
