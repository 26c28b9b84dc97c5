//! Nextcloud's trash bin, which may keep what lies in it from being restored.

use caldav::ServerKind;
use store::history;

use crate::Service;
use crate::changes::change::Change;
use crate::changes::intent::Intent;
use crate::room::on_server::OnServer;

impl Service {
    /// Deletes from the trash bin what a refused change was to restore: as long as it lies there, some
    /// versions of Nextcloud refuse to create it again. Only copies of what the history has of the object
    /// are deleted. Whether there was one.
    pub(crate) async fn purge_trashed(&self, server: &OnServer, change: &Change) -> bool {
        let is_restored =
            change.before.is_none() && matches!(change.intent, Intent::Restore { .. });
        if !is_restored || server.collection.kind() != ServerKind::Nextcloud {
            return false;
        }
        let calendar = &server.calendar;
        let earlier = history::changes_of(&self.store, calendar.id, &change.href).await;
        let earlier = earlier.unwrap_or_default();
        let is_known = |text: &[u8]| {
            let mut known = earlier.iter().filter_map(|it| it.before_text.as_deref());
            known.any(|known| ical::means_the_same(known, text))
        };
        match server.collection.purge_trashed(is_known).await {
            Ok(purged) => purged > 0,
            Err(error) => {
                tracing::warn!(calendar = calendar.slug, %error, "trash bin could not be read");
                false
            }
        }
    }
}
