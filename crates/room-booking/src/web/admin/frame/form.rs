//! Queries and forms as pairs of names and values.

use secrecy::SecretString;

/// The largest number of pairs in one form; the lines of the largest preview fit.
const MAX_PAIRS: usize = 2_000;

/// A file that was sent with a form.
#[derive(Clone)]
pub struct File {
    /// The field's name.
    pub field: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The pairs of a query or of a form, in their order. They may contain passwords, so `Debug` does
/// not show them.
#[derive(Clone, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    files: Vec<File>,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.pairs.iter().map(|(name, _)| name).collect();
        formatter.debug_tuple("Form").field(&names).finish()
    }
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn read(text: &[u8]) -> Form {
        let pairs = form_urlencoded::parse(text).into_owned().take(MAX_PAIRS).collect();
        Form { pairs, files: Vec::new() }
    }

    /// Adds a pair.
    pub fn push(&mut self, name: String, value: String) {
        if self.pairs.len() < MAX_PAIRS {
            self.pairs.push((name, value));
        }
    }

    /// Adds a file.
    pub fn push_file(&mut self, file: File) {
        self.files.push(file);
    }

    /// The bytes of all names and values.
    pub fn bytes(&self) -> usize {
        self.pairs.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// The first value of a name; empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.as_str())
    }

    /// The first value of a name, trimmed, if it is not empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|it| !it.is_empty())
    }

    /// Whether a name was sent, with a value or without.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(it, _)| it == name)
    }

    /// All values of a name.
    pub fn values<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.pairs.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box is checked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A value that no log shows.
    pub fn secret(&self, name: &str) -> SecretString {
        SecretString::from(self.text(name))
    }

    /// The file of a field.
    pub fn file(&self, field: &str) -> Option<&[u8]> {
        self.files.iter().find(|it| it.field == field).map(|it| it.bytes.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_names_and_no_values() {
        let form = Form::read(b"password=geheim&name=ann");
        assert_eq!(form.value("name"), Some("ann"));
        let shown = format!("{form:?}");
        assert!(shown.contains("password") && !shown.contains("geheim"), "{shown}");
    }

    #[test]
    fn pairs_beyond_the_bound_are_not_read() {
        let form = Form::read("x=1&".repeat(MAX_PAIRS + 1).as_bytes());
        assert_eq!(form.values("x").count(), MAX_PAIRS);
    }
}
