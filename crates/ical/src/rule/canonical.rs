//! Recurrence rules of new series in the form of RFC 5545 section 3.3.10. Deviations that are
//! tolerated when rules of clients are read are refused here.

use super::{Frequency, Request, Rule};
use crate::Unreadable;
use crate::budget::Budget;
use crate::civil::{Civil, DAY, LAST_DAY};
use crate::civil::{date_text, local_text};
use crate::new_times::NewTimes;
use crate::problem::Problem;
use crate::value::{Stamp, TimeForm};
use crate::zone::Zone;

/// Rule parts that RFC 5545 knows.
const PARTS: [&str; 14] = [
    "FREQ",
    "UNTIL",
    "COUNT",
    "INTERVAL",
    "BYSECOND",
    "BYMINUTE",
    "BYHOUR",
    "BYDAY",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYMONTH",
    "BYSETPOS",
    "WKST",
];

/// Checks a recurrence rule of a new series that begins at `times` in a calendar whose zone is `zone`,
/// and writes it in RFC 5545's own form: in capitals, FREQ first, and UNTIL as a date for an all-day
/// series and in UTC for a timed one. An UNTIL without `Z` is on the zone's clock, one that is a date
/// covers that whole day.
///
/// # Errors
///
/// What RFC 5545 does not allow, such as COUNT beside UNTIL or an empty part, and a rule that gives no
/// instance.
pub fn canonical_rule(text: &str, times: NewTimes, zone: &Zone) -> Result<String, Problem> {
    let text = text.trim();
    let rule = Rule::parse(text.as_bytes())?;
    let (is_date, start) = match times {
        NewTimes::Timed { start, .. } => (false, zone.civil(start)),
        NewTimes::AllDay { first, .. } => (true, Civil::midnight(first)),
    };
    let mut parts: Vec<(String, String)> = Vec::new();
    for part in text.split(';') {
        if part.trim().is_empty() {
            return Err(Problem::EmptyPart);
        }
        let (name, value) = part.split_once('=').ok_or(Problem::PartWithoutValue)?;
        let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
        if !PARTS.contains(&name.as_str()) {
            return Err(Problem::UnknownPart);
        }
        if parts.iter().any(|(other, _)| *other == name) {
            return Err(Problem::PartTwice);
        }
        if value.chars().any(char::is_whitespace) {
            return Err(Problem::Blanks);
        }
        parts.push((name, value));
    }
    let has = |name: &str| parts.iter().any(|(it, _)| it == name);
    let is_ordinal = |(name, value): &(String, String)| {
        name == "BYDAY" && value.contains(|it: char| it.is_ascii_digit())
    };
    check_parts(&rule, is_date, parts.iter().any(is_ordinal), &has)?;
    let until = rule.until.map(|until| end_of(until, is_date, zone));
    if until.is_some_and(|until| until < start) {
        return Err(Problem::EndsBefore);
    }
    has_instance(&rule, start, is_date, until)?;
    let until = until.map(|until| match is_date {
        true => date_text(until),
        // UNTIL is inclusive: at the end of a repeated hour it is the later of two moments.
        false => format!("{}Z", local_text(Civil(exact(rule.until, until, zone)))),
    });
    parts.sort_by_key(|(name, _)| name != "FREQ");
    let write = |(name, value): (String, String)| match (&*name, &until) {
        ("UNTIL", Some(until)) => format!("UNTIL={until}"),
        _ => format!("{name}={value}"),
    };
    Ok(parts.into_iter().map(write).collect::<Vec<_>>().join(";"))
}

/// Which parts may not stand together (RFC 5545 section 3.3.10).
fn check_parts(
    rule: &Rule,
    is_date: bool,
    has_ordinal: bool,
    has: &dyn Fn(&str) -> bool,
) -> Result<(), Problem> {
    use Frequency::{Daily, Monthly, Weekly, Yearly};
    let by_time = ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|name| has(name));
    let by_any =
        PARTS.iter().any(|name| name.starts_with("BY") && *name != "BYSETPOS" && has(name));
    let refused = [
        (has("COUNT") && has("UNTIL"), Problem::CountAndUntil),
        (is_date && by_time, Problem::TimeOfAllDay),
        (has("BYWEEKNO") && rule.frequency != Yearly, Problem::WeekNoNotYearly),
        (
            has("BYYEARDAY") && matches!(rule.frequency, Daily | Weekly | Monthly),
            Problem::YearDayRefused,
        ),
        (has("BYMONTHDAY") && rule.frequency == Weekly, Problem::MonthDayRefused),
        (
            has_ordinal
                && !(rule.frequency == Monthly || (rule.frequency == Yearly && !has("BYWEEKNO"))),
            Problem::OrdinalRefused,
        ),
        (has("BYSETPOS") && !by_any, Problem::SetPosAlone),
    ];
    refused.into_iter().find(|(is_so, _)| *is_so).map_or(Ok(()), |(_, what)| Err(what))
}

/// UNTIL on the zone's clock; of an all-day series midnight of its last day.
fn end_of(until: Stamp, is_date: bool, zone: &Zone) -> Civil {
    let Stamp { civil, kind } = until;
    match (kind, is_date) {
        (TimeForm::Date | TimeForm::Local, true) => Civil::midnight(civil.day()),
        (TimeForm::Date, false) => civil.plus(DAY - 1),
        (TimeForm::Local, false) => civil,
        (TimeForm::Utc, true) => {
            // As the rules of clearing read it: the day that ends or begins at that moment.
            let is_edge = |it: Civil| [0, 86_399].contains(&it.second_of_day());
            let here = zone.civil(crate::Moment(civil.0));
            let day = if !is_edge(civil) && is_edge(here) { here.day() } else { civil.day() };
            Civil::midnight(day)
        }
        (TimeForm::Utc, false) => zone.civil(crate::Moment(civil.0)),
    }
}

/// UNTIL of a timed series in seconds since 1970.
fn exact(until: Option<Stamp>, civil: Civil, zone: &Zone) -> i64 {
    match until {
        Some(Stamp { civil: utc, kind: TimeForm::Utc }) => utc.0,
        _ => zone.moment(civil).0,
    }
}

/// Whether the rule gives any instance from the start on.
fn has_instance(
    rule: &Rule,
    start: Civil,
    is_date: bool,
    until: Option<Civil>,
) -> Result<(), Problem> {
    let end = Civil::midnight(LAST_DAY + 1);
    let request = Request {
        start,
        is_date,
        start_counts: true,
        until: until.unwrap_or(end),
        from: start,
        to: end,
    };
    let mut is_any = false;
    rule.expand(&request, &mut Budget::new(), &mut |_| {
        is_any = true;
        Ok(false)
    })
    .map_err(|_| Problem::NotFollowed)?;
    if is_any { Ok(()) } else { Err(Problem::NoInstance) }
}

impl Rule {
    /// Whether the rule gives an instance at the very start of a series.
    ///
    /// # Errors
    ///
    /// When the budget does not suffice.
    pub fn gives_start(
        &self,
        start: Civil,
        is_date: bool,
        budget: &mut Budget,
    ) -> Result<bool, Unreadable> {
        let to = start.plus(1);
        let request = Request { start, is_date, start_counts: true, until: to, from: start, to };
        let mut is_there = false;
        self.expand(&request, budget, &mut |civil| {
            is_there = civil == start || (is_date && civil.day() == start.day());
            Ok(false)
        })?;
        Ok(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    /// 2 March 2026, 12:00 in Berlin.
    const TIMED: NewTimes =
        NewTimes::Timed { start: Moment(1_772_449_200), end: Moment(1_772_452_800) };
    const ALL_DAY: NewTimes = NewTimes::AllDay { first: 20_514, end: 20_515 };

    fn written(text: &str, times: NewTimes) -> Result<String, Problem> {
        canonical_rule(text, times, &Zone::iana("Europe/Berlin").unwrap())
    }

    #[test]
    fn a_rule_is_written_in_capitals_with_freq_first_and_until_in_the_form_of_the_start() {
        for (text, times, expected) in [
            (" count=2;freq=daily ", TIMED, "FREQ=DAILY;COUNT=2"),
            ("FREQ=DAILY;UNTIL=20260310T120000", TIMED, "FREQ=DAILY;UNTIL=20260310T110000Z"),
            ("FREQ=DAILY;UNTIL=20260710T120000", TIMED, "FREQ=DAILY;UNTIL=20260710T100000Z"),
            ("FREQ=DAILY;UNTIL=20260310T110000Z", TIMED, "FREQ=DAILY;UNTIL=20260310T110000Z"),
            ("FREQ=DAILY;UNTIL=20260310", TIMED, "FREQ=DAILY;UNTIL=20260310T225959Z"),
            ("FREQ=DAILY;UNTIL=20260310", ALL_DAY, "FREQ=DAILY;UNTIL=20260310"),
            ("FREQ=DAILY;UNTIL=20260310T120000", ALL_DAY, "FREQ=DAILY;UNTIL=20260310"),
            ("FREQ=DAILY;UNTIL=20260310T000000Z", ALL_DAY, "FREQ=DAILY;UNTIL=20260310"),
            ("FREQ=DAILY;UNTIL=20260309T230000Z", ALL_DAY, "FREQ=DAILY;UNTIL=20260310"),
            ("FREQ=WEEKLY;BYDAY=mo,TH;INTERVAL=2", TIMED, "FREQ=WEEKLY;BYDAY=MO,TH;INTERVAL=2"),
            ("FREQ=MONTHLY;BYDAY=-1FR", TIMED, "FREQ=MONTHLY;BYDAY=-1FR"),
            ("FREQ=DAILY;UNTIL=20260302T110000Z", TIMED, "FREQ=DAILY;UNTIL=20260302T110000Z"),
        ] {
            assert_eq!(written(text, times).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_rfc_5545_does_not_allow_is_refused() {
        for (text, times) in [
            ("FREQ=DAILY;COUNT=2;UNTIL=20260310T110000Z", TIMED),
            ("FREQ=DAILY;", TIMED),
            (";FREQ=DAILY", TIMED),
            ("FREQ=DAILY;;COUNT=2", TIMED),
            ("FREQ=DAILY;COUNT=", TIMED),
            ("FREQ=DAILY;COUNT=2;COUNT=3", TIMED),
            ("FREQ=DAILY;X-EVERY=1", TIMED),
            ("RSCALE=GREGORIAN;FREQ=DAILY", TIMED),
            ("FREQ=WEEKLY;BYDAY=MO, TU", TIMED),
            ("FREQ=WEEKLY;BYDAY=1MO", TIMED),
            ("FREQ=WEEKLY;BYMONTHDAY=1", TIMED),
            ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", TIMED),
            ("FREQ=MONTHLY;BYWEEKNO=20", TIMED),
            ("FREQ=MONTHLY;BYYEARDAY=20", TIMED),
            ("FREQ=MONTHLY;BYSETPOS=1", TIMED),
            ("FREQ=DAILY;BYHOUR=9", ALL_DAY),
            ("FREQ=DAILY;UNTIL=20260301", TIMED),
            ("FREQ=DAILY;UNTIL=20260302T105959Z", TIMED),
            ("FREQ=DAILY;UNTIL=20260301", ALL_DAY),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", TIMED),
            ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260302T120000Z", TIMED),
        ] {
            assert!(written(text, times).is_err(), "{text}");
        }
    }
}
