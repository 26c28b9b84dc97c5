//! Messages on a real mail server, and the built-in templates.

use harness::seconds;
use mail::Failure;
use operations::{NewTemplate, command_line};
use serde_json::json;
use smtp_peer::{Options, SmtpPeer, header};
use store::outbox::MessageState;
use testing::on_both_databases;

use crate::deliver::{deliver, fails, letters, losing, room, sender, text, with_smtp};

on_both_databases! {
    async fn a_real_server_that_refuses_one_recipient_gets_all_others(database) {
        let (mut room, _) = room(&database.open().await).await;
        let peer = SmtpPeer::start(&Options::default());
        peer.behave(&json!({ "reject": ["ann3@example.org"], "greylist": true }));
        room = with_smtp(room, &peer, sender());
        room.service.ensure_templates().await.unwrap();
        let english = room.service.default_template().await.unwrap();
        let room = losing(room.set(|it| it.template = english).await, 8).await;
        assert_eq!(deliver(&room).await, (0, 7, 1), "greylisted, and one refused");
        peer.behave(&json!({ "reject": ["archive@example.org"] }));
        assert_eq!(deliver(&room.at(seconds(80))).await, (7, 0, 0));
        let arrived = peer.emails();
        assert_eq!(arrived.len(), 7);
        for letter in &arrived {
            assert_eq!(header(letter, "Subject"), Some("Booking removed: (no name), Tue 3 March 2026, 10:00–11:00 (The room)"));
            assert!(letter["text"].as_str().unwrap().contains("(eve@example.org), Tue 3 March 2026, 08:00–20:00"));
        }
        let rows = letters(&room).await;
        let failed: Vec<_> = rows.iter().filter(|it| it.state == MessageState::Failed).collect();
        assert_eq!((failed.len(), failed[0].address.as_str()), (1, "ann3@example.org"));
        let detail = rows.iter().find(|it| it.state == MessageState::Sent).unwrap().detail.clone().unwrap();
        assert_eq!(detail, "no blind copy to archive@example.org: 550 5.1.1 no such mailbox here");
        let mut sessions: Vec<_> = arrived.iter().map(|it| it["session"].to_string()).collect();
        sessions.sort();
        sessions.dedup();
        assert!(sessions.len() <= 4, "connections are used again: {sessions:?}");
    }

    async fn the_programs_templates_are_there_once_and_up_to_date_and_cannot_be_changed(database) {
        let (room, _) = room(&database.open().await).await;
        let service = &room.service;
        service.ensure_templates().await.unwrap();
        database.execute("UPDATE templates SET text_body = 'old' WHERE name = 'German'").await;
        service.ensure_templates().await.unwrap();
        service.ensure_templates().await.unwrap();
        let all = store::templates::all(room.store()).await.unwrap();
        let names: Vec<_> = all.iter().filter(|it| it.is_default).map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["English", "French", "German"]);
        assert!(all.iter().all(|it| it.text_body != "old"));
        // A room of somebody who reads a language without templates has the English one.
        for (language, expected) in [("fr", "French"), ("de", "German"), ("en", "English"), ("tlh", "English")] {
            let id = service.default_template_in(language).await.unwrap();
            let named = all.iter().find(|it| Some(it.id) == id).unwrap();
            assert_eq!(named.name, expected, "{language}");
        }
        let by = command_line();
        let template = mail::Template { subject: "s".to_owned(), text: "t".to_owned(), html: None };
        let new = |name: &str| NewTemplate::written(name, template.clone());
        assert!(service.save_template(&by, &new("English")).await.is_err());
        assert!(service.delete_template(&by, "English").await.is_err());
        assert!(service.save_template(&by, &new(" ")).await.is_err());
        service.save_template(&by, &new("ours")).await.unwrap();
        let broken = mail::Template { text: "\n{{ nmae }}".to_owned(), ..template.clone() };
        let broken = NewTemplate::written("ours", broken);
        let error = service.save_template(&by, &broken).await.unwrap_err().to_string();
        assert_eq!(error, "text body line 2, column 4: \"nmae\" is unknown; is \"name\" meant?");
        assert_eq!(service.template("ours").await.unwrap().text_body, "t");
        let id = service.template("ours").await.unwrap().id;
        let room = room.set(|it| it.template = Some(id)).await;
        let error = room.service.delete_template(&by, "ours").await.unwrap_err().to_string();
        assert_eq!(error, "the template is used by calendars: room");
        let room = room.set(|it| it.template = None).await;
        room.service.delete_template(&by, "ours").await.unwrap();
    }

    async fn a_message_has_the_logo_and_the_parts_that_were_chosen(database) {
        let (room, memory) = room(&database.open().await).await;
        let (by, service) = (command_line(), room.service.clone());
        let parts = mail::TemplatePart::ALL.into_iter();
        let parts = parts.filter(|it| *it != mail::TemplatePart::Attachment).collect();
        let choices = mail::TemplateChoices { parts, ..mail::TemplateChoices::of("de") };
        let new = NewTemplate::chosen("ours", choices, false);
        service.save_template(&by, &new).await.unwrap();
        let png = b"\x89PNG\r\n\x1a\npicture".to_vec();
        service.set_template_logo(&by, "ours", Some(png)).await.unwrap();
        let id = service.template("ours").await.unwrap().id;
        let room = losing(room.set(|it| it.template = Some(id)).await, 1).await;
        assert_eq!(deliver(&room).await, (1, 0, 0));
        let letter = memory.emails().pop().unwrap();
        let text = text(&letter);
        assert!(text.contains("Content-ID: <logo@room-booking>"), "{text}");
        assert!(!text.contains("booking.ics"), "{text}");
        let new = NewTemplate::chosen("ours", mail::TemplateChoices::of("de"), true);
        room.service.send_test(&by, &new, "ann@example.org").await.unwrap();
        let text = self::text(&memory.emails()[1]);
        assert!(text.contains("booking.ics") && text.contains("<logo@room-booking>"), "{text}");
    }

    async fn a_test_message_goes_at_once_and_without_blind_copies(database) {
        let (room, memory) = room(&database.open().await).await;
        let (by, template) = (command_line(), NewTemplate::written("German", mail::defaults::GERMAN.template()));
        room.service.send_test(&by, &template, "ann@example.org").await.unwrap();
        let letter = &memory.emails()[0];
        assert!(text(letter).contains("Subject: [Test] Buchung entfernt"));
        assert!(text(letter).contains("filename=\"booking.ics\""), "as of a real removal");
        assert_eq!(letter.bcc().count(), 0);
        memory.fail(vec![fails(Failure::Never, "550 no")]);
        let error = room.service.send_test(&by, &template, "ann@example.org").await.unwrap_err();
        assert_eq!(error.to_string(), "550 no");
        assert!(room.service.send_test(&by, &template, "nobody").await.is_err());
        assert!(letters(&room).await.is_empty());
    }
}
