//! The variables of templates (section 4 of the contract).

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use minijinja::Value;
use serde::{Deserialize, Serialize};

use crate::limits::{MAX_BESIDE, MAX_OCCURRENCES, MAX_ROOMS};
use crate::links::{FreeRoom, Links};
use crate::moment::Moment;
use crate::untrusted::one_line;

/// All variables that a template may use.
pub const VARIABLES: [&str; 29] = [
    "name",
    "start",
    "end",
    "created",
    "organizer",
    "is_deleted",
    "is_cancelled",
    "is_recurring",
    "is_priorized",
    "is_prioritized",
    "is_private",
    "is_deprioritized",
    "is_restored",
    "is_ignored",
    "is_warning",
    "is_warning_ended",
    "is_winner",
    "removal_at",
    "is_offer",
    "offered_until",
    "links",
    "free_rooms",
    "contact",
    "time_zone",
    "reason",
    "because",
    "overlap_events",
    "occurrences",
    "calendar_name",
];

/// A notice about one event: it, or some of its occurrences, was removed, restored or kept, is to be removed, or
/// may be taken again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The calendar's name for people.
    pub calendar_name: String,
    /// IANA name of its zone, in which the times are shown.
    pub zone: String,
    /// The event, or the first of the occurrences.
    #[serde(flatten)]
    pub event: Event,
    /// The object was deleted.
    pub is_deleted: bool,
    /// It was cancelled: one occurrence by this run, or, where it was deleted, by its organizer before.
    pub is_cancelled: bool,
    /// It is an occurrence of a series.
    pub is_recurring: bool,
    /// It lost to a prioritised event although it was created earlier.
    pub is_deprioritized: bool,
    /// It was restored.
    #[serde(default)]
    pub is_restored: bool,
    /// Why it was kept; `None` if it was not.
    pub reason: Option<String>,
    /// Of a warning, what it says; `None` if it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Warning>,
    /// Of an offer: until when the reader may take the hour again, which has become free; `None` if it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_until: Option<i64>,
    /// What the reader can do without signing in.
    #[serde(default, skip_serializing_if = "Links::is_empty")]
    pub links: Links,
    /// Rooms that are free for the whole time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub free_rooms: Vec<FreeRoom>,
    /// The address of the people who decide about the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The staying events that it overlaps, strongest first.
    pub overlap_events: Vec<Event>,
    /// All occurrences that it is about.
    pub occurrences: Vec<Occurrence>,
}

/// A warning that one of two bookings will be removed, or that it will not be after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Whether the recipient's event is the one that stays.
    pub is_winner: bool,
    /// What becomes of the other one.
    pub stage: WarningStage,
}

/// How far a warning has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningStage {
    /// The event is removed, unless something changes.
    Announced {
        /// When it is removed.
        removal_at: i64,
        /// When the first occurrence begins that is to be removed.
        first_lost_at: i64,
        /// The hours between the warning and the removal.
        grace_hours: u32,
    },
    /// It is not removed after all.
    Ended {
        /// Why. `gone`: the event that was to be removed is gone; `settled`: it overlaps no stronger one any more;
        /// `keep`: an administrator keeps it; else why a rule keeps it.
        reason: String,
    },
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What it is called.
    pub name: String,
    /// When it begins, in seconds since 1970, as all moments.
    pub start: i64,
    /// When it ends, exclusive.
    pub end: i64,
    /// When it was created, where that is known.
    pub created: Option<i64>,
    /// Its organizer's address.
    pub organizer: Option<String>,
    /// Whether an administrator prioritised it.
    pub is_prioritized: bool,
    /// Whether its name is hidden from the recipient: then it is called `Private`.
    #[serde(default)]
    pub is_private: bool,
    /// Whether its object hides its name from others (CLASS, RFC 5545 section 3.8.1.3): another recipient of the
    /// message may not read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_private_class: bool,
    /// Of a staying event, why it is the stronger one; `None` if it is not, or if that is unknown. The
    /// recipient's own is the stronger one where both are kept and both get a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
}

/// Why a staying event is stronger than the one that overlaps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The deciding rule: `priority`, `held_since`, `created`, `uid` or `original_start`.
    pub rule: String,
    /// Since when the staying event has held the time.
    pub winner_since: i64,
    /// Since when the other one has.
    pub loser_since: i64,
    /// Whether the program witnessed the order; if not, it relies on the events' own dates.
    pub witnessed: bool,
}

/// An occurrence of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// When it begins.
    pub start: i64,
    /// When it ends, exclusive.
    pub end: i64,
    /// The staying events that it overlaps.
    pub overlap_events: Vec<Event>,
}

impl Notice {
    /// It as the variables of a template.
    ///
    /// # Errors
    ///
    /// The moment that no calendar shows.
    pub(crate) fn context(&self) -> Result<Value, String> {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let mut variables = self.event.variables(&zone)?;
        variables.insert("because", why(&self.event, &zone)?);
        let mut set = |name, value: Value| variables.insert(name, value);
        set("calendar_name", Value::from(one_line(&self.calendar_name)));
        set("is_deleted", Value::from(self.is_deleted));
        set("is_cancelled", Value::from(self.is_cancelled));
        set("is_recurring", Value::from(self.is_recurring));
        set("is_deprioritized", Value::from(self.is_deprioritized));
        set("is_restored", Value::from(self.is_restored));
        set("is_ignored", Value::from(self.reason.is_some()));
        let (removal_at, ended) = match self.warning.as_ref().map(|it| &it.stage) {
            Some(WarningStage::Announced { removal_at, .. }) => (Some(*removal_at), None),
            Some(WarningStage::Ended { reason }) => (None, Some(reason)),
            None => (None, None),
        };
        let is_winner = self.warning.as_ref().is_some_and(|it| it.is_winner);
        set("is_warning", Value::from(removal_at.is_some()));
        set("is_warning_ended", Value::from(ended.is_some()));
        set("is_winner", Value::from(is_winner));
        set("removal_at", moment_or_none(removal_at, &zone)?);
        set("is_offer", Value::from(self.offered_until.is_some()));
        set("offered_until", moment_or_none(self.offered_until, &zone)?);
        set("links", self.links.variable());
        let rooms = self.free_rooms.iter().take(MAX_ROOMS).map(FreeRoom::variable);
        set("free_rooms", Value::from(rooms.collect::<Vec<_>>()));
        set("contact", Value::from(self.contact.as_deref().map(one_line)));
        set("time_zone", Value::from(one_line(&self.zone)));
        let reason = ended.or(self.reason.as_ref());
        set("reason", Value::from(reason.map(|it| one_line(it))));
        set("overlap_events", events(&self.overlap_events, &zone)?);
        let occurrences = self.occurrences.iter().take(MAX_OCCURRENCES).map(|it| {
            let variables = BTreeMap::from([
                ("start", moment(it.start, &zone)?),
                ("end", moment(it.end, &zone)?),
                ("overlap_events", events(&it.overlap_events, &zone)?),
            ]);
            Ok(Value::from(variables))
        });
        set("occurrences", Value::from(occurrences.collect::<Result<Vec<_>, String>>()?));
        Ok(Value::from(variables))
    }
}

impl Notice {
    /// Adds the occurrences of another message about the same series, up to the bound of a message.
    pub fn absorb(&mut self, other: Notice) {
        self.occurrences.extend(other.occurrences);
        self.occurrences.sort_by_key(|it| it.start);
        self.occurrences.dedup_by_key(|it| it.start);
        self.occurrences.truncate(MAX_OCCURRENCES);
    }
}

impl Notice {
    /// Whether it names a private event.
    pub fn names_private_event(&self) -> bool {
        let beside = self.occurrences.iter().flat_map(|it| it.overlap_events.iter());
        let mut all = beside.chain(&self.overlap_events).chain([&self.event]);
        all.any(|it| it.is_of_private_class && !it.is_private)
    }

    /// The notice without what its reader can do: for others than the one whose booking it is about.
    pub fn without_links(mut self) -> Notice {
        self.links = Links::default();
        self
    }

    /// The notice for somebody who may read no private event, each of which is called `hidden_name`, and who can do
    /// nothing about the booking.
    pub fn for_others(mut self, hidden_name: &str) -> Notice {
        let beside = self.occurrences.iter_mut().flat_map(|it| it.overlap_events.iter_mut());
        let all = beside.chain(&mut self.overlap_events).chain([&mut self.event]);
        for event in all.filter(|it| it.is_of_private_class) {
            hidden_name.clone_into(&mut event.name);
            event.organizer = None;
            event.is_private = true;
        }
        self.without_links()
    }

    /// The notice, cut to the bounds of templates.
    pub(crate) fn trimmed(&self) -> Notice {
        let trim = |event: &Event| Event {
            name: one_line(&event.name),
            organizer: event.organizer.as_deref().map(one_line),
            ..event.clone()
        };
        let beside =
            |events: &[Event]| events.iter().take(MAX_BESIDE).map(trim).collect::<Vec<_>>();
        let occurrence = |it: &Occurrence| Occurrence {
            start: it.start,
            end: it.end,
            overlap_events: beside(&it.overlap_events),
        };
        Notice {
            calendar_name: one_line(&self.calendar_name),
            zone: self.zone.clone(),
            event: trim(&self.event),
            reason: self.reason.clone(),
            warning: self.warning.clone(),
            links: self.links.trimmed(),
            free_rooms: self.free_rooms.iter().take(MAX_ROOMS).map(FreeRoom::trimmed).collect(),
            contact: self.contact.as_deref().map(one_line),
            overlap_events: beside(&self.overlap_events),
            occurrences: self.occurrences.iter().take(MAX_OCCURRENCES).map(occurrence).collect(),
            ..*self
        }
    }
}

impl Event {
    fn variables(&self, zone: &TimeZone) -> Result<BTreeMap<&'static str, Value>, String> {
        Ok(BTreeMap::from([
            ("name", Value::from(one_line(&self.name))),
            ("start", moment(self.start, zone)?),
            ("end", moment(self.end, zone)?),
            ("created", moment_or_none(self.created, zone)?),
            ("organizer", Value::from(self.organizer.as_deref().map(one_line))),
            ("is_prioritized", Value::from(self.is_prioritized)),
            ("is_priorized", Value::from(self.is_prioritized)),
            ("is_private", Value::from(self.is_private)),
        ]))
    }
}

impl Because {
    fn variables(&self, zone: &TimeZone) -> Result<Value, String> {
        Ok(Value::from(BTreeMap::from([
            ("rule", Value::from(one_line(&self.rule))),
            ("winner_since", moment(self.winner_since, zone)?),
            ("loser_since", moment(self.loser_since, zone)?),
            ("witnessed", Value::from(self.witnessed)),
        ])))
    }
}

/// Staying events, each with why it is the stronger one.
fn events(events: &[Event], zone: &TimeZone) -> Result<Value, String> {
    let events = events.iter().take(MAX_BESIDE).map(|it| {
        let mut variables = it.variables(zone)?;
        variables.insert("because", why(it, zone)?);
        Ok(Value::from(variables))
    });
    Ok(Value::from(events.collect::<Result<Vec<_>, String>>()?))
}

fn why(event: &Event, zone: &TimeZone) -> Result<Value, String> {
    let because = event.because.as_ref().map(|it| it.variables(zone)).transpose()?;
    Ok(Value::from(because))
}

fn moment(seconds: i64, zone: &TimeZone) -> Result<Value, String> {
    let moment = Moment::at(seconds, zone).map(Moment::value);
    moment.ok_or_else(|| format!("{seconds} seconds since 1970 are no date-time"))
}

fn moment_or_none(seconds: Option<i64>, zone: &TimeZone) -> Result<Value, String> {
    Ok(seconds.map(|it| moment(it, zone)).transpose()?.unwrap_or(Value::from(())))
}
