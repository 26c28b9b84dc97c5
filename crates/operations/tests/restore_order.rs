//! Dates of one series that are removed and restored in whatever order: what is out is what was removed and
//! not restored, in a built-in calendar and on servers that store what they like.

use std::collections::BTreeSet;
use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{Room, moment};
use operations::{Caller, ChangeRequest, Error, RequestedChange, WhenTaken};
use store::{DatabaseKind, RemovalId};
use testing::fake::{EtagAfterPut, Quirks};
use testing::on_both_databases;
use testing::random::Random;

use crate::on_server::rewritten::{SERIES, stored};

/// The kinds of calendars on which each history is tried.
#[derive(Clone, Copy, Debug)]
enum Place {
    BuiltIn,
    /// A server that stores what it is sent.
    Faithful,
    /// A server that writes values anew.
    Rewriting,
    /// The same, and it gives no ETag for what it has stored.
    Silent,
}

const PLACES: [Place; 4] = [Place::BuiltIn, Place::Faithful, Place::Rewriting, Place::Silent];

/// A room with a series of five days, 3 to 7 March at 10:00 UTC.
struct Tried {
    room: Room,
    ann: Caller,
    /// Where it is on a server.
    _server: Option<ServerRoom>,
}

async fn tried(database: &testing::Database, place: Place) -> Tried {
    let (room, server) = room(database, place).await;
    let ann = room.caller("ann").await;
    Tried { room, ann, _server: server }
}

async fn room(database: &testing::Database, place: Place) -> (Room, Option<ServerRoom>) {
    let store = database.open().await;
    let quirks = match place {
        Place::BuiltIn => return (Room::new(&store).await.with_file(SERIES).await, None),
        Place::Faithful => Quirks::RFC,
        Place::Rewriting => Quirks { rewrites: Some(stored), ..Quirks::RADICALE },
        Place::Silent => Quirks {
            rewrites: Some(stored),
            etag_after_put: EtagAfterPut::Never,
            ..Quirks::RADICALE
        },
    };
    let room = ServerRoom::new(&store, quirks).await;
    if !matches!(place, Place::Faithful) {
        database.execute("UPDATE accounts SET server_kind = 'radicale'").await;
    }
    room.server.put("series.ics", SERIES);
    room.room.test().await;
    (room.room.clone(), Some(room))
}

impl Tried {
    /// The days on which the series takes place.
    async fn days(&self) -> BTreeSet<u8> {
        let list = self.room.list("0301T00", "0401T00").await;
        let events = list["events"].as_array().unwrap().iter();
        events.map(|it| it["start"].as_str().unwrap()[8..10].parse().unwrap()).collect()
    }

    async fn newest(&self) -> RemovalId {
        self.room.lines().await.last().unwrap().id
    }

    /// Removes the date of a day.
    async fn remove(&self, day: u8) -> RemovalId {
        let Tried { room, ann, .. } = self;
        let at = moment(&format!("03{day:02}T10"));
        room.service.delete_occurrence(ann, &room.calendar, "series", at).await.unwrap();
        self.newest().await
    }

    async fn rename(&self, name: &str) -> RemovalId {
        let change = RequestedChange { name: Some(name.to_owned()), ..RequestedChange::default() };
        let request = ChangeRequest {
            uid: "series".to_owned(),
            change,
            occurrence: None,
            when_taken: WhenTaken::Book,
            if_match: None,
        };
        let Tried { room, ann, .. } = self;
        room.service.change_event(ann, &room.calendar, request).await.unwrap();
        self.newest().await
    }

    async fn delete(&self) -> RemovalId {
        let Tried { room, ann, .. } = self;
        room.service.delete_event(ann, &room.calendar, "series").await.unwrap();
        self.newest().await
    }

    async fn restore(&self, line: RemovalId) -> Result<operations::Restored, Error> {
        self.room.restore(line).await
    }
}

/// What a line of the history takes back.
#[derive(Clone, Debug)]
enum Undo {
    Date(u8),
    Name,
    /// The deletion of an object that took place on these days.
    Deletion(BTreeSet<u8>),
}

/// Does and takes back what `random` says, and checks after each step that exactly what is out is out. In
/// the end every date comes back.
async fn try_history(tried: &Tried, random: &mut Random, mut story: Vec<String>) {
    let mut there: BTreeSet<u8> = (3..8).collect();
    let mut lines: Vec<(RemovalId, Undo)> = Vec::new();
    for step in 0..14 {
        if random.is_in(30) {
            tried.room.advance(Duration::from_secs(1));
        }
        match random.below(10) {
            0..4 if there.len() > 1 => {
                let of: Vec<u8> = there.iter().copied().collect();
                let day = random.pick(&of);
                story.push(format!("remove {day}"));
                lines.push((tried.remove(day).await, Undo::Date(day)));
                there.remove(&day);
            }
            4 if !there.is_empty() => {
                story.push("rename".to_owned());
                lines.push((tried.rename(&format!("Name {step}")).await, Undo::Name));
            }
            5 if !there.is_empty() => {
                story.push("delete".to_owned());
                lines.push((tried.delete().await, Undo::Deletion(there.clone())));
                there.clear();
            }
            _ if lines.is_empty() => {}
            _ => {
                let (id, undo) = lines.remove(random.index(lines.len()));
                let done = tried.restore(id).await;
                story.push(format!("restore {undo:?}: {done:?}"));
                match (done, &undo) {
                    (Ok(_), Undo::Date(day)) => assert!(there.insert(*day)),
                    (Ok(_), Undo::Name) => {}
                    (Ok(_), Undo::Deletion(was)) => there.clone_from(was),
                    (Err(Error::Conflict(_)), _) => lines.push((id, undo)),
                    (Err(error), _) => panic!("{error}"),
                }
            }
        }
        assert_eq!(tried.days().await, there, "{story:#?}");
    }
    // What was deleted whole comes back first.
    let is_deletion = |it: &(RemovalId, Undo)| matches!(it.1, Undo::Deletion(_));
    if let Some(at) = lines.iter().position(is_deletion) {
        let back = tried.restore(lines.remove(at).0).await;
        assert!(back.is_ok(), "{back:?}: {story:#?}");
    }
    lines.retain(|it| matches!(it.1, Undo::Date(_)));
    while !lines.is_empty() {
        let (id, undo) = lines.remove(random.index(lines.len()));
        story.push(format!("at last {undo:?}"));
        let back = tried.restore(id).await;
        assert!(back.is_ok(), "{back:?}: {story:#?}");
    }
    assert_eq!(tried.days().await, (3..8).collect(), "{story:#?}");
}

on_both_databases! {
    async fn two_dates_that_were_removed_one_after_the_other_come_back_in_either_order(database) {
        let kind = database.open().await.kind();
        for place in PLACES {
            for order in [[0, 1], [1, 0]] {
                let database = testing::Database::new(kind).await;
                let tried = tried(&database, place).await;
                let lines = [tried.remove(4).await, tried.remove(5).await];
                for (number, line) in order.into_iter().enumerate() {
                    tried.restore(lines[line]).await.unwrap();
                    assert_eq!(tried.days().await.len(), 4 + number, "{place:?}, {order:?}");
                }
            }
        }
    }

    async fn a_date_that_is_back_in_a_changed_series_stays_when_a_later_removal_is_taken_back(database) {
        let kind = database.open().await.kind();
        for place in PLACES {
            let database = testing::Database::new(kind).await;
            let tried = tried(&database, place).await;
            let first = tried.remove(4).await;
            tried.rename("Renamed").await;
            let second = tried.remove(5).await;
            tried.restore(first).await.unwrap();
            // Out once more, by another line.
            let third = tried.remove(4).await;
            tried.restore(second).await.unwrap();
            assert_eq!(tried.days().await, [3, 5, 6, 7].into(), "{place:?}");
            tried.restore(third).await.unwrap();
            assert_eq!(tried.days().await, (3..8).collect(), "{place:?}");
        }
    }

    async fn a_change_is_not_taken_back_over_a_date_that_came_back_after_it(database) {
        let kind = database.open().await.kind();
        for place in PLACES {
            let database = testing::Database::new(kind).await;
            let tried = tried(&database, place).await;
            let date = tried.remove(4).await;
            tried.rename("First").await;
            let second = tried.rename("Second").await;
            tried.restore(date).await.unwrap();
            let refused = tried.restore(second).await;
            assert!(matches!(refused, Err(Error::Conflict(_))), "{place:?}: {refused:?}");
            assert_eq!(tried.days().await, (3..8).collect(), "{place:?}");
        }
    }
}

#[test]
fn after_any_history_exactly_what_is_out_is_out() {
    for place in PLACES {
        for seed in 0..8 {
            testing::block_on(async {
                let database = testing::Database::new(DatabaseKind::Sqlite).await;
                let tried = tried(&database, place).await;
                let story = vec![format!("{place:?}, seed {seed}")];
                try_history(&tried, &mut Random::new(seed, 1), story).await;
            });
        }
    }
}
