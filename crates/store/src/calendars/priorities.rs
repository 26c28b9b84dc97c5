//! Priorities and protections, and the policy that contains them.

use clearing::{Policy, Ties};
use sea_orm::FromQueryResult;

use super::Calendar;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Error, Result, Transaction};

/// What a priority applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityKind {
    /// An organizer's address, or a domain with a leading `@`.
    Organizer,
    /// A text in the name.
    Name,
    /// One event.
    Uid,
}

impl PriorityKind {
    /// All of them.
    pub const ALL: [PriorityKind; 3] =
        [PriorityKind::Organizer, PriorityKind::Name, PriorityKind::Uid];

    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            PriorityKind::Organizer => "organizer",
            PriorityKind::Name => "name",
            PriorityKind::Uid => "uid",
        }
    }

    /// Reads the word of [`PriorityKind::as_str`].
    pub fn parse(word: &str) -> Option<PriorityKind> {
        PriorityKind::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// Adds a priority on a calendar, or on all; returns whether that changed anything. Without `ties`,
/// the default of the kind applies.
///
/// # Errors
///
/// When the database fails.
pub async fn prioritise(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    (kind, value): (PriorityKind, &str),
    ties: Option<Ties>,
) -> Result<bool> {
    let calendar = calendar.map(|calendar| calendar.0);
    let ties = ties.map(|ties| ties_name(ties).to_owned());
    let (kind, key) = (kind.as_str().to_owned(), sql::uid_key(value));
    let sql = "INSERT INTO priorities (calendar_id, kind, value_key, ties, value) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let mut values = values![calendar, kind, key, ties, value.to_owned()];
    if sql::run(transaction, sql, values.clone()).await? > 0 {
        return Ok(true);
    }
    values.truncate(4);
    let sql = "UPDATE priorities SET ties = $4 \
               WHERE COALESCE(calendar_id, 0) = COALESCE($1, 0) AND kind = $2 AND value_key = $3 \
               AND COALESCE(ties, '') <> COALESCE($4, '')";
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// All values of `ties`.
pub const TIES: [Ties; 2] = [Ties::Keep, Ties::Rank];

/// The word in the database for `ties`.
pub fn ties_name(ties: Ties) -> &'static str {
    match ties {
        Ties::Keep => "keep",
        Ties::Rank => "rank",
    }
}

/// Reads the word of [`ties_name`].
pub(crate) fn parse_ties(word: &str) -> Result<Ties> {
    match word {
        "keep" => Ok(Ties::Keep),
        "rank" => Ok(Ties::Rank),
        _ => Err(Error::Damaged(format!("a priority with the unknown ties {word:?}"))),
    }
}

/// Protects the events of a UID on a calendar, or on all; returns whether they were not protected
/// before.
///
/// # Errors
///
/// When the database fails.
pub async fn protect(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    uid: &str,
) -> Result<bool> {
    let sql = "INSERT INTO protections (calendar_id, uid, uid_key) VALUES ($1, $2, $3) \
               ON CONFLICT DO NOTHING";
    let calendar = calendar.map(|calendar| calendar.0);
    let values = values![calendar, uid.to_owned(), sql::uid_key(uid)];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Removes a priority; returns whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn unprioritise(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    kind: PriorityKind,
    value: &str,
) -> Result<bool> {
    let sql = "DELETE FROM priorities WHERE COALESCE(calendar_id, 0) = COALESCE($1, 0) \
               AND kind = $2 AND value_key = $3";
    let calendar = calendar.map(|calendar| calendar.0);
    let values = values![calendar, kind.as_str().to_owned(), sql::uid_key(value)];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Removes a protection; returns whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn unprotect(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    uid: &str,
) -> Result<bool> {
    let sql = "DELETE FROM protections \
               WHERE COALESCE(calendar_id, 0) = COALESCE($1, 0) AND uid_key = $2";
    let calendar = calendar.map(|calendar| calendar.0);
    Ok(sql::run(transaction, sql, values![calendar, sql::uid_key(uid)]).await? > 0)
}

/// A priority or a protection.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PriorityEntry {
    /// The slug of its calendar; `None` for all calendars.
    pub slug: Option<String>,
    /// [`PriorityKind`] as a word, or `protected`.
    pub kind: String,
    /// The address, the text or the UID.
    pub value: String,
    /// `keep` or `rank`; `None` for the default of its kind.
    pub ties: Option<String>,
}

impl PriorityEntry {
    /// The effective `ties`, by its own word or the default of its kind; `None` for a protection.
    ///
    /// # Errors
    ///
    /// If the database contains an unknown word.
    pub fn ties_in_effect(&self) -> Result<Option<Ties>> {
        if let Some(word) = &self.ties {
            return parse_ties(word).map(Some);
        }
        Ok(match PriorityKind::parse(&self.kind) {
            Some(PriorityKind::Organizer) => Some(Ties::usual_of_organizer(&self.value)),
            Some(PriorityKind::Name) => Some(Ties::USUAL_OF_NAMES),
            Some(PriorityKind::Uid) => Some(Ties::USUAL_OF_UIDS),
            None => None,
        })
    }
}

/// All priorities and protections, those for all calendars first.
///
/// # Errors
///
/// When the database fails.
pub async fn priority_entries(access: &impl Access) -> Result<Vec<PriorityEntry>> {
    let sql = "SELECT slug, kind, value, ties FROM priorities \
                 LEFT JOIN calendars ON calendars.id = calendar_id \
               UNION ALL SELECT slug, 'protected' AS kind, uid AS value, NULL AS ties FROM protections \
                 LEFT JOIN calendars ON calendars.id = calendar_id";
    let mut priority_entries: Vec<PriorityEntry> = sql::all(access, sql, Vec::new()).await?;
    priority_entries.sort_by(|one, other| {
        (&one.slug, &one.kind, &one.value).cmp(&(&other.slug, &other.kind, &other.value))
    });
    Ok(priority_entries)
}

/// The policy of a calendar, with its priorities and protections and those of all calendars.
///
/// # Errors
///
/// When the database fails.
pub async fn policy(access: &impl Access, calendar: &Calendar) -> Result<Policy> {
    #[derive(FromQueryResult)]
    struct Priority {
        kind: String,
        value: String,
        ties: Option<String>,
    }
    let mut policy = calendar.plain_policy();
    let of_it = "WHERE calendar_id IS NULL OR calendar_id = $1";
    let sql = format!("SELECT kind, value, ties FROM priorities {of_it}");
    for Priority { kind, value, ties } in sql::all(access, &sql, values![calendar.id]).await? {
        let ties = ties.as_deref().map(parse_ties).transpose()?;
        match kind.as_str() {
            "organizer" => policy.priorities.add_organizer(&value, ties),
            "name" => policy.priorities.add_name(&value, ties),
            "uid" => policy.priorities.add_uid(&value, ties),
            _ => return Err(Error::Damaged(format!("a priority of the unknown kind {kind:?}"))),
        }
    }
    let sql = format!("SELECT 'uid' AS kind, uid AS value, NULL AS ties FROM protections {of_it}");
    for Priority { value, .. } in sql::all(access, &sql, values![calendar.id]).await? {
        policy.protected.insert(value);
    }
    Ok(policy)
}
