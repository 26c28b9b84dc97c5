//! What is deleted after its time (`RETENTION_DAYS`), and what is kept.

use std::time::Duration;

use harness::on_server::ServerRoom;
use harness::{NOW, Room, bare, days, event, file, told};
use operations::Service;
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::scripted::Answer;
use testing::{Database, block_on, on_both_databases};

use crate::on_server::changes::{old, states, young};

/// The UIDs of which something is known, and those of them whose text is kept.
async fn known(database: &Database) -> [String; 2] {
    let all = database.column("SELECT uid FROM uid_metadata ORDER BY uid").await;
    let sql = "SELECT uid FROM uid_metadata WHERE last_text IS NOT NULL ORDER BY uid";
    [all.join(" "), database.column(sql).await.join(" ")]
}

on_both_databases! {
    async fn the_text_of_a_deleted_event_goes_with_the_history_and_what_is_there_stays(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("gone", "0101T00", "0303T10", "0303T11").await;
        let room = room.with_event("there", "0101T00", "0304T10", "0304T11").await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "gone").await.unwrap();
        assert_eq!(known(&database).await, ["gone there", "gone"]);
        room.at(days(180)).service.forget(180).await.unwrap();
        assert_eq!(known(&database).await, ["gone there", "gone"]);
        room.at(days(181)).service.forget(180).await.unwrap();
        assert_eq!(known(&database).await, ["there", ""]);
        assert!(room.lines().await.is_empty());
    }

    async fn the_text_of_an_event_that_a_server_no_longer_lists_or_gives_goes_too(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        for uid in ["held", "listed", "there"] {
            room.put(event(uid, "0101T00", "0303T10", "0303T11"));
        }
        room.room.test().await;
        let pass = |room: &ServerRoom| room.advance(Duration::from_secs(60));
        // One is not given away any more; another one is missing from a list of everything.
        room.server.with(|state| {
            state.quirks.drops_calendar_data = true;
            let calendar = state.calendars.get_mut(CALENDAR).unwrap();
            calendar.objects.remove("listed.ics");
            calendar.forget_tokens();
        });
        room.server.refuse("held.ics", "GET", Tries::Always, Answer::status(500));
        room.put(event("held", "0101T00", "0303T10", "0303T12"));
        pass(&room);
        room.room.test().await;
        assert_eq!(known(&database).await, ["held listed there", "held listed"]);
        room.at(days(182));
        room.room.service.forget(180).await.unwrap();
        assert_eq!(known(&database).await, ["held there", ""], "a claim ends when its event is gone for sure");
    }

    async fn a_clock_that_is_ahead_deletes_a_days_worth_at_once_and_all_only_after_a_day(database) {
        let mut room = Room::new(&database.open().await).await;
        let ann = room.caller("ann").await;
        for day in 0..5 {
            room = room.at(days(day)).with_event(&format!("gone-{day}"), "0101T00", "0313T10", "0313T11").await;
            room.service.delete_event(&ann, &room.calendar, &format!("gone-{day}")).await.unwrap();
        }
        let backlog = "SELECT COUNT(*) FROM retention";
        let forget = async |day: i64| {
            room.at(days(day)).service.forget(180).await.unwrap();
            (room.lines().await.len(), database.numbers(backlog).await)
        };
        assert_eq!(forget(365).await, (4, vec![1]), "a year ahead: a day's worth goes");
        assert_eq!(forget(5).await, (4, vec![0]), "the clock is right again");
        assert_eq!(forget(181).await, (4, vec![0]));
        assert_eq!(forget(365).await, (3, vec![1]));
        assert_eq!(forget(365).await, (2, vec![1]));
        assert_eq!(forget(366).await, (0, vec![1]), "it was so for a day");
        assert_eq!(forget(366).await, (0, vec![0]));
    }

    async fn more_rows_than_one_batch_has_go_all_and_their_texts_with_them(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.with_event("a", "0101T00", "0303T10", "0303T11").await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "a").await.unwrap();
        for table in ["changes", "outbox"] {
            assert!(database.numbers(&format!("SELECT COUNT(*) FROM {table}")).await[0] < 2);
        }
        let copies = 2 * store::history::BATCH + 7;
        let insert = format!(
            "WITH RECURSIVE numbers (number) AS \
               (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {copies}) \
             INSERT INTO changes (is_at_limit, calendar_id, href, uid, cause, state, not_confirmed, has_twin, \
               is_overtaken, made_at) \
             SELECT is_at_limit, calendar_id, href, uid, cause, state, not_confirmed, has_twin, is_overtaken, \
               made_at - number FROM changes, numbers"
        );
        database.execute(&insert).await;
        let changes = "SELECT COUNT(*) FROM changes";
        assert!(database.numbers(changes).await[0] > copies);
        let later = room.at(days(181));
        later.service.forget(180).await.unwrap();
        assert_eq!(database.numbers(changes).await, [0]);
        assert_eq!(database.numbers("SELECT COUNT(*) FROM texts").await, [0]);
    }

    async fn what_is_recent_costs_nothing_however_much_there_is(database) {
        let store = database.open().await;
        let room = Room::new(&store).await.with_event("a", "0101T00", "0303T10", "0303T11").await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "a").await.unwrap();
        let of_recent = |table: &str, columns: &str, of_time: &str| {
            format!(
                "WITH RECURSIVE numbers (number) AS \
                   (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {RECENT}) \
                 INSERT INTO {table} ({columns}, {of_time}) SELECT {columns}, {of_time} + 86400 * 30 FROM {table}, numbers"
            )
        };
        let changes = "is_at_limit, calendar_id, href, uid, cause, state, not_confirmed, has_twin, is_overtaken";
        database.execute(&of_recent("changes", changes, "made_at")).await;
        let runs = "started_by, is_confirmed, calendars, finished_at";
        let run = format!("INSERT INTO runs (started_by, is_confirmed, calendars, finished_at, started_at) \
                           SELECT 'site', is_at_limit, 1, {NOW}, {NOW} FROM changes LIMIT 1");
        database.execute(&run).await;
        database.execute(&of_recent("runs", runs, "started_at")).await;
        database.execute("ANALYZE").await;
        let before = rows_read(&database).await;
        // What a process has read is counted when its connections end.
        let reader = Room { service: Service::new(database.open().await), ..room.clone() }.at(days(181));
        reader.service.forget(180).await.unwrap();
        reader.service.store.clone().close().await.unwrap();
        if let (Some(before), Some(after)) = (before, rows_read(&database).await) {
            assert!(after - before < 100, "{} rows were read", after - before);
        }
        let left = database.numbers("SELECT COUNT(*) FROM changes").await;
        assert_eq!(left, [RECENT], "the old one is gone");
    }

    async fn a_change_in_doubt_outlives_the_run_that_made_it(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old()).with(young("young"));
        room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(504));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        room.at(days(200));
        room.room.service.forget(180).await.unwrap();
        assert_eq!(states(&database).await, ["prepared"]);
        let backlog = database.numbers("SELECT COUNT(*) FROM retention").await;
        assert_eq!(backlog, [0], "what stays anyway is no backlog");
        room.server.behave();
        room.server.remove("young.ics");
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.lines().await.len(), 1, "it has its record");
    }
}

/// Rows that are recent.
const RECENT: i64 = 4_000;

/// How many rows have been read of changes and runs, by PostgreSQL's count. SQLite counts none; a test of `store` looks at how
/// it finds them.
async fn rows_read(database: &Database) -> Option<i64> {
    if database.open().await.kind() == store::DatabaseKind::Sqlite {
        return None;
    }
    let sql = "SELECT CAST(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) AS BIGINT) FROM pg_stat_user_tables \
               WHERE relname IN ('changes', 'runs')";
    // Connections that have ended are counted a moment later.
    let mut found = database.numbers(sql).await[0];
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let again = database.numbers(sql).await[0];
        if again == found {
            return Some(found);
        }
        found = again;
    }
}

/// The bytes of a SQLite database, with those that are free.
async fn bytes(database: &Database) -> i64 {
    let sql =
        "SELECT CAST(page_count * page_size AS TEXT) FROM pragma_page_count, pragma_page_size";
    database.column(sql).await[0].parse().unwrap()
}

/// A daily series of 1 MB: 1,720 of its dates have a text of their own.
fn large_series() -> String {
    let attendees = (0..6).map(|number| {
        format!("ATTENDEE;CN=Guest {number};PARTSTAT=ACCEPTED:mailto:guest-{number}@example.org")
    });
    let attendees: Vec<String> = attendees.collect();
    let event = |moment: i64, summary: String| {
        let time = |moment| facts::time::rfc3339(&ical::Zone::utc(), ical::Moment(moment));
        let time = |moment| format!("{}Z", &time(moment).replace(['-', ':'], "")[..15]);
        let start = format!("DTSTART:{}", time(moment));
        let event = bare("series").line("CREATED:20260101T000000Z").line(start);
        let event = event.line(format!("DTEND:{}", time(moment + 3_600))).line(summary);
        (attendees.iter().fold(event, |event, it| event.line(it)), time(moment))
    };
    let begins = NOW + 36_000;
    let master = event(begins, "SUMMARY:Every day".to_owned()).0.rule("FREQ=DAILY");
    let overrides = (0..1_720).map(|day| {
        let (event, time) = event(begins + day * 86_400, format!("SUMMARY:Day {day}"));
        event.line(format!("RECURRENCE-ID:{time}"))
    });
    file(&std::iter::once(master).chain(overrides).collect::<Vec<_>>())
}

#[test]
fn sqlite_gives_the_space_of_what_was_deleted_back() {
    block_on(async {
        let database = Database::new(store::DatabaseKind::Sqlite).await;
        let room = Room::new(&database.open().await).await;
        let empty = bytes(&database).await;
        let file = "PRODID:".to_owned() + &"x".repeat(40_000_000);
        database
            .execute(&format!("INSERT INTO texts (digest, size, data) VALUES (x'00', 1, '{file}')"))
            .await;
        let full = bytes(&database).await;
        assert!(full > empty + 39_000_000);
        database.execute("DELETE FROM texts").await;
        assert_eq!(bytes(&database).await, full, "its pages are free, and kept");
        room.service.forget(180).await.unwrap();
        let left = bytes(&database).await;
        assert!(left < empty + 10_000_000, "{left} of {full}");
    });
}

#[test]
fn a_large_series_of_which_many_dates_are_cancelled_one_by_one_takes_little_room() {
    block_on(async {
        let database = Database::new(store::DatabaseKind::Sqlite).await;
        let room = Room::new(&database.open().await).await;
        let text = large_series();
        assert!((1_000_000..1_200_000).contains(&text.len()), "{}", text.len());
        let room = room.with_file(&text).await;
        let ann = room.caller("ann").await;
        let before = bytes(&database).await;
        for day in 0..100 {
            let original = ical::Moment(NOW + 36_000 + day * 86_400);
            let service = &room.service;
            service.delete_occurrence(&ann, &room.calendar, "series", original).await.unwrap();
        }
        let grown = bytes(&database).await - before;
        assert!(grown < 10_000_000, "by {grown} bytes");
    });
}
