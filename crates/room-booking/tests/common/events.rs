//! Events of the files that the command line reads.

/// The lines of an event on 2 March 2026 in UTC, from and to hours and minutes such as `1200`.
pub fn event(uid: &str, created: &str, from: &str, to: &str, more: &str) -> String {
    format!(
        "UID:{uid}\nCREATED:{created}T000000Z\nSUMMARY:{uid}\nDTSTART:20260302T{from}00Z\n\
         DTEND:20260302T{to}00Z\n{more}"
    )
}
