//! Tokens: texts that give an event priority and that nobody can guess.

use std::borrow::Cow;

/// The prefix of a token.
pub const TOKEN_PREFIX: &str = "RB-";
/// The number of characters after the prefix.
pub const TOKEN_CHARACTERS: usize = 22;
/// The characters after the prefix: the alphabet of ids.
pub const TOKEN_ALPHABET: &str = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The text that replaces a token where people see it.
pub const MASKED_TOKEN: &str = "RB-…";

/// The tokens in a text, with case: `RB-` and 22 characters, and no letter, digit or `-` beside them.
pub fn tokens_in(text: &str) -> impl Iterator<Item = &str> {
    let is_beside = |it: char| it.is_alphanumeric() || it == '-';
    let is_alone = move |&(start, end): &(usize, usize)| {
        !text[..start].ends_with(is_beside) && !text[end..].starts_with(is_beside)
    };
    found_in(text).filter(is_alone).map(|(start, end)| &text[start..end])
}

/// A text with all tokens masked, also those that do not stand alone.
pub fn mask_tokens(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut from = 0;
    for (start, end) in found_in(text) {
        // Where one ends in `R` or `RB`, the next may begin there.
        if start >= from {
            masked.push_str(&text[from..start]);
            masked.push_str(MASKED_TOKEN);
        }
        from = end;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[from..]);
    Cow::Owned(masked)
}

/// An iCalendar object with the tokens in all its properties masked, also tokens that are folded
/// (RFC 5545 section 3.1) or contain escapes (section 3.3.11). Every other byte stays.
pub fn mask_tokens_in_object(text: &[u8]) -> Cow<'_, [u8]> {
    let mut masked = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(start) = text[at..].iter().position(|&it| it == b'R').map(|it| at + it) {
        at = start + 1;
        if let Some(end) = end_of_written(text, start) {
            if start >= from {
                masked.extend_from_slice(&text[from..start]);
                masked.extend_from_slice(MASKED_TOKEN.as_bytes());
            }
            from = end;
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    masked.extend_from_slice(&text[from..]);
    Cow::Owned(masked)
}

/// The end of the token that begins at `start` of an iCalendar object, if there is one.
fn end_of_written(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    for number in 0..TOKEN_PREFIX.len() + TOKEN_CHARACTERS {
        at = behind_folds(text, at);
        if text.get(at) == Some(&b'\\') {
            at = behind_folds(text, at + 1);
            // `\n` and `\N` are line breaks.
            if matches!(text.get(at), Some(b'n' | b'N')) {
                return None;
            }
        }
        let byte = text.get(at)?;
        let fits = match TOKEN_PREFIX.as_bytes().get(number) {
            Some(expected) => byte == expected,
            None => TOKEN_ALPHABET.as_bytes().contains(byte),
        };
        if !fits {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// The position after the folds that begin at a position.
fn behind_folds(text: &[u8], mut at: usize) -> usize {
    loop {
        at += match text.get(at..).unwrap_or_default() {
            [b'\r', b'\n', b' ' | b'\t', ..] => 3,
            [b'\r' | b'\n', b' ' | b'\t', ..] => 2,
            _ => return at,
        };
    }
}

/// The positions at which tokens begin and end.
fn found_in(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices(TOKEN_PREFIX).filter_map(|(start, _)| {
        let end = start + TOKEN_PREFIX.len() + TOKEN_CHARACTERS;
        let body = text.get(start + TOKEN_PREFIX.len()..end)?;
        body.chars().all(|it| TOKEN_ALPHABET.contains(it)).then_some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "RB-4uT6jkmnpqrstuvwxyzABC";

    fn all(text: &str) -> Vec<&str> {
        tokens_in(text).collect()
    }

    #[test]
    fn a_token_is_found_wherever_it_stands_alone() {
        assert_eq!(all(TOKEN), [TOKEN]);
        assert_eq!(all(&format!("ok ({TOKEN}), thanks\n{TOKEN}")), [TOKEN, TOKEN]);
        assert_eq!(all(&format!("Zimmer:{TOKEN}.")), [TOKEN]);
    }

    #[test]
    fn a_token_with_a_letter_a_digit_or_a_hyphen_beside_it_is_none() {
        for beside in ["x", "7", "-", "ä", "設"] {
            assert!(all(&format!("{TOKEN}{beside}")).is_empty(), "{beside} behind");
            assert!(all(&format!("{beside}{TOKEN}")).is_empty(), "{beside} before");
        }
    }

    #[test]
    fn a_token_has_22_characters_of_the_alphabet_of_ids_with_case() {
        assert!(all(&TOKEN[..TOKEN.len() - 1]).is_empty());
        assert!(all(&TOKEN.replace("4uT6", "0uT6")).is_empty());
        assert!(all(&TOKEN.replace("4uT6", "4uTé")).is_empty());
        assert!(all(&TOKEN.replace("RB-", "rb-")).is_empty());
        assert!(all("RB-").is_empty() && all("").is_empty());
        assert!(all(&TOKEN.replace("ABC", "ABÄ")).is_empty());
    }

    #[test]
    fn nobody_reads_a_token_in_a_masked_text() {
        assert_eq!(mask_tokens(&format!("a {TOKEN} b {TOKEN}")), "a RB-… b RB-…");
        assert_eq!(mask_tokens(&format!("{TOKEN}!")), "RB-…!");
        assert_eq!(mask_tokens(&format!("x{TOKEN}y")), "xRB-…y");
        assert!(matches!(mask_tokens("RB-12 is no token"), Cow::Borrowed("RB-12 is no token")));
    }

    #[test]
    fn of_tokens_that_share_characters_nobody_reads_any() {
        let other = "RB-ABCDEFGHJKLMNPQRSTUVWX";
        for shared in ["R", "RB"] {
            let first = &TOKEN[..TOKEN.len() - shared.len()];
            let text = format!("a {first}{other} b");
            assert_eq!(mask_tokens(&text), "a RB-… b", "{shared}");
            assert_eq!(masked(&text), "a RB-… b", "{shared}");
            assert!(all(&text).is_empty());
            let twice = format!("{first}{first}{other}");
            assert_eq!((mask_tokens(&twice).as_ref(), masked(&twice)), ("RB-…", "RB-…".to_owned()));
        }
    }

    fn masked(text: &str) -> String {
        String::from_utf8(mask_tokens_in_object(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn nobody_reads_a_token_in_a_masked_object_however_it_is_written() {
        let (head, tail) = TOKEN.split_at(9);
        for written in [
            TOKEN.to_owned(),
            format!("{head}\r\n {tail}"),
            format!("R\n\tB-{}\r\n \r\n {tail}", &head[3..]),
            format!("RB\\-{}{tail}", &head[3..]),
            format!("RB\\\r\n -{}{tail}", &head[3..]),
        ] {
            let object = |text: &str| format!("DESCRIPTION:Hi\\n{text}\\nRB-\r\nEND:VEVENT\r\n");
            assert_eq!(masked(&object(&written)), object(MASKED_TOKEN), "{written:?}");
        }
        let twice = format!("{TOKEN},{TOKEN}{TOKEN}");
        assert_eq!(masked(&twice), "RB-…,RB-…RB-…");
        assert_eq!(mask_tokens_in_object(b"\xFFR"), &b"\xFFR"[..], "bytes that are no UTF-8 stay");
    }

    #[test]
    fn what_is_no_token_stays_in_a_masked_object_byte_for_byte() {
        let (head, tail) = TOKEN.split_at(9);
        for text in [
            "RRULE:FREQ=DAILY\r\nR",
            &format!("{head}\\n{tail}"),
            &format!("{head}\r\n{tail}"),
            &TOKEN.replace('4', "0"),
            &TOKEN[..TOKEN.len() - 1],
        ] {
            assert!(matches!(mask_tokens_in_object(text.as_bytes()), Cow::Borrowed(_)), "{text:?}");
        }
    }
}
