//! Whole pages, mails and answers, compared with what is kept in files.
//!
//! A test takes out with [`named`] what differs from run to run, and compares the rest with
//! [`assert_kept!`](crate::assert_kept).

#[doc(hidden)]
pub use insta;

/// How snapshots are kept: named by the test alone, and without the expression that they came from.
pub fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// Compares a text with the one that is kept in `snapshots/NAME.snap` beside the file of the test.
#[macro_export]
macro_rules! assert_kept {
    ($name:expr, $text:expr) => {{
        let (name, text): (String, String) = ($name.into(), $text);
        $crate::snapshot::settings().bind(|| $crate::snapshot::insta::assert_snapshot!(name, text));
    }};
}

/// A text in which each value that is found between two marks is replaced by a name, wherever it is. Where
/// there are several values, the names are numbered. Lines end in LF.
///
/// # Panics
///
/// When a mark is not there: what does not occur needs no name.
pub fn named(text: &str, values: &[(&str, &str, &str)]) -> String {
    let mut text = text.replace("\r\n", "\n");
    for (before, after, name) in values {
        let mut found: Vec<String> = Vec::new();
        for rest in text.split(before).skip(1) {
            let (value, _) = rest.split_once(after).unwrap_or_else(|| panic!("{before}{rest}"));
            assert!(!value.is_empty(), "nothing between {before} and {after} in {text}");
            if !found.iter().any(|it| it == value) {
                found.push(value.to_owned());
            }
        }
        assert!(!found.is_empty(), "no {before} in {text}");
        for (index, value) in found.iter().enumerate() {
            let number = if found.len() > 1 { format!("-{}", index + 1) } else { String::new() };
            text = text.replace(value, &format!("{name}{number}"));
        }
    }
    text
}
