//! What the audit trail keeps: who did what to what, and what it was and became. An entry is typed, and is
//! worded when somebody reads it; none of its values is ever a secret.

use clearing::{RankBy, Ties};
use serde::{Deserialize, Serialize};
use store::Transaction;
use store::audit::{self, Actor};
use store::calendars::Calendar;
use store::keys::Rights;
use store::templates::Template;
use store::users::User;

use crate::Result;

/// The most characters of a value that are kept.
const MAX_VALUE: usize = 200;

/// An entry of the audit trail, but for when it was and who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What was done.
    pub action: Action,
    /// To what.
    pub subject: Subject,
    /// What else there is to know of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "their names say it")]
pub enum Action {
    CalendarAdded,
    CalendarAssigned,
    CalendarChanged,
    CalendarUnassigned,
    EventRestored,
    FileImported,
    InvitationMade,
    KeyAdded,
    KeyRevoked,
    MessageDiscarded,
    MessageRetried,
    PasswordLinkMade,
    PasswordSet,
    PriorityAdded,
    PriorityRemoved,
    ProtectionAdded,
    ProtectionRemoved,
    ServerAccountAdded,
    ServerAccountRemoved,
    ServerPasswordSet,
    SignedOutEverywhere,
    TemplateAdded,
    TemplateChanged,
    TemplateDeleted,
    TokenAdded,
    TokenBindingRemoved,
    TokenBindingRenewed,
    TokenRemoved,
    UserActivated,
    UserAdded,
    UserChanged,
    UserDeactivated,
}

/// To what something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Something with a name, such as a calendar's slug.
    Named(String),
    /// All calendars.
    AllCalendars,
    /// An account on a calendar server.
    Account {
        /// Its user name.
        user: String,
        /// The server's host.
        host: String,
    },
}

/// One thing that an entry tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What it is about.
    pub field: Field,
    /// What it was before, where it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<FactValue>,
    /// What it is.
    pub value: FactValue,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "their names say it")]
pub enum Field {
    About,
    Active,
    Added,
    Address,
    AnnouncesCancelled,
    AnnouncesDeleted,
    AnnouncesIgnored,
    AnnouncesLeftovers,
    AsksAuthors,
    BoundEvents,
    Calendar,
    Calendars,
    ContactAddress,
    Event,
    Events,
    Expiry,
    ForCalendars,
    FreeBlocks,
    Horizon,
    How,
    Kind,
    Message,
    Name,
    Organizer,
    Parts,
    People,
    Prefix,
    RankBy,
    Replaced,
    Rights,
    Role,
    RoomAddress,
    SafetyLimit,
    Schedule,
    SendsReplies,
    SharedIn,
    Start,
    Template,
    Ties,
    Token,
    Tolerance,
    Uid,
    Unchanged,
    UnknownZone,
    Unreadable,
    User,
    WordsOfName,
    Zone,
}

/// What a fact is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactValue {
    /// Nothing is set.
    NotSet,
    /// What is the same in every language.
    Text(String),
    /// Several of these.
    Texts(Vec<String>),
    /// A whole number.
    Number(i64),
    /// Minutes.
    Minutes(i64),
    /// Days.
    Days(i64),
    /// Yes or no.
    YesNo(bool),
    /// A moment, in seconds since 1970.
    Moment(i64),
    /// One of a fixed set.
    Word(Word),
    /// Several of it.
    Words(Vec<Word>),
}

/// The words of a fixed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "their names say it")]
pub enum Word {
    Administrator,
    BuiltIn,
    ByInvitation,
    ByPasswordLink,
    CalendarsZone,
    Created,
    FirstAdministrator,
    HeldSince,
    HtmlBody,
    KeepTies,
    OnServer,
    OrdinaryUser,
    RankTies,
    RefuseZone,
    RightChange,
    RightClear,
    RightCreate,
    RightDelete,
    RightFreebusy,
    RightPreview,
    RightRead,
    Subject,
    TextBody,
}

impl Action {
    /// Its name in the database.
    fn id(self) -> String {
        let name = serde_json::to_value(self).unwrap_or_default();
        name.as_str().unwrap_or_default().to_owned()
    }
}

impl FactValue {
    /// A text; nothing, if it is empty.
    pub(crate) fn text(text: impl Into<String>) -> FactValue {
        let text: String = text.into();
        if text.is_empty() { FactValue::NotSet } else { FactValue::Text(on_one_line(&text)) }
    }

    /// A text that may be missing.
    pub(crate) fn optional(text: Option<&str>) -> FactValue {
        FactValue::text(text.unwrap_or_default())
    }

    /// Several texts; nothing, if there are none.
    pub(crate) fn texts(all: &[String]) -> FactValue {
        match all {
            [] => FactValue::NotSet,
            all => FactValue::Texts(all.iter().map(|it| on_one_line(it)).collect()),
        }
    }

    /// A moment, in seconds since 1970; nothing, if there is none.
    pub(crate) fn moment(at: Option<i64>) -> FactValue {
        at.map_or(FactValue::NotSet, FactValue::Moment)
    }

    /// A number.
    pub(crate) fn number(number: usize) -> FactValue {
        FactValue::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A value on one line, cut to [`MAX_VALUE`] characters.
fn on_one_line(value: &str) -> String {
    let plain = value.chars().map(|it| if it.is_control() { ' ' } else { it });
    plain.take(MAX_VALUE).collect()
}

impl Entry {
    /// Something that was done to a thing with a name.
    pub(crate) fn new(action: Action, subject: &str) -> Entry {
        Entry { action, subject: Subject::Named(subject.to_owned()), facts: Vec::new() }
    }

    /// Something that was done to one calendar or to all.
    pub(crate) fn of_calendars(action: Action, slug: Option<&str>) -> Entry {
        let named = |slug: &str| Subject::Named(slug.to_owned());
        let subject = slug.map_or(Subject::AllCalendars, named);
        Entry { action, subject, facts: Vec::new() }
    }

    /// Something that was done to an account on a calendar server.
    pub(crate) fn of_account(action: Action, user: &str, host: &str) -> Entry {
        let subject = Subject::Account { user: user.to_owned(), host: host.to_owned() };
        Entry { action, subject, facts: Vec::new() }
    }

    /// The same with one more fact.
    pub(crate) fn with(mut self, field: Field, value: FactValue) -> Entry {
        self.facts.push(Fact { field, before: None, value });
        self
    }

    /// The same with more facts.
    pub(crate) fn with_all(mut self, facts: Vec<Fact>) -> Entry {
        self.facts.extend(facts);
        self
    }

    /// What [`Entry::write`] wrote; `None` of anything else, such as an entry of another version of the
    /// program.
    pub fn of_stored(stored: &str) -> Option<Entry> {
        serde_json::from_str(stored).ok()
    }

    /// Writes it down, as done at a moment in seconds since 1970. The columns beside it are what a search
    /// looks at.
    pub(crate) async fn write(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        now: i64,
    ) -> Result<()> {
        let subject = match &self.subject {
            Subject::Named(name) => name.clone(),
            Subject::AllCalendars => String::new(),
            Subject::Account { user, host } => format!("{user} {host}"),
        };
        let whole = serde_json::to_string(self).map_err(store::Error::from)?;
        Ok(audit::note(transaction, actor, &self.action.id(), &subject, &whole, now).await?)
    }
}

/// Values by what they are about, in an order that does not change.
pub(crate) type Values = Vec<(Field, FactValue)>;

/// What differs between the same values before and after a change.
pub(crate) fn differences(before: Values, after: Values) -> Vec<Fact> {
    let pairs = before.into_iter().zip(after);
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    changed
        .map(|((field, before), (_, value))| Fact { field, before: Some(before), value })
        .collect()
}

/// What tells one state of a calendar's settings from another; its content has no part in it.
pub fn settings_version(it: &Calendar) -> String {
    version(&settings_of(it, it.template.map(|id| id.to_string())))
}

/// What tells one state of a template from another.
pub fn template_version(it: &Template) -> String {
    version(&(&it.subject, &it.text_body, &it.html_body))
}

fn version(values: &impl std::fmt::Debug) -> String {
    store::secrets::hex(&store::secrets::sha256(format!("{values:?}").as_bytes())[..12])
}

/// The settings of a calendar that can be changed, with the name of its template.
pub(crate) fn settings_of(it: &Calendar, template: Option<String>) -> Values {
    let rank = match it.rank_by {
        RankBy::Created => Word::Created,
        RankBy::HeldSince => Word::HeldSince,
    };
    let unknown_zone = match it.unknown_zones {
        ical::UnknownZones::Refuse => Word::RefuseZone,
        ical::UnknownZones::Calendar => Word::CalendarsZone,
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
        (Field::Horizon, FactValue::Days(it.horizon_days.into())),
        (Field::Tolerance, FactValue::Minutes(it.tolerance_minutes.into())),
        (Field::SafetyLimit, FactValue::Number(it.safety_limit.into())),
        (Field::RankBy, FactValue::Word(rank)),
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
pub(crate) fn values_of_user(it: &User) -> Values {
    vec![
        (Field::Address, FactValue::optional(it.address.as_deref())),
        (Field::Role, role(it.is_administrator)),
        (Field::Active, FactValue::YesNo(it.is_active)),
    ]
}

/// What a user is.
pub(crate) fn role(is_administrator: bool) -> FactValue {
    FactValue::Word(if is_administrator { Word::Administrator } else { Word::OrdinaryUser })
}

/// What holds between two prioritised events.
pub(crate) fn ties(ties: Ties) -> FactValue {
    FactValue::Word(match ties {
        Ties::Keep => Word::KeepTies,
        Ties::Rank => Word::RankTies,
    })
}

/// What a key may do.
pub(crate) fn rights(rights: Rights) -> FactValue {
    let word = |name: &str| {
        Some(match name {
            "read" => Word::RightRead,
            "create" => Word::RightCreate,
            "change" => Word::RightChange,
            "delete" => Word::RightDelete,
            "preview" => Word::RightPreview,
            "freebusy" => Word::RightFreebusy,
            "clear" => Word::RightClear,
            _ => return None,
        })
    };
    FactValue::Words(rights.names().into_iter().filter_map(word).collect())
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
        let values = |it: &Calendar| settings_of(it, it.template.map(|it| format!("T{it}")));
        let same = differences(values(&before), values(&before.clone()));
        assert_eq!(same, [], "what is the same is not named");
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
        let changed = differences(values(&before), values(&after));
        let entry = Entry::new(Action::CalendarChanged, "room").with_all(changed);
        let FactValue::Text(name) = &entry.facts[0].value else { panic!("{entry:?}") };
        assert!(name.starts_with("Room: é é") && name.chars().count() == MAX_VALUE, "{name}");
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
            "horizon {days:365} {days:30}",
            "tolerance {minutes:0} {minutes:5}",
            "safety-limit {number:50} {number:7}",
            "rank-by {word:held-since} {word:created}",
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
