//! UIDs of which nothing is known yet, many at once.

use std::collections::HashSet;

use clearing::Claims;
use sea_orm::FromQueryResult;

use super::stored::StoredClaims;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// A UID that is seen for the first time, with what its object holds.
#[derive(Clone, Debug)]
pub struct FirstSeen {
    /// The UID, or the key of an object without one ([`super::key_of`]).
    pub key: String,
    /// The earliest moment that it is known to have been there, in seconds since 1970.
    pub at: i64,
    /// The place of its object.
    pub href: String,
    /// What the object holds.
    pub claims: Claims,
    /// The digest ([`super::digest`]) of its text.
    pub of_text: String,
}

/// Those of these keys of which nothing is known, without those that the database does not tell apart from an earlier
/// one of them.
///
/// # Errors
///
/// When the database fails.
pub async fn unknown_among(
    access: &impl Access,
    calendar: CalendarId,
    keys: &[&str],
) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
    }
    let stored: Vec<String> = keys.iter().map(|key| sql::uid_key(key)).collect();
    let sql = format!(
        "SELECT uid FROM uid_metadata WHERE calendar_id = $1 AND {}",
        access.is_one_of("uid", "$2")
    );
    let values = values![calendar, serde_json::to_string(&stored)?];
    let rows = sql::all::<Row>(access, &sql, values).await?;
    let mut known: HashSet<String> = rows.into_iter().map(|it| it.uid).collect();
    let unknown = keys.iter().zip(stored).filter(|(_, stored)| known.insert(stored.clone()));
    Ok(unknown.map(|(key, _)| (*key).to_owned()).collect())
}

/// Records what is seen for the first time, at most [`crate::objects::MAX_AT_ONCE`]; nothing may be known of it.
///
/// # Errors
///
/// When the database fails.
pub async fn insert_first(
    transaction: &Transaction,
    calendar: CalendarId,
    seen: &[FirstSeen],
) -> Result<()> {
    let rows = sql::rows(seen.len(), 5);
    let sql = format!(
        "INSERT INTO uid_metadata (calendar_id, uid, first_seen, claims, claims_href) VALUES {rows}"
    );
    let mut values = Vec::with_capacity(seen.len() * 5);
    for it in seen {
        let claims = StoredClaims { of_text: it.of_text.clone(), ..StoredClaims::from(&it.claims) };
        let claims = serde_json::to_string(&claims)?;
        values.extend(values![calendar, sql::uid_key(&it.key), it.at, claims, it.href.clone()]);
    }
    sql::run(transaction, &sql, values).await?;
    Ok(())
}
