//! Claims (rule 4): since when an object holds its time, carried on when the object changes.

use ical::{Calendar, Moment, Zones};

use crate::address::Address;
use crate::held::{Claim, Claims, HeldSince, Source};
use crate::intervals::{Interval, common, merged, without};
use crate::policy::Policy;
use crate::view::{Held, View, goes_beyond};

/// How the program learned of the present state of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// By the first look ever, or by an import into an empty calendar, at a moment.
    First(Moment),
    /// By a look whose last answer contained it. The look before had not seen it in this state at
    /// its first request.
    Look {
        /// When the look before sent its first request.
        unseen: Moment,
        /// The number of the look before.
        unseen_look: i64,
        /// When the look received its last answer.
        saw: Moment,
    },
    /// The program wrote it.
    Written {
        /// When.
        at: Moment,
        /// The number of the last look before; on a built-in calendar, where each write sees the whole
        /// calendar, that of the write.
        unseen_look: i64,
    },
    /// The program wrote it, into intervals that it had seen to be free (`only_if_free`).
    Reserved {
        /// When.
        at: Moment,
        /// When the look sent its first request that saw them free; no later than `at`.
        seen_free: Moment,
        /// The number of that look.
        unseen_look: i64,
    },
}

impl Sight {
    /// When the program learned of the state.
    pub fn moment(&self) -> Moment {
        match *self {
            Sight::First(seen) => seen,
            Sight::Look { saw, .. } => saw,
            Sight::Written { at, .. } | Sight::Reserved { at, .. } => at,
        }
    }

    /// Since when an object holds an interval that it did not hold before: the first of the
    /// object's own dates that lies between the look that did not see it and the one that did,
    /// otherwise the look that did.
    pub(crate) fn held_since(&self, words: impl IntoIterator<Item = Moment>) -> HeldSince {
        match *self {
            Sight::Written { at, unseen_look } => {
                HeldSince { since: at, unseen_look, source: Source::Written }
            }
            // What else was written since that look, by whomever, is later: the look saw the interval free.
            Sight::Reserved { at, seen_free, unseen_look } => {
                HeldSince { since: seen_free.min(at), unseen_look, source: Source::Reserved }
            }
            Sight::First(saw) => seen_between((Moment::MIN, 0), saw, words),
            Sight::Look { unseen, unseen_look, saw } => {
                seen_between((unseen, unseen_look), saw, words)
            }
        }
    }
}

fn seen_between(
    (unseen, unseen_look): (Moment, i64),
    saw: Moment,
    words: impl IntoIterator<Item = Moment>,
) -> HeldSince {
    let word = words.into_iter().find(|word| unseen < *word && *word <= saw);
    match word {
        Some(since) => HeldSince { since, unseen_look, source: Source::Client },
        None => HeldSince { since: saw, unseen_look, source: Source::Look },
    }
}

/// The intervals that an object ceased to hold at a look, and its owners. An object of the same
/// organizer or author that appears at that look takes them over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Whose they were.
    pub owners: Owners,
    /// The intervals that are no longer held: ascending and disjoint.
    pub parts: Vec<Claim>,
    /// The object that held them, alone in a calendar: what it held years ahead follows from that.
    pub text: Vec<u8>,
}

impl GivenUp {
    /// Which rare dates of an endless object this one did not hold; `None` if its text cannot be read.
    fn rare_dates_not_of(
        &self,
        it: Held<'_, '_>,
        now: Moment,
        zones: &mut Zones,
        policy: &Policy,
    ) -> Option<Vec<Interval>> {
        let calendar = Calendar::parse(&self.text).ok()?;
        let before = Held { calendar: &calendar, object: calendar.objects().first()? };
        Some(rare_dates(before, it, now, zones, policy))
    }
}

/// By what an object is known to be of the same people as another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// The addresses of its organizers, and of its author if known: ascending. The room itself does not
    /// count.
    addresses: Vec<Address>,
}

impl Owners {
    /// Those of an object; `author` is the address of who wrote it, if known.
    pub fn of(it: Held<'_, '_>, author: Option<&str>, policy: &Policy) -> Owners {
        let is_somebody = |address: &Address| {
            policy.room_address.as_ref() != Some(address) && !address.as_str().is_empty()
        };
        let organizers = it.calendar.events_of(it.object).filter_map(|event| event.organizer());
        let mut addresses: Vec<Address> =
            organizers.map(|it| Address::new(&it)).filter(is_somebody).collect();
        addresses.extend(author.map(Address::new).filter(is_somebody));
        addresses.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        addresses.dedup();
        Owners { addresses }
    }

    /// The addresses.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Whether they share an address. Nobody is known by the name of an event: anybody can copy it.
    fn are_of(&self, others: &Owners) -> bool {
        self.addresses.iter().any(|it| others.addresses.contains(it))
    }
}

/// The claims of an object that the program sees for the first time, or for the first time after a
/// confirmed deletion.
///
/// Intervals that other objects of the same `owners` gave up at the same look keep the moment of
/// those objects. The result has at most [`ical::limits::MAX_OCCURRENCES_PER_OBJECT`] parts and one
/// more.
pub fn first_claims(
    it: Held<'_, '_>,
    sight: Sight,
    owners: &Owners,
    given_up: &[GivenUp],
    zones: &mut Zones,
    policy: &Policy,
) -> Claims {
    let base = match sight {
        Sight::First(seen) => HeldSince::at_first_look(it.calendar, it.object, zones, seen),
        _ => {
            let created = ical::created(it.calendar, it.object, zones);
            sight.held_since(created.into_iter().chain(last_change(it, sight, zones)))
        }
    };
    let mut claims = Claims::since(base);
    if let Sight::Look { unseen, .. } = sight {
        let created = ical::created(it.calendar, it.object, zones);
        claims.created_refuted = created.filter(|it| *it <= unseen).map(|_| unseen);
    }
    let is_theirs = |it: &&GivenUp| it.owners.are_of(owners);
    let theirs: Vec<&GivenUp> = given_up.iter().filter(is_theirs).collect();
    if !theirs.is_empty() {
        take_over(&mut claims, it, &theirs, sight, zones, policy);
    }
    claims
}

/// Assigns a new object the claims that others give up.
fn take_over(
    claims: &mut Claims,
    it: Held<'_, '_>,
    theirs: &[&GivenUp],
    sight: Sight,
    zones: &mut Zones,
    policy: &Policy,
) {
    let mut view = View::of(&[it], sight.moment(), zones, policy);
    let holds = view.intervals(it, zones, policy);
    let mut left = holds.clone();
    let mut parts: Vec<Claim> = theirs.iter().flat_map(|it| &it.parts).copied().collect();
    parts.sort_unstable_by_key(|part| part.held.order());
    let mut taken = Vec::new();
    for part in &parts {
        let both = common(&left, &[(part.start, part.end)]);
        left = without(&left, &both);
        taken.extend(both.into_iter().map(|(start, end)| Claim { start, end, held: part.held }));
    }
    let goes_on = goes_beyond(it, zones, view.end);
    let is_all = left.iter().all(|(_, end)| *end <= view.middle);
    let behind = parts.iter().find(|part| is_behind(part));
    let mut is_same_behind = !goes_on;
    if goes_on
        && is_all
        && let Some(behind) = behind
        && let Some(gone) = theirs.iter().find(|it| it.parts.contains(behind))
        && let Some(rare) = gone.rare_dates_not_of(it, sight.moment(), zones, policy)
    {
        let kept = without(&[(view.end, Moment::MAX)], &rare);
        let held = behind.held;
        taken.extend(kept.into_iter().map(|(start, end)| Claim { start, end, held }));
        is_same_behind = common(&rare, &[(view.end, Moment::MAX)]).is_empty();
    }
    let is_whole = left.is_empty() && is_same_behind;
    match taken.first() {
        // One object gave up all of it, so the whole object takes over that object's claim.
        Some(first) if is_whole && taken.iter().all(|it| it.held == first.held) => {
            *claims = Claims::since(first.held);
        }
        _ => claims.parts = in_order(taken),
    }
}

fn is_behind(part: &Claim) -> bool {
    part.end == Moment::MAX
}

/// The claims of an object that is now `after`, given its `claims` when it was `before`. It holds
/// an interval that it did not hold before since LAST-MODIFIED if that lies between the two looks,
/// otherwise since the look that saw it, or since the write. Intervals that it no longer holds stay
/// in the claims; the caller decides what it means if they come back.
///
/// The function looks two horizons ahead, two years at least, and as far as the object has an end
/// or states dates itself. Later dates are held anew if the object continues there, unless it
/// continued there before and did not change in the second half of that time: an endless series
/// holds all its dates since one moment. An object that cannot be read holds nothing.
pub fn renewed_claims(
    claims: &Claims,
    before: Held<'_, '_>,
    after: Held<'_, '_>,
    sight: Sight,
    zones: &mut Zones,
    policy: &Policy,
) -> Claims {
    let Some(Fresh { intervals: fresh, keeps_some }) =
        freshly_held(before, after, sight.moment(), zones, policy)
    else {
        return claims.clone();
    };
    let anew = sight.held_since(last_change(after, sight, zones));
    if !keeps_some {
        return Claims { base: anew, parts: Vec::new(), ..*claims };
    }
    with_fresh(claims, &fresh, anew, sight.moment())
}

/// The intervals that an object holds now that it is `after`, and did not hold when it was `before`: half-open,
/// ascending and disjoint. The last one has no end if it holds anew what lies behind the time that is looked at
/// ([`renewed_claims`]).
pub fn newly_held(
    before: Held<'_, '_>,
    after: Held<'_, '_>,
    now: Moment,
    zones: &mut Zones,
    policy: &Policy,
) -> Vec<(Moment, Moment)> {
    freshly_held(before, after, now, zones, policy).map_or_else(Vec::new, |it| it.intervals)
}

/// What an object holds anew.
struct Fresh {
    /// The intervals: ascending and disjoint.
    intervals: Vec<Interval>,
    /// Whether it holds others that it held before.
    keeps_some: bool,
}

/// What an object holds anew; `None` if that is nothing, or if it cannot be read.
fn freshly_held(
    before: Held<'_, '_>,
    after: Held<'_, '_>,
    now: Moment,
    zones: &mut Zones,
    policy: &Policy,
) -> Option<Fresh> {
    let mut view = View::of(&[before, after], now, zones, policy);
    let whole = view.end;
    let holds = view.read(after, zones, policy)?;
    let held = view.intervals(before, zones, policy);
    // Dates beyond the part that could be read of both texts are not known to have been held.
    let is_cut = view.end < whole;
    let holds = common(&holds, &[(view.start, view.end)]);
    let mut fresh = without(&holds, &held);
    let goes_on = goes_beyond(after, zones, view.end);
    let went_on = goes_beyond(before, zones, view.end);
    let is_behind_fresh =
        goes_on && (is_cut || !went_on || fresh.iter().any(|(_, end)| *end > view.middle));
    if goes_on && !is_behind_fresh {
        let rare = rare_dates(before, after, now, zones, policy);
        fresh.extend(common(&rare, &[(view.end, Moment::MAX)]));
    }
    if fresh.is_empty() && !is_behind_fresh {
        return None;
    }
    let keeps_some = fresh != holds || goes_on && !is_behind_fresh;
    if is_behind_fresh {
        fresh.push((view.end, Moment::MAX));
    }
    Some(Fresh { intervals: fresh, keeps_some })
}

/// What an endless object comes to hold, years ahead, by a change of its rules: dates so rare that none of them lies in
/// the second half of the view, whatever else it gives.
fn rare_dates(
    before: Held<'_, '_>,
    after: Held<'_, '_>,
    now: Moment,
    zones: &mut Zones,
    policy: &Policy,
) -> Vec<Interval> {
    if ical::have_same_rules(
        (before.calendar, before.object),
        (after.calendar, after.object),
        zones,
    ) {
        return Vec::new();
    }
    let mut view = View::of_rare_dates(now);
    let holds = view.intervals(after, zones, policy);
    let held = view.intervals(before, zones, policy);
    without(&common(&holds, &[(view.start, view.end)]), &held)
}

/// The claims of an object that the program restores, wholly or in part. `before` is the object as
/// it is now; `None` if it does not exist. Restored intervals keep their claim, unless another
/// object held part of them meanwhile (`others`): these are held since the moment of the restore.
pub fn restored_claims(
    claims: &Claims,
    before: Option<Held<'_, '_>>,
    after: Held<'_, '_>,
    others: &[(Moment, Moment)],
    sight: Sight,
    zones: &mut Zones,
    policy: &Policy,
) -> Claims {
    let both: Vec<Held<'_, '_>> = before.into_iter().chain([after]).collect();
    let mut view = View::of(&both, sight.moment(), zones, policy);
    let held = before.map(|it| view.intervals(it, zones, policy)).unwrap_or_default();
    let holds = view.intervals(after, zones, policy);
    let others = merged(others.iter().copied().filter(|(start, end)| start < end).collect());
    let mut lost = without(&holds, &held);
    lost.retain(|interval| !common(&[*interval], &others).is_empty());
    if lost.is_empty() {
        return claims.clone();
    }
    with_fresh(claims, &lost, sight.held_since(None), sight.moment())
}

/// The intervals that an object ceased to hold; `after` is `None` if the object is gone.
pub fn given_up(
    claims: &Claims,
    before: Held<'_, '_>,
    after: Option<Held<'_, '_>>,
    now: Moment,
    zones: &mut Zones,
    policy: &Policy,
) -> Vec<Claim> {
    let both: Vec<Held<'_, '_>> = [before].into_iter().chain(after).collect();
    let mut view = View::of(&both, now, zones, policy);
    let held = view.intervals(before, zones, policy);
    let holds = after.map(|it| view.intervals(it, zones, policy)).unwrap_or_default();
    // Dates beyond the part that could be read of both texts are not known to have been given up.
    let held = common(&held, &[(view.start, view.end)]);
    let mut gone = without(&held, &holds);
    let goes_on = after.is_some_and(|it| goes_beyond(it, zones, view.end));
    if !goes_on && goes_beyond(before, zones, view.end) {
        gone.push((view.end, Moment::MAX));
    }
    gone.into_iter().flat_map(|(start, end)| claims.pieces(start, end)).collect()
}

/// Whether the times at which an object blocks can be read, at least as far ahead as the rules
/// look.
pub fn can_be_read(it: Held<'_, '_>, now: Moment, zones: &mut Zones, policy: &Policy) -> bool {
    View::of(&[it], now, zones, policy).read(it, zones, policy).is_some()
}

/// The intervals in which an object blocks from `now` on, as far ahead as claims are computed:
/// ascending and disjoint. The last interval of an endless series has no end.
pub fn held_intervals(
    it: Held<'_, '_>,
    now: Moment,
    zones: &mut Zones,
    policy: &Policy,
) -> Vec<(Moment, Moment)> {
    let mut view = View::of(&[it], now, zones, policy);
    let mut held = view.intervals(it, zones, policy);
    if !held.is_empty() && goes_beyond(it, zones, view.end) {
        held.push((view.end, Moment::MAX));
    }
    held
}

/// The claims with some intervals held anew; intervals in the past are dropped.
pub(crate) fn with_fresh(
    claims: &Claims,
    fresh: &[Interval],
    anew: HeldSince,
    now: Moment,
) -> Claims {
    let mut parts: Vec<Claim> =
        fresh.iter().map(|&(start, end)| Claim { start, end, held: anew }).collect();
    for part in claims.parts.iter().filter(|part| part.end > now) {
        let kept = without(&[(part.start, part.end)], fresh);
        parts.extend(kept.into_iter().map(|(start, end)| Claim { start, end, held: part.held }));
    }
    Claims { parts: in_order(parts), ..*claims }
}

/// Parts in ascending order; adjacent parts that are held since one moment are merged.
fn in_order(mut parts: Vec<Claim>) -> Vec<Claim> {
    parts.sort_unstable_by_key(|part| part.start);
    parts.dedup_by(|next, part| {
        let is_one = part.end == next.start && part.held == next.held;
        if is_one {
            part.end = next.end;
        }
        is_one
    });
    parts
}

/// The latest LAST-MODIFIED of the components that lies in the time of a look.
fn last_change(it: Held<'_, '_>, sight: Sight, zones: &Zones) -> Option<Moment> {
    let Sight::Look { unseen, saw, .. } = sight else { return None };
    let events = it.calendar.events_of(it.object);
    let modified = events.filter_map(|event| event.last_modified(zones));
    modified.filter(|moment| unseen < *moment && *moment <= saw).max()
}
