//! Background jobs of the server: scheduled clears, rescans of rooms, mail delivery, recovery of
//! in-doubt changes, retention, the monthly report, and recording when keys were used.

use std::time::Duration;

use operations::{Schedule, Service, Stage, Stopping, Watch};
use store::keys;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::web::App;

/// How often the uses of keys are recorded.
const KEY_USES: Duration = Duration::from_secs(15);
/// How often the schedules of calendars are checked. A turn that a dead process had is another's after
/// [`store::calendars::MAX_TURN_SECONDS`] and this.
const SCHEDULE: Duration = Duration::from_secs(5);
/// How often it is checked which homes of watched calendars are to be polled.
const WATCH: Duration = Duration::from_millis(250);
/// How often turns of scheduled runs that are in progress are kept.
const KEEP_TURNS: Duration = Duration::from_secs(5);
/// How often runs are ended that a process had that died or froze: within [`store::history::MAX_RUN_SECONDS`] and this.
const LOST_RUNS: Duration = Duration::from_secs(15);
/// How often moments are mended that a clock wrote that was ahead.
const MEND_CLOCK: Duration = Duration::from_secs(300);
/// How often pending removals are carried out whose grace is over.
const REMOVE_DUE: Duration = Duration::from_secs(30);
/// How often hours are offered that are free again.
const SECOND_CHANCES: Duration = Duration::from_secs(60);
/// How often moves are finished that a process left half done.
const FINISH_MOVES: Duration = Duration::from_secs(30);
/// How often the outbox is checked for due messages.
const MAIL: Duration = Duration::from_secs(1);
/// How often it is checked whether webhooks are due.
const WEBHOOKS: Duration = Duration::from_secs(1);
/// How often gathered security events are written.
const SECURITY_EVENTS: Duration = Duration::from_secs(60);
/// How often old history is deleted.
const CLEAN_UP: Duration = Duration::from_secs(6 * 3_600);
/// How often rooms whose content has changed are rescanned.
const RESCAN: Duration = Duration::from_secs(10);
/// How often it is checked whether the report of the past month is to be made.
const MONTHLY_REPORT: Duration = Duration::from_secs(600);

/// How often it is checked whether the backup of the day is to be made.
const DAILY_BACKUP: Duration = Duration::from_secs(60);

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
    jobs.spawn(remove_due(app.service.clone()));
    jobs.spawn(give_second_chances(app.service.clone()));
    jobs.spawn(finish_moves(app.service.clone()));
    jobs.spawn(end_lost_runs(app.service.clone()));
    jobs.spawn(mend_clock(app.service.clone()));
    jobs.spawn(rescan(app.service.clone()));
    jobs.spawn(deliver_mail(app.service.clone()));
    for number in 0..app.service.webhooks.count() {
        jobs.spawn(deliver_webhooks(app.service.clone(), number));
    }
    jobs.spawn(write_security_events(app.service.clone()));
    jobs.spawn(clean_up(app.clone()));
    jobs.spawn(make_monthly_report(app.clone()));
    jobs.spawn(make_daily_backups(app.clone()));
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

/// Sends webhooks to the address of that number.
async fn deliver_webhooks(service: Service, number: usize) {
    let mut ticks = ticks(WEBHOOKS);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.deliver_webhooks(number).await {
            tracing::warn!(%error, "webhooks could not be sent");
        }
    }
}

/// Makes the report of the past month, once on all processes; after an outage as soon as one runs again.
async fn make_monthly_report(app: App) {
    let mut ticks = ticks(MONTHLY_REPORT);
    let (zone, url) = (app.settings.time_zone.clone(), app.public_url());
    while app.service.stopping.tick(&mut ticks).await {
        if let Err(error) = app.service.make_monthly_report(&zone, &url).await {
            tracing::warn!(%error, "the monthly report could not be made");
        }
    }
}

/// Makes the backup of the day, once on all processes that have a folder for it.
async fn make_daily_backups(app: App) {
    let Some(backups) = &app.settings.backups else { return };
    let mut ticks = ticks(DAILY_BACKUP);
    while app.service.stopping.tick(&mut ticks).await {
        if let Err(error) = app.service.make_daily_backup(backups).await {
            tracing::warn!(%error, "the daily backup could not be made");
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
    let schedule = Schedule::default();
    tokio::spawn(keep_turns(service.clone(), schedule.clone()));
    tokio::spawn(watch(service.clone(), schedule.clone()));
    let mut ticks = ticks(SCHEDULE);
    loop {
        let looked = tokio::select! {
            is_going_on = service.stopping.tick(&mut ticks) => match is_going_on {
                true => service.look_at_schedules(&schedule).await,
                false => return,
            },
            () = schedule.ended() => service.begin_due(&schedule).await,
        };
        if let Err(error) = looked {
            tracing::warn!(%error, "checking schedules failed");
        }
    }
}

/// Keeps other processes from taking over what this one runs, as long as it is alive.
async fn keep_turns(service: Service, schedule: Schedule) {
    let mut ticks = ticks(KEEP_TURNS);
    loop {
        ticks.tick().await;
        if let Err(error) = service.keep_turns(&schedule).await {
            tracing::warn!(%error, "keeping the turns of scheduled runs failed");
        }
    }
}

/// Carries out pending removals whose grace is over.
async fn remove_due(service: Service) {
    let mut ticks = ticks(REMOVE_DUE);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.remove_due().await {
            tracing::warn!(%error, "pending removals could not be carried out");
        }
    }
}

/// Offers hours that are free again to those who lost them.
async fn give_second_chances(service: Service) {
    let mut ticks = ticks(SECOND_CHANCES);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.give_second_chances().await {
            tracing::warn!(%error, "second chances could not be given");
        }
    }
}

/// Finishes moves, and divisions of series, that were left half done.
async fn finish_moves(service: Service) {
    let mut ticks = ticks(FINISH_MOVES);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.finish_moves().await {
            tracing::warn!(%error, "moves could not be finished");
        }
        if let Err(error) = service.finish_divisions().await {
            tracing::warn!(%error, "divided series could not be ended");
        }
    }
}

async fn end_lost_runs(service: Service) {
    let mut ticks = ticks(LOST_RUNS);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.recover().await {
            tracing::warn!(%error, "ending lost runs failed");
        }
    }
}

/// Watches calendars that are to be cleared when they change.
async fn watch(service: Service, schedule: Schedule) {
    let watch = Watch::default();
    let mut ticks = ticks(WATCH);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.watch(&watch, &schedule).await {
            tracing::warn!(%error, "watching calendars failed");
        }
    }
}

async fn mend_clock(service: Service) {
    let mut ticks = ticks(MEND_CLOCK);
    while service.stopping.tick(&mut ticks).await {
        if let Err(error) = service.mend_clock().await {
            tracing::warn!(%error, "mending moments in the future failed");
        }
    }
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
