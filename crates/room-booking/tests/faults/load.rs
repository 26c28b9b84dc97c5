//! What is asked of our programs while they and the calendar server are disturbed, and what they said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use harness::batch::SLUGS;
use harness::report::removed;
use harness::web::Api;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use testing::ics::rfc3339;
use testing::process::command;
use testing::random::Random;
use tokio::time::sleep;

use crate::world::World;

/// A booking that was asked for.
#[derive(Clone, Debug)]
struct Asked {
    slug: &'static str,
    name: String,
    at: i64,
    only_if_free: bool,
}

/// What was asked and answered over all rounds.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Bookings by their name: the calendar and the id that the answer gave.
    pub created: BTreeMap<String, (&'static str, String)>,
    /// Bookings with an `Idempotency-Key` that have no good answer yet.
    again: Vec<Asked>,
    /// Bookings without one that had no good answer: they may have been made or not.
    pub lost: BTreeSet<String>,
    /// Deletions: calendar and UID.
    pub deleted: Vec<(&'static str, String)>,
    /// What reports said was removed: calendar, UID, start.
    pub removed: Vec<(String, String, String)>,
    pub clears: usize,
    pub failed_clears: usize,
    names: usize,
}

/// The same, shared.
#[derive(Clone)]
pub struct SharedTold(Arc<Mutex<Told>>);

impl std::ops::Deref for SharedTold {
    type Target = Mutex<Told>;

    fn deref(&self) -> &Mutex<Told> {
        &self.0
    }
}

impl Told {
    pub fn shared() -> SharedTold {
        SharedTold(Arc::default())
    }
}

/// What those who ask share.
#[derive(Clone)]
pub struct Load {
    pub api: Api,
    world: Arc<World>,
    pub told: SharedTold,
    /// Whether the server has been killed, or is being.
    pub is_killed: Arc<AtomicBool>,
}

/// There is no answer: the server was killed.
#[derive(Debug)]
pub struct Gone;

impl Load {
    pub fn new(world: &Arc<World>, told: &SharedTold) -> Load {
        let (world, told) = (Arc::clone(world), told.clone());
        let api = Api::new("", &world.key);
        Load { api, world, told, is_killed: Arc::default() }
    }

    /// The same people at another server.
    pub fn on(&self, url: &str) -> Load {
        Load { api: self.api.at(url), is_killed: Arc::default(), ..self.clone() }
    }

    async fn ask(&self, request: RequestBuilder) -> Result<(u16, String), Gone> {
        let answer = async {
            let answer = request.send().await?;
            Ok::<_, reqwest::Error>((answer.status().as_u16(), answer.text().await?))
        };
        match answer.await {
            Ok((status, text)) => {
                assert_ne!(status, 500, "{text}");
                Ok((status, text))
            }
            Err(error) => {
                let deadline = Instant::now() + Duration::from_secs(5);
                while !self.is_killed.load(Ordering::SeqCst) {
                    assert!(Instant::now() < deadline, "the server lives and is silent: {error:?}");
                    sleep(Duration::from_millis(2)).await;
                }
                Err(Gone)
            }
        }
    }

    /// Books until the server is gone.
    pub async fn book(self, mut random: Random) {
        loop {
            let room = random.index(2);
            let name = {
                let mut told = self.told.lock().unwrap();
                told.names += 1;
                format!("booking-{}", told.names)
            };
            let at = self.world.times[room].hour();
            let asked = Asked { slug: SLUGS[room], name, at, only_if_free: random.is_in(30) };
            let is_keyed = random.is_in(70);
            if self.book_one(asked, is_keyed).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(random.below(60))).await;
        }
    }

    async fn book_one(&self, asked: Asked, is_keyed: bool) -> Result<(), Gone> {
        let query = if asked.only_if_free { "?only_if_free=1" } else { "" };
        let path = format!("/api/{}/events{query}", asked.slug);
        let (start, end) = (rfc3339(asked.at), rfc3339(asked.at + 3_600));
        let body = json!({ "name": asked.name, "start": start, "end": end });
        let mut request = self.api.authorized(Method::POST, &path).json(&body);
        if is_keyed {
            request = request.header("Idempotency-Key", &asked.name);
        }
        let answer = self.ask(request).await;
        let mut told = self.told.lock().unwrap();
        if let Ok((201, text)) = &answer {
            let answer: Value = serde_json::from_str(text).unwrap();
            let id = answer["id"].as_str().unwrap().to_owned();
            told.created.insert(asked.name, (asked.slug, id));
            return Ok(());
        }
        if let Ok((status, text)) = &answer {
            assert!(matches!(status, 502..=504), "{status} {text}");
        }
        if is_keyed {
            told.again.push(asked);
        } else {
            told.lost.insert(asked.name);
        }
        answer.map(|_| ())
    }

    /// Asks again for all bookings with a key that had no good answer.
    pub async fn ask_again(&self) -> Result<(), Gone> {
        let again = std::mem::take(&mut self.told.lock().unwrap().again);
        let mut result = Ok(());
        for asked in again {
            match result {
                Ok(()) => result = self.book_one(asked, true).await,
                Err(_) => self.told.lock().unwrap().again.push(asked),
            }
        }
        result
    }

    pub fn left_to_ask(&self) -> usize {
        self.told.lock().unwrap().again.len()
    }

    /// Deletes what nobody else depends on, until the server is gone.
    pub async fn delete(self, mut random: Random) {
        loop {
            let lonely: Vec<_> = {
                let book = self.world.book.lock().unwrap();
                let names = book.objects.keys().filter(|(_, name)| name.contains("-lonely-"));
                names.cloned().collect()
            };
            let (room, name) = &lonely[random.index(lonely.len())];
            let (slug, uid) = (SLUGS[*room], name.trim_end_matches(".ics"));
            let path = format!("/api/{slug}/events/{uid}");
            match self.ask(self.api.authorized(Method::DELETE, &path)).await {
                Ok((204, _)) => self.told.lock().unwrap().deleted.push((slug, uid.to_owned())),
                Ok((404 | 409 | 502..=504, _)) => {}
                Ok((status, text)) => panic!("{status} {text}"),
                Err(Gone) => return,
            }
            sleep(Duration::from_millis(random.below(400))).await;
        }
    }

    /// Clears until the server is gone, and looks at the rooms in between.
    pub async fn clear_again_and_again(self, mut random: Random) {
        loop {
            let query = random.pick(&["", "", "?calendar=room-1", "?calendar=room-2", "?test=1"]);
            if self.clear(query).await.is_err() {
                return;
            }
            let path = format!("/api/{}/events", random.pick(&SLUGS));
            if self.ask(self.api.authorized(Method::GET, &path)).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(random.below(100))).await;
        }
    }

    /// A clear over HTTP: its report.
    pub async fn clear(&self, query: &str) -> Result<Value, Gone> {
        let path = format!("/api/clear-bookings{query}");
        let (status, text) = self.ask(self.api.authorized(Method::DELETE, &path)).await?;
        assert!(matches!(status, 200 | 502), "{status} {text}");
        let report: Value = serde_json::from_str(&text).unwrap();
        self.told.note(&report);
        Ok(report)
    }

    /// Clears on a calm day: nothing fails.
    pub async fn clear_all(&self) {
        let report = self.clear("").await.unwrap();
        assert_eq!(report["failed_calendars"], json!([]), "{report}");
    }
}

impl SharedTold {
    fn note(&self, report: &Value) {
        let mut told = self.lock().unwrap();
        told.clears += 1;
        told.failed_clears += usize::from(report["failed_calendars"] != json!([]));
        if report["test_mode"] == json!(false) {
            told.removed.extend(removed(report));
        }
    }

    /// `clear` on the command line, killed when it takes longer than somebody's patience.
    pub async fn clear_by_hand(&self, folder: &Path, database_url: &str, patience: Duration) {
        let mut child = command(folder, database_url, &["clear", "--json"]).spawn().unwrap();
        drop(child.stdin.take());
        let mut out = child.stdout.take().unwrap();
        let reading = tokio::task::spawn_blocking(move || {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut out, &mut text).unwrap();
            text
        });
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > patience {
                child.kill().unwrap();
            }
            sleep(Duration::from_millis(5)).await;
        }
        if let Ok(report) = serde_json::from_str(&reading.await.unwrap()) {
            self.note(&report);
        }
    }
}
