//! Where a redirect may lead (RFC 9110 section 15.4).
//!
//! Credentials are sent only to the origin that an administrator entered: a redirect is followed
//! within it, and from `http` to `https` on the same host. Any other redirect is reported with the
//! new address, so that it can be entered.

use url::Url;

use crate::error::Redirected;
use crate::limits::MAX_WORDS;

/// The address that `location` leads to from `from`.
pub(crate) fn target(from: &Url, location: &str) -> Result<Url, Redirected> {
    let mut to = from.join(location.trim()).map_err(|_| Redirected::NotFollowed)?;
    to.set_fragment(None);
    let is_plain_name = to.username().is_empty() && to.password().is_none();
    if to.origin() == from.origin() && is_plain_name {
        return Ok(to);
    }
    let shown = shown(&to);
    if to.host() != from.host() || !is_plain_name {
        return Err(Redirected::ToAnotherOrigin { to: shown });
    }
    match (from.scheme(), to.scheme()) {
        ("http", "https") if is_upgrade(from, &to) => Ok(to),
        // A server behind a proxy may not know that it is reached by https; its http addresses are
        // followed with https.
        ("https", "http") if to.port().is_none() || to.port() == from.port() => {
            let port = from.port();
            let is_set = to.set_scheme("https").is_ok() && to.set_port(port).is_ok();
            if is_set { Ok(to) } else { Err(Redirected::ToPlainHttp { to: shown }) }
        }
        ("https", "http") => Err(Redirected::ToPlainHttp { to: shown }),
        _ => Err(Redirected::ToAnotherOrigin { to: shown }),
    }
}

/// Whether it is the same server with encryption: both on the usual ports, or on the same one.
fn is_upgrade(from: &Url, to: &Url) -> bool {
    from.port() == to.port()
}

/// An address without user name, password, query and fragment, shortened like all server texts.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Neither fails for an address with a host; others have neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    let shown = url.to_string();
    match shown.char_indices().nth(MAX_WORDS) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(from: &str, location: &str) -> Result<String, Redirected> {
        target(&Url::parse(from).unwrap(), location).map(|url| url.to_string())
    }

    #[test]
    fn it_is_followed_within_the_origin() {
        let from = "https://cloud.example.org/.well-known/caldav";
        assert_eq!(
            leads(from, "/remote.php/dav/").unwrap(),
            "https://cloud.example.org/remote.php/dav/"
        );
        assert_eq!(
            leads(from, "https://cloud.example.org:443/dav").unwrap(),
            "https://cloud.example.org/dav"
        );
    }

    #[test]
    fn it_is_followed_to_the_same_host_with_encryption() {
        assert_eq!(
            leads("http://a.example/x", "https://a.example/y").unwrap(),
            "https://a.example/y"
        );
        assert!(leads("http://a.example/x", "https://a.example:8443/y").is_err());
        assert!(leads("http://a.example:8080/x", "https://a.example/y").is_err());
    }

    #[test]
    fn a_server_that_does_not_know_its_own_encryption_is_asked_with_it() {
        assert_eq!(
            leads("https://a.example/x", "http://a.example/y").unwrap(),
            "https://a.example/y"
        );
        assert_eq!(
            leads("https://a.example:8443/x", "http://a.example/y").unwrap(),
            "https://a.example:8443/y"
        );
        let elsewhere = leads("https://a.example/x", "http://a.example:8080/y");
        assert!(matches!(elsewhere, Err(Redirected::ToPlainHttp { .. })));
    }

    #[test]
    fn it_is_not_followed_to_another_origin_and_names_it_without_secrets() {
        for to in [
            "https://evil.example/x",
            "//evil.example/x",
            "https://a.example:8443/x",
            "ftp://a.example/x",
        ] {
            let error = leads("https://a.example/x", to);
            assert!(matches!(error, Err(Redirected::ToAnotherOrigin { .. })), "{to}: {error:?}");
        }
        let error = leads("https://a.example/x", "https://user:secret@b.example/x?token=secret");
        assert_eq!(
            error.unwrap_err(),
            Redirected::ToAnotherOrigin { to: "https://b.example/x".to_owned() }
        );
    }
}
