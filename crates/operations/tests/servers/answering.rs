//! What becomes of the room's answers, on servers that carry them to the organizer (RFC 6638).

use harness::{Event, event};
use operations::Mode;
use store::calendars::Calendar;
use testing::servers::{CalDavServer, name_of};

use crate::invitations::{Invited, one_after_the_other, scheduling};

fn answering(calendar: &mut Calendar) {
    calendar.room_address = Some("room@example.test".to_owned());
    calendar.answers = true;
}

async fn invited<'s>(server: &'s CalDavServer, day: &'static str) -> Option<Invited<'s>> {
    let mut it = Invited::new(server, day).await?;
    it.it.room = it.it.room.clone().set(answering).await;
    Some(it)
}

/// A series of five days from the seventh of June 2036, at ten.
fn series(it: &Invited<'_>) -> Event {
    let series = event(&it.uid("series"), "0201T00", "20360607T100000Z", "20360607T110000Z");
    series.rule("FREQ=DAILY;COUNT=5").line("SUMMARY:series")
}

/// Alice moves her event to other hours, and leaves the answers in it to her server.
async fn move_to(it: &Invited<'_>, short: &str, hours: [(&str, &str); 2]) {
    let name = name_of(&it.uid(short));
    let text = it.alice.get(&name).await.body;
    let mut moved = text.clone();
    for (from, to) in hours {
        moved = moved.replace(&format!("T{from}0000Z\r\n"), &format!("T{to}0000Z\r\n"));
    }
    assert_ne!(moved, text);
    let moved = match moved.contains("SEQUENCE:0") {
        true => moved.replace("SEQUENCE:0", "SEQUENCE:1"),
        false => moved.replacen("SUMMARY:", "SEQUENCE:5\r\nSUMMARY:", 1),
    };
    let put = it.alice.put(&name, &moved, None).await;
    assert!((200..300).contains(&put.status), "{}: {put:?}", it.it.expected.name);
}

#[test]
fn measure() {
    one_after_the_other(async |server| {
        let Some(it) = invited(server, "09").await else { return };
        let name = it.it.expected.name;
        it.book().await;
        it.invite("series", series(&it)).await;
        eprintln!("MEASURE {name} before {:?}", it.answers("series").await);
        eprintln!("MEASURE {name} clear {:?}", it.clear().await);
        eprintln!("MEASURE {name} own {:?}", it.own_answers("series").await);
        eprintln!("MEASURE {name} alice {:?}", it.answers("series").await);
        eprintln!(
            "MEASURE {name} alice text {}",
            it.alice.get(&name_of(&it.uid("series"))).await.body
        );
        eprintln!("MEASURE {name} room text {:?}", it.copies("series").await);
        eprintln!("MEASURE {name} again {:?}", it.clear().await);
        it.invite("one", it.event("one", "0201T00").line("LOCATION:x")).await;
        eprintln!("MEASURE {name} one {:?}", it.clear().await);
        let _ = (Mode::Test, scheduling(&it));
    });
    one_after_the_other(async |server| {
        let Some(it) = invited(server, "12").await else { return };
        let name = it.it.expected.name;
        it.invite("meeting", it.event("meeting", "0201T00")).await;
        eprintln!("MEASURE2 {name} clear {:?}", it.clear().await);
        eprintln!("MEASURE2 {name} alice {:?}", it.answers("meeting").await);
        move_to(&it, "meeting", [("11", "15"), ("10", "14")]).await;
        eprintln!(
            "MEASURE2 {name} own after {:?} alice {:?}",
            it.own_answers("meeting").await,
            it.answers("meeting").await
        );
        eprintln!("MEASURE2 {name} clear {:?}", it.clear().await);
        eprintln!("MEASURE2 {name} alice {:?}", it.answers("meeting").await);
    });
}
