//! What `doctor` prints.

use std::io::Write as _;

use super::table::{GREEN, RED, YELLOW};
use super::{Failure, output};
use crate::show;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Ok,
    Warning,
    Error,
}

/// Prints findings, and records whether one is an error.
#[derive(Default)]
pub(super) struct Findings {
    errors: usize,
    warnings: usize,
}

impl Findings {
    pub fn add(&mut self, level: Level, text: &str) -> Result<(), Failure> {
        let (style, word) = match level {
            Level::Ok => (GREEN, "ok"),
            Level::Warning => (YELLOW, "warning"),
            Level::Error => (RED, "error"),
        };
        self.errors += usize::from(level == Level::Error);
        self.warnings += usize::from(level == Level::Warning);
        Ok(writeln!(anstream::stdout(), "{style}{word:<7}{style:#}  {text}")?)
    }

    pub fn ok(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        self.add(Level::Ok, text.as_ref())
    }

    pub fn warn(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        self.add(Level::Warning, text.as_ref())
    }

    pub fn error(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        self.add(Level::Error, text.as_ref())
    }

    pub fn end(self) -> Result<(), Failure> {
        let warnings = show::count(self.warnings, "warning", "warnings");
        if self.errors > 0 {
            let errors = show::count(self.errors, "error", "errors");
            return Err(Failure::Failed(format!("{errors} and {warnings}")));
        }
        output::line(&format!("All works; {warnings}."))
    }
}
