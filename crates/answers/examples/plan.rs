//! What `scripts/instructions` counts of the engine: reads a calendar file, plans a clear of a year and prints
//! the answer, as `room-booking check --json` does, without the rest of the program, which would have to be built, too.
//!
//! ```text
//! plan FILE.ics NOW        NOW with its offset from UTC
//! ```

#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that cannot go on has failed")]

use std::env;
use std::fs;
use std::io;

use answers::contents::Contents;
use answers::report::{Planned, Report};
use clearing::{Memory, Policy, plan};
use facts::time;
use ical::{Calendar, Zone, Zones};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, now] = &arguments[..] else { panic!("usage: plan FILE.ics NOW") };
    let now = time::moment(now, &Zone::utc()).unwrap();
    let bytes = fs::read(file).unwrap();
    let file = ical::file_text(&bytes);
    let calendar = Calendar::parse(&file.text).unwrap();
    let (mut zones, policy) = (Zones::new(Zone::utc()), Policy::default());
    let plan = plan(&calendar, &mut zones, &policy, &Memory::default(), now);
    let room = Contents::new("room".to_owned(), calendar, zones, policy);
    let planned = [Planned { room, plan, of_file: file.warnings.clone() }];
    Report::of_plans(&planned).write_json(&mut io::stdout().lock()).unwrap();
}
