//! `calendar add`, `set` and `list`.

use std::io::{BufWriter, Write};

use clearing::RankBy;
use facts::Word as _;
use ical::Zone;
use operations::{NewCalendar, Sync, command_line};
use serde::Serialize;
use store::calendars::{self, Announces, Backend, Calendar};
use store::{objects, templates};

use super::server::{Access, Server, choose, fetch};
use super::values::{Conflicts, Rank, announces};
use crate::cli::arguments::UnknownZone;
use crate::cli::service::{Context, Database, run_async};
use crate::cli::{Failure, arguments, output, table};
use crate::settings::Flags;
use crate::show;

/// Adds a calendar: built-in, or on a CalDAV server
///
/// With --url, the calendars of the account are discovered, and the events of the chosen one are
/// fetched.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar add meeting-room-1 --url cloud.example.org --user-name rooms \\
    --collection 'Meeting room 1' --schedule 15 --user ann
  room-booking calendar add meeting-room-1 --name 'Meeting room 1' --zone Europe/Berlin --user ann
  room-booking calendar add lab --horizon 90 --schedule 60 --user ann --user ben")]
pub(super) struct Add {
    /// Its slug, the name in paths: a-z, 0-9 and -
    slug: String,

    /// Give this user access; may be repeated
    #[arg(long = "user", value_name = "USER")]
    users: Vec<String>,

    #[command(flatten)]
    server: Server,

    /// The calendar of the account, if it has several: an address or a name
    #[arg(long, value_name = "ADDRESS", help_heading = "CalDAV server")]
    collection: Option<String>,

    #[command(flatten)]
    options: Options,

    #[command(flatten)]
    flags: Flags,
}

/// Changes settings of a calendar; settings that are not given stay
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar set meeting-room-1 --tolerance 5 --free-blocks
  room-booking calendar set meeting-room-1 --schedule 0 --contact-address ''
  room-booking calendar set meeting-room-1 --template German --announce deleted,cancelled")]
pub(super) struct Set {
    /// Its slug
    slug: String,

    #[command(flatten)]
    options: Options,

    #[command(flatten)]
    flags: Flags,
}

/// Lists calendars
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking calendar list --json | jq '.calendars[] | {slug, objects}'")]
pub(super) struct List {
    /// Print all settings as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// The settings; the defaults are those of a new calendar.
#[derive(clap::Args, Debug)]
struct Options {
    /// Its display name [default: the slug]
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// Time zone of floating times, all-day events and output [default: TIME_ZONE]
    #[arg(long, alias = "time-zone", value_name = "ZONE", value_parser = arguments::zone)]
    zone: Option<Zone>,

    /// The room's own email address: events that it declined do not block; '' for none
    #[arg(long, alias = "address", value_name = "ADDRESS")]
    room_address: Option<String>,

    /// The address that is notified if an event has no organizer; '' for none
    #[arg(long, value_name = "ADDRESS")]
    contact_address: Option<String>,

    /// The horizon in days of 24 hours [default: 365]
    #[arg(long, value_name = "DAYS")]
    horizon: Option<u32>,

    /// Keep overlaps at an edge that are no longer than this many minutes [default: 0]
    #[arg(long, value_name = "MINUTES")]
    tolerance: Option<u32>,

    /// Ask an administrator first if more than N events would lose something in 24 hours; until then,
    /// remove only conflicts that start within 48 hours, from at most ten events in 24 hours and no
    /// more than N [default: 50]
    #[arg(long, alias = "limit", value_name = "N")]
    safety_limit: Option<u32>,

    /// Treat events that are marked as free as blocking [default: false]
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    free_blocks: Option<bool>,

    /// How to read events in an unknown time zone: keep them as unreadable, or read them in the
    /// calendar's own time zone [default: refuse]
    #[arg(long, value_name = "WHAT")]
    unknown_zone: Option<UnknownZone>,

    /// Which event ranks higher: the one that has held its time for longer, or the one created
    /// first [default: held-since]
    #[arg(long, value_name = "WHAT")]
    rank_by: Option<Rank>,

    /// What becomes of a conflict: the loser is removed at once, removed after a warning to both organizers, or only
    /// reported [default: remove]
    #[arg(long, value_name = "WHAT")]
    conflicts: Option<Conflicts>,

    /// The hours between a warning and the removal [default: 24]
    #[arg(long, value_name = "HOURS")]
    grace: Option<u32>,

    /// The template of its messages [default: English]
    #[arg(long, value_name = "NAME")]
    template: Option<String>,

    /// Send no messages about it
    #[arg(long, conflicts_with = "template")]
    no_template: bool,

    /// The removals that are announced by mail, separated by commas; '' for none [default:
    /// deleted,cancelled,leftovers]
    #[arg(long, value_name = "KINDS", value_parser = announces)]
    announce: Option<Announces>,

    /// Clear it at this interval, in minutes; 0 for never [default: 0]
    #[arg(long, value_name = "MINUTES")]
    schedule: Option<u32>,

    /// Let the calendar server tell organizers about deleted events; only for calendars on CalDAV
    /// servers [default: true]
    #[arg(long, value_name = "true|false")]
    replies: Option<bool>,

    /// Ask the server for the authors of events, if it knows them (Nextcloud); only for calendars
    /// on CalDAV servers [default: true]
    #[arg(long, value_name = "true|false")]
    ask_authors: Option<bool>,
}

/// The address to store; none for an empty text.
fn address(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|it| !it.is_empty())
}

impl Options {
    /// Whether anything is given.
    fn is_any(&self) -> bool {
        [
            self.name.is_some(),
            self.zone.is_some(),
            self.room_address.is_some(),
            self.contact_address.is_some(),
            self.horizon.is_some(),
            self.tolerance.is_some(),
            self.safety_limit.is_some(),
            self.free_blocks.is_some(),
            self.unknown_zone.is_some(),
            self.rank_by.is_some(),
            self.conflicts.is_some(),
            self.grace.is_some(),
            self.schedule.is_some(),
            self.replies.is_some(),
            self.ask_authors.is_some(),
            self.template.is_some(),
            self.no_template,
            self.announce.is_some(),
        ]
        .contains(&true)
    }

    /// Sets the given template, if any.
    async fn apply_template(
        &self,
        context: &Context,
        calendar: &mut Calendar,
    ) -> Result<(), Failure> {
        if let Some(name) = &self.template {
            calendar.template = Some(context.service.template(name).await?.id);
        }
        if self.no_template {
            calendar.template = None;
        }
        Ok(())
    }

    fn apply(&self, calendar: &mut Calendar) -> Result<(), Failure> {
        if let Some(name) = &self.name {
            calendar.name = name.trim().to_owned();
        }
        if let Some(zone) = &self.zone {
            calendar.zone = zone.name().to_owned();
        }
        if let Some(text) = &self.room_address {
            calendar.room_address = address(text);
        }
        if let Some(text) = &self.contact_address {
            calendar.contact_address = address(text);
        }
        calendar.horizon_days = self.horizon.unwrap_or(calendar.horizon_days);
        calendar.tolerance_minutes = self.tolerance.unwrap_or(calendar.tolerance_minutes);
        calendar.safety_limit = self.safety_limit.unwrap_or(calendar.safety_limit);
        calendar.free_blocks = self.free_blocks.unwrap_or(calendar.free_blocks);
        if let Some(unknown) = self.unknown_zone {
            calendar.unknown_zones = unknown.into();
        }
        if let Some(rank) = self.rank_by {
            calendar.rank_by = rank.into();
        }
        if let Some(conflicts) = self.conflicts {
            calendar.conflicts = conflicts.into();
        }
        calendar.grace_hours = self.grace.unwrap_or(calendar.grace_hours);
        calendar.announces = self.announce.unwrap_or(calendar.announces);
        if let Some(minutes) = self.schedule {
            calendar.schedule_minutes = Some(minutes).filter(|minutes| *minutes > 0);
        }
        match &mut calendar.backend {
            Backend::CalDav(collection) => {
                collection.sends_replies = self.replies.unwrap_or(collection.sends_replies);
                collection.asks_authors = self.ask_authors.unwrap_or(collection.asks_authors);
            }
            Backend::BuiltIn if self.replies.is_some() || self.ask_authors.is_some() => {
                let message = "--replies and --ask-authors are for calendars on CalDAV servers";
                return Err(Failure::Usage(message.to_owned()));
            }
            Backend::BuiltIn => {}
        }
        Ok(())
    }
}

impl Add {
    pub fn run(self) -> Result<(), Failure> {
        let access = if self.server.is_given() { Some(self.server.access()?) } else { None };
        if access.is_none() && self.collection.is_some() {
            return Err(Failure::Usage("--collection needs --url or --account".to_owned()));
        }
        run_async(&self.flags, Database::MayBeNew, async |context| {
            match &access {
                None => self.built_in(context).await?,
                Some(access) => self.on_server(context, access).await?,
            }
            if self.users.is_empty() {
                output::note(&format!(
                    "No user's key reaches it yet: `room-booking calendar assign {} USER`",
                    self.slug
                ))?;
            }
            Ok(())
        })
    }

    async fn built_in(&self, context: &Context) -> Result<(), Failure> {
        let zone = context.settings.time_zone.name();
        let mut calendar = Calendar::built_in(&self.slug, &self.slug, zone);
        calendar.template = context.service.default_template().await?;
        self.options.apply(&mut calendar)?;
        self.options.apply_template(context, &mut calendar).await?;
        let new = NewCalendar { calendar, users: self.users.clone() };
        context.service.add_calendar(&command_line(), &new).await?;
        output::line(&format!("The calendar {} is added.", self.slug))
    }

    async fn on_server(&self, context: &Context, access: &Access) -> Result<(), Failure> {
        let service = &context.service;
        let server = access.discover(service).await?;
        let found = choose(&server, self.collection.as_deref(), access)?;
        let zone = found.zone.as_deref().unwrap_or(context.settings.time_zone.name());
        let mut calendar = Calendar::built_in(&self.slug, &found.name, zone);
        calendar.template = context.service.default_template().await?;
        calendar.backend = Backend::CalDav(found.collection());
        calendar.template = service.default_template().await?;
        self.options.apply(&mut calendar)?;
        self.options.apply_template(context, &mut calendar).await?;
        let new = NewCalendar { calendar, users: self.users.clone() };
        // The given value counts, not the server's.
        let zone = new.calendar.zone.clone();
        let actor = command_line();
        match access {
            Access::New(access) => {
                service.add_calendar_on_server(&actor, &new, access, &server, found).await?
            }
            Access::Known(id) => service.add_calendar_of_account(&actor, &new, *id, found).await?,
        };
        output::line(&format!(
            "The calendar {} is added: {} on {}, time zone {zone}.",
            self.slug,
            show::plain(&found.url),
            server.kind
        ))?;
        if !found.is_writable {
            output::note(
                "The account may only read it: let its owner share it with the right to edit, or \
                 nothing can be cleared.",
            )?;
        }
        let calendar = service.calendar(&self.slug).await?;
        fetch(context, &calendar, Sync::Update).await
    }
}

impl Set {
    pub fn run(self) -> Result<(), Failure> {
        if !self.options.is_any() {
            return Err(Failure::Usage("say what is to change, such as --horizon 90".to_owned()));
        }
        run_async(&self.flags, Database::IsThere, async |context| {
            let mut calendar = context.service.calendar(&self.slug).await?;
            self.options.apply(&mut calendar)?;
            self.options.apply_template(context, &mut calendar).await?;
            context.service.set_calendar(&command_line(), &calendar).await?;
            output::line(&format!("The calendar {} is changed.", self.slug))
        })
    }
}

/// The answer of `calendar list --json`.
#[derive(Serialize)]
struct Answer {
    calendars: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    slug: String,
    name: String,
    kind: &'static str,
    zone: String,
    room_address: Option<String>,
    contact_address: Option<String>,
    horizon_days: u32,
    tolerance_minutes: u32,
    safety_limit: u32,
    free_blocks: bool,
    unknown_zone: &'static str,
    rank_by: &'static str,
    conflicts: &'static str,
    grace_hours: u32,
    schedule_minutes: Option<u32>,
    template: Option<String>,
    announces: Vec<&'static str>,
    users: Vec<String>,
    objects: i64,
}

impl List {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let calendars = listed(context).await?;
            if self.json {
                return output::json(&Answer { calendars });
            }
            let heading = show::count(calendars.len(), "calendar", "calendars");
            let columns = ["Calendar", "Name", "Kind", "Time zone", "Objects", "Cleared", "Users"];
            let rows = calendars.iter().map(|it| {
                vec![
                    it.slug.clone(),
                    show::plain(&it.name),
                    it.kind.to_owned(),
                    it.zone.clone(),
                    it.objects.to_string(),
                    match it.schedule_minutes {
                        None => "on request".to_owned(),
                        Some(1) => "every minute".to_owned(),
                        Some(minutes) => format!("every {minutes} minutes"),
                    },
                    show::sentence(it.users.join(", ")),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }
}

async fn listed(context: &Context) -> Result<Vec<Listed>, Failure> {
    let store = &context.service.store;
    let mut listed = Vec::new();
    let all_templates = templates::all(store).await?;
    for it in calendars::all(store).await? {
        let template = all_templates.iter().find(|template| Some(template.id) == it.template);
        let kinds = [
            ("deleted", it.announces.deleted),
            ("cancelled", it.announces.cancelled),
            ("leftovers", it.announces.leftovers),
            ("ignored", it.announces.ignored),
        ];
        listed.push(Listed {
            template: template.map(|template| template.name.clone()),
            announces: kinds.into_iter().filter(|it| it.1).map(|it| it.0).collect(),
            users: calendars::users_of(store, it.id).await?,
            objects: objects::count(store, it.id).await?,
            kind: it.backend.kind().as_str(),
            rank_by: match it.rank_by {
                RankBy::Created => "created",
                RankBy::HeldSince => "held-since",
            },
            conflicts: it.conflicts.as_str(),
            grace_hours: it.grace_hours,
            slug: it.slug,
            name: it.name,
            zone: it.zone,
            room_address: it.room_address,
            contact_address: it.contact_address,
            horizon_days: it.horizon_days,
            tolerance_minutes: it.tolerance_minutes,
            safety_limit: it.safety_limit,
            free_blocks: it.free_blocks,
            unknown_zone: it.unknown_zones.as_str(),
            schedule_minutes: it.schedule_minutes,
        });
    }
    Ok(listed)
}
