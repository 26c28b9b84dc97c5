//! `check`: what a clear would do to calendars in files.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clearing::{
    Address, Because, How, Ignored, Memory, Policy, Reason, Removal, Slot, Source, plan_watched,
};
use ical::{FileText, Moment, Occurrence, Zone, Zones};

use super::arguments::{TiesArgument, UnknownZone};
use super::because::because_since;
use super::table::{GREEN, RED, YELLOW};
use super::{Failure, arguments, files, output, table};
use answers::contents::{Contents, EventView};
use answers::report::{Planned, Report};

use crate::show;

/// Shows what a clear would do to calendar files, and changes nothing
///
/// Each file is a calendar of its own: export a room's calendar from any program. The output lists
/// cancelled leftovers and double bookings, which event would lose to which, and why.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking check shared-room.ics --time-zone Europe/Berlin
  room-booking check *.ics --address room@example.org --prioritise-organizer @board.example.org
  room-booking check shared-room.ics --now 2026-03-02T08:00 --horizon 30 --json | jq .")]
pub(super) struct Check {
    /// Calendar files in iCalendar format
    #[arg(required = true, value_name = "FILE.ics")]
    files: Vec<PathBuf>,

    /// The moment at which the run starts; without an offset, it is in the time zone [default: the
    /// present]
    #[arg(long, value_name = "TIME")]
    now: Option<String>,

    /// Time zone of the calendars, for floating times, all-day events and output [env: TIME_ZONE]
    /// [default: UTC]
    #[arg(long, alias = "zone", value_name = "ZONE", value_parser = arguments::zone)]
    time_zone: Option<Zone>,

    /// The horizon in days of 24 hours
    #[arg(long, value_name = "DAYS", default_value_t = Policy::DEFAULT_HORIZON_DAYS,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(Policy::MAX_HORIZON_DAYS)))]
    horizon: u32,

    /// The room's own email address: events that it declined do not block, and it does not count as
    /// an organizer
    #[arg(long, alias = "room-address", value_name = "ROOM@…", value_parser = arguments::address)]
    address: Option<Address>,

    /// Keep overlaps at an edge that are no longer than this many minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 0,
          value_parser = clap::value_parser!(u32).range(0..=MAX_TOLERANCE_MINUTES))]
    tolerance: u32,

    /// If more than N events would lose an overlap, remove only what starts within 48 hours, from ten
    /// events at most [default: no limit]
    #[arg(long, alias = "safety-limit", value_name = "N")]
    limit: Option<usize>,

    /// Treat events that are marked as free as blocking
    #[arg(long)]
    free_blocks: bool,

    /// Prioritise an organizer's address, or a domain such as @example.org; may be repeated
    #[arg(long, alias = "organizer", value_name = "X", value_parser = arguments::organizer)]
    prioritise_organizer: Vec<String>,

    /// Prioritise events with these words in their name, such as 'board meeting' or 'board*'; may be
    /// repeated
    #[arg(long, alias = "title", value_name = "TEXT", value_parser = arguments::words)]
    prioritise_name: Vec<String>,

    /// Prioritise the event of this UID; may be repeated
    #[arg(long, alias = "uid", value_name = "UID", value_parser = arguments::not_empty)]
    prioritise_uid: Vec<String>,

    /// Prioritise every event with this token in its description; may be repeated
    #[arg(long, value_name = "TEXT", value_parser = arguments::token)]
    prioritise_token: Vec<String>,

    /// What happens if two prioritised events overlap: keep both, or decide by rank [default: keep
    /// for tokens, addresses and UIDs; rank for domains and words]
    #[arg(long, value_name = "TIES")]
    ties: Option<TiesArgument>,

    /// How to read events in an unknown time zone
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    unknown_zone: UnknownZone,

    /// Never remove the event of this UID; may be repeated
    #[arg(long, value_name = "UID", value_parser = arguments::not_empty)]
    protect: Vec<String>,

    /// Print the answer of the API's test mode as JSON
    #[arg(long)]
    json: bool,
}

/// The number of staying events that are counted for a removal: a year-long booking may lose to
/// thousands.
const MOST_COUNTED: usize = 1_000;

/// The longest tolerance: a week.
const MAX_TOLERANCE_MINUTES: i64 = 7 * 24 * 60;

impl Check {
    pub fn run(self) -> Result<(), Failure> {
        let zone = arguments::time_zone(&self.time_zone)?;
        let now = match &self.now {
            Some(text) => arguments::moment("--now <TIME>", text, &zone)?,
            None => arguments::now(),
        };
        let policy = self.policy();
        let texts =
            self.files.iter().map(|path| files::read(path)).collect::<Result<Vec<_>, _>>()?;
        let texts: Vec<FileText<'_>> = texts.iter().map(|it| ical::file_text(it)).collect();
        let calendars = self
            .files
            .iter()
            .zip(&texts)
            .map(|(path, file)| {
                let zones = Zones::new(zone.clone()).with_unknown_zones(self.unknown_zone.into());
                plan(path, file, zones, &policy, now)
            })
            .collect::<Result<Vec<_>, _>>()?;
        if self.json {
            output::answer(|out| Report::of_plans(&calendars).write_json(out))?;
        } else {
            let mut out = BufWriter::new(anstream::stdout().lock());
            for planned in &calendars {
                Page { planned, now }.print(&mut out)?;
            }
            out.flush()?;
        }
        Ok(())
    }

    fn policy(&self) -> Policy {
        let mut policy = Policy {
            horizon_days: self.horizon,
            tolerance_minutes: self.tolerance,
            limit: self.limit,
            free_blocks: self.free_blocks,
            room_address: self.address.clone(),
            protected: self.protect.iter().cloned().collect(),
            ..Policy::default()
        };
        for organizer in &self.prioritise_organizer {
            policy.priorities.add_organizer(organizer, None);
        }
        for name in &self.prioritise_name {
            policy.priorities.add_name(name, None);
        }
        for uid in &self.prioritise_uid {
            policy.priorities.add_uid(uid, None);
        }
        for token in &self.prioritise_token {
            policy.priorities.add_token(token);
        }
        if let Some(ties) = self.ties {
            policy.priorities.overrule_ties(ties.into());
        }
        policy
    }
}

/// The plan of a file's calendar.
fn plan<'a>(
    path: &Path,
    file: &'a FileText<'_>,
    mut zones: Zones,
    policy: &Policy,
    now: Moment,
) -> Result<Planned<'a>, Failure> {
    let calendar = files::calendar(path, &file.text)?;
    let bar = files::bar(file.text.len() as u64, calendar.objects().len() as u64, "checking");
    let memory = Memory::default();
    let plan =
        plan_watched(&calendar, &mut zones, policy, &memory, now, &mut |objects| bar.inc(objects));
    bar.finish_and_clear();
    let name = files::calendar_name(path);
    let room = Contents::new(name, calendar, zones, policy.clone());
    Ok(Planned { room, plan, of_file: file.warnings.clone() })
}

/// The output for people about one calendar.
struct Page<'r, 'a> {
    planned: &'r Planned<'a>,
    now: Moment,
}

impl Page<'_, '_> {
    fn print(&self, out: &mut impl Write) -> Result<(), Failure> {
        let Planned { room, plan, .. } = self.planned;
        let Contents { name, calendar, policy, .. } = room;
        let end = self.now.plus(i64::from(policy.horizon_days) * ical::civil::DAY);
        let style = table::HEADING.underline();
        writeln!(
            out,
            "{style}{}{style:#}: {}, looked at from {} to {} ({})\n",
            show::plain(name),
            show::count(calendar.objects().len(), "object", "objects"),
            show::moment(self.zone(), self.now),
            show::moment(self.zone(), end),
            self.zone().name(),
        )?;

        let rows = plan.leftovers.iter().map(|it| self.columns(it.object, it.occurrence).to_vec());
        table::list(out, "Cancelled events that would be deleted", RED, &EVENT_COLUMNS, rows)?;
        for (how, heading) in [
            (How::Delete, "Overlapping events that would be deleted"),
            (How::CancelOccurrence, "Overlapping occurrences of series that would be cancelled"),
        ] {
            let removals: Vec<_> = plan.removals.iter().filter(|it| it.how == how).collect();
            let rows = removals.into_iter().map(|it| self.removal(it));
            table::list(out, heading, RED, &LOSER_COLUMNS, rows)?;
        }
        let rows = plan.ignored.iter().map(|it| self.ignored(it));
        table::list(out, "Overlapping, but kept", YELLOW, &LOSER_COLUMNS, rows)?;
        let mut line_numbers = calendar.line_numbers();
        let rows = plan.unreadable.iter().map(|it| {
            let place = room.place(it.object, &mut line_numbers);
            vec![show::plain(&place), show::sentence(&it.error)]
        });
        table::list(out, "Kept because they cannot be read", YELLOW, &["Object", "Why"], rows)?;
        let warnings = self.planned.warnings();
        let rows =
            warnings.iter().map(|it| vec![show::plain(&it.object), show::sentence(&it.detail)]);
        table::list(out, "Warnings", YELLOW, &["Object", "Warning"], rows)?;
        self.summary(out)
    }

    fn removal(&self, removal: &Removal) -> Vec<String> {
        let Removal { loser, winner, because, .. } = removal;
        let because = because.as_ref().map(|it| self.why_it_loses(loser, winner, it));
        self.loser(loser, winner, because.unwrap_or_default())
    }

    fn ignored(&self, ignored: &Ignored) -> Vec<String> {
        let policy = &self.planned.room.policy;
        let because = match ignored.reason {
            Reason::Started => {
                "it is on, and has held its time since before it began (rule 7)".to_owned()
            }
            Reason::Prioritised => {
                "both are prioritised, so their organizers have to agree (rule 7)".to_owned()
            }
            Reason::Protected => "its UID is protected (rule 7)".to_owned(),
            Reason::Tolerated => format!(
                "the overlap is within the tolerance of {} (rule 7)",
                show::count(policy.tolerance_minutes as usize, "minute", "minutes")
            ),
            Reason::Free => "it is marked as free, so it takes no room (rule 7)".to_owned(),
            Reason::Limit => format!(
                "more than {} would lose a booking at once, so it waits for a confirmation (rule 7)",
                show::count(policy.limit.unwrap_or_default(), "event", "events")
            ),
            // A plan of a file has none of these.
            Reason::Changed | Reason::Refused | Reason::Pending | Reason::Report => {
                ignored.reason.as_str().to_owned()
            }
        };
        let Ignored { weaker, winner, .. } = ignored;
        let by = ignored.because.as_ref();
        let by = by.map(|it| format!("; {}", self.why_it_loses(weaker, winner, it)));
        self.loser(weaker, winner, because + &by.unwrap_or_default())
    }

    fn loser(&self, loser: &Slot, winner: &Slot, because: String) -> Vec<String> {
        let mut row = self.columns(loser.object, loser.occurrence).to_vec();
        let [_, what, who] = self.columns(winner.object, winner.occurrence);
        let (start, end) = (winner.occurrence.start, winner.occurrence.end);
        let is_all_day = self.view(winner.object, winner.occurrence).is_all_day();
        let when = show::period_beside(self.zone(), start, end, is_all_day, loser.occurrence.start);
        let beside_it = self.planned.plan.staying_beside(loser).take(MOST_COUNTED);
        let others = beside_it.count().saturating_sub(1);
        let mut beside = if who.is_empty() { what } else { format!("{what} ({who})") };
        beside.push_str(&format!(", {when}"));
        if others > 0 {
            beside.push_str(&format!(" and {}", show::count(others, "other", "others")));
        }
        row.extend([beside, because]);
        row
    }

    /// The deciding rule (rule 4) in words.
    fn why_it_loses(&self, loser: &Slot, winner: &Slot, because: &Because) -> String {
        let (loser, winner) = (self.held_since(loser), self.held_since(winner));
        because_since(because.rule, &loser, &winner, because.witnessed)
    }

    /// Since when a slot is held, for rule 4.
    fn held_since(&self, slot: &Slot) -> String {
        let taken_as = show::stamp(self.zone(), slot.rank.held.since);
        match slot.rank.held.source {
            Source::Unknown => format!("an unknown time, taken as {taken_as}"),
            _ => taken_as,
        }
    }

    fn summary(&self, out: &mut impl Write) -> Result<(), Failure> {
        let plan = &self.planned.plan;
        let of = |how: How| plan.removals.iter().filter(|it| it.how == how).count();
        let (deleted, cancelled) = (of(How::Delete), of(How::CancelOccurrence));
        let mut parts = Vec::new();
        let mut add = |number: usize, one: &str, many: &str| {
            if number > 0 {
                parts.push(show::count(number, one, many));
            }
        };
        add(plan.leftovers.len(), "cancelled event deleted", "cancelled events deleted");
        add(deleted, "overlapping event deleted", "overlapping events deleted");
        add(cancelled, "occurrence of a series cancelled", "occurrences of series cancelled");
        let changes = !parts.is_empty();
        let mut add = |number: usize, one: &str, many: &str| {
            if number > 0 {
                parts.push(show::count(number, one, many));
            }
        };
        add(plan.ignored.len(), "overlap kept", "overlaps kept");
        add(plan.unreadable.len(), "object cannot be read", "objects cannot be read");
        let text = match (changes, parts.is_empty()) {
            (_, true) => "There is nothing to clear.".to_owned(),
            (true, false) => format!("A clear would mean: {}.", parts.join(", ")),
            (false, false) => format!("There is nothing to clear: {}.", parts.join(", ")),
        };
        let style = if changes { table::HEADING } else { GREEN };
        writeln!(out, "{style}{text}{style:#}\n")?;
        Ok(())
    }

    fn columns(&self, object: usize, occurrence: Occurrence) -> [String; 3] {
        let view = self.view(object, occurrence);
        let name = show::plain(&view.name());
        let Occurrence { start, end, .. } = occurrence;
        [
            show::period(self.zone(), start, end, view.is_all_day()),
            if name.is_empty() { "(no name)".to_owned() } else { name },
            show::plain(&view.organizer().unwrap_or_default()),
        ]
    }

    fn view(&self, object: usize, occurrence: Occurrence) -> EventView<'_, '_> {
        EventView { room: &self.planned.room, object, occurrence }
    }

    fn zone(&self) -> &Zone {
        self.planned.room.zones.calendar_zone()
    }
}

const EVENT_COLUMNS: [&str; 3] = ["When", "What", "Organizer"];
const LOSER_COLUMNS: [&str; 5] = ["When", "What", "Organizer", "Overlaps with", "Because"];
