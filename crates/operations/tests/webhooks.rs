//! Webhooks tell what happened, each once, with the transaction that records it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use harness::setup::scheduler;
use harness::{Room, event, seconds, told};
use operations::{Scope, Webhooks, command_line};
use serde_json::{Value, json};
use store::Store;
use store::webhooks::{self, WebhookRow, WebhookState};
use testing::on_both_databases;
use testing::scripted::{Answer, Scripted, Way};

use ::webhooks::{Endpoint, Secret};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Webhooks to some paths of a receiver.
pub fn to(receiver: &Scripted, paths: &[&str]) -> Arc<Webhooks> {
    let endpoint = |path: &&str| Endpoint::parse(&format!("{}{path}", receiver.url())).unwrap();
    let endpoints = paths.iter().map(endpoint).collect();
    Arc::new(Webhooks::new(endpoints, Secret::parse(SECRET).unwrap()).unwrap())
}

/// A room whose webhooks go to some paths of a receiver.
async fn room(store: &Store, receiver: &Scripted, paths: &[&str]) -> Room {
    let mut room = Room::new(store).await;
    room.service.webhooks = to(receiver, paths);
    room.with(event("old", "0101T00", "0303T10", "0303T12").by("eve@example.org")).await
}

async fn losing(room: Room) -> Room {
    let room = room.with(event("new", "0201T00", "0303T11", "0303T13").by("ann@example.org")).await;
    assert_eq!(told(&room.clear().await), ["deleted new 0303T11 by old"]);
    room
}

/// The webhooks, oldest first.
async fn rows(room: &Room) -> Vec<WebhookRow> {
    let mut rows = webhooks::page(room.store(), None, 1_000).await.unwrap();
    rows.reverse();
    rows
}

async fn states(room: &Room) -> Vec<String> {
    let line = |it: WebhookRow| format!("{} {} {}", it.kind, it.state, it.attempts);
    rows(room).await.into_iter().map(line).collect()
}

pub fn bodies(receiver: &Scripted) -> Vec<Value> {
    receiver.requests().iter().map(|it| serde_json::from_slice(&it.body).unwrap()).collect()
}

on_both_databases! {
    async fn a_removal_and_its_restore_are_told_signed_and_once(database) {
        let receiver = Scripted::start(|_| Answer::status(204)).await;
        let room = losing(room(&database.open().await, &receiver, &["/hooks?key=geheim"]).await).await;
        assert_eq!(states(&room).await, ["booking.removed waiting 0"]);
        let other = room.clone();
        let sent = tokio::join!(room.service.deliver_webhooks(0), other.service.deliver_webhooks(0));
        assert_eq!(sent.0.unwrap() + sent.1.unwrap(), 1, "two processes send it once");
        room.restore(room.line("new", "0303T11").await).await.unwrap();
        room.service.deliver_webhooks(0).await.unwrap();
        assert_eq!(states(&room).await, ["booking.removed sent 1", "booking.restored sent 1"]);
        let bodies = bodies(&receiver);
        assert_eq!(bodies[0]["type"], "booking.removed");
        assert_eq!(bodies[0]["data"]["kind"], "deleted overlapping");
        assert_eq!(bodies[0]["data"]["calendar"], "room");
        assert_eq!(bodies[0]["data"]["event"]["organizer"], "ann@example.org");
        assert_eq!(bodies[0]["data"]["overlaps_with"]["uid"], "old");
        assert_eq!((&bodies[1]["type"], &bodies[1]["data"]["event"]["uid"]), (&json!("booking.restored"), &json!("new")));
        let request = receiver.requests().remove(0);
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/hooks?key=geheim"));
        let header = |name: &str| request.header(name).unwrap().to_owned();
        let (id, at) = (header("webhook-id"), header("webhook-timestamp").parse().unwrap());
        let signed = Secret::parse(SECRET).unwrap().sign(&id, at, &request.text());
        assert_eq!(header("webhook-signature"), signed);
        assert_eq!(at, room.service.now().0);
        let shown = format!("{:?} {:?}", room.service.webhooks, rows(&room).await);
        assert!(!shown.contains("geheim"), "{shown}");
    }

    async fn private_events_have_no_name_and_nothing_is_told_that_was_not_done(database) {
        let receiver = Scripted::start(|_| Answer::status(200)).await;
        let room = room(&database.open().await, &receiver, &["/"]).await;
        let private = event("new", "0201T00", "0303T11", "0303T13").by("ann@example.org").line("CLASS:PRIVATE");
        let room = room.with(private).await;
        room.test().await;
        assert!(states(&room).await.is_empty(), "test mode tells nobody");
        room.clear().await;
        room.service.deliver_webhooks(0).await.unwrap();
        let told = &bodies(&receiver)[0]["data"]["event"];
        assert_eq!((&told["name"], &told["organizer"]), (&json!("Private"), &Value::Null));
    }

    async fn what_is_refused_or_not_answered_is_tried_again_with_the_same_id_and_given_up_after_days(database) {
        let number = Arc::new(AtomicUsize::new(0));
        let counted = number.clone();
        let receiver = Scripted::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::text(500, "not\nnow"),
            1 => Answer::status(429).with("Retry-After", "900"),
            2 => Answer::status(200).on(Way::Lost),
            3 => Answer::status(307).with("Location", "/elsewhere"),
            _ => Answer::status(503),
        }).await;
        let room = losing(room(&database.open().await, &receiver, &["/hooks"]).await).await;
        let deliver = async |at: i64| room.at(seconds(at)).service.deliver_webhooks(0).await.unwrap();
        assert_eq!((deliver(0).await, deliver(4).await, deliver(5).await), (1, 0, 1));
        // The receiver asked for more than the five minutes that the program waits.
        assert_eq!((deliver(5 + 899).await, deliver(5 + 900).await), (0, 1));
        let row = rows(&room).await.remove(0);
        assert_eq!((*row.state, row.attempts, row.status), (WebhookState::Waiting, 3, None));
        let mut now = 905;
        for pause in [1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] {
            now += pause;
            assert_eq!((deliver(now - 1).await, deliver(now).await), (0, 1), "{pause}");
        }
        assert_eq!(states(&room).await, ["booking.removed failed 10"]);
        assert_eq!(deliver(now + 1_000_000).await, 0);
        let requests = receiver.requests();
        assert!(requests.iter().all(|it| it.path == "/hooks"), "no redirect is followed");
        assert!(requests.iter().all(|it| it.header("webhook-id") == requests[0].header("webhook-id")));
        let times: std::collections::BTreeSet<_> = requests.iter().map(|it| it.header("webhook-signature")).collect();
        assert_eq!(times.len(), 10, "each attempt is signed for its own moment");
        // An administrator tries it once more.
        let id = rows(&room).await[0].id;
        room.at(seconds(now)).service.retry_webhook(&command_line(), id).await.unwrap();
        assert_eq!(deliver(now).await, 1);
        assert_eq!(states(&room).await, ["booking.removed waiting 1"]);
    }

    async fn an_address_that_hangs_or_wants_no_more_holds_up_no_other(database) {
        let receiver = Scripted::start(|request| match request.path.as_str() {
            "/hangs" => Answer::status(200).on(Way::Hang),
            "/gone" => Answer::status(410),
            _ => Answer::status(200),
        }).await;
        let room = losing(room(&database.open().await, &receiver, &["/hangs", "/gone", "/good"]).await).await;
        let service = room.service.clone();
        let hanging = tokio::spawn(async move { service.deliver_webhooks(0).await });
        room.service.deliver_webhooks(1).await.unwrap();
        room.service.deliver_webhooks(2).await.unwrap();
        let states = states(&room).await;
        assert_eq!(states[1..], ["booking.removed failed 1", "booking.removed sent 1"]);
        hanging.abort();
        let ids: Vec<_> = rows(&room).await.into_iter().map(|it| it.message_id).collect();
        assert!(ids.iter().all(|it| *it == ids[0] && it.starts_with("msg_")), "{ids:?}");
        // An address that is set no more gets nothing, and its webhooks stay.
        let mut other = room.clone();
        other.service.webhooks = to(&receiver, &["/other"]);
        assert_eq!(other.service.deliver_webhooks(0).await.unwrap(), 0);
        other.service.test_webhooks().await.unwrap();
        assert_eq!(other.service.deliver_webhooks(0).await.unwrap(), 1);
    }

    async fn a_calendar_that_fails_for_an_hour_is_told_once(database) {
        let receiver = Scripted::start(|_| Answer::status(200)).await;
        let room = harness::on_server::ServerRoom::new(&database.open().await, testing::fake::Quirks::RFC).await;
        let mut room = room;
        room.room.service.webhooks = to(&receiver, &["/"]);
        room.room.clear().await;
        room.server.lock_out();
        for _ in 0..3 {
            room.room.setup().clear(Scope::All, scheduler()).await;
            room.advance(std::time::Duration::from_secs(3_600));
        }
        room.room.service.deliver_webhooks(0).await.unwrap();
        let kinds: Vec<_> = bodies(&receiver).iter().map(|it| it["type"].clone()).collect();
        assert_eq!(kinds, ["calendar.failed"]);
        assert!(bodies(&receiver)[0]["data"]["failure"].as_str().unwrap().len() > 10);
    }

    async fn an_address_that_stands_twice_gets_each_webhook_once(database) {
        let receiver = Scripted::start(|_| Answer::status(204)).await;
        let room = room(&database.open().await, &receiver, &["/hooks", "/hooks"]).await;
        let room = losing(room).await;
        assert_eq!(states(&room).await, ["booking.removed waiting 0"]);
        assert_eq!(room.service.webhooks.count(), 1);
    }

    async fn a_webhook_that_waits_for_an_address_that_is_not_set_any_more_goes_with_the_history(database) {
        let receiver = Scripted::start(|_| Answer::status(204)).await;
        let mut room = losing(room(&database.open().await, &receiver, &["/hooks"]).await).await;
        room.service.webhooks = Arc::default();
        room.service.forget(1).await.unwrap();
        assert_eq!(states(&room).await, ["booking.removed waiting 0"]);
        // One that may still be sent stays, however short the history is kept.
        room.advance(std::time::Duration::from_secs(2 * 86_400));
        room.service.forget(1).await.unwrap();
        assert_eq!(states(&room).await.len(), 1);
        room.advance(std::time::Duration::from_secs(3 * 86_400));
        room.service.forget(1).await.unwrap();
        assert_eq!(states(&room).await, [""; 0]);
    }
}
