//! Removing calendars, server accounts and priorities.

use axum::extract::Path;
use axum::http::StatusCode;
use operations::Error;
use store::AccountId;
use store::accounts;
use store::calendars::{self, BackendKind, Calendar, PriorityEntry, PriorityKind};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::kind_label;
use crate::web::admin::frame::page::Section;
use crate::web::admin::frame::removal::Removal;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::rooms::priorities::{kind, once};

/// How many days the history is kept, for sentences.
fn days(context: &RequestContext) -> i64 {
    context.app.settings.retention_days.into()
}

async fn of_calendar(context: &RequestContext, it: &Calendar) -> Result<Removal, Refused> {
    let t = context.texts();
    let with = context.app.service.calendar_belongings(it).await?;
    let is_built_in = it.backend.kind() == BackendKind::BuiltIn;
    let settings = format!("/admin/calendars/{}/settings", it.slug);
    let some = |count: i64, text: String| (count > 0).then_some(text);
    let goes = [
        some(
            with.objects,
            match is_built_in {
                true => t.remove_events(with.objects),
                false => t.remove_mirror(with.objects),
            },
        ),
        Some(t.remove_settings.to_string()),
        some(with.people, t.remove_people(with.people)),
        some(with.keys, t.remove_keys_reach(with.keys)),
        some(with.priorities, t.remove_priorities(with.priorities)),
        some(with.pending, t.remove_pending(with.pending)),
    ];
    let stays = [
        (!is_built_in).then(|| t.remove_stays_on_server.to_string()),
        Some(t.remove_history(with.history, days(context))),
        some(with.messages, t.remove_messages(with.messages)),
    ];
    let export = format!("/admin/calendars/{}/export", it.slug);
    Ok(Removal {
        section: Section::Calendars,
        name: it.name.clone(),
        lead: t.remove_calendar_lead,
        goes: goes.into_iter().flatten().collect(),
        stays: stays.into_iter().flatten().collect(),
        blocked: None,
        ways: match is_built_in && with.objects > 0 {
            true => vec![(export, t.remove_export_first.to_string())],
            false => Vec::new(),
        },
        button: t.remove_calendar,
        action: format!("/admin/calendars/{}/remove", it.slug),
        fields: Vec::new(),
        back: settings,
    })
}

/// `GET /admin/calendars/{calendar}/remove`
pub async fn show_calendar(context: RequestContext) -> Answer {
    of_calendar(&context, context.calendar()?).await?.page(&context)
}

/// `POST /admin/calendars/{calendar}/remove`
pub async fn remove_calendar(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    match context.app.service.remove_calendar(&context.actor()?, calendar).await {
        Ok(()) => Ok(context.to("/admin/calendars?done=calendar-removed")),
        Err(Error::Conflict(message) | Error::Busy(message)) => {
            let mut page = of_calendar(&context, calendar).await?;
            page.blocked = Some(crate::show::sentence(context.texts().message(&message)));
            page.page_with(&context, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}

async fn of_account(context: &RequestContext, id: i64) -> Result<Removal, Refused> {
    let (t, store) = (context.texts(), &context.app.service.store);
    let account = accounts::by_id(store, AccountId(id)).await?;
    let account = account.ok_or_else(|| Refused::nothing(t.nothing_here))?;
    let on_it: Vec<Calendar> = calendars::all(store)
        .await?
        .into_iter()
        .filter(|it| it.backend.collection().is_some_and(|it| it.account == account.id))
        .collect();
    let way = |it: &Calendar| (format!("/admin/calendars/{}/remove", it.slug), it.name.clone());
    Ok(Removal {
        section: Section::Calendars,
        name: match account.user_name.is_empty() {
            true => account.url.clone(),
            false => format!("{}, {}", account.user_name, account.url),
        },
        lead: t.remove_account_lead,
        goes: vec![t.remove_account_password.to_string()],
        stays: vec![t.remove_account_stays.to_string()],
        blocked: (!on_it.is_empty()).then(|| t.remove_account_blocked(on_it.len())),
        ways: on_it.iter().map(way).collect(),
        button: t.remove_account,
        action: format!("/admin/servers/{id}/remove"),
        fields: Vec::new(),
        back: format!("/admin/servers/{id}"),
    })
}

/// `GET /admin/servers/{account}/remove`
pub async fn show_account(context: RequestContext, Path(id): Path<i64>) -> Answer {
    of_account(&context, id).await?.page(&context)
}

/// `POST /admin/servers/{account}/remove`
pub async fn remove_account(context: RequestContext, Path(id): Path<i64>) -> Answer {
    match context.app.service.forget_account(&context.actor()?, AccountId(id)).await {
        Ok(()) => Ok(context.to("/admin/servers?done=account-removed")),
        Err(Error::Conflict(_)) => {
            of_account(&context, id).await?.page_with(&context, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/priorities/remove`
pub async fn show_priority(context: RequestContext) -> Answer {
    let (t, query) = (context.texts(), &context.query);
    let store = &context.app.service.store;
    let (value, slug) = (query.text("value"), query.value("calendar"));
    let is_it = |it: &&PriorityEntry| {
        it.kind_word() == query.text("kind") && it.value == value && it.slug.as_deref() == slug
    };
    let all = calendars::priority_entries(store).await?;
    let it = all.iter().find(is_it).ok_or_else(|| Refused::nothing(t.nothing_here))?;
    let names = context.app.service.names_of_priorities(std::slice::from_ref(it)).await?;
    let shown = names.get(value).cloned().unwrap_or_else(|| value.to_owned());
    let calendar = match slug {
        Some(slug) => calendars::by_slug(store, slug).await?.map(|it| it.name),
        None => None,
    };
    let from = query.value("from").unwrap_or_default().to_owned();
    let is_protection = it.kind().is_none();
    let goes = match is_protection {
        true => t.remove_protection_goes(&shown),
        false => t.remove_priority_goes(format!(
            "{}{} {shown}",
            kind_label(t, it.kind()),
            t.language.colon
        )),
    };
    Removal {
        section: Section::Calendars,
        name: shown,
        lead: if is_protection { t.remove_protection_lead } else { t.remove_priority_lead },
        goes: vec![
            goes,
            calendar.map_or_else(
                || t.remove_priority_of_all.to_string(),
                |it| t.remove_priority_of(it),
            ),
        ],
        stays: vec![t.remove_priority_stays.to_string()],
        blocked: None,
        ways: Vec::new(),
        button: if is_protection { t.remove_protection } else { t.remove_priority },
        action: "/admin/priorities/remove".to_owned(),
        fields: vec![
            ("kind", it.kind_word().to_owned()),
            ("value", value.to_owned()),
            ("calendar", slug.unwrap_or_default().to_owned()),
            ("from", from.clone()),
        ],
        back: back(&from),
    }
    .page(&context)
}

/// The page that a removal of a priority was asked for on: a calendar's settings, or all priorities.
fn back(from: &str) -> String {
    match operations::check_slug(from) {
        Ok(()) => format!("/admin/calendars/{from}/settings"),
        Err(_) => "/admin/priorities".to_owned(),
    }
}

/// `POST /admin/priorities/remove`: of one calendar, or of all.
pub async fn remove_priority(context: RequestContext) -> Answer {
    let (actor, form, service) = (context.actor()?, &context.form, &context.app.service);
    let (value, slug) = (form.text("value"), form.value("calendar"));
    match form.text("kind") {
        "protected" => once(service.unprotect(&actor, slug, value).await)?,
        _ => {
            let kind: PriorityKind = kind(&context)?;
            once(service.unprioritise(&actor, slug, kind, value).await)?;
        }
    }
    Ok(context.to(&format!("{}?done=priority-removed", back(form.text("from")))))
}
