//! The history as it is in a database, for tests that judge it as a whole.

use store::ChangeId;
use store::history::{self, Change, ChangeState, RemovalRow};
use store::outbox::OutboxMessage;
use testing::Database;

/// Everything that was recorded about changes, oldest first.
pub struct History {
    /// The changes, with their texts.
    pub changes: Vec<Change>,
    /// The removals.
    pub lines: Vec<RemovalRow>,
    /// The messages, whether they were sent or not.
    pub messages: Vec<OutboxMessage>,
}

impl History {
    /// Reads the history of a database.
    pub async fn read(database: &Database) -> History {
        let store = database.open().await;
        let mut changes = Vec::new();
        for id in database.numbers("SELECT id FROM changes ORDER BY id").await {
            changes.push(history::change(&store, ChangeId(id)).await.unwrap().unwrap());
        }
        store.close().await.unwrap();
        let lines = "SELECT removals.*, state, made_at, calendar_id, not_confirmed FROM removals \
                     JOIN changes ON changes.id = change_id ORDER BY removals.id";
        let lines = database.rows(lines).await;
        let messages = database.rows("SELECT * FROM outbox ORDER BY id").await;
        History { changes, lines, messages }
    }

    /// The changes that were made.
    pub fn done(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.state == ChangeState::Done)
    }

    /// The removals of a change.
    pub fn lines_of(&self, change: &Change) -> Vec<&RemovalRow> {
        self.lines.iter().filter(|line| line.change_id == change.id).collect()
    }

    /// The messages about a change.
    pub fn messages_of(&self, change: &Change) -> Vec<&OutboxMessage> {
        self.messages.iter().filter(|it| it.change_id == Some(change.id)).collect()
    }
}
