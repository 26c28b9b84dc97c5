//! Clearing: what goes, how it goes, what the server itself makes of it, and what that costs.

use harness::file;
use operations::command_line;
use store::calendars::PriorityKind;
use testing::servers::name_of;

use crate::expected::OverridesOnly;
use crate::ground::{Ground, on_every_server};

#[test]
fn a_single_loser_is_deleted_and_an_occurrence_of_a_series_cancelled() {
    on_every_server(async |server| {
        let it = Ground::new(server, "single").await;
        it.put("old", &[it.old()]).await;
        it.put("young", &[it.young("young")]).await;
        it.put("series", &[it.series()]).await;
        it.same(
            it.clear().await,
            ["deleted young 0303T10 by old", "cancelled series 0303T10 by old"],
        );
        it.same(it.uids().await, "old series");
        let series = it.text("series").await;
        it.same(series.contains("EXDATE:20260303T100000Z"), true);
        it.same(series.contains("SUMMARY:Series"), true);
        // What other programs see that let the server expand.
        if it.expected.expands {
            it.same(
                it.starts().await,
                ["20260302T100000Z", "20260303T100000Z", "20260304T100000Z", "20260305T100000Z"],
            );
        }
        it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn an_unchanged_calendar_costs_one_request_and_removals_one_each_and_what_the_server_forces() {
    on_every_server(async |server| {
        let it = Ground::watched(server, "counted").await;
        it.put("old", &[it.old()]).await;
        it.room.test().await;
        it.settle().await;
        for _ in 0..3 {
            it.same(it.clear().await, [""; 0]);
            it.same(it.requests(), it.expected.unchanged());
        }
        for number in 1..=5 {
            let uid = format!("young{number}");
            it.put(&uid, &[it.young(&uid)]).await;
        }
        it.put("series", &[it.series()]).await;
        it.room.test().await;
        it.settle().await;
        it.same(it.clear().await.len(), 6);
        let mut requests = it.requests();
        requests.sort();
        let counted = |method: &str| requests.iter().filter(|it| *it == method).count();
        let expected = it.expected;
        it.same((counted("DELETE"), counted("PUT")), (5, 1));
        let looks = 1 + usize::from(expected.reads_back_after_put);
        it.same(counted("REPORT") + counted("PROPFIND"), looks);
        let reads = if expected.reads_before_writes { 5 + 1 } else { 0 };
        it.same(counted("GET"), reads);
        it.same(requests.len(), 6 + looks + reads);
        // Whatever the server has made of what we wrote, it is known here, and nothing else goes.
        it.same(it.clear().await, [""; 0]);
        let mut requests = it.requests();
        let mut looks = expected.looks();
        if expected.lists_after_writes {
            requests.retain(|it| it != "PROPFIND");
            looks.retain(|it| *it != "PROPFIND");
        }
        if expected.kind == "sogo" {
            // What was written may be read: its version may be that of another object.
            requests.dedup();
        }
        it.same(requests, looks);
        it.settle().await;
        it.same(it.clear().await, [""; 0]);
        it.same(it.requests(), expected.unchanged());
        it.same(it.uids().await, "old series");
    });
}

#[test]
fn a_series_in_a_zone_loses_an_override_and_the_server_sees_the_rest_as_it_was() {
    const ZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n\
        BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
        TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n\
        BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
        TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
    on_every_server(async |server| {
        let it = Ground::new(server, "zone").await;
        it.put("old", &[it.old()]).await;
        let berlin = |it: harness::Event, start: &str, end: &str| {
            it.line(format!("DTSTART;TZID=Europe/Berlin:{start}"))
                .line(format!("DTEND;TZID=Europe/Berlin:{end}"))
        };
        let event = || harness::bare(&it.uid("series")).line("CREATED:20260202T000000Z");
        let master = berlin(event(), "20260302T080000", "20260302T090000")
            .rule("FREQ=DAILY;COUNT=4")
            .line("SUMMARY:Series");
        // On the second day it is at 11 in Berlin, which is 10 in UTC; on the third it is at 12.
        let moved = |day: &str, hour: u32| {
            let (start, end) = (format!("{day}T{hour}0000"), format!("{day}T{}0000", hour + 1));
            berlin(event(), &start, &end)
                .line(format!("RECURRENCE-ID;TZID=Europe/Berlin:{day}T080000"))
                .line("SUMMARY:Moved")
        };
        let text = file(&[master, moved("20260303", 11), moved("20260304", 12)]);
        it.put_text("series", &text.replacen("BEGIN:VEVENT", &format!("{ZONE}BEGIN:VEVENT"), 1))
            .await;
        it.same(it.clear().await, ["cancelled series 0303T10 by old"]);
        let series = it.text("series").await;
        it.same(series.contains("EXDATE;TZID=Europe/Berlin:20260303T080000"), true);
        it.same(series.matches("BEGIN:VEVENT").count(), 2);
        if it.expected.expands {
            // Some leave a part of the starts in the zone's own time: an hour more then.
            let in_utc = |start: String| match start.strip_suffix("0000") {
                Some(hour) => {
                    let (day, hour) = hour.split_at(9);
                    format!("{day}{:02}0000Z", hour.parse::<u32>().unwrap() - 1)
                }
                None => start,
            };
            let starts: Vec<_> = it.starts().await.into_iter().map(in_utc).collect();
            it.same(
                starts,
                ["20260302T070000Z", "20260303T100000Z", "20260304T110000Z", "20260305T070000Z"],
            );
        }
        it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn a_day_of_an_all_day_series_is_cancelled_as_a_date() {
    on_every_server(async |server| {
        let it = Ground::new(server, "allday").await;
        it.put("old", &[it.old()]).await;
        let days = harness::bare(&it.uid("series"))
            .line("CREATED:20260202T000000Z")
            .line("DTSTART;VALUE=DATE:20260302")
            .line("DTEND;VALUE=DATE:20260303")
            .rule("FREQ=DAILY;COUNT=3");
        it.put("series", &[days]).await;
        it.same(it.clear().await, ["cancelled series 0303T00 by old"]);
        it.same(it.text("series").await.contains("EXDATE;VALUE=DATE:20260303"), true);
        if it.expected.expands {
            it.same(it.starts().await, ["20260302", "20260303T100000Z", "20260304"]);
        }
        it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn what_is_cancelled_as_a_whole_is_deleted() {
    on_every_server(async |server| {
        let it = Ground::new(server, "leftover").await;
        it.put("old", &[it.old()]).await;
        it.put("gone", &[it.young("gone").line("STATUS:CANCELLED")]).await;
        it.put("series", &[it.series().line("STATUS:CANCELLED")]).await;
        it.same(it.clear().await, ["leftover series 0302T10", "leftover gone 0303T10"]);
        it.same(it.uids().await, "old");
    });
}

#[test]
fn an_object_of_overrides_only_loses_one_and_is_deleted_with_its_last() {
    on_every_server(async |server| {
        let it = Ground::new(server, "overrides").await;
        it.put("old", &[it.old()]).await;
        let one = |day: &str| {
            let (start, end) = (format!("{day}T10"), format!("{day}T11"));
            it.event("invited", "0202T00", &start, &end)
                .line(format!("RECURRENCE-ID:2026{day}T090000Z"))
        };
        let text = file(&[one("0303"), one("0304")]);
        let put = it.alice.put(&name_of(&it.uid("invited")), &text, None).await;
        if it.expected.overrides_only == OverridesOnly::One {
            it.same(put.status, 400);
            it.put("invited", &[one("0303")]).await;
            it.same(it.clear().await, ["cancelled invited 0303T10 by old"]);
            it.same(it.uids().await, "old");
            return;
        }
        it.same(put.status, 201);
        it.same(it.clear().await, ["cancelled invited 0303T10 by old"]);
        it.same(it.text("invited").await.matches("BEGIN:VEVENT").count(), 1);
        it.put("other", &[it.event("other", "0101T00", "0304T10", "0304T11")]).await;
        // It came later, whatever its CREATED says.
        let uid = it.uid("other");
        let service = &it.room.service;
        service.prioritise(&command_line(), Some("room"), PriorityKind::Uid, &uid).await.unwrap();
        it.same(it.clear().await, ["cancelled invited 0304T10 by other"]);
        it.same(it.uids().await, "old other");
    });
}

#[test]
fn what_alice_marks_as_free_is_left_alone_where_her_server_says_so_to_others() {
    on_every_server(async |server| {
        let it = Ground::new(server, "free").await;
        it.put("old", &[it.old()]).await;
        it.put("free", &[it.young("free").line("TRANSP:TRANSPARENT")]).await;
        let told = if it.expected.keeps_transp_to_its_author {
            "deleted free 0303T10 by old"
        } else {
            "ignored free 0303T10 by old: free"
        };
        it.same(it.clear().await, [told]);
    });
}
