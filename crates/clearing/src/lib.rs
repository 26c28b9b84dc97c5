//! The rules of clearing as pure functions: from a room's calendar, the administrator's policy and
//! the moment at which the run starts, to a plan of removals.
//!
//! The rules are numbered as in section 3 of the contract; `docs/rules.md` says which function
//! is which rule, and which tests hold it.
//!
//! # What would a clear remove from this calendar?
//!
//! ```
//! use clearing::{Memory, Policy, plan};
//! use ical::{Calendar, Moment, Zone, Zones};
//!
//! let event = |uid: &str, created: &str| format!(
//!     "BEGIN:VEVENT\r\nUID:{uid}\r\nCREATED:{created}\r\nDTSTART:20260302T120000Z\r\n\
//!      DTEND:20260302T130000Z\r\nEND:VEVENT\r\n"
//! );
//! let text = format!("BEGIN:VCALENDAR\r\n{}{}END:VCALENDAR\r\n",
//!     event("late", "20260201T000000Z"), event("early", "20260101T000000Z"));
//! let calendar = Calendar::parse(text.as_bytes())?;
//! let mut zones = Zones::new(Zone::utc());
//! let now = Moment(1_772_000_000); // 2026-02-25
//! let plan = plan(&calendar, &mut zones, &Policy::default(), &Memory::default(), now);
//! let removal = &plan.removals[0];
//! assert_eq!(calendar.objects()[removal.loser.object].uid(), "late");
//! assert_eq!(calendar.objects()[removal.winner.object].uid(), "early");
//! # Ok::<(), ical::NotCalendar>(())
//! ```

mod address;
mod claims;
mod held;
mod intervals;
mod invitations;
mod limit;
mod losers;
mod overlap;
mod pending;
mod plan;
mod policy;
mod priority;
mod rank;
mod rules;
mod staying;
mod token;
mod unreadable;
mod view;
mod warned;
mod warning;
mod words;

pub use address::Address;
pub use claims::{
    GivenUp, Owners, Sight, can_be_read, first_claims, given_up, held_intervals, newly_held,
    renewed_claims, restored_claims,
};
pub use held::{Claim, Claims, HeldSince, Source};
pub use intervals::{
    Interval, common as intervals_within, covered_twice, merged as intervals_merged,
    without as intervals_without,
};
pub use plan::{
    Acceptance, Begun, EndReason, Ended, How, Ignored, Leftover, Matched, PendingChanges, Plan,
    Reason, Removal, UnreadableObject,
};
pub use policy::{Binding, ConflictHandling, Memory, Policy, RankBy};
pub use priority::{Priorities, Ties};
pub use rank::{Advantage, Because, Rank, Slot, compare};
pub use rules::{is_blocking, plan, plan_watched, priority_of, takes_room};
pub use token::{
    MASKED_TOKEN, TOKEN_ALPHABET, TOKEN_CHARACTERS, TOKEN_PREFIX, mask_tokens,
    mask_tokens_in_object, tokens_in,
};
pub use unreadable::after_unreadable;
pub use view::Held;
pub use warned::{Decision, Party, Pending, REMOVAL_FLOOR, removal_at};
pub use warning::{Warning, WarningKind};
pub use words::has_words;
