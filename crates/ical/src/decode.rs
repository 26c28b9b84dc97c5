//! Texts of files that are not plain UTF-8 with CRLF or LF, and why a text is no iCalendar stream.

use std::borrow::Cow;

use memchr::memchr2;

use crate::warning::{Encoding, Warning};

/// Why a text is no iCalendar stream (RFC 5545 section 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCalendar {
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// It is encoded in UTF-16.
    #[error("it is encoded in UTF-16; iCalendar is UTF-8")]
    Utf16,
    /// It is encoded in UTF-32.
    #[error("it is encoded in UTF-32; iCalendar is UTF-8")]
    Utf32,
    /// Its lines end in CR alone.
    #[error("its lines end in CR alone; iCalendar lines end in CRLF")]
    LineEnds,
    /// Its lines begin with blanks, so each continues the line before (RFC 5545 section 3.1).
    #[error(
        "its lines are indented, and in iCalendar a line that begins with a blank continues the one \
         before; remove the blanks"
    )]
    Indented,
    /// Any other cause.
    #[error("it is no iCalendar file: its first line is not BEGIN:VCALENDAR")]
    Other,
}

impl NotCalendar {
    /// Why [`crate::Calendar::parse`] refuses `text`.
    pub fn of(text: &[u8]) -> NotCalendar {
        const BEGIN: &[u8] = b"BEGIN:VCALENDAR";
        let begins = |text: &[u8]| {
            text.get(..BEGIN.len()).is_some_and(|head| head.eq_ignore_ascii_case(BEGIN))
        };
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let begun = text.trim_ascii_start();
        if begun.is_empty() {
            NotCalendar::Empty
        } else if is_utf32(text) {
            NotCalendar::Utf32
        } else if utf16(text).is_some() {
            NotCalendar::Utf16
        } else if !begins(begun) {
            NotCalendar::Other
        } else if is_cr_only(begun) {
            NotCalendar::LineEnds
        } else {
            // Its first line is BEGIN:VCALENDAR, with blanks before it or before the next.
            NotCalendar::Indented
        }
    }
}

/// The text of a calendar file, and warnings about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileText<'a> {
    /// UTF-8 with CRLF or LF if it is text at all; borrowed if nothing was converted.
    pub text: Cow<'a, [u8]>,
    /// What was converted: [`Warning::Encoding`], [`Warning::LineEnds`].
    pub warnings: Vec<Warning>,
}

/// The text of a calendar file as [`crate::Calendar::parse`] reads it: UTF-16 is converted to
/// UTF-8, and lines that end in CR alone to LF. Use it for files only: objects of a server are not
/// converted, because an edit has to keep every other byte.
pub fn file_text(bytes: &[u8]) -> FileText<'_> {
    let mut file = FileText { text: Cow::Borrowed(bytes), warnings: Vec::new() };
    if is_utf32(bytes) {
        // It is refused with its own cause; a CR in it is not a byte of its own.
        return file;
    }
    if let Some(read) = utf16(bytes) {
        file.text = Cow::Owned(converted(bytes, read));
        file.warnings.push(Warning::Encoding(Encoding::Utf16));
    }
    if is_cr_only(&file.text) {
        let mut text = file.text.into_owned();
        for at in 0..text.len() {
            if text[at] == b'\r' && text.get(at + 1) != Some(&b'\n') {
                text[at] = b'\n';
            }
        }
        file.text = Cow::Owned(text);
        file.warnings.push(Warning::LineEnds);
    }
    file
}

/// How two bytes become a unit of UTF-16.
type Unit = fn([u8; 2]) -> u16;

/// Whether a text is UTF-16, by its byte order mark or its first letter, and how its units are read.
fn utf16(text: &[u8]) -> Option<Unit> {
    match text {
        _ if is_utf32(text) => None,
        [0xFF, 0xFE, ..] | [b'B' | b'b', 0, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] | [0, b'B' | b'b', ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

/// Whether a text is UTF-32, by its byte order mark or its first letter. No calendar begins with U+0000,
/// so it is not mistaken for UTF-16.
fn is_utf32(text: &[u8]) -> bool {
    matches!(
        text,
        [0xFF, 0xFE, 0, 0, ..]
            | [0, 0, 0xFE, 0xFF, ..]
            | [b'B' | b'b', 0, 0, 0, ..]
            | [0, 0, 0, b'B' | b'b', ..]
    )
}

fn converted(bytes: &[u8], unit: Unit) -> Vec<u8> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let characters = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    characters.map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes()
}

/// Whether the first line ends in CR alone.
fn is_cr_only(text: &[u8]) -> bool {
    let begun = text.trim_ascii_start();
    memchr2(b'\r', b'\n', begun)
        .is_some_and(|at| begun[at] == b'\r' && !matches!(begun.get(at + 1), Some(b'\r' | b'\n')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Calendar;

    const PLAIN: &str =
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:ä\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    fn in_utf16(text: &str, bytes_of: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    fn in_utf32(text: &str, bytes_of: impl Fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().flat_map(|it| bytes_of(it.into())).collect()
    }

    #[test]
    fn utf16_and_lone_cr_are_converted_and_said() {
        assert_eq!(file_text(PLAIN.as_bytes()).warnings, []);
        assert!(matches!(file_text(PLAIN.as_bytes()).text, Cow::Borrowed(_)));
        let marked = format!("\u{FEFF}{PLAIN}");
        for bytes in [
            in_utf16(&marked, u16::to_le_bytes),
            in_utf16(&marked, u16::to_be_bytes),
            in_utf16(PLAIN, u16::to_le_bytes),
            in_utf16(PLAIN, u16::to_be_bytes),
        ] {
            let file = file_text(&bytes);
            assert_eq!(file.warnings, [Warning::Encoding(Encoding::Utf16)]);
            assert_eq!(Calendar::parse(&file.text).unwrap().objects()[0].uid(), "ä");
        }
        let cr = PLAIN.replace("\r\n", "\r");
        let file = file_text(cr.as_bytes());
        assert_eq!(file.warnings, [Warning::LineEnds]);
        assert_eq!(file.text.as_ref(), PLAIN.replace("\r\n", "\n").as_bytes());
        let both = in_utf16(&cr, u16::to_le_bytes);
        assert_eq!(file_text(&both).warnings.len(), 2);
    }

    #[test]
    fn a_text_that_is_refused_is_refused_with_the_real_cause() {
        let indented = format!("  {}", PLAIN.replace("\r\n", "\r\n  "));
        let cr = PLAIN.replace("\r\n", "\r");
        let utf16 = in_utf16(PLAIN, u16::to_le_bytes);
        let marked = format!("\u{FEFF}{PLAIN}");
        for (text, expected) in [
            (&b""[..], NotCalendar::Empty),
            (b"\r\n \r\n", NotCalendar::Empty),
            (b"BEGIN:VCARD\r\n", NotCalendar::Other),
            (b"<html>", NotCalendar::Other),
            (indented.as_bytes(), NotCalendar::Indented),
            (indented.trim_start().as_bytes(), NotCalendar::Indented),
            (cr.as_bytes(), NotCalendar::LineEnds),
            (&utf16, NotCalendar::Utf16),
            (&in_utf32(PLAIN, u32::to_le_bytes), NotCalendar::Utf32),
            (&in_utf32(PLAIN, u32::to_be_bytes), NotCalendar::Utf32),
            (&in_utf32(&marked, u32::to_le_bytes), NotCalendar::Utf32),
            (&in_utf32(&marked, u32::to_be_bytes), NotCalendar::Utf32),
        ] {
            assert_eq!(Calendar::parse(text).err(), Some(expected), "{text:?}");
            if expected == NotCalendar::Utf32 {
                let file = file_text(text);
                assert_eq!((file.text.as_ref(), file.warnings), (text, vec![]), "as it is");
            }
        }
    }
}
