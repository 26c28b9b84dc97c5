//! Asking the server for an interval before an hour is called free (`only_if_free`).

use ical::Window;
use store::mirror;

use crate::room::on_server::OnServer;
use crate::sync::work::{Versions, compare};
use crate::{Result, Service};

impl Service {
    /// Asks the server which events lie in `[start, end)`, and fetches those that the mirror lacks or
    /// has in another version. A server that does not offer that is believed as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Server`](crate::Error::Server) if the request to the server fails.
    pub(crate) async fn fetch_interval(&self, server: &OnServer, window: Window) -> Result<()> {
        let (start, end) = (window.start.0, window.end.0);
        let members = server.collection.in_time_range(start, end).await;
        let Some(members) = self.ask(server, members).await? else { return Ok(()) };
        let known = self.known_versions(server, &members, &[]).await?;
        let versions = Versions::of_changed(server.collection.quirks());
        let lacking = compare(&members, &known, versions).fetch;
        if lacking.is_empty() {
            return Ok(());
        }
        tracing::info!(
            calendar = server.calendar.slug,
            objects = lacking.len(),
            "the server has events in an interval that the mirror lacked"
        );
        let fetched = self.ask(server, server.collection.multiget(&lacking).await).await?;
        let transaction = self.store.begin().await?;
        for caldav::Fetched { href, outcome } in fetched {
            // What is not given away is the next look's affair: it is no version to go by.
            let caldav::FetchOutcome::Found { etag, text } = outcome else { continue };
            let current = store::objects::Resource {
                href: href.as_str().to_owned(),
                uid: String::new(),
                etag: crate::room::on_server::etag_text(etag.as_ref()),
                text,
            };
            self.mirror_object(&transaction, server, href.as_str(), Some(current)).await?;
        }
        // The list of changes did not say so, or somebody was quick: the next look finds out.
        mirror::doubt(&transaction, server.calendar.id).await?;
        Ok(transaction.commit().await?)
    }
}
