//! What an organizer's mail server refuses for good goes to the calendar's contact.

use harness::{days, event};
use mail::Failure;
use operations::command_line;
use store::calendars::Calendar;
use store::outbox::MessageState;
use testing::on_both_databases;

use crate::deliver::{deliver, fails, letters, room, text, with_template};

on_both_databases! {
    async fn what_an_organizer_s_server_refuses_goes_to_the_contact_once_without_the_name_of_a_private_event(database) {
        let (room, memory) = room(&database.open().await).await;
        let contact = |calendar: &mut Calendar| calendar.contact_address = Some("Office@example.org".to_owned());
        let room = with_template(room.set(contact).await, "Removed", "about {{ name }}").await;
        let public = event("ann", "0202T00", "0303T10", "0303T11").by("ann@example.org").line("SUMMARY:Review");
        let private = event("bea", "0202T00", "0303T12", "0303T13").by("bea@example.org").line("SUMMARY:Dentist");
        let room = room.with(public).await.with(private.line("CLASS:PRIVATE")).await;
        room.clear().await;
        let no = || fails(Failure::Never, "550 5.1.1 no such mailbox");
        // By address: what is sent to the contact may go before the second of these.
        memory.refuse("ann@example.org", no());
        memory.refuse("bea@example.org", no());
        let mut ended = deliver(&room).await;
        let rest = deliver(&room).await;
        ended.0 += rest.0;
        assert_eq!((ended.0, ended.2), (2, 2));
        let mut office: Vec<_> = memory.emails().into_iter().filter(|it| it.to() == "office@example.org").collect();
        office.sort_by_key(text);
        let of = |name: &str| office.iter().filter(|it| text(it).contains(name)).count();
        assert_eq!((office.len(), of("about Review"), of("about Private"), of("Dentist")), (2, 1, 1, 0));
        let archived = memory.emails().into_iter().filter(|it| it.bcc().next().is_some()).count();
        assert_eq!(archived, 2, "what names nothing private has its blind copy");
        // Tried once more in vain, it is no news.
        let failed = letters(&room).await.into_iter().find(|it| it.state == MessageState::Failed).unwrap();
        room.service.retry_message(&command_line(), failed.id).await.unwrap();
        assert_eq!(deliver(&room).await, (0, 0, 1));
        // Nor is the contact told of what the contact's own server refuses.
        let room = room.with(event("lone", "0203T00", "0303T14", "0303T15")).await;
        room.clear().await;
        memory.fail(vec![no()]);
        assert_eq!(deliver(&room).await, (0, 0, 1));
        assert_eq!(letters(&room).await.len(), 5);
    }

    async fn what_names_a_private_event_has_blind_copies_to_administrators_only(database) {
        let (room, memory) = room(&database.open().await).await;
        let room = with_template(room, "Removed", "about {{ name }}").await;
        let private = event("bea", "0202T00", "0303T12", "0303T13").by("bea@example.org").line("SUMMARY:Dentist");
        let room = room.with(private.line("CLASS:CONFIDENTIAL")).await;
        room.clear().await;
        assert_eq!(deliver(&room).await, (1, 0, 0));
        let [email] = <[mail::Email; 1]>::try_from(memory.emails()).unwrap();
        assert_eq!((email.to(), email.bcc().count()), ("bea@example.org", 0), "the archive is no administrator");
        assert!(text(&email).contains("about Dentist"));
    }

    async fn a_message_that_was_put_off_for_two_days_goes_to_the_contact(database) {
        let (room, memory) = room(&database.open().await).await;
        let contact = |calendar: &mut Calendar| calendar.contact_address = Some("office@example.org".to_owned());
        let room = with_template(room.set(contact).await, "Removed", "about {{ name }}").await;
        let young = event("ann", "0202T00", "0303T10", "0303T11").by("ann@example.org");
        let room = room.with(young.line("SUMMARY:Review")).await;
        room.clear().await;
        memory.fail(vec![fails(Failure::Later, "450 full"), fails(Failure::Later, "450 full")]);
        assert_eq!(deliver(&room).await, (0, 1, 0));
        assert!(memory.emails().is_empty(), "it may still arrive");
        let later = room.at(days(2));
        assert_eq!(deliver(&later).await.2, 1);
        deliver(&later).await;
        assert_eq!(memory.emails().iter().map(mail::Email::to).collect::<Vec<_>>(), ["office@example.org"]);
    }
}
