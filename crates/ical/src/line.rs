//! Content lines: unfolding, names and parameters (RFC 5545 section 3.1).

use std::borrow::Cow;

use memchr::{memchr, memchr2, memrchr};
use wide::u8x16;

/// A logical line as written, with its folds and line end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawLine<'a> {
    /// Byte offset of its first byte in the text.
    pub start: usize,
    /// Byte offset after its line end.
    pub end: usize,
    /// The line without its line end; folds, if any, are still in it.
    pub bytes: &'a [u8],
    /// Whether folds are in it.
    pub folded: bool,
}

/// Where a logical line stands, which may be empty.
#[derive(Clone, Copy)]
pub(crate) struct LinePlace {
    /// Byte offset of its first byte in the text.
    pub start: usize,
    /// Byte offset after its line end.
    pub end: usize,
    /// Whether folds are in it.
    pub folded: bool,
}

/// An iterator over the logical lines of a text; empty ones are skipped.
///
/// Lines end in CRLF or LF, in any mixture. Bytes that are not UTF-8 have no special meaning.
#[derive(Clone)]
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    newlines: Newlines,
}

/// The line feeds of a text, found in blocks of 64 bytes: lines are short, so that a search for each of them
/// would mostly begin and end.
#[derive(Clone)]
struct Newlines {
    /// Where the block begins.
    block: usize,
    /// The line feeds of the block that are still ahead, a bit each.
    ahead: u64,
}

/// Bytes of a block.
const BLOCK: usize = 64;

impl Newlines {
    /// Those of `text` from byte `at` on.
    fn from(text: &[u8], at: usize) -> Newlines {
        let block = at - at % BLOCK;
        let ahead = newlines_in(text, block) & (u64::MAX << (at - block));
        Newlines { block, ahead }
    }

    /// Where the next one is.
    #[inline(always)]
    fn next(&mut self, text: &[u8]) -> Option<usize> {
        while self.ahead == 0 {
            self.block += BLOCK;
            if self.block >= text.len() {
                return None;
            }
            self.ahead = newlines_in(text, self.block);
        }
        let at = self.block + self.ahead.trailing_zeros() as usize;
        self.ahead &= self.ahead - 1;
        Some(at)
    }
}

/// The line feeds of the block that begins at byte `block`, a bit each.
#[inline(always)]
fn newlines_in(text: &[u8], block: usize) -> u64 {
    match text.get(block..).and_then(<[u8]>::first_chunk::<BLOCK>) {
        Some(bytes) => newlines_of(bytes),
        None => newlines_of_end(text, block),
    }
}

#[inline(always)]
fn newlines_of(bytes: &[u8; BLOCK]) -> u64 {
    let newline = u8x16::splat(b'\n');
    let (chunks, _) = bytes.as_chunks::<16>();
    let mut found = 0;
    for (index, chunk) in chunks.iter().enumerate() {
        let equal = u8x16::new(*chunk).simd_eq(newline);
        found |= u64::from(equal.to_bitmask()) << (index * 16);
    }
    found
}

#[cold]
fn newlines_of_end(text: &[u8], block: usize) -> u64 {
    let mut bytes = [0; BLOCK];
    let rest = text.get(block..).unwrap_or_default();
    bytes[..rest.len()].copy_from_slice(rest);
    newlines_of(&bytes)
}

impl<'a> Lines<'a> {
    /// The lines of `text` from byte `at` on.
    pub fn from(text: &'a [u8], at: usize) -> Lines<'a> {
        Lines { text, at, newlines: Newlines::from(text, at) }
    }

    /// Where the next line stands. Most lines are passed over by their first bytes, and need not be trimmed.
    #[inline(always)]
    pub fn next_place(&mut self) -> Option<LinePlace> {
        let (text, start) = (self.text, self.at);
        if start >= text.len() {
            return None;
        }
        let mut folded = false;
        let end = loop {
            match self.newlines.next(text) {
                None => break text.len(),
                Some(found) => match text.get(found + 1) {
                    Some(b' ' | b'\t') => folded = true,
                    _ => break found + 1,
                },
            }
        };
        self.at = end;
        Some(LinePlace { start, end, folded })
    }

    /// The line at a place; `None` if it is empty.
    #[inline(always)]
    pub fn line(&self, place: LinePlace) -> Option<RawLine<'a>> {
        let LinePlace { start, end, folded } = place;
        let bytes = match &self.text[start..end] {
            // Nearly all lines end in CRLF or LF, and what stands before it is neither.
            [bytes @ .., b'\r', b'\n'] | [bytes @ .., b'\n']
                if bytes.last().is_some_and(|last| *last > b'\r') =>
            {
                bytes
            }
            written => trimmed(written),
        };
        (!bytes.is_empty()).then_some(RawLine { start, end, bytes, folded })
    }
}

/// A line without its line end, of whatever that consists.
#[cold]
fn trimmed(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r'] = line {
        line = rest;
    }
    line
}

impl<'a> Iterator for Lines<'a> {
    type Item = RawLine<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<RawLine<'a>> {
        loop {
            let place = self.next_place()?;
            if let Some(line) = self.line(place) {
                return Some(line);
            }
        }
    }
}

/// `bytes` without its folds: each line end with the one space or tab after it is removed
/// before anything is decoded, because a fold may stand inside a UTF-8 sequence.
pub(crate) fn unfold(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'\n', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(newline) = memchr(b'\n', rest) {
        let mut end = newline;
        while end > 0 && rest[end - 1] == b'\r' {
            end -= 1;
        }
        out.extend_from_slice(&rest[..end]);
        rest = rest.get(newline + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// What follows a name on a line that begins with it, in any case and with folds; the name may be folded, and
/// blanks may follow it.
pub(crate) fn after_name<'a>(line: &RawLine<'a>, name: &str) -> Option<&'a [u8]> {
    let first = line.bytes.first()?;
    if !first.eq_ignore_ascii_case(&name.as_bytes()[0]) {
        return None;
    }
    let end = line.bytes.iter().position(|byte| matches!(byte, b':' | b';'))?;
    let (head, rest) = line.bytes.split_at(end);
    let head = if line.folded { unfold(head) } else { Cow::Borrowed(head) };
    head.trim_ascii().eq_ignore_ascii_case(name.as_bytes()).then_some(rest)
}

/// Splits the text after a property's name into its parameters and its value, at the first colon
/// outside of quotes. `None` if there is no such colon.
pub(crate) fn split_value(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    if let [b':', value @ ..] = rest {
        return Some((&[], value));
    }
    let mut at = 0;
    loop {
        let found = at + memchr2(b':', b'"', rest.get(at..)?)?;
        if rest[found] == b':' {
            return Some((&rest[..found], &rest[found + 1..]));
        }
        // A quote that is never closed has no special meaning.
        at = match memchr(b'"', &rest[found + 1..]) {
            Some(close) => found + 1 + close + 1,
            None => return memchr(b':', rest).map(|colon| (&rest[..colon], &rest[colon + 1..])),
        };
    }
}

/// The same for a property of dates and times. Dates contain no colon: if a date follows a later
/// colon, the text before it belongs to a TZID that lacks its quotes (`TZID=UTC+01:00`).
#[inline]
pub(crate) fn split_times(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (parameters, value) = split_value(rest)?;
    match memrchr(b':', value) {
        Some(colon) if is_date(&value[colon + 1..]) => {
            let colon = rest.len() - (value.len() - colon);
            Some((&rest[..colon], &rest[colon + 1..]))
        }
        _ => Some((parameters, value)),
    }
}

/// Whether a text begins like a date.
fn is_date(text: &[u8]) -> bool {
    text.get(..8).is_some_and(|date| date.iter().all(u8::is_ascii_digit))
}

/// The value of the parameter `name`, without its quotes; the first one if it is repeated.
pub(crate) fn parameter<'a>(parameters: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let whole = whole_parameter(parameters, name)?;
    let equals = memchr(b'=', whole)?;
    Some(match whole[equals + 1..].trim_ascii() {
        [b'"', inner @ .., b'"'] => inner,
        value => value,
    })
}

/// The parameter `name` as written, from its semicolon to its end; the first one if it is repeated.
pub(crate) fn whole_parameter<'a>(parameters: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = parameters;
    while let [b';', tail @ ..] = rest {
        let (whole, next) = rest.split_at(1 + parameter_end(tail));
        rest = next;
        let equals = memchr(b'=', whole);
        let is_it = equals.is_some_and(|equals| {
            whole[1..equals].trim_ascii().eq_ignore_ascii_case(name.as_bytes())
        });
        if is_it {
            return Some(whole);
        }
    }
    None
}

/// The end of the parameter at the start of `tail`: the next semicolon outside of quotes.
pub(crate) fn parameter_end(tail: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = tail.get(at..).and_then(|rest| memchr2(b';', b'"', rest)) {
        let found = at + found;
        if tail[found] == b';' {
            return found;
        }
        match memchr(b'"', &tail[found + 1..]) {
            Some(close) => at = found + 1 + close + 1,
            None => return memchr(b';', tail).unwrap_or(tail.len()),
        }
    }
    tail.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        Lines::from(text.as_bytes(), 0)
            .map(|line| String::from_utf8(unfold(line.bytes).into_owned()).unwrap())
            .collect()
    }

    #[test]
    fn lines_end_in_crlf_or_lf_and_empty_ones_do_not_count() {
        assert_eq!(lines("A:1\r\nB:2\n\r\n\nC:3"), ["A:1", "B:2", "C:3"]);
    }

    #[test]
    fn a_fold_takes_out_the_line_end_and_one_blank_only() {
        assert_eq!(lines("A:1\r\n 2\r\n\t3\r\n  4\r\nB:5\r\n"), ["A:123 4", "B:5"]);
    }

    #[test]
    fn a_fold_inside_a_utf8_sequence_leaves_the_character_whole() {
        let bytes = b"SUMMARY:K\xC3\r\n \xA4se";
        assert_eq!(unfold(bytes).as_ref(), "SUMMARY:Käse".as_bytes());
    }

    #[test]
    fn a_fold_at_the_very_end_of_the_text_is_harmless() {
        assert_eq!(lines("A:1\r\n "), ["A:1"]);
        assert_eq!(lines("A:1\n \n "), ["A:1"]);
        assert_eq!(lines("\n \n"), [""]);
    }

    #[test]
    fn a_colon_in_quotes_does_not_begin_the_value() {
        let (parameters, value) = split_value(b";CN=\"a:b;c\";X=1:mailto:d").unwrap();
        assert_eq!(value, b"mailto:d");
        assert_eq!(parameter(parameters, "cn"), Some(&b"a:b;c"[..]));
        assert_eq!(parameter(parameters, "X"), Some(&b"1"[..]));
        assert_eq!(parameter(parameters, "TZID"), None);
        assert_eq!(whole_parameter(parameters, "cn"), Some(&b";CN=\"a:b;c\""[..]));
    }

    #[test]
    fn a_colon_in_a_tzid_without_quotes_does_not_begin_a_time() {
        let line = b";X=1;TZID=UTC+01:00:20260302T100000";
        let (parameters, value) = split_times(line).unwrap();
        assert_eq!(value, b"20260302T100000");
        assert_eq!(parameter(parameters, "TZID"), Some(&b"UTC+01:00"[..]));
        assert_eq!(split_times(b":20260302").unwrap(), (&b""[..], &b"20260302"[..]));
        assert!(split_times(b";TZID=x").is_none());
        let no_time = b";X=1:2026-01-01T10:00:00";
        assert_eq!(split_times(no_time).unwrap().1, b"2026-01-01T10:00:00");
    }

    #[test]
    fn a_quote_that_never_closes_is_a_character_like_any_other() {
        let (parameters, value) = split_value(b";CN=\"Bob;X=1:v").unwrap();
        assert_eq!(value, b"v");
        assert_eq!(parameter(parameters, "X"), Some(&b"1"[..]));
        assert!(split_value(b";CN=x").is_none());
    }
}
