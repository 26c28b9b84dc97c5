//! Held since (rule 4): the moment since which an object has held an interval, and how the program
//! knows it.

use ical::{Calendar, Moment, Object, Zones};

/// How many seconds after the beginning of a run something may be seen for the first time: its own look takes time.
const LATEST: i64 = 3_600;

/// How the program knows since when an interval is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Unknown: the first look saw it, with neither CREATED nor LAST-MODIFIED. The moment is that
    /// of the first sight; in truth it is earlier.
    Unknown,
    /// By the object's own CREATED or LAST-MODIFIED.
    Client,
    /// By the look that saw it.
    Look,
    /// It wrote the object itself.
    Written,
    /// It wrote the object itself, and had seen before that nobody held the interval. The moment is that of the look
    /// that saw it free.
    Reserved,
}

impl Source {
    /// Whether the program wrote the object itself.
    pub fn is_own(self) -> bool {
        matches!(self, Source::Written | Source::Reserved)
    }
}

/// Since when an object holds an interval without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeldSince {
    /// The moment.
    pub since: Moment,
    /// The number of the last look that did not see it hold the interval; 0 if the first look ever saw
    /// it. The looks at a calendar are counted from 1; on a built-in calendar each write is one. Two looks
    /// may begin within one second, so their moments do not order them.
    pub unseen_look: i64,
    /// How the program knows the moment.
    pub source: Source,
}

impl HeldSince {
    /// The claim of an object that a first look, `check` or an import into an empty calendar sees
    /// at `seen`: CREATED, at most `seen`; if that is unknown, the earlier of LAST-MODIFIED and
    /// `seen`.
    pub fn at_first_look(
        calendar: &Calendar<'_>,
        object: &Object<'_>,
        zones: &Zones,
        seen: Moment,
    ) -> HeldSince {
        let word = ical::created(calendar, object, zones)
            .or_else(|| ical::last_modified(calendar, object, zones));
        match word {
            Some(word) => {
                HeldSince { since: word.min(seen), unseen_look: 0, source: Source::Client }
            }
            None => HeldSince { since: seen, unseen_look: 0, source: Source::Unknown },
        }
    }

    /// The claim of an object without stored claims in a calendar that was looked at before: no
    /// earlier look saw it as it is.
    pub(crate) fn not_remembered(now: Moment) -> HeldSince {
        HeldSince { since: now, unseen_look: i64::MAX, source: Source::Look }
    }

    /// The same in a run that began at `now`. A moment more than [`LATEST`] after it was recorded by a clock that was
    /// ahead: since when the interval is held is unknown, but it is no later than now.
    pub(crate) fn at(self, now: Moment) -> HeldSince {
        match self.since > now.plus(LATEST) {
            true => HeldSince { since: now, source: Source::Unknown, ..self },
            false => self,
        }
    }

    /// The order of two intervals: first the look that first saw each, then the moment. Within one
    /// second, the program's own writes come before the dates that clients write, and of these what it had seen
    /// to be free first. Looks take time, so a moment alone could order them wrongly.
    pub(crate) fn order(&self) -> (i64, Moment, u8) {
        let class = match self.source {
            Source::Reserved => 0,
            Source::Written => 1,
            Source::Unknown | Source::Client | Source::Look => 2,
        };
        (self.unseen_look, self.since, class)
    }

    /// Whether the program saw this interval held when it did not see the other one held. If not,
    /// the order of both rests on the clients' dates only.
    pub fn is_witnessed_before(&self, other: &HeldSince) -> bool {
        let are_written = self.source.is_own() && other.source.is_own();
        let is_reserved = self.source == Source::Reserved && self.unseen_look == other.unseen_look;
        self.unseen_look < other.unseen_look
            || are_written && self.since < other.since
            || is_reserved && self.order() < other.order()
    }
}

/// An interval, `[start, end)`, that an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Inclusive.
    pub start: Moment,
    /// Exclusive; [`Moment::MAX`] for no end.
    pub end: Moment,
    /// Since when.
    pub held: HeldSince,
}

/// Since when an object holds its intervals. [`crate::renewed_claims`] updates it when the object
/// changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Since when it holds all intervals that are not in `parts`.
    pub base: HeldSince,
    /// The intervals that it holds since another moment: ascending and disjoint.
    pub parts: Vec<Claim>,
    /// The first request of the look that did not see the object, if CREATED is older than that: it
    /// was edited by hand, copied from elsewhere or written by a wrong clock.
    pub created_refuted: Option<Moment>,
}

impl Claims {
    /// Claims with one moment for all intervals.
    pub fn since(base: HeldSince) -> Claims {
        Claims { base, parts: Vec::new(), created_refuted: None }
    }

    /// Since when `[start, end)` has been held as a whole: since its youngest part.
    pub fn held_since(&self, start: Moment, end: Moment) -> HeldSince {
        let mut youngest: Option<HeldSince> = None;
        self.each_piece(start, end, |piece| {
            if youngest.is_none_or(|it| it.order() < piece.held.order()) {
                youngest = Some(piece.held);
            }
        });
        youngest.unwrap_or(self.base)
    }

    /// The pieces of `[start, end)`, ascending, each held since one moment.
    pub fn pieces(&self, start: Moment, end: Moment) -> Vec<Claim> {
        let mut pieces = Vec::new();
        self.each_piece(start, end, |piece| pieces.push(piece));
        pieces
    }

    fn each_piece(&self, start: Moment, end: Moment, mut on_piece: impl FnMut(Claim)) {
        let mut from = start;
        let first = self.parts.partition_point(|part| part.end <= start);
        for part in self.parts[first..].iter().take_while(|part| part.start < end) {
            if from < part.start {
                on_piece(Claim { start: from, end: part.start, held: self.base });
            }
            from = part.end.min(end);
            on_piece(Claim { start: part.start.max(start), end: from, held: part.held });
        }
        if from < end {
            on_piece(Claim { start: from, end, held: self.base });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(since: i64) -> HeldSince {
        HeldSince { since: Moment(since), unseen_look: 0, source: Source::Client }
    }

    fn seen(unseen_look: i64, since: i64, source: Source) -> HeldSince {
        HeldSince { since: Moment(since), unseen_look, source }
    }

    fn claims(base: i64, parts: &[(i64, i64, i64)]) -> Claims {
        let part = |&(start, end, since)| Claim {
            start: Moment(start),
            end: Moment(end),
            held: held(since),
        };
        Claims { parts: parts.iter().map(part).collect(), ..Claims::since(held(base)) }
    }

    #[test]
    fn an_interval_is_held_since_its_youngest_part() {
        let claims = claims(3, &[(10, 20, 1), (20, 30, 5), (40, 50, 2)]);
        let since = |start, end| claims.held_since(Moment(start), Moment(end)).since.0;
        assert_eq!(since(10, 20), 1);
        assert_eq!(since(12, 18), 1);
        assert_eq!(since(12, 28), 5);
        assert_eq!(since(10, 30), 5);
        assert_eq!(since(0, 10), 3);
        assert_eq!(since(30, 40), 3, "what no part names is held since the base");
        assert_eq!(since(9, 20), 3, "the base is younger than the part");
        assert_eq!(since(40, 50), 2);
        assert_eq!(since(40, 51), 3);
        assert_eq!(since(35, 45), 3);
        assert_eq!(since(0, 100), 5);
    }

    #[test]
    fn of_parts_that_are_held_since_one_moment_the_first_says_how_it_is_known() {
        let part = |start, source| Claim {
            start: Moment(start),
            end: Moment(start + 10),
            held: HeldSince { source, ..held(5) },
        };
        let parts = vec![part(10, Source::Look), part(20, Source::Client)];
        let claims = Claims { parts, ..Claims::since(held(3)) };
        assert_eq!(claims.held_since(Moment(10), Moment(30)).source, Source::Look);
    }

    #[test]
    fn within_one_second_what_the_program_wrote_comes_first() {
        let (written, said) = (seen(50, 60, Source::Written), seen(50, 60, Source::Client));
        assert!(written.order() < said.order());
        assert!(said.order() < seen(50, 61, Source::Written).order());
    }

    #[test]
    fn what_was_seen_to_be_free_and_written_comes_before_all_else_since_that_look() {
        let reserved = seen(50, 60, Source::Reserved);
        assert!(reserved.order() < seen(50, 60, Source::Written).order());
        assert!(reserved.order() < seen(50, 61, Source::Client).order());
        assert!(seen(49, 99, Source::Look).order() < reserved.order());
        assert!(reserved.is_witnessed_before(&seen(50, 61, Source::Client)));
        assert!(reserved.is_witnessed_before(&seen(50, 61, Source::Written)));
        assert!(!seen(50, 59, Source::Client).is_witnessed_before(&reserved));
        assert!(!reserved.is_witnessed_before(&reserved));
        assert!(!reserved.is_witnessed_before(&seen(50, 59, Source::Client)));
        assert!(!reserved.is_witnessed_before(&seen(49, 70, Source::Client)));
    }

    #[test]
    fn what_is_not_remembered_comes_after_all_that_is() {
        let unknown = HeldSince::not_remembered(Moment(1));
        assert!(seen(i64::MAX - 1, 99, Source::Look).order() < unknown.order());
        assert_eq!((unknown.since, unknown.source), (Moment(1), Source::Look));
    }

    #[test]
    fn a_moment_of_a_clock_that_was_ahead_is_the_present_and_unknown() {
        let now = Moment(1_000);
        for (since, expected, source) in [
            (900, 900, Source::Look),
            (1_000 + LATEST, 1_000 + LATEST, Source::Look),
            (1_001 + LATEST, 1_000, Source::Unknown),
        ] {
            let it = seen(7, since, Source::Look).at(now);
            assert_eq!((it.since.0, it.unseen_look, it.source), (expected, 7, source), "{since}");
        }
    }

    #[test]
    fn the_pieces_of_an_interval_cover_it_without_gap_or_overlap() {
        let claims = claims(3, &[(10, 20, 1), (20, 30, 5)]);
        let pieces = |start, end| -> Vec<(i64, i64, i64)> {
            let pieces = claims.pieces(Moment(start), Moment(end));
            pieces.iter().map(|it| (it.start.0, it.end.0, it.held.since.0)).collect()
        };
        assert_eq!(pieces(5, 35), [(5, 10, 3), (10, 20, 1), (20, 30, 5), (30, 35, 3)]);
        assert_eq!(pieces(12, 25), [(12, 20, 1), (20, 25, 5)]);
        assert_eq!(pieces(0, 10), [(0, 10, 3)]);
        assert_eq!(pieces(30, 31), [(30, 31, 3)]);
    }

    #[test]
    fn what_a_look_saw_is_older_than_what_it_did_not_see_whatever_their_moments_are() {
        let seen_first = seen(0, 99, Source::Look);
        let seen_later = seen(50, 60, Source::Client);
        assert!(seen_first.order() < seen_later.order());
        assert!(seen_first.is_witnessed_before(&seen_later));
        assert!(!seen_later.is_witnessed_before(&seen_first));
    }

    #[test]
    fn of_two_that_one_look_saw_first_the_program_has_only_the_clients_word() {
        let (one, other) = (seen(50, 60, Source::Client), seen(50, 61, Source::Client));
        assert!(!one.is_witnessed_before(&other) && !other.is_witnessed_before(&one));
        let written = seen(50, 62, Source::Written);
        assert!(!one.is_witnessed_before(&written) && !written.is_witnessed_before(&one));
    }

    #[test]
    fn what_the_program_wrote_itself_it_has_witnessed() {
        let (one, other) = (seen(50, 60, Source::Written), seen(50, 61, Source::Written));
        assert!(one.is_witnessed_before(&other));
        assert!(!other.is_witnessed_before(&one));
        assert!(!one.is_witnessed_before(&one));
    }
}
