//! What is known of a UID beside its text: when it was first seen, who booked it, and since when it
//! has held its time. It is kept apart from the objects and outlives them.

use std::collections::HashSet;

use clearing::{Claim, Memory};
use ical::Moment;
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction, UserId};

/// Who booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// A user of ours.
    User(UserId),
    /// An address that a server told.
    Address(String),
}

/// What is known of the objects of a calendar.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What the rules remember.
    pub memory: Memory,
    /// The addresses of authors, by UID.
    pub authors: std::collections::HashMap<String, String>,
    /// The users of ours who booked, by UID.
    pub author_users: std::collections::HashMap<String, UserId>,
}

#[derive(FromQueryResult)]
struct Row {
    uid: String,
    first_seen: i64,
    claims: Option<String>,
    address: Option<String>,
    author_id: Option<UserId>,
}

const SELECT: &str = "SELECT known_uids.uid, first_seen, claims, \
                        COALESCE(known_uids.author_address, users.address) AS address, author_id \
                      FROM known_uids LEFT JOIN users ON users.id = known_uids.author_id";

/// With more UIDs than these all of the calendar are read: one large answer is quicker than looking
/// for each.
const MOST_UIDS: usize = 4_096;

/// What is known of these UIDs of a calendar.
///
/// No join with the objects: without statistics, as after an import, a planner may well go through
/// all pairs.
///
/// # Errors
///
/// When the database fails.
pub async fn of_uids(access: &impl Access, calendar: CalendarId, uids: &[String]) -> Result<Known> {
    let mut known = Known::default();
    if uids.len() > MOST_UIDS {
        let sql = format!("{SELECT} WHERE known_uids.calendar_id = $1");
        let wanted: HashSet<&str> = uids.iter().map(String::as_str).collect();
        let mut rows: Vec<Row> = sql::all(access, &sql, values![calendar]).await?;
        rows.retain(|row| wanted.contains(row.uid.as_str()));
        gather(rows, &mut known)?;
        return Ok(known);
    }
    if !uids.is_empty() {
        let keys: Vec<_> = uids.iter().map(|uid| sql::uid_key(uid)).collect();
        let sql = format!(
            "{SELECT} WHERE known_uids.calendar_id = $1 AND {}",
            access.is_one_of("known_uids.uid", "$2")
        );
        let values = values![calendar, serde_json::to_string(&keys)?];
        gather(sql::all(access, &sql, values).await?, &mut known)?;
    }
    Ok(known)
}

/// What is known of one UID.
///
/// # Errors
///
/// When the database fails.
pub async fn of_uid(access: &impl Access, calendar: CalendarId, uid: &str) -> Result<Known> {
    of_uids(access, calendar, &[uid.to_owned()]).await
}

fn gather(rows: Vec<Row>, known: &mut Known) -> Result<()> {
    for Row { uid, first_seen, claims, address, author_id } in rows {
        if let Some(author) = author_id {
            known.author_users.insert(uid.clone(), author);
        }
        if let Some(claims) = claims {
            let claims: Vec<[i64; 3]> = serde_json::from_str(&claims)?;
            let claims = claims.into_iter().map(|[start, end, since]| Claim {
                start: Moment(start),
                end: Moment(end),
                since: Moment(since),
            });
            known.memory.claims.insert(uid.clone(), claims.collect());
        }
        if let Some(address) = address {
            known.authors.insert(uid.clone(), address);
        }
        known.memory.first_seen.insert(uid, Moment(first_seen));
    }
    Ok(())
}

/// Remembers that a UID was there at a moment: the earliest moment counts.
///
/// # Errors
///
/// When the database fails.
pub async fn see(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    moment: i64,
) -> Result<()> {
    if uid.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO known_uids (calendar_id, uid, first_seen) VALUES ($1, $2, $3) \
               ON CONFLICT (calendar_id, uid) DO UPDATE SET first_seen = \
               CASE WHEN excluded.first_seen < known_uids.first_seen \
                 THEN excluded.first_seen ELSE known_uids.first_seen END";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid), moment]).await?;
    Ok(())
}

/// Remembers who booked; the UID must have been seen.
///
/// # Errors
///
/// When the database fails.
pub async fn set_author(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    author: &Author,
) -> Result<()> {
    let (user, address) = match author {
        Author::User(user) => (Some(user.0), None),
        Author::Address(address) => (None, Some(address.clone())),
    };
    let sql = "UPDATE known_uids SET author_id = $3, author_address = $4 \
               WHERE calendar_id = $1 AND uid = $2";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid), user, address]).await?;
    Ok(())
}

/// Of these UIDs those of which nobody is known to have booked, and that their server was not asked
/// about since a moment (seconds since 1970).
///
/// # Errors
///
/// When the database fails.
pub async fn without_author(
    access: &impl Access,
    calendar: CalendarId,
    uids: &[String],
    since: i64,
) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
    }
    let keys: Vec<_> = uids.iter().map(|uid| sql::uid_key(uid)).collect();
    let sql = format!(
        "SELECT uid FROM known_uids WHERE calendar_id = $1 AND {} AND author_id IS NULL \
         AND author_address IS NULL AND COALESCE(author_asked_at, $3) <= $3 ORDER BY uid",
        access.is_one_of("uid", "$2")
    );
    let values = values![calendar, serde_json::to_string(&keys)?, since];
    let rows = sql::all::<Row>(access, &sql, values).await?;
    Ok(rows.into_iter().map(|row| row.uid).collect())
}

/// Remembers when a server was asked who booked.
///
/// # Errors
///
/// When the database fails.
pub async fn set_author_asked(
    transaction: &Transaction,
    calendar: CalendarId,
    uids: &[String],
    now: i64,
) -> Result<()> {
    let sql = format!(
        "UPDATE known_uids SET author_asked_at = $3 WHERE calendar_id = $1 AND {}",
        transaction.is_one_of("uid", "$2")
    );
    let keys: Vec<_> = uids.iter().map(|uid| sql::uid_key(uid)).collect();
    sql::run(transaction, &sql, values![calendar, serde_json::to_string(&keys)?, now]).await?;
    Ok(())
}

/// Remembers since when a UID has held which intervals; the UID must have been seen.
///
/// # Errors
///
/// When the database fails.
pub async fn set_claims(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    claims: &[Claim],
) -> Result<()> {
    let claims: Vec<[i64; 3]> =
        claims.iter().map(|it| [it.start.0, it.end.0, it.since.0]).collect();
    let claims = serde_json::to_string(&claims)?;
    let sql = "UPDATE known_uids SET claims = $3 WHERE calendar_id = $1 AND uid = $2";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid), claims]).await?;
    Ok(())
}
