//! Servers that write values anew, and lose the answer to what they have stored: it is ours, has its
//! record and its mail, and can be restored.

use facts::RemovalKind;
use harness::on_server::ServerRoom;
use harness::{event, moment, told};
use operations::{Caller, ChangeRequest, Error, RequestedChange, WhenTaken};
use testing::fake::{CALENDAR, Quirks, uid_of};
use testing::on_both_databases;
use testing::scripted::{Answer, Request};

use super::changes::{old, states, young};

/// A series of five days, 3 to 7 March at 10:00 UTC, that says its times in a zone.
pub const SERIES: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\n\
    UID:series\r\nDTSTAMP:20260201T000000Z\r\nCREATED:20260201T000000Z\r\n\
    LAST-MODIFIED:20260201T000000Z\r\nSUMMARY:Jour fixe\r\nORGANIZER:mailto:ann@example.org\r\n\
    DTSTART;TZID=Europe/Berlin:20260303T110000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=5\r\n\
    END:VEVENT\r\nEND:VCALENDAR\r\n";

/// A text as a server stores it that keeps its own order, its own stamps, and times of EXDATE and
/// RECURRENCE-ID in UTC (Berlin's are an hour ahead in March).
pub fn stored(text: &str) -> String {
    let (mut lines, mut own): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for line in text.replace("\r\n ", "").lines() {
        match line {
            "BEGIN:VEVENT" => lines.push(line.to_owned()),
            "END:VEVENT" => {
                own.sort_unstable();
                lines.append(&mut own);
                lines.push(line.to_owned());
            }
            _ if lines.last().is_some_and(|it| it == "BEGIN:VEVENT") || !own.is_empty() => {
                own.push(stored_line(line));
            }
            _ => lines.push(line.replace("-//Test//EN", "-//Server//EN")),
        }
    }
    lines.join("\n") + "\n"
}

fn stored_line(line: &str) -> String {
    let Some((name, value)) = line.split_once(':') else { return line.to_owned() };
    match name {
        "DTSTAMP" | "LAST-MODIFIED" => format!("{name}:{}T010203Z", &value[..8]),
        "EXDATE;TZID=Europe/Berlin" | "RECURRENCE-ID;TZID=Europe/Berlin" => {
            let in_utc = value.split(',').map(|it| {
                let hour: u8 = it[9..11].parse().unwrap();
                format!("{}{:02}{}Z", &it[..9], hour - 1, &it[11..])
            });
            let in_utc: Vec<String> = in_utc.collect();
            format!("{}:{}", name.split(';').next().unwrap(), in_utc.join(","))
        }
        _ => line.to_owned(),
    }
}

async fn rewriting(database: &testing::Database) -> ServerRoom {
    let quirks = Quirks { rewrites: Some(stored), ..Quirks::RFC };
    let mut room = ServerRoom::new(&database.open().await, quirks).await;
    room.room = room.room.with_mail().await;
    room.server.put("series.ics", SERIES);
    room
}

fn name_of(request: &Request) -> String {
    request.path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The next PUT is stored, after what another client may do to its text, and its answer lost.
fn lose_next(room: &ServerRoom, then: fn(&str) -> String) {
    let mut is_next = true;
    room.server.before(move |request, state| {
        (request.method == "PUT" && std::mem::take(&mut is_next)).then(|| {
            state.put(&name_of(request), &then(&stored(&request.text())));
            Answer::status(504)
        })
    });
}

fn as_it_is(text: &str) -> String {
    text.to_owned()
}

fn renamed(occurrence: Option<&str>) -> ChangeRequest {
    ChangeRequest {
        uid: "series".to_owned(),
        change: RequestedChange { name: Some("New".to_owned()), ..RequestedChange::default() },
        occurrence: occurrence.map(moment),
        when_taken: WhenTaken::Book,
        if_match: None,
    }
}

async fn days(room: &ServerRoom) -> usize {
    let list = room.room.list("0301T00", "0401T00").await;
    list["events"].as_array().unwrap().iter().filter(|it| it["uid"] == "series").count()
}

/// Removes the date of 4 March by request.
async fn remove(room: &ServerRoom, ann: &Caller) -> Result<(), Error> {
    let at = moment("0304T10");
    room.room.service.delete_occurrence(ann, &room.room.calendar, "series", at).await
}

on_both_databases! {
    async fn what_a_run_removed_without_an_answer_is_recorded_however_it_is_stored(database) {
        let room = rewriting(&database).await.with(old());
        lose_next(&room, as_it_is);
        assert_eq!(told(&room.room.clear().await), ["cancelled series 0303T10 by old"]);
        assert!(room.text("series").contains("EXDATE:20260303T100000Z"));
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.mails().await, ["removed series ann@example.org waiting"]);
        room.room.restore(room.room.lines().await[0].id).await.unwrap();
        assert_eq!(days(&room).await, 5);
    }

    async fn what_a_request_removed_without_an_answer_is_recorded_however_it_is_stored(database) {
        let kind = database.open().await.kind();
        let also_renamed = |text: &str| text.replace("SUMMARY:Jour fixe", "SUMMARY:Renamed after");
        for then in [as_it_is as fn(&str) -> String, also_renamed] {
            let database = testing::Database::new(kind).await;
            let room = rewriting(&database).await;
            let ann = room.room.caller("ann").await;
            lose_next(&room, then);
            remove(&room, &ann).await.unwrap();
            assert_eq!((days(&room).await, states(&database).await), (4, vec!["done".to_owned()]));
            let lines = room.room.lines().await;
            assert_eq!(lines.len(), 1);
            room.room.restore(lines[0].id).await.unwrap();
            assert_eq!(days(&room).await, 5);
        }
    }

    async fn a_change_without_an_answer_is_recorded_however_it_is_stored_and_can_be_taken_back(database) {
        let kind = database.open().await.kind();
        for occurrence in [None, Some("0305T10")] {
            let database = testing::Database::new(kind).await;
            let room = rewriting(&database).await;
            let ann = room.room.caller("ann").await;
            remove(&room, &ann).await.unwrap();
            lose_next(&room, as_it_is);
            let change = renamed(occurrence);
            room.room.service.change_event(&ann, &room.room.calendar, change).await.unwrap();
            assert_eq!(states(&database).await, ["done", "done"]);
            assert_eq!(room.server.count("PUT"), 2, "it is not written once more");
            let lines = room.room.lines().await;
            assert_eq!(lines[1].kind, RemovalKind::Changed);
            room.room.restore(lines[1].id).await.unwrap();
            assert!(!room.text("series").contains("SUMMARY:New"));
            assert_eq!(days(&room).await, 4);
        }
    }

    async fn a_restore_without_an_answer_is_recorded_however_it_is_stored(database) {
        let room = rewriting(&database).await;
        let ann = room.room.caller("ann").await;
        remove(&room, &ann).await.unwrap();
        let (service, calendar) = (&room.room.service, &room.room.calendar);
        service.delete_occurrence(&ann, calendar, "series", moment("0306T10")).await.unwrap();
        for (number, line) in room.room.lines().await.into_iter().enumerate() {
            lose_next(&room, as_it_is);
            room.room.restore(line.id).await.unwrap();
            assert_eq!(days(&room).await, 4 + number);
        }
        assert!(room.room.lines().await.iter().all(|it| it.restored_at.is_some()));
    }

    async fn what_somebody_else_wrote_is_not_ours_where_only_the_stamps_or_something_else_differ(database) {
        // The request is lost on its way, while another client writes the object as it was, or moves it.
        let as_it_was = |_: &str| stored(SERIES).replace("DTSTAMP:20260201", "DTSTAMP:20260202");
        let moved = |_: &str| stored(SERIES).replace("T110000", "T150000");
        let kind = database.open().await.kind();
        for (theirs, is_there) in [(as_it_was as fn(&str) -> String, true), (moved, false)] {
            let database = testing::Database::new(kind).await;
            let room = rewriting(&database).await;
            let ann = room.room.caller("ann").await;
            lose_next(&room, theirs);
            let removed = remove(&room, &ann).await;
            assert_eq!(removed.is_ok(), is_there, "{removed:?}");
            let (lines, days) = (room.room.lines().await.len(), days(&room).await);
            assert_eq!((lines, days), if is_there { (1, 4) } else { (0, 5) });
            let expected: &[_] = if is_there { &["changed", "done"] } else { &["changed"] };
            assert_eq!(states(&database).await, expected);
        }
    }

    async fn a_date_that_somebody_else_removed_just_before_is_not_ours(database) {
        let kind = database.open().await.kind();
        for server_kind in ["other", "radicale"] {
            let database = testing::Database::new(kind).await;
            let room = rewriting(&database).await;
            let ann = room.room.caller("ann").await;
            let sql = format!("UPDATE accounts SET server_kind = '{server_kind}'");
            database.execute(&sql).await;
            let mut is_next = true;
            room.server.before(move |request, state| {
                if request.method == "PUT" && std::mem::take(&mut is_next) {
                    state.put(&name_of(request), &stored(&request.text()));
                }
                None
            });
            let removed = remove(&room, &ann).await;
            assert!(matches!(removed, Err(Error::NotFound(_))), "{server_kind}: {removed:?}");
            assert!(room.room.lines().await.is_empty());
            assert_eq!(days(&room).await, 4);
        }
    }

    async fn a_write_that_is_answered_by_no_success_is_looked_for(database) {
        let kind = database.open().await.kind();
        let path = format!("/calendars/room/{CALENDAR}/x.ics");
        let locked = format!(
            "<multistatus xmlns=\"DAV:\"><response><href>{path}</href>\
             <status>HTTP/1.1 423 Locked</status></response></multistatus>"
        );
        let page = |status| Answer {
            body: b"<html>Sign in</html>".to_vec(),
            ..Answer::status(status).with("Content-Type", "text/html; charset=utf-8")
        };
        for (number, answer) in
            [Answer::status(202), page(200), page(203), Answer::xml(207, locked)].into_iter().enumerate()
        {
            for is_done in [false, true] {
                let database = testing::Database::new(kind).await;
                let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
                let given = answer.clone();
                room.server.before(move |request, state| {
                    let is_write = matches!(request.method.as_str(), "PUT" | "DELETE");
                    if is_write && is_done {
                        match uid_of(&request.text()) {
                            Some(_) => state.put(&name_of(request), &request.text()),
                            None => state.remove(&name_of(request)),
                        }
                    }
                    is_write.then(|| given.clone())
                });
                let ann = room.room.caller("ann").await;
                let hour = crate::create::requested("2026-03-03T10:00", "2026-03-03T11:00");
                let booked = room.room.book(&ann, &hour, WhenTaken::Refuse, None).await;
                assert_eq!(booked.is_ok(), is_done, "{number}: {booked:?}");
                assert_eq!(!room.uids().is_empty(), is_done);
                if !is_done {
                    assert!(matches!(booked, Err(Error::Server { .. })), "{booked:?}");
                    assert_eq!(states(&database).await, ["prepared"], "it may be made yet");
                    continue;
                }
                // A deletion of which the server says that something of it failed has failed.
                if number < 3 {
                    let room = room.with(event("a", "0101T00", "0309T10", "0309T11"));
                    room.room.test().await;
                    room.room.service.delete_event(&ann, &room.room.calendar, "a").await.unwrap();
                    assert!(!room.uids().contains(" a"), "{number}");
                    assert_eq!(room.room.lines().await.len(), 1);
                }
            }
        }
    }

    async fn a_run_records_no_deletion_that_the_server_only_accepted(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room = room.with(old()).with(young("young"));
        room.room = room.room.with_mail().await;
        room.server.before(|request, _| (request.method == "DELETE").then(|| Answer::status(202)));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["prepared"]);
        assert!(room.room.lines().await.is_empty() && room.room.mails().await.is_empty());
        // It is done late.
        room.server.behave();
        room.server.remove("young.ics");
        room.at(harness::seconds(100));
        room.room.service.recover_changes().await.unwrap();
        assert_eq!(states(&database).await, ["done"]);
        assert_eq!(room.room.mails().await.len(), 1);
    }
}
