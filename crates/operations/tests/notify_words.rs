//! What messages say, and where mail may go.

use clearing::Reason;
use harness::on_server::ServerRoom;
use harness::{Event, Room, at, days, event, told};
use serde_json::{Value, json};
use testing::fake::Quirks;
use testing::on_both_databases;

use crate::notify::{taken, young};

on_both_databases! {
    async fn mail_goes_to_the_domains_of_mail_domains_alone(database) {
        let store = database.open().await;
        let mut room = taken(&store).await;
        room.service.mail_domains = ["example.org".to_owned()].into();
        for (uid, address) in
            [("a", "Ann@EXAMPLE.org"), ("b", "bob@sub.example.org"), ("c", "eve@notexample.org")]
        {
            room = room.with(event(uid, "0201T00", "0303T10", "0303T11").by(address)).await;
        }
        room.clear().await;
        let mut mails = room.mails().await;
        mails.sort();
        assert_eq!(
            mails,
            [
                "removed a ann@example.org waiting",
                "removed b bob@sub.example.org refused",
                "removed c eve@notexample.org refused",
            ]
        );
        let messages = room.messages().await;
        let detail = messages.iter().find(|it| it.uid == "c").unwrap().detail.as_deref();
        assert_eq!(detail, Some("mail to notexample.org is not allowed: MAIL_DOMAINS does not name it"));
    }

    async fn where_the_organizers_address_cannot_be_used_the_contact_is_told(database) {
        let store = database.open().await;
        let mut room = taken(&store).await;
        for (uid, address) in
            [("a", "a@b@c"), ("b", "x@[127.0.0.1]"), ("c", "ann@example.org"), ("d", "e@evil.net")]
        {
            room = room.with(event(uid, "0201T00", "0303T10", "0303T11").by(address)).await;
        }
        room.service.mail_domains = ["example.org".to_owned()].into();
        room = room.set(|it| it.contact_address = Some("desk@example.org".to_owned())).await;
        room.clear().await;
        assert_eq!(room.uids().await, "old");
        let mut mails = room.mails().await;
        mails.sort();
        assert_eq!(
            mails,
            [
                "removed a desk@example.org waiting",
                "removed b desk@example.org waiting",
                "removed c ann@example.org waiting",
                "removed d desk@example.org waiting",
            ]
        );
    }

    async fn where_the_contacts_address_cannot_be_used_either_the_outbox_says_why(database) {
        let store = database.open().await;
        let mut room = taken(&store).await;
        for (uid, address) in [("a", "a@b@c"), ("b", "x@-"), ("c", "ann@example.org")] {
            room = room.with(event(uid, "0201T00", "0303T10", "0303T11").by(address)).await;
        }
        room.service.mail_domains = ["example.org".to_owned()].into();
        room = room.set(|it| it.contact_address = Some("desk@example.net".to_owned())).await;
        room.clear().await;
        let mut mails = room.mails().await;
        mails.sort();
        assert_eq!(
            mails,
            [
                "removed a a@b@c refused",
                "removed b x@- refused",
                "removed c ann@example.org waiting",
            ]
        );
    }

    async fn a_message_says_who_has_held_the_hour_since_when_and_that_this_is_the_entries_own_word(database) {
        let room = taken(&database.open().await).await.with(young("a")).await;
        room.clear().await;
        let data = room.latest_data().await;
        let because = json!({
            "rule": "held_since", "winner_since": at("0101T00"),
            "loser_since": at("0201T00"), "witnessed": false
        });
        assert_eq!(data["overlap_events"][0]["because"], because);
        assert_eq!(data["occurrences"][0]["overlap_events"][0]["because"], because);
        assert!(data.get("because").is_none(), "what goes is no stronger one");
    }

    async fn each_staying_event_has_its_own_reason(database) {
        let room = taken(&database.open().await).await;
        let uid = store::calendars::PriorityKind::Uid;
        room.service.prioritise(&operations::command_line(), None, uid, "chief").await.unwrap();
        let chief = event("chief", "0210T00", "0310T10", "0310T11");
        let early = event("early", "0101T00", "0310T11", "0310T12");
        let both = event("both", "0201T00", "0310T10", "0310T12").by("ann@example.org");
        let room = room.with(chief).await.with(early).await.with(both).await;
        room.clear().await;
        let data = room.latest_data().await;
        let rules = ["priority", "held_since"];
        for (event, rule) in data["overlap_events"].as_array().unwrap().iter().zip(rules) {
            assert_eq!(event["because"]["rule"], rule, "{event}");
        }
    }

    async fn a_message_says_where_the_program_saw_the_order_itself(database) {
        let mut room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        room.room = room.room.with_mail().await;
        room.put(event("old", "0101T00", "0310T08", "0310T20"));
        room.room.test().await;
        room.at(days(1));
        room.put(event("a", "0102T00", "0310T10", "0310T11").by("ann@example.org"));
        assert_eq!(told(&room.room.clear().await), ["deleted a 0310T10 by old"]);
        let because = &room.room.latest_data().await["overlap_events"][0]["because"];
        assert_eq!((&because["rule"], &because["witnessed"]), (&json!("held_since"), &json!(true)));
        assert_eq!(because["winner_since"], at("0101T00"));
        assert_eq!(because["loser_since"], at("0303T00"), "not since it says that it was created");
    }

    async fn nothing_says_why_what_an_event_that_is_free_overlaps_would_be_stronger(database) {
        let room = taken(&database.open().await).await.set(|it| it.announces.ignored = true).await;
        let free = event("free", "0101T00", "0303T10", "0303T11").by("ann@example.org");
        let room = room.with(free.line("TRANSP:TRANSPARENT")).await;
        room.clear().await;
        let data = room.latest_data().await;
        assert_eq!((&data["reason"], data["overlap_events"][0].get("because")), (&json!("free"), None));
    }

    async fn private_events_of_others_are_named_private_and_ones_own_are_not(database) {
        let store = database.open().await;
        let mut room = Room::new(&store).await.with_mail().await;
        room = room.set(|it| it.contact_address = Some("desk@example.org".to_owned())).await;
        let cases = [
            ("03", "CLASS:PRIVATE", "eve@example.org", "ann@example.org", "Private"),
            ("04", "CLASS:CONFIDENTIAL", "eve@example.org", "ann@example.org", "Private"),
            ("05", "CLASS:PUBLIC", "eve@example.org", "ann@example.org", "Secret"),
            ("06", "CLASS:PRIVATE", "ann@example.org", "ann@example.org", "Secret"),
            // Addresses compare without case.
            ("09", "CLASS:PRIVATE", "Ann@Example.ORG", "ann@example.org", "Secret"),
            // Where nobody is known, it is not known to be the same.
            ("10", "CLASS:PRIVATE", "", "", "Private"),
        ];
        for (day, class, winner, loser, _) in cases {
            let (start, end) = (format!("03{day}T10"), format!("03{day}T11"));
            let by = |it: Event, who: &str| if who.is_empty() { it } else { it.by(who) };
            let old = event(&format!("old-{day}"), "0101T00", &start, &end);
            let old = old.line("SUMMARY:Secret").line(class);
            let new = event(&format!("new-{day}"), "0201T00", &start, &end);
            let new = new.line("SUMMARY:Mine").line("CLASS:PRIVATE");
            room = room.with(by(old, winner)).await.with(by(new, loser)).await;
        }
        room.clear().await;
        let messages = room.messages().await;
        for (day, class, winner, _, name) in cases {
            let uid = format!("new-{day}");
            let message = messages.iter().find(|it| it.uid == uid).unwrap();
            let data: Value = serde_json::from_str(&message.data).unwrap();
            assert_eq!(data["overlap_events"][0]["name"], name, "{class} of {winner:?}");
            assert_eq!(data["occurrences"][0]["overlap_events"][0]["name"], name, "{class}");
            let beside = &data["overlap_events"][0];
            assert_eq!(beside["is_private"], name == "Private");
            assert_eq!(beside["because"]["rule"], "held_since", "times are nobody's secret");
            assert_eq!(beside["organizer"].is_null(), name == "Private", "{class} of {winner:?}");
            // One's own name is one's own, and the contact's is not the organizer's.
            let expected = if winner.is_empty() { "Private" } else { "Mine" };
            assert_eq!(data["name"], expected);
        }
    }
}

#[test]
fn the_built_in_templates_have_a_sentence_for_each_reason_that_people_are_told() {
    let templates = [
        include_str!("../../mail/src/defaults/english.words"),
        include_str!("../../mail/src/defaults/german.words"),
    ];
    for reason in Reason::ALL {
        // Administrators are notified of what the safety limit keeps; the other two are not built yet.
        if matches!(reason, Reason::Limit | Reason::Pending | Reason::Report) {
            continue;
        }
        let sentence = format!("reason == \"{reason}\" %}}");
        assert!(templates.iter().all(|it| it.contains(&sentence)), "{reason}");
    }
}
