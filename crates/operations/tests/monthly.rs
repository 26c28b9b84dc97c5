//! The monthly report: what it counts, whom it shows what, and that it is made once and kept.

use clearing::{ConflictHandling, Reason};
use facts::Month;
use harness::{NOW, Room, days, event};
use ical::{Moment, Zone};
use operations::{Clock, Limit, Mode, MonthlyReport, Service};
use store::calendars::Calendar;
use store::outbox::MessageKind;
use store::users::{self, User};
use store::{Store, UserId};
use testing::{Database, on_both_databases};

use crate::deliver::{deliver, fails, room as room_with_mail, with_template};

const HOUR: i64 = 3_600;
/// The first day of March is the one before the present of tests.
const MARCH: &str = "2026-03";
/// When the report of March is due: on the second day of April, at six in the morning.
const DUE: i64 = 31 * 86_400 - 86_400 + 30 * HOUR;
const URL: &str = "https://rooms.example.org";

async fn user(store: &Store, id: UserId) -> User {
    users::by_id(store, id).await.unwrap().unwrap()
}

async fn report(service: &Service, id: UserId) -> MonthlyReport {
    let user = user(&service.store, id).await;
    service.monthly_report(&user, Month::parse(MARCH).unwrap()).await.unwrap()
}

async fn make(room: &Room, at: Moment) -> bool {
    let room = room.at(at);
    room.service.make_monthly_report(&Zone::utc(), URL).await.unwrap()
}

/// The addresses to which the report goes by mail.
async fn mailed(room: &Room) -> Vec<String> {
    let of_kind = |it: &store::outbox::OutboxMessage| *it.kind == MessageKind::MonthlyReport;
    let all = room.messages().await.into_iter().filter(of_kind);
    all.map(|it| it.address).collect()
}

/// Two rooms that are used, with an administrator who sees both and `bob` who sees the first.
async fn two_rooms(database: &Database) -> (Room, UserId, UserId) {
    let store = database.open().await;
    let room = Room::new(&store).await;
    let room = room.with_event("a", "0101T00", "0303T10", "0303T12").await;
    let room = room.with_event("b", "0201T00", "0303T11", "0303T13").await;
    let other = Room::named(&store, "other").await;
    other.with_event("c", "0101T00", "0304T10", "0304T11").await;
    let (ann, bob) = (room.administrator("ann").await, room.user("bob").await);
    let transaction = store.begin().await.unwrap();
    store::calendars::assign(&transaction, room.calendar.id, bob).await.unwrap();
    transaction.commit().await.unwrap();
    (room, ann, bob)
}

on_both_databases! {
    async fn hours_are_counted_for_each_room_and_an_ordinary_user_sees_the_own_rooms_only(database) {
        let (room, ann, bob) = two_rooms(&database).await;
        let all = report(&room.service, ann).await;
        let of = |report: &MonthlyReport| -> Vec<_> {
            let rooms = report.rooms.iter();
            rooms.map(|it| (it.slug.clone(), it.usage.booked, it.usage.used_twice)).collect()
        };
        assert_eq!(of(&all), [("other".to_owned(), HOUR, 0), ("room".to_owned(), 3 * HOUR, HOUR)]);
        let (usage, hours, _) = all.in_all();
        assert_eq!((usage.booked, usage.by_hour[1][11], hours[1][11]), (4 * HOUR, HOUR, 2 * 5 * HOUR));
        assert_eq!((all.missing, all.addresses.as_deref()), (0, Some(&[][..])));
        let own = report(&room.service, bob).await;
        assert_eq!(of(&own), [("room".to_owned(), 3 * HOUR, HOUR)]);
        assert!(own.addresses.is_none(), "addresses are for administrators");
        // What is there a moment later counts, too.
        room.clone().with_event("d", "0101T00", "0305T10", "0305T11").await;
        assert_eq!(report(&room.service, bob).await.rooms[0].usage.booked, 4 * HOUR);
    }

    async fn a_kept_conflict_is_counted_when_it_is_found_and_then_as_settled_or_as_kept(database) {
        let store = database.open().await;
        let only_reports = |calendar: &mut Calendar| calendar.conflicts = ConflictHandling::Report;
        let room = Room::new(&store).await.set(only_reports).await;
        let mut room = room;
        for (uid, created, start, end) in [
            ("a", "0101T00", "0303T10", "0303T12"),
            ("over", "0201T00", "0303T11", "0303T13"),
            ("c", "0101T00", "0310T10", "0310T12"),
            ("settled", "0201T00", "0310T11", "0310T13"),
            ("e", "0101T00", "0320T10", "0320T12"),
            ("open", "0201T00", "0320T11", "0320T13"),
        ] {
            room = room.with_event(uid, created, start, end).await;
        }
        let (ann, caller) = (room.administrator("ann").await, room.caller("bob").await);
        let conflicts = async |room: &Room| report(&room.service, ann).await.rooms[0].conflicts.clone();
        room.run(Mode::Test, Limit::Holds).await;
        assert_eq!(conflicts(&room).await.found, 0, "a test finds nothing that counts");
        room.clear().await;
        let found = conflicts(&room).await;
        assert_eq!((found.found, found.settled, found.kept), (3, 0, vec![(Reason::Report, 3)]));
        room.service.delete_event(&caller, &room.calendar, "settled").await.unwrap();
        room.at(days(1)).clear().await;
        room.at(days(4)).clear().await;
        let later = conflicts(&room.at(days(4))).await;
        assert_eq!((later.found, later.settled), (3, 1), "what took place is found once");
        assert_eq!(later.kept, [(Reason::Report, 2)], "one took place, one is still ahead");
        // In the next month, the open one is not found again.
        let april = Month::parse("2026-04").unwrap();
        let administrator = user(&store, ann).await;
        let april = room.service.monthly_report(&administrator, april).await.unwrap();
        assert_eq!(april.rooms[0].conflicts.found, 0);
    }

    async fn what_runs_remove_is_found_and_removed_and_what_is_restored_is_counted_beside(database) {
        let (room, ann, _) = two_rooms(&database).await;
        let cancelled = event("x", "0101T00", "0306T10", "0306T11").line("STATUS:CANCELLED");
        let room = room.with(cancelled).await;
        room.clear().await;
        let conflicts = async || report(&room.service, ann).await.rooms[1].conflicts.clone();
        let found = conflicts().await;
        assert_eq!((found.found, found.removed, found.leftovers, found.restored), (1, 1, 1, 0));
        let line = room.lines().await.into_iter().find(|it| it.removal().event.uid == "b").unwrap();
        room.restore(line.id).await.unwrap();
        assert_eq!(conflicts().await.restored, 1);
    }

    async fn a_kept_conflict_that_a_run_removes_later_is_found_once(database) {
        let store = database.open().await;
        let only_reports = |calendar: &mut Calendar| calendar.conflicts = ConflictHandling::Report;
        let room = Room::new(&store).await.set(only_reports).await;
        let room = room.with_event("a", "0101T00", "0310T10", "0310T12").await;
        let room = room.with_event("b", "0201T00", "0310T11", "0310T13").await;
        room.clear().await;
        let removes = |calendar: &mut Calendar| calendar.conflicts = ConflictHandling::Remove;
        let room = room.set(removes).await;
        room.at(days(1)).clear().await;
        let ann = room.administrator("ann").await;
        let found = report(&room.at(days(1)).service, ann).await.rooms[0].conflicts.clone();
        assert_eq!((found.found, found.removed, found.settled, found.kept), (1, 1, 0, vec![]));
    }

    async fn a_series_without_an_end_is_listed_once_nobody_has_seen_its_organizer_in_any_room_for_90_days(database) {
        let store = database.open().await;
        let series = |uid: &str, by: &str| {
            event(uid, "0101T00", "0105T10", "0105T11").rule("FREQ=WEEKLY").by(by)
        };
        let room = Room::new(&store).await;
        let room = room.with(series("gone", "gone@example.org").line("SUMMARY:Secret").line("CLASS:PRIVATE")).await;
        let room = room.with(series("there", "There@example.org")).await;
        let room = room.with(series("nobody", "").line("SUMMARY:x")).await;
        let (ann, bob) = (room.administrator("ann").await, room.user("bob").await);
        let transaction = store.begin().await.unwrap();
        store::calendars::assign(&transaction, room.calendar.id, bob).await.unwrap();
        transaction.commit().await.unwrap();
        let listed = async |at: Moment, user: UserId| -> Vec<_> {
            let report = report(&room.at(at).service, user).await;
            let series = report.series.unwrap().into_iter();
            series.map(|it| (it.event.uid, it.event.name, it.event.organizer)).collect()
        };
        assert!(listed(Moment(NOW), ann).await.is_empty(), "they were seen when they were imported");
        // The other one books in another room meanwhile.
        let other = Room::named(&store, "other").await.at(days(80));
        let booked = event("new", "", "0610T10", "0610T11").by("there@example.org");
        let file = harness::file(&[booked]);
        let (actor, at) = (operations::command_line(), other.service.clone());
        at.import(&actor, &other.calendar, file.as_bytes(), &|_, _| {}).await.unwrap();
        let gone = |name: &str, organizer: Option<&str>| {
            vec![("gone".to_owned(), name.to_owned(), organizer.map(str::to_owned))]
        };
        assert_eq!(listed(days(91), ann).await, gone("Secret", Some("gone@example.org")));
        assert_eq!(listed(days(91), bob).await, gone("Private", None));
        let last_seen = report(&room.at(days(91)).service, ann).await.series.unwrap()[0].last_seen;
        assert!(last_seen.is_some_and(|at| at <= Moment(NOW)), "{last_seen:?}");
        assert_eq!(listed(days(171), ann).await.len(), 2);
    }

    async fn an_address_that_its_mail_server_does_not_know_is_listed_until_a_message_arrives(database) {
        let (room, memory) = room_with_mail(&database.open().await).await;
        let room = with_template(room, "Removed", "about {{ name }}").await;
        let room = room.with(event("x", "0202T00", "0303T10", "0303T11").by("gone@example.org")).await;
        let room = room.with(event("y", "0203T00", "0303T12", "0303T13").by("full@example.org")).await;
        room.clear().await;
        let unknown = |it: &str| fails(mail::Failure::Never, it);
        for address in ["gone@example.org", "full@example.org"] {
            memory.refuse(address, unknown("550 5.1.1 no such mailbox"));
        }
        deliver(&room).await;
        let ann = room.administrator("ann").await;
        let listed = async |room: &Room| -> Vec<String> {
            let addresses = report(&room.service, ann).await.addresses.unwrap();
            addresses.into_iter().map(|it| format!("{}: {}", it.address, it.answer)).collect()
        };
        let answer = "550 5.1.1 no such mailbox";
        let both = [format!("full@example.org: {answer}"), format!("gone@example.org: {answer}")];
        assert_eq!(listed(&room).await, both);
        assert!(listed(&room.at(days(91))).await.is_empty(), "that is long ago");
        database.execute("UPDATE outbox SET state = 'sent', sent_at = tried_at + 60").await;
        assert!(listed(&room).await.is_empty());
    }

    async fn the_report_of_the_past_month_is_made_once_and_each_administrator_gets_it_once(database) {
        let (room, _) = room_with_mail(&database.open().await).await;
        let room = room.with_event("a", "0101T00", "0303T10", "0303T12").await;
        for name in ["ann", "cem"] {
            room.administrator(name).await;
        }
        room.user("bob").await;
        let due = Moment(NOW + DUE);
        assert!(!make(&room, due.plus(-1)).await, "the month has not ended everywhere");
        // Two processes at the same time.
        let (one, other) = (room.at(due), room.at(due));
        let zone = Zone::utc();
        let (one, other) = tokio::join!(
            one.service.make_monthly_report(&zone, URL),
            other.service.make_monthly_report(&zone, URL),
        );
        assert_eq!([one.unwrap(), other.unwrap()].iter().filter(|it| **it).count(), 1);
        assert!(!make(&room, due.plus(20 * 86_400)).await, "it is made");
        assert_eq!(mailed(&room).await, ["ann@example.org", "cem@example.org"]);
        let data = room.latest_data().await;
        assert_eq!(data["month"], "2026-03");
        assert_eq!(data["url"], format!("{URL}/admin/report?month=2026-03"));
        assert_eq!((&data["booked"], &data["used_twice"]), (&12.into(), &2.into()), "{data}");
        // It is in the language of the template that most rooms have.
        room.service.ensure_templates().await.unwrap();
        let german = room.service.default_template_in("de").await.unwrap();
        let mut room = room;
        for (template, subject) in [(german, "Bericht für März 2026"), (None, "Report for March 2026")] {
            room = room.set(|it| it.template = template).await;
            let letters = crate::deliver::letters(&room).await;
            let message = letters.iter().find(|it| *it.kind == MessageKind::MonthlyReport).unwrap();
            let (told, _) = room.service.message_as_sent(message).await.unwrap().unwrap();
            assert_eq!(told.subject, subject);
        }
    }

    async fn the_report_of_a_month_stays_when_what_it_counted_is_deleted(database) {
        let (room, ann, _) = two_rooms(&database).await;
        room.clear().await;
        assert!(make(&room, Moment(NOW + DUE)).await);
        assert!(mailed(&room).await.is_empty(), "no mail server is set up");
        let caller = room.caller("carl").await;
        room.service.delete_event(&caller, &room.calendar, "a").await.unwrap();
        let later = room.at(days(400));
        later.service.forget(180).await.unwrap();
        later.at(days(401)).service.forget(180).await.unwrap();
        assert!(room.lines().await.is_empty(), "the history is gone");
        let kept = report(&later.service, ann).await;
        assert_eq!(kept.made_at, Some(Moment(NOW + DUE)));
        assert_eq!((kept.rooms[1].usage.booked, kept.rooms[1].conflicts.removed), (2 * HOUR, 1));
        room.at(days(1_200)).service.forget(180).await.unwrap();
        assert_eq!(report(&room.service, ann).await.made_at, None, "after three years it goes");
    }

    async fn no_report_is_made_of_a_month_in_which_the_program_was_not_there(database) {
        let store = database.open().await;
        let mut room = Room::new(&store).await;
        let due = Moment(NOW + DUE);
        assert!(!make(&room, due).await, "nobody uses it yet");
        room.administrator("ann").await;
        assert!(!make(&room, Moment(NOW)).await, "it was set up on the second of March");
        // After an outage over the day on which it was due.
        room.service.clock = Clock::manual(due);
        assert!(make(&room, due.plus(25 * 86_400)).await);
    }
}
