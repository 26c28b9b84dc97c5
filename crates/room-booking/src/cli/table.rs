//! Tables for people: aligned columns, as wide as the terminal, plain lines in a pipe.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

use crate::show;

/// The style of headings on a terminal.
pub const HEADING: Style = Style::new().bold();
/// Removals and errors.
pub const RED: Style = AnsiColor::Red.on_default().bold();
/// Items that need attention.
pub const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
/// Items in order.
pub const GREEN: Style = AnsiColor::Green.on_default().bold();

/// The narrowest terminal that tables are fitted to.
const NARROWEST: u16 = 60;

/// The largest number of lines of one table.
pub const MOST_ROWS: usize = 1_000;

/// Prints a heading, a table, and an empty line.
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

/// Like [`print()`], with the number of rows in the heading; prints nothing if there are none.
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
