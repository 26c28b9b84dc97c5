//! Clearing a calendar on a CalDAV server: its mirror is brought up to date and planned on; each change
//! is made under the version that was decided on; where somebody else was quicker, all is looked at and
//! planned again.

use std::collections::HashMap;
use std::sync::Arc;

use store::history::Cause;
use store::{ChangeId, RunId};

use crate::change_on_server::{Made, ServerChange};
use crate::clear_bookings::{OneCalendar, outcome_of};
use crate::clearing_of_one::{ChangeOfOne, LeftAlone, Outcome};
use crate::intent::Intent;
use crate::leases::Lease;
use crate::mirror::Freshness;
use crate::notify::Announcer;
use crate::on_server::OnServer;
use crate::report::{FailedCalendar, Report, ShownEvent};
use crate::snapshot::Snapshot;
use crate::{Result, Service};

/// How often an object is read and planned on again that others change meanwhile (rule 7).
const MAX_TRIES: usize = 3;
/// How often a calendar is planned again in one run, whichever objects others change.
const MAX_PLANS: usize = 12;

/// How far a run on one calendar is.
struct Progress {
    slug: Arc<str>,
    /// What was done so far.
    report: Report<ShownEvent>,
    /// How many objects lost an overlap: they count for the safety limit.
    objects: usize,
    /// How often an object turned out to have been changed, by its place.
    tries: HashMap<String, usize>,
    /// What is not tried any more, by its place: why, and the server's words.
    given_up: HashMap<String, (&'static str, Option<String>)>,
    /// What has to be read back.
    written: Vec<(ChangeId, String)>,
}

/// What a pass over a calendar came to.
enum Pass {
    /// All of the plan was dealt with.
    Through,
    /// Somebody else changed an object: look and plan again.
    Again,
}

impl Service {
    /// What a clear of a calendar on a server would do.
    pub(crate) async fn test_on_server(&self, one: OneCalendar<'_>) -> Result<Report<ShownEvent>> {
        let server = self.on_server(one.calendar).await?;
        self.look(&server, Freshness::Now).await?;
        let (_, outcome) = self.plan_on_server(&server, one, 0).await?;
        Ok(outcome.report(&one.calendar.slug))
    }

    /// Clears a calendar on a server. What was done before the server failed stands in the report beside
    /// the failure.
    pub(crate) async fn clear_on_server(
        &self,
        one: OneCalendar<'_>,
        run: RunId,
        lease: &Lease,
    ) -> Result<Report<ShownEvent>> {
        let server = self.on_server(one.calendar).await?;
        let mut progress = Progress {
            slug: one.calendar.slug.as_str().into(),
            report: Report::new(false),
            objects: 0,
            tries: HashMap::new(),
            given_up: HashMap::new(),
            written: Vec::new(),
        };
        let cleared = self.passes(&server, one, run, lease, &mut progress).await;
        let Progress { slug, mut report, .. } = progress;
        let is_anything_done = report.lists().into_iter().any(|list| !list.is_empty());
        match cleared {
            Ok(()) => Ok(report),
            Err(error) if is_anything_done => {
                tracing::error!(calendar = %slug, %error, "a calendar failed half-way");
                let error = error.to_string();
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
        self.look(server, Freshness::Now).await?;
        self.settle_calendar(server).await?;
        for plan in 1.. {
            let (snapshot, outcome) = self.plan_on_server(server, one, progress.objects).await?;
            if plan == MAX_PLANS {
                for change in &outcome.changes {
                    let href = snapshot.places[change.resource].href.clone();
                    progress.given_up.entry(href).or_insert(("changed", None));
                }
            }
            let pass = self.pass(server, run, lease, &snapshot, &outcome, progress).await;
            if !matches!(pass, Ok(Pass::Again)) {
                // Also where the server failed: what was written may be read back all the same.
                let read = self.read_back(server, &std::mem::take(&mut progress.written)).await;
                pass?;
                read?;
                return self.conclude(server, one, run, &snapshot, outcome, progress).await;
            }
            self.look(server, Freshness::Now).await?;
        }
        Ok(())
    }

    /// Plans on the mirror; who booked is asked for what is about to be reported.
    pub(crate) async fn plan_on_server(
        &self,
        server: &OnServer,
        one: OneCalendar<'_>,
        objects_so_far: usize,
    ) -> Result<(Snapshot, Outcome)> {
        let mut snapshot = self.snapshot_to_clear(&self.store, one).await?;
        if let Some(limit) = &mut snapshot.policy.limit {
            *limit = limit.saturating_sub(objects_so_far);
        }
        let (mut snapshot, mut outcome) = outcome_of(snapshot, one.now).await?;
        let authors = self.ask_authors(server, &outcome).await;
        if !authors.is_empty() {
            snapshot.authors.extend(authors);
            (snapshot, outcome) = outcome_of(snapshot, one.now).await?;
        }
        if server.hides_parts() {
            leave_hidden_alone(&snapshot, &mut outcome);
        }
        Ok((snapshot, outcome))
    }

    /// Makes the changes of a plan, one by one, until one meets an object that somebody else changed.
    async fn pass(
        &self,
        server: &OnServer,
        run: RunId,
        lease: &Lease,
        snapshot: &Snapshot,
        outcome: &Outcome,
        progress: &mut Progress,
    ) -> Result<Pass> {
        for ChangeOfOne { resource, text, loss, .. } in &outcome.changes {
            let version = snapshot.version(*resource);
            if progress.given_up.contains_key(version.href) {
                continue;
            }
            let change = ServerChange {
                run: Some(run),
                cause: Cause::Clear,
                user: None,
                href: version.href,
                uid: &loss.uid,
                before: Some(version),
                after: text.as_deref(),
                intent: Intent::Clear(loss.clone()),
            };
            match self.change_on_server(server, lease, &change).await? {
                Made::Done { change, is_version_known } => {
                    progress.report.add_loss(&progress.slug, loss);
                    let is_overlap = loss.removals.iter().any(|it| !it.beside.is_empty());
                    progress.objects += usize::from(is_overlap);
                    let rewrites = server.collection.quirks().rewrites_bodies;
                    if text.is_some() && (!is_version_known || rewrites) {
                        progress.written.push((change, version.href.to_owned()));
                    }
                }
                Made::Refused(words) => {
                    let why = ("refused", Some(words));
                    progress.given_up.insert(version.href.to_owned(), why);
                }
                Made::Changed => {
                    let tries = progress.tries.entry(version.href.to_owned()).or_default();
                    *tries += 1;
                    if *tries >= MAX_TRIES {
                        progress.given_up.insert(version.href.to_owned(), ("changed", None));
                    }
                    return Ok(Pass::Again);
                }
            }
        }
        Ok(Pass::Through)
    }

    /// What a run ends with: what it left alone is reported and told.
    async fn conclude(
        &self,
        server: &OnServer,
        one: OneCalendar<'_>,
        run: RunId,
        snapshot: &Snapshot,
        outcome: Outcome,
        progress: &mut Progress,
    ) -> Result<()> {
        let Outcome { changes, mut ignored, unreadable, beyond_limit } = outcome;
        for change in changes {
            let href = &snapshot.places[change.resource].href;
            if let Some((reason, words)) = progress.given_up.get(href) {
                ignored.extend(change.loss.left_alone(reason, words.as_deref()));
            }
        }
        let add = |it: &LeftAlone| progress.report.add_left_alone(&progress.slug, it);
        ignored.iter().for_each(add);
        progress.report.unreadable_objects = unreadable;
        let says_nothing = ignored.is_empty() || !snapshot.calendar.announces.ignored;
        let is_open = self.has_confirmation(&server.calendar).await?;
        if says_nothing && beyond_limit.is_none() && !is_open {
            return Ok(());
        }
        let transaction = self.store.begin().await?;
        let announcer = Announcer::new(self, &transaction, &snapshot.calendar, one.now);
        announcer.conclude(&ignored, beyond_limit, run).await?;
        Ok(transaction.commit().await?)
    }
}

/// Leaves alone of which the server shows this account only a part: neither could be written back as it
/// was.
fn leave_hidden_alone(snapshot: &Snapshot, outcome: &mut Outcome) {
    const WHY: &str = "the server shows this account only a part of it (CLASS:CONFIDENTIAL); let the \
                       owner of the calendar sign in";
    let changes = std::mem::take(&mut outcome.changes);
    for change in changes {
        if is_confidential(snapshot.text_of(change.resource)) {
            outcome.ignored.extend(change.loss.left_alone("refused", Some(WHY)));
        } else {
            outcome.changes.push(change);
        }
    }
}

/// Whether one of the events of a text is CONFIDENTIAL (RFC 5545 section 3.8.1.3).
fn is_confidential(text: &[u8]) -> bool {
    let Ok(parsed) = ical::Calendar::parse(text) else { return false };
    let mut objects = parsed.objects().iter();
    objects.any(|object| parsed.events_of(object).any(|event| event.is_confidential(&parsed)))
}
