//! Words of a name: letters with their marks, and digits.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A sequence of words that a name has to contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// At least one.
    words: Vec<String>,
    /// Whether the last word may be the beginning of a longer one.
    is_open: bool,
}

impl Phrase {
    /// Parses a phrase; `None` if it contains no word. A `*` after a space belongs to the word
    /// before it.
    pub fn new(text: &str) -> Option<Phrase> {
        let text = text.trim_end();
        let words = words_of(text);
        (!words.is_empty()).then(|| Phrase { words, is_open: text.ends_with('*') })
    }

    /// Whether a name has these words.
    pub fn is_in(&self, name: &[String]) -> bool {
        let Some((last, first)) = self.words.split_last() else { return false };
        name.windows(self.words.len()).any(|window| {
            let Some((end, begin)) = window.split_last() else { return false };
            begin == first && (end == last || self.is_open && end.starts_with(last.as_str()))
        })
    }
}

/// Whether a text contains a word; one without any matches nothing.
pub fn has_words(text: &str) -> bool {
    Phrase::new(text).is_some()
}

/// The words of a text, composed (NFC) and in lower case.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let lower = text.nfc().flat_map(char::to_lowercase).map(|letter| {
        // Greek has a special form of sigma at the end of a word.
        if letter == 'ς' { 'σ' } else { letter }
    });
    let composed: String = lower.nfc().collect();
    composed
        .split(|it: char| !it.is_alphanumeric() && !is_combining_mark(it))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(phrase: &str, name: &str) -> bool {
        Phrase::new(phrase).is_some_and(|it| it.is_in(&words_of(name)))
    }

    #[test]
    fn words_are_letters_with_their_marks_and_digits() {
        assert_eq!(words_of("Q3-Budget (draft): 2nd"), ["q3", "budget", "draft", "2nd"]);
        assert_eq!(words_of("cafe\u{301}  Ü_b"), ["café", "ü", "b"]);
        assert_eq!(words_of("किताब ก็"), ["किताब", "ก็"], "marks belong to their letters");
        assert_eq!(words_of("…"), Vec::<String>::new());
    }

    #[test]
    fn a_text_of_signs_only_has_no_words() {
        assert!(has_words("Board*") && has_words("7") && has_words("設計"));
        assert!(!has_words("*") && !has_words("!!!") && !has_words(" "));
    }

    #[test]
    fn a_whole_word_counts_and_a_part_of_one_does_not() {
        assert!(is_in("board", "Lunch (not a Board meeting)"));
        assert!(!is_in("board", "Boardroom test"));
        assert!(!is_in("board", "Clipboard"));
        assert!(!is_in("board", "Board2"));
        assert!(is_in("BOARD", "the board's"));
    }

    #[test]
    fn several_words_count_in_sequence() {
        assert!(is_in("board meeting", "The Board-Meeting, again"));
        assert!(!is_in("board meeting", "Meeting of the board"));
        assert!(!is_in("board meeting", "Board and meeting"));
        assert!(!is_in("board meeting", "Board"));
    }

    #[test]
    fn a_star_at_the_end_matches_the_rest_of_a_word() {
        assert!(is_in("Vorstand*", "Vorstandssitzung") && is_in("Vorstand*", "Vorstand"));
        assert!(!is_in("Vorstand*", "Gesamtvorstand"));
        assert!(is_in("設計*", "設計会議") && !is_in("設計", "設計会議"));
        assert!(is_in("board meet*  ", "board meetings") && !is_in("board meet*", "boards meet"));
        assert!(!is_in("b*rd", "board") && is_in("b*rd", "b rd"));
        assert!(!is_in("*", "anything"));
    }

    #[test]
    fn composed_and_decomposed_letters_and_both_cases_are_the_same() {
        assert!(is_in("E\u{301}quipe", "équipe") && is_in("équipe", "E\u{301}QUIPE"));
        assert!(!is_in("equipe", "équipe"));
        assert!(is_in("ΟΔΟΣ", "οδος") && is_in("οδος", "ΟΔΟΣ"));
        assert!(is_in("İ*", "İstanbul"));
    }
}
