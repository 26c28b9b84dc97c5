//! Certificate authorities of a file.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Reads the certificate authorities of a PEM file.
///
/// # Errors
///
/// The reason, as the end of a sentence.
pub fn read_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())?;
    let certificates: Vec<_> =
        certificates.collect::<Result<_, _>>().map_err(|it| it.to_string())?;
    if certificates.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    for certificate in &certificates {
        let added = rustls::RootCertStore::empty().add(certificate.clone());
        added.map_err(|error| format!("a certificate in it cannot be read: {error}"))?;
    }
    Ok(certificates)
}
