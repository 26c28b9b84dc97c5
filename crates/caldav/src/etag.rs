//! Versions of objects.

use std::fmt;

use crate::limits::MAX_ETAG;

/// An entity tag (RFC 9110 section 8.8.3), verbatim: with its quotes, as the server wrote it. It is
/// sent back unchanged.
///
/// ```
/// use caldav::ETag;
///
/// let etag = ETag::new("\"5a67801b\"").ok_or("no ETag")?;
/// assert_eq!(etag.as_str(), "\"5a67801b\"");
/// assert!(!etag.is_weak());
/// assert!(ETag::new("W/\"5a67801b\"").is_some_and(|it| it.is_weak()));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ETag(String);

impl ETag {
    /// The ETag of an answer or of a database; `None` if it is empty, longer than [`MAX_ETAG`]
    /// bytes, or no valid header value.
    pub fn new(text: &str) -> Option<ETag> {
        let text = text.trim();
        let fits = !text.is_empty() && text.len() <= MAX_ETAG;
        let is_plain = !text.chars().any(char::is_control);
        (fits && is_plain).then(|| ETag(text.to_owned()))
    }

    /// The text, quotes and all.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both name the same version by weak comparison (RFC 9110 section 8.8.3.2): only the opaque
    /// part counts. Proxies that compress turn strong ETags into weak ones.
    ///
    /// ```
    /// # use caldav::ETag;
    /// let (strong, weak) = (ETag::new("\"1\""), ETag::new("W/\"1\""));
    /// assert!(strong.zip(weak).is_some_and(|(strong, weak)| strong.matches_weakly(&weak)));
    /// ```
    pub fn matches_weakly(&self, other: &ETag) -> bool {
        self.opaque() == other.opaque()
    }

    /// The opaque part, with its quotes.
    pub(crate) fn opaque(&self) -> &str {
        if self.is_weak() { &self.0[2..] } else { &self.0 }
    }

    /// Whether it is a weak one, which says nothing about the bytes; no condition holds for it.
    pub fn is_weak(&self) -> bool {
        self.0.starts_with("W/") || self.0.starts_with("w/")
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
