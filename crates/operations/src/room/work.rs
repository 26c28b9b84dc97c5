//! Pure work on the content of a calendar, without keeping other requests waiting.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Error, Result};

/// Calendars that are much work and are worked on at once; others wait.
static MUCH_WORK: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(4);

/// Bytes up to which a text is little work, unless it repeats often.
const LITTLE: usize = 256 << 10;

/// How much work a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// It is done where it is asked for.
    Little,
    /// It is done on a thread for such work.
    Much,
}

impl Effort {
    /// Of a text whose occurrences are worked out: a short one can have a million.
    pub fn of(text: &[u8]) -> Effort {
        match Effort::of_bytes(text.len()) {
            Effort::Little if ical::repeats_within_days(text) => Effort::Much,
            effort => effort,
        }
    }

    /// Of work that takes as long as there are bytes.
    pub fn of_bytes(bytes: usize) -> Effort {
        if bytes > LITTLE { Effort::Much } else { Effort::Little }
    }
}

/// Does pure work on `input`.
pub(crate) async fn work<I, T>(
    effort: Effort,
    input: I,
    on_it: impl FnOnce(I) -> T + Send + 'static,
) -> Result<T>
where
    I: Send + 'static,
    T: Send + 'static,
{
    if effort == Effort::Little {
        // As on a thread of its own, a panic is the failure of this work alone.
        let done = catch_unwind(AssertUnwindSafe(|| on_it(input)));
        return done.map_err(|_| Error::Internal("the work on a calendar ended early".to_owned()));
    }
    // Nobody closes it, so there is always a place in the end.
    let _place = MUCH_WORK.acquire().await;
    let done = tokio::task::spawn_blocking(move || on_it(input)).await;
    done.map_err(|error| Error::Internal(format!("the work on a calendar ended early: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_that_repeats_often_is_much_work_and_so_is_a_long_one() {
        assert_eq!(Effort::of(b"RRULE:FREQ=DAILY\r\n"), Effort::Little);
        assert_eq!(Effort::of(b"RRULE:FREQ=MINUTELY;COUNT=49000\r\n"), Effort::Much);
        assert_eq!(Effort::of(&vec![b'a'; LITTLE]), Effort::Little);
        assert_eq!(Effort::of(&vec![b'a'; LITTLE + 1]), Effort::Much);
    }
}
