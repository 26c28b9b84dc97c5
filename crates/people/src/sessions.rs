//! Signing in to the site, and the one-time links by which people get in for the first time.

use facts::audit::{Action, AuditWord, Entry, FactValue, Field};
use secrecy::SecretString;
use store::audit::Actor;
use store::identities::IdentityKind;
use store::links::{self, Purpose};
use store::sessions::{self, NewSession, Session};
use store::users::{self, User};
use store::{Transaction, UserId, second_factors};

use super::password_rules::check_password;
use super::passwords::{Source, hashed, matches};
use super::security_log::SecurityEvent;
use crate::{Error, MessageId, People, Result};

/// Seconds after which an unused session ends …
pub const IDLE_SECONDS: i64 = 12 * 3_600;
/// … and a used one.
pub const SESSION_SECONDS: i64 = 7 * 86_400;
/// How long an invitation is good for, in seconds.
pub const INVITATION_SECONDS: i64 = 7 * 86_400;
/// How long a link to choose another password is good for, in seconds.
pub const NEW_PASSWORD_SECONDS: i64 = 86_400;
/// How long a sign-in waits for the code of the second factor, in seconds.
const WAITS_FOR_CODE: i64 = 600;
/// How old the note of a session's last use may be, in seconds.
const SEEN_EVERY: i64 = 60;
/// The most characters that are kept of what a browser calls itself.
const MAX_BROWSER: usize = 200;

/// Who signs in, and with what.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The user's name, in any case.
    pub name: String,
    /// The password.
    pub password: SecretString,
    /// Whether the browser is known to be the user's.
    pub source: Source,
}

/// What shows that somebody who is signed in still is the user.
#[derive(Clone, Copy, Debug)]
pub enum Present<'p> {
    /// The password of this program.
    Password(&'p SecretString),
    /// The directory that vouches for the user has taken the password.
    Proven,
}

/// Where a session is begun.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// From which address.
    pub address: String,
    /// What the browser calls itself.
    pub name: String,
}

/// A user with a session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// The session.
    pub session: Session,
}

/// Whose session it is.
#[derive(Clone, Debug)]
pub enum OfSession {
    /// Somebody who is signed in.
    SignedIn(SignedIn),
    /// Somebody whose password was right, and who may do nothing but enter the code.
    AwaitsCode(SignedIn),
}

/// What a right password begins.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Whose it is.
    pub user: UserId,
    /// What the browser is to keep.
    pub token: SecretString,
    /// Whether the code of the second factor is still missing.
    pub awaits_code: bool,
}

impl SignedIn {
    /// The user, in the audit trail.
    pub fn actor(&self) -> Actor {
        Actor { user: Some(self.user.id), name: self.user.name.clone() }
    }
}

impl People {
    /// Begins a session, or the wait for a code. `None` if the name, the password or both are
    /// wrong, or the user is deactivated: nothing, and no time that it takes, says which.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if too many passwords are being checked; when the database fails.
    pub async fn sign_in(&self, sign_in: &SignIn, browser: &Browser) -> Result<Option<Begun>> {
        let begun = self.try_password(sign_in, browser).await?;
        if begun.is_none() {
            let event = SecurityEvent::SignInFailed;
            self.note_security(event, None, sign_in.name.trim(), &browser.address).await;
        }
        Ok(begun)
    }

    /// The same, where a failure is not noted yet, because a directory may know the name and the password.
    ///
    /// # Errors
    ///
    /// As of [`People::sign_in`].
    pub async fn try_password(&self, sign_in: &SignIn, browser: &Browser) -> Result<Option<Begun>> {
        let user = users::by_name(&self.store, sign_in.name.trim()).await?;
        let user_id = user.as_ref().map_or(UserId(0), |user| user.id);
        let hash = users::password_hash(&self.store, user_id).await?;
        let is_right = matches(&sign_in.password, hash.clone(), sign_in.source).await?;
        match (user.filter(|it| is_right && it.is_active), &hash) {
            (Some(user), Some(hash)) => self.begin_session(user.id, hash, browser).await,
            _ => Ok(None),
        }
    }

    /// Begins a session of a user whose password is the one of this hash, or, where there is a second factor, the
    /// wait for its code. `None` if the password was changed, or the user deactivated, while it was checked.
    async fn begin_session(
        &self,
        user: UserId,
        hash: &str,
        browser: &Browser,
    ) -> Result<Option<Begun>> {
        let awaits_code = second_factors::find(&self.store, user).await?.is_some();
        let transaction = self.store.begin().await?;
        let token = match users::lock_active(&transaction, user).await?
            && users::password_hash(&transaction, user).await?.as_deref() == Some(hash)
        {
            true => self.insert_session(&transaction, (user, None), browser, awaits_code).await?,
            false => return Ok(None),
        };
        transaction.commit().await?;
        if !awaits_code {
            self.note_signed_in(user, None, browser).await?;
        }
        Ok(Some(Begun { user, token: token.into(), awaits_code }))
    }

    /// Notes that a user has signed in, and who vouched, if somebody else did.
    pub(crate) async fn note_signed_in(
        &self,
        user: UserId,
        vouched_by: Option<IdentityKind>,
        browser: &Browser,
    ) -> Result<()> {
        if let Some(found) = users::by_id(&self.store, user).await? {
            let actor = Actor { user: Some(user), name: found.name };
            let event = vouched_by.map_or(SecurityEvent::SignedIn, SecurityEvent::SignedInBy);
            self.note_security(event, Some(&actor), &actor.name, &browser.address).await;
        }
        Ok(())
    }

    /// Inserts a session in a transaction that has locked the user, so that a change of the password at the same
    /// time ends it.
    pub(crate) async fn insert_session(
        &self,
        transaction: &Transaction,
        (user, vouched_by): (UserId, Option<IdentityKind>),
        browser: &Browser,
        awaits_code: bool,
    ) -> Result<String> {
        let now = self.now().0;
        let name: String = browser.name.chars().filter(|it| !it.is_control()).collect();
        let name: String = name.chars().take(MAX_BROWSER).collect();
        let new = NewSession {
            user,
            address: &browser.address,
            browser: &name,
            expires_at: now + if awaits_code { WAITS_FOR_CODE } else { SESSION_SECONDS },
            awaits_code,
            vouched_by,
        };
        Ok(sessions::insert(transaction, &new, now).await?)
    }

    /// Who has a session, by what the browser keeps.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn session(&self, token: &str) -> Result<Option<OfSession>> {
        let now = self.now().0;
        let found = sessions::find(&self.store, token, now - IDLE_SECONDS, now).await?;
        let Some(session) = found else { return Ok(None) };
        let user = users::by_id(&self.store, session.user_id).await?.filter(|it| it.is_active);
        let Some(user) = user else { return Ok(None) };
        if session.awaits_code {
            return Ok(Some(OfSession::AwaitsCode(SignedIn { user, session })));
        }
        if now - session.seen_at >= SEEN_EVERY {
            let transaction = self.store.begin().await?;
            sessions::set_seen(&transaction, &session.token, now).await?;
            transaction.commit().await?;
        }
        Ok(Some(OfSession::SignedIn(SignedIn { user, session })))
    }

    /// The sessions of a user, latest use first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>> {
        let now = self.now().0;
        Ok(sessions::of_user(&self.store, user, now - IDLE_SECONDS, now).await?)
    }

    /// Ends a session of a user; that there is none is no error.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn end_session(&self, user: UserId, token: &[u8]) -> Result<()> {
        let transaction = self.store.begin().await?;
        sessions::end(&transaction, user, token).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends all sessions of a user, sign-ins that wait for a code among them. No browser is known as the
    /// user's any more.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn sign_out_everywhere(&self, actor: &Actor, user: &User) -> Result<()> {
        let transaction = self.store.begin().await?;
        sessions::end_all(&transaction, user.id).await?;
        users::forget_browsers(&transaction, user.id, self.now().0).await?;
        let entry = Entry::new(Action::SignedOutEverywhere, &user.name);
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes sure that somebody who is signed in still is the user, as [`People::check_present`] does.
    pub(crate) async fn check_is_user(
        &self,
        who: &SignedIn,
        present: Present<'_>,
        browser: &Browser,
    ) -> Result<()> {
        match present {
            Present::Proven => Ok(()),
            Present::Password(password) => {
                self.check_present(who, password, browser).await.map(|_| ())
            }
        }
    }

    /// Makes sure that somebody who is signed in knows the password, before something is changed that
    /// another person at the browser must not change; returns its hash. A wrong one is a security event.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the password is wrong; [`Error::Busy`] if too many are being checked.
    pub(crate) async fn check_present(
        &self,
        who: &SignedIn,
        present: &SecretString,
        browser: &Browser,
    ) -> Result<String> {
        let hash = users::password_hash(&self.store, who.user.id).await?;
        if matches(present, hash.clone(), Source::KnownBrowser).await?
            && let Some(hash) = hash
        {
            return Ok(hash);
        }
        let (event, actor) = (SecurityEvent::PresentPasswordWrong, who.actor());
        self.note_security(event, Some(&actor), &actor.name, &browser.address).await;
        Err(Error::invalid("present", MessageId::PresentPasswordWrong))
    }

    /// Changes a user's own password, ends all sessions and begins another one.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the present one is wrong or the new one out of bounds.
    pub async fn change_password(
        &self,
        who: &SignedIn,
        present: &SecretString,
        new: &SecretString,
        browser: &Browser,
    ) -> Result<String> {
        let present = self.check_present(who, present, browser).await?;
        let (user, actor) = (&who.user, who.actor());
        let checked = check_password(new, &user.name, user.address.as_deref());
        checked.map_err(|error| Error::Invalid(vec![error]))?;
        let hash = hashed(new).await?;
        let transaction = self.store.begin().await?;
        let is_still = users::lock_active(&transaction, user.id).await?
            && users::password_hash(&transaction, user.id).await? == Some(present);
        if !is_still {
            // It was changed, or the user deactivated, while the present one was checked.
            return Err(Error::invalid("present", MessageId::PresentPasswordWrong));
        }
        users::set_password(&transaction, user.id, &hash, self.now().0).await?;
        self.note(&transaction, &actor, Entry::new(Action::PasswordSet, &user.name)).await?;
        let token = self.insert_session(&transaction, (user.id, None), browser, false).await?;
        transaction.commit().await?;
        self.note_signed_in(user.id, None, browser).await?;
        Ok(token)
    }

    /// Makes a one-time link by which a user chooses a password: an invitation where there is none yet, which is good
    /// for a day only if the command line asks for it, where the link is used at once. Earlier links of the user end.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user; [`Error::Conflict`] if the user is deactivated, because
    /// no link would work.
    pub async fn password_link(&self, actor: &Actor, user: UserId) -> Result<(Purpose, String)> {
        let of_number = users::by_id(&self.store, user).await?;
        let found = of_number.ok_or_else(|| Error::NotFound(MessageId::NoUser.into()))?;
        if !found.is_active {
            return Err(Error::Conflict(MessageId::UserNotActive.into()));
        }
        let has_password = users::password_hash(&self.store, user).await?.is_some();
        let (purpose, seconds, action) = match has_password {
            true => (Purpose::NewPassword, NEW_PASSWORD_SECONDS, Action::PasswordLinkMade),
            false if actor.user.is_none() => {
                (Purpose::Invitation, NEW_PASSWORD_SECONDS, Action::InvitationMade)
            }
            false => (Purpose::Invitation, INVITATION_SECONDS, Action::InvitationMade),
        };
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        if !users::lock_active(&transaction, user).await? {
            return Err(Error::Conflict(MessageId::UserNotActive.into()));
        }
        let link = links::insert(&transaction, purpose, Some(user), now + seconds).await?;
        self.note(&transaction, actor, Entry::new(action, &found.name)).await?;
        transaction.commit().await?;
        Ok((purpose, link))
    }

    /// Whom a link lets choose a password, if it is good.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user_of_link(&self, link: &str) -> Result<Option<(Purpose, User)>> {
        let now = self.now().0;
        for purpose in [Purpose::Invitation, Purpose::NewPassword] {
            if let Some(Some(user)) = links::find(&self.store, purpose, link, now).await? {
                let user = users::by_id(&self.store, user).await?.filter(|it| it.is_active);
                return Ok(user.map(|user| (purpose, user)));
            }
        }
        Ok(None)
    }

    /// Sets the password of the user whom a link is for, uses it up, and begins a session.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the link is not good (any more); [`Error::Invalid`] for a password out of
    /// bounds.
    pub async fn choose_password(
        &self,
        link: &str,
        password: &SecretString,
        browser: &Browser,
    ) -> Result<Begun> {
        let (purpose, user) = self.user_of_link(link).await?.ok_or_else(no_link)?;
        let checked = check_password(password, &user.name, user.address.as_deref());
        checked.map_err(|error| Error::Invalid(vec![error]))?;
        let hash = hashed(password).await?;
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        if links::use_up(&transaction, purpose, link, now).await? != Some(Some(user.id)) {
            return Err(no_link());
        }
        users::set_password(&transaction, user.id, &hash, now).await?;
        let actor = Actor { user: Some(user.id), name: user.name.clone() };
        let how = match purpose {
            Purpose::NewPassword => AuditWord::ByPasswordLink,
            _ => AuditWord::ByInvitation,
        };
        let entry = Entry::new(Action::PasswordSet, &user.name);
        self.note(&transaction, &actor, entry.with(Field::How, FactValue::Word(how))).await?;
        transaction.commit().await?;
        self.begin_session(user.id, &hash, browser).await?.ok_or_else(no_link)
    }

    /// Deletes sessions and links that have ended.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn forget_sessions(&self) -> Result<()> {
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        sessions::forget(&transaction, now - IDLE_SECONDS, now).await?;
        links::forget(&transaction, now).await?;
        Ok(transaction.commit().await?)
    }
}

pub(crate) fn no_link() -> Error {
    Error::NotFound(MessageId::LinkOver.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_right_password_begins_is_shown_without_its_token() {
        let begun = Begun { user: UserId(1), token: "geheim".into(), awaits_code: false };
        assert!(!format!("{begun:?}").contains("geheim"));
    }
}
