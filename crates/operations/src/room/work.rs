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
    /// Of texts that are worked on together. A short one can have a million occurrences.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t [u8], IntoIter: Clone>) -> Effort {
        let mut texts = texts.into_iter();
        let bytes: usize = texts.clone().map(<[u8]>::len).sum();
        match bytes > LITTLE || texts.any(ical::repeats_within_days) {
            true => Effort::Much,
            false => Effort::Little,
        }
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
        let short = b"RRULE:FREQ=DAILY\r\n".as_slice();
        assert_eq!(Effort::of([short, short]), Effort::Little);
        assert_eq!(Effort::of([short, b"RRULE:FREQ=MINUTELY;COUNT=49000\r\n"]), Effort::Much);
        let half = vec![b'a'; LITTLE / 2];
        assert_eq!(Effort::of([half.as_slice(), &half]), Effort::Little);
        assert_eq!(Effort::of([half.as_slice(), &half, b"a"]), Effort::Much);
    }
}
