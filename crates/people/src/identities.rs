//! People for whom an OpenID Connect provider or an LDAP directory vouches: which user somebody is, and which role the user
//! has. `decide` and `role_after` decide; nothing else does.

mod decision;
mod vouched;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use facts::audit::{Action, AuditWord, Entry, FactValue, Field, differences};
use secrecy::SecretString;
use store::audit::Actor;
use store::identities::{self, Identity, IdentityKind};
use store::sessions::{self, Session};
use store::users::{self, NewUser, User};
use store::vault::Purpose;
use store::{Transaction, UserId, second_factors};

use self::decision::{Decision, OfAddress, RoleAfter, decide, role_after};
use self::vouched::{Kept, damaged};
use super::sessions::{Begun, Browser};
use crate::audit::{role, values_of_user};
use crate::refusal::{Refusal, how};
use crate::security_log::SecurityEvent;
use crate::{Error, MessageId, People, Result};

pub use self::vouched::Vouched;

impl People {
    /// Begins a session of somebody for whom a provider or a directory vouches. With a directory, a second factor is
    /// asked for as behind a password; with a provider, it is the provider's affair. `makes_users` is whether people who
    /// are no users yet become ordinary users.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if somebody else changes the user at the same time; when the database fails.
    pub async fn sign_in_vouched(
        &self,
        vouched: &Vouched,
        makes_users: bool,
        browser: &Browser,
    ) -> Result<std::result::Result<Begun, Refusal>> {
        let begun = self.begin_vouched(vouched, makes_users, browser).await?;
        match &begun {
            Err(refusal) => {
                self.note_refusal(vouched.kind, *refusal, vouched.called(), browser).await
            }
            Ok(begun) if begun.awaits_code => {}
            Ok(begun) => self.note_signed_in(begun.user, Some(vouched.kind), browser).await?,
        }
        Ok(begun)
    }

    /// Notes that a sign-in was refused for which a provider or a directory was asked.
    pub async fn note_refusal(
        &self,
        kind: IdentityKind,
        refusal: Refusal,
        called: &str,
        browser: &Browser,
    ) {
        let event = SecurityEvent::SignInRefused(kind, refusal);
        self.note_security(event, None, called, &browser.address).await;
    }

    /// Seals what a browser keeps while its user is at the provider.
    ///
    /// # Errors
    ///
    /// If there is no `SECRET_KEY`, or the database fails.
    pub async fn seal_at_provider(&self, kept: &SecretString) -> Result<String> {
        let vault = self.keyring.vault(&self.store).await?;
        Ok(BASE64.encode(vault.seal(Purpose::OpenIdSignIn, kept)?))
    }

    /// What a browser kept; `None` if it was not sealed with this key.
    pub async fn open_at_provider(&self, sealed: &str) -> Option<SecretString> {
        let sealed = BASE64.decode(sealed).ok()?;
        let vault = self.keyring.vault(&self.store).await.ok()?;
        vault.open(Purpose::OpenIdSignIn, &sealed).ok()
    }

    async fn begin_vouched(
        &self,
        vouched: &Vouched,
        makes_users: bool,
        browser: &Browser,
    ) -> Result<std::result::Result<Begun, Refusal>> {
        let transaction = self.store.begin().await?;
        let kind = vouched.kind;
        if vouched.is_administrator.is_some() {
            users::lock_administrators(&transaction).await?;
        }
        let decision = self.decided(&transaction, vouched, makes_users).await?;
        let waiting = match &decision {
            Decision::Known(user) | Decision::Bind(user) if kind == IdentityKind::Directory => {
                second_factors::find(&transaction, user.id).await?.map(|_| user.id)
            }
            _ => None,
        };
        let user = match waiting {
            Some(user) if users::lock_active(&transaction, user).await? => user,
            Some(_) => return Ok(Err(Refusal::NotActive)),
            None => match self.settle(&transaction, vouched, decision).await? {
                Ok(user) => user,
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        let (whose, awaits_code) = ((user, Some(kind)), waiting.is_some());
        let token = self.insert_session(&transaction, whose, browser, awaits_code).await?;
        if awaits_code {
            // Somebody who knows no more than the password changes nothing.
            sessions::keep_vouched(&transaction, &token, &vouched.kept()?).await?;
        }
        transaction.commit().await?;
        Ok(Ok(Begun { user, token: token.into(), awaits_code }))
    }

    /// Which user a person is, at this moment.
    async fn decided(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
        makes_users: bool,
    ) -> Result<Decision> {
        let (kind, issuer) = (vouched.kind, vouched.issuer.as_str());
        let known = identities::user_of(transaction, kind, issuer, &vouched.subject).await?;
        let known = match known {
            Some(id) => users::by_id(transaction, id).await?,
            None => None,
        };
        let of_address = self.of_address(transaction, vouched).await?;
        Ok(decide(vouched, known, &of_address, makes_users))
    }

    /// Carries out what was decided: binds the identity, makes the user, takes over what the person has. Returns whose
    /// identity it is, and leaves the user locked.
    async fn settle(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
        decision: Decision,
    ) -> Result<std::result::Result<UserId, Refusal>> {
        let meanwhile = || Error::Conflict(MessageId::SavedMeanwhile.into());
        let user = match decision {
            Decision::Refuse(refusal) => return Ok(Err(refusal)),
            Decision::Known(user) | Decision::Bind(user) => {
                if !users::lock_active(transaction, user.id).await? {
                    return Ok(Err(Refusal::NotActive));
                }
                // Until it was locked, somebody else could change it.
                match self.decided(transaction, vouched, false).await? {
                    Decision::Known(now) if now.id == user.id => now,
                    Decision::Bind(now) if now.id == user.id => {
                        self.bind(transaction, vouched, &now).await?;
                        now
                    }
                    _ => return Err(meanwhile()),
                }
            }
            Decision::Make => match self.make(transaction, vouched).await? {
                Ok(user) => {
                    self.bind(transaction, vouched, &user).await?;
                    user
                }
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        let (now, named) = (self.now().0, (vouched.issuer.as_str(), vouched.subject.as_str()));
        if !identities::set_used(transaction, user.id, vouched.kind, named, now).await? {
            return Err(meanwhile());
        }
        self.take_over(transaction, vouched, &user).await?;
        Ok(Ok(user.id))
    }

    /// What the directory said of somebody whose sign-in waits for a code, with the administrators locked if it may
    /// change the role.
    pub(crate) async fn kept_vouched(
        &self,
        transaction: &Transaction,
        session: &Session,
    ) -> Result<Option<Vouched>> {
        let kept = sessions::kept_vouched(transaction, &session.token).await?;
        let kept = kept.map(|it| serde_json::from_str::<Kept>(&it)).transpose();
        let Some(kept) = kept.map_err(damaged)? else { return Ok(None) };
        if kept.is_administrator.is_some() {
            users::lock_administrators(transaction).await?;
        }
        Ok(Some(kept.into()))
    }

    /// Carries out what was kept, now that the code is right.
    pub(crate) async fn settle_kept(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
        user: UserId,
    ) -> Result<std::result::Result<(), Refusal>> {
        let decision = self.decided(transaction, vouched, false).await?;
        let is_same = match &decision {
            Decision::Known(found) | Decision::Bind(found) => found.id == user,
            Decision::Make | Decision::Refuse(_) => true,
        };
        if !is_same {
            return Ok(Err(Refusal::OtherIdentity));
        }
        Ok(self.settle(transaction, vouched, decision).await?.map(|_| ()))
    }

    /// Lets the role of a user follow the group of a directory, as it was asked behind a password of this program.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if somebody else changes the user at the same time; when the database fails.
    pub async fn follow_group(&self, user: UserId, is_administrator: bool) -> Result<()> {
        let transaction = self.store.begin().await?;
        users::lock_administrators(&transaction).await?;
        if !users::lock_active(&transaction, user).await? {
            return Ok(());
        }
        let Some(user) = users::by_id(&transaction, user).await? else { return Ok(()) };
        let kept = Kept {
            issuer: String::new(),
            subject: String::new(),
            address: None,
            is_administrator: Some(is_administrator),
        };
        self.take_over(&transaction, &kept.into(), &user).await?;
        Ok(transaction.commit().await?)
    }

    /// The users who have the person's address: two are one too many.
    async fn of_address(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
    ) -> Result<Vec<OfAddress>> {
        let Some(address) = vouched.own_address() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for user in users::by_address(transaction, address, 2).await? {
            let all = identities::of_user(transaction, user.id).await?;
            found.push(OfAddress { user, has_identity: !all.is_empty() });
        }
        Ok(found)
    }

    async fn bind(&self, transaction: &Transaction, vouched: &Vouched, user: &User) -> Result<()> {
        let (kind, named) = (vouched.kind, (vouched.issuer.as_str(), vouched.subject.as_str()));
        let bound = identities::insert(transaction, user.id, kind, named, self.now().0).await;
        bound.map_err(at_the_same_moment)?;
        let entry = Entry::new(Action::IdentityBound, &user.name).with(Field::How, how(kind));
        self.note(transaction, &actor(user), entry).await
    }

    /// Makes a user, by the first of the person's names that is free. The name of a deactivated user is that user's: who
    /// was shut out does not come in a second time.
    async fn make(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
    ) -> Result<std::result::Result<User, Refusal>> {
        let address = vouched.own_address();
        for name in vouched.names() {
            match users::by_name(transaction, name).await? {
                Some(taken) if !taken.is_active => return Ok(Err(Refusal::NotActive)),
                Some(_) => continue,
                None => {}
            }
            let is_administrator = vouched.is_administrator == Some(true);
            let new = NewUser { name, address, is_administrator };
            let id = users::insert(transaction, &new, self.now().0).await;
            let id = id.map_err(at_the_same_moment)?;
            let user = users::by_id(transaction, id).await?;
            let user = user.ok_or_else(|| Error::Internal("a user is not there".to_owned()))?;
            let entry = Entry::new(Action::UserAdded, &user.name)
                .with(Field::Role, role(is_administrator))
                .with(Field::How, how(vouched.kind));
            self.note(transaction, &actor(&user), entry).await?;
            return Ok(Ok(user));
        }
        // By the same person, in another window, at the same moment?
        let (kind, issuer) = (vouched.kind, vouched.issuer.as_str());
        match identities::user_of(transaction, kind, issuer, &vouched.subject).await? {
            Some(_) => Err(Error::Conflict(MessageId::SavedMeanwhile.into())),
            None => Ok(Err(Refusal::NameTaken)),
        }
    }

    /// Takes the role over, and the address where the user has none.
    async fn take_over(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
        user: &User,
    ) -> Result<()> {
        let is_other = match vouched.is_administrator {
            Some(false) if user.is_administrator => {
                users::is_another_administrator(transaction, &self.ways, user.id).await?
            }
            _ => true,
        };
        let after = role_after(user.is_administrator, vouched.is_administrator, is_other);
        let is_administrator = match after {
            RoleAfter::Same => user.is_administrator,
            RoleAfter::Administrator | RoleAfter::LastAdministrator => true,
            RoleAfter::Ordinary => false,
        };
        if after == RoleAfter::LastAdministrator {
            tracing::warn!(
                user = user.name,
                "the user is not in the group of administrators, and stays one: nobody else can sign in as one"
            );
            let entry = Entry::new(Action::UserChanged, &user.name)
                .with(Field::Role, role(true))
                .with(Field::Reason, FactValue::Word(AuditWord::LastAdministrator))
                .with(Field::How, how(vouched.kind));
            self.note(transaction, &actor(user), entry).await?;
        }
        let address = user.address.clone().or_else(|| vouched.own_address().map(str::to_owned));
        let changed = User { is_administrator, address, ..user.clone() };
        let differences = differences(values_of_user(user), values_of_user(&changed));
        if differences.is_empty() {
            return Ok(());
        }
        if !users::update(transaction, &changed, self.now().0).await? {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        let entry = Entry::new(Action::UserChanged, &user.name)
            .with_all(differences)
            .with(Field::How, how(vouched.kind));
        self.note(transaction, &actor(user), entry).await
    }

    /// The identities of a user, at most one of each kind.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn identities_of(&self, user: UserId) -> Result<Vec<Identity>> {
        Ok(identities::of_user(&self.store, user).await?)
    }

    /// Removes an identity from a user, and ends the sessions that began with it. The next sign-in may bind one again.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none; [`Error::Conflict`] if nobody could sign in as an administrator any more.
    pub async fn remove_identity(
        &self,
        who: &Actor,
        user: &User,
        kind: IdentityKind,
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        users::lock_administrators(&transaction).await?;
        users::lock(&transaction, user.id).await?;
        let could = users::can_an_administrator_sign_in(&transaction, &self.ways).await?;
        if !identities::remove(&transaction, user.id, kind).await? {
            return Err(Error::NotFound(MessageId::NoIdentity.into()));
        }
        if could && !users::can_an_administrator_sign_in(&transaction, &self.ways).await? {
            return Err(Error::Conflict(MessageId::LastAdministrator.into()));
        }
        sessions::end_vouched_by(&transaction, user.id, kind).await?;
        let entry = Entry::new(Action::IdentityRemoved, &user.name).with(Field::How, how(kind));
        self.note(&transaction, who, entry).await?;
        Ok(transaction.commit().await?)
    }
}

/// In another browser, at the same moment, the same was made.
fn at_the_same_moment(error: store::Error) -> Error {
    match error {
        store::Error::Taken => Error::Conflict(MessageId::SavedMeanwhile.into()),
        error => Error::Store(error),
    }
}

/// The user as the actor of what the sign-in does.
fn actor(user: &User) -> Actor {
    Actor { user: Some(user.id), name: user.name.clone() }
}

#[cfg(test)]
mod tests;
