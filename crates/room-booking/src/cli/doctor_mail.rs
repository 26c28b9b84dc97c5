//! The check of the mail server in `doctor`: it signs in, and sends nothing.

use mail::{ConnectError, Security, Trouble};
use operations::Service;
use store::delivery;
use store::outbox::MessageState;

use super::Failure;
use super::findings::Findings;
use super::service::block_on;
use crate::settings::{Settings, Smtp};
use crate::show;

/// Signs in to the mail server.
pub(super) fn mail_server(settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
    let Some(smtp) = &settings.smtp else {
        return findings.warn(
            "mail server: not set, so nothing is sent; set SMTP_SERVER and SMTP_EMAIL to send",
        );
    };
    let place = format!("{}:{} ({})", smtp.server, smtp.port, smtp.security.as_str());
    if smtp.is_exposed() {
        findings.warn(format!(
            "mail server: mail goes to {place} unencrypted; remove SMTP_TLS=none unless the \
             network between is yours"
        ))?;
    }
    let host = settings.public_url.host_str().unwrap_or("room-booking.invalid");
    match block_on(async { Ok(smtp.server(host).sign_in().await) })? {
        Ok(_) if smtp.password.is_some() => findings
            .ok(format!("mail server: {place}, signed in as {}", show::plain(&smtp.user_name))),
        Ok(_) => findings.ok(format!("mail server: {place}, without signing in")),
        Err(error) => findings.error(format!(
            "mail server: {place}: {}; {}",
            show::sentence(&error.fault),
            mend(smtp, &error)
        )),
    }
}

/// How to fix it.
fn mend(smtp: &Smtp, error: &ConnectError) -> String {
    let port = smtp.port;
    match error.trouble {
        Trouble::NoSuchHost => "no host has the name in SMTP_SERVER".to_owned(),
        Trouble::Refused => format!(
            "nothing listens on port {port}; set SMTP_PORT, or SMTP_STARTTLS=True for a server with \
             STARTTLS on 587"
        ),
        Trouble::Silent => format!(
            "see that a firewall lets port {port} through, and that SMTP_PORT is right: a server that \
             waits for STARTTLS says nothing to TLS, and the other way round"
        ),
        Trouble::NotTls => format!(
            "what answers on port {port} begins without TLS; set SMTP_STARTTLS=True if it is STARTTLS, \
             or SMTP_PORT"
        ),
        Trouble::WrongName => {
            "SMTP_SERVER must be a name that stands in the server's certificate".to_owned()
        }
        Trouble::UnknownAuthority => {
            "set SMTP_CA_FILE to the certificate of the authority that vouches for the server"
                .to_owned()
        }
        Trouble::Expired => "the server needs a new certificate, or this clock is wrong".to_owned(),
        Trouble::Tls => "the server must speak TLS 1.2 or 1.3".to_owned(),
        Trouble::NoStartTls => {
            "take SMTP_STARTTLS away if the server has TLS from the start (465)".to_owned()
        }
        Trouble::NoSignIn if smtp.security == Security::None => {
            "the server takes no password without TLS; take SMTP_TLS=none away, or SMTP_PASSWORD for \
             a relay that needs none"
                .to_owned()
        }
        Trouble::NoSignIn => {
            "take SMTP_PASSWORD away for a relay that needs none; servers that only know OAuth need an \
             app password or a relay"
                .to_owned()
        }
        Trouble::WrongPassword => format!(
            "see that SMTP_USER_NAME ({}) and SMTP_PASSWORD are right, and whether the server wants an \
             app password",
            show::plain(&smtp.user_name)
        ),
        Trouble::CaFile => "SMTP_CA_FILE must be a PEM file of certificates".to_owned(),
        Trouble::Other => "see that SMTP_SERVER and SMTP_PORT are those of a mail server".to_owned(),
    }
}

/// Messages that were not sent.
pub(super) async fn outbox(service: &Service, findings: &mut Findings) -> Result<(), Failure> {
    let counts = delivery::counts(&service.store).await?;
    let of = |state| counts.iter().find(|it| it.0 == state).map_or(0, |it| it.1);
    let [failed, waiting] = [MessageState::Failed, MessageState::Waiting].map(of);
    let count = |number: i64| {
        show::count(usize::try_from(number).unwrap_or_default(), "message", "messages")
    };
    if failed > 0 {
        return findings.warn(format!(
            "outbox: {} failed; `room-booking outbox list --state failed` says why",
            count(failed)
        ));
    }
    findings.ok(format!("outbox: {} waiting", count(waiting)))
}
