//! What Room Booking does, written once for the API, the site, the command line and schedules.
//!
//! A [`Service`] stands on a [`store::Store`]; each operation is a method of it in a file of its own.
//! A caller says who it is ([`Caller`]) and gets a report or an [`Error`], which knows nothing of
//! HTTP or of terminals.

mod backups;
mod booking;
mod changes;
mod clearing;
mod connections;
#[doc(hidden)]
pub mod fuzzed;
#[cfg(test)]
mod german;
mod links;
mod mail;
pub mod metrics;
mod monthly;
mod present;
mod reading;
mod removing;
mod retention;
mod room;
mod servers;
mod settings;
mod stopping;
mod sync;
mod webhooks;

use std::collections::HashSet;
use std::sync::Arc;

use ::mail::Mailer;
use facts::new_id;
use ical::Moment;
use store::Store;
use tracing::Instrument as _;

pub use self::clearing::one_calendar::Limit;
pub use self::clearing::only::MAX_ENTRIES;
pub use self::clearing::pending::PendingRemoval;
pub use self::clearing::preview::{Applied, Chosen, Left, Preview, PreviewLine};
pub use self::clearing::run::{ClearRequest, Mode, SCHEDULE, Scope};
pub use self::clearing::schedule::Schedule;
pub use self::clearing::watch::Watch;
pub use self::mail::deliver;
pub use self::mail::templates::{NewTemplate, Seen};
pub use self::webhooks::{MAX_ENDPOINTS, Webhooks};
pub use answers::{EntryKey, Reader};
pub use backups::alive::RunningServer;
pub use backups::daily::DailyBackups;
pub use backups::make::Backup;
pub use booking::change::{ChangeRequest, RequestedChange};
pub use booking::count_events::DEFAULT_EVENTS_PER_KEY;
pub use booking::create::{Created, NewBooking, Requested, WhenTaken};
pub use booking::give_up::GivenUp;
pub use booking::import::Imported;
pub use booking::restore::Restored;
pub use connections::pool::{self, ServerSettings, Servers};
pub use facts::Clock;
pub use links::follow::LinkChoice;
pub use links::page::{LinkPage, LinkState};
pub use mail::links::LINK_PATH;
pub use monthly::count::UNSEEN_DAYS;
pub use monthly::numbers::MonthConflicts;
pub use monthly::report::{MonthlyReport, RoomMonth, UnattendedSeries, UnknownAddress};
pub use people::audit::command_line;
pub use people::caller::Caller;
pub use people::identities::Vouched;
pub use people::keyring::CheckedKey;
pub use people::known_browsers::{KNOWN_BROWSER_SECONDS, KnownBrowser};
pub use people::names::check_address;
pub use people::passwords::Source;
pub use people::refusal::Refusal;
pub use people::second_factor::{NewKeyOfApp, RECOVERY_CODES};
pub use people::security_log::SecurityEvent;
pub use people::sessions::{
    Begun, Browser, IDLE_SECONDS, INVITATION_SECONDS, NEW_PASSWORD_SECONDS, OfSession, Present,
    SESSION_SECONDS, SignIn, SignedIn,
};
pub use people::{Error, FieldError, People, Result, TemplatePosition};
pub use reading::day::DayEvent;
pub use reading::event_details::EventDetails;
pub use reading::free_rooms::{
    DEFAULT_FREE_ROOMS, FreeRoom, MAX_FREE_ROOMS, MAX_TAKEN_NAMED, WantedRoom,
};
pub use reading::list::{
    DEFAULT_LIST_DAYS, DEFAULT_LIST_LIMIT, ListRequest, MAX_LIST_DAYS, MAX_LIST_LIMIT,
};
pub use reading::overview::{Attention, ExpiringKey};
pub use reading::week::{Standing, WeekEvent, WeekOutcome};
pub use room::backend;
pub use servers::accounts::{FoundCalendar, FoundServer, ServerAccess, Sync};
pub use servers::diagnose::{Finding, Level};
pub use settings::calendars::NewCalendar;
pub use settings::rooms::MAX_PICTURE;
pub use settings::slugs::{free_slug, slug_of};
pub use settings::tokens::{MAX_TOKEN_EVENTS, NewPriorityToken};
pub use settings::validate::{RESERVED_SLUGS, check_slug};
pub use stopping::{Stage, Stopping};
pub use sync::work::Progress;
pub use wording::{Message, MessageId, Time, Value};

/// What is the same for all operations of a process.
#[derive(Clone, Debug)]
pub struct Service {
    /// The database.
    pub store: Store,
    /// To which domains mail may go, in lower case and as A-labels; empty for any.
    pub mail_domains: Arc<[String]>,
    /// The domain that Message-IDs end in.
    pub mail_host: Arc<str>,
    /// How people reach the program, without a slash at its end: links in messages begin with it.
    pub public_url: Arc<str>,
    /// How many events each key may create on a day (UTC).
    pub events_per_key: u32,
    /// How calendar servers are reached.
    pub servers: Servers,
    /// The way to the mail server; without one nothing is sent.
    pub mailer: Option<Arc<Mailer>>,
    /// Where webhooks go.
    pub webhooks: Arc<Webhooks>,
    /// Checks and renders templates.
    pub renderer: Arc<::mail::Renderer>,
    /// What time it is.
    pub clock: Clock,
    /// How far the end of the process is.
    pub stopping: Stopping,
    /// The ways in which people can sign in.
    pub ways: Arc<store::users::Ways>,
    /// Events about who gets in that are not written yet.
    security: Arc<people::security_log::SecurityLog>,
    /// What was worked out of calendars for reports.
    monthly: Arc<monthly::cache::Cache>,
    /// What names this process in leases.
    process: Arc<str>,
    /// The lines of a preview that runs are restricted to: of a clone that applies one.
    only: Option<Arc<HashSet<String>>>,
    /// Whether runs carry out what is due of pending removals, and nothing else: of a clone that does.
    due_only: bool,
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
            public_url: Arc::from("http://127.0.0.1:8000"),
            events_per_key: DEFAULT_EVENTS_PER_KEY,
            servers: Servers::default(),
            mailer: None,
            webhooks: Arc::default(),
            renderer: Arc::default(),
            clock: Clock::system(),
            stopping: Stopping::default(),
            ways: Arc::default(),
            security: Arc::default(),
            monthly: Arc::default(),
            process: Arc::from(new_id()),
            only: None,
            due_only: false,
            runs: Arc::default(),
        }
    }

    /// What is done about people.
    pub fn people(&self) -> People {
        People {
            store: self.store.clone(),
            clock: self.clock.clone(),
            keyring: self.servers.keyring().clone(),
            ways: Arc::clone(&self.ways),
            security: Arc::clone(&self.security),
        }
    }

    /// The present.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Does work that goes on to its end, also when the caller goes away: what was begun on a
    /// server is to be recorded.
    async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let running = Arc::clone(&self.runs).read_owned().await;
        let task = async move {
            let done = work.await;
            drop(running);
            done
        };
        // The log says which request it belongs to.
        let task = tokio::spawn(task.in_current_span());
        task.await.map_err(|error| Error::Internal(format!("the work ended early: {error}")))?
    }

    /// Waits until no work is in progress in this process that has to come to its end.
    pub async fn finish_runs(&self) {
        drop(self.runs.write().await);
    }
}
