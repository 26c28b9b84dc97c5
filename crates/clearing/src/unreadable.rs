//! What becomes of an object's claims (rule 4) while it cannot be read.

use ical::{Moment, Window, Zones, expand_presumed};

use crate::claims::{Sight, held_intervals, with_fresh};
use crate::held::Claims;
use crate::intervals::{merged, without};
use crate::policy::Policy;
use crate::rules::is_blocking;
use crate::view::Held;

/// The claims of the object `of` after a time in which it was `interim`, whose times cannot be read. It goes
/// on holding what the presumed times of `interim` ([`expand_presumed`]) cover; the rest it holds anew, since
/// the look. So nobody keeps an hour by an object that is unreadable on another day meanwhile.
pub fn after_unreadable(
    claims: &Claims,
    of: Held<'_, '_>,
    interim: Held<'_, '_>,
    sight: Sight,
    zones: &mut Zones,
    policy: &Policy,
) -> Claims {
    let now = sight.moment();
    let held = held_intervals(of, now, zones, policy);
    // Behind the period that claims are computed for, an endless series is held as it is at its end.
    let end = held.iter().map(|it| it.1).filter(|end| *end < Moment::MAX).max().unwrap_or(now);
    let mut presumed = Vec::new();
    let window = Window { start: now, end };
    expand_presumed(interim.calendar, interim.object, zones, window, &mut presumed);
    let presumed = presumed
        .iter()
        .filter(|it| is_blocking(&interim.calendar.event(it.component as usize), it, policy));
    let covered = merged(presumed.map(|it| (it.start, it.end)).collect());
    let lost = without(&held, &covered);
    if lost.iter().all(|it| it.1 == Moment::MAX) {
        return claims.clone();
    }
    with_fresh(claims, &lost, sight.held_since(None), now)
}
