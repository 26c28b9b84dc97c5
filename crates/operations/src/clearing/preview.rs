//! What a clear would do now, and doing exactly that.

use std::collections::{HashMap, HashSet};

use answers::Reader;
use answers::report::{Entry, Report, UnreadableObject};
use answers::warnings::Warning;
use clearing::Reason;
use facts::{Event, Removal, RemovalKind};
use ical::Moment;
use store::calendars::Calendar;
use store::health;
use store::history::Starter;

use crate::clearing::change_of_one::ChangeOfOne;
use crate::clearing::one_calendar::{OneCalendar, hold_limit, outcome_of};
use crate::clearing::plan_changes::Outcome;
use crate::clearing::preview_recipients::{RecipientPreview, Told};
use crate::clearing::rescan::scan_result;
use crate::room::snapshot::Snapshot;
use crate::{ClearRequest, Limit, Message, MessageId, Mode, Result, Scope, Service};

/// What a clear of one calendar would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The removals, by start.
    pub lines: Vec<PreviewLine>,
    /// The kept conflicts.
    pub kept: Vec<Entry<Event>>,
    /// Objects that cannot be read.
    pub unreadable: Vec<UnreadableObject>,
    /// What was read, but perhaps not as it was meant.
    pub warnings: Vec<Warning>,
    /// From how many objects runs would remove overlaps in 24 hours, if the safety limit keeps any of the
    /// lines.
    pub beyond_limit: Option<usize>,
}

/// An occurrence that would go.
#[derive(Clone, Debug)]
pub struct PreviewLine {
    /// A removal, as the reader may see it. Its key names the line: it is another one as soon as one of
    /// the objects that it is about has changed.
    pub removal: Removal,
    /// Whom a mail would reach (an empty text where the reader may not know), or why it would reach
    /// nobody.
    pub told: std::result::Result<String, Message>,
    /// Whether a run would keep it for `limit` (rule 7) until an administrator confirms it.
    pub waits: bool,
}

/// A line of a preview that somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The key of the line's [`Removal`].
    pub key: String,
    /// The event's UID.
    pub uid: String,
    /// The original start of the occurrence, in seconds since 1970.
    pub original: i64,
    /// What it was called, for saying that it was left.
    pub name: String,
}

/// What applying a preview came to.
#[derive(Clone, Debug)]
pub struct Applied {
    /// What was done.
    pub report: Report<Event>,
    /// The chosen lines that were left.
    pub left: Vec<Left>,
}

/// A chosen line that was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The line.
    pub line: Chosen,
    /// Why, as the run says; `None` where it is no line any more, because what it is about has changed
    /// since, or where the run failed.
    pub reason: Option<Reason>,
    /// The server's words, or ours.
    pub detail: Option<Message>,
}

/// What the safety limit keeps (rule 7).
#[derive(Default)]
struct Limited {
    /// From how many objects runs would remove overlaps in 24 hours, if it keeps any.
    beyond_limit: Option<usize>,
    /// The occurrences that it keeps.
    waiting: HashSet<(String, Moment)>,
}

/// What names an occurrence among those of its calendar.
fn identity(event: &Event) -> (String, Moment) {
    (event.uid.clone(), event.original)
}

/// Whom a mail about an event would reach that the reader may not see: nothing that names its organizer.
fn hidden(told: Told) -> Told {
    match told {
        Ok(_) => Ok(String::new()),
        Err(reason) if reason.values.is_empty() => Err(reason),
        // It says a number only, of every address.
        Err(reason) if reason.id == MessageId::AddressGetsNoMore => Err(reason),
        Err(_) => Err(MessageId::RecipientHidden.into()),
    }
}

impl Service {
    /// What a clear of a calendar would do now, as if the safety limit were lifted, which of it the limit
    /// keeps, and whom a mail would reach, as a reader may see it. Nothing is changed but the note of how many overlaps there
    /// are.
    ///
    /// # Errors
    ///
    /// When the database fails, or the request to the calendar's server fails.
    pub async fn preview(&self, calendar: &Calendar, reader: &Reader) -> Result<Preview> {
        let now = self.now();
        let one = OneCalendar { calendar, limit: Limit::Lifted, now, is_scheduled: false };
        let (snapshot, outcome) = self.plan_now(one).await?;
        let mut lines = Vec::new();
        let current = snapshot.calendar.clone();
        let limited = self.limited(snapshot, &outcome, now).await?;
        let mut recipients = RecipientPreview::new(self, &current, now);
        for change in outcome.changes.iter().filter(|it| !it.loss.removals.is_empty()) {
            let told = recipients.of(&change.loss).await?;
            for (removal, told) in change.loss.removals.iter().zip(told) {
                let waits = removal.kind != RemovalKind::DeletedCancelled
                    && limited.waiting.contains(&identity(&removal.event));
                let removal = reader.shown_removal(removal.clone());
                let is_hidden = removal.event.privacy.is_hidden;
                lines.push(PreviewLine {
                    removal,
                    // The address would say whose event it is.
                    told: if is_hidden { hidden(told) } else { told },
                    waits,
                });
            }
        }
        lines.sort_by(|one, other| {
            let (one, other) = (&one.removal.event, &other.removal.event);
            let order = |it: &Event| (it.start, it.original);
            (order(one), &one.uid).cmp(&(order(other), &other.uid))
        });
        let transaction = self.store.begin().await?;
        let mut report = outcome.report(calendar);
        report.sort();
        let result = scan_result(&report, current.revision);
        health::record_scan(&transaction, calendar.id, &result, now.0).await?;
        transaction.commit().await?;
        let report = report.shown_to(reader);
        Ok(Preview {
            lines,
            kept: [report.ignored_overlapping_events, report.ignored_cancelled_events].concat(),
            unreadable: report.unreadable_objects,
            warnings: report.warnings,
            beyond_limit: limited.beyond_limit,
        })
    }

    /// What the safety limit keeps of what a clear without it would do.
    async fn limited(
        &self,
        mut snapshot: Snapshot,
        lifted: &Outcome,
        now: Moment,
    ) -> Result<Limited> {
        let is_overlap = |it: &&Removal| it.kind != RemovalKind::DeletedCancelled;
        let losing = |it: &&ChangeOfOne| it.loss.removals.iter().any(|it| is_overlap(&it));
        let losers = lifted.changes.iter().filter(losing).count();
        if losers == 0 {
            return Ok(Limited::default());
        }
        hold_limit(&self.store, &mut snapshot, now).await?;
        let memory = &snapshot.memory;
        let is_within = losers + memory.removed.len() <= snapshot.calendar.safety_limit as usize;
        if is_within && !memory.is_limit_open {
            return Ok(Limited::default());
        }
        let (_, outcome) = outcome_of(snapshot, now).await?;
        let waiting = outcome.ignored.iter().filter(|it| it.reason == Reason::Limit);
        let waiting = waiting.map(|it| identity(&it.removal.event)).collect();
        Ok(Limited { beyond_limit: outcome.beyond_limit, waiting })
    }

    /// Carries out chosen lines of a preview, and nothing else. The calendar is planned anew: a line
    /// that is not in the new plan just as it was, because one of its objects or a setting has
    /// changed, is left.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn apply_preview(
        &self,
        calendar: &Calendar,
        chosen: Vec<Chosen>,
        limit: Limit,
        started_by: Starter,
        reader: &Reader,
    ) -> Result<Applied> {
        let hashes = chosen.iter().map(|it| it.key.clone()).collect();
        let request = ClearRequest {
            scope: Scope::Named(vec![calendar.slug.clone()]),
            mode: Mode::Real,
            limit,
            started_by,
        };
        let report = self.clear_only(None, request, hashes).await?;
        let lists = [
            &report.deleted_cancelled_events,
            &report.deleted_overlapping_events,
            &report.cancelled_overlapping_recurring_events,
        ];
        let done: HashSet<_> = lists
            .into_iter()
            .flatten()
            .map(|it| (it.event.uid.clone(), it.event.original.0))
            .collect();
        let kept = [&report.ignored_overlapping_events, &report.ignored_cancelled_events];
        let kept: HashMap<_, _> = kept
            .into_iter()
            .flatten()
            .map(|it| ((it.event.uid.clone(), it.event.original.0), (it.reason, &it.detail)))
            .collect();
        let left = chosen.into_iter().filter_map(|line| {
            let key = (line.uid.clone(), line.original);
            if done.contains(&key) {
                return None;
            }
            let (reason, detail) = kept.get(&key).copied().unwrap_or((None, &None));
            Some(Left { line, reason, detail: detail.clone() })
        });
        let left = left.collect();
        Ok(Applied { report: report.shown_to(reader), left })
    }
}
