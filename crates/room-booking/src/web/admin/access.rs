//! Access to pages and actions, and the kinds of their forms.

/// The access to a page or an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Anyone,
    /// Every signed-in user, also one who has to set up a second factor before anything else.
    Enrolling,
    /// Every signed-in user.
    User,
    /// Administrators.
    Administrator,
    /// Users with access to the calendar of the path, and administrators. For all others, the
    /// calendar does not exist.
    Calendar,
    /// Administrators, for the calendar of the path.
    CalendarAdministrator,
}

impl Access {
    /// Whether only administrators have access.
    pub fn is_for_administrators(self) -> bool {
        matches!(self, Access::Administrator | Access::CalendarAdministrator)
    }

    /// Whether it is about the calendar of its path.
    pub fn is_of_a_calendar(self) -> bool {
        matches!(self, Access::Calendar | Access::CalendarAdministrator)
    }
}

/// The body of a POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A form.
    Form,
    /// A form whose page shows again what was typed: it is kept where the session has ended.
    Text,
    /// A form with a file.
    File,
}
