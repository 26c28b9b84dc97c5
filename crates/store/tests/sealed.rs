//! Encrypted columns: what a ciphertext is bound to, and the change of the key.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use sea_orm::ConnectionTrait as _;
use secrecy::{ExposeSecret as _, SecretString};
use store::accounts::{self, Account, SignIn};
use store::sealed::{self, Rotated, SealedColumn, Unreadable};
use store::users::{self, NewUser};
use store::vault::{Cost, Vault};
use store::{AccountId, Error, Store, UserId, second_factors};
use testing::{Database, on_both_databases};

#[path = "schema/document.rs"]
#[allow(dead_code, reason = "the schema's own test renders the document")]
mod document;

/// Byte strings that are no secrets that have to be read again: hashes, and what people write.
const NOT_SEALED: [&str; 16] = [
    "api_keys.hash",
    "sessions.token",
    "recovery_codes.code",
    "one_time_links.token",
    "key_derivation.salt",
    "key_derivation.proof",
    "calendar_pictures.picture",
    "template_logos.picture",
    "tokens.hash",
    "objects.text",
    "texts.digest",
    "texts.data",
    "uid_metadata.last_text",
    "changes.before_text",
    "changes.after_text",
    "idempotency_keys.request",
];

fn account(name: &str) -> Account {
    Account {
        id: AccountId(0),
        name: name.to_owned(),
        url: "https://dav.example.org/principals/rooms/".to_owned(),
        user_name: name.to_owned(),
        sign_in: SignIn::Basic,
        server_kind: None,
        server_version: None,
        allows_plain_http: false,
        version: 0,
        refused_at: None,
    }
}

async fn vault(store: &Store, key: &str) -> Vault {
    sealed::vault(store, &key.into(), Cost::LOWEST).await.unwrap()
}

/// Two accounts with the passwords `one` and `two`, and a user with the second factor `JBSW`.
async fn filled(store: &Store, vault: &Vault) -> (AccountId, AccountId, UserId) {
    let transaction = store.begin().await.unwrap();
    let keep = async |name: &str, password: &str| {
        let password = SecretString::from(password);
        accounts::insert(&transaction, &account(name), &password, vault).await.unwrap()
    };
    let (one, two) = (keep("one", "one").await, keep("two", "two").await);
    let new = NewUser { name: "ann", address: None, is_administrator: true };
    let ann = users::insert(&transaction, &new, 1).await.unwrap();
    let key = SecretString::from("JBSW");
    second_factors::set(&transaction, ann, (&key, vault), 1, &[], 1).await.unwrap();
    transaction.commit().await.unwrap();
    (one, two, ann)
}

async fn password(store: &Store, id: AccountId, vault: &Vault) -> store::Result<String> {
    let password = accounts::password(store, id, vault).await;
    password.map(|it| it.expose_secret().to_owned())
}

async fn key(store: &Store, user: UserId, vault: &Vault) -> store::Result<String> {
    let factor = second_factors::find(store, user).await.unwrap().unwrap();
    factor.key(store, user, vault).await.map(|it| it.expose_secret().to_owned())
}

async fn damage(database: &Database, sql: &str) {
    let raw = testing::connect(&database.url).await;
    raw.execute_unprepared(sql).await.unwrap();
    raw.close().await.unwrap();
}

#[test]
fn every_encrypted_column_of_the_schema_is_known_to_the_rotation_of_the_key() {
    let sealed: Vec<String> =
        SealedColumn::ALL.iter().map(|it| format!("{}.{}", it.column().0, it.column().1)).collect();
    let mut encrypted = Vec::new();
    for table in document::tables() {
        for column in table.columns {
            let name = format!("{}.{}", table.name, column.name);
            if column.comment.contains("encrypted with") {
                encrypted.push(name);
            } else if column.kind.starts_with("bytes") {
                assert!(
                    NOT_SEALED.contains(&name.as_str()),
                    "is {name} a secret to be read again?"
                );
            }
        }
    }
    encrypted.sort();
    let mut expected = sealed;
    expected.sort();
    assert_eq!(encrypted, expected);
}

on_both_databases! {
    async fn a_password_that_is_moved_to_another_account_cannot_be_decrypted(database) {
        let store = database.open().await;
        let vault = vault(&store, "a key of the tests").await;
        let (one, two, _) = filled(&store, &vault).await;
        assert_eq!(password(&store, one, &vault).await.unwrap(), "one");
        let sql = format!(
            "UPDATE accounts SET password = (SELECT password FROM accounts WHERE id = {one}) \
             WHERE id = {two}"
        );
        damage(&database, &sql).await;
        assert!(matches!(password(&store, two, &vault).await, Err(Error::Secret)));
        assert_eq!(password(&store, one, &vault).await.unwrap(), "one");
        let (count, unreadable) = sealed::check(&store, &vault).await.unwrap();
        let column = SealedColumn::AccountPassword;
        assert_eq!((count, unreadable), (3, vec![Unreadable { column, id: two.0 }]));
    }

    async fn a_password_is_of_no_use_where_the_address_of_its_account_is_changed(database) {
        let store = database.open().await;
        let vault = vault(&store, "a key of the tests").await;
        let (one, _, _) = filled(&store, &vault).await;
        for (url, is_readable) in [
            ("https://evil.example/principals/rooms/", false),
            ("http://dav.example.org/principals/rooms/", false),
            ("https://dav.example.org:8443/principals/rooms/", false),
            ("dav.example.org", false),
            ("https://dav.example.org/another/path/", true),
        ] {
            damage(&database, &format!("UPDATE accounts SET url = '{url}'")).await;
            let found = password(&store, one, &vault).await;
            assert_eq!(found.is_ok(), is_readable, "{url}: {found:?}");
        }
        // Entered anew, it is bound to the new address.
        damage(&database, "UPDATE accounts SET url = 'https://new.example.org/'").await;
        let transaction = store.begin().await.unwrap();
        accounts::set_password(&transaction, one, &"new".into(), &vault).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(password(&store, one, &vault).await.unwrap(), "new");
    }

    async fn a_second_factor_that_is_moved_to_another_user_cannot_be_decrypted(database) {
        let store = database.open().await;
        let vault = vault(&store, "a key of the tests").await;
        let (_, _, ann) = filled(&store, &vault).await;
        assert_eq!(key(&store, ann, &vault).await.unwrap(), "JBSW");
        let transaction = store.begin().await.unwrap();
        let new = NewUser { name: "bob", address: None, is_administrator: false };
        let bob = users::insert(&transaction, &new, 1).await.unwrap();
        transaction.commit().await.unwrap();
        damage(&database, &format!("UPDATE second_factors SET user_id = {bob}")).await;
        assert!(matches!(key(&store, bob, &vault).await, Err(Error::Secret)));
    }

    async fn two_processes_that_start_together_derive_the_same_key(database) {
        let (store, other) = (database.open().await, database.open().await);
        let key = SecretString::from("a key of the tests");
        let (one, two) = tokio::join!(
            sealed::vault(&store, &key, Cost::LOWEST),
            sealed::vault(&other, &key, Cost::LOWEST),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        let (id, _, _) = filled(&store, &one).await;
        assert_eq!(password(&other, id, &two).await.unwrap(), "one");
        assert_eq!(one.derivation(), two.derivation());
        // What it costs is kept, whatever a later version would choose.
        let again = sealed::vault(&store, &key, Cost { memory_kib: 16, passes: 2 }).await.unwrap();
        assert_eq!(again.derivation().cost, Cost::LOWEST);
    }

    async fn a_derivation_that_nobody_can_compute_is_an_error(database) {
        let store = database.open().await;
        vault(&store, "a key of the tests").await;
        let unheard_of = ["memory_kib = 1048577", "memory_kib = -1", "passes = 101", "passes = 0"];
        for damaged in unheard_of {
            let sql = "UPDATE key_derivation SET memory_kib = 8, passes = 1";
            damage(&database, sql).await;
            damage(&database, &format!("UPDATE key_derivation SET {damaged}")).await;
            let key = SecretString::from("a key of the tests");
            let vault = sealed::vault(&store, &key, Cost::LOWEST).await;
            assert!(matches!(vault, Err(Error::Damaged(_))), "{damaged}");
        }
    }

    async fn a_new_key_encrypts_everything_and_the_former_one_is_of_no_use_any_more(database) {
        let store = database.open().await;
        let former = vault(&store, "the former key").await;
        let (one, two, ann) = filled(&store, &former).await;
        let next = sealed::next_vault(&"the next key".into(), Cost::LOWEST).await.unwrap();
        let transaction = store.begin().await.unwrap();
        let rotated = sealed::rotate(&transaction, &former, &next).await.unwrap();
        assert_eq!(rotated, Rotated::Done(3));
        transaction.commit().await.unwrap();

        let next = vault(&store, "the next key").await;
        assert_eq!(password(&store, one, &next).await.unwrap(), "one");
        assert_eq!(password(&store, two, &next).await.unwrap(), "two");
        assert_eq!(key(&store, ann, &next).await.unwrap(), "JBSW");
        assert_eq!(sealed::check(&store, &next).await.unwrap(), (3, Vec::new()));
        // A process that was not started again can neither read nor write.
        assert!(matches!(password(&store, one, &former).await, Err(Error::KeyChanged)));
        assert!(matches!(key(&store, ann, &former).await, Err(Error::KeyChanged)));
        let transaction = store.begin().await.unwrap();
        let set = accounts::set_password(&transaction, one, &"new".into(), &former).await;
        assert!(matches!(set, Err(Error::KeyChanged)), "{set:?}");
        let kept = accounts::insert(&transaction, &account("three"), &"x".into(), &former).await;
        assert!(matches!(kept, Err(Error::KeyChanged)), "{kept:?}");
        let jbsw = SecretString::from("JBSX");
        let set = second_factors::set(&transaction, ann, (&jbsw, &former), 1, &[], 1).await;
        assert!(matches!(set, Err(Error::KeyChanged)), "{set:?}");
        let again = sealed::rotate(&transaction, &former, &next).await;
        assert!(matches!(again, Err(Error::KeyChanged)), "{again:?}");
        drop(transaction);
        // With the former key after a start, it is the wrong one.
        let wrong = vault(&store, "the former key").await;
        assert!(matches!(password(&store, one, &wrong).await, Err(Error::WrongKey)));
        assert_eq!(sealed::check(&store, &wrong).await.unwrap().1.len(), 3);
    }

    async fn the_first_secret_decides_which_key_is_the_right_one_and_no_other_stores_any(database) {
        let store = database.open().await;
        // Mistyped, and noticed before anything was stored.
        let wrong = vault(&store, "the wrong key").await;
        let right = vault(&store, "the right key").await;
        assert!(sealed::is_key_of(&store, &wrong).await.unwrap());
        assert!(sealed::is_key_of(&store, &right).await.unwrap());
        filled(&store, &right).await;
        assert!(sealed::is_key_of(&store, &right).await.unwrap());
        assert!(!sealed::is_key_of(&store, &wrong).await.unwrap());
        let transaction = store.begin().await.unwrap();
        let kept = accounts::insert(&transaction, &account("three"), &"x".into(), &wrong).await;
        assert!(matches!(kept, Err(Error::WrongKey)), "{kept:?}");
    }

    async fn a_rotation_with_a_secret_that_cannot_be_decrypted_names_it_and_changes_nothing(database) {
        let store = database.open().await;
        let present = vault(&store, "the present key").await;
        let (one, two, ann) = filled(&store, &present).await;
        damage(&database, &format!("UPDATE accounts SET url = 'https://evil/' WHERE id = {two}")).await;
        let next = sealed::next_vault(&"the next key".into(), Cost::LOWEST).await.unwrap();
        let transaction = store.begin().await.unwrap();
        let rotated = sealed::rotate(&transaction, &present, &next).await.unwrap();
        let column = SealedColumn::AccountPassword;
        assert_eq!(rotated, Rotated::Unreadable(vec![Unreadable { column, id: two.0 }]));
        drop(transaction);
        assert_eq!(password(&store, one, &present).await.unwrap(), "one");
        assert_eq!(key(&store, ann, &present).await.unwrap(), "JBSW");
    }

    async fn of_a_rotation_and_a_new_password_at_once_neither_is_lost(database) {
        let store = database.open().await;
        let present = vault(&store, "the present key").await;
        let (one, _, _) = filled(&store, &present).await;
        let next = sealed::next_vault(&"the next key".into(), Cost::LOWEST).await.unwrap();
        let rotate = async {
            let transaction = store.begin().await.unwrap();
            let rotated = sealed::rotate(&transaction, &present, &next).await.unwrap();
            assert_eq!(rotated, Rotated::Done(3));
            transaction.commit().await.unwrap();
        };
        let set = async {
            let transaction = store.begin().await.unwrap();
            let set = accounts::set_password(&transaction, one, &"new".into(), &present).await;
            match set {
                Ok(()) => transaction.commit().await.map(|()| "new"),
                Err(Error::KeyChanged) => Ok("one"),
                Err(error) => Err(error),
            }
        };
        let ((), expected) = tokio::join!(rotate, set);
        let next = vault(&store, "the next key").await;
        assert_eq!(password(&store, one, &next).await.unwrap(), expected.unwrap());
    }
}

#[cfg(unix)]
#[test]
fn a_new_database_is_its_owners_alone_with_the_files_beside_it() {
    use std::os::unix::fs::PermissionsExt as _;
    testing::block_on(async {
        let database = Database::empty(store::DatabaseKind::Sqlite).await;
        let store = database.open().await;
        vault(&store, "a key of the tests").await;
        let path = database.url.trim_start_matches("sqlite://").to_owned();
        for end in ["", "-wal", "-shm"] {
            let mode = std::fs::metadata(format!("{path}{end}")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{end}");
        }
        store.close().await.unwrap();
    });
}
