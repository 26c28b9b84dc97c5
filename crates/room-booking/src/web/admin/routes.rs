//! All pages and actions of the site, with their access.

use std::collections::BTreeMap;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, any, get, post};

use crate::web::admin::access::{Access, Takes};
use crate::web::admin::audit;
use crate::web::admin::bookings::{book, change, day, event, month, week};
use crate::web::admin::clearing::{history, pending, preview, runs};
use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::page;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::guard::{Gate, guard};
use crate::web::admin::mail::{
    logo, message, outbox, removal as template_removal, template_preview, templates, webhooks,
};
use crate::web::admin::people::{
    access, account, identities, keys, links, openid, removal as user_removal, second_factor,
    sign_in, users,
};
use crate::web::admin::report::{page as report, tables};
use crate::web::admin::rooms::{
    calendar_settings, calendars, new_calendar, people, picture, priorities, removal, servers,
    tokens, transfer,
};
use crate::web::{App, problem::Problem};

/// A page or an action.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    takes: Takes,
    handler: MethodRouter<App>,
}

fn page<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { method: "GET", path, access, takes: Takes::Form, handler: get(handler) }
}

fn action<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { method: "POST", path, access, takes: Takes::Form, handler: post(handler) }
}

/// An action with a form whose page shows again what was typed.
fn typed<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { takes: Takes::Text, ..action(path, access, handler) }
}

fn with_file<H: Handler<T, App>, T: 'static>(
    path: &'static str,
    access: Access,
    handler: H,
) -> Route {
    Route { takes: Takes::File, ..action(path, access, handler) }
}

/// All pages and actions.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    use Access::{Administrator, Anyone, Calendar, CalendarAdministrator, Enrolling, User};
    vec![
        page("/admin", User, day::show),

        page("/admin/sign-in", Anyone, sign_in::show),
        action("/admin/sign-in", Anyone, sign_in::sign_in),
        page("/admin/sign-in/openid", Anyone, openid::begin),
        page("/admin/sign-in/openid/callback", Anyone, openid::complete),
        page("/admin/sign-out/openid", Anyone, openid::end),
        page("/admin/second-factor", Anyone, second_factor::ask),
        action("/admin/second-factor", Anyone, second_factor::check),
        action("/admin/sign-out", Enrolling, sign_in::sign_out),
        page("/admin/first/{link}", Anyone, links::show_first),
        action("/admin/first/{link}", Anyone, links::make_first),
        page("/admin/link/{link}", Anyone, links::show),
        action("/admin/link/{link}", Anyone, links::choose),

        page("/admin/account", User, account::show),
        action("/admin/account/password", User, account::change_password),
        action("/admin/account/sign-out-everywhere", User, account::sign_out_everywhere),
        action("/admin/account/sessions/{session}/end", User, account::end_session),

        page("/admin/account/second-factor", Enrolling, second_factor::show),
        action("/admin/account/second-factor", Enrolling, second_factor::set),
        action("/admin/account/second-factor/recovery-codes", User, second_factor::renew_recovery_codes),
        action("/admin/account/second-factor/remove", User, second_factor::remove),

        page("/admin/calendars", User, calendars::show),
        page("/admin/new-calendar", Administrator, new_calendar::show),
        action("/admin/new-calendar", Administrator, new_calendar::make),
        page("/admin/priorities", Administrator, priorities::show),
        action("/admin/priorities", Administrator, priorities::prioritise),
        page("/admin/priorities/remove", Administrator, removal::show_priority),
        action("/admin/priorities/remove", Administrator, removal::remove_priority),

        page("/admin/tokens", Administrator, tokens::show),
        action("/admin/tokens", Administrator, tokens::add),
        page("/admin/tokens/{token}", Administrator, tokens::show_one),
        action("/admin/tokens/{token}/remove", Administrator, tokens::remove),
        action("/admin/tokens/{token}/bindings/{binding}/remove", Administrator, tokens::remove_binding),
        action("/admin/tokens/{token}/bindings/{binding}/renew", Administrator, tokens::renew_binding),

        page("/admin/calendars/{calendar}", Calendar, week::show),
        page("/admin/calendars/{calendar}/month", Calendar, month::show),
        page("/admin/calendars/{calendar}/event", Calendar, event::show),
        page("/admin/calendars/{calendar}/event/change", Calendar, change::show),
        typed("/admin/calendars/{calendar}/event/change", Calendar, change::change),
        action("/admin/calendars/{calendar}/event/cancel", Calendar, event::cancel),
        action("/admin/calendars/{calendar}/event/end", Calendar, event::end),
        action("/admin/calendars/{calendar}/event/delete", Calendar, event::delete),
        page("/admin/calendars/{calendar}/book", Calendar, book::show),
        typed("/admin/calendars/{calendar}/book", Calendar, book::book),
        page("/admin/calendars/{calendar}/preview", Calendar, preview::show),
        action("/admin/calendars/{calendar}/apply", Calendar, preview::apply),
        page("/admin/calendars/{calendar}/settings", CalendarAdministrator, calendar_settings::show),
        action("/admin/calendars/{calendar}/settings", CalendarAdministrator, calendar_settings::save),
        action("/admin/calendars/{calendar}/users", CalendarAdministrator, people::assign),
        action("/admin/calendars/{calendar}/users/remove", CalendarAdministrator, people::unassign),
        action("/admin/calendars/{calendar}/priorities", CalendarAdministrator, priorities::prioritise),
        action("/admin/calendars/{calendar}/priorities/remove", CalendarAdministrator, priorities::unprioritise),
        page("/admin/calendars/{calendar}/picture", Calendar, picture::show),
        with_file("/admin/calendars/{calendar}/picture", CalendarAdministrator, picture::save),
        action("/admin/calendars/{calendar}/picture/remove", CalendarAdministrator, picture::remove),
        page("/admin/calendars/{calendar}/remove", CalendarAdministrator, removal::show_calendar),
        action("/admin/calendars/{calendar}/remove", CalendarAdministrator, removal::remove_calendar),
        page("/admin/calendars/{calendar}/export", CalendarAdministrator, transfer::export),
        with_file("/admin/calendars/{calendar}/import", CalendarAdministrator, transfer::import),

        page("/admin/calendars/{calendar}/connection", CalendarAdministrator, servers::connection),

        page("/admin/servers", Administrator, servers::show),
        action("/admin/servers", Administrator, servers::sign_in),
        page("/admin/servers/{account}", Administrator, servers::show_one),
        action("/admin/servers/{account}/add", Administrator, servers::add),
        action("/admin/servers/{account}/password", Administrator, servers::set_password),
        page("/admin/servers/{account}/remove", Administrator, removal::show_account),
        action("/admin/servers/{account}/remove", Administrator, removal::remove_account),

        page("/admin/templates", Administrator, templates::show),
        page("/admin/new-template", Administrator, templates::show_new),
        typed("/admin/new-template", Administrator, templates::make),
        page("/admin/templates/{template}", Administrator, templates::show_one),
        typed("/admin/templates/{template}", Administrator, templates::save),
        page("/admin/templates/{template}/logo", Administrator, logo::show),
        with_file("/admin/templates/{template}/logo", Administrator, logo::save),
        action("/admin/templates/{template}/logo/remove", Administrator, logo::remove),
        page("/admin/templates/{template}/remove", Administrator, template_removal::show),
        action("/admin/templates/{template}/remove", Administrator, template_removal::remove),
        page("/admin/templates/{template}/frame", Administrator, template_preview::show_frame),
        action("/admin/template-preview", Administrator, template_preview::preview),
        page("/admin/outbox", Administrator, outbox::show),
        page("/admin/outbox/{message}", Administrator, message::show),
        action("/admin/outbox/{message}/retry", Administrator, outbox::retry),
        action("/admin/outbox/{message}/release", Administrator, outbox::release),
        action("/admin/outbox/{message}/discard", Administrator, outbox::discard),

        page("/admin/webhooks", Administrator, webhooks::show),
        action("/admin/webhooks/test", Administrator, webhooks::test),
        action("/admin/webhooks/{webhook}/retry", Administrator, webhooks::retry),
        action("/admin/webhooks/{webhook}/discard", Administrator, webhooks::discard),

        page("/admin/pending", User, pending::show),
        action("/admin/pending/{pending}/keep", Administrator, pending::keep),
        action("/admin/pending/{pending}/now", Administrator, pending::now),

        page("/admin/history", User, history::show),
        page("/admin/history/{removal}", User, history::show_one),
        action("/admin/history/{removal}/restore", Administrator, history::restore),
        page("/admin/report", User, report::show),
        page("/admin/report.csv", User, tables::download),
        page("/admin/runs", Administrator, runs::show),
        page("/admin/runs/{run}", Administrator, runs::show_one),
        page("/admin/audit", Administrator, audit::show),

        page("/admin/users", Administrator, users::show),
        action("/admin/users", Administrator, users::add),
        page("/admin/users/{user}", Administrator, users::show_one),
        action("/admin/users/{user}", Administrator, users::save),
        action("/admin/users/{user}/link", Administrator, users::link),
        action("/admin/users/{user}/second-factor/remove", Administrator, users::remove_second_factor),
        action("/admin/users/{user}/identities/{kind}/remove", Administrator, identities::remove),
        action("/admin/users/{user}/sign-out", Administrator, users::sign_out),
        action("/admin/users/{user}/calendars", Administrator, access::assign),
        action("/admin/users/{user}/calendars/remove", Administrator, access::unassign),
        page("/admin/users/{user}/remove", Administrator, user_removal::show),
        action("/admin/users/{user}/remove", Administrator, user_removal::remove),

        page("/admin/keys", User, keys::show),
        action("/admin/keys", User, keys::add),
        action("/admin/keys/{key}/revoke", User, keys::revoke),
        action("/admin/keys/{key}/renew", Administrator, keys::renew),
    ]
}

/// The router of the site, each route behind its guard.
pub fn router(app: &App) -> Router<App> {
    let mut by_path: BTreeMap<&'static str, MethodRouter<App>> = BTreeMap::new();
    for route in routes() {
        let gate = Gate { app: app.clone(), access: route.access, takes: route.takes };
        let guarded = route.handler.route_layer(from_fn_with_state(gate, guard));
        let entry = by_path.entry(route.path).or_default();
        *entry = std::mem::take(entry).merge(guarded);
    }
    let mut router = Router::new();
    for (path, methods) in by_path {
        let refuse = || async { Problem::method_not_allowed("GET, HEAD, POST") };
        router = router.route(path, methods.fallback(refuse));
    }
    let gate = Gate { app: app.clone(), access: Access::Anyone, takes: Takes::Form };
    let nothing = any(nothing).layer(from_fn_with_state(gate, guard));
    router.route("/admin/{*rest}", nothing)
}

async fn nothing(context: RequestContext) -> Response {
    page::error(&context, &Refused::nothing(context.texts().nothing_here)).into_response()
}
