//! Calendars: their settings, and the users with access. The state of a mirror is in
//! [`crate::mirror`]; the health of a calendar in [`crate::health`].

mod assignments;
mod priorities;
mod removal;
mod rows;
mod schedule;
mod watch;

use clearing::{Address, ConflictHandling, Policy, RankBy};
use ical::UnknownZones;

use crate::sql::{self, values};
use crate::{AccountId, CalendarId, Result, TemplateId, Transaction};

pub use assignments::{assign, is_assigned, unassign, users_of};
pub use priorities::{
    PriorityEntry, PriorityKind, carry_on, policy, prioritise, priority_entries, protect,
    unprioritise, unprotect,
};
pub use removal::{Belongings, belongings, forget_removed, hold, remove, user_ids_of};
pub use rows::{
    all, by_collection, by_id, by_id_or_removed, by_identity, by_slug, insert, of_user,
    set_conditions, set_identity, update,
};
pub use schedule::{Due, MAX_TURN_SECONDS, due, end_turn, renew_turns, take_turn};
pub use watch::{Watched, WatchedState, set_changed, watched, watched_states};

/// Where a calendar's events are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In this database.
    BuiltIn,
    /// On a CalDAV server; this database contains a mirror.
    CalDav(Collection),
}

facts::words! {
    /// Whether a calendar is built in or on a server.
    pub enum BackendKind {
        /// In this database.
        BuiltIn = "built-in",
        /// On a CalDAV server.
        CalDav = "caldav",
    }
}

/// A calendar collection on a CalDAV server (RFC 4791 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The account by which it is accessed.
    pub account: AccountId,
    /// Its address.
    pub url: String,
    /// Whether a delete lets the server answer the organizer (RFC 6638 section 8.1).
    pub sends_replies: bool,
    /// Whether the server is asked for the authors of events, if it knows them.
    pub asks_authors: bool,
    /// Whether another user owns and shares it: then the server hides parts of some events.
    pub is_shared_in: bool,
    /// The identity of the collection, from its server; `None` before the server was asked. It is
    /// the same for every address of the collection.
    pub identity: Option<String>,
    /// The conditional writes that its server honours, from a probe; `None` before one.
    pub conditions: Option<String>,
}

impl Backend {
    /// Which of the two it is.
    pub fn kind(&self) -> BackendKind {
        match self {
            Backend::BuiltIn => BackendKind::BuiltIn,
            Backend::CalDav(_) => BackendKind::CalDav,
        }
    }

    /// The collection, if it is on a server.
    pub fn collection(&self) -> Option<&Collection> {
        match self {
            Backend::BuiltIn => None,
            Backend::CalDav(collection) => Some(collection),
        }
    }
}

/// Which kinds of removals are announced by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announces {
    /// Overlapping events that were deleted.
    pub deleted: bool,
    /// Overlapping occurrences of series that were cancelled.
    pub cancelled: bool,
    /// Cancelled events that were deleted.
    pub leftovers: bool,
    /// Conflicts that were kept.
    pub ignored: bool,
}

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its number.
    pub id: CalendarId,
    /// Its slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// IANA name of its time zone.
    pub zone: String,
    /// The room's own mail address.
    pub room_address: Option<String>,
    /// The address that is notified if an event has no organizer.
    pub contact_address: Option<String>,
    /// Where its events are kept.
    pub backend: Backend,
    /// How many days of 24 hours the rules look ahead.
    pub horizon_days: u32,
    /// The longest overlap at an edge that is tolerated.
    pub tolerance_minutes: u32,
    /// The number of objects that may lose overlaps without a confirmation.
    pub safety_limit: u32,
    /// Whether events that are marked as free block like others.
    pub free_blocks: bool,
    /// How times in an unknown zone are read.
    pub unknown_zones: UnknownZones,
    /// Which moment ranks events.
    pub rank_by: RankBy,
    /// What becomes of a conflict.
    pub conflicts: ConflictHandling,
    /// How many hours lie between a warning and the removal.
    pub grace_hours: u32,
    /// The template of its messages; `None` for no messages.
    pub template: Option<TemplateId>,
    /// Which kinds of removals are announced.
    pub announces: Announces,
    /// Cleared at this interval, in minutes.
    pub schedule_minutes: Option<u32>,
    /// Looked at at this interval, in seconds, and cleared when something has changed.
    pub watch_seconds: Option<u32>,
    /// Whether the room answers invitations.
    pub answers: bool,
    /// Whether an event without an organizer that lost its hour within a day is restored at once when that is free
    /// again.
    pub restores_at_once: bool,
    /// Whether organizers may move their bookings into it by a link.
    pub takes_moves: bool,
    /// The version of its settings; [`update`] fails if it is not the present one.
    pub version: i64,
    /// The number of changes of its content.
    pub revision: i64,
}

impl Calendar {
    /// The default safety limit, in objects.
    pub const DEFAULT_SAFETY_LIMIT: u32 = 50;

    /// A built-in calendar with the contract's defaults, and no id yet.
    pub fn built_in(slug: &str, name: &str, zone: &str) -> Calendar {
        Calendar {
            id: CalendarId(0),
            slug: slug.to_owned(),
            name: name.to_owned(),
            zone: zone.to_owned(),
            room_address: None,
            contact_address: None,
            backend: Backend::BuiltIn,
            horizon_days: Policy::DEFAULT_HORIZON_DAYS,
            tolerance_minutes: 0,
            safety_limit: Calendar::DEFAULT_SAFETY_LIMIT,
            free_blocks: false,
            unknown_zones: UnknownZones::Refuse,
            rank_by: RankBy::HeldSince,
            conflicts: ConflictHandling::Remove,
            grace_hours: Policy::DEFAULT_GRACE_HOURS,
            template: None,
            announces: Announces {
                deleted: true,
                cancelled: true,
                leftovers: true,
                ignored: false,
            },
            schedule_minutes: None,
            watch_seconds: None,
            answers: false,
            restores_at_once: false,
            takes_moves: false,
            version: 0,
            revision: 0,
        }
    }
}

impl Calendar {
    /// Its policy without priorities and protections; it decides which events block.
    pub fn plain_policy(&self) -> Policy {
        Policy {
            horizon_days: self.horizon_days,
            tolerance_minutes: self.tolerance_minutes,
            limit: Some(self.safety_limit as usize),
            free_blocks: self.free_blocks,
            rank_by: self.rank_by,
            conflicts: self.conflicts,
            grace_hours: self.grace_hours,
            room_address: self.room_address.as_deref().map(Address::new),
            answers: self.answers && self.backend.kind() == BackendKind::CalDav,
            ..Policy::default()
        }
    }
}

/// Locks the content and the settings of a calendar for this transaction, and returns its next
/// revision; `None` if there is no such calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn lock(transaction: &Transaction, id: CalendarId) -> Result<Option<i64>> {
    let sql = "UPDATE calendars SET revision = revision + 1 WHERE id = $1 AND removed_at IS NULL \
               RETURNING revision";
    sql::value(transaction, sql, values![id]).await
}

/// Raises the revision of all calendars, because something changed that affects each.
///
/// # Errors
///
/// When the database fails.
pub async fn lock_all(transaction: &Transaction) -> Result<()> {
    sql::run(transaction, "UPDATE calendars SET revision = revision + 1", Vec::new()).await?;
    Ok(())
}
