//! `key`: API keys.

use std::collections::HashMap;
use std::io::{self, BufWriter, IsTerminal, Write};

use operations::command_line;
use serde::Serialize;
use store::keys::{self, Rights};
use store::{KeyId, calendars, users};

use super::service::{Context, Database, run_async};
use super::{Failure, arguments, output, table};
use crate::settings::{Flags, Settings};
use crate::show;

/// Adds, lists, revokes and renews API keys
#[derive(clap::Args, Debug)]
pub(super) struct Key {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Add(Add),
    List(List),
    Revoke(Revoke),
    Renew(Renew),
}

/// Adds an API key, and prints it once
///
/// Standard output contains only the key, for scripts.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking key add --user ann --name 'clear every night' --right clear
  KEY=$(room-booking key add --user door-panels --name lobby --right read --expires 2027-01-01)")]
struct Add {
    /// The user of the key; the key reaches that user's calendars
    #[arg(long, value_name = "USER")]
    user: String,

    /// Its name, such as the program that uses it
    #[arg(long, value_name = "TEXT")]
    name: String,

    /// A right of the key; may be repeated [default: all rights]
    #[arg(long = "right", value_name = "RIGHT")]
    rights: Vec<Right>,

    /// Limit it to this calendar; may be repeated [default: all of its user's]
    #[arg(long = "calendar", value_name = "SLUG")]
    calendars: Vec<String>,

    /// When it expires; a date means its first moment [default: never]
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,

    #[command(flatten)]
    flags: Flags,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    /// List calendars and events; includes freebusy
    Read,
    /// Create events
    Create,
    /// Change events
    Change,
    /// Delete events
    Delete,
    /// See what a clear would do, in test mode only
    Preview,
    /// Clear calendars; includes preview
    Clear,
    /// See when calendars are busy, without names
    Freebusy,
}

/// Lists API keys; the keys themselves are not kept
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking key list --user ann")]
struct List {
    /// Only those of this user
    #[arg(long, value_name = "USER")]
    user: Option<String>,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Ends an API key for good
#[derive(clap::Args, Debug)]
struct Revoke {
    /// Its number in `key list`
    id: i64,

    #[command(flatten)]
    flags: Flags,
}

/// Lets an API key work again that was suspended when its user was deactivated
#[derive(clap::Args, Debug)]
struct Renew {
    /// Its number in `key list`
    id: i64,

    #[command(flatten)]
    flags: Flags,
}

impl Key {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::Add(add) => add.run(),
            Action::List(list) => list.run(),
            Action::Revoke(revoke) => revoke.run(),
            Action::Renew(renew) => renew.run(),
        }
    }
}

impl Add {
    fn rights(&self) -> Rights {
        if self.rights.is_empty() {
            return Rights::ALL;
        }
        let has = |right| self.rights.contains(&right);
        Rights {
            read: has(Right::Read),
            create: has(Right::Create),
            change: has(Right::Change),
            delete: has(Right::Delete),
            preview: has(Right::Preview),
            clear: has(Right::Clear),
            freebusy: has(Right::Freebusy),
        }
    }

    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let Context { settings, service } = context;
            let zone = &settings.time_zone;
            let read = |text| arguments::moment("--expires <TIME>", text, zone);
            let expires = self.expires.as_deref().map(read).transpose()?.map(|it| it.0);
            let slugs = (!self.calendars.is_empty()).then_some(self.calendars.as_slice());
            let (_, text) = service
                .people()
                .add_key(&command_line(), &self.user, &self.name, self.rights(), slugs, expires)
                .await?;
            output::line(&text)?;
            output::note("This is the key. It is shown this once; keep it safe.")?;
            if let Some(example) = self.example(settings, &text) {
                output::note("To try it:")?;
                output::note(&format!("  {example}"))?;
            } else {
                output::note(
                    "It may only see when calendars are busy, and no call of the API answers that yet: \
                     see \"Keys\" in docs/api.md.",
                )?;
            }
            self.warn(context).await
        })
    }

    /// A command to try the key. If standard output is redirected, standard error may be a log, and
    /// the key is not repeated there. `None` if no call is within its rights.
    fn example(&self, settings: &Settings, key: &str) -> Option<String> {
        let url = settings.public_url.as_str().trim_end_matches('/');
        let key = if io::stdout().is_terminal() { key } else { "$KEY" };
        let slug = self.calendars.first().map_or("CALENDAR", String::as_str);
        let (more, path) = match self.rights() {
            Rights { read: true, .. } => ("", "/api/calendars".to_owned()),
            Rights { preview: true, .. } | Rights { clear: true, .. } => {
                ("-X DELETE ", "/api/clear-bookings?test=on".to_owned())
            }
            Rights { create: true, .. } => (
                "--json '{\"name\": \"A meeting\", \"start\": \"2030-01-01T12:00\", \
                 \"end\": \"2030-01-01T13:00\"}' ",
                format!("/api/{slug}/events"),
            ),
            Rights { change: true, .. } => {
                ("-X PATCH --json '{\"name\": \"A meeting\"}' ", format!("/api/{slug}/events/ID"))
            }
            Rights { delete: true, .. } => ("-X DELETE ", format!("/api/{slug}/events/ID")),
            // Every right is named, so that a new one needs an example.
            Rights {
                read: false,
                create: false,
                change: false,
                delete: false,
                preview: false,
                clear: false,
                freebusy: _,
            } => return None,
        };
        let url = output::quoted(&format!("{url}{path}"));
        Some(format!("curl {more}-H \"Authorization: Bearer {key}\" {url}"))
    }

    /// Prints why the key does not work yet.
    async fn warn(&self, context: &Context) -> Result<(), Failure> {
        let Context { service, .. } = context;
        let user = service.people().user(&self.user).await?;
        if !user.is_active {
            output::note("The user is deactivated: the key works after `user activate`.")?;
        }
        let assigned = calendars::of_user(&service.store, user.id).await?;
        let is_assigned = |slug: &str| assigned.iter().any(|it| it.slug == slug);
        if assigned.is_empty() {
            output::note(
                "The user has no calendars yet: `room-booking calendar assign SLUG USER`",
            )?;
            return Ok(());
        }
        for slug in self.calendars.iter().filter(|slug| !is_assigned(slug)) {
            output::note(&format!(
                "The key does not reach {slug} until that is assigned to its user: \
                 `room-booking calendar assign {slug} USER`"
            ))?;
        }
        Ok(())
    }
}

/// The answer of `key list --json`.
#[derive(Serialize)]
struct Answer {
    keys: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    id: KeyId,
    prefix: String,
    name: String,
    user: String,
    rights: Vec<&'static str>,
    /// The calendars that it is limited to; null for all of its user's.
    calendars: Option<Vec<String>>,
    state: &'static str,
    created_at: String,
    last_used_at: Option<String>,
    expires_at: Option<String>,
    revoked_at: Option<String>,
    #[serde(skip)]
    shown: Shown,
}

/// Moments for people.
struct Shown {
    last_used: String,
    expires: String,
}

impl List {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let keys = self.listed(context).await?;
            if self.json {
                return output::json(&Answer { keys });
            }
            let heading = show::count(keys.len(), "key", "keys");
            let columns =
                ["ID", "Key", "Name", "User", "Rights", "Calendars", "Last use", "Expiry", "State"];
            let rows = keys.into_iter().map(|key| {
                vec![
                    key.id.to_string(),
                    format!("{}…", key.prefix),
                    show::plain(&key.name),
                    show::plain(&key.user),
                    key.rights.join(", "),
                    key.calendars.map_or_else(|| "all".to_owned(), |slugs| slugs.join(", ")),
                    key.shown.last_used,
                    key.shown.expires,
                    key.state.to_owned(),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }

    async fn listed(&self, context: &Context) -> Result<Vec<Listed>, Failure> {
        let Context { settings, service } = context;
        let (store, zone, now) = (&service.store, &settings.time_zone, service.now().0);
        let user = match &self.user {
            Some(name) => Some(service.people().user(name).await?.id),
            None => None,
        };
        let all = calendars::all(store).await?;
        let slugs: HashMap<_, _> = all.into_iter().map(|it| (it.id, it.slug)).collect();
        let users: HashMap<_, _> =
            users::all(store).await?.into_iter().map(|it| (it.id, it)).collect();
        let mut listed = Vec::new();
        for key in keys::all(store, user).await? {
            let user = users.get(&key.user_id);
            let calendars = if key.is_limited {
                let ids = keys::calendars(store, key.id).await?;
                let mut of_key: Vec<_> =
                    ids.iter().filter_map(|id| slugs.get(id).cloned()).collect();
                of_key.sort();
                Some(of_key)
            } else {
                None
            };
            let moment = |it: Option<i64>| it.map(|it| output::moment(zone, it));
            listed.push(Listed {
                state: match (key.revoked_at, key.is_valid_at(now), user) {
                    (Some(_), ..) => "revoked",
                    (.., Some(user)) if !user.is_active => "user not active",
                    _ if key.suspended_at.is_some() => "suspended",
                    (None, false, _) => "expired",
                    (None, true, _) => "valid",
                },
                rights: key.rights().names(),
                user: user.map(|it| it.name.clone()).unwrap_or_default(),
                calendars,
                created_at: output::moment(zone, key.created_at),
                last_used_at: moment(key.last_used_at),
                expires_at: moment(key.expires_at),
                revoked_at: moment(key.revoked_at),
                shown: Shown {
                    last_used: output::stamp(zone, key.last_used_at),
                    expires: output::stamp(zone, key.expires_at),
                },
                id: key.id,
                prefix: key.prefix,
                name: key.name,
            });
        }
        Ok(listed)
    }
}

impl Revoke {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            context.service.people().revoke_key(&command_line(), KeyId(self.id)).await?;
            output::line(&format!("The key {} is revoked.", self.id))
        })
    }
}

impl Renew {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            context.service.people().renew_key(&command_line(), KeyId(self.id)).await?;
            output::line(&format!("The key {} works again.", self.id))
        })
    }
}
