//! How much is waiting, for metrics: a few numbers that indexes answer.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, servers};

/// How much is waiting. Ages are in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Gauges {
    /// Messages that wait to be sent.
    pub waiting: i64,
    /// Messages that wait for an administrator.
    pub held: i64,
    /// Messages that are kept for the next one about their series.
    pub gathered: i64,
    /// How long the oldest waiting message has been due.
    pub oldest_waiting: i64,
    /// Webhooks that wait to be sent.
    pub webhooks: i64,
    /// How long the oldest of them has been waiting.
    pub oldest_webhook: i64,
    /// Built-in calendars.
    pub built_in: i64,
    /// Calendars on servers.
    pub on_servers: i64,
    /// Calendars whose runs fail.
    pub failing: i64,
    /// How late the latest scheduled run is.
    pub late: i64,
    /// Removals that are pending, and not kept.
    pub pending: i64,
    /// Of these, those that wait for an administrator.
    pub undecided: i64,
    /// Calendars that wait for a confirmation.
    pub confirmations: i64,
    /// Changes in doubt.
    pub in_doubt: i64,
    /// Calendars whose mirror has to be compared with their server.
    pub mirrors_in_doubt: i64,
    /// How long ago the mirror was compared whose comparison is the oldest.
    pub oldest_audit: i64,
    /// Servers that run.
    pub servers: i64,
    /// When the last daily backup was made, in seconds since 1970; 0 if there is none.
    pub backup_made_at: i64,
    /// 1 if the last one failed.
    pub backup_failed: i64,
}

/// Reads how much is waiting at `now`, in seconds since 1970.
///
/// # Errors
///
/// When the database fails.
pub async fn read(access: &impl Access, now: i64) -> Result<Gauges> {
    // PostgreSQL has GREATEST, SQLite a MAX of two.
    let age = |since: &str| format!("COALESCE(CASE WHEN {since} < $1 THEN $1 - {since} END, 0)");
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting') AS waiting, \
           (SELECT COUNT(*) FROM outbox WHERE state = 'held') AS held, \
           (SELECT COUNT(*) FROM outbox WHERE state = 'gathered') AS gathered, \
           (SELECT {due} FROM outbox WHERE state = 'waiting') AS oldest_waiting, \
           (SELECT COUNT(*) FROM webhooks WHERE state = 'waiting') AS webhooks, \
           (SELECT {told} FROM webhooks WHERE state = 'waiting') AS oldest_webhook, \
           (SELECT COUNT(*) FROM calendars WHERE backend = 'built-in' AND removed_at IS NULL) AS built_in, \
           (SELECT COUNT(*) FROM calendars WHERE backend = 'caldav' AND removed_at IS NULL) AS on_servers, \
           (SELECT COUNT(*) FROM calendar_health JOIN calendars ON id = calendar_id \
             WHERE failing_since IS NOT NULL AND removed_at IS NULL) AS failing, \
           (SELECT {late} FROM calendars JOIN calendar_health ON calendar_id = id \
             WHERE schedule_minutes IS NOT NULL AND last_scheduled_at IS NOT NULL AND removed_at IS NULL) AS late, \
           (SELECT COUNT(*) FROM pending_removals WHERE ended_at IS NULL \
             AND (decision IS NULL OR decision <> 'keep')) AS pending, \
           (SELECT COUNT(*) FROM pending_removals WHERE ended_at IS NULL AND decision = 'ask') AS undecided, \
           (SELECT COUNT(*) FROM confirmations) AS confirmations, \
           (SELECT COUNT(*) FROM changes WHERE state = 'prepared') AS in_doubt, \
           (SELECT COUNT(*) FROM calendar_sync JOIN calendars ON id = calendar_id \
             WHERE doubts > doubts_ended AND removed_at IS NULL) AS mirrors_in_doubt, \
           (SELECT {audited} FROM calendar_sync JOIN calendars ON id = calendar_id \
             WHERE removed_at IS NULL) AS oldest_audit, \
           (SELECT COUNT(*) FROM servers WHERE seen_at > {of_database} - $2) AS servers, \
           COALESCE((SELECT made_at FROM scheduled_backups), 0) AS backup_made_at, \
           (SELECT COUNT(*) FROM scheduled_backups WHERE failure IS NOT NULL) AS backup_failed",
        due = age("MIN(due_at)"),
        told = age("MIN(created_at)"),
        late = age("MIN(last_scheduled_at + schedule_minutes * 60)"),
        audited = age("MIN(audited_at)"),
        of_database = access.now(),
    );
    let row = sql::one(access, &sql, values![now, servers::ALIVE_SECONDS]).await?;
    Ok(row.unwrap_or_default())
}
