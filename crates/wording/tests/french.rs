//! The spelling of the French catalogue, which no other check knows.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::PathBuf;

/// The lines of messages of all files, without comments.
fn lines() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("i18n/fr");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter(|it| !it.starts_with('#') && !it.trim().is_empty());
        all.extend(lines.map(|it| (name.clone(), it.to_owned())));
    }
    assert!(all.len() > 1000, "the catalogue is there");
    all
}

#[test]
fn double_signs_have_a_narrow_no_break_space_before_them_and_quotation_marks_inside() {
    for (file, line) in lines() {
        let characters: Vec<char> = line.chars().collect();
        for (at, it) in characters.iter().enumerate() {
            let before = at.checked_sub(1).map(|it| characters[it]);
            let after = characters.get(at + 1);
            let ends = after.is_none_or(|it| it.is_whitespace() || *it == '.');
            let is_sign = matches!(it, '»') || (ends && matches!(it, ':' | ';' | '!' | '?'));
            let is_spaced = before == Some('\u{202F}') || before == Some('}');
            assert!(!is_sign || is_spaced, "{file}: {line}");
            assert!(*it != '«' || matches!(after, Some('\u{202F}' | '{')), "{file}: {line}");
            assert!(*it != '\u{A0}', "{file}: {line}");
        }
    }
}

#[test]
fn an_elision_has_the_apostrophe_of_print() {
    for (file, line) in lines() {
        let letters: Vec<char> = line.chars().collect();
        let is_elision =
            |it: &[char]| it[0].is_alphabetic() && it[1] == '\'' && it[2].is_alphabetic();
        assert!(!letters.windows(3).any(is_elision), "{file}: {line}");
    }
}

#[test]
fn the_singular_is_for_nought_too_so_that_it_shows_its_number() {
    for (file, line) in lines() {
        assert!(!line.contains("[one]") || line.contains("{ $"), "{file}: {line}");
    }
}
