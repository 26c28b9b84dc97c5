//! Making the report of the past month: it is kept, and the administrators get it by mail, once.

use facts::Month;
use ical::Zone;
use serde_json::json;
use store::monthly_reports;
use store::outbox::MessageKind;

use crate::monthly::numbers;
use crate::monthly::report::MonthlyReport;
use crate::{Error, Result, Service, Stage};

/// Seconds after the end of a month from which its report is made: it has ended in all time zones then.
const WAIT: i64 = 30 * 3_600;
/// The lease of the process that makes a report.
const LEASE: &str = "monthly report";
const HOUR: i64 = 3_600;

impl Service {
    /// Makes the report of the month before the present one on the clock of a zone, unless it was made: it is kept, and
    /// a message to each administrator is left, both in one transaction. Returns whether it was made now.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn make_monthly_report(&self, zone: &Zone, public_url: &str) -> Result<bool> {
        let now = self.settled_now().await?;
        let month = Month::of(zone, now).previous();
        let end = month.window(zone).end;
        if now < end.plus(WAIT)
            || monthly_reports::made_at(&self.store, &month.to_string()).await?.is_some()
        {
            return Ok(false);
        }
        // A new installation has seen nothing of it.
        let since = monthly_reports::in_use_since(&self.store).await?;
        if since.is_none_or(|since| since >= end.0) {
            return Ok(false);
        }
        let Some(lease) = self.free_lease(LEASE).await? else { return Ok(false) };
        let made = self.make(month, public_url).await;
        lease.end().await;
        made
    }

    async fn make(&self, month: Month, public_url: &str) -> Result<bool> {
        let report = self.monthly_report_of_all(month).await?;
        if self.stopping.has_come(Stage::Draining) {
            // It may be incomplete; another process makes it, or this one when it runs again.
            return Ok(false);
        }
        let (name, now) = (month.to_string(), self.now());
        let transaction = self.store.begin().await?;
        if !monthly_reports::begin(&transaction, &name, now.0).await? {
            return Ok(false);
        }
        for room in &report.rooms {
            let numbers = numbers::to_json(&room.usage, &room.conflicts)
                .map_err(|error| Error::Internal(error.to_string()))?;
            let row = monthly_reports::OfCalendar { calendar_id: room.id, numbers };
            monthly_reports::insert(&transaction, &name, &row).await?;
        }
        if self.mailer.is_some() {
            let data = data(&report, public_url).to_string();
            self.tell_administrators_of(&transaction, MessageKind::MonthlyReport, &data, now.0)
                .await?;
        }
        transaction.commit().await?;
        tracing::info!(month = name, calendars = report.rooms.len(), "monthly report made");
        Ok(true)
    }
}

/// What the message says.
fn data(report: &MonthlyReport, public_url: &str) -> serde_json::Value {
    let (usage, _, conflicts) = report.in_all();
    let hours = |seconds: i64| (seconds + HOUR / 2) / HOUR;
    json!({
        "month": report.month.to_string(),
        "url": format!("{public_url}/admin/report?month={}", report.month),
        "rooms": report.rooms.len(),
        "found": conflicts.found,
        "removed": conflicts.removed,
        "settled": conflicts.settled,
        "kept": conflicts.kept_in_all(),
        "leftovers": conflicts.leftovers,
        "restored": conflicts.restored,
        "booked": hours(usage.booked),
        "used_twice": hours(usage.used_twice),
        "series": report.series.as_ref().map(Vec::len),
        "addresses": report.addresses.as_ref().map(Vec::len),
    })
}
