//! Which passwords are refused: too short or too long ones, and those that are easily guessed.

use secrecy::{ExposeSecret as _, SecretString};
use zxcvbn::{Score, zxcvbn};

use crate::{FieldError, MessageId};

/// The fewest characters of a password.
const MIN_PASSWORD: usize = 10;
/// The most bytes of a password.
const MAX_PASSWORD: usize = 1_000;
/// The fewest characters of a word of the user's own that counts. Shorter ones are in other words.
const MIN_OWN: usize = 3;
/// The most words of the user's own that count.
const MAX_OWN: usize = 20;
/// What anybody would try here first.
const OF_PRODUCT: [&str; 4] = ["room-booking", "roombooking", "raumbuchung", "besprechungsraum"];

/// Checks a password that somebody chooses for a user of that name and address.
pub(crate) fn check_password(
    password: &SecretString,
    name: &str,
    address: Option<&str>,
) -> Result<(), FieldError> {
    let password = password.expose_secret();
    let wrong = |message| Err(FieldError::new("password", message));
    if password.chars().count() < MIN_PASSWORD {
        return wrong(MessageId::password_too_short(MIN_PASSWORD));
    }
    if password.len() > MAX_PASSWORD {
        return wrong(MessageId::PasswordTooLong.into());
    }
    // The estimate looks at the first hundred characters only, so it takes milliseconds.
    if zxcvbn(password, &OF_PRODUCT).score() < Score::Three {
        return wrong(MessageId::PasswordCommon.into());
    }
    let own = own_words(name, address.unwrap_or_default());
    let own: Vec<&str> = own.iter().map(String::as_str).chain(OF_PRODUCT).collect();
    if zxcvbn(password, &own).score() < Score::Three {
        return wrong(MessageId::PasswordOwn.into());
    }
    Ok(())
}

/// The name, the address, and their parts.
fn own_words(name: &str, address: &str) -> Vec<String> {
    let mut words = Vec::new();
    for text in [name, address] {
        words.push(text.to_lowercase());
        words.extend(text.split('@').map(str::to_lowercase));
        words.extend(text.split(|it: char| !it.is_alphanumeric()).map(str::to_lowercase));
    }
    words.retain(|it| it.chars().count() >= MIN_OWN);
    words.sort();
    words.dedup();
    words.truncate(MAX_OWN);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(password: &str) -> Option<MessageId> {
        let address = Some("Jo.Mustermann@rooms.example.org");
        let checked = check_password(&password.into(), "Jo-Mustermann", address);
        checked.err().map(|error| error.message.id)
    }

    #[test]
    fn common_passwords_and_patterns_are_refused() {
        for password in [
            "password1234",
            "P@ssw0rd123",
            "qwertyuiop",
            "1234567890",
            "aaaaaaaaaaaa",
            "iloveyou2024",
            "abcdefghijkl",
            "letmeinletmein",
            "room-booking1",
            "Raumbuchung1!",
            "correct horse",
        ] {
            let refused = refusal(password);
            let expected = (password != "correct horse").then_some(MessageId::PasswordCommon);
            assert_eq!(refused, expected, "{password}");
        }
    }

    #[test]
    fn what_is_made_of_the_users_own_name_and_address_is_refused() {
        for password in [
            "jo-mustermann",
            "Mustermann1975",
            "jo.mustermann@rooms.example.org",
            "rooms.example.org1",
            "mustermann!!",
        ] {
            assert_eq!(refusal(password), Some(MessageId::PasswordOwn), "{password}");
        }
    }

    #[test]
    fn a_few_random_words_are_taken_also_where_the_name_is_one_of_them() {
        for password in ["lantern orbit velvet 29", "jo likes lantern orbit velvet", "x9$Tq!vB27pL"]
        {
            assert_eq!(refusal(password), None, "{password}");
        }
    }

    #[test]
    fn the_bounds_of_length_are_said() {
        assert_eq!(refusal("x9$Tq!vB2"), Some(MessageId::PasswordTooShort));
        assert_eq!(refusal(&"lantern ".repeat(126)), Some(MessageId::PasswordTooLong));
        assert_eq!(refusal(&"lantern orbit velvet 29 ".repeat(42)[..1_000]), None);
    }
}
