//! The second factor: codes of an app (TOTP, RFC 6238), and recovery codes for when the app is lost.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use rand::Rng as _;
use secrecy::{ExposeSecret as _, SecretString};
use store::audit::Actor;
use store::second_factors::{self, SecondFactor};
use store::secrets::{random_text, sha256};
use store::users::{self, User};
use store::vault::Purpose;
use store::{Transaction, UserId, sessions};
use totp_rs::{Builder, Secret, Totp};

use super::security_log::SecurityEvent;
use super::sessions::{Browser, Present, SignedIn};
use crate::{Error, MessageId, People, Result};
use facts::audit::{Action, Entry, FactValue, Field};

/// The bytes of a key: as many as RFC 4226 recommends.
const KEY: usize = 20;
/// How many codes before and after the present one are taken, for clocks that differ.
const SKEW: u16 = 1;
/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// The random characters of a recovery code: 139 bits, so no slow hash is needed.
const RECOVERY_CODE: usize = 24;
/// The characters of a recovery code that stand together.
const GROUP: usize = 4;
/// The longest code that is looked at, in bytes.
const MAX_CODE: usize = 100;
/// The longest sealed key that is looked at.
const MAX_SEALED: usize = 300;

/// A key that is not in use yet, as its user is shown it.
#[derive(Clone, Debug)]
pub struct NewKeyOfApp {
    /// The key in base 32, for typing.
    pub key: SecretString,
    /// What a QR code tells an app.
    pub uri: SecretString,
    /// The key, encrypted, for the form that confirms it.
    pub sealed: String,
}

fn totp(secret: Secret) -> Result<Totp> {
    let built = Builder::new().with_secret(secret).with_skew(SKEW).build();
    built.map_err(|_| Error::Internal("the key of a second factor is damaged".to_owned()))
}

fn totp_of(key: &SecretString) -> Result<Totp> {
    let secret = Secret::try_from_base32(key.expose_secret());
    totp(secret.map_err(|_| Error::Internal("the key of a second factor is damaged".to_owned()))?)
}

/// The step of the clock to which a code belongs, if it is right about now.
fn step_of(totp: &Totp, code: &str, now: i64) -> Option<i64> {
    let step = totp.check(code, u64::try_from(now).ok()?)?;
    i64::try_from(step).ok()
}

/// The step of a code that somebody types, with the key of an app in base 32; `None` if it is none, or not right
/// about `now`.
pub fn code_step(key: &SecretString, code: &str, now: i64) -> Option<i64> {
    step_of(&totp_of(key).ok()?, &bare(code)?, now)
}

/// A code without what people write into it.
fn bare(code: &str) -> Option<String> {
    let is_right = code.len() <= MAX_CODE;
    is_right.then(|| code.chars().filter(|it| !it.is_whitespace() && *it != '-').collect())
}

/// New recovery codes, as people write them, and the hashes by which they are found.
fn new_recovery_codes() -> (Vec<SecretString>, Vec<Vec<u8>>) {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| random_text(RECOVERY_CODE)).collect();
    let hashes = codes.iter().map(|it| sha256(it.as_bytes()).to_vec()).collect();
    (codes.iter().map(|it| grouped(it).into()).collect(), hashes)
}

fn grouped(code: &str) -> String {
    let characters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = characters.chunks(GROUP).map(|it| it.iter().collect()).collect();
    groups.join("-")
}

impl People {
    /// The second factor of a user, if there is one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>> {
        Ok(second_factors::find(&self.store, user).await?)
    }

    /// A key for a user to set up; or again the one that was shown before.
    ///
    /// # Errors
    ///
    /// If there is no `SECRET_KEY`, or it is not the database's, or the database fails.
    pub async fn new_key_of_app(
        &self,
        user: &User,
        host: &str,
        again: &str,
    ) -> Result<NewKeyOfApp> {
        let vault = self.right_vault().await?;
        let key = self.unsealed(user.id, again).await.ok();
        let key = key.unwrap_or_else(|| {
            let mut bytes = [0; KEY];
            rand::rng().fill_bytes(&mut bytes);
            SecretString::from(Secret::from(bytes).to_base32())
        });
        let sealed = BASE64.encode(vault.seal(Purpose::SecondFactorSetUp(user.id), &key)?);
        // A colon divides the issuer from the user.
        let issuer = format!("Room Booking {}", host.replace(':', " "));
        let escaped = |text: &str| {
            let all: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            all.replace('+', "%20")
        };
        let uri = format!(
            "otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits=6&period=30",
            escaped(&issuer),
            escaped(&user.name.replace(':', " ")),
            key.expose_secret(),
            escaped(&issuer),
        );
        Ok(NewKeyOfApp { key, uri: uri.into(), sealed })
    }

    async fn unsealed(&self, user: UserId, sealed: &str) -> Result<SecretString> {
        let damaged = || Error::invalid("code", MessageId::CodeWrong);
        let sealed = (sealed.len() <= MAX_SEALED).then(|| BASE64.decode(sealed).ok()).flatten();
        let (vault, sealed) = (self.keyring.vault(&self.store).await?, sealed.ok_or_else(damaged)?);
        vault.open(Purpose::SecondFactorSetUp(user), &sealed).map_err(|_| damaged())
    }

    /// Puts a key into use, which replaces an earlier one, and ends the user's other sessions. Returns the
    /// recovery codes, which are shown once.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the password or the code is wrong.
    pub async fn set_second_factor(
        &self,
        who: &SignedIn,
        present: Present<'_>,
        (sealed, code): (&str, &str),
        browser: &Browser,
    ) -> Result<Vec<SecretString>> {
        let user = &who.user;
        self.check_is_user(who, present, browser).await?;
        let wrong = || Error::invalid("code", MessageId::CodeWrong);
        let (vault, key) =
            (self.keyring.vault(&self.store).await?, self.unsealed(user.id, sealed).await?);
        let now = self.now().0;
        let code = bare(code).ok_or_else(wrong)?;
        let step = step_of(&totp_of(&key)?, &code, now).ok_or_else(wrong)?;
        let (codes, hashes) = new_recovery_codes();
        let transaction = self.store.begin().await?;
        second_factors::set(&transaction, user.id, (&key, vault), step, &hashes, now).await?;
        sessions::end_others(&transaction, user.id, &who.session.token).await?;
        let entry = Entry::new(Action::SecondFactorSet, &user.name);
        self.note(&transaction, &who.actor(), entry).await?;
        transaction.commit().await?;
        Ok(codes)
    }

    /// Makes new recovery codes for a user's own second factor; those from before end. Returns them, which
    /// are shown once. The code is of the app, not a recovery code.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the password or the code is wrong, or the code was used already;
    /// [`Error::NotFound`] if there is no second factor.
    pub async fn renew_recovery_codes(
        &self,
        who: &SignedIn,
        present: Present<'_>,
        code: &str,
        browser: &Browser,
    ) -> Result<Vec<SecretString>> {
        self.check_is_user(who, present, browser).await?;
        let codes = self.recovery_codes_for_code(who, code).await?;
        if codes.is_none() {
            let (event, actor) = (SecurityEvent::CodeFailed, who.actor());
            self.note_security(event, Some(&actor), &actor.name, &browser.address).await;
        }
        codes.ok_or_else(|| Error::invalid("code", MessageId::CodeWrong))
    }

    async fn recovery_codes_for_code(
        &self,
        who: &SignedIn,
        code: &str,
    ) -> Result<Option<Vec<SecretString>>> {
        let user = &who.user;
        let factor = self.second_factor(user.id).await?;
        let factor = factor.ok_or_else(|| Error::NotFound(MessageId::NoSecondFactor.into()))?;
        let key = factor.key(&self.store, user.id, self.keyring.vault(&self.store).await?).await?;
        let totp = totp_of(&key)?;
        let step = bare(code).and_then(|code| step_of(&totp, &code, self.now().0));
        let Some(step) = step else { return Ok(None) };
        let (codes, hashes) = new_recovery_codes();
        let transaction = self.store.begin().await?;
        if !second_factors::use_step(&transaction, user.id, step).await? {
            return Ok(None);
        }
        second_factors::set_recovery_codes(&transaction, user.id, &hashes).await?;
        let entry = Entry::new(Action::RecoveryCodesMade, &user.name);
        self.note(&transaction, &who.actor(), entry).await?;
        transaction.commit().await?;
        Ok(Some(codes))
    }

    /// Removes a user's own second factor.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the password is wrong; [`Error::NotFound`] if there is none.
    pub async fn remove_second_factor(
        &self,
        who: &SignedIn,
        present: Present<'_>,
        browser: &Browser,
    ) -> Result<()> {
        self.check_is_user(who, present, browser).await?;
        self.reset_second_factor(&who.actor(), &who.user).await
    }

    /// Removes the second factor of a user, such as of one who has lost the app and all recovery codes. An
    /// administrator's reset ends the user's sessions.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn reset_second_factor(&self, actor: &Actor, user: &User) -> Result<()> {
        let transaction = self.store.begin().await?;
        if !second_factors::remove(&transaction, user.id).await? {
            return Err(Error::NotFound(MessageId::NoSecondFactor.into()));
        }
        if actor.user != Some(user.id) {
            sessions::end_all(&transaction, user.id).await?;
        }
        let entry = Entry::new(Action::SecondFactorRemoved, &user.name);
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Completes a sign-in whose password was right: what the browser is to keep from now on. `None` if the
    /// code is wrong, or was used already.
    ///
    /// # Errors
    ///
    /// When the database fails, or the key cannot be read with this `SECRET_KEY`.
    pub async fn complete_sign_in(
        &self,
        waiting: &SignedIn,
        code: &str,
        browser: &Browser,
    ) -> Result<Option<String>> {
        let token = self.token_for_code(waiting, code, browser).await?;
        if token.is_none() {
            let (event, actor) = (SecurityEvent::CodeFailed, waiting.actor());
            self.note_security(event, Some(&actor), &actor.name, &browser.address).await;
        }
        Ok(token)
    }

    async fn token_for_code(
        &self,
        waiting: &SignedIn,
        code: &str,
        browser: &Browser,
    ) -> Result<Option<String>> {
        let user = &waiting.user;
        let Some(code) = bare(code) else { return Ok(None) };
        let Some(factor) = self.second_factor(user.id).await? else { return Ok(None) };
        let is_of_app = code.len() < RECOVERY_CODE;
        let step = match is_of_app {
            true => {
                let key = factor
                    .key(&self.store, user.id, self.keyring.vault(&self.store).await?)
                    .await?;
                step_of(&totp_of(&key)?, &code, self.now().0)
            }
            false => None,
        };
        let transaction = self.store.begin().await?;
        let vouched = self.kept_vouched(&transaction, &waiting.session).await?;
        // A change of the password at the same time ends what waits, or the session that comes of it.
        if !users::lock_active(&transaction, user.id).await? {
            return Ok(None);
        }
        let is_right = match step {
            Some(step) => second_factors::use_step(&transaction, user.id, step).await?,
            None if is_of_app => false,
            None => self.use_recovery_code(&transaction, waiting, &code).await?,
        };
        // Two requests with one code: only one of them ends the session that waits.
        if !is_right || !sessions::end(&transaction, user.id, &waiting.session.token).await? {
            return Ok(None);
        }
        if let Some(vouched) = &vouched
            && let Err(refusal) = self.settle_kept(&transaction, vouched, user.id).await?
        {
            self.note_refusal(vouched.kind, refusal, vouched.called(), browser).await;
            return Ok(None);
        }
        let vouched_by = waiting.session.vouched_by.map(|it| it.0);
        let whose = (user.id, vouched_by);
        let token = self.insert_session(&transaction, whose, browser, false).await?;
        transaction.commit().await?;
        self.note_signed_in(user.id, vouched_by, browser).await?;
        Ok(Some(token))
    }

    async fn use_recovery_code(
        &self,
        transaction: &Transaction,
        waiting: &SignedIn,
        code: &str,
    ) -> Result<bool> {
        let (user, hash) = (&waiting.user, sha256(code.as_bytes()));
        if !second_factors::use_recovery_code(transaction, user.id, &hash).await? {
            return Ok(false);
        }
        let left = second_factors::codes_left(transaction, user.id).await?;
        let left = FactValue::Number(left);
        let entry = Entry::new(Action::RecoveryCodeUsed, &user.name).with(Field::CodesLeft, left);
        self.note(transaction, &waiting.actor(), entry).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, of which apps show the last six of eight digits.
        let totp = totp(Secret::from(*b"12345678901234567890")).unwrap();
        for (now, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step_of(&totp, code, now), Some(now / 30), "{now}");
            assert_eq!(step_of(&totp, code, now + 30), Some(now / 30), "a clock that is ahead");
            assert_eq!(step_of(&totp, code, now - 30), Some(now / 30), "a clock that is behind");
            assert_eq!(step_of(&totp, code, now + 61), None);
            assert_eq!(step_of(&totp, code, now - 61), None);
        }
        for code in ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "-87082"] {
            assert_eq!(step_of(&totp, code, 59), None, "{code}");
        }
    }

    #[test]
    fn a_code_may_be_written_in_groups_and_is_bounded() {
        assert_eq!(bare(" 287 082 ").as_deref(), Some("287082"));
        assert_eq!(bare("abcd-EFGH-2345-6789").as_deref(), Some("abcdEFGH23456789"));
        assert_eq!(bare(&"1".repeat(MAX_CODE + 1)), None);
        assert_eq!(grouped("abcdEFGH23456789"), "abcd-EFGH-2345-6789");
    }

    #[test]
    fn recovery_codes_have_at_least_128_random_bits() {
        // The alphabet of `random_text` has 57 characters.
        assert!(RECOVERY_CODE as f64 * 57_f64.log2() >= 128.0);
        let (codes, hashes) = new_recovery_codes();
        for (code, hash) in codes.iter().zip(&hashes) {
            let bare = bare(code.expose_secret()).unwrap();
            assert_eq!((bare.len(), &sha256(bare.as_bytes())[..]), (RECOVERY_CODE, &hash[..]));
        }
    }
}
