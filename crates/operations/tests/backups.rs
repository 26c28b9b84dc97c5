//! Backups bring back what was there, from either database into either, and a restored database repeats nothing that
//! may have been done since.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use harness::on_server::ServerRoom;
use harness::{NOW, Room, days, event, seconds, told};
use operations::{Clock, DailyBackups, Reader, Service, command_line};
use store::archive::{Archive, ArchiveError, Restored};
use store::outbox::MessageState;
use store::{DatabaseKind, Store};
use testing::fake::{Quirks, Tries};
use testing::scripted::Answer;
use testing::{Database, block_on, on_both_databases};

use crate::deliver::{deliver, letters, room as room_with_letters};
use crate::on_server::changes::{old, states, young};
use crate::pending::two;

const HOUR: i64 = 3_600;

/// A folder for backups.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names in it, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    async fn back_up(&self, service: &Service) -> PathBuf {
        service.backup(&self.file("rooms.backup")).await.unwrap().file
    }

    async fn open(&self, file: &Path) -> Result<Archive, ArchiveError> {
        Archive::open(file, self.0.path()).await
    }

    async fn restore(&self, file: &Path, service: &Service) -> Result<Restored, ArchiveError> {
        let archive = self.open(file).await?;
        let restored = service.restore_backup(&command_line(), &archive).await;
        archive.close().await;
        restored
    }
}

/// A room with a history: an event lost its hour, and its organizer gets a message.
async fn with_history(store: &Store) -> Room {
    let (room, _) = room_with_letters(store).await;
    let room = room.with(event("new", "0201T00", "0303T10", "0303T11").by("ann@example.org")).await;
    let room = room.with(event("ünïcode \u{1F4C5}", "0201T00", "0304T10", "0304T11")).await;
    room.administrator("ada").await;
    room.clear().await;
    room
}

/// The rows of all tables that do not depend on when and where they were restored.
async fn dump(database: &Database) -> Vec<String> {
    let is_kept = |it: &String| {
        !["audit ", "outbox ", "calendar_health ", "calendar_sync ", "leases "]
            .iter()
            .any(|table| it.starts_with(table))
    };
    let lines = database.dump().await.into_iter().filter(is_kept);
    // The two databases write these differently.
    let same = |it: String| {
        it.replace("\\x", "").replace(" true", " 1").replace(" false", " 0").to_lowercase()
    };
    let mut lines: Vec<_> = lines.map(same).collect();
    lines.sort();
    lines
}

on_both_databases! {
    async fn a_backup_is_restored_into_an_empty_database_of_either_kind(database) {
        let folder = Folder::new();
        let room = with_history(&database.open().await).await;
        let backup = room.service.backup(&folder.file("rooms.backup")).await.unwrap();
        assert_eq!(folder.names(), ["rooms.backup"], "nothing is left beside it");
        assert_eq!(fs::metadata(&backup.file).unwrap().permissions().mode() & 0o777, 0o600);
        let again = room.service.backup(&backup.file).await;
        assert!(again.is_err(), "no file is replaced");
        for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
            let other = Database::new(kind).await;
            let store = other.open().await;
            let there = Room { service: Room::named(&store, "will-be-gone").await.service, calendar: room.calendar.clone() };
            let restored = folder.restore(&backup.file, &there.service).await.unwrap();
            assert_eq!(restored.contents, backup.contents);
            assert_eq!(dump(&other).await, dump(&database).await, "{kind:?}");
            assert_eq!(there.uids().await, room.uids().await);
            // It works on: ids go on behind those that are there.
            let there = there.with(event("later", "0202T00", "0303T11", "0303T12").by("bob@example.org")).await;
            assert_eq!(told(&there.clear().await), ["deleted later 0303T11 by old"]);
            assert!(there.restore(there.line("new", "0303T10").await).await.is_ok());
            there.user("bob").await;
            store.close().await.unwrap();
        }
    }

    async fn mail_that_a_backup_has_as_waiting_is_held_until_somebody_releases_it(database) {
        let folder = Folder::new();
        let (room, memory) = room_with_letters(&database.open().await).await;
        let room = room.with(event("new", "0201T00", "0303T10", "0303T11").by("ann@example.org")).await;
        room.clear().await;
        let backup = folder.back_up(&room.service).await;
        assert_eq!(deliver(&room).await.0, 1, "it goes after the backup");
        let sent = memory.emails().len();
        let restored = folder.restore(&backup, &room.service).await.unwrap();
        assert_eq!(restored.held, 1);
        let later = room.at(days(1));
        assert_eq!(deliver(&later).await, (0, 0, 0));
        assert_eq!(memory.emails().len(), sent, "nobody is told twice");
        let held = letters(&room).await.remove(0);
        assert_eq!(*held.state, MessageState::Held);
        let why = held.detail.unwrap();
        assert_eq!(why, "it was waiting in a backup that was restored, and may have been sent since");
        later.service.release_message(&command_line(), held.id).await.unwrap();
        assert_eq!(deliver(&later).await.0, 1);
    }

    async fn pending_removals_get_their_grace_again_or_wait_for_a_decision(database) {
        let folder = Folder::new();
        let (room, _) = two(&database.open().await).await;
        room.clear().await;
        deliver(&room).await;
        let backup = folder.back_up(&room.service).await;
        // Twelve hours later, it has not run out: it begins anew.
        let later = room.at(seconds(12 * HOUR));
        let restored = folder.restore(&backup, &later.service).await.unwrap();
        assert_eq!((restored.begun_anew, restored.undecided), (1, 0));
        assert_eq!(room.at(days(1)).service.remove_due().await.unwrap(), 0);
        assert_eq!(room.at(seconds(36 * HOUR)).service.remove_due().await.unwrap(), 1);
        // Two days later, it has: what was decided meanwhile is not known.
        let later = room.at(days(2));
        let restored = folder.restore(&backup, &later.service).await.unwrap();
        assert_eq!((restored.begun_anew, restored.undecided), (0, 1));
        assert_eq!(later.service.remove_due().await.unwrap(), 0);
        later.clear().await;
        assert_eq!(room.uids().await, "new old");
        let all = later.service.pending_removals(&[room.calendar.clone()], &Reader::administrator()).await.unwrap();
        assert!(all[0].needs_attention(), "{all:?}");
    }

    async fn a_mirror_from_a_backup_is_compared_with_its_server_and_keeps_what_was_seen_first(database) {
        let folder = Folder::new();
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(event("old", "0101T00", "0303T10", "0303T12"));
        room.room.clear().await;
        let backup = folder.back_up(&room.room.service).await;
        room.advance(std::time::Duration::from_secs(600));
        room.put(event("new", "0201T00", "0303T11", "0303T13"));
        // The server comes from a backup, too: it says that nothing has changed since the token of ours.
        // The server's list of changes lacks it, as after a backup of its own.
        room.server.with(|state| state.calendars.values_mut().for_each(|it| it.lose_change("new.ics")));
        room.server.take();
        let service = room.restarted();
        let restored = folder.restore(&backup, &service).await.unwrap();
        assert_eq!(restored.mirrors, 1);
        let after = Room { service, calendar: room.room.calendar.clone() };
        assert_eq!(told(&after.clear().await), ["deleted new 0303T11 by old"]);
        assert_eq!(room.uids(), "old");
    }

    async fn a_change_that_was_in_doubt_is_recorded_after_a_restore_and_its_message_is_held(database) {
        let folder = Folder::new();
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        let mut room = ServerRoom { room: room.room.with_mail().await, server: room.server };
        room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(504));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        let backup = folder.back_up(&room.room.service).await;
        // The server did it, and the organizer got a message by what the backup replaces.
        room.server.behave();
        room.server.remove("young.ics");
        room.at(days(3));
        folder.restore(&backup, &room.room.service).await.unwrap();
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.lines().await.len(), 1, "it can be restored");
        assert_eq!(room.room.mails().await, ["removed young ann@example.org held"]);
    }

    async fn nothing_is_changed_by_a_backup_that_is_damaged_or_none(database) {
        let folder = Folder::new();
        let room = with_history(&database.open().await).await;
        let backup = folder.back_up(&room.service).await;
        let whole = fs::read(&backup).unwrap();
        let before = dump(&database).await;
        let at = whole.windows(4).position(|it| it == b"VEVE").unwrap();
        let mut changed = whole.clone();
        changed[at] = b'W';
        let mut cases = vec![
            ("changed", changed),
            ("cut", whole[..whole.len() / 2].to_vec()),
            ("empty", Vec::new()),
            ("text", b"no backup at all".to_vec()),
        ];
        let database_file = Database::sqlite().await;
        database_file.open().await.close().await.unwrap();
        let path = database_file.url.trim_start_matches("sqlite://");
        cases.push(("a database", fs::read(path).unwrap()));
        for (name, bytes) in cases {
            let file = folder.file(name);
            fs::write(&file, bytes).unwrap();
            let refused = folder.restore(&file, &room.service).await;
            let refused = refused.unwrap_err();
            let is_right = matches!(refused, ArchiveError::Damaged(_) | ArchiveError::NoBackup(_));
            assert!(is_right, "{name}: {refused}");
            assert_eq!(dump(&database).await, before, "{name}");
        }
        let missing = folder.restore(&folder.file("missing"), &room.service).await;
        assert!(matches!(missing, Err(ArchiveError::File(_))));
        let newer = testing::connect(&format!("sqlite://{}", backup.display())).await;
        sea_orm::ConnectionTrait::execute_unprepared(&newer, "INSERT INTO schema_migrations VALUES ('0099_later')").await.unwrap();
        newer.close().await.unwrap();
        let newer = folder.restore(&backup, &room.service).await.unwrap_err();
        assert!(matches!(newer, ArchiveError::Newer(_)), "{newer}");
        assert_eq!(dump(&database).await, before);
    }

    async fn while_a_server_or_a_run_works_on_a_database_nothing_replaces_it(database) {
        let folder = Folder::new();
        let room = with_history(&database.open().await).await;
        let backup = folder.back_up(&room.service).await;
        // A server measures its life by the database's clock.
        let mut server = room.service.clone();
        server.clock = Clock::system();
        let running = server.begin_to_serve().await.unwrap();
        let refused = folder.restore(&backup, &room.service).await.unwrap_err();
        assert!(matches!(refused, ArchiveError::InUse(it) if it.servers == 1), "{refused}");
        assert!(!server.is_replaced(&running).await.unwrap());
        // It froze, and counts as gone; when it wakes up, it finds another database.
        database.execute("UPDATE servers SET seen_at = seen_at - 60").await;
        database.execute("INSERT INTO leases (name, holder, expires_at) SELECT 'calendar 1', 'x', seen_at + 100 FROM servers").await;
        let refused = folder.restore(&backup, &room.service).await.unwrap_err();
        assert!(matches!(refused, ArchiveError::InUse(it) if it.servers == 0 && it.others == 1), "{refused}");
        database.execute("DELETE FROM leases").await;
        folder.restore(&backup, &room.service).await.unwrap();
        assert!(server.is_replaced(&running).await.unwrap());
        assert!(server.is_replaced(&running).await.unwrap(), "also when it asks again");
        let again = server.begin_to_serve().await.unwrap();
        assert!(!server.is_replaced(&again).await.unwrap());
        server.end_serving().await.unwrap();
        folder.restore(&backup, &room.service).await.unwrap();
    }

    async fn the_daily_backup_is_made_once_by_two_processes_and_the_oldest_go(database) {
        let folder = Folder::new();
        let room = with_history(&database.open().await).await;
        let settings = DailyBackups { folder: folder.0.path().to_owned(), keep: 2 };
        fs::write(folder.file("room-booking-mine.backup"), "").unwrap();
        let make = async |at: i64| {
            let (one, other) = (room.at(seconds(at)).service, room.at(seconds(at)).service);
            let made = tokio::join!(one.make_daily_backup(&settings), other.make_daily_backup(&settings));
            [made.0.unwrap(), made.1.unwrap()].into_iter().flatten().count()
        };
        let day = 24 * HOUR;
        assert_eq!((make(0).await, make(60).await, make(day - 1).await), (1, 0, 0));
        assert_eq!((make(day).await, make(2 * day).await), (1, 1));
        assert_eq!(folder.names(), [
            "room-booking-20260303T000000Z.backup",
            "room-booking-20260304T000000Z.backup",
            "room-booking-mine.backup",
        ]);
        let latest = folder.file("room-booking-20260304T000000Z.backup");
        assert_eq!(folder.open(&latest).await.unwrap().origin.made_at, NOW + 2 * day);
        // One that fails is tried again after a quarter of an hour, and said to have failed until then.
        let nowhere = DailyBackups { folder: folder.file("missing"), keep: 2 };
        let later = room.at(seconds(3 * day));
        assert!(later.service.make_daily_backup(&nowhere).await.unwrap().is_none());
        let last = store::scheduled_backups::last(room.store()).await.unwrap().unwrap();
        assert!(last.failure.is_some() && last.made_at == Some(NOW + 2 * day), "{last:?}");
        assert_eq!((make(3 * day + 60).await, make(3 * day + 900).await), (0, 1));
        assert_eq!(folder.names().len(), 3);
    }
}

#[test]
fn everything_is_copied_from_sqlite_to_an_empty_postgresql() -> Result<(), testing::NoPostgres> {
    testing::postgres_server()?;
    block_on(async {
        let (from, to) = (Database::sqlite().await, Database::empty(DatabaseKind::Postgres).await);
        let room = with_history(&from.open().await).await;
        let target = to.open().await;
        let mut server = room.service.clone();
        server.clock = Clock::system();
        server.begin_to_serve().await.unwrap();
        let refused = room.service.copy_database(&command_line(), &target).await.unwrap_err();
        assert!(matches!(refused, ArchiveError::InUse(_)), "{refused}");
        server.end_serving().await.unwrap();
        let copied = room.service.copy_database(&command_line(), &target).await.unwrap();
        assert!(copied.iter().any(|it| it.table == "removals" && it.rows == 1), "{copied:?}");
        assert_eq!(dump(&to).await, dump(&from).await);
        let mut there = room.clone();
        there.service.store = target.clone();
        // What waits is sent: this is the same database at another place.
        assert_eq!(deliver(&there).await.0, 1);
        there.user("bob").await;
        let again = room.service.copy_database(&command_line(), &target).await.unwrap_err();
        assert!(matches!(again, ArchiveError::NotEmpty(_)), "{again}");
    });
    Ok(())
}
