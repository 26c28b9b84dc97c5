//! Priority tokens: what binds them to events, what an administrator does about them, and who reads them.

mod copied;

use clearing::Ties;
use facts::Removal;
use harness::on_server::ServerRoom;
use harness::{Event, NOW, Room, days, event, seconds, told};
use operations::{Error, MessageId, NewPriorityToken, Reader, Requested, WhenTaken, command_line};
use store::Store;
use store::audit;
use store::tokens::{self, BindingState, TokenBinding};
use testing::fake::Quirks;
use testing::on_both_databases;

async fn make(room: &Room, new: NewPriorityToken<'_>) -> (i64, String) {
    let new = NewPriorityToken { label: "board", ..new };
    room.service.add_priority_token(&command_line(), &new).await.unwrap()
}

/// A token for one event, on any calendar.
async fn token(room: &Room) -> String {
    make(room, NewPriorityToken::default()).await.1
}

/// An event that is later than all others, and holds a text.
fn with_text(uid: &str, text: &str, start: &str, end: &str) -> Event {
    event(uid, "0215T00", start, end).line(format!("DESCRIPTION:For you: {text}\\, thanks"))
}

/// A room in which `old` has the hour at ten of the third, and `other` that of the fourth.
async fn taken(store: &Store) -> Room {
    let room = Room::new(store).await;
    let room = room.with_event("old", "0101T00", "0303T10", "0303T11").await;
    room.with_event("other", "0101T00", "0304T10", "0304T11").await
}

/// What a clear would do.
async fn plan(room: &Room) -> Vec<String> {
    told(&room.test().await)
}

/// All bindings, the earliest first: state, calendar, UID.
async fn bound(room: &Room) -> Vec<String> {
    let mut all = bindings(room).await;
    all.reverse();
    all.iter().map(|it| format!("{} {} {}", it.state.as_str(), it.slug, it.uid)).collect()
}

async fn bindings(room: &Room) -> Vec<TokenBinding> {
    tokens::bindings(room.store(), None).await.unwrap()
}

/// The number of the binding of an event.
async fn binding_of(room: &Room, uid: &str) -> i64 {
    bindings(room).await.iter().find(|it| it.uid == uid).unwrap().id
}

async fn renew(room: &Room, uid: &str) -> Result<(), Error> {
    let id = binding_of(room, uid).await;
    room.service.renew_token_binding(&command_line(), id).await
}

async fn unbind(room: &Room, uid: &str) {
    let id = binding_of(room, uid).await;
    room.service.remove_token_binding(&command_line(), id).await.unwrap();
}

#[track_caller]
fn is_conflict(done: Result<(), Error>, sentence: MessageId) {
    match done {
        Err(Error::Conflict(said)) => assert_eq!(said.id, sentence),
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_token_prioritises_the_event_in_which_it_is_first_seen_and_a_moved_date_not_until_it_is_renewed(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        assert_eq!(plan(&room).await, ["deleted old 0303T10 by new"]);
        let room = room.with(with_text("new", &token, "0304T10", "0304T11")).await;
        assert_eq!(plan(&room).await, ["deleted new 0304T10 by other"], "it was moved");
        renew(&room, "new").await.unwrap();
        assert_eq!(plan(&room).await, ["deleted other 0304T10 by new"]);
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        assert_eq!(plan(&room).await, ["deleted new 0303T10 by old"], "it was moved back");
        assert_eq!(bound(&room).await, ["bound room new"]);
    }

    async fn a_look_at_a_server_binds_a_token_and_a_renewal_looks_at_the_event_as_it_is_now(database) {
        let server = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let server = server.with(event("old", "0101T00", "0303T10", "0303T11"));
        let server = server.with(event("other", "0101T00", "0304T10", "0304T11"));
        let room = &server.room;
        let token = token(room).await;
        server.put(with_text("new", &token, "0303T10", "0303T11"));
        assert_eq!(plan(room).await, ["deleted old 0303T10 by new"]);
        server.put(with_text("new", &token, "0304T10", "0304T11"));
        renew(room, "new").await.unwrap();
        assert_eq!(plan(room).await, ["deleted other 0304T10 by new"]);
        server.put(with_text("new", &token, "0303T10", "0303T11"));
        assert_eq!(plan(room).await, ["deleted new 0303T10 by old"]);
        server.server.remove("new.ics");
        let gone = renew(room, "new").await;
        assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
    }

    async fn who_writes_an_event_of_the_uid_of_one_that_is_gone_does_not_get_its_priority(database) {
        let server = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let server = server.with(event("old", "0101T00", "0303T10", "0303T11"));
        let room = &server.room;
        let token = token(room).await;
        let with_token = with_text("new", &token, "0303T10", "0303T11");
        server.put(with_token.clone());
        assert_eq!(plan(room).await, ["deleted old 0303T10 by new"]);
        server.server.remove("new.ics");
        assert!(plan(room).await.is_empty());
        server.put(event("new", "0215T00", "0303T10", "0303T11"));
        assert_eq!(plan(room).await, ["deleted new 0303T10 by old"]);
        assert!(bindings(room).await[0].is_suspended);
        server.put(with_token);
        assert_eq!(plan(room).await, ["deleted old 0303T10 by new"], "it is the event of the token");
        assert!(!bindings(room).await[0].is_suspended);
    }

    async fn what_is_restored_with_its_token_has_its_priority_again(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        let caller = room.caller("ann").await;
        room.service.delete_event(&caller, &room.calendar, "new").await.unwrap();
        assert!(plan(&room).await.is_empty());
        room.restore(room.lines().await[0].id).await.unwrap();
        assert_eq!(plan(&room).await, ["deleted old 0303T10 by new"]);
    }

    async fn a_token_in_a_booking_through_the_api_prioritises_it(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        let caller = room.caller("ann").await;
        let booking = Requested {
            name: "Board".to_owned(),
            start: "2026-03-03T10:00".to_owned(),
            end: "2026-03-03T11:00".to_owned(),
            description: Some(format!("As agreed ({token}).")),
            ..Requested::default()
        };
        let made = room.book(&caller, &booking, WhenTaken::Book, None).await.unwrap();
        assert_eq!(plan(&room).await, [format!("deleted old 0303T10 by {}", made.id)]);
    }

    async fn a_text_that_is_no_token_or_not_one_that_was_made_prioritises_nothing(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        for text in [format!("x{token}"), token.to_lowercase(), "RB-4uT6jkmnpqrstuvwxyzABC".to_owned()] {
            let room = room.clone().with(with_text("new", &text, "0303T10", "0303T11")).await;
            assert_eq!(plan(&room).await, ["deleted new 0303T10 by old"], "{text}");
        }
        assert!(bindings(&room).await.is_empty());
    }

    async fn a_further_event_beyond_a_tokens_number_counts_for_nothing_and_is_shown(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        let room = room.with(with_text("first", &token, "0303T10", "0303T11")).await;
        let room = room.with(with_text("second", &token, "0304T10", "0304T11")).await;
        let report = room.test().await;
        assert_eq!(told(&report), ["deleted old 0303T10 by first", "deleted second 0304T10 by other"]);
        let warned: Vec<_> =
            report.warnings.iter().map(|it| (it.object.as_str(), it.code, it.detail.to_string())).collect();
        let detail = "its priority token \"board\" is used up by other events, so it does not prioritise this one";
        assert_eq!(warned, [("second", "token_used_up", detail.to_owned())]);
        let key_without_read = Reader::of_key(store::UserId(1), None, false, true);
        let shown = report.shown_to(&key_without_read).warnings[0].detail.to_string();
        assert_eq!(shown, detail.replace(" \"board\"", ""), "its name is a name");
        assert_eq!(bound(&room).await, ["bound room first", "used up room second"]);
        is_conflict(renew(&room, "second").await, MessageId::TokenHasNoUseLeft);
        unbind(&room, "first").await;
        renew(&room, "second").await.unwrap();
        assert_eq!(plan(&room).await, ["deleted first 0303T10 by old", "deleted other 0304T10 by second"]);
        is_conflict(renew(&room, "first").await, MessageId::TokenHasNoUseLeft);
    }

    async fn a_token_for_several_events_is_good_for_that_many(database) {
        let room = taken(&database.open().await).await;
        let (id, token) = make(&room, NewPriorityToken { events: 2, ..NewPriorityToken::default() }).await;
        let room = room.with(with_text("first", &token, "0303T10", "0303T11")).await;
        let room = room.with(with_text("second", &token, "0304T10", "0304T11")).await;
        let room = room.with(with_text("third", &token, "0305T10", "0305T11")).await;
        assert_eq!(bound(&room).await, ["bound room first", "bound room second", "used up room third"]);
        let token = tokens::by_id(room.store(), id).await.unwrap().unwrap();
        assert_eq!((token.events, token.used), (2, 2));
    }

    async fn a_series_counts_as_one_event_and_is_prioritised_on_all_its_dates(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        let series = with_text("new", &token, "0303T10", "0303T11").rule("FREQ=DAILY");
        let room = room.with(series).await;
        let room = room.with_event("far", "0101T00", "0901T10", "0901T11").await;
        assert_eq!(
            plan(&room).await,
            ["deleted old 0303T10 by new", "deleted other 0304T10 by new", "deleted far 0901T10 by new"]
        );
        assert_eq!(bound(&room).await, ["bound room new"]);
    }

    async fn an_expired_token_binds_nothing_more_and_what_it_has_bound_stays_prioritised(database) {
        let room = taken(&database.open().await).await;
        let new = NewPriorityToken { events: 5, expires_at: Some(NOW + 3_600), ..NewPriorityToken::default() };
        let (_, token) = make(&room, new).await;
        let room = room.with(with_text("in time", &token, "0303T10", "0303T11")).await;
        let room = room.at(seconds(3_600));
        let room = room.with(with_text("too late", &token, "0304T10", "0304T11")).await;
        assert_eq!(plan(&room).await, ["deleted old 0303T10 by in time", "deleted too late 0304T10 by other"]);
        assert_eq!(bound(&room).await, ["bound room in time"]);
    }

    async fn a_token_counts_on_the_calendars_only_that_it_is_for(database) {
        let store = database.open().await;
        let room = taken(&store).await;
        let lab = Room::named(&store, "lab").await.with_event("old", "0101T00", "0303T10", "0303T11").await;
        let slugs = ["lab".to_owned()];
        let (_, token) = make(&room, NewPriorityToken { calendars: &slugs, ..NewPriorityToken::default() }).await;
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        assert_eq!(plan(&room).await, ["deleted new 0303T10 by old"]);
        let lab = lab.with(with_text("new", &token, "0303T10", "0303T11")).await;
        assert_eq!(plan(&lab).await, ["deleted old 0303T10 by new"]);
        assert_eq!(bound(&lab).await, ["bound lab new"]);
    }

    async fn a_binding_that_is_removed_does_not_come_back_by_an_edit_of_the_event(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        unbind(&room, "new").await;
        assert_eq!(plan(&room).await, ["deleted new 0303T10 by old"]);
        let room = room.with(with_text("new", &token, "0304T10", "0304T11")).await;
        assert_eq!(plan(&room).await, ["deleted new 0304T10 by other"]);
        assert_eq!(bound(&room).await, ["removed room new"]);
        let id = binding_of(&room, "new").await;
        let again = room.service.remove_token_binding(&command_line(), id).await;
        assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
        renew(&room, "new").await.unwrap();
        assert_eq!(plan(&room).await, ["deleted other 0304T10 by new"]);
    }

    async fn a_token_that_is_removed_takes_its_bindings_with_it(database) {
        let room = taken(&database.open().await).await;
        let (id, token) = make(&room, NewPriorityToken::default()).await;
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        room.service.remove_priority_token(&command_line(), id).await.unwrap();
        assert_eq!(plan(&room).await, ["deleted new 0303T10 by old"]);
        assert!(bindings(&room).await.is_empty());
        let again = room.service.remove_priority_token(&command_line(), id).await;
        assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
    }

    async fn an_event_that_is_over_or_does_not_take_the_room_cannot_be_renewed(database) {
        let room = taken(&database.open().await).await;
        let token = token(&room).await;
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        let free = with_text("new", &token, "0303T10", "0303T11").line("TRANSP:TRANSPARENT");
        let room = room.with(free).await;
        is_conflict(renew(&room, "new").await, MessageId::BindingHoldsNothing);
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        is_conflict(renew(&room.at(days(3)), "new").await, MessageId::BindingHoldsNothing);
    }

    async fn between_two_that_are_prioritised_a_token_decides_as_it_was_made(database) {
        for (ties, expected) in [
            (Ties::Keep, "ignored new 0303T10 by old: prioritised"),
            (Ties::Rank, "deleted new 0303T10 by old"),
        ] {
            let database = testing::Database::new(database.open().await.kind()).await;
            let room = taken(&database.open().await).await;
            room.service
                .prioritise_with_ties(
                    &command_line(), None, (store::calendars::PriorityKind::Uid, "old"), Some(Ties::Rank),
                )
                .await
                .unwrap();
            let (_, token) = make(&room, NewPriorityToken { ties, ..NewPriorityToken::default() }).await;
            let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
            assert_eq!(plan(&room).await, [expected]);
        }
    }

    async fn what_cannot_be_a_token_is_refused(database) {
        let room = Room::new(&database.open().await).await;
        let add = async |new: NewPriorityToken<'_>| {
            room.service.add_priority_token(&command_line(), &new).await
        };
        let good = NewPriorityToken { label: "board", ..NewPriorityToken::default() };
        for (wrong, field) in [
            (NewPriorityToken { label: " ", ..good.clone() }, "label"),
            (NewPriorityToken { events: 0, ..good.clone() }, "events"),
            (NewPriorityToken { events: 1_001, ..good.clone() }, "events"),
            (NewPriorityToken { expires_at: Some(NOW), ..good.clone() }, "expiry"),
        ] {
            match add(wrong).await {
                Err(Error::Invalid(errors)) => assert_eq!(errors[0].field, field),
                other => panic!("{other:?}"),
            }
        }
        let slugs = ["nowhere".to_owned()];
        let unknown = add(NewPriorityToken { calendars: &slugs, ..good }).await;
        assert!(matches!(unknown, Err(Error::NotFound(_))), "{unknown:?}");
        assert!(tokens::all(room.store()).await.unwrap().is_empty());
    }

    async fn what_is_done_about_tokens_is_in_the_audit_trail_without_their_text(database) {
        let room = taken(&database.open().await).await;
        let slugs = ["room".to_owned()];
        let new = NewPriorityToken {
            calendars: &slugs, expires_at: Some(NOW + 3_600), ..NewPriorityToken::default()
        };
        let (id, token) = make(&room, new).await;
        let room = room.with(with_text("new", &token, "0303T10", "0303T11")).await;
        renew(&room, "new").await.unwrap();
        unbind(&room, "new").await;
        room.service.remove_priority_token(&command_line(), id).await.unwrap();
        let lines = audit::page(room.store(), None, None, 100, 1_000).await.unwrap().0;
        let told: Vec<_> = lines
            .iter()
            .rev()
            .filter(|it| it.action.as_str().starts_with("token"))
            .map(|it| {
                let entry: serde_json::Value = serde_json::from_str(&it.entry).unwrap();
                format!("{} {} {}", it.action, it.subject, entry["facts"]).replace('"', "")
            })
            .collect();
        assert_eq!(
            told,
            [
                "token-added board [{field:for-calendars,value:{texts:[room]}},\
                 {field:events,value:{number:1}},{field:expiry,value:{moment:1772413200}},\
                 {field:ties,value:{word:keep-ties}}]",
                "token-binding-renewed room [{field:token,value:{text:board}},\
                 {field:uid,value:{text:new}}]",
                "token-binding-removed room [{field:token,value:{text:board}},\
                 {field:uid,value:{text:new}}]",
                "token-removed board [{field:bound-events,value:{number:0}}]",
            ]
        );
        assert!(lines.iter().all(|it| !format!("{it:?}").contains(&token)));
    }

    async fn a_tokens_text_is_shown_once_and_kept_hashed(database) {
        let room = Room::new(&database.open().await).await;
        let token = token(&room).await;
        assert_eq!(clearing::tokens_in(&token).collect::<Vec<_>>(), [token.as_str()]);
        let sql = "SELECT label || ' ' || CAST(LENGTH(hash) AS TEXT) FROM tokens";
        assert_eq!(database.column(sql).await, ["board 32"], "SHA-256");
        assert!(!format!("{:?}", tokens::all(room.store()).await.unwrap()).contains(&token));
    }

    async fn nobody_but_an_administrator_reads_a_token_in_an_object_and_no_page_and_no_list_shows_it(database) {
        let store = database.open().await;
        let room = Room::new(&store).await;
        let token = token(&room).await;
        let named = event("new", "0101T00", "0303T10", "0303T11")
            .line(format!("SUMMARY:Board {token}"))
            .line(format!("DESCRIPTION:See {}\r\n {}", &token[..7], &token[7..]));
        let room = room.with(named).await;
        let caller = room.caller("ann").await;
        let text = async |reader: &Reader| {
            let text = room.service.object_text(&room.calendar, "new", reader).await.unwrap();
            String::from_utf8(text).unwrap()
        };
        let masked = text(&caller.reader()).await;
        assert!(masked.contains("DESCRIPTION:See RB-…\r\n"), "{masked}");
        assert!(masked.contains("SUMMARY:Board RB-…\r\n"), "{masked}");
        assert!(text(&Reader::administrator()).await.contains(&token));
        let list = room.list("0303T00", "0304T00").await;
        assert_eq!(list["events"][0]["name"], "Board RB-…");
        room.service.delete_event(&caller, &room.calendar, "new").await.unwrap();
        let line = room.lines().await.remove(0);
        let event = Removal::from_json(&line.fact).unwrap().event;
        assert_eq!(event.name, "Board RB-…");
        for reader in [caller.reader(), Reader::administrator()] {
            let text = room.service.text_before(line.change_id, &reader).await.unwrap().unwrap();
            let text = String::from_utf8(text).unwrap();
            assert!(text.contains("DESCRIPTION:See RB-…\r\n"), "{text}");
            assert!(!text.contains(&token), "{text}");
        }
        room.restore(line.id).await.unwrap();
        assert!(text(&Reader::administrator()).await.contains(&token), "it is put back as it was");
        assert_eq!(bindings(&room).await[0].state, BindingState::Bound);
    }

    async fn a_mail_does_not_show_a_token(database) {
        let room = Room::new(&database.open().await).await.with_mail().await;
        let token = token(&room).await;
        let named = |uid: &str, created: &str| {
            let it = event(uid, created, "0303T10", "0303T11").by("ann@example.org");
            it.line(format!("SUMMARY:Board {token}")).line(format!("DESCRIPTION:{token}"))
        };
        let room = room.with(named("old", "0101T00")).await.with(named("new", "0201T00")).await;
        room.clear().await;
        let data = room.latest_data().await.to_string();
        assert!(data.contains("Board RB-…") && !data.contains(&token[3..]), "{data}");
    }

    async fn two_rooms_that_see_a_token_at_once_do_not_both_use_its_last_event(database) {
        let store = database.open().await;
        let (room, lab) = (taken(&store).await, Room::named(&store, "lab").await);
        for _ in 0..5 {
            let (id, token) = make(&room, NewPriorityToken::default()).await;
            let new = with_text("new", &token, "0303T10", "0303T11");
            tokio::join!(room.clone().with(new.clone()), lab.clone().with(new));
            assert_eq!(tokens::by_id(&store, id).await.unwrap().unwrap().used, 1);
            let of_it = tokens::bindings(&store, Some(id)).await.unwrap();
            assert_eq!(of_it.len(), 2);
        }
    }
}
