//! `calendar remove`.

use operations::command_line;
use store::calendars::BackendKind;

use crate::cli::removal::{Confirmed, some};
use crate::cli::service::{Database, run_async};
use crate::cli::{Failure, output};
use crate::settings::Flags;
use crate::show;

/// Removes a calendar
///
/// The events of a calendar on a server stay there; those of a built-in calendar are deleted, so export them first. The
/// history stays for RETENTION_DAYS, but nothing of it can be restored any more. Messages that wait are sent.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking calendar export meeting-room-1 meeting-room-1.ics
  room-booking calendar remove meeting-room-1
  room-booking calendar remove meeting-room-1 --yes")]
pub(super) struct Remove {
    /// The calendar's name in paths
    slug: String,

    #[command(flatten)]
    confirmed: Confirmed,

    #[command(flatten)]
    flags: Flags,
}

impl Remove {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let service = &context.service;
            let calendar = service.calendar(&self.slug).await?;
            let with = service.calendar_belongings(&calendar).await?;
            let is_built_in = calendar.backend.kind() == BackendKind::BuiltIn;
            let events = match is_built_in {
                true => some(
                    with.objects,
                    "event, which is kept only here",
                    "events, which are kept only here",
                ),
                false => some(with.objects, "copy of an event", "copies of events"),
            };
            let goes = [
                events,
                Some("the settings".to_owned()),
                some(with.people, "person's access", "people's access"),
                some(with.keys, "API key no longer reaches it", "API keys no longer reach it"),
                some(with.priorities, "priority or protection", "priorities and protections"),
                some(
                    with.pending,
                    "pending removal, which is called off",
                    "pending removals, which are called off",
                ),
            ];
            let days = context.settings.retention_days;
            let stays = [
                (!is_built_in).then(|| "all events on the calendar server".to_owned()),
                Some(format!("the history, for {days} days")),
                some(
                    with.messages,
                    "message that waits: it is sent",
                    "messages that wait: they are sent",
                ),
            ];
            let goes: Vec<_> = goes.into_iter().flatten().collect();
            let stays: Vec<_> = stays.into_iter().flatten().collect();
            let name = format!("The calendar {}", show::plain(&self.slug));
            self.confirmed.ask(&name, &goes, &stays)?;
            service.remove_calendar(&command_line(), &calendar).await?;
            output::line(&format!("{name} is removed."))
        })
    }
}
