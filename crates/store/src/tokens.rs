//! Priority tokens: texts that give priority to the events that contain them. They are stored
//! hashed; events are bound to them at first sight.

mod intervals;

use clearing::{Binding, Memory, Ties};
use facts::Word as _;
use ical::Moment;
use sea_orm::FromQueryResult;

use crate::secrets::sha256;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Stored, Transaction};

pub use self::intervals::{carry_on, cut, has_bindings};

/// The largest number of listed bindings: a person who knows a token can write it into any number
/// of events.
pub const MAX_LISTED_BINDINGS: i64 = 10_000;

/// A token to insert.
#[derive(Clone, Debug)]
pub struct NewToken<'t> {
    /// What it is called.
    pub label: &'t str,
    /// Its text.
    pub text: &'t str,
    /// The number of events that can use it.
    pub events: i64,
    /// When it expires, in seconds since 1970, exclusive.
    pub expires_at: Option<i64>,
    /// Its calendars; `None` for all.
    pub calendars: Option<&'t [CalendarId]>,
    /// What applies if it meets another prioritised event.
    pub ties: Ties,
}

/// A stored token, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub label: String,
    /// The number of events that can use it.
    pub events: i64,
    /// The number of events that are bound to it.
    pub used: i64,
    /// When it expires, in seconds since 1970, exclusive.
    pub expires_at: Option<i64>,
    /// The slugs of the calendars that it is for; `None` for all.
    pub calendars: Option<Vec<String>>,
    /// What applies if it meets another prioritised event.
    pub ties: Ties,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
}

facts::words! {
    /// Whether a token prioritises an event that contains it.
    pub enum BindingState {
        /// It is, in the intervals of the binding.
        Bound = "bound",
        /// It is not: other events had used up the token when it was first seen.
        UsedUp = "used up",
        /// It no longer is: an administrator removed the binding.
        Removed = "removed",
    }
}

/// An event that contains a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenBinding {
    /// Its number.
    pub id: i64,
    /// The token's id.
    pub token_id: i64,
    /// The token's label.
    pub label: String,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The calendar's slug.
    pub slug: String,
    /// The event's UID.
    pub uid: String,
    /// The intervals that it held when it was bound: half-open, ascending. The last one of an
    /// endless series ends at [`Moment::MAX`].
    pub intervals: Vec<(Moment, Moment)>,
    /// Whether it counts.
    pub state: BindingState,
    /// Whether the event is gone, so that it prioritises nothing until one of its UID holds the token again.
    pub is_suspended: bool,
    /// When it was bound, at first sight or by the last renewal, in seconds since 1970.
    pub bound_at: i64,
}

/// Inserts a token; returns its id.
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
        token.ties.as_str(),
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

/// Removes a token with its bindings; returns its label, if there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn remove(transaction: &Transaction, id: i64) -> Result<Option<String>> {
    sql::value(transaction, "DELETE FROM tokens WHERE id = $1 RETURNING label", values![id]).await
}

/// All tokens, the latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<Token>> {
    tokens(access, None).await
}

/// The token of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: i64) -> Result<Option<Token>> {
    Ok(tokens(access, Some(id)).await?.pop())
}

async fn tokens(access: &impl Access, id: Option<i64>) -> Result<Vec<Token>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        label: String,
        events: i64,
        used: i64,
        expires_at: Option<i64>,
        is_for_all: bool,
        ties: Stored<Ties>,
        created_at: i64,
    }
    #[derive(FromQueryResult)]
    struct OfCalendar {
        token_id: i64,
        slug: String,
    }
    let sql = "SELECT id, label, events, expires_at, is_for_all, ties, created_at, \
               (SELECT COUNT(*) FROM token_bindings WHERE token_id = tokens.id \
                AND state = 'bound') AS used FROM tokens \
               WHERE $1 = 0 OR id = $1 ORDER BY id DESC";
    // Ids begin at 1.
    let id = id.unwrap_or_default();
    let rows: Vec<Row> = sql::all(access, sql, values![id]).await?;
    let sql = "SELECT token_id, slug FROM token_calendars \
               JOIN calendars ON calendars.id = calendar_id \
               WHERE $1 = 0 OR token_id = $1 ORDER BY slug";
    let calendars: Vec<OfCalendar> = sql::all(access, sql, values![id]).await?;
    let token = |row: Row| -> Result<Token> {
        Ok(Token {
            calendars: (!row.is_for_all).then(|| {
                let of_it = calendars.iter().filter(|it| it.token_id == row.id);
                of_it.map(|it| it.slug.clone()).collect()
            }),
            id: row.id,
            label: row.label,
            events: row.events,
            used: row.used,
            expires_at: row.expires_at,
            ties: *row.ties,
            created_at: row.created_at,
        })
    };
    rows.into_iter().map(token).collect()
}

#[derive(FromQueryResult)]
struct BindingRow {
    id: i64,
    token_id: i64,
    label: String,
    calendar_id: CalendarId,
    slug: String,
    uid: String,
    intervals: String,
    state: Stored<BindingState>,
    is_suspended: bool,
    bound_at: i64,
}

impl BindingRow {
    fn read(self) -> Result<TokenBinding> {
        Ok(TokenBinding {
            id: self.id,
            token_id: self.token_id,
            label: self.label,
            calendar_id: self.calendar_id,
            slug: self.slug,
            uid: self.uid,
            intervals: intervals::parse(&self.intervals)?,
            state: *self.state,
            is_suspended: self.is_suspended,
            bound_at: self.bound_at,
        })
    }
}

const BINDINGS: &str = "SELECT token_bindings.id, token_id, label, calendar_id, slug, uid, intervals, \
                        token_bindings.state, gone_at IS NOT NULL AS is_suspended, bound_at \
                        FROM token_bindings \
                        JOIN calendars ON calendars.id = calendar_id \
                        JOIN tokens ON tokens.id = token_id";

/// The events that contain a token, or any, the latest first; at most [`MAX_LISTED_BINDINGS`].
///
/// # Errors
///
/// When the database fails.
pub async fn bindings(access: &impl Access, token: Option<i64>) -> Result<Vec<TokenBinding>> {
    let sql = format!(
        "{BINDINGS} WHERE $1 = 0 OR token_id = $1 ORDER BY token_bindings.id DESC LIMIT $2"
    );
    let values = values![token.unwrap_or_default(), MAX_LISTED_BINDINGS];
    let rows: Vec<BindingRow> = sql::all(access, &sql, values).await?;
    rows.into_iter().map(BindingRow::read).collect()
}

/// The binding of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn binding(access: &impl Access, id: i64) -> Result<Option<TokenBinding>> {
    let sql = format!("{BINDINGS} WHERE token_bindings.id = $1");
    let row: Option<BindingRow> = sql::one(access, &sql, values![id]).await?;
    row.map(BindingRow::read).transpose()
}

/// Removes a binding: the token no longer prioritises the event, also if it is edited and still
/// contains it, and another event can use the token.
///
/// # Errors
///
/// When the database fails.
pub async fn unbind(transaction: &Transaction, id: i64) -> Result<()> {
    let sql = "UPDATE token_bindings SET state = 'removed' WHERE id = $1";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}

/// Renews a binding: it applies to these half-open intervals, whatever it did before.
///
/// # Errors
///
/// When the database fails.
pub async fn rebind(
    transaction: &Transaction,
    id: i64,
    intervals: &[(Moment, Moment)],
    now: i64,
) -> Result<()> {
    let sql = "UPDATE token_bindings SET state = 'bound', intervals = $2, bound_at = $3, gone_at = NULL \
               WHERE id = $1";
    sql::run(transaction, sql, values![id, intervals::write(intervals)?, now]).await?;
    Ok(())
}

/// Whether another event can use a token. No other transaction gets the same answer before this one
/// ends.
///
/// # Errors
///
/// When the database fails.
pub async fn has_use_left(transaction: &Transaction, id: i64) -> Result<bool> {
    Ok(uses_left(transaction, id).await? > 0)
}

/// For how many further events a token can be used.
async fn uses_left(transaction: &Transaction, id: i64) -> Result<i64> {
    // The update locks the row: if two servers see the token in two events at once, one waits and
    // then counts the other's.
    let sql = "UPDATE tokens SET events = events WHERE id = $1 RETURNING events";
    let events: i64 = sql::value(transaction, sql, values![id]).await?.unwrap_or_default();
    let sql = "SELECT COUNT(*) FROM token_bindings WHERE token_id = $1 AND state = 'bound'";
    let used: i64 = sql::value(transaction, sql, values![id]).await?.unwrap_or_default();
    Ok(events - used)
}

/// An event that holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHolder {
    /// The event's UID.
    pub uid: String,
    /// The intervals that it holds, half-open.
    pub intervals: Vec<(Moment, Moment)>,
}

/// Binds a token in events of a calendar that are seen with it at once, at first sight, to the events' intervals.
/// `now` is in seconds since 1970. A token that has expired, or is not for the calendar, is ignored.
///
/// If there are more new ones than the token can be used for, nobody knows who copied it from whom: it is used up
/// for all of them.
///
/// # Errors
///
/// When the database fails.
pub async fn bind(
    transaction: &Transaction,
    calendar: CalendarId,
    text: &str,
    holders: &[TokenHolder],
    now: i64,
) -> Result<()> {
    let sql = "SELECT id FROM tokens WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2) \
               AND (is_for_all OR EXISTS (SELECT 1 FROM token_calendars \
               WHERE token_id = tokens.id AND calendar_id = $3))";
    let hash = sha256(text.as_bytes()).to_vec();
    let found: Option<i64> = sql::value(transaction, sql, values![hash, now, calendar]).await?;
    let Some(token) = found else { return Ok(()) };
    let mut new = Vec::new();
    for holder in holders {
        let sql = "UPDATE token_bindings SET gone_at = NULL \
                   WHERE token_id = $1 AND calendar_id = $2 AND uid = $3";
        let values = values![token, calendar, sql::uid_key(&holder.uid)];
        if sql::run(transaction, sql, values).await? == 0 {
            new.push(holder);
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let state = match uses_left(transaction, token).await? >= new.len() as i64 {
        true => BindingState::Bound,
        false => BindingState::UsedUp,
    };
    for TokenHolder { uid, intervals } in new {
        let sql = "INSERT INTO token_bindings \
                   (token_id, calendar_id, uid, intervals, state, bound_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (token_id, calendar_id, uid) DO NOTHING";
        let intervals = intervals::write(intervals)?;
        let state = state.as_str().to_owned();
        let values = values![token, calendar, sql::uid_key(uid), intervals, state, now];
        sql::run(transaction, sql, values).await?;
    }
    Ok(())
}

/// Suspends the bindings of an event that is gone for sure: they prioritise nothing until an event of its UID
/// holds the token again.
///
/// # Errors
///
/// When the database fails.
pub async fn suspend(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE token_bindings SET gone_at = $3 \
               WHERE calendar_id = $1 AND uid = $2 AND gone_at IS NULL";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid), now]).await?;
    Ok(())
}

/// Adds the token bindings of a calendar to the memory of the rules. A binding outlives the token's
/// expiry, which only limits further events.
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
        ties: Stored<Ties>,
        label: String,
        state: Stored<BindingState>,
    }
    let sql = "SELECT uid, intervals, ties, label, state FROM token_bindings \
               JOIN tokens ON tokens.id = token_id WHERE calendar_id = $1 AND gone_at IS NULL";
    for row in sql::all::<Row>(access, sql, values![calendar]).await? {
        match *row.state {
            BindingState::Removed => {}
            BindingState::UsedUp => {
                memory.used_up.insert(row.uid, row.label);
            }
            BindingState::Bound => {
                let intervals = intervals::parse(&row.intervals)?;
                let binding = Binding { intervals, ties: *row.ties };
                memory.bindings.entry(row.uid).or_default().push(binding);
            }
        }
    }
    Ok(())
}
