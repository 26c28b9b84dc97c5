//! The schemas of the API for its documentation; [`answers::report`] and [`operations::room`]
//! write the answers.

#![allow(dead_code, reason = "they are read by the documentation only")]

mod rooms;

use utoipa::{IntoParams, ToSchema};

pub use rooms::{Calendar, CalendarList, FreeList, FreeParameters};

/// A field of the request, with its error.
#[derive(ToSchema)]
pub struct FieldError {
    /// The field's name.
    #[schema(example = "end")]
    field: String,
    /// The error.
    #[schema(example = "must be after the start")]
    message: String,
}

/// An event, or one occurrence of a series.
#[derive(ToSchema)]
pub struct Event {
    /// Its iCalendar UID; for events created here, their id.
    #[schema(example = "4uT6vCKWq3hCNXKoaFZK2b")]
    uid: String,
    /// Empty if it has none.
    #[schema(example = "Budget review")]
    name: String,
    /// With the offset of the calendar's time zone, as all times.
    #[schema(example = "2026-03-02T12:00:00+01:00", format = DateTime)]
    start: String,
    /// Exclusive.
    #[schema(example = "2026-03-02T13:00:00+01:00", format = DateTime)]
    end: String,
    /// When the event or its series was created; null if unknown.
    #[schema(example = "2026-01-14T08:33:20+01:00", format = DateTime, required = true)]
    created: Option<String>,
    /// The email address that is notified about it.
    #[schema(example = "finance@example.org", required = true)]
    organizer: Option<String>,
}

/// An event in a list.
#[derive(ToSchema)]
pub struct ListedEvent {
    #[serde(flatten)]
    event: Event,
    /// Whether it belongs to a series.
    recurring: bool,
    /// Whether it is an all-day event.
    all_day: bool,
    /// `CONFIRMED` if it has none that RFC 5545 defines.
    status: Status,
    /// Whether it blocks the room.
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

/// Why an overlapping event was kept (rule 7).
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
    /// The value of `after` for the next page; null if there is none.
    #[schema(required = true)]
    next: Option<String>,
}

/// The event to book.
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
    /// Email address that is notified about the event.
    organizer: Option<String>,
    /// Up to 8,000 characters.
    #[schema(max_length = 8000)]
    description: Option<String>,
    /// A recurrence rule (RFC 5545) of up to 500 characters, with at most 5,000 occurrences as far as the calendar's
    /// horizon.
    #[schema(max_length = 500)]
    rrule: Option<String>,
}

/// The created event.
#[derive(ToSchema)]
pub struct Created {
    /// 22 characters; also the iCalendar UID.
    #[schema(example = "4uT6vCKWq3hCNXKoaFZK2b")]
    id: String,
}

/// The rule that decides which event is stronger (rule 4).
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
    /// Since when the staying event has held the time.
    #[schema(example = "2026-01-12T09:15:00+01:00", format = DateTime)]
    winner_since: String,
    /// Since when the other event has held it.
    #[schema(example = "2026-01-14T08:33:20+01:00", format = DateTime)]
    loser_since: String,
    /// Whether the program witnessed that order; false if it rests on the clients' dates only.
    witnessed: bool,
}

/// An entry about an event.
#[derive(ToSchema)]
pub struct Cleared {
    event: Event,
    /// The strongest staying event that overlaps it.
    overlaps_with: Event,
    /// Why that event is stronger; missing where nothing distinguishes the two.
    because: Option<Because>,
    /// The calendar's slug.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// The key of the entry for `only`.
    key: String,
}

/// A cancelled event that was deleted.
#[derive(ToSchema)]
pub struct ClearedCancelled {
    event: Event,
    /// The calendar's slug.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// The key of the entry for `only`.
    key: String,
}

/// An overlapping event that was kept.
#[derive(ToSchema)]
pub struct Ignored {
    event: Event,
    /// The strongest staying event that overlaps it.
    overlaps_with: Event,
    /// Why that event is stronger.
    because: Option<Because>,
    /// The calendar's slug.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// Why.
    reason: Reason,
    /// Details, as a sentence.
    detail: Option<String>,
    /// The key of the entry for `only`.
    key: String,
}

/// A cancelled event that could not be deleted.
#[derive(ToSchema)]
pub struct IgnoredCancelled {
    event: Event,
    /// The calendar's slug.
    calendar: String,
    /// Why.
    reason: CancelledReason,
    /// Details, as a sentence.
    detail: Option<String>,
    /// The key of the entry for `only`.
    key: String,
}

/// A calendar that failed.
#[derive(ToSchema)]
pub struct FailedCalendar {
    /// Its name in paths.
    calendar: String,
    /// Why.
    error: String,
}

/// An object that cannot be read and was kept.
#[derive(ToSchema)]
pub struct UnreadableObject {
    /// The calendar's slug.
    calendar: String,
    /// Its UID, or its address.
    object: String,
    /// Why.
    error: String,
}

/// The code of a warning.
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

/// A warning about an object that was read, but possibly not as its writer meant it.
#[derive(ToSchema)]
pub struct Warning {
    /// The calendar's slug.
    calendar: String,
    /// Its UID, or its address.
    object: String,
    /// The code of the warning.
    code: WarningCode,
    /// Details, as a sentence.
    detail: String,
}

/// The result of a run, or in test mode, what it would be. Each list is ordered by calendar, then
/// start, then UID.
#[derive(ToSchema)]
pub struct Report {
    deleted_cancelled_events: Vec<ClearedCancelled>,
    deleted_overlapping_events: Vec<Cleared>,
    /// Single occurrences; the rest of their series stays.
    cancelled_overlapping_recurring_events: Vec<Cleared>,
    ignored_overlapping_events: Vec<Ignored>,
    ignored_cancelled_events: Vec<IgnoredCancelled>,
    failed_calendars: Vec<FailedCalendar>,
    unreadable_objects: Vec<UnreadableObject>,
    /// Ordered by calendar, then object, then code.
    warnings: Vec<Warning>,
    /// Invitations that the room accepted, without the dates that were removed; absent if there are none.
    /// Ordered as the other lists.
    #[schema(required = false)]
    accepted_invitations: Vec<AcceptedInvitation>,
    /// Whether nothing was changed.
    test_mode: bool,
}

/// An invitation that the room accepted, because the calendar has `answers` on.
#[derive(ToSchema)]
pub struct AcceptedInvitation {
    /// Its first date that waited for an answer and was kept.
    event: Event,
    calendar: String,
    /// The number of its dates that were removed by the same run.
    removed_dates: usize,
}

/// The changes of an event; missing members stay as they are.
#[derive(ToSchema)]
#[schema(example = json!({ "end": "2026-03-02T12:30:00" }), min_properties = 1)]
#[serde(deny_unknown_fields)]
pub struct EventChange {
    /// 1 to 255 characters after trimming, no control characters.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// As for creating an event; of a series, the start of its first date.
    start: Option<String>,
    /// As for creating an event; exclusive.
    end: Option<String>,
    /// Up to 8,000 characters; empty to remove it.
    #[schema(max_length = 8000)]
    description: Option<String>,
}

/// The date of a series that is changed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Occurrence {
    /// The `recurrence_id` of a date of a series, from the list: only that date is changed
    occurrence: Option<String>,
}

/// The calendars to clear, and how.
#[derive(ToSchema)]
#[schema(example = json!({ "calendars": ["meeting-room-1"], "test": true }))]
#[serde(deny_unknown_fields)]
pub struct ClearRequest {
    /// The calendars; without it, all that the key can access, or those that `only` names.
    #[schema(min_items = 1, nullable = false)]
    calendars: Option<Vec<String>>,
    /// Test mode: nothing is changed and no mail is sent; the answer says what would be done.
    #[schema(default = false, nullable = false)]
    test: Option<bool>,
    /// Lifts the calendars' safety limit for this run; only with an administrator's key.
    #[schema(default = false, nullable = false)]
    confirm: Option<bool>,
    /// Keys of entries of an earlier answer: only these are applied.
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
    /// The largest number of events in one answer; without it, 1,000
    #[param(minimum = 1, maximum = 10_000)]
    limit: Option<u32>,
    /// The `next` of the previous answer
    after: Option<String>,
}

/// The pending removals, by start.
#[derive(ToSchema)]
pub struct PendingList {
    pending: Vec<PendingRemoval>,
}

/// An event that is to be removed, because another one has the room.
#[derive(ToSchema)]
pub struct PendingRemoval {
    /// Its number.
    #[schema(example = 12)]
    id: i64,
    /// The calendar.
    #[schema(example = "meeting-room-1")]
    calendar: String,
    /// The event that is to be removed.
    event: Event,
    /// The event that stays.
    overlaps_with: Event,
    /// When the warning was made.
    #[schema(example = "2026-02-28T09:00:00+01:00", format = DateTime)]
    made_at: String,
    /// When the mail server took the warning, so that the grace began; null before that.
    #[schema(example = "2026-02-28T09:00:05+01:00", format = DateTime, required = true)]
    warned_at: Option<String>,
    /// When the event is removed, unless something changes; null if nobody has been warned yet, or somebody decided.
    #[schema(example = "2026-03-01T09:00:05+01:00", format = DateTime, required = true)]
    removal_at: Option<String>,
    /// What an administrator decided: `keep` or `now`; null before that.
    #[schema(required = true)]
    decision: Option<String>,
    /// Whether nobody can be warned: then the event is not removed.
    needs_attention: bool,
}
