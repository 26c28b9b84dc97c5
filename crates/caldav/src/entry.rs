//! Turns a person's input into addresses that may lead to calendars.

use url::{Host, Url};

use crate::{InvalidUrl, Result};

/// An address that may lead to calendars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) url: Url,
    /// Whether https is only a guess, so that a failure of it is not an error yet.
    pub(crate) is_guessed_plain: bool,
}

/// Entry points of known servers, tried in this order if `.well-known/caldav` (RFC 6764 section 5)
/// does not help.
const KNOWN: [&str; 7] =
    [".well-known/caldav", "remote.php/dav/", "", "SOGo/dav/", "dav/", "caldav.php/", "dav.php/"];

/// Path segments that end the installation's own path.
const INSTALLATION_ENDS: [&str; 6] =
    ["/index.php", "/apps/", "/remote.php", "/ocs/", "/status.php", "/login"];

/// The addresses to try, in order.
pub(crate) fn candidates(from: &str) -> Result<Vec<Entry>> {
    let mut found: Vec<Entry> = Vec::new();
    for base in bases(from)? {
        for url in of_base(&base)? {
            let is_guessed_plain = base.is_guessed_plain;
            if !found.iter().any(|it| it.url == url) {
                found.push(Entry { url, is_guessed_plain });
            }
        }
    }
    Ok(found)
}

/// The input as addresses.
fn bases(from: &str) -> Result<Vec<Entry>> {
    let from = from.trim();
    if from.is_empty() || from.chars().any(|it| it.is_control() || it.is_whitespace()) {
        return Err(InvalidUrl::Blank.into());
    }
    if let Some((scheme, rest)) = from.split_once("://") {
        let scheme = match &*scheme.to_ascii_lowercase() {
            "https" | "caldavs" | "davs" => "https",
            "http" | "caldav" | "dav" => "http",
            _ => return Err(InvalidUrl::Beginning.into()),
        };
        return Ok(vec![Entry {
            url: parsed(&format!("{scheme}://{rest}"))?,
            is_guessed_plain: false,
        }]);
    }
    // The domain of an email address; before a path, the first part would be a user name.
    let host = match from.rsplit_once('@') {
        Some((_, domain)) if !from.contains('/') => domain,
        Some(_) => return Err(InvalidUrl::UserName.into()),
        None => from,
    };
    let mut bases =
        vec![Entry { url: parsed(&format!("https://{host}"))?, is_guessed_plain: false }];
    if is_local(&bases[0].url) {
        let url = parsed(&format!("http://{host}"))?;
        bases.insert(0, Entry { url, is_guessed_plain: true });
    }
    Ok(bases)
}

fn parsed(text: &str) -> Result<Url> {
    // The text may contain a password, so it is not repeated.
    let url = Url::parse(text).map_err(|error| InvalidUrl::Quoted(error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidUrl::Password.into());
    }
    match url.host() {
        Some(_) => Ok(url),
        None => Err(InvalidUrl::NoHost.into()),
    }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The addresses to try for an entered one.
fn of_base(entry: &Entry) -> Result<Vec<Url>> {
    let mut given = entry.url.clone();
    given.set_query(None);
    given.set_fragment(None);
    let path = given.path().to_owned();
    let end = INSTALLATION_ENDS.iter().filter_map(|it| path.find(it)).min();
    let is_web_page = end.is_some_and(|at| !path[at..].starts_with("/remote.php"));
    let mut found = Vec::new();
    if path != "/" && !is_web_page {
        found.push(given.clone());
    }
    // The installation may lie below a path: /nextcloud/apps/calendar, or /nextcloud alone.
    let below = end.map_or_else(|| path.trim_end_matches('/'), |at| &path[..at]);
    let mut folders = vec![format!("{}/", below)];
    if !below.is_empty() {
        folders.push("/".to_owned());
    }
    for folder in folders {
        for known in KNOWN {
            // Of what was entered as a path, only the entry of Nextcloud lies below.
            if folder != "/" && known != "remote.php/dav/" {
                continue;
            }
            let mut url = given.clone();
            url.set_path(&format!("{folder}{known}"));
            found.push(url);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn asked(from: &str) -> Vec<String> {
        candidates(from).unwrap().iter().map(|it| it.url.to_string()).collect()
    }

    #[test]
    fn a_host_is_asked_at_its_well_known_address_and_then_where_nextcloud_is() {
        let asked = asked("cloud.example.org");
        assert_eq!(asked[0], "https://cloud.example.org/.well-known/caldav");
        assert_eq!(asked[1], "https://cloud.example.org/remote.php/dav/");
        assert_eq!(asked[2], "https://cloud.example.org/");
        assert!(asked.iter().all(|it| it.starts_with("https://")));
    }

    #[test]
    fn an_e_mail_address_means_its_domain() {
        assert_eq!(asked("room-1@example.org"), asked("example.org"));
    }

    #[test]
    fn the_address_that_a_browser_shows_of_a_nextcloud_means_its_server() {
        for from in [
            "https://cloud.example.org/apps/calendar/timeGridWeek/now",
            "https://cloud.example.org/index.php/apps/calendar",
            "cloud.example.org/login?redirect=1",
        ] {
            assert_eq!(asked(from)[0], "https://cloud.example.org/.well-known/caldav", "{from}");
        }
        let below = asked("https://example.org/nextcloud/index.php/apps/calendar/");
        assert_eq!(below[0], "https://example.org/nextcloud/remote.php/dav/");
        assert_eq!(below[1], "https://example.org/.well-known/caldav");
    }

    #[test]
    fn the_address_of_a_calendar_is_asked_first() {
        let from = "https://cloud.example.org/remote.php/dav/calendars/room-1/meeting-room-1/";
        assert_eq!(asked(from)[0], from);
        assert_eq!(
            asked("example.org/nextcloud")[1],
            "https://example.org/nextcloud/remote.php/dav/"
        );
    }

    #[test]
    fn this_machine_is_asked_without_encryption_first_where_nobody_says() {
        let asked = asked("localhost:5232");
        assert_eq!(asked[0], "http://localhost:5232/.well-known/caldav");
        assert!(asked.contains(&"https://localhost:5232/.well-known/caldav".to_owned()));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for from in
            ["", "  ", "a b", "ftp://x", "https://", "https://user:secret@host/", "u:secret@h/x"]
        {
            let error = candidates(from).unwrap_err();
            assert!(matches!(error, Error::InvalidUrl(_)), "{from}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}
