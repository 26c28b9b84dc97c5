//! What the audit trail keeps: who did what to what, and what it was and became. An entry is typed, and is
//! worded when somebody reads it; none of its values is ever a secret.

use serde::{Deserialize, Serialize};

/// The most characters of a value that are kept.
pub const MAX_VALUE: usize = 200;

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

crate::words! {
    /// What was done. Its word is its name in the database, also in the JSON of an [`Entry`].
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    #[allow(missing_docs, reason = "their names say it")]
    pub enum Action {
        AccessRefused = "access-refused",
        CalendarAdded = "calendar-added",
        CalendarAssigned = "calendar-assigned",
        CalendarChanged = "calendar-changed",
        CalendarRemoved = "calendar-removed",
        CalendarUnassigned = "calendar-unassigned",
        CodeFailed = "code-failed",
        DatabaseCopied = "database-copied",
        DatabaseRestored = "database-restored",
        /// An organizer asked for a decision, by a link in a message.
        DecisionRequested = "decision-requested",
        EventRestored = "event-restored",
        FileImported = "file-imported",
        IdentityBound = "identity-bound",
        IdentityRemoved = "identity-removed",
        InvitationMade = "invitation-made",
        KeyAdded = "key-added",
        KeyRefused = "key-refused",
        KeyRenewed = "key-renewed",
        KeyRevoked = "key-revoked",
        MessageDiscarded = "message-discarded",
        MessageReleased = "message-released",
        MessageRetried = "message-retried",
        PasswordLinkMade = "password-link-made",
        PasswordSet = "password-set",
        PendingKept = "pending-kept",
        PendingRemoved = "pending-removed",
        PresentPasswordWrong = "present-password-wrong",
        PriorityAdded = "priority-added",
        PriorityRemoved = "priority-removed",
        ProtectionAdded = "protection-added",
        ProtectionRemoved = "protection-removed",
        RecoveryCodeUsed = "recovery-code-used",
        RecoveryCodesMade = "recovery-codes-made",
        SecondFactorRemoved = "second-factor-removed",
        SecondFactorSet = "second-factor-set",
        SecretKeyChanged = "secret-key-changed",
        ServerAccountAdded = "server-account-added",
        ServerAccountRemoved = "server-account-removed",
        ServerPasswordSet = "server-password-set",
        SignInFailed = "sign-in-failed",
        SignedIn = "signed-in",
        SignedOutEverywhere = "signed-out-everywhere",
        TemplateAdded = "template-added",
        TemplateChanged = "template-changed",
        TemplateDeleted = "template-deleted",
        TokenAdded = "token-added",
        TokenBindingRemoved = "token-binding-removed",
        TokenBindingRenewed = "token-binding-renewed",
        TokenRemoved = "token-removed",
        UserActivated = "user-activated",
        UserAdded = "user-added",
        UserChanged = "user-changed",
        UserDeactivated = "user-deactivated",
        UserRemoved = "user-removed",
    }
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
    Answers,
    /// Whether what lost its hour is restored at once.
    RestoresAtOnce,
    /// Whether bookings may be moved into it by a link.
    TakesMoves,
    AsksAuthors,
    BoundEvents,
    Building,
    Calendar,
    Calendars,
    Capacity,
    ClientAddress,
    CodesLeft,
    Conflicts,
    ContactAddress,
    Description,
    Event,
    Events,
    Expiry,
    Features,
    Floor,
    ForCalendars,
    FreeBlocks,
    Grace,
    Horizon,
    How,
    Kind,
    Message,
    Name,
    Organizer,
    Parts,
    Picture,
    People,
    Prefix,
    RankBy,
    Reason,
    Replaced,
    Rights,
    Role,
    RoomAddress,
    SafetyLimit,
    Schedule,
    SendsReplies,
    SharedIn,
    Start,
    Subjects,
    Template,
    Ties,
    Times,
    Token,
    Tolerance,
    Uid,
    Unchanged,
    UnknownZone,
    Unreadable,
    User,
    Watch,
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
    /// Seconds.
    Seconds(i64),
    /// Minutes.
    Minutes(i64),
    /// Days.
    Days(i64),
    /// Hours.
    Hours(i64),
    /// Yes or no.
    YesNo(bool),
    /// A moment, in seconds since 1970.
    Moment(i64),
    /// One of a fixed set.
    Word(AuditWord),
    /// Several of it.
    Words(Vec<AuditWord>),
}

/// The words of a fixed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "their names say it")]
pub enum AuditWord {
    Administrator,
    AddressNotVerified,
    BuiltIn,
    ByDirectory,
    ByInvitation,
    ByOpenId,
    ByPasswordLink,
    CalendarsZone,
    Created,
    FirstAdministrator,
    HeldSince,
    HtmlBody,
    KeepTies,
    LastAdministrator,
    NameTaken,
    NotActive,
    NotAsked,
    NotProven,
    OnServer,
    OtherIdentity,
    OrdinaryUser,
    RankTies,
    RefuseZone,
    RemoveConflicts,
    ReportConflicts,
    RightChange,
    RightClear,
    RightCreate,
    RightDelete,
    RightFreebusy,
    RightPreview,
    RightRead,
    SeveralUsers,
    Subject,
    TextBody,
    UnknownPerson,
    WarnOfConflicts,
}

impl Action {
    /// Whether strangers cause it, so that who did it is not the command line where it is no user.
    pub fn is_of_strangers(self) -> bool {
        matches!(self, Action::SignInFailed | Action::KeyRefused)
    }
}

impl FactValue {
    /// A text; nothing, if it is empty.
    pub fn text(text: impl Into<String>) -> FactValue {
        let text: String = text.into();
        if text.is_empty() { FactValue::NotSet } else { FactValue::Text(on_one_line(&text)) }
    }

    /// A text that may be missing.
    pub fn optional(text: Option<&str>) -> FactValue {
        FactValue::text(text.unwrap_or_default())
    }

    /// Several texts; nothing, if there are none.
    pub fn texts(all: &[String]) -> FactValue {
        match all {
            [] => FactValue::NotSet,
            all => FactValue::Texts(all.iter().map(|it| on_one_line(it)).collect()),
        }
    }

    /// A moment, in seconds since 1970; nothing, if there is none.
    pub fn moment(at: Option<i64>) -> FactValue {
        at.map_or(FactValue::NotSet, FactValue::Moment)
    }

    /// A number.
    pub fn number(number: usize) -> FactValue {
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
    pub fn new(action: Action, subject: &str) -> Entry {
        Entry { action, subject: Subject::Named(subject.to_owned()), facts: Vec::new() }
    }

    /// Something that was done to one calendar or to all.
    pub fn of_calendars(action: Action, slug: Option<&str>) -> Entry {
        let named = |slug: &str| Subject::Named(slug.to_owned());
        let subject = slug.map_or(Subject::AllCalendars, named);
        Entry { action, subject, facts: Vec::new() }
    }

    /// Something that was done to an account on a calendar server.
    pub fn of_account(action: Action, user: &str, host: &str) -> Entry {
        let subject = Subject::Account { user: user.to_owned(), host: host.to_owned() };
        Entry { action, subject, facts: Vec::new() }
    }

    /// What it says of one thing.
    pub fn fact(&self, field: Field) -> Option<&FactValue> {
        self.facts.iter().find(|it| it.field == field).map(|it| &it.value)
    }

    /// The same with one more fact.
    pub fn with(mut self, field: Field, value: FactValue) -> Entry {
        self.facts.push(Fact { field, before: None, value });
        self
    }

    /// The same with more facts.
    pub fn with_all(mut self, facts: Vec<Fact>) -> Entry {
        self.facts.extend(facts);
        self
    }

    /// As the database keeps it.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON.
    pub fn to_stored(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// What [`Entry::to_stored`] wrote; `None` of anything else, such as an entry of another version of the
    /// program.
    pub fn of_stored(stored: &str) -> Option<Entry> {
        serde_json::from_str(stored).ok()
    }
}

impl Subject {
    /// What a search looks at.
    pub fn searched(&self) -> String {
        match self {
            Subject::Named(name) => name.clone(),
            Subject::AllCalendars => String::new(),
            Subject::Account { user, host } => format!("{user} {host}"),
        }
    }
}

/// Values by what they are about, in an order that does not change.
pub type Values = Vec<(Field, FactValue)>;

/// What differs between the same values before and after a change.
pub fn differences(before: Values, after: Values) -> Vec<Fact> {
    let pairs = before.into_iter().zip(after);
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    changed
        .map(|((field, before), (_, value))| Fact { field, before: Some(before), value })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_each_action_is_its_name_in_an_entry() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        }
    }
}
