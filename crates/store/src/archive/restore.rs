//! Replacing the content of a database by that of a backup, or filling an empty one; and what a restored database
//! must not do.
//!
//! A backup is older than the world around it: what it has as waiting may have been done since, and what is allowed in
//! it may have been taken back. So a restored database does nothing on its own of which it cannot know that it was not
//! done, and asks again for what it can ask for.

use clearing::REMOVAL_FLOOR;
use sea_orm::{ConnectionTrait as _, FromQueryResult};
use wording::{Message, MessageId};

use super::{Archive, ArchiveError, Content, copy};
use crate::migrations::{self, Table};
use crate::sql::{self, values};
use crate::{Access, DatabaseKind, Result, Transaction, leases, servers};

/// What works on a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Servers that run on it.
    pub servers: i64,
    /// Calendars and runs that a process holds.
    pub others: i64,
}

/// What works on a database: servers, and commands that hold a calendar or have a run open.
///
/// # Errors
///
/// When the database fails.
pub async fn activity(access: &impl Access) -> Result<Activity> {
    #[derive(FromQueryResult)]
    struct Row {
        servers: i64,
        others: i64,
    }
    let now = access.now();
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM servers WHERE seen_at > {now} - $1) AS servers, \
           (SELECT COUNT(*) FROM leases WHERE expires_at > {now} AND expires_at <= {now} + $2) \
           + (SELECT COUNT(*) FROM runs WHERE finished_at IS NULL AND held_until > {now}) AS others"
    );
    let values = values![servers::ALIVE_SECONDS, leases::MAX_SECONDS];
    let row = sql::one::<Row>(access, &sql, values).await?;
    Ok(row.map_or_else(Activity::default, |it| Activity { servers: it.servers, others: it.others }))
}

/// Makes sure that nothing works on a database, and keeps new servers from starting until the end of the transaction.
async fn nothing_works(transaction: &Transaction) -> std::result::Result<(), ArchiveError> {
    if transaction.kind() == DatabaseKind::Postgres {
        let lock = "LOCK TABLE servers, leases IN ACCESS EXCLUSIVE MODE";
        transaction.connection().execute_unprepared(lock).await.map_err(crate::Error::from)?;
    }
    match activity(transaction).await? {
        Activity { servers: 0, others: 0 } => Ok(()),
        activity => Err(ArchiveError::InUse(activity)),
    }
}

/// Whether a database has no rows; the error names a table that has some.
///
/// # Errors
///
/// [`ArchiveError::NotEmpty`], or when the database fails.
pub async fn is_empty(access: &impl Access) -> std::result::Result<(), ArchiveError> {
    for Table { name, .. } in migrations::tables() {
        // What the program writes into an empty database when it opens it.
        let sql = match name {
            "templates" => "SELECT COUNT(*) FROM templates WHERE NOT is_default".to_owned(),
            "probe" | "servers" => continue,
            _ => format!("SELECT COUNT(*) FROM {name}"),
        };
        let rows: i64 = sql::value(access, &sql, Vec::new()).await?.unwrap_or_default();
        if rows > 0 {
            return Err(ArchiveError::NotEmpty(format!("{name} has {rows} rows")));
        }
    }
    Ok(())
}

/// Removes all rows.
async fn empty(transaction: &Transaction, tables: &[Table]) -> Result<()> {
    let names: Vec<&str> = tables.iter().map(|it| it.name).collect();
    let statements = match transaction.kind() {
        DatabaseKind::Postgres => vec![format!("TRUNCATE {}", names.join(", "))],
        DatabaseKind::Sqlite => {
            let delete = names.iter().rev().map(|name| format!("DELETE FROM {name}"));
            std::iter::once("PRAGMA defer_foreign_keys = ON".to_owned()).chain(delete).collect()
        }
    };
    for statement in statements {
        transaction.connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Copies everything from one database on which nothing works into another, which is empty. One of them is SQLite.
/// Returns what both hold then.
///
/// # Errors
///
/// If something works on one of them, the target has rows, or a database fails. Nothing is written then.
pub async fn copy_all(
    from: &Transaction,
    to: &Transaction,
) -> std::result::Result<Vec<Content>, ArchiveError> {
    nothing_works(from).await?;
    nothing_works(to).await?;
    is_empty(to).await?;
    let tables = migrations::tables();
    empty(to, &tables).await?;
    let copied = copy::copy(from, to, &tables).await?;
    forget_processes(to).await?;
    Ok(copied)
}

/// What a restore came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// What the backup holds.
    pub contents: Vec<Content>,
    /// Messages that wait until an administrator releases them.
    pub held: u64,
    /// Webhooks that do so.
    pub held_webhooks: u64,
    /// Pending removals that wait for a decision, because they would be due at once.
    pub undecided: u64,
    /// Pending removals whose grace begins anew.
    pub begun_anew: u64,
    /// Offers of free hours that ended.
    pub offers: u64,
    /// Sessions and one-time links that ended.
    pub signed_out: u64,
    /// Calendars on servers whose mirror is compared with the server before anything is decided on it.
    pub mirrors: u64,
}

/// Replaces everything in a database by a backup, in a transaction that the caller commits.
///
/// # Errors
///
/// If something works on the database, or one of the two fails. Nothing is changed then.
pub async fn restore(
    transaction: &Transaction,
    archive: &Archive,
    now: i64,
) -> std::result::Result<Restored, ArchiveError> {
    nothing_works(transaction).await?;
    let tables = migrations::tables();
    empty(transaction, &tables).await?;
    let reading = archive.store.begin_to_read().await?;
    let contents = copy::copy(&reading, transaction, &tables).await?;
    // Another process may have written the file since it was checked.
    if contents.iter().ne(archive.contents.iter()) {
        return Err(ArchiveError::Damaged("it has changed since it was checked".to_owned()));
    }
    let made_at = archive.origin.made_at;
    Ok(Restored { contents, ..hold_pending_work(transaction, (made_at, now)).await? })
}

/// Forgets what processes were at: none of them has this database.
async fn forget_processes(transaction: &Transaction) -> Result<()> {
    for sql in [
        "DELETE FROM servers",
        "DELETE FROM leases",
        "DELETE FROM probe",
        "UPDATE calendar_health SET turn_holder = NULL, turn_held_until = NULL",
        // They are ended as lost.
        "UPDATE runs SET held_until = 0 WHERE finished_at IS NULL",
    ] {
        sql::run(transaction, sql, Vec::new()).await?;
    }
    Ok(())
}

/// Takes from a restored database what it must not do.
async fn hold_pending_work(
    transaction: &Transaction,
    (made_at, now): (i64, i64),
) -> Result<Restored> {
    forget_processes(transaction).await?;
    let run = async |sql: &str, values| sql::run(transaction, sql, values).await;
    // They may have been sent since; and an attempt of then says nothing of now.
    let held = run(
        "UPDATE outbox SET state = 'held', detail = $1, attempts = 0, first_tried_at = NULL, tried_at = NULL, \
           holder = NULL, held_until = NULL, transmission_started_at = NULL, \
           answers_lost = answers_lost + CASE WHEN transmission_started_at IS NULL THEN 0 ELSE 1 END \
         WHERE state IN ('waiting', 'gathered')",
        values![Message::from(MessageId::HeldAfterRestore).to_stored()],
    )
    .await?;
    let told = run(
        "UPDATE webhooks SET state = 'held', attempts = 0, tried_at = NULL, holder = NULL, held_until = NULL \
         WHERE state = 'waiting'",
        Vec::new(),
    )
    .await?;
    // What was decided since is lost: somebody decides again where a removal would be due at once.
    let undecided = run(
        "UPDATE pending_removals SET decision = 'ask', decided_by = NULL, tried_at = NULL \
         WHERE ended_at IS NULL AND (decision = 'now' OR decision IS NULL AND warned_at IS NOT NULL \
           AND (warned_at + grace_hours * 3600 <= $1 OR starts_at <= $2))",
        values![now, now.saturating_add(REMOVAL_FLOOR)],
    )
    .await?;
    let begun_anew = run(
        "UPDATE pending_removals SET warned_at = $1, tried_at = NULL \
         WHERE ended_at IS NULL AND warned_at IS NOT NULL AND decision IS NULL",
        values![now],
    )
    .await?;
    let offers = run(
        "UPDATE second_chances SET ended_at = $1, outcome = 'expired' WHERE ended_at IS NULL",
        values![now],
    )
    .await?;
    let signed_out = run("DELETE FROM sessions", Vec::new()).await?
        + run("DELETE FROM one_time_links", Vec::new()).await?;
    // A server may have been asked for a pause since, and has given the token of the backup to other changes.
    run("DELETE FROM server_pauses", Vec::new()).await?;
    let mirrors = run(
        "UPDATE calendar_sync SET doubts = doubts + 1, sync_token = NULL, ctag = NULL \
         WHERE calendar_id IN (SELECT id FROM calendars WHERE backend = 'caldav')",
        Vec::new(),
    )
    .await?;
    // Whether a calendar works is found out anew; so is what the overview says of it.
    run(
        "UPDATE calendar_health SET failing_since = NULL, failure = NULL, failure_announced = FALSE, \
           scanned_at = NULL, scanned_revision = NULL",
        Vec::new(),
    )
    .await?;
    run(
        "INSERT INTO restores (mark, backup_made_at, restored_at) VALUES ($1, $2, $3)",
        values![crate::secrets::random_text(22), made_at, now],
    )
    .await?;
    Ok(Restored {
        held,
        held_webhooks: told,
        undecided,
        begun_anew,
        offers,
        signed_out,
        mirrors,
        contents: Vec::new(),
    })
}

/// The mark of the last restore, if there was one: another one than before means that this is another database.
///
/// # Errors
///
/// When the database fails.
pub async fn last_mark(access: &impl Access) -> Result<Option<String>> {
    let sql = "SELECT mark FROM restores ORDER BY id DESC LIMIT 1";
    sql::value(access, sql, Vec::new()).await
}
