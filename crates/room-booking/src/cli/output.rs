//! Output: lines and JSON on standard output, notes on standard error.

use std::io::{self, BufWriter, IsTerminal, Write};

use facts::time;
use ical::{Moment, Zone};
use serde::Serialize;
use store::calendars::Calendar;

use super::Failure;
use crate::show;

/// Prints a line on standard output.
pub fn line(text: &str) -> Result<(), Failure> {
    Ok(writeln!(anstream::stdout(), "{text}")?)
}

/// Prints a note on standard error, which scripts do not read.
pub fn note(text: &str) -> Result<(), Failure> {
    Ok(writeln!(anstream::stderr(), "{text}")?)
}

/// Prints an answer as one line of JSON.
pub fn json(answer: &impl Serialize) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, answer).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// Prints an answer, which writes itself as JSON, as one line.
pub fn answer(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write(&mut out)?;
    writeln!(out)?;
    out.flush()
}

/// Prints an iCalendar text: verbatim, or on a terminal line by line without control sequences.
pub fn icalendar(text: &[u8]) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    if io::stdout().is_terminal() {
        for line in String::from_utf8_lossy(text).lines() {
            writeln!(out, "{}", show::sentence(line))?;
        }
    } else {
        out.write_all(text)?;
    }
    Ok(out.flush()?)
}

/// A moment of the database for programs.
pub fn moment(zone: &Zone, seconds: i64) -> String {
    time::rfc3339(zone, Moment(seconds))
}

/// A moment of the database for people; empty for none.
pub fn stamp(zone: &Zone, seconds: Option<i64>) -> String {
    seconds.map(|it| show::stamp(zone, Moment(it))).unwrap_or_default()
}

/// The zone that a calendar's times are shown in.
pub fn zone_of(calendar: &Calendar) -> Zone {
    Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc)
}

/// A text as one word of a shell.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_one_word_of_a_shell() {
        assert_eq!(quoted("http://host/a?b&c"), "'http://host/a?b&c'");
        assert_eq!(quoted("a'b"), r"'a'\''b'");
    }
}
