//! Tables for people: aligned columns, as wide as the terminal, plain lines in a pipe.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

use crate::show;

/// What a heading looks like on a terminal.
pub const HEADING: Style = Style::new().bold();
/// What goes, or is wrong.
pub const RED: Style = AnsiColor::Red.on_default().bold();
/// What somebody should look at.
pub const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
/// What is as it should be.
pub const GREEN: Style = AnsiColor::Green.on_default().bold();

/// The narrowest terminal that tables are fitted to.
const NARROWEST: u16 = 60;

/// Lines of one table; more help nobody.
pub const MOST_ROWS: usize = 1_000;

/// Prints a heading and a table under it, with an empty line behind.
pub fn print(
    out: &mut impl Write,
    heading: &str,
    style: Style,
    columns: &[&str],
    rows: impl ExactSizeIterator<Item = Vec<String>>,
) -> io::Result<()> {
    let others = rows.len().saturating_sub(MOST_ROWS);
    writeln!(out, "{style}{heading}{style:#}")?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    match terminal_width() {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width.max(NARROWEST));
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table.set_header(columns);
    table.add_rows(rows.take(MOST_ROWS));
    for line in table.to_string().lines() {
        writeln!(out, " {}", line.trim_end())?;
    }
    if others > 0 {
        writeln!(
            out,
            "  … and {} more; --json lists them all",
            show::count(others, "line", "lines")
        )?;
    }
    writeln!(out)
}

/// As [`print()`], with the number of rows behind the heading; nothing where there are none.
pub fn list(
    out: &mut impl Write,
    heading: &str,
    style: Style,
    columns: &[&str],
    rows: impl ExactSizeIterator<Item = Vec<String>>,
) -> io::Result<()> {
    match rows.len() {
        0 => Ok(()),
        number => print(out, &format!("{heading} ({number})"), style, columns, rows),
    }
}

/// The width of the terminal that standard output is, or `None` for a pipe or a file.
fn terminal_width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| width.0)
}
