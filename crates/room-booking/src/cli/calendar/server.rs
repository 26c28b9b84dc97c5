//! Calendars on CalDAV servers: `calendar discover`, `calendar sync`, and `calendar add --url`.

use std::io::{BufWriter, Write as _};

use operations::{FoundCalendar, FoundServer, ServerAccess, Service, Sync};
use serde::Serialize;
use store::AccountId;
use store::accounts::SignIn;
use store::calendars::Calendar;

use crate::cli::service::{Context, Database, run_async};
use crate::cli::{Failure, files, output, secret, table};
use crate::settings::Flags;
use crate::show;

/// Lists the calendars of an account on a CalDAV server
///
/// URL can be a host name, the server's address in the browser, the address of a calendar, or an
/// email address.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar discover --url cloud.example.org --user-name rooms
  room-booking calendar discover --url https://dav.example.org/ --user-name rooms --password-stdin < password
  room-booking calendar discover --account 1")]
pub(super) struct Discover {
    #[command(flatten)]
    server: Server,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Synchronises the mirror of a calendar with its server
///
/// Runs synchronise on their own; this command shows the progress of a long first fetch, and
/// whether it works.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar sync meeting-room-1
  room-booking calendar sync meeting-room-1 --rebuild")]
pub(super) struct SyncCommand {
    /// The calendar's name in paths
    slug: String,

    /// Compare all events with the server's, and fetch events that were lost or damaged here
    #[arg(long)]
    rebuild: bool,

    #[command(flatten)]
    flags: Flags,
}

/// The server of a calendar, and the account there.
#[derive(clap::Args, Debug)]
pub(super) struct Server {
    /// The CalDAV server: a host name, an address, or an email address
    #[arg(long, value_name = "URL", help_heading = "CalDAV server", conflicts_with = "account")]
    url: Option<String>,

    /// The user name on the server
    #[arg(long, value_name = "USER", help_heading = "CalDAV server", requires = "url")]
    user_name: Option<String>,

    /// Read the password (on Nextcloud, an app password) from the first line of standard input
    /// instead of asking for it
    #[arg(long, help_heading = "CalDAV server", requires = "url")]
    password_stdin: bool,

    /// The password is a token (Bearer)
    #[arg(long, help_heading = "CalDAV server", requires = "url")]
    token: bool,

    /// Allow http without TLS to another machine: the password is sent unencrypted
    #[arg(long, help_heading = "CalDAV server", requires = "url")]
    allow_plain_http: bool,

    /// Use an existing account: its id in `account list`
    #[arg(long, value_name = "NUMBER", help_heading = "CalDAV server")]
    account: Option<i64>,
}

/// A new account, or an existing one.
pub(super) enum Access {
    New(ServerAccess),
    Known(AccountId),
}

impl Server {
    /// Whether a server is given at all.
    pub fn is_given(&self) -> bool {
        self.url.is_some() || self.account.is_some()
    }

    /// The account; a password is read from standard input, or prompted for.
    pub fn access(&self) -> Result<Access, Failure> {
        if let Some(account) = self.account {
            return Ok(Access::Known(AccountId(account)));
        }
        let Some(url) = &self.url else {
            let message = "say where: --url, or --account for one that is known already";
            return Err(Failure::Usage(message.to_owned()));
        };
        let user_name = match (&self.user_name, self.token) {
            (Some(name), _) => name.clone(),
            (None, true) => String::new(),
            (None, false) => {
                return Err(Failure::Usage("say who signs in: --user-name USER".to_owned()));
            }
        };
        Ok(Access::New(ServerAccess {
            address: url.clone(),
            user_name,
            password: secret::password()?,
            sign_in: if self.token { SignIn::Bearer } else { SignIn::Basic },
            allows_plain_http: self.allow_plain_http,
        }))
    }
}

impl Access {
    /// The discovered calendars.
    pub async fn discover(&self, service: &Service) -> Result<FoundServer, Failure> {
        Ok(match self {
            Access::New(access) => service.discover(access).await?,
            Access::Known(id) => service.discover_again(*id).await?,
        })
    }
}

/// The discovered calendar that is meant: by its address, its name or the last part of its address.
/// Without a choice, the one at the given address, or the only one.
pub(super) fn choose<'f>(
    found: &'f FoundServer,
    wanted: Option<&str>,
    access: &Access,
) -> Result<&'f FoundCalendar, Failure> {
    let events: Vec<_> = found.calendars.iter().filter(|it| it.takes_events).collect();
    let last = |it: &FoundCalendar| {
        it.url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
    };
    let slashless = |text: &str| text.trim_end_matches('/').to_owned();
    let given = match access {
        Access::New(access) => {
            events.iter().find(|it| slashless(&it.url) == slashless(&access.address))
        }
        Access::Known(_) => None,
    };
    let meant: Vec<_> = match wanted {
        None => given.map_or_else(|| events.clone(), |it| vec![*it]),
        Some(wanted) => {
            let is_url = |it: &&&FoundCalendar| slashless(&it.url) == slashless(wanted);
            let by_url: Vec<_> = events.iter().filter(is_url).copied().collect();
            let is_named = |it: &&&FoundCalendar| it.name == wanted || last(it) == wanted;
            let named = || events.iter().filter(is_named).copied().collect();
            if by_url.is_empty() { named() } else { by_url }
        }
    };
    match meant.as_slice() {
        [one] => Ok(one),
        _ => {
            let shown: Vec<_> = if meant.is_empty() { events } else { meant }
                .into_iter()
                .map(|it| format!("\n       {} ({})", it.url, show::plain(&it.name)))
                .collect();
            Err(Failure::Failed(match shown.is_empty() {
                true => "the account reaches no calendar that takes events; share the room's \
                         calendar with it"
                    .to_owned(),
                false => format!(
                    "say which of these is meant with --collection ADDRESS:{}",
                    shown.concat()
                ),
            }))
        }
    }
}

/// The answer of `calendar discover --json`.
#[derive(Serialize)]
struct Answer<'a> {
    server: &'a str,
    version: Option<&'a str>,
    calendars: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    url: &'a str,
    name: &'a str,
    time_zone: Option<&'a str>,
    takes_events: bool,
    writable: bool,
    shared_in: bool,
    calendar: Option<&'a str>,
}

impl Discover {
    pub fn run(self) -> Result<(), Failure> {
        let access = self.server.access()?;
        run_async(&self.flags, Database::MayBeNew, async |context| {
            let found = access.discover(&context.service).await?;
            if self.json {
                let calendars = found.calendars.iter().map(|it| Listed {
                    url: &it.url,
                    name: &it.name,
                    time_zone: it.zone.as_deref(),
                    takes_events: it.takes_events,
                    writable: it.is_writable,
                    shared_in: it.is_shared_in,
                    calendar: it.slug.as_deref(),
                });
                return output::json(&Answer {
                    server: &found.kind,
                    version: found.version.as_deref(),
                    calendars: calendars.collect(),
                });
            }
            let version = found.version.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
            let count = show::count(found.calendars.len(), "calendar", "calendars");
            let heading = format!("{}{version}: {count}", found.kind);
            let columns = ["Name", "Address", "Time zone", "Rights", "Here"];
            let rows = found.calendars.iter().map(|it| {
                let rights = match (it.takes_events, it.is_writable) {
                    (false, _) => "takes no events",
                    (true, true) => "may be changed",
                    (true, false) => "may be read only",
                };
                let shared = if it.is_shared_in { ", shared with it" } else { "" };
                vec![
                    show::plain(&it.name),
                    show::plain(&it.url),
                    it.zone.clone().unwrap_or_default(),
                    format!("{rights}{shared}"),
                    it.slug.clone().unwrap_or_default(),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }
}

impl SyncCommand {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let calendar = context.service.calendar(&self.slug).await?;
            let sync = if self.rebuild { Sync::Rebuild } else { Sync::Update };
            fetch(context, &calendar, sync).await
        })
    }
}

/// Synchronises a calendar's mirror, with a progress bar on a terminal.
pub(in crate::cli) async fn fetch(
    context: &Context,
    calendar: &Calendar,
    sync: Sync,
) -> Result<(), Failure> {
    let bar = files::bar(u64::MAX, 0, "fetching");
    let on_object = |done: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let synced = context.service.sync(calendar, sync, &on_object).await;
    bar.finish_and_clear();
    synced?;
    let count = store::objects::count(&context.service.store, calendar.id).await?;
    let count = show::count(usize::try_from(count).unwrap_or_default(), "object", "objects");
    output::line(&format!("{} is up to date: {count}.", calendar.slug))
}
