//! Tokens: texts that an administrator hands out, and that give the event that holds them priority.
//! They are stored hashed; the events that hold one are bound at first sight.

use clearing::{Binding, Memory, Ties};
use ical::Moment;
use sea_orm::FromQueryResult;

use crate::calendars::{parse_ties, ties_name};
use crate::secrets::sha256;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction};

/// A token that is to be made.
#[derive(Clone, Debug)]
pub struct NewToken<'t> {
    /// What it is called.
    pub label: &'t str,
    /// Its text.
    pub text: &'t str,
    /// How many events it is good for.
    pub events: i64,
    /// Until when, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// On which calendars; `None` for all.
    pub calendars: Option<&'t [CalendarId]>,
    /// What holds where it meets another that is prioritised.
    pub ties: Ties,
}

/// A token as it is shown: nobody knows its text any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub label: String,
    /// How many events it is good for.
    pub events: i64,
    /// Until when, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// The slugs of the calendars that it is for; `None` for all.
    pub calendars: Option<Vec<String>>,
    /// When it was made.
    pub created_at: i64,
    /// The events that hold it.
    pub bindings: Vec<Bound>,
}

/// An event that holds a token.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Bound {
    /// Its number.
    pub id: i64,
    token_id: i64,
    /// The calendar's slug.
    pub slug: String,
    /// The event's UID.
    pub uid: String,
    /// Whether it counts: not if the token was used up.
    pub is_good: bool,
    /// When it was first seen in the event.
    pub bound_at: i64,
}

/// Makes a token; its number.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, token: &NewToken<'_>, now: i64) -> Result<i64> {
    let sql = "INSERT INTO tokens (label, hash, events, expires_at, is_for_all, ties, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let values = values![
        token.label.to_owned(),
        sha256(token.text.as_bytes()).to_vec(),
        token.events,
        token.expires_at,
        token.calendars.is_none(),
        ties_name(token.ties).to_owned(),
        now
    ];
    let id: i64 = sql::value(transaction, sql, values).await?.unwrap_or_default();
    for calendar in token.calendars.unwrap_or_default() {
        let sql = "INSERT INTO token_calendars (token_id, calendar_id) VALUES ($1, $2) \
                   ON CONFLICT DO NOTHING";
        sql::run(transaction, sql, values![id, *calendar]).await?;
    }
    Ok(id)
}

/// Removes a token with its bindings; its label, if there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn remove(transaction: &Transaction, id: i64) -> Result<Option<String>> {
    sql::value(transaction, "DELETE FROM tokens WHERE id = $1 RETURNING label", values![id]).await
}

/// Removes a binding: at the next change of the event the token is bound anew, if it still is good.
/// The event's UID, if there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn unbind(transaction: &Transaction, id: i64) -> Result<Option<String>> {
    let sql = "DELETE FROM token_bindings WHERE id = $1 RETURNING uid";
    sql::value(transaction, sql, values![id]).await
}

/// All tokens, the latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<Token>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        label: String,
        events: i64,
        expires_at: Option<i64>,
        is_for_all: bool,
        created_at: i64,
    }
    #[derive(FromQueryResult)]
    struct OfCalendar {
        token_id: i64,
        slug: String,
    }
    let sql = "SELECT id, label, events, expires_at, is_for_all, created_at FROM tokens \
               ORDER BY id DESC";
    let rows: Vec<Row> = sql::all(access, sql, Vec::new()).await?;
    let sql = "SELECT token_id, slug FROM token_calendars \
               JOIN calendars ON calendars.id = calendar_id ORDER BY slug";
    let calendars: Vec<OfCalendar> = sql::all(access, sql, Vec::new()).await?;
    let sql = "SELECT token_bindings.id, token_id, slug, uid, is_good, bound_at \
               FROM token_bindings JOIN calendars ON calendars.id = calendar_id \
               ORDER BY token_bindings.id";
    let bindings: Vec<Bound> = sql::all(access, sql, Vec::new()).await?;
    let token = |row: Row| Token {
        calendars: (!row.is_for_all).then(|| {
            let of_it = calendars.iter().filter(|it| it.token_id == row.id);
            of_it.map(|it| it.slug.clone()).collect()
        }),
        bindings: bindings.iter().filter(|it| it.token_id == row.id).cloned().collect(),
        id: row.id,
        label: row.label,
        events: row.events,
        expires_at: row.expires_at,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(token).collect())
}

/// Whether any token is good on a calendar, so that its events have to be searched.
///
/// # Errors
///
/// When the database fails.
pub async fn are_any(access: &impl Access, calendar: CalendarId, now: i64) -> Result<bool> {
    let sql = format!("SELECT COUNT(*) FROM tokens WHERE {GOOD}");
    Ok(sql::value::<i64>(access, &sql, values![calendar, now]).await?.unwrap_or_default() > 0)
}

/// Of a calendar $1 at a moment $2.
const GOOD: &str = "(expires_at IS NULL OR expires_at > $2) AND (is_for_all OR EXISTS \
                    (SELECT 1 FROM token_calendars WHERE token_id = tokens.id \
                     AND calendar_id = $1))";

/// Binds a token that an event of a calendar holds, at first sight, to what it holds then.
///
/// # Errors
///
/// When the database fails.
pub async fn bind(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    text: &str,
    intervals: &[(Moment, Moment)],
    now: i64,
) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        events: i64,
    }
    let sql = format!("SELECT id, events FROM tokens WHERE {GOOD} AND hash = $3");
    let hash = sha256(text.as_bytes()).to_vec();
    let found: Option<Row> = sql::one(transaction, &sql, values![calendar, now, hash]).await?;
    let Some(Row { id, events }) = found else { return Ok(()) };
    let sql = "SELECT COUNT(*) FROM token_bindings WHERE token_id = $1 AND is_good";
    let used: i64 = sql::value(transaction, sql, values![id]).await?.unwrap_or_default();
    let intervals: Vec<[i64; 2]> = intervals.iter().map(|it| [it.0.0, it.1.0]).collect();
    let sql = "INSERT INTO token_bindings \
               (token_id, calendar_id, uid, intervals, is_good, bound_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (token_id, calendar_id, uid) DO NOTHING";
    let values = values![
        id,
        calendar,
        sql::uid_key(uid),
        serde_json::to_string(&intervals)?,
        used < events,
        now
    ];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// Adds what tokens prioritise on a calendar to what the rules remember. A binding outlives the token's
/// expiry, which only says until when further events may use it.
///
/// # Errors
///
/// When the database fails.
pub async fn remember(
    access: &impl Access,
    calendar: CalendarId,
    memory: &mut Memory,
) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
        intervals: String,
        ties: String,
        label: String,
        is_good: bool,
    }
    let sql = "SELECT uid, intervals, ties, label, is_good FROM token_bindings \
               JOIN tokens ON tokens.id = token_id WHERE calendar_id = $1";
    for row in sql::all::<Row>(access, sql, values![calendar]).await? {
        if !row.is_good {
            memory.used_up.insert(row.uid, row.label);
            continue;
        }
        let intervals: Vec<[i64; 2]> = serde_json::from_str(&row.intervals)?;
        let intervals = intervals.into_iter().map(|[start, end]| (Moment(start), Moment(end)));
        let binding = Binding { intervals: intervals.collect(), ties: parse_ties(&row.ties)? };
        memory.bindings.entry(row.uid).or_default().push(binding);
    }
    Ok(())
}
