//! Arguments that several commands share, and how their values are read.

use clearing::Address;
use ical::civil::{Civil, day_number};
use ical::{Moment, Zone};
use jiff::fmt::temporal::{Pieces, PiecesOffset};

use super::Failure;

/// The time zone of the flag, else of `TIME_ZONE`, else UTC. An empty variable counts as none.
pub fn time_zone(flag: &Option<Zone>) -> Result<Zone, Failure> {
    if let Some(zone) = flag {
        return Ok(zone.clone());
    }
    match std::env::var("TIME_ZONE") {
        Ok(name) if !name.is_empty() => zone(&name)
            .map_err(|error| Failure::Usage(format!("TIME_ZONE is set to '{name}': {error}"))),
        _ => Ok(Zone::utc()),
    }
}

/// Reads an IANA time zone name.
pub fn zone(name: &str) -> Result<Zone, String> {
    Zone::iana(name).ok_or_else(|| {
        "there is no time zone of that name; write an IANA name such as Europe/Berlin or UTC"
            .to_owned()
    })
}

/// Reads a mail address.
pub fn address(text: &str) -> Result<Address, String> {
    match text.trim().rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(Address::new(text)),
        _ => Err("it is no mail address such as room@example.org".to_owned()),
    }
}

/// Reads an organizer's address, or a domain such as `@example.org`.
pub fn organizer(text: &str) -> Result<String, String> {
    match text.trim().rsplit_once('@') {
        Some((_, domain)) if !domain.is_empty() => Ok(text.to_owned()),
        _ => Err("it is no mail address such as boss@example.org, and no domain such as \
                  @example.org"
            .to_owned()),
    }
}

/// Reads a text that must not be empty.
pub fn not_empty(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads an ISO 8601 date or date-time; without an offset it is in `zone`, a date is its midnight.
///
/// # Errors
///
/// Wrong usage, with the argument's name.
pub fn moment(argument: &str, text: &str, zone: &Zone) -> Result<Moment, Failure> {
    let wrong = || {
        Failure::Usage(format!(
            "invalid value '{text}' for '{argument}': write a date or a time as 2026-03-02, \
             2026-03-02T12:00 or 2026-03-02T12:00:00+01:00"
        ))
    };
    let pieces = Pieces::parse(text).map_err(|_| wrong())?;
    let date = pieces.date();
    if pieces.time_zone_annotation().is_some() || date.year() < 1 {
        return Err(wrong());
    }
    let time = pieces.time().unwrap_or_default();
    let midnight = Civil::midnight(day_number(
        i32::from(date.year()),
        date.month().unsigned_abs().into(),
        date.day().unsigned_abs().into(),
    ));
    let civil = midnight.plus(
        i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second()),
    );
    Ok(match pieces.offset() {
        None => zone.moment(civil),
        Some(PiecesOffset::Zulu) => Moment(civil.0),
        Some(PiecesOffset::Numeric(numeric)) => {
            Moment(civil.0 - i64::from(numeric.offset().seconds()))
        }
        Some(_) => return Err(wrong()),
    })
}

/// The present moment.
pub fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_an_offset_is_in_the_zone() {
        let berlin = Zone::iana("Europe/Berlin").unwrap();
        for text in [
            "2026-03-02T12:00:00+01:00",
            "2026-03-02T12:00+01:00",
            "2026-03-02T12:00:00",
            "2026-03-02T12:00",
            "2026-03-02 12:00",
            "2026-03-02T11:00:00Z",
            "2026-03-02T11:00:00.75Z",
            "20260302T120000",
        ] {
            assert_eq!(moment("--now", text, &berlin).unwrap(), Moment(1_772_449_200), "{text}");
        }
        let midnight = moment("--now", "2026-03-02", &berlin).unwrap();
        assert_eq!(midnight, Moment(1_772_449_200 - 12 * 3600));
    }

    #[test]
    fn what_is_no_time_is_wrong_usage_that_names_the_argument() {
        for text in
            ["", "now", "2026-02-30", "2026-03-02T25:00", "12:00", "2026-03-02[UTC]", "-0001-01-01"]
        {
            let error = moment("--start", text, &Zone::utc()).unwrap_err();
            assert!(
                matches!(&error, Failure::Usage(message) if message.contains("--start")),
                "{text}"
            );
        }
    }
}
