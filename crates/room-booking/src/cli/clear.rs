//! `clear`: the API's call for cron.

use std::collections::HashMap;
use std::io::{BufWriter, Write};

use answers::report::{Accepted, Entry, Report};
use clearing::Reason;
use facts::Event;
use ical::Zone;
use operations::{ClearRequest, Limit, Mode, Scope};
use store::calendars;
use store::history::Starter;

use super::because::because;
use super::service::{Context, Database, run_async};
use super::table::{GREEN, RED, YELLOW};
use super::{Failure, output, table};
use crate::settings::Flags;
use crate::show;

/// Removes cancelled leftovers and double bookings
///
/// It does the same as DELETE /api/clear-bookings, for the calendars of all users. If a calendar
/// fails, the others are cleared nevertheless, and the exit status is 1.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking clear --test
  room-booking clear --calendar meeting-room-1 --calendar meeting-room-2
  room-booking clear --json >> cleared.jsonl")]
pub(super) struct Clear {
    /// Only the calendar with this slug; may be repeated [default: all]
    #[arg(long = "calendar", value_name = "NAME")]
    calendars: Vec<String>,

    /// Change nothing, send no messages, and print what would be done
    #[arg(long)]
    test: bool,

    /// Lift the safety limit for this run
    #[arg(long)]
    confirm: bool,

    /// Print the answer of the API as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

impl Clear {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let report = context.service.clear_bookings(None, self.request()).await?;
            if self.json {
                output::answer(|out| report.write_json(out))?;
            } else {
                let mut out = BufWriter::new(anstream::stdout().lock());
                let zones = zones(context).await?;
                Page { report: &report, zones }.print(&mut out)?;
                out.flush()?;
            }
            failed(&report)
        })
    }

    fn request(&self) -> ClearRequest {
        let names = self.calendars.clone();
        ClearRequest {
            scope: if names.is_empty() { Scope::All } else { Scope::Named(names) },
            mode: if self.test { Mode::Test } else { Mode::Real },
            limit: if self.confirm { Limit::Lifted } else { Limit::Holds },
            started_by: Starter::person(None),
        }
    }
}

/// The zone of each calendar, by slug.
async fn zones(context: &Context) -> Result<HashMap<String, Zone>, Failure> {
    let all = calendars::all(&context.service.store).await?;
    Ok(all.into_iter().map(|it| (it.slug.clone(), output::zone_of(&it))).collect())
}

/// The calendars that failed, if any did.
fn failed(report: &Report<Event>) -> Result<(), Failure> {
    let lines = report.failed_calendars.iter();
    let lines = lines.map(|it| format!("{}: {}", it.calendar, show::sentence(&it.error)));
    let lines: Vec<_> = lines.collect();
    match lines.len() {
        0 => Ok(()),
        number => Err(Failure::Failed(format!(
            "{} failed:\n  {}",
            show::count(number, "calendar", "calendars"),
            lines.join("\n  ")
        ))),
    }
}

/// The output for people.
struct Page<'r> {
    report: &'r Report<Event>,
    zones: HashMap<String, Zone>,
}

impl Page<'_> {
    fn print(&self, out: &mut impl Write) -> Result<(), Failure> {
        let Report {
            deleted_cancelled_events,
            deleted_overlapping_events,
            cancelled_overlapping_recurring_events,
            ignored_overlapping_events,
            ignored_cancelled_events,
            unreadable_objects,
            warnings,
            accepted_invitations,
            test_mode,
            ..
        } = self.report;
        let were = if *test_mode { "that would be" } else { "that were" };
        let columns: &[&str] =
            &["Calendar", "When", "What", "Organizer", "Overlaps with", "Because"];
        let gone = [
            (format!("Cancelled events {were} deleted"), deleted_cancelled_events, &columns[..4]),
            (format!("Overlapping events {were} deleted"), deleted_overlapping_events, columns),
            (
                format!("Overlapping occurrences of series {were} cancelled"),
                cancelled_overlapping_recurring_events,
                columns,
            ),
        ];
        for (heading, entries, columns) in gone {
            let rows = entries.iter().map(|it| self.row(it));
            table::list(out, &heading, RED, columns, rows)?;
        }
        let rows = accepted_invitations.iter().map(|it| self.accepted(it));
        let accepted_columns = ["Calendar", "When", "What", "Organizer", "Dates removed"];
        let heading = format!("Invitations {were} accepted");
        table::list(out, &heading, GREEN, &accepted_columns, rows)?;
        let rows = ignored_overlapping_events.iter().map(|it| self.row(it));
        table::list(out, "Overlapping, but kept", YELLOW, columns, rows)?;
        let columns: &[&str] = &["Calendar", "When", "What", "Organizer", "Because"];
        let rows = ignored_cancelled_events.iter().map(|it| self.row(it));
        table::list(out, "Cancelled, but kept", YELLOW, columns, rows)?;
        let rows = unreadable_objects.iter().map(|it| {
            vec![it.calendar.to_string(), show::plain(&it.object), show::sentence(&it.error)]
        });
        let columns: &[&str] = &["Calendar", "Object", "Why"];
        table::list(out, "Kept because they cannot be read", YELLOW, columns, rows)?;
        let rows = warnings.iter().map(|it| {
            vec![it.calendar.to_string(), show::plain(&it.object), show::sentence(&it.detail)]
        });
        table::list(out, "Warnings", YELLOW, &["Calendar", "Object", "Warning"], rows)?;
        self.summary(out)
    }

    fn accepted(&self, it: &Accepted<Event>) -> Vec<String> {
        let mut row = self.event(&it.calendar, &it.event);
        row.push(it.removed_dates.to_string());
        row
    }

    fn zone_of(&self, calendar: &str) -> Zone {
        self.zones.get(calendar).cloned().unwrap_or_else(Zone::utc)
    }

    fn event(&self, calendar: &str, event: &Event) -> Vec<String> {
        vec![
            calendar.to_owned(),
            show::period(&self.zone_of(calendar), event.start, event.end, event.is_all_day),
            name(event),
            show::plain(event.organizer.as_deref().unwrap_or_default()),
        ]
    }

    fn row(&self, entry: &Entry<Event>) -> Vec<String> {
        let zone = &self.zone_of(&entry.calendar);
        let event = &entry.event;
        let mut row = self.event(&entry.calendar, event);
        if let Some(other) = &entry.overlaps_with {
            let when =
                show::period_beside(zone, other.start, other.end, other.is_all_day, event.start);
            row.push(match &other.organizer {
                Some(who) => format!("{} ({}), {when}", name(other), show::plain(who)),
                None => format!("{}, {when}", name(other)),
            });
        }
        let reason = entry.reason.map(|reason| {
            let detail = entry.detail.as_ref().map(show::sentence);
            let detail = detail.map(|it| format!(": {it}")).unwrap_or_default();
            format!("{}{detail}", kept(reason))
        });
        let because = entry.because.as_ref().map(|it| because(zone, &it.because));
        let why: Vec<String> = reason.into_iter().chain(because).collect();
        if !why.is_empty() {
            row.push(why.join("; "));
        }
        row
    }

    fn summary(&self, out: &mut impl Write) -> Result<(), Failure> {
        let report = self.report;
        let mut parts = Vec::new();
        let mut add = |number: usize, one: &str, many: &str| {
            if number > 0 {
                parts.push(show::count(number, one, many));
            }
        };
        let deleted = report.deleted_overlapping_events.len();
        let cancelled = report.cancelled_overlapping_recurring_events.len();
        let leftovers = report.deleted_cancelled_events.len();
        add(leftovers, "cancelled event deleted", "cancelled events deleted");
        add(deleted, "overlapping event deleted", "overlapping events deleted");
        add(cancelled, "occurrence of a series cancelled", "occurrences of series cancelled");
        let accepted = report.accepted_invitations.len();
        add(accepted, "invitation accepted", "invitations accepted");
        let is_anything = deleted + cancelled + leftovers + accepted > 0;
        let ignored = &report.ignored_overlapping_events;
        let kept = ignored.len() + report.ignored_cancelled_events.len();
        add(kept, "event kept", "events kept");
        let unreadable = report.unreadable_objects.len();
        add(unreadable, "object cannot be read", "objects cannot be read");
        let parts = parts.join(", ");
        // A failed calendar has no result; it is named with the error.
        let checked = report.calendars.saturating_sub(report.failed_calendars.len());
        if checked == 0 && report.calendars > 0 {
            return Ok(());
        }
        let of = match checked == report.calendars {
            true => show::count(checked, "calendar", "calendars"),
            false => {
                format!("{checked} of {}", show::count(report.calendars, "calendar", "calendars"))
            }
        };
        let text = match (is_anything, parts.is_empty(), report.test_mode) {
            (_, true, _) => format!("{of}: there is nothing to clear."),
            (false, ..) => format!("{of}: there is nothing to clear: {parts}."),
            (true, _, true) => format!("{of}; a clear would mean: {parts}."),
            (true, _, false) => format!("{of} cleared: {parts}."),
        };
        let style = if is_anything { table::HEADING } else { GREEN };
        writeln!(out, "{style}{text}{style:#}")?;
        if ignored.iter().any(|it| it.reason == Some(Reason::Limit)) {
            writeln!(
                out,
                "{YELLOW}A safety limit was met: only conflicts that start within 48 hours are \
                 removed, from at most ten events in 24 hours. The rest waits for confirmation: \
                 room-booking clear --confirm --calendar NAME{YELLOW:#}"
            )?;
        }
        Ok(())
    }
}

/// The name of an event.
fn name(event: &Event) -> String {
    let name = show::plain(&event.name);
    if name.is_empty() { "(no name)".to_owned() } else { name }
}

/// A reason of rule 7 in words.
fn kept(reason: Reason) -> &'static str {
    match reason {
        Reason::Started => "it is on, and has held its time since before it began",
        Reason::Prioritised => "both are prioritised, so their organizers have to agree",
        Reason::Protected => "its UID is protected",
        Reason::Tolerated => "the overlap is within the tolerance",
        Reason::Free => "it is marked as free, so it takes no room",
        Reason::Limit => {
            "too many events would lose a booking at once, so it waits for a confirmation"
        }
        Reason::Changed => "somebody changed it during the run",
        Reason::Refused => "it could not be changed",
        Reason::Pending => "its organizer has been warned, and it is removed later",
        Reason::Report => "the calendar only reports",
    }
}

#[cfg(test)]
mod tests {
    use answers::report::FailedCalendar;

    use super::*;

    /// The summary of a clear of several calendars, of which some failed.
    fn printed(calendars: usize, failed: usize) -> String {
        let mut report = Report::new(false);
        report.calendars = calendars;
        for number in 0..failed {
            let error = operations::Message::quoted("no answer");
            let calendar = format!("room-{number}").as_str().into();
            report.failed_calendars.push(FailedCalendar { calendar, error });
        }
        let mut out = Vec::new();
        Page { report: &report, zones: HashMap::new() }.print(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn where_every_calendar_failed_nothing_is_said_to_be_clear() {
        assert_eq!(printed(2, 2), "");
        assert!(printed(3, 1).contains("2 of 3 calendars: there is nothing to clear."));
        assert!(printed(3, 0).contains("3 calendars: there is nothing to clear."));
        assert!(printed(0, 0).contains("0 calendars: there is nothing to clear."));
    }

    #[test]
    fn a_calendar_that_failed_makes_the_command_fail_and_is_named() {
        let mut report = Report::new(false);
        assert!(failed(&report).is_ok());
        let error = operations::Message::quoted("it is held\u{1b}[2J");
        report.failed_calendars.push(FailedCalendar { calendar: "room-1".into(), error });
        let failure = failed(&report).unwrap_err();
        assert!(matches!(&failure, Failure::Failed(_)));
        assert_eq!(failure.to_string(), "1 calendar failed:\n  room-1: it is held [2J");
    }
}
