//! Priorities and protections, and the policy that contains them.

use clearing::{Policy, Ties};
use facts::Word as _;
use sea_orm::FromQueryResult;

use super::Calendar;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Stored, Transaction};

facts::words! {
    /// What a priority applies to.
    pub enum PriorityKind {
        /// An organizer's address, or a domain with a leading `@`.
        Organizer = "organizer",
        /// A text in the name.
        Name = "name",
        /// One event.
        Uid = "uid",
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
    let ties = ties.map(Ties::as_str);
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

/// Gives an object that has the rest of a series the priorities and protections that this has by its UID, on its
/// calendar and on all.
///
/// # Errors
///
/// When the database fails.
pub async fn carry_on(
    transaction: &Transaction,
    calendar: CalendarId,
    (uid, next): (&str, &str),
) -> Result<()> {
    let of_uid = "(calendar_id = $1 OR calendar_id IS NULL)";
    let values = || values![calendar, sql::uid_key(uid), sql::uid_key(next), next.to_owned()];
    let sql = format!(
        "INSERT INTO priorities (calendar_id, kind, value_key, ties, value) \
         SELECT calendar_id, kind, $3, ties, $4 FROM priorities \
         WHERE kind = 'uid' AND value_key = $2 AND {of_uid} ON CONFLICT DO NOTHING"
    );
    sql::run(transaction, &sql, values()).await?;
    let sql = format!(
        "INSERT INTO protections (calendar_id, uid, uid_key) \
         SELECT calendar_id, $4, $3 FROM protections \
         WHERE uid_key = $2 AND {of_uid} ON CONFLICT DO NOTHING"
    );
    sql::run(transaction, &sql, values()).await?;
    Ok(())
}

/// A priority or a protection.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PriorityEntry {
    /// The slug of its calendar; `None` for all calendars.
    pub slug: Option<String>,
    /// What the priority applies to; `None` for a protection.
    pub kind: Option<Stored<PriorityKind>>,
    /// The address, the text or the UID.
    pub value: String,
    /// What applies if it meets another prioritised event; `None` for the default of its kind.
    pub ties: Option<Stored<Ties>>,
}

impl PriorityEntry {
    /// The effective `ties`, by its own word or the default of its kind; `None` for a protection.
    pub fn ties_in_effect(&self) -> Option<Ties> {
        self.ties.map(|it| *it).or_else(|| {
            self.kind().map(|kind| match kind {
                PriorityKind::Organizer => Ties::usual_of_organizer(&self.value),
                PriorityKind::Name => Ties::USUAL_OF_NAMES,
                PriorityKind::Uid => Ties::USUAL_OF_UIDS,
            })
        })
    }

    /// What the priority applies to; `None` for a protection.
    pub fn kind(&self) -> Option<PriorityKind> {
        self.kind.map(|it| *it)
    }

    /// The word for its kind: that of a [`PriorityKind`], or `protected`.
    pub fn kind_word(&self) -> &'static str {
        self.kind().map_or("protected", PriorityKind::as_str)
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
               UNION ALL SELECT slug, NULL AS kind, uid AS value, NULL AS ties FROM protections \
                 LEFT JOIN calendars ON calendars.id = calendar_id";
    let mut priority_entries: Vec<PriorityEntry> = sql::all(access, sql, Vec::new()).await?;
    priority_entries.sort_by(|one, other| {
        (&one.slug, one.kind_word(), &one.value).cmp(&(
            &other.slug,
            other.kind_word(),
            &other.value,
        ))
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
        kind: Stored<PriorityKind>,
        value: String,
        ties: Option<Stored<Ties>>,
    }
    let mut policy = calendar.plain_policy();
    let of_it = "WHERE calendar_id IS NULL OR calendar_id = $1";
    let sql = format!("SELECT kind, value, ties FROM priorities {of_it}");
    for Priority { kind, value, ties } in sql::all(access, &sql, values![calendar.id]).await? {
        let ties = ties.map(|it| *it);
        match *kind {
            PriorityKind::Organizer => policy.priorities.add_organizer(&value, ties),
            PriorityKind::Name => policy.priorities.add_name(&value, ties),
            PriorityKind::Uid => policy.priorities.add_uid(&value, ties),
        }
    }
    #[derive(FromQueryResult)]
    struct Protection {
        uid: String,
    }
    let sql = format!("SELECT uid FROM protections {of_it}");
    for Protection { uid } in sql::all(access, &sql, values![calendar.id]).await? {
        policy.protected.insert(uid);
    }
    Ok(policy)
}
