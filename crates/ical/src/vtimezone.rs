//! VTIMEZONE: zones that a calendar defines itself (RFC 5545 section 3.6.5).

use crate::civil::{Civil, DAY, date_of, day_number, days_in_month, weekday};
use crate::edit::local_text;
use crate::limits::{Budget, MAX_TRANSITIONS};
use crate::line::{Lines, split_value, unfold};
use crate::moment::Moment;
use crate::rule::{Request, Rule};
use crate::value::{self, Kind, Stamp};
use crate::zone::Zone;

/// Until which year the changes of the clock are read; later times keep the last offset.
const LAST_YEAR: i32 = 2200;

/// A STANDARD or DAYLIGHT part.
#[derive(Default)]
struct Observance {
    start: Option<Civil>,
    offset_from: Option<i32>,
    offset_to: Option<i32>,
    rules: Vec<Rule>,
    dates: Vec<Stamp>,
}

/// Reads the text of a VTIMEZONE; `None` where it does not say what its clocks show.
pub(crate) fn read(name: String, text: &[u8]) -> Option<Zone> {
    let mut onsets: Vec<(Moment, i32, i32)> = Vec::new();
    let mut observance: Option<Observance> = None;
    let mut budget = Budget::of_zone();
    for line in Lines::from(text, 0) {
        let line = unfold(line.bytes);
        let end = line.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        let Some((_, value)) = split_value(rest) else {
            continue;
        };
        let value = value.trim_ascii();
        match (&*name.to_ascii_uppercase(), &mut observance) {
            (b"BEGIN", _) => {
                let part = value.to_ascii_uppercase();
                observance = matches!(&*part, b"STANDARD" | b"DAYLIGHT").then(Observance::default);
            }
            (b"END", part) => {
                if let Some(part) = part.take() {
                    part.onsets(&mut onsets, &mut budget)?;
                }
            }
            (property, Some(part)) => part.read(property, value)?,
            _ => {}
        }
    }
    onsets.sort_unstable();
    let (_, first, _) = *onsets.first()?;
    let changes: Vec<(Moment, i32)> = onsets.into_iter().map(|(at, _, to)| (at, to)).collect();
    Some(Zone::from_transitions(name, first, &changes))
}

impl Observance {
    fn read(&mut self, property: &[u8], value: &[u8]) -> Option<()> {
        match property {
            b"DTSTART" => self.start = Some(value::stamp(value).ok()?.civil),
            b"TZOFFSETFROM" => self.offset_from = Some(value::utc_offset(value).ok()?),
            b"TZOFFSETTO" => self.offset_to = Some(value::utc_offset(value).ok()?),
            b"RRULE" => self.rules.push(Rule::parse(value).ok()?),
            b"RDATE" => {
                for date in value.split(|byte| *byte == b',') {
                    self.dates.push(value::stamp(date).ok()?);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// Appends the moments at which this part begins: (moment, offset before, offset after).
    fn onsets(&self, onsets: &mut Vec<(Moment, i32, i32)>, budget: &mut Budget) -> Option<()> {
        let (start, from, to) = (self.start?, self.offset_from?, self.offset_to?);
        let at = |civil: Civil| Moment(civil.0 - i64::from(from));
        let mut add = |moment: Moment| {
            onsets.push((moment, from, to));
            onsets.len() <= MAX_TRANSITIONS
        };
        add(at(start));
        for date in &self.dates {
            let moment = match date.kind {
                Kind::Utc => Moment(date.civil.0),
                _ => at(date.civil),
            };
            if !add(moment) {
                return None;
            }
        }
        for rule in &self.rules {
            let until = match rule.until {
                None => Civil(i64::MAX),
                Some(Stamp { civil, kind: Kind::Utc }) => civil.plus(i64::from(from)),
                Some(Stamp { civil, kind: Kind::Local }) => civil,
                Some(Stamp { civil, kind: Kind::Date }) => civil.plus(DAY - 1),
            };
            let request = Request {
                start,
                is_date: false,
                start_counts: false,
                until,
                from: start,
                to: Civil::midnight(day_number(LAST_YEAR, 1, 1)),
            };
            let mut all = true;
            let expanded = rule.expand(&request, budget, &mut |civil| {
                all = add(at(civil));
                Ok(all)
            });
            if expanded.is_err() || !all {
                return None;
            }
        }
        Some(())
    }
}

/// How many years of changes a definition tells, where no yearly rule does.
const YEARS_LISTED: i64 = 20;

/// The VTIMEZONE of a zone, for an event that begins at `start`: yearly rules where the zone keeps to
/// some from the year before `start` on, else the changes of twenty years.
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
    /// What the clock shows at the change, before it is changed.
    fn civil(&self) -> Civil {
        Civil(self.at.0 + i64::from(self.before))
    }
}

/// The two changes of the first year with the rules that all changes keep to, if they keep to some.
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
            let zone = Zone::iana(name).unwrap();
            let text = write(&zone, start);
            let read = read(name.to_owned(), text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            for hour in 0..15 * 366 * 24 {
                let at = start.plus(hour * 3600);
                assert_eq!(read.offset(at), zone.offset(at), "{name} {at:?}\n{text}");
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

    #[test]
    fn a_definition_that_says_nothing_or_too_much_is_none() {
        for (was, becomes) in [
            ("DTSTART:16010325T020000\r\n", ""),
            ("TZOFFSETTO:+0200", "X:1"),
            ("FREQ=YEARLY", "FREQ=SOMETIMES"),
            ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=SECONDLY"),
        ] {
            let text = BERLIN.replace(was, becomes);
            assert!(read("Clock".to_owned(), text.as_bytes()).is_none(), "{becomes}");
        }
        assert!(read("Clock".to_owned(), b"BEGIN:VTIMEZONE\r\nEND:VTIMEZONE\r\n").is_none());
    }
}
