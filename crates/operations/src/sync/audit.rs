//! The audit of a mirror (rule 5): it is compared with the server's whole list of ETags; where an ETag that
//! is equal does not mean an object that is equal, with the texts.
//!
//! A server's list of changes may be wrong: a backup was restored, a row of its change log is lost, a
//! sync-token that it has forgotten is answered with everything, or with nothing. What an audit finds to
//! differ is mended, and counted for [`doctor`](Service::try_calendar).

use std::collections::HashSet;

use caldav::{FetchOutcome, Fetched, Href, MULTIGET_CHUNK};
use ical::civil::DAY;
use store::mirror::{self, Mirror};
use store::objects;

use crate::connections::pool::Looks;
use crate::room::on_server::OnServer;
use crate::sync::work::{Freshness, MAX_RESTARTS, Progress};
use crate::sync::work::{Listing, Look, Versions, Work, by_href, compare};
use crate::{Error, MessageId, Result, Service, metrics};

/// How long a mirror is believed without an audit, in seconds.
pub(crate) const AUDIT_EVERY: i64 = DAY;

impl Service {
    /// Audits a mirror that was just brought up to date, if that is due: daily, after any doubt, and
    /// when somebody asks for it.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the request to the server fails.
    pub(crate) async fn audit_if_due(
        &self,
        server: &OnServer,
        looks: &mut Looks,
        freshness: Freshness,
        progress: Progress<'_>,
    ) -> Result<()> {
        let state = mirror::state(&self.store, server.calendar.id).await?.unwrap_or_default();
        let since = state.audited_at.map(|at| self.now().0 - at);
        let is_due = since.is_none_or(|since| since >= AUDIT_EVERY);
        if !is_due && !state.is_in_doubt() && freshness != Freshness::Audited {
            return Ok(());
        }
        for _ in 0..MAX_RESTARTS {
            if self.audit(server, looks, progress).await? {
                return Ok(());
            }
        }
        Err(Error::Busy(MessageId::OthersFetch.into()))
    }

    /// Compares a mirror with all that the server has, and mends it: whether nobody else brought it up
    /// to date meanwhile.
    async fn audit(
        &self,
        server: &OnServer,
        looks: &mut Looks,
        progress: Progress<'_>,
    ) -> Result<bool> {
        let state = self.mirror_of(server).await?;
        let begun = self.clock.instant();
        let look_begun = self.now();
        let (listing, mark) = self.everything(server).await?;
        let look = Look::new(&state, look_begun);
        let Listing::All { members, .. } = listing else {
            return Err(Error::Internal("everything is a list of all".to_owned()));
        };
        let changed = match server.collection.quirks().etag_counters_restart {
            true => self.with_another_text(server, &members).await?,
            false => HashSet::new(),
        };
        let mut work = self.work_for_all(server, &members, &changed).await?;
        let found = work.fetch.len() + work.gone.len();
        if found > 0 {
            tracing::warn!(
                calendar = server.calendar.slug,
                objects = found,
                "the audit found objects that differ from the server's; the mirror is mended"
            );
        }
        self.note_read(&work, looks, begun);
        self.confirm_gone(server, &mut work, true).await?;
        if !self.carry_out(server, (&state, &mark), &look, work, progress).await? {
            return Ok(false);
        }
        self.note_audit(server, &state, found).await?;
        looks.compared = Some(begun);
        Ok(true)
    }

    /// Writes down that a mirror was compared with all that its server has, and how many objects
    /// differed. That ends the doubts that there were when the comparison began, in the state `from`.
    pub(crate) async fn note_audit(
        &self,
        server: &OnServer,
        from: &Mirror,
        found: usize,
    ) -> Result<()> {
        metrics::count_audit(found);
        let transaction = self.store.begin().await?;
        let found = i64::try_from(found).unwrap_or(i64::MAX);
        let id = server.calendar.id;
        mirror::set_audited(&transaction, id, from, self.now().0, found).await?;
        Ok(transaction.commit().await?)
    }

    /// Which of these objects have another text than the mirror has of them, though their ETags may be equal.
    async fn with_another_text(
        &self,
        server: &OnServer,
        members: &[caldav::Member],
    ) -> Result<HashSet<Href>> {
        let known = self.known_versions(server, members, &[]).await?;
        let hrefs: Vec<Href> = members.iter().map(|it| it.href.clone()).collect();
        let mirrored: Vec<Href> = hrefs.into_iter().filter(|it| known.contains_key(it)).collect();
        let mut others = HashSet::new();
        for chunk in mirrored.chunks(MULTIGET_CHUNK) {
            let fetched = self.ask(server, server.collection.multiget(chunk).await).await?;
            for Fetched { href, outcome } in fetched {
                let FetchOutcome::Found { text, .. } = outcome else { continue };
                let stored = &known[&href].href;
                let there = objects::by_href(&self.store, server.calendar.id, stored).await?;
                if there.is_none_or(|there| !ical::means_the_same(&there.text, &text)) {
                    others.insert(href);
                }
            }
        }
        Ok(others)
    }

    /// The work on a mirror if this is all that there is, and `changed` is known to have changed.
    pub(crate) async fn work_for_all(
        &self,
        server: &OnServer,
        members: &[caldav::Member],
        changed: &HashSet<Href>,
    ) -> Result<Work> {
        let versions = objects::versions(&self.store, server.calendar.id).await?;
        let known = by_href(versions);
        let mut work = compare(members, &known, Versions::Tell);
        if server.collection.quirks().etag_counters_restart {
            let listed: HashSet<&Href> = work.fetch.iter().collect();
            let repeated = members.iter().map(|it| &it.href);
            let repeated = repeated.filter(|it| changed.contains(it) && !listed.contains(it));
            let repeated: Vec<Href> = repeated.cloned().collect();
            work.here -= repeated.len();
            // What lay there is known before what is new.
            work.fetch.splice(0..0, repeated);
        }
        let there: HashSet<&Href> = members.iter().map(|it| &it.href).collect();
        let gone = known.iter().filter(|(href, _)| !there.contains(href));
        work.gone.extend(gone.map(|(_, version)| version.href.clone()));
        // In one order, whatever the map's is: not all of many are asked for at one look.
        work.gone.sort();
        Ok(work)
    }
}
