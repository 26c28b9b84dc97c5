//! Background jobs of the server: scheduled clears, rescans of rooms, mail delivery, recovery of
//! in-doubt changes, retention, and recording when keys were used.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use operations::pool::host;
use operations::{
    ClearRequest, Limit, Mode, SCHEDULE as SCHEDULE_NAME, Scope, Service, Stage, Stopping,
};
use store::calendars::{self, Due};
use store::history::Starter;
use store::keys;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::web::App;

/// How often the uses of keys are recorded.
const KEY_USES: Duration = Duration::from_secs(15);
/// How often the schedules of calendars are checked.
const SCHEDULE: Duration = Duration::from_secs(15);
/// How often the outbox is checked for due messages.
const MAIL: Duration = Duration::from_secs(1);
/// How often gathered security events are written.
const SECURITY_EVENTS: Duration = Duration::from_secs(60);
/// How often old history is deleted.
const CLEAN_UP: Duration = Duration::from_secs(6 * 3_600);
/// How often rooms whose content has changed are rescanned.
const RESCAN: Duration = Duration::from_secs(10);

/// How often in-doubt changes on calendar servers are checked.
const RECOVER: Duration = Duration::from_secs(60);

/// The jobs of a server. They take nothing new once the process drains ([`Stage::Draining`]).
#[derive(Debug)]
pub struct Jobs(JoinSet<()>);

/// Starts all jobs.
pub fn start(app: &App) -> Jobs {
    let mut jobs = JoinSet::new();
    jobs.spawn(recover(app.service.clone()));
    jobs.spawn(note_key_uses(app.clone()));
    jobs.spawn(clear_on_schedule(app.service.clone()));
    jobs.spawn(rescan(app.service.clone()));
    jobs.spawn(deliver_mail(app.service.clone()));
    jobs.spawn(write_security_events(app.service.clone()));
    jobs.spawn(clean_up(app.clone()));
    Jobs(jobs)
}

impl Jobs {
    /// Waits until all of them have ended what they were at, or are cut off.
    pub async fn ended(mut self, stopping: &Stopping) {
        tokio::select! {
            () = stopping.comes(Stage::CutOff) => {}
            () = async { while self.0.join_next().await.is_some() {} } => {}
        }
    }
}

/// Records when keys were last used.
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
    while app.service.stopping.tick(&mut ticks).await {
        if let Err(error) = write_key_uses(&app).await {
            tracing::warn!(%error, "recording the uses of keys failed");
        }
    }
}

/// Writes the security events that were gathered.
async fn write_security_events(service: Service) {
    let mut ticks = ticks(SECURITY_EVENTS);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.people().write_security_events(false).await {
            tracing::warn!(%error, "recording security events failed");
        }
    }
}

async fn clean_up(app: App) {
    let App { service, settings, .. } = app;
    let mut ticks = ticks(CLEAN_UP);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.forget(settings.retention_days).await {
            tracing::warn!(%error, "deleting old history failed");
        }
        if let Err(error) = service.forget_audit(settings.audit_retention_days).await {
            tracing::warn!(%error, "deleting the old audit trail failed");
        }
        if let Err(error) = service.people().forget_sessions().await {
            tracing::warn!(%error, "deleting expired sessions failed");
        }
    }
}

async fn deliver_mail(service: Service) {
    let mut ticks = ticks(MAIL);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.deliver_due().await {
            tracing::warn!(%error, "mail delivery failed");
        }
    }
}

async fn rescan(service: Service) {
    let mut ticks = ticks(RESCAN);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.rescan_rooms().await {
            tracing::warn!(%error, "rescan of rooms failed");
        }
    }
}

async fn recover(service: Service) {
    let mut ticks = ticks(RECOVER);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.recover_changes().await {
            tracing::warn!(%error, "recovery of in-doubt changes failed");
        }
    }
}

async fn clear_on_schedule(service: Service) {
    let mut ticks = ticks(SCHEDULE);
    let running = Running::default();
    while service.stopping.tick(&mut ticks).await {
        match take_due(&service, &running).await {
            Ok(groups) => {
                // One task for each group, so that a slow server delays only its own calendars.
                for slugs in groups {
                    tokio::spawn(clear_group(service.clone(), running.clone(), slugs));
                }
            }
            Err(error) => tracing::warn!(%error, "checking schedules failed"),
        }
    }
}

/// The calendars that scheduled runs of this process are clearing.
type Running = Arc<Mutex<HashSet<String>>>;

/// Claims the calendars whose schedule is due and that no earlier run is still clearing, grouped by
/// server. If several servers share the database, only one of them claims a calendar.
async fn take_due(service: &Service, running: &Running) -> operations::Result<Vec<Vec<String>>> {
    let transaction = service.store.begin().await?;
    let due = calendars::take_due(&transaction, service.now().0).await?;
    transaction.commit().await?;
    let mut groups: HashMap<Option<String>, Vec<String>> = HashMap::new();
    let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
    for Due { slug, collection_url } in due {
        if running.insert(slug.clone()) {
            let server = collection_url.as_deref().map(host);
            groups.entry(server).or_default().push(slug);
        } else {
            tracing::warn!(calendar = slug, "scheduled run skipped: the last one is still running");
        }
    }
    Ok(groups.into_values().collect())
}

/// The calendars that a run is clearing; they are released when this is dropped.
struct InProgress {
    running: Running,
    slugs: Vec<String>,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|slug| !self.slugs.contains(slug));
    }
}

async fn clear_group(service: Service, running: Running, slugs: Vec<String>) {
    let in_progress = InProgress { running, slugs };
    if let Err(error) = clear_scheduled(&service, in_progress.slugs.clone()).await {
        tracing::warn!(%error, "scheduled run failed");
    }
}

/// Clears the calendars whose schedule is due, and waits for the end. If several servers share the
/// database, only one of them does so.
///
/// # Errors
///
/// When the database fails.
pub async fn clear_due(service: &Service) -> operations::Result<()> {
    for slugs in take_due(service, &Running::default()).await? {
        clear_scheduled(service, slugs).await?;
    }
    Ok(())
}

async fn clear_scheduled(service: &Service, slugs: Vec<String>) -> operations::Result<()> {
    let request = ClearRequest {
        scope: Scope::Named(slugs),
        mode: Mode::Real,
        limit: Limit::Holds,
        started_by: Starter { by: SCHEDULE_NAME, user: None, key: None },
    };
    service.clear_bookings(None, request).await?;
    Ok(())
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
