//! Who does something, and writing it down.

use store::audit::Actor;
use store::{Transaction, UserId, users};

use super::Entry;
use crate::{Result, Service};

/// The command line, in the audit trail.
pub fn command_line() -> Actor {
    Actor { user: None, name: "command line".to_owned() }
}

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
        entry.write(transaction, actor, self.now().0).await
    }
}
