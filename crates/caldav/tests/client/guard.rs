//! Writes that are withdrawn before they are sent, and failures before a write was sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use caldav::{
    Collection, Conditions, Deleted, ETag, Error, Href, Limits, ScheduleReply, SendGuard,
    ServerKind,
};

use crate::server::{Reply, Seen, Server, account, connector, credentials, limits, object};

fn href() -> Href {
    Href::from_store("/room/a.ics")
}

fn etag(text: &str) -> ETag {
    ETag::new(text).unwrap()
}

/// A decision that holds until somebody says otherwise.
#[derive(Clone, Default)]
struct Decision(Arc<AtomicBool>);

impl Decision {
    fn end(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Ends while the client waits.
    fn end_after(&self, wait: Duration) {
        let decision = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            decision.end();
        });
    }

    fn guard(&self) -> SendGuard {
        let is_over = Arc::clone(&self.0);
        SendGuard::new(move || !is_over.load(Ordering::SeqCst))
    }
}

async fn delete(room: &Collection) -> Result<Deleted, Error> {
    let (href, etag) = (href(), etag("\"1\""));
    room.at(&href).with_etag(&etag).delete(ScheduleReply::AsTheServerDoes).await
}

async fn replace(room: &Collection) -> Result<(), Error> {
    let (href, etag) = (href(), etag("\"1\""));
    room.at(&href).with_etag(&etag).replace(b"x").await.map(|_| ())
}

/// The same collection, on a server of which it is not known whether it honours conditions.
fn unknown(room: Collection) -> Collection {
    room.with_conditions(Conditions { on_put: false, on_delete: false, on_create: false })
}

#[tokio::test]
async fn a_write_whose_decision_is_over_is_not_sent() {
    let server = Server::giving(vec![Reply::status(204)]).await;
    let decision = Decision::default();
    let room = server.room(ServerKind::Other).guarded(decision.guard());
    assert_eq!(delete(&room).await.unwrap(), Deleted::Done);
    decision.end();
    for error in [
        delete(&room).await.unwrap_err(),
        replace(&room).await.unwrap_err(),
        room.create(&href(), b"x").await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::Withdrawn), "{error:?}");
        assert!(!error.is_outcome_unknown() && !error.to_string().is_empty());
    }
    assert_eq!(server.count(), 1);
    // What is only read is not guarded.
    assert!(matches!(room.get(&href()).await, Err(Error::BadAnswer(_))));
}

#[tokio::test]
async fn a_decision_that_ends_while_the_object_is_read_before_the_write_withdraws_it() {
    let decision = Decision::default();
    let ends = decision.clone();
    let server = Server::new(move |seen: &Seen| {
        if seen.method != "GET" {
            return Some(Reply::status(204));
        }
        ends.end();
        Some(Reply::object("\"1\"", &object("1")))
    })
    .await;
    let room = unknown(server.room(ServerKind::Other)).guarded(decision.guard());
    assert!(matches!(delete(&room).await, Err(Error::Withdrawn)));
    assert!(matches!(replace(&room).await, Err(Error::Withdrawn)));
    assert_eq!(server.asked(), ["GET /room/a.ics", "GET /room/a.ics"]);
}

#[tokio::test]
async fn a_decision_that_ends_while_a_write_waits_for_its_turn_withdraws_it() {
    let server = Server::giving(vec![Reply::status(204).after(Duration::from_millis(300))]).await;
    let connector = connector(Limits { parallel: 1, ..limits() });
    let decision = Decision::default();
    let of = |path: &str| {
        connector
            .account(credentials())
            .collection(&server.url(path), ServerKind::Radicale)
            .unwrap()
    };
    let other = of("/other/");
    let first = tokio::spawn(async move { other.get(&Href::from_store("/other/x.ics")).await });
    while server.count() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    decision.end_after(Duration::from_millis(50));
    let room = of("/room/").guarded(decision.guard());
    assert!(matches!(delete(&room).await, Err(Error::Withdrawn)));
    assert!(first.await.unwrap().is_err());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_decision_that_ends_while_the_server_wants_a_pause_withdraws_the_write() {
    let busy = Reply::status(503).header("Retry-After", "1");
    let server = Server::giving(vec![busy, Reply::status(204)]).await;
    let account = account(Limits { retries: 0, ..limits() });
    let decision = Decision::default();
    let room = account.collection(&server.url("/room/"), ServerKind::Radicale).unwrap();
    assert!(matches!(room.ctag().await, Err(Error::Unavailable { .. })));
    decision.end_after(Duration::from_millis(100));
    assert!(matches!(delete(&room.guarded(decision.guard())).await, Err(Error::Withdrawn)));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_write_that_is_sent_again_asks_again_whether_its_decision_holds() {
    // A weak version is refused, and the object, as it is still the same, written right after.
    let decision = Decision::default();
    let (ends, count) = (decision.clone(), AtomicUsize::new(0));
    let server = Server::new(move |seen: &Seen| {
        let is_first = seen.method == "GET" && count.fetch_add(1, Ordering::SeqCst) == 0;
        if seen.method == "GET" && !is_first {
            ends.end();
        }
        match &*seen.method {
            "GET" => Some(Reply::object("W/\"1\"", &object("1"))),
            _ => Some(Reply::status(412)),
        }
    })
    .await;
    let room = server.room(ServerKind::Other).guarded(decision.guard());
    let (href, etag) = (href(), etag("W/\"1\""));
    let replaced = room.at(&href).with_etag(&etag).replace(b"x").await;
    assert!(matches!(replaced, Err(Error::Withdrawn)), "{replaced:?}");
    let puts = server.seen().iter().filter(|it| it.method == "PUT").count();
    assert_eq!(puts, 1);
}

#[tokio::test]
async fn a_failure_to_read_the_object_before_the_write_leaves_no_doubt() {
    let cut = || None;
    let failures: Vec<Box<dyn Fn() -> Option<Reply> + Send + Sync>> = vec![
        Box::new(cut),
        Box::new(|| Some(Reply::status(504))),
        Box::new(|| Some(Reply::status(500))),
        Box::new(|| Some(Reply::status(200).body("no iCalendar"))),
        Box::new(|| Some(Reply::status(200).body("BEGIN:VCALENDAR").after(Duration::from_secs(5)))),
    ];
    for (number, failure) in failures.into_iter().enumerate() {
        let server = Server::new(move |_| failure()).await;
        let limits = Limits { first_byte: Duration::from_millis(200), retries: 0, ..limits() };
        let room = account(limits).collection(&server.url("/room/"), ServerKind::Other).unwrap();
        let room = unknown(room);
        for error in [
            delete(&room).await.unwrap_err(),
            replace(&room).await.unwrap_err(),
            room.create(&href(), b"x").await.unwrap_err(),
        ] {
            assert!(!error.is_outcome_unknown(), "{number}: {error:?}");
            assert!(matches!(error, Error::NotSent(_)), "{number}: {error:?}");
            assert!(error.cause().is_outcome_unknown(), "{number}: {error:?}");
            assert_eq!(error.to_string(), error.cause().to_string());
        }
        assert!(server.seen().iter().all(|it| it.method == "GET"), "{number}");
    }
}

#[tokio::test]
async fn a_write_that_a_pause_of_the_server_holds_back_leaves_no_doubt() {
    for (status, reply) in [(503, "120"), (429, "120")] {
        let busy = Reply::status(status).header("Retry-After", reply);
        let server = Server::giving(vec![busy, Reply::status(204)]).await;
        let room = server.room(ServerKind::Radicale);
        assert!(room.ctag().await.is_err());
        for error in [
            delete(&room).await.unwrap_err(),
            replace(&room).await.unwrap_err(),
            room.create(&href(), b"x").await.unwrap_err(),
        ] {
            assert!(matches!(error, Error::NotSent(_)), "{error:?}");
            assert!(!error.is_outcome_unknown() && error.is_transient());
        }
        assert_eq!(server.count(), 1, "{status}");
    }
    // What the server itself answers to a write stays in doubt: a gateway may have said it.
    let server = Server::giving(vec![Reply::status(503).header("Retry-After", "120")]).await;
    assert!(delete(&server.room(ServerKind::Radicale)).await.unwrap_err().is_outcome_unknown());
}

#[tokio::test]
async fn not_found_to_a_write_is_an_answer_also_where_nobody_can_look_further() {
    for status in [404, 410] {
        for then in [Reply::status(504), Reply::status(500), Reply::status(200).body("nonsense")] {
            let answer = move |seen: &Seen| match &*seen.method {
                "GET" | "PROPFIND" => Some(then.clone()),
                _ => Some(Reply::status(status)),
            };
            let server = Server::new(answer).await;
            let room = server.room(ServerKind::Nextcloud);
            let deleted = delete(&room).await;
            assert!(matches!(deleted, Err(Error::Changed)), "{deleted:?}");
            let replaced = replace(&room).await;
            assert!(matches!(replaced, Err(Error::Changed)), "{replaced:?}");
            let created = room.create(&href(), b"x").await.unwrap_err();
            assert!(!created.is_outcome_unknown(), "{created:?}");
        }
    }
}
