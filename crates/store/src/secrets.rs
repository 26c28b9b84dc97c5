//! Secrets at rest: passwords of users, keys, and passwords for calendar servers.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use facts::ALPHABET;
use rand::{Rng as _, RngExt as _};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{Error, Result};

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A random text of `length` characters, from an alphabet without look-alikes (57 characters: 5.8
/// bits each).
pub fn random_text(length: usize) -> String {
    let mut random = rand::rng();
    (0..length).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect()
}

/// The blocks, of 1 KiB each, that are reserved for one computation. Argon2id uses 19 MiB of them, and
/// only what is used takes memory. The reservation is above the 32 MiB up to which glibc keeps freed
/// memory for later, so that the system gets all of it back at once.
const RESERVED_BLOCKS: usize = 33 * 1_024;

/// One computation in memory of its own, which is given back at its end.
fn argon2_into(argon2: &Argon2<'_>, password: &SecretString, salt: &[u8], out: &mut [u8]) -> bool {
    let count = argon2.params().block_count();
    let mut blocks = Vec::with_capacity(RESERVED_BLOCKS.max(count));
    blocks.resize(count, Block::new());
    let password = password.expose_secret().as_bytes();
    argon2.hash_password_into_with_memory(password, salt, out, &mut blocks).is_ok()
}

/// A user's password as Argon2id in PHC form. It takes about ten milliseconds by design.
///
/// # Errors
///
/// [`Error::Damaged`] if the system has no random numbers.
pub fn hash_password(password: &SecretString) -> Result<String> {
    let failed = || Error::Damaged("no way to hash a password".to_owned());
    let (argon2, salt) = (Argon2::default(), Salt::generate());
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    if !argon2_into(&argon2, password, &salt, &mut out) {
        return Err(failed());
    }
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).map_err(|_| failed())?,
        salt: Some(salt),
        hash: Some(Output::new(&out).map_err(|_| failed())?),
    };
    Ok(hash.to_string())
}

/// Whether a password matches a hash.
pub fn is_password(password: &SecretString, hash: &str) -> bool {
    let compare = || {
        let hash = PasswordHash::new(hash).ok()?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map(Version::try_from).transpose().ok()?;
        let params = Params::try_from(&hash).ok()?;
        let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
        let (salt, expected) = (hash.salt?, hash.hash?);
        let mut out = vec![0; expected.len()];
        argon2_into(&argon2, password, &salt, &mut out)
            .then(|| bool::from(out.ct_eq(expected.as_bytes())))
    };
    compare().unwrap_or(false)
}

/// Encrypts secrets that have to be read again. Each ciphertext is bound to its row, so that a
/// person who can write to the database cannot move one to another server's account.
#[derive(Debug)]
pub struct Vault {
    key: SecretBox<[u8; 32]>,
}

const NONCE_BYTES: usize = 24;

impl Vault {
    /// A vault with a key derived from SECRET_KEY.
    pub fn new(secret: &SecretString) -> Vault {
        let mut hash = Sha256::new();
        hash.update(b"room-booking vault 1\0");
        hash.update(secret.expose_secret().as_bytes());
        Vault { key: SecretBox::new(Box::new(hash.finalize().into())) }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose_secret().into())
    }

    /// Encrypts a secret for a row, such as `accounts 7`.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] if it is longer than the cipher takes (256 GiB).
    pub fn seal(&self, row: &str, secret: &SecretString) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: row.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        Ok([&nonce[..], &sealed.map_err(|_| Error::Secret)?].concat())
    }

    /// Decrypts a secret that was sealed for a row.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] if it was sealed with another key, or for another row, or has changed.
    pub fn open(&self, row: &str, sealed: &[u8]) -> Result<SecretString> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(Error::Secret)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| Error::Secret)?;
        let payload = Payload { msg: sealed, aad: row.as_bytes() };
        let secret = self.cipher().decrypt(&XNonce::from(nonce), payload);
        let secret = String::from_utf8(secret.map_err(|_| Error::Secret)?);
        Ok(SecretString::from(secret.map_err(|_| Error::Secret)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_for_one_row_opens_for_no_other_and_with_no_other_key() {
        let vault = Vault::new(&"a key".into());
        let sealed = vault.seal("accounts 7", &"geheim".into()).unwrap();
        assert_eq!(vault.open("accounts 7", &sealed).unwrap().expose_secret(), "geheim");
        assert!(vault.open("accounts 8", &sealed).is_err());
        assert!(Vault::new(&"another".into()).open("accounts 7", &sealed).is_err());
        assert!(vault.open("accounts 7", &sealed[..20]).is_err());
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert!(vault.open("accounts 7", &changed).is_err());
        assert!(!sealed.windows(6).any(|it| it == b"geheim"));
        assert!(!format!("{vault:?}").contains("101"), "the key is not shown");
    }

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let hash = hash_password(&"correct horse".into()).unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(is_password(&"correct horse".into(), &hash));
        assert!(!is_password(&"correct horsf".into(), &hash));
        assert!(!is_password(&"".into(), ""));
        // A vector of the reference implementation.
        let vector =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assert!(is_password(&"password".into(), vector));
        assert!(!is_password(&"passwort".into(), vector));
    }

    #[test]
    fn random_texts_are_of_the_alphabet_and_differ() {
        let text = random_text(40);
        assert!(text.len() == 40 && text.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_ne!(text, random_text(40));
    }
}
