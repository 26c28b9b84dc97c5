//! What the server does beside answering: cleaning up, and noting when keys were used.

use std::time::Duration;

use operations::{ClearRequest, Limit, Mode, Scope, Service};
use store::calendars;
use store::history::Starter;
use store::keys;
use tokio::time::{MissedTickBehavior, interval};

use crate::web::App;

/// How often the uses of keys are written down.
const KEY_USES: Duration = Duration::from_secs(15);
/// How often is looked whether a calendar's schedule is due.
const SCHEDULE: Duration = Duration::from_secs(15);
/// How often old history is deleted.
const CLEAN_UP: Duration = Duration::from_secs(6 * 3_600);

/// Starts all jobs; they end with the runtime.
pub fn start(app: &App) {
    tokio::spawn(note_key_uses(app.clone()));
    tokio::spawn(clear_on_schedule(app.service.clone()));
    tokio::spawn(clean_up(app.service.clone(), app.settings.retention_days));
}

/// Writes down when keys were last used.
///
/// # Errors
///
/// When the database fails.
pub async fn write_key_uses(app: &App) -> store::Result<()> {
    let uses = app.keys.take_used();
    if uses.is_empty() {
        return Ok(());
    }
    let transaction = app.service.store.begin().await?;
    keys::set_last_used(&transaction, &uses).await?;
    transaction.commit().await
}

async fn note_key_uses(app: App) {
    let mut ticks = ticks(KEY_USES);
    loop {
        ticks.tick().await;
        if let Err(error) = write_key_uses(&app).await {
            tracing::warn!(%error, "the uses of keys could not be written down");
        }
    }
}

async fn clean_up(service: Service, days: u32) {
    let mut ticks = ticks(CLEAN_UP);
    loop {
        ticks.tick().await;
        if let Err(error) = service.forget(days).await {
            tracing::warn!(%error, "old history could not be deleted");
        }
        if let Err(error) = service.forget_sessions().await {
            tracing::warn!(%error, "sessions that have ended could not be deleted");
        }
    }
}

async fn clear_on_schedule(service: Service) {
    let mut ticks = ticks(SCHEDULE);
    loop {
        ticks.tick().await;
        if let Err(error) = clear_due(&service).await {
            tracing::warn!(%error, "a scheduled run failed");
        }
    }
}

/// Clears the calendars whose schedule is due; of several servers on one database one does.
///
/// # Errors
///
/// When the database fails.
pub async fn clear_due(service: &Service) -> operations::Result<()> {
    let transaction = service.store.begin().await?;
    let due = calendars::take_due(&transaction, service.now().0).await?;
    transaction.commit().await?;
    if due.is_empty() {
        return Ok(());
    }
    let request = ClearRequest {
        scope: Scope::Named(due),
        mode: Mode::Real,
        limit: Limit::Holds,
        started_by: Starter { by: "schedule", user: None, key: None },
    };
    service.clear_bookings(None, request).await?;
    Ok(())
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
