//! A person for whom somebody vouches.

use serde::{Deserialize, Serialize};
use store::identities::IdentityKind;

use crate::names::{check_address, check_name};
use crate::{Error, Result};

/// A person for whom somebody vouches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Who vouches.
    pub kind: IdentityKind,
    /// The provider's issuer, or the base of the directory.
    pub issuer: String,
    /// What the issuer names the person by, for good.
    pub subject: String,
    /// The name that the person signs in with there.
    pub name: Option<String>,
    /// The email address.
    pub address: Option<String>,
    /// Whether the issuer says that the address is the person's.
    pub is_address_verified: bool,
    /// Whether the person is in the group of administrators; `None` where no group is set.
    pub is_administrator: Option<bool>,
}

/// What is kept of a person whom a directory vouches for, until the code of the second factor is entered.
#[derive(Deserialize, Serialize)]
pub(super) struct Kept {
    pub issuer: String,
    pub subject: String,
    pub address: Option<String>,
    pub is_administrator: Option<bool>,
}

/// What a name has that looks like an address: the sign, and those that look like it.
const LOOKS_LIKE_AN_ADDRESS: [char; 3] = ['@', '\u{ff20}', '\u{fe6b}'];

impl From<Kept> for Vouched {
    fn from(kept: Kept) -> Vouched {
        Vouched {
            kind: IdentityKind::Directory,
            issuer: kept.issuer,
            subject: kept.subject,
            name: None,
            is_address_verified: kept.address.is_some(),
            address: kept.address,
            is_administrator: kept.is_administrator,
        }
    }
}

impl Vouched {
    /// The address that may be taken over.
    pub(super) fn own_address(&self) -> Option<&str> {
        let address = self.address.as_deref().map(str::trim);
        address.filter(|it| self.is_address_verified && check_address(it).is_ok())
    }

    /// The names that a user who is made may get, best first. A name that looks like an address is one only if it is
    /// the person's own: people choose their names at a provider, and others would take it for somebody else's.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.own_address();
        let is_right = move |name: &&str| {
            let is_own = own.is_some_and(|it| it.eq_ignore_ascii_case(name));
            check_name("name", name).is_ok() && (is_own || !name.contains(LOOKS_LIKE_AN_ADDRESS))
        };
        self.name.as_deref().into_iter().chain(own).map(str::trim).filter(is_right)
    }

    /// What is kept of a person of a directory.
    pub(super) fn kept(&self) -> Result<String> {
        let kept = Kept {
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
            address: self.own_address().map(str::to_owned),
            is_administrator: self.is_administrator,
        };
        serde_json::to_string(&kept).map_err(damaged)
    }

    /// What the person is called in the audit trail.
    pub(crate) fn called(&self) -> &str {
        self.name.as_deref().or(self.address.as_deref()).unwrap_or(&self.subject)
    }
}

pub(super) fn damaged(_: serde_json::Error) -> Error {
    Error::Internal("what a directory said cannot be kept".to_owned())
}
