//! Forms that may be sent once: what they make is shown once, so that reloading the page must not make
//! another one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many forms are remembered; whoever sends one anew does so soon.
const MAX_REMEMBERED: usize = 1_000;

/// The forms that were sent, by the numbers that they carry. They are forgotten when the server ends.
#[derive(Debug, Default)]
pub struct SentForms {
    numbers: Mutex<VecDeque<String>>,
}

impl SentForms {
    /// Whether a form is sent for the first time. One without a number always is.
    pub fn is_first(&self, number: &str) -> bool {
        if number.is_empty() {
            return true;
        }
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let number: String = number.chars().take(64).collect();
        if numbers.contains(&number) {
            return false;
        }
        if numbers.len() >= MAX_REMEMBERED {
            numbers.pop_front();
        }
        numbers.push_back(number);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_first_once_and_not_all_are_remembered_for_ever() {
        let sent = SentForms::default();
        assert!(sent.is_first("a") && !sent.is_first("a") && sent.is_first("b"));
        assert!(sent.is_first("") && sent.is_first(""));
        for number in 0..MAX_REMEMBERED {
            sent.is_first(&number.to_string());
        }
        assert!(sent.numbers.lock().unwrap().len() <= MAX_REMEMBERED);
        assert!(sent.is_first("a"));
    }
}
