//! Calendars whose content is on a CalDAV server.

use caldav::{Conditions, Deleted, ETag, Href, ScheduleReply, SendGuard};
use store::accounts::Account;
use store::calendars::{self, Calendar};
use store::objects::Resource;
use store::origin::is_on_server_of;

use crate::connections::kind::kind_of;
use crate::connections::pool::host;
use crate::connections::request_errors;
use crate::room::backend::{BackendError, CalendarBackend, Result, Version};
use crate::{Error, MessageId, Service};

/// A calendar on a CalDAV server.
#[derive(Clone, Debug)]
pub(crate) struct OnServer {
    service: Service,
    /// The calendar.
    pub calendar: Calendar,
    /// Its collection, and what is set about it.
    pub settings: calendars::Collection,
    /// The account that reaches it.
    pub account: Account,
    /// The account, to ask for other things than the collection.
    pub client: caldav::Account,
    /// The collection, to ask.
    pub collection: caldav::Collection,
}

impl Service {
    /// A calendar on a server, ready to be asked.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] if the server has refused the account's password, or the calendar's address is on
    /// another server than the account's.
    pub(crate) async fn on_server(&self, calendar: &Calendar) -> crate::Result<OnServer> {
        let Some(settings) = calendar.backend.collection() else {
            let reason = format!("the calendar {:?} is on no server", calendar.slug);
            return Err(Error::Internal(reason));
        };
        let (account, client) = self.account(settings.account).await?;
        let url = url::Url::parse(&settings.url)
            .map_err(MessageId::calendar_address_wrong)
            .map_err(Error::server)?;
        // Who can write to the database must not have the password sent elsewhere.
        if !is_on_server_of(&url, &account.url) {
            let (at, of) = (host(&settings.url), host(&account.url));
            return Err(Error::server(MessageId::calendar_elsewhere(at, of)));
        }
        let collection = client.collection(&url, kind_of(&account));
        let mut collection =
            collection.map_err(|error| Error::server(request_errors::plain(&error)))?;
        if let Some(shown) = &settings.conditions {
            collection = collection.with_conditions(Conditions::parse(shown));
        }
        Ok(OnServer {
            service: self.clone(),
            calendar: calendar.clone(),
            settings: settings.clone(),
            account,
            client,
            collection,
        })
    }
}

impl OnServer {
    /// The same calendar, whose writes are only sent while the guard lets them pass.
    pub fn guarded(&self, guard: SendGuard) -> OnServer {
        let collection = self.collection.clone().guarded(guard);
        OnServer { collection, ..self.clone() }
    }

    /// Whether the server shows this account only a part of some events, so that they could not be
    /// written back as they are.
    pub fn hides_parts(&self) -> bool {
        self.settings.is_shared_in && self.collection.quirks().hides_parts_from_sharees
    }

    /// Whether the server shows this account only a part of an object (CLASS:CONFIDENTIAL, RFC 5545
    /// section 3.8.1.3): it could neither be judged nor be written back as it is.
    pub fn hides(&self, text: &[u8]) -> bool {
        let Ok(parsed) = ical::Calendar::parse(text) else { return false };
        let mut objects = parsed.objects().iter();
        self.hides_parts()
            && objects.any(|it| parsed.events_of(it).any(|event| event.is_confidential()))
    }

    /// What a request came to, for people; a refused password is written down.
    pub async fn error(&self, error: &caldav::Error) -> Error {
        match error.cause() {
            caldav::Error::Trashed => {
                Error::server(MessageId::calendar_trashed(&self.calendar.slug))
            }
            caldav::Error::NotFound => {
                let (url, user) = (&self.settings.url, &self.account.user_name);
                Error::server(MessageId::calendar_gone(url, user))
            }
            error => self.service.server_error(&self.account, error).await,
        }
    }

    /// The result of a write, for the decision behind it.
    async fn write_error(&self, error: caldav::Error) -> BackendError {
        match error {
            caldav::Error::Changed | caldav::Error::Exists | caldav::Error::NotFound => {
                BackendError::Changed
            }
            caldav::Error::Withdrawn => BackendError::Withdrawn,
            // Nothing was sent, so nothing of it can be in doubt, and it was no refusal.
            error @ caldav::Error::NotSent(_) => BackendError::Failed(self.error(&error).await),
            error if error.is_outcome_unknown() => {
                let refusal = match &error {
                    // A gateway's own numbers (520 to 527) say nothing of the server behind it.
                    caldav::Error::Refused { status: 500, .. } => {
                        Some(request_errors::plain(&error))
                    }
                    _ => None,
                };
                BackendError::Unknown { error: self.error(&error).await, refusal }
            }
            caldav::Error::Forbidden { words } if words.is_empty() => {
                BackendError::Refused(MessageId::Answered403.into())
            }
            caldav::Error::Forbidden { words } => {
                BackendError::Refused(MessageId::answered_403_with(words))
            }
            error @ (caldav::Error::Refused { .. } | caldav::Error::UidConflict { .. }) => {
                BackendError::Refused(request_errors::plain(&error))
            }
            error => BackendError::Failed(self.error(&error).await),
        }
    }
}

/// An ETag as the database keeps it.
pub(crate) fn etag_text(etag: Option<&ETag>) -> String {
    etag.map(|etag| etag.as_str().to_owned()).unwrap_or_default()
}

impl CalendarBackend for OnServer {
    async fn read(&self, href: &str) -> Result<Option<Resource>> {
        let found = self.collection.get(&Href::from_store(href)).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => return Err(BackendError::Failed(self.error(&error).await)),
        };
        Ok(found.map(|object| Resource {
            href: href.to_owned(),
            uid: String::new(),
            etag: etag_text(object.etag.as_ref()),
            text: object.text,
        }))
    }

    async fn create(&self, href: &str, text: &[u8]) -> Result<String> {
        match self.collection.create(&Href::from_store(href), text).await {
            Ok(written) => Ok(etag_text(written.etag.as_ref())),
            // Where there is nothing to create in, the calendar is gone.
            Err(error @ caldav::Error::NotFound) => {
                Err(BackendError::Failed(self.error(&error).await))
            }
            Err(error) => Err(self.write_error(error).await),
        }
    }

    async fn replace(&self, version: &Version<'_>, text: &[u8]) -> Result<String> {
        // An unknown version may be any version.
        let Some(etag) = ETag::new(version.etag) else { return Err(BackendError::Changed) };
        let href = Href::from_store(version.href);
        let object = self.collection.at(&href).with_etag(&etag).expecting_text(version.text);
        match object.replace(text).await {
            Ok(written) => Ok(etag_text(written.etag.as_ref())),
            Err(error) => Err(self.write_error(error).await),
        }
    }

    async fn delete(&self, version: &Version<'_>) -> Result<()> {
        let Some(etag) = ETag::new(version.etag) else { return Err(BackendError::Changed) };
        let href = Href::from_store(version.href);
        let object = self.collection.at(&href).with_etag(&etag).expecting_text(version.text);
        let reply = match self.settings.sends_replies {
            true => ScheduleReply::AsTheServerDoes,
            false => ScheduleReply::Silent,
        };
        match object.delete(reply).await {
            Ok(Deleted::Done) => Ok(()),
            // It was not this request that deleted it.
            Ok(Deleted::WasGone) => Err(BackendError::Changed),
            Err(error) => Err(self.write_error(error).await),
        }
    }
}
