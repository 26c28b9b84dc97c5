//! Keeps what is measured, and writes it in Prometheus' text format.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, SharedString, Unit};

use super::names::{Described, Kind};

/// Different names with their labels that are kept; further ones are not measured.
const MAX_SERIES: usize = 10_000;
/// The upper bounds of the classes of durations, in seconds.
const BOUNDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// What is measured in a process.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    counters: Series<AtomicU64>,
    gauges: Series<AtomicU64>,
    histograms: Series<Durations>,
}

/// Values by their names and labels.
#[derive(Debug)]
struct Series<T>(RwLock<HashMap<Key, Arc<T>>>);

impl<T> Default for Series<T> {
    fn default() -> Series<T> {
        Series(RwLock::default())
    }
}

impl<T: Default> Series<T> {
    /// The value of a name with its labels; nothing if there are too many.
    fn get(&self, key: &Key) -> Option<Arc<T>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        if known.is_some() {
            return known;
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_SERIES {
            return all.get(key).cloned();
        }
        Some(all.entry(key.clone()).or_default().clone())
    }

    /// The values of a name, with the text of their labels, in order.
    fn of(&self, name: &str) -> Vec<(String, Arc<T>)> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let of_name = all.iter().filter(|(key, _)| key.name() == name);
        let mut found: Vec<_> =
            of_name.map(|(key, value)| (labels(key), Arc::clone(value))).collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found
    }
}

/// Durations by class.
#[derive(Debug, Default)]
struct Durations {
    /// How many are within each bound, and no smaller one; the last is beyond all.
    classes: [AtomicU64; BOUNDS.len() + 1],
    /// Their sum in seconds, as the bits of a number with a point.
    sum: AtomicU64,
}

impl HistogramFn for Durations {
    fn record(&self, seconds: f64) {
        let class = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        let add = |sum: u64| Some((f64::from_bits(sum) + seconds).to_bits());
        // It is repeated until no other thread came between.
        let _ = self.sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

impl metrics::Recorder for Recorder {
    // The list of names describes them.
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.counters.get(key).map_or_else(Counter::noop, Counter::from_arc)
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.gauges.get(key).map_or_else(Gauge::noop, Gauge::from_arc)
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.histograms.get(key).map_or_else(Histogram::noop, Histogram::from_arc)
    }
}

impl Recorder {
    /// All that is measured, in Prometheus' text format.
    pub fn render(&self, described: &[Described]) -> String {
        let mut text = String::new();
        for it in described {
            // Writing to a text does not fail.
            let _ = match it.kind {
                Kind::Counter => write_numbers(&mut text, it, self.counters.of(it.name), |it| {
                    it.load(Ordering::Relaxed).to_string()
                }),
                Kind::Gauge => write_numbers(&mut text, it, self.gauges.of(it.name), |it| {
                    f64::from_bits(it.load(Ordering::Relaxed)).to_string()
                }),
                Kind::Histogram => write_durations(&mut text, it, &self.histograms.of(it.name)),
            };
        }
        text
    }
}

fn write_head(text: &mut String, it: &Described) -> std::fmt::Result {
    let kind = match it.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram => "histogram",
    };
    writeln!(text, "# HELP {} {}\n# TYPE {} {kind}", it.name, it.help, it.name)
}

fn write_numbers(
    text: &mut String,
    it: &Described,
    all: Vec<(String, Arc<AtomicU64>)>,
    number: impl Fn(&AtomicU64) -> String,
) -> std::fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    write_head(text, it)?;
    for (labels, value) in all {
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        writeln!(text, "{}{labels} {}", it.name, number(&value))?;
    }
    Ok(())
}

fn write_durations(
    text: &mut String,
    it: &Described,
    all: &[(String, Arc<Durations>)],
) -> std::fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    write_head(text, it)?;
    let name = it.name;
    for (labels, value) in all {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut count = 0;
        for (class, number) in value.classes.iter().enumerate() {
            count += number.load(Ordering::Relaxed);
            let bound = BOUNDS.get(class).map_or("+Inf".to_owned(), f64::to_string);
            writeln!(text, "{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {count}")?;
        }
        let sum = f64::from_bits(value.sum.load(Ordering::Relaxed));
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        writeln!(text, "{name}_sum{labels} {sum}\n{name}_count{labels} {count}")?;
    }
    Ok(())
}

fn labels(key: &Key) -> String {
    let escaped =
        |value: &str| value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
    let labels = key.labels().map(|it| format!("{}=\"{}\"", it.key(), escaped(it.value())));
    labels.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIBED: [Described; 3] = [
        Described { name: "a_total", kind: Kind::Counter, help: "As." },
        Described { name: "b", kind: Kind::Gauge, help: "Bs." },
        Described { name: "c_duration_seconds", kind: Kind::Histogram, help: "Cs." },
    ];

    #[test]
    fn what_was_measured_is_written_as_prometheus_reads_it() {
        let recorder = Recorder::default();
        assert_eq!(recorder.render(&DESCRIBED), "");
        metrics::with_local_recorder(&recorder, || {
            metrics::counter!("a_total", "of" => "x\"\\\n").increment(2);
            metrics::counter!("a_total", "of" => "a").increment(1);
            metrics::counter!("unknown_total").increment(1);
            metrics::gauge!("b").set(1.5);
            for seconds in [0.001, 0.005, 0.3, 99.0] {
                metrics::histogram!("c_duration_seconds", "of" => "a").record(seconds);
            }
        });
        let text = recorder.render(&DESCRIBED);
        assert!(text.starts_with(
            "# HELP a_total As.\n# TYPE a_total counter\na_total{of=\"a\"} 1\n\
             a_total{of=\"x\\\"\\\\\\n\"} 2\n# HELP b Bs.\n# TYPE b gauge\nb 1.5\n\
             # HELP c_duration_seconds Cs.\n# TYPE c_duration_seconds histogram\n\
             c_duration_seconds_bucket{of=\"a\",le=\"0.005\"} 2\n"
        ));
        for line in [
            "c_duration_seconds_bucket{of=\"a\",le=\"0.25\"} 2",
            "c_duration_seconds_bucket{of=\"a\",le=\"0.5\"} 3",
            "c_duration_seconds_bucket{of=\"a\",le=\"30\"} 3",
            "c_duration_seconds_bucket{of=\"a\",le=\"+Inf\"} 4",
            "c_duration_seconds_sum{of=\"a\"} 99.306",
            "c_duration_seconds_count{of=\"a\"} 4",
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
        }
        assert!(!text.contains("unknown"));
    }

    #[test]
    fn names_that_never_end_take_no_more_memory_than_their_bound() {
        let recorder = Recorder::default();
        metrics::with_local_recorder(&recorder, || {
            for number in 0..MAX_SERIES + 10 {
                metrics::counter!("a_total", "of" => number.to_string()).increment(1);
            }
            metrics::counter!("a_total", "of" => "0").increment(1);
        });
        let text = recorder.render(&DESCRIBED);
        assert_eq!(text.lines().count(), MAX_SERIES + 2);
        assert!(text.contains("a_total{of=\"0\"} 2\n"));
    }
}
