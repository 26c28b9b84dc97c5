//! Blind copies go to nobody who may not read them (section 2 of the contract).

use std::borrow::Cow;

use mail::{Mailer, Notice, Sender};
use store::delivery::ClaimedMessage;

use crate::mail::recipients::reader_of_address;
use crate::{Result, Service};

impl Service {
    /// The sender of a message, with the blind copies of it: of one that names a private event, administrators' only.
    pub(crate) async fn sender_of<'m>(
        &self,
        mailer: &'m Mailer,
        message: &ClaimedMessage,
    ) -> Result<Cow<'m, Sender>> {
        if mailer.sender.bcc.is_empty() || !names_private_event(&message.data) {
            return Ok(Cow::Borrowed(&mailer.sender));
        }
        let mut bcc = Vec::new();
        for address in &mailer.sender.bcc {
            if reader_of_address(&self.store, address).await?.sees_everything() {
                bcc.push(address.clone());
            }
        }
        Ok(Cow::Owned(Sender { bcc, ..mailer.sender.clone() }))
    }
}

/// Whether the data of a message name a private event: a notice does, or a report that says so.
fn names_private_event(data: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Reported {
        #[serde(default)]
        names_private: bool,
    }
    match serde_json::from_str::<Notice>(data) {
        Ok(notice) => notice.names_private_event(),
        Err(_) => serde_json::from_str::<Reported>(data).is_ok_and(|it| it.names_private),
    }
}
