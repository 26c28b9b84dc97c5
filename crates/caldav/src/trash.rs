//! Nextcloud's trash bin of objects.

use crate::href;
use crate::limits::MAX_PURGED;
use crate::request::Request;
use crate::xml::write;
use crate::{Collection, Href, Result, ServerKind};

impl Collection {
    /// Deletes for good what came from this calendar into Nextcloud's trash bin, as far as `is_meant` says
    /// so of its iCalendar text; at most [`MAX_PURGED`] objects. How many they were.
    ///
    /// What lies there keeps an object of the same UID from being created: Nextcloud 32 answers 500 (seen
    /// on 32.0.1). Only the owner of a calendar reaches its trash bin; for others, and on other
    /// servers, nothing is in it.
    ///
    /// # Errors
    ///
    /// Any of [`Error`](crate::Error) that a request can come to.
    pub async fn purge_trashed(&self, is_meant: impl Fn(&[u8]) -> bool) -> Result<usize> {
        if self.kind() != ServerKind::Nextcloud {
            return Ok(0);
        }
        let Ok(bin) = self.url.join("../trashbin/objects/") else { return Ok(0) };
        let answer = self.send(&Request::report(bin, "1", write::trashed())).await?;
        if !answer.is_success() {
            return Ok(0);
        }
        let name = Href::from_store(self.url.path().trim_end_matches('/')).name();
        let mut purged = 0;
        for response in answer.multistatus()?.responses {
            let properties = response.properties;
            let is_trashed = properties.is_trashed();
            let from = properties.rest.and_then(|rest| rest.trashed_from);
            let text = properties.calendar_data.unwrap_or_default();
            if !is_trashed || from.as_ref() != Some(&name) || !is_meant(text.as_bytes()) {
                continue;
            }
            let Some(url) = href::on_server(&response.href, &answer.url) else { continue };
            let request = Request::writing("DELETE", url).guarded(self.guard.clone());
            purged += usize::from(self.send(&request).await?.is_success());
            if purged == MAX_PURGED {
                break;
            }
        }
        Ok(purged)
    }
}
