//! Why a sign-in is refused for which somebody else vouches, and who that is, in the audit trail.

use facts::audit::{AuditWord, FactValue};
use store::identities::IdentityKind;

/// Why somebody is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// The proof is none: a wrong state, nonce, code or signature.
    NotProven,
    /// The provider or the directory could not be asked.
    NotAsked,
    /// The user is deactivated.
    NotActive,
    /// No user has this address, and none is made.
    UnknownPerson,
    /// The issuer does not say that the address is the person's, so no user is looked for.
    AddressNotVerified,
    /// Several users have the address.
    SeveralUsers,
    /// The user of the address is somebody else to the issuer.
    OtherIdentity,
    /// A user is to be made, and all names are taken, or fit no user.
    NameTaken,
}

impl Refusal {
    /// Its word in the audit trail.
    pub fn word(self) -> AuditWord {
        match self {
            Refusal::NotProven => AuditWord::NotProven,
            Refusal::NotAsked => AuditWord::NotAsked,
            Refusal::NotActive => AuditWord::NotActive,
            Refusal::UnknownPerson => AuditWord::UnknownPerson,
            Refusal::AddressNotVerified => AuditWord::AddressNotVerified,
            Refusal::SeveralUsers => AuditWord::SeveralUsers,
            Refusal::OtherIdentity => AuditWord::OtherIdentity,
            Refusal::NameTaken => AuditWord::NameTaken,
        }
    }
}

/// Who vouched, in the audit trail.
pub(crate) fn how(kind: IdentityKind) -> FactValue {
    FactValue::Word(match kind {
        IdentityKind::OpenId => AuditWord::ByOpenId,
        IdentityKind::Directory => AuditWord::ByDirectory,
    })
}
