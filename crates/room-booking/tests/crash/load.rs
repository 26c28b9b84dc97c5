//! The requests of people while the server is killed, and the answers that they got.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use harness::batch::{SLUGS, Times};
use harness::report::removed;
use harness::web::Api;
use reqwest::Method;
use serde_json::{Value, json};
use testing::ics::rfc3339;
use testing::random::Random;
use tokio::sync::Notify;

/// A booking that was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub slug: &'static str,
    pub name: String,
    body: Value,
    /// Whether it has an `Idempotency-Key`, so that it can be asked for again.
    pub is_keyed: bool,
}

/// What was asked and answered over all rounds.
#[derive(Debug, Default)]
pub struct Told {
    /// Bookings by their name: the calendar and the id that the answer gave.
    pub created: BTreeMap<String, (&'static str, String)>,
    /// Bookings whose answer was lost.
    pub lost: Vec<Asked>,
    /// Deletions: calendar and UID.
    pub deleted: Vec<(&'static str, String)>,
    /// Deletions whose answer was lost.
    pub lost_deletions: usize,
    /// What reports said was removed: calendar, UID, start.
    pub removed: Vec<(String, String, String)>,
    pub clears: usize,
    /// Clears whose answer was lost.
    pub lost_clears: usize,
    /// What may be deleted: calendar and UID.
    pub deletable: Vec<(&'static str, String)>,
    /// Hours that are taken for good.
    pub kept: Vec<(&'static str, i64)>,
    names: usize,
}

/// What the people of a round share.
#[derive(Clone)]
pub struct Load {
    pub api: Api,
    pub times: Arc<[Times; 2]>,
    pub told: Arc<Mutex<Told>>,
    /// Whether the server has been killed, or is being.
    pub is_killed: Arc<AtomicBool>,
    /// Says when a clear is sent.
    pub clearing: Arc<Notify>,
}

/// There is no answer: the server was killed.
pub struct Gone;

impl Load {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap()
    }

    /// Makes sure that a request failed because the server was killed.
    async fn gone(&self, error: reqwest::Error) -> Gone {
        let deadline = Instant::now() + Duration::from_secs(5);
        while !self.is_killed.load(Ordering::SeqCst) {
            assert!(Instant::now() < deadline, "the server lives and does not answer: {error:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Gone
    }

    /// Books until the server is gone.
    pub async fn book(self, mut random: Random) {
        while self.book_one(&mut random).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(random.below(8))).await;
        }
    }

    async fn book_one(&self, random: &mut Random) -> Result<(), Gone> {
        let room = random.index(2);
        let (slug, times) = (SLUGS[room], &self.times[room]);
        match random.below(10) {
            0..=4 => {
                // One of the two goes; which one, the rules say.
                let at = times.hour();
                self.post(slug, at, 40, None, random).await?;
                self.post(slug, at + 600, 40, None, random).await?;
            }
            5 | 6 => {
                let id = self.post(slug, times.hour(), 60, None, random).await?;
                self.told().deletable.push((slug, id));
            }
            7 => {
                let at = times.series();
                let rule = Some("FREQ=DAILY;COUNT=4");
                self.post(slug, at, 10, rule, random).await?;
                let later = at + 86_400 * i64::try_from(random.below(4)).unwrap();
                self.post(slug, later, 10, rule, random).await?;
            }
            _ => {
                let kept: Vec<_> =
                    self.told().kept.iter().filter(|it| it.0 == slug).copied().collect();
                if kept.is_empty() {
                    return Ok(());
                }
                let (_, at) = random.pick(&kept);
                if random.is_in(50) {
                    self.post(slug, at + 300, 10, None, random).await?;
                } else {
                    self.post_where_taken(slug, at).await?;
                }
            }
        }
        Ok(())
    }

    /// Books an event; its id.
    async fn post(
        &self,
        slug: &'static str,
        at: i64,
        minutes: i64,
        rule: Option<&str>,
        random: &mut Random,
    ) -> Result<String, Gone> {
        let name = {
            let mut told = self.told();
            told.names += 1;
            format!("booking-{}", told.names)
        };
        let body = json!({
            "name": name, "start": rfc3339(at), "end": rfc3339(at + minutes * 60), "rrule": rule,
        });
        self.ask(Asked { slug, name, body, is_keyed: random.is_in(50) }).await
    }

    /// Asks for a booking, for the first time or again.
    async fn ask(&self, asked: Asked) -> Result<String, Gone> {
        let path = format!("/api/{}/events", asked.slug);
        let mut request = self.api.authorized(Method::POST, &path).json(&asked.body);
        if asked.is_keyed {
            request = request.header("Idempotency-Key", &asked.name);
        }
        let answer = async {
            let answer = request.send().await?;
            Ok((answer.status(), answer.text().await?))
        };
        match answer.await {
            Ok((status, text)) => {
                assert_eq!(status, 201, "{text}");
                let answer: Value = serde_json::from_str(&text).unwrap();
                let id = answer["id"].as_str().unwrap().to_owned();
                self.told().created.insert(asked.name, (asked.slug, id.clone()));
                Ok(id)
            }
            Err(error) => {
                self.told().lost.push(asked);
                Err(self.gone(error).await)
            }
        }
    }

    /// Asks again for all bookings with a key whose answer was lost.
    pub async fn ask_again(&self) -> Result<(), Gone> {
        let again: Vec<Asked> = {
            let lost = std::mem::take(&mut self.told().lost);
            let (again, lost) = lost.into_iter().partition(|it| it.is_keyed);
            self.told().lost = lost;
            again
        };
        let mut result = Ok(());
        for asked in again {
            if result.is_err() {
                self.told().lost.push(asked);
            } else {
                result = self.ask(asked).await.map(|_| ());
            }
        }
        result
    }

    async fn post_where_taken(&self, slug: &str, at: i64) -> Result<(), Gone> {
        let body =
            json!({ "name": "never", "start": rfc3339(at + 600), "end": rfc3339(at + 1_200) });
        let path = format!("/api/{slug}/events?only_if_free=1");
        let answer = self.api.authorized(Method::POST, &path).json(&body).send().await;
        match answer {
            Ok(answer) => assert_eq!(answer.status(), 409),
            Err(error) => return Err(self.gone(error).await),
        }
        Ok(())
    }

    /// Deletes until the server is gone.
    pub async fn delete(self, mut random: Random) {
        while !self.is_killed.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(random.below(25))).await;
            let (slug, uid) = {
                let deletable = &mut self.told().deletable;
                if deletable.is_empty() {
                    continue;
                }
                let index = random.index(deletable.len());
                deletable.swap_remove(index)
            };
            let path = format!("/api/{slug}/events/{uid}");
            match self.api.authorized(Method::DELETE, &path).send().await {
                Ok(answer) if answer.status() == 204 => self.told().deleted.push((slug, uid)),
                // A clear was there first.
                Ok(answer) => assert_eq!(answer.status(), 404),
                Err(error) => {
                    self.told().lost_deletions += 1;
                    self.gone(error).await;
                    return;
                }
            }
        }
    }

    /// Clears one room, the other, or both, until the server is gone.
    pub async fn clear(self, mut random: Random) {
        loop {
            tokio::time::sleep(Duration::from_millis(random.below(40))).await;
            let query = random.pick(&["", "?calendar=room-1", "?calendar=room-2", "?test=1"]);
            let is_real = query != "?test=1";
            if is_real {
                self.clearing.notify_one();
            }
            match self.api.clear(query).await {
                Ok(report) if is_real => {
                    let mut told = self.told();
                    told.clears += 1;
                    told.removed.extend(removed(&report));
                }
                Ok(_) => {}
                Err(error) => {
                    self.told().lost_clears += usize::from(is_real);
                    self.gone(error).await;
                    return;
                }
            }
        }
    }
}
