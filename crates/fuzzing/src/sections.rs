//! Inputs that are written like a message of HTTP.

/// A first line, further lines, and what follows an empty line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections<'d> {
    /// The first line.
    pub first: &'d [u8],
    /// The lines up to an empty one.
    pub lines: Vec<&'d [u8]>,
    /// All that follows it.
    pub body: &'d [u8],
}

impl Sections<'_> {
    /// Splits an input.
    pub fn of(data: &[u8]) -> Sections<'_> {
        let (mut lines, mut rest) = (Vec::new(), data);
        while !rest.is_empty() {
            let end = rest.iter().position(|it| *it == b'\n');
            let line = &rest[..end.unwrap_or(rest.len())];
            rest = end.map_or(&[], |end| &rest[end + 1..]);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() && !lines.is_empty() {
                break;
            }
            lines.push(line);
        }
        let first = if lines.is_empty() { data } else { lines.remove(0) };
        Sections { first, lines, body: rest }
    }
}
