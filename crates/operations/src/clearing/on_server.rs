//! Clearing a calendar on a CalDAV server: its mirror is brought up to date and planned on; each change
//! is made under the version that was decided on; where somebody else was quicker, all is looked at and
//! planned again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use answers::report::{FailedCalendar, Report};
use clearing::Reason;
use facts::clock::Instant;
use facts::{Event, KeptConflict, Removal};
use ical::Moment;
use ical::civil::DAY;
use store::history::{self, ByRun};
use store::{ChangeId, RunId};

use crate::changes::change::{By, Made};
use crate::changes::decision::Decision;
use crate::changes::leases::Lease;
use crate::clearing::change_of_one::ChangeOfOne;
use crate::clearing::one_calendar::{OneCalendar, outcome_of};
use crate::clearing::plan_changes::Outcome;
use crate::mail::notify::Announcer;
use crate::mail::recipients::is_kept_announced;
use crate::room::on_server::OnServer;
use crate::room::snapshot::{Snapshot, zones_of};
use crate::sync::confirm::{Confirmation, Confirmed};
use crate::sync::work::Freshness;
use crate::{Error, Message, MessageId, Result, Service};

/// How often an object is read and planned on again that others change meanwhile (rule 7).
const MAX_TRIES: usize = 3;
/// How often a calendar is planned again in one run, whichever objects others change.
const MAX_PLANS: usize = 12;

/// How far a run on one calendar is.
struct Progress {
    slug: Arc<str>,
    /// What was done so far.
    report: Report<Event>,
    /// How often an object turned out to have been changed, by its place.
    tries: HashMap<String, usize>,
    /// What is not tried any more, by its place: why, and the server's words.
    given_up: HashMap<String, (Reason, Option<Message>)>,
    /// Objects to read back.
    written: Vec<(ChangeId, String)>,
    /// Places of objects of which an earlier change is in doubt: they count as held.
    in_doubt: HashSet<String>,
    /// Which winners the server has said to exist.
    confirmed: Confirmed,
    /// Whether an invitation was accepted of which the rest of the change is still to be made.
    is_half_answered: bool,
    /// The dates, with the place of the invitation, that such changes still were to take out.
    half_answered: HashSet<(String, Moment)>,
    /// Whether no other calendar is known to stand for the same collection.
    is_only_calendar: bool,
}

/// A plan, and when it was made.
#[derive(Clone, Copy)]
struct CurrentPlan<'p> {
    snapshot: &'p Snapshot,
    outcome: &'p Outcome,
    made_at: Instant,
}

/// What a pass over a calendar came to.
enum Pass {
    /// All of the plan was dealt with.
    Through,
    /// Somebody else changed an object: look and plan again.
    Again,
    /// The plan is old, and others may have moved what it rests on: look and plan the rest again.
    Aged {
        /// Whether any of its changes was made.
        has_advanced: bool,
    },
}

/// Whether the winners of a change are there.
#[derive(Clone, Copy, Debug)]
enum Winners {
    /// They are.
    There {
        /// When the server was asked for them, for the first of them.
        since: Instant,
    },
    /// One is not as it was.
    Differ,
    /// The server has said so too long ago: the process was frozen meanwhile.
    Outdated,
}

impl Service {
    /// Clears a calendar on a server. What was done before the server failed stands in the report beside
    /// the failure.
    pub(crate) async fn clear_on_server(
        &self,
        server: &OnServer,
        one: OneCalendar<'_>,
        run: RunId,
        lease: &Lease,
    ) -> Result<Report<Event>> {
        let mut progress = Progress {
            slug: one.calendar.slug.as_str().into(),
            report: Report::new(false),
            tries: HashMap::new(),
            given_up: HashMap::new(),
            written: Vec::new(),
            in_doubt: HashSet::new(),
            confirmed: Confirmed::default(),
            is_half_answered: false,
            half_answered: HashSet::new(),
            is_only_calendar: false,
        };
        let passes = self.passes(server, one, run, lease, &mut progress);
        let cleared = self.unless_cut_off(passes).await;
        let Progress { slug, mut report, .. } = progress;
        let is_anything_done = report.lists().into_iter().any(|list| !list.is_empty());
        match cleared {
            Ok(()) => Ok(report),
            Err(error) if is_anything_done => {
                tracing::error!(calendar = %slug, %error, "a calendar failed half-way");
                let error = error.said();
                report.failed_calendars.push(FailedCalendar { calendar: slug, error });
                Ok(report)
            }
            Err(error) => Err(error),
        }
    }

    async fn passes(
        &self,
        server: &OnServer,
        one: OneCalendar<'_>,
        run: RunId,
        lease: &Lease,
        progress: &mut Progress,
    ) -> Result<()> {
        let freshness = if one.is_scheduled { Freshness::Polled } else { Freshness::Now };
        self.ensure_mirror_synced(server, freshness).await?;
        for href in self.recover_calendar(server).await? {
            let why = MessageId::EarlierChangeUnknown.into();
            progress.in_doubt.insert(href.clone());
            progress.given_up.insert(href, (Reason::Changed, Some(why)));
        }
        let mut plans = 0;
        loop {
            let made_at = self.clock.instant();
            let (snapshot, outcome) =
                self.plan_on_server(server, one, &progress.half_answered).await?;
            if plans >= MAX_PLANS {
                for change in &outcome.changes {
                    let href = snapshot.places[change.resource].href.clone();
                    progress.given_up.entry(href).or_insert((Reason::Changed, None));
                }
            }
            if !outcome.changes.is_empty() && !progress.is_only_calendar {
                self.check_only_calendar(server).await?;
                progress.is_only_calendar = true;
            }
            let plan = CurrentPlan { snapshot: &snapshot, outcome: &outcome, made_at };
            let pass = self.pass(server, run, lease, &plan, progress).await;
            let is_half_answered = std::mem::take(&mut progress.is_half_answered);
            if pass.is_err() || matches!(pass, Ok(Pass::Through)) && !is_half_answered {
                // Also where the server failed: what was written may be read back all the same.
                let written = std::mem::take(&mut progress.written);
                self.try_to_read_back(server, &written).await;
                pass?;
                let of = (run, lease);
                return self.conclude(server, one, of, &snapshot, outcome, progress).await;
            }
            if is_half_answered {
                let written = std::mem::take(&mut progress.written);
                self.try_to_read_back(server, &written).await;
            }
            let has_advanced =
                is_half_answered || matches!(pass, Ok(Pass::Aged { has_advanced: true }));
            plans += usize::from(!has_advanced);
            self.ensure_mirror_synced(server, Freshness::Now).await?;
        }
    }

    /// Plans on the mirror; who booked is asked for what is about to be reported.
    pub(crate) async fn plan_on_server(
        &self,
        server: &OnServer,
        one: OneCalendar<'_>,
        half_answered: &HashSet<(String, Moment)>,
    ) -> Result<(Snapshot, Outcome)> {
        let mut snapshot = self.snapshot_to_clear(&self.store, one).await?;
        if !half_answered.is_empty() {
            snapshot.remember_half_answered(half_answered);
        }
        let (mut snapshot, mut outcome) = outcome_of(snapshot, one.now).await?;
        let authors = self.ask_authors(server, outcome.events()).await;
        if !authors.is_empty() {
            snapshot.authors.extend(authors);
            (snapshot, outcome) = outcome_of(snapshot, one.now).await?;
        }
        let answered = self.answered_before(server, &snapshot, &outcome).await?;
        if !answered.is_empty() {
            snapshot.answered = answered;
            (snapshot, outcome) = outcome_of(snapshot, one.now).await?;
        }
        if server.hides_parts() {
            keep_hidden(server, &snapshot, &mut outcome);
        }
        Ok((snapshot, outcome))
    }

    /// The places of invitations that a plan accepts and that the room has answered in the last day, just as they
    /// are: a server that does not keep the answer is not asked in every run.
    async fn answered_before(
        &self,
        server: &OnServer,
        snapshot: &Snapshot,
        outcome: &Outcome,
    ) -> Result<HashSet<String>> {
        let mut answered = HashSet::new();
        let since = self.now().0 - DAY;
        for change in outcome.changes.iter().filter(|it| it.acceptance.is_some()) {
            let version = snapshot.version(change.resource);
            let before =
                history::answered_text(&self.store, server.calendar.id, version.href, since);
            let zones = &mut zones_of(&server.calendar);
            if before.await?.is_some_and(|it| ical::says_the_same(&it, version.text, zones)) {
                answered.insert(version.href.to_owned());
            }
        }
        Ok(answered)
    }

    /// Makes the changes of a plan, one by one, until one meets an object that somebody else changed.
    async fn pass(
        &self,
        server: &OnServer,
        run: RunId,
        lease: &Lease,
        plan: &CurrentPlan<'_>,
        progress: &mut Progress,
    ) -> Result<Pass> {
        let CurrentPlan { snapshot, outcome, made_at } = *plan;
        let mut has_advanced = false;
        let by = By::run(ByRun { run, is_at_limit: outcome.is_at_limit });
        let lease = std::slice::from_ref(lease);
        let answers_apart = server.collection.quirks().tells_answers_or_dates;
        for (index, change) in outcome.changes.iter().enumerate() {
            let alone = change.answer_alone().filter(|_| answers_apart);
            let is_half = alone.is_some();
            let planned = alone.as_ref().unwrap_or(change);
            let removed = &change.loss.removals;
            let ChangeOfOne { resource, text, winners, .. } = planned;
            let version = snapshot.version(*resource);
            if progress.given_up.contains_key(version.href) {
                continue;
            }
            if winners.iter().any(|it| progress.in_doubt.contains(snapshot.version(*it).href)) {
                // The winner may be on its way out.
                let why = (Reason::Changed, Some(MessageId::EarlierChangeUnknown.into()));
                progress.given_up.insert(version.href.to_owned(), why);
                continue;
            }
            let rest = &outcome.changes[index..];
            let confirmed = self.confirm_winners(server, snapshot, rest, progress).await?;
            let decided = match confirmed {
                Winners::There { since } => Decision::of(made_at, since),
                Winners::Differ => return Ok(Pass::Again),
                Winners::Outdated => return Ok(Pass::Aged { has_advanced }),
            };
            if !decided.holds(&self.clock) {
                return Ok(Pass::Aged { has_advanced });
            }
            let change = planned.of(snapshot);
            let made = self.change_on_server(server, lease, (&by, &change), decided).await?;
            match made {
                Made::Done { change, is_version_known } => {
                    has_advanced = true;
                    planned.add_to(&mut progress.report, &progress.slug);
                    if is_half {
                        progress.is_half_answered = true;
                        let dates = removed.iter().map(|it| it.event.original);
                        let href = || version.href.to_owned();
                        progress.half_answered.extend(dates.map(|it| (href(), it)));
                    }
                    let rewrites = server.collection.quirks().rewrites_bodies;
                    if text.is_some() && (!is_version_known || rewrites) {
                        progress.written.push((change, version.href.to_owned()));
                    }
                }
                Made::Refused { words, .. } => {
                    let why = (Reason::Refused, Some(words));
                    progress.given_up.insert(version.href.to_owned(), why);
                }
                Made::Changed => {
                    let tries = progress.tries.entry(version.href.to_owned()).or_default();
                    *tries += 1;
                    if *tries >= MAX_TRIES {
                        progress.given_up.insert(version.href.to_owned(), (Reason::Changed, None));
                    }
                    return Ok(Pass::Again);
                }
                Made::Late => return Ok(Pass::Aged { has_advanced }),
                Made::LeaseLost => return Err(Error::Busy(MessageId::LeaseLost.into())),
                Made::InDoubt => {
                    let why = (Reason::Changed, Some(MessageId::EarlierChangeUnknown.into()));
                    progress.in_doubt.insert(version.href.to_owned());
                    progress.given_up.insert(version.href.to_owned(), why);
                }
            }
        }
        Ok(Pass::Through)
    }

    /// Makes sure that the first of these changes gives way to what is there; where the server has to be
    /// asked for that, it is asked for the winners of all of them.
    async fn confirm_winners(
        &self,
        server: &OnServer,
        snapshot: &Snapshot,
        rest: &[ChangeOfOne],
        progress: &mut Progress,
    ) -> Result<Winners> {
        let none = HashSet::new();
        let first = rest.first().map_or(&none, |it| &it.winners);
        if let Some(since) =
            self.confirmed_since(server, snapshot, first, &progress.confirmed).await
        {
            return Ok(Winners::There { since });
        }
        let is_left =
            |it: &&ChangeOfOne| !progress.given_up.contains_key(snapshot.version(it.resource).href);
        let winners = rest.iter().filter(is_left).flat_map(|it| &it.winners).copied().collect();
        let confirmed = &mut progress.confirmed;
        if self.confirm(server, snapshot, &winners, confirmed).await? == Confirmation::Differs {
            return Ok(Winners::Differ);
        }
        let since = self.confirmed_since(server, snapshot, first, confirmed).await;
        Ok(since.map_or(Winners::Outdated, |since| Winners::There { since }))
    }

    /// The end of a run: kept conflicts are reported and announced.
    async fn conclude(
        &self,
        server: &OnServer,
        one: OneCalendar<'_>,
        (run, lease): (RunId, &Lease),
        snapshot: &Snapshot,
        outcome: Outcome,
        progress: &mut Progress,
    ) -> Result<()> {
        let Outcome {
            changes,
            mut ignored,
            unreadable,
            warnings,
            beyond_limit,
            not_chosen,
            is_at_limit,
            is_reported,
            mut pending,
        } = outcome;
        pending.without(|href| progress.in_doubt.contains(href));
        for change in changes {
            let href = &snapshot.places[change.resource].href;
            if let Some((reason, words)) = progress.given_up.get(href) {
                ignored.extend(change.loss.kept(*reason, words.clone()));
            }
        }
        let add = |it: &KeptConflict| progress.report.add_kept(&progress.slug, it);
        ignored.iter().for_each(add);
        let add = |it: &Removal| progress.report.add_not_chosen(&progress.slug, it);
        not_chosen.removals.iter().for_each(add);
        progress.report.unreadable_objects = unreadable;
        progress.report.warnings = warnings;
        let is_told = |it: &KeptConflict| is_kept_announced(&snapshot.calendar, it);
        let says_nothing = !ignored.iter().any(is_told) && !is_reported && pending.is_nothing();
        let is_open = self.has_confirmation(&server.calendar).await?;
        if says_nothing && beyond_limit.is_none() && !is_open {
            return Ok(());
        }
        let transaction = self.store.begin().await?;
        if !pending.is_nothing() {
            // Another run may have warned meanwhile, or an administrator decided.
            lease.hold(&transaction).await?;
        }
        let announcer = Announcer::new(self, &transaction, &snapshot.calendar, one.now);
        self.write_pending(&transaction, snapshot, &pending, (run, is_at_limit), one.now).await?;
        if !snapshot.due_only {
            if is_reported {
                announcer.report(&ignored).await?;
            }
            announcer.conclude(&ignored, (beyond_limit, not_chosen.objects()), run).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Keeps events of which the server shows this account only a part, which could not be written back as they
/// were, and their losers: such an event may be free or cancelled, which is not visible here.
pub(crate) fn keep_hidden(server: &OnServer, snapshot: &Snapshot, outcome: &mut Outcome) {
    let hidden = snapshot.uids_where(|text| server.hides(text));
    if hidden.is_empty() {
        return;
    }
    let is_hidden = |it: &usize| server.hides(snapshot.text_of(*it));
    let places: HashSet<&str> = (0..snapshot.places.len())
        .filter(is_hidden)
        .map(|it| snapshot.places[it].href.as_str())
        .collect();
    outcome.pending.without(|href| places.contains(href));
    for it in outcome.ignored.iter_mut().filter(|it| it.reason == Reason::Pending) {
        let is_beside = it.removal.winner().is_some_and(|it| hidden.contains(&it.uid));
        let why = match hidden.contains(&it.removal.event.uid) {
            true => MessageId::HiddenPart,
            false if is_beside => MessageId::HiddenBeside,
            false => continue,
        };
        (it.reason, it.detail) = (Reason::Refused, Some(why.into()));
    }
    for change in std::mem::take(&mut outcome.changes) {
        let winners = change.loss.removals.iter().filter_map(|it| it.winner());
        let is_beside = winners.into_iter().any(|it| hidden.contains(&it.uid));
        if server.hides(snapshot.text_of(change.resource)) {
            outcome
                .ignored
                .extend(change.loss.kept(Reason::Refused, Some(MessageId::HiddenPart.into())));
        } else if is_beside {
            outcome
                .ignored
                .extend(change.loss.kept(Reason::Refused, Some(MessageId::HiddenBeside.into())));
        } else {
            outcome.changes.push(change);
        }
    }
}
