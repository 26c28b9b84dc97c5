//! Errors of CalDAV requests as messages, which are stored and worded in the reader's language.

use caldav::{Error, Phase, Redirected};
use wording::{Message, MessageId};

/// The message for an error of a request to `host`. The host stands before it, unless the message itself names
/// the server.
pub(super) fn message_of(host: &str, error: &Error) -> Message {
    let error = error.cause();
    let message = plain(error);
    match error {
        Error::Connect(_)
        | Error::Dns(_)
        | Error::Tls(_)
        | Error::PlainHttpRefused { .. }
        | Error::NothingFound { .. } => message,
        _ => MessageId::of_host(host, message),
    }
}

fn plain(error: &Error) -> Message {
    match error {
        Error::NotSent(error) => plain(error.cause()),
        Error::Unauthorized => MessageId::CaldavUnauthorized.into(),
        Error::SignInUnsupported { schemes } => MessageId::caldav_sign_in_unsupported(schemes),
        Error::Forbidden { words } => MessageId::caldav_forbidden(says(words)),
        Error::NotFound => MessageId::CaldavNotFound.into(),
        Error::Trashed => MessageId::CaldavTrashed.into(),
        Error::Changed => MessageId::CaldavChanged.into(),
        Error::Exists => MessageId::CaldavExists.into(),
        Error::UidConflict { words } => MessageId::caldav_uid_conflict(says(words)),
        Error::Refused { status, words } => MessageId::caldav_refused(status, says(words)),
        Error::TooLarge { bound } => MessageId::caldav_too_large(bound),
        Error::TooManyRequests { words, retry_after } => {
            // A second that has begun is not over.
            MessageId::caldav_too_many_requests(retry_after.as_secs() + 1, says(words))
        }
        Error::Unavailable { status, words, .. } => {
            MessageId::caldav_unavailable(status, says(words))
        }
        Error::Withdrawn => MessageId::CaldavWithdrawn.into(),
        Error::Timeout { phase } => match phase {
            Phase::Connect => MessageId::CaldavTimeoutConnect,
            Phase::FirstByte => MessageId::CaldavTimeoutFirstByte,
            Phase::Idle => MessageId::CaldavTimeoutIdle,
            Phase::Total => MessageId::CaldavTimeoutTotal,
        }
        .into(),
        Error::Connect(server) => MessageId::caldav_connect(without_number(server)),
        Error::Dns(server) => MessageId::caldav_dns(server),
        Error::Tls(server) => MessageId::caldav_tls(without_number(server)),
        Error::Interrupted(what) => MessageId::caldav_interrupted(without_number(what)),
        Error::Redirected(redirected) => match redirected {
            Redirected::TooOften { to } => MessageId::caldav_redirect_too_often(to),
            Redirected::ToAnotherOrigin { to } => MessageId::caldav_redirect_to_another(to),
            Redirected::ToPlainHttp { to } => MessageId::caldav_redirect_to_plain_http(to),
            Redirected::NotFollowed => MessageId::CaldavRedirectNotFollowed.into(),
        },
        Error::PlainHttpRefused { host } => MessageId::caldav_plain_http(host),
        Error::BadAnswer(what) => MessageId::caldav_bad_answer(what),
        Error::InvalidUrl(what) => MessageId::caldav_invalid_url(what),
        Error::Settings(what) => MessageId::caldav_settings(what),
        Error::NothingFound { steps } => {
            let steps: Vec<String> = steps.iter().map(ToString::to_string).collect();
            MessageId::caldav_nothing_found(steps.join("; "))
        }
    }
}

/// The text that the server sent; nothing if it sent none.
fn says(words: &str) -> Message {
    if words.is_empty() { Message::quoted("") } else { MessageId::caldav_says(words) }
}

/// An error of the operating system without its number.
fn without_number(words: &str) -> String {
    let Some((before, rest)) = words.split_once(" (os error ") else { return words.to_owned() };
    match rest.split_once(')') {
        Some((number, after)) if number.bytes().all(|it| it.is_ascii_digit()) => {
            format!("{before}{after}")
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use caldav::Step;

    use super::*;

    fn every_error() -> Vec<Error> {
        let words = || "words of the server".to_owned();
        let to = "https://b.example/".to_owned();
        let what = "PROPFIND https://a.example/".to_owned();
        let step = Step { what, outcome: "404 Not Found".to_owned() };
        let mut all = vec![
            Error::Unauthorized,
            Error::SignInUnsupported { schemes: "NTLM".to_owned() },
            Error::NotFound,
            Error::Trashed,
            Error::Changed,
            Error::Exists,
            Error::TooLarge { bound: 1_000_000 },
            Error::Withdrawn,
            Error::Connect("a.example:443: Connection refused".to_owned()),
            Error::Dns("a.example:443".to_owned()),
            Error::Tls("a.example:443: unknown issuer".to_owned()),
            Error::Interrupted(words()),
            Error::PlainHttpRefused { host: "a.example".to_owned() },
            Error::BadAnswer(words()),
            Error::InvalidUrl(words()),
            Error::Settings(words()),
            Error::NotSent(Box::new(Error::NotFound)),
            Error::NothingFound { steps: vec![step] },
            Error::Redirected(Redirected::TooOften { to: to.clone() }),
            Error::Redirected(Redirected::ToAnotherOrigin { to: to.clone() }),
            Error::Redirected(Redirected::ToPlainHttp { to }),
            Error::Redirected(Redirected::NotFollowed),
        ];
        for phase in [Phase::Connect, Phase::FirstByte, Phase::Idle, Phase::Total] {
            all.push(Error::Timeout { phase });
        }
        for words in [String::new(), words()] {
            let retry_after = Duration::from_secs(60);
            all.push(Error::Forbidden { words: words.clone() });
            all.push(Error::UidConflict { words: words.clone() });
            all.push(Error::Refused { status: 507, words: words.clone() });
            all.push(Error::TooManyRequests { words: words.clone(), retry_after });
            all.push(Error::Unavailable { status: 503, words, retry_after: None });
        }
        all
    }

    #[test]
    fn every_error_has_the_english_words_of_the_client() {
        for error in every_error() {
            assert_eq!(plain(&error).to_string(), error.to_string());
        }
    }

    #[test]
    fn the_host_stands_before_a_message_that_does_not_name_the_server() {
        for error in every_error() {
            let message = message_of("a.example", &error).to_string();
            assert!(message.contains("a.example"), "{message}");
            assert_eq!(message.matches("a.example").count(), 1, "{message}");
        }
    }

    #[test]
    fn the_number_of_an_error_is_left_out_and_nothing_else() {
        for (words, expected) in [
            (
                "cannot connect: Connection refused (os error 111)",
                "cannot connect: Connection refused",
            ),
            ("refused (os error 111); try again", "refused; try again"),
            ("a room (os error x)", "a room (os error x)"),
            ("(os error 1", "(os error 1"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(without_number(words), expected);
        }
    }
}
