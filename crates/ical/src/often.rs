//! Whether a rule may repeat more than once a day, seen without parsing.

/// What stands in the parts of a rule that make several occurrences a day (RFC 5545 section 3.3.10), such as BYHOUR
/// and HOURLY.
const WITHIN_DAYS: [&[u8]; 3] = [b"HOUR", b"MINUTE", b"SECOND"];

/// Whether a text has a rule that may repeat within days, so that it may have far more occurrences than bytes. In
/// doubt it does.
pub fn repeats_within_days(text: &[u8]) -> bool {
    let lines = |start: &'static [u8]| memchr::memmem::find_iter(text, start).map(|at| at + 1);
    let starts = std::iter::once(0).chain(lines(b"\nR")).chain(lines(b"\nr"));
    let mut starts = starts.filter(|&at| matches!(text.get(at), Some(b'R' | b'r')));
    starts.any(|at| {
        let line = unfolded_upper(&text[at..]);
        line.starts_with(b"RRULE")
            && WITHIN_DAYS.iter().any(|it| memchr::memmem::find(&line, it).is_some())
    })
}

/// The first line of a text, without folds and in upper case.
fn unfolded_upper(text: &[u8]) -> Vec<u8> {
    let mut line = Vec::new();
    let mut rest = text.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' if rest.peek() == Some(&b'\n') => {}
            b'\n' if matches!(rest.peek(), Some(b' ' | b'\t')) => {
                rest.next();
            }
            b'\n' => break,
            byte => line.push(byte.to_ascii_uppercase()),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_repeat_within_days_are_found_also_folded_and_in_lower_case() {
        for text in [
            "RRULE:FREQ=MINUTELY",
            "BEGIN:VEVENT\r\nRRULE:FREQ=HOURLY;COUNT=3\r\n",
            "A:b\nrrule:freq=daily;byminute=1,2\n",
            "A:b\r\nR\r\n RULE:FREQ=SECO\r\n NDLY\r\n",
            "A:b\r\nRRULE;X=1:BYHOUR=1,\r\n\t2;FREQ=DAILY",
        ] {
            assert!(repeats_within_days(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "\n",
            "R",
            "RRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:HOURLY\r\n",
            "RESOURCES:HOURLY",
            "SUMMARY:a\r\n RRULE:FREQ=HOURLY",
        ] {
            assert!(!repeats_within_days(text.as_bytes()), "{text}");
        }
    }
}
