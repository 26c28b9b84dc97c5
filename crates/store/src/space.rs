//! Giving the space of deleted rows back to the disk.

use sea_orm::ConnectionTrait as _;

use crate::sql;
use crate::{Access as _, DatabaseKind, Result, Store};

/// Free pages of a SQLite file that are kept for what is written next.
const KEPT_PAGES: i64 = 2_000;
/// Pages that one step gives back.
const STEP: i64 = 1_000;
/// Steps that follow each other.
const MAX_STEPS: usize = 10_000;

impl Store {
    /// Gives pages of a SQLite file that nothing uses back to the disk, some at a time, so that no writer waits long.
    /// PostgreSQL does so without help.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn give_space_back(&self) -> Result<()> {
        if self.kind() == DatabaseKind::Postgres {
            return Ok(());
        }
        let mut before = i64::MAX;
        for _ in 0..MAX_STEPS {
            let free: Option<i64> = sql::value(self, "PRAGMA freelist_count", Vec::new()).await?;
            let free = free.unwrap_or_default();
            // Of a file that cannot be vacuumed in steps, none becomes less.
            if free < KEPT_PAGES || free >= before {
                break;
            }
            before = free;
            let _turn = self.turn().await?;
            let step = format!("PRAGMA incremental_vacuum({STEP})");
            self.connection().execute_unprepared(&step).await?;
        }
        Ok(())
    }
}
