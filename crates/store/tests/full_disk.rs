//! What a full disk leaves behind in the pool of SQLite's connections.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use store::calendars::{self, Calendar};
use store::{Error, Store};
use testing::disk::SmallDisk;
use testing::{Database, block_on};

/// Adds a calendar with a long description.
async fn add(store: &Store, number: usize) -> Result<(), Error> {
    let transaction = store.begin().await?;
    let calendar = Calendar {
        name: "A room".repeat(2_000),
        ..Calendar::built_in(&format!("room-{number}"), "A room", "UTC")
    };
    calendars::insert(&transaction, &calendar).await?;
    transaction.commit().await
}

#[test]
fn after_a_full_disk_all_connections_write_and_see_what_was_written() {
    block_on(async {
        let Some(disk) = SmallDisk::new(8) else { return };
        let template = Database::sqlite().await;
        let file = disk.path().join("room-booking.sqlite");
        std::fs::copy(template.url.trim_start_matches("sqlite://"), &file).unwrap();
        let store = Database::existing(&format!("sqlite://{}", file.display())).open().await;
        // All connections of the pool are there.
        let mut readers = Vec::new();
        for _ in 0..4 {
            readers.push(store.begin_to_read().await.unwrap());
        }
        drop(readers);
        disk.fill();
        let (mut kept, mut refused) = (0, 0);
        while refused < 20 {
            // Room may come up in the log of what is not yet in the file.
            match add(&store, kept).await {
                Ok(()) => kept += 1,
                Err(_) => refused += 1,
            }
            // The next writer gets another connection.
            let reading = store.begin_to_read().await.unwrap();
            assert_eq!(calendars::all(&reading).await.unwrap().len(), kept);
        }
        disk.free();
        for number in kept..kept + 20 {
            add(&store, number).await.unwrap();
            let mut readers = Vec::new();
            for _ in 0..4 {
                let reading = store.begin_to_read().await.unwrap();
                assert_eq!(calendars::all(&reading).await.unwrap().len(), number + 1);
                readers.push(reading);
            }
        }
    });
}
