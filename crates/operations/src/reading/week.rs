//! Who holds which hour of a calendar, and what becomes of it.

use std::collections::{HashMap, HashSet};

use answers::Reader;
use answers::contents::{Contents, EventView, ListedEvent};
use answers::occurrences::expand;
use clearing::{Because, Memory, Plan, Reason, Slot, plan};
use facts::{Event, Ordered as _};
use ical::civil::DAY;
use ical::{Moment, Occurrence, Window};
use store::calendars::{self, Calendar};
use store::mirror;

use crate::room::snapshot::{Snapshot, zones_of};
use crate::room::work::work;
use crate::{Result, Service};

/// The most events of one answer; the rest is counted.
const MAX_EVENTS: usize = 500;
/// How far around a window is looked for what overlaps events beyond the horizon, in days.
const FAR_MARGIN: i64 = 62;

/// What an event is to others, by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It takes the room.
    Holds,
    /// It is marked as free.
    Free,
    /// It is cancelled.
    Cancelled,
    /// The room declined it.
    Declined,
    /// It has no length.
    NoLength,
}

/// What a clear would do about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeekOutcome {
    /// Nothing: nobody is in its way.
    Stays,
    /// It is over.
    Over,
    /// It keeps the room against this one, and `more` others.
    Wins {
        /// The first that it wins against.
        over: Box<Event>,
        /// Why it is stronger.
        by: Because,
        /// How many more there are.
        more: usize,
    },
    /// It is stronger than this one, and `more` others, which all stay beside it.
    Stronger {
        /// The first that it is stronger than.
        than: Box<Event>,
        /// Why it is stronger.
        by: Because,
        /// Why that one stays, as rule 7 has it.
        reason: Reason,
        /// How many more there are.
        more: usize,
    },
    /// It would go.
    Removed {
        /// The strongest staying event that it overlaps.
        conflicts_with: Box<Event>,
        /// Why that one is stronger.
        by: Because,
    },
    /// It overlaps, and would be kept.
    Kept {
        /// The strongest staying event that it overlaps.
        conflicts_with: Box<Event>,
        /// Why, as rule 7 has it.
        reason: Reason,
        /// Why the other one is stronger; `None` where it is not.
        by: Option<Because>,
    },
    /// It is a cancelled leftover, and would be deleted.
    Leftover,
    /// It begins beyond the horizon: nothing is decided about it yet.
    FarAhead {
        /// One that it overlaps.
        conflicts_with: Option<Box<Event>>,
    },
}

/// An event of a week.
#[derive(Clone, Debug)]
pub struct WeekEvent {
    /// The event.
    pub event: Event,
    /// What it is to others.
    pub standing: Standing,
    /// Whether it is of a series.
    pub is_recurring: bool,
    /// Whether its UID is protected.
    pub is_protected: bool,
    /// Whether it is prioritised: itself, by its name or by its organizer.
    pub is_prioritised: bool,
    /// Whether its organizer is somebody else than the room: on a server that schedules, nobody else can change it.
    pub has_organizer: bool,
    /// What a clear would do about it.
    pub fate: WeekOutcome,
}

impl WeekEvent {
    /// Leaves of it what a reader may see.
    fn show_to(&mut self, reader: &Reader) {
        let show = |event: &mut Event| *event = reader.shown(std::mem::take(event));
        show(&mut self.event);
        match &mut self.fate {
            WeekOutcome::Removed { conflicts_with, .. }
            | WeekOutcome::Kept { conflicts_with, .. }
            | WeekOutcome::Wins { over: conflicts_with, .. }
            | WeekOutcome::Stronger { than: conflicts_with, .. }
            | WeekOutcome::FarAhead { conflicts_with: Some(conflicts_with) } => {
                show(conflicts_with)
            }
            WeekOutcome::FarAhead { conflicts_with: None }
            | WeekOutcome::Stays
            | WeekOutcome::Over
            | WeekOutcome::Leftover => {}
        }
    }
}

impl Service {
    /// The occurrences of a calendar in a window, by start, each with what a clear would do about it;
    /// and how many more there are than are shown, as a reader may see them. Objects that cannot be read
    /// are left out.
    ///
    /// # Errors
    ///
    /// When the database fails, or the request to the calendar's server fails.
    pub async fn week(
        &self,
        calendar: &Calendar,
        window: Window,
        reader: &Reader,
    ) -> Result<(Vec<WeekEvent>, usize)> {
        self.ensure_synced_for_reading(calendar).await?;
        self.week_as_known(calendar, window, reader).await
    }

    /// As [`Service::week`], of what is known of the calendar without asking its server.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn week_as_known(
        &self,
        calendar: &Calendar,
        window: Window,
        reader: &Reader,
    ) -> Result<(Vec<WeekEvent>, usize)> {
        let now = self.now();
        let horizon = now.plus(i64::from(calendar.horizon_days) * DAY);
        let is_ahead = window.end > now && window.start < horizon;
        // Elsewhere a plan is needed for what began before and is still on, or goes on that far.
        let is_planned = is_ahead || self.has_undecided(calendar, window, now, horizon).await?;
        let (mut start, mut end) = (window.start, window.end);
        if is_planned {
            (start, end) = (start.min(now), end.max(horizon));
        }
        if window.end > horizon {
            let Window { start: first, end: last } = with_margin(window);
            (start, end) = (start.min(first), end.max(last));
        }
        let mut snapshot = Snapshot::between(&self.store, calendar, start, end).await?;
        snapshot.policy = calendars::policy(&self.store, calendar).await?;
        let effort = snapshot.effort();
        let (mut events, more) = work(effort, snapshot, move |snapshot| {
            let room = snapshot.contents();
            let plan = is_planned.then(|| {
                let mut zones = zones_of(&snapshot.calendar);
                plan(&room.calendar, &mut zones, &snapshot.policy, &snapshot.memory, now)
            });
            Week {
                room: &room,
                memory: &snapshot.memory,
                plan: plan.unwrap_or_default(),
                now,
                horizon,
            }
            .events(window)
        })
        .await?;
        events.iter_mut().for_each(|event| event.show_to(reader));
        Ok((events, more))
    }

    /// When the first occurrence begins that has not ended yet, of what is known of a calendar without
    /// asking its server. It looks as far as the horizon.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn next_start(&self, calendar: &Calendar) -> Result<Option<Moment>> {
        let now = self.now();
        let horizon = now.plus(i64::from(calendar.horizon_days) * DAY);
        let snapshot = Snapshot::shown_between(&self.store, calendar, now, horizon).await?;
        work(snapshot.effort(), snapshot, move |snapshot| {
            let room = snapshot.contents();
            let found = expand(&room, Window { start: now, end: horizon });
            let ahead = found.iter().map(|it| it.occurrence).filter(|it| it.end > now);
            ahead.map(|it| it.start).min()
        })
        .await
    }

    /// Up to when a calendar on a server is known, in seconds since 1970; `None` before the first fetch has
    /// ended.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn known_until(&self, calendar: &Calendar) -> Result<Option<i64>> {
        let state = mirror::state(&self.store, calendar.id).await?.unwrap_or_default();
        let Some(written) = state.synced_at else { return Ok(None) };
        // Where nothing had changed since, nothing was written: only the process that looked knows that.
        let gate = self.servers.gate(calendar.id);
        let looked = gate.try_lock().ok().and_then(|looks| looks.last);
        let looked = looked.map(|at| self.now().0 - self.clock.elapsed(at).as_secs() as i64);
        Ok(Some(written.max(looked.unwrap_or(written))))
    }

    /// Whether anything in a window is neither over nor beyond the horizon.
    async fn has_undecided(
        &self,
        calendar: &Calendar,
        window: Window,
        now: Moment,
        horizon: Moment,
    ) -> Result<bool> {
        let snapshot =
            Snapshot::shown_between(&self.store, calendar, window.start, window.end).await?;
        work(snapshot.effort(), snapshot, move |snapshot| {
            let room = snapshot.contents();
            let found = expand(&room, window);
            found.iter().any(|it| it.occurrence.end > now && it.occurrence.start < horizon)
        })
        .await
    }
}

fn with_margin(window: Window) -> Window {
    let margin = FAR_MARGIN * DAY;
    Window { start: window.start.plus(-margin), end: window.end.plus(margin) }
}

struct Week<'w, 'a> {
    room: &'w Contents<'a>,
    memory: &'w Memory,
    plan: Plan,
    now: Moment,
    horizon: Moment,
}

/// What an occurrence is to others.
pub(crate) fn standing_of(view: EventView<'_, '_>) -> Standing {
    let Occurrence { start, end, component, .. } = view.occurrence;
    let event = view.room.calendar.event(component as usize);
    if event.is_cancelled() {
        Standing::Cancelled
    } else if ListedEvent(view).is_blocking() {
        Standing::Holds
    } else if start == end {
        Standing::NoLength
    } else if event.is_transparent() {
        Standing::Free
    } else {
        Standing::Declined
    }
}

/// What tells an occurrence from all others of its calendar.
type Key = (usize, Moment);

impl Week<'_, '_> {
    fn events(&self, window: Window) -> (Vec<WeekEvent>, usize) {
        let mut views = expand(self.room, window);
        views.sort_by(|one, other| one.order().cmp(&other.order()));
        let more = views.len().saturating_sub(MAX_EVENTS);
        views.truncate(MAX_EVENTS);
        let mut fates = self.fates();
        fates.extend(self.far_ahead(&views, window));
        let leftovers: HashSet<usize> = self.plan.leftovers.iter().map(|it| it.object).collect();
        let events = views.into_iter().map(|view| self.event(view, &fates, &leftovers));
        (events.collect(), more)
    }

    fn event(
        &self,
        view: EventView<'_, '_>,
        fates: &HashMap<Key, WeekOutcome>,
        leftovers: &HashSet<usize>,
    ) -> WeekEvent {
        let Occurrence { end, original, component, .. } = view.occurrence;
        let standing = standing_of(view);
        let fate = match fates.get(&(view.object, original)) {
            _ if end <= self.now => WeekOutcome::Over,
            Some(fate) => fate.clone(),
            None if leftovers.contains(&view.object) => WeekOutcome::Leftover,
            None => WeekOutcome::Stays,
        };
        let is_recurring = ListedEvent(view).is_recurring();
        let event = Event::from(view);
        let is_protected = self.room.policy.protected.contains(&event.uid);
        let Occurrence { start, end, .. } = view.occurrence;
        let written = self.room.calendar.event(component as usize);
        let has_organizer = match written.organizer() {
            Some(it) => Some(clearing::Address::new(&it)) != self.room.policy.room_address,
            None => written.has_organizer(),
        };
        let is_prioritised = clearing::priority_of(
            &self.room.calendar,
            view.object,
            &written,
            (start, end),
            &self.room.policy.priorities,
            self.memory,
        )
        .is_some();
        WeekEvent {
            standing,
            is_recurring,
            is_protected,
            is_prioritised,
            has_organizer,
            fate,
            event,
        }
    }

    /// What is said of those that take the room beyond the horizon.
    fn far_ahead(&self, views: &[EventView<'_, '_>], window: Window) -> Vec<(Key, WeekOutcome)> {
        let is_blocking = |it: &EventView<'_, '_>| ListedEvent(*it).is_blocking();
        let far = views.iter().filter(|it| it.occurrence.start >= self.horizon && is_blocking(it));
        let far: Vec<_> = far.collect();
        let first = far.iter().map(|it| it.occurrence.start).min();
        let last = far.iter().map(|it| it.occurrence.end).max();
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        let around = with_margin(window);
        let span = Window { start: first.max(around.start), end: last.min(around.end) };
        let mut others = expand(self.room, span);
        others.retain(is_blocking);
        others.sort_by_key(|it| it.occurrence.start);
        let fate = |it: &EventView<'_, '_>| {
            let Occurrence { start, end, original, .. } = it.occurrence;
            let begun = others.partition_point(|other| other.occurrence.start < end);
            let mut begun = others[..begun].iter().rev();
            let conflicts_with =
                begun.find(|other| other.occurrence.end > start && other.object != it.object);
            let conflicts_with = conflicts_with.map(|other| Box::new((*other).into()));
            ((it.object, original), WeekOutcome::FarAhead { conflicts_with })
        };
        far.into_iter().map(fate).collect()
    }

    fn shown(&self, slot: &Slot) -> Box<Event> {
        let view = EventView { room: self.room, object: slot.object, occurrence: slot.occurrence };
        Box::new(view.into())
    }

    fn fates(&self) -> HashMap<Key, WeekOutcome> {
        let mut fates = HashMap::new();
        let key = |slot: &Slot| (slot.object, slot.occurrence.original);
        for it in &self.plan.ignored {
            let reason = it.reason;
            let conflicts_with = self.shown(&it.winner);
            fates.insert(
                key(&it.weaker),
                WeekOutcome::Kept { conflicts_with, reason, by: it.because },
            );
        }
        for it in &self.plan.removals {
            let Some(by) = it.because else { continue };
            fates.insert(
                key(&it.loser),
                WeekOutcome::Removed { conflicts_with: self.shown(&it.winner), by },
            );
            let won = fates.entry(key(&it.winner)).or_insert_with(|| WeekOutcome::Wins {
                over: self.shown(&it.loser),
                by,
                more: usize::MAX,
            });
            if let WeekOutcome::Wins { more, .. } = won {
                *more = more.wrapping_add(1);
            }
        }
        for it in self.plan.ignored.iter().filter(|it| it.reason != Reason::Free) {
            let Some(by) = it.because else { continue };
            let stronger = fates.entry(key(&it.winner)).or_insert_with(|| WeekOutcome::Stronger {
                than: self.shown(&it.weaker),
                by,
                reason: it.reason,
                more: usize::MAX,
            });
            if let WeekOutcome::Stronger { more, .. } = stronger {
                *more = more.wrapping_add(1);
            }
        }
        fates
    }
}
