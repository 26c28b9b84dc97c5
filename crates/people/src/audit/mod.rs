//! The audit trail: who does something, writing it down, and what settings are in its entries.

mod settings;

use facts::audit::Entry;
use store::audit::{self, Actor};
use store::{Access, Transaction, UserId, users};

use crate::{People, Result};

pub use settings::{rights, role, settings_of, ties, values_of_user};

/// The command line, in the audit trail.
pub fn command_line() -> Actor {
    Actor { user: None, name: "command line".to_owned() }
}

impl People {
    /// Writes an entry of the audit trail down. The columns beside it are what a search looks at.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn note(&self, transaction: &Transaction, actor: &Actor, entry: Entry) -> Result<()> {
        let (action, subject) = (entry.action, entry.subject.searched());
        let whole = entry.to_stored().map_err(store::Error::from)?;
        Ok(audit::note(transaction, actor, action, &subject, &whole, self.now().0).await?)
    }

    /// A user, or the command line, in the audit trail.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn actor_of(&self, access: &impl Access, user: Option<UserId>) -> Result<Actor> {
        let Some(id) = user else { return Ok(command_line()) };
        let name = users::by_id(access, id).await?.map(|it| it.name);
        Ok(Actor { user, name: name.unwrap_or_default() })
    }
}
