//! The way to a mail server: a trait with two implementations, SMTP and memory.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::MAX_WORDS;
use crate::message::Letter;
use crate::notice::one_line;

/// What is waited for.
pub type Waiting<'w, T> = Pin<Box<dyn Future<Output = T> + Send + 'w>>;

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server or the way to it: nothing is wrong with the letter, and the next one would fail too.
    Server,
    /// This letter, for now (4xx).
    Later,
    /// This letter, for good (5xx).
    Never,
    /// The letter was handed over and the answer was lost: the server may have it.
    AnswerLost,
}

/// That a letter was not sent, or that it is not known to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct SendError {
    /// What failed.
    pub failure: Failure,
    /// The server's words, or what happened, on one line.
    pub words: String,
}

impl SendError {
    /// That something failed, in these words; they are shortened.
    pub fn new(failure: Failure, words: impl AsRef<str>) -> SendError {
        let words: String = words.as_ref().chars().take(MAX_WORDS).collect();
        let words = words.split_inclusive('\n').map(one_line).collect::<Vec<_>>().join(" ");
        SendError { failure, words }
    }
}

/// A way to a mail server.
pub trait Transport: Send + Sync {
    /// Connects and signs in.
    ///
    /// # Errors
    ///
    /// [`Failure::Server`], whatever is wrong.
    fn connect(&self) -> Waiting<'_, Result<Box<dyn Session>, SendError>>;

    /// Where it leads, for people.
    fn name(&self) -> String;
}

/// A connection over which letters go one after the other. A letter is offered, which costs nothing,
/// and then handed over, from when on the server may have it.
pub trait Session: Send {
    /// Asks whether the server takes a letter. What it says about blind copies that it does not take is
    /// the answer.
    ///
    /// # Errors
    ///
    /// If it does not. After [`Failure::Server`] the session is over.
    fn offer<'s>(&'s mut self, letter: &'s Letter) -> Waiting<'s, Result<Vec<String>, SendError>>;

    /// Hands the letter over that was offered; the server's words are the answer.
    ///
    /// # Errors
    ///
    /// If it is refused, or the answer is lost. After [`Failure::AnswerLost`] the session is over.
    fn hand_over<'s>(&'s mut self, letter: &'s Letter) -> Waiting<'s, Result<String, SendError>>;

    /// Takes an offer back, so that another letter can be offered.
    ///
    /// # Errors
    ///
    /// [`Failure::Server`]; the session is over then.
    fn take_back(&mut self) -> Waiting<'_, Result<(), SendError>>;

    /// Ends the session.
    fn end(self: Box<Self>) -> Waiting<'static, ()>;
}

/// Letters that stay in memory, for tests and previews.
#[derive(Clone, Default)]
pub struct Memory {
    letters: Arc<Mutex<Vec<Letter>>>,
    /// What is answered in place of taking a letter, the next first.
    answers: Arc<Mutex<Vec<SendError>>>,
}

impl Memory {
    /// The letters that were sent.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Fails the next letters with these errors, one each. A letter whose answer is lost is kept.
    pub fn fail(&self, errors: Vec<SendError>) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers = errors;
        answers.reverse();
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
    fn offer<'s>(&'s mut self, _: &'s Letter) -> Waiting<'s, Result<Vec<String>, SendError>> {
        let answer = self.next_error(false).map_or(Ok(Vec::new()), Err);
        Box::pin(async { answer })
    }

    fn hand_over<'s>(&'s mut self, letter: &'s Letter) -> Waiting<'s, Result<String, SendError>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
        let answer = self.next_error(true).map_or(Ok("kept".to_owned()), Err);
        Box::pin(async { answer })
    }

    fn take_back(&mut self) -> Waiting<'_, Result<(), SendError>> {
        Box::pin(async { Ok(()) })
    }

    fn end(self: Box<Self>) -> Waiting<'static, ()> {
        Box::pin(async {})
    }
}
