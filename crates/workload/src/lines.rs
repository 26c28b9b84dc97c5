//! Content lines as RFC 5545 section 3.1 wants them.

/// The longest line in octets, without its line end.
const LONGEST: usize = 75;

/// iCalendar text under construction: CRLF line ends, long lines folded.
#[derive(Default)]
pub(crate) struct Lines {
    text: String,
}

impl Lines {
    /// Adds one content line, folded where it is too long, but never within a character.
    pub(crate) fn push(&mut self, line: &str) {
        let mut octets = 0;
        for character in line.chars() {
            if octets + character.len_utf8() > LONGEST {
                self.text.push_str("\r\n ");
                octets = 1;
            }
            self.text.push(character);
            octets += character.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// Adds several content lines.
    pub(crate) fn extend<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines {
            self.push(line);
        }
    }

    /// Adds lines that are folded and ended already.
    pub(crate) fn append(&mut self, finished: &str) {
        self.text.push_str(finished);
    }

    /// The text as it stands.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_line_of_75_octets_stays_whole_and_one_of_76_is_folded() {
        let mut lines = Lines::default();
        lines.push(&"x".repeat(75));
        lines.push(&"y".repeat(76));
        let expected = format!("{}\r\n{}\r\n y\r\n", "x".repeat(75), "y".repeat(75));
        assert_eq!(lines.into_text(), expected);
    }

    #[test]
    fn folding_never_splits_a_character_and_loses_none() {
        let long = "a🎉äß".repeat(60);
        let mut lines = Lines::default();
        lines.push(&long);
        let text = lines.into_text();
        assert!(text.lines().all(|line| line.len() <= 75));
        assert_eq!(text.replace("\r\n ", "").trim_end(), long);
    }
}
