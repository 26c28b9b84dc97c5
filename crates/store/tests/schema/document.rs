//! `docs/schema.md`, made of the migration.

use std::collections::BTreeSet;
use std::fmt::Write as _;

#[path = "../../src/migrations/schema.rs"]
mod schema;

pub use schema::SCHEMA;

/// A table.
#[derive(Debug, Default)]
pub struct Table {
    pub section: String,
    pub name: String,
    pub comment: String,
    pub columns: Vec<Column>,
    /// Primary keys and unique constraints of several columns.
    pub keys: Vec<String>,
    pub indexes: Vec<String>,
}

/// A column.
#[derive(Debug, Default)]
pub struct Column {
    pub name: String,
    pub kind: String,
    pub is_optional: bool,
    pub comment: String,
    /// The words that it may hold; empty for any.
    pub words: Vec<String>,
    /// The table that it refers to, and what happens where that row is deleted.
    pub refers_to: Option<(String, String)>,
}

/// The tables of the migration, in its order.
pub fn tables() -> Vec<Table> {
    let (mut tables, mut section) = (Vec::<Table>::new(), String::new());
    let (mut comment, mut part) = (Vec::new(), String::new());
    for line in SCHEMA.lines().map(str::trim) {
        if let Some(title) = line.strip_prefix("-- ## ") {
            title.clone_into(&mut section);
        } else if let Some(words) = line.strip_prefix("--") {
            comment.push(words.trim());
        } else if line.is_empty() {
            comment.clear();
        } else if let Some(name) = line.strip_prefix("CREATE TABLE ") {
            let name = name.trim_end_matches(" (").to_owned();
            let comment = std::mem::take(&mut comment).join(" ");
            tables.push(Table { section: section.clone(), name, comment, ..Table::default() });
        } else if line != ");" {
            let _ = write!(part, "{}{line}", if part.is_empty() { "" } else { " " });
            // A list of words may go over several lines.
            let is_last = is_balanced(&part) && (line.ends_with([',', ';']) || is_balanced(line));
            if is_last && let Some(table) = tables.last_mut() {
                let part = std::mem::take(&mut part);
                let comment = std::mem::take(&mut comment).join(" ");
                read_part(table, part.trim_end_matches([',', ';']), comment);
            }
        }
    }
    tables
}

/// Whether all parentheses of a text are closed.
fn is_balanced(text: &str) -> bool {
    text.matches('(').count() == text.matches(')').count()
}

fn read_part(table: &mut Table, part: &str, comment: String) {
    if part.starts_with("CREATE ") {
        let index = part.replace("CREATE ", "").replace("INDEX ", "");
        table.indexes.push(index.replace(&format!(" ON {}", table.name), ""));
    } else if part.starts_with("PRIMARY KEY") || part.starts_with("UNIQUE") {
        table.keys.push(part.to_owned());
    } else {
        table.columns.push(column(part, comment));
    }
}

fn column(part: &str, comment: String) -> Column {
    let (name, rest) = part.split_once(' ').unwrap_or((part, ""));
    let kind = rest.split(' ').next().unwrap_or_default();
    let is_key = kind == "{id}" || rest.contains("PRIMARY KEY");
    let mut kind = match kind {
        "{id}" | "{integer}" => "integer".to_owned(),
        "{bytes}" => "bytes".to_owned(),
        other => other.to_lowercase(),
    };
    if is_key {
        kind.push_str(", primary key");
    } else if rest.contains(" UNIQUE") {
        kind.push_str(", unique");
    }
    let words = rest.split_once(" IN (").and_then(|(_, it)| it.split_once("))"));
    let words = words.map_or_else(Vec::new, |(list, _)| {
        list.split(", ").map(|it| it.trim_matches('\'').to_owned()).collect()
    });
    let refers_to = rest.split_once("REFERENCES ").map(|(_, to)| {
        let (to, rest) = to.split_once(' ').unwrap_or((to, ""));
        let rest = rest.split_once(") ").map_or("", |(_, rest)| rest);
        (to.to_owned(), rest.to_owned())
    });
    let is_optional = !is_key && !rest.contains("NOT NULL");
    Column { name: name.to_owned(), kind, is_optional, comment, words, refers_to }
}

const INTRODUCTION: &str = "\
# The schema

Generated from [migrations/schema](../crates/store/src/migrations/schema) with
`cargo run -p store --example schema > docs/schema.md`; a test fails if this file is out of date.

SQLite and PostgreSQL have the same tables. A column `…_at` is a moment: seconds since 1970-01-01T00:00:00Z.
Columns that may be NULL are marked with `?`. Where a column lists its words, a CHECK constraint allows no
others.

## References

An arrow leads from a table to the one that it refers to.
";

/// The document.
pub fn render() -> String {
    let tables = tables();
    let mut text = format!("{INTRODUCTION}\n```mermaid\ngraph LR\n");
    let mut drawn = BTreeSet::new();
    for table in &tables {
        for (to, _) in table.columns.iter().filter_map(|it| it.refers_to.as_ref()) {
            if drawn.insert((&table.name, to)) {
                let _ = writeln!(text, "  {} --> {to}", table.name);
            }
        }
    }
    text.push_str("```\n");
    let mut section = "";
    for table in &tables {
        if section != table.section {
            section = &table.section;
            let _ = write!(text, "\n## {section}\n");
        }
        let _ = write!(text, "\n### `{}`\n\n{}\n\n", table.name, table.comment);
        text.push_str("| column | type | description |\n|---|---|---|\n");
        for column in &table.columns {
            let mark = if column.is_optional { "?" } else { "" };
            let _ = writeln!(
                text,
                "| `{}` | {}{mark} | {} |",
                column.name,
                column.kind,
                description(column).replace('|', "\\|")
            );
        }
        let keys = table.keys.iter().chain(&table.indexes);
        let keys: Vec<String> = keys.map(|it| format!("- `{it}`\n")).collect();
        if !keys.is_empty() {
            let _ = write!(text, "\nKeys and indexes:\n\n{}", keys.concat());
        }
    }
    text
}

fn description(column: &Column) -> String {
    let mut parts = Vec::new();
    if let Some((to, action)) = &column.refers_to {
        parts.push(match action.as_str() {
            "ON DELETE CASCADE" => format!("Refers to `{to}`; deleted with it."),
            "ON DELETE SET NULL" => format!("Refers to `{to}`; NULL when that is deleted."),
            _ => format!("Refers to `{to}`, which cannot be deleted meanwhile."),
        });
    }
    if !column.words.is_empty() {
        let words: Vec<String> = column.words.iter().map(|it| format!("`{it}`")).collect();
        parts.push(format!("One of {}.", words.join(", ")));
    }
    parts.push(column.comment.clone());
    parts.join(" ").trim().to_owned()
}
