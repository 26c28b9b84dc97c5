//! Forms that may be sent once: their result is shown once, so reloading the page must not create
//! another one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// The number of remembered forms; a form is sent again soon or never.
const MAX_REMEMBERED: usize = 1_000;

/// The forms that were sent, by their numbers. They are lost when the server ends.
#[derive(Debug, Default)]
pub struct SentForms {
    numbers: Mutex<VecDeque<String>>,
}

impl SentForms {
    /// Whether a form is sent for the first time; always true for one without a number.
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
