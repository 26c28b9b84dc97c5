//! `pending`: removals that wait until a grace is over, and what administrators decide about them.

use std::io::{BufWriter, Write};

use facts::Event;
use ical::Zone;
use operations::{PendingRemoval, Reader, command_line};
use store::history::{Starter, Way};
use store::{PendingId, calendars};

use super::service::{Context, Database, run_async};
use super::{Failure, output, table};
use crate::pending_answer::PendingAnswer;
use crate::settings::Flags;
use crate::show;

/// Lists pending removals, and keeps or removes events at once
///
/// A calendar that warns removes the loser of a conflict when its grace is over.
#[derive(clap::Args, Debug)]
pub(super) struct Pending {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    List(List),
    Keep(Decide),
    Now(Decide),
}

/// Lists pending removals, by start
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking pending list
  room-booking pending list --json | jq '.pending[] | select(.needs_attention)'")]
struct List {
    /// Only those of this calendar; may be repeated
    #[arg(long, value_name = "NAME")]
    calendar: Vec<String>,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Decides about one: `keep` keeps the event, `now` removes it at once
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking pending keep 12
  room-booking pending now 12")]
struct Decide {
    /// Its id in `pending list`
    id: i64,

    #[command(flatten)]
    flags: Flags,
}

impl Pending {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::List(list) => list.run(),
            Action::Keep(Decide { id, flags }) => {
                run_async(&flags, Database::IsThere, async |context| {
                    context.service.keep_pending(&command_line(), PendingId(id)).await?;
                    output::line(&format!("The event of {id} is kept."))
                })
            }
            Action::Now(Decide { id, flags }) => {
                run_async(&flags, Database::IsThere, async |context| now(context, id).await)
            }
        }
    }
}

async fn now(context: &Context, id: i64) -> Result<(), Failure> {
    let started_by = Starter::of(Way::CommandLine);
    let service = &context.service;
    let report = service.remove_pending_now(&command_line(), PendingId(id), started_by).await?;
    if let Some(failed) = report.failed_calendars.first() {
        return Err(Failure::Failed(show::sentence(&failed.error)));
    }
    let is_open = store::pending::by_id(&service.store, PendingId(id)).await?;
    match is_open.is_some_and(|it| it.ended_at.is_none()) {
        true => Err(Failure::Failed(format!(
            "the event of {id} could not be removed now; it is tried again"
        ))),
        false => output::line(&format!("The event of {id} is removed.")),
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let service = &context.service;
            let calendars = match self.calendar.is_empty() {
                true => calendars::all(&service.store).await?,
                false => {
                    let mut named = Vec::new();
                    for slug in &self.calendar {
                        named.push(service.calendar(slug).await?);
                    }
                    named
                }
            };
            let reader = Reader::administrator();
            let all = service.pending_removals(&calendars, &reader).await?;
            if self.json {
                return output::json(&PendingAnswer::of(all));
            }
            let heading = show::count(all.len(), "pending removal", "pending removals");
            let columns = ["Id", "Calendar", "Event", "Starts", "For", "Removed"];
            let rows = all.iter().map(row);
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }
}

fn row(it: &PendingRemoval) -> Vec<String> {
    let name = |event: &Event| {
        let name = show::plain(&event.name);
        if name.is_empty() { "(no name)".to_owned() } else { name }
    };
    let event = &it.removal.event;
    let at = |zone: &Zone, moment: ical::Moment| output::moment(zone, moment.0);
    let removed = match (it.decision.map(|it| it.as_str()), it.removal_at) {
        (Some("keep"), _) => "kept".to_owned(),
        (Some("ask"), _) => "an administrator decides".to_owned(),
        (Some(_), _) => "now".to_owned(),
        (None, Some(moment)) => at(&event.zone, moment),
        (None, None) if it.needs_attention() => "nobody can be warned".to_owned(),
        (None, None) => "once the warning is sent".to_owned(),
    };
    vec![
        it.id.to_string(),
        it.calendar.clone(),
        name(event),
        at(&event.zone, event.start),
        it.removal.winner().map(name).unwrap_or_default(),
        removed,
    ]
}
