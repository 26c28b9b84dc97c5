//! Certificate authorities of a file.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Why a file of certificate authorities cannot be used. Its text is English, for logs; `operations` has a message for
/// each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthoritiesFault {
    /// What the system or the PEM parser said.
    #[error("{0}")]
    Quoted(String),
    /// There is no certificate in it.
    #[error("there is no certificate in it")]
    Empty,
    /// What the TLS library said of one of its certificates.
    #[error("a certificate in it cannot be read: {0}")]
    Unusable(String),
}

/// Reads the certificate authorities of a PEM file.
///
/// # Errors
///
/// If the file cannot be read, has no certificate, or one that cannot be used.
pub fn read_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, AuthoritiesFault> {
    let quoted = |error: rustls::pki_types::pem::Error| AuthoritiesFault::Quoted(error.to_string());
    let certificates = CertificateDer::pem_file_iter(path).map_err(quoted)?;
    let certificates: Vec<_> = certificates.collect::<Result<_, _>>().map_err(quoted)?;
    if certificates.is_empty() {
        return Err(AuthoritiesFault::Empty);
    }
    for certificate in &certificates {
        let added = rustls::RootCertStore::empty().add(certificate.clone());
        added.map_err(|error| AuthoritiesFault::Unusable(error.to_string()))?;
    }
    Ok(certificates)
}
