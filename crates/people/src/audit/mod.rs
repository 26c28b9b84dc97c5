//! The audit trail: writing down who does something, and what settings are in its entries.

mod settings;

use facts::audit::Entry;
use ical::Moment;
use store::Transaction;
use store::audit::{self, Actor};

use crate::{People, Result};

pub use settings::{rights, role, settings_of, ties, values_of_user};

/// The command line, in the audit trail.
pub fn command_line() -> Actor {
    Actor { user: None, name: "command line".to_owned() }
}

/// Writes an entry of the audit trail down. The columns beside it are what a search looks at.
///
/// # Errors
///
/// When the database fails.
pub async fn note(
    transaction: &Transaction,
    actor: &Actor,
    entry: Entry,
    now: Moment,
) -> Result<()> {
    let (action, subject) = (entry.action, entry.subject.searched());
    let whole = entry.to_stored().map_err(store::Error::from)?;
    Ok(audit::note(transaction, actor, action, &subject, &whole, now.0).await?)
}

impl People {
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
