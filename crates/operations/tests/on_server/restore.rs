//! What is restored on a server holds.

use std::sync::{Arc, Mutex};

use harness::on_server::ServerRoom;
use harness::{event, file, told};
use operations::Error;
use testing::fake::{CALENDAR, Quirks, Tries};
use testing::on_both_databases;
use testing::scripted::Answer;

use super::changes::{old, young};

/// The room's copy of an invitation on Nextcloud after the organizer has changed the title: the room is
/// DECLINED, because its copy had been deleted.
const TITLE_EDIT: &str = include_str!("../cases/nextcloud-title-edit.ics");

/// The server creates nothing that lies in its trash bin, as Nextcloud 32.0.1; `others` lie there as well:
/// the calendar that each came from, and its text.
fn refuse_what_is_in_the_trash_bin(room: &ServerRoom, others: [(&'static str, String); 2]) {
    let bin = room.server.path(CALENDAR).replace(&format!("{CALENDAR}/"), "trashbin/objects/");
    room.server.before(move |request, state| {
        let content = state.calendars.get_mut(CALENDAR).unwrap();
        let own = content.trash.iter().map(|(name, text)| (name.as_str(), CALENDAR, text.as_str()));
        let names = ["8.ics", "9.ics"].into_iter();
        let others = names.zip(&others).map(|(name, (from, text))| (name, *from, text.as_str()));
        let name = request.path.rsplit('/').next().unwrap_or_default();
        match request.method.as_str() {
            "PUT" if content.trash.contains_key(name) => Some(Answer::status(500)),
            "REPORT" if request.path == bin => {
                let of = |(name, from, text): (&str, &str, &str)| {
                    format!(
                        "<d:response><d:href>{bin}{name}</d:href><d:propstat><d:prop>\
                         <c:calendar-data>{text}</c:calendar-data><n:calendar-uri>{from}</n:calendar-uri>\
                         <n:deleted-at>2026-03-02T00:00:00+00:00</n:deleted-at></d:prop>\
                         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
                    )
                };
                let listed: String = own.chain(others).map(of).collect();
                let spaces = "xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\" \
                              xmlns:n=\"http://nextcloud.com/ns\"";
                Some(Answer::xml(207, format!("<d:multistatus {spaces}>{listed}</d:multistatus>")))
            }
            "DELETE" if request.path.starts_with(&bin) => {
                let was_there = content.trash.remove(name).is_some();
                assert!(was_there, "{name} is not the event that is restored");
                Some(Answer::status(204))
            }
            _ => None,
        }
    });
}

on_both_databases! {
    async fn what_lies_in_the_trash_bin_of_its_calendar_is_restored_all_the_same(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(old()).with(young("young"));
        let before = room.text("young");
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        assert_eq!(room.server.trash(), ["young.ics"]);
        // The same event from another calendar, and another version of it.
        let other = file(&[young("young").line("SUMMARY:Another version")]);
        refuse_what_is_in_the_trash_bin(&room, [("elsewhere", before.clone()), (CALENDAR, other)]);
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        assert_eq!(room.text("young"), before);
        assert!(room.server.trash().is_empty());
        assert_eq!(room.room.lines().await.len(), 1);
    }

    async fn what_the_trash_bin_does_not_give_away_is_not_restored_and_said_to_be_refused(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room.with(old()).with(young("young"));
        room.room.clear().await;
        room.server.refuse("young.ics", "PUT", Tries::Always, Answer::status(500));
        let line = room.room.lines().await[0].id;
        let restored = room.room.restore(line).await;
        assert!(matches!(restored, Err(Error::Server { .. })), "{restored:?}");
        assert_eq!(room.uids(), "old");
        assert_eq!(room.server.trash(), ["young.ics"]);
    }

    async fn the_room_accepts_what_is_restored_so_that_the_organizers_next_edit_frees_no_hour(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::NEXTCLOUD).await;
        let room = room
            .set(|it| it.room_address = Some("Rooms@example.org".to_owned()))
            .await
            .with(event("old", "0101T00", "1218T0930", "1218T1030"));
        let invitation = TITLE_EDIT.replace("PARTSTAT=DECLINED", "PARTSTAT=NEEDS-ACTION");
        room.server.put("h4.ics", &invitation);
        assert_eq!(told(&room.room.clear().await), ["deleted h4-room@x 1218T0930 by old"]);
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        let restored = room.server.objects().remove("h4.ics").unwrap();
        let unfolded = restored.replace("\r\n ", "").replace("\n ", "");
        assert!(unfolded.contains("ATTENDEE;CN=Rooms;PARTSTAT=ACCEPTED;"), "{restored}");
        assert!(unfolded.contains("CN=Bob;PARTSTAT=NEEDS-ACTION"), "{restored}");
        // The server carries the answer to the organizer's copy; his edit brings it back.
        let status = if unfolded.contains("CN=Rooms;PARTSTAT=ACCEPTED") { "ACCEPTED" } else { "DECLINED" };
        room.server.put("h4.ics", &TITLE_EDIT.replace("PARTSTAT=DECLINED", &format!("PARTSTAT={status}")));
        room.server.remove("old.ics");
        room.put(event("later", "1201T00", "1218T0930", "1218T1030"));
        assert_eq!(told(&room.room.clear().await), ["deleted later 1218T0930 by h4-room@x"]);
    }

    async fn where_only_a_change_tells_the_organizer_the_room_accepts_by_a_second_request(database) {
        let kind = database.open().await.kind();
        for (quirks, is_refused, was) in [
            (Quirks::SOGO, false, "NEEDS-ACTION"),
            (Quirks::SOGO, false, "ACCEPTED"),
            (Quirks::SOGO, true, "NEEDS-ACTION"),
            (Quirks::NEXTCLOUD, false, "NEEDS-ACTION"),
        ] {
            let database = testing::Database::new(kind).await;
            let room = ServerRoom::new(&database.open().await, quirks).await;
            let mut room = room
                .set(|it| it.room_address = Some("Rooms@example.org".to_owned()))
                .await
                .with(event("old", "0101T00", "1218T0930", "1218T1030"));
            room.room = room.room.with_mail().await;
            room.server.put("h4.ics", &TITLE_EDIT.replace("PARTSTAT=DECLINED", &format!("PARTSTAT={was}")));
            assert_eq!(told(&room.room.clear().await), ["deleted h4-room@x 1218T0930 by old"]);
            let (answers, seen) = (Arc::new(Mutex::new(Vec::new())), "ATTENDEE;CN=Rooms;PARTSTAT=");
            let sent = Arc::clone(&answers);
            room.server.before(move |request, _| {
                if request.method != "PUT" {
                    return None;
                }
                let text = request.text().replace("\r\n ", "").replace("\n ", "");
                let answer = text.split(seen).nth(1).and_then(|it| it.split(';').next());
                let mut answers = sent.lock().unwrap();
                answers.push(answer.unwrap_or_default().to_owned());
                (is_refused && answers.len() > 1).then(|| Answer::status(403))
            });
            let line = room.room.lines().await[0].id;
            room.room.restore(line).await.unwrap();
            assert_eq!(*answers.lock().unwrap(), ["NEEDS-ACTION", "ACCEPTED"]);
            let restored = room.server.objects().remove("h4.ics").unwrap();
            let answer = if is_refused { "NEEDS-ACTION" } else { "ACCEPTED" };
            assert!(restored.replace("\r\n ", "").contains(&format!("{seen}{answer}")), "{restored}");
            assert_eq!(room.room.lines().await.len(), 1);
            let sql = "SELECT subject FROM audit WHERE action LIKE '%restored%'";
            assert_eq!(database.column(sql).await, ["room"], "it is recorded once");
            // It is the program's own version: what is removed again is restored again.
            room.server.behave();
            assert_eq!(told(&room.room.clear().await), ["deleted h4-room@x 1218T0930 by old"]);
            let line = room.room.lines().await[1].id;
            room.room.restore(line).await.unwrap();
            assert!(room.server.objects().contains_key("h4.ics"));
        }
    }

    async fn an_object_is_restored_beside_another_of_its_uid_that_lay_there_before(database) {
        let quirks = Quirks { uid_conflict: None, ..Quirks::RFC };
        let room = ServerRoom::new(&database.open().await, quirks).await;
        let room = room.with(old()).with(young("young"));
        let twin = event("young", "0201T00", "0305T10", "0305T11");
        room.server.put("twin.ics", &file(&[twin]));
        let before = room.text("young");
        assert_eq!(told(&room.room.clear().await), ["deleted young 0303T10 by old"]);
        let line = room.room.lines().await[0].id;
        room.room.restore(line).await.unwrap();
        assert_eq!(room.text("young"), before);
        assert!(room.server.objects().contains_key("twin.ics"));
    }

    async fn whoever_restores_what_its_organizer_had_called_off_is_told_so(database) {
        let room = ServerRoom::new(&database.open().await, Quirks::RFC).await;
        let room = room.with(young("off").line("STATUS:CANCELLED")).with(old()).with(young("young"));
        room.room.clear().await;
        for line in room.room.lines().await {
            let is_off = line.fact.contains("\"off\"");
            let restored = room.room.restore(line.id).await.unwrap();
            assert_eq!(restored.is_cancelled, is_off, "{}", line.fact);
        }
        assert_eq!(room.uids(), "off old young");
    }
}
