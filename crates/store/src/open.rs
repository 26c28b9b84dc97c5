//! Opening a database.

use crate::{Result, Store, migrations};

impl Store {
    /// Opens the database of a URL (`sqlite://PATH` or `postgres://…`), creates a missing SQLite
    /// file, and migrates the schema; processes that start together do that one after the other.
    ///
    /// # Errors
    ///
    /// [`Error::Open`](crate::Error::Open) if it cannot be reached or is of another kind, [`Error::Newer`](crate::Error::Newer) if a newer
    /// version of the program wrote it.
    pub async fn open(url: &str) -> Result<Store> {
        let store = Store::connect(url).await?;
        migrations::run(&store).await?;
        Ok(store)
    }

    /// The version of its schema: the name of the latest migration.
    pub fn schema(&self) -> &'static str {
        migrations::latest()
    }
}
