//! TEXT values: escapes, and folding of written lines (RFC 5545 sections 3.1 and 3.3.11).

use std::borrow::Cow;

use memchr::memchr;

/// A text of which bytes that are no UTF-8 become U+FFFD. Nearly all texts have none, and to find that out takes
/// less than to look for them.
pub(crate) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// A TEXT value with its escapes resolved. Bytes that are no UTF-8 become U+FFFD.
pub(crate) fn unescape(value: &[u8]) -> Cow<'_, str> {
    let text = lossy(value);
    if memchr(b'\\', value).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n' | 'N') => out.push('\n'),
            // `\,`, `\;`, `\\`, and non-standard escapes of clients (`\"`, `\:`) mean the character
            // itself.
            Some(escaped) => out.push(escaped),
            None => out.push('\\'),
        }
    }
    Cow::Owned(out)
}

/// The bytes of a TEXT value with its escapes resolved, whatever their encoding is.
pub(crate) fn unescape_bytes(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut bytes = value.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next() {
                Some(b'n' | b'N') => out.push(b'\n'),
                Some(&escaped) => out.push(escaped),
                None => out.push(b'\\'),
            },
            plain => out.push(plain),
        }
    }
    out
}

/// `text` as a TEXT value: the inverse of [`unescape`]. Other control characters than tab are
/// left out, because RFC 5545 has no way to write them; CR LF becomes one line break.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\\' | ',' | ';' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            control if control.is_control() => {}
            plain => out.push(plain),
        }
    }
    out
}

/// Octets of a line before it is folded, its line end not counted (RFC 5545 section 3.1).
pub const FOLD_AT: usize = 75;

/// Appends `line` folded at [`FOLD_AT`] octets, never inside a character, with `line_end`. Bytes that are
/// no UTF-8 are kept, each as a character of its own.
pub(crate) fn push_folded(out: &mut Vec<u8>, line: impl AsRef<[u8]>, line_end: &[u8]) {
    let mut room = FOLD_AT;
    let mut push = |bytes: &[u8]| {
        if bytes.len() > room {
            out.extend_from_slice(line_end);
            out.push(b' ');
            room = FOLD_AT - 1;
        }
        out.extend_from_slice(bytes);
        room -= bytes.len();
    };
    for chunk in line.as_ref().utf8_chunks() {
        for character in chunk.valid().chars() {
            push(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        chunk.invalid().iter().for_each(|byte| push(&[*byte]));
    }
    out.extend_from_slice(line_end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved_and_written_back() {
        assert_eq!(unescape(br"a\, b\; c\\n\nd\N"), "a, b; c\\n\nd\n");
        assert_eq!(unescape(br"\:\x\"), ":x\\");
        let text = "a, b; c\\n\nd";
        assert_eq!(unescape(escape(text).as_bytes()), text);
    }

    #[test]
    fn control_characters_cannot_be_written_into_a_line() {
        assert_eq!(escape("a\r\nATTENDEE:x\0\u{7}b"), "a\\nATTENDEE:xb");
    }

    #[test]
    fn bytes_that_are_no_utf8_become_replacement_characters() {
        assert_eq!(unescape(b"K\xE4se"), "K\u{FFFD}se");
    }

    #[test]
    fn bytes_that_are_no_utf8_are_folded_and_unescaped_as_they_are() {
        let mut out = Vec::new();
        let line = [b"X:", &[0xE4; 90][..]].concat();
        push_folded(&mut out, &line, b"\n");
        assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 2);
        assert_eq!(crate::line::unfold(&out[..out.len() - 1]).as_ref(), line);
        assert_eq!(unescape_bytes(b"a\\,\xE4\\;\\n\\\\\\"), b"a,\xE4;\n\\\\");
    }

    #[test]
    fn lines_are_folded_at_75_octets_and_never_inside_a_character() {
        let mut out = Vec::new();
        push_folded(&mut out, "ä".repeat(100), b"\r\n");
        let text = String::from_utf8(out).unwrap();
        for line in text.split("\r\n") {
            assert!(line.len() <= FOLD_AT);
        }
        assert_eq!(text.replace("\r\n ", "").trim_end(), "ä".repeat(100));
    }
}
