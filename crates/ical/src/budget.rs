//! What is left of the bounds on work ([`crate::limits`]).

use crate::Unreadable;
use crate::limits::{
    MAX_OCCURRENCES_PER_CALENDAR, MAX_OCCURRENCES_PER_EXTENT, MAX_OCCURRENCES_PER_OBJECT,
    MAX_STEPS_PER_CALENDAR, MAX_STEPS_PER_EXTENT, MAX_STEPS_PER_OBJECT, MAX_STEPS_PER_ZONE,
};

/// What is left of the bounds on work while the objects of one calendar are expanded.
///
/// One budget is shared by all objects of a calendar, so that ten thousand hostile objects cost no
/// more than one calendar may.
#[derive(Clone, Debug)]
pub struct Budget {
    steps: u64,
    occurrences: usize,
    object_steps: u64,
    object_occurrences: usize,
    most_of_object: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            steps: MAX_STEPS_PER_CALENDAR,
            occurrences: MAX_OCCURRENCES_PER_CALENDAR,
            object_steps: MAX_STEPS_PER_OBJECT,
            object_occurrences: MAX_OCCURRENCES_PER_OBJECT,
            most_of_object: MAX_OCCURRENCES_PER_OBJECT,
        }
    }
}

impl Budget {
    /// The budget of one calendar.
    pub fn new() -> Budget {
        Budget::default()
    }

    /// The budget of one VTIMEZONE.
    pub(crate) fn of_zone() -> Budget {
        Budget { object_steps: MAX_STEPS_PER_ZONE, ..Budget::default() }
    }

    /// The budget of the extent of one object.
    pub(crate) fn of_extent() -> Budget {
        Budget {
            object_steps: MAX_STEPS_PER_EXTENT,
            object_occurrences: MAX_OCCURRENCES_PER_EXTENT,
            ..Budget::default()
        }
    }

    /// The budget of reading an edit again, which looks further than the window that was edited.
    pub(crate) fn of_verification() -> Budget {
        Budget { most_of_object: 4 * MAX_OCCURRENCES_PER_OBJECT, ..Budget::default() }
    }

    /// Begins the next object: what one object may use is fresh, what the calendar may use is not.
    pub(crate) fn next_object(&mut self) {
        self.object_steps = MAX_STEPS_PER_OBJECT;
        self.object_occurrences = self.most_of_object;
    }

    /// Takes `count` periods.
    #[inline]
    pub(crate) fn step(&mut self, count: u64) -> Result<(), Unreadable> {
        if self.object_steps < count {
            return Err(Unreadable::TooManySteps);
        }
        if self.steps < count {
            return Err(Unreadable::CalendarTooManySteps);
        }
        self.object_steps -= count;
        self.steps -= count;
        Ok(())
    }

    /// Takes one occurrence.
    #[inline]
    pub(crate) fn occurrence(&mut self) -> Result<(), Unreadable> {
        if self.object_occurrences == 0 {
            return Err(Unreadable::TooManyOccurrences);
        }
        if self.occurrences == 0 {
            return Err(Unreadable::CalendarTooManyOccurrences);
        }
        self.object_occurrences -= 1;
        self.occurrences -= 1;
        Ok(())
    }
}
