//! Of whom an object is, for what it takes over.

use clearing::{Address, GivenUp, Owners, Policy, first_claims};

use crate::{BY_BOB, LOOK, TEN, base, gone, shown, text, with, zones};

#[test]
fn the_owners_of_an_object_are_its_organizers_and_its_author_but_not_the_room() {
    let policy =
        Policy { room_address: Some(Address::new("room@example.org")), ..Policy::default() };
    let of = |lines: &str, author: Option<&str>| {
        let lines = format!("{TEN} {lines}");
        with(&lines, |it| {
            let owners = Owners::of(it, author, &policy);
            owners.addresses().iter().map(|it| it.as_str().to_owned()).collect::<Vec<_>>()
        })
    };
    assert_eq!(of(BY_BOB, None), ["bob@example.org"]);
    assert_eq!(of(BY_BOB, Some("Ann@example.org")), ["ann@example.org", "bob@example.org"]);
    assert_eq!(of(BY_BOB, Some("BOB@example.org")), ["bob@example.org"]);
    assert_eq!(of("ORGANIZER:mailto:Room@example.org", Some("")), Vec::<String>::new());
}

#[test]
fn an_object_takes_over_from_one_of_the_same_organizer_or_author_and_not_from_one_of_its_name() {
    let policy = Policy::default();
    let is_taken = |before: (&str, Option<&str>), after: (&str, Option<&str>)| {
        let lines = |extra: &str| format!("{TEN} {extra}");
        let owners = with(&lines(before.0), |it| Owners::of(it, before.1, &policy));
        let gone =
            [GivenUp { owners, parts: gone(&base(-9), TEN, None), text: text(TEN).into_bytes() }];
        let claims = with(&lines(after.0), |it| {
            let owners = Owners::of(it, after.1, &policy);
            first_claims(it, LOOK, &owners, &gone, &mut zones(), &policy)
        });
        shown(&claims) == ["-9c"]
    };
    let (ann, bob) = (Some("ann@example.org"), Some("bob@example.org"));
    let board = "SUMMARY:Board";
    assert!(is_taken((board, ann), ("SUMMARY:Renamed", ann)));
    assert!(is_taken((BY_BOB, None), (board, bob)));
    assert!(!is_taken((board, ann), (board, bob)));
    assert!(!is_taken((board, None), (board, None)), "anybody can copy a name");
    assert!(!is_taken((board, ann), (board, None)) && !is_taken((board, None), (board, ann)));
    assert!(!is_taken(("", None), ("", None)));
    let by_bob = format!("{board} {BY_BOB}");
    assert!(!is_taken((board, None), (&by_bob, None)) && !is_taken((&by_bob, None), (board, None)));
}
