//! The daily backup, which one process makes for all servers on a database, and how many are kept.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use facts::time::rfc3339;
use ical::civil::DAY;
use ical::{Moment, Zone};
use store::archive::ArchiveError;
use store::scheduled_backups;

use crate::backups::make::{Backup, UNFINISHED, sync};
use crate::{Error, Result, Service};

/// The lease of the process that makes it.
const LEASE: &str = "daily backup";
/// After how many seconds one that failed is tried again.
const RETRY: i64 = 900;
/// How the names of daily backups begin and end; between them is the moment in UTC, as `20261201T024500Z`.
const NAME: [&str; 2] = ["room-booking-", ".backup"];
/// The length of that moment.
const STAMP: usize = "20261201T024500Z".len();
/// The entries of the folder that are looked at.
const MAX_ENTRIES: usize = 100_000;

/// Where daily backups are made, and how many are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyBackups {
    /// The folder.
    pub folder: PathBuf,
    /// How many are kept there, at least one.
    pub keep: usize,
}

impl Service {
    /// Makes the backup of the day, unless it was made, or another process is at it. Then the oldest go that are more than
    /// are kept.
    ///
    /// # Errors
    ///
    /// When the database fails; that a backup cannot be made is logged and written down.
    pub async fn make_daily_backup(&self, settings: &DailyBackups) -> Result<Option<Backup>> {
        if !self.is_backup_due().await? {
            return Ok(None);
        }
        let Some(lease) = self.free_lease(LEASE).await? else { return Ok(None) };
        let made = async {
            // Another process may have made it meanwhile.
            if !self.is_backup_due().await? {
                return Ok(None);
            }
            let begun = self.now();
            let transaction = self.store.begin().await?;
            lease.hold(&transaction).await?;
            scheduled_backups::begin(&transaction, begun.0).await?;
            transaction.commit().await?;
            let made = self.backup_into(settings, begun).await;
            let transaction = self.store.begin().await?;
            match &made {
                Ok(backup) => {
                    let file = backup.file.display().to_string();
                    let done = (file.as_str(), backup.bytes);
                    scheduled_backups::done(&transaction, begun.0, done).await?;
                    tracing::info!(file, bytes = backup.bytes, "daily backup made");
                }
                Err(error) => {
                    let folder = settings.folder.display();
                    tracing::error!(%error, %folder, "the daily backup could not be made");
                    scheduled_backups::failed(&transaction, &error.to_string()).await?;
                }
            }
            transaction.commit().await?;
            Ok::<_, Error>(made.ok())
        };
        let made = made.await;
        lease.end().await;
        made
    }

    async fn is_backup_due(&self) -> Result<bool> {
        let now = self.settled_now().await?.0;
        let last = scheduled_backups::last(&self.store).await?;
        Ok(last.is_none_or(|last| {
            let is_over = |since: i64, seconds: i64| now - since >= seconds;
            let is_retried = last.made_at == Some(last.tried_at) || is_over(last.tried_at, RETRY);
            is_retried && last.made_at.is_none_or(|made| is_over(made, DAY))
        }))
    }

    async fn backup_into(
        &self,
        settings: &DailyBackups,
        begun: Moment,
    ) -> std::result::Result<Backup, ArchiveError> {
        let DailyBackups { folder, keep } = settings;
        if let Err(error) = forget_unfinished(folder, begun) {
            tracing::warn!(%error, folder = %folder.display(), "unfinished backups cannot be removed");
        }
        let stamp: String =
            rfc3339(&Zone::utc(), begun).chars().filter(|it| !matches!(it, '-' | ':')).collect();
        let stamp = stamp.split('+').next().unwrap_or_default();
        let [prefix, suffix] = NAME;
        let backup = self.backup(&folder.join(format!("{prefix}{stamp}Z{suffix}"))).await?;
        // It is there, whatever becomes of older ones.
        if let Err(error) = prune(folder, &backup, *keep) {
            tracing::warn!(%error, folder = %folder.display(), "old backups cannot be removed");
        }
        Ok(backup)
    }
}

/// Removes what a process left that was killed; a command may be at another one.
fn forget_unfinished(folder: &Path, now: Moment) -> std::io::Result<()> {
    for part in entries(folder)?.filter(|it| is_between(it, UNFINISHED)) {
        let part = folder.join(part);
        let changed = part.metadata()?.modified()?.duration_since(UNIX_EPOCH);
        if changed.is_ok_and(|it| it.as_secs().cast_signed() < now.0 - DAY) {
            std::fs::remove_file(part)?;
        }
    }
    Ok(())
}

/// Removes the oldest daily backups but the last ones. The one that was just made stays, also if a clock was ahead before.
fn prune(folder: &Path, made: &Backup, keep: usize) -> std::io::Result<()> {
    let mut all: Vec<String> = entries(folder)?.filter(|it| is_daily(it)).collect();
    // By their moments.
    all.sort_unstable();
    all.retain(|it| Path::new(it) != Path::new(made.file.file_name().unwrap_or_default()));
    for old in all.iter().take(all.len().saturating_sub(keep.saturating_sub(1))) {
        std::fs::remove_file(folder.join(old))?;
    }
    sync(folder)
}

/// The names in a folder.
fn entries(folder: &Path) -> std::io::Result<impl Iterator<Item = String>> {
    let entries = std::fs::read_dir(folder)?.take(MAX_ENTRIES);
    Ok(entries.filter_map(|it| it.ok()?.file_name().into_string().ok()))
}

fn is_between(name: &str, [prefix, suffix]: [&str; 2]) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.ends_with(suffix))
}

/// Whether this is the name of a daily backup: no other file is ever removed.
fn is_daily(name: &str) -> bool {
    let [prefix, suffix] = NAME;
    let stamp = name.strip_prefix(prefix).and_then(|it| it.strip_suffix(suffix));
    stamp.is_some_and(|it| {
        let is_right = |(at, byte): (usize, u8)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        };
        it.len() == STAMP && it.bytes().enumerate().all(is_right)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_are_named_as_daily_backups_are_removed() {
        assert!(is_daily("room-booking-20261201T024500Z.backup"));
        for other in [
            "room-booking.sqlite",
            "room-booking-before-the-update.backup",
            "room-booking-20261201T024500Z.backup.gz",
            "room-booking-20261201T024500Z-copy.backup",
            "Room-booking-20261201T024500Z.backup",
            "room-booking-20261201x024500Z.backup",
            "",
        ] {
            assert!(!is_daily(other), "{other}");
        }
        assert!(is_between(".room-booking-AbC.part", UNFINISHED));
        assert!(!is_between("room-booking-AbC.part", UNFINISHED));
    }
}
