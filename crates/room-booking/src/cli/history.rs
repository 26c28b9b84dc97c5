//! `history`: removed events, and restoring them.

use std::collections::HashMap;
use std::io::{BufWriter, Write};

use facts::{Event, Removal, ShownBecause};
use ical::Zone;
use operations::{Message, command_line};
use serde::Serialize;
use store::calendars::{self, Calendar};
use store::history::{self, Change, RemovalRow};
use store::{CalendarId, RemovalId, outbox};

use super::because::because;
use super::service::{Context, Database, run_async};
use super::{Failure, output, table};
use crate::settings::Flags;
use crate::show;

/// Lists removed events, and restores them
#[derive(clap::Args, Debug)]
pub(super) struct History {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    List(List),
    Show(Show),
    Restore(Restore),
}

/// Lists removed events, latest first
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking history list --calendar meeting-room-1 --limit 10")]
struct List {
    /// Only the calendar with this slug
    #[arg(long, value_name = "SLUG")]
    calendar: Option<String>,

    /// The largest number of lines
    #[arg(long, value_name = "N", default_value_t = 50,
          value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Shows one line of the history: the event, the reason, and who was notified
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking history show 12
  room-booking history show 12 --ics > before.ics")]
struct Show {
    /// Its id in `history list`
    id: i64,

    /// Print the event as it was before, in iCalendar format
    #[arg(long)]
    ics: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Restores a removed event
///
/// A deleted event is restored as it was; of a series, only the one occurrence. The next run may
/// remove it again, unless it is protected.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking history restore 12 --protect")]
struct Restore {
    /// Its id in `history list`
    id: i64,

    /// Protect it, so that no run removes it again
    #[arg(long)]
    protect: bool,

    #[command(flatten)]
    flags: Flags,
}

impl History {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::List(list) => list.run(),
            Action::Show(show) => show.run(),
            Action::Restore(restore) => restore.run(),
        }
    }
}

/// A removed event with its calendar.
struct HistoryLine {
    removal: RemovalRow,
    fact: Removal,
    slug: String,
    zone: Zone,
}

impl HistoryLine {
    fn of(removal: RemovalRow, calendar: Option<&Calendar>) -> Result<HistoryLine, Failure> {
        Ok(HistoryLine {
            fact: removal.removal(),
            slug: calendar.map(|it| it.slug.clone()).unwrap_or_default(),
            zone: calendar.map_or_else(Zone::utc, output::zone_of),
            removal,
        })
    }

    /// Whether the removal is not confirmed: the event was gone while our request was in doubt.
    fn is_not_confirmed(&self) -> bool {
        self.removal.not_confirmed
    }

    /// How it was removed.
    fn how(&self) -> String {
        let mark = if self.is_not_confirmed() { " (not confirmed)" } else { "" };
        format!("{}{mark}", self.removal.kind)
    }

    fn when(&self) -> String {
        period_of(&self.fact.event, &self.zone)
    }
}

/// The mark of a removal that is not confirmed.
const UNCONFIRMED: &str = "the server's answer was lost, and the event was gone while the request could still \
                           take effect; somebody else may have deleted it";

/// What an event is called.
fn name(event: &Event) -> String {
    let name = show::plain(&event.name);
    if name.is_empty() { "(no name)".to_owned() } else { name }
}

/// The answer of `history list --json`.
#[derive(Serialize)]
struct Answer<'a> {
    history: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: RemovalId,
    calendar: &'a str,
    kind: &'a str,
    removed_at: String,
    event: &'a Event,
    overlaps_with: Vec<&'a Event>,
    because: Option<ShownBecause>,
    not_notified_reason: Option<Message>,
    not_confirmed: bool,
    restored_at: Option<String>,
}

impl List {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let lines = self.lines(context).await?;
            if self.json {
                let history = lines.iter().map(listed).collect();
                return output::json(&Answer { history });
            }
            if lines.is_empty() {
                return output::line("Nothing has been removed yet.");
            }
            let heading = show::count(lines.len(), "line", "lines");
            let columns =
                ["ID", "Removed", "Calendar", "When", "What", "Organizer", "How", "Restored"];
            let rows = lines.iter().map(|it| {
                vec![
                    it.removal.id.to_string(),
                    output::stamp(&it.zone, Some(it.removal.made_at)),
                    it.slug.clone(),
                    it.when(),
                    name(&it.fact.event),
                    show::plain(it.fact.event.organizer.as_deref().unwrap_or_default()),
                    it.how(),
                    output::stamp(&it.zone, it.removal.restored_at),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }

    async fn lines(&self, context: &Context) -> Result<Vec<HistoryLine>, Failure> {
        let Context { service, .. } = context;
        let calendar = match &self.calendar {
            Some(slug) => Some(service.calendar(slug).await?.id),
            None => None,
        };
        let all = calendars::all(&service.store).await?;
        let by_id: HashMap<CalendarId, Calendar> = all.into_iter().map(|it| (it.id, it)).collect();
        let removals = history::latest_removals(&service.store, calendar, self.limit).await?;
        removals
            .into_iter()
            .map(|removal| {
                let calendar = by_id.get(&removal.calendar_id);
                HistoryLine::of(removal, calendar)
            })
            .collect()
    }
}

fn listed(line: &HistoryLine) -> Listed<'_> {
    let HistoryLine { removal, fact, slug, zone } = line;
    Listed {
        id: removal.id,
        calendar: slug,
        kind: removal.kind.as_str(),
        removed_at: output::moment(zone, removal.made_at),
        event: &fact.event,
        overlaps_with: fact.conflicts.iter().map(|it| &it.event).collect(),
        because: fact.because.map(|because| ShownBecause { because, zone: zone.clone() }),
        not_notified_reason: removal.not_notified_reason.as_deref().map(Message::of_stored),
        not_confirmed: line.is_not_confirmed(),
        restored_at: removal.restored_at.map(|it| output::moment(zone, it)),
    }
}

/// A line of the history, with its change.
async fn find(context: &Context, id: i64) -> Result<(HistoryLine, Change), Failure> {
    let store = &context.service.store;
    let nothing = || Failure::Failed(format!("the history has no line {id}"));
    let removal = history::removal(store, RemovalId(id)).await?.ok_or_else(nothing)?;
    let change = history::change(store, removal.change_id).await?.ok_or_else(nothing)?;
    let calendar = calendars::by_id(store, removal.calendar_id).await?;
    Ok((HistoryLine::of(removal, calendar.as_ref())?, change))
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let (line, change) = find(context, self.id).await?;
            if self.ics {
                let nothing = || Failure::Failed("the history lacks the event".to_owned());
                return output::icalendar(&change.before_text.ok_or_else(nothing)?);
            }
            let mut out = BufWriter::new(anstream::stdout().lock());
            for (name, text) in rows(context, &line, &change).await? {
                writeln!(out, "{name:<13}  {text}")?;
            }
            Ok(out.flush()?)
        })
    }
}

async fn rows(
    context: &Context,
    line: &HistoryLine,
    change: &Change,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let HistoryLine { removal, fact, slug, zone } = line;
    let event = &fact.event;
    let or_unknown = |text: &Option<String>| match text {
        Some(text) => show::plain(text),
        None => "not known".to_owned(),
    };
    let created = event.created;
    let mut rows = vec![
        ("HistoryLine", removal.id.to_string()),
        ("Calendar", slug.clone()),
        ("Event", name(event)),
        ("When", line.when()),
        ("Organizer", or_unknown(&event.organizer)),
        ("Created", created.map_or("not known".to_owned(), |it| show::stamp(zone, it))),
        ("UID", show::sentence(&change.uid)),
        ("How", line.how()),
        ("Removed", output::stamp(zone, Some(removal.made_at))),
    ];
    for (index, other) in fact.conflicts.iter().enumerate() {
        let label = if index == 0 { "Overlaps with" } else { "" };
        rows.push((label, conflict(&other.event, zone)));
    }
    if let Some(it) = &fact.because {
        rows.push(("Because", because(zone, it)));
    }
    if line.is_not_confirmed() {
        rows.push(("Not confirmed", UNCONFIRMED.to_owned()));
    }
    for message in outbox::of_change(&context.service.store, change.id).await? {
        let detail = message.detail.as_deref().map(|it| show::sentence(Message::of_stored(it)));
        let detail = detail.map(|it| format!(" ({it})")).unwrap_or_default();
        let to = show::plain(&message.address);
        rows.push(("Mail", format!("{} to {to}: {}{detail}", message.kind, message.state)));
    }
    if let Some(why) = &removal.not_notified_reason {
        rows.push(("Mail", format!("none: {}", show::sentence(Message::of_stored(why)))));
    }
    rows.push(match removal.restored_at {
        Some(at) => ("Restored", output::stamp(zone, Some(at))),
        None => ("Restored", format!("no; room-booking history restore {}", removal.id)),
    });
    Ok(rows)
}

/// When an event takes place.
fn period_of(event: &Event, zone: &Zone) -> String {
    show::period(zone, event.start, event.end, true)
}

/// An event that a removed one overlapped.
fn conflict(event: &Event, zone: &Zone) -> String {
    let mut text = name(event);
    if let Some(organizer) = &event.organizer {
        text.push_str(&format!(" ({})", show::plain(organizer)));
    }
    text.push_str(&format!(", {}", period_of(event, zone)));
    if let Some(created) = event.created {
        text.push_str(&format!(", created {}", show::stamp(zone, created)));
    }
    text
}

impl Restore {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let (line, change) = find(context, self.id).await?;
            if self.protect && change.uid.is_empty() {
                return Err(Failure::Failed(
                    "it has no UID, so it cannot be protected; restore it without --protect"
                        .to_owned(),
                ));
            }
            let service = &context.service;
            let restored = service.restore(None, line.removal.id).await?;
            let (what, slug) = (name(&restored.event), restored.calendar);
            // A date of a series that was moved since is restored at another time.
            let when = period_of(&restored.event, &line.zone);
            output::line(&format!("Restored to {slug}: {what}, {when}"))?;
            if restored.is_cancelled {
                output::note(
                    "Its organizer had cancelled it, and it is restored as a cancelled event: it does \
                     not hold the room.",
                )?;
            }
            if self.protect {
                service.protect(&command_line(), Some(&slug), &change.uid).await?;
                return output::line("It is protected: no run removes it again.");
            }
            if change.uid.is_empty() {
                return output::note("The next run may remove it again.");
            }
            let uid = show::sentence(&change.uid);
            output::note(&format!(
                "The next run may remove it again, unless it is protected:\n  \
                 room-booking calendar protect {slug} {}",
                output::quoted(&uid)
            ))
        })
    }
}
