//! Errors of CalDAV requests as messages, which are stored and worded in the reader's language.

use caldav::xml::Problem;
use caldav::{
    BadAnswer, Error, Hint, Interruption, InvalidUrl, NotGiven, Phase, Redirected, Step,
    StepOutcome, UnusableSettings,
};
use wording::{Message, MessageId, Value};

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

/// The message for an error of a request, without the host.
pub(crate) fn plain(error: &Error) -> Message {
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
        Error::Refused { status, words, hint } => {
            MessageId::caldav_refused(status, says_with(words, *hint))
        }
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
        Error::Interrupted(why) => MessageId::caldav_interrupted(match why {
            Interruption::Xml => MessageId::AnswerXmlUnfinished.into(),
            Interruption::Quoted(words) => Message::quoted(without_number(words)),
        }),
        Error::Redirected(redirected) => match redirected {
            Redirected::TooOften { to } => MessageId::caldav_redirect_too_often(to),
            Redirected::ToAnotherOrigin { to } => MessageId::caldav_redirect_to_another(to),
            Redirected::ToPlainHttp { to } => MessageId::caldav_redirect_to_plain_http(to),
            Redirected::NotFollowed => MessageId::CaldavRedirectNotFollowed.into(),
        },
        Error::PlainHttpRefused { host } => MessageId::caldav_plain_http(host),
        Error::BadAnswer(why) => MessageId::caldav_bad_answer(bad_answer(why)),
        Error::InvalidUrl(why) => MessageId::caldav_invalid_url(invalid_url(why)),
        Error::Settings(why) => MessageId::caldav_settings(match why {
            UnusableSettings::NoCertificate => MessageId::CaFileNoCertificate.into(),
            UnusableSettings::NoPem => MessageId::CaFileNoPem.into(),
            UnusableSettings::Quoted(words) => Message::quoted(words),
        }),
        Error::NothingFound { steps } => MessageId::caldav_nothing_found(tried(steps)),
    }
}

/// The message for why a server does not return an object.
pub(crate) fn not_given(why: &NotGiven) -> Message {
    match why {
        NotGiven::Status(status) => MessageId::object_status(status),
        NotGiven::Failed(error) => plain(error),
    }
}

fn bad_answer(why: &BadAnswer) -> Message {
    match why {
        BadAnswer::Compression => MessageId::AnswerCompression.into(),
        BadAnswer::Multistatus(problem) => bad_xml(problem),
        BadAnswer::NoMultistatus { status } => MessageId::answer_no_multistatus(status),
        BadAnswer::EmptyMultistatus => MessageId::AnswerEmptyMultistatus.into(),
        BadAnswer::Silent => MessageId::AnswerSilent.into(),
        BadAnswer::Partial => MessageId::AnswerPartial.into(),
        BadAnswer::StatusToGet { status } => MessageId::answer_status_to_get(status),
        BadAnswer::StatusToWrite { status } => MessageId::answer_status_to_write(status),
        BadAnswer::PageToWrite => MessageId::AnswerPageToWrite.into(),
        BadAnswer::NoCalendar => MessageId::AnswerNoCalendar.into(),
        BadAnswer::CutCalendar => MessageId::AnswerCutCalendar.into(),
        BadAnswer::NoActivities => MessageId::AnswerNoActivities.into(),
    }
}

fn bad_xml(problem: &Problem) -> Message {
    match problem {
        Problem::NoUtf8 => MessageId::XmlNoUtf8.into(),
        Problem::Doctype => MessageId::XmlDoctype.into(),
        Problem::Entity(entity) => MessageId::xml_entity(entity),
        Problem::TooDeep(depth) => MessageId::xml_too_deep(depth),
        Problem::TooManyResponses(most) => MessageId::xml_too_many(most),
        Problem::OtherRoot(root) => MessageId::xml_other_root(root),
        Problem::Unfinished => MessageId::XmlUnfinished.into(),
        Problem::NoElement => MessageId::XmlNoElement.into(),
        Problem::SecondRoot => MessageId::XmlSecondRoot.into(),
        Problem::Malformed(words) => MessageId::xml_malformed(words),
    }
}

fn invalid_url(why: &InvalidUrl) -> Message {
    match why {
        InvalidUrl::Blank => MessageId::UrlBlank.into(),
        InvalidUrl::Beginning => MessageId::UrlBeginning.into(),
        InvalidUrl::Scheme { scheme } => MessageId::url_scheme(scheme),
        InvalidUrl::NoHost => MessageId::UrlNoHost.into(),
        InvalidUrl::UserName => MessageId::UrlUserName.into(),
        InvalidUrl::Password => MessageId::UrlPassword.into(),
        InvalidUrl::Path => MessageId::UrlPath.into(),
        InvalidUrl::Quoted(words) => Message::quoted(words),
    }
}

/// The steps of a discovery, one behind the other. They are nested in halves, because JSON cannot be read back
/// from any depth.
fn tried(steps: &[Step]) -> Message {
    match steps {
        [] => Message::quoted(""),
        [step] => MessageId::discovery_step(&step.what, outcome(&step.outcome)),
        steps => {
            let (first, rest) = steps.split_at(steps.len() / 2);
            MessageId::both(tried(first), tried(rest))
        }
    }
}

fn outcome(outcome: &StepOutcome) -> Message {
    match outcome {
        StepOutcome::Silent => MessageId::DiscoverySilent.into(),
        StepOutcome::NoService => MessageId::DiscoveryNoService.into(),
        StepOutcome::Calendar => MessageId::DiscoveryCalendar.into(),
        StepOutcome::Principal(path) => MessageId::discovery_principal(path),
        StepOutcome::Nobody => MessageId::DiscoveryNobody.into(),
        StepOutcome::NoHomes => MessageId::DiscoveryNoHomes.into(),
        StepOutcome::Homes(paths) => {
            MessageId::discovery_homes(paths.iter().map(Value::of_text).collect())
        }
        StepOutcome::Elsewhere(to) => MessageId::discovery_elsewhere(to),
        StepOutcome::Holds(count) => MessageId::discovery_holds(count),
        StepOutcome::Failed(error) => match &**error {
            Error::NotFound => MessageId::DiscoveryNothing.into(),
            Error::Refused { status, .. } => MessageId::discovery_status(status),
            error => plain(error),
        },
    }
}

/// The text that the server sent; nothing if it sent none.
fn says(words: &str) -> Message {
    if words.is_empty() { Message::quoted("") } else { MessageId::caldav_says(words) }
}

/// The text that the server sent, and what is known beyond it.
fn says_with(words: &str, hint: Option<Hint>) -> Message {
    let hint = hint.map(|it| match it {
        Hint::NoRight => MessageId::HintNoRight,
        Hint::TooLarge => MessageId::HintTooLarge,
        Hint::Signatures => MessageId::HintSignatures,
    });
    match (words, hint) {
        (words, None) => says(words),
        ("", Some(hint)) => MessageId::caldav_hint(hint),
        (words, Some(hint)) => MessageId::caldav_says_and_hint(words, hint),
    }
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

    use super::*;
    use crate::german::english_words_in;

    fn every_error() -> Vec<Error> {
        let words = || "Wörter".to_owned();
        let to = "https://b.example/".to_owned();
        let mut all = vec![
            Error::Unauthorized,
            Error::SignInUnsupported { schemes: "NTLM".to_owned() },
            Error::NotFound,
            Error::Trashed,
            Error::Changed,
            Error::Exists,
            Error::TooLarge { bound: 1_000_000 },
            Error::Withdrawn,
            Error::Connect("a.example:443: verweigert".to_owned()),
            Error::Dns("a.example:443".to_owned()),
            Error::Tls("a.example:443: unbekannt".to_owned()),
            Error::Interrupted(Interruption::Xml),
            Error::Interrupted(Interruption::Quoted(words())),
            Error::PlainHttpRefused { host: "a.example".to_owned() },
            Error::Settings(UnusableSettings::NoCertificate),
            Error::Settings(UnusableSettings::NoPem),
            Error::Settings(UnusableSettings::Quoted(words())),
            Error::NotSent(Box::new(Error::NotFound)),
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
            for hint in [None, Some(Hint::NoRight), Some(Hint::TooLarge), Some(Hint::Signatures)] {
                all.push(Error::Refused { status: 507, words: words.clone(), hint });
            }
            all.push(Error::TooManyRequests { words: words.clone(), retry_after });
            all.push(Error::Unavailable { status: 503, words, retry_after: None });
        }
        all.extend(every_step().into_iter().map(|it| Error::NothingFound { steps: vec![it] }));
        all.extend(every_bad_answer().into_iter().map(Error::BadAnswer));
        all.extend(every_invalid_url().into_iter().map(Error::InvalidUrl));
        all
    }

    fn every_bad_answer() -> Vec<BadAnswer> {
        let words = || "Wörter".to_owned();
        let mut all = vec![
            BadAnswer::Compression,
            BadAnswer::NoMultistatus { status: 200 },
            BadAnswer::EmptyMultistatus,
            BadAnswer::Silent,
            BadAnswer::Partial,
            BadAnswer::StatusToGet { status: 206 },
            BadAnswer::StatusToWrite { status: 202 },
            BadAnswer::PageToWrite,
            BadAnswer::NoCalendar,
            BadAnswer::CutCalendar,
            BadAnswer::NoActivities,
        ];
        let problems = [
            Problem::NoUtf8,
            Problem::Doctype,
            Problem::Entity("a\"b".to_owned()),
            Problem::TooDeep(50),
            Problem::TooManyResponses(200_000),
            Problem::OtherRoot("html".to_owned()),
            Problem::Unfinished,
            Problem::NoElement,
            Problem::SecondRoot,
            Problem::Malformed(words()),
        ];
        all.extend(problems.map(BadAnswer::Multistatus));
        all
    }

    fn every_invalid_url() -> Vec<InvalidUrl> {
        vec![
            InvalidUrl::Blank,
            InvalidUrl::Beginning,
            InvalidUrl::Scheme { scheme: "ftp".to_owned() },
            InvalidUrl::NoHost,
            InvalidUrl::UserName,
            InvalidUrl::Password,
            InvalidUrl::Path,
            InvalidUrl::Quoted("Wörter".to_owned()),
        ]
    }

    fn every_step() -> Vec<Step> {
        let failed = |error: Error| StepOutcome::Failed(Box::new(error));
        let outcomes = [
            StepOutcome::Silent,
            StepOutcome::NoService,
            StepOutcome::Calendar,
            StepOutcome::Principal("/dav/room/".to_owned()),
            StepOutcome::Nobody,
            StepOutcome::NoHomes,
            StepOutcome::Homes(vec!["/dav/a/".to_owned(), "/dav/b/".to_owned()]),
            StepOutcome::Elsewhere("https://b.example/".to_owned()),
            StepOutcome::Holds(1),
            StepOutcome::Holds(2),
            failed(Error::NotFound),
            failed(Error::Refused { status: 405, words: "Wörter".to_owned(), hint: None }),
            failed(BadAnswer::NoMultistatus { status: 200 }.into()),
        ];
        let what = || "https://a.example/".to_owned();
        outcomes.into_iter().map(|outcome| Step { what: what(), outcome }).collect()
    }

    /// All messages of errors, and of objects that are not given.
    fn every_message() -> Vec<Message> {
        let mut all: Vec<Message> = every_error().iter().map(plain).collect();
        all.push(not_given(&NotGiven::Status(403)));
        all.push(MessageId::ObjectElsewhereMissing.into());
        all
    }

    #[test]
    fn every_error_has_the_english_words_of_the_client() {
        for error in every_error() {
            assert_eq!(plain(&error).to_string(), error.to_string());
        }
    }

    #[test]
    fn why_an_object_is_not_given_has_the_english_words_of_the_client() {
        for why in [NotGiven::Status(403), NotGiven::Failed(Box::new(BadAnswer::Silent.into()))] {
            assert_eq!(not_given(&why).to_string(), why.to_string());
        }
    }

    #[test]
    fn a_german_reader_gets_no_english() {
        for message in every_message() {
            assert_eq!(english_words_in(&message), [""; 0], "{message}");
        }
    }

    #[test]
    fn every_message_is_read_back_as_it_was_stored_however_many_steps_were_tried() {
        let mut all = every_message();
        for times in [0, 1, 50] {
            let steps: Vec<Step> = (0..times).flat_map(|_| every_step()).collect();
            let error = Error::NothingFound { steps };
            all.push(plain(&error));
            assert_eq!(plain(&error).to_string(), error.to_string());
        }
        for message in all {
            let nested = MessageId::of_host("a.example", message);
            assert_eq!(Message::of_stored(&nested.to_stored()), nested);
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
