use super::*;

fn user(id: i64) -> User {
    User {
        id: UserId(id),
        name: format!("user-{id}"),
        address: Some("ann@example.org".to_owned()),
        is_administrator: false,
        is_active: true,
        created_at: 0,
        version: 0,
    }
}

fn of_address(id: i64) -> OfAddress {
    OfAddress { user: user(id), has_identity: false }
}

fn vouched() -> Vouched {
    Vouched {
        kind: IdentityKind::OpenId,
        issuer: "https://id.example.org".to_owned(),
        subject: "7".to_owned(),
        name: Some("ann".to_owned()),
        address: Some("ann@example.org".to_owned()),
        is_address_verified: true,
        is_administrator: None,
    }
}

fn refused(refusal: Refusal) -> Decision {
    Decision::Refuse(refusal)
}

#[test]
fn an_address_that_is_not_verified_matches_nobody_and_makes_nobody() {
    let claimed = Vouched { is_address_verified: false, ..vouched() };
    for found in [&[][..], &[of_address(1)]] {
        for is_administrator in [None, Some(true)] {
            let claimed = Vouched { is_administrator, ..claimed.clone() };
            let decided = decide(&claimed, None, found, true);
            assert_eq!(decided, refused(Refusal::AddressNotVerified));
        }
    }
    assert_eq!(claimed.own_address(), None, "nor is it taken over");
    assert_eq!(decide(&claimed, Some(user(1)), &[], false), Decision::Known(user(1)));
}

#[test]
fn the_subject_counts_before_the_address() {
    let decided = decide(&vouched(), Some(user(1)), &[of_address(2)], false);
    assert_eq!(decided, Decision::Known(user(1)));
}

#[test]
fn a_user_who_is_somebody_else_to_the_issuer_is_not_matched_by_address() {
    let other = OfAddress { has_identity: true, ..of_address(1) };
    assert_eq!(decide(&vouched(), None, &[other], true), refused(Refusal::OtherIdentity));
    assert_eq!(decide(&vouched(), None, &[of_address(1)], false), Decision::Bind(user(1)));
}

#[test]
fn a_name_that_looks_like_an_address_is_one_only_if_it_is_the_persons_own() {
    let names = |name: &str| {
        let vouched = Vouched { name: Some(name.to_owned()), ..vouched() };
        vouched.names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names("ann"), ["ann", "ann@example.org"]);
    assert_eq!(names("Ann@Example.org"), ["Ann@Example.org", "ann@example.org"]);
    for of_other in ["boss@example.org", "ann@example.com", "boss\u{ff20}example.org", "a\r\nb"] {
        assert_eq!(names(of_other), ["ann@example.org"], "{of_other}");
    }
    let unverified = Vouched {
        name: Some("ann@example.org".to_owned()),
        is_address_verified: false,
        ..vouched()
    };
    assert_eq!(unverified.names().count(), 0);
}

#[test]
fn of_two_users_with_one_address_neither_is_taken() {
    let two = [of_address(1), of_address(2)];
    assert_eq!(decide(&vouched(), None, &two, true), refused(Refusal::SeveralUsers));
}

#[test]
fn a_deactivated_user_stays_out_and_is_not_made_a_second_time() {
    let inactive = User { is_active: false, ..user(1) };
    let decided = decide(&vouched(), Some(inactive.clone()), &[], true);
    assert_eq!(decided, refused(Refusal::NotActive));
    let found = OfAddress { user: inactive, has_identity: false };
    assert_eq!(decide(&vouched(), None, &[found], true), refused(Refusal::NotActive));
}

#[test]
fn people_who_are_no_users_become_users_only_where_that_is_set_or_the_group_of_administrators_names_them()
 {
    let decided = |vouched: Vouched, makes_users| decide(&vouched, None, &[], makes_users);
    assert_eq!(decided(vouched(), false), refused(Refusal::UnknownPerson));
    assert_eq!(decided(vouched(), true), Decision::Make);
    let of_group = |is_administrator| Vouched { is_administrator, ..vouched() };
    assert_eq!(decided(of_group(Some(true)), false), Decision::Make);
    assert_eq!(decided(of_group(Some(false)), false), refused(Refusal::UnknownPerson));
    let without_address = Vouched { address: None, is_address_verified: false, ..vouched() };
    assert_eq!(decided(without_address, true), Decision::Make);
}

#[test]
fn the_group_decides_about_the_role_only_where_it_is_set_and_never_takes_the_last_administrator() {
    use RoleAfter::{Administrator, LastAdministrator, Ordinary, Same};
    for (is_administrator, in_group, is_other, after) in [
        (true, None, true, Same),
        (false, None, false, Same),
        (true, Some(true), false, Same),
        (false, Some(false), false, Same),
        (false, Some(true), false, Administrator),
        (true, Some(false), true, Ordinary),
        (true, Some(false), false, LastAdministrator),
    ] {
        let case = (is_administrator, in_group, is_other);
        assert_eq!(role_after(is_administrator, in_group, is_other), after, "{case:?}");
    }
}
