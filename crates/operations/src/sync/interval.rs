//! Asking the server for an interval before an hour is called free (`only_if_free`).

use caldav::{FetchOutcome, Fetched};
use ical::Window;
use store::objects::{self, Resource};
use store::{mirror, uid_metadata};

use crate::connections::request_errors;
use crate::room::on_server::{OnServer, etag_text};
use crate::sync::work::{Versions, compare};
use crate::{Error, Message, MessageId, Result, Service};

impl Service {
    /// Asks the server which events lie in `[start, end)`, and fetches those that the mirror lacks or
    /// has in another version. A server that does not offer that is believed as it is. Returns the places of
    /// those that the server does not give.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the request to the server fails, or if it lists an event that it does not give and
    /// of which no text is known: nobody can say then that an hour is free.
    pub(crate) async fn fetch_interval(
        &self,
        server: &OnServer,
        window: Window,
    ) -> Result<Vec<String>> {
        let (start, end) = (window.start.0, window.end.0);
        let members = server.collection.in_time_range(start, end).await;
        let Some(members) = self.ask(server, members).await? else { return Ok(Vec::new()) };
        let known = self.known_versions(server, &members, &[]).await?;
        let versions = Versions::of_changed(server.collection.quirks());
        let lacking = compare(&members, &known, versions).fetch;
        if lacking.is_empty() {
            return Ok(Vec::new());
        }
        tracing::info!(
            calendar = server.calendar.slug,
            objects = lacking.len(),
            "the server has events in an interval that the mirror lacked"
        );
        let fetched = self.ask(server, server.collection.multiget(&lacking).await).await?;
        let transaction = self.store.begin().await?;
        let mut not_given = Vec::new();
        for Fetched { href, outcome } in fetched {
            let href = href.as_str().to_owned();
            let (etag, text) = match outcome {
                FetchOutcome::Found { etag, text } => (etag_text(etag.as_ref()), text),
                // What is not given away is the next look's affair: it is no version to go by.
                FetchOutcome::Unreadable { why } => {
                    not_given.push((href, request_errors::not_given(&why)));
                    continue;
                }
                FetchOutcome::ReportedMissing => {
                    not_given.push((href, MessageId::ObjectElsewhereMissing.into()));
                    continue;
                }
                FetchOutcome::Missing => continue,
            };
            let current = Resource { href: href.clone(), uid: String::new(), etag, text };
            self.mirror_object(&transaction, server, &href, Some(current)).await?;
        }
        // The list of changes did not say so, or somebody was quick: the next look finds out.
        mirror::doubt(&transaction, server.calendar.id).await?;
        transaction.commit().await?;
        self.check_known(server, &not_given).await?;
        Ok(not_given.into_iter().map(|(href, _)| href).collect())
    }

    /// Makes sure that a text is known of each of these objects, given with the reason why the server does not
    /// give it.
    async fn check_known(&self, server: &OnServer, not_given: &[(String, Message)]) -> Result<()> {
        let id = server.calendar.id;
        let hrefs: Vec<String> = not_given.iter().map(|(href, _)| href.clone()).collect();
        let last = uid_metadata::last_texts_at(&self.store, id, &hrefs).await?;
        for (href, why) in not_given {
            if last.iter().any(|it| it.href == *href) {
                continue;
            }
            let there = objects::by_href(&self.store, id, href).await?;
            if there.is_none_or(|it| it.text.is_empty()) {
                return Err(Error::server(MessageId::listed_not_given(href, why.clone())));
            }
        }
        Ok(())
    }
}
