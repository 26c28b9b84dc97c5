//! What the server does beside answering: clearing on schedule, looking at rooms, sending mail, cleaning up, and noting
//! when keys were used.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use operations::pool::host;
use operations::{ClearRequest, Limit, Mode, SCHEDULE as SCHEDULE_NAME, Scope, Service};
use store::calendars::{self, Due};
use store::history::Starter;
use store::keys;
use tokio::time::{MissedTickBehavior, interval};

use crate::web::App;

/// How often the uses of keys are written down.
const KEY_USES: Duration = Duration::from_secs(15);
/// How often is looked whether a calendar's schedule is due.
const SCHEDULE: Duration = Duration::from_secs(15);
/// How often is looked whether a message is due.
const MAIL: Duration = Duration::from_secs(1);
/// How often old history is deleted.
const CLEAN_UP: Duration = Duration::from_secs(6 * 3_600);
/// How often rooms are looked at whose content has changed.
const LOOKS: Duration = Duration::from_secs(10);

/// How often is looked for changes on calendar servers whose end nobody saw.
const SETTLE: Duration = Duration::from_secs(60);

/// Starts all jobs; they end with the runtime.
pub fn start(app: &App) {
    tokio::spawn(settle(app.service.clone()));
    tokio::spawn(note_key_uses(app.clone()));
    tokio::spawn(clear_on_schedule(app.service.clone()));
    tokio::spawn(look_at_rooms(app.service.clone()));
    tokio::spawn(deliver_mail(app.service.clone()));
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

async fn deliver_mail(service: Service) {
    let mut ticks = ticks(MAIL);
    loop {
        ticks.tick().await;
        if let Err(error) = service.deliver_due().await {
            tracing::warn!(%error, "mail could not be sent");
        }
    }
}

async fn look_at_rooms(service: Service) {
    let mut ticks = ticks(LOOKS);
    loop {
        ticks.tick().await;
        if let Err(error) = service.look_at_rooms().await {
            tracing::warn!(%error, "rooms could not be looked at");
        }
    }
}

async fn settle(service: Service) {
    let mut ticks = ticks(SETTLE);
    loop {
        ticks.tick().await;
        if let Err(error) = service.recover_changes().await {
            tracing::warn!(%error, "changes could not be settled");
        }
    }
}

async fn clear_on_schedule(service: Service) {
    let mut ticks = ticks(SCHEDULE);
    let under_way = UnderWay::default();
    loop {
        ticks.tick().await;
        match take_due(&service, &under_way).await {
            Ok(groups) => {
                // Each on its own: a slow server keeps none waiting but its own calendars.
                for slugs in groups {
                    tokio::spawn(clear_group(service.clone(), under_way.clone(), slugs));
                }
            }
            Err(error) => tracing::warn!(%error, "schedules could not be looked at"),
        }
    }
}

/// The calendars that scheduled runs of this process are at work on.
type UnderWay = Arc<Mutex<HashSet<String>>>;

/// Takes the calendars whose schedule is due and that no earlier run is still at work on, those of one
/// server together; of several servers on one database one takes them.
async fn take_due(service: &Service, under_way: &UnderWay) -> operations::Result<Vec<Vec<String>>> {
    let transaction = service.store.begin().await?;
    let due = calendars::take_due(&transaction, service.now().0).await?;
    transaction.commit().await?;
    let mut groups: HashMap<Option<String>, Vec<String>> = HashMap::new();
    let mut under_way = under_way.lock().unwrap_or_else(PoisonError::into_inner);
    for Due { slug, collection_url } in due {
        if under_way.insert(slug.clone()) {
            let server = collection_url.as_deref().map(host);
            groups.entry(server).or_default().push(slug);
        } else {
            tracing::warn!(calendar = slug, "its last scheduled run is still at work");
        }
    }
    Ok(groups.into_values().collect())
}

/// Calendars that a run is at work on, until it is dropped: however it ends.
struct AtWork {
    under_way: UnderWay,
    slugs: Vec<String>,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|slug| !self.slugs.contains(slug));
    }
}

async fn clear_group(service: Service, under_way: UnderWay, slugs: Vec<String>) {
    let at_work = AtWork { under_way, slugs };
    if let Err(error) = clear_scheduled(&service, at_work.slugs.clone()).await {
        tracing::warn!(%error, "a scheduled run failed");
    }
}

/// Clears the calendars whose schedule is due, and waits until that is done; of several servers on one
/// database one does.
///
/// # Errors
///
/// When the database fails.
pub async fn clear_due(service: &Service) -> operations::Result<()> {
    for slugs in take_due(service, &UnderWay::default()).await? {
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
