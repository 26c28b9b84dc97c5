//! The schema of both databases: what it promises, and that its document says it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "schema/document.rs"]
mod document;

use std::collections::{BTreeMap, BTreeSet};

use clearing::Reason;
use facts::audit::Action;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use store::calendars::{self, Backend, Calendar, PriorityKind};
use store::history::{Cause, ChangeState, NewChange, RemovalKind, Way};
use store::{accounts, history, links, outbox, rooms, run_calendars, tokens, uid_metadata};
use testing::on_both_databases;

/// The first column of all rows, as text.
async fn column(connection: &DatabaseConnection, sql: &str) -> BTreeSet<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

/// The columns that refer to a table, as `table.column`.
fn references(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "SELECT CAST(conrelid AS regclass) || '.' || attname FROM pg_constraint \
             JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'"
        }
        _ => {
            "SELECT m.name || '.' || f.\"from\" \
             FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        }
    }
}

/// The columns with which an index begins that has a row for each value but NULL.
fn indexed(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "SELECT CAST(indrelid AS regclass) || '.' || attname FROM pg_index \
             JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] \
             WHERE indpred IS NULL OR pg_get_expr(indpred, indrelid) = '(' || attname || ' IS NOT NULL)'"
        }
        _ => {
            "SELECT m.name || '.' || i.name FROM sqlite_master m, pragma_index_list(m.name) l, \
               pragma_index_info(l.name) i LEFT JOIN sqlite_master s ON s.name = l.name \
             WHERE m.type = 'table' AND i.seqno = 0 \
               AND (l.partial = 0 OR s.sql LIKE '% WHERE ' || i.name || ' IS NOT NULL') \
             UNION SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.pk = 1 AND c.type = 'INTEGER' \
               AND (SELECT COUNT(*) FROM pragma_table_info(m.name) WHERE pk > 0) = 1"
        }
    }
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<String> {
    all.iter().map(|it| word(*it).to_owned()).collect()
}

#[test]
fn the_document_of_the_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema.md");
    let found = std::fs::read_to_string(path).unwrap_or_default();
    let is_same = found == document::render();
    assert!(is_same, "run `cargo run -p store --example schema > docs/schema.md`");
}

#[test]
fn the_words_of_each_column_are_those_of_its_enum() {
    let ways = words(&Way::ALL, Way::as_str);
    let ties = words(&calendars::TIES, calendars::ties_name);
    let reasons = Reason::ALL.iter().map(|it| it.as_str().to_owned());
    let announced = std::iter::once("removed".to_owned()).chain(reasons).collect();
    let expected = BTreeMap::from(
        [
            ("accounts.sign_in", words(&accounts::SignIn::ALL, accounts::SignIn::as_str)),
            ("announced.reason", announced),
            ("audit.action", Action::ALL.iter().map(|it| it.id()).collect()),
            ("calendars.backend", words(&Backend::WORDS, |it| it)),
            (
                "calendars.unknown_zone",
                words(&calendars::UNKNOWN_ZONES, calendars::unknown_zone_name),
            ),
            ("calendars.rank_by", words(&calendars::RANKS, calendars::rank_name)),
            ("changes.asked_by", ways.clone()),
            ("changes.cause", words(&Cause::ALL, Cause::as_str)),
            ("changes.state", words(&ChangeState::ALL, ChangeState::as_str)),
            ("one_time_links.purpose", words(&links::Purpose::ALL, links::Purpose::as_str)),
            ("outbox.kind", words(&outbox::MessageKind::ALL, outbox::MessageKind::as_str)),
            ("outbox.state", words(&outbox::MessageState::ALL, outbox::MessageState::as_str)),
            ("priorities.kind", words(&PriorityKind::ALL, PriorityKind::as_str)),
            ("priorities.ties", ties.clone()),
            ("retention.what", words(&history::Retained::ALL, history::Retained::as_str)),
            ("removals.kind", words(&RemovalKind::ALL, RemovalKind::as_str)),
            (
                "run_calendars.outcome",
                words(&run_calendars::RunOutcome::ALL, run_calendars::RunOutcome::as_str),
            ),
            ("runs.started_by", ways),
            (
                "token_bindings.state",
                words(&tokens::BindingState::ALL, tokens::BindingState::as_str),
            ),
            ("tokens.ties", ties),
        ]
        .map(|(column, words)| (column.to_owned(), words)),
    );
    let mut found = BTreeMap::new();
    for table in document::tables() {
        for column in table.columns.into_iter().filter(|it| !it.words.is_empty()) {
            found.insert(format!("{}.{}", table.name, column.name), column.words);
        }
    }
    assert_eq!(found, expected);
}

on_both_databases! {
    async fn every_reference_has_an_index(database) {
        database.open().await.close().await.unwrap();
        let raw = testing::connect(&database.url).await;
        let backend = raw.get_database_backend();
        let references = column(&raw, references(backend)).await;
        let indexed = column(&raw, indexed(backend)).await;
        let without: Vec<_> = references.difference(&indexed).collect();
        assert!(without.is_empty(), "{without:?}");
        // That the queries find what there is.
        let of_document = document::tables().into_iter().flat_map(|table| {
            let columns = table.columns.into_iter().filter(|it| it.refers_to.is_some());
            columns.map(move |it| format!("{}.{}", table.name, it.name))
        });
        assert_eq!(references, of_document.collect());
    }

    async fn both_databases_have_the_tables_and_columns_of_the_document(database) {
        database.open().await.close().await.unwrap();
        let raw = testing::connect(&database.url).await;
        let sql = match raw.get_database_backend() {
            DbBackend::Postgres => {
                "SELECT table_name || '.' || column_name FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name <> 'schema_migrations'"
            }
            _ => {
                "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT IN ('schema_migrations', 'sqlite_sequence')"
            }
        };
        let of_document = document::tables().into_iter().flat_map(|table| {
            let columns = table.columns.into_iter();
            columns.map(move |it| format!("{}.{}", table.name, it.name))
        });
        assert_eq!(column(&raw, sql).await, of_document.collect());
    }

    async fn a_word_that_no_enum_has_is_refused(database) {
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        let new = Calendar::built_in("room", "A room", "UTC");
        calendars::insert(&transaction, &new).await.unwrap();
        transaction.commit().await.unwrap();
        let raw = testing::connect(&database.url).await;
        let set = async |word: &str| {
            raw.execute_unprepared(&format!("UPDATE calendars SET rank_by = '{word}'")).await
        };
        set("created").await.unwrap();
        assert!(set("nonsense").await.is_err());
    }

    async fn a_calendar_that_is_deleted_leaves_no_row_behind_once_its_texts_are_collected(database) {
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        let new = Calendar::built_in("room", "A room", "UTC");
        let id = calendars::insert(&transaction, &new).await.unwrap();
        let picture = rooms::Picture { media_type: "image/png".to_owned(), picture: vec![1, 2] };
        rooms::set_picture(&transaction, id, Some(&picture)).await.unwrap();
        let change = NewChange {
            run: None,
            calendar: id,
            href: "a.ics",
            uid: "a",
            cause: Cause::Request,
            asked: None,
            before: Some((b"before", "\"1\"")),
            after: Some((b"after", None)),
            now: 1,
        };
        history::insert_change(&transaction, &change).await.unwrap();
        uid_metadata::see(&transaction, id, "a", 1).await.unwrap();
        uid_metadata::set_ended(&transaction, id, "a", Some(b"gone"), 1).await.unwrap();
        calendars::protect(&transaction, Some(id), "a").await.unwrap();
        transaction.commit().await.unwrap();
        let raw = testing::connect(&database.url).await;
        raw.execute_unprepared("DELETE FROM calendars").await.unwrap();
        for part in 0..store::texts::PARTS {
            let transaction = store.begin().await.unwrap();
            store::texts::collect(&transaction, part).await.unwrap();
            transaction.commit().await.unwrap();
        }
        for table in document::tables() {
            let sql = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {}", table.name);
            assert_eq!(column(&raw, &sql).await.first().unwrap(), "0", "{}", table.name);
        }
    }
}
