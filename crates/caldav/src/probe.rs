//! Probes whether a server honours conditional writes (RFC 9110 section 13.1).
//!
//! Forward Email, for example, ignores the If-Match of a DELETE: it deletes objects that another
//! client has changed since.

use rand::RngExt as _;
use reqwest::header::{HeaderValue, IF_MATCH, IF_NONE_MATCH};

use crate::request::Request;
use crate::{Collection, Conditions, Error, Href, Result, ScheduleReply};

/// A version that no object has.
const WRONG: HeaderValue = HeaderValue::from_static("\"no-such-version-0f6e1c\"");

impl Collection {
    /// Probes which conditional writes the server honours, with an object of its own: an event of
    /// the year 2000 that blocks nothing. It is created, written and deleted under wrong
    /// conditions, and deleted in the end. `None` if the account may not create objects here.
    ///
    /// A condition that could not be tested counts as not honoured.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a request. If the object could not be deleted again, its address is logged.
    pub async fn probe_conditions(&self) -> Result<Option<Conditions>> {
        let Some(name) = self.create_probe().await? else { return Ok(None) };
        let href = self.href_of(&file_of(&name));
        let shown = self.try_conditions(&href, &name).await;
        self.clean_up(&href).await;
        let mut shown = shown?;
        // RustiCal answers 200 to a DELETE of an object that is gone: a deletion by another client would be
        // taken for our own.
        shown.on_delete = shown.on_delete && self.is_gone_refused(&href).await?;
        Ok(Some(shown))
    }

    /// Whether an object of a probe that is written into this collection is in another one. It is deleted again;
    /// `false` if the account may not create objects here.
    pub(crate) async fn is_probe_seen_by(&self, other: &Collection) -> Result<bool> {
        let Some(name) = self.create_probe().await? else { return Ok(false) };
        let seen = other.get(&other.href_of(&file_of(&name))).await;
        self.clean_up(&self.href_of(&file_of(&name))).await;
        Ok(seen?.is_some())
    }

    /// Creates the object of a probe; its UID, or `None` if the account may not create objects here.
    async fn create_probe(&self) -> Result<Option<String>> {
        let number: u128 = rand::rng().random();
        let name = format!("room-booking-test-{number:032x}");
        let href = self.href_of(&file_of(&name));
        let Err(error) = self.create(&href, &event(&name, "1")).await else {
            return Ok(Some(name));
        };
        match error.cause() {
            Error::Forbidden { .. } | Error::Refused { .. } | Error::UidConflict { .. } => Ok(None),
            _ => {
                self.clean_up(&href).await;
                Err(error)
            }
        }
    }

    /// Whether a conditional DELETE is refused where there is no object.
    async fn is_gone_refused(&self, href: &Href) -> Result<bool> {
        let status = self.send(&self.wrong_delete(href)?).await?.status;
        Ok((400..500).contains(&status))
    }

    /// A DELETE of a version that no object has.
    fn wrong_delete(&self, href: &Href) -> Result<Request> {
        let mut delete = Request::writing("DELETE", self.address(href)?);
        delete.headers.insert(IF_MATCH, WRONG);
        Ok(delete)
    }

    async fn try_conditions(&self, href: &Href, name: &str) -> Result<Conditions> {
        let mut put = self.put(href, &event(name, "2"))?;
        put.headers.insert(IF_MATCH, WRONG);
        let mut create = self.put(href, &event(name, "3"))?;
        create.headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        let delete = self.wrong_delete(href)?;
        Ok(Conditions {
            on_put: self.is_refused(href, &put).await?,
            on_create: self.is_refused(href, &create).await?,
            on_delete: self.is_refused(href, &delete).await?,
        })
    }

    /// Whether a write is refused and leaves the object as it was.
    async fn is_refused(&self, href: &Href, write: &Request) -> Result<bool> {
        let Some(before) = self.get(href).await? else { return Ok(false) };
        let status = self.send(write).await?.status;
        let after = self.get(href).await?;
        Ok((400..500).contains(&status) && after.as_ref() == Some(&before))
    }

    /// Deletes the object of a probe.
    async fn clean_up(&self, href: &Href) {
        let at = self.at(href).whatever_its_version();
        if let Err(error) = at.delete(ScheduleReply::Silent).await {
            let href = href.as_str();
            tracing::warn!(href, %error, "deleting the probe event failed");
        }
    }
}

/// The name of the object of a probe.
fn file_of(name: &str) -> String {
    format!("{name}.ics")
}

/// An event that blocks nothing.
fn event(uid: &str, number: &str) -> Vec<u8> {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Room Booking//Write test//EN\r\nBEGIN:VEVENT\r\n\
         UID:{uid}\r\nDTSTAMP:20000101T000000Z\r\nDTSTART:20000101T000000Z\r\n\
         DTEND:20000101T000100Z\r\nSUMMARY:Room Booking write test {number}\r\n\
         TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_honoured_is_read_as_it_is_written() {
        for number in 0..8 {
            let has = |bit: u8| number & bit != 0;
            let conditions = Conditions { on_put: has(1), on_delete: has(2), on_create: has(4) };
            assert_eq!(Conditions::parse(&conditions.to_string()), conditions);
        }
        let none = Conditions { on_put: false, on_delete: false, on_create: false };
        assert_eq!(Conditions::parse(""), none);
    }
}
