//! Claims (rule 4): since when an object holds its time, carried on when the object changes.

use ical::{Budget, Calendar, Moment, Object, Window, Zones, expand, extent};

use crate::policy::{Claim, Policy};
use crate::rules::is_blocking;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Claims are worked out at least so many days ahead: two years.
const MIN_DAYS_AHEAD: i64 = 731;

/// An object of a calendar.
#[derive(Clone, Copy, Debug)]
pub struct Held<'h, 'a> {
    /// The calendar.
    pub calendar: &'h Calendar<'a>,
    /// One of its objects.
    pub object: &'h Object<'a>,
}

/// The claims of an object that is `after` now, and of which `claims` was remembered when it was
/// `before`: what it holds now and did not hold, it holds since `now`; what it does not hold any more is
/// forgotten. `before` is `None` for an object that was not there.
///
/// It looks two horizons ahead, two years at least. What lies behind is held since `now` if the object
/// goes on there, unless it did before and did not change in the second half of that time: so an
/// endless series claims all its dates at once. An object that cannot be read holds nothing.
///
/// The answer is of at most [`ical::limits::MAX_OCCURRENCES_PER_OBJECT`] intervals, and one, ascending
/// and disjoint.
pub fn renewed_claims(
    claims: &[Claim],
    before: Option<Held<'_, '_>>,
    after: Held<'_, '_>,
    zones: &mut Zones,
    policy: &Policy,
    now: Moment,
) -> Vec<Claim> {
    let days = (2 * i64::from(policy.horizon_days)).max(MIN_DAYS_AHEAD);
    let window = Window { start: now, end: now.plus(days * DAY) };
    let held = before.map(|it| intervals(it, zones, policy, window)).unwrap_or_default();
    let holds = intervals(after, zones, policy, window);
    let fresh = without(&holds, &held);
    let kept = common(&holds, &held);
    let mut renewed: Vec<Claim> = fresh
        .iter()
        .map(|&(start, end)| Claim { start, end, since: now })
        .chain(claims.iter().flat_map(|claim| {
            common(&kept, &[(claim.start, claim.end)]).into_iter().map(|(start, end)| Claim {
                start,
                end,
                since: claim.since,
            })
        }))
        .collect();
    if goes_beyond(after, zones, window.end) {
        let middle = now.plus(days / 2 * DAY);
        let went_beyond = before.is_some_and(|it| goes_beyond(it, zones, window.end));
        let behind = (window.end, Moment::MAX);
        if went_beyond && fresh.iter().all(|(_, end)| *end <= middle) {
            renewed.extend(
                claims
                    .iter()
                    .filter(|claim| claim.end > behind.0)
                    .map(|claim| Claim { start: claim.start.max(behind.0), ..*claim }),
            );
        } else {
            renewed.push(Claim { start: behind.0, end: behind.1, since: now });
        }
    }
    renewed.sort_unstable_by_key(|claim| claim.start);
    renewed.dedup_by(|next, claim| {
        let is_one = claim.end == next.start && claim.since == next.since;
        if is_one {
            claim.end = next.end;
        }
        is_one
    });
    renewed
}

type Interval = (Moment, Moment);

/// When an object blocks in a window: ascending and disjoint.
fn intervals(
    it: Held<'_, '_>,
    zones: &mut Zones,
    policy: &Policy,
    window: Window,
) -> Vec<Interval> {
    let mut found = Vec::new();
    let budget = &mut Budget::new();
    if expand(it.calendar, it.object, zones, window, budget, &mut found).is_err() {
        return Vec::new();
    }
    found.retain(|occurrence| {
        is_blocking(&it.calendar.event(occurrence.component as usize), occurrence, policy)
    });
    let mut all: Vec<Interval> = found
        .into_iter()
        .map(|it| (it.start.max(window.start), it.end.min(window.end)))
        .filter(|(start, end)| start < end)
        .collect();
    all.sort_unstable();
    let mut merged: Vec<Interval> = Vec::new();
    for (start, end) in all {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// Whether an object may have occurrences that end after a moment.
fn goes_beyond(it: Held<'_, '_>, zones: &mut Zones, moment: Moment) -> bool {
    extent(it.calendar, it.object, zones).end.is_none_or(|end| end > moment)
}

/// What is in both; each list is ascending and disjoint.
fn common(one: &[Interval], other: &[Interval]) -> Vec<Interval> {
    let mut both = Vec::new();
    let mut others = other.iter().copied().peekable();
    for &(start, end) in one {
        while let Some(&(from, to)) = others.peek() {
            if from >= end {
                break;
            }
            if to > start {
                both.push((start.max(from), end.min(to)));
            }
            if to > end {
                break;
            }
            others.next();
        }
    }
    both
}

/// What is in `one` and not in `other`; each list is ascending and disjoint.
fn without(one: &[Interval], other: &[Interval]) -> Vec<Interval> {
    let mut rest = Vec::new();
    let taken = common(one, other);
    let mut taken = taken.into_iter().peekable();
    for &(start, end) in one {
        let mut from = start;
        while let Some((left, right)) = taken.next_if(|(left, _)| *left < end) {
            if from < left {
                rest.push((from, left));
            }
            from = right;
        }
        if from < end {
            rest.push((from, end));
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use ical::Zone;
    use proptest::prelude::*;

    /// 2026-03-01T00:00:00Z.
    const NOW: Moment = Moment(1_772_323_200);

    fn text(lines: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            lines.replace(' ', "\r\n")
        )
    }

    /// Claims in hours and days after `NOW`, such as `240+1 since 0`.
    fn renew(claims: &[Claim], before: Option<&str>, after: &str, now: Moment) -> Vec<Claim> {
        let before = before.map(text);
        let after = text(after);
        let before = before.as_ref().map(|it| Calendar::parse(it.as_bytes()).unwrap());
        let after = Calendar::parse(after.as_bytes()).unwrap();
        let held = |calendar| Held { calendar, object: &Calendar::objects(calendar)[0] };
        let mut zones = Zones::new(Zone::utc());
        let policy = Policy::default();
        renewed_claims(claims, before.as_ref().map(held), held(&after), &mut zones, &policy, now)
    }

    fn shown(claims: &[Claim]) -> Vec<String> {
        let hours = |moment: Moment| moment.since(NOW) / 3_600;
        let end = |moment| {
            if moment == Moment::MAX { "ever".to_owned() } else { hours(moment).to_string() }
        };
        let line =
            |it: &Claim| format!("{}-{} since {}", hours(it.start), end(it.end), hours(it.since));
        claims.iter().map(line).collect()
    }

    const TEN: &str = "DTSTART:20260302T100000Z DTEND:20260302T110000Z";
    const HALF_PAST: &str = "DTSTART:20260302T103000Z DTEND:20260302T113000Z";

    #[test]
    fn an_event_that_is_new_holds_its_time_since_now() {
        assert_eq!(shown(&renew(&[], None, TEN, NOW)), ["34-35 since 0"]);
    }

    #[test]
    fn an_event_that_is_changed_but_not_moved_keeps_what_it_holds() {
        assert!(renew(&[], Some(TEN), &format!("{TEN} SUMMARY:x"), NOW).is_empty());
    }

    #[test]
    fn a_moved_event_holds_since_now_what_it_did_not_hold_before() {
        let moved = renew(&[], Some(TEN), "DTSTART:20260302T100000Z DTEND:20260302T120000Z", NOW);
        assert_eq!(
            shown(&moved),
            ["35-36 since 0"],
            "what it held all the while is as old as it is"
        );
    }

    #[test]
    fn an_event_that_moves_away_and_back_has_lost_what_it_held() {
        let away = renew(&[], Some(TEN), "DTSTART:20260302T140000Z DTEND:20260302T150000Z", NOW);
        let later = NOW.plus(3_600);
        let back =
            renew(&away, Some("DTSTART:20260302T140000Z DTEND:20260302T150000Z"), TEN, later);
        assert_eq!(shown(&back), ["34-35 since 1"]);
    }

    #[test]
    fn an_event_that_was_free_holds_its_time_since_it_is_not() {
        let free = format!("{TEN} TRANSP:TRANSPARENT");
        assert_eq!(shown(&renew(&[], Some(&free), TEN, NOW)), ["34-35 since 0"]);
        assert!(renew(&[], Some(TEN), &free, NOW).is_empty());
    }

    #[test]
    fn an_endless_series_holds_all_its_dates_since_now_and_keeps_them_when_its_name_changes() {
        let series = format!("{TEN} RRULE:FREQ=YEARLY");
        let new = renew(&[], None, &series, NOW);
        assert_eq!(
            shown(&new),
            ["34-35 since 0", "8794-8795 since 0", "17544-ever since 0"],
            "what lies behind the time that is looked at, too"
        );
        let renamed = renew(&new, Some(&series), &format!("{series} SUMMARY:x"), NOW.plus(7_200));
        assert_eq!(shown(&renamed), ["34-35 since 0", "8794-8795 since 0", "17546-ever since 0"]);
    }

    #[test]
    fn a_series_that_is_made_longer_holds_the_new_dates_since_now() {
        let short = format!("{TEN} RRULE:FREQ=DAILY;COUNT=2");
        let long = renew(&[], Some(&short), &format!("{TEN} RRULE:FREQ=DAILY;COUNT=3"), NOW);
        assert_eq!(shown(&long), ["82-83 since 0"]);
        let endless = renew(&[], Some(&short), &format!("{TEN} RRULE:FREQ=YEARLY"), NOW);
        assert_eq!(shown(&endless), ["8794-8795 since 0", "17544-ever since 0"]);
    }

    #[test]
    fn one_instance_that_is_moved_costs_an_endless_series_that_instance_only() {
        let series = format!("{TEN} RRULE:FREQ=WEEKLY");
        let moved = "END:VEVENT BEGIN:VEVENT UID:a RECURRENCE-ID:20260309T100000Z \
                     DTSTART:20260309T150000Z DTEND:20260309T160000Z";
        let renewed = renew(&[], Some(&series), &format!("{series} {moved}"), NOW);
        assert_eq!(shown(&renewed), ["207-208 since 0"]);
    }

    #[test]
    fn an_event_that_cannot_be_read_claims_nothing() {
        assert!(
            renew(&[], Some(TEN), "DTSTART:nonsense RRULE:FREQ=DAILY;COUNT=1", NOW)
                .iter()
                .all(|claim| claim.start > NOW.plus(MIN_DAYS_AHEAD * DAY - 1))
        );
        assert_eq!(shown(&renew(&[], Some("DTSTART:nonsense"), HALF_PAST, NOW)).len(), 1);
    }

    fn some_intervals() -> impl Strategy<Value = Vec<Interval>> {
        prop::collection::btree_set(0i64..60, 0..20).prop_map(|ends| {
            let ends: Vec<_> = ends.into_iter().map(Moment).collect();
            ends.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
        })
    }

    proptest! {
        #[test]
        fn every_moment_of_an_interval_is_either_in_both_or_in_one_only(
            one in some_intervals(),
            other in some_intervals(),
        ) {
            let is_in = |list: &[Interval], at| list.iter().any(|(start, end)| (*start..*end).contains(&at));
            let (both, rest) = (common(&one, &other), without(&one, &other));
            for at in (0..60).map(Moment) {
                let (in_one, in_other) = (is_in(&one, at), is_in(&other, at));
                prop_assert_eq!(is_in(&both, at), in_one && in_other);
                prop_assert_eq!(is_in(&rest, at), in_one && !in_other);
            }
        }
    }
}
