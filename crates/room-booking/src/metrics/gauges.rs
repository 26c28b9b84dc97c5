//! What is waiting, as the database says it when somebody asks.

use operations::Service;
use store::gauges::{self, Gauges};

use super::names;

/// Reads the gauges, and sets them. Where the database does not answer, they stay as they were, and one says so.
pub(super) async fn set(service: &Service) {
    let (all, idle) = service.store.connections();
    let connections = |state: &'static str, number: u32| {
        metrics::gauge!(names::CONNECTIONS, "state" => state).set(f64::from(number));
    };
    connections("idle", idle);
    connections("used", all.saturating_sub(idle));
    set_process();
    let read =
        match tokio::time::timeout(PATIENCE, gauges::read(&service.store, service.now().0)).await {
            Ok(Ok(read)) => Some(read),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the metrics of the database could not be read");
                None
            }
            Err(_) => None,
        };
    metrics::gauge!(names::DATABASE_UP).set(f64::from(u8::from(read.is_some())));
    if let Some(read) = read {
        set_all(&read);
    }
}

/// How long the database may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

fn set_all(read: &Gauges) {
    let set = |name: &'static str, value: i64| metrics::gauge!(name).set(value as f64);
    let of = |name: &'static str, label: &'static str, state: &'static str, value: i64| {
        metrics::gauge!(name, label => state).set(value as f64);
    };
    of(names::OUTBOX, "state", "waiting", read.waiting);
    of(names::OUTBOX, "state", "held", read.held);
    of(names::OUTBOX, "state", "gathered", read.gathered);
    set(names::OUTBOX_AGE, read.oldest_waiting);
    set(names::WEBHOOKS, read.webhooks);
    set(names::WEBHOOKS_AGE, read.oldest_webhook);
    of(names::CALENDARS, "kept", "built-in", read.built_in);
    of(names::CALENDARS, "kept", "caldav", read.on_servers);
    set(names::FAILING, read.failing);
    set(names::LATE, read.late);
    of(names::PENDING, "state", "warned", read.pending - read.undecided);
    of(names::PENDING, "state", "needs attention", read.undecided);
    set(names::CONFIRMATIONS, read.confirmations);
    set(names::IN_DOUBT, read.in_doubt);
    set(names::MIRRORS_IN_DOUBT, read.mirrors_in_doubt);
    set(names::AUDIT_AGE, read.oldest_audit);
    set(names::SERVERS, read.servers);
    set(names::BACKUP_MADE, read.backup_made_at);
    set(names::BACKUP_FAILED, read.backup_failed);
}

/// What the system says of this process, where it says so in `/proc`.
fn set_process() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let memory = memory.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok());
    if let Some(kilobytes) = memory {
        metrics::gauge!(names::MEMORY).set(kilobytes * 1024.0);
    }
}
