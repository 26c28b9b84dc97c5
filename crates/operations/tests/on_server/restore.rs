//! What is restored on a server holds.

use testing::fake::Quirks;
use testing::on_both_databases;

use super::changes::{old, young};
use crate::common::on_server::ServerRoom;
use crate::common::{event, file, told};

/// The room's copy of an invitation on Nextcloud after the organizer has changed the title: the room is
/// DECLINED, because its copy had been deleted.
const TITLE_EDIT: &str = include_str!("../cases/nextcloud-title-edit.ics");

on_both_databases! {
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
