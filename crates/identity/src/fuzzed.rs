//! What the clients read of what others send, as functions for the fuzz targets (`crates/fuzzing`). Programs use
//! [`crate::OpenId`] and [`crate::Directory`].

use crate::claims::{Further, Told, is_complete};
pub use crate::relay::{MAX_DEPTH, MAX_MESSAGE, MAX_SUM};
use crate::relay::{Messages, result_code};
use crate::{Failure, Person};

/// The messages of a directory that reach the library, and why there are no more; `None` at the end of the connection.
pub async fn messages(bytes: &[u8]) -> (Vec<Vec<u8>>, Option<Failure>) {
    let mut messages = Messages::of(bytes);
    let mut all = Vec::new();
    loop {
        match messages.next().await {
            Ok(Some(message)) => all.push(message),
            Ok(None) => return (all, None),
            Err(failure) => return (all, Some(failure)),
        }
    }
}

/// The result code of an answer to StartTLS.
pub fn starttls(message: &[u8]) -> Option<u32> {
    result_code(message)
}

/// The person that the claims of a provider tell of, in JSON, with `group` as the claim of groups and the group of
/// administrators; and whether nothing is left to ask for.
pub fn person(
    json: &[u8],
    subject: &str,
    group: (&str, &str),
) -> Option<(Result<Person, Failure>, bool)> {
    let further: Further = serde_json::from_slice(json).ok()?;
    let told = Told { further: Some(&further), ..Told::default() };
    Some((crate::claims::person(&[told], subject, Some(group)), is_complete(told, Some(group.0))))
}
