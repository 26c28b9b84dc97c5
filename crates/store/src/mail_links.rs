//! Links in messages that act without a sign-in. The address of one carries its number and a signature of its row.

use facts::LinkSubject;
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::vault::Vault;
use crate::{Access, CalendarId, ChangeId, LinkId, OutboxId, Result, Stored, Transaction};

facts::words! {
    /// What a link does.
    pub enum LinkAct {
        /// The event gives up its time in the room.
        GiveUp = "give up",
        /// It is moved to another room.
        Move = "move",
        /// The removal waits until an administrator has decided.
        Ask = "ask",
        /// What was removed is restored: its time is free again.
        Restore = "restore",
        /// Nothing: its page lists all dates of the message.
        List = "list",
    }
}

/// A link, to insert.
#[derive(Clone, Debug)]
pub struct NewLink<'l> {
    /// What it does.
    pub act: LinkAct,
    /// Who gets it.
    pub address: &'l str,
    /// The message that carries it.
    pub message: OutboxId,
    /// The calendar.
    pub calendar: CalendarId,
    /// The event.
    pub uid: &'l str,
    /// The occurrences that it is about.
    pub subject: &'l LinkSubject,
    /// From when on it does not work, in seconds since 1970, as all moments.
    pub expires_at: i64,
    /// The present.
    pub now: i64,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct LinkRow {
    /// Its number.
    pub id: LinkId,
    /// What it does.
    pub act: Stored<LinkAct>,
    /// Who got it.
    pub address: String,
    /// The message that carries it.
    pub message_id: Option<OutboxId>,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The event.
    pub uid: String,
    /// What it is about, as JSON.
    subject: String,
    /// From when on it does not work.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
    /// Of a move, the calendar in which the event is booked already.
    pub target_id: Option<CalendarId>,
    /// The version of the event that is moved.
    pub version: Option<String>,
}

const ROWS: &str = "SELECT id, act, address, message_id, calendar_id, uid, subject, \
                      expires_at, used_at, target_id, version FROM mail_links";
/// Half-done moves that [`claim_unfinished`] names.
const MAX_UNFINISHED: i64 = 20;
/// What the key of signatures is derived for.
const PURPOSE: &str = "links in messages";
/// The bytes of a signature that an address carries: 144 bits.
const SIGNATURE_BYTES: usize = 18;

impl LinkRow {
    /// What it is about.
    ///
    /// # Errors
    ///
    /// If the row is damaged, or of a later version.
    pub fn subject(&self) -> Result<LinkSubject> {
        Ok(serde_json::from_str(&self.subject)?)
    }

    /// The signature of all that it stands for.
    ///
    /// # Errors
    ///
    /// As [`Vault::sign`].
    pub fn signature(&self, vault: &Vault) -> Result<[u8; SIGNATURE_BYTES]> {
        let LinkRow { id, act, address, message_id, calendar_id, uid, subject, .. } = self;
        let signed = serde_json::to_vec(&(
            (id, act.as_str(), address, message_id, calendar_id),
            (uid, subject, self.expires_at),
        ))?;
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(&vault.sign(PURPOSE, &signed)?[..SIGNATURE_BYTES]);
        Ok(signature)
    }
}

/// Inserts a link.
///
/// # Errors
///
/// When the database fails.
pub async fn insert(transaction: &Transaction, new: &NewLink<'_>) -> Result<LinkId> {
    sql::insert(
        transaction,
        "INSERT INTO mail_links (act, address, message_id, calendar_id, uid, subject, made_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        values![
            new.act.as_str(),
            new.address.to_owned(),
            new.message,
            new.calendar,
            new.uid.to_owned(),
            serde_json::to_string(new.subject)?,
            new.now,
            new.expires_at
        ],
    )
    .await
}

/// A link by its number.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: LinkId) -> Result<Option<LinkRow>> {
    sql::one(access, &format!("{ROWS} WHERE id = $1"), values![id]).await
}

/// The links of a message that still work, in their order.
///
/// # Errors
///
/// When the database fails.
pub async fn of_message(access: &impl Access, message: OutboxId, now: i64) -> Result<Vec<LinkRow>> {
    let sql = format!(
        "{ROWS} WHERE message_id = $1 AND used_at IS NULL AND expires_at > $2 ORDER BY id LIMIT $3"
    );
    sql::all(access, &sql, values![message, now, LinkAct::ALL.len() as i64]).await
}

/// Records that a link was used, and which change it made. Returns whether nobody has used it before.
///
/// # Errors
///
/// When the database fails.
pub async fn use_up(
    transaction: &Transaction,
    id: LinkId,
    change: Option<ChangeId>,
    now: i64,
) -> Result<bool> {
    let sql =
        "UPDATE mail_links SET used_at = $2, change_id = $3 WHERE id = $1 AND used_at IS NULL";
    Ok(sql::run(transaction, sql, values![id, now, change.map(|it| it.0)]).await? > 0)
}

/// Records the calendar into which a link has moved its event; it is still in the other one.
///
/// # Errors
///
/// When the database fails.
pub async fn set_target(transaction: &Transaction, id: LinkId, calendar: CalendarId) -> Result<()> {
    let sql = "UPDATE mail_links SET target_id = $2 WHERE id = $1";
    sql::run(transaction, sql, values![id, calendar]).await?;
    Ok(())
}

/// Claims a move for a calendar: no other one is tried until that is given up. `version` is that of the event that is
/// moved. Returns whether the link was neither used nor claimed for another calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn want(
    transaction: &Transaction,
    id: LinkId,
    (calendar, version): (CalendarId, &str),
) -> Result<bool> {
    let sql = "UPDATE mail_links SET wanted_id = $2, version = $3 WHERE id = $1 \
                 AND used_at IS NULL AND (wanted_id IS NULL OR wanted_id = $2) \
                 AND (target_id IS NULL OR version = $3)";
    let values = values![id, calendar, version.to_owned()];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Gives up a move that was refused: the event is not booked elsewhere.
///
/// # Errors
///
/// When the database fails.
pub async fn release(transaction: &Transaction, id: LinkId) -> Result<()> {
    let sql = "UPDATE mail_links SET wanted_id = NULL WHERE id = $1 AND target_id IS NULL";
    sql::run(transaction, sql, values![id]).await?;
    Ok(())
}

/// Links of which a move is half done, and that no process has tried in the last `pause` seconds, the longest untried
/// first. They are claimed by that.
///
/// # Errors
///
/// When the database fails.
pub async fn claim_unfinished(
    transaction: &Transaction,
    (now, pause): (i64, i64),
) -> Result<Vec<LinkRow>> {
    let sql = format!(
        "{ROWS} WHERE target_id IS NOT NULL AND used_at IS NULL \
           AND (tried_at IS NULL OR tried_at <= $1 - $2 OR tried_at > $1) \
         ORDER BY COALESCE(tried_at, 0), id LIMIT $3"
    );
    let rows = sql::all::<LinkRow>(transaction, &sql, values![now, pause, MAX_UNFINISHED]).await?;
    for row in &rows {
        let sql = "UPDATE mail_links SET tried_at = $2 WHERE id = $1";
        sql::run(transaction, sql, values![row.id, now]).await?;
    }
    Ok(rows)
}
