//! Every metric: its name, its kind, and what it says. `docs/metrics.md` describes the same; a test compares both.

/// The kind of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Durations by class.
    Histogram,
}

/// A metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// What it says.
    pub help: &'static str,
}

/// The version of the program.
pub const BUILD_INFO: &str = "room_booking_build_info";
/// When the process began.
pub const STARTED: &str = "process_start_time_seconds";
/// The memory of the process.
pub const MEMORY: &str = "process_resident_memory_bytes";
/// Requests.
pub const REQUESTS: &str = "room_booking_http_requests_total";
/// How long they take.
pub const REQUEST_DURATION: &str = "room_booking_http_request_duration_seconds";
/// Connections to the database.
pub const CONNECTIONS: &str = "room_booking_database_connections";
/// Whether the database answers.
pub const DATABASE_UP: &str = "room_booking_database_up";
/// Messages by state.
pub const OUTBOX: &str = "room_booking_outbox_messages";
/// The age of the oldest waiting message.
pub const OUTBOX_AGE: &str = "room_booking_outbox_oldest_waiting_seconds";
/// Webhooks that wait.
pub const WEBHOOKS: &str = "room_booking_webhooks_waiting";
/// The age of the oldest of them.
pub const WEBHOOKS_AGE: &str = "room_booking_webhooks_oldest_waiting_seconds";
/// Calendars.
pub const CALENDARS: &str = "room_booking_calendars";
/// Calendars that fail.
pub const FAILING: &str = "room_booking_calendars_failing";
/// How late schedules are.
pub const LATE: &str = "room_booking_schedule_lateness_seconds";
/// Removals that are pending.
pub const PENDING: &str = "room_booking_pending_removals";
/// Calendars that wait for a confirmation.
pub const CONFIRMATIONS: &str = "room_booking_confirmations_open";
/// Changes in doubt.
pub const IN_DOUBT: &str = "room_booking_changes_in_doubt";
/// Mirrors in doubt.
pub const MIRRORS_IN_DOUBT: &str = "room_booking_mirrors_in_doubt";
/// The age of the oldest audit.
pub const AUDIT_AGE: &str = "room_booking_mirror_oldest_audit_seconds";
/// Servers on the database.
pub const SERVERS: &str = "room_booking_servers";
/// When the last daily backup was made.
pub const BACKUP_MADE: &str = "room_booking_backup_last_success_timestamp_seconds";
/// Whether the last daily backup failed.
pub const BACKUP_FAILED: &str = "room_booking_backup_failed";

const fn counter(name: &'static str, help: &'static str) -> Described {
    Described { name, kind: Kind::Counter, help }
}

const fn gauge(name: &'static str, help: &'static str) -> Described {
    Described { name, kind: Kind::Gauge, help }
}

const fn histogram(name: &'static str, help: &'static str) -> Described {
    Described { name, kind: Kind::Histogram, help }
}

/// All of them.
pub const ALL: &[Described] = &[
    gauge(BUILD_INFO, "1, with the version of the program."),
    gauge(STARTED, "When the process began, in seconds since 1970."),
    gauge(MEMORY, "Resident memory of the process, in bytes."),
    counter(REQUESTS, "HTTP requests, by route, method and class of the status."),
    histogram(REQUEST_DURATION, "How long HTTP requests took, by route and method."),
    counter(caldav::metrics::REQUESTS, "Requests to calendar servers, by server and outcome."),
    histogram(caldav::metrics::DURATION, "How long requests to calendar servers took, by server."),
    counter(
        operations::metrics::RUNS,
        "Runs on a calendar, by what started them and how they ended.",
    ),
    counter(operations::metrics::REMOVALS, "Removed events and occurrences, by kind."),
    counter(operations::metrics::RESTORES, "Restored events and occurrences."),
    counter(operations::metrics::WARNINGS, "Warnings that an event will be removed."),
    counter(operations::metrics::MESSAGES, "Attempts to send a message, by outcome."),
    counter(operations::metrics::WEBHOOKS, "Attempts to send a webhook, by outcome."),
    counter(operations::metrics::AUDITS, "Comparisons of a mirror with its server, by result."),
    counter(
        operations::metrics::AUDIT_DIFFERENCES,
        "Objects that such comparisons found to differ.",
    ),
    gauge(DATABASE_UP, "1 if the database answered, else 0."),
    gauge(CONNECTIONS, "Connections to the database, by state."),
    gauge(OUTBOX, "Messages that were not sent yet, by state."),
    gauge(OUTBOX_AGE, "How long the oldest waiting message has been due, in seconds."),
    gauge(WEBHOOKS, "Webhooks that wait to be sent."),
    gauge(WEBHOOKS_AGE, "How long the oldest of them has been waiting, in seconds."),
    gauge(CALENDARS, "Calendars, by where they are kept."),
    gauge(FAILING, "Calendars whose runs fail."),
    gauge(LATE, "How late the latest scheduled run is, in seconds."),
    gauge(PENDING, "Pending removals, by state."),
    gauge(CONFIRMATIONS, "Calendars that wait for a confirmation at their safety limit."),
    gauge(IN_DOUBT, "Changes on calendar servers whose result is not known."),
    gauge(MIRRORS_IN_DOUBT, "Calendars whose mirror has to be compared with their server."),
    gauge(
        AUDIT_AGE,
        "How long ago the mirror was compared whose comparison is the oldest, in seconds.",
    ),
    gauge(SERVERS, "Server processes on the database."),
    gauge(
        BACKUP_MADE,
        "When the last daily backup was made, in seconds since 1970; 0 if there is none.",
    ),
    gauge(BACKUP_FAILED, "1 if the last daily backup failed, else 0."),
];

#[cfg(test)]
mod tests;
