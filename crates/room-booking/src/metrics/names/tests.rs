//! The documents and examples name what there is.

use std::collections::BTreeSet;

use super::*;

/// A file of the repository.
fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The names of metrics in a text; those of the parts of a histogram are that of the histogram.
fn named(text: &str) -> BTreeSet<String> {
    let is_of_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let words = text.split(|it| !is_of_name(it));
    let ours = words.filter(|it| it.starts_with("room_booking_") || it.starts_with("process_"));
    let is_histogram =
        |name: &&str| ALL.iter().any(|it| it.name == *name && it.kind == Kind::Histogram);
    let whole = |it: &str| {
        let part = ["_bucket", "_sum", "_count"].iter().find_map(|part| it.strip_suffix(part));
        part.filter(is_histogram).unwrap_or(it).to_owned()
    };
    ours.map(whole).collect()
}

fn all() -> BTreeSet<String> {
    ALL.iter().map(|it| it.name.to_owned()).collect()
}

#[test]
fn every_metric_is_documented_with_its_kind_and_no_other() {
    let document = file("docs/metrics.md");
    for it in ALL {
        let kind = format!("{:?}", it.kind).to_lowercase();
        let row = format!("| `{}` | {kind} |", it.name);
        assert!(document.contains(&row), "docs/metrics.md lacks {row}");
        assert!(it.help.ends_with('.'), "{}", it.name);
        assert_eq!(it.name.ends_with("_total"), it.kind == Kind::Counter, "{}", it.name);
    }
    assert_eq!(all().len(), ALL.len(), "one is there twice");
    let unknown: Vec<_> = named(&document).difference(&all()).cloned().collect();
    assert!(unknown.is_empty(), "docs/metrics.md names {unknown:?}");
}

#[test]
fn the_examples_name_only_metrics_that_there_are() {
    for path in ["docs/examples/alerts.yml", "docs/examples/dashboard.json"] {
        let named = named(&file(path));
        assert!(named.len() > 10, "{path}: {named:?}");
        let unknown: Vec<_> = named.difference(&all()).cloned().collect();
        assert!(unknown.is_empty(), "{path} names {unknown:?}");
    }
    serde_json::from_str::<serde_json::Value>(&file("docs/examples/dashboard.json")).unwrap();
}
