//! Emails: the message with its headers (RFC 5322, RFC 2045), and its envelope.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address::Envelope};

use crate::calendar_file::{CalendarFile, FILE_NAME};
use crate::logo::Logo;
use crate::template::Rendered;
use crate::untrusted::one_line;

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

/// What an email has beside its head.
#[derive(Clone, Copy, Debug)]
pub struct Content<'c> {
    /// What its template says.
    pub rendered: &'c Rendered,
    /// The calendar file that is attached.
    pub file: Option<&'c CalendarFile>,
    /// The logo that its HTML shows, if it does ([`Logo::SOURCE`]).
    pub logo: Option<&'c Logo>,
}

/// An email that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Email {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bcc: Vec<Address>,
    /// Whether the recipient has it, and the blind copies alone are sent.
    pub(crate) is_for_copies: bool,
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

    /// The same email for those of the addresses that get a blind copy, and for nobody else.
    pub fn only_copies(mut self, addresses: &[&str]) -> Email {
        self.is_for_copies = true;
        self.bcc.retain(|it| addresses.contains(&it.as_ref()));
        self
    }

    /// Whether it is for blind copies alone.
    pub fn is_for_copies(&self) -> bool {
        self.is_for_copies
    }

    /// The addresses that get a blind copy; no header names them.
    pub fn bcc(&self) -> impl Iterator<Item = &str> {
        self.bcc.iter().map(Address::as_ref)
    }
}

/// Whose address one of an email is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressOf {
    /// Who sends it.
    Sender,
    /// Who receives it.
    Recipient,
    /// Who receives a blind copy.
    BlindCopy,
    /// Who receives a reply.
    Reply,
}

impl fmt::Display for AddressOf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            AddressOf::Sender => "sender",
            AddressOf::Recipient => "recipient",
            AddressOf::BlindCopy => "blind copy",
            AddressOf::Reply => "reply",
        })
    }
}

/// An address that no email can be made with. Its text is English, for logs; `operations` has a message for each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {of}’s address “{address}” is not an email address")]
pub struct EmailError {
    /// Whose address it is.
    pub of: AddressOf,
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

/// Whether a text is a valid email address at a domain that has a form in ASCII (RFC 5890): no other exists. An
/// address literal, such as
/// `a@[127.0.0.1]` (RFC 5321 section 4.1.3), is none: it would lead to any host, past the domains
/// that mail may go to. A local part that names a way to another host (`a%b.example@example.org`,
/// `b.example!a@example.org`, `"a@b.example"@example.org`) is none either: mail servers still follow it for
/// those whose mail they relay (RFC 5321 section 3.6.1, RFC 1123 section 5.2.16). Nor is one that programs
/// take for an encoded word (RFC 2047).
pub fn is_address(text: &str) -> bool {
    let is_fine = |it: &Address| {
        !is_literal(it.domain())
            && !it.user().contains(['%', '!', '@', '"', '\\', ':'])
            && !it.user().contains("=?")
            && on_the_wire(it).is_some()
    };
    text.parse::<Address>().is_ok_and(|it| is_fine(&it))
        && !text.chars().any(|it| it.is_control() || it.is_whitespace())
}

/// Whether a domain is the address of a host, in brackets or without.
fn is_literal(domain: &str) -> bool {
    let domain = domain_to_ascii(domain);
    let last = domain.rsplit('.').next().unwrap_or_default();
    // No top-level domain is a number, but resolvers read `127.1` and `0x7f000001` as addresses.
    let is_number = last.bytes().all(|it| it.is_ascii_digit()) || last.starts_with("0x");
    domain.contains(['[', ']', ':']) || is_number
}

/// A domain as the network knows it: in lower case, and as A-labels (RFC 5890) if it is beyond
/// ASCII. What is no domain stays as it is.
pub fn domain_to_ascii(domain: &str) -> String {
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase())
}

/// An address whose domain is in A-labels, so that servers without SMTPUTF8 take it.
fn on_the_wire(address: &Address) -> Option<Address> {
    let domain = domain_to_ascii(address.domain());
    if !domain.is_ascii() {
        return None;
    }
    // Its A-label may be too long for a domain.
    Address::new(address.user(), domain).ok()
}

/// How many bytes of a text one encoded word contains, so that a line is no longer than 76
/// characters, also the first one (RFC 2047 section 2).
const BYTES_OF_WORD: usize = 39;

/// A text as encoded words of the encoding "B" (RFC 2047), all of it.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, others) = rest.split_at(rest.floor_char_boundary(BYTES_OF_WORD));
        words.push(format!("=?utf-8?b?{}?=", BASE64.encode(word)));
        rest = others;
    }
    words.join("\r\n ")
}

/// A text for a header that contains what programs take for an encoded word: it is encoded as a
/// whole, so that it is read as it was written. `None` if it contains none; then it is encoded
/// where it is beyond ASCII.
fn disarmed(text: &str) -> Option<String> {
    text.contains("=?").then(|| encoded_words(text))
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
        let content = Content { rendered, file: None, logo: None };
        self.email_with(to, content, message_id, now)
    }

    /// Makes an email as [`Sender::email`] does, with what else belongs to the message.
    ///
    /// # Errors
    ///
    /// If one of the addresses is not valid.
    pub fn email_with(
        &self,
        to: &str,
        Content { rendered, file, logo }: Content<'_>,
        message_id: &str,
        now: i64,
    ) -> Result<Email, EmailError> {
        let address = |of: AddressOf, text: &str| {
            let wrong = || EmailError { of, address: text.to_owned() };
            if is_address(text) {
                text.parse::<Address>().ok().as_ref().and_then(on_the_wire).ok_or_else(wrong)
            } else {
                Err(wrong())
            }
        };
        let from = address(AddressOf::Sender, &self.address)?;
        let to = address(AddressOf::Recipient, to)?;
        let bcc: Vec<Address> = self
            .bcc
            .iter()
            .map(|it| address(AddressOf::BlindCopy, it))
            .collect::<Result<_, _>>()?;
        let name = self.name.as_deref().map(one_line).filter(|it| !it.is_empty());
        let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]);
        let mut builder = Message::builder()
            .from(Mailbox::new(name.clone(), from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .subject(&rendered.subject)
            .date(date(now))
            .message_id(Some(message_id.to_owned()))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(Mailbox::new(None, address(AddressOf::Reply, reply_to)?));
        }
        if let Ok(envelope) = envelope {
            builder = builder.envelope(envelope);
        }
        let html = rendered.html.as_ref().filter(|it| !it.trim().is_empty());
        let plain = SinglePart::plain(lines(&rendered.text));
        let both = html.map(|it| {
            let both = MultiPart::alternative().singlepart(plain.clone());
            let shown = SinglePart::html(lines(it));
            match logo.and_then(|logo| logo.part_of(it)) {
                Some(logo) => {
                    both.multipart(MultiPart::related().singlepart(shown).singlepart(logo))
                }
                None => both.singlepart(shown),
            }
        });
        let built = match (both, file.and_then(attached)) {
            (Some(both), None) => builder.multipart(both),
            (None, None) => builder.singlepart(plain),
            (Some(both), Some(file)) => {
                builder.multipart(MultiPart::mixed().multipart(both).singlepart(file))
            }
            (None, Some(file)) => {
                builder.multipart(MultiPart::mixed().singlepart(plain).singlepart(file))
            }
        };
        let wrong = |_| EmailError { of: AddressOf::Recipient, address: to.to_string() };
        let mut built = built.map_err(wrong)?;
        let mut replace = |header: &'static str, raw: &str, encoded: String| {
            let name = HeaderName::new_from_ascii_str(header);
            let value = HeaderValue::dangerous_new_pre_encoded(name, raw.to_owned(), encoded);
            built.headers_mut().insert_raw(value);
        };
        if let Some(encoded) = disarmed(&rendered.subject) {
            replace("Subject", &rendered.subject, encoded);
        }
        if let Some((name, encoded)) = name.as_deref().and_then(|it| Some((it, disarmed(it)?))) {
            replace("From", name, format!("{encoded}\r\n <{from}>"));
        }
        let bytes = built.formatted();
        Ok(Email { from, to, bcc, is_for_copies: false, bytes })
    }
}

/// A calendar file as a part of an email: to be saved or opened, not shown in the text.
fn attached(file: &CalendarFile) -> Option<SinglePart> {
    let content_type = ContentType::parse("text/calendar; charset=utf-8").ok()?;
    Some(Attachment::new(FILE_NAME.to_owned()).body(file.text.clone(), content_type))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_at_a_domain_that_has_a_form_in_ascii() {
        for address in ["ann@example.org", "ann@b\u{fc}cher.example", "ann@xn--bcher-kva.example"] {
            assert!(is_address(address), "{address}");
        }
        for user in
            ["ann%b.example", "b.example!ann", "\"ann@b.example\"", "\"ann\"", "=?utf-8?q?a?="]
        {
            assert!(!is_address(&format!("{user}@example.org")), "{user}");
        }
        // Letters of two directions in one label (RFC 5893).
        for address in ["ann@exam\u{fb50}le.org", "ann@xn--.example", "ann@127.1", "ann@[::1]"] {
            assert!(!is_address(address), "{address}");
        }
        let with_a_long_label = format!("ann@b\u{fc}c{}/oms", "p".repeat(52));
        assert!(!is_address(&with_a_long_label), "its A-label is too long");
    }
}
