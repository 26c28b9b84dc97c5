//! Who a user is to a provider or a directory: shown on the user's page, and removed.

use axum::extract::Path;
use store::UserId;
use store::identities::{Identity, IdentityKind};
use store::users::User;

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

/// An identity on the user's page.
pub struct IdentityRow {
    /// Its word in the way to remove it.
    pub kind: &'static str,
    /// What vouches.
    pub label: Text,
    pub issuer: String,
    pub subject: String,
    /// Since when, and when it was last used.
    pub since: String,
}

fn label(t: &Texts, kind: IdentityKind) -> Text {
    match kind {
        IdentityKind::OpenId => t.identity_openid,
        IdentityKind::Directory => t.identity_directory,
    }
}

/// The identities of a user.
pub async fn rows(context: &RequestContext, user: &User) -> Result<Vec<IdentityRow>, Refused> {
    let (t, zone) = (context.texts(), &context.app.settings.time_zone);
    let all = context.app.service.people().identities_of(user.id).await?;
    let row = |it: Identity| IdentityRow {
        kind: it.kind.as_str(),
        label: label(t, it.kind.0),
        issuer: it.issuer,
        subject: it.subject,
        since: t.identity_since(stamp(t, zone, it.bound_at), stamp(t, zone, it.used_at)),
    };
    Ok(all.into_iter().map(row).collect())
}

/// Whether a group decides about the role of a user at each sign-in.
pub async fn has_role_of_group(context: &RequestContext, user: &User) -> Result<bool, Refused> {
    let settings = &context.app.settings;
    let (openid, directory) = (settings.openid.as_ref(), settings.directory.as_ref());
    let all = context.app.service.people().identities_of(user.id).await?;
    Ok(all.iter().any(|it| match it.kind.0 {
        IdentityKind::OpenId => openid.is_some_and(|it| it.settings.admin_group.is_some()),
        IdentityKind::Directory => directory.is_some_and(|it| it.settings.admin_group.is_some()),
    }))
}

/// With what a user signs in who has no password here: the name of the provider, or of the directory.
pub fn vouches(context: &RequestContext, kind: IdentityKind) -> String {
    match (kind, &context.app.settings.openid) {
        (IdentityKind::OpenId, Some(openid)) => openid.name.clone(),
        (IdentityKind::OpenId, None) => context.texts().identity_openid.to_string(),
        (IdentityKind::Directory, _) => context.texts().identity_directory_name.to_string(),
    }
}

/// `POST /admin/users/{user}/identities/{kind}/remove`
pub async fn remove(context: RequestContext, Path((id, kind)): Path<(i64, String)>) -> Answer {
    let people = context.app.service.people();
    let user = people.user_of_number(UserId(id)).await?;
    let kind = IdentityKind::parse(&kind);
    let kind = kind.ok_or_else(|| Refused::nothing(context.texts().nothing_here))?;
    people.remove_identity(&context.actor()?, &user, kind).await?;
    Ok(context.to(&format!("/admin/users/{id}?done=identity-removed")))
}
