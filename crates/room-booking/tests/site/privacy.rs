//! What ordinary users see of other people's private events.

use testing::on_both_databases;

use crate::app::{Site, event};

const ROOM: &str = "/admin/calendars/room-1";

on_both_databases! {
    async fn the_next_double_booking_does_not_name_a_private_event_to_others(database) {
        let site = Site::on(database, &[]).await;
        let private = event("b", "Berry", (80, 81), 1);
        let private = private.replace("SUMMARY", "CLASS:CONFIDENTIAL\r\nSUMMARY");
        site.import("room-1", &[event("a", "Apple", (80, 81), 9), private]).await;
        let page = format!("{ROOM}?date=2090-01-02");
        let seen = site.browser(site.bob).await.get(&page).await;
        seen.says("Next double booking").says("Private");
        assert!(!seen.text.contains("Berry"), "{}", seen.text);
        site.browser(site.ann).await.get(&page).await.says("Next double booking").says("Berry");
    }

    async fn no_page_names_a_private_event_to_others_and_each_names_it_to_its_people(database) {
        let site = Site::on(database, &[]).await;
        let private = |it: String, who: &str| {
            it.replace("SUMMARY", &format!("CLASS:PRIVATE\r\nORGANIZER:mailto:{who}\r\nSUMMARY"))
        };
        let events = [
            private(event("a", "Apple", (8, 9), 9), "eve@example.org"),
            private(event("b", "Berry", (8, 9), 1), "bob@example.org"),
        ];
        site.import("room-1", &events).await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        for page in ["", "/preview"] {
            let seen = bob.get(&format!("{ROOM}{page}")).await;
            seen.says("Private").says("Berry");
            assert!(!seen.text.contains("Apple") && !seen.text.contains("eve@"), "{page}");
            ann.get(&format!("{ROOM}{page}")).await.says("Apple");
        }
        let german = [("accept-language", "de")];
        let seen = bob.send(reqwest::Method::GET, ROOM, &german, None).await;
        seen.says("Privat");
        assert!(!seen.text.contains("Private"), "{}", seen.text);
        let preview = bob.get(&format!("{ROOM}/preview")).await;
        let lines = preview.boxes("line");
        let form: Vec<_> = lines.iter().map(|it| ("line", it.as_str())).collect();
        let applied = bob.post(&format!("{ROOM}/apply"), &form).await;
        assert!(!applied.text.contains("Apple"), "{}", applied.text);
        let history = bob.get("/admin/history").await;
        history.says("Berry").says("Private");
        assert!(!history.text.contains("Apple"), "{}", history.text);
        assert_eq!(bob.get("/admin/history?text=berry").await.text.matches("/admin/history/").count(),
                   ann.get("/admin/history?text=berry").await.text.matches("/admin/history/").count());
        // Of the rest nothing is in the way: the object of another's private event is kept from bob.
        let mine = bob.get(&history.link("/admin/history/")).await;
        mine.says("Berry").says("BEGIN:VEVENT");
        assert!(!mine.text.contains("Apple"), "{}", mine.text);
    }
}
