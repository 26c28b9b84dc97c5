//! What Room Booking does, written once for the API, the site, the command line and schedules.
//!
//! A [`Service`] stands on a [`store::Store`]; each operation is a method of it in a file of its own.
//! Whoever calls says who it is ([`Caller`]) and gets a report or an [`Error`], which knows nothing of
//! HTTP or of terminals.

mod accounts;
mod administration;
mod at_present;
pub mod audit_trail;
mod authors;
pub mod backend;
mod built_in;
mod caller;
mod change_event;
mod change_on_server;
mod changes;
mod claims;
mod clear_bookings;
mod clear_built_in;
mod clear_on_server;
mod clearing_of_one;
pub mod clock;
mod collections;
mod create_event;
mod create_on_server;
mod delete_event;
pub mod deliver;
mod entry_key;
mod error;
pub mod facts;
mod foretell;
mod health;
mod ids;
mod import;
mod include_date;
mod intent;
mod leases;
mod list_events;
mod looks;
mod mirror;
pub mod notify;
mod object_row;
mod on_server;
mod overview;
mod people;
mod preview;
mod put_back;
mod reader;
mod recover;
pub mod report;
pub mod room;
mod run_outcomes;
pub mod servers;
mod sessions;
mod settle;
mod snapshot;
mod sync;
mod templates;
mod text_before;
pub mod time;
mod tokens;
mod try_calendar;
pub mod warnings;
mod week;

use std::collections::HashSet;
use std::sync::Arc;

use ical::Moment;
use store::Store;

pub use accounts::{FoundCalendar, FoundServer, ServerAccess, Sync};
pub use administration::{NewCalendar, RESERVED_SLUGS, check_address, check_slug, command_line};
pub use caller::Caller;
pub use change_event::{ChangeRequest, RequestedChange};
pub use changes::recover::is_not_confirmed;
pub use clear_bookings::{ClearRequest, Limit, Mode, SCHEDULE, Scope};
pub use clock::Clock;
pub use create_event::{Created, NewBooking, Requested, WhenTaken};
pub use entry_key::{EntryKey, MAX_ENTRIES};
pub use error::{Error, FieldError, Result};
pub use ids::new_id;
pub use import::Imported;
pub use list_events::{
    DEFAULT_LIST_DAYS, DEFAULT_LIST_LIMIT, ListRequest, MAX_LIST_DAYS, MAX_LIST_LIMIT,
};
pub use mirror::Progress;
pub use overview::{Attention, ExpiringKey};
pub use preview::{Applied, Chosen, Left, Preview, PreviewLine};
pub use put_back::PutBack;
pub use reader::{PRIVATE, Privacy, Reader};
pub use servers::{ServerSettings, Servers};
pub use sessions::{
    Browser, IDLE_SECONDS, INVITATION_SECONDS, NEW_PASSWORD_SECONDS, SESSION_SECONDS, SignIn,
    SignedIn,
};
pub use templates::{NewTemplate, Seen};
pub use tokens::{MAX_TOKEN_EVENTS, NewPriorityToken};
pub use try_calendar::{Finding, Level};
pub use week::{Fate, Standing, WeekEvent};
pub use wording::{Said, Sentence, Time, Value};

/// What is the same for all operations of a process.
#[derive(Clone, Debug)]
pub struct Service {
    /// The database.
    pub store: Store,
    /// To which domains mail may go, in lower case; empty for any.
    pub mail_domains: Arc<[String]>,
    /// The host that Message-IDs end in.
    pub mail_host: Arc<str>,
    /// How calendar servers are reached.
    pub servers: Servers,
    /// The way to the mail server; without one nothing is sent.
    pub mailer: Option<Arc<deliver::Mailer>>,
    /// Checks and renders templates.
    pub renderer: Arc<mail::Renderer>,
    /// What time it is.
    pub clock: Clock,
    /// What names this process in leases.
    process: Arc<str>,
    /// The lines of a preview that runs are restricted to: of a clone that applies one.
    only: Option<Arc<HashSet<String>>>,
    /// Held by all that has to come to its end, so that an end of the process can wait for it.
    runs: Arc<tokio::sync::RwLock<()>>,
}

impl Service {
    /// A service on a database, with the system's clock.
    pub fn new(store: Store) -> Service {
        Service {
            store,
            mail_domains: Arc::from([]),
            mail_host: Arc::from("room-booking.invalid"),
            servers: Servers::default(),
            mailer: None,
            renderer: Arc::default(),
            clock: Clock::system(),
            process: Arc::from(new_id()),
            only: None,
            runs: Arc::default(),
        }
    }

    /// The present.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Does work that goes on to its end, also when whoever waits for it goes away: what was begun on a
    /// server is to be recorded.
    async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let running = Arc::clone(&self.runs).read_owned().await;
        let task = tokio::spawn(async move {
            let done = work.await;
            drop(running);
            done
        });
        task.await.map_err(|error| Error::Internal(format!("the work ended early: {error}")))?
    }

    /// Waits until nothing is under way in this process that has to come to its end.
    pub async fn finish_runs(&self) {
        drop(self.runs.write().await);
    }
}
