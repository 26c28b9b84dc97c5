//! What exactly is wrong with an answer, an address or a setting, and what came of the steps of a discovery:
//! values that a caller can word in a language of its own. Their `Display` is English.

use crate::xml::Problem;

/// Why an answer cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAnswer {
    /// It is compressed, and broken.
    #[error("it cannot be decompressed")]
    Compression,
    /// A multistatus that violates the protocol.
    #[error(transparent)]
    Multistatus(#[from] Problem),
    /// A success, but no multistatus.
    #[error("status {status} in place of 207")]
    NoMultistatus {
        /// The HTTP status.
        status: u16,
    },
    /// A multistatus without a status in answer to a write.
    #[error("a multistatus that says nothing")]
    EmptyMultistatus,
    /// A multistatus that leaves out the requested resource.
    #[error("it says nothing of what was asked")]
    Silent,
    /// A list that the server has cut.
    #[error("it lists only a part of the calendar")]
    Partial,
    /// A success other than 200 in answer to a GET.
    #[error("status {status} to a GET")]
    StatusToGet {
        /// The HTTP status.
        status: u16,
    },
    /// A success in answer to a write that does not say that it was carried out.
    #[error("status {status} in answer to a write")]
    StatusToWrite {
        /// The HTTP status.
        status: u16,
    },
    /// HTML in answer to a write.
    #[error("a page in answer to a write")]
    PageToWrite,
    /// An object that is something else.
    #[error("it is no iCalendar")]
    NoCalendar,
    /// An object without its end.
    #[error("the iCalendar object stops in the middle")]
    CutCalendar,
    /// An answer of Nextcloud's Activity app that is something else.
    #[error("it is no answer of the Activity app")]
    NoActivities,
}

/// Why an address is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// Nothing, or blanks or control characters within.
    #[error("it is empty or has blanks")]
    Blank,
    /// Another scheme, of what a person entered.
    #[error("it begins with neither https:// nor http://")]
    Beginning,
    /// Another scheme.
    #[error("{scheme} is not spoken, only https and http")]
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// No host.
    #[error("it names no host")]
    NoHost,
    /// A user name before a host with a path.
    #[error("the user name does not belong into the address")]
    UserName,
    /// A user name or a password.
    #[error("the user name and the password do not belong into the address")]
    Password,
    /// A href that is no absolute path.
    #[error("the path of the object is none")]
    Path,
    /// What the library says that reads addresses.
    #[error("{0}")]
    Quoted(String),
}

/// Why the settings for connections cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableSettings {
    /// PEM without a certificate.
    #[error("the file of CALDAV_CA_FILE holds no certificate in PEM")]
    NoCertificate,
    /// Something else than PEM.
    #[error("the file of CALDAV_CA_FILE is no PEM")]
    NoPem,
    /// What the library says that sets up TLS and connections.
    #[error("{0}")]
    Quoted(String),
}

/// How an answer was cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Interruption {
    /// In the middle of its XML, at what looks like its end: it has no length.
    #[error("its XML does not end")]
    Xml,
    /// What the operating system or the library says.
    #[error("{0}")]
    Quoted(String),
}

/// What this client knows of a refusal beyond the server's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hint {
    /// "Not found" about an object that exists.
    #[error("it is there: the account may not change it")]
    NoRight,
    /// A 412 without a word, although the condition holds.
    #[error("it does not say why; the object may be too large")]
    TooLarge,
    /// Digest challenges without an end.
    #[error("it asks again and again for another signature")]
    Signatures,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, NotGiven, Step, StepOutcome};

    fn of_refusal(words: &str, hint: Option<Hint>) -> Error {
        Error::Refused { status: 409, words: words.to_owned(), hint }
    }

    #[test]
    fn each_fault_of_an_answer_is_told_in_a_sentence() {
        use BadAnswer::*;
        let xml = |problem| Multistatus(problem);
        for (why, sentence) in [
            (Compression, "it cannot be decompressed"),
            (NoMultistatus { status: 200 }, "status 200 in place of 207"),
            (EmptyMultistatus, "a multistatus that says nothing"),
            (Silent, "it says nothing of what was asked"),
            (Partial, "it lists only a part of the calendar"),
            (StatusToGet { status: 206 }, "status 206 to a GET"),
            (StatusToWrite { status: 202 }, "status 202 in answer to a write"),
            (PageToWrite, "a page in answer to a write"),
            (NoCalendar, "it is no iCalendar"),
            (CutCalendar, "the iCalendar object stops in the middle"),
            (NoActivities, "it is no answer of the Activity app"),
            (xml(Problem::NoUtf8), "it is no UTF-8"),
            (
                xml(Problem::NoElement),
                "it is no well-formed XML: it does not begin with an element",
            ),
            (xml(Problem::SecondRoot), "it is no well-formed XML: there is a second root"),
            (xml(Problem::Malformed("x".to_owned())), "it is no well-formed XML: x"),
        ] {
            let expected = format!("the server's answer cannot be read: {sentence}");
            assert_eq!(Error::from(why).to_string(), expected);
        }
    }

    #[test]
    fn each_fault_of_an_address_or_of_settings_is_told_in_a_sentence() {
        use InvalidUrl::*;
        for (why, sentence) in [
            (Blank, "it is empty or has blanks"),
            (Beginning, "it begins with neither https:// nor http://"),
            (Scheme { scheme: "ftp".to_owned() }, "ftp is not spoken, only https and http"),
            (NoHost, "it names no host"),
            (UserName, "the user name does not belong into the address"),
            (Password, "the user name and the password do not belong into the address"),
            (Path, "the path of the object is none"),
            (Quoted("invalid port number".to_owned()), "invalid port number"),
        ] {
            let expected = format!("this is no address of a calendar server: {sentence}");
            assert_eq!(Error::from(why).to_string(), expected);
        }
        for (why, sentence) in [
            (
                UnusableSettings::NoCertificate,
                "the file of CALDAV_CA_FILE holds no certificate in PEM",
            ),
            (UnusableSettings::NoPem, "the file of CALDAV_CA_FILE is no PEM"),
            (UnusableSettings::Quoted("x".to_owned()), "x"),
        ] {
            let expected = format!("the settings for connections cannot be used: {sentence}");
            assert_eq!(Error::Settings(why).to_string(), expected);
        }
        let cut = Error::Interrupted(Interruption::Xml).to_string();
        let expected =
            "the connection was cut before the answer was complete: its XML does not end";
        assert_eq!(cut, expected);
    }

    #[test]
    fn what_is_known_of_a_refusal_stands_behind_the_words_of_the_server() {
        let right = "it is there: the account may not change it";
        let size = "it does not say why; the object may be too large";
        let signatures = "it asks again and again for another signature";
        for (words, hint, told) in [
            ("", None, String::new()),
            ("no", None, " (it says: no)".to_owned()),
            ("no", Some(Hint::NoRight), format!(" (it says: no; {right})")),
            ("", Some(Hint::NoRight), format!(" (it says: {right})")),
            ("", Some(Hint::TooLarge), format!(" (it says: {size})")),
            ("", Some(Hint::Signatures), format!(" (it says: {signatures})")),
        ] {
            let expected = format!("the server refused it with status 409{told}");
            assert_eq!(of_refusal(words, hint).to_string(), expected);
        }
        let status = NotGiven::Status(403).to_string();
        assert_eq!(status, "the server answers with status 403 for it");
        let failed = NotGiven::Failed(Box::new(BadAnswer::NoCalendar.into())).to_string();
        assert_eq!(failed, "the server's answer cannot be read: it is no iCalendar");
    }

    #[test]
    fn each_step_of_a_discovery_is_told_with_its_address() {
        use StepOutcome::*;
        let failed = |error: Error| Failed(Box::new(error));
        let path = || "/dav/room/".to_owned();
        for (outcome, told) in [
            (Silent, "it says nothing of itself"),
            (NoService, "it is no CalDAV service, or does not say who you are"),
            (Calendar, "it is a calendar"),
            (Principal(path()), "you are /dav/room/"),
            (Nobody, "it does not say who you are"),
            (NoHomes, "it names no home of calendars"),
            (Homes(vec![path(), "/b/".to_owned()]), "its calendars are in /dav/room/, /b/"),
            (Elsewhere(path()), "its calendars are on another server, /dav/room/"),
            (Holds(2), "it holds 2 calendars"),
            (failed(Error::NotFound), "there is nothing"),
            (failed(of_refusal("no", None)), "status 409"),
            (failed(Error::Exists), "there is an object of that name already"),
        ] {
            let step = Step { what: "https://a.example/".to_owned(), outcome };
            assert_eq!(step.to_string(), format!("https://a.example/: {told}"));
        }
    }
}
