//! The HTTP server: its routes and middleware.

mod address;
pub mod admin;
mod api;
mod auth;
mod body;
mod connections;
pub mod docs;
mod examples;
#[doc(hidden)]
pub mod fuzzed;
mod health;
pub mod home;
mod links;
mod local_path;
mod pages;
mod problem;
mod query;
mod rate;
mod schema;
pub mod server;
mod strict;
mod write_timeout;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_SECURITY_POLICY, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get};
use facts::new_id;
use ipnet::IpNet;
use operations::{Clock, Service, Stage, Stopping};
use tower::ServiceBuilder;
use tower::util::MapRequestLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::normalize_path::NormalizePath;
use tracing::Instrument as _;

use crate::metrics::requests;
use crate::settings::Settings;
use problem::Problem;

/// The state that all handlers share.
#[derive(Clone)]
pub struct App {
    /// The operations.
    pub service: Service,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// The cache of API keys.
    pub keys: Arc<auth::Keys>,
    /// The limits of sign-in attempts.
    pub sign_ins: Arc<admin::SignInLimits>,
    /// The limit of requests for links in messages.
    pub links: Arc<links::LinkLimit>,
    /// The once-only forms that were sent.
    pub sent_forms: Arc<admin::SentForms>,
    /// What was typed into forms whose sessions had ended.
    pub kept_forms: Arc<admin::KeptForms>,
    /// Whether the database can be written.
    pub readiness: Arc<health::Readiness>,
}

impl App {
    /// An application on a service.
    pub fn new(service: Service, settings: Settings) -> App {
        App {
            keys: Arc::new(auth::Keys::new(&service.clock)),
            sign_ins: Arc::new(admin::SignInLimits::new(&service.clock)),
            links: Arc::new(links::limit(&service.clock)),
            kept_forms: Arc::new(admin::KeptForms::new(&service.clock)),
            readiness: Arc::new(health::Readiness::new(
                service.store.clone(),
                service.clock.clone(),
            )),
            service,
            settings: Arc::new(settings),
            sent_forms: Arc::default(),
        }
    }

    /// The public URL, without a trailing slash.
    pub fn public_url(&self) -> String {
        self.settings.public_url.as_str().trim_end_matches('/').to_owned()
    }

    /// The path of [`App::public_url`]: empty, or `/rooms` behind a proxy.
    pub fn base_path(&self) -> String {
        self.settings.public_url.path().trim_end_matches('/').to_owned()
    }
}

/// The peer of a request without a connection, in tests.
const UNKNOWN_PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// All routes. Each is served with and without a trailing slash, and `event` is accepted for
/// `events`.
pub fn router(app: App) -> Router {
    let finish = Finish::of(&app);
    let events = get(api::list_events::list).post(api::create_event::create);
    let event = get(api::list_events::read_one)
        .delete(api::delete_event::delete)
        .patch(api::change_event::change);
    let clearing = delete(api::clear_bookings::clear).post(api::clear_bookings::clear_by_body);
    let router = Router::new()
        .route("/", only("GET, HEAD", get(pages::home)))
        .route("/assets/{file}", only("GET, HEAD", get(pages::asset)))
        .route("/healthz", only("GET, HEAD", get(health::alive)))
        .route("/readyz", only("GET, HEAD", get(health::ready)))
        .route("/api/docs", only("GET, HEAD", get(docs::page)))
        .route("/api/docs/{file}", only("GET, HEAD", get(docs::file)))
        .route("/api/openapi.json", only("GET, HEAD", get(docs::document)))
        .route("/api/calendars", only("GET, HEAD", get(api::calendars::list)))
        .route("/api/free", only("GET, HEAD", get(api::free::find)))
        .route("/api/pending", only("GET, HEAD", get(api::pending::list)))
        .route("/api/clear-bookings", only("DELETE, POST", clearing))
        .route("/api/{calendar}/picture", only("GET, HEAD", get(api::picture::show)))
        .route("/api/{calendar}/events", only("GET, HEAD, POST", events.clone()))
        .route("/api/{calendar}/event", only("GET, HEAD, POST", events))
        .route("/api/{calendar}/events/{id}", only("GET, HEAD, PATCH, DELETE", event.clone()))
        .route("/api/{calendar}/event/{id}", only("GET, HEAD, PATCH, DELETE", event))
        .route("/links/{token}", only("GET, HEAD, POST", get(links::link).post(links::link)))
        .merge(admin::router(&app))
        .route_layer(from_fn(requests::note_route))
        .fallback(async || not_found())
        .with_state(app);
    finished(router, finish)
}

/// Middleware of all routes: an ambiguous request is refused, a panic becomes an error response,
/// responses are completed, and a trailing slash is ignored.
fn finished(router: Router, with: Finish) -> Router {
    Router::new()
        .fallback_service(NormalizePath::trim_trailing_slash(router))
        .layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
        // Before the trailing slash is removed, which would hide a second one.
        .layer(from_fn(strict::check))
        .layer(from_fn_with_state(with, finish))
}

/// A route with these methods; all others get 405.
fn only(allowed: &'static str, methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.fallback(move || async move { Problem::method_not_allowed(allowed) })
}

fn not_found() -> Problem {
    let detail = "there is nothing at this path; /api/docs lists what there is";
    Problem::new(StatusCode::NOT_FOUND, detail)
}

/// The Content-Security-Policy of pages: styles and pictures from this server only.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CACHE: HeaderName = HeaderName::from_static("cache-control");

/// HSTS (RFC 6797): for a year, browsers use https only. It says nothing of subdomains, which may
/// belong to others.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What completes responses.
#[derive(Clone, Debug)]
struct Finish {
    clock: Clock,
    stopping: Stopping,
    /// Whether people reach the server over https.
    is_https: bool,
    /// Whose word is taken for the trace that a request belongs to.
    trusted: Arc<[IpNet]>,
}

impl Finish {
    fn of(app: &App) -> Finish {
        let is_https = app.settings.public_url.scheme() == "https";
        let service = &app.service;
        let trusted = app.settings.trusted_proxies.as_slice().into();
        let (clock, stopping) = (service.clock.clone(), service.stopping.clone());
        Finish { clock, stopping, is_https, trusted }
    }
}

/// Adds a request id and security headers to each response, and logs the request.
async fn finish(State(with): State<Finish>, request: Request, next: Next) -> Response {
    let Finish { clock, stopping, is_https, trusted } = with;
    let id = new_id();
    let begun = clock.instant();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let has_large_body = has_large_body(&request);
    let span = tracing::info_span!("request", id);
    let mut response = match traces::are_on() {
        true => traced(request, next, (&id, &trusted)).instrument(span).await,
        false => next.run(request).instrument(span).await,
    };
    let status = response.status();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    if is_https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
    headers.entry(CACHE).or_insert(HeaderValue::from_static("no-store"));
    let is_refused = status.is_client_error() || status.is_server_error();
    if has_large_body && is_refused || stopping.has_come(Stage::Draining) {
        // A request may be refused before it is read, and then the connection is closed: a client
        // that is not told would send its next request into it. A server that drains closes all.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    let took = clock.elapsed(begun);
    requests::count(&method, &response, took);
    let duration_ms = took.as_millis() as u64;
    if status.is_server_error() {
        let path = shown(uri.path());
        tracing::warn!(id, %method, path, status = status.as_u16(), duration_ms, "request answered");
    } else {
        // What is not logged is not worked out.
        tracing::debug!(
            id,
            %method,
            path = shown(uri.path()),
            status = status.as_u16(),
            duration_ms,
            "request answered"
        );
    }
    response
}

/// Answers a request within a span of its own.
async fn traced(request: Request, next: Next, (id, trusted): (&str, &[IpNet])) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let span = requests::traced(&request, shown(uri.path()), id);
    if address::is_of_proxy(request.extensions(), trusted) {
        traces::continue_from(&span, request.headers());
    }
    let response = next.run(request).instrument(span.clone()).await;
    requests::answered(&span, &method, &response);
    response
}

/// A path for the log: one-time links are hidden, because they grant access, and so is what stands
/// in a path that is refused, which may be one.
fn shown(path: &str) -> &str {
    if !local_path::is_normal(path) {
        return "(not normal)";
    }
    let secret = ["/admin/first/", "/admin/link/", operations::LINK_PATH]
        .into_iter()
        .find(|it| path.starts_with(it));
    secret.unwrap_or(path)
}

/// Bodies up to this size arrive with the head of a request, or soon after.
const SMALL_BODY: u64 = 4_096;

fn has_large_body(request: &Request) -> bool {
    let size = axum::body::HttpBody::size_hint(request.body());
    size.upper().is_none_or(|upper| upper > SMALL_BODY)
}

/// Adds the peer address of a connection to its requests.
pub(crate) fn with_peer<S>(
    service: S,
    peer: SocketAddr,
) -> impl tower::Service<
    hyper::Request<hyper::body::Incoming>,
    Response = S::Response,
    Error = S::Error,
    Future = S::Future,
> + Clone
where
    S: tower::Service<Request> + Clone,
{
    ServiceBuilder::new()
        .layer(MapRequestLayer::new(move |request: hyper::Request<hyper::body::Incoming>| {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(peer);
            request
        }))
        .service(service)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    #[test]
    fn the_log_shows_no_one_time_link() {
        assert_eq!(shown("/admin/link/geheim"), "/admin/link/");
        assert_eq!(shown("/admin/first/geheim/"), "/admin/first/");
        assert_eq!(shown("/links/7.geheim"), "/links/");
        assert_eq!(shown("//admin/link/geheim"), "(not normal)");
        assert_eq!(shown("/admin/history/7"), "/admin/history/7");
    }

    #[test]
    fn a_panic_is_a_problem_that_tells_nothing_of_its_cause() {
        #[allow(clippy::panic, reason = "it is what is tested")]
        async fn broken() -> &'static str {
            panic!("geheim")
        }
        let (clock, stopping) = (Clock::system(), Stopping::default());
        let with = Finish { clock, stopping, is_https: false, trusted: Arc::new([]) };
        let router = finished(Router::new().route("/broken", get(broken)), with);
        testing::block_on(async {
            let request =
                Request::builder().uri("/broken/").header("host", "a").body(Body::empty()).unwrap();
            let response = router.oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert_eq!(response.headers()["x-request-id"].len(), 22);
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains("\"status\":500") && !body.contains("geheim"), "{body}");
        });
    }
}
