//! What goes wrong between the program and a mail server.

use std::path::PathBuf;

use crate::authorities::AuthoritiesFault;
use crate::limits::MAX_WORDS;
use crate::untrusted::one_line;

/// What went wrong. Its text is English, for logs; `operations` has a message for each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpFault {
    /// What the mail server said, or the system or the TLS library about the connection: on one line.
    #[error("{0}")]
    Quoted(String),
    /// There is no connection to a server, such as `mail.example.org:465`.
    #[error("{server}: {fault}")]
    NotConnected {
        /// The server.
        server: String,
        /// Why.
        fault: Box<SmtpFault>,
    },
    /// The server did not answer in time.
    #[error("the server did not answer within {seconds} seconds")]
    NoAnswer {
        /// How long it was waited for.
        seconds: u64,
    },
    /// The server has the message, and did not answer to it in time.
    #[error("no answer to the message within {seconds} seconds")]
    NoAnswerToMessage {
        /// How long it was waited for.
        seconds: u64,
    },
    /// The name of the host is none that a certificate can have.
    #[error("the host is no name")]
    HostIsNoName,
    /// A file of certificate authorities cannot be used.
    #[error("{}: {fault}", file.display())]
    CaFile {
        /// The file.
        file: PathBuf,
        /// Why.
        fault: AuthoritiesFault,
    },
    /// STARTTLS is wanted, and the server does not offer it.
    #[error("the server offers no STARTTLS, and nothing is sent without")]
    NoStartTls,
    /// The server offers no supported authentication mechanism.
    #[error("the server offers no way to sign in that is known (PLAIN, LOGIN)")]
    NoSignIn,
    /// An address is beyond ASCII, and the server takes none that is.
    #[error("the server does not take addresses beyond ASCII (SMTPUTF8)")]
    NoUtf8Addresses,
    /// An address gets no blind copy.
    #[error("no blind copy to {address}: {fault}")]
    NoCopy {
        /// The address.
        address: String,
        /// Why.
        fault: Box<SmtpFault>,
    },
    /// An email is for blind copies alone, and has none.
    #[error("no blind copy is left to be sent")]
    NoCopyLeft,
}

impl SmtpFault {
    /// These words of another program, shortened to [`MAX_WORDS`] characters.
    pub fn quoted(words: impl AsRef<str>) -> SmtpFault {
        let words: String = words.as_ref().chars().take(MAX_WORDS).collect();
        let words = words.split_inclusive('\n').map(one_line).collect::<Vec<_>>().join(" ");
        SmtpFault::Quoted(words)
    }
}
