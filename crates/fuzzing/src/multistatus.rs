//! Fuzz target: answers of calendar servers.

use caldav::limits::{MAX_DEPTH, MAX_WORDS};
use caldav::xml::{Bounds, Problem, parse_multistatus, words};
use caldav::{ETag, Href};

/// Reads `data` as an answer: tighter bounds must hold, a cut answer must not be read as a complete
/// one, and all values must be valid.
pub fn multistatus(data: &[u8]) {
    assert_are_words(&words(data));
    let bounds = Bounds::default();
    let Ok(answer) = parse_multistatus(data, bounds) else {
        return;
    };
    let count = answer.responses.len();
    let tight = parse_multistatus(data, Bounds { responses: count, ..bounds });
    assert_eq!(tight.as_ref(), Ok(&answer), "as many as there are do not fit");
    if let Some(fewer) = count.checked_sub(1) {
        let tighter = parse_multistatus(data, Bounds { responses: fewer, ..bounds });
        assert_eq!(tighter, Err(Problem::TooManyResponses(fewer)), "more than allowed");
    }
    assert!(parse_multistatus(data, Bounds { depth: 0, ..bounds }).is_err(), "no depth is enough");
    let deeper = Bounds { depth: 2 * MAX_DEPTH, ..bounds };
    assert_eq!(parse_multistatus(data, deeper).as_ref(), Ok(&answer), "by its depth");
    // Without its last tag, which may be followed by blanks and comments.
    if let Some(end) = data.windows(2).rposition(|it| it == b"</") {
        assert!(parse_multistatus(&data[..end], bounds).is_err(), "a cut answer passes as whole");
    }
    for response in &answer.responses {
        assert_eq!(response.href, response.href.trim(), "blanks in a href");
        let href = Href::from_store(response.href.clone());
        assert_eq!(href.as_str(), response.href, "a href is not kept as it is written");
        assert_eq!(href, Href::from_store(response.href.clone()), "a href is not itself");
        let etag = response.properties.etag.as_deref().and_then(ETag::new);
        if let Some(etag) = etag {
            assert!(!etag.as_str().contains(char::is_control), "a version with control characters");
        }
    }
}

fn assert_are_words(words: &str) {
    assert!(words.chars().count() <= MAX_WORDS + 1, "more words than allowed");
    assert!(!words.contains(char::is_control), "words with control characters");
    assert_eq!(words, words.trim(), "words with blanks around them");
}
