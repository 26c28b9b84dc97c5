//! Replacing the content of a database: by a backup, or, of an empty one, by another database.

use facts::audit::{Action, Entry};
use facts::time::rfc3339;
use ical::{Moment, Zone};
use store::archive::{self, Archive, ArchiveError, Content, Restored};
use store::audit::Actor;
use store::{Store, Transaction};

use crate::{Error, Service};

impl Service {
    /// Replaces everything in the database by a backup, in one transaction. What the backup has as waiting is held, and
    /// what it allows that may have been taken back since is asked for again.
    ///
    /// # Errors
    ///
    /// If a server runs on the database, the backup has changed, or the database fails. Nothing is changed then.
    pub async fn restore_backup(
        &self,
        actor: &Actor,
        backup: &Archive,
    ) -> Result<Restored, ArchiveError> {
        let transaction = self.store.begin().await?;
        let restored = archive::restore(&transaction, backup, self.now().0).await?;
        let made = rfc3339(&Zone::utc(), Moment(backup.origin.made_at));
        self.note_replaced(&transaction, actor, Entry::new(Action::DatabaseRestored, &made))
            .await?;
        transaction.commit().await?;
        Ok(restored)
    }

    /// Copies everything into an empty database of the other kind, and makes sure that it holds the same then.
    ///
    /// # Errors
    ///
    /// If a server runs on one of them, the other one has rows, or a database fails. Nothing is written then.
    pub async fn copy_database(
        &self,
        actor: &Actor,
        to: &Store,
    ) -> Result<Vec<Content>, ArchiveError> {
        // No server starts, and nothing is written, before the end.
        let from = self.store.begin().await?;
        let transaction = to.begin().await?;
        let copied = archive::copy_all(&from, &transaction).await?;
        let entry = Entry::new(Action::DatabaseCopied, "DATABASE_URL");
        self.note_replaced(&transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(copied)
    }

    async fn note_replaced(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        entry: Entry,
    ) -> Result<(), ArchiveError> {
        let noted = self.people().note(transaction, actor, entry).await;
        Ok(noted.map_err(|error| match error {
            Error::Store(error) => error,
            error => store::Error::Damaged(error.to_string()),
        })?)
    }
}
