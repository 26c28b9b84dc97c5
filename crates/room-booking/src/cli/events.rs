//! `events`: the occurrences of calendars in files.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clearing::{Address, Policy, Warning};
use ical::{Budget, FileText, Moment, Occurrence, Window, Zone, Zones};

use super::arguments::UnknownZone;
use super::{Failure, arguments, files, output, table};
use crate::show;
use answers::contents::{Contents, EventList, EventView, ListedEvent};
use answers::warnings;
use operations::Reader;

/// Lists the occurrences of calendar files, with recurrences expanded
///
/// All files are listed together, ordered by start.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking events shared-room.ics --start 2026-11-23 --end 2026-11-30
  room-booking events *.ics --start 2026-11-23T08:00 --end 2026-11-23T18:00 --json | jq .")]
pub(super) struct Events {
    /// Calendar files in iCalendar format
    #[arg(required = true, value_name = "FILE.ics")]
    files: Vec<PathBuf>,

    /// The start of the period, inclusive; without an offset, it is in the time zone [default: the
    /// present]
    #[arg(long, value_name = "TIME")]
    start: Option<String>,

    /// The end of the period, exclusive [default: 30 days after the start]
    #[arg(long, value_name = "TIME")]
    end: Option<String>,

    /// Time zone of the calendars: of floating times, all-day events and what is printed
    /// [env: TIME_ZONE] [default: UTC]
    #[arg(long, alias = "zone", value_name = "ZONE", value_parser = arguments::zone)]
    time_zone: Option<Zone>,

    /// The room's own mail address: what it declined does not block, and it is nobody's organizer
    #[arg(long, alias = "room-address", value_name = "ROOM@…", value_parser = arguments::address)]
    address: Option<Address>,

    /// What to do with events in a time zone that nothing explains
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    unknown_zone: UnknownZone,

    /// Print the answer of the API's list of events as JSON
    #[arg(long)]
    json: bool,
}

/// The period if no end is given.
const DEFAULT_WINDOW: i64 = 30 * ical::civil::DAY;

/// The number of unreadable objects of a file that are named.
const MOST_WARNINGS: usize = 100;

impl Events {
    pub fn run(self) -> Result<(), Failure> {
        let zone = arguments::time_zone(&self.time_zone)?;
        let window = self.window(&zone)?;
        let policy = Policy { room_address: self.address.clone(), ..Policy::default() };
        let texts =
            self.files.iter().map(|path| files::read(path)).collect::<Result<Vec<_>, _>>()?;
        let texts: Vec<FileText<'_>> = texts.iter().map(|it| ical::file_text(it)).collect();
        let mut rooms = Vec::new();
        for (path, file) in self.files.iter().zip(&texts) {
            let zones = Zones::new(zone.clone()).with_unknown_zones(self.unknown_zone.into());
            rooms.push(expand(path, file, zones, &policy, window)?);
        }
        let mut events = Vec::new();
        for (room, found) in &rooms {
            events.extend(
                found
                    .iter()
                    .map(|&(object, occurrence)| EventView { room, object, occurrence })
                    .map(ListedEvent),
            );
        }
        events.sort_by(|ListedEvent(one), ListedEvent(other)| {
            (one.occurrence.start, one.uid_bytes())
                .cmp(&(other.occurrence.start, other.uid_bytes()))
        });
        if self.json {
            print_json(&events)?
        } else {
            print_table(&events, &zone, window)?
        }
        Ok(())
    }

    fn window(&self, zone: &Zone) -> Result<Window, Failure> {
        let read = |argument: &str, text: &Option<String>| {
            text.as_ref().map(|text| arguments::moment(argument, text, zone)).transpose()
        };
        let start = read("--start <TIME>", &self.start)?.unwrap_or_else(arguments::now);
        let end = read("--end <TIME>", &self.end)?.unwrap_or(start.plus(DEFAULT_WINDOW));
        if end <= start {
            let moment = |moment: Moment| show::moment(zone, moment);
            return Err(Failure::Usage(format!(
                "the end must be after the start: --start is {}, --end is {}",
                moment(start),
                moment(end)
            )));
        }
        Ok(Window { start, end })
    }
}

/// The room of a file with its occurrences; unreadable objects are named on standard error.
fn expand<'a>(
    path: &Path,
    file: &'a FileText<'_>,
    mut zones: Zones,
    policy: &Policy,
    window: Window,
) -> Result<(Contents<'a>, Vec<(usize, Occurrence)>), Failure> {
    let calendar = files::calendar(path, &file.text)?;
    let bar = files::bar(file.text.len() as u64, calendar.objects().len() as u64, "reading");
    let mut budget = Budget::new();
    let (mut found, mut occurrences) = (Vec::new(), Vec::new());
    let (mut unreadable, mut found_warnings) = (Vec::new(), Vec::new());
    for (index, object) in calendar.objects().iter().enumerate() {
        bar.inc(1);
        occurrences.clear();
        match ical::expand(&calendar, object, &mut zones, window, &mut budget, &mut occurrences) {
            Ok(()) => {
                found.extend(occurrences.drain(..).map(|it| (index, it)));
                let kinds = ical::warnings(&calendar, object, &mut zones).into_iter();
                found_warnings.extend(kinds.map(|it| Warning { object: index, kind: it.into() }));
            }
            Err(error) => {
                zones.take_assumed();
                unreadable.push((index, error));
            }
        }
    }
    bar.finish_and_clear();
    let room = Contents::new(files::calendar_name(path), calendar, zones, policy.clone());
    let places = room.places(unreadable.iter().map(|(object, _)| *object));
    let mut err = BufWriter::new(anstream::stderr().lock());
    for (place, (_, error)) in places.iter().zip(&unreadable).take(MOST_WARNINGS) {
        writeln!(
            err,
            "warning: {}: {} is left out: {}",
            path.display(),
            show::plain(place),
            show::sentence(error),
        )?;
    }
    let others = unreadable.len().saturating_sub(MOST_WARNINGS);
    if others > 0 {
        let others = show::count(others, "object is", "objects are");
        writeln!(err, "warning: {}: {others} left out as well", path.display())?;
    }
    let shown_warnings = warnings::in_words(&room, &found_warnings, &file.warnings);
    for it in shown_warnings.iter().take(MOST_WARNINGS) {
        let (object, detail) = (show::plain(&it.object), show::sentence(&it.detail));
        writeln!(err, "warning: {}: {object}: {detail}", path.display())?;
    }
    let others = shown_warnings.len().saturating_sub(MOST_WARNINGS);
    if others > 0 {
        let others = show::count(others, "warning", "warnings");
        writeln!(err, "warning: {}: {others} more", path.display())?;
    }
    err.flush()?;
    Ok((room, found))
}

fn print_table(events: &[ListedEvent<'_, '_>], zone: &Zone, window: Window) -> io::Result<()> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    let rows = events.iter().map(|event| {
        let view = &event.0;
        let name = show::plain(&view.name());
        let mut notes = vec![event.status().to_lowercase()];
        if event.is_recurring() {
            notes.push("recurring".to_owned());
        }
        if !event.is_blocking() {
            notes.push("does not block".to_owned());
        }
        vec![
            show::period(zone, view.occurrence.start, view.occurrence.end, view.is_all_day()),
            if name.is_empty() { "(no name)".to_owned() } else { name },
            show::plain(&view.organizer().unwrap_or_default()),
            show::plain(&notes.join(", ")),
        ]
    });
    let heading = format!(
        "{} from {} to {} ({})",
        show::count(events.len(), "event", "events"),
        show::moment(zone, window.start),
        show::moment(zone, window.end),
        zone.name()
    );
    if events.is_empty() {
        writeln!(out, "{heading}")?;
    } else {
        let columns = ["When", "What", "Organizer", "Status"];
        table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
    }
    out.flush()
}

fn print_json(events: &[ListedEvent<'_, '_>]) -> io::Result<()> {
    // The command line counts as an administrator, and the objects of files have no versions.
    let list = EventList { events, reader: &Reader::administrator(), etags: None, next: None };
    output::answer(|out| list.write_json(out))
}
