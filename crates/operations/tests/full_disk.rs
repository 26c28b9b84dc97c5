//! A run that meets a full disk removes nothing without its record.

use std::sync::Arc;

use harness::on_server::ServerRoom;
use harness::{event, seconds, told};
use testing::disk::SmallDisk;
use testing::fake::Quirks;
use testing::{Database, block_on};

#[test]
fn a_run_that_meets_a_full_disk_removes_nothing_without_its_record() {
    block_on(async {
        let Some(disk) = SmallDisk::new(8) else { return };
        let disk = Arc::new(disk);
        let template = Database::sqlite().await;
        let file = disk.path().join("room-booking.sqlite");
        std::fs::copy(template.url.trim_start_matches("sqlite://"), &file).unwrap();
        let database = Database::existing(&format!("sqlite://{}", file.display()));
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room = room.room.with_mail().await;
        for day in 3..=9 {
            let (start, end) = (format!("030{day}T10"), format!("030{day}T11"));
            room.put(event(&format!("a{day}"), "0101T00", &start, &end));
            room.put(event(&format!("b{day}"), "0102T00", &start, &end).by("ann@example.org"));
        }
        // The disk is full from the third deletion on, which the server carries out.
        let (filled, mut deletions) = (Arc::clone(&disk), 0);
        room.server.before(move |request, _| {
            deletions += i32::from(request.method == "DELETE");
            if deletions == 3 && request.method == "DELETE" {
                filled.fill();
            }
            None
        });
        let report = room.room.clear().await;
        assert_eq!(
            told(&report),
            ["deleted b3 0303T10 by a3", "deleted b4 0304T10 by a4", "failed room"]
        );
        let error = report.failed_calendars[0].error.to_string();
        assert!(error.starts_with("the database is full"), "{error}");
        room.server.behave();
        assert_eq!(room.uids(), "a3 a4 a5 a6 a7 a8 a9 b6 b7 b8 b9", "b5 is gone");
        let states = async || database.column("SELECT state FROM changes ORDER BY id").await;
        assert_eq!(states().await, ["done", "done", "prepared"], "and there is a record of it");
        assert_eq!(room.room.lines().await.len(), 2);

        disk.free();
        // The lease of the run could not be given back. It expires.
        database.execute("DELETE FROM leases").await;
        room.at(seconds(120));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states().await, ["done", "done", "done"]);
        assert_eq!(room.room.lines().await.len(), 3, "it is in the history");
        assert_eq!(room.room.mails().await.len(), 3, "and its organizer is told");
        assert_eq!(told(&room.room.clear().await).len(), 4, "the next run does the rest");
    });
}
