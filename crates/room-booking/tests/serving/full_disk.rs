//! A disk without space: the answer says so, nothing is lost, and all goes on once there is space again.

use std::process::Command;

use crate::in_process::InProcess;
use harness::Setup;
use harness::web::{Answer, Api, Browser};
use serde_json::json;
use store::calendars::Calendar;
use testing::disk::SmallDisk;
use testing::process::command;
use testing::program::{Ended, Folder};
use testing::{Database, block_on, ics};

/// What is said of it everywhere.
const SENTENCE: &str = "the database is full and nothing was saved: free space on the disk that holds it, \
                        then try again";

/// A server on a database with a room, a key for it, and an administrator's browser.
async fn start(database: Database) -> (InProcess, Api, Browser) {
    let setup = Setup::on_system_clock(&database.open().await);
    setup.service.ensure_templates().await.unwrap();
    let boss = setup.administrator("boss").await;
    setup.add(Calendar::built_in("room-1", "A room", "UTC"), &["boss"]).await;
    let key = setup.key("boss").await;
    let server = InProcess::start(database, setup, &[]).await;
    let api = Api::new(&server.url(), &key);
    let browser = Browser::signed_in(&server.url(), &server.service, boss).await;
    (server, api, browser)
}

/// Letters that no compression makes much shorter; another text for each number.
fn letters(number: usize, length: usize) -> String {
    let mut state = number as u64;
    let mut letter = || {
        // Knuth's multiplier and increment for a linear congruential generator of 64 bits.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"abcdefghijklmnopqrstuvwxyz"[(state >> 33) as usize % 26])
    };
    (0..length).map(|_| letter()).collect()
}

/// Books an event with a long description.
async fn book(api: &Api, number: usize) -> Answer {
    let at = |minute: usize| format!("2030-03-{:02}T10:{minute:02}", 1 + number % 28);
    let body = json!({
        "name": number.to_string(),
        "start": at(0),
        "end": at(30),
        "description": letters(number, 7_000),
    });
    api.post("/api/room-1/events", &body).await
}

/// Books until the disk is full; the answer that says so, and the number of bookings.
async fn book_until_full(api: &Api) -> (Answer, usize) {
    for number in 0..1_000 {
        let answer = book(api, number).await;
        match answer.status.as_u16() {
            201 => {}
            _ => return (answer, number),
        }
    }
    panic!("the disk is not full after 1,000 bookings");
}

#[test]
fn a_full_disk_of_sqlite_is_said_by_the_api_the_site_the_command_line_and_readiness() {
    block_on(async {
        let Some(disk) = SmallDisk::new(8) else { return };
        let template = Database::sqlite().await;
        let file = disk.path().join("room-booking.sqlite");
        std::fs::copy(template.url.trim_start_matches("sqlite://"), &file).unwrap();
        let url = format!("sqlite://{}", file.display());
        let (_server, api, mut browser) = start(Database::existing(&url)).await;
        disk.fill();
        let (answer, booked) = book_until_full(&api).await;
        answer.expect_problem(507);
        assert_eq!(answer.json["detail"], SENTENCE);
        assert_eq!(
            api.get("/readyz").await.expect_problem(503).json["detail"],
            "the database is full; free space on the disk that holds it"
        );
        assert_eq!(api.names("room-1").await.len(), booked, "what is there can be read");

        let page = browser.post("/admin/users", &[("name", "ann"), ("role", "ordinary")]).await;
        assert_eq!(page.status, 507, "{}", page.text);
        page.says("The server’s disk is full").says("then try again");

        let folder = Folder::new();
        // More than the disk holds, however well it is packed: a small write may find space in the
        // files of the database.
        let events: String = (0..2_400)
            .map(|number| {
                let (uid, name) =
                    (format!("UID:{number}"), format!("SUMMARY:{}", letters(number, 7_000)));
                ics::component([&*uid, "DTSTART:20300301T100000Z", &*name].into_iter())
            })
            .collect();
        folder.write("big.ics", &ics::file_of(&events));
        let import = command(folder.path(), &url, &["calendar", "import", "room-1", "big.ics"]);
        let said = Ended::of(import, "");
        assert_eq!(said.status(), 1);
        assert!(said.err().contains(SENTENCE), "{}", said.err());

        disk.free();
        // A lease that the full disk kept the import from giving back ends after 15 seconds.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        loop {
            let answer = book(&api, booked).await;
            match answer.status.as_u16() {
                201 => break,
                status => {
                    assert!(status == 503 && std::time::Instant::now() < deadline, "{answer:?}")
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        assert_eq!(api.names("room-1").await.len(), booked + 1);
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while api.get("/readyz").await.status != 200 {
            assert!(std::time::Instant::now() < deadline, "not ready again");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    });
}

#[test]
fn a_full_disk_of_postgresql_is_said() {
    block_on(async {
        let Some(disk) = SmallDisk::new(8) else { return };
        let owner = Command::new("chown").arg("postgres").arg(disk.path()).status().unwrap();
        assert!(owner.success());
        let server = testing::postgres_server().unwrap();
        let database = Database::postgres().await;
        let name = database.url.rsplit('/').next().unwrap().to_owned();
        let space = format!("small_{name}");
        let path = disk.path().display();
        let admin = Database::existing(&format!("{server}/postgres"));
        // PostgreSQL goes into its folders as another user.
        let opened = Command::new("chmod").arg("755").arg(disk.path().parent().unwrap()).status();
        assert!(opened.unwrap().success());
        admin.execute(&format!("CREATE TABLESPACE {space} LOCATION '{path}'")).await;
        for table in ["texts", "objects", "changes"] {
            database.execute(&format!("ALTER TABLE {table} SET TABLESPACE {space}")).await;
        }
        let (running, api, _) = start(database).await;
        disk.fill();
        let (answer, booked) = book_until_full(&api).await;
        answer.expect_problem(507);
        assert_eq!(answer.json["detail"], SENTENCE);
        assert_eq!(api.names("room-1").await.len(), booked, "what is there can be read");
        disk.free();
        assert_eq!(book(&api, booked).await.status, 201);
        running.service.store.clone().close().await.unwrap();
        drop(running);
        admin.execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        admin.execute(&format!("DROP TABLESPACE {space}")).await;
    });
}
