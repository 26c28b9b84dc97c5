//! People for whom an OpenID Connect provider or an LDAP directory vouches: which user somebody is, and which role the user
//! has. `decide` and `role_after` decide; nothing else does.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use facts::audit::{Action, AuditWord, Entry, FactValue, Field, differences};
use secrecy::SecretString;
use store::audit::Actor;
use store::identities::{self, Identity, IdentityKind};
use store::users::{self, NewUser, User};
use store::vault::Purpose;
use store::{Transaction, UserId, second_factors, sessions};

use super::sessions::{Begun, Browser};
use crate::audit::{role, values_of_user};
use crate::names::{check_address, check_name};
use crate::refusal::{Refusal, how};
use crate::security_log::SecurityEvent;
use crate::{Error, MessageId, People, Result};

/// A person for whom somebody vouches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Who vouches.
    pub kind: IdentityKind,
    /// The provider's issuer, or the base of the directory.
    pub issuer: String,
    /// What the issuer names the person by, for good.
    pub subject: String,
    /// The name that the person signs in with there.
    pub name: Option<String>,
    /// The email address.
    pub address: Option<String>,
    /// Whether the issuer says that the address is the person's.
    pub is_address_verified: bool,
    /// Whether the person is in the group of administrators; `None` where no group is set.
    pub is_administrator: Option<bool>,
}

/// A user who has the address of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
struct OfAddress {
    user: User,
    /// Whether the user has an identity of the kind that vouches: it is another one.
    has_identity: bool,
}

/// Which user a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Decision {
    /// The one who has the identity.
    Known(User),
    /// The one who has the address, and gets the identity.
    Bind(User),
    /// A new one.
    Make,
    /// None.
    Refuse(Refusal),
}

/// Decides which user a person is: the one who has the identity, else the one who has the verified address, else a new
/// one, where users are made. Members of the group of administrators are always made: the group names them.
fn decide(
    vouched: &Vouched,
    known: Option<User>,
    of_address: &[OfAddress],
    makes_users: bool,
) -> Decision {
    if let Some(user) = known {
        return if user.is_active {
            Decision::Known(user)
        } else {
            Decision::Refuse(Refusal::NotActive)
        };
    }
    if vouched.address.is_some() && !vouched.is_address_verified {
        return Decision::Refuse(Refusal::AddressNotVerified);
    }
    match of_address {
        [] if makes_users || vouched.is_administrator == Some(true) => Decision::Make,
        [] => Decision::Refuse(Refusal::UnknownPerson),
        [one] if !one.user.is_active => Decision::Refuse(Refusal::NotActive),
        [one] if one.has_identity => Decision::Refuse(Refusal::OtherIdentity),
        [one] => Decision::Bind(one.user.clone()),
        _ => Decision::Refuse(Refusal::SeveralUsers),
    }
}

/// Which role a user has after a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RoleAfter {
    /// That of before.
    Same,
    /// Administrator.
    Administrator,
    /// Ordinary user.
    Ordinary,
    /// Administrator still, although not in the group: nobody else can sign in as one.
    LastAdministrator,
}

/// Decides which role a user has after a sign-in. `is_other` is whether another administrator can sign in.
fn role_after(is_administrator: bool, in_group: Option<bool>, is_other: bool) -> RoleAfter {
    match (is_administrator, in_group) {
        (_, None) | (true, Some(true)) | (false, Some(false)) => RoleAfter::Same,
        (false, Some(true)) => RoleAfter::Administrator,
        (true, Some(false)) if is_other => RoleAfter::Ordinary,
        (true, Some(false)) => RoleAfter::LastAdministrator,
    }
}

impl Vouched {
    /// The address that may be taken over.
    fn own_address(&self) -> Option<&str> {
        let address = self.address.as_deref().map(str::trim);
        address.filter(|it| self.is_address_verified && check_address(it).is_ok())
    }

    /// What the person is called in the audit trail.
    fn called(&self) -> &str {
        self.name.as_deref().or(self.address.as_deref()).unwrap_or(&self.subject)
    }
}

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
        let (kind, issuer) = (vouched.kind, vouched.issuer.as_str());
        if vouched.is_administrator.is_some() {
            users::lock_administrators(&transaction).await?;
        }
        let known = identities::user_of(&transaction, kind, issuer, &vouched.subject).await?;
        let known = match known {
            Some(id) => users::by_id(&transaction, id).await?,
            None => None,
        };
        let of_address = self.of_address(&transaction, vouched).await?;
        let user = match decide(vouched, known, &of_address, makes_users) {
            Decision::Refuse(refusal) => return Ok(Err(refusal)),
            Decision::Known(user) => user,
            Decision::Bind(user) => {
                self.bind(&transaction, vouched, &user).await?;
                user
            }
            Decision::Make => match self.make(&transaction, vouched).await? {
                Some(user) => {
                    self.bind(&transaction, vouched, &user).await?;
                    user
                }
                None => return Ok(Err(Refusal::NameTaken)),
            },
        };
        if !users::lock_active(&transaction, user.id).await? {
            return Ok(Err(Refusal::NotActive));
        }
        identities::set_used(&transaction, user.id, kind, self.now().0).await?;
        self.take_over(&transaction, vouched, &user).await?;
        let awaits_code = kind == IdentityKind::Directory
            && second_factors::find(&transaction, user.id).await?.is_some();
        let whose = (user.id, Some(kind));
        let token = self.insert_session(&transaction, whose, browser, awaits_code).await?;
        transaction.commit().await?;
        Ok(Ok(Begun { user: user.id, token: token.into(), awaits_code }))
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
            let has_identity = all.iter().any(|it| it.kind == vouched.kind);
            found.push(OfAddress { user, has_identity });
        }
        Ok(found)
    }

    async fn bind(&self, transaction: &Transaction, vouched: &Vouched, user: &User) -> Result<()> {
        let (kind, named) = (vouched.kind, (vouched.issuer.as_str(), vouched.subject.as_str()));
        let bound = identities::insert(transaction, user.id, kind, named, self.now().0).await;
        bound.map_err(|error| match error {
            // At the same moment, in another browser.
            store::Error::Taken => Error::Conflict(MessageId::SavedMeanwhile.into()),
            error => Error::Store(error),
        })?;
        let entry = Entry::new(Action::IdentityBound, &user.name).with(Field::How, how(kind));
        self.note(transaction, &actor(user), entry).await
    }

    /// Makes a user, by the first of the person's names that is free.
    async fn make(&self, transaction: &Transaction, vouched: &Vouched) -> Result<Option<User>> {
        let address = vouched.own_address();
        for name in vouched.name.as_deref().into_iter().chain(address).map(str::trim) {
            let is_free = check_name("name", name).is_ok()
                && users::by_name(transaction, name).await?.is_none();
            if !is_free {
                continue;
            }
            let is_administrator = vouched.is_administrator == Some(true);
            let new = NewUser { name, address, is_administrator };
            let id = users::insert(transaction, &new, self.now().0).await?;
            let user = users::by_id(transaction, id).await?;
            let user = user.ok_or_else(|| Error::Internal("a user is not there".to_owned()))?;
            let entry = Entry::new(Action::UserAdded, &user.name)
                .with(Field::Role, role(is_administrator))
                .with(Field::How, how(vouched.kind));
            self.note(transaction, &actor(&user), entry).await?;
            return Ok(Some(user));
        }
        Ok(None)
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
                users::is_another_administrator(transaction, user.id).await?
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
    /// [`Error::NotFound`] if there is none.
    pub async fn remove_identity(
        &self,
        who: &Actor,
        user: &User,
        kind: IdentityKind,
    ) -> Result<()> {
        let transaction = self.store.begin().await?;
        if !identities::remove(&transaction, user.id, kind).await? {
            return Err(Error::NotFound(MessageId::NoIdentity.into()));
        }
        sessions::end_vouched_by(&transaction, user.id, kind).await?;
        let entry = Entry::new(Action::IdentityRemoved, &user.name).with(Field::How, how(kind));
        self.note(&transaction, who, entry).await?;
        Ok(transaction.commit().await?)
    }
}

/// The user as the actor of what the sign-in does.
fn actor(user: &User) -> Actor {
    Actor { user: Some(user.id), name: user.name.clone() }
}

#[cfg(test)]
mod tests;
