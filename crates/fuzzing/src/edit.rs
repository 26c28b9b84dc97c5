//! Fuzz target: removing occurrences from objects.

use ical::{
    Budget, Calendar, EditError, Edited, Editor, Moment, Object, Occurrence, Window, Zones,
};

use crate::expand::occurrences;
use crate::lines::{logical, name, offset};
use crate::parameters::Parameters;

/// Properties that an edit may write, remove or add lines of.
const WRITTEN: [&[u8]; 7] = [
    b"EXDATE",
    b"DTSTAMP",
    b"LAST-MODIFIED",
    b"SEQUENCE",
    // Those of a THISANDFUTURE override that is carried on to another instance.
    b"RECURRENCE-ID",
    b"DTSTART",
    b"DTEND",
];

/// Cancels some occurrences of each object: all others must be unchanged, also far around them, and
/// only lines about times may change.
pub fn edit(data: &[u8]) {
    let Some((parameters, text)) = Parameters::split(data) else {
        return;
    };
    let Ok(calendar) = Calendar::parse(text) else {
        return;
    };
    let mut zones = Zones::new(parameters.zone());
    let window = parameters.window();
    let wide = Window { start: window.start.plus(-YEARS), end: window.end.plus(YEARS) };
    for (place, object) in calendar.objects().iter().enumerate().take(20) {
        let mut budget = Budget::new();
        let Ok(found) = occurrences(&calendar, object, &mut zones, window, &mut budget) else {
            continue;
        };
        let mut budget = Budget::new();
        let before = occurrences(&calendar, object, &mut zones, wide, &mut budget);
        let going = chosen(&parameters, &found);
        let edit = Edit { text, calendar: &calendar, object, place, going: &going };
        edit.run(&mut zones, before.ok().as_deref(), wide);
    }
}

/// How far around the window the result is compared, in seconds: three years, which is further than
/// the crate looks itself.
const YEARS: i64 = 3 * 366 * ical::civil::DAY;

/// The instances that the fourth byte chooses: up to four, beginning anywhere.
fn chosen(parameters: &Parameters, found: &[Occurrence]) -> Vec<Moment> {
    let (count, from) = (parameters.fourth() % 4 + 1, parameters.fourth() / 4);
    let turned = found.iter().cycle().skip(from).take(count.min(found.len()));
    let mut going: Vec<Moment> = turned.map(|it| it.original).collect();
    going.sort_unstable();
    going
}

struct Edit<'e, 'a> {
    text: &'a [u8],
    calendar: &'e Calendar<'a>,
    object: &'e Object<'a>,
    /// The object's index.
    place: usize,
    going: &'e [Moment],
}

impl<'a> Edit<'_, 'a> {
    fn run(&self, zones: &mut Zones, before: Option<&[Occurrence]>, wide: Window) {
        let editor = Editor { now: Moment(1_772_000_000), room_address: Some("room@example.org") };
        let (calendar, object) = (self.calendar, self.object);
        let edited = match ical::cancel(calendar, object, zones, self.going, &editor) {
            Ok(edited) => edited,
            Err(EditError::NoSuchInstance(at)) => panic!("it has no occurrence at {at:?}"),
            Err(EditError::Unreadable(_) | EditError::WouldChangeOthers) => return,
            Err(error @ (EditError::OffTheRule | EditError::OtherKind)) => {
                panic!("nothing is moved, but it {error}")
            }
        };
        let rest = before.map(|before| {
            let mut rest = rows(calendar, before);
            rest.retain(|row| self.going.binary_search(&row.0).is_err());
            rest
        });
        let text = match edited {
            Edited::NothingRemains => {
                assert_eq!(rest.unwrap_or_default(), [], "something remains");
                return;
            }
            Edited::Text(text) => text,
        };
        let Ok(changed) = Calendar::parse(&text) else { panic!("the result is no calendar") };
        assert_eq!(changed.objects().len(), calendar.objects().len(), "another number of objects");
        let changed_object = &changed.objects()[self.place_in(&changed)];
        let after = occurrences(&changed, changed_object, zones, wide, &mut Budget::new());
        if let (Some(rest), Ok(after)) = (rest, &after) {
            assert_eq!(rows(&changed, after), rest, "other occurrences changed");
        }
        assert_eq!(
            outside(&text, &changed, changed_object),
            outside(self.text, calendar, object),
            "bytes outside of the object changed"
        );
        self.assert_lines_kept(&changed, changed_object);
    }

    /// Where the object lies in the changed calendar: an override that goes may have been the first
    /// of its object, so that others come before it now.
    fn place_in(&self, changed: &Calendar<'_>) -> usize {
        let uid = self.object.uid_bytes();
        if uid.is_empty() {
            return self.place;
        }
        let same = |object: &Object<'_>| object.uid_bytes() == uid;
        changed.objects().iter().position(same).unwrap_or(self.place)
    }

    /// Each component of the result must be one of the object, in their order, with all lines but
    /// those of [`WRITTEN`] properties as they were.
    fn assert_lines_kept(&self, changed: &Calendar<'_>, changed_object: &Object<'_>) {
        let mut originals = self.calendar.events_of(self.object);
        for event in changed.events_of(changed_object) {
            let lines = kept(event.text());
            let found = originals.any(|original| kept(original.text()) == lines);
            assert!(found, "a line changed in {:?}", String::from_utf8_lossy(&lines.concat()));
        }
    }
}

/// Original start, start, end and name of what takes place, in order.
fn rows(calendar: &Calendar<'_>, found: &[Occurrence]) -> Vec<(Moment, Moment, Moment, String)> {
    let rows = found.iter().filter_map(|it| {
        let event = calendar.event(it.component as usize);
        let takes_place = !event.is_cancelled();
        takes_place.then(|| (it.original, it.start, it.end, event.summary().into_owned()))
    });
    rows.collect()
}

/// The text without the components of an object.
fn outside(text: &[u8], calendar: &Calendar<'_>, object: &Object<'_>) -> Vec<u8> {
    let mut outside = Vec::new();
    let mut at = 0;
    for event in calendar.events_of(object) {
        let own = event.text();
        let start = offset(text, own);
        outside.extend_from_slice(&text[at..start]);
        at = start + own.len();
    }
    outside.extend_from_slice(&text[at..]);
    outside
}

/// The lines that an edit must not touch.
fn kept(component: &[u8]) -> Vec<&[u8]> {
    let mut lines = logical(component);
    lines.retain(|line| !WRITTEN.contains(&name(line).as_slice()));
    lines
}
