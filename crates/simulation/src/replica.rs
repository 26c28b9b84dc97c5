//! A process of the program: a service on a runtime of its own, which can be dropped in the middle of
//! anything it does.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use caldav::Limits;
use ical::Moment;
use mail::Mailer;
use operations::{
    Caller, ChangeRequest, ClearRequest, Clock, GivenUp, Limit, LinkChoice, Mode, Requested,
    RequestedChange, Scope, ServerSettings, Servers, Service, WhenTaken,
};
use secrecy::SecretString;
use store::Store;
use store::history::Starter;
use store::mail_links::LinkAct;
use tokio::runtime::Runtime;

use crate::mail::MailServer;

/// What a process is to do; the answer says in words what came of it.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<String, String>>>>;
/// Likewise, before it is known which process does it.
pub(crate) type Order = Box<dyn FnOnce(Service) -> Work>;

/// A process.
pub(crate) struct Replica {
    /// What its futures run on.
    pub runtime: Runtime,
    /// What it does everything with.
    pub service: Service,
}

/// Time-outs run on timers of the runtime: a machine that is busy must not let them end.
const NEVER: Duration = Duration::from_secs(24 * 3_600);
/// Messages that may be tried in a minute.
const A_MINUTE: u32 = 1_000;

impl Replica {
    /// Starts a process on a database.
    pub fn start(url: &str, clock: &Clock, mail: &MailServer) -> Result<Replica, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let store = runtime.block_on(Store::open(url)).map_err(|error| error.to_string())?;
        let mut service = Service::new(store);
        service.clock = clock.clone();
        service.servers = Servers::new(ServerSettings {
            secret: Arc::new(|| Ok(SecretString::from("a secret of the simulation"))),
            cost: store::vault::Cost::LOWEST,
            limits: Limits {
                retries: 1,
                retry_pause: Duration::from_millis(1),
                connect: NEVER,
                first_byte: NEVER,
                idle: NEVER,
                total: NEVER,
                ..Limits::default()
            },
            ..ServerSettings::default()
        });
        let sender = mail::Sender {
            address: "rooms@example.org".to_owned(),
            name: None,
            reply_to: None,
            bcc: Vec::new(),
        };
        service.mailer = Some(Arc::new(Mailer::new(Box::new(mail.clone()), sender, A_MINUTE)));
        Ok(Replica { runtime, service })
    }
}

/// Clears a calendar.
pub(crate) fn clear(slug: &str, mode: Mode) -> Order {
    let request = ClearRequest {
        scope: Scope::Named(vec![slug.to_owned()]),
        mode,
        limit: Limit::Holds,
        started_by: Starter::of(store::history::Way::Schedule),
    };
    Box::new(move |service| {
        Box::pin(async move {
            let report = service.clear_bookings(None, request).await;
            let report = report.map_err(|error| error.to_string())?;
            let failed = report.failed_calendars.first().map(|it| it.error.to_string());
            let json = serde_json::to_value(&report).map_err(|error| error.to_string())?;
            let words = told(&json);
            match failed {
                Some(error) => Err(format!("{words} failed: {error}")),
                None => Ok(words),
            }
        })
    })
}

/// A report in short.
fn told(report: &serde_json::Value) -> String {
    let mut words = Vec::new();
    for (list, word) in [
        ("deleted_cancelled_events", "leftover"),
        ("deleted_overlapping_events", "deleted"),
        ("cancelled_overlapping_recurring_events", "cancelled"),
        ("ignored_overlapping_events", "ignored"),
        ("ignored_cancelled_events", "ignored"),
    ] {
        for entry in report[list].as_array().into_iter().flatten() {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let mut line = format!(
                "{word} {} {}",
                text(&entry["event"]["name"]),
                text(&entry["event"]["start"])
            );
            if entry["overlaps_with"].is_object() {
                line += &format!(" by {}", text(&entry["overlaps_with"]["name"]));
            }
            if entry["reason"].is_string() {
                line += &format!(" ({})", text(&entry["reason"]));
            }
            words.push(line);
        }
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join("; ") }
}

/// Finds out what became of changes in doubt.
pub(crate) fn recover() -> Order {
    Box::new(|service| {
        Box::pin(async move {
            service.recover().await.map_err(|error| error.to_string())?;
            service.recover_changes().await.map_err(|error| error.to_string())?;
            service.remove_due().await.map_err(|error| error.to_string())?;
            service.give_second_chances().await.map_err(|error| error.to_string())?;
            Ok(String::new())
        })
    })
}

/// Looks for hours that are free again, and offers them.
pub(crate) fn give_second_chances() -> Order {
    Box::new(|service| {
        Box::pin(async move {
            let given = service.give_second_chances().await.map_err(|error| error.to_string())?;
            Ok(given.to_string())
        })
    })
}

/// Finishes moves and divisions that are half done.
pub(crate) fn finish() -> Order {
    Box::new(|service| {
        Box::pin(async move {
            service.finish_moves().await.map_err(|error| error.to_string())?;
            let done = service.finish_divisions().await;
            done.map(|()| String::new()).map_err(|error| error.to_string())
        })
    })
}

/// Sends what is due.
pub(crate) fn deliver() -> Order {
    Box::new(|service| {
        Box::pin(async move {
            let done = service.deliver_due().await.map_err(|error| error.to_string())?;
            Ok(format!("{} sent, {} put off, {} ended", done.sent, done.put_off, done.ended))
        })
    })
}

/// Books a room on a server if it is free; the name tells bookings apart.
pub(crate) fn book(caller: Caller, slug: &'static str, requested: Requested) -> Order {
    Box::new(move |service| {
        Box::pin(async move {
            let calendar = service.calendar(slug).await.map_err(|error| error.to_string())?;
            let when_taken = WhenTaken::Refuse;
            let created =
                service.create_event(&caller, &calendar, &requested, when_taken, None).await;
            created.map(|_| "booked".to_owned()).map_err(|error| error.to_string())
        })
    })
}

/// Deletes an event of a room on a server.
pub(crate) fn delete(caller: Caller, slug: &'static str, uid: String) -> Order {
    Box::new(move |service| {
        Box::pin(async move {
            let calendar = service.calendar(slug).await.map_err(|error| error.to_string())?;
            let deleted = service.delete_event(&caller, &calendar, &uid).await;
            deleted.map(|()| String::new()).map_err(|error| error.to_string())
        })
    })
}

/// Divides a series before one of its dates; the rest has another name.
pub(crate) fn divide(
    caller: Caller,
    slug: &'static str,
    (uid, from): (String, i64),
    name: String,
) -> Order {
    Box::new(move |service| {
        Box::pin(async move {
            let calendar = service.calendar(slug).await.map_err(|error| error.to_string())?;
            let request = ChangeRequest {
                uid,
                change: RequestedChange { name: Some(name), ..RequestedChange::default() },
                occurrence: None,
                when_taken: WhenTaken::Book,
                if_match: None,
            };
            let done = service.change_following(&caller, &calendar, (request, Moment(from))).await;
            done.map(|()| "divided".to_owned()).map_err(|error| error.to_string())
        })
    })
}

/// Whether what [`follow`] says is what a link has done.
pub(crate) fn is_act(word: &str) -> bool {
    LinkAct::ALL.iter().any(|it| *it != LinkAct::List && it.as_str() == word)
}

/// Follows a link of a message, and does what it is for.
pub(crate) fn follow(token: String) -> Order {
    Box::new(move |service| {
        Box::pin(async move {
            let page = service.link_page(&token).await.map_err(|error| error.to_string())?;
            let choice = match page.act {
                LinkAct::Ask => LinkChoice::Ask,
                LinkAct::Restore => LinkChoice::Restore,
                LinkAct::GiveUp => LinkChoice::GiveUp(GivenUp::Dates),
                LinkAct::Move => match page.rooms.first() {
                    Some((slug, _)) => LinkChoice::Move(slug.clone()),
                    None => return Ok("move: no room is free".to_owned()),
                },
                LinkAct::List => return Ok("the list was read".to_owned()),
            };
            let done = service.follow_link(&token, &page.version, choice).await;
            let act = page.act.as_str();
            done.map(|()| act.to_owned()).map_err(|error| format!("{act}: {error}"))
        })
    })
}
