//! Links in messages that act without a sign-in (section 7 of the contract).

use harness::{Room, days, event, seconds, told};
use mail::{Email, Memory};
use operations::{Error, GivenUp, LinkChoice, LinkState, Result, command_line};
use store::{Store, history};
use testing::on_both_databases;

use crate::deliver::{deliver, with_mailer, with_template};
use crate::pending::{only_pending, two};

const HOUR: i64 = 3_600;

/// What shows the links of a message, and is a text of each kind of message.
const TEXT: &str = "give up: {{ links.give_up or \"\" }}\nask: {{ links.ask or \"\" }}\n\
                    {{ removal_at }}{{ is_warning_ended }}{{ is_ignored }}";

/// A room that warns, where Ann's event loses to Eve's, and the messages about it.
pub async fn warned(store: &Store) -> (Room, Memory) {
    let (room, memory) = two(store).await;
    let room = with_template(room, "{{ name }}", TEXT).await;
    room.clear().await;
    deliver(&room).await;
    (room, memory)
}

/// The token of a link in the latest message to an address; empty if it has none.
pub fn token(memory: &Memory, address: &str, link: &str) -> String {
    let text = texts(memory, address).pop().unwrap();
    let line = text.lines().find_map(|it| it.strip_prefix(&format!("{link}: "))).unwrap();
    line.rsplit('/').next().unwrap_or_default().trim().to_owned()
}

/// The texts of all messages to an address, oldest first.
pub fn texts(memory: &Memory, address: &str) -> Vec<String> {
    let is_to = |it: &Email| match it.is_for_copies() {
        true => it.bcc().any(|it| it == address),
        false => it.to() == address || it.bcc().any(|it| it == address),
    };
    let text = |it: Email| {
        let text = String::from_utf8_lossy(it.bytes()).replace("=\r\n", "").replace("=3D", "=");
        text.replace("\r\n", "\n")
    };
    memory.emails().into_iter().filter(is_to).map(text).collect()
}

pub async fn follow(room: &Room, token: &str, choice: LinkChoice) -> Result<()> {
    let version = room.service.link_page(token).await?.version;
    room.service.follow_link(token, &version, choice).await
}

pub async fn state(room: &Room, token: &str) -> LinkState {
    room.service.link_page(token).await.unwrap().state
}

/// The days on which an event takes place, in March.
async fn dates_of(room: &Room, uid: &str) -> Vec<String> {
    let list = room.list("0301T00", "0401T00").await;
    let events = list["events"].as_array().unwrap().iter().filter(|it| it["uid"] == uid);
    events.map(|it| it["start"].as_str().unwrap()[5..10].to_owned()).collect()
}

#[track_caller]
pub fn refused(answer: Result<()>, words: &str) {
    match answer {
        Err(Error::Conflict(why)) => assert!(why.to_string().contains(words), "{why}"),
        other => panic!("{other:?}"),
    }
}

pub const EVENT: LinkChoice = LinkChoice::GiveUp(GivenUp::Event);

on_both_databases! {
    async fn whoever_loses_gives_the_booking_up_by_a_link_and_the_other_one_hears_of_it(database) {
        let (room, memory) = warned(&database.open().await).await;
        let give_up = token(&memory, "ann@example.org", "give up");
        for _ in 0..3 {
            let page = room.service.link_page(&give_up).await.unwrap();
            assert_eq!(page.state, LinkState::Open);
            assert_eq!(page.events[0].uid, "new");
            assert_eq!(page.other.unwrap().uid, "old");
        }
        assert_eq!(room.uids().await, "new old", "looking changes nothing");
        follow(&room, &give_up, EVENT).await.unwrap();
        assert_eq!(room.uids().await, "old");
        refused(follow(&room, &give_up, EVENT).await, "used already");
        assert_eq!(state(&room, &give_up).await, LinkState::Used);
        let by = "SELECT removals.kind || ' ' || asked_by || ' ' || mail_links.address FROM removals \
                  JOIN changes ON changes.id = removals.change_id \
                  JOIN mail_links ON mail_links.change_id = changes.id";
        assert_eq!(database.column(by).await, ["deleted by request link ann@example.org"]);
        assert!(room.mails().await.contains(&"warning ended old eve@example.org waiting".to_owned()));
        assert!(store::pending::all_open(room.store()).await.unwrap().is_empty());
    }

    async fn whoever_would_keep_the_room_may_give_it_up_too_and_then_the_other_one_stays(database) {
        let (room, memory) = warned(&database.open().await).await;
        let give_up = token(&memory, "eve@example.org", "give up");
        assert_eq!(token(&memory, "eve@example.org", "ask"), "", "nothing of it is to be removed");
        follow(&room, &give_up, EVENT).await.unwrap();
        assert_eq!(room.uids().await, "new");
        assert!(told(&room.at(seconds(72 * HOUR)).clear().await).is_empty());
    }

    async fn a_removal_waits_for_an_administrator_once_its_organizer_asks_for_that(database) {
        let (room, memory) = warned(&database.open().await).await;
        let ask = token(&memory, "ann@example.org", "ask");
        room.service.follow_link(&ask, "", LinkChoice::Ask).await.unwrap();
        assert_eq!(room.service.count_pending(None).await.unwrap(), [1, 0, 1]);
        let later = room.at(seconds(60 * HOUR));
        assert_eq!(told(&later.clear().await), ["ignored new 0305T11 by old: pending"]);
        assert_eq!(later.service.remove_due().await.unwrap(), 0);
        refused(room.service.follow_link(&ask, "", LinkChoice::Ask).await, "used already");
        let id = only_pending(&room).await;
        let command_line = command_line();
        let report = later.service.remove_pending_now(&command_line, id, harness::starter()).await;
        assert_eq!(told(&report.unwrap()), ["deleted new 0305T11 by old"]);
    }

    async fn whoever_asks_too_late_or_after_a_decision_changes_nothing(database) {
        let (room, memory) = warned(&database.open().await).await;
        let ask = token(&memory, "ann@example.org", "ask");
        let id = only_pending(&room).await;
        room.service.keep_pending(&command_line(), id).await.unwrap();
        assert_eq!(state(&room, &ask).await, LinkState::Stale);
        refused(room.service.follow_link(&ask, "", LinkChoice::Ask).await, "not the same");
        assert_eq!(room.service.count_pending(None).await.unwrap(), [0, 0, 0]);
    }

    async fn a_link_does_nothing_to_an_event_that_has_moved_or_is_somebody_else_s(database) {
        let (room, memory) = warned(&database.open().await).await;
        let give_up = token(&memory, "ann@example.org", "give up");
        let version = room.service.link_page(&give_up).await.unwrap().version;
        let ann = event("new", "0201T00", "0305T11", "0305T13").by("ann@example.org");
        let mut room = room.with(ann.line("DESCRIPTION:An agenda")).await;
        assert_eq!(state(&room, &give_up).await, LinkState::Open, "its time is the same");
        refused(room.service.follow_link(&give_up, &version, EVENT).await, "not the same");
        assert_eq!(room.uids().await, "new old", "its reader saw another one");
        for other in [
            event("new", "0201T00", "0305T12", "0305T14").by("ann@example.org"),
            event("new", "0201T00", "0305T11", "0305T13").by("bob@example.org"),
        ] {
            room = room.with(other).await;
            assert_eq!(state(&room, &give_up).await, LinkState::Stale);
            refused(follow(&room, &give_up, EVENT).await, "not the same");
            assert_eq!(room.uids().await, "new old");
        }
        assert_eq!(database.column("SELECT id FROM mail_links WHERE used_at IS NOT NULL").await.len(), 0);
    }

    async fn a_link_works_until_its_event_begins(database) {
        let (room, memory) = warned(&database.open().await).await;
        let give_up = token(&memory, "eve@example.org", "give up");
        let begins = 3 * 24 * HOUR + 10 * HOUR;
        assert_eq!(state(&room.at(seconds(begins - 1)), &give_up).await, LinkState::Open);
        let begun = room.at(seconds(begins));
        assert_eq!(state(&begun, &give_up).await, LinkState::Over);
        refused(follow(&begun, &give_up, EVENT).await, "expired");
        assert_eq!(room.uids().await, "new old");
    }

    async fn a_link_outlives_the_retention_of_messages_where_its_event_is_far_away(database) {
        let (room, memory) = two(&database.open().await).await;
        let room = with_template(room, "{{ name }}", TEXT).await;
        let far = |uid: &str, created: &str| event(uid, created, "1020T10", "1020T11");
        let room = room.with(far("first", "0101T00").by("eve@example.org")).await;
        let room = room.with(far("second", "0201T00").by("bob@example.org")).await;
        room.clear().await;
        deliver(&room).await;
        let give_up = token(&memory, "bob@example.org", "give up");
        room.at(days(200)).service.forget(180).await.unwrap();
        // More than a day's worth goes a day later.
        let later = room.at(days(201));
        later.service.forget(180).await.unwrap();
        assert_eq!(state(&later, &give_up).await, LinkState::Open);
        let kept = database.column("SELECT DISTINCT address FROM outbox ORDER BY address").await;
        assert_eq!(kept, ["bob@example.org", "eve@example.org"], "Ann's event is over");
        let begun = room.at(days(450));
        begun.service.forget(180).await.unwrap();
        room.at(days(451)).service.forget(180).await.unwrap();
        assert!(database.column("SELECT address FROM outbox").await.is_empty());
    }

    async fn two_bookings_that_are_both_kept_have_links_that_free_the_hour(database) {
        let (room, memory) = two(&database.open().await).await;
        let room = with_template(room, "{{ name }}", TEXT).await;
        let room = room.set(|it| it.announces.ignored = true).await;
        room.service.protect(&command_line(), None, "new").await.unwrap();
        assert_eq!(told(&room.clear().await), ["ignored new 0305T11 by old: protected"]);
        deliver(&room).await;
        let give_up = token(&memory, "ann@example.org", "give up");
        follow(&room, &give_up, EVENT).await.unwrap();
        assert_eq!(room.uids().await, "old");
        assert_eq!(state(&room, &give_up).await, LinkState::Used);
    }

    async fn nobody_makes_up_a_link_or_turns_one_into_another(database) {
        let (room, memory) = warned(&database.open().await).await;
        let give_up = token(&memory, "ann@example.org", "give up");
        let ask = token(&memory, "ann@example.org", "ask");
        let ((id, signature), (other, _)) =
            (give_up.split_once('.').unwrap(), ask.split_once('.').unwrap());
        let changed = |at: usize| {
            let mut signature = signature.to_owned().into_bytes();
            signature[at] = if signature[at] == b'A' { b'B' } else { b'A' };
            format!("{id}.{}", String::from_utf8(signature).unwrap())
        };
        let mut forged = vec![
            String::new(),
            ".".to_owned(),
            format!("{id}."),
            format!("{id}.{}", &signature[..signature.len() - 1]),
            format!("{other}.{signature}"),
            format!("99.{signature}"),
            format!("{id}.{signature}A"),
            format!("-{give_up}"),
            format!("{id}.ä"),
        ];
        forged.extend([0, 5, signature.len() - 1].map(changed));
        for token in forged {
            assert!(matches!(room.service.link_page(&token).await, Err(Error::NotFound(_))), "{token}");
            let followed = room.service.follow_link(&token, "", EVENT).await;
            assert!(matches!(followed, Err(Error::NotFound(_))), "{token}");
        }
        assert!(matches!(room.service.follow_link(&ask, "", EVENT).await, Err(Error::NotFound(_))));
        // A person who can write to the database can move no link to another event, or another message, either.
        let of_eve = "(SELECT message_id FROM mail_links WHERE address = 'eve@example.org' LIMIT 1)";
        database.execute(&format!("UPDATE mail_links SET message_id = {of_eve} WHERE act = 'ask'")).await;
        assert!(matches!(room.service.link_page(&ask).await, Err(Error::NotFound(_))));
        database.execute("UPDATE mail_links SET uid = 'old'").await;
        assert!(matches!(room.service.link_page(&give_up).await, Err(Error::NotFound(_))));
        assert_eq!(room.uids().await, "new old");
    }

    async fn of_a_series_single_dates_are_given_up_or_all_of_them_or_the_whole_series(database) {
        let memory = Memory::default();
        let room = Room::new(&database.open().await).await.with_mail().await;
        let room = with_template(with_mailer(room, &memory, 1_000), "{{ name }}", TEXT).await;
        let mut room = room.set(|it| it.conflicts = clearing::ConflictHandling::Warn).await;
        for day in ["0303", "0304", "0306"] {
            let (start, end) = (format!("{day}T10"), format!("{day}T12"));
            room = room.with(event(&format!("eve-{day}"), "0101T00", &start, &end).by("eve@example.org")).await;
        }
        let daily = event("daily", "0201T00", "0303T10", "0303T11").by("ann@example.org");
        let room = room.with(daily.line("RRULE:FREQ=DAILY;COUNT=5")).await;
        room.clear().await;
        deliver(&room).await;
        let give_up = token(&memory, "ann@example.org", "give up");
        let page = room.service.link_page(&give_up).await.unwrap();
        assert!(page.is_recurring);
        let dates: Vec<_> = page.events.iter().map(|it| it.original).collect();
        assert_eq!(dates.len(), 3);
        let busy = async || dates_of(&room, "daily").await;
        assert_eq!(busy().await.len(), 5);
        follow(&room, &give_up, LinkChoice::GiveUp(GivenUp::Date(dates[1]))).await.unwrap();
        assert_eq!(busy().await, ["03-03", "03-05", "03-06", "03-07"]);
        refused(follow(&room, &give_up, LinkChoice::GiveUp(GivenUp::Dates)).await, "used already");
        database.execute("UPDATE mail_links SET used_at = NULL").await;
        follow(&room, &give_up, LinkChoice::GiveUp(GivenUp::Dates)).await.unwrap();
        assert_eq!(busy().await, ["03-05", "03-07"], "what is left of the dates of the message");
        database.execute("UPDATE mail_links SET used_at = NULL").await;
        refused(follow(&room, &give_up, EVENT).await, "not the same");
        let kinds = "SELECT kind FROM removals ORDER BY id";
        assert_eq!(database.column(kinds).await, ["cancelled by request"; 3]);
    }

    async fn copies_and_the_contact_address_get_no_links(database) {
        let (room, memory) = warned(&database.open().await).await;
        let of = |address: &str| texts(&memory, address);
        let copies = of("archive@example.org");
        assert_eq!(copies.len(), 2);
        assert!(copies.iter().all(|it| !it.contains("/links/")), "{copies:?}");
        assert_eq!(of("ann@example.org").len(), 1, "and the recipient gets one message");
        assert!(of("ann@example.org")[0].contains("http://127.0.0.1:8000/links/"));
        let room = room.set(|it| it.contact_address = Some("desk@example.org".to_owned())).await;
        let room = room.with_event("nobody-s", "0202T00", "0305T10", "0305T11").await;
        room.clear().await;
        deliver(&room).await;
        assert_eq!(token(&memory, "desk@example.org", "give up"), "");
    }

    async fn the_outbox_shows_administrators_a_message_without_its_links(database) {
        let (room, _) = warned(&database.open().await).await;
        for message in crate::deliver::letters(&room).await {
            let (rendered, _) = room.service.message_as_sent(&message).await.unwrap().unwrap();
            assert!(!rendered.text.contains("/links/"), "{}", rendered.text);
        }
    }

    async fn links_are_forgotten_some_time_after_they_have_expired(database) {
        let (room, _) = warned(&database.open().await).await;
        let count = async || database.column("SELECT act FROM mail_links").await.len();
        assert_eq!(count().await, 5);
        let begun = harness::NOW + 3 * 24 * HOUR + 11 * HOUR;
        for (before, left) in [(begun - 3_601, 5), (begun - 3_599, 3), (begun + 1, 0)] {
            let transaction = room.store().begin().await.unwrap();
            history::forget(&transaction, history::Old::Links, before).await.unwrap();
            transaction.commit().await.unwrap();
            assert_eq!(count().await, left);
        }
    }

    async fn whose_date_it_is_of_somebody_else_s_series_does_not_end_the_series(database) {
        let memory = Memory::default();
        let room = Room::new(&database.open().await).await.with_mail().await;
        let room = with_template(with_mailer(room, &memory, 1_000), "{{ name }}", TEXT).await;
        let room = room.set(|it| it.conflicts = clearing::ConflictHandling::Warn).await;
        let room = room.with(event("old", "0101T00", "0305T10", "0305T12").by("eve@example.org")).await;
        let series = event("weekly", "0201T00", "0303T10", "0303T11").by("boss@example.org");
        let series = series.line("RRULE:FREQ=DAILY;COUNT=5");
        let date = event("weekly", "0201T00", "0305T10", "0305T11").by("ann@example.org");
        let date = date.line("RECURRENCE-ID:20260305T100000Z");
        let text = testing::ics::file(&[series, date]);
        let room = room.with_resource("weekly.ics", "weekly", &text).await;
        room.clear().await;
        deliver(&room).await;
        let give_up = token(&memory, "ann@example.org", "give up");
        let page = room.service.link_page(&give_up).await.unwrap();
        assert!(page.is_recurring && !page.is_all_theirs);
        refused(follow(&room, &give_up, EVENT).await, "not the same");
        follow(&room, &give_up, LinkChoice::GiveUp(GivenUp::Dates)).await.unwrap();
        assert_eq!(dates_of(&room, "weekly").await, ["03-03", "03-04", "03-06", "03-07"]);
    }
}
