//! Writing what a server has into the mirror.

use std::collections::{HashMap, HashSet};

use caldav::{CurrentVersion, FetchOutcome, Fetched, Href, MULTIGET_CHUNK, Presence};
use clearing::Sight;
use futures_util::{StreamExt as _, stream};
use ical::Calendar as Objects;
use store::calendars::{self, Calendar};
use store::mirror::{self, Mark, Mirror};
use store::objects::{self, Resource};
use store::{Transaction, uid_metadata};

use crate::connections::request_errors;
use crate::room::claims::ComeAndGone;
use crate::room::keeper::ClaimKeeper;
use crate::room::object_row::ObjectRow;
use crate::room::on_server::{OnServer, etag_text};
use crate::sync::work::Progress;
use crate::sync::work::{Look, Work};
use crate::{Error, Message, MessageId, Result, Service};

/// Parallel multigets, so that one is answered while another is written down.
const FETCHES_AT_ONCE: usize = 2;

/// Objects that are reported to be gone, and that are asked for at one look to be sure of it: ten requests
/// at most, and a GET for each of the first [`caldav::limits::MAX_ASKED_ALONE`] that are gone, because only
/// that ends a claim. The next look goes on.
const MAX_CONFIRMED: usize = 10 * MULTIGET_CHUNK;

impl Service {
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
        // At the end of the whole look: of several new events with one token nobody knows who copied it.
        ClaimKeeper::new(&transaction, &server.calendar)
            .bind_tokens(&mut moved, sight.moment())
            .await?;
        self.remove(&transaction, server, &gone, &confirmed, &mut moved).await?;
        let keeper = ClaimKeeper::new(&transaction, &server.calendar);
        keeper.end_refilled(&mut moved, sight.moment()).await?;
        for uid in &ended {
            keeper.end_vanished(uid, sight.moment()).await?;
        }
        keeper.hand_over(&moved, sight).await?;
        keeper.settle_absences(sight).await?;
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
        let (mut rows, mut leaving) = (Vec::new(), leaving.clone());
        for Fetched { href, outcome } in fetched {
            let href = href.as_str();
            let (etag, text) = match outcome {
                FetchOutcome::Found { etag, text } => (etag_text(etag.as_ref()), text),
                FetchOutcome::Missing | FetchOutcome::ReportedMissing => {
                    let there = objects::by_href(transaction, calendar.id, href).await?;
                    objects::remove(transaction, calendar.id, href).await?;
                    if let Some(there) = there {
                        // Asked for alone it is not there: that ends its claim.
                        let is_confirmed = outcome == FetchOutcome::Missing;
                        keeper.leave(&there, is_confirmed, now, moved).await?;
                    }
                    continue;
                }
                FetchOutcome::Unreadable { why } => {
                    tracing::warn!(calendar = calendar.slug, href, %why, "an object was not given");
                    if let Some(there) = objects::by_href(transaction, calendar.id, href).await? {
                        keeper.not_given(&there, now).await?;
                    }
                    // An empty text is reported as unreadable, and an unknown version read anew.
                    (String::new(), Vec::new())
                }
            };
            let row = ObjectRow::new(calendar, href, &etag, &text, now);
            let there = objects::by_href(transaction, calendar.id, href).await?;
            let is_refilled = there.as_ref().is_some_and(|it| is_refilled(it, &row.resource));
            if is_refilled {
                leaving.insert(href.to_owned());
            }
            rows.push((row, there, is_refilled));
        }
        let keeper = keeper.leaving(&leaving);
        for (row, there, is_refilled) in rows {
            row.see(transaction, calendar).await?;
            let Resource { uid, href, text, .. } = &row.resource;
            // What it holds follows from its own text, wherever that lay.
            let its = there.as_ref().filter(|it| uid.is_empty() || it.uid == *uid);
            let before = match its {
                Some(there) => Some(there.text.clone()),
                None => match moved.refilled.iter().find(|it| it.uid == *uid && !uid.is_empty()) {
                    Some(there) => Some(there.text.clone()),
                    None => text_of_leaving(transaction, calendar, uid, &leaving).await?,
                },
            };
            keeper.see((uid, href), before.as_deref(), text, sight, moved).await?;
            row.put(transaction, calendar).await?;
            match there {
                // Where another object has taken its place, it is not there any more; whether it is elsewhere
                // is known at the end of the look.
                Some(there) if is_refilled => moved.refilled.push(there),
                // Of a text that was not given, or is none, nothing is known.
                Some(there) if there.uid != *uid => keeper.not_seen_at(&row.resource, now).await?,
                _ => {}
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
            let is_confirmed = confirmed.contains(&Href::from_store(href.as_str()));
            let gone = Resource { href: href.clone(), uid, etag: String::new(), text };
            keeper.leave(&gone, is_confirmed, now, moved).await?;
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
        let earlier: Vec<(Href, String)> =
            earlier.into_iter().map(|it| (Href::from_store(it.href), it.uid)).collect();
        let mut asked: Vec<Href> = earlier.iter().map(|(href, _)| href.clone()).collect();
        let uid_of: HashMap<Href, String> = earlier.into_iter().collect();
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
}

/// Whether a look sees at a place something else than there was: another object, or what is no event at all.
fn is_refilled(there: &Resource, now_there: &Resource) -> bool {
    let is_other = match there.uid.is_empty() && now_there.uid.is_empty() {
        true => there.text != now_there.text,
        false => there.uid != now_there.uid,
    };
    is_other && !now_there.text.is_empty() && Objects::parse(&now_there.text).is_ok()
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

/// Makes sure that a server gives at least one of several objects: one that gives none is at fault
/// itself.
fn check_given(fetched: &[Fetched]) -> Result<()> {
    let reason = |it: &Fetched| match &it.outcome {
        FetchOutcome::Unreadable { why } => Some(request_errors::not_given(why)),
        FetchOutcome::Found { .. } | FetchOutcome::Missing | FetchOutcome::ReportedMissing => None,
    };
    let reasons: Option<Vec<Message>> = fetched.iter().map(reason).collect();
    match reasons.as_deref() {
        Some([first, _, ..]) => {
            Err(Error::server(MessageId::none_given_away(fetched.len(), first.clone())))
        }
        _ => Ok(()),
    }
}
