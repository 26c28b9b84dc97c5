//! Passwords of accounts: where they are sent, and what becomes of them when somebody changes rows.

use facts::audit::Action;
use operations::{Error, Sync};
use store::sealed::{self, Rotated};
use store::vault::Cost;
use store::{accounts, audit, second_factors};
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

    async fn what_a_lost_key_encrypted_is_given_up_on_demand_and_the_audit_trail_names_whose_it_was(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let store = room.room.store();
        let ann = room.room.administrator("ann").await;
        let lost = sealed::vault(store, &"a key that is lost".into(), Cost::LOWEST).await.unwrap();
        let key = ("JBSW".into(), &lost);
        // Both are encrypted with a key that no process has any more.
        let account = accounts::all(store).await.unwrap().remove(0).id;
        database.execute("UPDATE accounts SET password = NULL").await;
        let transaction = store.begin().await.unwrap();
        second_factors::set(&transaction, ann, (&key.0, key.1), 1, &[], 1).await.unwrap();
        accounts::set_password(&transaction, account, &"x".into(), &lost).await.unwrap();
        transaction.commit().await.unwrap();
        let (people, actor) = (room.room.service.people(), operations::command_line());
        let next = "another secret of the tests".into();
        let (rotated, _) = people.rotate_secret_key(&actor, &next, false).await.unwrap();
        let Rotated::Unreadable(unreadable) = rotated else { panic!("{rotated:?}") };
        assert_eq!(unreadable.len(), 2);
        let given_up = people.rotate_secret_key(&actor, &next, true).await.unwrap();
        assert_eq!(given_up, (Rotated::Done(0), unreadable));
        assert_eq!(second_factors::find(store, ann).await.unwrap(), None);
        let (entries, _) = audit::page(store, None, None, 10, 10).await.unwrap();
        let removed = entries.iter().find(|it| it.action == Action::SecondFactorRemoved);
        assert_eq!(removed.map(|it| it.subject.as_str()), Some("ann"));
    }

    async fn after_a_rotation_a_server_that_was_not_started_again_says_so(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        synced(&room).await.unwrap();
        let other = Setup::new(room.room.store()).service;
        let next = "another secret of the tests".into();
        let actor = operations::command_line();
        let rotated = other.people().rotate_secret_key(&actor, &next, false).await.unwrap();
        assert_eq!(rotated, (Rotated::Done(1), Vec::new()));
        let said = synced(&room).await.unwrap_err();
        assert!(said.contains("SECRET_KEY was changed"), "{said}");
        assert!(said.contains("start it again"), "{said}");
        let checked = room.room.service.people().check_secret_key().await.unwrap();
        assert_eq!((checked.secrets, checked.unreadable.len()), (1, 1));
    }
}
