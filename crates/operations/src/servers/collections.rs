//! What is found out about a collection on a server: which one it is, and whether its server honours
//! conditional writes.

use std::time::Duration;

use caldav::Identity;
use store::CalendarId;
use store::calendars::{self, Calendar, Collection};

use crate::connections::kind::kind_of;
use crate::room::on_server::OnServer;
use crate::{Error, MessageId, Result, Service};

/// How long a run waits for the server of another calendar that may be the same: it may hang.
const COMPARED_WITHIN: Duration = Duration::from_secs(5);

impl Service {
    /// The calendar, other than `except`, behind which a collection stands already, by whatever address,
    /// account or share it is reached.
    ///
    /// What the server says of both decides. Where the same server may have two names, their contents
    /// are compared; a server that cannot be asked for that is not waited for.
    pub(crate) async fn same_collection(
        &self,
        collection: &Collection,
        except: Option<CalendarId>,
    ) -> Result<Option<Calendar>> {
        let Some(identity) = &collection.identity else { return Ok(None) };
        let is_other = |it: &Calendar| Some(it.id) != except;
        if let Some(known) = calendars::by_identity(&self.store, identity).await?.filter(is_other) {
            return Ok(Some(known));
        }
        let this = Identity::parse(identity);
        for other in calendars::all(&self.store).await?.into_iter().filter(is_other) {
            let known = other.backend.collection().and_then(|it| it.identity.as_deref());
            if !known.is_some_and(|it| Identity::parse(it).may_be(&this)) {
                continue;
            }
            match self.has_same_content(collection, &other).await {
                Ok(true) => return Ok(Some(other)),
                Ok(false) => {}
                Err(Error::Store(error)) => return Err(Error::Store(error)),
                Err(error) => {
                    tracing::warn!(calendar = other.slug, %error, "two calendars were not compared");
                }
            }
        }
        Ok(None)
    }

    /// Makes sure that no other calendar stands for the collection of this one, before events are removed from
    /// it: each would remove what the other has as the winner. While it was empty, that could not be seen where
    /// the two reach it by different names of its host.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] that names the other calendar.
    pub(crate) async fn check_only_calendar(&self, server: &OnServer) -> Result<()> {
        let id = server.calendar.id;
        let compared = self.same_collection(&server.settings, Some(id));
        let compared = tokio::time::timeout(COMPARED_WITHIN, compared).await;
        let Ok(other) = compared else {
            tracing::warn!(
                calendar = server.calendar.slug,
                "two calendars were not compared in time"
            );
            return Ok(());
        };
        match other? {
            Some(other) => Err(Error::server(MessageId::also_calendar(&other.slug))),
            None => Ok(()),
        }
    }

    async fn has_same_content(&self, collection: &Collection, other: &Calendar) -> Result<bool> {
        let other = self.on_server(other).await?;
        let (account, client) = self.account(collection.account).await?;
        let url = url::Url::parse(&collection.url).map_err(|error| {
            Error::Internal(format!("the address {:?} is none: {error}", collection.url))
        })?;
        let this = match client.collection(&url, kind_of(&account)) {
            Ok(this) => this.has_same_content(&other.collection).await,
            Err(error) => Err(error),
        };
        match this {
            Ok(is_same) => Ok(is_same),
            Err(error) => Err(self.server_error(&account, &error).await),
        }
    }

    /// Finds out whether the server of a new calendar honours conditional writes, where its kind does
    /// not tell. What cannot be found out now is found out by `doctor`; until then each object is read
    /// right before it is written.
    pub(crate) async fn test_conditions_of(&self, id: CalendarId) -> Result<()> {
        let Some(calendar) = calendars::by_id(&self.store, id).await? else { return Ok(()) };
        let tested = match self.on_server(&calendar).await {
            Ok(server) => self.test_conditions(&server).await,
            Err(error) => Err(error),
        };
        match tested {
            Ok(_) => Ok(()),
            Err(Error::Store(error)) => Err(Error::Store(error)),
            Err(error) => {
                tracing::warn!(calendar = calendar.slug, %error, "the server was not tested");
                Ok(())
            }
        }
    }

    /// Tests whether a server of unknown kind honours conditional writes, unless it was tested before,
    /// and keeps what comes of it. `None` where the kind tells, or where no test is possible.
    pub(crate) async fn test_conditions(
        &self,
        server: &OnServer,
    ) -> Result<Option<caldav::Conditions>> {
        if !server.collection.kind().is_unknown() {
            return Ok(None);
        }
        if let Some(known) = &server.settings.conditions {
            return Ok(Some(caldav::Conditions::parse(known)));
        }
        let conditions = match server.collection.probe_conditions().await {
            Ok(Some(conditions)) => conditions,
            Ok(None) => return Ok(None),
            Err(error) => return Err(server.error(&error).await),
        };
        let transaction = self.store.begin().await?;
        calendars::set_conditions(&transaction, server.calendar.id, &conditions.to_string())
            .await?;
        transaction.commit().await?;
        Ok(Some(conditions))
    }
}
