//! `report`: how much rooms are used in a month, and what became of conflicts.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

use facts::{Month, time};
use ical::Zone;
use operations::{MonthConflicts, MonthlyReport, RoomMonth};
use serde::Serialize;

use super::service::{Database, run_async};
use super::{Failure, output, table};
use crate::settings::Flags;
use crate::show;

/// Shows how much the rooms are used in a month, and what became of conflicts
///
/// Months that are over are shown as they were when their report was made.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking report
  room-booking report --month 2026-11 --json | jq '.rooms[] | {name, hours_booked}'")]
pub(super) struct Report {
    /// The month, such as 2026-11 [default: the present one]
    #[arg(long, value_name = "YEAR-MONTH", value_parser = month)]
    month: Option<Month>,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "not a month such as 2026-11".to_owned())
}

/// The report as JSON.
#[derive(Serialize)]
struct ReportAnswer {
    month: String,
    made_at: Option<String>,
    rooms: Vec<RoomAnswer>,
    /// Series without an end whose organizer has not been seen.
    series: Vec<SeriesAnswer>,
    /// Addresses that mail servers do not know.
    addresses: Vec<AddressAnswer>,
}

#[derive(Serialize)]
struct RoomAnswer {
    calendar: String,
    name: String,
    hours_booked: f64,
    hours_used_twice: f64,
    unreadable_events: usize,
    conflicts: ConflictsAnswer,
}

#[derive(Serialize)]
struct ConflictsAnswer {
    found: i64,
    removed: i64,
    settled: i64,
    kept: BTreeMap<&'static str, i64>,
    leftovers_removed: i64,
    restored: i64,
}

#[derive(Serialize)]
struct SeriesAnswer {
    calendar: String,
    uid: String,
    name: String,
    organizer: Option<String>,
    next_date: String,
    organizer_last_seen: Option<String>,
}

#[derive(Serialize)]
struct AddressAnswer {
    address: String,
    refused_at: String,
    answer: String,
}

impl Report {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let zone = &context.settings.time_zone;
            let month = self.month.unwrap_or(Month::of(zone, context.service.now()));
            let report = context.service.monthly_report_of_all(month).await?;
            match self.json {
                true => output::json(&answer(&report, zone)),
                false => print(&report, zone),
            }
        })
    }
}

/// Hours with two digits behind the point.
fn hours(seconds: i64) -> f64 {
    (seconds as f64 / 36.0).round() / 100.0
}

fn answer(report: &MonthlyReport, zone: &Zone) -> ReportAnswer {
    let room = |it: &RoomMonth| {
        let MonthConflicts { found, removed, settled, ref kept, leftovers, restored } =
            it.conflicts;
        RoomAnswer {
            calendar: it.slug.clone(),
            name: it.name.clone(),
            hours_booked: hours(it.usage.booked),
            hours_used_twice: hours(it.usage.used_twice),
            unreadable_events: it.usage.unreadable,
            conflicts: ConflictsAnswer {
                found,
                removed,
                settled,
                kept: kept.iter().map(|(reason, number)| (reason.as_str(), *number)).collect(),
                leftovers_removed: leftovers,
                restored,
            },
        }
    };
    let series = report.series.iter().flatten().map(|it| SeriesAnswer {
        calendar: it.slug.clone(),
        uid: it.event.uid.clone(),
        name: it.event.name.clone(),
        organizer: it.event.organizer.clone(),
        next_date: time::rfc3339(&it.event.zone, it.event.start),
        organizer_last_seen: it.last_seen.map(|at| time::rfc3339(zone, at)),
    });
    let addresses = report.addresses.iter().flatten().map(|it| AddressAnswer {
        address: it.address.clone(),
        refused_at: time::rfc3339(zone, it.refused_at),
        answer: it.answer.clone(),
    });
    ReportAnswer {
        month: report.month.to_string(),
        made_at: report.made_at.map(|at| time::rfc3339(zone, at)),
        rooms: report.rooms.iter().map(room).collect(),
        series: series.collect(),
        addresses: addresses.collect(),
    }
}

fn print(report: &MonthlyReport, zone: &Zone) -> Result<(), Failure> {
    let (usage, _, conflicts) = report.in_all();
    let two_digits = |seconds: i64| format!("{:.2}", hours(seconds));
    let mut out = BufWriter::new(anstream::stdout().lock());
    let rooms = show::count(report.rooms.len(), "room", "rooms");
    let heading = format!(
        "{}: {rooms}, {} hours booked, {} used twice",
        report.month,
        two_digits(usage.booked),
        two_digits(usage.used_twice)
    );
    let columns =
        ["Calendar", "Hours booked", "Used twice", "Conflicts", "Removed", "Settled", "Kept"];
    let rows = report.rooms.iter().map(|it| {
        let MonthConflicts { found, removed, settled, .. } = it.conflicts;
        let conflicts = [found, removed, settled, it.conflicts.kept_in_all()];
        let texts = [it.slug.clone(), two_digits(it.usage.booked), two_digits(it.usage.used_twice)];
        texts.into_iter().chain(conflicts.map(|it| it.to_string())).collect()
    });
    table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
    writeln!(
        out,
        "Conflicts found: {}; removed: {}, settled: {}, kept: {}. Leftovers removed: {}, restored: {}.",
        conflicts.found,
        conflicts.removed,
        conflicts.settled,
        conflicts.kept_in_all(),
        conflicts.leftovers,
        conflicts.restored
    )?;
    let series = report.series.as_deref().unwrap_or_default();
    if !series.is_empty() {
        let rows = series.iter().map(|it| {
            vec![
                it.slug.clone(),
                show::plain(&it.event.name),
                it.event.organizer.as_deref().map(show::plain).unwrap_or_default(),
                output::stamp(zone, it.last_seen.map(|at| at.0)),
            ]
        });
        let columns = ["Calendar", "Series", "Organizer", "Last seen"];
        let heading = "Series without an end whose organizer was not seen lately";
        table::print(&mut out, heading, table::HEADING, &columns, rows)?;
    }
    let addresses = report.addresses.as_deref().unwrap_or_default();
    if !addresses.is_empty() {
        let rows = addresses.iter().map(|it| vec![it.address.clone(), show::sentence(&it.answer)]);
        let heading = "Addresses that their mail servers do not know";
        table::print(&mut out, heading, table::HEADING, &["Address", "Answer"], rows)?;
    }
    Ok(out.flush()?)
}
