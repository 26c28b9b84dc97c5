//! What the database says at the end of a history.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, FromQueryResult, Statement};
use store::history::{self, Change, ChangeState, RemovalRow};
use store::outbox::OutboxMessage;
use store::{ChangeId, Store};

use crate::overlaps::Overlap;
use crate::world::World;

/// What the database says.
pub(crate) struct Records {
    pub changes: Vec<Change>,
    /// The numbers of the changes of which only the effect was seen.
    pub not_confirmed: BTreeSet<i64>,
    pub removals: Vec<RemovalRow>,
    pub messages: Vec<OutboxMessage>,
    /// The UIDs of the removals that are pending: nobody could be warned.
    pub pending: Vec<String>,
    /// The UIDs of series that are divided by half, and of their rests: a person decides.
    pub half_divided: BTreeSet<String>,
    /// The UIDs of the conflicts that are kept.
    pub kept: BTreeSet<String>,
    /// The links by which events were moved.
    pub moves: Vec<Move>,
    /// The UIDs of second chances whose offers of one hour held at the same time.
    pub offered_twice: Vec<String>,
}

/// Two offers of hours that overlap, in different messages, that held at the same time.
const OFFERED_TWICE: &str = "SELECT changes.uid FROM second_chances one JOIN second_chances other \
       ON one.calendar_id = other.calendar_id AND one.id < other.id \
       AND one.message_id <> other.message_id \
     JOIN removals of_one ON of_one.id = one.removal_id JOIN removals of_other \
       ON of_other.id = other.removal_id JOIN changes ON changes.id = of_one.change_id \
     WHERE of_one.starts_at < of_other.ends_at AND of_other.starts_at < of_one.ends_at \
       AND MAX(one.offered_at, other.offered_at) \
         < MIN(COALESCE(one.ended_at, one.expires_at), COALESCE(other.ended_at, other.expires_at))";

#[derive(FromQueryResult)]
struct Uid {
    uid: String,
}

/// A link by which an event was moved, or is to be.
#[derive(FromQueryResult)]
pub(crate) struct Move {
    pub uid: String,
    pub used_at: Option<i64>,
    /// The room in which it was booked.
    pub target: Option<String>,
    /// The change that removed it from its own.
    pub change_id: Option<i64>,
}

const MOVES: &str = "SELECT uid, used_at, calendars.slug AS target, change_id FROM mail_links \
     LEFT JOIN calendars ON calendars.id = target_id \
     WHERE act = 'move' AND (target_id IS NOT NULL OR change_id IS NOT NULL)";

#[derive(FromQueryResult)]
struct Known {
    id: i64,
    not_confirmed: bool,
}

impl Records {
    pub fn read(world: &World) -> Result<Records, String> {
        let control = world.control();
        world.control_runtime.block_on(async {
            let known = rows::<Known>(control, "SELECT id, not_confirmed FROM changes").await?;
            let store = Store::open(world.url()).await.map_err(|error| error.to_string())?;
            let mut ids: Vec<i64> = known.iter().map(|it| it.id).collect();
            ids.sort_unstable();
            let mut changes = Vec::new();
            for id in ids {
                let change = history::change(&store, ChangeId(id)).await;
                changes.extend(change.map_err(|error| error.to_string())?);
            }
            Ok(Records {
                changes,
                not_confirmed: known.iter().filter(|it| it.not_confirmed).map(|it| it.id).collect(),
                removals: rows(
                    control,
                    "SELECT removals.*, state, made_at, calendar_id, not_confirmed FROM removals \
                     JOIN changes ON changes.id = change_id ORDER BY removals.id",
                )
                .await?,
                messages: rows(control, "SELECT * FROM outbox ORDER BY id").await?,
                pending: rows::<Uid>(
                    control,
                    "SELECT uid FROM pending_removals WHERE ended_at IS NULL",
                )
                .await?
                .into_iter()
                .map(|it| it.uid)
                .collect(),
                half_divided: rows::<Uid>(
                    control,
                    "SELECT uid FROM divided_series UNION SELECT next_uid FROM divided_series",
                )
                .await?
                .into_iter()
                .map(|it| it.uid)
                .collect(),
                kept: rows::<Uid>(control, "SELECT uid FROM kept_conflicts WHERE ended_at IS NULL")
                    .await?
                    .into_iter()
                    .map(|it| it.uid)
                    .collect(),
                moves: rows(control, MOVES).await?,
                offered_twice: rows::<Uid>(control, OFFERED_TWICE)
                    .await?
                    .into_iter()
                    .map(|it| it.uid)
                    .collect(),
            })
        })
    }

    pub fn done(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|it| it.state == ChangeState::Done)
    }

    pub fn removals_of(&self, change: &Change) -> Vec<&RemovalRow> {
        self.removals.iter().filter(|it| it.change_id == change.id).collect()
    }

    /// Whether the removal of one of two events that overlap is pending.
    pub fn is_pending(&self, overlap: &Overlap) -> bool {
        overlap.has(|uid| self.pending.iter().any(|it| it == uid))
    }

    /// The UIDs of what overlaps a series that is divided by half, or its rest: nothing is removed for them.
    pub fn stuck<'o>(&self, overlaps: &'o [Overlap]) -> BTreeSet<&'o str> {
        let is_half = |it: &&Overlap| it.has(|uid| self.half_divided.contains(uid));
        overlaps.iter().filter(is_half).flat_map(|it| &it.uids).map(String::as_str).collect()
    }

    pub fn is_confirmed(&self, change: &Change) -> bool {
        !self.not_confirmed.contains(&change.id.0)
    }
}

async fn rows<T: FromQueryResult>(
    connection: &DatabaseConnection,
    sql: &str,
) -> Result<Vec<T>, String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.map_err(|error| error.to_string())?;
    rows.iter()
        .map(|row| T::from_query_result(row, "").map_err(|error| error.to_string()))
        .collect()
}
