//! The settings of the contract (sections 4 and 6): environment variables, a `.env` file, and flags
//! that override them; checked as a whole before anything starts.

mod backups;
pub mod exposed;
mod identity;
mod key_file;
mod observed;
mod private;
mod reader;
mod second_factor;
mod smtp;
mod webhooks;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ical::Zone;
use ipnet::IpNet;
use mail::Mailer;
use operations::{DailyBackups, ServerSettings, Servers, Service};
use secrecy::{ExposeSecret as _, SecretString};
use store::Store;
use traces::TraceSettings;
use url::Url;

pub use identity::{CALLBACK, DirectorySignIn, OpenIdSignIn};
pub use key_file::NewKey;
pub use observed::LogFormat;
use private::create_folder;
use reader::Reader;
pub use second_factor::RequireSecondFactor;
pub use smtp::Smtp;
pub use webhooks::WebhookSettings;

/// The number of parallel connections in all; further ones wait to be accepted.
pub const MAX_CONNECTIONS: usize = 4_096;

/// Flags that override environment variables.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Flags {
    /// Address and port to listen on [env: LISTEN] [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "Settings")]
    pub listen: Option<String>,

    /// Folder of the database and the key file [env: DATA_DIR] [default: ./data]
    #[arg(long, value_name = "FOLDER", help_heading = "Settings")]
    pub data_dir: Option<String>,

    /// sqlite://PATH or postgres://… [env: DATABASE_URL] [default: a SQLite file in DATA_DIR]
    #[arg(long, value_name = "URL", help_heading = "Settings")]
    pub database_url: Option<SecretString>,

    /// How people reach the server [env: PUBLIC_URL] [default: http://LISTEN]
    #[arg(long, value_name = "URL", help_heading = "Settings")]
    pub public_url: Option<String>,
}

/// All settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address and port that the server listens on.
    pub listen: SocketAddr,
    /// The folder of the database and the key file.
    pub data_dir: PathBuf,
    /// The URL of the database; it may contain a password.
    pub database_url: SecretString,
    /// Whether the database is the file in the data folder.
    pub is_default_database: bool,
    /// Where metrics are served, if they are: another port than `listen`.
    pub metrics_listen: Option<SocketAddr>,
    /// How people reach the server; without a slash at its end.
    pub public_url: Url,
    /// Default zone of new calendars and of the command line.
    pub time_zone: Zone,
    /// The secret that encrypts stored passwords; `None` for the key file.
    pub secret_key: Option<SecretString>,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The number of parallel connections from one address that is no trusted proxy.
    pub connections_per_address: usize,
    /// The number of events that each key may create on a day (UTC).
    pub events_per_key: u32,
    /// How long the server goes on answering after SIGTERM while it is not ready.
    pub drain: Duration,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Where traces go, if anywhere.
    pub traces: Option<TraceSettings>,
    /// The number of days after which the history is deleted.
    pub retention_days: u32,
    /// The number of days after which the audit trail is deleted.
    pub audit_retention_days: u32,
    /// Where daily backups are made, if they are.
    pub backups: Option<DailyBackups>,
    /// Who has to have a second factor.
    pub second_factor: RequireSecondFactor,
    /// The OpenID Connect provider that people sign in at, if there is one.
    pub openid: Option<OpenIdSignIn>,
    /// The directory that people sign in at, if there is one.
    pub directory: Option<DirectorySignIn>,
    /// Additional certificate authorities for calendar servers, in PEM.
    pub caldav_ca_file: Option<PathBuf>,
    /// The mail server, if there is one.
    pub smtp: Option<Smtp>,
    /// Where webhooks go, if they go anywhere.
    pub webhooks: Option<WebhookSettings>,
    /// The domains that mail may go to, in lower case and as A-labels; empty for any.
    pub mail_domains: Vec<String>,
}

/// The default of `CONNECTIONS_PER_ADDRESS`: many people behind one address, but not all that there
/// are.
const DEFAULT_CONNECTIONS_PER_ADDRESS: usize = 256;
/// The largest `EVENTS_PER_KEY_PER_DAY`.
const MAX_EVENTS_PER_KEY: u32 = 1_000_000;
/// The default and the largest `DRAIN_SECONDS`.
const DEFAULT_DRAIN_SECONDS: u64 = 5;
const MAX_DRAIN_SECONDS: u64 = 300;
/// The name of the database file.
const DATABASE_FILE: &str = "room-booking.sqlite";
/// The default and the largest `SMTP_RATE`.
const RATES: [u32; 2] = [100, 100_000];
/// The shortest SECRET_KEY, in characters.
const MIN_SECRET: usize = 16;

/// The errors of the settings, a sentence each.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong(pub Vec<String>);

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("\n       "))
    }
}

impl Settings {
    /// The settings of this process.
    ///
    /// # Errors
    ///
    /// A sentence for each wrong setting.
    pub fn of_process(flags: &Flags) -> Result<Settings, Wrong> {
        Settings::read(flags, &|name| std::env::var(name).ok())
    }

    /// Reads the settings from flags and variables.
    ///
    /// # Errors
    ///
    /// A sentence for each wrong setting.
    pub fn read(
        flags: &Flags,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Settings, Wrong> {
        let mut reader = Reader { variable, wrong: Vec::new() };
        let listen = reader.flag_or(&flags.listen, "LISTEN");
        let listen = reader
            .read("LISTEN", listen, "an address and a port such as 127.0.0.1:8000", |it| {
                it.parse().ok()
            })
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8000)));
        let metrics_listen = reader.metrics_listen(listen);
        let log_format = reader.log_format();
        let traces = reader.traces();
        let data_dir = reader.flag_or(&flags.data_dir, "DATA_DIR");
        let data_dir = PathBuf::from(data_dir.as_deref().unwrap_or("./data"));
        let data_dir = std::path::absolute(&data_dir).unwrap_or(data_dir);
        let of_flag = flags.database_url.as_ref().map(|it| it.expose_secret().to_owned());
        let database_url = reader.flag_or(&of_flag, "DATABASE_URL");
        let is_default_database = database_url.is_none();
        let database_url = reader
            .read("DATABASE_URL", database_url, "sqlite://PATH or postgres://…", |text| {
                let is_known = ["sqlite:", "postgres:", "postgresql:"]
                    .iter()
                    .any(|scheme| text.starts_with(scheme));
                is_known.then(|| text.to_owned())
            })
            .unwrap_or_else(|| sqlite_url(&data_dir.join(DATABASE_FILE)));
        let public_url = reader.flag_or(&flags.public_url, "PUBLIC_URL");
        let must = "an address such as https://rooms.example.org, without a query";
        let public_url = reader.read("PUBLIC_URL", public_url, must, public_url_of);
        let public_url =
            public_url.or_else(|| Url::parse(&format!("http://{}", reachable(listen))).ok());
        let time_zone = reader.text("TIME_ZONE");
        let must = "an IANA time zone such as Europe/Berlin";
        let time_zone =
            reader.read("TIME_ZONE", time_zone, must, Zone::iana).unwrap_or_else(Zone::utc);
        let secret_key = reader.text("SECRET_KEY");
        let must = "at least 16 characters that nobody can guess";
        let secret_key = reader.read("SECRET_KEY", secret_key, must, |it| {
            (it.chars().count() >= MIN_SECRET).then(|| SecretString::from(it))
        });
        let trusted_proxies = reader.list("TRUSTED_PROXIES");
        let trusted_proxies = trusted_proxies.iter().filter_map(|text| {
            let must = "the addresses of your proxies with commas between, such as 127.0.0.1";
            reader.read("TRUSTED_PROXIES", Some(text.clone()), must, |it| {
                it.parse::<IpNet>().ok().or_else(|| it.parse::<IpAddr>().ok().map(IpNet::from))
            })
        });
        let trusted_proxies = trusted_proxies.collect();
        let connections = reader.text("CONNECTIONS_PER_ADDRESS");
        let connections_per_address = reader
            .read("CONNECTIONS_PER_ADDRESS", connections, "1 to 4096 connections", |text| {
                text.parse().ok().filter(|it| (1..=MAX_CONNECTIONS).contains(it))
            })
            .unwrap_or(DEFAULT_CONNECTIONS_PER_ADDRESS);
        let events = reader.text("EVENTS_PER_KEY_PER_DAY");
        let events_per_key = reader
            .read("EVENTS_PER_KEY_PER_DAY", events, "1 to 1000000 events", |text| {
                text.parse().ok().filter(|it| (1..=MAX_EVENTS_PER_KEY).contains(it))
            })
            .unwrap_or(operations::DEFAULT_EVENTS_PER_KEY);
        let drain = reader.text("DRAIN_SECONDS");
        let drain = reader.read("DRAIN_SECONDS", drain, "0 to 300 seconds", |text| {
            text.parse().ok().filter(|it| *it <= MAX_DRAIN_SECONDS)
        });
        let drain = Duration::from_secs(drain.unwrap_or(DEFAULT_DRAIN_SECONDS));
        let retention_days = reader.days("RETENTION_DAYS");
        let audit_retention_days = reader.days("AUDIT_RETENTION_DAYS");
        let backups = reader.backups();
        let words = RequireSecondFactor::WORDS;
        let second_factor = reader.text("REQUIRE_SECOND_FACTOR");
        let second_factor =
            reader.read("REQUIRE_SECOND_FACTOR", second_factor, words, RequireSecondFactor::of);
        let second_factor = second_factor.unwrap_or(RequireSecondFactor::None);
        let openid = reader.openid(public_url.as_ref());
        let directory = reader.directory(openid.as_ref().is_some_and(|it| it.is_only));
        let caldav_ca_file = reader.text("CALDAV_CA_FILE").map(PathBuf::from);
        if caldav_ca_file.as_ref().is_some_and(|path| !path.is_file()) {
            reader.wrong.push("CALDAV_CA_FILE names no file".to_owned());
        }
        let smtp = reader.smtp();
        let webhooks = reader.webhooks();
        let mail_domains = reader.list("MAIL_DOMAINS").into_iter();
        let mail_domains =
            mail_domains.map(|it| mail::domain_to_ascii(it.trim_start_matches('@'))).collect();
        let mail_domains: Vec<String> = mail_domains;
        for domain in &mail_domains {
            if !mail::is_address(&format!("a@{domain}")) {
                let sentence =
                    "MAIL_DOMAINS must be domains with commas between, such as example.org";
                reader.wrong.push(sentence.to_owned());
            }
        }
        let copies = smtp.iter().flat_map(|it| &it.bcc);
        let domains = copies.filter_map(|it| it.rsplit_once('@')).map(|(_, domain)| domain);
        let mut domains = domains.map(mail::domain_to_ascii);
        if !mail_domains.is_empty() && domains.any(|it| !mail_domains.contains(&it)) {
            let sentence = "SMTP_BCC must be addresses of the domains in MAIL_DOMAINS";
            reader.wrong.push(sentence.to_owned());
        }
        match public_url {
            Some(public_url) if reader.wrong.is_empty() => Ok(Settings {
                listen,
                metrics_listen,
                log_format,
                traces,
                data_dir,
                database_url: SecretString::from(database_url),
                is_default_database,
                public_url,
                time_zone,
                secret_key,
                trusted_proxies,
                connections_per_address,
                events_per_key,
                drain,
                retention_days,
                audit_retention_days,
                backups,
                second_factor,
                openid,
                directory,
                caldav_ca_file,
                smtp,
                webhooks,
                mail_domains,
            }),
            _ => Err(Wrong(reader.wrong)),
        }
    }

    /// Opens the database and migrates its schema. A file that is made here is its owner's alone.
    ///
    /// # Errors
    ///
    /// A sentence: what failed, and what to do.
    pub async fn open(&self) -> Result<Service, String> {
        if self.is_default_database {
            create_folder(&self.data_dir)?;
        }
        let store = Store::open(self.database_url.expose_secret()).await;
        let store = store.map_err(|error| format!("{}: {error}", self.shown_database()))?;
        let mut service = Service::new(store);
        service.mail_domains = self.mail_domains.clone().into();
        service.mail_host = self.mail_host().into();
        service.events_per_key = self.events_per_key;
        service.public_url = self.public_url.as_str().trim_end_matches('/').into();
        service.servers = self.servers()?;
        service.renderer = Arc::new(renderer());
        service.mailer = self.mailer();
        service.ways = Arc::new(self.ways());
        if let Some(webhooks) = &self.webhooks {
            service.webhooks = Arc::new(webhooks.open()?);
        }
        let templates = service.ensure_templates().await;
        templates.map_err(|error| format!("{}: {error}", self.shown_database()))?;
        Ok(service)
    }

    /// The ways in which people can sign in.
    pub fn ways(&self) -> store::users::Ways {
        identity::ways(self.openid.as_ref(), self.directory.as_ref())
    }

    /// The mailer, if a mail server is set.
    pub fn mailer(&self) -> Option<Arc<Mailer>> {
        let smtp = self.smtp.as_ref()?;
        let server = Box::new(smtp.server(self.hello()));
        Some(Arc::new(Mailer::new(server, smtp.sender(), smtp.rate)))
    }

    /// The name of this host in the greeting to the mail server.
    fn hello(&self) -> &str {
        self.public_url.host_str().unwrap_or("room-booking.invalid")
    }

    /// The domain in Message-IDs: that of the sender.
    fn mail_host(&self) -> String {
        let sender = self.smtp.as_ref().and_then(|it| it.email.rsplit_once('@'));
        sender.map_or_else(|| self.hello().to_owned(), |(_, it)| mail::domain_to_ascii(it))
    }

    /// The connector for calendar servers.
    fn servers(&self) -> Result<Servers, String> {
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| {
                format!("CALDAV_CA_FILE: {} cannot be read: {error}", path.display())
            })
        };
        let ca_file = self.caldav_ca_file.as_ref().map(read).transpose()?;
        let settings = self.clone();
        let secret = Arc::new(move || settings.secret());
        let servers = Servers::new(ServerSettings { secret, ca_file, ..ServerSettings::default() });
        servers.check().map_err(|error| format!("CALDAV_CA_FILE: {error}"))?;
        Ok(servers)
    }

    /// The file of the database, if it is SQLite.
    pub fn database_file(&self) -> Option<PathBuf> {
        let url = self.database_url.expose_secret();
        let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
        let path = path.split('?').next().unwrap_or_default();
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path.as_ref()))
    }

    /// The database without its password.
    pub fn shown_database(&self) -> String {
        without_password(self.database_url.expose_secret())
    }
}

/// Renders templates in another process of this program, started as `render-mail`. An update may
/// have replaced the file, so the running one is used if the system names it.
fn renderer() -> mail::Renderer {
    let this = Path::new("/proc/self/exe");
    let program = match this.exists() {
        true => Some(this.to_owned()),
        false => std::env::current_exe().ok(),
    };
    match program {
        Some(program) => mail::Renderer::apart(program, vec!["render-mail".into()]),
        None => mail::Renderer::default(),
    }
}

/// The URL of a SQLite file: what means something in a URL is escaped.
pub fn sqlite_url(path: &Path) -> String {
    const SPECIAL: &percent_encoding::AsciiSet =
        &percent_encoding::CONTROLS.add(b'%').add(b'?').add(b'#');
    let path = path.to_string_lossy();
    format!("sqlite://{}", percent_encoding::utf8_percent_encode(&path, SPECIAL))
}

/// Where a server that listens there is reached from this machine: one that listens on all addresses, on the loopback.
pub fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listen.port())
}

fn public_url_of(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim_end_matches('/')).ok()?;
    let is_right = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_right.then_some(url)
}

/// A URL with `***` in place of its password; an invalid URL is not shown at all.
fn without_password(text: &str) -> String {
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    let Ok(mut url) = Url::parse(text) else { return "a database (not shown)".to_owned() };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "a database (not shown)".to_owned();
    }
    // The query may contain a password, too.
    if url.query().is_some() {
        url.set_query(Some("***"));
    }
    url.to_string()
}

#[cfg(test)]
mod tests;
