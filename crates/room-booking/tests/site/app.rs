//! A server with rooms and users, and browsers that use it.

use std::ops::Deref;

use harness::Setup;
use harness::web::Browser;
use ical::Moment;
use operations::Clock;
use store::UserId;
use store::calendars::Calendar;
use testing::{Database, ics};

use crate::in_process::InProcess;

/// The real clock.
pub fn clock() -> i64 {
    Clock::system().now().0
}

/// A server with an administrator `ann`, an ordinary user `bob` who has `room-1`, and rooms `room-1`
/// and `other`, in Berlin.
pub struct Site {
    server: InProcess,
    pub ann: UserId,
    pub bob: UserId,
}

impl Deref for Site {
    type Target = InProcess;

    fn deref(&self) -> &InProcess {
        &self.server
    }
}

impl Site {
    pub async fn new() -> Site {
        Site::on(Database::sqlite().await, &[]).await
    }

    /// On a database, with environment variables.
    pub async fn on(database: Database, variables: &[(&str, &str)]) -> Site {
        Site::at(database, variables, Clock::system()).await
    }

    /// With a clock that stands at the present: however slow the machine, no time has passed, and nothing is
    /// left for later because of it.
    pub async fn standing(database: Database) -> Site {
        Site::at(database, &[], Clock::manual(Moment(clock()))).await
    }

    /// With a clock of its own.
    pub async fn at(database: Database, variables: &[(&str, &str)], clock: Clock) -> Site {
        let site = Site::empty(database, variables, clock).await;
        let setup = site.setup();
        let (ann, bob) = (setup.administrator("ann").await, setup.user("bob").await);
        for user in [ann, bob] {
            setup.set_password(user).await;
        }
        for (slug, users) in [("room-1", &["bob"][..]), ("other", &[])] {
            let calendar = Calendar::built_in(slug, &format!("The {slug}"), "Europe/Berlin");
            setup.add(calendar, users).await;
        }
        Site { ann, bob, ..site }
    }

    /// A server on an empty database.
    pub async fn empty(database: Database, variables: &[(&str, &str)], clock: Clock) -> Site {
        let setup = Setup::new(&database.open().await).with_clock(clock);
        setup.service.ensure_templates().await.unwrap();
        let server = InProcess::start(database, setup, variables).await;
        Site { server, ann: UserId(0), bob: UserId(0) }
    }

    /// A browser that nobody has signed in with.
    pub fn stranger(&self) -> Browser {
        Browser::new(&self.url())
    }

    /// A browser in which a user has a session.
    pub async fn browser(&self, user: UserId) -> Browser {
        Browser::signed_in(&self.url(), &self.service, user).await
    }

    /// Puts events into a room, each a whole VEVENT.
    pub async fn import(&self, slug: &str, events: &[String]) {
        self.setup().import(slug, &ics::file_of(&events.concat())).await;
    }
}

/// An event tomorrow, at full hours of UTC, created `days_ago` days ago.
pub fn event(uid: &str, name: &str, hours: (i64, i64), days_ago: i64) -> String {
    event_after(clock(), uid, name, hours, days_ago)
}

/// The settings of a mail server of this machine, without TLS.
pub fn mail_by(port: &str) -> [(&str, &str); 4] {
    [
        ("SMTP_SERVER", "127.0.0.1"),
        ("SMTP_PORT", port),
        ("SMTP_EMAIL", "rooms@example.org"),
        ("SMTP_TLS", "none"),
    ]
}

/// As [`event`], on the day after that moment.
pub fn event_after(now: i64, uid: &str, name: &str, hours: (i64, i64), days_ago: i64) -> String {
    let midnight = now.div_euclid(86_400) * 86_400 + 86_400;
    let stamp = |name: &str, at: i64| format!("{name}:{}", ics::utc(at));
    ics::bare(uid)
        .line(stamp("CREATED", now - days_ago * 86_400))
        .line(stamp("DTSTART", midnight + hours.0 * 3_600))
        .line(stamp("DTEND", midnight + hours.1 * 3_600))
        .line(format!("SUMMARY:{name}"))
        .by(&format!("{uid}@example.org"))
        .component()
}
