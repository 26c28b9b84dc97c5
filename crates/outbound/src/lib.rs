//! Connections to other programs: TLS, HTTP without surprises, and why there is no answer.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

/// TLS that trusts the authorities of the system, and these.
///
/// The provider is named, because the database driver uses the same one, and a process should have only one.
///
/// # Errors
///
/// What the library says, such as that the system has no authorities.
pub fn tls(authorities: &[CertificateDer<'static>]) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = authorities.iter().cloned();
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider));
    let verifier = verifier.map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// A client of HTTP/1.1 that sends a request once, to that address and to no other: without redirects, repetitions and
/// proxies. `headers` go with each request; `connect` is how long a connection may take, `timeout` how long all of an
/// answer may.
///
/// # Errors
///
/// What [`tls`] says.
pub fn client(
    authorities: &[CertificateDer<'static>],
    headers: HeaderMap,
    (connect, timeout): (Duration, Duration),
) -> Result<reqwest::Client, String> {
    #[allow(clippy::disallowed_methods, reason = "TLS is named")]
    let client = reqwest::Client::builder()
        .user_agent(concat!("RoomBooking/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .tls_backend_preconfigured(tls(authorities)?)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .http1_only()
        .connect_timeout(connect)
        .timeout(timeout)
        .build();
    client.map_err(|error| error.to_string())
}

/// What an error's innermost cause says: the reason that people need. Those of HTTP clients name the address further out.
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(std::io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("https://hooks.example.org/geheim")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn the_innermost_reason_does_not_name_the_address() {
        let refused = std::io::Error::other("connection refused");
        assert_eq!(innermost(&Outer(refused)), "connection refused");
    }
}
