//! Random numbers with a seed, so that a failed test can be repeated.

/// `SplitMix64`.
pub struct Random(u64);

impl Random {
    /// A generator of its own for each `stream` of a seed.
    pub fn new(seed: u64, stream: u64) -> Random {
        let mut of_seed = Random(seed);
        Random(of_seed.bits() ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.bits() % end
    }

    /// An index into a list of that length, which must not be empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    /// True in `percent` of a hundred cases.
    pub fn is_in(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these choices, of which there is at least one.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }
}
