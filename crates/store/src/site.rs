//! Queries for the overviews of the site: one for a page, however many calendars there are.

use sea_orm::FromQueryResult;

use crate::calendars::BackendKind;
use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Stored, UserId};

/// A calendar with its state.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Overview {
    /// Its number.
    pub id: CalendarId,
    /// Its name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// IANA name of its time zone.
    pub zone: String,
    /// Where its events are kept.
    pub backend: Stored<BackendKind>,
    /// The interval of its schedule, in minutes.
    pub schedule_minutes: Option<i64>,
    /// How often it is looked at for changes, in seconds.
    pub watch_seconds: Option<i64>,
    /// When its schedule last began a run, in seconds since 1970, like all moments here.
    pub last_scheduled_at: Option<i64>,
    /// Since when it has failed without a break.
    pub failing_since: Option<i64>,
    /// How it failed last.
    pub failure: Option<String>,
    /// How many objects a first fetch has brought.
    pub fetched: Option<i64>,
    /// And of how many.
    pub to_fetch: Option<i64>,
    /// Whether the first fetch is complete; always false for built-in calendars.
    pub is_fetched: bool,
    /// When a real run last succeeded.
    pub last_run_at: Option<i64>,
    /// When a preview or a rescan last computed what a clear would do.
    pub scanned_at: Option<i64>,
    /// The number of overlaps that a clear would remove or only report.
    pub conflicts: Option<i64>,
    /// The number of overlaps that a clear would keep.
    pub kept_conflicts: Option<i64>,
    /// How many objects an open confirmation is about.
    pub asks_for: Option<i64>,
}

impl Overview {
    /// Whether the last rescan found overlaps that the next run removes, or that are only reported.
    pub fn has_double_bookings(&self) -> bool {
        self.conflicts.unwrap_or(0) > 0
    }

    /// Whether the last rescan found overlaps, whether the next run removes or keeps them.
    pub fn has_overlaps(&self) -> bool {
        self.conflicts.unwrap_or(0) > 0 || self.kept_conflicts.unwrap_or(0) > 0
    }
}

/// Calendars with their states, by name: those of a user, or all.
///
/// # Errors
///
/// When the database fails.
pub async fn overview(access: &impl Access, user: Option<UserId>) -> Result<Vec<Overview>> {
    let sql = "SELECT id, slug, name, zone, backend, schedule_minutes, watch_seconds, last_scheduled_at, \
                 failing_since, failure, fetched, to_fetch, \
                 synced_at IS NOT NULL AS is_fetched, cleared_at AS last_run_at, scanned_at, \
                 calendar_health.conflicts, kept_conflicts, confirmations.objects AS asks_for \
               FROM calendars JOIN calendar_sync ON calendar_sync.calendar_id = id \
                 JOIN calendar_health ON calendar_health.calendar_id = id \
                 LEFT JOIN confirmations ON confirmations.calendar_id = id \
               WHERE removed_at IS NULL \
                 AND ($1 = 0 OR id IN (SELECT calendar_id FROM calendar_users WHERE user_id = $1))";
    let user = user.map_or(0, |user| user.0);
    let mut found: Vec<Overview> = sql::all(access, sql, values![user]).await?;
    // Databases sort differently; people expect the order of names.
    found.sort_by_cached_key(|it| (it.name.to_lowercase(), it.slug.clone()));
    Ok(found)
}

/// The number of failed messages.
///
/// # Errors
///
/// When the database fails.
pub async fn failed_messages(access: &impl Access) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM outbox WHERE state = 'failed'";
    Ok(sql::value(access, sql, Vec::new()).await?.unwrap_or_default())
}

/// A key that expires soon, or expired recently.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct EndingKey {
    /// What its user calls it.
    pub name: String,
    /// Whose it is.
    pub user: String,
    /// When it expires or expired, in seconds since 1970.
    pub expires_at: i64,
}

/// The keys that expire between two moments, of a user or of all, soonest first, at most `most`.
///
/// # Errors
///
/// When the database fails.
pub async fn ending_keys(
    access: &impl Access,
    user: Option<UserId>,
    (since, until): (i64, i64),
    most: u32,
) -> Result<Vec<EndingKey>> {
    let sql = "SELECT api_keys.name, users.name AS \"user\", expires_at FROM api_keys \
               JOIN users ON users.id = user_id \
               WHERE revoked_at IS NULL AND expires_at > $1 AND expires_at < $2 AND is_active \
               AND user_id = COALESCE($3, user_id) ORDER BY expires_at LIMIT $4";
    let values = values![since, until, user.map(|it| it.0), i64::from(most)];
    sql::all(access, sql, values).await
}

/// The numbers of rows by which the progress of a new installation is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// Calendars.
    pub calendars: i64,
    /// Calendars that are cleared on a schedule.
    pub scheduled: i64,
    /// Calendars that have a template.
    pub with_template: i64,
    /// Active users.
    pub users: i64,
    /// Keys that are not revoked.
    pub keys: i64,
}

/// The progress of the installation.
///
/// # Errors
///
/// When the database fails.
pub async fn counts(access: &impl Access) -> Result<Counts> {
    let sql = "SELECT (SELECT COUNT(*) FROM calendars WHERE removed_at IS NULL) AS calendars, \
                 (SELECT COUNT(*) FROM calendars WHERE schedule_minutes IS NOT NULL \
                   OR watch_seconds IS NOT NULL) AS scheduled, \
                 (SELECT COUNT(*) FROM calendars \
                   WHERE template_id IS NOT NULL AND removed_at IS NULL) AS with_template, \
                 (SELECT COUNT(*) FROM users WHERE is_active) AS users, \
                 (SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL) AS keys";
    Ok(sql::one(access, sql, Vec::new()).await?.unwrap_or_default())
}
