//! Signing in against an LDAP directory.

use operations::{Begun, Error, MessageId, Present, Refusal, SecurityEvent, SignIn, Vouched};
use secrecy::SecretString;
use store::identities::{Identity, IdentityKind};
use store::{UserId, users};

use crate::settings::DirectorySignIn;
use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::people::sign_in_page::Trouble;

/// Signs somebody in by a password of this program or, if it is none, of the directory. For each name, whether there is
/// a user of it or not, the directory is asked: nothing tells names apart. While it is down, users with a password of
/// this program get in.
pub async fn sign_in(
    context: &RequestContext,
    settings: &DirectorySignIn,
    sign_in: &SignIn,
) -> Result<Result<Begun, Trouble>, Refused> {
    let (people, client) = (context.app.service.people(), context.client());
    if let Some(begun) = people.try_password(sign_in, &client).await? {
        if !begun.awaits_code {
            follow_group(context, begun.user).await?;
        }
        return Ok(Ok(begun));
    }
    let (name, directory) = (sign_in.name.trim(), &settings.directory);
    match directory.sign_in(name, &sign_in.password).await {
        Ok(Some(person)) => {
            let vouched = Vouched {
                kind: IdentityKind::Directory,
                issuer: directory.issuer(),
                subject: person.subject,
                name: Some(person.name.unwrap_or_else(|| name.to_owned())),
                address: person.address,
                is_address_verified: person.is_address_verified,
                is_administrator: person.is_administrator,
            };
            let begun = people.sign_in_vouched(&vouched, settings.makes_users, &client).await?;
            Ok(begun.map_err(Trouble::Refused))
        }
        Ok(None) => {
            let event = SecurityEvent::SignInFailed;
            people.note_security(event, None, name, &client.address).await;
            Ok(Err(Trouble::Wrong))
        }
        Err(failure) => {
            tracing::warn!(%failure, "the directory could not be asked");
            let kind = IdentityKind::Directory;
            people.note_refusal(kind, Refusal::NotAsked, name, &client).await;
            Ok(Err(Trouble::DirectoryDown))
        }
    }
}

/// Lets the role of a user who has signed in with a password of this program follow the group of the directory, if the
/// user is known there. While the directory is down, the role stays.
pub async fn follow_group(context: &RequestContext, user: UserId) -> Result<(), Refused> {
    let Some(settings) = &context.app.settings.directory else { return Ok(()) };
    let (people, directory) = (context.app.service.people(), &settings.directory);
    let (all, issuer) = (people.identities_of(user).await?, directory.issuer());
    let is_of_directory =
        |it: &&Identity| it.kind == IdentityKind::Directory && it.issuer == issuer;
    let Some(identity) = all.iter().find(is_of_directory) else { return Ok(()) };
    match directory.is_administrator(&identity.subject).await {
        Ok(Some(is_administrator)) => people.follow_group(user, is_administrator).await?,
        Ok(None) => {}
        Err(failure) => {
            tracing::warn!(%failure, "the directory could not be asked for the group; the role stays");
        }
    }
    Ok(())
}

/// The present password of somebody who is signed in: that of the directory, if the user came with it and has none here.
pub async fn present<'p>(
    context: &RequestContext,
    password: &'p SecretString,
) -> Result<Present<'p>, Refused> {
    let (who, service) = (context.who()?, &context.app.service);
    let of_directory = who.session.vouched_by.is_some_and(|it| it == IdentityKind::Directory);
    let Some(settings) = context.app.settings.directory.as_ref().filter(|_| of_directory) else {
        return Ok(Present::Password(password));
    };
    if users::password_hash(&service.store, who.user.id).await?.is_some() {
        return Ok(Present::Password(password));
    }
    let all = service.people().identities_of(who.user.id).await?;
    let identity = all.iter().find(|it| it.kind == IdentityKind::Directory);
    let subject = identity.map_or("", |it| it.subject.as_str());
    match settings.directory.proves(subject, password).await {
        Ok(true) => Ok(Present::Proven),
        // It is none of this program's either, and that is noted.
        Ok(false) => Ok(Present::Password(password)),
        Err(failure) => {
            tracing::warn!(%failure, "the directory could not be asked");
            Err(Error::Busy(MessageId::DirectoryUnavailable.into()).into())
        }
    }
}
