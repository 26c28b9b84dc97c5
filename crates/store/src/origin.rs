//! The server that an address names, and where its password may be sent.

/// The server that an account's password is bound to: the origin of its address (RFC 6454), or the host, with
/// its port where there is one, of an address that names no scheme.
pub fn server_of(address: &str) -> String {
    let address = address.trim();
    if address.contains("://") {
        let origin = url::Url::parse(address).map(|it| it.origin());
        return match origin {
            Ok(origin) if origin.is_tuple() => origin.ascii_serialization(),
            _ => address.to_owned(),
        };
    }
    let url = host_without_scheme(address);
    let host = url.as_ref().and_then(|url| Some((url.host_str()?, url.port())));
    match host {
        Some((host, Some(port))) => format!("{host}:{port}"),
        Some((host, None)) => host.to_owned(),
        None => address.to_owned(),
    }
}

/// The URL of the host that an address without a scheme names, such as a mail address.
fn host_without_scheme(address: &str) -> Option<url::Url> {
    let domain = address.rsplit_once('@').filter(|_| !address.contains('/'));
    let host = domain.map_or(address, |(_, domain)| domain).split('/').next();
    url::Url::parse(&format!("https://{}", host?)).ok().filter(url::Url::has_host)
}

/// Whether a URL is on the server of an address: where a password for the address may be sent. From http to
/// https, the server stays the same.
pub fn is_on_server_of(url: &url::Url, address: &str) -> bool {
    let address = address.trim();
    if !address.contains("://") {
        let Some(of) = host_without_scheme(address) else { return false };
        let ports = [url.port(), url.port_or_known_default()];
        let is_http = matches!(url.scheme(), "http" | "https");
        return is_http && of.host() == url.host() && ports.contains(&of.port());
    }
    let Ok(of) = url::Url::parse(address) else { return false };
    let is_upgrade = of.scheme() == "http"
        && url.scheme() == "https"
        && of.host() == url.host()
        && of.port() == url.port();
    of.origin().is_tuple() && (of.origin() == url.origin() || is_upgrade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_bound_to_the_origin_of_an_address_or_to_its_host() {
        for (address, server) in [
            ("https://dav.example.org/principals/rooms/", "https://dav.example.org"),
            ("https://DAV.example.org:443/", "https://dav.example.org"),
            ("https://dav.example.org:8443/", "https://dav.example.org:8443"),
            ("http://127.0.0.1:5232/", "http://127.0.0.1:5232"),
            ("http://user:secret@[::1]:5232/x?y#z", "http://[::1]:5232"),
            ("rooms@example.org", "example.org"),
            (" dav.example.org/calendars/a@b/ ", "dav.example.org"),
            ("rooms@dav.example.org/calendars/", "dav.example.org"),
            ("localhost:80", "localhost:80"),
            ("", ""),
            ("mailto://", "mailto://"),
        ] {
            assert_eq!(server_of(address), server, "{address}");
        }
    }

    #[test]
    fn a_password_is_sent_to_the_server_of_its_address_alone() {
        let is_on = |url: &str, address| is_on_server_of(&url::Url::parse(url).unwrap(), address);
        for (url, address) in [
            ("https://dav.example.org/rooms/1/", "https://dav.example.org/principals/x/"),
            ("https://dav.example.org/rooms/1/", "https://dav.example.org:443"),
            ("https://dav.example.org/rooms/1/", "http://dav.example.org/"),
            ("https://dav.example.org/", "dav.example.org"),
            ("https://dav.example.org/", "rooms@dav.example.org"),
            ("http://127.0.0.1:5232/a/", "127.0.0.1:5232"),
            ("http://localhost/", "localhost:80"),
            ("https://dav.example.org:8443/", "https://dav.example.org:8443/"),
        ] {
            assert!(is_on(url, address), "{url} for {address}");
        }
        for (url, address) in [
            ("https://evil.example/", "https://dav.example.org/"),
            ("https://dav.example.org.evil.example/", "dav.example.org"),
            ("https://dav.example.org:444/", "https://dav.example.org/"),
            ("http://dav.example.org/", "https://dav.example.org/"),
            ("https://dav.example.org:8443/", "http://dav.example.org/"),
            ("https://example.org:8443/", "rooms@example.org"),
            ("ftp://example.org/", "rooms@example.org"),
            ("https://evil.example/", ""),
            ("https://evil.example/", "://"),
        ] {
            assert!(!is_on(url, address), "{url} for {address}");
        }
    }
}
