//! People who change the rooms' events on the calendar server, each with a program of their own that
//! looks before it writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use harness::batch::SLUGS;
use testing::ics::{event, file, utc};
use testing::random::Random;
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::world::{Place, World};

const MINUTE: i64 = 60;

/// The people. They take turns, so that the book of what they did is exact.
#[derive(Clone)]
pub struct People {
    world: Arc<World>,
    turn: Arc<Mutex<()>>,
    number: Arc<AtomicU64>,
}

/// What somebody does to an object.
enum Edit {
    Rename(String),
    Move(i64),
    Delete,
}

impl People {
    pub fn new(world: Arc<World>) -> People {
        People { world, turn: Arc::default(), number: Arc::default() }
    }

    /// Does something while nobody has a request in flight.
    pub async fn while_nobody_writes(&self, work: impl FnOnce()) {
        let _turn = self.turn.lock().await;
        work();
    }

    pub async fn add_batch(&self, number: i64, random: &mut Random) {
        let _turn = self.turn.lock().await;
        self.world.add_batch(number, random).await;
    }

    /// Changes things until the round is over.
    pub async fn change(self, mut random: Random, is_over: Arc<AtomicBool>) {
        while !is_over.load(Ordering::SeqCst) {
            let turn = self.turn.lock().await;
            match random.below(10) {
                0 | 1 => self.book_twice(&mut random).await,
                2 | 3 => self.book_onto_another(&mut random).await,
                _ => self.edit_one(&mut random).await,
            }
            drop(turn);
            sleep(Duration::from_millis(random.below(30))).await;
        }
    }

    /// Two bookings of one hour: the second is younger.
    async fn book_twice(&self, random: &mut Random) {
        let room = random.index(2);
        let at = self.world.times[room].hour();
        self.put_new(room, "winner", at, 60, 20).await;
        self.put_new(room, "loser", at + 10 * MINUTE, 30, 10).await;
    }

    /// A booking of an hour whose event stays.
    async fn book_onto_another(&self, random: &mut Random) {
        let kept = self.world.book.lock().unwrap().kept.clone();
        let (room, at) = random.pick(&kept);
        self.put_new(room, "loser", at + 5 * MINUTE, 20, 5).await;
    }

    async fn put_new(&self, room: usize, kind: &str, at: i64, minutes: i64, days_old: i64) {
        let number = self.number.fetch_add(1, Ordering::SeqCst);
        let uid = format!("person-{number}-{kind}-{room}");
        // Older by far than the programs' own bookings, and younger than what was there before.
        let created = at / 86_400 * 86_400 - (30 + days_old) * 86_400;
        let created = created.min(self.world.times[room].window().start.0 - days_old * 86_400);
        let event = event(&uid, &utc(created), &utc(at), &utc(at + minutes * MINUTE));
        let text = file(&[event.line(format!("SUMMARY:{kind}")).by("per@example.org")]);
        let name = format!("{uid}.ics");
        let reply = self.world.server.client(SLUGS[room]).put(&name, &text, None).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        self.world.book.lock().unwrap().objects.insert((room, name), Some(text));
    }

    async fn edit_one(&self, random: &mut Random) {
        let places: Vec<Place> = {
            let book = self.world.book.lock().unwrap();
            let there = book.objects.iter().filter(|(_, text)| text.is_some());
            there.map(|(place, _)| place.clone()).collect()
        };
        let place = &places[random.index(places.len())];
        let (room, name) = place;
        // What becomes of others must not depend on when these go or move.
        let is_free = name.contains("-loser-") || name.contains("-lonely-");
        let edit = match random.below(10) {
            0..=2 if is_free => Edit::Move(self.world.times[*room].hour()),
            3 | 4 if is_free => Edit::Delete,
            _ => Edit::Rename(format!("Renamed {}", self.number.fetch_add(1, Ordering::SeqCst))),
        };
        let client = self.world.server.client(SLUGS[*room]);
        let there = client.request("GET", name, &[], "").await;
        // It is gone, or no longer what it was.
        let (200, Some(etag)) = (there.status, there.etag) else { return };
        let reply = match &edit {
            Edit::Delete => client.delete(name, Some(&etag)).await,
            edit => client.put(name, &edited(&there.body, edit), Some(&etag)).await,
        };
        if !(200..300).contains(&reply.status) {
            assert!(matches!(reply.status, 404 | 412), "{} {}", reply.status, reply.body);
            return;
        }
        let mut book = self.world.book.lock().unwrap();
        let of_book = book.objects.get_mut(place).unwrap();
        *of_book = match &edit {
            Edit::Delete => None,
            edit => Some(edited(of_book.as_deref().unwrap(), edit)),
        };
    }
}

/// A text with an edit, line by line.
fn edited(text: &str, edit: &Edit) -> String {
    let line = |line: &str| match edit {
        Edit::Rename(name) if line.starts_with("SUMMARY:") => format!("SUMMARY:{name}\r\n"),
        Edit::Move(at) if line.starts_with("DTSTART:") => format!("DTSTART:{}\r\n", utc(*at)),
        Edit::Move(at) if line.starts_with("DTEND:") => {
            format!("DTEND:{}\r\n", utc(at + 30 * MINUTE))
        }
        _ => format!("{line}\r\n"),
    };
    text.lines().map(line).collect()
}
