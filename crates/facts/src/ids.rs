//! Ids of events.

use uuid::{Builder, Uuid};

/// The alphabet of ids and keys: no 0, 1, I, O, l.
pub const ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Characters of an id: as many as a UUID takes in base 57.
const LENGTH: usize = 22;

/// A new id: a version 4 UUID in base 57, of 22 characters, most significant first.
pub fn new_id() -> String {
    let mut number = new_uuid().as_u128();
    let mut digits = [ALPHABET[0]; LENGTH];
    // Ten digits at a time, because each request has an id, and numbers of 128 bits are divided slowly.
    for ten in digits.rchunks_mut(10) {
        let mut part = (number % 57_u128.pow(10)) as u64;
        number /= 57_u128.pow(10);
        for digit in ten.iter_mut().rev() {
            *digit = ALPHABET[(part % 57) as usize];
            part /= 57;
        }
    }
    digits.into_iter().map(char::from).collect()
}

/// A version 4 UUID. Its bits are of the thread's generator, which is as unpredictable as the system's and asks that
/// only now and then: each request has an id.
fn new_uuid() -> Uuid {
    Builder::from_random_bytes(rand::random()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_version_4_uuid_in_22_characters_of_the_alphabet() {
        for _ in 0..1_000 {
            let id = new_id();
            assert_eq!(id.len(), 22);
            let number = id.bytes().fold(0_u128, |number, byte| {
                let digit = ALPHABET.iter().position(|it| *it == byte).unwrap();
                number * 57 + digit as u128
            });
            assert_eq!(Uuid::from_u128(number).get_version_num(), 4, "{id}");
        }
    }
}
