//! How `config` prints values.

/// The text for a missing value.
pub(super) const NOT_SET: &str = "not set";

/// Whether a variable is set; an empty one is not.
pub(super) fn is_set(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| !value.trim().is_empty())
}

pub(super) fn listed<T: ToString>(values: &[T]) -> String {
    let texts: Vec<_> = values.iter().map(T::to_string).collect();
    if texts.is_empty() { NOT_SET.to_owned() } else { texts.join(", ") }
}

pub(super) fn secret(is_set: bool) -> String {
    if is_set { "set (hidden)" } else { NOT_SET }.to_owned()
}
