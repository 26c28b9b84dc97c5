//! The engine of Room Booking, crate `ical`.

use ical::{Budget, Calendar, Moment, Window, Zone, Zones};
use peers::Job;

fn main() {
    let job = Job::of_arguments();
    let window = Window { start: Moment(job.start), end: Moment(job.end) };
    let berlin = Zone::iana("Europe/Berlin").expect("a zone");
    job.measure(
        |text| Calendar::parse(text).expect("a calendar"),
        |calendar| {
            let (mut zones, mut budget) = (Zones::new(berlin.clone()), Budget::new());
            let mut found = Vec::new();
            let mut count = 0;
            for object in calendar.objects() {
                found.clear();
                // What cannot be read has no occurrences here, as with the others.
                let _ = ical::expand(calendar, object, &mut zones, window, &mut budget, &mut found);
                let uid = || object.uid().into_owned();
                count += found.iter().filter(|it| job.counts(uid, it.start.0, it.end.0)).count();
            }
            count
        },
    );
}
