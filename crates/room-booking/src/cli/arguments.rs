//! Arguments that several commands share, and their parsers.

use clearing::{Address, Ties};
use facts::time;
use ical::{Moment, UnknownZones, Zone};
use operations::Clock;

use super::Failure;

/// The time zone of the flag, otherwise of `TIME_ZONE`, otherwise UTC. An empty variable counts as
/// not set.
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

/// `--unknown-zone`: how events in an unknown time zone are read.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum UnknownZone {
    /// Keep them as unreadable
    #[default]
    Refuse,
    /// Read them in the calendar's own time zone
    Calendar,
}

impl From<UnknownZone> for UnknownZones {
    fn from(choice: UnknownZone) -> UnknownZones {
        match choice {
            UnknownZone::Refuse => UnknownZones::Refuse,
            UnknownZone::Calendar => UnknownZones::Calendar,
        }
    }
}

/// Reads an IANA time zone name.
pub fn zone(name: &str) -> Result<Zone, String> {
    Zone::iana(name).ok_or_else(|| {
        "there is no time zone of that name; write an IANA name such as Europe/Berlin or UTC"
            .to_owned()
    })
}

/// Reads an email address.
pub fn address(text: &str) -> Result<Address, String> {
    match text.trim().rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(Address::new(text)),
        _ => Err("it is not an email address such as room@example.org".to_owned()),
    }
}

/// Reads an organizer's address, or a domain such as `@example.org`.
pub fn organizer(text: &str) -> Result<String, String> {
    match text.trim().rsplit_once('@') {
        Some((_, domain)) if !domain.is_empty() => Ok(text.to_owned()),
        _ => Err("it is not an email address such as boss@example.org, and no domain such as \
                  @example.org"
            .to_owned()),
    }
}

/// Reads a text that must not be empty.
pub fn not_empty(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads words of a name: a text without a letter or a digit would match nothing.
pub fn words(text: &str) -> Result<String, String> {
    let is_any = clearing::has_words(text);
    if is_any { Ok(text.to_owned()) } else { Err("it has no letter and no digit".to_owned()) }
}

/// A token that gives priority.
pub fn token(text: &str) -> Result<String, String> {
    let is_token = clearing::tokens_in(text).next() == Some(text);
    let form = || format!("write it as {} and 22 letters and digits", clearing::TOKEN_PREFIX);
    if is_token { Ok(text.to_owned()) } else { Err(form()) }
}

/// Reads an ISO 8601 date or date-time; without an offset it is in `zone`, a date is its midnight.
///
/// # Errors
///
/// A usage error with the argument's name.
pub fn moment(argument: &str, text: &str, zone: &Zone) -> Result<Moment, Failure> {
    time::moment(text, zone).ok_or_else(|| {
        Failure::Usage(format!(
            "invalid value '{text}' for '{argument}': write a date or a time as 2026-03-02, \
             2026-03-02T12:00 or 2026-03-02T12:00:00+01:00"
        ))
    })
}

/// The present moment.
pub fn now() -> Moment {
    Clock::system().now()
}

/// What happens if two prioritised events overlap.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum TiesArgument {
    /// Both stay
    Keep,
    /// The one with the higher rank stays
    Rank,
}

impl From<TiesArgument> for Ties {
    fn from(ties: TiesArgument) -> Ties {
        match ties {
            TiesArgument::Keep => Ties::Keep,
            TiesArgument::Rank => Ties::Rank,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
