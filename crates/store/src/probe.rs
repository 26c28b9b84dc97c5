//! Whether the database can be written: a real write decides.

use crate::sql::{self, values};
use crate::{Access as _, Result, Store};

/// What shows that the database can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A write of the probe's own.
    Write,
    /// The same, or that other writers of this process are at work and the database answers.
    WriteOrWriters,
}

impl Store {
    /// Makes sure that the database can be written. It is one statement outside of a transaction, so that no
    /// other process ever waits for a row of one that was frozen meanwhile.
    ///
    /// # Errors
    ///
    /// When it cannot be written. It waits as long as any write does.
    pub async fn probe(&self, proof: Proof) -> Result<()> {
        let _turn = match (self.free_turn(), proof) {
            (Some(turn), _) => turn,
            (None, Proof::Write) => self.turn().await?,
            (None, Proof::WriteOrWriters) => return self.ping().await,
        };
        let sql = format!(
            "INSERT INTO probe (id, written_at) VALUES (1, {now}) \
             ON CONFLICT (id) DO UPDATE SET written_at = excluded.written_at",
            now = self.now()
        );
        sql::run(self, &sql, values![]).await?;
        Ok(())
    }

    /// Makes sure that the database can be read.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn probe_reading(&self) -> Result<()> {
        sql::value::<i64>(self, "SELECT written_at FROM probe", values![]).await?;
        Ok(())
    }
}
