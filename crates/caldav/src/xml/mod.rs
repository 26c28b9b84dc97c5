//! WebDAV XML: reading with bounds, and writing with escapes.
//!
//! Document types, entities other than those of XML itself, and deeper nesting than the protocol
//! needs are refused, so that a hostile answer cannot grow in memory.

mod error_body;
mod grammar;
mod multistatus;
mod read;
pub(crate) mod write;

pub(crate) use error_body::{ErrorBody, in_one_line};
pub use multistatus::{
    Multistatus, PrivilegeSet, Properties, Reports, ResourceType, Response, Rest,
};
pub use read::parse_multistatus;

use crate::limits;

/// Bounds of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Elements within one another.
    pub depth: usize,
    /// `DAV:response` elements.
    pub responses: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { depth: limits::MAX_DEPTH, responses: limits::MAX_RESPONSES }
    }
}

/// Why an answer cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Bytes that are no UTF-8.
    #[error("it is no UTF-8")]
    NoUtf8,
    /// A DOCTYPE, which could define entities.
    #[error("it has a DOCTYPE, which no answer of a calendar server has")]
    Doctype,
    /// An entity that XML does not define.
    #[error("it has an entity that is not defined: {0:?}")]
    Entity(String),
    /// Beyond [`Bounds::depth`].
    #[error("its elements are nested more than {0} deep")]
    TooDeep(usize),
    /// Beyond [`Bounds::responses`].
    #[error("it lists more than {0} objects")]
    TooManyResponses(usize),
    /// Something else than a `DAV:multistatus`.
    #[error("it is no DAV:multistatus but {0:?}")]
    OtherRoot(String),
    /// It is cut.
    #[error("it stops in the middle")]
    Unfinished,
    /// Text before the first element.
    #[error("it is no well-formed XML: it does not begin with an element")]
    NoElement,
    /// A second root element.
    #[error("it is no well-formed XML: there is a second root")]
    SecondRoot,
    /// No well-formed XML, in the words of the library that reads it.
    #[error("it is no well-formed XML: {0}")]
    Malformed(String),
}

/// The text of an error body for people: of a `DAV:error`, of HTML, or as it stands, in one line of
/// at most [`limits::MAX_WORDS`] characters and an ellipsis.
pub fn words(bytes: &[u8]) -> String {
    ErrorBody::of(bytes).words
}

/// What a reference such as `&amp;` or `&#252;` stands for.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, Problem> {
    let named = match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    };
    let found = named.or_else(|| reference.resolve_char_ref().ok().flatten());
    found.ok_or_else(|| Problem::Entity(reference.chars().take(40).collect()))
}
