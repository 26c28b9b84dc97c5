//! VTIMEZONE: zones that a calendar defines itself (RFC 5545 section 3.6.5).

use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::local_text;
use crate::civil::{Civil, DAY, date_of, day_number, days_in_month, weekday};
use crate::limits::MAX_TRANSITIONS;
use crate::line::{Lines, split_value, unfold};
use crate::moment::Moment;
use crate::problem::ZoneProblem;
use crate::rule::{Request, Rule};
use crate::value::{self, Stamp, TimeForm};
use crate::zone::Zone;

/// Until which year the changes of the clock are read; later times keep the last offset.
const LAST_YEAR: i32 = 2200;

/// A STANDARD or DAYLIGHT part.
struct Observance {
    start: Civil,
    /// Seconds east of UTC before it begins.
    from: i32,
    /// Seconds east of UTC from then on.
    to: i32,
    rules: Vec<Rule>,
    dates: Vec<Stamp>,
}

/// A part of which not all lines have been read.
#[derive(Default)]
struct Draft {
    start: Option<Civil>,
    offset_from: Option<i32>,
    offset_to: Option<i32>,
    rules: Vec<Rule>,
    dates: Vec<Stamp>,
}

/// The first year whose changes are read: some clients begin their rules in year 1.
const FIRST_YEAR: i32 = 1900;

/// Why a VTIMEZONE cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is out of the bounds of [`crate::limits`].
    TooLarge,
    /// It does not define the offsets of its clocks.
    Broken(ZoneProblem),
}

/// Reads the text of a VTIMEZONE.
///
/// # Errors
///
/// [`Problem`]. If unreadable parts were ignored, the zone would be wrong for half of each year.
pub(crate) fn read(name: String, text: &[u8]) -> Result<Zone, Problem> {
    let parts = parts(text).map_err(Problem::Broken)?;
    let mut onsets = Vec::new();
    let mut budget = Budget::of_zone();
    for part in &parts {
        part.onsets(&mut onsets, &mut budget).map_err(|_| Problem::TooLarge)?;
    }
    onsets.sort_unstable();
    let Some(&(_, first, _)) = onsets.first() else {
        return Err(Problem::Broken(ZoneProblem::NoParts));
    };
    let changes: Vec<(Moment, i32)> = onsets.into_iter().map(|(at, _, to)| (at, to)).collect();
    Ok(Zone::from_transitions(name, first, &changes))
}

/// The STANDARD and DAYLIGHT parts of a definition, except empty ones.
fn parts(text: &[u8]) -> Result<Vec<Observance>, ZoneProblem> {
    let mut parts = Vec::new();
    let mut draft: Option<Draft> = None;
    for line in Lines::from(text, 0) {
        let line = unfold(line.bytes);
        let end = line.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        let value = split_value(rest).map(|(_, value)| value.trim_ascii());
        match (&*name.trim_ascii().to_ascii_uppercase(), &mut draft) {
            (b"BEGIN" | b"END", open) => {
                // A part that lost its END ends where the next begins.
                if let Some(draft) = open.take() {
                    parts.extend(draft.whole()?);
                }
                let part = value.unwrap_or_default().to_ascii_uppercase();
                let begins = name.trim_ascii().eq_ignore_ascii_case(b"BEGIN");
                let is_part = matches!(&*part, b"STANDARD" | b"DAYLIGHT");
                draft = (begins && is_part).then(Draft::default);
            }
            (property, Some(draft)) => draft.read(property, value)?,
            _ => {}
        }
    }
    Ok(parts)
}

impl Draft {
    fn read(&mut self, property: &[u8], value: Option<&[u8]>) -> Result<(), ZoneProblem> {
        let value = value.unwrap_or_default();
        match property {
            b"DTSTART" => {
                let start = value::stamp(value).map_err(|_| ZoneProblem::StartNoTime)?;
                self.start = Some(start.civil);
            }
            b"TZOFFSETFROM" | b"TZOFFSETTO" => {
                let offset = value::utc_offset(value).map_err(|_| ZoneProblem::OffsetNoOffset)?;
                match property {
                    b"TZOFFSETFROM" => self.offset_from = Some(offset),
                    _ => self.offset_to = Some(offset),
                }
            }
            b"RRULE" => {
                let rule = Rule::parse(value).map_err(|_| ZoneProblem::RuleNoRule)?;
                self.rules.push(rule);
            }
            b"RDATE" => {
                for date in value.split(|byte| *byte == b',') {
                    let date = value::stamp(date).map_err(|_| ZoneProblem::DateNoTime)?;
                    self.dates.push(date);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The part; `None` if it has neither a start nor an offset.
    fn whole(self) -> Result<Option<Observance>, ZoneProblem> {
        let Draft { start, offset_from, offset_to, rules, dates } = self;
        match (start, offset_from, offset_to) {
            (Some(start), Some(from), Some(to)) => {
                Ok(Some(Observance { start, from, to, rules, dates }))
            }
            (None, None, None) => Ok(None),
            _ => Err(ZoneProblem::Incomplete),
        }
    }
}

impl Observance {
    /// Appends the moments at which this part begins: (moment, offset before, offset after).
    fn onsets(
        &self,
        onsets: &mut Vec<(Moment, i32, i32)>,
        budget: &mut Budget,
    ) -> Result<(), Unreadable> {
        let Observance { start, from, to, .. } = *self;
        let at = |civil: Civil| Moment(civil.0 - i64::from(from));
        let mut add = |moment: Moment| {
            if onsets.len() >= MAX_TRANSITIONS {
                return Err(Unreadable::ZoneTooLarge);
            }
            onsets.push((moment, from, to));
            Ok(true)
        };
        add(at(start))?;
        for date in &self.dates {
            add(match date.kind {
                TimeForm::Utc => Moment(date.civil.0),
                _ => at(date.civil),
            })?;
        }
        for rule in &self.rules {
            let until = match rule.until {
                None => Civil(i64::MAX),
                Some(Stamp { civil, kind: TimeForm::Utc }) => civil.plus(i64::from(from)),
                Some(Stamp { civil, kind: TimeForm::Local }) => civil,
                Some(Stamp { civil, kind: TimeForm::Date }) => civil.plus(DAY - 1),
            };
            let first = Civil::midnight(day_number(FIRST_YEAR, 1, 1));
            let request = Request {
                start,
                is_date: false,
                start_counts: false,
                until,
                // An old rule that has ended may define the offset until today.
                from: if until < first { start } else { start.max(first) },
                to: Civil::midnight(day_number(LAST_YEAR, 1, 1)),
            };
            rule.expand(&request, budget, &mut |civil| add(at(civil)))?;
        }
        Ok(())
    }
}

/// The number of years whose changes a definition lists if no yearly rule fits.
const YEARS_LISTED: i64 = 20;

/// The VTIMEZONE of a zone, for an event that begins at `start`: yearly rules if the zone keeps to
/// some from the year before `start` on, otherwise the changes of twenty years.
pub(crate) fn write(zone: &Zone, start: Moment) -> String {
    let year = date_of(zone.civil(start).day()).year;
    let from = zone.moment(Civil::midnight(day_number(year - 1, 1, 1)));
    let to = from.plus(YEARS_LISTED * 366 * DAY);
    let first = zone.offset(from.plus(-1));
    let changes: Vec<Change> = zone
        .transitions(from)
        .take_while(|(at, _)| *at < to)
        .scan(first, |before, (at, after)| {
            let change = Change { at, before: *before, after };
            *before = after;
            Some(change)
        })
        .collect();
    let mut out = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", zone.name());
    match yearly(&changes) {
        Some(rules) => {
            for (change, rule) in rules {
                observance(&mut out, &change, &format!("RRULE:{rule}\r\n"));
            }
        }
        None => {
            let onset = Change { at: from, before: first, after: first };
            observance(&mut out, &onset, "");
            for change in &changes {
                observance(&mut out, change, "");
            }
        }
    }
    out.push_str("END:VTIMEZONE\r\n");
    out
}

/// A change of the clock.
#[derive(Clone, Copy)]
struct Change {
    at: Moment,
    before: i32,
    after: i32,
}

impl Change {
    /// The local time at the change, before it.
    fn civil(&self) -> Civil {
        Civil(self.at.0 + i64::from(self.before))
    }
}

/// The two changes of the first year, with the rules that all changes keep to, if there are such
/// rules.
fn yearly(changes: &[Change]) -> Option<[(Change, String); 2]> {
    let [one, other, ..] = *changes else {
        return None;
    };
    let rules = [one, other].map(|first| {
        let all = || changes.iter().filter(|change| change.after == first.after);
        let same = |change: &Change| {
            let (a, b) = (change.civil(), first.civil());
            change.before == first.before
                && a.second_of_day() == b.second_of_day()
                && weekday(a.day()) == weekday(b.day())
                && date_of(a.day()).month == date_of(b.day()).month
        };
        let in_every_year = all().count() as i64 >= YEARS_LISTED - 1 && all().all(same);
        let date = date_of(first.civil().day());
        let is_last = |change: &Change| {
            let date = date_of(change.civil().day());
            date.day + 7 > days_in_month(date.year, date.month)
        };
        let nth = (date.day - 1) / 7 + 1;
        let is_nth = |change: &Change| (date_of(change.civil().day()).day - 1) / 7 + 1 == nth;
        let ordinal = if all().all(is_last) {
            "-1".to_owned()
        } else if all().all(is_nth) {
            nth.to_string()
        } else {
            return None;
        };
        let day = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][weekday(first.civil().day()) as usize];
        let month = date.month;
        in_every_year.then(|| (first, format!("FREQ=YEARLY;BYMONTH={month};BYDAY={ordinal}{day}")))
    });
    let [Some(one), Some(other)] = rules else {
        return None;
    };
    (changes.iter().all(|it| it.after == one.0.after || it.after == other.0.after))
        .then_some([one, other])
}

fn observance(out: &mut String, change: &Change, rule: &str) {
    let part = if change.after > change.before { "DAYLIGHT" } else { "STANDARD" };
    let onset = local_text(change.civil());
    let (from, to) = (offset_text(change.before), offset_text(change.after));
    out.push_str(&format!(
        "BEGIN:{part}\r\nDTSTART:{onset}\r\nTZOFFSETFROM:{from}\r\nTZOFFSETTO:{to}\r\n{rule}\
         END:{part}\r\n"
    ));
}

/// `+0100`
fn offset_text(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    let seconds = match offset % 60 {
        0 => String::new(),
        seconds => format!("{seconds:02}"),
    };
    format!("{sign}{:02}{:02}{seconds}", offset / 3600, offset / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_that_was_written_is_read_back_as_the_zone() {
        let start = Moment(1_772_000_000);
        for name in [
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "Africa/Casablanca",
            "Europe/Dublin",
            "America/Santiago",
            "Asia/Jerusalem",
            "Asia/Gaza",
            "Pacific/Chatham",
            "America/Sao_Paulo",
            "Antarctica/Troll",
        ] {
            for start in [start, Moment(3_900_000_000), Moment(5_700_000_000)] {
                let zone = Zone::iana(name).unwrap();
                let text = write(&zone, start);
                let read = read(name.to_owned(), text.as_bytes());
                let read = read.unwrap_or_else(|problem| panic!("{problem:?}\n{text}"));
                for hour in 0..15 * 366 * 24 {
                    let at = start.plus(hour * 3600);
                    assert_eq!(read.offset(at), zone.offset(at), "{name} {at:?}\n{text}");
                }
            }
        }
        let berlin = write(&Zone::iana("Europe/Berlin").unwrap(), start);
        assert!(berlin.contains("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"), "{berlin}");
    }

    const BERLIN: &str = "BEGIN:VTIMEZONE\r\nTZID:Clock\r\n\
        BEGIN:DAYLIGHT\r\nDTSTART:16010325T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
        TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n\
        BEGIN:STANDARD\r\nDTSTART:16011028T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
        TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

    #[test]
    fn a_definition_with_berlins_rules_keeps_berlins_time() {
        let defined = read("Clock".to_owned(), BERLIN.as_bytes()).unwrap();
        let berlin = Zone::iana("Europe/Berlin").unwrap();
        let first = Civil::midnight(day_number(1997, 1, 1));
        for hour in 0..100 * 366 * 24 {
            let civil = first.plus(hour * 3600);
            assert_eq!(defined.moment(civil), berlin.moment(civil), "{civil:?}");
        }
    }

    fn problem_of(text: &str) -> Option<Problem> {
        read("Clock".to_owned(), text.as_bytes()).err()
    }

    #[test]
    fn a_part_that_is_incomplete_makes_the_zone_unreadable() {
        for (was, becomes) in [
            ("DTSTART:16010325T020000\r\n", ""),
            ("DTSTART:16010325T020000", "DTSTART"),
            ("DTSTART:16010325T020000", "DTSTART:yesterday"),
            ("TZOFFSETFROM:+0100\r\n", ""),
            ("TZOFFSETTO:+0200\r\n", ""),
            ("TZOFFSETTO:+0200", "TZOFFSETTO:summer"),
            ("FREQ=YEARLY", "FREQ=SOMETIMES"),
            ("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE"),
            ("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RDATE:20260329T020000,soon"),
        ] {
            let text = BERLIN.replacen(was, becomes, 1);
            assert_ne!(text, BERLIN);
            let problem = problem_of(&text);
            assert!(matches!(problem, Some(Problem::Broken(_))), "{becomes}: {problem:?}");
        }
        for rule in ["FREQ=SECONDLY", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;BYYEARDAY=1"] {
            let text = BERLIN.replace("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", rule);
            assert_eq!(problem_of(&text), Some(Problem::TooLarge), "{rule}");
        }
    }

    #[test]
    fn a_part_that_says_nothing_is_passed_over_and_a_zone_of_no_other_is_unreadable() {
        let empty = "BEGIN:STANDARD\r\nTZNAME:CET\r\nEND:STANDARD\r\n";
        let with_empty = BERLIN.replace("BEGIN:DAYLIGHT", &format!("{empty}BEGIN:DAYLIGHT"));
        assert_eq!(problem_of(&with_empty), None);
        let only_empty = format!("BEGIN:VTIMEZONE\r\nTZID:Clock\r\n{empty}END:VTIMEZONE\r\n");
        for text in ["BEGIN:VTIMEZONE\r\nTZID:Clock\r\nEND:VTIMEZONE\r\n", &only_empty] {
            assert!(matches!(problem_of(text), Some(Problem::Broken(_))), "{text}");
        }
    }

    #[test]
    fn a_part_that_lost_its_end_line_ends_where_the_next_begins() {
        let text = BERLIN.replace("END:DAYLIGHT\r\n", "");
        let read = read("Clock".to_owned(), text.as_bytes()).unwrap();
        let summer = Civil::midnight(day_number(2026, 7, 1));
        assert_eq!(read.moment(summer), Zone::iana("Europe/Berlin").unwrap().moment(summer));
    }

    #[test]
    fn an_offset_of_three_digits_is_read() {
        let text = BERLIN.replace("+0100", "+100").replace("+0200", "+200");
        let read = read("Clock".to_owned(), text.as_bytes()).unwrap();
        assert_eq!(read.offset(Moment(1_785_000_000)), 7200);
    }

    #[test]
    fn a_definition_may_begin_in_year_1() {
        let text = BERLIN.replace(":1601", ":0001");
        let read = read("Clock".to_owned(), text.as_bytes()).unwrap();
        let berlin = Zone::iana("Europe/Berlin").unwrap();
        for day in 0..365 {
            let noon = Civil::midnight(day_number(2026, 1, 1) + day).plus(12 * 3600);
            assert_eq!(read.moment(noon), berlin.moment(noon));
        }
    }
}
