//! `/healthz` and `/readyz`, for monitoring and for proxies.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use facts::clock::Instant;
use operations::{Clock, Stage};
use store::{DatabaseKind, Proof, Store};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::App;
use super::problem::Problem;

/// How often a process writes at most to find out whether the database can be written.
const WRITE_EVERY: Duration = Duration::from_secs(2);
/// For how long an answer is given again, however often it is asked for.
const ANSWER_HOLDS: Duration = Duration::from_millis(500);
/// How long the database may take. With [`ANSWER_HOLDS`], one that is away is known to be away within two
/// seconds.
const PATIENCE: Duration = Duration::from_millis(1_300);
/// How much of it is waited for a write to SQLite: another process may be writing to the file for longer,
/// such as an import.
const SQLITE_PATIENCE: Duration = Duration::from_millis(1_000);

/// Why the process is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotReady {
    /// The process is shutting down.
    Stopping,
    /// The database does not answer in time.
    Silent,
    /// The database can only be read.
    ReadOnly,
    /// The disk of the database is full.
    Full,
    /// The database cannot be written for another reason.
    Failing,
}

impl NotReady {
    fn of(error: &store::Error) -> NotReady {
        match error {
            error if error.is_read_only() => NotReady::ReadOnly,
            store::Error::Full(_) => NotReady::Full,
            store::Error::Unavailable(_) => NotReady::Silent,
            _ => NotReady::Failing,
        }
    }

    /// What is wrong, and what to do.
    fn sentence(self) -> &'static str {
        match self {
            NotReady::Stopping => "this server is shutting down; send requests to another one",
            NotReady::Silent => {
                "the database does not answer; check that it runs and that DATABASE_URL leads to it"
            }
            NotReady::ReadOnly => {
                "the database is read-only; make it writable, or set DATABASE_URL to the primary"
            }
            NotReady::Full => "the database is full; free space on the disk that holds it",
            NotReady::Failing => "the database cannot be written; the log of this server says why",
        }
    }
}

/// What was found: nothing, or why the process is not ready, and the cause for the log.
type Found = Result<(), (NotReady, String)>;

/// Finds out whether the database can be written. All requests share what is found.
#[derive(Debug)]
pub struct Readiness {
    store: Store,
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The last answer, and when it was found.
    answer: Option<(Instant, Result<(), NotReady>)>,
    /// When the last write was begun.
    written_at: Option<Instant>,
    /// What the last write that has ended came to.
    written: Option<Found>,
    /// A write that has not ended yet. On SQLite it goes on where nobody waits for it: it has the turn of a
    /// writer until the database answers.
    writing: Option<JoinHandle<store::Result<()>>>,
}

impl Readiness {
    /// Of a database.
    pub fn new(store: Store, clock: Clock) -> Readiness {
        Readiness { store, clock, known: Mutex::default() }
    }

    async fn check(&self) -> Result<(), NotReady> {
        let mut known = self.known.lock().await;
        if let Some((at, answer)) = known.answer
            && self.clock.elapsed(at) < ANSWER_HOLDS
        {
            return answer;
        }
        let found = self.find_out(&mut known).await;
        let before = known.answer.map_or(Ok(()), |(_, answer)| answer);
        let answer = found.as_ref().map_err(|(reason, _)| *reason).copied();
        match (&found, before) {
            (Ok(()), Err(_)) => tracing::info!("ready again"),
            (Err((reason, cause)), before) if before != Err(*reason) => {
                tracing::error!(cause, detail = reason.sentence(), "not ready");
            }
            _ => {}
        }
        known.answer = Some((self.clock.instant(), answer));
        answer
    }

    async fn find_out(&self, known: &mut Known) -> Found {
        let before = known.written.clone().unwrap_or(Ok(()));
        let is_due = known.written_at.is_none_or(|at| self.clock.elapsed(at) >= WRITE_EVERY);
        if known.writing.is_none() && is_due {
            // After a failure, only a write shows that it is over: other writers may be failing, too.
            let proof = if before.is_ok() { Proof::WriteOrWriters } else { Proof::Write };
            let store = self.store.clone();
            known.writing = Some(tokio::spawn(async move { store.probe(proof).await }));
            known.written_at = Some(self.clock.instant());
        }
        let Some(writing) = &mut known.writing else {
            before?;
            return in_time(PATIENCE, self.store.ping()).await;
        };
        let is_sqlite = self.store.kind() == DatabaseKind::Sqlite;
        let patience = if is_sqlite { SQLITE_PATIENCE } else { PATIENCE };
        let Ok(ended) = timeout(patience, &mut *writing).await else {
            if is_sqlite {
                before?;
                return in_time(PATIENCE - SQLITE_PATIENCE, self.store.probe_reading()).await;
            }
            // The next one connects anew, and does not wait as long as this one before it tries again.
            writing.abort();
            known.writing = None;
            known.written = Some(Err(too_late()));
            return Err(too_late());
        };
        known.writing = None;
        let found = match ended {
            Ok(written) => written.map_err(|error| (NotReady::of(&error), cause(&error))),
            Err(error) => Err((NotReady::Failing, error.to_string())),
        };
        known.written = Some(found.clone());
        found
    }
}

/// What something comes to that the database is asked for, if it answers in time.
async fn in_time(patience: Duration, asked: impl Future<Output = store::Result<()>>) -> Found {
    match timeout(patience, asked).await {
        Ok(answered) => answered.map_err(|error| (NotReady::of(&error), cause(&error))),
        Err(_) => Err(too_late()),
    }
}

fn too_late() -> (NotReady, String) {
    (NotReady::Silent, "the database does not answer in time".to_owned())
}

/// An error for the log, in the words of the database.
fn cause(error: &store::Error) -> String {
    match error {
        store::Error::Unavailable(error)
        | store::Error::Full(error)
        | store::Error::Database(error) => error.to_string(),
        error => error.to_string(),
    }
}

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The process is ready: it is not shutting down, and its database can be written.
pub async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    let answer = match app.service.stopping.has_come(Stage::Draining) {
        true => Err(NotReady::Stopping),
        false => app.readiness.check().await,
    };
    match answer {
        Ok(()) => Ok("ok\n"),
        Err(reason) => Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, reason.sentence())),
    }
}
