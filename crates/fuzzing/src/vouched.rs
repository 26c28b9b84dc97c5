//! Fuzz target: what a directory and an OpenID Connect provider send.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use identity::MAX_SUBJECT;
use identity::fuzzed::{MAX_DEPTH, MAX_MESSAGE, MAX_SUM, messages, person, starttls};

use crate::sections::Sections;

/// Reads `data` as the messages of a directory: those that reach the library are whole, in their order, bounded, and
/// nested within the bound. Then as a subject, a claim and a group, and the claims of a provider in JSON: a person has a
/// subject within its bound, and is an administrator only if the text names the group.
pub fn vouched(data: &[u8]) {
    let mut reading = pin!(messages(data));
    let Poll::Ready((all, _)) = reading.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("bytes that are there are waited for");
    };
    let sum: usize = all.iter().map(Vec::len).sum();
    assert!(sum <= MAX_SUM && data.starts_with(&all.concat()), "other bytes than were sent");
    for message in &all {
        assert!(message.len() <= MAX_MESSAGE, "a message without a bound");
        assert!(depth(message) <= MAX_DEPTH, "a message that is nested too deeply");
        let _ = starttls(message);
    }
    let Sections { first, lines, body } = Sections::of(data);
    let subject = String::from_utf8_lossy(first);
    let text =
        |index: usize| lines.get(index).map(|it| String::from_utf8_lossy(it)).unwrap_or_default();
    let (claim, group) = (text(0), text(1));
    let Some((person, _)) = person(body, &subject, (&claim, &group)) else { return };
    match person {
        Ok(person) => {
            assert!(
                !subject.is_empty() && subject.len() <= MAX_SUBJECT,
                "a subject without a bound"
            );
            assert_eq!(person.subject, subject);
            let is_named = serde_json::from_slice(body).is_ok_and(|it| has(&it, &group));
            assert!(person.is_administrator != Some(true) || is_named, "nobody named the group");
        }
        Err(_) => assert!(subject.is_empty() || subject.len() > MAX_SUBJECT, "{subject}"),
    }
}

/// Whether a text stands anywhere in a value.
fn has(value: &serde_json::Value, text: &str) -> bool {
    match value {
        serde_json::Value::String(it) => it == text,
        serde_json::Value::Array(all) => all.iter().any(|it| has(it, text)),
        serde_json::Value::Object(all) => all.values().any(|it| has(it, text)),
        _ => false,
    }
}

/// How deep the elements of a message are nested, by another way than the program's: by recursion.
fn depth(bytes: &[u8]) -> usize {
    let (mut deepest, mut rest) = (0, bytes);
    while let [tag, first, after @ ..] = rest {
        let more = if *first < 0x80 { 0 } else { usize::from(*first - 0x80) };
        let Some((length, content)) = after.split_at_checked(more) else { return deepest };
        let length = match more {
            0 => usize::from(*first),
            _ => length.iter().fold(0, |all, it| (all << 8) | usize::from(*it)),
        };
        let Some((content, next)) = content.split_at_checked(length) else { return deepest };
        if tag & 0x20 != 0 {
            deepest = deepest.max(1 + depth(content));
        }
        rest = next;
    }
    deepest
}
