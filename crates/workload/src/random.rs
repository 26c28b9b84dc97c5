//! A small random generator, so that a seed gives the same calendar on every machine for ever.

/// `SplitMix64` (Steele, Lea and Flood, 2014): not for secrets, good enough for calendars.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// A generator of its own for each `stream` of a `seed`.
    ///
    /// Object 7 is thus the same object in a calendar of ten objects and in one of ten thousand.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut of_seed = Self { state: seed };
        let mut of_stream = Self { state: of_seed.next() ^ stream };
        Self { state: of_stream.next() }
    }

    /// The next 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number in `[low, high]`; `low` where the two are the wrong way round.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let choices = i128::from(high) - i128::from(low) + 1;
        let scaled = (i128::from(self.next()) * choices.max(1)) >> 64;
        i64::try_from(i128::from(low) + scaled).unwrap_or(low)
    }

    /// True in `share` of 1,000 cases.
    pub(crate) fn per_mille(&mut self, share: i64) -> bool {
        self.between(0, 999) < share
    }

    /// One of `choices`, of which there must be one at least, all as likely as each other.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    /// One of `choices`, of which there must be one at least, each as likely as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, choices: &[(i64, T)]) -> T {
        let total: i64 = choices.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(0, total - 1);
        let chosen = choices.iter().position(|(weight, _)| {
            left -= weight;
            left < 0
        });
        choices[chosen.unwrap_or(0)].1
    }

    /// `length` characters out of the ASCII `alphabet`.
    pub(crate) fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        (0..length).map(|_| char::from(self.pick(alphabet))).collect()
    }

    fn index(&mut self, length: usize) -> usize {
        let last = i64::try_from(length).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_first_numbers_are_those_of_the_published_generator() {
        let mut random = Random { state: 1_234_567 };
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_them() {
        let mut random = Random::new(1, 2);
        let numbers: Vec<i64> = (0..1_000).map(|_| random.between(-2, 2)).collect();
        assert_eq!(numbers.iter().min(), Some(&-2));
        assert_eq!(numbers.iter().max(), Some(&2));
        assert_eq!(random.between(i64::MAX, i64::MIN), i64::MAX);
    }

    #[test]
    fn a_choice_without_weight_is_never_made() {
        let mut random = Random::new(1, 2);
        let choices = [(0, 'a'), (3, 'b'), (0, 'c'), (1, 'd')];
        for _ in 0..1_000 {
            assert!(matches!(random.weighted(&choices), 'b' | 'd'));
        }
    }
}
