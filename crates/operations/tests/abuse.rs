//! What nobody can make the program do to others: send their mail, and fill calendars.

use harness::{Room, administrator, days, event, seconds};
use mail::{Memory, Sender};
use operations::{Caller, Error, Requested, WhenTaken, command_line};
use serde_json::json;
use smtp_peer::{Options, SmtpPeer};
use store::OutboxId;
use store::audit::Actor;
use store::delivery::OutboxRow;
use store::keys::Rights;
use store::outbox::{MessageKind, MessageState};
use testing::on_both_databases;

use crate::create::requested;
use crate::deliver::{deliver, letters, losing, room, sender, with_mailer, with_smtp};

/// Books the hour that an older event holds, for people whose addresses are elsewhere.
async fn book_for(room: &Room, caller: &Caller, names: std::ops::Range<usize>, domain: &str) {
    for it in names {
        let organizer = Some(format!("{}{it}@{domain}", caller.name));
        let wanted = Requested { organizer, ..requested("2026-03-03T10:00", "2026-03-03T11:00") };
        room.book(caller, &wanted, WhenTaken::Book, None).await.unwrap();
    }
}

/// A user with a key.
async fn with_key(room: &Room, name: &str) -> Caller {
    let mut caller = room.caller(name).await;
    let made = room
        .service
        .people()
        .add_key(&command_line(), name, "panel", Rights::ALL, None, None)
        .await;
    caller.key = Some(made.unwrap().0);
    caller
}

fn of_state(rows: &[OutboxRow], state: MessageState) -> Vec<&OutboxRow> {
    rows.iter().filter(|it| it.state == state).collect()
}

fn sent_to(memory: &Memory, domain: &str) -> usize {
    memory.emails().iter().filter(|it| it.to().ends_with(domain)).count()
}

on_both_databases! {
    async fn of_what_one_user_causes_twenty_a_day_leave_the_senders_domain_and_the_rest_is_held(database) {
        let store = database.open().await;
        let (room, memory) = room(&store).await;
        administrator(&store, "boss").await;
        administrator(&store, "deputy").await;
        let ann = with_key(&room, "ann").await;
        book_for(&room, &ann, 0..30, "elsewhere.net").await;
        book_for(&room, &ann, 0..3, "example.org").await;
        room.clear().await;
        deliver(&room).await;
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 20);
        assert_eq!(sent_to(&memory, "@example.org"), 3 + 2, "its own domain, and who is asked");
        let rows = letters(&room).await;
        let held = of_state(&rows, MessageState::Held);
        assert_eq!(held.len(), 10);
        for row in &held {
            assert_eq!(row.user_name.as_deref(), Some("ann"));
            assert_eq!(row.attempts, 0, "it was not tried");
            let detail = row.detail.as_deref();
            assert_eq!(detail, Some("ann has caused 20 messages to other domains in 24 hours"));
        }
        // Further ones ask nobody again, whichever process holds them, and whatever was restarted.
        let again = with_mailer(Room { ..room.clone() }, &memory, 1_000).at(seconds(3_600));
        let ben = with_key(&again, "ben").await;
        book_for(&again, &ann, 30..32, "elsewhere.net").await;
        book_for(&again, &ben, 0..2, "elsewhere.net").await;
        again.clear().await;
        deliver(&again).await;
        let rows = letters(&room).await;
        assert_eq!(of_state(&rows, MessageState::Held).len(), 12, "another user's are none of them");
        let asked: Vec<_> = rows.iter().filter(|it| it.kind == MessageKind::MessagesHeld).collect();
        assert_eq!(asked.len(), 2, "one mail for each administrator");
        let mail = memory.emails().into_iter().find(|it| it.to() == "boss@example.org").unwrap();
        let mail = String::from_utf8(mail.bytes().to_vec()).unwrap();
        assert!(mail.contains("ann has caused 20 messages in 24 hours"), "{mail}");
    }

    async fn a_held_message_is_released_or_discarded_and_nothing_else_is_done_with_it(database) {
        let (room, memory) = room(&database.open().await).await;
        let ann = with_key(&room, "ann").await;
        book_for(&room, &ann, 0..22, "elsewhere.net").await;
        room.clear().await;
        deliver(&room).await;
        let rows = letters(&room).await;
        let [one, other] = of_state(&rows, MessageState::Held)[..] else { panic!("{rows:?}") };
        let by = command_line();
        let refused = room.service.retry_message(&by, one.id).await.unwrap_err().to_string();
        assert_eq!(refused, format!("message {} is held; use `outbox release` to send it", one.id));
        deliver(&room.at(days(2))).await;
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 20, "nobody has decided");
        room.service.release_message(&by, one.id).await.unwrap();
        room.service.discard_message(&by, other.id).await.unwrap();
        deliver(&room).await;
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 21);
        for id in [one.id, other.id] {
            let refused = room.service.release_message(&by, id).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
        }
        let missing = room.service.release_message(&by, OutboxId(10_000)).await.unwrap_err();
        assert!(matches!(missing, Error::NotFound(_)), "{missing:?}");
    }

    async fn a_day_later_as_many_may_go_again_and_a_retry_counts_once(database) {
        let (room, memory) = room(&database.open().await).await;
        let ann = with_key(&room, "ann").await;
        book_for(&room, &ann, 0..20, "elsewhere.net").await;
        room.clear().await;
        memory.fail(vec![crate::deliver::fails(mail::Failure::Later, "451 later"); 15]);
        deliver(&room).await;
        let later = room.at(seconds(200));
        deliver(&later).await;
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 20);
        book_for(&later, &ann, 20..21, "elsewhere.net").await;
        later.clear().await;
        deliver(&later).await;
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 20);
        let tomorrow = room.at(seconds(86_401));
        book_for(&tomorrow, &ann, 21..24, "elsewhere.net").await;
        tomorrow.clear().await;
        deliver(&tomorrow).await;
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 23);
    }

    async fn test_messages_count_as_messages_that_their_sender_caused(database) {
        let (room, memory) = room(&database.open().await).await;
        let ann = with_key(&room, "ann").await;
        let by = Actor { user: Some(ann.user), name: "ann".to_owned() };
        let template = operations::NewTemplate::written("English", mail::defaults::ENGLISH.template());
        let test = async |room: &Room, by: &Actor, address: &str| {
            room.service.send_test(by, &template, address).await.map_err(|it| it.to_string())
        };
        book_for(&room, &ann, 0..8, "elsewhere.net").await;
        room.clear().await;
        deliver(&room).await;
        for _ in 0..12 {
            test(&room, &by, "a@elsewhere.net").await.unwrap();
        }
        let too_many = Err("ann has caused 20 messages to other domains in 24 hours".to_owned());
        assert_eq!(test(&room, &by, "a@elsewhere.net").await, too_many);
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 20);
        test(&room, &by, "ann@example.org").await.unwrap();
        // What the outbox sends counts with them.
        book_for(&room, &ann, 8..9, "elsewhere.net").await;
        room.clear().await;
        deliver(&room).await;
        assert_eq!(of_state(&letters(&room).await, MessageState::Held).len(), 1);
        // The command line is no user, and has the limit of all.
        for _ in 20..200 {
            test(&room, &command_line(), "b@elsewhere.net").await.unwrap();
        }
        let too_many = Err("200 messages went to other domains in 24 hours".to_owned());
        assert_eq!(test(&room, &command_line(), "b@elsewhere.net").await, too_many);
        let tomorrow = room.at(seconds(86_401));
        test(&tomorrow, &by, "a@elsewhere.net").await.unwrap();
        let sql = "SELECT COUNT(*) FROM test_messages";
        assert_eq!(database.numbers(sql).await, [1], "older ones are not kept");
    }

    async fn of_all_that_leaves_the_domain_two_hundred_go_in_a_day_also_from_two_processes(database) {
        let (room, memory) = room(&database.open().await).await;
        let mut room = room.set(|it| it.safety_limit = 1_000).await;
        for it in 0..203 {
            let young = event(&format!("young-{it}"), "0201T00", "0303T10", "0303T11");
            room = room.with(young.by(&format!("x{it}@elsewhere.net"))).await;
        }
        room.clear().await;
        let mut replica = room.clone();
        replica.service = operations::Service::new(database.open().await);
        replica.service.clock = room.service.clock.clone();
        let replica = with_mailer(replica, &memory, 1_000);
        let (one, other) = tokio::join!(room.service.deliver_due(), replica.service.deliver_due());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.sent + other.sent, one.ended + other.ended), (200, 3));
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 200);
        let rows = letters(&room).await;
        let held = of_state(&rows, MessageState::Held);
        assert_eq!(held.len(), 3);
        let detail = held[0].detail.as_deref();
        assert_eq!(detail, Some("200 messages went to other domains in 24 hours"));
        assert_eq!(held[0].user_name, None, "its organizer wrote it into the calendar");
    }

    async fn where_mail_domains_is_set_nothing_leaves_it_and_nothing_is_held(database) {
        let (mut room, memory) = room(&database.open().await).await;
        room.service.mail_domains = ["elsewhere.net".to_owned()].into();
        let ann = with_key(&room, "ann").await;
        book_for(&room, &ann, 0..25, "elsewhere.net").await;
        book_for(&room, &ann, 0..1, "example.org").await;
        room.clear().await;
        deliver(&room).await;
        assert_eq!(sent_to(&memory, "@elsewhere.net"), 25);
        assert_eq!(memory.emails().len(), 25);
        assert_eq!(of_state(&letters(&room).await, MessageState::Refused).len(), 1);
    }

    async fn a_key_and_its_user_are_recorded_as_the_cause_of_what_a_clear_removes(database) {
        let (room, _) = room(&database.open().await).await;
        let ann = with_key(&room, "ann").await;
        let room = room.with(event("young", "0201T00", "0303T10", "0303T11").by("x@elsewhere.net")).await;
        room.setup().clear(operations::Scope::All, ann.starter()).await;
        let row = crate::deliver::only(&room).await;
        let cause = (row.user_name.as_deref(), row.key_name.as_deref());
        assert_eq!(cause, (Some("ann"), Some("panel")));
    }

    async fn a_blind_copy_that_is_refused_for_now_is_tried_again_and_nobody_else_gets_two(database) {
        let (mut room, _) = room(&database.open().await).await;
        let peer = SmtpPeer::start(&Options::default());
        let copies = ["archive@example.org", "audit@example.org", "gone@example.org"];
        let sender = Sender { bcc: copies.map(str::to_owned).into(), ..sender() };
        room = with_smtp(room, &peer, sender);
        let room = losing(room, 1).await;
        let busy = json!({ "later": ["archive@example.org"], "reject": ["gone@example.org"] });
        peer.behave(&busy);
        assert_eq!(deliver(&room).await, (0, 1, 0));
        let row = crate::deliver::only(&room).await;
        assert_eq!(row.state, MessageState::Waiting);
        assert!(row.sent_at.is_some(), "the recipient has it");
        assert!(row.detail.as_deref().unwrap().contains("archive@example.org: 451"), "{row:?}");
        assert_eq!(deliver(&room.at(seconds(100))).await, (0, 1, 0), "still refused");
        peer.behave(&json!({}));
        assert_eq!(deliver(&room.at(seconds(400))).await, (1, 0, 0));
        let to: Vec<_> = peer.emails().iter().map(|it| it["to"].clone()).collect();
        assert_eq!(
            to,
            [json!(["ann0@example.org", "audit@example.org"]), json!(["archive@example.org"])]
        );
        let row = crate::deliver::only(&room).await;
        assert_eq!(row.state, MessageState::Sent);
        assert_eq!(deliver(&room.at(days(1))).await, (0, 0, 0));
    }

    async fn a_blind_copy_that_nobody_takes_for_two_days_or_an_administrator_gives_up_leaves_the_message_sent(database) {
        let (mut room, _) = room(&database.open().await).await;
        let peer = SmtpPeer::start(&Options::default());
        room = with_smtp(room, &peer, sender());
        let room = losing(room, 2).await;
        peer.behave(&json!({ "later": ["archive@example.org"] }));
        assert_eq!(deliver(&room).await, (0, 2, 0));
        let rows = letters(&room).await;
        room.service.discard_message(&command_line(), rows[0].id).await.unwrap();
        deliver(&room.at(days(3))).await;
        for row in letters(&room).await {
            assert_eq!(row.state, MessageState::Sent, "{row:?}");
            assert!(row.detail.is_some());
        }
        assert_eq!(peer.emails().len(), 2);
    }

    async fn a_key_creates_so_many_events_a_day_on_all_servers_together_and_is_told_when_to_go_on(database) {
        let mut room = Room::new(&database.open().await).await;
        room.service.events_per_key = 5;
        let ann = with_key(&room, "ann").await;
        let mut replica = room.clone();
        replica.service = operations::Service::new(database.open().await);
        replica.service.events_per_key = 5;
        replica.service.clock = room.service.clock.clone();
        let wanted = requested("2026-03-03T10:00", "2026-03-03T11:00");
        let book = async |room: &Room, when, key| room.book(&ann, &wanted, when, key).await;
        book(&room, WhenTaken::Refuse, Some("first")).await.unwrap();
        for _ in 0..3 {
            let refused = book(&room, WhenTaken::Refuse, None).await.unwrap_err();
            assert!(matches!(refused, Error::Taken(_)), "a refused booking does not count");
        }
        let mut made = 1;
        let all = futures_util::future::join_all((0..8).map(|it| {
            let room = if it % 2 == 0 { &room } else { &replica };
            book(room, WhenTaken::Book, None)
        }));
        for answer in all.await {
            match answer {
                Ok(_) => made += 1,
                Err(Error::TooMany { retry_after, .. }) => {
                    assert!((1..=86_400).contains(&retry_after), "{retry_after}");
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(made, 5);
        book(&replica, WhenTaken::Refuse, Some("first")).await.unwrap();
        let person = Caller { key: None, ..ann.clone() };
        room.book(&person, &wanted, WhenTaken::Book, None).await.unwrap();
        let other = with_key(&room, "ben").await;
        room.book(&other, &wanted, WhenTaken::Book, None).await.unwrap();
        let tomorrow = room.at(days(1));
        book(&tomorrow, WhenTaken::Book, None).await.unwrap();
        // A process whose clock is late does not begin the day anew.
        for _ in 0..4 {
            book(&room, WhenTaken::Book, None).await.unwrap();
        }
        let late = book(&room, WhenTaken::Book, None).await.unwrap_err();
        assert!(matches!(late, Error::TooMany { .. }), "{late:?}");
    }
}
