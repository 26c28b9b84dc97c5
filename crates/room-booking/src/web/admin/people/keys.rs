//! API keys: the user's own; for administrators, all.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use facts::time;
use ical::civil::Civil;
use operations::FieldError;
use store::calendars::{self, Calendar};
use store::keys::{self, Rights};
use store::{CalendarId, KeyId, users};

use crate::web::admin::bookings::week::iso;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::format::{Badge, relative, stamp};
use crate::web::admin::frame::page::{Page, Section, html_with, html_with_script};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

/// The largest number of calendars that a form offers; the command line has no such limit.
const MAX_CHOICES: usize = 1_000;

/// The largest number of a key's calendars that are named.
const MAX_NAMED: usize = 5;

struct Row {
    id: i64,
    name: String,
    prefix: String,
    user: String,
    rights: String,
    /// The calendars that it is limited to, if it is.
    only: Option<String>,
    state: Badge,
    last_used: String,
    may_be_revoked: bool,
    may_be_renewed: bool,
}

#[derive(Template)]
#[template(path = "admin/people/keys.html")]
struct KeysPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
    fields: Vec<Field>,
    rights: Vec<Field>,
    calendars: Vec<Choice>,
    errors: Vec<Trouble>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "admin/people/key_made.html")]
struct KeyMadePage {
    t: &'static Texts,
    p: Page,
    key: String,
    /// `None` if no call of the API is within its rights.
    line: Option<String>,
    /// The effect of the command, or the values to fill in first.
    about: Text,
}

fn state(t: &Texts, context: &RequestContext, key: &keys::Key, is_active: bool) -> Badge {
    let zone = &context.app.settings.time_zone;
    let now = context.app.service.now();
    let badge = |class, label: String| Badge { class, label, detail: None };
    match (key.revoked_at, key.expires_at) {
        (Some(_), _) => badge("quiet", t.key_revoked.to_string()),
        _ if !is_active => badge("bad", t.key_of_inactive.to_string()),
        _ if key.suspended_at.is_some() => badge("bad", t.key_suspended.to_string()),
        (None, None) => badge("good", t.key_valid.to_string()),
        (None, Some(at)) if at <= now.0 => badge("bad", t.key_ended(stamp(t, zone, at))),
        (None, Some(at)) => {
            let class = if at - now.0 < 14 * 86_400 { "warn" } else { "good" };
            badge(class, t.key_ends(stamp(t, zone, at)))
        }
    }
}

fn right_names(t: &Texts, rights: &Rights) -> String {
    let names = rights.names().into_iter().map(|name| match name {
        "read" => t.right_read_short,
        "create" => t.right_create_short,
        "change" => t.right_change_short,
        "delete" => t.right_delete_short,
        "preview" => t.right_preview_short,
        "freebusy" => t.right_freebusy_short,
        _ => t.right_clear_short,
    });
    names.map(|it| it.to_string()).collect::<Vec<_>>().join(", ")
}

/// The names of the calendars that a key is limited to, as far as the reader has access.
fn only_of(t: &Texts, ids: &[CalendarId], known: &[Calendar]) -> String {
    let mut names: Vec<_> =
        known.iter().filter(|it| ids.contains(&it.id)).map(|it| it.name.as_str()).collect();
    let more = names.len().saturating_sub(MAX_NAMED);
    names.truncate(MAX_NAMED);
    match (names.is_empty(), more) {
        (true, _) => t.key_limited.to_string(),
        (false, 0) => t.key_only(names.join(", ")),
        (false, more) => t.key_only_some(names.join(", "), more),
    }
}

/// A text as one word of a shell.
fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A shell command to try a key, with a note: it works as it is if it changes nothing; otherwise it
/// is an example. There is no command where no call is within its rights.
fn line_to_try(
    context: &RequestContext,
    key: &str,
    rights: &Rights,
    slug: Option<&str>,
) -> (Option<String>, Text) {
    let t = context.texts();
    let authorization = shell_word(&format!("Authorization: Bearer {key}"));
    let url = |path: &str| shell_word(&format!("{}{path}", context.app.public_url()));
    let slug = slug.unwrap_or("CALENDAR");
    let (line, about) = if rights.read {
        (format!("curl -H {authorization} {}", url("/api/calendars")), t.try_it_text)
    } else if rights.may_preview() {
        let url = url("/api/clear-bookings?test=1");
        (format!("curl -X DELETE -H {authorization} {url}"), t.try_it_text)
    } else if rights.create {
        let zone = &context.app.settings.time_zone;
        let tomorrow = iso(zone.civil(context.app.service.now()).day() + 1);
        let body = format!(
            "{{\"name\": \"Test\", \"start\": \"{tomorrow}T12:00\", \"end\": \"{tomorrow}T13:00\"}}"
        );
        let line = format!(
            "curl -H {authorization} -H 'Content-Type: application/json' -d {} {}",
            shell_word(&body),
            url(&format!("/api/{slug}/events?only_if_free=1"))
        );
        (line, t.try_create_text)
    } else if rights.change {
        let url = url(&format!("/api/{slug}/events/EVENT"));
        let line = format!(
            "curl -X PATCH -H {authorization} -H 'Content-Type: application/json' -d {} {url}",
            shell_word("{\"name\": \"Test\"}")
        );
        (line, t.try_delete_text)
    } else if rights.delete {
        let url = url(&format!("/api/{slug}/events/EVENT"));
        (format!("curl -X DELETE -H {authorization} {url}"), t.try_delete_text)
    } else {
        return (None, t.try_nothing_text);
    };
    (Some(line), about)
}

async fn show_with(context: &RequestContext, errors: &[FieldError]) -> Answer {
    let (t, form, user) = (context.texts(), &context.form, context.user()?);
    let store = &context.app.service.store;
    let (zone, now) = (&context.app.settings.time_zone, context.app.service.now());
    let is_new = form.text("form_token").is_empty();
    let only = if user.is_administrator { None } else { Some(user.id) };
    let all_users = users::all(store).await?;
    let users: HashMap<_, _> = all_users.iter().map(|it| (it.id, it)).collect();
    let own = context.calendars_seen().await?;
    let mut found = keys::all(store, only).await?;
    found.sort_by_key(|it| (it.revoked_at.is_some(), std::cmp::Reverse(it.id)));
    let pager = Pager::numbered(context, "/admin/keys", &[], found.len(), ON_A_PAGE);
    let mut rows = Vec::new();
    for it in &found[pager.range()] {
        let of = users.get(&it.user_id);
        rows.push(Row {
            id: it.id.0,
            name: it.name.clone(),
            prefix: it.prefix.clone(),
            user: of.map_or(String::new(), |it| it.name.clone()),
            rights: right_names(t, &it.rights()),
            only: match it.is_limited {
                true => Some(only_of(t, &keys::calendars(store, it.id).await?, &own)),
                false => None,
            },
            state: state(t, context, it, of.is_some_and(|it| it.is_active)),
            last_used: it.last_used_at.map_or(t.never.to_string(), |at| relative(t, zone, now, at)),
            may_be_revoked: it.revoked_at.is_none(),
            may_be_renewed: user.is_administrator
                && it.revoked_at.is_none()
                && it.suspended_at.is_some()
                && of.is_some_and(|it| it.is_active),
        });
    }
    let chosen: Vec<&str> = form.values("calendar").collect();
    let calendars = own.iter().take(MAX_CHOICES).map(|it| Choice {
        value: it.slug.clone(),
        label: it.name.clone(),
        is_chosen: chosen.contains(&it.slug.as_str()),
    });
    let mut fields = vec![
        Field::text("name", t.key_name, form.text("name")).hint(t.key_name_hint).required(),
        Field::new("date", "expiry", t.key_expiry, form.text("expiry")).hint(t.key_expiry_hint),
    ];
    if user.is_administrator {
        let of = form.value("user").unwrap_or(&user.name);
        let choices = all_users.iter().filter(|it| it.is_active).map(|it| Choice {
            value: it.name.clone(),
            label: it.name.clone(),
            is_chosen: it.name == of,
        });
        fields.push(Field::select("user", t.key_user, choices.collect()).hint(t.key_user_hint));
    }
    let ticked = |name: &str, by_default: bool| {
        if is_new { by_default } else { form.is_ticked(name) }
    };
    let rights = vec![
        Field::checkbox("read", t.right_read, ticked("read", true)),
        Field::checkbox("create", t.right_create, ticked("create", false)),
        Field::checkbox("change", t.right_change, ticked("change", false)),
        Field::checkbox("delete", t.right_delete, ticked("delete", false)),
        Field::checkbox("preview", t.right_preview, ticked("preview", false)),
        Field::checkbox("clear", t.right_clear, ticked("clear", false)),
        Field::checkbox("freebusy", t.right_freebusy, ticked("freebusy", false)),
    ];
    let others = with_errors(t, &mut fields, errors);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(
        status,
        &KeysPage {
            t,
            p: context.page(Section::Keys),
            rows,
            fields,
            rights,
            calendars: calendars.collect(),
            errors: others,
            pager,
        },
    )
}

/// `GET /admin/keys`
pub async fn show(context: RequestContext) -> Answer {
    show_with(&context, &[]).await
}

/// `POST /admin/keys`
pub async fn add(context: RequestContext) -> Answer {
    context.is_sent_once()?;
    let (form, user) = (&context.form, context.user()?);
    let owner = match form.value("user") {
        // Only administrators can add keys for others, whatever the form contains.
        Some(other) if user.is_administrator => other,
        _ => &user.name,
    };
    let rights = Rights {
        read: form.is_ticked("read"),
        create: form.is_ticked("create"),
        change: form.is_ticked("change"),
        delete: form.is_ticked("delete"),
        preview: form.is_ticked("preview"),
        clear: form.is_ticked("clear"),
        freebusy: form.is_ticked("freebusy"),
    };
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
    if !user.is_administrator {
        let own = calendars::of_user(&context.app.service.store, user.id).await?;
        if let Some(other) = slugs.iter().find(|slug| own.iter().all(|it| it.slug != **slug)) {
            return Err(operations::Error::no_calendar(other).into());
        }
    }
    let slugs = if slugs.is_empty() { None } else { Some(slugs.as_slice()) };
    let (service, name) = (&context.app.service, form.text("name").trim());
    match service.people().add_key(&context.actor()?, owner, name, rights, slugs, expires_at).await
    {
        Ok((_, key)) => {
            let slug = slugs.and_then(|slugs| slugs.first()).map(String::as_str);
            let (line, about) = line_to_try(&context, &key, &rights, slug);
            let p = context.page(Section::Keys);
            html_with_script(&KeyMadePage { t: context.texts(), p, key, line, about })
        }
        Err(error) => show_with(&context, &invalid(error)?).await,
    }
}

/// `POST /admin/keys/{key}/revoke`
pub async fn revoke(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let (user, actor, key) = (context.user()?, context.actor()?, KeyId(id));
    let service = &context.app.service;
    let known = keys::by_id(&service.store, key).await?;
    let is_there = known.is_some();
    let may = known.filter(|it| user.is_administrator || it.user_id == user.id);
    if may.as_ref().is_some_and(|it| it.revoked_at.is_some()) {
        // The button was pressed twice.
        return Ok(context.to("/admin/keys?done=key-revoked"));
    }
    if may.is_none() && is_there {
        context.note_refusal().await;
    }
    match user.is_administrator {
        true => service.people().revoke_key(&actor, key).await.map_err(Refused::from)?,
        false => service.people().revoke_own_key(&actor, user.id, key).await?,
    }
    Ok(context.to("/admin/keys?done=key-revoked"))
}

/// `POST /admin/keys/{key}/renew`: lets a key work again that was suspended with its user.
pub async fn renew(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let key = KeyId(id);
    let known = keys::by_id(&context.app.service.store, key).await?;
    // The button may have been pressed twice.
    if known.is_none_or(|it| it.suspended_at.is_some() || it.revoked_at.is_some()) {
        context.app.service.people().renew_key(&context.actor()?, key).await?;
    }
    Ok(context.to("/admin/keys?done=key-renewed"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_word_of_a_shell_is_one_whatever_stands_in_it() {
        assert_eq!(shell_word("a $b `c` \"d\" \\"), "'a $b `c` \"d\" \\'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
    }
}
