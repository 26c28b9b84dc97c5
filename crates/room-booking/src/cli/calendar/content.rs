//! `calendar import` and `export`.

use std::path::PathBuf;

use operations::{Error, Imported, command_line};

use crate::cli::service::{Database, run_async};
use crate::cli::{Failure, files, output};
use crate::settings::Flags;
use crate::show;

/// Imports the events of a file into a built-in calendar: all of them, or none
///
/// An event whose UID exists already is replaced; the history keeps it as it was.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking calendar import meeting-room-1 shared-room.ics")]
pub(super) struct Import {
    /// The calendar's slug
    slug: String,

    /// A calendar file in iCalendar format
    #[arg(value_name = "FILE.ics")]
    file: PathBuf,

    #[command(flatten)]
    flags: Flags,
}

/// Prints a calendar's events in iCalendar format, or writes them to a file
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar export meeting-room-1 > room.ics
  room-booking calendar export meeting-room-1 room.ics")]
pub(super) struct Export {
    /// The calendar's slug
    slug: String,

    /// The file; an existing one is overwritten [default: standard output]
    file: Option<PathBuf>,

    #[command(flatten)]
    flags: Flags,
}

impl Import {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let calendar = context.service.calendar(&self.slug).await?;
            let text = files::read(&self.file)?;
            let bar = files::bar(text.len() as u64, 0, "adding");
            let on_object = |number, count| {
                bar.set_length(count as u64);
                bar.set_position(number as u64);
            };
            let imported =
                context.service.import(&command_line(), &calendar, &text, &on_object).await;
            bar.finish_and_clear();
            let Imported {
                added,
                replaced,
                unchanged,
                unreadable,
                unreadable_names,
                warned,
                warnings,
            } = imported.map_err(|error| match error {
                Error::Invalid(errors) => {
                    let reasons: Vec<_> =
                        errors.into_iter().map(|it| it.message.to_string()).collect();
                    let reasons = reasons.join("; ");
                    Failure::Failed(format!("cannot read {}: {reasons}", self.file.display()))
                }
                error => error.into(),
            })?;
            for (object, why) in &unreadable_names {
                let (object, why) = (show::plain(object), show::sentence(why));
                output::note(&format!("cannot be read: {object}: {why}"))?;
            }
            if unreadable > unreadable_names.len() {
                let others = unreadable - unreadable_names.len();
                output::note(&format!(
                    "cannot be read: {}",
                    show::count(others, "other", "others")
                ))?;
            }
            for it in &warnings {
                let (object, detail) = (show::plain(&it.object), show::sentence(&it.detail));
                output::note(&format!("warning: {object}: {detail}"))?;
            }
            if warned > warnings.len() {
                let others = warned - warnings.len();
                output::note(&format!(
                    "warning: {} more",
                    show::count(others, "warning", "warnings")
                ))?;
            }
            output::line(&format!(
                "{} added, {replaced} replaced, {unchanged} unchanged{}",
                show::count(added, "event", "events"),
                match unreadable {
                    0 => String::new(),
                    some => format!("; {some} of them cannot be read"),
                }
            ))
        })
    }
}

impl Export {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let calendar = context.service.calendar(&self.slug).await?;
            let text = context.service.export(&calendar).await?;
            let Some(file) = &self.file else { return output::icalendar(&text) };
            std::fs::write(file, text).map_err(|error| {
                Failure::Failed(format!("cannot write {}: {error}", file.display()))
            })
        })
    }
}
