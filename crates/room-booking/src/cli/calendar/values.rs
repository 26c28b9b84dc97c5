//! Values of a calendar's settings, as they are written on the command line.

use clearing::{ConflictHandling, RankBy};
use store::calendars::Announces;

/// Reads which kinds of removals are announced.
pub(super) fn announces(text: &str) -> Result<Announces, String> {
    let mut announces =
        Announces { deleted: false, cancelled: false, leftovers: false, ignored: false };
    for kind in text.split(',').map(str::trim).filter(|kind| !kind.is_empty()) {
        match kind {
            "deleted" => announces.deleted = true,
            "cancelled" => announces.cancelled = true,
            "leftovers" => announces.leftovers = true,
            "ignored" => announces.ignored = true,
            _ => return Err("write some of deleted, cancelled, leftovers, ignored".to_owned()),
        }
    }
    Ok(announces)
}

/// Which event ranks higher.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum Rank {
    /// Since when it has held the time, as far as this program has seen it
    HeldSince,
    /// When it was created, according to the event
    Created,
}

/// What becomes of a conflict.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum Conflicts {
    /// The loser is removed at once
    Remove,
    /// Both organizers are warned, and the loser is removed when the grace is over
    Warn,
    /// Nothing but cancelled leftovers is removed
    Report,
}

impl From<Rank> for RankBy {
    fn from(rank: Rank) -> RankBy {
        match rank {
            Rank::Created => RankBy::Created,
            Rank::HeldSince => RankBy::HeldSince,
        }
    }
}

impl From<Conflicts> for ConflictHandling {
    fn from(conflicts: Conflicts) -> ConflictHandling {
        match conflicts {
            Conflicts::Remove => ConflictHandling::Remove,
            Conflicts::Warn => ConflictHandling::Warn,
            Conflicts::Report => ConflictHandling::Report,
        }
    }
}
