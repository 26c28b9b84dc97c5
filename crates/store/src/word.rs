//! Columns that hold one of a fixed list of words.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use facts::Word;
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable};

/// The value of such a column. A word that is none of its list cannot be read: [`crate::Error::Damaged`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stored<W>(pub W);

impl<W> Deref for Stored<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.0
    }
}

impl<W: Word> fmt::Display for Stored<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_str().fmt(formatter)
    }
}

impl<W: Word> PartialEq<W> for Stored<W> {
    fn eq(&self, other: &W) -> bool {
        self.0 == *other
    }
}

impl<W: Word> From<W> for Stored<W> {
    fn from(word: W) -> Stored<W> {
        Stored(word)
    }
}

impl<W: Word> TryGetable for Stored<W> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, column: I) -> Result<Stored<W>, TryGetError> {
        let word = String::try_get_by(row, column)?;
        W::parse(&word).map(Stored).ok_or_else(|| {
            // `{column:?}` is its name in quotation marks, or its number.
            let unknown = UnknownWord { word, column: format!("{column:?}") };
            let into = std::any::type_name::<W>();
            DbErr::TryIntoErr { from: "String", into, source: Arc::new(unknown) }.into()
        })
    }
}

/// A word that is none of its column's.
#[derive(Debug, thiserror::Error)]
#[error("the unknown word {word:?} in the column {column}")]
pub(crate) struct UnknownWord {
    word: String,
    column: String,
}

impl UnknownWord {
    /// The unknown word that is the cause of an error.
    pub(crate) fn of(error: &DbErr) -> Option<&UnknownWord> {
        match error {
            DbErr::TryIntoErr { source, .. } => source.downcast_ref(),
            _ => None,
        }
    }
}
