//! Who may use the routes beyond those of `routes.rs`: what is there without a session, such as links in messages and
//! health, and the pages of a provider where there is one.

use std::collections::BTreeSet;

use axum::{Json, Router, routing::get};
use operations::Vouched;
use reqwest::Method;
use serde_json::json;
use store::identities::IdentityKind;
use testing::{Database, block_on};

use crate::app::Site;
use crate::links::Warned;
use crate::routes::Comes::{Done, Forbidden, Page, SignIn};
use crate::routes::{Row, ask, browser};

/// Method, route, a path of it, and the status: the same for a stranger, an ordinary user and an administrator. A session
/// of the site is none for the API.
const ANYBODY: &[(&str, &str, &str, u16)] = &[
    ("GET", "/", "/", 200),
    ("GET", "/assets/{file}", "/assets/site.css", 200),
    ("GET", "/assets/{file}", "/assets/passwd", 404),
    ("GET", "/healthz", "/healthz", 200),
    ("POST", "/healthz", "/healthz", 405),
    ("GET", "/readyz", "/readyz", 200),
    ("POST", "/readyz", "/readyz", 405),
    ("GET", "/links/{token}", "/links/wrong", 404),
    ("POST", "/links/{token}", "/links/wrong", 422),
    ("GET", "/links/{token}", "/links/ASK", 200),
    ("POST", "/links/{token}", "/links/ASK", 422),
    ("DELETE", "/links/{token}", "/links/ASK", 405),
    ("GET", "/api/docs", "/api/docs", 200),
    ("GET", "/api/docs/{file}", "/api/docs/docs.js", 200),
    ("GET", "/api/docs/{file}", "/api/docs/passwd", 404),
    ("GET", "/api/openapi.json", "/api/openapi.json", 200),
    ("GET", "/api/calendars", "/api/calendars", 401),
    ("GET", "/api/free", "/api/free", 401),
    ("GET", "/api/pending", "/api/pending", 401),
    ("DELETE", "/api/clear-bookings", "/api/clear-bookings", 401),
    ("POST", "/api/clear-bookings", "/api/clear-bookings", 401),
    ("GET", "/api/{calendar}/picture", "/api/room-1/picture", 401),
    ("GET", "/api/{calendar}/events", "/api/room-1/events", 401),
    ("POST", "/api/{calendar}/events", "/api/room-1/events", 401),
    ("GET", "/api/{calendar}/event", "/api/room-1/event", 401),
    ("POST", "/api/{calendar}/event", "/api/room-1/event", 401),
    ("GET", "/api/{calendar}/events/{id}", "/api/room-1/events/apple", 401),
    ("PATCH", "/api/{calendar}/events/{id}", "/api/room-1/events/apple", 401),
    ("DELETE", "/api/{calendar}/events/{id}", "/api/room-1/events/apple", 401),
    ("GET", "/api/{calendar}/event/{id}", "/api/room-1/event/apple", 401),
    ("PATCH", "/api/{calendar}/event/{id}", "/api/room-1/event/apple", 401),
    ("DELETE", "/api/{calendar}/event/{id}", "/api/room-1/event/apple", 401),
];

#[test]
fn every_route_that_is_no_page_has_its_row_here() {
    let source = include_str!("../../src/web/mod.rs");
    let source = source.split("#[cfg(test)]").next().unwrap();
    let declared = source.split(".route(\"").skip(1).filter_map(|it| it.split('"').next());
    let declared: BTreeSet<_> = declared.collect();
    let tested: BTreeSet<_> = ANYBODY.iter().map(|it| it.1).collect();
    assert_eq!(declared, tested);
}

#[test]
fn routes_that_are_no_pages_answer_everybody_alike() {
    block_on(async {
        let warned = Warned::on(Database::sqlite().await).await;
        let link = warned.links("berry@example.org").remove("ask").unwrap();
        for (method, _, path, status) in ANYBODY {
            let path = path.replace("/links/ASK", &link);
            for role in 0..3 {
                let mut browser = browser(&warned.site, role).await;
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let form = [("version", "1")];
                let form = (method == Method::POST).then_some(&form[..]);
                let seen = browser.send(method.clone(), &path, &[], form).await;
                assert_eq!(seen.status, *status, "{method} {path} as {role}: {seen:?}");
            }
        }
    });
}

/// As `ROWS` of `routes.rs`, where there is a provider and bob has an identity there.
#[rustfmt::skip]
const WITH_PROVIDER: &[Row] = &[
    ("GET", "/admin/sign-in", "/admin/sign-in", &[], [Page, Done, Done]),
    ("GET", "/admin/sign-in/openid", "/admin/sign-in/openid", &[], [Done, Done, Done]),
    // An answer of the provider that belongs to no sign-in of this browser.
    ("GET", "/admin/sign-in/openid/callback", "/admin/sign-in/openid/callback?code=x&state=y", &[], [Done, Done, Done]),
    ("GET", "/admin/sign-out/openid", "/admin/sign-out/openid", &[], [Done, Done, Done]),
    ("GET", "/admin/users/{user}", "/admin/users/2", &[], [SignIn, Forbidden, Page]),
    ("POST", "/admin/users/{user}/identities/{kind}/remove", "/admin/users/2/identities/openid/remove", &[], [SignIn, Forbidden, Done]),
];

/// A provider that says where its pages are, and no more; its issuer.
async fn provider() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(async || Json(metadata)))
        .route("/keys", get(async || Json(json!({ "keys": [] }))));
    tokio::spawn(async move { axum::serve(listener, router).await });
    issuer
}

#[test]
fn the_pages_of_a_provider_are_for_whom_their_rows_say() {
    block_on(async {
        let issuer = provider().await;
        let variables = [
            ("OIDC_ISSUER", issuer.as_str()),
            ("OIDC_CLIENT_ID", "room-booking"),
            ("OIDC_CLIENT_SECRET", "geheim"),
        ];
        let site = Site::on(Database::sqlite().await, &variables).await;
        let bob = Vouched {
            kind: IdentityKind::OpenId,
            issuer: issuer.clone(),
            subject: "248289761001".to_owned(),
            name: Some("bob".to_owned()),
            address: Some("bob@example.org".to_owned()),
            is_address_verified: true,
            is_administrator: None,
        };
        let client = operations::Browser::default();
        let bound = site.service.people().sign_in_vouched(&bob, false, &client).await.unwrap();
        assert_eq!(bound.unwrap().user, site.bob);
        for row in WITH_PROVIDER {
            for role in 0..3 {
                let mut browser = browser(&site, role).await;
                let seen = ask(&site, &mut browser, row, role).await;
                row.4[role].is(&seen, &format!("{} {} as {role}", row.0, row.2));
            }
        }
        // A stranger is led to the provider, who is signed in to where they were going.
        let path = "/admin/sign-in/openid";
        let led = site.stranger().get(path).await;
        assert!(led.leads_to().starts_with(&format!("{issuer}/authorize?")), "{led:?}");
        assert_eq!(site.browser(site.bob).await.get(path).await.leads_to(), "/admin");
        let ended = site.stranger().get("/admin/sign-out/openid").await;
        assert!(ended.leads_to().starts_with(&format!("{issuer}/end")), "{ended:?}");
        // An answer that nobody asked for neither signs in nor out.
        let mut signed_in = site.browser(site.bob).await;
        let refused = signed_in.clone().get("/admin/sign-in/openid/callback?code=x&state=y").await;
        assert_eq!(refused.status, 401, "{refused:?}");
        assert_eq!(signed_in.get("/admin").await.status, 200);
    });
}
