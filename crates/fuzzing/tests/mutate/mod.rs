//! Mutations that keep most of a calendar as it was, so that they get past its first line.

/// Makes one mutated input out of a corpus; the same number makes the same one.
pub struct Mutator {
    state: u64,
}

/// Texts that are put in place of numbers and values: edges of what can be written.
const VALUES: [&[u8]; 16] = [
    b"0",
    b"-1",
    b"9999",
    b"366",
    b"2147483648",
    b"18446744073709551616",
    b"00010101T000000",
    b"99991231T235959Z",
    b"20260329T023000",
    b"20260302",
    b"FREQ=SECONDLY",
    b"FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
    b"BYSETPOS=-366",
    b"P99999D",
    b"\xFF\xFE\0",
    b"Europe/Berlin",
];

impl Mutator {
    pub fn new(number: u64) -> Mutator {
        Mutator { state: number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03 }
    }

    /// One to four mutations of one of `texts`.
    pub fn mutate(&mut self, texts: &[Vec<u8>]) -> Vec<u8> {
        let mut text = texts[self.below(texts.len())].clone();
        for _ in 0..=self.below(4) {
            let mut lines: Vec<Vec<u8>> =
                text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            let (one, other) = (self.below(lines.len()), self.below(lines.len()));
            match self.below(8) {
                0 => self.flip(&mut text),
                1 => self.number(&mut text),
                2 => text.truncate(self.below(text.len())),
                3 if !lines.is_empty() => {
                    let line = lines[one].clone();
                    lines.insert(other, line);
                    text = lines.concat();
                }
                4 if !lines.is_empty() => {
                    lines.remove(one);
                    text = lines.concat();
                }
                5 if !lines.is_empty() => {
                    lines.swap(one, other);
                    text = lines.concat();
                }
                6 => {
                    let from = &texts[self.below(texts.len())];
                    let donor: Vec<&[u8]> = from.split_inclusive(|byte| *byte == b'\n').collect();
                    let first = self.below(donor.len());
                    let last = (first + self.below(12)).min(donor.len());
                    let at = lines[..one.min(lines.len())].concat().len();
                    text.splice(at..at, donor[first..last].concat());
                }
                _ => {
                    let colon = text.iter().rposition(|byte| matches!(byte, b':' | b'='));
                    let at = colon.map_or(0, |last| self.below(last));
                    let end = text[at..].iter().position(|byte| matches!(byte, b'\r' | b';'));
                    if let (Some(start), Some(end)) =
                        (text[at..].iter().position(|byte| matches!(byte, b':' | b'=')), end)
                        && start < end
                    {
                        let value = VALUES[self.below(VALUES.len())];
                        text.splice(at + start + 1..at + end, value.iter().copied());
                    }
                }
            }
        }
        text
    }

    fn flip(&mut self, text: &mut [u8]) {
        let at = self.below(text.len());
        let bit = self.below(8);
        if let Some(byte) = text.get_mut(at) {
            *byte ^= 1 << bit;
        }
    }

    /// Changes a digit.
    fn number(&mut self, text: &mut [u8]) {
        let from = self.below(text.len());
        let digit = b'0' + self.below(10) as u8;
        let found = text.iter_mut().skip(from).find(|byte| byte.is_ascii_digit());
        if let Some(byte) = found {
            *byte = digit;
        }
    }

    /// A number below `bound`; 0 where that is 0.
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 16) as usize % bound.max(1)
    }
}
