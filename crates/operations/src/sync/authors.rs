//! Who booked what names no organizer: Nextcloud's Activity app knows. It is asked only for what is
//! about to be reported, and once a day at most; what it says is remembered.

use std::collections::{BTreeSet, HashMap, HashSet};

use facts::Event;
use ical::civil::DAY;
use store::history;
use store::uid_metadata::{self, Author};

use crate::room::on_server::OnServer;
use crate::{Result, Service};

/// How long it is remembered that a server does not know who booked, in seconds.
const ASKED_AGAIN_AFTER: i64 = DAY;
/// UIDs that are asked for at once; the others are asked for at the next run.
const MAX_ASKED: usize = 200;

impl Service {
    /// The addresses of those who booked the events that are about to be reported and name no organizer, by UID.
    /// A server that does not answer is asked another time: nothing depends on it but who is notified.
    pub(crate) async fn ask_authors(
        &self,
        server: &OnServer,
        events: impl Iterator<Item = &Event>,
    ) -> HashMap<String, String> {
        if !server.settings.asks_authors || !server.collection.quirks().has_activity {
            return HashMap::new();
        }
        let nameless: BTreeSet<&str> = events
            .filter(|event| event.organizer.is_none() && !event.uid.is_empty())
            .map(|event| event.uid.as_str())
            .collect();
        if nameless.is_empty() {
            return HashMap::new();
        }
        let nameless: Vec<String> = nameless.into_iter().map(str::to_owned).collect();
        self.learn_authors(server, &nameless).await.unwrap_or_else(|error| {
            let calendar = &server.calendar.slug;
            tracing::warn!(calendar, %error, "who booked could not be learned");
            HashMap::new()
        })
    }

    async fn learn_authors(
        &self,
        server: &OnServer,
        uids: &[String],
    ) -> Result<HashMap<String, String>> {
        let (id, now) = (server.calendar.id, self.now().0);
        let since = now - ASKED_AGAIN_AFTER;
        let mut asked = uid_metadata::without_author(&self.store, id, uids, since).await?;
        asked.truncate(MAX_ASKED);
        if asked.is_empty() {
            return Ok(HashMap::new());
        }
        let wanted: HashSet<String> = asked.iter().cloned().collect();
        let found = match server.client.authors(server.collection.url(), &wanted).await {
            Ok(found) => found,
            Err(error) => return Err(server.error(&error).await),
        };
        // What the account created by restoring it, somebody else booked: nobody is better than us.
        let restored = match found.values().any(|author| author.is_own) {
            true => history::restored_uids(&self.store, id).await?,
            false => HashSet::new(),
        };
        let found: HashMap<String, String> = found
            .into_iter()
            .filter(|(uid, author)| !(author.is_own && restored.contains(uid)))
            .filter_map(|(uid, author)| Some((uid, author.address?)))
            .collect();
        let transaction = self.store.begin().await?;
        uid_metadata::set_author_asked(&transaction, id, &asked, now).await?;
        for (uid, address) in &found {
            let author = Author::Address(address.clone());
            uid_metadata::set_author(&transaction, id, uid, &author).await?;
        }
        transaction.commit().await?;
        Ok(found)
    }
}
