//! Messages of the outbox are sent once, whatever the mail server does and whichever process dies.

use std::sync::Arc;

use harness::report::in_english;
use harness::{NOW, Room, administrator, days, event, seconds};
use mail::Mailer;
use mail::{Failure, Memory, SendError, Sender, SmtpFault};
use operations::deliver::Delivered;
use operations::{NewTemplate, Stage, command_line};
use smtp_peer::SmtpPeer;
use store::delivery::{self, OutboxRow};
use store::outbox::MessageState;
use store::{OutboxId, Store};
use testing::on_both_databases;

pub fn sender() -> Sender {
    Sender {
        address: "rooms@example.org".to_owned(),
        name: Some("Rooms".to_owned()),
        reply_to: None,
        bcc: vec!["archive@example.org".to_owned()],
    }
}

/// A room with mail whose letters stay in memory, where an old event holds a Tuesday.
pub async fn room(store: &Store) -> (Room, Memory) {
    let memory = Memory::default();
    let room = with_mailer(Room::new(store).await.with_mail().await, &memory, 1_000);
    (room.with(event("old", "0101T00", "0303T08", "0303T20").by("eve@example.org")).await, memory)
}

pub fn with_mailer(mut room: Room, memory: &Memory, a_minute: u32) -> Room {
    let mailer = Mailer::new(Box::new(memory.clone()), sender(), a_minute);
    room.service.mailer = Some(Arc::new(mailer));
    room
}

/// Whose messages go to a real mail server.
pub fn with_smtp(mut room: Room, peer: &SmtpPeer, sender: Sender) -> Room {
    let smtp = mail::Smtp {
        host: "localhost".to_owned(),
        port: peer.port,
        security: mail::Security::None,
        login: None,
        ca_file: None,
        hello: "rooms.example.org".to_owned(),
        timeouts: mail::Timeouts::default(),
    };
    room.service.mailer = Some(Arc::new(Mailer::new(Box::new(smtp), sender, 1_000)));
    room
}

/// With this number of events that lose the room, of as many people, and the messages about them.
pub async fn losing(mut room: Room, number: usize) -> Room {
    for it in 0..number {
        let young = event(&format!("young-{it}"), "0201T00", "0303T10", "0303T11");
        room = room.with(young.by(&format!("ann{it}@example.org"))).await;
    }
    room.clear().await;
    room
}

/// As [`losing`], with this template.
pub async fn with_template(room: Room, subject: &str, text: &str) -> Room {
    let template =
        mail::Template { subject: subject.to_owned(), text: text.to_owned(), html: None };
    let new = NewTemplate::written("ours", template);
    room.service.save_template(&command_line(), &new).await.unwrap();
    let id = room.service.template("ours").await.unwrap().id;
    room.set(|calendar| calendar.template = Some(id)).await
}

pub async fn deliver(room: &Room) -> (usize, usize, usize) {
    let Delivered { sent, put_off, ended } = room.service.deliver_due().await.unwrap();
    (sent, put_off, ended)
}

/// All messages, oldest first, with what became of them in English.
pub async fn letters(room: &Room) -> Vec<OutboxRow> {
    let mut all = delivery::messages(room.store(), None, 1_000).await.unwrap();
    all.reverse();
    for letter in &mut all {
        letter.detail = letter.detail.take().map(|it| in_english(&it));
    }
    all
}

pub async fn only(room: &Room) -> OutboxRow {
    let [letter] = <[OutboxRow; 1]>::try_from(letters(room).await).unwrap();
    letter
}

pub fn fails(failure: Failure, words: &str) -> SendError {
    SendError::new(failure, words)
}

/// A letter as text, decoded as far as these are.
pub fn text(letter: &mail::Email) -> String {
    String::from_utf8(letter.bytes().to_vec()).unwrap()
}

on_both_databases! {
    async fn a_process_that_drains_takes_no_further_message(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 3).await;
        room.service.stopping.advance(Stage::Draining);
        assert_eq!(deliver(&room).await, (0, 0, 0));
        assert!(memory.emails().is_empty(), "another process sends them");
    }

    async fn a_message_whose_renderer_is_killed_from_outside_is_sent_later_and_not_for_ever(database) {
        let (mut room, memory) = room(&database.open().await).await;
        let killed = ["-c", "kill -9 $$"].map(Into::into).to_vec();
        room.service.renderer = Arc::new(mail::Renderer::apart("/bin/sh".into(), killed));
        let room = losing(room, 2).await;
        assert_eq!(deliver(&room).await, (0, 2, 0));
        let waiting = letters(&room).await.remove(0);
        assert_eq!(waiting.state, MessageState::Waiting);
        assert!(waiting.detail.unwrap().contains("killed from outside"));
        let mut healthy = room.at(days(1));
        healthy.service.renderer = Arc::default();
        assert_eq!(deliver(&healthy).await, (2, 0, 0));
        assert_eq!(memory.emails().len(), 2);
        let room = losing(room, 3).await;
        assert_eq!(deliver(&room).await, (0, 1, 0));
        assert_eq!(deliver(&room.at(days(3))).await, (0, 0, 1));
    }

    async fn what_is_due_is_sent_once_and_with_the_message_id_that_was_written_down(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 3).await;
        assert_eq!(deliver(&room).await, (3, 0, 0));
        assert_eq!(deliver(&room).await, (0, 0, 0));
        let mut sent: Vec<_> = memory.emails().iter().map(|it| it.to().to_owned()).collect();
        sent.sort();
        assert_eq!(sent, ["ann0@example.org", "ann1@example.org", "ann2@example.org"]);
        for row in letters(&room).await {
            assert_eq!((row.state.as_str(), row.attempts, row.sent_at), ("sent", 1, Some(NOW)));
            let of_row = |it: &&mail::Email| text(it).contains(&row.message_id);
            let letter = memory.emails().iter().find(of_row).cloned().unwrap();
            assert_eq!(letter.to(), row.address);
            assert_eq!(letter.bcc().collect::<Vec<_>>(), ["archive@example.org"]);
        }
    }

    async fn without_a_mail_server_messages_wait(database) {
        let (mut room, _) = room(&database.open().await).await;
        room.service.mailer = None;
        let room = losing(room, 1).await;
        assert_eq!(deliver(&room).await, (0, 0, 0));
        assert_eq!((only(&room).await.state.as_str(), only(&room).await.attempts), ("waiting", 0));
    }

    async fn what_a_server_puts_off_is_tried_again_later_with_the_same_message_id(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        memory.fail(vec![fails(Failure::Later, "450 greylisted")]);
        assert_eq!(deliver(&room).await, (0, 1, 0));
        let put_off = only(&room).await;
        assert_eq!((put_off.state.as_str(), put_off.detail.as_deref()), ("waiting", Some("450 greylisted")));
        assert!((45..=75).contains(&(put_off.due_at - NOW)), "{}", put_off.due_at - NOW);
        assert_eq!(deliver(&room).await, (0, 0, 0), "not at once");
        let later = room.at(seconds(80));
        assert_eq!(deliver(&later).await, (1, 0, 0));
        let sent = only(&room).await;
        assert_eq!((sent.state.as_str(), sent.detail, sent.attempts), ("sent", None, 2));
        assert_eq!((sent.message_id, sent.answers_lost), (put_off.message_id, 0));
    }

    async fn what_went_wrong_is_kept_as_a_message_and_worded_in_the_language_of_the_reader(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 2).await;
        let quoted = Box::new(SmtpFault::quoted("550 5.1.1 no such mailbox"));
        let no_copy = SmtpFault::NoCopy { address: "archive@example.org".to_owned(), fault: quoted };
        let no_answer = Box::new(SmtpFault::NoAnswer { seconds: 30 });
        let no_server = SmtpFault::NotConnected { server: "mail:465".to_owned(), fault: no_answer };
        let later = |fault| SendError { failure: Failure::Later, fault };
        memory.fail(vec![later(no_copy), later(no_server)]);
        assert_eq!(deliver(&room).await, (0, 2, 0));
        let kept = database.column("SELECT detail FROM outbox ORDER BY detail").await;
        let german = wording::preferred("de");
        let words: Vec<String> = kept.iter().map(|it| german.stored_message(it)).collect();
        assert!(kept[0].contains(r#""id":"smtp-no-copy""#), "{kept:?}");
        assert_eq!(words[0], "keine Blindkopie an archive@example.org: 550 5.1.1 no such mailbox");
        assert!(kept[1].contains(r#""id":"smtp-not-connected""#), "{kept:?}");
        assert_eq!(words[1], "mail:465: der Server hat innerhalb von 30 Sekunden nicht geantwortet");
        // It is given up with the same words.
        memory.fail(vec![later(SmtpFault::NoCopyLeft), later(SmtpFault::NoCopyLeft)]);
        assert_eq!(deliver(&room.at(days(2))).await, (0, 0, 2));
        let kept = database.column("SELECT DISTINCT detail FROM outbox").await;
        let words: Vec<String> = kept.iter().map(|it| german.stored_message(it)).collect();
        assert_eq!(words, ["nach zwei Tagen aufgegeben: es ist keine Blindkopie mehr zu senden"]);
    }

    async fn what_a_server_refuses_stops_at_once_and_says_why_until_it_is_retried_or_discarded(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 2).await;
        let no = || fails(Failure::Never, "550 5.1.1 no such mailbox");
        memory.fail(vec![no(), no()]);
        assert_eq!(deliver(&room).await, (0, 0, 2));
        let [one, two] = <[OutboxRow; 2]>::try_from(letters(&room).await).unwrap();
        assert_eq!((one.state.as_str(), one.detail.as_deref()), ("failed", Some("550 5.1.1 no such mailbox")));
        assert_eq!(deliver(&room.at(days(1))).await, (0, 0, 0));
        let by = command_line();
        room.service.retry_message(&by, one.id).await.unwrap();
        room.service.discard_message(&by, two.id).await.unwrap();
        assert_eq!(deliver(&room).await, (1, 0, 0));
        let [one, two] = <[OutboxRow; 2]>::try_from(letters(&room).await).unwrap();
        assert_eq!((one.state.as_str(), two.state.as_str()), ("sent", "discarded"));
        assert_eq!(two.detail.as_deref(), Some("the command line discarded it"));
        for error in [
            room.service.retry_message(&by, one.id).await.unwrap_err(),
            room.service.discard_message(&by, one.id).await.unwrap_err(),
        ] {
            assert!(error.to_string().contains("is sent"), "{error}");
        }
        assert!(room.service.retry_message(&by, OutboxId(999)).await.is_err());
    }

    async fn a_lost_answer_is_counted_and_the_letter_goes_again_under_the_same_message_id(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        memory.fail(vec![fails(Failure::AnswerLost, "the line was cut")]);
        assert_eq!(deliver(&room).await, (0, 1, 0));
        assert_eq!((only(&room).await.answers_lost, only(&room).await.state.as_str()), (1, "waiting"));
        assert_eq!(deliver(&room.at(days(1))).await, (1, 0, 0));
        let row = only(&room).await;
        assert_eq!((row.answers_lost, row.state.as_str()), (1, "sent"));
        let both = memory.emails();
        assert_eq!(both.len(), 2);
        assert!(both.iter().all(|it| text(it).contains(&row.message_id)));
    }

    async fn a_process_that_dies_after_it_handed_a_letter_over_is_a_lost_answer_and_before_is_none(database) {
        let store = database.open().await;
        for (has_handed_over, lost) in [(false, 0), (true, 1)] {
            database.execute("DELETE FROM outbox").await;
            let slug = format!("room-{lost}");
            let memory = Memory::default();
            let room = with_mailer(Room::named(&store, &slug).await.with_mail().await, &memory, 99);
            let room = room.with_event("old", "0101T00", "0303T08", "0303T20").await;
            let room = losing(room, 1).await;
            let transaction = store.begin().await.unwrap();
            let taken = delivery::claim(&transaction, "dying", 60, 99, NOW).await.unwrap().unwrap();
            if has_handed_over {
                assert!(delivery::start_transmission(&transaction, taken.id, "dying", 60, NOW).await.unwrap());
            }
            transaction.commit().await.unwrap();
            assert_eq!(deliver(&room).await, (0, 0, 0), "it may be alive");
            database.execute("UPDATE outbox SET held_until = 0").await;
            assert_eq!(deliver(&room).await, (1, 0, 0));
            assert_eq!(only(&room).await.answers_lost, lost);
            assert_eq!(memory.emails().len(), 1);
        }
    }

    async fn a_process_that_was_too_slow_hands_nothing_over_any_more(database) {
        let store = database.open().await;
        let (room, _) = room(&store).await;
        let room = losing(room, 1).await;
        let transaction = store.begin().await.unwrap();
        let taken = delivery::claim(&transaction, "slow", 60, 99, NOW).await.unwrap().unwrap();
        transaction.commit().await.unwrap();
        database.execute("UPDATE outbox SET held_until = 0").await;
        let transaction = store.begin().await.unwrap();
        assert!(!delivery::start_transmission(&transaction, taken.id, "slow", 60, NOW).await.unwrap());
        transaction.commit().await.unwrap();
        assert_eq!(deliver(&room).await, (1, 0, 0));
        let transaction = store.begin().await.unwrap();
        let late = delivery::DeliveryOutcome::Failed("late".to_owned());
        assert!(!delivery::record_outcome(&transaction, taken.id, "slow", &late, NOW).await.unwrap());
        transaction.commit().await.unwrap();
        assert_eq!(only(&room).await.state, MessageState::Sent);
    }

    async fn several_processes_on_one_database_send_each_message_once(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room.set(|it| it.safety_limit = 100).await, 60).await;
        let other = with_mailer(room.clone(), &memory, 1_000);
        let both = tokio::join!(
            room.service.deliver_due(),
            other.service.deliver_due(),
            room.service.deliver_due(),
            other.service.deliver_due(),
        );
        let sent: usize = [both.0, both.1, both.2, both.3].map(|it| it.unwrap().sent).iter().sum();
        assert_eq!((sent, memory.emails().len()), (60, 60));
        let rows = letters(&room).await;
        assert!(rows.iter().all(|it| (it.state.as_str(), it.answers_lost) == ("sent", 0)), "{rows:?}");
    }

    async fn no_more_are_tried_in_a_minute_than_was_set_by_all_processes_together(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(with_mailer(room, &memory, 5), 12).await;
        let other = with_mailer(room.clone(), &memory, 5);
        let (one, two) = tokio::join!(room.service.deliver_due(), other.service.deliver_due());
        assert_eq!(one.unwrap().sent + two.unwrap().sent, 5);
        assert_eq!(deliver(&room.at(seconds(59))).await, (0, 0, 0));
        assert_eq!(deliver(&room.at(seconds(60))).await, (5, 0, 0));
        assert_eq!(deliver(&room.at(seconds(120))).await, (2, 0, 0));
    }

    async fn a_server_that_is_down_is_left_in_peace_and_no_message_is_lost(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 10).await;
        memory.fail(vec![fails(Failure::Server, "connection refused"); 4]);
        let (sent, put_off, ended) = deliver(&room).await;
        assert!(sent == 0 && ended == 0 && (1..=4).contains(&put_off), "{put_off}");
        memory.fail(Vec::new());
        assert_eq!(deliver(&room.at(seconds(4))).await, (0, 0, 0), "a pause of 5 seconds");
        assert_eq!(deliver(&room.at(seconds(5))).await, (10 - put_off, 0, 0));
        assert_eq!(deliver(&room.at(days(1))).await, (put_off, 0, 0));
        assert_eq!(memory.emails().len(), 10);
    }

    async fn a_message_is_given_up_after_two_days_of_tries(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        let later = || fails(Failure::Later, "451 busy");
        memory.fail(vec![later(), later(), later()]);
        assert_eq!(deliver(&room).await, (0, 1, 0));
        assert_eq!(deliver(&room.at(seconds(48 * 3_600 - 1))).await, (0, 1, 0));
        assert_eq!(deliver(&room.at(days(3))).await, (0, 0, 1));
        let row = only(&room).await;
        assert_eq!(row.detail.as_deref(), Some("given up after two days: 451 busy"));
        assert_eq!((row.state.as_str(), row.attempts), ("failed", 3));
    }

    async fn old_news_is_not_sent_when_there_is_a_mail_server_at_last(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await;
        let late = room.at(seconds(7 * 86_400 + 1));
        assert_eq!(deliver(&late).await, (0, 0, 1));
        assert!(only(&room).await.detail.unwrap().contains("7 days"));
        late.service.retry_message(&command_line(), only(&room).await.id).await.unwrap();
        assert_eq!(deliver(&late).await, (1, 0, 0));
        assert_eq!(memory.emails().len(), 1);
    }

    async fn what_was_gathered_goes_as_one_message_when_nothing_keeps_it_any_more(database) {
        let (room, memory) = room(&database.open().await).await;
        let text = "{% for it in occurrences %}{{ it.start.strftime('%m%d ') }}{% endfor %}";
        let room = with_template(room, "{{ name }}", text).await;
        let series = event("series", "0201T00", "0303T10", "0303T11").rule("FREQ=DAILY");
        let room = room.with(series.by("ann@example.org")).await;
        let rival = |day: &str| (format!("rival-{day}"), format!("{day}T10"), format!("{day}T11"));
        let mut room = room;
        for (day, clock) in [("0501", days(0)), ("0502", days(2)), ("0503", days(3))] {
            let (uid, start, end) = rival(day);
            room = room.at(clock).with_event(&uid, "0101T00", &start, &end).await;
            room.clear().await;
        }
        let at_first = room.at(days(3));
        assert_eq!(deliver(&at_first).await, (1, 0, 0), "the first of the series");
        assert_eq!(deliver(&room.at(seconds(30 * 86_400 - 1))).await, (0, 0, 0));
        assert_eq!(deliver(&room.at(days(30))).await, (1, 0, 0));
        let states: Vec<_> = letters(&room).await.into_iter().map(|it| it.state.as_str()).collect();
        assert_eq!(states, ["sent", "sent", "joined"]);
        assert!(self::text(&memory.emails()[1]).contains("0502 0503"));
    }

    async fn a_message_that_renders_to_nothing_is_not_sent(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = with_template(room, "s", "{% if is_restored %}x{% endif %}\n").await;
        let room = losing(room, 1).await;
        assert_eq!(deliver(&room).await, (0, 0, 1));
        let row = only(&room).await;
        assert_eq!((row.state.as_str(), row.detail.as_deref()), ("discarded", Some("its template renders to nothing")));
        assert!(memory.emails().is_empty());
    }

    async fn where_a_template_fails_the_programs_own_is_sent_and_the_failure_shown(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(with_template(room, "s", "t").await, 1).await;
        database.execute("UPDATE templates SET text_body = '\n{{ nowhere }}' WHERE name = 'ours'").await;
        assert_eq!(deliver(&room).await, (1, 0, 0));
        let detail = only(&room).await.detail.unwrap();
        assert!(detail.starts_with("the template \"ours\" failed (text body: line 2, column 4: "), "{detail}");
        assert!(text(&memory.emails()[0]).contains("Booking removed: "));
    }

    async fn who_takes_the_template_away_is_not_written_to(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = losing(room, 1).await.set(|it| it.template = None).await;
        assert_eq!(deliver(&room).await, (0, 0, 1));
        assert_eq!(only(&room).await.detail.unwrap(), "the calendar has no template any more");
        assert!(memory.emails().is_empty());
    }

    async fn that_a_booking_is_back_is_said_by_the_template_or_by_the_programs_own(database) {
        let store = database.open().await;
        for (slug, text, said) in [
            ("knows", "{% if is_restored %}{{ name }} back{% else %}gone{% endif %}", "back"),
            ("knows-not", "{{ name }} is gone", "in The knows-not was restored"),
        ] {
            database.execute("DELETE FROM outbox").await;
            let memory = Memory::default();
            let room = with_mailer(Room::named(&store, slug).await, &memory, 99);
            let room = with_template(room, "s", text).await;
            let room = room.with_event("old", "0101T00", "0303T08", "0303T20").await;
            let room = losing(room, 1).await;
            assert_eq!(deliver(&room).await, (1, 0, 0));
            let line = room.line("young-0", "0303T10").await;
            room.restore(line).await.unwrap();
            assert_eq!(deliver(&room).await, (1, 0, 0));
            let letter = self::text(&memory.emails()[1]).replace("=\r\n", "");
            assert!(letter.contains(said) && !letter.contains("gone"), "{letter}");
        }
    }

    async fn that_a_conflict_was_left_alone_is_said_as_such(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = room.set(|it| it.announces.ignored = true).await;
        room.service.protect(&command_line(), None, "young-0").await.unwrap();
        let room = losing(room, 1).await;
        assert_eq!(deliver(&room).await, (1, 1, 0), "the copy follows without links");
        let letter = text(&memory.emails()[0]).replace("=\r\n", "");
        assert!(letter.contains("Booking overlaps another"), "{letter}");
        assert!(letter.contains("an administrator protects it"), "{letter}");
    }

    async fn a_domain_that_is_not_allowed_any_more_is_not_written_to(database) {
        let (room, memory) = room(&database.open().await).await;
        let mut room = losing(room, 1).await;
        room.service.mail_domains = ["example.com".to_owned()].into();
        assert_eq!(deliver(&room).await, (0, 0, 1));
        assert_eq!(only(&room).await.state, MessageState::Refused);
        let error = room.service.retry_message(&command_line(), only(&room).await.id).await;
        assert!(error.unwrap_err().to_string().contains("MAIL_DOMAINS"));
        assert!(memory.emails().is_empty());
    }

    async fn administrators_are_asked_to_confirm_in_the_programs_own_words(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        let (room, memory) = room(&store).await;
        let room = losing(room.set(|it| it.safety_limit = 0).await, 1).await;
        assert_eq!(deliver(&room).await, (1, 0, 0));
        let letter = &memory.emails()[0];
        assert_eq!(letter.to(), "boss@example.org");
        assert!(text(letter).contains("Subject: The room: a clear waits for your confirmation"));
        assert!(text(letter).contains("room-booking clear --confirm --calendar room"));
    }

}
