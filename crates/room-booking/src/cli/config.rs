//! `config`: the effective settings.

use std::io::{BufWriter, Write};

use serde::Serialize;

use super::config_values::{NOT_SET, is_set, listed, secret};
use super::{Failure, config_sign_in, output, table};
use crate::settings::{Flags, Settings, Smtp};
use crate::show;
use mail::Security;

/// Prints all effective settings, and where each comes from
///
/// Secrets are hidden. If settings are wrong, all errors are printed, and the exit status is 1.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking config --json | jq -r '.settings[] | select(.name == \"DATA_DIR\").value'")]
pub(super) struct Config {
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// The answer of `config --json`.
#[derive(Serialize)]
struct Answer {
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct Setting {
    name: &'static str,
    value: String,
    from: &'static str,
}

impl Config {
    pub fn run(self) -> Result<(), Failure> {
        let settings = Settings::of_process(&self.flags);
        let settings = settings.map_err(|wrong| Failure::Failed(wrong.to_string()))?;
        let settings: Vec<_> =
            shown(&settings).into_iter().map(|(name, value)| self.setting(name, value)).collect();
        if self.json {
            return output::json(&Answer { settings });
        }
        let mut out = BufWriter::new(anstream::stdout().lock());
        let rows = settings
            .into_iter()
            .map(|it| vec![it.name.to_owned(), show::sentence(&it.value), it.from.to_owned()]);
        table::print(&mut out, "Settings", table::HEADING, &["Name", "Value", "From"], rows)?;
        Ok(out.flush()?)
    }

    fn setting(&self, name: &'static str, value: String) -> Setting {
        let is_flag = match name {
            "LISTEN" => self.flags.listen.is_some(),
            "DATA_DIR" => self.flags.data_dir.is_some(),
            "DATABASE_URL" => self.flags.database_url.is_some(),
            "PUBLIC_URL" => self.flags.public_url.is_some(),
            _ => false,
        };
        let from = match is_flag {
            true => "flag",
            false if is_set(name) && super::is_from_env_file(name) => ".env",
            false if is_set(name) => "environment",
            false => "default",
        };
        Setting { name, value, from }
    }
}

/// Every setting that the program reads, and its value.
pub(super) fn shown(settings: &Settings) -> Vec<(&'static str, String)> {
    let mut shown = general(settings);
    shown.extend(config_sign_in::openid(settings.openid.as_ref()));
    shown.extend(config_sign_in::directory(settings.directory.as_ref()));
    shown.extend(config_sign_in::traces(settings.traces.as_ref()));
    shown.extend(mail(settings));
    shown.extend(webhooks(settings));
    shown
}

fn general(settings: &Settings) -> Vec<(&'static str, String)> {
    let key = match &settings.secret_key {
        Some(_) => secret(true),
        None => format!("not set: the key file {}", settings.key_file().display()),
    };
    let folder = settings.backups.as_ref().map(|it| it.folder.display().to_string());
    let unused = || {
        let is_set = is_set("BACKUP_KEEP");
        if is_set { "set, but without BACKUP_DIR not used" } else { NOT_SET }.to_owned()
    };
    vec![
        ("LISTEN", settings.listen.to_string()),
        ("METRICS_LISTEN", settings.metrics_listen.map_or(NOT_SET.to_owned(), |it| it.to_string())),
        ("LOG_FORMAT", settings.log_format.as_str().to_owned()),
        ("DATA_DIR", settings.data_dir.display().to_string()),
        ("DATABASE_URL", settings.shown_database()),
        ("PUBLIC_URL", settings.public_url.as_str().trim_end_matches('/').to_owned()),
        ("TIME_ZONE", settings.time_zone.name().to_owned()),
        ("SECRET_KEY", key),
        ("TRUSTED_PROXIES", listed(&settings.trusted_proxies)),
        ("CONNECTIONS_PER_ADDRESS", settings.connections_per_address.to_string()),
        ("EVENTS_PER_KEY_PER_DAY", settings.events_per_key.to_string()),
        ("DRAIN_SECONDS", settings.drain.as_secs().to_string()),
        ("RETENTION_DAYS", settings.retention_days.to_string()),
        ("AUDIT_RETENTION_DAYS", settings.audit_retention_days.to_string()),
        ("BACKUP_DIR", folder.unwrap_or_else(|| format!("{NOT_SET}: no daily backups"))),
        ("BACKUP_KEEP", settings.backups.as_ref().map_or_else(unused, |it| it.keep.to_string())),
        ("REQUIRE_SECOND_FACTOR", settings.second_factor.as_str().to_owned()),
        (
            "CALDAV_CA_FILE",
            settings
                .caldav_ca_file
                .as_ref()
                .map_or_else(|| NOT_SET.to_owned(), |path| path.display().to_string()),
        ),
    ]
}

fn webhooks(settings: &Settings) -> [(&'static str, String); 2] {
    let webhooks = settings.webhooks.as_ref();
    // Their paths may be secret.
    let shown: Vec<String> =
        webhooks.iter().flat_map(|it| it.endpoints.iter()).map(webhooks::Endpoint::shown).collect();
    [("WEBHOOK_URLS", listed(&shown)), ("WEBHOOK_SECRET", secret(is_set("WEBHOOK_SECRET")))]
}

fn mail(settings: &Settings) -> Vec<(&'static str, String)> {
    let or_not_set = |text: Option<String>| text.unwrap_or_else(|| NOT_SET.to_owned());
    let domains = ("MAIL_DOMAINS", listed(&settings.mail_domains));
    let Some(smtp) = &settings.smtp else {
        let names = [
            "SMTP_PORT",
            "SMTP_STARTTLS",
            "SMTP_EMAIL",
            "SMTP_SENDER_NAME",
            "SMTP_USER_NAME",
            "SMTP_PASSWORD",
            "SMTP_BCC",
            "SMTP_TLS",
            "SMTP_CA_FILE",
            "SMTP_REPLY_TO",
            "SMTP_RATE",
        ];
        let unused = |name: &'static str| {
            let text = if is_set(name) { "set, but without SMTP_SERVER not used" } else { NOT_SET };
            (name, text.to_owned())
        };
        let server = ("SMTP_SERVER", format!("{NOT_SET}: nothing is sent"));
        return [server].into_iter().chain(names.map(unused)).chain([domains]).collect();
    };
    let Smtp { server, port, security, email, sender_name, user_name, password, bcc, .. } = smtp;
    vec![
        ("SMTP_SERVER", server.clone()),
        ("SMTP_PORT", port.to_string()),
        ("SMTP_STARTTLS", (*security == Security::StartTls).to_string()),
        ("SMTP_EMAIL", email.clone()),
        ("SMTP_SENDER_NAME", or_not_set(sender_name.clone())),
        ("SMTP_USER_NAME", user_name.clone()),
        ("SMTP_PASSWORD", secret(password.is_some())),
        ("SMTP_BCC", listed(bcc)),
        ("SMTP_TLS", if *security == Security::None { "none" } else { NOT_SET }.to_owned()),
        ("SMTP_CA_FILE", or_not_set(smtp.ca_file.as_ref().map(|it| it.display().to_string()))),
        ("SMTP_REPLY_TO", or_not_set(smtp.reply_to.clone())),
        ("SMTP_RATE", format!("{} a minute", smtp.rate)),
        domains,
    ]
}

#[cfg(test)]
mod tests;
