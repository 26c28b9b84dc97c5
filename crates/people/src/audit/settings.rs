//! What can be set, as values that entries of the audit trail compare and tell.

use clearing::{ConflictHandling, RankBy, Ties};
use facts::audit::{AuditWord, FactValue, Field, Values};
use store::calendars::Calendar;
use store::keys::Rights;
use store::users::User;

/// The settings of a calendar that can be changed, with the name of its template.
pub fn settings_of(it: &Calendar, template: Option<String>) -> Values {
    let rank = match it.rank_by {
        RankBy::Created => AuditWord::Created,
        RankBy::HeldSince => AuditWord::HeldSince,
    };
    let conflicts = match it.conflicts {
        ConflictHandling::Remove => AuditWord::RemoveConflicts,
        ConflictHandling::Warn => AuditWord::WarnOfConflicts,
        ConflictHandling::Report => AuditWord::ReportConflicts,
    };
    let unknown_zone = match it.unknown_zones {
        ical::UnknownZones::Refuse => AuditWord::RefuseZone,
        ical::UnknownZones::Calendar => AuditWord::CalendarsZone,
    };
    let server = it.backend.collection();
    let of_server =
        |is: fn(&store::calendars::Collection) -> bool| FactValue::YesNo(server.is_some_and(is));
    vec![
        (Field::Name, FactValue::text(&it.name)),
        (Field::Zone, FactValue::text(&it.zone)),
        (Field::RoomAddress, FactValue::optional(it.room_address.as_deref())),
        (Field::ContactAddress, FactValue::optional(it.contact_address.as_deref())),
        (
            Field::Schedule,
            it.schedule_minutes.map_or(FactValue::NotSet, |it| FactValue::Minutes(it.into())),
        ),
        (
            Field::Watch,
            it.watch_seconds.map_or(FactValue::NotSet, |it| FactValue::Seconds(it.into())),
        ),
        (Field::Answers, FactValue::YesNo(it.answers)),
        (Field::RestoresAtOnce, FactValue::YesNo(it.restores_at_once)),
        (Field::TakesMoves, FactValue::YesNo(it.takes_moves)),
        (Field::Horizon, FactValue::Days(it.horizon_days.into())),
        (Field::Tolerance, FactValue::Minutes(it.tolerance_minutes.into())),
        (Field::SafetyLimit, FactValue::Number(it.safety_limit.into())),
        (Field::RankBy, FactValue::Word(rank)),
        (Field::Conflicts, FactValue::Word(conflicts)),
        (Field::Grace, FactValue::Hours(it.grace_hours.into())),
        (Field::FreeBlocks, FactValue::YesNo(it.free_blocks)),
        (Field::UnknownZone, FactValue::Word(unknown_zone)),
        (Field::Template, FactValue::optional(template.as_deref())),
        (Field::AnnouncesDeleted, FactValue::YesNo(it.announces.deleted)),
        (Field::AnnouncesCancelled, FactValue::YesNo(it.announces.cancelled)),
        (Field::AnnouncesLeftovers, FactValue::YesNo(it.announces.leftovers)),
        (Field::AnnouncesIgnored, FactValue::YesNo(it.announces.ignored)),
        (Field::SendsReplies, of_server(|it| it.sends_replies)),
        (Field::AsksAuthors, of_server(|it| it.asks_authors)),
        (Field::SharedIn, of_server(|it| it.is_shared_in)),
    ]
}

/// What can be changed of a user.
pub fn values_of_user(it: &User) -> Values {
    vec![
        (Field::Address, FactValue::optional(it.address.as_deref())),
        (Field::Role, role(it.is_administrator)),
        (Field::Active, FactValue::YesNo(it.is_active)),
    ]
}

/// What a user is.
pub fn role(is_administrator: bool) -> FactValue {
    FactValue::Word(if is_administrator {
        AuditWord::Administrator
    } else {
        AuditWord::OrdinaryUser
    })
}

/// What holds between two prioritised events.
pub fn ties(ties: Ties) -> FactValue {
    FactValue::Word(match ties {
        Ties::Keep => AuditWord::KeepTies,
        Ties::Rank => AuditWord::RankTies,
    })
}

/// What a key may do.
pub fn rights(rights: Rights) -> FactValue {
    let word = |name: &str| {
        Some(match name {
            "read" => AuditWord::RightRead,
            "create" => AuditWord::RightCreate,
            "change" => AuditWord::RightChange,
            "delete" => AuditWord::RightDelete,
            "preview" => AuditWord::RightPreview,
            "freebusy" => AuditWord::RightFreebusy,
            "clear" => AuditWord::RightClear,
            _ => return None,
        })
    };
    FactValue::Words(rights.names().into_iter().filter_map(word).collect())
}

#[cfg(test)]
mod tests {
    use facts::audit::{Action, Entry, MAX_VALUE, differences};
    use store::TemplateId;
    use store::calendars::{Announces, Backend, Collection};

    use super::*;

    #[test]
    fn each_setting_of_a_calendar_that_differs_is_named_with_what_it_was_and_is() {
        let mut before = Calendar::built_in("room", "Contents", "UTC");
        before.backend = Backend::CalDav(Collection {
            account: store::AccountId(1),
            url: "https://example.org/room/".to_owned(),
            sends_replies: true,
            asks_authors: true,
            is_shared_in: false,
            identity: None,
            conditions: None,
        });
        let values = |it: &Calendar| settings_of(it, it.template.map(|it| format!("T{it}")));
        let same = differences(values(&before), values(&before.clone()));
        assert_eq!(same, [], "what is the same is not named");
        let mut after = Calendar { zone: "Europe/Berlin".to_owned(), ..before.clone() };
        after.name = format!("Contents: {}", "é\n".repeat(1_000));
        after.room_address = Some("room@example.org".to_owned());
        after.contact_address = Some(String::new());
        after.schedule_minutes = Some(15);
        after.watch_seconds = Some(20);
        after.answers = true;
        after.restores_at_once = true;
        after.takes_moves = true;
        after.horizon_days = 30;
        after.tolerance_minutes = 5;
        after.safety_limit = 7;
        after.rank_by = RankBy::Created;
        after.conflicts = ConflictHandling::Warn;
        after.grace_hours = 3;
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
        let changed = differences(values(&before), values(&after));
        let entry = Entry::new(Action::CalendarChanged, "room").with_all(changed);
        let FactValue::Text(name) = &entry.facts[0].value else { panic!("{entry:?}") };
        assert!(name.starts_with("Contents: é é") && name.chars().count() == MAX_VALUE, "{name}");
        let lines = entry.facts[1..].iter().map(|it| {
            let all = [
                Some(it.field).map(|it| serde_json::json!(it)),
                it.before.as_ref().map(|it| serde_json::json!(it)),
                Some(serde_json::json!(it.value)),
            ];
            all.into_iter()
                .flatten()
                .map(|it| it.to_string())
                .collect::<Vec<_>>()
                .join(" ")
                .replace('"', "")
        });
        let expected = [
            "zone {text:UTC} {text:Europe/Berlin}",
            "room-address not-set {text:room@example.org}",
            "schedule not-set {minutes:15}",
            "watch not-set {seconds:20}",
            "answers {yes-no:false} {yes-no:true}",
            "restores-at-once {yes-no:false} {yes-no:true}",
            "takes-moves {yes-no:false} {yes-no:true}",
            "horizon {days:365} {days:30}",
            "tolerance {minutes:0} {minutes:5}",
            "safety-limit {number:50} {number:7}",
            "rank-by {word:held-since} {word:created}",
            "conflicts {word:remove-conflicts} {word:warn-of-conflicts}",
            "grace {hours:24} {hours:3}",
            "free-blocks {yes-no:false} {yes-no:true}",
            "unknown-zone {word:refuse-zone} {word:calendars-zone}",
            "template not-set {text:T3}",
            "announces-deleted {yes-no:true} {yes-no:false}",
            "announces-cancelled {yes-no:true} {yes-no:false}",
            "announces-leftovers {yes-no:true} {yes-no:false}",
            "announces-ignored {yes-no:false} {yes-no:true}",
            "sends-replies {yes-no:true} {yes-no:false}",
            "asks-authors {yes-no:true} {yes-no:false}",
            "shared-in {yes-no:false} {yes-no:true}",
        ];
        assert_eq!(lines.collect::<Vec<_>>(), expected);
        let stored = serde_json::to_string(&entry).unwrap();
        assert_eq!(Entry::of_stored(&stored), Some(entry), "it is read back as it was");
        assert_eq!(Entry::of_stored("horizon: 365 → 30"), None);
    }
}
