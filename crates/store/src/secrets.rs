//! Secrets at rest that need not be read again: passwords of users, and keys. Those that have to be are in
//! [`crate::vault`].

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use facts::ALPHABET;
use rand::RngExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{Error, Result};

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Whether two byte strings are the same, without telling by the time that it takes where they differ.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
    text
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
pub(crate) fn argon2_into(
    argon2: &Argon2<'_>,
    password: &SecretString,
    salt: &[u8],
    out: &mut [u8],
) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
