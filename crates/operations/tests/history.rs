//! The history: outcomes of runs, removals with their causes, and the audit trail.

use facts::{Event, Removal};
use harness::on_server::ServerRoom;
use harness::report::in_english;
use harness::{NOW, Room, administrator, days, event, seconds, user};
use operations::{Chosen, Error, Limit, SCHEDULE, Scope, command_line};
use store::audit::{self, Actor};
use store::history::{self, Cause, NewChange, NewRemoval, RemovalKind, Starter, Way};
use store::history_pages::{self, Filter};
use store::keys::Rights;
use store::run_calendars;
use testing::fake::{Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

/// A run by schedule, or by a person, of one room.
async fn clear_by(room: &Room, by: Way) {
    let scope = Scope::Named(vec![room.calendar.slug.clone()]);
    room.setup().clear(scope, Starter::of(by)).await;
}

/// The runs that are kept, oldest first: how each was started, and how its calendars came out.
async fn runs(room: &Room) -> Vec<String> {
    let mut all = history_pages::runs(room.store(), None, None, None, 100).await.unwrap();
    all.reverse();
    let mut told = Vec::new();
    for it in all {
        assert_eq!(it.of_calendars, Some(1));
        let of_it = run_calendars::of_run(room.store(), it.id, 100).await.unwrap();
        let of_it = of_it.iter().map(|it| format!(" {} {}", it.outcome, it.events));
        told.push(format!("{}{}", it.started_by, of_it.collect::<String>()));
    }
    told
}

/// The audit trail, oldest first.
async fn trail(room: &Room) -> Vec<String> {
    let mut all = audit::page(room.store(), None, None, 100, 1_000).await.unwrap().0;
    all.reverse();
    let line = |it: audit::AuditEntry| {
        let entry: serde_json::Value = serde_json::from_str(&it.entry).unwrap();
        assert_eq!(entry["action"], it.action.as_str());
        assert!(facts::audit::Entry::of_stored(&it.entry).is_some(), "{}", it.entry);
        let facts = entry.get("facts").and_then(|it| it.as_array()).cloned().unwrap_or_default();
        let told = facts.iter().map(|it| match it.get("before") {
            Some(before) => {
                format!("{}: {before} → {}", it["field"].as_str().unwrap(), it["value"])
            }
            None => format!("{}: {}", it["field"].as_str().unwrap(), it["value"]),
        });
        let told = told.collect::<Vec<_>>().join("; ").replace('"', "");
        format!("{}: {} {} [{told}]", it.actor, it.action, it.subject)
    };
    all.into_iter().map(line).collect()
}

async fn found(room: &Room, filter: Filter) -> Vec<String> {
    let page = history_pages::lines(room.store(), &filter, 100, 1_000).await.unwrap();
    assert_eq!(page.next, None);
    let uid = |fact: &str| Removal::from_json(fact).unwrap().event.uid;
    page.lines.iter().map(|it| uid(&it.fact)).collect()
}

on_both_databases! {
    async fn of_a_calendar_that_fails_at_each_scheduled_run_the_first_failure_is_kept(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.server.refuse("", "", Tries::Always, Answer::status(503));
        for clock in [seconds(60), seconds(120), seconds(180)] {
            room.at(clock);
            clear_by(&room.room, SCHEDULE).await;
        }
        assert_eq!(runs(&room.room).await, ["schedule failed 0"]);
        let id = history_pages::runs(room.room.store(), None, None, None, 1).await.unwrap()[0].id;
        let of_it = run_calendars::of_run(room.room.store(), id, 10).await.unwrap();
        assert!(in_english(of_it[0].detail.as_ref().unwrap()).contains("503"), "{of_it:?}");
        clear_by(&room.room, Way::Site).await;
        assert_eq!(runs(&room.room).await[1..], ["site failed 0"], "whoever asks is told each time");
        room.server.behave();
        room.at(seconds(240));
        clear_by(&room.room, SCHEDULE).await;
        room.server.refuse("", "", Tries::Always, Answer::status(503));
        for clock in [seconds(300), seconds(360)] {
            room.at(clock);
            clear_by(&room.room, SCHEDULE).await;
        }
        assert_eq!(runs(&room.room).await[2..], ["schedule failed 0"], "a row of its own");
    }

    async fn of_scheduled_runs_that_meet_the_safety_limit_the_first_one_is_kept(database) {
        let room = Room::new(&database.open().await).await.set(|it| it.safety_limit = 0).await;
        let room = room.with_event("old", "0101T00", "0303T08", "0303T20").await;
        clear_by(&room, SCHEDULE).await;
        assert!(runs(&room).await.is_empty(), "it found nothing to do");
        let room = room.with_event("new", "0102T00", "0303T09", "0303T10").await;
        for clock in [seconds(0), seconds(60), days(1)] {
            clear_by(&room.at(clock), SCHEDULE).await;
        }
        assert_eq!(runs(&room).await, ["schedule limit 1"]);
        clear_by(&room, Way::Site).await;
        assert_eq!(runs(&room).await[1..], ["site limit 1"]);
    }

    async fn a_run_that_found_all_as_it_should_be_says_so_and_one_whose_lines_were_left_does_not(database) {
        let room = Room::new(&database.open().await).await;
        let room = room.with_event("old", "0101T00", "0303T08", "0303T20").await;
        clear_by(&room, Way::CommandLine).await;
        let gone = Chosen {
            key: "gone".to_owned(),
            uid: "x".to_owned(),
            original: NOW,
            name: "x".to_owned(),
        };
        let by = Starter::of(Way::Site);
        room.service.apply_preview(&room.calendar, vec![gone], Limit::Lifted, by, &operations::Reader::administrator()).await.unwrap();
        assert_eq!(runs(&room).await, ["command line cleared 0", "site left 1"]);
    }

    async fn who_applies_a_part_of_what_waits_for_a_confirmation_leaves_the_rest_waiting(database) {
        let store = database.open().await;
        administrator(&store, "boss").await;
        let mut room = Room::new(&store).await.set(|it| it.safety_limit = 1).await;
        for day in 13..17 {
            let [start, end] = [8, 9].map(|hour| format!("03{day:02}T{hour:02}"));
            room = room.with_event(&format!("old {day}"), "0101T00", &start, &end).await;
            room = room.with_event(&format!("new {day}"), "0102T00", &start, &end).await;
        }
        clear_by(&room, SCHEDULE).await;
        let waits = async || store::confirmations::find(&store, room.calendar.id).await.unwrap();
        assert_eq!(waits().await, Some(4));
        for left in [Some(3), Some(2), Some(1), None] {
            // Also where no more is left than the limit: nobody has confirmed it.
            clear_by(&room, SCHEDULE).await;
            let line = room.service.preview(&room.calendar, &operations::Reader::administrator()).await.unwrap().lines.remove(0);
            let chosen = Chosen {
                key: line.removal.key,
                uid: line.removal.event.uid.clone(),
                original: line.removal.event.original.0,
                name: line.removal.event.name.clone(),
            };
            let by = Starter::of(Way::Site);
            let reader = operations::Reader::administrator();
            let applied = room.service.apply_preview(&room.calendar, vec![chosen], Limit::Lifted, by, &reader);
            assert!(applied.await.unwrap().left.is_empty());
            assert_eq!(waits().await, left);
        }
        assert_eq!(room.mails().await.len(), 1, "nobody is asked anew");
    }

    async fn of_two_who_change_the_same_settings_or_user_the_second_is_told(database) {
        let room = Room::new(&database.open().await).await;
        let (service, by) = (&room.service, command_line());
        let with = |horizon_days| store::calendars::Calendar { horizon_days, ..room.calendar.clone() };
        service.set_calendar(&by, &with(30)).await.unwrap();
        let stale = service.set_calendar(&by, &with(60)).await;
        let saved_meanwhile: operations::Message = operations::MessageId::SavedMeanwhile.into();
        assert!(matches!(stale, Err(Error::Conflict(said)) if said == saved_meanwhile));
        assert_eq!(service.calendar("room").await.unwrap().horizon_days, 30);
        administrator(room.store(), "boss").await;
        let clerk = user(room.store(), "clerk").await;
        let clerk = service.people().user_of_number(clerk).await.unwrap();
        let with = |address: &str| {
            let address = Some(address.to_owned());
            store::users::User { address, ..clerk.clone() }
        };
        service.people().update_user(&by, &with("first@example.org")).await.unwrap();
        let stale = service.people().update_user(&by, &with("second@example.org")).await;
        assert!(matches!(stale, Err(Error::Conflict(said)) if said == saved_meanwhile));
    }

    async fn what_is_prioritised_or_protected_already_is_not_written_down_again(database) {
        use store::calendars::PriorityKind;
        let room = Room::new(&database.open().await).await;
        let (service, by) = (&room.service, command_line());
        let before = trail(&room).await.len();
        for _ in 0..2 {
            service.protect(&by, Some("room"), "a").await.unwrap();
            service.protect(&by, None, "a").await.unwrap();
            service.prioritise(&by, Some("room"), PriorityKind::Uid, "a").await.unwrap();
            service.prioritise(&by, None, PriorityKind::Uid, "a").await.unwrap();
        }
        assert_eq!(trail(&room).await.len(), before + 4);
        assert_eq!(store::calendars::priority_entries(room.store()).await.unwrap().len(), 4);
        let revision = service.calendar("room").await.unwrap().revision;
        assert_eq!(revision, 4, "a clear that is planned already is as good as before");
    }

    async fn what_is_changed_is_told_with_what_it_was_and_what_is_the_same_leaves_no_line(database) {
        let room = Room::new(&database.open().await).await.with_mail().await;
        let service = &room.service;
        let boss = Actor { user: Some(administrator(room.store(), "boss").await), name: "boss".to_owned() };
        service.set_calendar(&boss, &room.calendar).await.unwrap();
        let other = store::calendars::Calendar {
            horizon_days: 30,
            template: None,
            contact_address: Some("desk@example.org".to_owned()),
            ..room.calendar.clone()
        };
        service.set_calendar(&boss, &other).await.unwrap();
        let clerk = user(room.store(), "clerk").await;
        let clerk = service.people().user_of_number(clerk).await.unwrap();
        service.people().update_user(&boss, &clerk).await.unwrap();
        let moved = store::users::User { is_administrator: true, address: None, ..clerk };
        service.people().update_user(&boss, &moved).await.unwrap();
        let slugs = ["room".to_owned()];
        let expiry = Some(NOW + 86_400);
        let people = service.people();
        let key = people.add_key(&boss, "clerk", "Panel", Rights::ALL, Some(&slugs), expiry);
        let (key, text) = key.await.unwrap();
        service.people().revoke_key(&boss, key).await.unwrap();
        assert!(matches!(service.people().revoke_key(&boss, key).await, Err(Error::NotFound(_))));
        let template = mail::Template { subject: "s".into(), text: "t".into(), html: None };
        let mut new = operations::NewTemplate::written("Ours", template);
        service.save_template(&boss, &new).await.unwrap();
        service.save_template(&boss, &new).await.unwrap();
        new.template.html = Some("<p>t</p>".to_owned());
        new.template.subject = "another".to_owned();
        service.save_template(&boss, &new).await.unwrap();
        let begins = &text[..11];
        let expected = [
            "boss: calendar-changed room [contact-address: not-set → {text:desk@example.org}; \
             horizon: {days:365} → {days:30}; template: {text:of room} → not-set]".to_owned(),
            "boss: user-changed clerk [address: {text:clerk@example.org} → not-set; \
             role: {word:ordinary-user} → {word:administrator}]".to_owned(),
            format!("boss: key-added Panel [user: {{text:clerk}}; rights: {{words:[right-read,\
             right-create,right-change,right-delete,right-preview,right-clear,right-freebusy]}}; \
             calendars: {{texts:[room]}}; expiry: {{moment:{}}}]", NOW + 86_400),
            format!("boss: key-revoked Panel [user: {{text:clerk}}; prefix: {{text:{begins}}}]"),
            "boss: template-added Ours []".to_owned(),
            "boss: template-changed Ours [parts: {words:[subject,html-body]}]".to_owned(),
        ];
        assert_eq!(trail(&room).await, expected);
        assert!(!trail(&room).await.concat().contains(&text), "a key is no part of it");
    }

    async fn a_file_and_what_is_restored_are_told_with_who_did_it(database) {
        let room = Room::new(&database.open().await).await;
        let boss = administrator(room.store(), "boss").await;
        let actor = Actor { user: Some(boss), name: "boss".to_owned() };
        let take_in = async |events: &[harness::Event]| {
            let text = harness::file(events);
            let taken = room.service.import(&actor, &room.calendar, text.as_bytes(), &|_, _| {});
            taken.await.unwrap()
        };
        let unreadable = event("odd", "", "0303T08", "0303T09").line("RRULE:FREQ=NEVER");
        let both = [event("a", "0101T00", "0303T08", "0303T09"), unreadable];
        let taken = take_in(&both).await;
        assert_eq!((taken.added, taken.unreadable), (2, 1));
        assert_eq!(taken.unreadable_names[0].0, "odd");
        take_in(&[event("a", "0101T00", "0304T08", "0304T09")]).await;
        let line = history_pages::lines(room.store(), &Filter::default(), 10, 1_000).await.unwrap().lines;
        let by = (line[0].started_by.map(|it| it.as_str()), line[0].user.as_deref());
        assert_eq!(by, (Some("site"), Some("boss")));
        room.service.restore(Some(boss), line[0].id).await.unwrap();
        let line = history_pages::line(room.store(), line[0].id).await.unwrap().unwrap();
        assert_eq!(line.restored_by.as_deref(), Some("boss"));
        assert_eq!(
            trail(&room).await,
            [
                "boss: file-imported room [added: {number:2}; replaced: {number:0}; \
                 unchanged: {number:0}; unreadable: {number:1}]",
                "boss: file-imported room [added: {number:0}; replaced: {number:1}; \
                 unchanged: {number:0}; unreadable: {number:0}]",
                "boss: event-restored room [event: not-set; start: {moment:1772524800}]",
            ]
        );
    }

    async fn an_account_that_is_forgotten_leaves_a_line_and_one_with_calendars_stays(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let service = &room.room.service;
        let id = store::accounts::all(room.room.store()).await.unwrap()[0].id;
        let used = service.forget_account(&command_line(), id).await;
        assert!(matches!(used, Err(Error::Conflict(_))), "{used:?}");
        let missing = service.forget_account(&command_line(), store::AccountId(999)).await;
        assert!(matches!(missing, Err(Error::NotFound(_))), "{missing:?}");
        let before = trail(&room.room).await.len();
        let new = store::accounts::Account {
            id: store::AccountId(0),
            name: "rooms".to_owned(),
            url: "https://dav.example.org/".to_owned(),
            user_name: "rooms".to_owned(),
            sign_in: store::accounts::SignIn::Basic,
            server_kind: None,
            server_version: None,
            allows_plain_http: false,
            version: 0,
            refused_at: None,
        };
        let key = "a secret of the tests".into();
        let cost = store::vault::Cost::LOWEST;
        let vault = store::sealed::vault(room.room.store(), &key, cost).await.unwrap();
        let transaction = room.room.store().begin().await.unwrap();
        let unused = store::accounts::insert(&transaction, &new, &"geheim".into(), &vault).await;
        transaction.commit().await.unwrap();
        service.forget_account(&command_line(), unused.unwrap()).await.unwrap();
        assert_eq!(
            trail(&room.room).await[before..],
            [": server-account-removed rooms dav.example.org []"]
        );
    }

    async fn the_history_is_searched_by_any_part_of_name_organizer_and_uid_and_by_time(database) {
        let store = database.open().await;
        let mut room = Room::new(&store).await.with_event("old", "0101T00", "0303T00", "0304T00").await;
        let odd = r#"100 %_!\ "quoted" Übung"#;
        let events = [
            event("plain", "0102T00", "0303T01", "0303T02").line("SUMMARY:start name uid"),
            event("odd", "0102T00", "0303T03", "0303T04")
                .line(format!("SUMMARY:{}", odd.replace('\\', "\\\\"))),
            event("Third@Example.org", "0102T00", "0303T05", "0303T06").by("Ann@Example.org"),
        ];
        for it in events {
            room = room.with(it).await;
            room.clear().await;
            room = room.at(days(1));
            if room.lines().await.len() == 1 {
                room = room.at(seconds(0));
            }
        }
        let text = |text: &str| Filter { text: Some(text.to_owned()), ..Filter::default() };
        for (searched, expected) in [
            ("name", vec!["plain"]),
            ("\"start\"", vec![]),
            ("PLAIN", vec!["plain"]),
            ("% _", vec![]),
            ("0 %_!\\ \"Q", vec!["odd"]),
            ("übung", vec!["odd"]),
            ("ann@example", vec!["Third@Example.org"]),
            ("third@", vec!["Third@Example.org"]),
            ("', '; --", vec![]),
            ("2026-03", vec![]),
        ] {
            assert_eq!(found(&room, text(searched)).await, expected, "{searched}");
            let of_one = Filter { calendars: Some(vec![room.calendar.id]), ..text(searched) };
            assert_eq!(found(&room, of_one).await, expected, "{searched}");
        }
        let all = Filter::default();
        assert_eq!(found(&room, all.clone()).await.len(), 3);
        let on_first = Filter { until: Some(NOW + 1), ..all.clone() };
        assert_eq!(found(&room, on_first.clone()).await, ["odd", "plain"]);
        let later = Filter { from: Some(NOW + 1), ..all.clone() };
        assert_eq!(found(&room, later).await, ["Third@Example.org"]);
        let never = Filter { from: Some(NOW + 90 * 86_400), ..all.clone() };
        assert!(found(&room, never).await.is_empty());
        let nowhere = Filter { calendars: Some(Vec::new()), ..all.clone() };
        assert!(found(&room, nowhere).await.is_empty());
        let plain = room.line("plain", "0303T01").await;
        room.restore(plain).await.unwrap();
        let out = Filter { is_out: true, ..on_first };
        assert_eq!(found(&room, out).await, ["odd"]);
    }

    async fn no_line_of_the_history_is_lost_or_comes_twice_between_pages(database) {
        let store = database.open().await;
        let mut room = Room::new(&store).await.with_event("old", "0101T00", "0303T10", "0305T11").await;
        // One change with several lines, and others around it.
        room = room.with_event("first", "0201T00", "0303T10", "0303T11").await;
        let series = event("series", "0201T00", "0303T10", "0303T11").line("RRULE:FREQ=DAILY;COUNT=4");
        room = room.with(series).await.with_event("last", "0201T00", "0303T10", "0303T11").await;
        room.clear().await;
        // On a server, a change may have its line after a later one has.
        let transaction = store.begin().await.unwrap();
        let change = async |uid: &'static str| {
            let change = NewChange {
                run: None,
                calendar: room.calendar.id,
                href: uid,
                uid,
                cause: Cause::Request,
                asked: None,
                before: None,
                after: None,
                now: NOW,
            };
            history::insert_change(&transaction, &change).await.unwrap()
        };
        let changes = [change("early").await, change("late").await];
        for (change, uid) in changes.into_iter().zip(["early", "late"]).rev() {
            let removal = NewRemoval {
                kind: RemovalKind::DeletedByRequest,
                original: NOW,
                starts_at: NOW,
                ends_at: NOW,
                uid: uid.to_owned(),
                name: uid.to_owned(),
                organizer: Some("x".to_owned()),
                is_private: false,
                fact: Removal::by_hand(RemovalKind::DeletedByRequest, Event { uid: uid.to_owned(), ..Event::default() }).to_json().unwrap(),
                not_notified_reason: None,
            };
            history::insert_removal(&transaction, change, &removal).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let of_one = Filter { calendars: Some(vec![room.calendar.id]), ..Filter::default() };
        let many = (1..=300).map(store::CalendarId);
        let of_many = Filter { calendars: Some(many.collect()), ..Filter::default() };
        for filter in [Filter::default(), of_one, of_many] {
            let whole = history_pages::lines(&store, &filter, 100, 100).await.unwrap();
            assert_eq!(whole.lines.len(), 7);
            let whole: Vec<_> = whole.lines.iter().map(|it| it.id).collect();
            for text in [None, Some("e".to_owned())] {
                let found = Filter { text: text.clone(), ..filter.clone() };
                let expected = history_pages::lines(&store, &found, 100, 100).await.unwrap().lines;
                let expected: Vec<_> = expected.iter().map(|it| it.id).collect();
                assert!(expected.iter().all(|it| whole.contains(it)));
                for (most, searched) in [(1, 1), (2, 1), (1, 2), (2, 3), (3, 2), (7, 7), (7, 6)] {
                    let (mut all, mut before) = (Vec::new(), None);
                    for _ in 0..20 {
                        let filter = Filter { before, ..found.clone() };
                        let page = history_pages::lines(&store, &filter, most, searched).await.unwrap();
                        all.extend(page.lines.iter().map(|it| it.id));
                        before = page.next.map(|it| (it.change_id, it.id));
                        if before.is_none() {
                            break;
                        }
                    }
                    assert_eq!(all, expected, "{filter:?} {text:?} {most} {searched}");
                }
            }
        }
    }

    async fn the_audit_trail_is_searched_by_any_part_of_what_it_says(database) {
        let room = Room::new(&database.open().await).await;
        for (name, subject) in [("Ann", "room-1"), ("bob", "100%"), ("bob", "Kröte")] {
            let user = administrator(room.store(), &format!("{name}{subject}")).await;
            let actor = Actor { user: Some(user), name: name.to_owned() };
            let action = facts::audit::Action::CalendarChanged;
            let transaction = room.store().begin().await.unwrap();
            audit::note(&transaction, &actor, action, subject, "{\"horizon\":1}", NOW).await.unwrap();
            transaction.commit().await.unwrap();
        }
        for (searched, expected) in
            [("", 3), ("ROOM", 1), ("ann", 1), ("0%", 1), ("%", 1), ("_", 0), ("Horizon", 3), ("KRÖTE", 1)]
        {
            let (lines, next) = audit::page(room.store(), Some(searched), None, 10, 1_000).await.unwrap();
            assert_eq!((lines.len(), next), (expected, None), "{searched}");
        }
        let (lines, next) = audit::page(room.store(), Some("o"), None, 2, 1_000).await.unwrap();
        assert_eq!((lines.len(), next), (2, Some(lines[1].id)));
        let (rest, next) = audit::page(room.store(), Some("o"), next, 2, 1_000).await.unwrap();
        assert_eq!((rest.len(), next), (1, None));
    }
}
