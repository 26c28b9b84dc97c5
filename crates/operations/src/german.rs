//! For tests: whether a message is German for a German reader.

use crate::Message;

/// Words that are in almost every English sentence, and in no German one.
const ENGLISH: [&str; 24] = [
    "the", "it", "its", "is", "are", "not", "no", "of", "and", "or", "with", "that", "than",
    "cannot", "has", "holds", "does", "says", "you", "there", "this", "which", "to", "for",
];

/// The English words in a message that is worded for a German reader.
pub(crate) fn english_words_in(message: &Message) -> Vec<String> {
    let german = wording::preferred("de").message(message);
    let words = german.split(|it: char| !it.is_alphabetic());
    words.filter(|it| ENGLISH.contains(&&*it.to_lowercase())).map(str::to_owned).collect()
}
