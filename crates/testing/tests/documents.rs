//! The documents name files, functions, tests and fixtures that exist.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All files below a folder with this ending, without what is built.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let is_ours = name != "target" && name != "node_modules" && !name.starts_with('.');
                folders.extend(is_ours.then_some(path));
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The targets of the links of a Markdown text that lead to files.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.split('#').next().unwrap_or_default()).filter(|target| {
        !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
    })
}

#[test]
fn every_link_of_the_documents_leads_to_a_file() {
    let mut wrong = Vec::new();
    for document in files(&root(), ".md") {
        let text = fs::read_to_string(&document).unwrap();
        let folder = document.parent().unwrap();
        let missing = links(&text).filter(|target| !folder.join(target).exists());
        wrong.extend(missing.map(|target| format!("{}: {target}", document.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the tables of a document name in backticks in their last columns, of code and tests.
fn named(text: &str, columns: usize) -> Vec<String> {
    let mut named = Vec::new();
    let rows = text.lines().filter(|line| line.starts_with("| "));
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        for cell in cells.iter().skip(cells.len().saturating_sub(columns)) {
            for span in cell.split('`').skip(1).step_by(2) {
                named.extend(span.split(", ").map(str::to_owned));
            }
        }
    }
    named
}

/// Notes what a source text defines: items, fields and variants.
fn note_names(source: &str, names: &mut HashSet<String>) {
    const ITEMS: [&str; 7] = ["fn", "struct", "enum", "const", "trait", "mod", "type"];
    let is_end = |it: char| !it.is_alphanumeric() && it != '_';
    for line in source.lines() {
        let words: Vec<&str> = line.split(is_end).filter(|word| !word.is_empty()).collect();
        let items = words.windows(2).filter(|pair| ITEMS.contains(&pair[0]));
        names.extend(items.map(|pair| pair[1].to_owned()));
        let line = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        let (name, rest) = line.split_at(line.find(is_end).unwrap_or(line.len()));
        let is_variant = name.starts_with(char::is_uppercase)
            && (rest.starts_with([',', '(']) || rest.starts_with(" {"));
        if is_variant || rest.starts_with(": ") {
            names.insert(name.to_owned());
        }
    }
}

/// Whether a pattern with stars matches a text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        if index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

/// Whether a name is of words with hyphens, of three at least, such as fixtures have.
fn looks_like_fixture(name: &str) -> bool {
    let is_word = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    last.split('-').count() > 2 && last.split('-').all(is_word)
}

/// What names in a table may lead to.
struct Known {
    /// Paths of source files, without their ending.
    modules: Vec<String>,
    /// What the sources define.
    names: HashSet<String>,
    fixtures: Vec<String>,
}

impl Known {
    fn new() -> Known {
        let root = root();
        let mut names = HashSet::new();
        let mut modules = Vec::new();
        for path in files(&root.join("crates"), ".rs") {
            note_names(&fs::read_to_string(&path).unwrap(), &mut names);
            modules.push(path.to_string_lossy().trim_end_matches(".rs").to_owned());
        }
        let of = |folder: &str, short: &str| -> Vec<String> {
            let folder = root.join(folder);
            let name = |path: &Path| {
                let path = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
                format!("{short}/{}", path.trim_end_matches(".ics"))
            };
            files(&folder, ".ics").iter().map(|path| name(path)).collect()
        };
        let mut fixtures = of("crates/ical/tests/fixtures", "F");
        fixtures.extend(of("crates/clearing/tests/fixtures", "C"));
        Known { modules, names, fixtures }
    }

    fn has(&self, name: &str) -> bool {
        if name.starts_with("F/") || name.starts_with("C/") {
            // The name of a folder stands for all that is in it.
            let folder = format!("{name}/");
            return self.fixtures.iter().any(|it| matches(name, it) || it.starts_with(&folder));
        }
        // A pattern, and words with hyphens: the name of a fixture that says not which kind it is of.
        if name.contains('*') || looks_like_fixture(name) {
            return false;
        }
        if let Some(module) = name.strip_suffix(".rs") {
            return self.is_module(module);
        }
        let name = name.trim_end_matches("()");
        let is_name = |it: char| it.is_alphanumeric() || it == '_' || it == ':';
        // Anything else is a word of a protocol, and no name of the code.
        !name.chars().all(is_name)
            || name.split("::").all(|part| self.names.contains(part) || self.is_module(part))
    }

    fn is_module(&self, name: &str) -> bool {
        let (file, folder) = (format!("/{name}"), format!("/{name}/"));
        self.modules.iter().any(|it| it.ends_with(&file) || it.contains(&folder))
    }
}

#[test]
fn every_function_test_and_fixture_that_the_rules_name_exists() {
    let known = Known::new();
    let text = fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let named = named(&text, 2);
    assert!(named.len() > 100, "only {} names were found", named.len());
    let missing: Vec<&String> = named.iter().filter(|name| !known.has(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for missing in [
        "no_such_function",
        "no_such_file.rs",
        "Run::no_such_method",
        // Of fixtures: what matches nothing, and what says not which kind it is of.
        "F/no-such-*",
        "F/ends/no-end-*-of-nothing",
        "C/rule-9",
        "C/rule-3-blocking/no-such-fixture",
        "*-name-*",
        "single-event-is-deleted",
        "rule-1-window/what-is-over-stays",
    ] {
        assert!(!known.has(missing), "{missing}");
    }
}

#[test]
fn each_line_about_rfc_5545_says_where_its_tests_are() {
    let known = Known::new();
    let text = fs::read_to_string(root().join("docs/rfc-coverage.md")).unwrap();
    let heads = text.lines().filter(|line| line.starts_with("|---"));
    assert!(heads.clone().count() > 3 && heads.clone().all(|line| line == "|---|---|---|"));
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.ends_with("| tests |"));
    let mut wrong = Vec::new();
    for row in rows {
        let named = named(row, 1);
        let is_there = |name: &String| known.has(name.strip_prefix("T/").unwrap_or(name));
        if named.is_empty() || !named.iter().all(is_there) {
            wrong.push(row);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_line_that_the_rules_fixtures_accept_is_described() {
    let root = root();
    let parser = fs::read_to_string(root.join("crates/clearing/tests/fixtures.rs")).unwrap();
    let (_, rest) = parser.split_once("match word {").unwrap();
    let (arms, _) = rest.split_once("_ => panic!").unwrap();
    let is_arm = |line: &&str| line.trim_start().starts_with(['"', '|']);
    let words = arms.lines().filter(is_arm).filter_map(|line| line.split("=>").next());
    let words = words.flat_map(|line| line.split(" if ").next().unwrap_or_default().split('|'));
    let words: Vec<&str> = words.map(|word| word.trim().trim_matches('"')).collect();
    let words: Vec<&&str> = words.iter().filter(|it| !it.is_empty() && !it.contains(' ')).collect();
    assert!(words.len() > 25, "{words:?}");
    let text = fs::read_to_string(root.join("docs/testing.md")).unwrap();
    let is_described = |word: &str| {
        let lines = text.lines();
        lines.filter(|line| line.starts_with("| ")).any(|line| line.contains(&format!("`{word}")))
    };
    let missing: Vec<_> = words.iter().filter(|word| !is_described(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
