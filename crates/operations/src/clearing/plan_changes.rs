//! What a clear does to one calendar, worked out without touching it: the plan, the texts that its
//! changes would write, and what is to be said about each.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use answers::contents::{Contents, EventView};
use answers::report::{Report, UnreadableObject};
use answers::warnings::{self, Warning};
use clearing::{Because, Begun, How, Plan, Reason, Slot, plan};
use facts::{Conflict, Event, KeptConflict, Loss, Removal, RemovalKind};
use ical::{Calendar as Objects, Moment, Occurrence};
use store::calendars::Calendar;

use crate::clearing::change_of_one::ChangeOfOne;
use crate::clearing::divided::{self, Planned};
use crate::clearing::pending_plan::PendingPlan;
use crate::clearing::plan_answers::{self, Acceptance};
use crate::mail::recipients::is_kept_announced;
use crate::room::edit_errors::not_calendar;
use crate::room::snapshot::{CannotCancel, Snapshot, without, zones_of};
use crate::{Message, MessageId, Time};

/// What a clear of one calendar comes to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Object by object what changes.
    pub changes: Vec<ChangeOfOne>,
    /// Kept conflicts.
    pub ignored: Vec<KeptConflict>,
    /// What cannot be read.
    pub unreadable: Vec<UnreadableObject>,
    /// What was read, but perhaps not as it was meant.
    pub warnings: Vec<Warning>,
    /// How many objects would lose an overlap, if those are more than the safety limit.
    pub beyond_limit: Option<usize>,
    /// Whether the safety limit was reached, also if it keeps nothing.
    pub is_at_limit: bool,
    /// Where chosen lines are applied: the others.
    pub not_chosen: NotChosen,
    /// Whether the contact address is sent the conflicts that are only reported.
    pub is_reported: bool,
    /// What becomes of pending removals.
    pub pending: PendingPlan,
}

impl Outcome {
    /// The events that are to go or are kept, and those that they overlap.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        let changes = self.changes.iter().flat_map(|change| &change.loss.removals);
        let removals = changes.chain(self.ignored.iter().map(|it| &it.removal));
        removals.flat_map(|removal| {
            [&removal.event].into_iter().chain(removal.conflicts.iter().map(|it| &it.event))
        })
    }
}

/// Decisions that nobody chose where chosen ones are applied.
#[derive(Debug, Default)]
pub(crate) struct NotChosen {
    /// What a run without a choice would remove.
    pub removals: Vec<Removal>,
    /// How many objects would lose an overlap.
    objects: usize,
}

impl NotChosen {
    /// How many objects would still lose an overlap, if any would.
    pub fn objects(&self) -> Option<usize> {
        Some(self.objects).filter(|objects| *objects > 0)
    }
}

/// Staying events beside one that goes, of which the history and the mail speak.
const MAX_BESIDE: usize = 20;

impl Outcome {
    /// Works out what a clear at `now` does to a calendar.
    pub fn of(snapshot: &Snapshot, now: Moment) -> Outcome {
        let room = snapshot.contents();
        let mut zones = zones_of(&snapshot.calendar);
        let policy = divided::policy(snapshot);
        let plan = plan(&room.calendar, &mut zones, &policy, &snapshot.memory, now);
        let mut outcome = Working { snapshot, room: &room, plan: &plan, now }.outcome();
        let Outcome { changes, ignored, pending, .. } = &mut outcome;
        divided::keep(snapshot, Planned { changes, ignored, pending });
        outcome
    }

    /// What a report says of it, as if all changes were made.
    pub fn report(&self, calendar: &Calendar) -> Report<Event> {
        let slug: Arc<str> = calendar.slug.as_str().into();
        let mut report = Report::new(false);
        for change in &self.changes {
            change.add_to(&mut report, &slug);
        }
        self.ignored.iter().for_each(|it| report.add_kept(&slug, it));
        self.not_chosen.removals.iter().for_each(|it| report.add_not_chosen(&slug, it));
        report.unreadable_objects = self.unreadable.clone();
        report.warnings = self.warnings.clone();
        report
    }

    /// Whether nothing is to be written.
    pub fn is_nothing(&self, calendar: &Calendar) -> bool {
        let is_told = self.ignored.iter().any(|it| is_kept_announced(calendar, it));
        self.changes.is_empty()
            && !is_told
            && !self.is_reported
            && self.beyond_limit.is_none()
            && self.pending.is_nothing()
    }
}

struct Working<'w, 'a> {
    snapshot: &'w Snapshot,
    room: &'w Contents<'a>,
    plan: &'w Plan,
    now: Moment,
}

impl Working<'_, '_> {
    fn outcome(&self) -> Outcome {
        let mut changes = Vec::new();
        let mut ignored = Vec::new();
        let mut not_chosen = NotChosen::default();
        let mut winners = self.winners();
        let mut accepted = plan_answers::accepted(self.snapshot, self.room, self.plan);
        for (object, lines) in self.by_object() {
            let only = self.snapshot.only.as_deref();
            let is_meant = |it: &Removal| match self.snapshot.due_only {
                true => it.pending.is_some(),
                false => only.is_none_or(|only| only.contains(&it.key)),
            };
            let (removals, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_meant);
            let is_overlap = |it: &Removal| it.kind != RemovalKind::DeletedCancelled;
            not_chosen.objects += usize::from(others.iter().any(is_overlap));
            not_chosen.removals.extend(others);
            if removals.is_empty() {
                continue;
            }
            let accepted = accepted.remove(&object);
            let text = self.text_without(object, &removals);
            let (text, acceptance) = match text {
                Ok(Some(text)) => {
                    let resource = self.room.calendar.objects()[object].resource();
                    let (text, acceptance) =
                        plan_answers::with_answer(self.snapshot, resource, text, accepted);
                    (Ok(Some(text)), acceptance)
                }
                other => (other, None),
            };
            let loss = Loss {
                uid: self.uid(object),
                is_recurring: self.is_recurring(object),
                is_deleted: matches!(text, Ok(None)),
                removals,
            };
            match text {
                Ok(text) => {
                    let resource = self.room.calendar.objects()[object].resource();
                    let winners = winners.remove(&object).unwrap_or_default();
                    changes.push(ChangeOfOne { resource, text, loss, acceptance, winners });
                }
                Err(detail) => {
                    let detail = detail.said(&self.snapshot.calendar);
                    ignored.extend(loss.kept(Reason::Refused, Some(detail)));
                }
            }
        }
        changes.extend(accepted.into_iter().filter_map(|it| self.answer(it)));
        ignored.extend(self.ignored());
        let beyond_limit = self.beyond_limit();
        let is_reported = self.snapshot.is_report_due
            && ignored.iter().any(|it: &KeptConflict| it.reason == Reason::Report);
        Outcome {
            changes,
            ignored,
            unreadable: self.unreadable(),
            warnings: self.warnings(),
            beyond_limit,
            is_at_limit: self.plan.limited.is_some(),
            not_chosen,
            is_reported,
            pending: PendingPlan::of(self.snapshot, self.room, self.plan, |it: &Begun| {
                let kind = self.kind(it.loser.object);
                let because = Because::of(&self.room.calendar, &it.winner, &it.loser);
                self.removal(kind, (&it.loser, &it.winner), because, None)
            }),
        }
    }

    /// How an occurrence of an object would go.
    fn kind(&self, object: usize) -> RemovalKind {
        match self.is_recurring(object) {
            true => RemovalKind::CancelledOverlapping,
            false => RemovalKind::DeletedOverlapping,
        }
    }

    /// The resources of the strongest staying events, by the object that gives way to them.
    fn winners(&self) -> HashMap<usize, HashSet<usize>> {
        let mut winners: HashMap<usize, HashSet<usize>> = HashMap::new();
        for it in &self.plan.removals {
            let resource = self.room.calendar.objects()[it.winner.object].resource();
            winners.entry(it.loser.object).or_default().insert(resource);
        }
        winners
    }

    /// What goes, object by object.
    fn by_object(&self) -> BTreeMap<usize, Vec<Removal>> {
        let mut by_object: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for leftover in &self.plan.leftovers {
            let event = self.shown(leftover.object, leftover.occurrence);
            let kind = RemovalKind::DeletedCancelled;
            let removal = Removal {
                key: self.key(leftover.object, kind, &event, None, None),
                ..Removal::by_hand(kind, event)
            };
            by_object.entry(leftover.object).or_default().push(removal);
        }
        for it in &self.plan.removals {
            let kind = match it.how {
                How::Delete => RemovalKind::DeletedOverlapping,
                How::CancelOccurrence => RemovalKind::CancelledOverlapping,
            };
            let removal = self.removal(kind, (&it.loser, &it.winner), it.because, None);
            let removal = Removal { pending: it.pending, ..removal };
            by_object.entry(it.loser.object).or_default().push(removal);
        }
        by_object
    }

    /// A removal or, with a `reason`, a kept conflict.
    fn removal(
        &self,
        kind: RemovalKind,
        (loser, winner): (&Slot, &Slot),
        because: Option<Because>,
        reason: Option<Reason>,
    ) -> Removal {
        let mut beside: Vec<_> = self.plan.staying_beside(loser).take(MAX_BESIDE).collect();
        beside.retain(|it| *it != winner);
        beside.sort_by(|one, other| clearing::compare(&self.room.calendar, one, other).0);
        beside.insert(0, winner);
        beside.truncate(MAX_BESIDE);
        let was_first = loser.rank.created < winner.rank.created;
        let event = self.shown(loser.object, loser.occurrence);
        Removal {
            key: self.key(loser.object, kind, &event, Some(winner), reason),
            kind,
            event,
            because,
            is_prioritized: loser.rank.priority.is_some(),
            is_deprioritized: winner.rank.priority.is_some()
                && loser.rank.priority.is_none()
                && was_first,
            conflicts: beside
                .into_iter()
                .map(|slot| Conflict {
                    event: self.shown(slot.object, slot.occurrence),
                    is_prioritized: slot.rank.priority.is_some(),
                    because: Because::of(&self.room.calendar, slot, loser),
                })
                .collect(),
            pending: None,
        }
    }

    /// The change that accepts an invitation of which nothing goes.
    fn answer(&self, (object, accepted): (usize, Removal)) -> Option<ChangeOfOne> {
        let resource = self.room.calendar.objects()[object].resource();
        let text = plan_answers::answered(self.snapshot, self.snapshot.text_of(resource))?;
        let loss = Loss {
            uid: self.uid(object),
            is_recurring: self.is_recurring(object),
            is_deleted: false,
            removals: Vec::new(),
        };
        let acceptance = Some(Acceptance { accepted, alone: None });
        Some(ChangeOfOne { resource, text: Some(text), loss, acceptance, winners: HashSet::new() })
    }

    fn ignored(&self) -> impl Iterator<Item = KeptConflict> {
        self.plan.ignored.iter().map(|it| {
            let (kind, reason) = (RemovalKind::DeletedOverlapping, it.reason);
            let (weaker, because) = (&it.weaker, it.because);
            KeptConflict {
                removal: self.removal(kind, (weaker, &it.winner), because, Some(reason)),
                is_recurring: self.is_recurring(it.weaker.object),
                reason,
                detail: (reason == Reason::Pending).then(|| self.pending_detail(it.removal_at)),
            }
        })
    }

    /// When a pending removal will be carried out.
    fn pending_detail(&self, removal_at: Option<Moment>) -> Message {
        match removal_at {
            Some(at) => MessageId::pending_until(Time::new(&self.snapshot.zone, at)),
            None => MessageId::PendingNotTold.into(),
        }
    }

    /// The text of an object's resource without what goes; `None` if nothing is left of it.
    fn text_without(
        &self,
        object: usize,
        removals: &[Removal],
    ) -> Result<Option<Vec<u8>>, CannotCancel> {
        let text = self.snapshot.text_of(self.room.calendar.objects()[object].resource());
        let originals: Vec<_> = removals.iter().map(|it| it.event.original).collect();
        let is_cancelled = |it: &Removal| it.kind == RemovalKind::CancelledOverlapping;
        if removals.iter().all(is_cancelled) {
            return without(&self.snapshot.calendar, text, &originals, self.now);
        }
        match Objects::parse(text)?.objects() {
            [_] => Ok(None),
            _ => Err(CannotCancel::OtherEvents),
        }
    }

    /// Rule 7: how many objects would have lost something, if the limit keeps them.
    fn beyond_limit(&self) -> Option<usize> {
        let keeps = self.plan.ignored.iter().any(|it| it.reason == Reason::Limit);
        self.plan.limited.filter(|_| keeps)
    }

    /// What cannot be read; whole resources that are no calendar have no objects for the plan to find.
    fn unreadable(&self) -> Vec<UnreadableObject> {
        let slug: Arc<str> = self.snapshot.calendar.slug.as_str().into();
        let href = |resource: usize| self.snapshot.places[resource].href.clone();
        let objects = self.plan.unreadable.iter().map(|it| UnreadableObject {
            calendar: Arc::clone(&slug),
            object: self.place(it.object),
            error: wording::unreadable(&it.error),
            without_value: wording::unreadable_without_value(&it.error),
            is_private: self.room.is_private(it.object),
        });
        let not_calendars = self.room.calendar.not_calendars().iter();
        let not_calendars = not_calendars.map(|it| {
            let text = self.snapshot.text_of(*it as usize);
            let why = not_calendar(ical::NotCalendar::of(text));
            UnreadableObject {
                calendar: Arc::clone(&slug),
                object: href(*it as usize),
                error: why.clone(),
                without_value: why,
                is_private: false,
            }
        });
        objects.chain(not_calendars).collect()
    }

    fn warnings(&self) -> Vec<Warning> {
        let slug: Arc<str> = self.snapshot.calendar.slug.as_str().into();
        let warnings = self.plan.warnings.iter().map(|it| Warning {
            calendar: Arc::clone(&slug),
            object: self.place(it.object),
            code: it.kind.code(),
            detail: warnings::detail(&self.room.calendar, &self.snapshot.zone, &it.kind),
            is_private: self.room.is_private(it.object),
        });
        warnings.collect()
    }

    /// How messages name an object: by its UID, or by where it lies.
    fn place(&self, object: usize) -> String {
        let it = &self.room.calendar.objects()[object];
        match it.uid() {
            uid if uid.is_empty() => self.snapshot.places[it.resource()].href.clone(),
            _ => self.room.place(object, &mut self.room.calendar.line_numbers()),
        }
    }

    /// What names a decision: the versions of the objects that it is about, which of their occurrences,
    /// and what becomes of them. The same key is the same decision on the same texts.
    fn key(
        &self,
        object: usize,
        kind: RemovalKind,
        event: &Event,
        winner: Option<&Slot>,
        reason: Option<Reason>,
    ) -> String {
        let version = |object: usize| {
            let resource = self.room.calendar.objects()[object].resource();
            let version = self.snapshot.version(resource);
            (version.href, version.etag)
        };
        let winner = winner.map(|it| (version(it.object), it.occurrence.start, it.occurrence.end));
        // How it goes follows from the object. What the safety limit keeps is the same decision as without it,
        // so that an administrator can choose it.
        let is_leftover = kind == RemovalKind::DeletedCancelled;
        let reason = reason.filter(|it| *it != Reason::Limit);
        let times = (event.original, event.start, event.end);
        let calendar = &self.snapshot.calendar.slug;
        let all = format!("{:?}", (calendar, is_leftover, version(object), times, winner, reason));
        let hash = store::secrets::sha256(all.as_bytes());
        store::secrets::hex(&hash[..12])
    }

    fn shown(&self, object: usize, occurrence: Occurrence) -> Event {
        EventView { room: self.room, object, occurrence }.into()
    }

    fn uid(&self, object: usize) -> String {
        self.room.calendar.objects()[object].uid().into_owned()
    }

    fn is_recurring(&self, object: usize) -> bool {
        ical::is_recurring(&self.room.calendar, &self.room.calendar.objects()[object])
    }
}
