//! Held since (rule 4), object by object: what a look, a write or a restore makes of the claims.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "claims/far_ahead.rs"]
mod far_ahead;
#[path = "claims/owners.rs"]
mod owners;
#[path = "claims/rare.rs"]
mod rare;
#[path = "claims/unreadable.rs"]
mod unreadable;

use clearing::{
    Claim, Claims, GivenUp, Held, HeldSince, Owners, Policy, Sight, Source, can_be_read,
    first_claims, given_up, held_intervals, renewed_claims, restored_claims,
};
use ical::{Calendar, Moment, Zone, Zones};

/// 2026-03-01T00:00:00Z.
const NOW: Moment = Moment(1_772_323_200);

fn hour(hours: i64) -> Moment {
    NOW.plus(hours * 3_600)
}

fn text(lines: &str) -> String {
    let lines = lines.replace(' ', "\r\n");
    format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn zones() -> Zones {
    Zones::new(Zone::utc())
}

fn with<T>(lines: &str, ask: impl FnOnce(Held<'_, '_>) -> T) -> T {
    let text = text(lines);
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    ask(Held { calendar: &calendar, object: &calendar.objects()[0] })
}

/// Since an hour, first seen by the first look.
fn base(hours: i64) -> Claims {
    let held = HeldSince { since: hour(hours), unseen_look: 0, source: Source::Client };
    Claims::since(held)
}

/// A look that saw it at hour 0; the one before began two hours earlier.
const LOOK: Sight = Sight::Look { unseen: Moment(NOW.0 - 7_200), unseen_look: 7, saw: NOW };

fn first(lines: &str, sight: Sight) -> Claims {
    with(lines, |it| {
        first_claims(it, sight, &Owners::default(), &[], &mut zones(), &Policy::default())
    })
}

fn renew(claims: &Claims, before: &str, after: &str, sight: Sight) -> Claims {
    with(before, |before| {
        with(after, |after| {
            renewed_claims(claims, before, after, sight, &mut zones(), &Policy::default())
        })
    })
}

fn held(it: &HeldSince) -> String {
    let by = match it.source {
        Source::Unknown => "?",
        Source::Client => "c",
        Source::Look => "l",
        Source::Written => "w",
        Source::Reserved => "r",
    };
    format!("{}{by}", it.since.since(NOW) / 3_600)
}

/// The base and the parts, in hours after `NOW`.
fn shown(claims: &Claims) -> Vec<String> {
    let mut lines = vec![held(&claims.base)];
    lines.extend(claims.parts.iter().map(part));
    lines
}

fn part(it: &Claim) -> String {
    let hours = |moment: Moment| match moment {
        Moment::MAX => "ever".to_owned(),
        moment => (moment.since(NOW) / 3_600).to_string(),
    };
    format!("{}-{} {}", hours(it.start), hours(it.end), held(&it.held))
}

const TEN: &str = "DTSTART:20260302T100000Z DTEND:20260302T110000Z";
const TWO: &str = "DTSTART:20260302T140000Z DTEND:20260302T150000Z";
const LONGER: &str = "DTSTART:20260302T100000Z DTEND:20260302T120000Z";

#[test]
fn a_first_look_takes_created_at_most_first_sight() {
    let first = |lines: &str| shown(&first(&format!("{TEN} {lines}"), Sight::First(NOW)));
    assert_eq!(first("CREATED:20260228T210000Z"), ["-3c"]);
    assert_eq!(first("CREATED:20260301T210000Z"), ["0c"], "nobody has held it since tomorrow");
    assert_eq!(first("CREATED:20260228T210000Z LAST-MODIFIED:20260228T200000Z"), ["-3c"]);
    assert_eq!(first("LAST-MODIFIED:20260228T200000Z"), ["-4c"]);
    assert_eq!(first("LAST-MODIFIED:20260301T200000Z"), ["0c"]);
    assert_eq!(first("SUMMARY:x"), ["0?"]);
}

#[test]
fn a_later_look_believes_created_only_between_the_two_looks() {
    let first = |lines: &str| shown(&first(&format!("{TEN} {lines}"), LOOK));
    assert_eq!(first("CREATED:20260228T230000Z"), ["-1c"]);
    assert_eq!(first("CREATED:20260301T000000Z"), ["0c"]);
    assert_eq!(first("CREATED:20260228T220000Z"), ["0l"], "the look before began then");
    assert_eq!(first("CREATED:20260301T000001Z"), ["0l"]);
    assert_eq!(first("CREATED:19710101T000000Z"), ["0l"]);
    assert_eq!(first("CREATED:19710101T000000Z LAST-MODIFIED:20260228T230000Z"), ["-1c"]);
    assert_eq!(first("CREATED:20260228T230000Z LAST-MODIFIED:20260228T233000Z"), ["-1c"]);
    assert_eq!(first("LAST-MODIFIED:20260228T210000Z"), ["0l"]);
    assert_eq!(first("SUMMARY:x"), ["0l"]);
}

#[test]
fn a_created_from_before_the_look_that_did_not_see_the_object_is_refuted() {
    let is_refuted =
        |lines: &str, sight| first(&format!("{TEN} {lines}"), sight).created_refuted.is_some();
    assert!(is_refuted("CREATED:19710101T000000Z", LOOK));
    assert!(is_refuted("CREATED:20260228T220000Z", LOOK));
    assert!(!is_refuted("CREATED:20260228T220001Z", LOOK));
    assert!(!is_refuted("SUMMARY:x", LOOK));
    assert!(!is_refuted("CREATED:19710101T000000Z", Sight::First(NOW)));
    let written = Sight::Written { at: NOW, unseen_look: 7 };
    assert!(!is_refuted("CREATED:19710101T000000Z", written));
}

#[test]
fn a_refuted_created_stays_refuted_when_the_object_is_changed() {
    let forged = first(&format!("{TEN} CREATED:19710101T000000Z"), LOOK);
    let later = Sight::Look { unseen: hour(1), unseen_look: 9, saw: hour(2) };
    assert!(renew(&forged, TEN, TEN, later).created_refuted.is_some());
    assert!(renew(&forged, TEN, LONGER, later).created_refuted.is_some());
    assert!(renew(&forged, TEN, TWO, later).created_refuted.is_some());
    assert!(renew(&base(-9), TEN, TWO, later).created_refuted.is_none());
}

#[test]
fn what_the_program_writes_is_held_since_the_write() {
    let written = Sight::Written { at: NOW, unseen_look: 7 };
    let new = first(&format!("{TEN} CREATED:20260228T233000Z"), written);
    assert_eq!(shown(&new), ["0w"]);
    assert_eq!(new.base.unseen_look, 7);
    assert_eq!(shown(&renew(&base(-9), TEN, LONGER, written)), ["-9c", "35-36 0w"]);
}

#[test]
fn an_event_that_is_changed_but_not_moved_keeps_what_it_holds() {
    let renamed = format!("{TEN} SUMMARY:x CREATED:19710101T000000Z");
    assert_eq!(shown(&renew(&base(-9), TEN, &renamed, LOOK)), ["-9c"]);
    let shorter = "DTSTART:20260302T103000Z DTEND:20260302T110000Z";
    assert_eq!(shown(&renew(&base(-9), TEN, shorter, LOOK)), ["-9c"]);
}

#[test]
fn a_moved_event_holds_anew_what_it_did_not_hold_before() {
    assert_eq!(shown(&renew(&base(-9), TEN, LONGER, LOOK)), ["-9c", "35-36 0l"]);
    let moved = renew(&base(-9), TEN, TWO, LOOK);
    assert_eq!(shown(&moved), ["0l"]);
    assert_eq!(moved.base.unseen_look, 7);
}

#[test]
fn a_moved_event_is_believed_its_last_modified_between_the_two_looks_only() {
    let move_at = |line: &str| shown(&renew(&base(-9), TEN, &format!("{TWO} {line}"), LOOK));
    assert_eq!(move_at("LAST-MODIFIED:20260228T230000Z"), ["-1c"]);
    assert_eq!(move_at("LAST-MODIFIED:20260228T220000Z"), ["0l"]);
    assert_eq!(move_at("LAST-MODIFIED:20260301T000000Z"), ["0c"]);
    assert_eq!(move_at("LAST-MODIFIED:20260301T000001Z"), ["0l"]);
    assert_eq!(move_at("CREATED:20260228T230000Z"), ["0l"], "CREATED says nothing of a move");
}

#[test]
fn an_event_that_moves_away_and_back_has_lost_what_it_held() {
    let away = renew(&base(-9), TEN, TWO, LOOK);
    let later = Sight::Look { unseen: hour(0), unseen_look: 8, saw: hour(1) };
    assert_eq!(shown(&renew(&away, TWO, TEN, later)), ["1l"]);
    let longer = renew(&base(-9), TEN, LONGER, LOOK);
    let shorter = renew(&longer, LONGER, TEN, later);
    assert_eq!(shown(&renew(&shorter, TEN, LONGER, later)), ["-9c", "35-36 1l"]);
}

#[test]
fn an_event_that_was_free_holds_its_time_since_it_is_not() {
    let free = format!("{TEN} TRANSP:TRANSPARENT");
    assert_eq!(shown(&renew(&base(-9), &free, TEN, LOOK)), ["0l"]);
    assert_eq!(shown(&renew(&base(-9), TEN, &free, LOOK)), ["-9c"]);
}

#[test]
fn an_endless_series_holds_all_its_dates_since_one_moment_whatever_its_name_is() {
    let series = format!("{TEN} RRULE:FREQ=YEARLY");
    assert_eq!(shown(&renew(&base(-9), &series, &format!("{series} SUMMARY:x"), LOOK)), ["-9c"]);
    assert_eq!(shown(&renew(&base(-9), TWO, &series, LOOK)), ["0l"]);
}

#[test]
fn a_series_that_is_made_longer_holds_the_new_dates_anew() {
    let short = format!("{TEN} RRULE:FREQ=DAILY;COUNT=2");
    let long = format!("{TEN} RRULE:FREQ=DAILY;COUNT=3");
    assert_eq!(shown(&renew(&base(-9), &short, &long, LOOK)), ["-9c", "82-83 0l"]);
    let endless = format!("{TEN} RRULE:FREQ=YEARLY");
    let renewed = renew(&base(-9), TEN, &endless, LOOK);
    assert_eq!(
        shown(&renewed),
        ["-9c", "8794-8795 0l", "17578-17579 0l", "26338-26339 0l", "35088-ever 0l"]
    );
}

#[test]
fn an_endless_series_that_changes_in_the_second_half_holds_what_lies_behind_anew() {
    let weekly = format!("{TEN} RRULE:FREQ=WEEKLY");
    let longer = format!("{LONGER} RRULE:FREQ=WEEKLY");
    let renewed = renew(&base(-9), &weekly, &longer, LOOK);
    assert_eq!(renewed.parts.last().map(part), Some("17544-ever 0l".to_owned()));
    assert_eq!(renewed.base, base(-9).base, "its first hours are as old as they were");
}

#[test]
fn one_instance_that_is_moved_costs_an_endless_series_that_instance_only() {
    let series = format!("{TEN} RRULE:FREQ=WEEKLY");
    let moved = |id: &str, start: &str, end: &str| {
        format!(
            "{series} END:VEVENT BEGIN:VEVENT UID:a RECURRENCE-ID:{id} DTSTART:{start} DTEND:{end}"
        )
    };
    let near = moved("20260309T100000Z", "20260309T150000Z", "20260309T160000Z");
    assert_eq!(shown(&renew(&base(-9), &series, &near, LOOK)), ["-9c", "207-208 0l"]);
}

#[test]
fn one_instance_that_is_moved_far_ahead_is_noticed_too() {
    let series = format!("{TEN} RRULE:FREQ=WEEKLY");
    let far = format!(
        "{series} END:VEVENT BEGIN:VEVENT UID:a RECURRENCE-ID:20300304T100000Z \
         DTSTART:20300304T150000Z DTEND:20300304T160000Z"
    );
    let renewed = renew(&base(-9), &series, &far, LOOK);
    let far = Moment(1_898_866_800); // 2030-03-04T15:00:00Z
    assert_eq!(held(&renewed.held_since(far, far.plus(3_600))), "0l");
    assert_eq!(held(&renewed.held_since(hour(34), hour(35))), "-9c");
}

#[test]
fn a_single_event_that_moves_beyond_two_years_holds_its_time_anew() {
    let far = "DTSTART:20300302T100000Z DTEND:20300302T110000Z";
    let farther = "DTSTART:20310302T100000Z DTEND:20310302T110000Z";
    assert_eq!(shown(&renew(&base(-9), far, farther, LOOK)), ["0l"]);
    assert_eq!(shown(&renew(&base(-9), far, far, LOOK)), ["-9c"]);
}

#[test]
fn an_event_that_cannot_be_read_holds_nothing_and_then_holds_it_anew() {
    let broken = "DTSTART:nonsense";
    let unread = renew(&base(-9), TEN, broken, LOOK);
    assert_eq!(held(&unread.held_since(hour(34), hour(35))), "-9c", "it may be read again");
    let read = renew(&base(-9), broken, TEN, LOOK);
    assert_eq!(held(&read.held_since(hour(34), hour(35))), "0l");
}

#[test]
fn an_hourly_series_of_more_dates_than_are_read_at_once_is_told_for_one_horizon() {
    let hourly = "DTSTART:20260302T100000Z DURATION:PT10M RRULE:FREQ=MINUTELY;INTERVAL=20";
    let later = "DTSTART:20260302T100500Z DURATION:PT10M RRULE:FREQ=MINUTELY;INTERVAL=20";
    let renewed = renew(&base(-9), hourly, later, LOOK);
    let first = hour(34).plus(300);
    assert_eq!(held(&renewed.held_since(first, first.plus(600))), "0l");
    assert_eq!(held(&renewed.held_since(first, first.plus(300))), "-9c");
}

#[test]
fn what_is_over_is_forgotten() {
    let over = Claim { start: hour(-5), end: hour(0), held: base(-7).base };
    let on = Claim { start: hour(-2), end: hour(1), ..over };
    let mut claims = base(-9);
    claims.parts = vec![over];
    assert_eq!(shown(&renew(&claims, TEN, LONGER, LOOK)), ["-9c", "35-36 0l"]);
    claims.parts = vec![on];
    assert_eq!(shown(&renew(&claims, TEN, LONGER, LOOK)), ["-9c", "-2-1 -7c", "35-36 0l"]);
}

const BY_BOB: &str = "ORGANIZER:mailto:bob@example.org";

fn take_over(lines: &str, gone: &[(&str, Vec<Claim>)]) -> Claims {
    let gone: Vec<GivenUp> = gone
        .iter()
        .map(|(owner, parts)| {
            let by = format!("{TEN} ORGANIZER:mailto:{owner}");
            let owners = with(&by, |it| Owners::of(it, None, &Policy::default()));
            // Where the test says nothing else, it had the rule of the one that takes over.
            GivenUp { owners, parts: parts.clone(), text: text(lines).into_bytes() }
        })
        .collect();
    take_over_from(lines, &gone)
}

fn take_over_from(lines: &str, gone: &[GivenUp]) -> Claims {
    with(lines, |it| {
        let owners = Owners::of(it, None, &Policy::default());
        first_claims(it, LOOK, &owners, gone, &mut zones(), &Policy::default())
    })
}

fn gone(claims: &Claims, before: &str, after: Option<&str>) -> Vec<Claim> {
    let policy = Policy::default();
    with(before, |before| match after {
        None => given_up(claims, before, None, NOW, &mut zones(), &policy),
        Some(after) => {
            with(after, |after| given_up(claims, before, Some(after), NOW, &mut zones(), &policy))
        }
    })
}

#[test]
fn what_an_object_gives_up_is_what_it_holds_no_longer() {
    let parts = |after| gone(&base(-9), LONGER, after).iter().map(part).collect::<Vec<_>>();
    assert_eq!(parts(None), ["34-36 -9c"]);
    assert_eq!(parts(Some(TEN)), ["35-36 -9c"]);
    assert_eq!(parts(Some(LONGER)), Vec::<String>::new());
    let series = format!("{TEN} RRULE:FREQ=YEARLY");
    let parts = |after| gone(&base(-9), &series, after).iter().map(part).collect::<Vec<_>>();
    assert_eq!(
        parts(None),
        ["34-35 -9c", "8794-8795 -9c", "17578-17579 -9c", "26338-26339 -9c", "35088-ever -9c"]
    );
    assert_eq!(
        parts(Some(TEN)),
        ["8794-8795 -9c", "17578-17579 -9c", "26338-26339 -9c", "35088-ever -9c"]
    );
    assert_eq!(parts(Some(&series)), Vec::<String>::new());
}

#[test]
fn a_new_object_takes_over_what_one_of_the_same_organizer_gives_up() {
    let new = format!("{TEN} {BY_BOB}");
    let given = gone(&base(-9), TEN, None);
    let taken = take_over(&new, &[("bob@example.org", given.clone())]);
    assert_eq!(shown(&taken), ["-9c"]);
    assert!(taken.created_refuted.is_none());
    let other = take_over(&new, &[("ann@example.org", given.clone())]);
    assert_eq!(shown(&other), ["0l"]);
    assert_eq!(shown(&take_over(TEN, &[("bob@example.org", given)])), ["0l"], "of nobody");
}

#[test]
fn only_what_was_given_up_is_taken_over() {
    let new = format!("{LONGER} {BY_BOB}");
    let taken = take_over(&new, &[("bob@example.org", gone(&base(-9), TEN, None))]);
    assert_eq!(shown(&taken), ["0l", "34-35 -9c"]);
    assert_eq!(held(&taken.held_since(hour(34), hour(36))), "0l", "as old as the youngest part");
}

#[test]
fn a_series_that_is_split_keeps_its_claim_in_both_halves() {
    let series = format!("{TEN} RRULE:FREQ=WEEKLY {BY_BOB}");
    let first = format!("{TEN} RRULE:FREQ=WEEKLY;UNTIL=20260401T000000Z {BY_BOB}");
    let second =
        format!("DTSTART:20260406T100000Z DTEND:20260406T110000Z RRULE:FREQ=WEEKLY {BY_BOB}");
    let given = gone(&base(-9), &series, Some(&first));
    let taken = take_over(&second, &[("bob@example.org", given.clone())]);
    assert_eq!(shown(&taken), ["-9c"], "one moment for all its dates");
    assert_eq!(shown(&renew(&base(-9), &series, &first, LOOK)), ["-9c"]);
    let moved =
        format!("DTSTART:20260406T103000Z DTEND:20260406T113000Z RRULE:FREQ=WEEKLY {BY_BOB}");
    let taken = take_over(&moved, &[("bob@example.org", given)]);
    let at = hour(874).plus(1_800);
    assert_eq!(held(&taken.held_since(at, at.plus(1_800))), "-9c");
    assert_eq!(held(&taken.held_since(at, at.plus(3_600))), "0l");
    assert!(taken.parts.iter().all(|it| it.end != Moment::MAX), "what lies behind is new");
}

#[test]
fn a_longer_series_than_was_given_up_holds_what_lies_behind_anew() {
    let finite = format!("{TEN} RRULE:FREQ=WEEKLY;COUNT=3");
    let endless = format!("{TEN} RRULE:FREQ=WEEKLY {BY_BOB}");
    let taken = take_over(&endless, &[("bob@example.org", gone(&base(-9), &finite, None))]);
    assert_eq!(shown(&taken), ["0l", "34-35 -9c", "202-203 -9c", "370-371 -9c"]);
}

#[test]
fn of_two_that_give_up_the_same_the_older_claim_is_taken_over() {
    let new = format!("{LONGER} {BY_BOB}");
    let young = gone(&base(-3), LONGER, None);
    let old = gone(&base(-9), TEN, None);
    let taken = take_over(&new, &[("bob@example.org", young), ("bob@example.org", old)]);
    assert_eq!(shown(&taken), ["0l", "34-35 -9c", "35-36 -3c"]);
}

fn restore(claims: &Claims, before: Option<&str>, after: &str, others: &[(i64, i64)]) -> Claims {
    let others: Vec<_> = others.iter().map(|&(from, to)| (hour(from), hour(to))).collect();
    let sight = Sight::Written { at: NOW, unseen_look: 7 };
    let policy = Policy::default();
    with(after, |after| match before {
        None => restored_claims(claims, None, after, &others, sight, &mut zones(), &policy),
        Some(before) => with(before, |before| {
            restored_claims(claims, Some(before), after, &others, sight, &mut zones(), &policy)
        }),
    })
}

#[test]
fn what_is_restored_keeps_its_claim_unless_another_held_part_of_it_meanwhile() {
    let of = |others: &[(i64, i64)]| {
        held(&restore(&base(-9), None, LONGER, others).held_since(hour(34), hour(36)))
    };
    assert_eq!(of(&[]), "-9c");
    assert_eq!(of(&[(30, 34), (36, 40)]), "-9c", "they touch it only");
    assert_eq!(of(&[(35, 40)]), "0w");
    assert_eq!(of(&[(0, 99)]), "0w");
    assert_eq!(of(&[(35, 35)]), "-9c", "that is no time");
}

#[test]
fn one_date_that_is_restored_says_nothing_of_the_others() {
    let series = format!("{TEN} RRULE:FREQ=DAILY;COUNT=3");
    let without = format!("{series} EXDATE:20260303T100000Z");
    let taken = restore(&base(-9), Some(&without), &series, &[(58, 59), (34, 35)]);
    assert_eq!(shown(&taken), ["-9c", "58-59 0w"]);
    assert_eq!(shown(&restore(&base(-9), Some(&without), &series, &[(34, 35)])), ["-9c"]);
}

#[test]
fn a_token_is_bound_to_all_that_an_object_holds() {
    let of = |lines: &str| {
        let held = with(lines, |it| held_intervals(it, NOW, &mut zones(), &Policy::default()));
        held.iter()
            .map(|&(start, end)| part(&Claim { start, end, held: base(0).base }))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(TEN), ["34-35 0c"]);
    assert_eq!(
        of(&format!("{TEN} RRULE:FREQ=YEARLY")),
        ["34-35 0c", "8794-8795 0c", "17578-17579 0c", "26338-26339 0c", "35088-ever 0c"]
    );
    assert_eq!(of(&format!("{TEN} RRULE:FREQ=YEARLY TRANSP:TRANSPARENT")), Vec::<String>::new());
}

#[test]
fn the_moment_of_a_sight_is_that_of_its_last_answer() {
    assert_eq!(Sight::First(hour(3)).moment(), hour(3));
    assert_eq!(Sight::Look { unseen: hour(1), unseen_look: 9, saw: hour(2) }.moment(), hour(2));
    assert_eq!(Sight::Written { at: hour(4), unseen_look: 9 }.moment(), hour(4));
}
