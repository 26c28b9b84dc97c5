//! The home page and static files.

use std::io::Write as _;
use std::sync::LazyLock;

use axum::extract::{Path, Request, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use ical::Moment;
use ical::civil::{DAY, Day, weekday};

use wording::Texts;

use super::admin::guard::{accepted_languages, in_language};
use super::problem::Problem;
use super::{App, home, not_found};

/// `GET /`: its examples are about next week.
pub async fn home(State(app): State<App>, request: Request) -> Response {
    let monday = next_monday(app.service.now());
    open(&request, |t| home::page(t, &app.public_url(), monday))
}

/// A page that needs no sign-in, in the language that the reader prefers.
pub fn open(
    request: &Request,
    page: impl FnOnce(&'static Texts) -> askama::Result<String>,
) -> Response {
    let t = wording::preferred(&accepted_languages(request.headers()));
    match page(t) {
        Ok(text) => {
            let kind = [(CONTENT_TYPE, "text/html; charset=utf-8")];
            in_language(t, (kind, text).into_response())
        }
        Err(_) => Problem::internal().into_response(),
    }
}

fn next_monday(now: Moment) -> Day {
    let today = now.0.div_euclid(DAY) as Day;
    (1..=7).map(|days| today + days).find(|day| weekday(*day) == MONDAY).unwrap_or(today)
}

/// As [`weekday`] counts.
const MONDAY: u32 = 0;

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

/// A static file, as it is and packed (gzip). Pages are not packed: they have secrets of their reader in them beside
/// what others wrote, and their length would tell of both.
struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    packed: Option<Vec<u8>>,
}

impl Asset {
    fn new((name, kind, text): (&'static str, &'static str, &'static str)) -> Asset {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        // Writing to memory does not fail; a file that could not be packed is sent as it is.
        let packed = packer.write_all(text.as_bytes()).and_then(|()| packer.finish()).ok();
        Asset { name, kind, text, packed }
    }
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let files = [
        ("site.css", CSS, STYLE),
        ("docs.css", CSS, include_str!("../../assets/docs.css")),
        ("site.js", SCRIPT, include_str!("../../assets/site.js")),
        ("calendar.js", SCRIPT, include_str!("../../assets/calendar.js")),
        ("week.js", SCRIPT, include_str!("../../assets/week.js")),
        ("logo.svg", "image/svg+xml", include_str!("../../assets/logo.svg")),
    ];
    files.into_iter().map(Asset::new).collect()
});

/// Whether the sender of a request takes gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|it| it.to_str().ok());
    accepted.flat_map(|it| it.split(',')).any(|it| {
        let (name, weight) = it.split_once(';').unwrap_or((it, ""));
        let is_refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|it| it.trim().parse::<f32>().is_ok_and(|it| it <= 0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

/// `GET /assets/{file}`
pub async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|it| it.name == file) else {
        return not_found().into_response();
    };
    // The preview of a template is a sandbox without an origin; it may load the style sheet
    // nevertheless.
    let policy = if file == "site.css" { "cross-origin" } else { "same-origin" };
    let common = [
        (CONTENT_TYPE, asset.kind),
        (CACHE_CONTROL, "max-age=3600"),
        (VARY, "accept-encoding"),
        (HeaderName::from_static("cross-origin-resource-policy"), policy),
    ];
    match &asset.packed {
        Some(packed) if takes_gzip(&headers) => {
            (common, [(CONTENT_ENCODING, "gzip")], packed.as_slice()).into_response()
        }
        _ => (common, asset.text).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use axum::http::HeaderValue;
    use flate2::read::GzDecoder;
    use http_body_util::BodyExt as _;

    use super::*;

    async fn sent(file: &str, accepted: &'static str) -> (Option<HeaderValue>, Vec<u8>) {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
        let response = asset(Path(file.to_owned()), headers).await;
        let encoding = response.headers().get(CONTENT_ENCODING).cloned();
        (encoding, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    #[test]
    fn styles_and_scripts_are_packed_for_those_who_take_it() {
        let sent = |file, accepted| testing::block_on(sent(file, accepted));
        let (encoding, body) = sent("site.css", "br, gzip;q=0.8");
        assert_eq!(encoding.unwrap(), "gzip");
        assert!(body.len() < STYLE.len() / 3, "{}", body.len());
        let mut text = String::new();
        GzDecoder::new(body.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, STYLE);
        for accepted in ["identity", "gzip;q=0", "br, x-gzip-like"] {
            assert_eq!(sent("site.css", accepted), (None, STYLE.as_bytes().to_vec()));
        }
    }
}
