//! The store on both databases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use clearing::{Address, Claim, Claims, HeldSince, RankBy, Source, Ties};
use ical::Moment;
use sea_orm::ConnectionTrait as _;
use store::calendars::{self, Announces, Calendar, PriorityKind};
use store::history::{self, Cause, ChangeState, NewChange};
use store::objects::{self, Resource, Span};
use store::users::{self, NewUser};
use store::{CalendarId, Error, Store, UserId, keys, leases, links, uid_metadata};
use testing::{Database, on_both_databases};

const NOW: i64 = 1_795_000_000;

async fn user(store: &Store, name: &str) -> UserId {
    let transaction = store.begin().await.unwrap();
    let new = NewUser { name, address: Some("u@example.org"), is_administrator: false };
    let id = users::insert(&transaction, &new, NOW).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

async fn calendar(store: &Store, slug: &str) -> CalendarId {
    let transaction = store.begin().await.unwrap();
    let new = Calendar::built_in(slug, "A room", "Europe/Berlin");
    let id = calendars::insert(&transaction, &new).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

fn resource(href: &str, text: &str) -> Resource {
    Resource {
        href: href.to_owned(),
        uid: href.to_owned(),
        etag: format!("\"{href}\""),
        text: text.as_bytes().to_vec(),
    }
}

/// Others can write; a server has no transaction that nobody works on.
async fn no_transaction_stays_open(store: &Store, raw: &sea_orm::DatabaseConnection) {
    if store.kind() == store::DatabaseKind::Sqlite {
        raw.execute_unprepared("UPDATE users SET name = 'bea'").await.unwrap();
        return;
    }
    let sql = "SELECT 1 FROM pg_stat_activity \
               WHERE datname = current_database() AND state = 'idle in transaction'";
    for _ in 0..50 {
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        if raw.query_all_raw(statement).await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("a transaction is open that nobody works on");
}

on_both_databases! {
    async fn a_database_of_a_newer_version_is_refused_with_a_sentence(database) {
        database.open().await.close().await.unwrap();
        let raw = testing::connect(&database.url).await;
        let sql = "INSERT INTO schema_migrations (name) VALUES ('0999_later')";
        raw.execute_unprepared(sql).await.unwrap();
        let error = Store::open(&database.url).await.unwrap_err();
        assert!(matches!(&error, Error::Newer(name) if name == "0999_later"), "{error}");
        assert!(error.to_string().contains("newer version of Room Booking"), "{error}");
    }

    async fn a_begin_that_is_given_up_leaves_no_transaction_open(database) {
        let store = database.open().await;
        let raw = testing::connect(&database.url).await;
        for round in 0..100 {
            // Each is given up at another moment of what a begin does.
            let begins = (0..16).map(|it| {
                let store = store.clone();
                tokio::spawn(async move {
                    let later = async {
                        for _ in 0..round * 16 + it {
                            tokio::task::yield_now().await;
                        }
                    };
                    tokio::select! {
                        biased;
                        begun = store.begin() => drop(begun.unwrap()),
                        () = later => {}
                    }
                })
            });
            for begin in begins.collect::<Vec<_>>() {
                begin.await.unwrap();
            }
            no_transaction_stays_open(&store, &raw).await;
        }
    }

    async fn processes_that_start_together_migrate_once(database) {
        let database = Database::empty(database.open().await.kind()).await;
        let opening = (0..8).map(|_| {
            let url = database.url.clone();
            tokio::spawn(async move { Store::open(&url).await.map(|_| ()) })
        });
        for one in opening.collect::<Vec<_>>() {
            one.await.unwrap().unwrap();
        }
        assert!(!users::can_an_administrator_sign_in(&database.open().await).await.unwrap());
    }

    async fn what_is_not_committed_is_not_there(database) {
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        let new = NewUser { name: "ann", address: None, is_administrator: true };
        users::insert(&transaction, &new, NOW).await.unwrap();
        drop(transaction);
        assert_eq!(users::by_name(&store, "ann").await.unwrap(), None);
        user(&store, "Ann").await;
        let transaction = store.begin().await.unwrap();
        let again = users::insert(&transaction, &new, NOW).await;
        assert!(matches!(again, Err(Error::Taken)), "names are unique without case");
    }

    async fn what_is_read_together_is_of_one_moment_and_keeps_nobody_waiting(database) {
        let store = database.open().await;
        let reading = store.begin_to_read().await.unwrap();
        assert!(calendars::all(&reading).await.unwrap().is_empty());
        calendar(&store, "room").await;
        assert!(calendars::all(&reading).await.unwrap().is_empty(), "it was not there then");
        drop(reading);
        let reading = store.begin_to_read().await.unwrap();
        assert_eq!(calendars::all(&reading).await.unwrap().len(), 1);
        drop(reading);
        no_transaction_stays_open(&store, &testing::connect(&database.url).await).await;
    }

    async fn a_key_is_found_by_its_text_alone_and_the_text_is_not_stored(database) {
        let store = database.open().await;
        let owner = user(&store, "ann").await;
        let room = calendar(&store, "room").await;
        let transaction = store.begin().await.unwrap();
        let new = keys::NewKey {
            user: owner,
            name: "door panel",
            rights: keys::Rights { read: true, ..keys::Rights::default() },
            calendars: Some(&[room]),
            expires_at: Some(NOW + 10),
        };
        let (id, text) = keys::insert(&transaction, &new, NOW).await.unwrap();
        transaction.commit().await.unwrap();
        let key = keys::by_text(&store, &text).await.unwrap().unwrap();
        assert_eq!((key.id, key.user_id, key.rights().names()), (id, owner, vec!["read"]));
        assert_eq!(keys::calendars(&store, id).await.unwrap(), [room]);
        assert!(key.is_valid_at(NOW + 9) && !key.is_valid_at(NOW + 10));
        for wrong in [&text[..text.len() - 1], &format!("{text}x"), "", "rb_é", &text[..11]] {
            assert_eq!(keys::by_text(&store, wrong).await.unwrap(), None, "{wrong}");
        }
        assert!(!format!("{key:?}").contains(&text));
        let transaction = store.begin().await.unwrap();
        assert!(keys::revoke(&transaction, id, NOW + 1).await.unwrap());
        assert!(!keys::revoke(&transaction, id, NOW + 2).await.unwrap());
        transaction.commit().await.unwrap();
        assert!(!keys::by_id(&store, id).await.unwrap().unwrap().is_valid_at(NOW + 2));
    }

    async fn every_setting_of_a_calendar_is_read_back(database) {
        let store = database.open().await;
        let id = calendar(&store, "room").await;
        let fresh = calendars::by_slug(&store, "room").await.unwrap().unwrap();
        let default = Calendar { id, ..Calendar::built_in("room", "A room", "Europe/Berlin") };
        assert_eq!(fresh, default);
        let changed = Calendar {
            name: "Großer Saal".to_owned(),
            zone: "America/New_York".to_owned(),
            room_address: Some("Room@example.org".to_owned()),
            contact_address: Some("desk@example.org".to_owned()),
            horizon_days: 30,
            tolerance_minutes: 5,
            safety_limit: 3,
            free_blocks: true,
            unknown_zones: ical::UnknownZones::Calendar,
            rank_by: RankBy::Created,
            conflicts: clearing::ConflictHandling::Warn,
            grace_hours: 3,
            schedule_minutes: Some(15),
            watch_seconds: Some(20),
            answers: true,
            restores_at_once: true,
            takes_moves: true,
            announces: Announces {
                deleted: false, cancelled: false, leftovers: false, ignored: true,
            },
            ..fresh
        };
        let transaction = store.begin().await.unwrap();
        assert!(calendars::update(&transaction, &changed).await.unwrap());
        assert!(!calendars::update(&transaction, &changed).await.unwrap(), "of an older version");
        let changed = Calendar { version: 1, ..changed };
        let everywhere = (None, PriorityKind::Organizer, "@board.example.org");
        let uid = (Some(id), PriorityKind::Uid, "u-1");
        for ((calendar, kind, value), ties, is_news) in [
            (everywhere, Some(Ties::Keep), true),
            (uid, None, true),
            (everywhere, Some(Ties::Rank), true),
            (everywhere, Some(Ties::Rank), false),
            (uid, None, false),
        ] {
            let added = calendars::prioritise(&transaction, calendar, (kind, value), ties).await;
            assert_eq!(added.unwrap(), is_news, "{value} {ties:?}");
        }
        for (calendar, is_news) in [(Some(id), true), (Some(id), false)] {
            let added = calendars::protect(&transaction, calendar, "u-2").await;
            assert_eq!(added.unwrap(), is_news);
        }
        for is_news in [true, false] {
            assert_eq!(calendars::protect(&transaction, None, "u-3").await.unwrap(), is_news);
        }
        assert!(calendars::unprotect(&transaction, None, "u-3").await.unwrap());
        // A UID may be longer than what PostgreSQL takes into an index, also where nothing repeats in it.
        let long = |end| store::secrets::random_text(4_000) + end;
        let (one, two) = (long("1"), long("2"));
        let ties = Some(Ties::Keep);
        for (uid, is_news) in [(&one, true), (&one, false), (&two, true)] {
            assert_eq!(calendars::protect(&transaction, Some(id), uid).await.unwrap(), is_news);
            let of_uid = (PriorityKind::Uid, uid.as_str());
            let added = calendars::prioritise(&transaction, None, of_uid, ties).await;
            assert_eq!(added.unwrap(), is_news);
        }
        let with_long = calendars::policy(&transaction, &changed).await.unwrap();
        assert!(with_long.protected.contains(&one) && with_long.protected.contains(&two));
        for uid in [one, two] {
            assert!(calendars::unprotect(&transaction, Some(id), &uid).await.unwrap());
            let kind = PriorityKind::Uid;
            assert!(calendars::unprioritise(&transaction, None, kind, &uid).await.unwrap());
        }
        transaction.commit().await.unwrap();
        let other = calendar(&store, "other").await;
        assert_eq!(calendars::by_id(&store, id).await.unwrap().unwrap(), changed);
        let policy = calendars::policy(&store, &changed).await.unwrap();
        assert_eq!((policy.horizon_days, policy.tolerance_minutes, policy.limit), (30, 5, Some(3)));
        assert!(policy.free_blocks && policy.protected.contains("u-2"));
        assert_eq!(policy.room_address, Some(Address::new("room@example.org")));
        let mut expected = clearing::Priorities::default();
        expected.add_organizer("@board.example.org", Some(Ties::Rank));
        let other = calendars::by_id(&store, other).await.unwrap().unwrap();
        let of_other = calendars::policy(&store, &other).await.unwrap();
        assert_eq!(of_other.priorities, expected, "the other calendar has only what is for all");
        assert!(of_other.protected.is_empty());
        expected.add_uid("u-1", None);
        assert_eq!(policy.priorities, expected);
    }

    async fn a_user_has_the_calendars_that_are_assigned_and_no_other(database) {
        let store = database.open().await;
        let (ann, bob) = (user(&store, "ann").await, user(&store, "bob").await);
        let (one, two) = (calendar(&store, "one").await, calendar(&store, "two").await);
        let transaction = store.begin().await.unwrap();
        for (calendar, user) in [(one, ann), (one, ann), (two, ann), (two, bob)] {
            calendars::assign(&transaction, calendar, user).await.unwrap();
        }
        assert!(calendars::unassign(&transaction, one, ann).await.unwrap());
        assert!(!calendars::unassign(&transaction, one, ann).await.unwrap());
        transaction.commit().await.unwrap();
        let slugs = |calendars: Vec<Calendar>| calendars.into_iter().map(|it| it.slug).collect::<Vec<_>>();
        assert_eq!(slugs(calendars::of_user(&store, ann).await.unwrap()), ["two"]);
        assert_eq!(calendars::users_of(&store, two).await.unwrap(), ["ann", "bob"]);
        assert!(calendars::users_of(&store, one).await.unwrap().is_empty());
    }

    async fn objects_are_found_by_when_they_may_take_place(database) {
        let store = database.open().await;
        let id = calendar(&store, "room").await;
        let transaction = store.begin().await.unwrap();
        let span = |starts_at, ends_at| Span { starts_at, ends_at };
        for (href, span) in [
            ("past", span(Some(10), Some(20))),
            ("now", span(Some(15), Some(35))),
            ("later", span(Some(50), Some(60))),
            ("endless", span(Some(5), None)),
            ("unreadable", span(None, None)),
        ] {
            let binary = Resource { text: vec![0, 255, 13, 10], ..resource(href, "") };
            objects::put(&transaction, id, &binary, span).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let found = objects::between(&store, id, 30, 40).await.unwrap();
        let hrefs: Vec<_> = found.iter().map(|it| it.href.as_str()).collect();
        assert_eq!(hrefs, ["endless", "now", "unreadable"]);
        assert_eq!(found[0].text, [0, 255, 13, 10], "bytes are kept as they are");
        assert_eq!(objects::count(&store, id).await.unwrap(), 5);
        assert_eq!(objects::by_uid(&store, id, "n\0w").await.unwrap(), []);
    }

    async fn a_lock_counts_the_next_revision_and_knows_what_is_not_there(database) {
        let store = database.open().await;
        let id = calendar(&store, "room").await;
        let transaction = store.begin().await.unwrap();
        for expected in 1..=3 {
            assert_eq!(calendars::lock(&transaction, id).await.unwrap(), Some(expected));
        }
        assert_eq!(calendars::lock(&transaction, CalendarId(999)).await.unwrap(), None);
    }

    async fn a_resource_is_made_once_written_over_and_taken_away_once(database) {
        let store = database.open().await;
        let id = calendar(&store, "room").await;
        let transaction = store.begin().await.unwrap();
        let (one, two) = (resource("a", "one"), resource("a", "two"));
        assert!(objects::create(&transaction, id, &one, Span::default()).await.unwrap());
        assert!(!objects::create(&transaction, id, &two, Span::default()).await.unwrap());
        assert_eq!(objects::all(&transaction, id).await.unwrap(), [one]);
        objects::put(&transaction, id, &two, Span::default()).await.unwrap();
        assert_eq!(objects::all(&transaction, id).await.unwrap(), [two]);
        assert!(objects::remove(&transaction, id, "a").await.unwrap());
        assert!(!objects::remove(&transaction, id, "a").await.unwrap());
    }

    async fn the_earliest_sight_and_the_author_of_a_uid_are_remembered(database) {
        let store = database.open().await;
        let ann = user(&store, "ann").await;
        let id = calendar(&store, "room").await;
        let transaction = store.begin().await.unwrap();
        for moment in [50, 30, 40] {
            uid_metadata::see(&transaction, id, "u", moment).await.unwrap();
        }
        uid_metadata::see(&transaction, id, "", 7).await.unwrap();
        uid_metadata::see(&transaction, id, "v", 9).await.unwrap();
        uid_metadata::set_author(&transaction, id, "u", &uid_metadata::Author::User(ann)).await.unwrap();
        let author = uid_metadata::Author::Address("a@example.org".to_owned());
        uid_metadata::set_author(&transaction, id, "v", &author).await.unwrap();
        let held = |since, unseen_look, source| HeldSince {
            since: Moment(since),
            unseen_look,
            source,
        };
        let part = |start, source| Claim {
            start: Moment(start),
            end: Moment(start + 1),
            held: held(start, 5, source),
        };
        let claims = Claims {
            parts: vec![part(1, Source::Look), part(2, Source::Written), part(4, Source::Client)],
            created_refuted: Some(Moment(8)),
            ..Claims::since(held(9, 0, Source::Unknown))
        };
        uid_metadata::set_claims(&transaction, id, ("u", "u.ics"), &claims, b"text").await.unwrap();
        let of_u = uid_metadata::of_uid(&transaction, id, "u").await.unwrap();
        assert_eq!(of_u.memory.first_seen["u"], Moment(30));
        assert_eq!(of_u.memory.claims["u"], claims);
        assert_eq!(of_u.authors["u"], "u@example.org");
        let many: Vec<String> = (0..5_000).map(|number| format!("x{number}")).collect();
        for uids in [&["v".to_owned()][..], &[many[..700].to_vec(), vec!["v".to_owned()]].concat(),
            &[many, vec!["v".to_owned()]].concat()]
        {
            let known = uid_metadata::of_uids(&transaction, id, uids).await.unwrap();
            assert_eq!(known.authors.len(), 1, "of {}", uids.len());
            assert_eq!(known.authors["v"], "a@example.org");
            assert_eq!(known.memory.first_seen.len(), 1);
        }
        let nobody = uid_metadata::of_uids(&transaction, id, &[]).await.unwrap();
        assert!(nobody.authors.is_empty());
    }

    async fn a_lease_has_one_holder_until_it_expires_or_is_given_back(database) {
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        assert!(leases::take(&transaction, "calendar 1", "one", 60).await.unwrap());
        assert!(!leases::take(&transaction, "calendar 1", "two", 60).await.unwrap());
        assert!(leases::take(&transaction, "calendar 2", "two", 60).await.unwrap());
        assert!(leases::take(&transaction, "calendar 1", "one", -1).await.unwrap(), "its own");
        assert!(leases::take(&transaction, "calendar 1", "two", 60).await.unwrap(), "expired");
        assert!(!leases::renew(&transaction, "calendar 1", "one", 60).await.unwrap());
        assert!(leases::renew(&transaction, "calendar 1", "two", 60).await.unwrap());
        leases::give_back(&transaction, "calendar 1", "one").await.unwrap();
        assert!(!leases::take(&transaction, "calendar 1", "one", 60).await.unwrap());
        leases::give_back(&transaction, "calendar 1", "two").await.unwrap();
        assert!(leases::take(&transaction, "calendar 1", "one", 60).await.unwrap());
    }

    async fn a_link_is_good_for_one_purpose_and_one_use(database) {
        use links::Purpose::{FirstAdministrator, NewPassword};
        let store = database.open().await;
        let transaction = store.begin().await.unwrap();
        let old = links::insert(&transaction, FirstAdministrator, None, NOW).await.unwrap();
        let link = links::insert(&transaction, FirstAdministrator, None, NOW).await.unwrap();
        let found = |text: String, now| {
            let transaction = &transaction;
            async move { links::find(transaction, FirstAdministrator, &text, now).await.unwrap() }
        };
        assert_eq!(found(old, NOW - 1).await, None, "a newer link ends the older");
        assert_eq!(found(link.clone(), NOW).await, None, "it has expired");
        assert_eq!(found(link.clone(), NOW - 1).await, Some(None));
        assert_eq!(links::find(&transaction, NewPassword, &link, NOW - 1).await.unwrap(), None);
        let used = links::use_up(&transaction, FirstAdministrator, &link, NOW - 1).await.unwrap();
        assert_eq!(used, Some(None));
        assert_eq!(found(link, NOW - 1).await, None);
    }

    async fn writers_wait_for_each_other_and_none_is_lost(database) {
        let store = database.open().await;
        let id = calendar(&store, "room").await;
        let writing = (0..40).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let transaction = store.begin().await.unwrap();
                let revision = calendars::lock(&transaction, id).await.unwrap().unwrap();
                let new = resource(&format!("{number}"), "text");
                objects::put(&transaction, id, &new, Span::default()).await.unwrap();
                transaction.commit().await.unwrap();
                revision
            })
        });
        let mut revisions = Vec::new();
        for one in writing.collect::<Vec<_>>() {
            revisions.push(one.await.unwrap());
        }
        revisions.sort_unstable();
        assert_eq!(revisions, (1..=40).collect::<Vec<_>>(), "each has a revision of its own");
        assert_eq!(objects::count(&store, id).await.unwrap(), 40);
    }

    async fn a_change_that_was_given_up_and_made_after_all_is_made_once(database) {
        let store = database.open().await;
        let id = calendar(&store, "room").await;
        let transaction = store.begin().await.unwrap();
        let change = NewChange {
            run: None,
            calendar: id,
            href: "/a.ics",
            uid: "a",
            cause: Cause::Request,
            asked: None,
            before: Some((b"text", "\"1\"")),
            after: None,
            now: NOW,
        };
        let change = history::prepare_change(&transaction, &change, "{}").await.unwrap();
        let settle = |state| history::finish_change(&transaction, change, state, false);
        assert!(settle(ChangeState::Abandoned).await.unwrap());
        assert!(!settle(ChangeState::Changed).await.unwrap(), "it is settled");
        assert!(settle(ChangeState::Done).await.unwrap());
        assert!(!settle(ChangeState::Done).await.unwrap(), "what follows from it is written down");
        assert!(!settle(ChangeState::Abandoned).await.unwrap());
        let found = history::change(&transaction, change).await.unwrap().unwrap();
        assert_eq!(found.state, ChangeState::Done);
    }
}
