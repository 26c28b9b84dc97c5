//! Calendar servers: sign-in, discovery, adding calendars, and the connection test of a calendar.

use std::collections::HashSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use operations::{
    Error, FieldError, FoundCalendar, Level, MessageId, NewCalendar, ServerAccess, Sync,
};
use store::accounts::{self, Account, ServerKind, SignIn};
use store::calendars::{self, Backend, Calendar};
use store::{AccountId, users};

use crate::show;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, with_errors};
use crate::web::admin::frame::page::{Page, Section, html, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::calendar::Head;

/// The largest number of calendars that are added at once.
const MAX_AT_ONCE: usize = 200;

struct Row {
    id: i64,
    user_name: String,
    url: String,
    kind: &'static str,
    is_refused: bool,
    calendars: usize,
}

#[derive(Template)]
#[template(path = "admin/rooms/servers.html")]
struct ServersPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    fields: Vec<Field>,
    errors: Vec<Trouble>,
    trouble: Option<String>,
}

struct Found {
    url: String,
    name: String,
    zone: String,
    rights: crate::web::admin::frame::text::Text,
    is_shared_in: bool,
    slug: Option<String>,
    may_be_taken: bool,
}

#[derive(Template)]
#[template(path = "admin/rooms/server.html")]
struct ServerPage {
    t: &'static Texts,
    p: Page,
    id: i64,
    user_name: String,
    url: String,
    kind: &'static str,
    found: Vec<Found>,
    trouble: Option<String>,
    /// The field of a new password, and its error.
    password: Field,
    errors: Vec<Trouble>,
    users: Vec<Choice>,
}

struct FindingLine {
    class: &'static str,
    label: crate::web::admin::frame::text::Text,
    text: String,
}

#[derive(Template)]
#[template(path = "admin/rooms/connection.html")]
struct ConnectionPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    findings: Vec<FindingLine>,
    is_good: bool,
    account: Option<i64>,
}

fn calendars_of(all: &[Calendar], id: AccountId) -> usize {
    all.iter().filter(|it| it.backend.collection().is_some_and(|it| it.account == id)).count()
}

async fn show_with(
    context: &RequestContext,
    errors: &[FieldError],
    trouble: Option<String>,
) -> Answer {
    let (t, form) = (context.texts(), &context.form);
    let store = &context.app.service.store;
    let all = calendars::all(store).await?;
    let rows = accounts::all(store).await?.into_iter().map(|it| Row {
        id: it.id.0,
        calendars: calendars_of(&all, it.id),
        user_name: it.user_name,
        url: it.url,
        kind: it.server_kind.map_or("", ServerKind::as_str),
        is_refused: it.refused_at.is_some(),
    });
    let choice = |value: &str, label: crate::web::admin::frame::text::Text| Choice {
        value: value.to_owned(),
        label: label.to_string(),
        is_chosen: form.text("sign_in") == value,
    };
    let mut fields = vec![
        Field::text("address", t.server_address, form.text("address"))
            .hint(t.server_address_hint)
            .completed("off")
            .required(),
        Field::text("user_name", t.server_user, form.text("user_name")).completed("off"),
        Field::password("password", t.app_password, "off").hint(t.app_password_hint),
        Field::select(
            "sign_in",
            t.server_sign_in,
            vec![choice("basic", t.sign_in_password), choice("bearer", t.sign_in_token)],
        ),
        Field::checkbox("plain_http", t.plain_http, form.is_ticked("plain_http"))
            .hint(t.plain_http_hint),
    ];
    let others = with_errors(t, &mut fields, errors);
    let is_wrong = !errors.is_empty() || trouble.is_some();
    html_with(
        if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK },
        &ServersPage {
            t,
            p: context.page(Section::Calendars),
            rows: rows.collect(),
            fields,
            errors: others,
            trouble,
        },
    )
}

/// `GET /admin/servers`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[], None).await
}

/// `POST /admin/servers`: signs in, and stores the account if that works.
pub async fn sign_in(context: RequestContext) -> Answer {
    let form = &context.form;
    let access = ServerAccess {
        address: form.text("address").trim().to_owned(),
        user_name: form.text("user_name").trim().to_owned(),
        password: form.secret("password"),
        sign_in: if form.text("sign_in") == "bearer" { SignIn::Bearer } else { SignIn::Basic },
        allows_plain_http: form.is_ticked("plain_http"),
    };
    if access.address.is_empty() {
        let error = FieldError::quoted("address", context.texts().may_not_be_empty);
        return show_with(&context, &[error], None).await;
    }
    let service = &context.app.service;
    let server = match service.discover(&access).await {
        Ok(server) => server,
        Err(Error::Server { detail, .. }) => {
            let trouble = context.texts().message(&detail);
            return show_with(&context, &[], Some(trouble)).await;
        }
        Err(Error::Invalid(errors)) => return show_with(&context, &errors, None).await,
        Err(error) => return Err(error.into()),
    };
    let id = service.keep_account(&context.actor()?, &access, &server).await?;
    Ok(context.to(&format!("/admin/servers/{id}")))
}

async fn account(context: &RequestContext, id: i64) -> Result<Account, Refused> {
    let found = accounts::by_id(&context.app.service.store, AccountId(id)).await?;
    found.ok_or_else(|| Refused::nothing(context.texts().no_server))
}

fn found(t: &Texts, it: &FoundCalendar) -> Found {
    Found {
        url: it.url.clone(),
        name: show::plain(&it.name),
        zone: it.zone.clone().unwrap_or_default(),
        rights: match (it.takes_events, it.is_writable) {
            (false, _) => t.takes_no_events,
            (true, true) => t.may_be_changed,
            (true, false) => t.read_only,
        },
        is_shared_in: it.is_shared_in,
        may_be_taken: it.takes_events && it.slug.is_none(),
        slug: it.slug.clone(),
    }
}

/// `GET /admin/servers/{account}`: the calendars of an account.
pub async fn show_one(context: RequestContext, Path(id): Path<i64>) -> Answer {
    show_one_with(&context, id, &[]).await
}

async fn show_one_with(context: &RequestContext, id: i64, errors: &[FieldError]) -> Answer {
    let t = context.texts();
    let service = &context.app.service;
    let account = account(context, id).await?;
    let mut password = Field::password("password", t.new_password, "off");
    let troubles = with_errors(t, [&mut password], errors);
    let (calendars, trouble) = match service.discover_again(account.id).await {
        Ok(server) => (server.calendars, None),
        Err(Error::Server { detail, .. }) => (Vec::new(), Some(t.message(&detail))),
        Err(error) => return Err(error.into()),
    };
    let own = &context.user()?.name;
    let users = users::all(&service.store).await?.into_iter().filter(|it| it.is_active);
    let users = users.map(|it| Choice {
        is_chosen: it.name == *own,
        value: it.name.clone(),
        label: it.name,
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ServerPage {
        t,
        p: context.page(Section::Calendars),
        password,
        errors: troubles,
        id,
        user_name: account.user_name,
        url: account.url,
        kind: account.server_kind.map_or("", ServerKind::as_str),
        found: calendars.iter().map(|it| found(t, it)).collect(),
        trouble,
        users: users.collect(),
    };
    html_with(status, &page)
}

/// `POST /admin/servers/{account}/add`: adds the selected calendars.
pub async fn add(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    let account = account(&context, id).await?;
    let chosen: HashSet<&str> = context.form.values("collection").take(MAX_AT_ONCE).collect();
    if chosen.is_empty() {
        let error = FieldError::quoted("collection", t.no_calendar_chosen);
        return show_one_with(&context, id, &[error]).await;
    }
    let server = service.discover_again(account.id).await?;
    let mut taken: HashSet<String> =
        calendars::all(&service.store).await?.into_iter().map(|it| it.slug).collect();
    let mut added = Vec::new();
    for it in server.calendars.iter().filter(|it| chosen.contains(it.url.as_str())) {
        let slug = operations::free_slug(&it.name, &taken);
        let zone = it.zone.as_deref().unwrap_or(context.app.settings.time_zone.name());
        let name: String = show::plain(&it.name).chars().take(100).collect();
        let name = if name.is_empty() { slug.clone() } else { name };
        let mut calendar = Calendar::built_in(&slug, &name, zone);
        calendar.backend = Backend::CalDav(it.collection());
        calendar.template = service.default_template_in(t.language.code).await?;
        let users = context.form.values("user").map(str::to_owned).collect();
        let new = NewCalendar { calendar, users };
        service.add_calendar_of_account(&context.actor()?, &new, account.id, it).await?;
        added.push(service.calendar(&slug).await?);
        taken.insert(slug);
    }
    let only = (added.len() == 1).then(|| added[0].slug.clone());
    let service = service.clone();
    // The page does not wait for the first fetch; the overview shows its progress.
    tokio::spawn(async move {
        for calendar in added {
            if let Err(error) = service.sync(&calendar, Sync::Update, &|_, _| {}).await {
                tracing::warn!(calendar = calendar.slug, %error, "first fetch failed");
            }
        }
    });
    Ok(context.to(&match only {
        Some(slug) => format!("/admin/calendars/{slug}/settings?done=calendar-added"),
        None => "/admin/calendars?done=calendars-added".to_owned(),
    }))
}

/// `POST /admin/servers/{account}/password`
pub async fn set_password(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let account = account(&context, id).await?;
    let password = context.form.secret("password");
    let tried =
        context.app.service.try_account_password(&context.actor()?, account.id, &password).await;
    match tried {
        Ok(()) => {}
        Err(Error::Invalid(errors)) => return show_one_with(&context, id, &errors).await,
        Err(Error::Server { detail, .. }) => {
            let error = FieldError::new("password", MessageId::password_not_kept(detail));
            return show_one_with(&context, id, &[error]).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(context.to(&format!("/admin/servers/{id}?done=server-password")))
}

/// `GET /admin/calendars/{calendar}/connection`: what works, and what to fix.
pub async fn connection(context: RequestContext) -> Answer {
    let (t, calendar) = (context.texts(), context.calendar()?);
    let findings = context.app.service.try_calendar(calendar).await?;
    let is_good = findings.iter().all(|it| it.level == Level::Good);
    let findings = findings.into_iter().map(|it| {
        let (class, label) = match it.level {
            Level::Good => ("good", t.finding_good),
            Level::Warning => ("warn", t.finding_warning),
            Level::Bad => ("bad", t.finding_bad),
        };
        FindingLine { class, label, text: show::sentence(t.message(&it.text)) }
    });
    html(&ConnectionPage {
        t,
        p: context.page(Section::Calendars),
        c: Head::new(&context, calendar, "settings"),
        findings: findings.collect(),
        is_good,
        account: calendar.backend.collection().map(|it| it.account.0),
    })
}
