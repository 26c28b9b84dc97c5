//! What holds for every room, whatever it holds.

use std::collections::BTreeSet;

use answers::report::Report;
use clearing::Reason;
use facts::time;
use harness::{NOW, Room, event, file, told};
use operations::{Error, Limit, ListRequest, Mode};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::{DatabaseKind, Store};
use testing::Database;
use workload::Workload;

/// A random room: made-up objects, and stronger events that come when it was cleared once.
#[derive(Clone, Debug)]
struct Draft {
    seed: u64,
    objects: usize,
    tolerance: u32,
    /// Hours from now on, and how many hours.
    rivals: Vec<(i64, i64)>,
    /// The order in which lines are restored.
    order: Vec<u16>,
}

fn draft() -> impl Strategy<Value = Draft> {
    (
        any::<u64>(),
        1_usize..50,
        prop_oneof![Just(0_u32), Just(30)],
        prop::collection::vec((0_i64..1_200, 1_i64..100), 0..5),
        prop::collection::vec(any::<u16>(), 1..40),
    )
        .prop_map(|(seed, objects, tolerance, rivals, order)| Draft {
            seed,
            objects,
            tolerance,
            rivals,
            order,
        })
}

fn stamp_of(hour: i64) -> String {
    let text = time::rfc3339(&ical::Zone::utc(), ical::Moment(NOW + hour * 3_600));
    format!("{}Z", text[..19].replace(['-', ':'], ""))
}

/// That two blocking occurrences of different objects overlap only where rule 7 leaves one alone.
async fn nothing_overlaps(room: &Room, report: &Report<facts::Event>) {
    let mut request = ListRequest {
        window: ical::Window { start: ical::Moment(NOW), end: ical::Moment(NOW + 365 * 86_400) },
        uid: None,
        after: None,
        limit: 100_000,
    };
    request.limit = 100_000;
    let list = room.list_of(request).await.unwrap();
    let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
    let blocking: Vec<_> = list["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["blocking"] == true)
        .map(|it| (text(it, "start"), text(it, "end"), text(it, "uid")))
        .collect();
    let left_alone: BTreeSet<_> = report
        .ignored_overlapping_events
        .iter()
        .filter(|it| {
            matches!(it.reason, Some(Reason::Started | Reason::Tolerated | Reason::Protected))
        })
        .map(|it| {
            (
                time::rfc3339(&it.event.zone, it.event.start),
                time::rfc3339(&it.event.zone, it.event.end),
                it.event.uid.clone(),
            )
        })
        .collect();
    for (index, one) in blocking.iter().enumerate() {
        for other in blocking[index + 1..].iter().take_while(|it| it.0 < one.1) {
            let is_named = left_alone.contains(one) || left_alone.contains(other);
            assert!(one.2 == other.2 || is_named, "{one:?} overlaps {other:?}");
        }
    }
}

async fn check(store: &Store, number: usize, draft: &Draft) {
    let Draft { seed, objects, tolerance, rivals, order } = draft;
    let room = Room::named(store, &format!("room-{number}")).await;
    let room = room.set(|it| (it.tolerance_minutes, it.safety_limit) = (*tolerance, 1_000)).await;
    let made = Workload {
        objects: *objects,
        seed: *seed,
        days_before: 5,
        days_after: 10,
        ..Workload::default()
    };
    let room = room.with_file(&made.calendar()).await;
    let original = room.texts().await;

    let first = room.clear().await;
    assert!(first.failed_calendars.is_empty(), "{first:?}");
    let second = room.run(Mode::Real, Limit::Holds).await;
    let removed: usize = second.lists()[..3].iter().map(|list| list.len()).sum();
    assert_eq!(removed, 0, "{:?}", told(&second));
    nothing_overlaps(&room, &second).await;

    let mut room = room;
    for (index, (hour, hours)) in rivals.iter().enumerate() {
        let [start, end] = [*hour, hour + hours].map(stamp_of);
        let rival = event(&format!("rival-{index}"), "19900101T000000Z", &start, &end);
        room = room.with_file(&file(&[rival])).await;
        room.clear().await;
    }

    let mut lines = room.lines().await;
    let mut turn = 0;
    while !lines.is_empty() {
        // An order that fails is tried in another one; each round must get on.
        let mut put_off = Vec::new();
        let count = lines.len();
        while !lines.is_empty() {
            let at = usize::from(order[turn % order.len()]) % lines.len();
            turn += 1;
            let line = lines.swap_remove(at);
            match room.restore(line.id).await {
                Ok(_) => {}
                Err(Error::Conflict(_)) => put_off.push(line),
                Err(error) => panic!("{error:?}"),
            }
        }
        assert!(put_off.len() < count, "{put_off:?}");
        lines = put_off;
    }
    let mut restored = room.texts().await;
    restored.retain(|uid, _| !uid.starts_with("rival-"));
    assert_eq!(restored, original, "byte for byte");
}

fn hold_on(kind: DatabaseKind) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (_database, store) = runtime.block_on(async {
        let database = Database::new(kind).await;
        let store = database.open().await;
        (database, store)
    });
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 40,
        ..ProptestConfig::with_cases(24)
    });
    let number = std::sync::atomic::AtomicUsize::new(0);
    runner
        .run(&draft(), |draft| {
            let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            runtime.block_on(check(&store, number, &draft));
            Ok(())
        })
        .unwrap();
}

/// A cleared room stays as it is, and all that was removed, run by run, can be restored.
mod a_cleared_room_is_clear_and_everything_comes_back_byte_for_byte {
    use super::*;

    #[test]
    fn sqlite() {
        hold_on(DatabaseKind::Sqlite);
    }

    #[test]
    fn postgres() {
        hold_on(DatabaseKind::Postgres);
    }
}
