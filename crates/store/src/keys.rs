//! API keys. The key itself is shown once and never stored.

use sea_orm::FromQueryResult;
use subtle::ConstantTimeEq as _;

use crate::secrets::{random_text, sha256};
use crate::sql::{self, values};
use crate::{Access, CalendarId, KeyId, Result, Transaction, UserId};

/// The prefix of all keys, by which people and secret scanners recognise them.
pub const START: &str = "rb_";
/// The number of characters after [`START`] by which a key is found and recognised.
const PREFIX: usize = 8;
/// The number of random characters in a key.
const LENGTH: usize = 40;

/// A right of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// List calendars and events.
    pub read: bool,
    /// Create events.
    pub create: bool,
    /// Change events.
    pub change: bool,
    /// Delete events.
    pub delete: bool,
    /// See what a clear would do (test mode).
    pub preview: bool,
    /// Clear calendars.
    pub clear: bool,
    /// See when calendars are busy, without names.
    pub freebusy: bool,
}

impl Rights {
    /// All of them.
    pub const ALL: Rights = Rights {
        read: true,
        create: true,
        change: true,
        delete: true,
        preview: true,
        clear: true,
        freebusy: true,
    };

    /// Whether a clear may be tried in test mode: `clear` includes `preview`.
    pub fn may_preview(&self) -> bool {
        self.preview || self.clear
    }

    /// Whether busy times may be read: `read` includes `freebusy`.
    pub fn may_read_times(&self) -> bool {
        self.freebusy || self.read
    }

    /// The names of the granted rights, without the included ones.
    pub fn names(&self) -> Vec<&'static str> {
        let all = [
            (self.read, "read"),
            (self.create, "create"),
            (self.change, "change"),
            (self.delete, "delete"),
            (self.preview, "preview"),
            (self.clear, "clear"),
            (self.freebusy, "freebusy"),
        ];
        all.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect()
    }
}

/// A key, as it can be shown again.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Key {
    /// Its number.
    pub id: KeyId,
    /// The user who owns it.
    pub user_id: UserId,
    /// Its name.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    hash: Vec<u8>,
    can_read: bool,
    can_create: bool,
    can_change: bool,
    can_delete: bool,
    can_preview: bool,
    can_clear: bool,
    can_freebusy: bool,
    /// Whether it is limited to some of its user's calendars.
    pub is_limited: bool,
    /// When it was created, in seconds since 1970.
    pub created_at: i64,
    /// When it expires.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// When its user was deactivated, if it was not renewed since.
    pub suspended_at: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

impl Key {
    /// Its rights.
    pub fn rights(&self) -> Rights {
        Rights {
            read: self.can_read,
            create: self.can_create,
            change: self.can_change,
            delete: self.can_delete,
            preview: self.can_preview,
            clear: self.can_clear,
            freebusy: self.can_freebusy,
        }
    }

    /// Whether it is valid at a moment.
    pub fn is_valid_at(&self, now: i64) -> bool {
        let is_ended = self.revoked_at.is_some() || self.suspended_at.is_some();
        !is_ended && self.expires_at.is_none_or(|expires| now < expires)
    }
}

/// A key to insert.
#[derive(Clone, Debug)]
pub struct NewKey<'n> {
    /// The user who owns it.
    pub user: UserId,
    /// Its name.
    pub name: &'n str,
    /// Its rights.
    pub rights: Rights,
    /// The calendars that it is limited to; `None` for all of its user's.
    pub calendars: Option<&'n [CalendarId]>,
    /// When it expires, in seconds since 1970.
    pub expires_at: Option<i64>,
}

const COLUMNS: &str = "id, user_id, name, prefix, hash, can_read, can_create, can_change, \
                       can_delete, can_preview, can_clear, can_freebusy, is_limited, created_at, \
                       expires_at, revoked_at, suspended_at, last_used_at";

/// Creates a key and returns its text, which is not stored and cannot be shown again.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(
    transaction: &Transaction,
    key: &NewKey<'_>,
    now: i64,
) -> Result<(KeyId, String)> {
    let text = format!("{START}{}", random_text(LENGTH));
    let id = sql::insert(
        transaction,
        "INSERT INTO api_keys (user_id, name, prefix, hash, can_read, can_create, can_change, \
         can_delete, can_preview, can_clear, can_freebusy, is_limited, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
        values![
            key.user,
            key.name.to_owned(),
            text[..START.len() + PREFIX].to_owned(),
            sha256(text.as_bytes()).to_vec(),
            key.rights.read,
            key.rights.create,
            key.rights.change,
            key.rights.delete,
            key.rights.preview,
            key.rights.clear,
            key.rights.freebusy,
            key.calendars.is_some(),
            now,
            key.expires_at
        ],
    )
    .await?;
    for calendar in key.calendars.unwrap_or_default() {
        let sql = "INSERT INTO api_key_calendars (key_id, calendar_id) VALUES ($1, $2) \
                   ON CONFLICT DO NOTHING";
        sql::run(transaction, sql, values![id, *calendar]).await?;
    }
    Ok((id, text))
}

/// The key of a text, valid or not. The duration reveals nothing about how much of the text is
/// right.
///
/// # Errors
///
/// When the database fails.
pub async fn by_text(access: &impl Access, text: &str) -> Result<Option<Key>> {
    let Some(prefix) = text.get(..START.len() + PREFIX) else { return Ok(None) };
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE prefix = $1");
    let found: Option<Key> = sql::one(access, &sql, values![prefix.to_owned()]).await?;
    let hash = sha256(text.as_bytes());
    Ok(found.filter(|key| bool::from(key.hash.ct_eq(&hash))))
}

/// The key of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: KeyId) -> Result<Option<Key>> {
    sql::one(access, &format!("SELECT {COLUMNS} FROM api_keys WHERE id = $1"), values![id]).await
}

/// The keys of a user, or of all, oldest first.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access, user: Option<UserId>) -> Result<Vec<Key>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM api_keys \
         WHERE user_id = COALESCE($1, user_id) \
         AND user_id IN (SELECT id FROM users WHERE removed_at IS NULL) ORDER BY id"
    );
    sql::all(access, &sql, values![user.map(|user| user.0)]).await
}

/// The calendars that a limited key reaches.
///
/// # Errors
///
/// When the database fails.
pub async fn calendars(access: &impl Access, id: KeyId) -> Result<Vec<CalendarId>> {
    #[derive(FromQueryResult)]
    struct Row {
        calendar_id: CalendarId,
    }
    let sql = "SELECT calendar_id FROM api_key_calendars WHERE key_id = $1";
    let rows = sql::all::<Row>(access, sql, values![id]).await?;
    Ok(rows.into_iter().map(|row| row.calendar_id).collect())
}

/// Revokes a key; returns whether it was valid.
///
/// # Errors
///
/// When the database fails.
pub async fn revoke(transaction: &Transaction, id: KeyId, now: i64) -> Result<bool> {
    let sql = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    Ok(sql::run(transaction, sql, values![id, now]).await? > 0)
}

/// Suspends the keys of a user who is deactivated.
///
/// # Errors
///
/// When the database fails.
pub async fn suspend(transaction: &Transaction, user: UserId, now: i64) -> Result<()> {
    let sql = "UPDATE api_keys SET suspended_at = $2 \
               WHERE user_id = $1 AND revoked_at IS NULL AND suspended_at IS NULL";
    sql::run(transaction, sql, values![user, now]).await?;
    Ok(())
}

/// Lets a suspended key work again; returns whether it was suspended.
///
/// # Errors
///
/// When the database fails.
pub async fn renew(transaction: &Transaction, id: KeyId) -> Result<bool> {
    let sql = "UPDATE api_keys SET suspended_at = NULL \
               WHERE id = $1 AND revoked_at IS NULL AND suspended_at IS NOT NULL";
    Ok(sql::run(transaction, sql, values![id]).await? > 0)
}

/// Records when keys were last used. Several servers may write the same keys: they do so in a fixed
/// order, to avoid deadlocks, and the latest use counts.
///
/// # Errors
///
/// When the database fails.
pub async fn set_last_used(transaction: &Transaction, uses: &[(KeyId, i64)]) -> Result<()> {
    let mut uses = uses.to_vec();
    uses.sort_unstable_by_key(|(id, _)| id.0);
    for (id, at) in uses {
        let sql = "UPDATE api_keys SET last_used_at = $2 \
                   WHERE id = $1 AND COALESCE(last_used_at, 0) < $2";
        sql::run(transaction, sql, values![id, at]).await?;
    }
    Ok(())
}
