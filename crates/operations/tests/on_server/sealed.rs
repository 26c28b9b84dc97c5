//! Passwords of accounts: where they are sent, and what becomes of them when somebody changes rows.

use operations::{Error, Sync};
use store::sealed::{Lost, Rotated};
use testing::fake::{FakeCalDav, Quirks};
use testing::on_both_databases;

use harness::Room;
use harness::on_server::ServerRoom;
use harness::setup::Setup;

/// What a sync comes to, in words.
async fn synced(room: &ServerRoom) -> Result<(), String> {
    let calendar = room.room.service.calendar("room").await.unwrap();
    let synced = room.room.service.sync(&calendar, Sync::Update, &|_, _| {}).await;
    synced.map_err(|error| {
        assert!(matches!(error, Error::Server { .. }), "{error:?}");
        error.to_string()
    })
}

on_both_databases! {
    async fn a_calendar_that_is_moved_to_another_server_in_the_database_gets_no_password(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        synced(&room).await.unwrap();
        let evil = FakeCalDav::start(Quirks::RFC).await;
        let url = evil.calendar_url();
        database.execute(&format!("UPDATE calendars SET collection_url = '{url}'")).await;
        let said = synced(&room).await.unwrap_err();
        assert!(said.contains("its password is sent to no other server"), "{said}");
        assert!(evil.take().is_empty(), "no request is sent");
    }

    async fn an_account_that_is_moved_to_another_server_in_the_database_has_no_password(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let evil = FakeCalDav::start(Quirks::RFC).await;
        let url = evil.calendar_url();
        database.execute(&format!("UPDATE calendars SET collection_url = '{url}'")).await;
        database.execute(&format!("UPDATE accounts SET url = '{url}'")).await;
        // Another process, which has never known the password.
        let other = Setup::new(room.room.store()).service;
        let room = ServerRoom { room: Room { service: other, ..room.room }, ..room };
        let said = synced(&room).await.unwrap_err();
        assert!(said.contains("a stored secret cannot be decrypted"), "{said}");
        assert!(evil.take().is_empty(), "no request is sent");
        // A password that is entered again is for the new server.
        room.set_password(testing::fake::PASSWORD).await;
        synced(&room).await.unwrap();
        assert!(!evil.take().is_empty());
    }

    async fn after_a_rotation_a_server_that_was_not_started_again_says_so(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        synced(&room).await.unwrap();
        let other = Setup::new(room.room.store()).service;
        let next = "another secret of the tests".into();
        let actor = operations::command_line();
        let rotated = other.people().rotate_secret_key(&actor, &next, Lost::Refuse).await.unwrap();
        assert_eq!(rotated, Rotated::Done { encrypted: 1, forgotten: Vec::new() });
        let said = synced(&room).await.unwrap_err();
        assert!(said.contains("SECRET_KEY was changed"), "{said}");
        assert!(said.contains("start it again"), "{said}");
        let checked = room.room.service.people().check_secret_key().await.unwrap();
        assert_eq!((checked.secrets, checked.unreadable.len()), (1, 1));
    }
}
