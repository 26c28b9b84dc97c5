//! What operations say to people: a sentence, and what is put into it.
//!
//! The API and the command line print it in English; the site says it in its reader's language.

use std::fmt;

pub use crate::sentences::Sentence;

/// A sentence with what is put into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// The sentence.
    pub sentence: Sentence,
    /// What is put in, in its order.
    pub values: Vec<Value>,
}

/// What is put into a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// As it is.
    Plain(String),
    /// A name that somebody gave, in quotation marks.
    Name(String),
    /// A sentence of its own.
    Said(Box<Said>),
    /// Several, with commas between them.
    List(Vec<Value>),
}

impl Value {
    /// As it is.
    pub fn plain(value: impl fmt::Display) -> Value {
        Value::Plain(value.to_string())
    }

    /// A name that somebody gave.
    pub fn name(name: &str) -> Value {
        Value::Name(name.to_owned())
    }
}

impl<S: Into<Said>> From<S> for Value {
    fn from(said: S) -> Value {
        Value::Said(Box::new(said.into()))
    }
}

impl Said {
    /// What another layer has worded, or somebody else: it is the same in every language.
    pub fn quoted(words: impl fmt::Display) -> Said {
        Sentence::Quoted.with([Value::plain(words)])
    }

    /// Finds again what the database keeps as English text; what is no sentence of ours is quoted.
    ///
    /// Its English is the text in any case.
    pub fn of_english(text: &str) -> Said {
        let Some((sentence, values)) = find(text) else { return Said::quoted(text) };
        let value = |text| match find(text) {
            Some((sentence, values)) => sentence.with(values.into_iter().map(plain_or_name)).into(),
            None => plain_or_name(text),
        };
        sentence.with(values.into_iter().map(value))
    }
}

/// A text as what was put in: a name, where it is one in quotation marks.
fn plain_or_name(text: &str) -> Value {
    let inner = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    match inner.filter(|name| format!("{name:?}") == text) {
        Some(name) => Value::name(name),
        None => Value::plain(text),
    }
}

/// The sentence that a text is, with what is put in. Of several that it may be, it is the one that says
/// most itself.
fn find(text: &str) -> Option<(Sentence, Vec<&str>)> {
    let all = Sentence::ALL.iter().filter(|it| words_of(it.english()) >= LEAST_WORDS);
    let found = all.filter_map(|it| Some((*it, values_of(it.english(), text)?)));
    found.max_by_key(|(it, _)| words_of(it.english()))
}

/// From how many characters of its own on a sentence is told from what just looks like one.
const LEAST_WORDS: usize = 8;

/// How many characters of a sentence are its own.
fn words_of(english: &str) -> usize {
    english.split("{}").map(str::len).sum()
}

/// What would have to be put into a sentence for it to be that text.
fn values_of<'t>(english: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = english.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty().then(Vec::new) };
    let mut values = Vec::new();
    for piece in pieces {
        let (value, behind) = rest.split_once(piece)?;
        values.push(value);
        rest = behind;
    }
    values.push(rest.strip_suffix(last)?);
    Some(values)
}

impl Sentence {
    /// With what is put in.
    pub fn with(self, values: impl IntoIterator<Item = Value>) -> Said {
        Said { sentence: self, values: values.into_iter().collect() }
    }
}

impl From<Sentence> for Said {
    fn from(sentence: Sentence) -> Said {
        sentence.with([])
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.english())
    }
}

/// In English.
impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pieces = self.sentence.english().split("{}");
        formatter.write_str(pieces.next().unwrap_or_default())?;
        let mut values = self.values.iter();
        for piece in pieces {
            if let Some(value) = values.next() {
                value.fmt(formatter)?;
            }
            formatter.write_str(piece)?;
        }
        Ok(())
    }
}

/// In English.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Plain(text) => formatter.write_str(text),
            Value::Name(name) => write!(formatter, "{name:?}"),
            Value::Said(said) => said.fmt(formatter),
            Value::List(values) => {
                for (index, value) in values.iter().enumerate() {
                    formatter.write_str(if index > 0 { ", " } else { "" })?;
                    value.fmt(formatter)?;
                }
                Ok(())
            }
        }
    }
}

/// As its English text.
impl serde::Serialize for Said {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_put_in_as_they_are_whatever_they_hold() {
        let said = Sentence::MessageDoesNotGo.with([Value::plain("{}"), Value::plain(7)]);
        assert_eq!(said.to_string(), "message {} does not go: 7");
        let said = Sentence::NoCalendar.with([Value::name("a\"{}\n")]);
        assert_eq!(said.to_string(), r#"there is no calendar "a\"{}\n""#);
        let list = Value::List(vec![Sentence::MayNotRead.into(), Sentence::MayNotChange.into()]);
        let said = Sentence::MayNot.with([list]).to_string();
        assert!(said.starts_with("the account may not read events, change events; let"), "{said}");
        assert_eq!(Said::quoted("{} of {}").to_string(), "{} of {}");
        assert_eq!(serde_json::to_string(&Said::quoted("\"")).unwrap(), r#""\"""#);
    }

    #[test]
    fn what_the_database_keeps_is_found_again_and_what_is_nobodys_sentence_is_quoted() {
        for sentence in
            [Sentence::NobodyKnown, Sentence::ChangedSince, Sentence::CalendarHasNoTemplate]
        {
            assert_eq!(Said::of_english(sentence.english()), sentence.into());
        }
        let said = Said::of_english("given up after two days: 451 busy");
        assert_eq!(said, Sentence::GivenUp.with([Value::plain("451 busy")]));
        let said = Said::of_english("the address must be a mail address such as ann@example.org");
        assert_eq!(said, Sentence::AddressIs.with([Sentence::AddressForm.into()]));
        let said = Sentence::NoUserNamed.with([Value::name("ann")]);
        assert_eq!(Said::of_english("there is no user \"ann\""), said);
        for text in ["", "450 greylisted", "a: b", "the calendar", "{}"] {
            assert_eq!(Said::of_english(text), Said::quoted(text));
        }
    }

    #[test]
    fn no_two_sentences_are_the_same() {
        let mut all: Vec<_> = Sentence::ALL.iter().map(|it| it.english()).collect();
        all.sort_unstable();
        let before = all.len();
        all.dedup();
        assert_eq!(all.len(), before);
    }

    proptest! {
        #[test]
        fn what_is_found_again_says_the_same_in_english(
            index in 0..Sentence::ALL.len(),
            values in prop::collection::vec("[a-z:;, {}\"\\\\]{0,12}", 4),
            more in ".{0,3}",
        ) {
            let values = values.into_iter().map(Value::Plain);
            let text = format!("{}{more}", Sentence::ALL[index].with(values));
            prop_assert_eq!(Said::of_english(&text).to_string(), text);
        }
    }
}
