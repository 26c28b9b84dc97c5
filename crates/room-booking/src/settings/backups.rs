//! The settings of daily backups.

use std::path::PathBuf;

use operations::DailyBackups;

use super::reader::Reader;

/// The default and the largest `BACKUP_KEEP`.
const KEPT: [usize; 2] = [7, 10_000];

impl Reader<'_> {
    /// Where daily backups are made, and how many are kept.
    pub(super) fn backups(&mut self) -> Option<DailyBackups> {
        let keep = self.text("BACKUP_KEEP");
        let keep = self.read("BACKUP_KEEP", keep, "1 to 10000 backups", |text| {
            text.parse().ok().filter(|it| (1..=KEPT[1]).contains(it))
        });
        let folder = self.text("BACKUP_DIR").map(PathBuf::from)?;
        if !folder.is_dir() {
            self.wrong.push("BACKUP_DIR names no folder".to_owned());
        }
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        Some(DailyBackups { folder, keep: keep.unwrap_or(KEPT[0]) })
    }
}
