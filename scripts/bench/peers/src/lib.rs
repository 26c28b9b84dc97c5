//! What all of these programs have in common: `PROGRAM FILE START END RUNS` prints the median milliseconds of reading
//! the file, those of reading it and expanding it between the two moments, and the number of occurrences.
//! `PROGRAM FILE START END list` prints a line for each occurrence instead: UID, start and end, in seconds since 1970.

use std::time::Instant;

/// What is measured.
pub struct Job {
    /// The file.
    pub text: Vec<u8>,
    /// Seconds since 1970 of the begin of the window.
    pub start: i64,
    /// Seconds since 1970 of its end.
    pub end: i64,
    runs: usize,
    is_list: bool,
}

impl Job {
    /// The job of the arguments.
    pub fn of_arguments() -> Job {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let [file, start, end, runs] = &arguments[..] else { panic!("FILE START END RUNS") };
        let number = |text: &str| text.parse().expect("a number");
        let text = std::fs::read(file).expect("a file");
        let is_list = runs == "list";
        let runs = if is_list { 1 } else { number(runs) as usize };
        Job { text, start: number(start), end: number(end), runs, is_list }
    }

    /// Whether an occurrence counts: it overlaps the window, or has no length and begins in it. It is listed if it does.
    pub fn counts(&self, uid: impl Fn() -> String, start: i64, end: i64) -> bool {
        let counts = start < self.end && (end > self.start || end <= start && start >= self.start);
        if counts && self.is_list {
            println!("{}\t{start}\t{end}", uid());
        }
        counts
    }

    /// Measures it. `expand` returns how many occurrences count.
    pub fn measure<'j, T>(&'j self, parse: impl Fn(&'j [u8]) -> T, expand: impl Fn(&T) -> usize) {
        let (mut parsed_after, mut expanded_after, mut occurrences) = (Vec::new(), Vec::new(), 0);
        for _ in 0..self.runs {
            let begun = Instant::now();
            let parsed = parse(&self.text);
            parsed_after.push(begun.elapsed().as_secs_f64() * 1e3);
            occurrences = expand(&parsed);
            expanded_after.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let median = |mut times: Vec<f64>| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        };
        if !self.is_list {
            println!("{:.2} {:.2} {occurrences}", median(parsed_after), median(expanded_after));
        }
    }
}

/// The zone of a TZID: a database knows no names of Windows, and `Room Clock` is the generator's own, an hour
/// ahead of Berlin, which a reader by names gets wrong.
pub fn zone(name: &str) -> chrono_tz::Tz {
    match name {
        "W. Europe Standard Time" | "Room Clock" => chrono_tz::Europe::Berlin,
        "Eastern Standard Time" => chrono_tz::America::New_York,
        iana => iana.parse().unwrap_or(chrono_tz::Europe::Berlin),
    }
}
