//! A real mail server, to which mail flows while servers are killed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, FromQueryResult};
use serde_json::{Value, json};
use smtp_peer::{Options, SmtpPeer, header};
use testing::Database;
use testing::random::Random;

/// Where all mail goes.
pub struct PostOffice {
    peer: SmtpPeer,
}

/// What stands in the outbox.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: i64,
    address: String,
    state: String,
    message_id: String,
    answers_lost: i64,
    attempts: i64,
}

/// Who is refused for good by then and when.
const REFUSED: &str = "eve@example.net";
/// How long the last server may take to send what is left.
const PATIENCE: Duration = Duration::from_secs(120);

impl PostOffice {
    pub fn new() -> PostOffice {
        PostOffice { peer: SmtpPeer::start(&Options::default()) }
    }

    /// The settings of a server that sends through it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        [
            ("SMTP_SERVER", "localhost"),
            ("SMTP_TLS", "none"),
            ("SMTP_EMAIL", "rooms@example.org"),
            ("SMTP_RATE", "100000"),
        ]
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .chain([("SMTP_PORT", self.peer.port.to_string())])
        .collect()
    }

    /// Refuses, is slow, cuts the line, or greylists, by chance.
    pub fn behave_somehow(&self, random: &mut Random) {
        let manners = match random.below(7) {
            0 => json!({}),
            1 => json!({ "delay": 0.02 }),
            2 => json!({ "greylist": true }),
            3 => json!({ "cut_percent": 25 }),
            4 => json!({ "reject": [REFUSED], "delay": 0.01 }),
            5 => json!({ "full": "421 4.3.2 come back later" }),
            _ => json!({ "cut_percent": 5, "greylist": true, "reject": [REFUSED] }),
        };
        self.peer.behave(&manners);
    }

    /// Waits until nothing is left to be sent, and makes sure that each message arrived once: more often
    /// only where the server's answer was lost, which is counted, and under the same Message-ID.
    pub async fn everything_to_be_announced_arrived(&self, database: &Database) -> String {
        self.peer.behave(&json!({}));
        let connection = database.connect().await;
        let deadline = Instant::now() + PATIENCE;
        let sql = "SELECT id, address, state, message_id, answers_lost, attempts FROM outbox";
        let all = loop {
            hurry_on(&connection).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            let all: Vec<Row> = database.rows(sql).await;
            let waiting = all.iter().filter(|it| it.state == "waiting").count();
            if waiting == 0 {
                break all;
            }
            assert!(Instant::now() < deadline, "{waiting} messages wait still");
        };
        connection.close().await.unwrap();
        let mut arrived: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for letter in self.peer.emails() {
            let id = header(&letter, "Message-ID").unwrap().to_owned();
            arrived.entry(id).or_default().push(letter);
        }
        let (mut sent, mut twice, mut lost) = (0, 0, 0);
        for row in &all {
            let letters = arrived.remove(&row.message_id).unwrap_or_default();
            let number = i64::try_from(letters.len()).unwrap();
            for letter in &letters {
                assert_eq!(letter["to"], json!([row.address]), "{row:?}");
            }
            let fewest = i64::from(row.state == "sent");
            let most = fewest + row.answers_lost;
            assert!((fewest..=most).contains(&number), "{number} letters of {row:?}");
            if row.state == "failed" {
                assert_eq!(row.address, REFUSED, "{row:?}");
            }
            assert!(row.attempts > row.answers_lost || row.answers_lost == 0, "{row:?}");
            sent += fewest;
            twice += (number - fewest).max(0);
            lost += row.answers_lost;
            let _ = row.id;
        }
        assert!(arrived.is_empty(), "letters that nobody wrote: {arrived:?}");
        assert!(twice <= lost);
        format!("{sent} messages sent, {twice} of them twice, {lost} answers lost")
    }
}

/// Lets what waits for its next try, or is held by the dead, be due.
pub async fn hurry(database: &Database) {
    // PostgreSQL may still be at work for one that was killed just now.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let connection = database.connect().await;
    connection.execute_unprepared("UPDATE outbox SET held_until = 0").await.unwrap();
    hurry_on(&connection).await;
    connection.close().await.unwrap();
}

async fn hurry_on(connection: &DatabaseConnection) {
    // What a living process holds stays its.
    let due = "UPDATE outbox SET due_at = created_at \
               WHERE state = 'waiting' AND (held_until IS NULL OR held_until = 0)";
    // All rows at once may meet a process that goes through them in another order; there is a next time.
    let _ = connection.execute_unprepared(due).await;
}
