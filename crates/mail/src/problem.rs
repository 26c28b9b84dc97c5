//! What is wrong with a template.

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_BRANCHES, MAX_SECONDS, MAX_SOURCE, MAX_TOKENS};

/// What is wrong with a template. Its text is English, for logs; `operations` has a message for each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TemplateProblem {
    /// What the engine or the system says in its own words.
    #[error("{0}")]
    Quoted(String),
    /// The engine cannot parse it; its own words say why.
    #[error("syntax error: {0}")]
    Syntax(String),
    /// Something in it cannot be done with such values; the words say what.
    #[error("invalid operation: {0}")]
    InvalidOperation(String),
    /// A method that a value does not have; the engine's own words say which.
    #[error("unknown method: {0}")]
    UnknownMethod(String),
    /// A name that is no variable.
    #[error("{0:?} is unknown")]
    UnknownName(String),
    /// A name that is no variable, and one that was probably meant.
    #[error("{0:?} is unknown; is {1:?} meant?")]
    UnknownNameNear(String, String),
    /// A value that is undefined, and nobody knows where.
    #[error("something in it is unknown")]
    SomethingUnknown,
    /// A filter that does not exist.
    #[error("there is no filter {0:?}")]
    UnknownFilter(String),
    /// A test that does not exist.
    #[error("there is no test {0:?}")]
    UnknownTest(String),
    /// It uses up the fuel.
    #[error("it takes too many steps, or makes too long a text")]
    OutOfFuel,
    /// It takes longer than [`MAX_SECONDS`].
    #[error("it takes longer than {MAX_SECONDS} seconds")]
    Late,
    /// It is longer than [`MAX_SOURCE`].
    #[error("it has more than {MAX_SOURCE} bytes")]
    SourceTooLong,
    /// A tag is longer than [`MAX_TOKENS`].
    #[error("a tag has more than {MAX_TOKENS} words and signs")]
    TagTooLong,
    /// It has more than [`MAX_BRANCHES`].
    #[error("there are more than {MAX_BRANCHES} elif")]
    TooManyBranches,
    /// What it renders to is longer than that.
    #[error("what it renders to has more than {0} bytes")]
    TextTooLong(usize),
}

impl From<String> for TemplateProblem {
    fn from(words: String) -> TemplateProblem {
        TemplateProblem::Quoted(words)
    }
}

impl From<&str> for TemplateProblem {
    fn from(words: &str) -> TemplateProblem {
        TemplateProblem::Quoted(words.to_owned())
    }
}
