//! What people look at first: the state of all calendars, and what needs a person now.

use ical::civil::DAY;
use store::divided_series;
use store::site::{self, Counts, Overview};
use store::users::User;

use crate::{Result, Service};

/// Seconds before its end from which a key is shown.
const ENDING_KEYS: i64 = 14 * DAY;
/// Seconds after which a change of a series that is not finished is shown: until then it is tried every minute.
const UNFINISHED: i64 = 3_600;
/// Seconds for which an expired key is shown.
const ENDED_KEYS: i64 = 7 * DAY;
/// The most of them that are said.
const MAX_KEYS: u32 = 20;

pub use store::site::EndingKey as ExpiringKey;

/// What needs a person now.
#[derive(Clone, Debug)]
pub struct Attention {
    /// Calendars that fail.
    pub failing: Vec<Overview>,
    /// Calendars whose safety limit a run met.
    pub to_confirm: Vec<Overview>,
    /// Calendars in which the last rescan found double bookings that somebody has to settle: those that are kept,
    /// because they are protected, say, are none.
    pub with_conflicts: Vec<Overview>,
    /// Calendars with a series of which one part was changed more than `UNFINISHED` seconds ago, and the other was not.
    pub with_unfinished_changes: Vec<Overview>,
    /// Calendars that neither a run nor anybody has ever looked at.
    pub never_scanned: Vec<Overview>,
    /// Keys that end soon, or ended lately.
    pub keys: Vec<ExpiringKey>,
    /// Messages that failed for good.
    pub failed_messages: i64,
    /// How many removals are pending, and of how many nobody has been warned yet, and of how many the organizer asks
    /// for a decision.
    pub pending: [i64; 3],
    /// How far the installation is.
    pub counts: Counts,
    /// All calendars that the user sees, by name.
    pub calendars: Vec<Overview>,
}

impl Service {
    /// The calendars that a user sees, with their states, by name: an administrator all, anybody else
    /// those that are assigned. A few of the rooms whose content has changed are looked at first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn overview(&self, user: &User) -> Result<Vec<Overview>> {
        if let Err(error) = self.rescan_before_overview(user).await {
            // What was found at earlier looks is shown then, and said to be of then.
            tracing::warn!(%error, "rooms could not be looked at");
        }
        let only = if user.is_administrator { None } else { Some(user.id) };
        Ok(site::overview(&self.store, only).await?)
    }

    /// What needs a user now, beside [`Service::overview`].
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attention(&self, user: &User) -> Result<Attention> {
        let all = self.overview(user).await?;
        let of = |is_one: fn(&Overview) -> bool| -> Vec<Overview> {
            all.iter().filter(|it| is_one(it)).cloned().collect()
        };
        let now = self.now().0;
        let only = if user.is_administrator { None } else { Some(user.id) };
        let period = (now - ENDED_KEYS, now + ENDING_KEYS);
        let failed_messages =
            if user.is_administrator { site::failed_messages(&self.store).await? } else { 0 };
        let unfinished = divided_series::begun_before(&self.store, now - UNFINISHED).await?;
        Ok(Attention {
            with_unfinished_changes: all
                .iter()
                .filter(|it| it.failing_since.is_none() && unfinished.contains(&it.id))
                .cloned()
                .collect(),
            failing: of(|it| it.failing_since.is_some()),
            // What cannot be reached stands once: as long as it fails, nothing else can be done about it.
            to_confirm: of(|it| it.failing_since.is_none() && it.asks_for.is_some()),
            with_conflicts: of(|it| {
                let is_else = it.failing_since.is_some() || it.asks_for.is_some();
                !is_else && it.has_double_bookings()
            }),
            never_scanned: of(|it| {
                let is_else = it.failing_since.is_some() || it.asks_for.is_some();
                !is_else && it.scanned_at.is_none()
            }),
            keys: site::ending_keys(&self.store, only, period, MAX_KEYS).await?,
            failed_messages,
            pending: self.count_pending(only).await?,
            counts: site::counts(&self.store).await?,
            calendars: all,
        })
    }
}
