//! The schema of both databases: what it promises, and that its document says it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "schema/document.rs"]
mod document;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clearing::{RankBy, Reason, Ties};
use facts::Word;
use facts::audit::Action;
use ical::UnknownZones;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use store::calendars::{self, Calendar, PriorityKind};
use store::history::{Cause, ChangeState, NewChange, RemovalKind, Way};
use store::{
    accounts, history, identities, kept_conflicts, links, mail_links, outbox, pending, rooms,
    run_calendars, second_chances, tokens, uid_metadata, webhooks,
};
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

/// An enum of words: its name, and its words.
struct Words {
    of: &'static str,
    words: Vec<String>,
}

fn words<W: Word>() -> Words {
    let of = std::any::type_name::<W>().rsplit("::").next().unwrap();
    Words { of, words: W::ALL.iter().map(|it| it.as_str().to_owned()).collect() }
}

/// The enums of words that a crate declares, by `words!` or by `impl Word for …`.
fn declared(of_crate: &str) -> BTreeSet<String> {
    let mut open = vec![PathBuf::from(format!("{}/../{of_crate}/src", env!("CARGO_MANIFEST_DIR")))];
    let mut found = BTreeSet::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let of_macro = text.split("words! {\n").skip(1);
        let of_macro = of_macro.filter_map(|it| it.split_once("pub enum "));
        // Its own example is none of them.
        let of_macro = of_macro.filter(|_| !path.ends_with("word.rs")).map(|(_, it)| it);
        let by_hand = text.split("\nimpl Word for ").skip(1);
        let name = |it: &str| it.split(' ').next().unwrap().to_owned();
        found.extend(of_macro.chain(by_hand).map(name));
    }
    found
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
    let mut reasons = words::<Reason>();
    reasons.words.insert(0, "removed".to_owned());
    let expected = [
        ("accounts.server_kind", words::<accounts::ServerKind>()),
        ("accounts.sign_in", words::<accounts::SignIn>()),
        ("announced.reason", reasons),
        ("audit.action", words::<Action>()),
        ("calendars.backend", words::<calendars::BackendKind>()),
        ("calendars.conflicts", words::<clearing::ConflictHandling>()),
        ("calendars.rank_by", words::<RankBy>()),
        ("calendars.unknown_zone", words::<UnknownZones>()),
        ("changes.asked_by", words::<Way>()),
        ("changes.cause", words::<Cause>()),
        ("changes.state", words::<ChangeState>()),
        ("identities.kind", words::<identities::IdentityKind>()),
        ("kept_conflicts.outcome", words::<kept_conflicts::ConflictEnd>()),
        ("kept_conflicts.reason", words::<Reason>()),
        ("mail_links.act", words::<mail_links::LinkAct>()),
        ("one_time_links.purpose", words::<links::Purpose>()),
        ("outbox.kind", words::<outbox::MessageKind>()),
        ("outbox.state", words::<outbox::MessageState>()),
        ("pending_removals.decision", words::<pending::PendingDecision>()),
        ("pending_removals.outcome", words::<pending::PendingOutcome>()),
        ("priorities.kind", words::<PriorityKind>()),
        ("priorities.ties", words::<Ties>()),
        ("removals.restored_as", words::<Way>()),
        ("removals.kind", words::<RemovalKind>()),
        ("retention.what", words::<history::Retained>()),
        ("run_calendars.outcome", words::<run_calendars::RunOutcome>()),
        ("runs.ended_as", words::<history::RunEnd>()),
        ("runs.started_by", words::<Way>()),
        ("second_chances.outcome", words::<second_chances::ChanceEnd>()),
        ("sessions.vouched_by", words::<identities::IdentityKind>()),
        ("token_bindings.state", words::<tokens::BindingState>()),
        ("tokens.ties", words::<Ties>()),
        ("webhooks.kind", words::<webhooks::WebhookKind>()),
        ("webhooks.state", words::<webhooks::WebhookState>()),
    ];
    let covered: BTreeSet<_> = expected.iter().map(|(_, words)| words.of.to_owned()).collect();
    let declared: BTreeSet<_> = ["facts", "store"].into_iter().flat_map(declared).collect();
    assert_eq!(covered, declared, "every enum of words is that of a column");
    let expected: BTreeMap<_, _> =
        expected.into_iter().map(|(column, it)| (column.to_owned(), it.words)).collect();
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

    async fn a_word_that_no_enum_has_is_named_with_its_column_when_it_is_read(database) {
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        let new = Calendar::built_in("room", "A room", "UTC");
        calendars::insert(&transaction, &new).await.unwrap();
        transaction.commit().await.unwrap();
        let raw = testing::connect(&database.url).await;
        // What a CHECK refuses can still be in a damaged file, or of a later version.
        match raw.get_database_backend() {
            DbBackend::Postgres => {
                let sql = "ALTER TABLE calendars DROP CONSTRAINT calendars_rank_by_check";
                raw.execute_unprepared(sql).await.unwrap();
                raw.execute_unprepared("UPDATE calendars SET rank_by = 'nonsense'").await.unwrap();
            }
            _ => {
                let sql = "PRAGMA ignore_check_constraints = ON; \
                           UPDATE calendars SET rank_by = 'nonsense'; \
                           PRAGMA ignore_check_constraints = OFF";
                raw.execute_unprepared(sql).await.unwrap();
            }
        }
        let error = calendars::by_slug(&store, "room").await.unwrap_err();
        assert!(matches!(error, store::Error::Damaged(_)), "{error:?}");
        let said = error.to_string();
        assert_eq!(said, "the database holds the unknown word \"nonsense\" in the column \"rank_by\"");
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
