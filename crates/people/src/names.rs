//! Bounds of names and addresses.

use crate::{Error, FieldError, MessageId};

/// The most characters of the names of users, keys and calendars.
const MAX_NAME: usize = 100;

/// Whether a text is a mail address at a domain; an address literal (`a@[127.0.0.1]`) is none.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub fn check_address(text: &str) -> Result<(), MessageId> {
    let text = text.trim();
    let is_right = email_address::EmailAddress::is_valid(text) && ::mail::is_address(text);
    if is_right { Ok(()) } else { Err(MessageId::AddressForm) }
}

/// Whether a text can be the name of a user, a key, a calendar or a token.
///
/// # Errors
///
/// What is wrong with it, as an error of the field.
pub fn check_name(field: &str, name: &str) -> Result<(), FieldError> {
    let is_right = (1..=MAX_NAME).contains(&name.trim().chars().count())
        && !name.chars().any(char::is_control);
    if is_right { Ok(()) } else { Err(FieldError::new(field, MessageId::NameForm)) }
}

/// The error for a value that must be unique.
pub fn taken(error: store::Error, field: &str, message: MessageId) -> Error {
    match error {
        store::Error::Taken => Error::invalid(field, message),
        error => Error::Store(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_nothing_that_could_become_a_header() {
        assert_eq!(check_address(" Ann.O'Neil+room@Example.org "), Ok(()));
        for text in [
            "",
            "ann",
            "@example.org",
            "ann@",
            "a b@example.org",
            "a@b.org\r\nBcc: c@d.org",
            "a@[127.0.0.1]",
            "a@[IPv6:::1]",
            "a@127.0.0.1",
            "a@10.1",
        ] {
            assert!(check_address(text).is_err(), "{text}");
        }
    }
}
