//! The way to the mail server.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::{Sender, Transport};

/// How long nothing is sent after the server failed, in seconds: at first, and at most.
const SERVER_PAUSES: [i64; 2] = [5, 300];

/// The way to a mail server, and how fast it may be gone.
pub struct Mailer {
    /// Where letters go.
    pub transport: Box<dyn Transport>,
    /// Who they come from.
    pub sender: Sender,
    /// How many may be tried in a minute, by all processes together.
    pub a_minute: u32,
    /// Until when nothing is sent, and how often the server has failed without a break.
    pause: Mutex<(i64, u32)>,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mailer").field("server", &self.transport.name()).finish()
    }
}

impl Mailer {
    /// A way to a server.
    pub fn new(transport: Box<dyn Transport>, sender: Sender, a_minute: u32) -> Mailer {
        Mailer { transport, sender, a_minute, pause: Mutex::new((0, 0)) }
    }

    /// Whether anything is sent at a moment, in seconds since 1970.
    pub fn may_send(&self, now: i64) -> bool {
        self.pause.lock().unwrap_or_else(PoisonError::into_inner).0 <= now
    }

    /// Remembers that the server failed at a moment, or that it works.
    pub fn note(&self, now: i64, works: bool) {
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = match works {
            true => (0, 0),
            // Of several that fail together one counts.
            false if pause.0 > now => *pause,
            false => {
                let seconds = (SERVER_PAUSES[0] << pause.1.min(10)).min(SERVER_PAUSES[1]);
                (now + seconds, pause.1 + 1)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_fails_is_left_in_peace_for_longer_and_longer() {
        let sender = Sender {
            address: "a@example.org".to_owned(),
            name: None,
            reply_to: None,
            bcc: Vec::new(),
        };
        let mailer = Mailer::new(Box::new(crate::Memory::default()), sender, 60);
        assert!(mailer.may_send(0));
        let mut now = 0;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            mailer.note(now, false);
            mailer.note(now, false);
            let end = (now..).find(|at| mailer.may_send(*at)).unwrap();
            pauses.push(end - now);
            now = end;
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
        mailer.note(now, true);
        mailer.note(now, false);
        assert!(mailer.may_send(now + 5));
    }
}
