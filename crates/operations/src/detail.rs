//! What a line of the audit trail says beside who did what to what: one line for each thing, `word: value`,
//! and `word: before → after` where something was changed. The words are of a fixed set, so that the site
//! can show them in its reader's language; none of the values is ever a secret.

use clearing::RankBy;
use store::calendars::{Calendar, unknown_zone_name};
use store::users::User;

/// What stands for a value that is not set.
pub const NOT_SET: &str = "–";
/// What stands between a value and the one that replaced it.
pub const BECAME: &str = " → ";
/// The most characters of a value that are kept.
const MAX_VALUE: usize = 200;

/// Something of which the audit trail speaks: its word, and what it is.
pub(crate) type Fact = (&'static str, String);

/// A yes or no, as the audit trail has it.
fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn or_not_set(value: Option<String>) -> String {
    value.filter(|it| !it.is_empty()).unwrap_or_else(|| NOT_SET.to_owned())
}

/// A value on one line, and of no more than so many characters.
fn on_one_line(value: &str) -> String {
    let plain = value.chars().map(|it| if it.is_control() { ' ' } else { it });
    plain.take(MAX_VALUE).collect()
}

/// Facts as the audit trail keeps them.
pub(crate) fn detail(facts: &[Fact]) -> String {
    let lines = facts.iter().map(|(word, value)| format!("{word}: {}", on_one_line(value)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What differs between the same facts before and after a change.
pub(crate) fn differences(before: Vec<Fact>, after: Vec<Fact>) -> Vec<Fact> {
    let pairs = before.into_iter().zip(after);
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    let both = |before: &str, after: &str| [before, after].map(on_one_line_short).join(BECAME);
    changed.map(|((word, before), (_, after))| (word, both(&before, &after))).collect()
}

/// A value of which two have to stand on one line.
fn on_one_line_short(value: &str) -> String {
    on_one_line(value).chars().take(MAX_VALUE / 2 - BECAME.len()).collect()
}

/// The settings of a calendar that can be changed, with the name of its template.
pub(crate) fn settings_of(it: &Calendar, template: Option<String>) -> Vec<Fact> {
    let rank = match it.rank_by {
        RankBy::Created => "created",
        RankBy::HeldSince => "held since",
    };
    let server = it.backend.collection();
    vec![
        ("name", it.name.clone()),
        ("zone", it.zone.clone()),
        ("room address", or_not_set(it.room_address.clone())),
        ("contact address", or_not_set(it.contact_address.clone())),
        ("schedule", or_not_set(it.schedule_minutes.map(|it| it.to_string()))),
        ("horizon", it.horizon_days.to_string()),
        ("tolerance", it.tolerance_minutes.to_string()),
        ("safety limit", it.safety_limit.to_string()),
        ("rank by", rank.to_owned()),
        ("free blocks", yes_or_no(it.free_blocks)),
        ("unknown zone", unknown_zone_name(it.unknown_zones).to_owned()),
        ("template", or_not_set(template)),
        ("tells of deleted", yes_or_no(it.announces.deleted)),
        ("tells of cancelled", yes_or_no(it.announces.cancelled)),
        ("tells of leftovers", yes_or_no(it.announces.leftovers)),
        ("tells of left alone", yes_or_no(it.announces.ignored)),
        ("sends replies", yes_or_no(server.is_some_and(|it| it.sends_replies))),
        ("asks authors", yes_or_no(server.is_some_and(|it| it.asks_authors))),
        ("shared in", yes_or_no(server.is_some_and(|it| it.is_shared_in))),
    ]
}

/// What can be changed of a user.
pub(crate) fn facts_of_user(it: &User) -> Vec<Fact> {
    let role = if it.is_administrator { "administrator" } else { "ordinary user" };
    vec![
        ("address", or_not_set(it.address.clone())),
        ("role", role.to_owned()),
        ("active", yes_or_no(it.is_active)),
    ]
}

#[cfg(test)]
mod tests {
    use store::TemplateId;
    use store::calendars::{Announces, Backend, Collection};

    use super::*;

    #[test]
    fn each_setting_of_a_calendar_that_differs_is_named_with_what_it_was_and_is() {
        let mut before = Calendar::built_in("room", "Room", "UTC");
        before.backend = Backend::CalDav(Collection {
            account: store::AccountId(1),
            url: "https://example.org/room/".to_owned(),
            sends_replies: true,
            asks_authors: true,
            is_shared_in: false,
            identity: None,
            conditions: None,
        });
        let facts = |it: &Calendar| settings_of(it, it.template.map(|it| format!("T{it}")));
        let same = differences(facts(&before), facts(&before.clone()));
        assert_eq!(detail(&same), "", "what is the same is not named");
        let mut after = Calendar { zone: "Europe/Berlin".to_owned(), ..before.clone() };
        after.name = format!("Room: {}", "é\n".repeat(1_000));
        after.room_address = Some("room@example.org".to_owned());
        after.contact_address = Some(String::new());
        after.schedule_minutes = Some(15);
        after.horizon_days = 30;
        after.tolerance_minutes = 5;
        after.safety_limit = 7;
        after.rank_by = RankBy::Created;
        after.free_blocks = true;
        after.unknown_zones = ical::UnknownZones::Calendar;
        after.template = Some(TemplateId(3));
        after.announces =
            Announces { deleted: false, cancelled: false, leftovers: false, ignored: true };
        let Backend::CalDav(server) = &mut after.backend else { return };
        *server = Collection {
            sends_replies: false,
            asks_authors: false,
            is_shared_in: true,
            ..server.clone()
        };
        let text = detail(&differences(facts(&before), facts(&after)));
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].starts_with("name: Room → Room: é é"), "{text}");
        assert!(lines.iter().all(|it| it.chars().count() < 230), "{text}");
        let expected = [
            "zone: UTC → Europe/Berlin",
            "room address: – → room@example.org",
            "schedule: – → 15",
            "horizon: 365 → 30",
            "tolerance: 0 → 5",
            "safety limit: 50 → 7",
            "rank by: held since → created",
            "free blocks: no → yes",
            "unknown zone: refuse → calendar",
            "template: – → T3",
            "tells of deleted: yes → no",
            "tells of cancelled: yes → no",
            "tells of leftovers: yes → no",
            "tells of left alone: no → yes",
            "sends replies: yes → no",
            "asks authors: yes → no",
            "shared in: no → yes",
        ];
        assert_eq!(lines[1..], expected);
    }
}
