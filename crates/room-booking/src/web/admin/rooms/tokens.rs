//! Priority tokens, and the events that contain one.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use clearing::Ties;
use facts::time;
use ical::civil::Civil;
use ical::{Moment, Zone};
use operations::{FieldError, MAX_TOKEN_EVENTS, NewPriorityToken};
use store::calendars;
use store::tokens::{self, BindingState, Token, TokenBinding};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::format::{Badge, stamp};
use crate::web::admin::frame::page::{Page, Section, html, html_with, html_with_script};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::priorities::once;

/// The largest number of calendars that the form offers; the command line has no such limit.
const MAX_CHOICES: usize = 1_000;

/// A token, for the list and for its page.
struct Row {
    id: i64,
    label: String,
    /// The calendars that it is limited to, if it is.
    only: Option<String>,
    used: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "admin/rooms/tokens.html")]
struct TokensPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    fields: Vec<Field>,
    calendars: Vec<Choice>,
    errors: Vec<Trouble>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "admin/rooms/token_made.html")]
struct TokenMadePage {
    t: &'static Texts,
    p: Page,
    token: String,
}

/// An event that contains a token.
struct BoundRow {
    id: i64,
    name: String,
    uid: String,
    slug: String,
    state: Badge,
    times: String,
    may_be_removed: bool,
}

#[derive(Template)]
#[template(path = "admin/rooms/token.html")]
struct TokenPage {
    t: &'static Texts,
    p: Page,
    token: Row,
    bound: i64,
    rows: Vec<BoundRow>,
    pager: Pager,
}

fn badge(class: &'static str, label: String) -> Badge {
    Badge { class, label, detail: None }
}

fn row(t: &Texts, zone: &Zone, now: Moment, it: &Token) -> Row {
    let state = match it.expires_at {
        Some(at) if at <= now.0 => badge("quiet", t.token_expired(stamp(t, zone, at))),
        _ if it.used >= it.events => badge("quiet", t.token_is_used_up.to_string()),
        Some(at) => badge("good", t.token_until(stamp(t, zone, at))),
        None => badge("good", t.token_valid.to_string()),
    };
    Row {
        id: it.id,
        label: it.label.clone(),
        only: it.calendars.as_ref().map(|slugs| t.token_only(slugs.join(", "))),
        used: t.token_used(it.used, it.events),
        state,
    }
}

fn ties(text: &str) -> Ties {
    if text == "rank" { Ties::Rank } else { Ties::Keep }
}

fn fields(context: &RequestContext) -> Vec<Field> {
    let (t, form) = (context.texts(), &context.form);
    let chosen = ties(form.text("ties"));
    let choice = |value: &str, label: String, of: Ties| Choice {
        value: value.to_owned(),
        label,
        is_chosen: chosen == of,
    };
    let both = vec![
        choice("keep", t.token_ties_keep.to_string(), Ties::Keep),
        choice("rank", t.token_ties_rank.to_string(), Ties::Rank),
    ];
    let events = form.value("events").unwrap_or("1");
    let most = u32::try_from(MAX_TOKEN_EVENTS).unwrap_or(u32::MAX);
    vec![
        Field::text("label", t.token_label, form.text("label")).hint(t.token_label_hint).required(),
        Field::number("events", t.token_events, events, 1, most)
            .hint(t.token_events_hint)
            .required(),
        Field::new("date", "expiry", t.key_expiry, form.text("expiry")).hint(t.token_expiry_hint),
        Field::select("ties", t.token_ties, both),
    ]
}

async fn show_with(context: &RequestContext, errors: &[FieldError]) -> Answer {
    let (t, form) = (context.texts(), &context.form);
    let (zone, now) = (&context.app.settings.time_zone, context.app.service.now());
    let store = &context.app.service.store;
    let all = tokens::all(store).await?;
    let pager = Pager::numbered(context, "/admin/tokens", &[], all.len(), ON_A_PAGE);
    let rows = all[pager.range()].iter().map(|it| row(t, zone, now, it)).collect();
    let chosen: Vec<&str> = form.values("calendar").collect();
    let calendars = calendars::all(store).await?;
    let calendars = calendars.iter().take(MAX_CHOICES).map(|it| Choice {
        value: it.slug.clone(),
        label: it.name.clone(),
        is_chosen: chosen.contains(&it.slug.as_str()),
    });
    let mut fields = fields(context);
    let others = with_errors(t, &mut fields, errors);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(
        status,
        &TokensPage {
            t,
            p: context.page(Section::Calendars),
            rows,
            fields,
            calendars: calendars.collect(),
            errors: others,
            pager,
        },
    )
}

/// `GET /admin/tokens`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[]).await
}

/// `POST /admin/tokens`
pub async fn add(context: RequestContext) -> Answer {
    context.is_sent_once()?;
    let form = &context.form;
    let expires_at = match form.value("expiry").map(time::date) {
        None => None,
        Some(None) => {
            let error = FieldError::quoted("expiry", context.texts().no_date);
            return show_with(&context, &[error]).await;
        }
        // The day that is named is the last one.
        Some(Some(day)) => Some(context.app.settings.time_zone.moment(Civil::midnight(day + 1)).0),
    };
    let slugs: Vec<String> = form.values("calendar").map(str::to_owned).collect();
    let new = NewPriorityToken {
        label: form.text("label"),
        calendars: &slugs,
        // An invalid number is out of bounds.
        events: form.text("events").trim().parse().unwrap_or(0),
        expires_at,
        ties: ties(form.text("ties")),
    };
    match context.app.service.add_priority_token(&context.actor()?, &new).await {
        Ok((_, token)) => {
            let p = context.page(Section::Calendars);
            html_with_script(&TokenMadePage { t: context.texts(), p, token })
        }
        Err(error) => show_with(&context, &invalid(error)?).await,
    }
}

/// The times at which an event has priority by a token, shortened.
fn times(t: &Texts, zone: &Zone, it: &TokenBinding) -> String {
    let [(start, end), more @ ..] = it.intervals.as_slice() else { return "–".to_owned() };
    if it.state != BindingState::Bound || it.is_suspended {
        return "–".to_owned();
    }
    let end = if *end == Moment::MAX { *start } else { *end };
    let first = t.language.words.period(zone, *start, end, false);
    let is_endless = it.intervals.last().is_some_and(|(_, end)| *end == Moment::MAX);
    match (is_endless, more.len()) {
        (true, _) => t.binding_endless(first),
        (false, 0) => first,
        (false, more) => t.binding_more(first, more),
    }
}

fn state_of(t: &Texts, it: &TokenBinding) -> Badge {
    match it.state {
        BindingState::Bound if it.is_suspended => badge("quiet", t.binding_suspended.to_string()),
        BindingState::Bound => badge("good", t.binding_bound.to_string()),
        BindingState::UsedUp => badge("warn", t.binding_used_up.to_string()),
        BindingState::Removed => badge("quiet", t.binding_removed.to_string()),
    }
}

/// `GET /admin/tokens/{token}`
pub async fn show_one(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let t = context.texts();
    let service = &context.app.service;
    let (zone, now) = (&context.app.settings.time_zone, service.now());
    let token = tokens::by_id(&service.store, id).await?;
    let token = token.ok_or_else(|| Refused::nothing(t.nothing_here))?;
    let all = tokens::bindings(&service.store, Some(id)).await?;
    let pager =
        Pager::numbered(&context, &format!("/admin/tokens/{id}"), &[], all.len(), ON_A_PAGE);
    let mut rows = Vec::new();
    for it in &all[pager.range()] {
        let name = match service.bound_event_name(it).await? {
            Some(name) if name.is_empty() => t.unnamed.to_string(),
            Some(name) => name,
            None => t.binding_gone.to_string(),
        };
        rows.push(BoundRow {
            id: it.id,
            name,
            uid: it.uid.clone(),
            slug: it.slug.clone(),
            state: state_of(t, it),
            times: times(t, zone, it),
            may_be_removed: it.state != BindingState::Removed,
        });
    }
    html(&TokenPage {
        t,
        p: context.page(Section::Calendars),
        bound: token.used,
        token: row(t, zone, now, &token),
        rows,
        pager,
    })
}

/// `POST /admin/tokens/{token}/remove`
pub async fn remove(context: RequestContext, Path(id): Path<i64>) -> Answer {
    once(context.app.service.remove_priority_token(&context.actor()?, id).await)?;
    Ok(context.to("/admin/tokens?done=token-removed"))
}

/// The page of a token, if it has that binding.
async fn page_of(
    context: &RequestContext,
    (token, binding): (i64, i64),
) -> Result<String, Refused> {
    let found = tokens::binding(&context.app.service.store, binding).await?;
    match found.is_some_and(|it| it.token_id == token) {
        true => Ok(format!("/admin/tokens/{token}")),
        false => Err(Refused::nothing(context.texts().nothing_here)),
    }
}

/// `POST /admin/tokens/{token}/bindings/{binding}/remove`
pub async fn remove_binding(context: RequestContext, Path(ids): Path<(i64, i64)>) -> Answer {
    let page = page_of(&context, ids).await?;
    once(context.app.service.remove_token_binding(&context.actor()?, ids.1).await)?;
    Ok(context.to(&format!("{page}?done=binding-removed")))
}

/// `POST /admin/tokens/{token}/bindings/{binding}/renew`
pub async fn renew_binding(context: RequestContext, Path(ids): Path<(i64, i64)>) -> Answer {
    let page = page_of(&context, ids).await?;
    context.app.service.renew_token_binding(&context.actor()?, ids.1).await?;
    Ok(context.to(&format!("{page}?done=binding-renewed")))
}
