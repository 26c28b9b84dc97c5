//! The shapes of the API as its documentation shows them; [`operations::report`] and
//! [`operations::room`] write them.

#![allow(dead_code, reason = "they are read by the documentation only")]

use utoipa::{IntoParams, ToSchema};

/// A field of what was asked, and what is wrong with it.
#[derive(ToSchema)]
pub struct FieldError {
    /// The field's name.
    #[schema(example = "end")]
    field: String,
    /// What is wrong.
    #[schema(example = "must be after the start")]
    message: String,
}

/// An event, or one occurrence of a series.
#[derive(ToSchema)]
pub struct Event {
    /// Its iCalendar UID: for events made here, their id.
    #[schema(example = "4uT6vCKWq3hCNXKoaFZK2b")]
    uid: String,
    /// Empty where it has none.
    #[schema(example = "Budget review")]
    name: String,
    /// With the offset of the calendar's time zone, as all times.
    #[schema(example = "2026-03-02T12:00:00+01:00", format = DateTime)]
    start: String,
    /// Exclusive.
    #[schema(example = "2026-03-02T13:00:00+01:00", format = DateTime)]
    end: String,
    /// When the event or its series was created, where that is known.
    #[schema(example = "2026-01-14T08:33:20+01:00", format = DateTime, required = true)]
    created: Option<String>,
    /// Who is told of what happens to it.
    #[schema(example = "finance@example.org", required = true)]
    organizer: Option<String>,
}

/// An event in a list.
#[derive(ToSchema)]
pub struct ListedEvent {
    #[serde(flatten)]
    event: Event,
    /// Whether it is of a series.
    recurring: bool,
    /// Whether it is of whole days.
    all_day: bool,
    /// `CONFIRMED` where none is given that RFC 5545 defines.
    status: Status,
    /// Whether it takes the room.
    blocking: bool,
    /// The version of its object, for `If-Match`.
    #[schema(example = "\"9f86d081884c7d65\"")]
    etag: String,
    /// In a series: the original start of this date, for `occurrence`.
    #[schema(example = "2026-03-02T12:00:00+01:00", format = DateTime)]
    recurrence_id: Option<String>,
}

/// STATUS of an event.
#[derive(ToSchema)]
#[schema(rename_all = "UPPERCASE")]
pub enum Status {
    Tentative,
    Confirmed,
    Cancelled,
}

/// Yes (`1`, `ok`, `on`, `true`, `yes`) or no (`0`, `off`, `false`, `no`), in any case.
#[derive(ToSchema)]
pub enum Flag {
    #[schema(rename = "1")]
    One,
    #[schema(rename = "ok")]
    Ok,
    #[schema(rename = "on")]
    On,
    #[schema(rename = "true")]
    True,
    #[schema(rename = "yes")]
    Yes,
    #[schema(rename = "0")]
    Zero,
    #[schema(rename = "off")]
    Off,
    #[schema(rename = "false")]
    False,
    #[schema(rename = "no")]
    No,
}

/// Why an overlapping event was left alone (rule 7).
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Reason {
    Started,
    Prioritised,
    Protected,
    Tolerated,
    Free,
    Changed,
    Refused,
    Pending,
    Report,
    Limit,
}

/// Why a cancelled event could not be deleted.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum CancelledReason {
    Changed,
    Refused,
}

/// Events, ordered by start, then UID.
#[derive(ToSchema)]
pub struct EventList {
    events: Vec<ListedEvent>,
    /// What to pass as `after` for the rest; null where there is none.
    #[schema(required = true)]
    next: Option<String>,
}

/// What to book.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "Budget review", "start": "2026-03-02T12:00:00", "end": "2026-03-02T13:00:00"
}))]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    /// 1 to 255 characters after trimming, no control characters.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// An ISO 8601 date-time; without an offset it is local in the calendar's time zone. Or a plain
    /// date, for an all-day event.
    start: String,
    /// Exclusive; at most 366 days after the start.
    end: String,
    /// Mail address of whoever is told of what happens to the event.
    organizer: Option<String>,
    /// Up to 8,000 characters.
    #[schema(max_length = 8000)]
    description: Option<String>,
    /// A recurrence rule (RFC 5545) of up to 500 characters.
    #[schema(max_length = 500)]
    rrule: Option<String>,
}

/// The event that was made.
#[derive(ToSchema)]
pub struct Created {
    /// 22 characters; also the iCalendar UID.
    #[schema(example = "4uT6vCKWq3hCNXKoaFZK2b")]
    id: String,
}

/// A calendar that the key reaches.
#[derive(ToSchema)]
pub struct Calendar {
    /// Its name in paths.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// Its name for people.
    #[schema(example = "Meeting room 1")]
    name: String,
    /// IANA name of its time zone.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
}

/// The calendars that the key reaches, by name.
#[derive(ToSchema)]
pub struct CalendarList {
    calendars: Vec<Calendar>,
}

/// By which rule an event is the stronger (rule 4).
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum RankRule {
    Priority,
    HeldSince,
    Created,
    Uid,
    OriginalStart,
}

/// Why an event is weaker than the one that stays.
#[derive(ToSchema)]
pub struct Because {
    /// The rule that decided.
    rule: RankRule,
    /// Since when the event that stays has held the hour.
    winner_since: String,
    /// Since when the other one has.
    loser_since: String,
    /// Whether the program saw that order itself; false where it has only the clients' word for it.
    witnessed: bool,
}

/// What happened to an event.
#[derive(ToSchema)]
pub struct Cleared {
    event: Event,
    /// The strongest event that stays and overlaps it.
    overlaps_with: Event,
    /// Why that one is the stronger.
    because: Because,
    /// The calendar's name in paths.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// What names the entry in `only`.
    key: String,
}

/// A cancelled event that was deleted.
#[derive(ToSchema)]
pub struct ClearedCancelled {
    event: Event,
    /// The calendar's name in paths.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// What names the entry in `only`.
    key: String,
}

/// An overlapping event that was left alone.
#[derive(ToSchema)]
pub struct Ignored {
    event: Event,
    /// The strongest event that stays and overlaps it.
    overlaps_with: Event,
    /// Why that one is the stronger.
    because: Option<Because>,
    /// The calendar's name in paths.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// Why.
    reason: Reason,
    /// More about it, in a sentence.
    detail: Option<String>,
    /// What names the entry in `only`.
    key: String,
}

/// A cancelled event that could not be deleted.
#[derive(ToSchema)]
pub struct IgnoredCancelled {
    event: Event,
    /// The calendar's name in paths.
    calendar: String,
    /// Why.
    reason: CancelledReason,
    /// More about it, in a sentence.
    detail: Option<String>,
    /// What names the entry in `only`.
    key: String,
}

/// A calendar of which nothing could be done.
#[derive(ToSchema)]
pub struct FailedCalendar {
    /// Its name in paths.
    calendar: String,
    /// Why.
    error: String,
}

/// An object that cannot be read and was left alone.
#[derive(ToSchema)]
pub struct UnreadableObject {
    /// The calendar's name in paths.
    calendar: String,
    /// Its UID, or where it lies.
    object: String,
    /// Why.
    error: String,
}

/// What a warning is about.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum WarningCode {
    SeveralMasters,
    UnknownStatus,
    ZoneAssumed,
    CreatedRefuted,
    TokenUsedUp,
    LineEnds,
    Encoding,
}

/// What was read, but perhaps not as its writer meant it.
#[derive(ToSchema)]
pub struct Warning {
    /// The calendar's name in paths.
    calendar: String,
    /// Its UID, or where it lies.
    object: String,
    /// What the warning is about.
    code: WarningCode,
    /// What there is to know.
    detail: String,
}

/// What a run of clearing did, or in test mode would have done. Each list is ordered by calendar, then
/// start, then UID.
#[derive(ToSchema)]
pub struct Report {
    deleted_cancelled_events: Vec<ClearedCancelled>,
    deleted_overlapping_events: Vec<Cleared>,
    /// Single occurrences; their series live on.
    cancelled_overlapping_recurring_events: Vec<Cleared>,
    ignored_overlapping_events: Vec<Ignored>,
    ignored_cancelled_events: Vec<IgnoredCancelled>,
    failed_calendars: Vec<FailedCalendar>,
    unreadable_objects: Vec<UnreadableObject>,
    /// Ordered by calendar, then object, then code.
    warnings: Vec<Warning>,
    /// Whether nothing was changed.
    test_mode: bool,
}

/// What to change of an event; what is missing stays as it is.
#[derive(ToSchema)]
#[schema(example = json!({ "end": "2026-03-02T12:30:00" }), min_properties = 1)]
#[serde(deny_unknown_fields)]
pub struct EventChange {
    /// 1 to 255 characters after trimming, no control characters.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// As at creation; of a series, the start of its first date.
    start: Option<String>,
    /// As at creation; exclusive.
    end: Option<String>,
    /// Up to 8,000 characters; empty to take it away.
    #[schema(max_length = 8000)]
    description: Option<String>,
}

/// Which date of a series is meant.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Occurrence {
    /// The `recurrence_id` of a date of a series, as the list gives it: only that date is meant
    occurrence: Option<String>,
}

/// What to clear.
#[derive(ToSchema)]
#[schema(example = json!({ "calendars": ["meeting-room-1"], "test": true }))]
#[serde(deny_unknown_fields)]
pub struct ClearRequest {
    /// Which calendars; without it, all that the key reaches, or those that `only` names.
    #[schema(min_items = 1, nullable = false)]
    calendars: Option<Vec<String>>,
    /// Whether nothing is changed and no mail is sent, and the answer says what would have been.
    #[schema(default = false, nullable = false)]
    test: Option<bool>,
    /// Lifts the calendars' safety limit for this run; only with a key of an administrator.
    #[schema(default = false, nullable = false)]
    confirm: Option<bool>,
    /// Keys of entries of an earlier answer: only these are done.
    #[schema(max_items = 5000, nullable = false)]
    only: Option<Vec<String>>,
}

/// The parameters of a list of events.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// A date or date-time; without it, now
    start: Option<String>,
    /// Exclusive, at most 5 years after the start; without it, 30 days after it
    end: Option<String>,
    /// Events in one answer; without it, 1,000
    #[param(minimum = 1, maximum = 10_000)]
    limit: Option<u32>,
    /// The `next` of the answer before
    after: Option<String>,
}
