//! Who may use a page or an action, and what a form brings.

/// Who may use a page or an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Anyone,
    /// Whoever is signed in.
    User,
    /// Administrators.
    Administrator,
    /// Whoever the calendar of the path is assigned to, and administrators. For all others there is no
    /// such calendar.
    Calendar,
    /// Administrators, about the calendar of the path.
    CalendarAdministrator,
}

impl Access {
    /// Whether only administrators may.
    pub fn is_for_administrators(self) -> bool {
        matches!(self, Access::Administrator | Access::CalendarAdministrator)
    }

    /// Whether it is about the calendar of its path.
    pub fn is_of_a_calendar(self) -> bool {
        matches!(self, Access::Calendar | Access::CalendarAdministrator)
    }
}

/// What a POST brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// The fields of a form.
    Form,
    /// A file beside them.
    File,
}
