//! What a server says to have changed since the last look.

use std::collections::HashSet;
use std::time::Duration;

use caldav::{Changes, CurrentVersion, Href, Member, Presence, SyncState};
use facts::clock::Instant;
use store::mirror::{Mark, Mirror};
use store::objects;

use crate::room::on_server::OnServer;
use crate::sync::work::{Listing, etag_of};
use crate::{Result, Service};

/// How long changes are believed before all is compared, on servers that do not say when they have
/// forgotten a sync-token.
const COMPARED_ANEW: Duration = Duration::from_secs(3_600);

/// How many objects that have not changed an answer to a sync-token has to list, beside half of all that
/// are known, to count as a list of everything on a server that is not known to send such lists.
const MIN_UNCHANGED: i64 = 2;

impl Service {
    /// What the server says, and what the mirror is known by once that is carried out.
    ///
    /// A doubt is recorded before anything is done about it: by the time that a process which died meanwhile
    /// is replaced, a server that was restored may have counted up to the very token that the mirror has.
    pub(crate) async fn listing(
        &self,
        server: &OnServer,
        state: &mut Mirror,
        compared: Option<Instant>,
    ) -> Result<(Listing, Mark)> {
        let same = Mark { sync_token: state.sync_token.clone(), ctag: state.ctag.clone() };
        let is_known = state.synced_at.is_some();
        if is_known && state.is_in_doubt() {
            // What the server says of changes since is not believed: a look that it calls unchanged would
            // count as one that did not see what is there.
            return self.everything(server).await;
        }
        let since = match is_known {
            true => SyncState { sync_token: state.sync_token.clone(), ctag: state.ctag.clone() },
            // Where a ctag is kept, the server is known to have no sync-collection that is of use.
            false => SyncState { sync_token: None, ctag: state.ctag.clone() },
        };
        let changes = self.ask(server, server.collection.changes(&since).await).await?;
        let mark = |state: SyncState| Mark { sync_token: state.sync_token, ctag: state.ctag };
        Ok(match changes {
            Changes::Unchanged => (Listing::Same, same),
            Changes::Some { changed, vanished, state: now } => {
                self.changes(server, changed, vanished, mark(now), compared).await?
            }
            Changes::All { members, state: now, doubt } => {
                if let Some(doubt) = doubt {
                    let calendar = &server.calendar.slug;
                    tracing::warn!(calendar, why = doubt.as_str(), "all objects are listed");
                    self.doubt_mirror(server).await?;
                    // The comparison with all of them ends it.
                    state.doubts += 1;
                }
                (Listing::All { members, changed: HashSet::new() }, mark(now))
            }
        })
    }

    /// What a list of changes comes to: a server may have listed everything, and deletions that did not
    /// happen.
    async fn changes(
        &self,
        server: &OnServer,
        mut changed: Vec<Member>,
        vanished: Vec<Href>,
        mark: Mark,
        compared: Option<Instant>,
    ) -> Result<(Listing, Mark)> {
        if self.may_be_everything(server, &changed, &vanished, compared).await? {
            let members = self.ask(server, server.collection.members().await).await?;
            let changed = changed.into_iter().map(|it| it.href).collect();
            return Ok((Listing::All { members, changed }, mark));
        }
        let known = self.known_versions(server, &[], &vanished).await?;
        let asked: Vec<Href> =
            vanished.iter().filter(|it| known.contains_key(it)).cloned().collect();
        let versions = self.ask(server, server.collection.still_there(&asked).await).await?;
        let (mut still_there, mut reported) = (HashSet::new(), HashSet::new());
        for CurrentVersion { href, presence } in versions {
            match presence {
                Presence::Present(etag) => {
                    tracing::warn!(
                        calendar = server.calendar.slug,
                        href = href.as_str(),
                        "the server reports a deletion that did not happen"
                    );
                    still_there.insert(href.clone());
                    changed.push(Member { href, etag });
                }
                Presence::Missing => {}
                Presence::ReportedMissing | Presence::Unknown { .. } => {
                    reported.insert(href);
                }
            }
        }
        let vanished = vanished.into_iter().filter(|it| !still_there.contains(it)).collect();
        Ok((Listing::Changes { changed, vanished, reported }, mark))
    }

    /// Whether an answer to a sync-token may be a list of everything, because the server has forgotten
    /// the token and does not say so: it lists unchanged objects.
    async fn may_be_everything(
        &self,
        server: &OnServer,
        changed: &[Member],
        vanished: &[Href],
        compared: Option<Instant>,
    ) -> Result<bool> {
        let quirks = server.collection.quirks();
        let is_due = || compared.is_none_or(|at| self.clock.elapsed(at) >= COMPARED_ANEW);
        if quirks.tokens_are_times {
            // It lists what it had in the second of the token over and over, and even without a known
            // token what is gone; only removed or restored objects there do not show.
            return Ok(is_due());
        }
        if !vanished.is_empty() && !quirks.answers_invalid_tokens_with_everything {
            // Without a token that it knows, it could not tell what is gone.
            return Ok(false);
        }
        let known = self.known_versions(server, changed, &[]).await?;
        let is_unchanged = |member: &&Member| {
            let version = known.get(&member.href);
            version.is_some_and(|it| !it.etag.is_empty() && it.etag == etag_of(member))
        };
        let unchanged = changed.iter().filter(is_unchanged).count();
        if quirks.answers_invalid_tokens_with_everything {
            return Ok(unchanged > 0 || is_due());
        }
        // What was written from here is listed as well; so it takes more than that on a server that is
        // not known to do this.
        let mirrored = objects::count(&self.store, server.calendar.id).await?;
        let unchanged = i64::try_from(unchanged).unwrap_or(i64::MAX);
        Ok(unchanged >= MIN_UNCHANGED && unchanged.saturating_mul(2) >= mirrored)
    }
}
