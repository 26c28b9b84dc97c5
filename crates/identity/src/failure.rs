//! Why a provider or a directory did not vouch for anybody.

#[cfg(feature = "clients")]
use ldap3::LdapError;

/// The most characters of a text of the other side that are kept.
#[cfg(feature = "clients")]
const MAX_TEXT: usize = 200;

/// Why a provider or a directory did not answer as it has to. Its text is English, for logs and `doctor`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is no connection.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// It took too long.
    #[error("no answer in time")]
    TooSlow,
    /// Too many sign-ins are waiting for it.
    #[error("too many sign-ins are waiting")]
    Busy,
    /// The answer is too large.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// A request was answered with another status than 200.
    #[error("{0} answered with the status {1}")]
    Status(&'static str, u16),
    /// An answer is not what the standard says.
    #[error("{0} cannot be read")]
    Malformed(&'static str),
    /// The provider calls itself otherwise than OIDC_ISSUER.
    #[error("the provider calls itself {0}; OIDC_ISSUER must be exactly that")]
    OtherIssuer(String),
    /// A request would go over a network without TLS.
    #[error("the provider names an address without https")]
    NotEncrypted,
    /// The provider refused the code, with this error code (RFC 6749 section 5.2).
    #[error("the provider refused the code: {0}")]
    CodeRefused(String),
    /// The ID token proves nothing.
    #[error("the ID token is not valid: {0}")]
    Token(TokenFault),
    /// The directory refused the service account.
    #[error("the directory refused LDAP_BIND_DN with the result code {0}")]
    ServiceRefused(u32),
    /// The directory answered with this result code.
    #[error("the directory answered with the result code {0}")]
    ResultCode(u32),
    /// Several entries match one name.
    #[error("LDAP_FILTER finds several entries for one name")]
    SeveralEntries,
    /// An entry has nothing that names it for good.
    #[error(
        "the entry has no entryUUID, objectGUID, nsUniqueId or ipaUniqueID that LDAP_BIND_DN can read"
    )]
    NoIdentifier,
    /// The library failed.
    #[error("an internal error")]
    Internal,
}

/// What is wrong with an ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is none, or there is none.
    #[error("there is none")]
    Missing,
    /// It is for another program.
    #[error("it is for another client")]
    Audience,
    /// It is of another provider.
    #[error("it is of another issuer")]
    Issuer,
    /// It is of another sign-in.
    #[error("it is of another sign-in (nonce)")]
    Nonce,
    /// It is over. A clock may be wrong.
    #[error("it has expired; is a clock wrong?")]
    Expired,
    /// Its signature is not the provider's.
    #[error("the signature is not the provider's")]
    Signature,
    /// It names nobody, or by too long a name.
    #[error("its subject is empty or too long")]
    Subject,
    /// Something else.
    #[error("it is not as the standard says")]
    Other,
}

impl Failure {
    /// Whether the other side could not be asked, so that nothing is known about the person.
    pub fn is_down(&self) -> bool {
        !matches!(self, Failure::CodeRefused(_) | Failure::Token(_))
    }
}

#[cfg(feature = "clients")]
impl Failure {
    /// A text of the other side, on one line and bounded.
    pub(crate) fn plain(text: &str) -> String {
        let text = text.chars().map(|it| if it.is_control() { ' ' } else { it });
        text.take(MAX_TEXT).collect()
    }

    /// What the library of LDAP says, without what was sent.
    pub(crate) fn of_ldap(error: LdapError) -> Failure {
        match error {
            LdapError::Timeout { .. } => Failure::TooSlow,
            LdapError::LdapResult { result } => Failure::ResultCode(result.rc),
            LdapError::Io { source } => Failure::of_cause(&source),
            LdapError::ResultRecv { .. } | LdapError::EndOfStream | LdapError::OpSend { .. } => {
                Failure::NoConnection("the directory ended the connection".to_owned())
            }
            LdapError::FilterParsing => Failure::Internal,
            error => Failure::of_cause(&error),
        }
    }

    /// Of an error whose own text is in its innermost cause.
    pub(crate) fn of_cause(error: &(dyn std::error::Error + 'static)) -> Failure {
        Failure::NoConnection(Failure::plain(&outbound::innermost(error)))
    }
}

#[cfg(all(test, feature = "clients"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_other_side_says_is_one_bounded_line() {
        assert_eq!(Failure::plain("a\r\nb\u{1b}"), "a  b ");
        assert_eq!(Failure::plain(&"é".repeat(1_000)).chars().count(), MAX_TEXT);
    }
}
