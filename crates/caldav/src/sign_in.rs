//! The sign-in state of an account on its server.

use std::sync::{Mutex, PoisonError};

use reqwest::header::{HeaderMap, HeaderValue};
use url::{Position, Url};

use crate::digest::{self, Challenge, DigestChallenge, Signed};
use crate::{Credentials, Error, Result};

/// The state that the clones of an account share.
pub(crate) struct Identity {
    pub(crate) credentials: Credentials,
    /// The Authorization header of Basic or Bearer; `None` where the credentials cannot stand in one.
    header: Option<HeaderValue>,
    state: Mutex<SignInState>,
}

#[derive(Default)]
struct SignInState {
    /// The Digest challenge, once the server has sent one.
    digest: Option<Session>,
    /// Why the account sends no more requests.
    refusal: Option<Refusal>,
}

/// Requests that are signed with one nonce.
struct Session {
    challenge: DigestChallenge,
    client_nonce: String,
    count: u32,
    /// Whether the server has accepted a request with it.
    is_accepted: bool,
}

/// Why a server does not let an account in.
enum Refusal {
    /// The user name or the password is wrong.
    Wrong,
    /// It requires unsupported schemes.
    Unsupported(String),
}

/// How a request was signed.
pub(crate) enum SignedWith {
    /// The header of Basic or Bearer.
    Header,
    /// A Digest with this nonce.
    Digest { nonce: String },
}

/// The consequence of a 401.
pub(crate) enum Refused {
    /// The request can be signed anew and sent again: the server did not carry it out.
    SignAnew,
    /// The account sends no more requests.
    For(Error),
}

impl Session {
    fn new(challenge: DigestChallenge) -> Session {
        Session { challenge, client_nonce: digest::client_nonce(), count: 0, is_accepted: false }
    }
}

impl Refusal {
    fn error(&self) -> Error {
        match self {
            Refusal::Wrong => Error::Unauthorized,
            Refusal::Unsupported(schemes) => Error::SignInUnsupported { schemes: schemes.clone() },
        }
    }
}

impl Identity {
    pub(crate) fn new(credentials: Credentials) -> Identity {
        let header = credentials.header();
        Identity { credentials, header, state: Mutex::default() }
    }

    /// The Authorization header for a request.
    ///
    /// # Errors
    ///
    /// The error of the first refusal: an account that was refused sends no more requests, because
    /// servers block IP addresses after wrong passwords.
    pub(crate) fn authorization(
        &self,
        method: &str,
        url: &Url,
    ) -> Result<(HeaderValue, SignedWith)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(refusal) = &state.refusal {
            return Err(refusal.error());
        }
        if let (Some(session), Credentials::Basic { user, password }) =
            (&mut state.digest, &self.credentials)
        {
            session.count = session.count.saturating_add(1);
            let Session { challenge, client_nonce, count, .. } = session;
            let uri = &url[Position::BeforePath..Position::AfterQuery];
            let request = Signed { method, uri, count: *count };
            let nonce = challenge.nonce.clone();
            let header = digest::authorization(challenge, user, password, request, client_nonce);
            return header.map(|it| (it, SignedWith::Digest { nonce })).ok_or(Error::Unauthorized);
        }
        let header = self.header.clone().ok_or(Error::Unauthorized)?;
        Ok((header, SignedWith::Header))
    }

    /// Records an answer to an accepted request.
    pub(crate) fn accepted(&self, signed: &SignedWith, headers: &HeaderMap) {
        let SignedWith::Digest { nonce } = signed else { return };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = state.digest.as_mut().filter(|it| it.challenge.nonce == *nonce) else {
            return;
        };
        session.is_accepted = true;
        if let Some(next) = digest::next_nonce(headers) {
            session.challenge.nonce = next;
            session.count = 0;
        }
    }

    /// Records a 401.
    pub(crate) fn refused(&self, signed: &SignedWith, headers: &HeaderMap) -> Refused {
        let challenges = Challenge::all(headers);
        let asked = DigestChallenge::strongest(&challenges);
        let offers_basic = challenges.iter().any(|it| it.scheme == "basic");
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let has_password = matches!(self.credentials, Credentials::Basic { .. });
        let is_renewed = |asked: &DigestChallenge| match (signed, &state.digest) {
            (SignedWith::Header, None) => has_password && !offers_basic,
            (SignedWith::Header, Some(_)) => true,
            (SignedWith::Digest { nonce }, Some(session)) => {
                // Another request has renewed the nonce; or the server says that it is stale; or it
                // does not say so, but had accepted it before.
                session.challenge.nonce != *nonce
                    || asked.is_stale
                    || session.is_accepted && asked.nonce != *nonce
            }
            (SignedWith::Digest { .. }, None) => false,
        };
        if let Some(asked) = asked.filter(is_renewed) {
            let is_of_present = |session: &Session| match signed {
                SignedWith::Header => false,
                SignedWith::Digest { nonce } => session.challenge.nonce == *nonce,
            };
            if state.digest.as_ref().is_none_or(is_of_present) {
                state.digest = Some(Session::new(asked));
            }
            return Refused::SignAnew;
        }
        let is_spoken = offers_basic || challenges.is_empty() || state.digest.is_some();
        let refusal = match has_password && !is_spoken {
            true => Refusal::Unsupported(names(&challenges)),
            false => Refusal::Wrong,
        };
        let error = refusal.error();
        state.refusal.get_or_insert(refusal);
        Refused::For(error)
    }
}

/// The schemes that a server asks for, for people.
fn names(challenges: &[Challenge]) -> String {
    let mut names: Vec<String> = Vec::new();
    for challenge in challenges {
        let name: String = challenge.scheme.chars().take(40).collect();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}
