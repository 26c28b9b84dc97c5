//! Encryption of secrets that have to be read again, with a key that is derived from SECRET_KEY.
//!
//! [`crate::sealed`] says which columns hold such secrets.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use rand::Rng as _;
use secrecy::{ExposeSecret as _, ExposeSecretMut as _, SecretBox, SecretString};
use sha2::Sha256;

use crate::secrets::argon2_into;
use crate::{AccountId, Error, Result, UserId};

const NONCE_BYTES: usize = 24;
/// The random bytes that make the keys of two installations with one SECRET_KEY differ.
const SALT_BYTES: usize = 16;
/// The most memory of a derivation that is stored, in KiB: more is no value of this program.
pub const MAX_MEMORY_KIB: u32 = 1_048_576;
/// The most passes of a derivation that is stored.
pub const MAX_PASSES: u32 = 100;

/// What a guess of SECRET_KEY costs: the memory and the passes of Argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB; at most [`MAX_MEMORY_KIB`].
    pub memory_kib: u32,
    /// Passes over it; at most [`MAX_PASSES`].
    pub passes: u32,
}

impl Cost {
    /// For installations: some 100 milliseconds, once for each process.
    pub const DEFAULT: Cost = Cost { memory_kib: 65_536, passes: 3 };
    /// The least that Argon2id can do, for tests.
    pub const LOWEST: Cost = Cost { memory_kib: 8, passes: 1 };

    /// Whether a derivation is so cheap that it needs no thread of its own.
    pub(crate) fn is_trivial(self) -> bool {
        self.memory_kib <= 1_024
    }
}

/// How SECRET_KEY becomes the key of a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivation {
    /// Random bytes; they also tell one rotation of the key from the next.
    pub salt: Vec<u8>,
    /// What it costs.
    pub cost: Cost,
}

impl Derivation {
    /// A derivation with a new salt.
    pub fn new(cost: Cost) -> Derivation {
        let mut salt = vec![0; SALT_BYTES];
        rand::rng().fill_bytes(&mut salt);
        Derivation { salt, cost }
    }
}

/// What a secret is for. A ciphertext is bound to it, so that a person who can write to the database can
/// neither move it to another row nor have it sent to another server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// The password of an account, for the server of its address ([`crate::origin::server_of`]).
    AccountPassword {
        /// The account.
        account: AccountId,
        /// Its server.
        server: &'a str,
    },
    /// The key of a user's second factor.
    SecondFactor(UserId),
    /// The key of a second factor that its user has not confirmed yet.
    SecondFactorSetUp(UserId),
    /// What a browser keeps in which a user has signed in.
    KnownBrowser(UserId),
    /// What a browser keeps while its user is at the OpenID Connect provider.
    OpenIdSignIn,
    /// Nothing: a process that opens it has the key of the database.
    Proof,
}

impl fmt::Display for Purpose<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Purpose::AccountPassword { account, server } => {
                write!(formatter, "account {account} at {server}")
            }
            Purpose::SecondFactor(user) => write!(formatter, "second factor of user {user}"),
            Purpose::SecondFactorSetUp(user) => {
                write!(formatter, "second factor that user {user} sets up")
            }
            Purpose::KnownBrowser(user) => write!(formatter, "known browser of user {user}"),
            Purpose::OpenIdSignIn => formatter.write_str("sign-in with OpenID Connect"),
            Purpose::Proof => formatter.write_str("proof of the key"),
        }
    }
}

/// Encrypts secrets with XChaCha20-Poly1305.
#[derive(Debug)]
pub struct Vault {
    key: SecretBox<[u8; 32]>,
    derivation: Derivation,
}

impl Vault {
    /// A vault with a key derived from SECRET_KEY by Argon2id. It takes as long as its cost says.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the derivation is beyond its bounds.
    pub fn derive(secret: &SecretString, derivation: &Derivation) -> Result<Vault> {
        let damaged = || Error::Damaged("no way to derive a key from SECRET_KEY".to_owned());
        let Cost { memory_kib, passes } = derivation.cost;
        if memory_kib > MAX_MEMORY_KIB || passes > MAX_PASSES {
            return Err(damaged());
        }
        let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| damaged())?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = SecretBox::new(Box::new([0; 32]));
        match argon2_into(&argon2, secret, &derivation.salt, key.expose_secret_mut()) {
            true => Ok(Vault { key, derivation: derivation.clone() }),
            false => Err(damaged()),
        }
    }

    /// How its key was derived.
    pub fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose_secret().into())
    }

    /// Encrypts a secret for a purpose.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] if it is longer than the cipher takes (256 GiB).
    pub fn seal(&self, purpose: Purpose<'_>, secret: &SecretString) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let purpose = purpose.to_string();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        Ok([&nonce[..], &sealed.map_err(|_| Error::Secret)?].concat())
    }

    /// The signature of a text for a purpose: HMAC-SHA-256 with a key of its own, which is derived from this one by
    /// the same.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] never with keys of this size.
    pub fn sign(&self, purpose: &str, text: &[u8]) -> Result<[u8; 32]> {
        let mac = |key: &[u8], text: &[u8]| -> Result<[u8; 32]> {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Error::Secret)?;
            mac.update(text);
            Ok(mac.finalize().into_bytes().into())
        };
        mac(&mac(self.key.expose_secret(), purpose.as_bytes())?, text)
    }

    /// Nothing, sealed: what [`Vault::is_proven_by`] takes.
    pub(crate) fn proof(&self) -> Result<Vec<u8>> {
        self.seal(Purpose::Proof, &SecretString::default())
    }

    /// Whether a proof was made with this key.
    pub(crate) fn is_proven_by(&self, proof: &[u8]) -> bool {
        self.open(Purpose::Proof, proof).is_ok()
    }

    /// Decrypts a secret that was sealed for a purpose.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] if it was sealed with another key, or for another purpose, or has changed.
    pub fn open(&self, purpose: Purpose<'_>, sealed: &[u8]) -> Result<SecretString> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(Error::Secret)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| Error::Secret)?;
        let purpose = purpose.to_string();
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        let secret = self.cipher().decrypt(&XNonce::from(nonce), payload);
        let secret = String::from_utf8(secret.map_err(|_| Error::Secret)?);
        Ok(SecretString::from(secret.map_err(|_| Error::Secret)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(account: i64, server: &str) -> Purpose<'_> {
        Purpose::AccountPassword { account: AccountId(account), server }
    }

    #[test]
    fn what_is_sealed_for_one_purpose_opens_for_no_other_and_with_no_other_key() {
        let derivation = Derivation::new(Cost::LOWEST);
        let vault = Vault::derive(&"a key".into(), &derivation).unwrap();
        let of = purpose(7, "https://dav.example.org");
        let sealed = vault.seal(of, &"geheim".into()).unwrap();
        assert_eq!(vault.open(of, &sealed).unwrap().expose_secret(), "geheim");
        for other in [
            purpose(8, "https://dav.example.org"),
            purpose(7, "https://evil.example"),
            purpose(7, "http://dav.example.org"),
            Purpose::SecondFactor(UserId(7)),
            Purpose::SecondFactorSetUp(UserId(7)),
            Purpose::KnownBrowser(UserId(7)),
            Purpose::OpenIdSignIn,
            Purpose::Proof,
        ] {
            assert!(vault.open(other, &sealed).is_err(), "{other}");
        }
        let with = |secret: &str, derivation| Vault::derive(&secret.into(), derivation).unwrap();
        assert_eq!(with("a key", &derivation).open(of, &sealed).unwrap().expose_secret(), "geheim");
        assert!(with("another", &derivation).open(of, &sealed).is_err());
        let salted = Derivation::new(Cost::LOWEST);
        assert!(with("a key", &salted).open(of, &sealed).is_err(), "another installation");
        let cost = Cost { memory_kib: 16, passes: 1 };
        let costly = Derivation { cost, ..derivation.clone() };
        assert!(with("a key", &costly).open(of, &sealed).is_err(), "another cost");
        assert!(vault.open(of, &sealed[..20]).is_err());
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert!(vault.open(of, &changed).is_err());
        assert!(!sealed.windows(6).any(|it| it == b"geheim"));
        assert!(!format!("{vault:?}").contains("key: ["), "the key is not shown");
    }

    #[test]
    fn a_derivation_is_taken_up_to_its_bounds() {
        let derive = |memory_kib, passes| {
            let cost = Cost { memory_kib, passes };
            Vault::derive(&"a key".into(), &Derivation::new(cost))
        };
        assert!(derive(8, MAX_PASSES).is_ok());
        for (memory_kib, passes) in
            [(8, MAX_PASSES + 1), (MAX_MEMORY_KIB + 1, 1), (0, 1), (8, 0), (u32::MAX, u32::MAX)]
        {
            assert!(matches!(derive(memory_kib, passes), Err(Error::Damaged(_))));
        }
    }

    #[test]
    fn a_guess_costs_64_mib_and_three_passes() {
        assert_eq!(Cost::DEFAULT, Cost { memory_kib: 64 * 1024, passes: 3 });
    }
}
