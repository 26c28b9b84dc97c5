//! Removing a calendar: what goes, what stays, and what is in progress.

use harness::on_server::ServerRoom;
use harness::{days, seconds, told};
use operations::{Error, MessageId, command_line};
use store::calendars;
use testing::fake::{Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

use crate::deliver::deliver;
use crate::on_server::changes::{old, states, young};
use crate::pending::two;

on_both_databases! {
    async fn a_server_keeps_all_events_of_a_calendar_that_is_removed_and_its_account_goes_after_it(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(old()).with(young("young"));
        room.room.test().await;
        room.methods();
        let (service, actor) = (&room.room.service, command_line());
        let calendar = service.calendar("room").await.unwrap();
        let account = calendar.backend.collection().unwrap().account;
        let used = service.forget_account(&actor, account).await.unwrap_err();
        assert!(matches!(used, Error::Conflict(_)), "{used:?}");
        service.remove_calendar(&actor, &calendar).await.unwrap();
        assert_eq!(room.methods(), [""; 0], "the server is asked nothing");
        assert_eq!(room.uids(), "old young");
        for table in ["objects", "calendar_users", "priorities", "token_bindings"] {
            assert_eq!(database.column(&format!("SELECT '1' FROM {table}")).await, [""; 0], "{table}");
        }
        assert!(matches!(service.calendar("room").await, Err(Error::NotFound(_))));
        let again = service.remove_calendar(&actor, &calendar).await.unwrap_err();
        assert!(matches!(again, Error::NotFound(_)), "{again:?}");
        // Who has looked it up before cannot book in it any more.
        let ann = room.room.caller("ann").await;
        let booked = service.delete_event(&ann, &calendar, "old").await.unwrap_err();
        assert!(matches!(booked, Error::NotFound(_)), "{booked:?}");
        assert_eq!(room.uids(), "old young");
        service.forget_account(&actor, account).await.unwrap();
        service.rescan_rooms().await.unwrap();
    }

    async fn a_calendar_is_not_removed_while_its_server_may_still_carry_out_a_change(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let mut room = room.with(old()).with(young("young"));
        room.server.refuse("young.ics", "DELETE", Tries::Always, Answer::status(504));
        assert_eq!(told(&room.room.clear().await), ["failed room"]);
        assert_eq!(states(&database).await, ["prepared"]);
        let actor = command_line();
        let calendar = room.room.service.calendar("room").await.unwrap();
        let refused = room.room.service.remove_calendar(&actor, &calendar).await.unwrap_err();
        let in_doubt = matches!(&refused, Error::Conflict(it) if it.id == MessageId::CalendarInDoubt);
        assert!(in_doubt, "{refused:?}");
        assert!(room.room.service.calendar("room").await.is_ok(), "nothing is removed");
        assert_ne!(database.column("SELECT uid FROM objects").await, [""; 0]);
        // The server is gone for good.
        room.server.refuse("young.ics", "GET", Tries::Always, Answer::status(500));
        room.at(seconds(1_000));
        room.room.service.remove_calendar(&actor, &calendar).await.unwrap();
        assert_eq!(states(&database).await, ["abandoned"]);
        room.room.service.recover_changes().await.unwrap();
    }

    async fn who_was_warned_hears_that_the_booking_stays_and_what_waits_is_sent(database) {
        let (room, memory) = two(&database.open().await).await;
        room.clear().await;
        assert_eq!(deliver(&room).await, (2, 2, 0));
        let later = room.at(seconds(60));
        later.service.remove_calendar(&command_line(), &room.calendar).await.unwrap();
        assert_eq!(store::pending::all_open(room.store()).await.unwrap(), []);
        assert_eq!(later.service.remove_due().await.unwrap(), 0);
        let mut mails = room.mails().await;
        mails.sort();
        let ended = mails.iter().filter(|it| it.starts_with("warning ended")).collect::<Vec<_>>();
        let expected = ["warning ended new ann@example.org waiting", "warning ended old eve@example.org waiting"];
        assert_eq!(ended, expected, "{mails:?}");
        let before = memory.emails().len();
        let sent = deliver(&later).await;
        assert_eq!(memory.emails().len(), before + 2, "{sent:?}");
    }

    async fn the_history_of_a_removed_calendar_stays_for_the_retention_time_and_no_longer(database) {
        let (room, _) = two(&database.open().await).await;
        let ann = room.caller("ann").await;
        room.service.delete_event(&ann, &room.calendar, "new").await.unwrap();
        let line = room.lines().await[0].id;
        let actor = command_line();
        room.service.remove_calendar(&actor, &room.calendar).await.unwrap();
        let user = room.service.people().user("ann").await.unwrap();
        assert!(room.service.people().remove_user(&actor, user.id).await.is_ok());
        assert_eq!(room.lines().await.len(), 1);
        let refused = room.restore(line).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
        let page = store::history_pages::lines(room.store(), &Default::default(), 10, 100).await.unwrap();
        assert_eq!(page.lines[0].user.as_deref(), Some("ann"), "it still says who");
        let kept = |id| calendars::by_id_or_removed(room.store(), id);
        for (day, is_kept) in [(179, true), (182, false)] {
            room.at(days(day)).service.forget(180).await.unwrap();
            assert_eq!(kept(room.calendar.id).await.unwrap().is_some(), is_kept, "after {day} days");
        }
        assert_eq!(database.column("SELECT name FROM users WHERE name = 'ann'").await, [""; 0]);
    }
}
