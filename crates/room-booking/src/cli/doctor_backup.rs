//! The check of daily backups in `doctor`.

use ical::Moment;
use ical::civil::DAY;
use operations::Service;
use store::scheduled_backups;

use super::Failure;
use super::findings::Findings;
use crate::settings::Settings;
use crate::show;

/// How old the last backup may be, in seconds.
const OLD: i64 = 2 * DAY;

/// Whether there is a recent backup.
pub(super) async fn backups(
    service: &Service,
    settings: &Settings,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let last = scheduled_backups::last(&service.store).await?;
    let Some(backups) = &settings.backups else {
        return match last {
            // Another server on the database may make them.
            Some(_) => Ok(()),
            None => findings.warn(
                "backups: none are made; set BACKUP_DIR to a folder on another disk, or run room-booking backup",
            ),
        };
    };
    let folder = show::plain(&backups.folder.display().to_string());
    if let Err(error) = tempfile::tempfile_in(&backups.folder) {
        return findings.error(format!(
            "backups: {folder} cannot be written ({error}); give it to the user that runs room-booking"
        ));
    }
    let last = last.unwrap_or_default();
    if let Some(failure) = &last.failure {
        findings.error(format!("backups: the last one failed: {}", show::sentence(failure)))?;
    }
    let Some(made_at) = last.made_at else {
        return findings.warn(format!(
            "backups: none was made into {folder} yet; a server makes one a minute after its start"
        ));
    };
    let shown = show::stamp(&settings.time_zone, Moment(made_at));
    if service.now().0 - made_at > OLD {
        return findings.warn(format!(
            "backups: the last one is of {shown}; see that a server runs that has BACKUP_DIR"
        ));
    }
    let file = show::plain(last.file.as_deref().unwrap_or_default());
    findings.ok(format!("backups: the last one is of {shown}: {file}"))
}
