//! Who does something, and writing it down in the audit trail.

use facts::audit::Entry;
use people::audit::{command_line, note};
use store::audit::Actor;
use store::{Transaction, UserId, users};

use crate::{Result, Service};

impl Service {
    /// A user, or the command line, in the audit trail.
    pub(crate) async fn actor_of(
        &self,
        access: &impl store::Access,
        user: Option<UserId>,
    ) -> Result<Actor> {
        let Some(id) = user else { return Ok(command_line()) };
        let name = users::by_id(access, id).await?.map(|it| it.name);
        Ok(Actor { user, name: name.unwrap_or_default() })
    }

    /// Writes an entry of the audit trail down.
    pub(crate) async fn note(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        entry: Entry,
    ) -> Result<()> {
        note(transaction, actor, entry, self.now()).await
    }
}
