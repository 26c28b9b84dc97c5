//! Other people's PRIVATE and CONFIDENTIAL events, in answers, on pages and in the history.

use facts::Removal;
use harness::{Event, Room, event, user, window};
use operations::{Reader, Requested, WhenTaken};
use store::history_pages::{self, Filter};
use store::users;
use testing::on_both_databases;

/// A private event of bob's, which keeps the room, and a later one of eve's, which loses it.
async fn taken(store: &store::Store) -> Room {
    let old = event("old", "0101T00", "0303T10", "0303T11").by("bob@example.org");
    let new = event("new", "0201T00", "0303T10", "0303T11").by("eve@example.org");
    let secret = |it: Event, class: &str| it.line("SUMMARY:Secret").line(class);
    let room = Room::new(store).await;
    let room = room.with(secret(old, "CLASS:PRIVATE")).await;
    room.with(secret(new, "CLASS:CONFIDENTIAL")).await
}

async fn reader(store: &store::Store, name: &str) -> Reader {
    user(store, name).await;
    let user = users::by_name(store, name).await.unwrap().unwrap();
    Reader::of_user(user.id, user.address.as_deref(), user.is_administrator)
}

fn words(event: &facts::Event) -> (&str, Option<&str>) {
    (&event.name, event.organizer.as_deref())
}

on_both_databases! {
    async fn the_week_and_the_preview_name_private_events_to_their_people_only(database) {
        let store = database.open().await;
        let room = taken(&store).await;
        let week = window("0302T00", "0309T00");
        let ann = reader(&store, "ann").await;
        let bob = reader(&store, "bob").await;
        let hidden = ("Private", None);
        let (events, _) = room.service.week(&room.calendar, week, &ann).await.unwrap();
        for it in &events {
            assert_eq!(words(&it.event), hidden);
            match &it.fate {
                operations::WeekOutcome::Removed { conflicts_with, .. } => assert_eq!(words(conflicts_with), hidden),
                operations::WeekOutcome::Wins { over, .. } => assert_eq!(words(over), hidden),
                fate => panic!("{fate:?}"),
            }
        }
        let preview = room.service.preview(&room.calendar, &ann).await.unwrap();
        let line = &preview.lines[0];
        assert_eq!(words(&line.removal.event), hidden);
        assert_eq!(words(line.removal.winner().unwrap()), hidden);
        let preview = room.service.preview(&room.calendar, &bob).await.unwrap();
        let own = preview.lines[0].removal.winner().unwrap();
        assert_eq!(words(own), ("Secret", Some("bob@example.org")));
        assert_eq!(words(&preview.lines[0].removal.event), hidden);
        let all = Reader::administrator();
        let preview = room.service.preview(&room.calendar, &all).await.unwrap();
        assert_eq!(words(&preview.lines[0].removal.event), ("Secret", Some("eve@example.org")));
    }

    async fn what_is_wrong_with_a_private_event_is_said_without_what_stands_in_it(database) {
        let store = database.open().await;
        let room = Room::new(&store).await;
        let with = |uid: &str, class: &str, line: &str| {
            event(uid, "0101T00", "0303T10", "0303T11").line(class).line(line)
        };
        let room = room.with(with("status", "CLASS:PRIVATE", "STATUS:Merger")).await;
        let room = room.with(with("rule", "CLASS:PRIVATE", "RRULE:FREQ=Takeover")).await;
        let room = room.with(with("public", "CLASS:PUBLIC", "STATUS:Lunch")).await;
        let said = async |reader: &Reader| {
            let preview = room.service.preview(&room.calendar, reader).await.unwrap();
            let warnings = preview.warnings.iter().map(|it| it.detail.to_string());
            let unreadable = preview.unreadable.iter().map(|it| it.error.to_string());
            warnings.chain(unreadable).collect::<Vec<_>>().join("; ").to_uppercase()
        };
        let has = |said: &str| ["MERGER", "TAKEOVER", "LUNCH"].map(|it| said.contains(it));
        assert_eq!(has(&said(&Reader::administrator()).await), [true, true, true]);
        let ann = said(&reader(&store, "ann").await).await;
        assert_eq!(has(&ann), [false, false, true], "{ann}");
        let key_without_read = Reader::of_key(store::UserId(1), None, false, true);
        let times = said(&key_without_read).await;
        assert_eq!(has(&times), [false, false, false], "{times}");
        assert!(times.contains("STATUS") && times.contains("RRULE"), "{times}");
        let ann = room.caller("bob").await;
        let change = operations::RequestedChange { name: Some("New".to_owned()), ..Default::default() };
        let request = operations::ChangeRequest {
            uid: "rule".to_owned(),
            change,
            occurrence: None,
            when_taken: WhenTaken::Book,
            if_match: None,
        };
        let refused = room.service.change_event(&ann, &room.calendar, request).await.unwrap_err();
        let refused = refused.to_string().to_uppercase();
        assert!(refused.contains("RRULE") && !refused.contains("TAKEOVER"), "{refused}");
    }

    async fn why_nobody_is_told_of_a_private_event_does_not_name_its_organizer(database) {
        let store = database.open().await;
        let mut room = taken(&store).await.with_mail().await;
        let ann = reader(&store, "ann").await;
        let told = async |room: &Room, reader: &Reader| {
            let preview = room.service.preview(&room.calendar, reader).await.unwrap();
            preview.lines[0].told.clone().unwrap_err().to_string()
        };
        let hidden = "the reason would name the organizer of a private event";
        assert_eq!(told(&room, &ann).await, hidden);
        let all = Reader::administrator();
        assert!(told(&room, &all).await.contains("eve@example.org"));
        room.service.mail_domains = ["example.net".to_owned()].into();
        assert_eq!(told(&room, &ann).await, hidden);
        assert!(told(&room, &all).await.contains("example.org"));
        let room = room.set(|it| it.template = None).await;
        assert_eq!(told(&room, &ann).await, "the calendar has no template");
    }

    async fn the_history_keeps_who_may_read_what(database) {
        let store = database.open().await;
        let room = taken(&store).await;
        let (ann, eve) = (reader(&store, "ann").await, reader(&store, "eve").await);
        room.clear().await;
        let found = history_pages::lines(&store, &Filter::default(), 50, 1_000).await.unwrap();
        let line = &found.lines[0];
        let fact = Removal::from_json(&line.fact).unwrap();
        let (event, winner) = (fact.event.clone(), fact.winner().unwrap().clone());
        assert_eq!(words(&ann.shown(event.clone())), ("Private", None));
        assert_eq!(words(&ann.shown(winner)), ("Private", None));
        assert_eq!(words(&eve.shown(event)), ("Secret", Some("eve@example.org")));
        let text = async |who: &Reader| {
            room.service.text_before(line.change_id, who).await.unwrap().is_some()
        };
        assert!(!text(&ann).await && text(&eve).await && text(&Reader::administrator()).await);
        let search = async |text: &str, private_of: Option<&str>| {
            let filter = Filter {
                text: Some(text.to_owned()),
                private_of: private_of.map(str::to_owned),
                ..Filter::default()
            };
            history_pages::lines(&store, &filter, 50, 1_000).await.unwrap().lines.len()
        };
        for text in ["secret", "eve@"] {
            assert_eq!(search(text, None).await, 1, "an administrator finds {text}");
            assert_eq!(search(text, Some("eve@example.org")).await, 1, "eve finds {text}");
            assert_eq!(search(text, Some("ann@example.org")).await, 0, "nobody else finds {text}");
            assert_eq!(search(text, Some("")).await, 0);
        }
    }

    async fn an_author_without_an_address_reads_what_was_booked(database) {
        let store = database.open().await;
        let room = Room::new(&store).await;
        let mut ann = room.caller("ann").await;
        ann.address = None;
        let booking = Requested {
            name: "Talk".to_owned(),
            start: "2026-03-03T10:00".to_owned(),
            end: "2026-03-03T11:00".to_owned(),
            ..Requested::default()
        };
        let made = room.book(&ann, &booking, WhenTaken::Book, None).await.unwrap();
        // Somebody makes it private and takes it over, in a calendar program.
        let all = Reader::administrator();
        let text = room.service.object_text(&room.calendar, &made.id, &all).await.unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines = "STATUS:CONFIRMED\r\nCLASS:PRIVATE\r\nORGANIZER:mailto:bob@example.org";
        let text = text.replace("STATUS:CONFIRMED", lines);
        let actor = operations::command_line();
        room.service.import(&actor, &room.calendar, text.as_bytes(), &|_, _| {}).await.unwrap();
        let read = async |reader: Reader| {
            room.service.object_text(&room.calendar, &made.id, &reader).await.is_ok()
        };
        assert!(read(ann.reader()).await);
        assert!(!read(room.caller("eve").await.reader()).await);
        ann.rights.read = false;
        assert!(!read(ann.reader()).await, "without the right to read nobody does");
    }
}
