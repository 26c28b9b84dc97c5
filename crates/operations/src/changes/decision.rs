//! For how long a decision holds, and that nothing is sent for one that does not.
//!
//! A process may be frozen at any moment, and a request may wait: for its turn, for the end of a pause that
//! the server asked for, for the object to be read before it. So it is not enough to look at a decision's age
//! before a request is handed to the client: the client asks once more, right before each request leaves.

use std::time::Duration;

use caldav::SendGuard;
use facts::clock::{Clock, Instant};

use crate::changes::in_doubt::LAST_SEND;
use crate::sync::confirm::CONFIRMATION_HOLDS;

/// For how long a decision holds: others may have moved what it rests on. That is less than a lease lasts
/// without a sign of life. A lease is made sure of when a change is written down, so a process that sends while the
/// decision holds has it still.
pub(crate) const DECISION_HOLDS: Duration = Duration::from_secs(10);

/// When something was decided, and when the server was asked for what the decision rests on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision {
    /// When it was decided, and since when what the server said of others counts: that a winner is there
    /// (rule 5), or that an interval is free. `None` of one that rests on nothing.
    of: Option<(Instant, Instant)>,
}

impl Decision {
    /// What rests on nothing that can change: it holds for ever.
    pub fn standing() -> Decision {
        Decision { of: None }
    }

    /// What is decided now, and rests on what the server was asked for at a moment.
    pub fn resting_on(clock: &Clock, asked: Instant) -> Decision {
        Decision::of(clock.instant(), asked)
    }

    /// What was decided at a moment, and rests on what the server was asked for at another.
    pub fn of(made_at: Instant, asked: Instant) -> Decision {
        Decision { of: Some((made_at, asked)) }
    }

    /// Whether it still holds.
    pub fn holds(&self, clock: &Clock) -> bool {
        self.of.is_none_or(|(made_at, rests_on)| {
            clock.elapsed(made_at) <= DECISION_HOLDS
                && clock.elapsed(rests_on) <= CONFIRMATION_HOLDS
        })
    }
}

/// Lets the requests of a change pass that was written down at `prepared`: while the decision holds, and no
/// later than [`LAST_SEND`] after it was written down, because from then on it is watched.
pub(crate) fn guard(clock: &Clock, prepared: Instant, decision: Decision) -> SendGuard {
    let clock = clock.clone();
    SendGuard::new(move || may_send(&clock, prepared, decision))
}

fn may_send(clock: &Clock, prepared: Instant, decision: Decision) -> bool {
    clock.elapsed(prepared) <= LAST_SEND && decision.holds(clock)
}

#[cfg(test)]
mod tests {
    use ical::Moment;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_decision_holds_for_ten_seconds_and_what_it_rests_on_for_sixty() {
        let clock = Clock::manual(Moment(1_000));
        let asked = clock.instant();
        clock.advance(51 * SECOND);
        let decision = Decision::resting_on(&clock, asked);
        assert!(decision.holds(&clock));
        clock.advance(8 * SECOND);
        assert!(decision.holds(&clock));
        let later = Decision::resting_on(&clock, asked);
        clock.advance(SECOND);
        assert!(!decision.holds(&clock) && !later.holds(&clock), "it rests on an old answer");
        let decision = Decision::resting_on(&clock, clock.instant());
        clock.advance(DECISION_HOLDS - SECOND);
        assert!(decision.holds(&clock));
        clock.wake_after(2 * SECOND);
        assert!(!decision.holds(&clock), "a machine that was suspended decides anew");
    }

    #[test]
    fn nothing_is_sent_so_long_after_it_was_written_down_that_the_watch_would_be_too_short() {
        let clock = Clock::manual(Moment(1_000));
        let prepared = clock.instant();
        clock.advance(LAST_SEND - SECOND);
        let decision = Decision::resting_on(&clock, clock.instant());
        assert!(
            may_send(&clock, prepared, Decision::standing())
                && may_send(&clock, prepared, decision)
        );
        clock.advance(2 * SECOND);
        assert!(decision.holds(&clock));
        assert!(
            !may_send(&clock, prepared, Decision::standing())
                && !may_send(&clock, prepared, decision)
        );
    }

    #[test]
    fn nothing_is_sent_for_a_decision_that_does_not_hold() {
        let clock = Clock::manual(Moment(1_000));
        let decision = Decision::resting_on(&clock, clock.instant());
        clock.advance(DECISION_HOLDS + SECOND);
        let prepared = clock.instant();
        assert!(
            may_send(&clock, prepared, Decision::standing())
                && !may_send(&clock, prepared, decision)
        );
    }
}
