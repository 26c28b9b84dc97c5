//! `calendar assign`, `unassign`, `prioritise`, `protect` and `rules`.

use clearing::Ties;
use operations::command_line;
use store::calendars::{self, PriorityKind};

use crate::cli::arguments::{self, TiesArgument};
use crate::cli::service::{Database, run_async};
use crate::cli::{Failure, output};
use crate::settings::Flags;
use crate::show;

/// Gives a user and the user's keys access to a calendar
#[derive(clap::Args, Debug)]
pub(super) struct Assign {
    /// The calendar's name in paths
    slug: String,

    /// The user name
    user: String,

    #[command(flatten)]
    flags: Flags,
}

/// Removes a user's access to a calendar
#[derive(clap::Args, Debug)]
pub(super) struct Unassign {
    /// The calendar's name in paths
    slug: String,

    /// The user name
    user: String,

    #[command(flatten)]
    flags: Flags,
}

/// Prioritises events over others that have held their time for longer
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar prioritise meeting-room-1 --organizer boss@example.org
  room-booking calendar prioritise --all --organizer @board.example.org
  room-booking calendar prioritise meeting-room-1 --title 'Board meeting'
  room-booking calendar prioritise meeting-room-1 --title 'Board meeting' --ties keep
  room-booking calendar prioritise meeting-room-1 --title 'Board meeting' --remove")]
pub(super) struct Prioritise {
    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    what: What,

    /// What happens if two prioritised events overlap: keep both, or decide by rank [default: keep
    /// for addresses and UIDs; rank for domains and words]
    #[arg(long, value_name = "TIES", conflicts_with = "remove")]
    ties: Option<TiesArgument>,

    /// Remove the priority
    #[arg(long)]
    remove: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Protects the event of a UID from removal
#[derive(clap::Args, Debug)]
#[command(
    allow_missing_positional = true,
    after_help = "Examples:
  room-booking calendar protect meeting-room-1 4uT6yQ2mUkzq9f7wCeXcCb
  room-booking calendar protect --all 4uT6yQ2mUkzq9f7wCeXcCb"
)]
pub(super) struct Protect {
    #[command(flatten)]
    which: Which,

    /// The event's UID
    uid: String,

    /// Remove the priority
    #[arg(long)]
    remove: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Lists priorities and protections
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar rules
  room-booking calendar rules meeting-room-1")]
pub(super) struct Rules {
    /// Only those that apply to this calendar, also those of all calendars
    slug: Option<String>,

    #[command(flatten)]
    flags: Flags,
}

/// The calendars that it applies to.
#[derive(clap::Args, Debug)]
#[group(required = true, multiple = false)]
struct Which {
    /// The calendar's name in paths
    slug: Option<String>,

    /// All calendars, also those that are added later
    #[arg(long)]
    all: bool,
}

/// The events that are prioritised.
#[derive(clap::Args, Debug)]
#[group(required = true, multiple = false)]
struct What {
    /// Events of this organizer, or of a domain such as @example.org
    #[arg(long, alias = "prioritise-organizer", value_name = "X")]
    organizer: Option<String>,

    /// Events with these whole words in their name, ignoring case; `Board*` also matches the
    /// beginning of a word
    #[arg(long, aliases = ["prioritise-name", "name"], value_name = "TEXT")]
    title: Option<String>,

    /// The event of this UID
    #[arg(long, alias = "prioritise-uid", value_name = "UID")]
    uid: Option<String>,
}

impl Which {
    /// Its description for people.
    fn shown(&self) -> String {
        self.slug.as_deref().map_or_else(|| "all calendars".to_owned(), show::plain)
    }
}

impl Assign {
    pub fn run(self) -> Result<(), Failure> {
        let Assign { slug, user, flags } = self;
        run_async(&flags, Database::IsThere, async |context| {
            context.service.assign(&command_line(), &slug, &user).await?;
            output::line(&format!("{} may use {slug}.", show::plain(&user)))
        })
    }
}

impl Unassign {
    pub fn run(self) -> Result<(), Failure> {
        let Unassign { slug, user, flags } = self;
        run_async(&flags, Database::IsThere, async |context| {
            context.service.unassign(&command_line(), &slug, &user).await?;
            output::line(&format!("{} may no longer use {slug}.", show::plain(&user)))
        })
    }
}

impl Prioritise {
    pub fn run(self) -> Result<(), Failure> {
        let Prioritise { which, what, ties, remove, flags } = self;
        let (kind, value) = match (&what.organizer, &what.title, &what.uid) {
            (Some(organizer), ..) => (PriorityKind::Organizer, organizer),
            (_, Some(title), _) => (PriorityKind::Name, title),
            (.., Some(uid)) => (PriorityKind::Uid, uid),
            (None, None, None) => {
                return Err(Failure::Usage("say which events are prioritised".to_owned()));
            }
        };
        if let Some(title) = &what.title
            && !remove
        {
            arguments::words(title).map_err(|it| Failure::Usage(format!("--title: {it}")))?;
        }
        run_async(&flags, Database::IsThere, async |context| {
            let slug = which.slug.as_deref();
            let (service, actor) = (&context.service, command_line());
            let done = if remove {
                service.unprioritise(&actor, slug, kind, value).await?;
                "no longer prioritised"
            } else {
                let ties = ties.map(Ties::from);
                service.prioritise_with_ties(&actor, slug, (kind, value), ties).await?;
                "prioritised"
            };
            output::line(&format!(
                "Events are {done} on {}: {} {}",
                which.shown(),
                kind.as_str(),
                show::plain(value)
            ))
        })
    }
}

impl Protect {
    pub fn run(self) -> Result<(), Failure> {
        let Protect { which, uid, remove, flags } = self;
        run_async(&flags, Database::IsThere, async |context| {
            let (service, actor, slug) = (&context.service, command_line(), which.slug.as_deref());
            let done = if remove {
                service.unprotect(&actor, slug, &uid).await?;
                "no longer protected"
            } else {
                service.protect(&actor, slug, &uid).await?;
                "protected"
            };
            output::line(&format!(
                "The event is {done} on {}: {}",
                which.shown(),
                show::plain(&uid)
            ))
        })
    }
}

impl Rules {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let mut entries = calendars::priority_entries(&context.service.store).await?;
            if let Some(slug) = &self.slug {
                context.service.calendar(slug).await?;
                entries.retain(|it| it.slug.as_ref().is_none_or(|it| it == slug));
            }
            if entries.is_empty() {
                let at = self.slug.as_ref().map(|it| format!(" on {it}")).unwrap_or_default();
                return output::line(&format!(
                    "Nothing is prioritised{at}, and nothing is protected."
                ));
            }
            for entry in entries {
                let what = match entry.kind() {
                    None => "protected",
                    Some(PriorityKind::Organizer) => "prioritised organizer",
                    Some(PriorityKind::Name) => "prioritised title",
                    Some(PriorityKind::Uid) => "prioritised uid",
                };
                let slug = entry.slug.as_deref().unwrap_or("all calendars");
                let ties = match entry.ties_in_effect() {
                    Some(Ties::Keep) => " (ties: keep)",
                    Some(Ties::Rank) => " (ties: rank)",
                    None => "",
                };
                output::line(&format!("{slug}: {what} {}{ties}", show::sentence(&entry.value)))?;
            }
            Ok(())
        })
    }
}
