//! Mail addresses as they are compared.

/// A mail address as addresses compare: without `mailto:` and without case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(String);

impl Address {
    /// The address in `text`.
    pub fn new(text: &str) -> Address {
        let text = text.trim();
        let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        Address(text[scheme.map_or(0, str::len)..].to_lowercase())
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
