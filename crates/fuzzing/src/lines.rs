//! Splits a text into lines, independently of the tested crate.

/// Splits a text into logical lines: line ends and folds stay in them, so that together they are
/// the text.
pub fn logical(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = Vec::new();
    let mut start = 0;
    for (at, byte) in text.iter().enumerate() {
        let goes_on = matches!(text.get(at + 1), Some(b' ' | b'\t'));
        if *byte == b'\n' && !goes_on {
            lines.push(&text[start..=at]);
            start = at + 1;
        }
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

/// The name of a logical line in upper case, without the folds in it.
pub fn name(line: &[u8]) -> Vec<u8> {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';'));
    let mut name = line[..end.unwrap_or(line.len())].to_ascii_uppercase();
    while let Some(at) = name.iter().position(|byte| *byte == b'\n') {
        let from = name[..at].iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        name.drain(from..name.len().min(at + 2));
    }
    name.trim_ascii().to_vec()
}

/// Where `part`, which is a slice of `whole`, begins in it.
pub fn offset(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr() - whole.as_ptr().addr()
}
