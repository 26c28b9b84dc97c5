//! The mirror of a calendar on a CalDAV server: brought up to date before anything is decided on it.
//!
//! Where nothing has changed that costs one small request; else one more, and a multiget for each
//! hundred objects that have.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use caldav::{
    Changes, CurrentVersion, Fetched, Href, MULTIGET_CHUNK, Member, Outcome, Presence, State,
};
use clearing::Sight;
use futures_util::StreamExt as _;
use futures_util::stream;
use ical::Moment;
use store::calendars::{self, Calendar};
use store::mirror::{self, Mark, Mirror};
use store::objects::{self, Resource, Version};
use store::{Transaction, uid_metadata};

use crate::changes::decision::CONFIRMATION_HOLDS;
use crate::changes::leases::first_fetch;
use crate::clock::Instant;
use crate::room::claims::{ClaimKeeper, ComeAndGone};
use crate::room::object_row::ObjectRow;
use crate::room::on_server::{OnServer, etag_text};
use crate::servers::pool::Looks;
use crate::{Error, MessageId, Result, Service};

/// How often a mirror is begun anew because another process was quicker.
pub(crate) const MAX_RESTARTS: usize = 3;
/// Multigets that are under way at once, so that one is answered while another is written down.
const FETCHES_AT_ONCE: usize = 2;

/// How long somebody waits for a calendar's first fetch, which goes on behind.
const FIRST_FETCH_WAIT: Duration = Duration::from_secs(60);

/// How long changes are believed before all is compared, on servers that do not say when they have
/// forgotten a sync-token.
const COMPARED_ANEW: Duration = Duration::from_secs(3_600);

/// How many objects that have not changed an answer to a sync-token has to list, beside half of all that
/// are known, to count as a list of everything on a server that is not known to send such lists.
const MIN_UNCHANGED: i64 = 2;

/// How long what a server does not give away is not asked for again.
const ASKED_AGAIN: Duration = Duration::from_secs(3_600);

/// Up to how many objects that were read at once are remembered as read.
const MAX_READ_REMEMBERED: usize = 10_000;

/// How up to date a mirror has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// As of now.
    Now,
    /// As of so long ago.
    Within(Duration),
    /// As of now, and compared with all that the server has.
    Audited,
}

/// Who is told how far the fetching of objects is: so many, of so many.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// What a server says of the state of a collection.
pub(crate) enum Listing {
    /// It is the one that is mirrored.
    Same,
    /// What changed since then. Of what vanished, `reported` is what the server has not confirmed.
    Changes { changed: Vec<Member>, vanished: Vec<Href>, reported: HashSet<Href> },
    /// All that there is.
    All(Vec<Member>),
}

/// What has to be done to a mirror.
#[derive(Default)]
pub(crate) struct Work {
    /// To be fetched: new ones, and changed ones.
    pub fetch: Vec<Href>,
    /// To be asked for again, although they have not changed: their version is not known.
    pub again: Vec<Href>,
    /// Places in the database that are no longer.
    pub gone: Vec<String>,
    /// How many objects of the listing are here already.
    here: usize,
    /// Places of which a list of changes says that nothing is there any more, without that being confirmed.
    reported: HashSet<Href>,
    /// Places of which the server says, asked for them alone, that nothing is there.
    confirmed: HashSet<Href>,
    /// UIDs whose objects earlier looks reported to be gone, and that are.
    ended: Vec<String>,
}

/// A look at the whole content of a calendar.
pub(crate) struct Look {
    /// When its first request began.
    begun: Moment,
    /// When that of the look before began, and its number; `None` at the first look.
    before: Option<(Moment, i64)>,
}

impl Look {
    pub fn new(from: &Mirror, begun: Moment) -> Look {
        Look { begun, before: from.listed_at.map(|unseen| (Moment(unseen), from.looks)) }
    }

    /// How it sees what it sees, by an answer of this moment.
    fn sight(&self, saw: Moment) -> Sight {
        match self.before {
            None => Sight::First(saw),
            Some((unseen, unseen_look)) => Sight::Look { unseen, unseen_look, saw },
        }
    }
}

/// Objects that are reported to be gone, and that are asked for at one look to be sure of it: ten requests
/// at most, and a GET for each of the first [`caldav::limits::MAX_ASKED_ALONE`] that are gone, because only
/// that ends a claim. The next look goes on.
const MAX_CONFIRMED: usize = 10 * MULTIGET_CHUNK;

impl Service {
    /// Brings the mirror of a calendar up to date.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the server does not do its part; what was fetched until then stays, and is
    /// not fetched again.
    pub(crate) async fn bring_up_to_date(
        &self,
        server: &OnServer,
        freshness: Freshness,
        progress: Progress<'_>,
    ) -> Result<()> {
        let asked = self.clock.instant();
        let gate = self.servers.gate(server.calendar.id);
        let mut looks = gate.lock().await;
        let is_fresh = looks.last.is_some_and(|at| match freshness {
            Freshness::Now | Freshness::Audited => at >= asked,
            Freshness::Within(time) => at >= asked || self.clock.elapsed(at) <= time,
        });
        if is_fresh {
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
    /// takes as long as it takes, and goes on behind whoever has waited for a minute.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the server does not do its part; [`Error::Busy`] with its progress while a
    /// first fetch is under way.
    pub(crate) async fn look(&self, server: &OnServer, freshness: Freshness) -> Result<()> {
        let id = server.calendar.id;
        let state = mirror::state(&self.store, id).await?.unwrap_or_default();
        if state.synced_at.is_some() {
            return self.bring_up_to_date(server, freshness, &|_, _| {}).await;
        }
        let (service, of_task) = (self.clone(), server.clone());
        let fetch = tokio::spawn(async move {
            service.bring_up_to_date(&of_task, Freshness::Now, &|_, _| {}).await
        });
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

    /// Remembers which objects are read now, if they are not too many.
    pub(crate) fn note_read(&self, work: &Work, looks: &mut Looks, begun: Instant) {
        if work.fetch.len() + work.again.len() <= MAX_READ_REMEMBERED {
            let read = work.fetch.iter().chain(&work.again);
            looks.read.extend(read.map(|href| (href.as_str().to_owned(), begun)));
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
        let state = mirror::state(&self.store, id).await?;
        let state = state.ok_or_else(|| Error::no_calendar(&server.calendar.slug))?;
        // A row that was lost would never be listed again: then it is as if nothing had been fetched.
        let is_whole = objects::count(&self.store, id).await? == state.mirrored;
        let synced_at = state.synced_at.filter(|_| is_whole);
        let state = Mirror { synced_at, ..state };
        let begun = self.clock.instant();
        let look_begun = self.now();
        let (listing, mark) = self.listing(server, &state, looks.compared).await?;
        let look = Look::new(&state, look_begun);
        let is_all = matches!(listing, Listing::All(_));
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
                let mut work = Work { reported, ..compare(&changed, &known) };
                let places = vanished.iter().filter_map(|href| known.get(href));
                work.gone.extend(places.map(|version| version.href.clone()));
                work
            }
            Listing::All(members) => self.work_for_all(server, &members).await?,
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
        if is_all && is_done {
            looks.compared = Some(begun);
            // A first fetch differs from nothing.
            let found = if state.synced_at.is_some() { found } else { 0 };
            self.note_audit(server, &state, found).await?;
        }
        Ok(is_done)
    }

    /// What the server says, and what the mirror is known by once that is carried out.
    async fn listing(
        &self,
        server: &OnServer,
        state: &Mirror,
        compared: Option<Instant>,
    ) -> Result<(Listing, Mark)> {
        let same = Mark { sync_token: state.sync_token.clone(), ctag: state.ctag.clone() };
        let is_known = state.synced_at.is_some();
        let since = match is_known {
            true => State { sync_token: state.sync_token.clone(), ctag: state.ctag.clone() },
            // Where a ctag is kept, the server is known to have no sync-collection that is of use.
            false => State { sync_token: None, ctag: state.ctag.clone() },
        };
        let changes = self.ask(server, server.collection.changes(&since).await).await?;
        let mark = |state: State| Mark { sync_token: state.sync_token, ctag: state.ctag };
        Ok(match changes {
            Changes::Unchanged => (Listing::Same, same),
            Changes::Some { changed, vanished, state } => {
                self.changes(server, changed, vanished, mark(state), compared).await?
            }
            Changes::All { members, state, doubt } => {
                if let Some(doubt) = doubt {
                    let calendar = &server.calendar.slug;
                    tracing::warn!(calendar, why = doubt.as_str(), "all objects are listed");
                }
                (Listing::All(members), mark(state))
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
            return Ok((Listing::All(members), mark));
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
    /// the token and does not say so: it lists what has not changed.
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
            // token what is gone; only what was cleaned away or restored there does not show.
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

    /// What a server answers, or what its failure is for people.
    pub(crate) async fn ask<T>(&self, server: &OnServer, answer: caldav::Result<T>) -> Result<T> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => Err(server.error(&error).await),
        }
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

    /// Fetches what is new, and writes down what is and what no longer is. A small piece of work is one
    /// transaction; a large one is written down part by part, so that it can be gone on with.
    pub(crate) async fn carry_out(
        &self,
        server: &OnServer,
        (from, to): (&Mirror, &Mark),
        look: &Look,
        work: Work,
        progress: Progress<'_>,
    ) -> Result<bool> {
        let Work { fetch, again, gone, here, confirmed, ended, .. } = work;
        let leaving: HashSet<String> = gone.iter().cloned().collect();
        let mut moved = ComeAndGone::default();
        let total = here + fetch.len() + again.len();
        let mut done = here;
        let is_listed = fetch.chunks(MULTIGET_CHUNK).map(|chunk| (true, chunk));
        let is_asked_again = again.chunks(MULTIGET_CHUNK).map(|chunk| (false, chunk));
        let chunks: Vec<_> = is_listed
            .chain(is_asked_again)
            .map(async |(is_listed, chunk)| (is_listed, server.collection.multiget(chunk).await))
            .collect();
        let is_small = chunks.len() <= 1;
        let mut answers = stream::iter(chunks).buffered(FETCHES_AT_ONCE);
        let mut last = Vec::new();
        while let Some((is_listed, answer)) = answers.next().await {
            let fetched = self.ask(server, answer).await?;
            if is_listed {
                check_given(&fetched)?;
            }
            done += fetched.len();
            progress(done, total);
            if is_small {
                last = fetched;
                break;
            }
            let transaction = self.store.begin().await?;
            self.write_down(
                &transaction,
                server,
                (fetched, &leaving),
                look.sight(self.now()),
                &mut moved,
            )
            .await?;
            if !mirror::is_current(&transaction, server.calendar.id, from).await? {
                return Ok(false);
            }
            if from.synced_at.is_none() {
                let number = |it| i64::try_from(it).unwrap_or(i64::MAX);
                let (done, total) = (number(done), number(total));
                mirror::set_progress(&transaction, server.calendar.id, done, total).await?;
            }
            transaction.commit().await?;
        }
        let transaction = self.store.begin().await?;
        let sight = look.sight(self.now());
        self.write_down(&transaction, server, (last, &leaving), sight, &mut moved).await?;
        self.remove(&transaction, server, &gone, &confirmed, &mut moved).await?;
        let keeper = ClaimKeeper::new(&transaction, &server.calendar);
        for uid in &ended {
            // At whatever place it was: one that lies there again goes on.
            keeper.end((uid, ""), None, sight.moment()).await?;
        }
        keeper.hand_over(&moved, sight).await?;
        let times = (look.begun.0, self.now().0);
        if !mirror::advance(&transaction, server.calendar.id, from, to, times).await? {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Writes fetched objects into the mirror; what lies at the places of `leaving` will be gone.
    async fn write_down(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        (fetched, leaving): (Vec<Fetched>, &HashSet<String>),
        sight: Sight,
        moved: &mut ComeAndGone,
    ) -> Result<()> {
        let calendar = &server.calendar;
        if fetched.is_empty() {
            return Ok(());
        }
        let revision = calendars::lock(transaction, calendar.id).await?;
        revision.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let now = self.now();
        let keeper = ClaimKeeper::new(transaction, calendar);
        for Fetched { href, outcome } in fetched {
            let href = href.as_str();
            let (etag, text) = match outcome {
                Outcome::Found { etag, text } => (etag_text(etag.as_ref()), text),
                Outcome::Missing | Outcome::ReportedMissing => {
                    let there = objects::by_href(transaction, calendar.id, href).await?;
                    objects::remove(transaction, calendar.id, href).await?;
                    if let Some(there) = there {
                        // Asked for alone it is not there: that ends its claim.
                        let is_confirmed = outcome == Outcome::Missing;
                        keeper.leave(&there, is_confirmed, now, moved).await?;
                    }
                    continue;
                }
                Outcome::Unreadable { why } => {
                    tracing::warn!(calendar = calendar.slug, href, why, "an object was not given");
                    keep_text(transaction, calendar, href, now).await?;
                    // An empty text is reported as unreadable, and an unknown version read anew.
                    (String::new(), Vec::new())
                }
            };
            let row = ObjectRow::new(calendar, href, &etag, &text, now);
            row.see(transaction, calendar).await?;
            let there = objects::by_href(transaction, calendar.id, href).await?;
            let uid = row.resource.uid.as_str();
            let before = match &there {
                Some(there) => Some(there.text.clone()),
                None => text_of_leaving(transaction, calendar, uid, leaving).await?,
            };
            keeper.see((uid, href), before.as_deref(), &row.resource.text, sight, moved).await?;
            row.put(transaction, calendar).await?;
            // Where another object has taken its place, it is not there any more. Of a text that was not
            // given, or is none, nothing is said.
            let is_replaced = |it: &Resource| match it.uid.is_empty() {
                true => !it.text.is_empty() && it.text != row.resource.text,
                false => !uid.is_empty() && it.uid != uid,
            };
            if let Some(there) = there.filter(is_replaced) {
                keeper.leave(&there, true, now, moved).await?;
            }
        }
        Ok(())
    }

    async fn remove(
        &self,
        transaction: &Transaction,
        server: &OnServer,
        gone: &[String],
        confirmed: &HashSet<Href>,
        moved: &mut ComeAndGone,
    ) -> Result<()> {
        let calendar = &server.calendar;
        if gone.is_empty() {
            return Ok(());
        }
        let revision = calendars::lock(transaction, calendar.id).await?;
        revision.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let (keeper, now) = (ClaimKeeper::new(transaction, calendar), self.now());
        for href in gone {
            let there = objects::by_href(transaction, calendar.id, href).await?;
            objects::remove(transaction, calendar.id, href).await?;
            let Some(Resource { uid, text, .. }) = there else { continue };
            let is_named = !uid.is_empty();
            if is_named && !objects::by_uid(transaction, calendar.id, &uid).await?.is_empty() {
                // It lies under another name.
                continue;
            }
            keeper.vanish(&uid, (href, &text), now, moved).await?;
            if confirmed.contains(&Href::from_store(href.as_str())) {
                keeper.end((&uid, href), Some(&text), now).await?;
            }
        }
        Ok(())
    }

    /// Makes sure of deletions, because only one that did happen ends a claim (rule 4). What a list of
    /// changes reports was asked for before ([`Service::changes`]). What a list of everything lacks is
    /// asked for now; so is what earlier looks could not ask for.
    pub(crate) async fn confirm_gone(
        &self,
        server: &OnServer,
        work: &mut Work,
        is_all: bool,
    ) -> Result<()> {
        if !is_all {
            let gone = work.gone.iter().map(|it| Href::from_store(it.as_str()));
            work.confirmed.extend(gone.filter(|it| !work.reported.contains(it)));
        }
        let most = i64::try_from(MAX_CONFIRMED).unwrap_or(i64::MAX);
        let earlier = uid_metadata::unconfirmed(&self.store, server.calendar.id, most).await?;
        let uid_of: HashMap<Href, String> =
            earlier.into_iter().map(|it| (Href::from_store(it.href), it.uid)).collect();
        let mut asked: Vec<Href> = uid_of.keys().cloned().collect();
        let now = work.gone.iter().filter(|_| is_all).map(|it| Href::from_store(it.as_str()));
        asked.extend(now.filter(|href| !uid_of.contains_key(href)));
        asked.truncate(MAX_CONFIRMED);
        if asked.is_empty() {
            return Ok(());
        }
        // If the server does not answer, the next look asks again.
        let Ok(versions) = server.collection.still_there(&asked).await else { return Ok(()) };
        let mut still_there = HashSet::new();
        for CurrentVersion { href, presence } in versions {
            match (presence, uid_of.get(&href)) {
                (Presence::Missing, Some(uid)) => work.ended.push(uid.clone()),
                (Presence::Missing, None) => {
                    work.confirmed.insert(href);
                }
                (Presence::Present(_), _) => {
                    still_there.insert(href.as_str().to_owned());
                    if !work.fetch.contains(&href) {
                        work.fetch.push(href);
                    }
                }
                // The next look asks again.
                (Presence::ReportedMissing | Presence::Unknown { .. }, _) => {}
            }
        }
        // The list leaves out what is there.
        work.gone.retain(|href| !still_there.contains(href));
        Ok(())
    }

    /// Writes down that a look saw nothing new: from now on what is new was not there when it began.
    async fn note_look(&self, server: &OnServer, from: &Mirror, look: &Look) -> Result<()> {
        let transaction = self.store.begin().await?;
        mirror::note_look(&transaction, server.calendar.id, from, look.begun.0).await?;
        Ok(transaction.commit().await?)
    }
}

/// The text of an object that the server has moved to another place, as the mirror has it at the one that
/// it leaves.
async fn text_of_leaving(
    transaction: &Transaction,
    calendar: &Calendar,
    uid: &str,
    leaving: &HashSet<String>,
) -> Result<Option<Vec<u8>>> {
    if uid.is_empty() || leaving.is_empty() {
        return Ok(None);
    }
    let others = objects::by_uid(transaction, calendar.id, uid).await?;
    Ok(others.into_iter().find(|it| leaving.contains(&it.href)).map(|it| it.text))
}

/// Keeps the text of an object that the server does not give at present: what it holds is told from that
/// when it is given again.
async fn keep_text(
    transaction: &Transaction,
    calendar: &Calendar,
    href: &str,
    now: Moment,
) -> Result<()> {
    let there = objects::by_href(transaction, calendar.id, href).await?;
    let Some(there) = there.filter(|it| !it.text.is_empty() && !it.uid.is_empty()) else {
        return Ok(());
    };
    Ok(uid_metadata::keep_text(transaction, calendar.id, &there.uid, &there.text, now.0).await?)
}

/// Makes sure that a server gives at least one of several objects: one that gives none is at fault
/// itself.
fn check_given(fetched: &[Fetched]) -> Result<()> {
    let reason = |it: &Fetched| match &it.outcome {
        Outcome::Unreadable { why } => Some(why.clone()),
        Outcome::Found { .. } | Outcome::Missing | Outcome::ReportedMissing => None,
    };
    let reasons: Option<Vec<String>> = fetched.iter().map(reason).collect();
    match reasons.as_deref() {
        Some([first, _, ..]) => {
            Err(Error::server(MessageId::none_given_away(fetched.len(), first)))
        }
        _ => Ok(()),
    }
}

pub(crate) fn by_href(versions: Vec<Version>) -> HashMap<Href, Version> {
    versions.into_iter().map(|it| (Href::from_store(it.href.as_str()), it)).collect()
}

fn etag_of(member: &Member) -> String {
    etag_text(member.etag.as_ref())
}

/// What of these members has to be fetched. One whose place is spelled in another way than it was is a
/// new one, so that the server is always asked in its own spelling of today.
pub(crate) fn compare(members: &[Member], known: &HashMap<Href, Version>) -> Work {
    let mut work = Work::default();
    for member in members {
        let etag = etag_of(member);
        match known.get(&member.href) {
            Some(version) if version.href != member.href.as_str() => {
                work.gone.push(version.href.clone());
                work.fetch.push(member.href.clone());
            }
            Some(version) if !etag.is_empty() && version.etag == etag => work.here += 1,
            _ => work.fetch.push(member.href.clone()),
        }
    }
    work
}
