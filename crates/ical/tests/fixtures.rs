//! Every calendar in `tests/fixtures`, against what its `.txt` says it holds.
//!
//! A fixture is named after what it tests. Its expectation is written by hand from RFC 5545 and the
//! contract, in the format that `docs/testing.md` describes.

mod common;

use common::{Expected, fixtures, listed};

#[test]
fn every_fixture_expands_to_what_is_written_beside_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in fixtures() {
        let expected = Expected::read(&path);
        let text = std::fs::read(&path).unwrap();
        let found = listed(&text, expected.zones(), expected.window);
        count += 1;
        if found != expected.lines {
            wrong.push(format!(
                "{}\n  expected:\n    {}\n  found:\n    {}\n",
                path.display(),
                expected.lines.join("\n    "),
                found.join("\n    ")
            ));
        }
    }
    assert!(count >= 250, "only {count} fixtures were found");
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
