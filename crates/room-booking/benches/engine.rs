//! The engine in four steps on one core: scan, expand a year, plan, and the whole with its JSON.
//!
//! `cargo bench --profile dist -p room-booking`; `docs/performance.md` says what it gave.

#![allow(missing_docs, reason = "criterion's macros write functions without")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::hint::black_box;

use answers::contents::Contents;
use answers::report::{Planned, Report};
use clearing::{Memory, Policy, plan};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ical::{Budget, Calendar, Moment, Window, Zone, Zones};
use workload::Workload;

/// 2026-03-02T00:00:00+01:00
const NOW: Moment = Moment(1_772_406_000);
const YEAR: i64 = 365 * 86_400;

fn room() -> String {
    Workload { objects: 10_000, days_before: 7_300, ..Workload::default() }.calendar()
}

fn zones() -> Zones {
    Zones::new(Zone::iana("Europe/Berlin").unwrap())
}

fn whole(text: &[u8]) -> Vec<u8> {
    let calendar = Calendar::parse(text).unwrap();
    let mut zones = zones();
    let policy = Policy::default();
    let plan = plan(&calendar, &mut zones, &policy, &Memory::default(), NOW);
    let room = Contents::new("room".to_owned(), calendar, zones, policy);
    let planned = [Planned { room, plan, of_file: Vec::new() }];
    serde_json::to_vec(&Report::of_plans(&planned)).unwrap()
}

fn engine(c: &mut Criterion) {
    let text = room();
    let calendar = Calendar::parse(text.as_bytes()).unwrap();
    let mut group = c.benchmark_group("room of 10,000 objects");
    group.sample_size(30);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("scan", |b| {
        b.iter(|| Calendar::parse(black_box(text.as_bytes())).unwrap().objects().len());
    });
    group.bench_function("expand a year", |b| {
        let window = Window { start: NOW, end: NOW.plus(YEAR) };
        b.iter(|| {
            let (mut zones, mut budget, mut found) = (zones(), Budget::new(), Vec::new());
            for object in calendar.objects() {
                let expanded =
                    ical::expand(&calendar, object, &mut zones, window, &mut budget, &mut found);
                expanded.unwrap();
            }
            found.len()
        });
    });
    group.bench_function("expand and plan", |b| {
        let (policy, memory) = (Policy::default(), Memory::default());
        b.iter(|| plan(&calendar, &mut zones(), &policy, &memory, NOW).removals.len());
    });
    group.bench_function("scan, expand, plan, write JSON", |b| {
        b.iter(|| whole(black_box(text.as_bytes())).len());
    });
    group.finish();

    let mut group = c.benchmark_group("a year of a daily series");
    for year in [1990, 2026] {
        let text = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Berlin:{year}0105T090000\
             \r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let mut zones = zones();
        let window = Window { start: NOW, end: NOW.plus(YEAR) };
        let mut found = Vec::new();
        group.bench_function(format!("that began in {year}"), |b| {
            b.iter(|| {
                found.clear();
                let object = &calendar.objects()[0];
                let mut budget = Budget::new();
                ical::expand(&calendar, object, &mut zones, window, &mut budget, &mut found)
                    .unwrap();
                found.len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
