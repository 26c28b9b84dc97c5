//! Formats moments and states for the site.

use clearing::Ties;
use facts::Event;
use ical::civil::DAY;
use ical::{Moment, Zone};
use store::calendars::PriorityKind;
use store::site::Overview;

use crate::show;
use crate::web::admin::frame::text::{Text, Texts};

/// A moment relative to the present, in words; as a date if that is clearer.
pub fn relative(t: &Texts, zone: &Zone, now: Moment, at: i64) -> String {
    let seconds = now.0 - at;
    let minutes = seconds.abs() / 60;
    match (seconds >= 0, minutes) {
        (true, 0) => t.just_now.to_string(),
        (false, 0) => t.any_moment.to_string(),
        (true, 1..=119) => t.minutes_ago(minutes),
        (false, 1..=119) => t.in_minutes(minutes),
        (true, _) if seconds < 2 * DAY => t.hours_ago(minutes / 60),
        (false, _) if -seconds < 2 * DAY => t.in_hours(minutes / 60),
        _ => stamp(t, zone, at),
    }
}

/// A moment in the past, to the minute, on the clock of a zone.
pub fn stamp(t: &Texts, zone: &Zone, at: i64) -> String {
    t.language.words.stamp(zone, Moment(at - at.rem_euclid(60)))
}

/// An event's period on the clock of a zone.
pub fn period(t: &Texts, zone: &Zone, event: &Event) -> String {
    t.language.words.period(zone, event.start, event.end, event.is_all_day)
}

/// An event's name, or the text for an unnamed or private event.
pub fn name(t: &Texts, event: &Event) -> String {
    if event.privacy.is_hidden {
        return t.private_event.to_string();
    }
    let name = show::plain(&event.name);
    if name.is_empty() { t.unnamed.to_string() } else { name }
}

/// A state as a word with a colour and a sign, so that neither is needed alone.
#[derive(Clone, Debug)]
pub struct Badge {
    /// `good`, `warn`, `bad` or `quiet`.
    pub class: &'static str,
    /// The word.
    pub label: String,
    /// More about it.
    pub detail: Option<String>,
}

/// The state of a calendar.
pub fn state(t: &Texts, zone: &Zone, now: Moment, it: &Overview) -> Badge {
    if let Some(since) = it.failing_since {
        let detail = it.failure.as_deref().map(|it| show::sentence(t.stored_message(it)));
        return Badge { class: "bad", label: t.state_fails(relative(t, zone, now, since)), detail };
    }
    if let (Some(fetched), Some(to_fetch)) = (it.fetched, it.to_fetch) {
        let label = t.state_fetching(fetched, to_fetch);
        return Badge { class: "quiet", label, detail: None };
    }
    if let Some(objects) = it.asks_for {
        return Badge { class: "warn", label: t.state_confirm(objects), detail: None };
    }
    let class = match it.conflicts {
        None => "quiet",
        Some(0) if it.kept_conflicts.unwrap_or(0) == 0 => "good",
        // What is kept is settled.
        Some(0) => "quiet",
        Some(_) => "warn",
    };
    Badge { class, label: conflicts(t, it), detail: None }
}

/// The numbers of double bookings and of kept overlaps that the last rescan found.
fn conflicts(t: &Texts, it: &Overview) -> String {
    let Some(conflicts) = it.conflicts else { return t.state_new.to_string() };
    let kept = match it.kept_conflicts.unwrap_or(0) {
        0 => None,
        some => Some(t.state_kept(some)),
    };
    let conflicts = match conflicts {
        0 => None,
        some => Some(t.state_conflicts(some)),
    };
    match (conflicts, kept) {
        (None, None) => t.state_clear.to_string(),
        (Some(only), None) | (None, Some(only)) => only,
        (Some(conflicts), Some(kept)) => format!("{conflicts}, {kept}"),
    }
}

/// The result of the last rescan, if the state shows something else, with its time.
pub fn found(t: &Texts, zone: &Zone, now: Moment, it: &Overview) -> Option<String> {
    let as_of = t.as_of(relative(t, zone, now, it.scanned_at?));
    let is_said = it.failing_since.is_none() && it.asks_for.is_none() && it.to_fetch.is_none();
    Some(if is_said { as_of } else { format!("{}, {as_of}", conflicts(t, it)) })
}

/// When a calendar is cleared next by its schedule.
pub fn next_run(t: &Texts, zone: &Zone, now: Moment, it: &Overview) -> String {
    let Some(minutes) = it.schedule_minutes else {
        let when = if it.watch_seconds.is_some() { t.when_changed } else { t.never_by_itself };
        return when.to_string();
    };
    match it.last_scheduled_at {
        None => t.any_moment.to_string(),
        Some(last) => relative(t, zone, now, (last + minutes * 60).max(now.0)),
    }
}

/// The kind of a priority, or that it is a protection, in words.
pub fn kind_label(t: &Texts, kind: Option<PriorityKind>) -> Text {
    match kind {
        Some(PriorityKind::Organizer) => t.priority_organizer,
        Some(PriorityKind::Name) => t.priority_name,
        Some(PriorityKind::Uid) => t.priority_uid,
        None => t.protected,
    }
}

/// What happens if two prioritised events overlap, in words.
pub fn ties_label(t: &Texts, ties: Ties) -> Text {
    match ties {
        Ties::Keep => t.ties_keep,
        Ties::Rank => t.ties_rank,
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn near_moments_are_told_by_their_distance_and_far_ones_by_their_date() {
        let now = Moment(1_772_449_200);
        let told = |ahead: i64| relative(wording::english(), &Zone::utc(), now, now.0 + ahead);
        assert_eq!(told(0), "just now");
        assert_eq!(told(-59), "just now");
        assert_eq!(told(-60), "1 min ago");
        assert_eq!(told(-119 * 60), "119 min ago");
        assert_eq!(told(-2 * 3600), "2 h ago");
        assert_eq!(told(-2 * DAY), "28 Feb 2026, 11:00");
        assert_eq!(told(90), "in 1 min");
        assert_eq!(told(3 * 3600), "in 3 h");
        assert_eq!(told(30), "any moment");
    }
}
