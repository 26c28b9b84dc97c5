//! Emails: the message with its headers (RFC 5322, RFC 2045), and its envelope.

use std::time::{Duration, SystemTime};

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address::Envelope};

use crate::notice::one_line;
use crate::template::Rendered;

/// The sender of emails, and the recipients of blind copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The sender address.
    pub address: String,
    /// The display name of the sender.
    pub name: Option<String>,
    /// The address for replies; `None` for the sender.
    pub reply_to: Option<String>,
    /// The addresses that get a blind copy of each email.
    pub bcc: Vec<String>,
}

/// An email that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Email {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bcc: Vec<Address>,
    pub(crate) bytes: Vec<u8>,
}

impl Email {
    /// The message as it is sent, with its headers.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The recipient.
    pub fn to(&self) -> &str {
        self.to.as_ref()
    }

    /// The addresses that get a blind copy; no header names them.
    pub fn bcc(&self) -> impl Iterator<Item = &str> {
        self.bcc.iter().map(Address::as_ref)
    }
}

/// An address that no email can be made with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {address:?} is no mail address")]
pub struct EmailError {
    /// Which address it is.
    pub what: &'static str,
    /// The address.
    pub address: String,
}

/// `Auto-Submitted: auto-generated` (RFC 3834): programs that answer mail do not answer it.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Whether a text is a valid email address.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok() && !text.chars().any(|it| it.is_control() || it.is_whitespace())
}

impl Sender {
    /// Makes an email of a rendered message: UTF-8, with the HTML as an alternative to the text if there is any.
    /// `message_id` is the same at each attempt. `now` is the date, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// If one of the addresses is not valid.
    pub fn email(
        &self,
        to: &str,
        rendered: &Rendered,
        message_id: &str,
        now: i64,
    ) -> Result<Email, EmailError> {
        let address = |what: &'static str, text: &str| {
            let wrong = || EmailError { what, address: text.to_owned() };
            if is_address(text) {
                text.parse::<Address>().map_err(|_| wrong())
            } else {
                Err(wrong())
            }
        };
        let from = address("the sender", &self.address)?;
        let to = address("the recipient", to)?;
        let bcc: Vec<Address> =
            self.bcc.iter().map(|it| address("a blind copy's", it)).collect::<Result<_, _>>()?;
        let name = self.name.as_deref().map(one_line).filter(|it| !it.is_empty());
        let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]);
        let mut builder = Message::builder()
            .from(Mailbox::new(name, from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .subject(&rendered.subject)
            .date(date(now))
            .message_id(Some(message_id.to_owned()))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(Mailbox::new(None, address("the reply's", reply_to)?));
        }
        if let Ok(envelope) = envelope {
            builder = builder.envelope(envelope);
        }
        let body = rendered.html.clone().filter(|it| !it.trim().is_empty());
        let built = match body {
            Some(html) => builder
                .multipart(MultiPart::alternative_plain_html(lines(&rendered.text), lines(&html))),
            None => builder.singlepart(SinglePart::plain(lines(&rendered.text))),
        };
        let wrong = |_| EmailError { what: "the recipient", address: to.to_string() };
        let bytes = built.map_err(wrong)?.formatted();
        Ok(Email { from, to, bcc, bytes })
    }
}

/// A body with CRLF line ends and without control characters.
fn lines(text: &str) -> String {
    let is_text = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let text: String =
        text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(is_text).collect();
    // The end of the message ends the last line.
    text.trim_end().replace('\n', "\r\n")
}

fn date(seconds: i64) -> SystemTime {
    // Until the year 9999, the last one that a header can contain.
    let seconds = u64::try_from(seconds).unwrap_or_default().min(253_402_300_799);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
