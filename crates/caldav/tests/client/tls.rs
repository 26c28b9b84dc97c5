//! Whose certificates are accepted.

use std::sync::Arc;

use caldav::{Connector, ConnectorSettings, Error, Href, ServerKind};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::server::{credentials, limits, object};

/// An authority of the test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = parameters.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(parameters, key), pem }
    }

    /// A server with a certificate for `name`; its address.
    async fn server(&self, name: &str) -> Url {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap() > 0
                {
                }
                let body = object("1");
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        Url::parse(&format!("https://127.0.0.1:{port}/room/")).unwrap()
    }
}

async fn read(url: &Url, ca_file: Option<&str>) -> Result<(), Error> {
    let ca_file = ca_file.map(|pem| pem.as_bytes().to_vec());
    let settings = ConnectorSettings { ca_file, limits: limits(), ..ConnectorSettings::default() };
    let account = Connector::new(settings)?.account(credentials());
    let room = account.collection(url, ServerKind::Other)?;
    room.get(&Href::from_store("/room/a.ics")).await.map(|it| assert!(it.is_some()))
}

#[tokio::test]
async fn an_authority_of_the_administrators_own_is_trusted_when_it_is_given() {
    let authority = Authority::new();
    let url = authority.server("127.0.0.1").await;
    read(&url, Some(&authority.pem)).await.unwrap();
    let both = format!("{}{}", Authority::new().pem, authority.pem);
    read(&url, Some(&both)).await.unwrap();
}

#[tokio::test]
async fn an_authority_that_nobody_knows_is_an_error_of_tls_that_says_what_to_do() {
    let authority = Authority::new();
    let url = authority.server("127.0.0.1").await;
    for ca_file in [None, Some(&*Authority::new().pem)] {
        let error = read(&url, ca_file).await.unwrap_err();
        assert!(matches!(error, Error::Tls(_)), "{error:?}");
        assert!(!error.is_transient() && error.to_string().contains("CALDAV_CA_FILE"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_of_another_name_is_an_error_of_tls() {
    let authority = Authority::new();
    let url = authority.server("calendar.example").await;
    let error = read(&url, Some(&authority.pem)).await.unwrap_err();
    assert!(matches!(error, Error::Tls(_)), "{error:?}");
}
