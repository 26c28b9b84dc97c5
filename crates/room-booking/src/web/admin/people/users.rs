//! Users: list, roles, access to calendars, and invitation links.

use std::collections::HashSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use operations::{Error, FieldError, Message, MessageId};
use store::users::{self, NewUser, User};
use store::{UserId, calendars};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::format::stamp;
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::people::identities::{self, IdentityRow};
use crate::web::admin::people::invitation::invite;

struct Row {
    id: i64,
    name: String,
    address: String,
    is_administrator: bool,
    is_active: bool,
}

#[derive(Template)]
#[template(path = "admin/people/users.html")]
struct UsersPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    pager: Pager,
    fields: Vec<Field>,
    errors: Vec<Trouble>,
    /// Rooms that an invitation can bring: slug, name, and whether it is selected.
    rooms: Vec<(String, String, bool)>,
    has_mail_server: bool,
}

#[derive(Template)]
#[template(path = "admin/people/user.html")]
struct UserPage {
    t: &'static Texts,
    p: Page,
    id: i64,
    name: String,
    made: String,
    has_password: bool,
    has_second_factor: bool,
    /// Whether people sign in with passwords.
    has_passwords: bool,
    identities: Vec<IdentityRow>,
    is_active: bool,
    was: i64,
    fields: Vec<Field>,
    errors: Vec<Trouble>,
    calendars: Vec<(String, String)>,
    pager: Pager,
    others: Vec<(String, String)>,
    /// How many calendars the user has no access to, shown or not.
    others_in_all: usize,
    others_text: Option<String>,
    search: String,
}

/// The most calendars that a page offers at once.
const MAX_CHOICES: usize = 200;

fn role(t: &Texts, is_administrator: bool) -> Field {
    let choice = |value: &str, label: crate::web::admin::frame::text::Text, is_chosen| Choice {
        value: value.to_owned(),
        label: label.to_string(),
        is_chosen,
    };
    let choices = vec![
        choice("ordinary", t.role_ordinary, !is_administrator),
        choice("administrator", t.role_administrator, is_administrator),
    ];
    Field::select("role", t.role, choices).hint(t.role_hint)
}

fn status(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn show_with(context: &RequestContext, errors: &[FieldError]) -> Answer {
    let (t, form) = (context.texts(), &context.form);
    let all = users::all(&context.app.service.store).await?;
    let mut fields = vec![
        Field::text("name", t.user_name, form.text("name"))
            .hint(t.user_name_hint)
            .completed("off")
            .required(),
        Field::address("address", t.mail_address, Some(form.text("address")))
            .hint(t.user_address_hint),
        role(t, form.text("role") == "administrator"),
    ];
    let others = with_errors(t, &mut fields, errors);
    let pager = Pager::numbered(context, "/admin/users", &[], all.len(), ON_A_PAGE);
    let rows = all[pager.range()].iter().map(|it| Row {
        id: it.id.0,
        name: it.name.clone(),
        address: it.address.clone().unwrap_or_default(),
        is_administrator: it.is_administrator,
        is_active: it.is_active,
    });
    let p = context.page(Section::People);
    let rows = rows.collect();
    let chosen: HashSet<&str> = form.values("calendar").collect();
    let rooms = calendars::all(&context.app.service.store).await?.into_iter().take(MAX_CHOICES);
    let rooms = rooms.map(|it| (it.slug.clone(), it.name, chosen.contains(it.slug.as_str())));
    let rooms = rooms.collect();
    let has_mail_server = context.app.service.mailer.is_some();
    let page = UsersPage { t, p, rows, pager, fields, errors: others, rooms, has_mail_server };
    html_with(status(errors), &page)
}

/// `GET /admin/users`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[]).await
}

/// `POST /admin/users`: adds a user, and shows the invitation link.
pub async fn add(context: RequestContext) -> Answer {
    context.is_sent_once()?;
    let form = &context.form;
    let user = NewUser {
        name: form.text("name"),
        address: form.value("address"),
        is_administrator: form.text("role") == "administrator",
    };
    let rooms: Vec<&str> = form.values("calendar").filter(|it| !it.is_empty()).collect();
    // Before there is a user whom nobody gets a link for.
    for slug in &rooms {
        context.app.service.calendar(slug).await?;
    }
    match context.app.service.people().add_user(&context.actor()?, &user, None).await {
        Ok(id) => {
            if !rooms.is_empty() {
                let service = &context.app.service;
                let name = service.people().user_of_number(id).await?.name;
                service.assign_all(&context.actor()?, &rooms, &[&name]).await?;
            }
            if !has_passwords(&context) {
                return Ok(context.to(&format!("/admin/users/{id}?done=saved")));
            }
            invite(&context, id).await
        }
        Err(error) => show_with(&context, &invalid(error)?).await,
    }
}

async fn show_one_with(context: &RequestContext, user: &User, errors: &[FieldError]) -> Answer {
    show_one_again(context, user, errors, None).await
}

async fn show_one_again(
    context: &RequestContext,
    user: &User,
    errors: &[FieldError],
    conflict: Option<&Message>,
) -> Answer {
    let t = context.texts();
    let store = &context.app.service.store;
    let zone = &context.app.settings.time_zone;
    let mut fields = vec![
        Field::address("address", t.mail_address, user.address.as_deref())
            .hint(t.user_address_hint),
        match identities::has_role_of_group(context, user).await? {
            true => role(t, user.is_administrator).hint(t.role_of_group),
            false => role(t, user.is_administrator),
        },
        Field::checkbox("active", t.is_active, user.is_active).hint(t.is_active_hint),
    ];
    let mut errors_of_form = with_errors(t, &mut fields, errors);
    errors_of_form
        .extend(conflict.map(|message| Trouble { field: None, text: t.message(message) }));
    let own = calendars::of_user(store, user.id).await?;
    let others = calendars::all(store).await?;
    let ids: HashSet<_> = own.iter().map(|it| it.id).collect();
    let mut others: Vec<_> = others.into_iter().filter(|it| !ids.contains(&it.id)).collect();
    let others_in_all = others.len();
    let search = context.query.value("q").unwrap_or_default().to_lowercase();
    others.retain(|it| format!("{} {}", it.name, it.slug).to_lowercase().contains(&search));
    others.sort_by_cached_key(|it| it.name.to_lowercase());
    others.truncate(MAX_CHOICES);
    let others_text =
        (others.len() < others_in_all).then(|| t.access_shown(others.len(), others_in_all));
    let path = format!("/admin/users/{}", user.id);
    let pager = Pager::numbered(context, &path, &[], own.len(), ON_A_PAGE);
    let own = own[pager.range()].iter();
    html_with(
        if conflict.is_some() { StatusCode::CONFLICT } else { status(errors) },
        &UserPage {
            t,
            p: context.page(Section::People),
            id: user.id.0,
            name: user.name.clone(),
            made: stamp(t, zone, user.created_at),
            is_active: context.app.service.people().user_of_number(user.id).await?.is_active,
            was: user.version,
            has_passwords: has_passwords(context),
            identities: identities::rows(context, user).await?,
            has_second_factor: context.app.service.people().second_factor(user.id).await?.is_some(),
            has_password: users::password_hash(store, user.id).await?.is_some(),
            fields,
            errors: errors_of_form,
            calendars: own.map(|it| (it.slug.clone(), it.name.clone())).collect(),
            pager,
            others: others.into_iter().map(|it| (it.slug, it.name)).collect(),
            others_in_all,
            others_text,
            search,
        },
    )
}

/// `GET /admin/users/{user}`
pub async fn show_one(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let user = context.app.service.people().user_of_number(UserId(id)).await?;
    show_one_with(&context, &user, &[]).await
}

/// `POST /admin/users/{user}`
pub async fn save(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let form = &context.form;
    let present = context.app.service.people().user_of_number(UserId(id)).await?;
    let user = User {
        address: form.value("address").map(str::to_owned),
        is_administrator: form.text("role") == "administrator",
        is_active: form.is_ticked("active"),
        // Of which version the form was made.
        version: form.value("was").map_or(present.version, |it| it.parse().unwrap_or(-1)),
        ..present
    };
    match context.app.service.people().update_user(&context.actor()?, &user).await {
        Ok(()) => Ok(context.to(&format!("/admin/users/{id}?done=saved"))),
        // The entered values stay in the form, now on the latest version.
        Err(Error::Conflict(message)) if message == MessageId::SavedMeanwhile.into() => {
            let user = User { version: present.version, ..user };
            show_one_again(&context, &user, &[], Some(&message)).await
        }
        // The last administrator must stay.
        Err(Error::Conflict(message)) => {
            let field = if user.is_active { "role" } else { "active" };
            show_one_with(&context, &user, &[FieldError::new(field, message)]).await
        }
        Err(error) => show_one_with(&context, &user, &invalid(error)?).await,
    }
}

/// Whether people sign in with passwords, and not only with a provider.
fn has_passwords(context: &RequestContext) -> bool {
    context.app.settings.openid.as_ref().is_none_or(|it| !it.is_only)
}

/// `POST /admin/users/{user}/link`: creates an invitation or password reset link.
pub async fn link(context: RequestContext, Path(id): Path<i64>) -> Answer {
    context.is_sent_once()?;
    let user = context.app.service.people().user_of_number(UserId(id)).await?;
    if !has_passwords(&context) {
        return Err(Refused::impossible(context.texts().passwords_off_for_user));
    }
    if !user.is_active {
        let error = FieldError::quoted("active", context.texts().link_for_inactive);
        return show_one_with(&context, &user, &[error]).await;
    }
    invite(&context, UserId(id)).await
}

/// `POST /admin/users/{user}/second-factor/remove`: of somebody who has lost the app.
pub async fn remove_second_factor(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let service = &context.app.service;
    let user = service.people().user_of_number(UserId(id)).await?;
    service.people().reset_second_factor(&context.actor()?, &user).await?;
    Ok(context.to(&format!("/admin/users/{id}?done=second-factor-removed")))
}

/// `POST /admin/users/{user}/sign-out`: ends all sessions of a user.
pub async fn sign_out(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let service = &context.app.service;
    let user = service.people().user_of_number(UserId(id)).await?;
    service.people().sign_out_everywhere(&context.actor()?, &user).await?;
    Ok(context.to(&format!("/admin/users/{id}?done=user-signed-out")))
}
