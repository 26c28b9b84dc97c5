//! What a clear reports, in short.

use answers::report::{Entry, Report};
use serde_json::Value;

/// An event in short, as it is asked for: `a 0303T10`, or `a 0303T1030`.
pub fn short(event: &facts::Event) -> String {
    let start = facts::time::rfc3339(&event.zone, event.start);
    let minute = if &start[14..16] == "00" { "" } else { &start[14..16] };
    format!("{} {}{}T{}{minute}", event.uid, &start[5..7], &start[8..10], &start[11..13])
}

/// A report in short, list by list.
pub fn told(report: &Report<facts::Event>) -> Vec<String> {
    let words = ["leftover", "deleted", "cancelled", "ignored", "ignored leftover"];
    let mut lines = Vec::new();
    for (word, list) in words.into_iter().zip(report.lists()) {
        for Entry { event, overlaps_with, reason, .. } in list {
            let by = overlaps_with.as_ref().map(|it| format!(" by {}", it.uid)).unwrap_or_default();
            let reason = reason.map(|it| format!(": {}", it.as_str())).unwrap_or_default();
            lines.push(format!("{word} {}{by}{reason}", short(event)));
        }
    }
    lines.extend(report.accepted_invitations.iter().map(|it| match it.removed_dates {
        0 => format!("accepted {}", short(&it.event)),
        dates => format!("accepted {} without {dates}", short(&it.event)),
    }));
    lines.extend(report.failed_calendars.iter().map(|it| format!("failed {}", it.calendar)));
    lines.extend(report.unreadable_objects.iter().map(|it| format!("unreadable {}", it.object)));
    lines
}

/// What a report as the API answers it says was removed: calendar, UID and start of each occurrence.
pub fn removed(report: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    [
        "deleted_cancelled_events",
        "deleted_overlapping_events",
        "cancelled_overlapping_recurring_events",
    ]
    .into_iter()
    .flat_map(|list| report[list].as_array().unwrap())
    .map(|line| {
        (text(&line["calendar"]), text(&line["event"]["uid"]), text(&line["event"]["start"]))
    })
    .collect()
}

/// The UIDs of a list of a report as the API answers it.
pub fn uids(report: &Value, list: &str) -> Vec<String> {
    let rows = report[list].as_array().unwrap_or_else(|| panic!("{list} in {report}"));
    rows.iter().map(|row| row["event"]["uid"].as_str().unwrap().to_owned()).collect()
}

/// What the database keeps of a message, in English; it has to be one with its id.
pub fn in_english(stored: &str) -> String {
    assert!(stored.starts_with('{'), "{stored}");
    operations::Message::of_stored(stored).to_string()
}
