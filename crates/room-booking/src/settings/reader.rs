//! Reads settings and collects their errors.

use std::path::PathBuf;

use mail::Security;
use operations::check_address;
use secrecy::SecretString;

use super::{RATES, Smtp};

/// The default of `RETENTION_DAYS` and `AUDIT_RETENTION_DAYS`.
const DEFAULT_RETENTION_DAYS: u32 = 180;
/// The largest of both: a hundred years.
const MAX_RETENTION_DAYS: u32 = 36_525;

/// Reads settings and collects their errors.
pub(super) struct Reader<'r> {
    pub(super) variable: &'r dyn Fn(&str) -> Option<String>,
    pub(super) wrong: Vec<String>,
}

impl Reader<'_> {
    /// How many days something is kept.
    pub fn days(&mut self, name: &str) -> u32 {
        let text = self.text(name);
        let days = self.read(name, text, "1 to 36525 days", |text| {
            text.parse().ok().filter(|days| (1..=MAX_RETENTION_DAYS).contains(days))
        });
        days.unwrap_or(DEFAULT_RETENTION_DAYS)
    }

    /// A variable; an empty one counts as not set.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.variable)(name).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty())
    }

    pub(super) fn flag_or(&self, flag: &Option<String>, name: &str) -> Option<String> {
        flag.clone().or_else(|| self.text(name))
    }

    /// A value, or an error that says what it must be. The error does not repeat the value, which
    /// may be a misplaced secret.
    pub(super) fn read<T>(
        &mut self,
        name: &str,
        text: Option<String>,
        must: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text?;
        let value = parse(&text);
        if value.is_none() {
            self.wrong.push(format!("{name} must be {must}"));
        }
        value
    }

    pub(super) fn boolean(&mut self, name: &str) -> bool {
        let must = "one of true, yes, on, 1 and false, no, off, 0";
        let text = self.text(name);
        self.read(name, text, must, |text| match text.to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "t" | "y" => Some(true),
            "false" | "no" | "off" | "0" | "f" | "n" => Some(false),
            _ => None,
        })
        .unwrap_or(false)
    }

    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn address(&mut self, name: &str, address: &str) {
        if let Err(reason) = check_address(address) {
            self.wrong.push(format!("{name} {reason}"));
        }
    }

    pub(super) fn smtp(&mut self) -> Option<Smtp> {
        let server = self.text("SMTP_SERVER");
        let email = self.text("SMTP_EMAIL");
        if let Some(email) = &email {
            self.address("SMTP_EMAIL", email);
        }
        let starttls = self.boolean("SMTP_STARTTLS");
        let must = "none, or not be set";
        let tls = self.text("SMTP_TLS");
        let none =
            self.read("SMTP_TLS", tls, must, |it| it.eq_ignore_ascii_case("none").then_some(()));
        let security = match (none, starttls) {
            (Some(()), true) => {
                let sentence = "SMTP_TLS=none and SMTP_STARTTLS=True contradict each other";
                self.wrong.push(sentence.to_owned());
                Security::StartTls
            }
            (Some(()), false) => Security::None,
            (None, true) => Security::StartTls,
            (None, false) => Security::Tls,
        };
        let port = self.text("SMTP_PORT");
        let port = self.read("SMTP_PORT", port, "a port: 1 to 65535", |text| {
            text.parse().ok().filter(|port| *port > 0)
        });
        let bcc = self.list("SMTP_BCC");
        bcc.iter().for_each(|address| self.address("SMTP_BCC", address));
        let reply_to = self.text("SMTP_REPLY_TO");
        if let Some(address) = &reply_to {
            self.address("SMTP_REPLY_TO", address);
        }
        let rate = self.text("SMTP_RATE");
        let rate = self.read("SMTP_RATE", rate, "1 to 100000 messages a minute", |text| {
            text.parse().ok().filter(|rate| (1..=RATES[1]).contains(rate))
        });
        let ca_file = self.text("SMTP_CA_FILE").map(PathBuf::from);
        if ca_file.as_ref().is_some_and(|path| !path.is_file()) {
            self.wrong.push("SMTP_CA_FILE names no file".to_owned());
        } else if let Some(Err(reason)) = ca_file.as_deref().map(mail::read_authorities) {
            self.wrong.push(format!("SMTP_CA_FILE cannot be used: {reason}"));
        }
        let (Some(server), Some(email)) = (&server, &email) else {
            if server.is_some() {
                let sentence = "SMTP_SERVER is set, so SMTP_EMAIL must be the sender's address";
                self.wrong.push(sentence.to_owned());
            }
            return None;
        };
        Some(Smtp {
            server: server.clone(),
            port: port.unwrap_or(match security {
                Security::Tls => 465,
                Security::StartTls => 587,
                Security::None => 25,
            }),
            security,
            user_name: self.text("SMTP_USER_NAME").unwrap_or_else(|| email.clone()),
            email: email.clone(),
            sender_name: self.text("SMTP_SENDER_NAME"),
            password: self.text("SMTP_PASSWORD").map(SecretString::from),
            bcc,
            reply_to,
            rate: rate.unwrap_or(RATES[0]),
            ca_file,
        })
    }
}
