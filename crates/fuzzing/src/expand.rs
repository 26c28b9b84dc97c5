//! Fuzz target: occurrences in a window.

use ical::{Budget, Calendar, Object, Occurrence, Unreadable, Window, Zones};

use crate::parameters::Parameters;

/// Expands each object in a window: an occurrence must end after it starts and touch the window,
/// no instance may be there twice, and a part of the window must hold what the whole holds there.
pub fn expand(data: &[u8]) {
    let Some((parameters, text)) = Parameters::split(data) else {
        return;
    };
    let Ok(calendar) = Calendar::parse(text) else {
        return;
    };
    let mut zones = Zones::new(parameters.zone());
    let whole = parameters.window();
    let half = (whole.end.0 - whole.start.0) / 2;
    let part = Window { start: whole.start.plus(half), end: whole.end.plus(-half / 3) };
    let mut budget = Budget::new();
    for object in calendar.objects() {
        let found = occurrences(&calendar, object, &mut zones, whole, &mut budget);
        let of_part = occurrences(&calendar, object, &mut zones, part, &mut budget);
        if let (Ok(mut found), Ok(of_part)) = (found, of_part) {
            found.retain(|it| part.touches(it.start, it.end));
            assert_eq!(of_part, found, "a part of the window holds something else");
        }
        ical::created(&calendar, object, &zones);
        ical::last_modified(&calendar, object, &zones);
        ical::is_recurring(&calendar, object);
    }
}

/// The occurrences of an object, in order, checked.
pub fn occurrences(
    calendar: &Calendar<'_>,
    object: &Object<'_>,
    zones: &mut Zones,
    window: Window,
    budget: &mut Budget,
) -> Result<Vec<Occurrence>, Unreadable> {
    let mut found = Vec::new();
    if let Err(error) = ical::expand(calendar, object, zones, window, budget, &mut found) {
        assert!(found.is_empty(), "an unreadable object has occurrences");
        let sentence = error.to_string();
        assert!(!sentence.is_empty() && sentence.len() < 2_000, "{sentence}");
        return Err(error);
    }
    found.sort_unstable_by_key(|it| (it.original, it.start, it.end, it.component));
    for it in &found {
        assert!(it.start <= it.end, "it ends before it starts: {it:?}");
        assert!(window.touches(it.start, it.end), "outside of the window: {it:?} {window:?}");
        let component = it.component as usize;
        assert!(object.components().contains(&component), "of another object: {it:?}");
    }
    for pair in found.windows(2) {
        assert_ne!(pair[0].original, pair[1].original, "an instance is there twice: {pair:?}");
    }
    Ok(found)
}
