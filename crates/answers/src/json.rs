//! Answers as JSON. The answer of a large calendar is the engine's work, so it is written in this crate: a
//! generic writer would be compiled, and optimised, with each program that calls it.

use std::io::{self, BufWriter, Write};

use facts::Event;
use serde::Serialize;

use crate::contents::{EventList, EventView};
use crate::report::Report;

impl Report<EventView<'_, '_>> {
    /// Writes the answer as JSON.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        write(self, out)
    }
}

impl Report<Event> {
    /// Writes the answer as JSON.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        write(self, out)
    }
}

impl EventList<'_, '_, '_> {
    /// Writes the list as JSON.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        write(self, out)
    }
}

fn write(answer: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    serde_json::to_writer(&mut out, answer)?;
    out.flush()
}
