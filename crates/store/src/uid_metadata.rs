//! Metadata of UIDs: when an object was first seen, who booked it, and since when it holds its
//! time. It is separate from the objects and outlives them.

use std::collections::HashSet;

use clearing::{Claims, Memory};
use ical::Moment;
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction, UserId, texts};

mod first;
mod gone;
mod stored;

pub use first::{FirstSeen, insert_first, unknown_among};
pub use gone::{
    Absence, LastText, Vanished, gone_since, is_any_unconfirmed, keep_text, last_texts_at, live_at,
    seen_again, set_absent, set_ended, set_present, set_vanished, unconfirmed,
};
use stored::{StoredClaims, parse_claims};

/// The author of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// A user of this program.
    User(UserId),
    /// An address from a calendar server.
    Address(String),
}

/// The metadata of a calendar's UIDs.
#[derive(Clone, Debug, Default)]
pub struct UidMetadata {
    /// The memory of the rules.
    pub memory: Memory,
    /// The addresses of authors, by UID.
    pub authors: std::collections::HashMap<String, String>,
    /// The users of this program who are authors, by UID.
    pub author_users: std::collections::HashMap<String, UserId>,
    /// The digest ([`digest`]) of the text that the claims belong to, by UID.
    pub claims_of: std::collections::HashMap<String, String>,
}

/// The key of an object's metadata: its UID, or its text if it has none. (No calendar program
/// begins a UID with a control character.)
pub fn key_of<'a>(uid: &'a str, text: &[u8]) -> std::borrow::Cow<'a, str> {
    if uid.is_empty() { format!("\u{1}{}", digest(text)).into() } else { uid.into() }
}

/// The key of the metadata of an object whose UID is also that of another: its UID and place.
pub fn key_of_place(uid: &str, href: &str) -> String {
    format!("\u{1}{}", digest(format!("{href}\n{uid}").as_bytes()))
}

/// The digest of an object's text: 128 bits of its hash.
pub fn digest(text: &[u8]) -> String {
    crate::secrets::hex(&crate::secrets::sha256(text)[..16])
}

#[derive(FromQueryResult)]
struct Row {
    uid: String,
    first_seen: i64,
    claims: Option<String>,
    address: Option<String>,
    author_id: Option<UserId>,
}

const SELECT: &str = "SELECT uid_metadata.uid, first_seen, \
                        CASE WHEN ended_at IS NULL THEN claims END AS claims, \
                        COALESCE(uid_metadata.author_address, users.address) AS address, author_id \
                      FROM uid_metadata LEFT JOIN users ON users.id = uid_metadata.author_id";

/// With more UIDs than this, all of the calendar are read. Up to it, each is looked up: a row that is passed on
/// costs several times as much as a lookup, and a large calendar has many more rows than a year of it.
const MOST_UIDS: usize = 50_000;

/// The metadata of some UIDs of a calendar.
///
/// There is no join with the objects: without statistics, as after an import, a planner may scan
/// all pairs.
///
/// # Errors
///
/// When the database fails.
pub async fn of_uids(
    access: &impl Access,
    calendar: CalendarId,
    uids: &[String],
) -> Result<UidMetadata> {
    let mut known = UidMetadata::default();
    if uids.len() > MOST_UIDS {
        let sql = format!("{SELECT} WHERE uid_metadata.calendar_id = $1");
        let wanted: HashSet<&str> = uids.iter().map(String::as_str).collect();
        let mut rows: Vec<Row> = sql::all(access, &sql, values![calendar]).await?;
        rows.retain(|row| wanted.contains(row.uid.as_str()));
        gather(rows, &mut known)?;
        return Ok(known);
    }
    if !uids.is_empty() {
        let keys: Vec<_> = uids.iter().map(|uid| sql::uid_key(uid)).collect();
        let sql = format!(
            "{SELECT} WHERE uid_metadata.calendar_id = $1 AND {}",
            access.is_one_of("uid_metadata.uid", "$2")
        );
        let values = values![calendar, serde_json::to_string(&keys)?];
        gather(sql::all(access, &sql, values).await?, &mut known)?;
    }
    Ok(known)
}

/// The metadata of one UID.
///
/// # Errors
///
/// When the database fails.
pub async fn of_uid(access: &impl Access, calendar: CalendarId, uid: &str) -> Result<UidMetadata> {
    of_uids(access, calendar, &[uid.to_owned()]).await
}

fn gather(rows: Vec<Row>, known: &mut UidMetadata) -> Result<()> {
    for Row { uid, first_seen, claims, address, author_id } in rows {
        if let Some(author) = author_id {
            known.author_users.insert(uid.clone(), author);
        }
        if let Some(claims) = claims {
            let (claims, of_text) = parse_claims(&claims)?;
            known.memory.claims.insert(uid.clone(), claims);
            known.claims_of.insert(uid.clone(), of_text);
        }
        if let Some(address) = address {
            known.authors.insert(uid.clone(), address);
        }
        known.memory.first_seen.insert(uid, Moment(first_seen));
    }
    Ok(())
}

/// Of the metadata of some UIDs of a calendar, only who booked them: what is shown needs no more, and most
/// UIDs have no known author.
///
/// # Errors
///
/// When the database fails.
pub async fn authors_of_uids(
    access: &impl Access,
    calendar: CalendarId,
    uids: &[&str],
) -> Result<UidMetadata> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
        address: Option<String>,
        author_id: Option<UserId>,
    }
    let mut known = UidMetadata::default();
    if uids.is_empty() {
        return Ok(known);
    }
    let mut sql = "SELECT uid, COALESCE(author_address, users.address) AS address, author_id \
                   FROM uid_metadata LEFT JOIN users ON users.id = author_id \
                   WHERE calendar_id = $1 AND (author_id IS NOT NULL OR author_address IS NOT NULL)"
        .to_owned();
    let mut values = values![calendar];
    // Otherwise as in `of_uids`; the authors of others do no harm.
    if uids.len() <= MOST_UIDS {
        sql += &format!(" AND {}", access.is_one_of("uid", "$2"));
        let keys: Vec<_> = uids.iter().map(|uid| sql::uid_key(uid)).collect();
        values.push(serde_json::to_string(&keys)?.into());
    }
    for Row { uid, address, author_id } in sql::all(access, &sql, values).await? {
        if let Some(author) = author_id {
            known.author_users.insert(uid.clone(), author);
        }
        if let Some(address) = address {
            known.authors.insert(uid, address);
        }
    }
    Ok(known)
}

/// Records that a UID existed at a moment; the earliest moment counts.
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
    let sql = "INSERT INTO uid_metadata (calendar_id, uid, first_seen) VALUES ($1, $2, $3) \
               ON CONFLICT (calendar_id, uid) DO UPDATE SET first_seen = \
               CASE WHEN excluded.first_seen < uid_metadata.first_seen \
                 THEN excluded.first_seen ELSE uid_metadata.first_seen END";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid), moment]).await?;
    Ok(())
}

/// Records the author; the UID must have been seen.
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
    let sql = "UPDATE uid_metadata SET author_id = $3, author_address = $4 \
               WHERE calendar_id = $1 AND uid = $2";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid), user, address]).await?;
    Ok(())
}

/// Gives an object that has the rest of a series the author of this; both UIDs must have been seen.
///
/// # Errors
///
/// When the database fails.
pub async fn carry_author_on(
    transaction: &Transaction,
    calendar: CalendarId,
    (uid, next): (&str, &str),
) -> Result<()> {
    let of_first = |column: &str| {
        format!("(SELECT {column} FROM uid_metadata WHERE calendar_id = $1 AND uid = $2)")
    };
    let sql = format!(
        "UPDATE uid_metadata SET author_id = {}, author_address = {} \
         WHERE calendar_id = $1 AND uid = $3",
        of_first("author_id"),
        of_first("author_address")
    );
    let values = values![calendar, sql::uid_key(uid), sql::uid_key(next)];
    sql::run(transaction, &sql, values).await?;
    Ok(())
}

/// The UIDs among these without a known author that their server was not asked about since a moment
/// (seconds since 1970).
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
        "SELECT uid FROM uid_metadata WHERE calendar_id = $1 AND {} AND author_id IS NULL \
         AND author_address IS NULL AND COALESCE(author_asked_at, $3) <= $3 ORDER BY uid",
        access.is_one_of("uid", "$2")
    );
    let values = values![calendar, serde_json::to_string(&keys)?, since];
    let rows = sql::all::<Row>(access, &sql, values).await?;
    Ok(rows.into_iter().map(|row| row.uid).collect())
}

/// Records when a server was asked for authors.
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
        "UPDATE uid_metadata SET author_asked_at = $3 WHERE calendar_id = $1 AND {}",
        transaction.is_one_of("uid", "$2")
    );
    let keys: Vec<_> = uids.iter().map(|uid| sql::uid_key(uid)).collect();
    sql::run(transaction, &sql, values![calendar, serde_json::to_string(&keys)?, now]).await?;
    Ok(())
}

/// Records the claims of a UID, with the place and the text that they belong to; the UID must have been
/// seen. The object exists, so the record of its disappearance is deleted.
///
/// # Errors
///
/// When the database fails.
pub async fn set_claims(
    transaction: &Transaction,
    calendar: CalendarId,
    (uid, href): (&str, &str),
    claims: &Claims,
    text: &[u8],
) -> Result<()> {
    let claims = StoredClaims { of_text: digest(text), ..StoredClaims::from(claims) };
    let claims = serde_json::to_string(&claims)?;
    let sql = "UPDATE uid_metadata SET claims = $3, claims_href = $4, ended_at = NULL, \
               vanished_at = NULL, vanished_href = NULL, last_text = NULL \
               WHERE calendar_id = $1 AND uid = $2";
    let values = values![calendar, sql::uid_key(uid), claims, href.to_owned()];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// The metadata of a UID whose object is gone, or is reported as gone.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Its claims.
    pub claims: Option<Claims>,
    /// The digest ([`digest`]) of the text that they belong to; empty without claims.
    pub claims_of: String,
    /// Where the object lies that they are of; empty without claims.
    pub href: String,
    /// Whether it is reported as gone.
    pub is_vanished: bool,
    /// Its last known text.
    pub last_text: Option<Vec<u8>>,
    /// When its claim ended, in seconds since 1970; `None` before that is confirmed.
    pub ended_at: Option<i64>,
}

impl Trace {
    /// Whether there are claims that have not ended.
    pub fn is_live(&self) -> bool {
        self.claims.is_some() && self.ended_at.is_none()
    }

    /// The claims that have not ended.
    pub fn live(&self) -> Option<Claims> {
        self.claims.clone().filter(|_| self.ended_at.is_none())
    }
}

/// The metadata of a UID whose object may be gone.
///
/// # Errors
///
/// When the database fails.
pub async fn trace(access: &impl Access, calendar: CalendarId, uid: &str) -> Result<Trace> {
    #[derive(FromQueryResult)]
    struct Row {
        claims: Option<String>,
        claims_href: Option<String>,
        size: Option<i64>,
        data: Option<Vec<u8>>,
        ended_at: Option<i64>,
        vanished_at: Option<i64>,
    }
    let sql = "SELECT claims, claims_href, size, data, ended_at, vanished_at FROM uid_metadata \
               LEFT JOIN texts ON digest = last_text WHERE calendar_id = $1 AND uid = $2";
    let row: Option<Row> = sql::one(access, sql, values![calendar, sql::uid_key(uid)]).await?;
    let Some(row) = row else { return Ok(Trace::default()) };
    let Row { claims, claims_href, size, data, ended_at, vanished_at } = row;
    let last_text = texts::unpack(size, data)?;
    let (claims, claims_of) = claims.as_deref().map(parse_claims).transpose()?.unzip();
    let claims_of = claims_of.unwrap_or_default();
    let (href, is_vanished) = (claims_href.unwrap_or_default(), vanished_at.is_some());
    Ok(Trace { claims, claims_of, href, is_vanished, last_text, ended_at })
}
