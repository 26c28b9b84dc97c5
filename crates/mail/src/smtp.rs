//! SMTP (RFC 5321) over TLS, STARTTLS or plain TCP, with authentication.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, AsyncTokioStream, Certificate, CertificateStore, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use rustls::pki_types::{CertificateDer, ServerName};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::authorities::read_authorities;
use crate::fault::SmtpFault;
use crate::message::Email;
use crate::stream::TlsStream;
use crate::transport::{Accepted, Failure, SendError, Session, Transport, Waiting};

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte on.
    Tls,
    /// TLS after STARTTLS; if the server does not offer it, nothing is sent.
    StartTls,
    /// None.
    None,
}

impl Security {
    /// The name for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Security::Tls => "TLS",
            Security::StartTls => "STARTTLS",
            Security::None => "none",
        }
    }
}

/// How long a session waits for the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection, TLS and the sign-in together.
    pub connect: Duration,
    /// For the answer to a command.
    pub command: Duration,
    /// For the answer to a message. RFC 5321 section 4.5.3.2 recommends 10 minutes; a lease is shorter.
    pub message: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(30),
            message: Duration::from_secs(120),
        }
    }
}

/// A mail server, and how to sign in to it.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Host name or address; the certificate has to be valid for it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User name and password; `None` for no sign-in.
    pub login: Option<(String, SecretString)>,
    /// A PEM file of further certificate authorities.
    pub ca_file: Option<PathBuf>,
    /// The name of this host in EHLO.
    pub hello: String,
    /// How long a session waits for the server.
    pub timeouts: Timeouts,
}

/// Why a connection failed, as a category that says what to fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The host name cannot be resolved.
    NoSuchHost,
    /// The connection was refused.
    Refused,
    /// The server did not answer in time.
    Silent,
    /// The server does not speak TLS from the first byte on.
    NotTls,
    /// The certificate is for another name.
    WrongName,
    /// No trusted authority signed the certificate.
    UnknownAuthority,
    /// The certificate has expired, or is not valid yet.
    Expired,
    /// TLS failed in another way.
    Tls,
    /// The server offers no STARTTLS.
    NoStartTls,
    /// The server offers no supported authentication mechanism.
    NoSignIn,
    /// The user name or the password is wrong.
    WrongPassword,
    /// The file of certificate authorities cannot be used.
    CaFile,
    /// Any other cause.
    Other,
}

/// A connection failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{fault}")]
pub struct ConnectError {
    /// What to fix.
    pub trouble: Trouble,
    /// What happened.
    pub fault: SmtpFault,
}

impl Smtp {
    /// Connects and signs in.
    ///
    /// # Errors
    ///
    /// The reason.
    pub async fn sign_in(&self) -> Result<SmtpSession, ConnectError> {
        let within = timeout(self.timeouts.connect, self.try_to_sign_in());
        let connection = within.await.unwrap_or_else(|_| {
            let seconds = self.timeouts.connect.as_secs();
            Err(fault(Trouble::Silent, SmtpFault::NoAnswer { seconds }))
        })?;
        Ok(SmtpSession { connection, timeouts: self.timeouts })
    }

    async fn try_to_sign_in(&self) -> Result<AsyncSmtpConnection, ConnectError> {
        let hello = ClientId::Domain(self.hello.clone());
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|error| connect_error(&error))?;
        // The message and its final dot are two writes. Without this, the second one waits until
        // the server acknowledges the first, which it delays by 40 ms.
        stream.set_nodelay(true).map_err(|error| connect_error(&error))?;
        let mut connection = match self.security {
            Security::Tls => {
                let connector = TlsConnector::from(Arc::new(self.tls_config()?));
                let name = ServerName::try_from(self.host.clone())
                    .map_err(|_| fault(Trouble::NoSuchHost, SmtpFault::HostIsNoName))?;
                let address = stream.peer_addr().map_err(|error| connect_error(&error))?;
                let stream = connector.connect(name, stream).await;
                let stream = stream.map_err(|error| tls_error(&error))?;
                self.greet(Box::new(TlsStream::new(stream, address)), &hello).await?
            }
            Security::StartTls | Security::None => self.greet(Box::new(stream), &hello).await?,
        };
        if self.security == Security::StartTls {
            if !connection.can_starttls() {
                return Err(fault(Trouble::NoStartTls, SmtpFault::NoStartTls));
            }
            let parameters = self.tls_parameters()?;
            connection.starttls(parameters, &hello).await.map_err(|error| tls_error(&error))?;
        }
        if let Some((user, password)) = &self.login {
            let known = [Mechanism::Plain, Mechanism::Login];
            if !known.iter().any(|it| connection.server_info().supports_auth_mechanism(*it)) {
                return Err(fault(Trouble::NoSignIn, SmtpFault::NoSignIn));
            }
            let login = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection.auth(&known, &login).await.map_err(|error| {
                let what = match error.status() {
                    Some(code) if code.to_string().starts_with("535") => Trouble::WrongPassword,
                    Some(_) if error.is_permanent() => Trouble::WrongPassword,
                    _ => Trouble::Other,
                };
                trouble(what, words_of(&error))
            })?;
        }
        Ok(connection)
    }

    async fn greet(
        &self,
        stream: Box<dyn AsyncTokioStream>,
        hello: &ClientId,
    ) -> Result<AsyncSmtpConnection, ConnectError> {
        let greeted = AsyncSmtpConnection::connect_with_transport(stream, hello).await;
        greeted.map_err(|error| trouble(Trouble::Other, words_of(&error)))
    }

    fn further_authorities(&self) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
        let mut all = rustls_native_certs::load_native_certs().certs;
        all.retain(|it| rustls::RootCertStore::empty().add(it.clone()).is_ok());
        if let Some(path) = &self.ca_file {
            let read = read_authorities(path);
            let file = path.clone();
            let wrong = |why| fault(Trouble::CaFile, SmtpFault::CaFile { file, fault: why });
            all.extend(read.map_err(wrong)?);
        }
        Ok(all)
    }

    fn tls_config(&self) -> Result<rustls::ClientConfig, ConnectError> {
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add_parsable_certificates(self.further_authorities()?);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| trouble(Trouble::Tls, error.to_string()))?;
        Ok(builder.with_root_certificates(roots).with_no_client_auth())
    }

    /// The same for STARTTLS, where lettre makes the TLS connection.
    fn tls_parameters(&self) -> Result<TlsParameters, ConnectError> {
        let wrong = |error: Error| trouble(Trouble::Tls, words_of(&error));
        let mut builder = TlsParameters::builder(self.host.clone())
            .certificate_store(CertificateStore::WebpkiRoots);
        for certificate in self.further_authorities()? {
            let certificate = Certificate::from_der(certificate.to_vec()).map_err(wrong)?;
            builder = builder.add_root_certificate(certificate);
        }
        builder.build().map_err(wrong)
    }
}

fn fault(trouble: Trouble, fault: SmtpFault) -> ConnectError {
    ConnectError { trouble, fault }
}

/// The same with what the server, the system or the TLS library said.
fn trouble(trouble: Trouble, words: impl AsRef<str>) -> ConnectError {
    fault(trouble, SmtpFault::quoted(words))
}

fn connect_error(error: &std::io::Error) -> ConnectError {
    use std::io::ErrorKind;
    let what = match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Trouble::Refused,
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Trouble::Silent
        }
        // The resolver's errors have no kind of their own.
        _ if error.to_string().contains("lookup") => Trouble::NoSuchHost,
        _ => Trouble::Other,
    };
    trouble(what, error.to_string())
}

/// The TLS error, taken from the innermost error.
fn tls_error(error: &(dyn std::error::Error + 'static)) -> ConnectError {
    use rustls::CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, UnknownIssuer,
    };
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inner = inner.map(|it| it as &(dyn std::error::Error + 'static));
        let found = error.downcast_ref::<rustls::Error>();
        let found = found.or_else(|| inner.and_then(|it| it.downcast_ref::<rustls::Error>()));
        if let Some(found) = found {
            let what = match found {
                rustls::Error::InvalidCertificate(it) => match it {
                    NotValidForName | NotValidForNameContext { .. } => Trouble::WrongName,
                    UnknownIssuer => Trouble::UnknownAuthority,
                    Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. } => {
                        Trouble::Expired
                    }
                    // A self-signed certificate is one of an authority, not of a server.
                    rustls::CertificateError::Other(_) => Trouble::UnknownAuthority,
                    _ => Trouble::Tls,
                },
                rustls::Error::InvalidMessage(_) => Trouble::NotTls,
                _ => Trouble::Tls,
            };
            return trouble(what, found.to_string());
        }
        next = error.source();
    }
    trouble(Trouble::Tls, error.to_string())
}

/// The server's answer, or what happened.
fn words_of(error: &Error) -> String {
    use std::error::Error as _;
    match (error.status(), error.source()) {
        (Some(code), Some(words)) => format!("{code} {words}"),
        (Some(code), None) => code.to_string(),
        (None, Some(source)) => source.to_string(),
        (None, None) => error.to_string(),
    }
}

impl Transport for Smtp {
    fn connect(&self) -> Waiting<'_, Result<Box<dyn Session>, SendError>> {
        Box::pin(async {
            match self.sign_in().await {
                Ok(session) => Ok(Box::new(session) as Box<dyn Session>),
                Err(error) => {
                    let fault = Box::new(error.fault);
                    let fault = SmtpFault::NotConnected { server: self.name(), fault };
                    Err(SendError { failure: Failure::Server, fault })
                }
            }
        })
    }

    fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// A connection to a mail server after the sign-in.
pub struct SmtpSession {
    connection: AsyncSmtpConnection,
    timeouts: Timeouts,
}

/// Reply codes about the session and not the email: service ends, authentication required, wrong
/// password, TLS required.
const OF_THE_SESSION: [&str; 5] = ["421", "530", "534", "535", "538"];

impl SmtpSession {
    async fn command(&mut self, command: impl std::fmt::Display) -> Result<Response, SendError> {
        match timeout(self.timeouts.command, self.connection.command(command)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(send_error(&error, Failure::Server)),
            Err(_) => {
                let seconds = self.timeouts.command.as_secs();
                let fault = SmtpFault::NoAnswer { seconds };
                Err(SendError { failure: Failure::Server, fault })
            }
        }
    }

    async fn envelope(&mut self, email: &Email) -> Result<Accepted, SendError> {
        let mut parameters = Vec::new();
        // Of an address beyond ASCII, the domain is in A-labels, so this is the part before the @.
        let addresses = [&email.from, &email.to];
        if !addresses.iter().all(|it| AsRef::<str>::as_ref(*it).is_ascii()) {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let fault = SmtpFault::NoUtf8Addresses;
                return Err(SendError { failure: Failure::Never, fault });
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        self.command(Mail::new(Some(email.from.clone()), parameters)).await?;
        let mut is_taken = !email.is_for_copies;
        if !email.is_for_copies {
            self.command(Rcpt::new(email.to.clone(), Vec::new())).await?;
        }
        let mut accepted = Accepted::default();
        for copy in &email.bcc {
            match self.command(Rcpt::new(copy.clone(), Vec::new())).await {
                Ok(_) => is_taken = true,
                Err(error) if error.failure == Failure::Server => return Err(error),
                Err(error) => {
                    let (address, fault) = (copy.to_string(), Box::new(error.fault));
                    let note = SmtpFault::NoCopy { address: address.clone(), fault };
                    match error.failure {
                        Failure::Later => accepted.later.push((address, note)),
                        _ => accepted.notes.push(note),
                    }
                }
            }
        }
        if !is_taken {
            let later = accepted.later.into_iter().next();
            let failure = if later.is_some() { Failure::Later } else { Failure::Never };
            let note = later.map(|(_, note)| note).or(accepted.notes.into_iter().next());
            let fault = note.unwrap_or(SmtpFault::NoCopyLeft);
            return Err(SendError { failure, fault });
        }
        self.command(Data).await?;
        Ok(accepted)
    }
}

fn send_error(error: &Error, otherwise: Failure) -> SendError {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    let failure = if OF_THE_SESSION.contains(&code.as_str()) {
        Failure::Server
    } else if error.is_permanent() {
        Failure::Never
    } else if error.is_transient() {
        Failure::Later
    } else {
        otherwise
    };
    SendError::new(failure, words_of(error))
}

impl Session for SmtpSession {
    fn send_envelope<'s>(
        &'s mut self,
        email: &'s Email,
    ) -> Waiting<'s, Result<Accepted, SendError>> {
        Box::pin(self.envelope(email))
    }

    fn transmit<'s>(&'s mut self, email: &'s Email) -> Waiting<'s, Result<String, SendError>> {
        Box::pin(async {
            let sending = self.connection.message(&email.bytes);
            match timeout(self.timeouts.message, sending).await {
                Ok(Ok(response)) => Ok(format!(
                    "{} {}",
                    response.code(),
                    response.message().collect::<Vec<_>>().join(" ")
                )),
                Ok(Err(error)) => Err(match send_error(&error, Failure::AnswerLost) {
                    // The server refused the message, so it does not have it.
                    it if it.failure == Failure::Server => {
                        SendError { failure: Failure::Later, ..it }
                    }
                    it => it,
                }),
                Err(_) => {
                    let seconds = self.timeouts.message.as_secs();
                    let fault = SmtpFault::NoAnswerToMessage { seconds };
                    Err(SendError { failure: Failure::AnswerLost, fault })
                }
            }
        })
    }

    fn reset(&mut self) -> Waiting<'_, Result<(), SendError>> {
        Box::pin(async {
            let done = self.command(Rset).await;
            done.map(|_| ()).map_err(|it| SendError { failure: Failure::Server, ..it })
        })
    }

    fn end(mut self: Box<Self>) -> Waiting<'static, ()> {
        Box::pin(async move {
            // The answer to QUIT does not matter.
            let _ = timeout(Duration::from_secs(2), self.connection.quit()).await;
        })
    }
}
