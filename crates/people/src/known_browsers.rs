//! Browsers in which a user has signed in before. Each keeps a proof of it, a "device cookie" as OWASP
//! calls it, so that guesses made elsewhere do not keep its user out. It grants nothing else.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use secrecy::ExposeSecret as _;
use store::vault::Purpose;
use store::{UserId, users};

use crate::{People, Result};

/// How long a browser is known, in seconds after the last sign-in with it.
pub const KNOWN_BROWSER_SECONDS: i64 = 365 * 86_400;
/// The random characters that tell one browser from another.
const ID: usize = 22;
/// The longest proof that is looked at.
const MAX_PROOF: usize = 300;

/// A browser in which a user has signed in before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownBrowser {
    /// The user.
    pub user: UserId,
    /// What tells it from the user's other browsers.
    pub id: String,
}

impl People {
    /// The number of a user, of any name that can be typed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn number_of_user(&self, name: &str) -> Result<Option<UserId>> {
        Ok(users::by_name(&self.store, name.trim()).await?.map(|user| user.id))
    }

    /// What a browser keeps after a sign-in, to be known by.
    ///
    /// # Errors
    ///
    /// If there is no `SECRET_KEY`, or the database fails.
    pub async fn proof_of_browser(&self, user: UserId) -> Result<String> {
        let text = format!("{} {}", self.now().0, store::secrets::random_text(ID));
        let sealed = self
            .keyring
            .vault(&self.store)
            .await?
            .seal(Purpose::KnownBrowser(user), &text.into())?;
        Ok(BASE64.encode(sealed))
    }

    /// The browser that a proof of it belongs to, if it is good for that user.
    pub async fn known_browser(&self, user: UserId, proof: &str) -> Option<KnownBrowser> {
        if proof.len() > MAX_PROOF {
            return None;
        }
        let sealed = BASE64.decode(proof).ok()?;
        let text = self
            .keyring
            .vault(&self.store)
            .await
            .ok()?
            .open(Purpose::KnownBrowser(user), &sealed)
            .ok()?;
        let (at, id) = text.expose_secret().split_once(' ')?;
        let at = at.parse::<i64>().ok()?;
        if self.now().0 - at >= KNOWN_BROWSER_SECONDS {
            return None;
        }
        let forgotten = users::browsers_forgotten_at(&self.store, user).await.ok()?;
        let is_known = forgotten.is_none_or(|forgotten| at > forgotten);
        is_known.then(|| KnownBrowser { user, id: id.to_owned() })
    }
}
