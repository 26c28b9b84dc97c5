//! How much mail leaves the sender's domain in a day (section 8 of the contract): nobody makes the
//! program a relay.

use ical::civil::DAY;
use serde_json::json;
use store::audit::Actor;
use store::delivery::ClaimedMessage;
use store::mail_caps::{self, Admission, Caps};
use store::outbox::MessageKind;
use store::{Transaction, users};

use crate::mail::queue::domain_of;
use crate::{Error, MessageId, Result, Service};
use mail::Mailer;

/// Messages to addresses outside the sender's domain, in 24 hours, that one user caused, with all keys.
const MAX_OF_USER: i64 = 20;
/// Messages to such addresses in 24 hours, in all.
const MAX_IN_ALL: i64 = 200;

/// Whether an address is outside the sender's domain and its parent domain.
pub(super) fn is_outside(address: &str, sender: &str) -> bool {
    let (domain, own) = (domain_of(address), domain_of(sender));
    // A parent without a dot, such as `org`, is a domain that all share.
    let parent = own.split_once('.').map(|(_, parent)| parent).filter(|it| it.contains('.'));
    domain != own && Some(domain.as_str()) != parent
}

/// The caps of the day that ends now.
fn caps(now: i64) -> Caps {
    Caps { of_user: MAX_OF_USER, in_all: MAX_IN_ALL, since: now - DAY }
}

impl Service {
    /// Whether a message that was just claimed may go. If not, it is held, and administrators are asked,
    /// once a day.
    pub(crate) async fn admit(
        &self,
        transaction: &Transaction,
        mailer: &Mailer,
        taken: &ClaimedMessage,
        now: i64,
    ) -> Result<bool> {
        let sender = &mailer.sender.address;
        if taken.kind.is_note() || !self.is_capped(&taken.address, mailer) {
            return Ok(true);
        }
        let (limit, user) = match mail_caps::admit(transaction, taken, caps(now), now).await? {
            Admission::Admitted => return Ok(true),
            Admission::UserCap => (MAX_OF_USER, taken.caused_by_user),
            Admission::CapInAll => (MAX_IN_ALL, None),
        };
        let who = match user {
            Some(user) => users::by_id(transaction, user).await?.map(|it| it.name),
            None => None,
        };
        let why = match &who {
            Some(who) => MessageId::held_of_user(who, limit),
            None => MessageId::held_in_all(limit),
        };
        tracing::warn!(message = taken.id.0, limit, user = user.map(|it| it.0), "message held");
        if mail_caps::hold(transaction, taken.id, &why.to_stored(), now - DAY).await? {
            let data = json!({ "who": who, "limit": limit, "domain": domain_of(sender) });
            let (kind, data) = (MessageKind::MessagesHeld, data.to_string());
            self.tell_administrators_of(transaction, kind, &data, now).await?;
        }
        Ok(false)
    }

    /// Counts a test message that somebody is about to send past the outbox.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if it would exceed what may leave the sender's domain in a day.
    pub(crate) async fn admit_test(
        &self,
        actor: &Actor,
        mailer: &Mailer,
        address: &str,
    ) -> Result<()> {
        if !self.is_capped(address, mailer) {
            return Ok(());
        }
        let now = self.now().0;
        let transaction = self.store.begin().await?;
        let admitted = mail_caps::admit_test(&transaction, actor.user, caps(now), now).await?;
        match admitted {
            Admission::Admitted => Ok(transaction.commit().await?),
            Admission::UserCap => {
                Err(Error::Conflict(MessageId::held_of_user(&actor.name, MAX_OF_USER)))
            }
            Admission::CapInAll => Err(Error::Conflict(MessageId::held_in_all(MAX_IN_ALL))),
        }
    }

    /// Whether the caps hold for messages to an address.
    fn is_capped(&self, address: &str, mailer: &Mailer) -> bool {
        self.mail_domains.is_empty() && is_outside(address, &mailer.sender.address)
    }
}

#[cfg(test)]
mod tests {
    use super::is_outside;

    #[test]
    fn the_domain_of_the_sender_and_its_parent_are_inside_and_all_others_outside() {
        let sender = "Rooms@Mail.Bücher.example";
        for inside in ["a@mail.bücher.example", "a@BÜCHER.example", "a@xn--bcher-kva.example"] {
            assert!(!is_outside(inside, sender), "{inside}");
        }
        for outside in [
            "a@example",
            "a@it.bücher.example",
            "a@x.mail.bücher.example",
            "a@evilbücher.example",
            "a@mail.bücher.example.org",
            "mail.bücher.example@a.org",
            "",
        ] {
            assert!(is_outside(outside, sender), "{outside}");
        }
        assert!(is_outside("a@org", "rooms@example.org"), "nobody owns a top-level domain");
    }
}
