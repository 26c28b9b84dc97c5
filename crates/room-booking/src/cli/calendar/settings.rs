//! `calendar add` and `set`.

use ical::Zone;
use operations::{NewCalendar, Sync, command_line};
use store::calendars::{Announces, Backend, Calendar};

use super::room::RoomOptions;
use super::server::{Access, Server, choose, fetch};
use super::values::{Conflicts, Rank, announces};
use crate::cli::arguments::UnknownZone;
use crate::cli::service::{Context, Database, run_async};
use crate::cli::{Failure, arguments, output};
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
    room: RoomOptions,

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
    room: RoomOptions,

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

    /// Watch for changes at this interval, 15 to 60 seconds, and clear the calendar when something has
    /// changed; 0 for never; only for calendars on CalDAV servers [default: 0; without a value: 20]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
          default_missing_value = "20")]
    watch: Option<u32>,

    /// Let the room answer invitations; only for calendars on CalDAV servers, with a room address
    /// [default: false]
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    answers: Option<bool>,

    /// Restore an event without an organizer at once when the hour that it lost within a day is free again
    /// [default: false]
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    restore_at_once: Option<bool>,

    /// Let organizers move their bookings into this room by a link in a message [default: false]
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    take_moves: Option<bool>,

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
            self.watch.is_some(),
            self.answers.is_some(),
            self.restore_at_once.is_some(),
            self.take_moves.is_some(),
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
        if let Some(seconds) = self.watch {
            calendar.watch_seconds = Some(seconds).filter(|seconds| *seconds > 0);
        }
        calendar.answers = self.answers.unwrap_or(calendar.answers);
        let restores_at_once = self.restore_at_once;
        calendar.restores_at_once = restores_at_once.unwrap_or(calendar.restores_at_once);
        calendar.takes_moves = self.take_moves.unwrap_or(calendar.takes_moves);
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
            set_room(context, &self.slug, &self.room).await?;
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
        if !self.options.is_any() && !self.room.is_any() {
            return Err(Failure::Usage("say what is to change, such as --horizon 90".to_owned()));
        }
        run_async(&self.flags, Database::IsThere, async |context| {
            let mut calendar = context.service.calendar(&self.slug).await?;
            self.options.apply(&mut calendar)?;
            self.options.apply_template(context, &mut calendar).await?;
            context.service.set_calendar(&command_line(), &calendar).await?;
            set_room(context, &self.slug, &self.room).await?;
            output::line(&format!("The calendar {} is changed.", self.slug))
        })
    }
}

/// Writes what the options say of a room.
async fn set_room(context: &Context, slug: &str, options: &RoomOptions) -> Result<(), Failure> {
    if !options.is_any() {
        return Ok(());
    }
    let service = &context.service;
    let calendar = service.calendar(slug).await?;
    let mut room = service.room(&calendar).await?;
    options.apply(&mut room);
    Ok(service.set_room(&command_line(), &calendar, &room).await?)
}
