//! `/api/docs` and `/api/openapi.json`: the interactive documentation of the API, which loads
//! nothing from elsewhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Server, server::ServerBuilder};
use utoipa::{Modify, OpenApi};
use wording::Texts;

use super::problem::{Problem, ProblemBody};
use super::{App, api, examples, not_found, pages, schema};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Room Booking",
        description = "Books rooms, and keeps their calendars free of cancelled leftovers and double \
                       bookings.\n\nEach path is served with and without a trailing slash, and `event` \
                       is accepted wherever `events` stands. Errors are `application/problem+json` \
                       (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        api::calendars::list,
        api::free::find,
        api::pending::list,
        api::picture::show,
        api::list_events::list,
        api::create_event::create,
        api::list_events::read_one,
        api::delete_event::delete,
        api::change_event::change,
        api::clear_bookings::clear,
        api::clear_bookings::clear_by_body,
    ),
    components(schemas(
        ProblemBody, schema::FieldError, schema::Event, schema::ListedEvent, schema::EventList,
        schema::NewEvent, schema::Created, schema::Calendar, schema::CalendarList, schema::Report,
        schema::Flag, schema::Reason, schema::CancelledReason, schema::Status,
    )),
    tags(
        (name = "Calendars", description = "What the key reaches"),
        (name = "Events", description = "Booking and reading"),
        (name = "Clearing", description = "Keeping calendars true"),
    ),
    modifiers(&Security),
)]
struct Documentation;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key: an administrator makes one at /admin"))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
        let needed = utoipa::openapi::SecurityRequirement::new("key", Vec::<String>::new());
        openapi.security = Some(vec![needed]);
    }
}

/// The OpenAPI 3.1 document of the API, for a server at an address. The dates of its examples are
/// fixed.
///
/// # Errors
///
/// When it cannot be written as JSON.
pub fn openapi(public_url: &str) -> serde_json::Result<String> {
    let mut document = Documentation::openapi();
    examples::add(&mut document);
    let server: Server = ServerBuilder::new().url(public_url).build();
    document.servers = Some(vec![server]);
    let mut text = document.to_pretty_json()?;
    text.push('\n');
    Ok(text)
}

/// `GET /api/openapi.json`
pub async fn document(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let text = openapi(&app.public_url()).map_err(|_| Problem::internal())?;
    let text = examples::with_dates_ahead(&text, app.service.now());
    Ok(api::json(text.into_bytes()))
}

#[derive(Template)]
#[template(path = "open/docs.html")]
struct Frame {
    t: &'static Texts,
    base: String,
}

const SCRIPT: &str = include_str!("../../assets/docs.js");

/// The page sets styles by script; everything else comes from this server only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'self'; \
                      form-action 'self'; frame-ancestors 'none'";

/// `GET /api/docs`
pub async fn page(State(app): State<App>, request: Request) -> Response {
    let mut page = pages::open(&request, |t| Frame { t, base: app.base_path() }.render());
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    page
}

/// `GET /api/docs/{file}`: the parts of the page.
pub async fn file(Path(file): Path<String>) -> Response {
    if file == "docs.js" {
        return ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response();
    }
    let is_part = matches!(file.as_str(), "swagger-ui.css" | "swagger-ui-bundle.js");
    let config = Arc::new(utoipa_swagger_ui::Config::default());
    match utoipa_swagger_ui::serve(&file, config) {
        Ok(Some(part)) if is_part => {
            let headers =
                [(CONTENT_TYPE, part.content_type.as_str()), (CACHE_CONTROL, "max-age=86400")];
            (headers, part.bytes.to_vec()).into_response()
        }
        _ => not_found().into_response(),
    }
}
