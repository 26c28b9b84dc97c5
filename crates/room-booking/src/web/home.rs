//! The home page: purpose and usage.

use askama::Template;
use ical::civil::{Date, Day, date_of};
use wording::Texts;

#[derive(Template)]
#[template(path = "open/home.html")]
struct Home<'r> {
    t: &'static Texts,
    /// Where people reach the server, without a slash at its end.
    url: &'r str,
    /// Its path. Style and logo are linked by path: a browser that uses another name of the server,
    /// such as localhost, would refuse them from the public one (Content-Security-Policy: 'self').
    base: &'r str,
    monday: String,
    next_monday: String,
}

/// The page `/` in a language, with links and examples for the address by which people reach the
/// server. It needs no script and no inline style.
///
/// The examples are about the week that begins on `monday`.
///
/// # Errors
///
/// When it cannot be written.
pub fn page(t: &'static Texts, public_url: &str, monday: Day) -> askama::Result<String> {
    let url = public_url.trim_end_matches('/');
    // The examples are in single quotes of a shell, in which nothing can be escaped.
    let url = url.replace('\'', "%27");
    let base = path_of(&url);
    Home { t, url: &url, base, monday: date(monday), next_monday: date(monday + 7) }.render()
}

/// A date as ISO 8601 writes it.
fn date(day: Day) -> String {
    let Date { year, month, day } = date_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The path of a URL: empty, or with a leading slash.
fn path_of(url: &str) -> &str {
    let behind_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind_scheme.find('/').map_or("", |at| &behind_scheme[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::STYLE;

    /// 2026-11-30.
    const MONDAY: Day = 20_787;

    const LOGO: &str = include_str!("../../assets/logo.svg");
    const URL: &str = "https://example.org/rooms";

    /// The page in English.
    fn page(public_url: &str, monday: Day) -> String {
        super::page(wording::english(), public_url, monday).unwrap()
    }

    /// The texts between two marks.
    fn between<'t>(text: &'t str, from: &'t str, to: &'t str) -> Vec<&'t str> {
        text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
    }

    #[test]
    fn every_link_is_below_the_address() {
        let page = page(URL, MONDAY);
        let links: Vec<_> =
            [between(&page, "href=\"", "\""), between(&page, "src=\"", "\"")].concat();
        for link in [
            "https://example.org/rooms/admin",
            "https://example.org/rooms/api/docs",
            "/rooms/assets/site.css",
            "/rooms/assets/logo.svg",
        ] {
            assert!(links.contains(&link), "{link}");
        }
        for link in links {
            let is_below = link.strip_prefix(URL).is_some_and(|it| it.starts_with('/'));
            assert!(is_below || link.starts_with("/rooms/assets/") || link == "#content", "{link}");
        }
        assert_eq!(tests::page("https://example.org/rooms/", MONDAY), page);
    }

    #[test]
    fn without_a_path_style_and_logo_are_at_the_root() {
        let page = page("http://[::1]:8000", MONDAY);
        assert!(page.contains("href=\"/assets/site.css\"") && page.contains("src=\"/assets/logo"));
    }

    #[test]
    fn every_curl_line_has_its_whole_url_in_single_quotes() {
        let page = page(URL, MONDAY);
        let commands: Vec<_> =
            page.lines().filter_map(|line| line.find("curl ").map(|at| &line[at..])).collect();
        for call in [
            "curl -X POST 'https://example.org/rooms/api/meeting-room-1/events'",
            "curl 'https://example.org/rooms/api/meeting-room-1/events?start=",
            "curl -X DELETE 'https://example.org/rooms/api/meeting-room-1/events/ID'",
            "curl -X DELETE 'https://example.org/rooms/api/clear-bookings?test=1'",
            "curl -X DELETE 'https://example.org/rooms/api/clear-bookings'",
            "curl 'https://example.org/rooms/api/calendars'",
        ] {
            assert!(commands.iter().any(|it| it.starts_with(call)), "{call}");
        }
        for command in &commands {
            let parts: Vec<_> = command.split('\'').collect();
            let [before, url, after] = parts[..] else { panic!("{command}") };
            assert!(url.starts_with(&format!("{URL}/api/")), "{command}");
            assert!(!before.contains("://") && after == " \\", "{command}");
        }
        let keys = page.matches("-H \"Authorization: Bearer $KEY\"").count();
        assert_eq!(keys, commands.len());
    }

    #[test]
    fn a_hostile_address_stays_text_and_leaves_no_quotes() {
        let page = page("https://example.org/\"><script>alert(1)</script>&'; rm -rf ~; '", MONDAY);
        assert!(!page.contains("<script"));
        let safe = "https://example.org/&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;%27; \
                    rm -rf ~; %27";
        assert!(page.contains(&format!("curl '{safe}/api/calendars' \\")));
        assert!(page.contains(&format!("href=\"{safe}/admin\"")));
    }

    #[test]
    fn it_is_in_every_language() {
        for t in &wording::ALL {
            let page = super::page(t, URL, MONDAY).unwrap();
            assert!(page.contains(&format!("<html lang=\"{}\">", t.language.code)), "{page}");
            let english = super::page(wording::english(), URL, MONDAY).unwrap();
            for heading in ["<h1>", "<h2 id=\"usage\">", "<h2 id=\"answers\">", "<h2 id=\"rules\">"]
            {
                let [theirs, ours] = [&page, &english].map(|it| between(it, heading, "</h")[0]);
                assert_eq!(theirs == ours, t.language.code == "en", "{theirs}");
            }
            // Code is marked as such in every language, and no mark is left.
            assert!(!page.contains('`'), "{page}");
            assert_eq!(page.matches("<code>").count(), english.matches("<code>").count());
        }
    }

    #[test]
    fn the_page_asks_for_nothing_that_a_strict_content_security_policy_forbids() {
        let pages: String =
            wording::ALL.iter().map(|t| super::page(t, URL, MONDAY).unwrap()).collect();
        for forbidden in ["<script", "<style", " style=", " onclick=", "javascript:", "@import"] {
            assert!(!pages.contains(forbidden) && !STYLE.contains(forbidden), "{forbidden}");
        }
        assert!(!STYLE.contains("url("));
        assert!(!LOGO.contains("<style") && !LOGO.contains("<script") && !LOGO.contains(" style="));
    }
}
