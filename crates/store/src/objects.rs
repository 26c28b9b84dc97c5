//! Calendar object resources: the content of built-in calendars, and the mirrors of all others.

use std::collections::HashMap;

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// A calendar object resource (RFC 4791 section 4.1).
#[derive(Clone, PartialEq, Eq, FromQueryResult)]
pub struct Resource {
    /// Its href, in the server's spelling.
    pub href: String,
    /// The UID of its first event; empty where it has none.
    pub uid: String,
    /// Its ETag, verbatim with quotes; empty if unknown.
    pub etag: String,
    /// Its text.
    pub text: Vec<u8>,
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Resource { href, uid, etag, text } = self;
        write!(formatter, "Resource({href:?}, {uid:?}, {etag}, {} bytes)", text.len())
    }
}

/// The extent of a resource's occurrences, in seconds since 1970; `None` for no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// No occurrence begins before.
    pub starts_at: Option<i64>,
    /// No occurrence ends after.
    pub ends_at: Option<i64>,
}

/// The resources that may have occurrences in `[start, end)`, by href; unreadable ones are always
/// included.
///
/// # Errors
///
/// When the database fails.
pub async fn between(
    access: &impl Access,
    calendar: CalendarId,
    start: i64,
    end: i64,
) -> Result<Vec<Resource>> {
    let sql = "SELECT href, uid, etag, text FROM objects WHERE calendar_id = $1 \
               AND ends_at >= $2 AND starts_at <= $3";
    let mut found: Vec<Resource> = sql::all(access, sql, values![calendar, start, end]).await?;
    // Sorted here, because an index in the order of hrefs would be scanned as a whole.
    found.sort_unstable_by(|one, other| one.href.cmp(&other.href));
    Ok(found)
}

/// The same of several calendars in one query.
///
/// # Errors
///
/// When the database fails.
pub async fn of_all_between(
    access: &impl Access,
    calendars: &[CalendarId],
    start: i64,
    end: i64,
) -> Result<HashMap<CalendarId, Vec<Resource>>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
        href: String,
        uid: String,
        etag: String,
        text: Vec<u8>,
    }
    let mut found: HashMap<CalendarId, Vec<Resource>> = HashMap::new();
    if calendars.is_empty() {
        return Ok(found);
    }
    let ids: Vec<String> = calendars.iter().map(|it| it.0.to_string()).collect();
    let sql = format!(
        "SELECT calendar_id, href, uid, etag, text FROM objects WHERE calendar_id IN ({}) \
         AND ends_at >= $1 AND starts_at <= $2",
        ids.join(", ")
    );
    for Row { calendar_id, href, uid, etag, text } in
        sql::all::<Row>(access, &sql, values![start, end]).await?
    {
        found.entry(calendar_id).or_default().push(Resource { href, uid, etag, text });
    }
    for of_one in found.values_mut() {
        of_one.sort_unstable_by(|one, other| one.href.cmp(&other.href));
    }
    Ok(found)
}

/// All resources of a calendar, by href.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access, calendar: CalendarId) -> Result<Vec<Resource>> {
    let sql = "SELECT href, uid, etag, text FROM objects WHERE calendar_id = $1 ORDER BY href";
    sql::all(access, sql, values![calendar]).await
}

/// The href and the version of a resource.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Version {
    /// Its href, in the server's spelling.
    pub href: String,
    /// Its ETag; empty if unknown: then it has to be read again.
    pub etag: String,
}

/// The hrefs and versions of all resources of a calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn versions(access: &impl Access, calendar: CalendarId) -> Result<Vec<Version>> {
    sql::all(access, "SELECT href, etag FROM objects WHERE calendar_id = $1", values![calendar])
        .await
}

/// The versions of the resources at these hrefs, as far as they exist.
///
/// # Errors
///
/// When the database fails.
pub async fn versions_at(
    access: &impl Access,
    calendar: CalendarId,
    hrefs: &[String],
) -> Result<Vec<Version>> {
    let sql = format!(
        "SELECT href, etag FROM objects WHERE calendar_id = $1 AND {}",
        access.is_one_of("href", "$2")
    );
    sql::all(access, &sql, values![calendar, serde_json::to_string(hrefs)?]).await
}

/// A resource without a known version.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Unread {
    /// Its href.
    pub href: String,
    /// Whether the server returned it.
    pub is_given: bool,
}

/// The resources that have to be read again, because their version is unknown.
///
/// # Errors
///
/// When the database fails.
pub async fn unread(access: &impl Access, calendar: CalendarId) -> Result<Vec<Unread>> {
    let sql = "SELECT href, LENGTH(text) > 0 AS is_given FROM objects \
               WHERE calendar_id = $1 AND etag = '' ORDER BY href";
    sql::all(access, sql, values![calendar]).await
}

/// The number of resources of a calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn count(access: &impl Access, calendar: CalendarId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM objects WHERE calendar_id = $1";
    Ok(sql::value(access, sql, values![calendar]).await?.unwrap_or_default())
}

/// The resources that contain an event of a UID; a server may have several.
///
/// # Errors
///
/// When the database fails.
pub async fn by_uid(
    access: &impl Access,
    calendar: CalendarId,
    uid: &str,
) -> Result<Vec<Resource>> {
    let sql = "SELECT href, uid, etag, text FROM objects WHERE calendar_id = $1 AND uid = $2 \
               ORDER BY href";
    sql::all(access, sql, values![calendar, sql::uid_key(uid)]).await
}

/// The first resource that contains an event of each of these UIDs, as far as there is one.
///
/// # Errors
///
/// When the database fails.
pub async fn first_of_uids(
    access: &impl Access,
    calendar: CalendarId,
    uids: &[&str],
) -> Result<HashMap<String, Resource>> {
    if uids.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<String> = uids.iter().map(|uid| sql::uid_key(uid)).collect();
    let sql = format!(
        "SELECT href, uid, etag, text FROM objects WHERE calendar_id = $1 AND {} ORDER BY href DESC",
        access.is_one_of("uid", "$2")
    );
    let values = values![calendar, serde_json::to_string(&keys)?];
    let rows: Vec<Resource> = sql::all(access, &sql, values).await?;
    // The first one comes last.
    let mut by_key: HashMap<String, Resource> =
        rows.into_iter().map(|it| (it.uid.clone(), it)).collect();
    let found = uids.iter().zip(keys).filter_map(|(uid, key)| Some((*uid, by_key.remove(&key)?)));
    Ok(found.map(|(uid, it)| (uid.to_owned(), it)).collect())
}

/// The resource at a href.
///
/// # Errors
///
/// When the database fails.
pub async fn by_href(
    access: &impl Access,
    calendar: CalendarId,
    href: &str,
) -> Result<Option<Resource>> {
    let sql = "SELECT href, uid, etag, text FROM objects WHERE calendar_id = $1 AND href = $2";
    sql::one(access, sql, values![calendar, href.to_owned()]).await
}

/// Inserts a resource if there is none at its href; returns whether there was none. The transaction
/// has to hold [`crate::calendars::lock`].
///
/// # Errors
///
/// When the database fails.
pub async fn create(
    transaction: &Transaction,
    calendar: CalendarId,
    resource: &Resource,
    span: Span,
) -> Result<bool> {
    let sql = format!("{INSERT} ON CONFLICT (calendar_id, href) DO NOTHING");
    Ok(sql::run(transaction, &sql, columns(calendar, resource, span)).await? > 0)
}

/// Inserts resources at hrefs where there is none, at most [`MAX_AT_ONCE`]. The transaction has to hold
/// [`crate::calendars::lock`].
///
/// # Errors
///
/// When the database fails.
pub async fn create_all(
    transaction: &Transaction,
    calendar: CalendarId,
    resources: &[(&Resource, Span)],
) -> Result<()> {
    let rows = sql::rows(resources.len(), 7);
    let sql = format!("INSERT INTO objects ({COLUMNS}) VALUES {rows}");
    let values = resources.iter().flat_map(|(it, span)| columns(calendar, it, *span)).collect();
    sql::run(transaction, &sql, values).await?;
    Ok(())
}

/// The number of rows that one statement inserts at most.
pub const MAX_AT_ONCE: usize = 200;

const COLUMNS: &str = "calendar_id, href, uid, etag, text, starts_at, ends_at";
const INSERT: &str = "INSERT INTO objects \
                        (calendar_id, href, uid, etag, text, starts_at, ends_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7)";

fn columns(calendar: CalendarId, resource: &Resource, span: Span) -> Vec<sea_orm::Value> {
    values![
        calendar,
        resource.href.clone(),
        sql::uid_key(&resource.uid),
        resource.etag.clone(),
        resource.text.clone(),
        span.starts_at.unwrap_or(i64::MIN),
        span.ends_at.unwrap_or(i64::MAX)
    ]
}

/// Writes a resource, new or changed. The transaction has to hold [`crate::calendars::lock`].
///
/// # Errors
///
/// When the database fails.
pub async fn put(
    transaction: &Transaction,
    calendar: CalendarId,
    resource: &Resource,
    span: Span,
) -> Result<()> {
    let sql = format!(
        "{INSERT} ON CONFLICT (calendar_id, href) DO UPDATE SET uid = excluded.uid, \
         etag = excluded.etag, text = excluded.text, starts_at = excluded.starts_at, \
         ends_at = excluded.ends_at"
    );
    sql::run(transaction, &sql, columns(calendar, resource, span)).await?;
    Ok(())
}

/// Deletes a resource; returns whether it existed. The transaction has to hold
/// [`crate::calendars::lock`].
///
/// # Errors
///
/// When the database fails.
pub async fn remove(transaction: &Transaction, calendar: CalendarId, href: &str) -> Result<bool> {
    let sql = "DELETE FROM objects WHERE calendar_id = $1 AND href = $2";
    Ok(sql::run(transaction, sql, values![calendar, href.to_owned()]).await? > 0)
}

/// The text of an object of a UID, in any calendar: where nothing says in which.
///
/// # Errors
///
/// When the database fails.
pub async fn text_anywhere(access: &impl Access, uid: &str) -> Result<Option<Vec<u8>>> {
    // From calendar to calendar, because an index begins with it.
    let sql = "SELECT objects.text FROM calendars \
               JOIN objects ON objects.calendar_id = calendars.id AND objects.uid = $1 LIMIT 1";
    sql::value(access, sql, values![sql::uid_key(uid)]).await
}
