//! The recipients that a preview names, and those of the run that follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use harness::{Room, days, event};
use mail::Mailer;
use mail::{Memory, Sender};
use testing::on_both_databases;

/// A room with mail and a mail server, in which an old event holds a Tuesday.
async fn room(store: &store::Store) -> Room {
    let mut room = Room::new(store).await.with_mail().await;
    let sender = Sender {
        address: "rooms@example.org".to_owned(),
        name: None,
        reply_to: None,
        bcc: Vec::new(),
    };
    let mailer = Mailer::new(Box::new(Memory::default()), sender, 60);
    room.service.mailer = Some(Arc::new(mailer));
    room.with_event("old", "0101T00", "0303T08", "0303T20").await
}

/// What the preview says of each UID.
async fn foretold(room: &Room) -> BTreeMap<String, String> {
    let preview =
        room.service.preview(&room.calendar, &operations::Reader::administrator()).await.unwrap();
    let told = preview.lines.into_iter().map(|line| {
        let told = line.told.unwrap_or_else(|why| format!("nobody: {why}"));
        (line.removal.event.uid, told)
    });
    told.collect()
}

on_both_databases! {
    async fn an_address_is_said_to_get_no_more_than_it_gets(database) {
        let mut room = room(&database.open().await).await;
        for it in 0..23 {
            let young = event(&format!("young-{it}"), "0201T00", "0303T10", "0303T11");
            room = room.with(young.by("ann@example.org")).await;
        }
        let young = event("of-bob", "0201T00", "0303T10", "0303T11").by("bob@example.org");
        let room = room.with(young).await.set(|it| it.safety_limit = 100).await;
        let foretold = foretold(&room).await;
        let reached = |address: &str| foretold.values().filter(|it| *it == address).count();
        assert_eq!((reached("ann@example.org"), reached("bob@example.org")), (20, 1));
        room.clear().await;
        for message in room.messages().await {
            let expected = match message.state.as_str() {
                "waiting" => message.address,
                _ => "nobody: an address gets at most 20 messages in 24 hours".to_owned(),
            };
            assert_eq!(foretold[&message.uid], expected, "{}", message.uid);
        }
        // The next day it may be written to again, and what it had today counts until then.
        let room = room.with(event("late", "0201T00", "0303T12", "0303T13").by("ann@example.org"));
        let room = room.await;
        let no_more = "nobody: an address gets at most 20 messages in 24 hours";
        assert_eq!(self::foretold(&room).await["late"], no_more);
        assert_eq!(self::foretold(&room.at(days(1))).await["late"], no_more);
        let tomorrow = room.at(days(1).plus(1));
        assert_eq!(self::foretold(&tomorrow).await["late"], "ann@example.org");
    }

    async fn what_is_gathered_for_the_next_message_of_a_series_does_not_count(database) {
        let mut room = room(&database.open().await).await;
        let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY");
        room = room.with(series.by("ann@example.org")).await;
        room.clear().await;
        // One message was written; another about a date in May is gathered.
        room = room.with_event("rival", "0101T00", "0503T10", "0503T11").await;
        for it in 0..19 {
            let young = event(&format!("young-{it}"), "0201T00", "0303T10", "0303T11");
            room = room.with(young.by("ann@example.org")).await;
        }
        let foretold = foretold(&room).await;
        assert!(foretold.values().all(|it| it == "ann@example.org"), "{foretold:?}");
        let room = room.set(|it| it.safety_limit = 100).await;
        room.clear().await;
        let mails = room.mails().await;
        assert!(mails.iter().any(|it| it.ends_with("gathered")), "{mails:?}");
        assert!(!mails.iter().any(|it| it.ends_with("over limit")), "{mails:?}");
    }

    async fn without_a_mail_server_nobody_is_said_to_be_reached(database) {
        let mut room = room(&database.open().await).await;
        room.service.mailer = None;
        let room = room.with(event("a", "0201T00", "0303T10", "0303T11").by("ann@example.org")).await;
        let waits = "nobody: no mail server is set, so the message to ann@example.org waits";
        assert_eq!(foretold(&room).await["a"], waits);
        let room = room.set(|it| it.template = None).await;
        assert_eq!(foretold(&room).await["a"], "nobody: the calendar has no template");
    }
}
