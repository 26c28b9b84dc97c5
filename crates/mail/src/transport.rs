//! Sending email: a trait with two implementations, SMTP and memory.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::fault::SmtpFault;
use crate::message::Email;

/// A boxed future.
pub type Waiting<'w, T> = Pin<Box<dyn Future<Output = T> + Send + 'w>>;

/// Which part of sending failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server or the connection; the next email would fail, too.
    Server,
    /// The server refused this email temporarily (4xx).
    Later,
    /// The server refused this email permanently (5xx).
    Never,
    /// The email was transmitted, but the answer was lost: the server may have accepted it.
    AnswerLost,
}

/// An email was not sent, or its state is unknown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct SendError {
    /// Which part failed.
    pub failure: Failure,
    /// The server's answer, or what happened.
    pub fault: SmtpFault,
}

impl SendError {
    /// An error with these words of the server.
    pub fn new(failure: Failure, words: impl AsRef<str>) -> SendError {
        SendError { failure, fault: SmtpFault::quoted(words) }
    }
}

/// A mail server.
pub trait Transport: Send + Sync {
    /// Connects and signs in.
    ///
    /// # Errors
    ///
    /// Always [`Failure::Server`].
    fn connect(&self) -> Waiting<'_, Result<Box<dyn Session>, SendError>>;

    /// The name of the server, for people.
    fn name(&self) -> String;
}

/// What a server said to the envelope of an email that it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// [`SmtpFault::NoCopy`] for each blind copy that it refuses for good.
    pub notes: Vec<SmtpFault>,
    /// The blind copies that it refuses for now, each with its note.
    pub later: Vec<(String, SmtpFault)>,
}

/// A connection that sends emails one after the other: the envelope first, then the message.
pub trait Session: Send {
    /// Sends the envelope (MAIL, RCPT and DATA). Returns which blind copies the server refuses.
    ///
    /// # Errors
    ///
    /// If the server refuses the email: its recipient, or all blind copies of one that is for them
    /// alone. After [`Failure::Server`], the session is over.
    fn send_envelope<'s>(
        &'s mut self,
        email: &'s Email,
    ) -> Waiting<'s, Result<Accepted, SendError>>;

    /// Transmits the message whose envelope was sent, and returns the server's answer. From here on, the server
    /// may have accepted the message.
    ///
    /// # Errors
    ///
    /// If the server refuses it, or the answer is lost. After [`Failure::AnswerLost`], the session is over.
    fn transmit<'s>(&'s mut self, email: &'s Email) -> Waiting<'s, Result<String, SendError>>;

    /// Cancels an envelope that was sent (RSET), so that another one can follow.
    ///
    /// # Errors
    ///
    /// [`Failure::Server`]; the session is over then.
    fn reset(&mut self) -> Waiting<'_, Result<(), SendError>>;

    /// Ends the session.
    fn end(self: Box<Self>) -> Waiting<'static, ()>;
}

/// A transport that keeps emails in memory, for tests and previews.
#[derive(Clone, Default)]
pub struct Memory {
    emails: Arc<Mutex<Vec<Email>>>,
    /// Errors that are returned in place of accepting an email, the next one first.
    answers: Arc<Mutex<Vec<SendError>>>,
    /// Errors for all emails to these addresses.
    refused: Arc<Mutex<HashMap<String, SendError>>>,
}

impl Memory {
    /// The emails that were sent.
    pub fn emails(&self) -> Vec<Email> {
        self.emails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Fails the next emails with these errors, one each. An email whose answer is lost is kept.
    pub fn fail(&self, errors: Vec<SendError>) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers = errors;
        answers.reverse();
    }

    /// Fails all emails to this address with this error, whenever they come.
    pub fn refuse(&self, address: &str, error: SendError) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.insert(address.to_owned(), error);
    }

    fn refused(&self, email: &Email) -> Option<SendError> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(email.to()).cloned()
    }

    fn next_error(&self, is_late: bool) -> Option<SendError> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let is_of_now = |it: &SendError| (it.failure == Failure::AnswerLost) == is_late;
        if answers.last().is_some_and(is_of_now) { answers.pop() } else { None }
    }
}

impl Transport for Memory {
    fn connect(&self) -> Waiting<'_, Result<Box<dyn Session>, SendError>> {
        let session: Box<dyn Session> = Box::new(self.clone());
        Box::pin(async { Ok(session) })
    }

    fn name(&self) -> String {
        "memory".to_owned()
    }
}

impl Session for Memory {
    fn send_envelope<'s>(
        &'s mut self,
        email: &'s Email,
    ) -> Waiting<'s, Result<Accepted, SendError>> {
        let error = self.refused(email).or_else(|| self.next_error(false));
        let answer = error.map_or(Ok(Accepted::default()), Err);
        Box::pin(async { answer })
    }

    fn transmit<'s>(&'s mut self, email: &'s Email) -> Waiting<'s, Result<String, SendError>> {
        self.emails.lock().unwrap_or_else(PoisonError::into_inner).push(email.clone());
        let answer = self.next_error(true).map_or(Ok("kept".to_owned()), Err);
        Box::pin(async { answer })
    }

    fn reset(&mut self) -> Waiting<'_, Result<(), SendError>> {
        Box::pin(async { Ok(()) })
    }

    fn end(self: Box<Self>) -> Waiting<'static, ()> {
        Box::pin(async {})
    }
}
