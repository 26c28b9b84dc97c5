//! What webhooks tell of warnings, of rooms that are given up and of calendars that work again; and that their document shows it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use facts::RemovalKind;
use harness::on_server::ServerRoom;
use harness::setup::scheduler;
use harness::{Room, days, told};
use operations::{LinkChoice, Scope};
use serde_json::{Value, json};
use store::webhooks::WebhookKind;
use testing::fake::Quirks;
use testing::on_both_databases;
use testing::scripted::{Answer, Scripted};

use crate::deliver::deliver;
use crate::mail_links::{EVENT, follow, token};
use crate::mail_moves::{lines, with_rooms};
use crate::pending::two;
use crate::webhooks::{bodies, to};

async fn receiver() -> Scripted {
    Scripted::start(|_| Answer::status(204)).await
}

/// Sends what waits; the types of all that was received.
async fn types(room: &Room, receiver: &Scripted) -> Vec<String> {
    room.service.deliver_webhooks(0).await.unwrap();
    bodies(receiver).iter().map(|it| it["type"].as_str().unwrap().to_owned()).collect()
}

/// The names of the fields of an object, and of those within it.
fn fields(of: &Value) -> BTreeSet<String> {
    let Some(members) = of.as_object() else { return BTreeSet::new() };
    let within = |(name, it): (&String, &Value)| {
        let inner = fields(it).into_iter().map(|inner| format!("{name}.{inner}"));
        inner.chain([name.clone()]).collect::<Vec<_>>()
    };
    members.iter().flat_map(within).collect()
}

fn document() -> &'static str {
    include_str!("../../../docs/webhooks.md")
}

/// The body that the document shows.
fn shown() -> Value {
    let body = document().split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    serde_json::from_str(body).unwrap()
}

#[test]
fn the_document_names_every_type_and_every_kind() {
    for it in WebhookKind::ALL {
        let row = format!("| `{}` |", it.as_str());
        assert!(document().contains(&row), "{row}");
    }
    // What removes nothing has no webhook.
    let is_sent = |it: &&RemovalKind| !matches!(it, RemovalKind::Changed | RemovalKind::Accepted);
    for it in RemovalKind::ALL.iter().filter(is_sent) {
        assert!(document().contains(&format!("`{}`", it.as_str())), "{it:?}");
    }
}

on_both_databases! {
    async fn a_warning_is_sent_once_before_its_removal_with_the_fields_of_the_document(database) {
        let (mut room, _memory) = two(&database.open().await).await;
        let receiver = receiver().await;
        room.service.webhooks = to(&receiver, &["/"]);
        room.test().await;
        assert!(types(&room, &receiver).await.is_empty(), "test mode sends nothing");
        for _ in 0..2 {
            room.clear().await;
            assert_eq!(types(&room, &receiver).await, ["booking.warned"]);
        }
        deliver(&room).await;
        let later = room.at(days(3));
        assert_eq!(told(&later.clear().await), ["deleted new 0305T11 by old"]);
        assert_eq!(types(&later, &receiver).await, ["booking.warned", "booking.removed"]);
        let bodies = bodies(&receiver);
        for body in &bodies {
            let data = &body["data"];
            assert_eq!((&data["calendar"], &data["calendar_name"]), (&json!("room"), &json!("The room")));
            assert_eq!(data["kind"], "deleted overlapping");
            assert_eq!((&data["event"]["uid"], &data["event"]["organizer"]), (&json!("new"), &json!("ann@example.org")));
            assert_eq!(data["overlaps_with"]["uid"], "old");
            assert_eq!(fields(body), fields(&shown()));
        }
        assert_eq!(bodies[0]["timestamp"], "2026-03-02T00:00:00+00:00");
    }

    async fn a_booking_that_is_given_up_by_a_link_is_released_and_not_removed(database) {
        let (mut room, memory) = crate::mail_links::warned(&database.open().await).await;
        let receiver = receiver().await;
        room.service.webhooks = to(&receiver, &["/"]);
        let give_up = token(&memory, "ann@example.org", "give up");
        follow(&room, &give_up, EVENT).await.unwrap();
        follow(&room, &give_up, EVENT).await.unwrap_err();
        assert_eq!(types(&room, &receiver).await, ["booking.released"]);
        let body = bodies(&receiver).remove(0);
        let data = &body["data"];
        assert_eq!((&data["kind"], &data["event"]["uid"]), (&json!("deleted by request"), &json!("new")));
        assert_eq!(data["event"]["organizer"], "ann@example.org");
        let named: BTreeSet<_> = fields(&shown()).into_iter().filter(|it| !it.starts_with("data.overlaps_with.")).collect();
        let sent: BTreeSet<_> = fields(&body).into_iter().filter(|it| !it.starts_with("data.overlaps_with.")).collect();
        assert_eq!(sent, named);
        room.restore(room.line("new", "0305T11").await).await.unwrap();
        assert_eq!(types(&room, &receiver).await, ["booking.released", "booking.restored"]);
    }

    async fn a_booking_that_moves_to_another_room_is_released_where_it_was(database) {
        let store = database.open().await;
        let (mut room, memory) = with_rooms(&store, &[("small", true, Some(4), "A")], "").await;
        let receiver = receiver().await;
        room.service.webhooks = to(&receiver, &["/"]);
        let link = lines(&memory, "move: ").remove(0);
        let token = link.rsplit('/').next().unwrap().split('?').next().unwrap();
        follow(&room, token, LinkChoice::Move("small".to_owned())).await.unwrap();
        assert_eq!(types(&room, &receiver).await, ["booking.released"]);
        let data = bodies(&receiver).remove(0)["data"].clone();
        assert_eq!((&data["calendar"], &data["event"]["uid"]), (&json!("room"), &json!("new")));
    }

    async fn a_calendar_that_works_again_is_announced_once(database) {
        let receiver = receiver().await;
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room.service.webhooks = to(&receiver, &["/"]);
        let is_down = Arc::new(AtomicBool::new(true));
        let seen = is_down.clone();
        room.server.before(move |_, _| seen.load(Ordering::SeqCst).then(|| Answer::status(503)));
        let clear = async |room: &ServerRoom| {
            room.room.setup().clear(Scope::All, scheduler()).await;
            room.advance(Duration::from_secs(3_600));
        };
        for _ in 0..3 {
            clear(&room).await;
        }
        assert_eq!(types(&room.room, &receiver).await, ["calendar.failed"]);
        is_down.store(false, Ordering::SeqCst);
        for _ in 0..2 {
            clear(&room).await;
        }
        assert_eq!(types(&room.room, &receiver).await, ["calendar.failed", "calendar.recovered"]);
        for body in bodies(&receiver) {
            let names: Vec<_> = body["data"].as_object().unwrap().keys().cloned().collect();
            assert_eq!(names, ["calendar", "calendar_name", "failure", "since"]);
            assert_eq!(body["data"]["calendar"], "room");
        }
    }
}
