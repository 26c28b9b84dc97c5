//! The home page and static files.

use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use ical::Moment;
use ical::civil::{DAY, Day, weekday};

use super::{App, home, not_found};

/// `GET /`: its examples are about next week.
pub async fn home(State(app): State<App>) -> Response {
    html(home::page(&app.public_url(), next_monday(app.service.now())))
}

fn next_monday(now: Moment) -> Day {
    let today = now.0.div_euclid(DAY) as Day;
    (1..=7).map(|days| today + days).find(|day| weekday(*day) == MONDAY).unwrap_or(today)
}

/// As [`weekday`] counts.
const MONDAY: u32 = 0;

fn html(text: String) -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

/// The style sheet of all pages but those of the API's document.
pub const STYLE: &str = concat!(
    include_str!("../../assets/style/pages.css"),
    "\n",
    include_str!("../../assets/style/admin.css"),
    "\n",
    include_str!("../../assets/style/day.css"),
    "\n",
    include_str!("../../assets/style/week.css"),
    "\n",
    include_str!("../../assets/style/month.css"),
    "\n",
    include_str!("../../assets/style/report.css"),
    "\n",
    include_str!("../../assets/style/preferences.css"),
);

/// `GET /assets/{file}`
pub async fn asset(Path(file): Path<String>) -> Response {
    let (kind, text) = match file.as_str() {
        "site.css" => ("text/css; charset=utf-8", STYLE),
        "docs.css" => ("text/css; charset=utf-8", include_str!("../../assets/docs.css")),
        "site.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/site.js")),
        "calendar.js" => {
            ("text/javascript; charset=utf-8", include_str!("../../assets/calendar.js"))
        }
        "week.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/week.js")),
        "logo.svg" => ("image/svg+xml", include_str!("../../assets/logo.svg")),
        _ => return not_found().into_response(),
    };
    // The preview of a template is a sandbox without an origin; it may load the style sheet
    // nevertheless.
    let policy = if file == "site.css" { "cross-origin" } else { "same-origin" };
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "max-age=3600"),
        (HeaderName::from_static("cross-origin-resource-policy"), policy),
    ];
    (headers, text).into_response()
}
