//! Calendars: what an administrator decided for each, and who may reach it. How far a mirror is, is in
//! [`crate::mirror`]; whether a calendar works, in [`crate::health`].

mod assignments;
mod priorities;
mod rows;
mod schedule;

use clearing::{Address, Policy, RankBy};
use ical::UnknownZones;

use crate::sql::{self, values};
use crate::{AccountId, CalendarId, Result, TemplateId, Transaction};

pub use assignments::{assign, is_assigned, unassign, users_of};
pub(crate) use priorities::parse_ties;
pub use priorities::{
    PriorityEntry, PriorityKind, TIES, policy, prioritise, priority_entries, protect, ties_name,
    unprioritise, unprotect,
};
pub use rows::{
    all, by_collection, by_id, by_identity, by_slug, insert, of_user, set_conditions, set_identity,
    update,
};
pub use schedule::{Due, take_due};

/// Where a calendar's events are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In this database.
    BuiltIn,
    /// On a CalDAV server; this database has a mirror of it.
    CalDav(Collection),
}

/// A calendar collection on a CalDAV server (RFC 4791 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The account that reaches it.
    pub account: AccountId,
    /// Its address.
    pub url: String,
    /// Whether a delete lets the server answer the organizer (RFC 6638 section 8.1).
    pub sends_replies: bool,
    /// Whether the server is asked who booked, where it knows.
    pub asks_authors: bool,
    /// Whether it is another's, who shares it: then the server hides parts of some events.
    pub is_shared_in: bool,
    /// Which collection it is, by what its server says; `None` while the server has not been asked. The
    /// same for every address that leads to it.
    pub identity: Option<String>,
    /// The conditional writes that its server was shown to honour; `None` before a test.
    pub conditions: Option<String>,
}

impl Backend {
    /// The words for all of them.
    pub const WORDS: [&str; 2] = ["built-in", "caldav"];

    /// The word for it in the database and for people.
    pub fn as_str(&self) -> &'static str {
        match self {
            Backend::BuiltIn => "built-in",
            Backend::CalDav(_) => "caldav",
        }
    }

    /// The collection, where it is on a server.
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
    /// Conflicts that were left alone.
    pub ignored: bool,
}

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its number.
    pub id: CalendarId,
    /// Its name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// IANA name of its time zone.
    pub zone: String,
    /// The room's own mail address.
    pub room_address: Option<String>,
    /// Who is written to where an event names no organizer.
    pub contact_address: Option<String>,
    /// Where its events are kept.
    pub backend: Backend,
    /// How many days of 24 hours the rules look ahead.
    pub horizon_days: u32,
    /// The longest overlap at an edge that is tolerated.
    pub tolerance_minutes: u32,
    /// From how many objects one run may remove overlaps without being confirmed.
    pub safety_limit: u32,
    /// Whether events that are marked as free block like others.
    pub free_blocks: bool,
    /// What becomes of times in a zone that nothing explains.
    pub unknown_zones: UnknownZones,
    /// What makes an event older than another.
    pub rank_by: RankBy,
    /// The template of its mail; without one there is none.
    pub template: Option<TemplateId>,
    /// What is announced.
    pub announces: Announces,
    /// Cleared every so many minutes.
    pub schedule_minutes: Option<u32>,
    /// Counts the changes of its settings; [`update`] writes only over the version that it is given.
    pub version: i64,
    /// Counts the changes of its content.
    pub revision: i64,
}

impl Calendar {
    /// Overlaps are removed from at most so many objects if nobody set anything else.
    pub const DEFAULT_SAFETY_LIMIT: u32 = 50;

    /// A built-in calendar of that name, with the defaults of the contract and no number yet.
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
            template: None,
            announces: Announces {
                deleted: true,
                cancelled: true,
                leftovers: true,
                ignored: false,
            },
            schedule_minutes: None,
            version: 0,
            revision: 0,
        }
    }
}

impl Calendar {
    /// Its policy without priorities and protections: what says which events block.
    pub fn plain_policy(&self) -> Policy {
        Policy {
            horizon_days: self.horizon_days,
            tolerance_minutes: self.tolerance_minutes,
            limit: Some(self.safety_limit as usize),
            free_blocks: self.free_blocks,
            rank_by: self.rank_by,
            room_address: self.room_address.as_deref().map(Address::new),
            ..Policy::default()
        }
    }
}
/// All choices about unknown time zones.
pub const UNKNOWN_ZONES: [UnknownZones; 2] = [UnknownZones::Refuse, UnknownZones::Calendar];
/// All that can make an event older than another.
pub const RANKS: [RankBy; 2] = [RankBy::HeldSince, RankBy::Created];

/// The word for a choice about unknown time zones, in the database and for people.
pub fn unknown_zone_name(unknown_zones: UnknownZones) -> &'static str {
    match unknown_zones {
        UnknownZones::Refuse => "refuse",
        UnknownZones::Calendar => "calendar",
    }
}

/// The word for what makes an event older than another, in the database.
pub fn rank_name(rank_by: RankBy) -> &'static str {
    match rank_by {
        RankBy::Created => "created",
        RankBy::HeldSince => "held since",
    }
}
/// Locks the content and the settings of a calendar for this transaction, and counts its next revision, which is the
/// answer; `None` if there is no such calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn lock(transaction: &Transaction, id: CalendarId) -> Result<Option<i64>> {
    let sql = "UPDATE calendars SET revision = revision + 1 WHERE id = $1 RETURNING revision";
    sql::value(transaction, sql, values![id]).await
}

/// Counts the next revision of all calendars, because something has changed that counts for each.
///
/// # Errors
///
/// When the database fails.
pub async fn lock_all(transaction: &Transaction) -> Result<()> {
    sql::run(transaction, "UPDATE calendars SET revision = revision + 1", Vec::new()).await?;
    Ok(())
}
