//! What becomes of the room's answers on servers that carry them to the organizer (RFC 6638), and what a meeting
//! that is moved does to them.

use harness::{Event, event};
use serde_json::json;
use store::calendars::Calendar;
use testing::servers::{CalDavServer, name_of};

use crate::expected::Expected;
use crate::ground::{Ground, on_every_server};
use crate::invitations::{Invited, answers_in, one_after_the_other, scheduling};

fn answering(calendar: &mut Calendar) {
    calendar.room_address = Some("room@example.test".to_owned());
    calendar.answers = true;
}

async fn invited<'s>(server: &'s CalDavServer, day: &'static str) -> Option<Invited<'s>> {
    let mut it = Invited::watched(server, day).await?;
    it.it.room = it.it.room.clone().set(answering).await.with_mail().await;
    Some(it)
}

/// A series of five days from the seventh of June 2036, at ten.
fn series(it: &Invited<'_>) -> Event {
    let series = event(&it.uid("series"), "0201T00", "20360607T100000Z", "20360607T110000Z");
    series.rule("FREQ=DAILY;COUNT=5").line("SUMMARY:series")
}

/// The master of an event at two in place of ten. A date that the room has declined is a component of its own on
/// SOGo, and stays as it is: of a text in which several components change, SOGo passes on one.
fn at_two(text: &str) -> String {
    let parts = text.split_inclusive("END:VEVENT");
    let parts = parts.map(|part| match part.contains("RECURRENCE-ID") {
        true => part.to_owned(),
        false => part
            .replace("T110000Z", "T150000Z")
            .replace("T100000Z", "T140000Z")
            .replace("SEQUENCE:0", "SEQUENCE:5")
            .replace("SEQUENCE:1", "SEQUENCE:5"),
    });
    parts.collect()
}

/// Alice moves her event from ten to two, and leaves the answers in it to her server.
async fn move_to_two(it: &Invited<'_>, short: &str) {
    let name = name_of(&it.uid(short));
    let text = it.alice.get(&name).await.body;
    let moved = at_two(&text);
    assert_ne!(moved, text);
    let moved = match moved.contains("SEQUENCE:5") {
        true => moved,
        false => moved.replacen("SUMMARY:", "SEQUENCE:5\r\nSUMMARY:", 1),
    };
    let put = it.alice.put(&name, &moved, None).await;
    assert!((200..300).contains(&put.status), "{}: {put:?}", it.it.expected.name);
}

/// Prints our requests for `docs/servers.md`: `scripts/test-servers … -- answering --nocapture`.
#[allow(clippy::print_stdout, reason = "the document is written from it")]
fn say_requests(it: &Ground<'_>, of: &str, requests: &[String]) {
    println!("requests: {}: {of}: {}", it.expected.name, requests.join(", "));
}

fn is_in(answers: &[String], answer: &str) -> bool {
    answers.iter().any(|it| it == answer)
}

#[test]
fn a_series_is_accepted_in_alices_copy_without_the_date_that_it_loses() {
    one_after_the_other(async |server| {
        let Some(it) = invited(server, "09").await else { return };
        let expected = scheduling(&it);
        it.book().await;
        it.invite("series", series(&it)).await;
        it.it.same(it.answers("series").await, ["NEEDS-ACTION"]);
        it.clear_nothing().await;
        let mut told = it.clear().await;
        told.sort();
        let accepted = if expected.answers_apart { "" } else { " without 1" };
        let accepted = format!("accepted series 0607T10{accepted}");
        it.it.same(told, [accepted.as_str(), "cancelled series 0609T10 by old"]);
        let requests = it.it.requests();
        say_requests(&it.it, "a series of which one date is taken", &requests);
        let written = requests.into_iter().filter(|it| it == "PUT").count();
        it.it.same(written, if expected.answers_apart { 2 } else { 1 });
        let own = it.own_answers("series").await;
        it.it.same(own.iter().all(|it| it == "ACCEPTED"), true);
        let hers = it.answers("series").await;
        it.it.same(hers[0].as_str(), "ACCEPTED");
        it.it.same(is_in(&hers, "DECLINED"), expected.tells_of_exdate);
        // Whatever her server says of single dates, our mail names them.
        let mail = format!("removed {} alice@example.test waiting", it.uid("series"));
        it.it.same(it.it.room.mails().await, [mail]);
        let lost = it.it.room.latest_data().await["occurrences"].clone();
        it.it.same(lost.as_array().unwrap().len(), 1);
        // 2036-06-09T10:00:00Z
        it.it.same(&lost[0]["start"], &json!(2_096_618_400));
        it.it.same(it.clear().await, [""; 0]);
    });
}

/// A daily series of 52 dates from the seventh of June 2036, at ten.
fn long_series(it: &Invited<'_>) -> Event {
    let series = event(&it.uid("series"), "0201T00", "20360607T100000Z", "20360607T110000Z");
    series.rule("FREQ=DAILY;COUNT=52").line("SUMMARY:series")
}

/// How many dates of a text the room has not accepted: EXDATEs, and components in which it declines.
fn lost_dates(text: &str) -> usize {
    let text = text.replace("\r\n ", "").replace("\n ", "");
    let excluded = text.lines().filter(|line| line.starts_with("EXDATE"));
    let excluded: usize = excluded.map(|line| line.split(',').count()).sum();
    let declined = text.split("BEGIN:VEVENT").filter(|it| it.contains("RECURRENCE-ID"));
    excluded + declined.filter(|it| is_in(&answers_in(it), "DECLINED")).count()
}

#[test]
fn of_a_series_of_fifty_two_dates_forty_nine_are_accepted_and_three_are_lost_in_one_write() {
    one_after_the_other(async |server| {
        let Some(it) = invited(server, "14").await else { return };
        let expected = scheduling(&it);
        for day in ["0612", "0618", "0702"] {
            let at = |hour| format!("2036{day}T{hour}0000Z");
            let uid = it.uid(&format!("old-{day}"));
            let old = event(&uid, "0101T00", &at(10), &at(11));
            let put = it.room.put(&name_of(&uid), &harness::file(&[old]), None).await;
            it.it.same(put.status, 201);
        }
        it.invite("series", long_series(&it)).await;
        it.clear_nothing().await;
        let mut told = it.clear().await;
        told.sort();
        let accepted = if expected.answers_apart { "" } else { " without 3" };
        let lost = ["0612", "0618", "0702"];
        let lost = lost.map(|it| format!("cancelled series {it}T10 by old-{it}"));
        it.it.same(
            told,
            [&[format!("accepted series 0607T10{accepted}")], lost.as_slice()].concat(),
        );
        let requests = it.it.requests();
        say_requests(&it.it, "a series of 52 dates of which three are taken", &requests);
        let written = requests.iter().filter(|it| *it == "PUT").count();
        it.it.same(written, if expected.answers_apart { 2 } else { 1 });
        let own = it.copies("series").await;
        it.it.same(answers_in(&own[0]).iter().all(|it| it == "ACCEPTED"), true);
        // 49 dates of 52 are left, in the room's copy as it is stored.
        let stored = it.it.room.text(&it.uid("series")).await;
        it.it.same(lost_dates(&stored), 3);
        let hers = it.alice.get(&name_of(&it.uid("series"))).await.body;
        it.it.same(answers_in(&hers)[0].as_str(), "ACCEPTED");
        it.it.same(lost_dates(&hers), expected.told_of(3));
        let mail = format!("removed {} alice@example.test waiting", it.uid("series"));
        it.it.same(it.it.room.mails().await, [mail]);
        let named = it.it.room.latest_data().await["occurrences"].clone();
        it.it.same(named.as_array().unwrap().len(), 3);
        it.it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn where_no_server_carries_it_the_rooms_own_copy_says_that_forty_nine_dates_are_accepted() {
    on_every_server(async |server| {
        if Expected::of(&server.kind).scheduling.is_some() {
            return;
        }
        let mut it = Ground::watched(server, "fifty-two").await;
        it.room = it.room.clone().set(answering).await.with_mail().await;
        for day in ["0305", "0311", "0325"] {
            let at = |hour: &str| format!("{day}T{hour}");
            let short = format!("old-{day}");
            it.put(&short, &[it.event(&short, "0101T00", &at("10"), &at("11"))]).await;
        }
        let series =
            it.event("series", "0201T00", "0302T10", "0302T11").rule("FREQ=DAILY;COUNT=52");
        let series = series
            .line("ORGANIZER:mailto:alice@example.test")
            .line("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:room@example.test");
        it.put("series", &[series]).await;
        it.room.test().await;
        it.requests();
        let told = it.clear().await;
        it.same(told.contains(&"accepted series 0302T10 without 3".to_owned()), true);
        it.same(told.len(), 4);
        let requests = it.requests();
        say_requests(&it, "a series of 52 dates of which three are taken", &requests);
        it.same(requests.iter().filter(|it| *it == "PUT").count(), 1);
        let text = it.text("series").await;
        it.same(answers_in(&text), ["ACCEPTED"]);
        let mail = format!("removed {} alice@example.test waiting", it.uid("series"));
        it.same(it.room.mails().await, [mail]);
        it.same(lost_dates(&text), 3);
    });
}

#[test]
fn a_meeting_is_accepted_and_when_it_is_moved_accepted_anew_or_declined() {
    one_after_the_other(async |server| {
        let Some(it) = invited(server, "12").await else { return };
        it.invite("meeting", it.event("meeting", "0201T00")).await;
        it.it.same(it.clear().await, ["accepted meeting 0612T10"]);
        it.it.same(it.answers("meeting").await, ["ACCEPTED"]);
        it.it.requests();
        move_to_two(&it, "meeting").await;
        let after = scheduling(&it).answer_after_move;
        it.it.same(it.own_answers("meeting").await, [after]);
        let asked_anew: &[&str] = match after {
            "NEEDS-ACTION" => &["accepted meeting 0612T14"],
            // The answer that the copy kept is true of the new hour too.
            _ => &[],
        };
        it.it.same(it.clear().await, asked_anew);
        say_requests(&it.it, "a meeting that is moved", &it.it.requests());
        it.it.same(it.answers("meeting").await, ["ACCEPTED"]);
        it.it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn a_series_that_alice_moves_is_decided_anew_and_loses_a_date_at_its_new_hour() {
    one_after_the_other(async |server| {
        let Some(it) = invited(server, "08").await else { return };
        let expected = scheduling(&it);
        it.invite("series", series(&it)).await;
        it.it.same(it.clear().await, ["accepted series 0607T10"]);
        it.it.same(it.answers("series").await, ["ACCEPTED"]);
        let later = event(&it.uid("later"), "0101T00", "20360608T140000Z", "20360608T150000Z");
        let put = it.room.put(&name_of(&it.uid("later")), &harness::file(&[later]), None).await;
        it.it.same(put.status, 201);
        it.it.requests();
        move_to_two(&it, "series").await;
        it.it.same(it.own_answers("series").await[0].as_str(), expected.answer_after_move);
        let told = it.clear().await;
        say_requests(&it.it, "a series that is moved onto a taken hour", &it.it.requests());
        it.it.same(told.contains(&"cancelled series 0608T14 by later".to_owned()), true);
        let asked_anew = expected.answer_after_move == "NEEDS-ACTION";
        let accepted = told.iter().any(|line| line.starts_with("accepted series 0607T14"));
        it.it.same(accepted, asked_anew);
        it.it.same(is_in(&it.own_answers("series").await, "NEEDS-ACTION"), false);
        let hers = it.answers("series").await;
        it.it.same(hers[0].as_str(), "ACCEPTED");
        it.it.same(is_in(&hers, "DECLINED"), expected.tells_of_exdate);
        let mail = format!("removed {} alice@example.test waiting", it.uid("series"));
        it.it.same(it.it.room.mails().await, [mail]);
    });
}
