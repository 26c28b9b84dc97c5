//! The rows of calendars: their settings.

use clearing::{ConflictHandling, RankBy};
use facts::Word as _;
use ical::UnknownZones;
use sea_orm::FromQueryResult;

use super::{Announces, Backend, BackendKind, Calendar, Collection};
use crate::sql::{self, values};
use crate::{
    Access, AccountId, CalendarId, Error, Result, Stored, TemplateId, Transaction, UserId,
};

#[derive(FromQueryResult)]
struct Row {
    id: CalendarId,
    slug: String,
    name: String,
    zone: String,
    room_address: Option<String>,
    contact_address: Option<String>,
    backend: Stored<BackendKind>,
    account_id: Option<AccountId>,
    collection_url: Option<String>,
    sends_replies: bool,
    asks_authors: bool,
    is_shared_in: bool,
    collection_identity: Option<String>,
    conditions: Option<String>,
    horizon_days: i64,
    tolerance_minutes: i64,
    safety_limit: i64,
    free_blocks: bool,
    unknown_zone: Stored<UnknownZones>,
    rank_by: Stored<RankBy>,
    conflicts: Stored<ConflictHandling>,
    grace_hours: i64,
    template_id: Option<TemplateId>,
    announces_deleted: bool,
    announces_cancelled: bool,
    announces_leftovers: bool,
    announces_ignored: bool,
    schedule_minutes: Option<i64>,
    watch_seconds: Option<i64>,
    answers: bool,
    restores_at_once: bool,
    takes_moves: bool,
    version: i64,
    revision: i64,
}

const COLUMNS: &str = "calendars.id, slug, calendars.name, zone, room_address, contact_address, \
     backend, account_id, collection_url, sends_replies, asks_authors, is_shared_in, \
     collection_identity, conditions, horizon_days, tolerance_minutes, safety_limit, free_blocks, \
     unknown_zone, rank_by, conflicts, grace_hours, template_id, \
     announces_deleted, announces_cancelled, announces_leftovers, announces_ignored, \
     schedule_minutes, watch_seconds, answers, restores_at_once, takes_moves, version, \
     revision";

impl TryFrom<Row> for Calendar {
    type Error = Error;

    fn try_from(row: Row) -> Result<Calendar> {
        let damaged = |what: &str| Error::Damaged(format!("{what} in calendar {:?}", row.slug));
        let number = |it: i64, what: &str| u32::try_from(it).map_err(|_| damaged(what));
        Ok(Calendar {
            backend: match *row.backend {
                BackendKind::BuiltIn => Backend::BuiltIn,
                BackendKind::CalDav => match (row.account_id, row.collection_url.clone()) {
                    (Some(account), Some(url)) => Backend::CalDav(Collection {
                        account,
                        url,
                        sends_replies: row.sends_replies,
                        asks_authors: row.asks_authors,
                        is_shared_in: row.is_shared_in,
                        identity: row.collection_identity.clone(),
                        conditions: row.conditions.clone(),
                    }),
                    _ => return Err(damaged("no collection")),
                },
            },
            unknown_zones: *row.unknown_zone,
            rank_by: *row.rank_by,
            conflicts: *row.conflicts,
            grace_hours: number(row.grace_hours, "a grace out of bounds")?,
            horizon_days: number(row.horizon_days, "a horizon out of bounds")?,
            tolerance_minutes: number(row.tolerance_minutes, "a tolerance out of bounds")?,
            safety_limit: number(row.safety_limit, "a safety limit out of bounds")?,
            schedule_minutes: row
                .schedule_minutes
                .map(|it| number(it, "a schedule out of bounds"))
                .transpose()?,
            watch_seconds: row
                .watch_seconds
                .map(|it| number(it, "an interval of its watch out of bounds"))
                .transpose()?,
            answers: row.answers,
            restores_at_once: row.restores_at_once,
            takes_moves: row.takes_moves,
            id: row.id,
            slug: row.slug,
            name: row.name,
            zone: row.zone,
            room_address: row.room_address,
            contact_address: row.contact_address,
            free_blocks: row.free_blocks,
            template: row.template_id,
            announces: Announces {
                deleted: row.announces_deleted,
                cancelled: row.announces_cancelled,
                leftovers: row.announces_leftovers,
                ignored: row.announces_ignored,
            },
            version: row.version,
            revision: row.revision,
        })
    }
}
/// Inserts a calendar, with its rows of sync state and health. The database assigns id, version and
/// revision.
///
/// # Errors
///
/// [`Error::Taken`] if there is one of that slug, or one of that collection.
pub async fn insert(transaction: &Transaction, calendar: &Calendar) -> Result<CalendarId> {
    let collection = calendar.backend.collection();
    let mut values = settings(calendar);
    values.extend(values![
        calendar.slug.clone(),
        calendar.backend.kind().as_str(),
        collection.map(|it| it.account.0),
        collection.map(|it| it.url.clone()),
        collection.and_then(|it| it.identity.clone()),
        collection.and_then(|it| it.conditions.clone())
    ]);
    let id: CalendarId = sql::insert(
        transaction,
        "INSERT INTO calendars (name, zone, room_address, contact_address, horizon_days, \
         tolerance_minutes, safety_limit, free_blocks, rank_by, template_id, announces_deleted, \
         announces_cancelled, announces_leftovers, announces_ignored, schedule_minutes, \
         sends_replies, asks_authors, is_shared_in, unknown_zone, conflicts, grace_hours, \
         watch_seconds, answers, restores_at_once, takes_moves, slug, \
         backend, account_id, collection_url, collection_identity, conditions, features, version, \
         revision) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, '[]', 0, 0) RETURNING id",
        values,
    )
    .await?;
    let sql = "INSERT INTO calendar_sync \
               (calendar_id, mirrored, unread, generation, looks, doubts, doubts_ended, audit_found) \
               VALUES ($1, 0, 0, 0, 0, 0, 0, 0)";
    sql::run(transaction, sql, values![id]).await?;
    let sql = "INSERT INTO calendar_health (calendar_id, failure_announced, is_changed) VALUES ($1, FALSE, FALSE)";
    sql::run(transaction, sql, values![id]).await?;
    Ok(id)
}

/// The settings that [`update`] writes, in a fixed order.
fn settings(calendar: &Calendar) -> Vec<sea_orm::Value> {
    let collection = calendar.backend.collection();
    values![
        calendar.name.clone(),
        calendar.zone.clone(),
        calendar.room_address.clone(),
        calendar.contact_address.clone(),
        i64::from(calendar.horizon_days),
        i64::from(calendar.tolerance_minutes),
        i64::from(calendar.safety_limit),
        calendar.free_blocks,
        calendar.rank_by.as_str(),
        calendar.template.map(|template| template.0),
        calendar.announces.deleted,
        calendar.announces.cancelled,
        calendar.announces.leftovers,
        calendar.announces.ignored,
        calendar.schedule_minutes.map(i64::from),
        collection.is_none_or(|it| it.sends_replies),
        collection.is_none_or(|it| it.asks_authors),
        collection.is_some_and(|it| it.is_shared_in),
        calendar.unknown_zones.as_str(),
        calendar.conflicts.as_str(),
        i64::from(calendar.grace_hours),
        calendar.watch_seconds.map(i64::from),
        calendar.answers,
        calendar.restores_at_once,
        calendar.takes_moves
    ]
}

/// Writes all settings of a calendar except its slug, its source and what was found out about it,
/// if its version is still the given one; returns whether it was.
///
/// # Errors
///
/// When the database fails.
pub async fn update(transaction: &Transaction, calendar: &Calendar) -> Result<bool> {
    let mut values = settings(calendar);
    values.extend(values![calendar.id, calendar.version]);
    let sql = "UPDATE calendars SET name = $1, zone = $2, room_address = $3, contact_address = $4, \
               horizon_days = $5, tolerance_minutes = $6, safety_limit = $7, free_blocks = $8, \
               rank_by = $9, template_id = $10, announces_deleted = $11, announces_cancelled = $12, \
               announces_leftovers = $13, announces_ignored = $14, schedule_minutes = $15, \
               sends_replies = $16, asks_authors = $17, is_shared_in = $18, unknown_zone = $19, \
               conflicts = $20, grace_hours = $21, watch_seconds = $22, answers = $23, \
               restores_at_once = $24, takes_moves = $25, \
               version = version + 1 WHERE id = $26 AND version = $27";
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// The calendar of a slug.
///
/// # Errors
///
/// When the database fails.
pub async fn by_slug(access: &impl Access, slug: &str) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE slug = $1 AND removed_at IS NULL");
    let row = sql::one::<Row>(access, &sql, values![slug.to_owned()]).await?;
    row.map(Calendar::try_from).transpose()
}

/// The calendar of a collection's address.
///
/// # Errors
///
/// When the database fails.
pub async fn by_collection(access: &impl Access, url: &str) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE collection_url = $1");
    let row = sql::one::<Row>(access, &sql, values![url.to_owned()]).await?;
    row.map(Calendar::try_from).transpose()
}

/// The calendar of a collection's identity.
///
/// # Errors
///
/// When the database fails.
pub async fn by_identity(access: &impl Access, identity: &str) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE collection_identity = $1");
    let row = sql::one::<Row>(access, &sql, values![identity.to_owned()]).await?;
    row.map(Calendar::try_from).transpose()
}

/// Stores the identity of a calendar's collection.
///
/// # Errors
///
/// [`Error::Taken`] if another calendar has the same collection.
pub async fn set_identity(transaction: &Transaction, id: CalendarId, identity: &str) -> Result<()> {
    let sql = "UPDATE calendars SET collection_identity = $2 WHERE id = $1 AND removed_at IS NULL";
    sql::run(transaction, sql, values![id, identity.to_owned()]).await?;
    Ok(())
}

/// Stores which conditional writes the server of a calendar honours.
///
/// # Errors
///
/// When the database fails.
pub async fn set_conditions(
    transaction: &Transaction,
    id: CalendarId,
    conditions: &str,
) -> Result<()> {
    let sql = "UPDATE calendars SET conditions = $2 WHERE id = $1";
    sql::run(transaction, sql, values![id, conditions.to_owned()]).await?;
    Ok(())
}

/// The calendar of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: CalendarId) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE id = $1 AND removed_at IS NULL");
    let row = sql::one::<Row>(access, &sql, values![id]).await?;
    row.map(Calendar::try_from).transpose()
}

/// The calendar of an id, also if it was removed: for messages about it that are still to be sent.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id_or_removed(access: &impl Access, id: CalendarId) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE id = $1");
    let row = sql::one::<Row>(access, &sql, values![id]).await?;
    row.map(Calendar::try_from).transpose()
}

/// All calendars, by slug.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE removed_at IS NULL ORDER BY slug");
    let rows = sql::all::<Row>(access, &sql, Vec::new()).await?;
    rows.into_iter().map(Calendar::try_from).collect()
}

/// The calendars that are assigned to a user, by slug.
///
/// # Errors
///
/// When the database fails.
pub async fn of_user(access: &impl Access, user: UserId) -> Result<Vec<Calendar>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM calendars \
         JOIN calendar_users ON calendar_users.calendar_id = calendars.id \
         WHERE calendar_users.user_id = $1 AND removed_at IS NULL ORDER BY slug"
    );
    let rows = sql::all::<Row>(access, &sql, values![user]).await?;
    rows.into_iter().map(Calendar::try_from).collect()
}
