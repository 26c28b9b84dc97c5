//! Which user a person is, and which role the user has: [`decide`] and [`role_after`].

use store::users::User;

use super::vouched::Vouched;
use crate::refusal::Refusal;

/// A user who has the address of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfAddress {
    pub user: User,
    /// Whether the user has an identity, of whatever kind: it is another one.
    pub has_identity: bool,
}

/// Which user a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// The one who has the identity.
    Known(User),
    /// The one who has the address, and gets the identity.
    Bind(User),
    /// A new one.
    Make,
    /// None.
    Refuse(Refusal),
}

/// Decides which user a person is: the one who has the identity, else the one who has the verified address, else a new
/// one, where users are made. Members of the group of administrators are always made: the group names them.
pub(super) fn decide(
    vouched: &Vouched,
    known: Option<User>,
    of_address: &[OfAddress],
    makes_users: bool,
) -> Decision {
    if let Some(user) = known {
        return if user.is_active {
            Decision::Known(user)
        } else {
            Decision::Refuse(Refusal::NotActive)
        };
    }
    if vouched.address.is_some() && !vouched.is_address_verified {
        return Decision::Refuse(Refusal::AddressNotVerified);
    }
    match of_address {
        [] if makes_users || vouched.is_administrator == Some(true) => Decision::Make,
        [] => Decision::Refuse(Refusal::UnknownPerson),
        [one] if !one.user.is_active => Decision::Refuse(Refusal::NotActive),
        [one] if one.has_identity => Decision::Refuse(Refusal::OtherIdentity),
        [one] => Decision::Bind(one.user.clone()),
        _ => Decision::Refuse(Refusal::SeveralUsers),
    }
}

/// Which role a user has after a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RoleAfter {
    /// That of before.
    Same,
    /// Administrator.
    Administrator,
    /// Ordinary user.
    Ordinary,
    /// Administrator still, although not in the group: nobody else can sign in as one.
    LastAdministrator,
}

/// Decides which role a user has after a sign-in. `is_other` is whether another administrator can sign in.
pub(super) fn role_after(
    is_administrator: bool,
    in_group: Option<bool>,
    is_other: bool,
) -> RoleAfter {
    match (is_administrator, in_group) {
        (_, None) | (true, Some(true)) | (false, Some(false)) => RoleAfter::Same,
        (false, Some(true)) => RoleAfter::Administrator,
        (true, Some(false)) if is_other => RoleAfter::Ordinary,
        (true, Some(false)) => RoleAfter::LastAdministrator,
    }
}
